//! Images as bytes: a file, or a part of the binary.
//!
//! `magic 8 | format version u32 | bytes that follow the digest u64 | SHA-256 of them | build, architecture, embedding |
//! layout hash | sizes | module | context | cells`. The digest guards against damage, not against forgery: an image is
//! trusted as the binary is.
use super::codec::{Reader, Writer};
use super::mapping::{Pristine, page_up_u32};
use super::{Image, KEPT_CONTEXT};
use crate::builtins::{Embedding, NativeTable};
use crate::bytecode::op::Op;
use crate::bytecode::verify::{VerifyError, verify};
use crate::heap::layout::{CTX_BYTES, Kind, NULL_PAGE, PAGE};
use crate::native::CodeTable;
use crate::realm::Intrinsic;
use crate::string::atoms;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io;
use std::sync::Arc;

/// Raised with every change of the layout below.
const VERSION: u32 = 1;
const DIGEST_AT: usize = 20;
const BODY_AT: usize = DIGEST_AT + 32;
/// Most bytes of cells an image may have: the VM stack and an arena must fit behind them.
const MAX_CELLS: u32 = 3 << 30;

/// Why bytes are no image of this engine.
#[derive(Debug)]
pub enum ImageError {
    /// Not an image at all.
    NotAnImage,
    /// Of another format version.
    Version(u32),
    /// Ends early.
    Truncated,
    /// Bytes have changed.
    Damaged(&'static str),
    /// Made by or for something else: what differs, theirs and ours.
    Foreign {
        /// What differs.
        what: &'static str,
        /// As the image says.
        image: String,
        /// As this process says.
        ours: String,
    },
    /// No memory file.
    Io(io::Error),
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageError::NotAnImage => f.write_str("not a Lockgate image"),
            ImageError::Version(found) => {
                write!(f, "image format {found}, this build reads {VERSION}: build the image again")
            }
            ImageError::Truncated => f.write_str("the image is cut short"),
            ImageError::Damaged(what) => write!(f, "the image is damaged: {what}"),
            ImageError::Foreign { what, image, ours } => {
                write!(f, "the image was made for another {what} ({image}; this is {ours}): build it again")
            }
            ImageError::Io(e) => write!(f, "no memory for the image: {e}"),
        }
    }
}

impl std::error::Error for ImageError {}

/// Identity of this build: version and the hash of everything an image takes for granted.
pub fn build_id(embedding: &'static Embedding) -> String {
    format!("{}+{:016x}", env!("CARGO_PKG_VERSION"), layout_hash(embedding))
}

/// Hash of what cells, contexts and bytecode refer to by number: opcodes, natives, atoms, intrinsics, kinds.
fn layout_hash(embedding: &'static Embedding) -> u64 {
    let mut hash = Sha256::new();
    let mut text = |s: &str| {
        hash.update((s.len() as u32).to_le_bytes());
        hash.update(s);
    };
    for op in Op::ALL {
        text(op.name());
        for (name, kind) in op.operands() {
            text(name);
            text(&format!("{kind:?}"));
        }
    }
    NativeTable::of(embedding).names().for_each(&mut text);
    atoms::TEXTS.iter().for_each(|s| text(s));
    Intrinsic::ALL.iter().for_each(|which| text(&format!("{which:?}")));
    (0..Kind::COUNT).map(Kind::from_byte).for_each(|kind| text(&format!("{kind:?} {}", kind.internal_words())));
    text(&format!("{KEPT_CONTEXT}"));
    let digest: [u8; 32] = hash.finalize().into();
    u64::from_le_bytes(*digest.first_chunk().unwrap_or(&[0; 8]))
}

impl Image {
    /// The image as bytes.
    ///
    /// # Errors
    /// The verifier refuses its bytecode. It is asked here, where an image is made, and not where one is loaded: there the
    /// digest says that nothing changed since, and an image is trusted as the binary is.
    pub fn to_bytes(&self) -> Result<Vec<u8>, VerifyError> {
        verify(self.module())?;
        let mut w = Writer::default();
        w.0.extend_from_slice(Envelope::MAGIC);
        w.0.extend_from_slice(&VERSION.to_le_bytes());
        w.0.resize(BODY_AT, 0);
        w.bytes(env!("CARGO_PKG_VERSION").as_bytes());
        w.bytes(std::env::consts::ARCH.as_bytes());
        w.bytes(self.embedding.name.as_bytes());
        w.int(layout_hash(self.embedding));
        for n in [self.cells_end, self.feedback.start, self.feedback.end, self.proto_epoch, self.stack] {
            w.int(n.into());
        }
        w.module(self.module());
        w.bytes(&self.pristine.bytes()[..KEPT_CONTEXT]);
        w.bytes(self.pristine.cells(NULL_PAGE, (self.cells_end - NULL_PAGE) as usize));
        let mut bytes = w.0;
        let length = (bytes.len() - BODY_AT) as u64;
        bytes[12..DIGEST_AT].copy_from_slice(&length.to_le_bytes());
        let digest: [u8; 32] = Sha256::digest(&bytes[BODY_AT..]).into();
        bytes[DIGEST_AT..BODY_AT].copy_from_slice(&digest);
        Ok(bytes)
    }

    /// An image from its bytes. `embedding` must be the one it was made with. Never panics, whatever the bytes are.
    pub fn from_bytes(bytes: &[u8], embedding: &'static Embedding) -> Result<Image, ImageError> {
        Envelope::open(bytes)?.image(embedding)
    }
}

