//! Base64 of Uint8Array (ES2026 draft, 23.2.4 and 23.2.5).
use super::view::{View, checked_view};
use super::{ElementType, element_type, uint8_array_of_cell};
use crate::call::Args;
use crate::heap::cage;
use crate::heap::layout::*;
use crate::runtime::Rt;
use crate::string::{Units, atoms};
use crate::value::{JsResult, Ref, Value};

/// What was decoded: units read, bytes written, and whether the text is malformed behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decoded {
    /// Units of whole chunks read.
    pub read: usize,
    /// Bytes written.
    pub written: usize,
    /// Malformed.
    pub error: bool,
}

/// Treatment of a last chunk of less than four characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LastChunk {
    Loose,
    Strict,
    StopBeforePartial,
}

#[derive(Debug, Clone, Copy)]
struct Options {
    url: bool,
    last_chunk: LastChunk,
}

/// `this`, checked to be a Uint8Array (in bounds or not).
pub fn this_uint8_array(rt: &mut Rt, args: Args) -> JsResult<Ref> {
    let this = args.this(rt);
    if rt.is_kind(this, Kind::TypedArray) && element_type(rt, this.as_ref()) == ElementType::Uint8 {
        return Ok(this.as_ref());
    }
    Err(rt.throw_type("this is not a Uint8Array"))
}

/// Argument 0, which must be a string already.
pub fn text_argument(rt: &mut Rt, args: Args) -> JsResult<()> {
    if args.get(rt, 0).is_string() { Ok(()) } else { Err(rt.throw_type("input argument must be a string")) }
}

fn options_object(rt: &mut Rt, args: Args, i: u32) -> JsResult<Value> {
    let options = args.get(rt, i);
    if options.is_undefined() || options.is_object() {
        return Ok(options);
    }
    Err(rt.throw_type("options must be an object"))
}

/// The `alphabet` option: whether it is base64url.
fn alphabet(rt: &mut Rt, args: Args, i: u32) -> JsResult<bool> {
    let options = options_object(rt, args, i)?;
    if options.is_undefined() {
        return Ok(false);
    }
    let name = rt.intern_str("alphabet");
    let v = rt.get_name(options, name)?;
    if v.is_undefined() {
        return Ok(false);
    }
    if v.is_string() && rt.str_is(v.as_ref(), "base64url") {
        return Ok(true);
    }
    if v.is_string() && rt.str_is(v.as_ref(), "base64") {
        return Ok(false);
    }
    Err(rt.throw_type("expected alphabet to be either \"base64\" or \"base64url\""))
}

fn decode_options(rt: &mut Rt, args: Args) -> JsResult<Options> {
    let url = alphabet(rt, args, 1)?;
    let options = args.get(rt, 1);
    let mut last_chunk = LastChunk::Loose;
    if options.is_object() {
        let name = rt.intern_str("lastChunkHandling");
        let v = rt.get_name(options, name)?;
        if !v.is_undefined() {
            let text = if v.is_string() { v.as_ref() } else { atoms::empty };
            last_chunk = if rt.str_is(text, "loose") {
                LastChunk::Loose
            } else if rt.str_is(text, "strict") {
                LastChunk::Strict
            } else if rt.str_is(text, "stop-before-partial") {
                LastChunk::StopBeforePartial
            } else {
                return Err(rt.throw_type("unknown lastChunkHandling"));
            };
        }
    }
    Ok(Options { url, last_chunk })
}

/// Uint8Array.fromBase64 ( string \[ , options \] )
pub fn from_base64(rt: &mut Rt, args: Args) -> JsResult {
    text_argument(rt, args)?;
    let options = decode_options(rt, args)?;
    let text = args.get(rt, 0).as_ref();
    let room = (u64::from(rt.len(text)) * 3).div_ceil(4) as u32;
    let cell = rt.alloc_bytes(room);
    let decoded =
        rt.with_units(text, |units| rt.with_bytes_mut(cell, 0, room, |out| decode(units, options, usize::MAX, out)));
    if decoded.error {
        return Err(throw_malformed(rt));
    }
    Ok(Value::object(uint8_array_of_cell(rt, cell, decoded.written as u32)))
}

#[cold]
fn throw_malformed(rt: &mut Rt) -> crate::value::Thrown {
    rt.throw_syntax("The string is not correctly encoded as base64")
}

