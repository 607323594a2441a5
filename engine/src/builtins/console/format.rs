//! console 2.2 Formatter: `%s %d %i %f %j %o %O %c`, then the remaining arguments.
use super::inspect::{DEPTH, inspect};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::runtime::Rt;
use crate::string::{atoms, format_number};
use crate::value::{JsResult, Value};

/// Depth of `%o`.
const FULL_DEPTH: u32 = 4;

/// The message of the arguments from `first` on.
pub fn format(rt: &mut Rt, args: Args, first: u32) -> JsResult<String> {
    let mut text = String::new();
    let mut next = first;
    let head = args.get(rt, first);
    if head.is_string() && args.len() > first + 1 {
        next += 1;
        let pattern = rt.to_text(head.as_ref());
        let mut rest = pattern.as_str();
        while let Some(at) = rest.find('%') {
            text.push_str(&rest[..at]);
            let spec = rest.as_bytes().get(at + 1).copied();
            let takes = matches!(spec, Some(b's' | b'd' | b'i' | b'f' | b'j' | b'o' | b'O' | b'c'));
            let used = match spec {
                Some(b'%') => {
                    text.push('%');
                    2
                }
                Some(spec) if takes && next < args.len() => {
                    substitute(rt, args.get(rt, next), spec, &mut text)?;
                    next += 1;
                    2
                }
                _ => {
                    text.push('%');
                    1
                }
            };
            rest = &rest[at + used..];
        }
        text.push_str(rest);
    }
    for i in next..args.len() {
        if i > first {
            text.push(' ');
        }
        let v = args.get(rt, i);
        if v.is_string() {
            text.push_str(&rt.to_text(v.as_ref()));
        } else {
            text.push_str(&inspect(rt, v, DEPTH));
        }
        if text.len() > super::MAX_TEXT {
            break;
        }
    }
    Ok(text)
}

fn substitute(rt: &mut Rt, v: Value, spec: u8, text: &mut String) -> JsResult<()> {
    match spec {
        b's' => text.push_str(&as_string(rt, v)?),
        b'd' | b'i' | b'f' => {
            if v.is_bigint() {
                text.push_str(&inspect(rt, v, 0));
            } else if v.is_object() || v.is_symbol() {
                text.push_str("NaN");
            } else {
                let d = if v.is_string() && spec != b'd' { leading_number(rt, v) } else { rt.to_number(v)? };
                let d = if spec == b'i' { d.trunc() } else { d };
                text.push_str(&if d == 0.0 && d.is_sign_negative() { "-0".to_string() } else { format_number(d) });
            }
        }
        b'j' => {
            let json = crate::builtins::json::stringify_value(rt, v, Value::UNDEFINED, Value::UNDEFINED)?;
            text.push_str(&rt.describe_value(json));
        }
        b'o' => text.push_str(&inspect(rt, v, FULL_DEPTH)),
        b'O' => text.push_str(&inspect(rt, v, DEPTH)),
        // `%c`: style sheets mean nothing here.
        _ => {}
    }
    Ok(())
}

/// `%s`: as `String` gives it, objects without a `toString` of their own class in short form.
fn as_string(rt: &mut Rt, v: Value) -> JsResult<String> {
    let Some(obj) = v.to_obj() else {
        return Ok(if v.is_string() { rt.to_text(v.as_ref()) } else { inspect(rt, v, 0) });
    };
    let method = rt.plain_lookup(obj, atoms::to_string);
    let own = rt.kind(obj) == Kind::Error || method.is_some_and(|f| rt.is_kind(f, Kind::Function));
    if own && !rt.is_callable(v) {
        let s = rt.to_str(v)?;
        return Ok(rt.to_text(s));
    }
    Ok(inspect(rt, v, 0))
}

/// The number at the start of a string, as parseFloat finds it.
fn leading_number(rt: &Rt, v: Value) -> f64 {
    let text = rt.to_text(v.as_ref());
    let text = text.trim_start();
    (1..=text.len().min(40))
        .rev()
        .filter(|&end| text.is_char_boundary(end))
        .find_map(|end| text[..end].parse::<f64>().ok().filter(|d| d.is_finite()))
        .unwrap_or(f64::NAN)
}
