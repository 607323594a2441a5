//! Unicode: normalize, isWellFormed, toWellFormed.
use super::{arg_str, check_growth, kept_this, this_str};
use crate::call::Args;
use crate::runtime::Rt;
use crate::string::{StrBuf, Units};
use crate::value::{JsResult, Ref, Value};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// Units normalized between two polls, up to the next ASCII character, where a cut changes nothing.
const CHUNK: usize = 1 << 14;

/// A normalization form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

/// 22.1.3.15 String.prototype.normalize ( [ form ] )
pub fn normalize(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "normalize")?;
    let form = if args.get(rt, 0).is_undefined() {
        Form::Nfc
    } else {
        let name = arg_str(rt, args, 0)?;
        match [("NFC", Form::Nfc), ("NFD", Form::Nfd), ("NFKC", Form::Nfkc), ("NFKD", Form::Nfkd)]
            .into_iter()
            .find(|(text, _)| rt.str_is(name, text))
        {
            Some((_, form)) => form,
            None => return Err(rt.throw_range("The normalization form should be one of NFC, NFD, NFKC, NFKD.")),
        }
    };
    let s = kept_this(rt, args);
    let unchanged = rt.with_units(s, |u| match u {
        Units::Latin1(b) => form == Form::Nfc || b.is_ascii(),
        Units::Utf16(_) => false,
    });
    if unchanged {
        return Ok(Value::string(s));
    }
    let mut buf = rt.str_buf();
    let (mut at, len) = (0, rt.len(s) as usize);
    while at < len {
        at = rt.with_units(s, |u| {
            let end = (at + CHUNK..len).find(|&i| u.at(i) < 0x80).unwrap_or(len);
            normalize_part(u, at, end, form, &mut buf);
            end
        });
        check_growth(rt, buf.len())?;
        rt.poll()?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// Normalizes `[from, to)`; lone surrogates stay and separate what is around them.
fn normalize_part(units: Units<'_>, from: usize, to: usize, form: Form, buf: &mut StrBuf) {
    let mut at = from;
    while at < to {
        let mut lone = None;
        let chars = std::iter::from_fn(|| {
            if at >= to {
                return None;
            }
            let (cp, width) = super::code_point_at(units, at);
            at += width;
            let c = char::from_u32(cp);
            if c.is_none() {
                lone = Some(cp as u16);
            }
            c
        })
        // The normalizers ask on after the end; a lone surrogate must end the part for good.
        .fuse();
        match form {
            Form::Nfc => ComposingNormalizerBorrowed::new_nfc().normalize_iter(chars).for_each(|c| buf.push_char(c)),
            Form::Nfkc => ComposingNormalizerBorrowed::new_nfkc().normalize_iter(chars).for_each(|c| buf.push_char(c)),
            Form::Nfd => DecomposingNormalizerBorrowed::new_nfd().normalize_iter(chars).for_each(|c| buf.push_char(c)),
            Form::Nfkd => {
                DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(chars).for_each(|c| buf.push_char(c));
            }
        }
        if let Some(unit) = lone {
            buf.push(unit);
        }
    }
}

/// First lone surrogate from unit `at` on.
fn lone_surrogate(units: Units<'_>, at: usize) -> Option<usize> {
    let Units::Utf16(units) = units else { return None };
    let mut i = at;
    while i < units.len() {
        let step = match (units[i] & 0xFC00, units.get(i + 1).map(|u| u & 0xFC00)) {
            (0xD800, Some(0xDC00)) => 2,
            (0xD800 | 0xDC00, _) => return Some(i),
            _ => 1,
        };
        i += step;
    }
    None
}

/// 22.1.3.10 String.prototype.isWellFormed ( )
pub fn is_well_formed(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "isWellFormed")?;
    Ok(Value::bool(rt.with_units(s, |u| lone_surrogate(u, 0)).is_none()))
}

/// 22.1.3.31 String.prototype.toWellFormed ( )
pub fn to_well_formed(rt: &mut Rt, args: Args) -> JsResult {
    let s = this_str(rt, args, "toWellFormed")?;
    if rt.with_units(s, |u| lone_surrogate(u, 0)).is_none() {
        return Ok(Value::string(s));
    }
    Ok(Value::string(replace_lone(rt, s)?))
}

fn replace_lone(rt: &mut Rt, s: Ref) -> JsResult<Ref> {
    check_growth(rt, rt.len(s) as usize)?;
    let mut buf = rt.str_buf();
    rt.with_units(s, |u| {
        let mut at = 0;
        while let Some(lone) = lone_surrogate(u, at) {
            buf.push_units(super::unit_range(u, at, lone));
            buf.push(0xFFFD);
            at = lone + 1;
        }
        buf.push_units(super::unit_range(u, at, u.len()));
    });
    rt.finish_str(buf)
}