/// Uint8Array.prototype.setFromBase64 ( string \[ , options \] )
pub fn set_from_base64(rt: &mut Rt, args: Args) -> JsResult {
    this_uint8_array(rt, args)?;
    text_argument(rt, args)?;
    let options = decode_options(rt, args)?;
    let view = checked_view(rt, args.this(rt).as_ref())?;
    let text = args.get(rt, 0).as_ref();
    let decoded = decode_into(rt, text, view, |units, out| decode(units, options, out.len(), out));
    if decoded.error {
        return Err(throw_malformed(rt));
    }
    Ok(read_written(rt, decoded))
}

/// Runs a decoder over a string into the bytes of a view.
pub fn decode_into(rt: &Rt, text: Ref, view: View, decode: impl FnOnce(Units<'_>, &mut [u8]) -> Decoded) -> Decoded {
    rt.with_units(text, |units| rt.with_bytes_mut(view.cell, view.offset, view.len, |out| decode(units, out)))
}

/// `{ read, written }`
pub fn read_written(rt: &Rt, decoded: Decoded) -> Value {
    let result = rt.new_object();
    rt.put_own(result, rt.intern_str("read"), Value::size(decoded.read));
    rt.put_own(result, rt.intern_str("written"), Value::size(decoded.written));
    Value::object(result)
}

/// Uint8Array.prototype.toBase64 ( \[ options \] )
pub fn to_base64(rt: &mut Rt, args: Args) -> JsResult {
    this_uint8_array(rt, args)?;
    let url = alphabet(rt, args, 0)?;
    let options = args.get(rt, 0);
    let mut pad = true;
    if options.is_object() {
        let name = rt.intern_str("omitPadding");
        let v = rt.get_name(options, name)?;
        pad = !rt.to_boolean(v);
    }
    let view = checked_view(rt, args.this(rt).as_ref())?;
    let len = if pad { u64::from(view.len).div_ceil(3) * 4 } else { (u64::from(view.len) * 4).div_ceil(3) };
    if len > u64::from(crate::string::MAX_LENGTH) {
        return Err(rt.throw_range("Invalid string length"));
    }
    if len == 0 {
        return Ok(Value::string(atoms::empty));
    }
    let text = rt.alloc_str8(len as u32);
    rt.with_bytes(view.cell, view.offset, view.len, |bytes| {
        cage::with_bytes_mut(rt.base(), text.0 + CELL_DATA, len as usize, |out| encode(bytes, url, pad, out))
    });
    Ok(Value::string(text))
}

/// Base64 of `bytes` into exactly the room it needs.
pub fn encode(bytes: &[u8], url: bool, pad: bool, out: &mut [u8]) {
    let digits: &[u8; 64] = if url { DIGITS_URL } else { DIGITS };
    let mut at = 0;
    for chunk in bytes.chunks(3) {
        let word = u32::from(chunk[0]) << 16
            | u32::from(chunk.get(1).copied().unwrap_or(0)) << 8
            | u32::from(chunk.get(2).copied().unwrap_or(0));
        for i in 0..=chunk.len() {
            out[at] = digits[(word >> (18 - 6 * i)) as usize & 63];
            at += 1;
        }
        if pad {
            for _ in chunk.len()..3 {
                out[at] = b'=';
                at += 1;
            }
        }
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const DIGITS_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Values of the digits of both alphabets; 255 elsewhere.
const VALUES: [u8; 128] = {
    let mut table = [255; 128];
    let mut i = 0;
    while i < 64 {
        table[DIGITS[i] as usize] = i as u8;
        table[DIGITS_URL[i] as usize] = i as u8;
        i += 1;
    }
    table
};

fn digit(unit: u16, url: bool) -> Option<u32> {
    let foreign =
        if url { unit == b'+' as u16 || unit == b'/' as u16 } else { unit == b'-' as u16 || unit == b'_' as u16 };
    let value = *VALUES.get(unit as usize)?;
    (!foreign && value != 255).then_some(u32::from(value))
}

fn skip_space(units: &Units<'_>, mut at: usize) -> usize {
    while at < units.len() && matches!(units.at(at), 9 | 10 | 12 | 13 | 32) {
        at += 1;
    }
    at
}

/// FromBase64 ( string, alphabet, lastChunkHandling, maxLength ); `out` has room for what `max` allows.
fn decode(units: Units<'_>, options: Options, max: usize, out: &mut [u8]) -> Decoded {
    let mut done = Decoded { read: 0, written: 0, error: false };
    if max == 0 {
        return done;
    }
    let failed = |done: Decoded| Decoded { error: true, ..done };
    let (mut at, mut chunk, mut digits) = (0, 0u32, 0usize);
    loop {
        at = skip_space(&units, at);
        if at == units.len() {
            if digits > 0 {
                match options.last_chunk {
                    LastChunk::StopBeforePartial => return done,
                    LastChunk::Loose if digits > 1 => {
                        done.written += final_chunk(chunk, digits, &mut out[done.written..]);
                    }
                    LastChunk::Loose | LastChunk::Strict => return failed(done),
                }
            }
            done.read = units.len();
            return done;
        }
        let unit = units.at(at);
        at += 1;
        if unit == b'=' as u16 {
            return padded(&units, at, chunk, digits, options, done, out);
        }
        let Some(value) = digit(unit, options.url) else { return failed(done) };
        let left = max - done.written;
        if (left == 1 && digits == 2) || (left == 2 && digits == 3) {
            return done;
        }
        chunk = chunk << 6 | value;
        digits += 1;
        if digits == 4 {
            out[done.written..done.written + 3].copy_from_slice(&chunk.to_be_bytes()[1..]);
            done.written += 3;
            done.read = at;
            (chunk, digits) = (0, 0);
            if done.written == max {
                return done;
            }
        }
    }
}

/// The end of the text from behind its first "=".
fn padded(
    units: &Units<'_>,
    at: usize,
    chunk: u32,
    digits: usize,
    options: Options,
    mut done: Decoded,
    out: &mut [u8],
) -> Decoded {
    let failed = Decoded { error: true, ..done };
    if digits < 2 {
        return failed;
    }
    let mut at = skip_space(units, at);
    if digits == 2 {
        if at == units.len() {
            return if options.last_chunk == LastChunk::StopBeforePartial { done } else { failed };
        }
        if units.at(at) == b'=' as u16 {
            at = skip_space(units, at + 1);
        }
    }
    let extra = if digits == 2 { chunk & 15 } else { chunk & 3 };
    if at < units.len() || (options.last_chunk == LastChunk::Strict && extra != 0) {
        return failed;
    }
    done.written += final_chunk(chunk, digits, &mut out[done.written..]);
    done.read = units.len();
    done
}

/// Bytes of two or three digits.
fn final_chunk(chunk: u32, digits: usize, out: &mut [u8]) -> usize {
    if digits == 2 {
        out[0] = (chunk >> 4) as u8;
        return 1;
    }
    out[..2].copy_from_slice(&((chunk >> 2) as u16).to_be_bytes());
    2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, max: usize, last_chunk: LastChunk) -> (Decoded, Vec<u8>) {
        let mut out = vec![0; 64];
        let options = Options { url: false, last_chunk };
        let decoded = decode(Units::Latin1(text.as_bytes()), options, max, &mut out);
        out.truncate(decoded.written);
        (decoded, out)
    }

    #[test]
    fn decodes_chunks_and_tails() {
        assert_eq!(run("Zm9v YmFy", 64, LastChunk::Loose).1, b"foobar");
        assert_eq!(run("Zm8=", 64, LastChunk::Strict).1, b"fo");
        assert_eq!(run("Zg", 64, LastChunk::Loose).1, b"f");
        assert!(run("Zg", 64, LastChunk::Strict).0.error);
        assert!(run("Zh==", 64, LastChunk::Strict).0.error);
        let (decoded, out) = run("Zm9vYg", 64, LastChunk::StopBeforePartial);
        assert_eq!((decoded.read, out.as_slice()), (4, &b"foo"[..]));
    }

    #[test]
    fn stops_where_the_target_ends() {
        let (decoded, out) = run("Zm9vYmFy", 4, LastChunk::Loose);
        assert_eq!((decoded.read, out.as_slice(), decoded.error), (4, &b"foo"[..], false));
        assert_eq!(run("====", 0, LastChunk::Strict).0, Decoded { read: 0, written: 0, error: false });
    }

    #[test]
    fn encodes_with_and_without_padding() {
        let mut out = [0; 4];
        encode(b"fo", false, true, &mut out);
        assert_eq!(&out, b"Zm8=");
        encode(b"\xFB\xFF\xFE", true, false, &mut out);
        assert_eq!(&out, b"-__-");
    }
}
