//! Bytes that claim to be an image. The first byte of the input says what the rest is:
//!
//! - 0: the bytes themselves;
//! - 1: edits of a real image, as damage would make them: they are refused, whatever they change;
//! - 2: edits of everything before the heap, under a digest that fits, so that they reach the reader behind it. An image is
//!   trusted as the binary is, so what is accepted here is cloned, but run only if it is the image as it was.
use crate::{bytecode, edits, run};
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::image::{Image, Runtime, Stage};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};

/// Where the digest and what it covers stand; the length of the latter is the word before the digest.
const DIGEST: std::ops::Range<usize> = 20..52;
/// Bytes behind the digest that edits of the third kind may change: versions, sizes, the module, the context.
const HEAD: usize = 2048;

/// Reads, and runs what is accepted.
///
/// # Panics
/// A finding.
pub fn run(data: &[u8]) {
    let Some((&kind, rest)) = data.split_first() else { return };
    match kind % 3 {
        0 => drop(read(rest).map(|image| execute(&image))),
        1 => {
            let damaged = edits::apply(original(), rest);
            let image = read(&damaged);
            assert_eq!(image.is_some(), damaged == original(), "damage that went unnoticed, or an image refused");
        }
        _ => forged(rest),
    }
}

fn forged(rest: &[u8]) {
    let (envelope, body) = original().split_at(DIGEST.end);
    let (head, heap) = body.split_at(HEAD);
    let body = [&edits::apply(head, rest), heap].concat();
    let mut bytes = [envelope, &body].concat();
    bytes[DIGEST.start - 8..DIGEST.start].copy_from_slice(&(body.len() as u64).to_le_bytes());
    bytes[DIGEST].copy_from_slice(&Sha256::digest(&body));
    let Some(image) = read(&bytes) else { return };
    if bytes == original() {
        execute(&image);
    } else {
        drop(Runtime::from_image(&image, &run::limits()));
    }
}

/// The image of some bytes, or `None` with a reason.
fn read(bytes: &[u8]) -> Option<Arc<Image>> {
    match Image::from_bytes(bytes, &BARE) {
        Ok(image) => Some(Arc::new(image)),
        Err(error) => {
            assert!(!error.to_string().is_empty(), "refused without a reason");
            None
        }
    }
}

/// Runs the image of [`original`].
fn execute(image: &Arc<Image>) {
    let mut runtime = Runtime::from_image(image, &run::limits()).expect("a cage");
    let outcome = run::bodies(&mut runtime);
    assert_eq!((outcome.printed.as_str(), outcome.fault), ("log 1,4,9\n", None));
    runtime.reset();
    assert_eq!(runtime.check_invariant(), Ok(()));
}

/// Bytes of an image whose bodies have not run.
fn original() -> &'static [u8] {
    static ORIGINAL: OnceLock<Vec<u8>> = OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let module = bytecode::module_of("const all = [1, 2, 3]; console.log(`${all.map((x) => x * x)}`);");
        let image = Image::boot(module, &BARE, &run::limits(), Stage::Linked, |_| {});
        image.unwrap_or_else(|e| panic!("{e}")).to_bytes()
    })
}
