//! RegExp.escape.
use super::*;
use crate::builtins::string::{check_growth, code_point_at, push_code_point};
use crate::string::{StrBuf, is_space};

/// Units escaped between two polls.
const CHUNK: usize = 1 << 14;

/// 22.2.5.1 RegExp.escape ( S )
pub fn escape(rt: &mut Rt, args: Args) -> JsResult {
    let s = args.get(rt, 0);
    if !s.is_string() {
        return Err(rt.throw_type("RegExp.escape called with a value that is not a string"));
    }
    let s = s.as_ref();
    let mut buf = rt.str_buf();
    let (mut at, len) = (0, rt.len(s) as usize);
    while at < len {
        check_growth(rt, buf.len() + 6 * CHUNK.min(len - at))?;
        at = rt.with_units(s, |u| {
            let mut i = at;
            while i < len && i < at + CHUNK {
                let (cp, width) = code_point_at(u, i);
                let leading = i == 0 && char::from_u32(cp).is_some_and(|c| c.is_ascii_alphanumeric());
                if leading {
                    push_hex(&mut buf, "\\x", cp, 2)
                } else {
                    encode(&mut buf, cp)
                }
                i += width;
            }
            i
        });
        rt.poll()?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// 22.2.5.1.1 EncodeForRegExpEscape ( cp )
fn encode(buf: &mut StrBuf, cp: u32) {
    let ascii = u8::try_from(cp).ok().filter(u8::is_ascii);
    match ascii {
        Some(
            c @ (b'^' | b'$' | b'\\' | b'.' | b'*' | b'+' | b'?' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'|'
            | b'/'),
        ) => {
            buf.push_ascii("\\");
            buf.push(u16::from(c));
        }
        Some(b'\t') => buf.push_ascii("\\t"),
        Some(b'\n') => buf.push_ascii("\\n"),
        Some(0x0B) => buf.push_ascii("\\v"),
        Some(0x0C) => buf.push_ascii("\\f"),
        Some(b'\r') => buf.push_ascii("\\r"),
        Some(c) if b",-=<>#&!%:;@~'`\" ".contains(&c) => push_hex(buf, "\\x", cp, 2),
        _ if (0xD800..=0xDFFF).contains(&cp) => push_hex(buf, "\\u", cp, 4),
        _ if u16::try_from(cp).is_ok_and(is_space) => {
            if cp <= 0xFF {
                push_hex(buf, "\\x", cp, 2)
            } else {
                push_hex(buf, "\\u", cp, 4)
            }
        }
        _ => push_code_point(buf, cp),
    }
}

fn push_hex(buf: &mut StrBuf, prefix: &str, cp: u32, digits: u32) {
    buf.push_ascii(prefix);
    for i in (0..digits).rev() {
        let digit = char::from_digit(cp >> (4 * i) & 15, 16).unwrap_or('0');
        buf.push(digit as u16);
    }
}
