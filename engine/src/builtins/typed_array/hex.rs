//! Hexadecimal digits of Uint8Array (ES2026 draft, 23.2.4 and 23.2.5).
use super::base64::{Decoded, decode_into, read_written, text_argument, this_uint8_array};
use super::uint8_array_of_cell;
use super::view::checked_view;
use crate::call::Args;
use crate::heap::cage;
use crate::heap::layout::CELL_DATA;
use crate::runtime::Rt;
use crate::string::{Units, atoms};
use crate::value::{JsResult, Value};

/// Uint8Array.fromHex ( string )
pub fn from_hex(rt: &mut Rt, args: Args) -> JsResult {
    text_argument(rt, args)?;
    let text = args.get(rt, 0).as_ref();
    let room = rt.len(text) / 2;
    let cell = rt.alloc_bytes(room);
    let decoded = rt.with_units(text, |units| rt.with_bytes_mut(cell, 0, room, |out| decode(units, out)));
    if decoded.error {
        return Err(throw_malformed(rt));
    }
    Ok(Value::object(uint8_array_of_cell(rt, cell, decoded.written as u32)))
}

#[cold]
fn throw_malformed(rt: &mut Rt) -> crate::value::Thrown {
    rt.throw_syntax("The string is not a sequence of pairs of hexadecimal digits")
}

/// Uint8Array.prototype.setFromHex ( string )
pub fn set_from_hex(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_uint8_array(rt, args)?;
    text_argument(rt, args)?;
    let view = checked_view(rt, this)?;
    let text = args.get(rt, 0).as_ref();
    let decoded = decode_into(rt, text, view, decode);
    if decoded.error {
        return Err(throw_malformed(rt));
    }
    Ok(read_written(rt, decoded))
}

/// FromHex ( string, maxLength ): as many pairs as `out` has room for.
fn decode(units: Units<'_>, out: &mut [u8]) -> Decoded {
    let mut done = Decoded { read: 0, written: 0, error: false };
    if !units.len().is_multiple_of(2) {
        return Decoded { error: true, ..done };
    }
    let digit = |i: usize| u8::try_from(units.at(i)).ok().and_then(|b| (b as char).to_digit(16));
    for byte in out.iter_mut().take(units.len() / 2) {
        match (digit(done.read), digit(done.read + 1)) {
            (Some(high), Some(low)) => *byte = (high << 4 | low) as u8,
            _ => return Decoded { error: true, ..done },
        }
        done.read += 2;
        done.written += 1;
    }
    done
}

/// Uint8Array.prototype.toHex ( )
pub fn to_hex(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_uint8_array(rt, args)?;
    let view = checked_view(rt, this)?;
    let len = 2 * u64::from(view.len);
    if len > u64::from(crate::string::MAX_LENGTH) {
        return Err(rt.throw_range("Invalid string length"));
    }
    if len == 0 {
        return Ok(Value::string(atoms::empty));
    }
    let text = rt.alloc_str8(len as u32);
    rt.with_bytes(view.cell, view.offset, view.len, |bytes| {
        cage::with_bytes_mut(rt.base(), text.0 + CELL_DATA, len as usize, |out| {
            for (pair, byte) in out.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
                *pair = [b"0123456789abcdef"[usize::from(byte >> 4)], b"0123456789abcdef"[usize::from(byte & 15)]];
            }
        })
    });
    Ok(Value::string(text))
}