/// From so many bytes on, an image is hashed on a thread beside the one that reads it.
const HASHED_BESIDE: usize = 256 << 10;

/// What stands around an image in a file.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// SHA-256 of the rest, as the file says: equal ones stand for equal images.
    pub digest: [u8; 32],
    body: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// What every image begins with.
    pub const MAGIC: &'static [u8; 8] = b"LKGTIMG\0";

    /// Takes it off. What is in it may be damaged, see [`Envelope::verify`].
    ///
    /// # Errors
    /// The bytes are no image, or one of another format, or their number is not what they say.
    pub fn open(bytes: &'a [u8]) -> Result<Envelope<'a>, ImageError> {
        if !bytes.starts_with(Self::MAGIC) {
            return Err(ImageError::NotAnImage);
        }
        let word = |at: usize| bytes.get(at..at + 4).and_then(|b| b.first_chunk()).map(|b| u32::from_le_bytes(*b));
        let version = word(8).ok_or(ImageError::Truncated)?;
        if version != VERSION {
            return Err(ImageError::Version(version));
        }
        let (low, high) = (word(12).ok_or(ImageError::Truncated)?, word(16).ok_or(ImageError::Truncated)?);
        let body = bytes.get(BODY_AT..).ok_or(ImageError::Truncated)?;
        let length = u64::from(low) | u64::from(high) << 32;
        if (body.len() as u64) < length {
            return Err(ImageError::Truncated);
        }
        if (body.len() as u64) > length {
            return Err(ImageError::Damaged("bytes follow its end"));
        }
        let digest = *bytes[DIGEST_AT..].first_chunk().ok_or(ImageError::Truncated)?;
        Ok(Envelope { digest, body })
    }

    /// The image in it, see [`Image::from_bytes`].
    ///
    /// # Errors
    /// It is damaged, or not of this build and `embedding`.
    pub fn image(&self, embedding: &'static Embedding) -> Result<Image, ImageError> {
        let read = || read_body(&mut Reader(self.body), embedding);
        if self.body.len() < HASHED_BESIDE {
            return self.verify().and_then(|()| read());
        }
        // Reading and hashing take about as long. Nothing comes of what was read unless the digest is right.
        std::thread::scope(|threads| {
            let beside = std::thread::Builder::new().name("digest".into()).spawn_scoped(threads, || self.verify());
            let image = read();
            match beside {
                Ok(thread) => thread.join().unwrap_or(Err(ImageError::Damaged("its digest cannot be computed")))?,
                Err(_no_thread) => self.verify()?,
            }
            image
        })
    }

    /// Holds the digest against the bytes.
    ///
    /// # Errors
    /// They have changed.
    pub fn verify(&self) -> Result<(), ImageError> {
        let digest: [u8; 32] = Sha256::digest(self.body).into();
        if digest == self.digest { Ok(()) } else { Err(ImageError::Damaged("its digest does not match")) }
    }
}

fn read_body(r: &mut Reader<'_>, embedding: &'static Embedding) -> Result<Image, ImageError> {
    const SHORT: ImageError = ImageError::Damaged("its header is not readable");
    let same = |what: &'static str, image: String, ours: String| {
        if image == ours { Ok(()) } else { Err(ImageError::Foreign { what, image, ours }) }
    };
    same("version", r.text().ok_or(SHORT)?, env!("CARGO_PKG_VERSION").to_string())?;
    same("architecture", r.text().ok_or(SHORT)?, std::env::consts::ARCH.to_string())?;
    same("embedding", r.text().ok_or(SHORT)?, embedding.name.to_string())?;
    same("build", format!("{:016x}", r.int().ok_or(SHORT)?), format!("{:016x}", layout_hash(embedding)))?;
    let mut size = || r.narrow::<u32>().ok_or(SHORT);
    let (cells_end, start, end, proto_epoch, stack) = (size()?, size()?, size()?, size()?, size()?);
    let sizes = (NULL_PAGE..=MAX_CELLS).contains(&cells_end)
        && start <= end
        && end <= page_up_u32(cells_end)
        && (start.is_multiple_of(PAGE) && end.is_multiple_of(PAGE))
        && stack.is_multiple_of(PAGE)
        && (2 * crate::call::STACK_MARGIN..=256 << 20).contains(&stack);
    if !sizes {
        return Err(ImageError::Damaged("its sizes do not fit together"));
    }
    let module = r.module().ok_or(ImageError::Damaged("its module is not readable"))?;
    let kept = r.bytes().filter(|kept| kept.len() == KEPT_CONTEXT).ok_or(ImageError::Damaged("its context is cut"))?;
    let cells = r.bytes().filter(|cells| cells.len() == (cells_end - NULL_PAGE) as usize);
    let cells = cells.ok_or(ImageError::Damaged("its heap is cut"))?;
    if !r.0.is_empty() {
        return Err(ImageError::Damaged("bytes follow its heap"));
    }
    let mut head = vec![0; CTX_BYTES + NULL_PAGE as usize];
    head[..KEPT_CONTEXT].copy_from_slice(kept);
    let pristine = Pristine::seal(&[&head, cells]).map_err(ImageError::Io)?;
    Ok(Image {
        code: CodeTable::new(Arc::new(module)),
        embedding,
        pristine,
        cells_end,
        cell_starts: Arc::default(),
        image_end: page_up_u32(cells_end),
        feedback: start..end,
        proto_epoch,
        stack,
    })
}
