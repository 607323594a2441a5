//! `crypto.randomUUID()` and `crypto.getRandomValues(array)` (Web Cryptography 10.1), from the kernel's generator.
use super::exception;
use crate::seam;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::object::Key;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::shape::attr;
use lockgate_engine::value::{JsResult, Value};

/// The namespace object.
pub const CLASS: ClassSpec = ClassSpec::namespace(
    "crypto",
    Intrinsic::Host27,
    &[
        Row::method("randomUUID", 0, random_uuid).enumerable(),
        Row::method("getRandomValues", 1, random_values).enumerable(),
        Row::tag("Crypto"),
    ],
);

/// Most bytes of one call.
const MOST: u32 = 65_536;

/// Nothing to do at boot but to make the global enumerable, as Web IDL has it.
pub fn install(rt: &mut Rt) {
    let global = rt.intrinsic(Intrinsic::Global);
    let name = rt.intern_str("crypto");
    rt.write_own(global, Key::Name(name), Value::object(rt.intrinsic(Intrinsic::Host27)), attr::ALL);
}

/// Fills a buffer from the kernel; false: it would not.
fn fill(bytes: &mut [u8]) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        match rustix::rand::getrandom(&mut bytes[at..], rustix::rand::GetRandomFlags::empty()) {
            Ok(n) => at += n,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
    true
}

fn no_entropy(rt: &mut Rt) -> lockgate_engine::value::Thrown {
    let error = exception::new(rt, "OperationError", "no random bytes");
    rt.throw(Value::object(error))
}

/// `crypto.randomUUID()`: version 4 (RFC 9562 5.4).
fn random_uuid(rt: &mut Rt, _args: Args) -> JsResult {
    let mut bytes = [0; 16];
    if !fill(&mut bytes) {
        return Err(no_entropy(rt));
    }
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let mut text = [b'-'; 36];
    let mut at = 0;
    for (i, b) in bytes.into_iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            at += 1;
        }
        for digit in [b >> 4, b & 15] {
            text[at] = b"0123456789abcdef"[usize::from(digit)];
            at += 1;
        }
    }
    Ok(Value::string(rt.new_latin1(&text)))
}

/// `crypto.getRandomValues(array)`
fn random_values(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let integers = seam::is_integer_array(rt, v)?;
    let v = args.get(rt, 0);
    let Some((cell, from, len)) = seam::bytes_of(rt, v).filter(|_| integers) else {
        return Err(rt.throw_type("getRandomValues needs an integer typed array"));
    };
    if len > MOST {
        let error = exception::new(rt, "QuotaExceededError", "getRandomValues gives at most 65536 bytes at a time");
        return Err(rt.throw(Value::object(error)));
    }
    if !rt.with_bytes_mut(cell, from, len, fill) {
        return Err(no_entropy(rt));
    }
    Ok(v)
}
