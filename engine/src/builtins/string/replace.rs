//! replace, replaceAll, and the `$` patterns of replacement templates.
use super::{
    arg_str, check_growth, find, kept_arg, kept_this, pattern_method, push_range, push_str, this_coercible, this_str,
    unit_range,
};
use crate::builtins::regexp;
use crate::call::Args;
use crate::realm::WellKnown;
use crate::runtime::{Rt, Slot};
use crate::string::{StrBuf, atoms};
use crate::value::{JsResult, Ref, Value};

/// 22.1.3.19 String.prototype.replace ( searchValue, replaceValue )
pub fn replace(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_coercible(rt, args, "replace")?;
    let pattern = args.get(rt, 0);
    if pattern.is_object() {
        let replacement = args.get(rt, 1);
        if this.is_string()
            && (replacement.is_string() || rt.is_callable(replacement))
            && regexp::is_pristine(rt, pattern)
        {
            return regexp::replace_pristine(rt, pattern.as_ref(), this.as_ref(), replacement);
        }
        let f = pattern_method(rt, pattern, WellKnown::Replace)?;
        if !f.is_undefined() {
            let (pattern, this, replacement) = (args.get(rt, 0), args.this(rt), args.get(rt, 1));
            return rt.call(f, pattern, &[this, replacement]);
        }
    }
    this_str(rt, args, "replace")?;
    arg_str(rt, args, 0)?;
    let functional = rt.is_callable(args.get(rt, 1));
    if !functional {
        arg_str(rt, args, 1)?;
    }
    let (s, search) = (kept_this(rt, args), kept_arg(rt, args, 0));
    let Some(at) = find(rt, s, search, 0)? else { return Ok(Value::string(s)) };
    if !functional {
        let template = kept_arg(rt, args, 1);
        if !has_patterns(rt, template) {
            return replace_range(rt, s, at, at + rt.len(search), template);
        }
    }
    let mut buf = rt.str_buf();
    push_range(rt, &mut buf, s, 0, at)?;
    push_replacement(rt, args, &mut buf, functional, at)?;
    let s = kept_this(rt, args);
    let end = at + rt.len(kept_arg(rt, args, 0));
    push_range(rt, &mut buf, s, end, rt.len(s))?;
    Ok(Value::string(rt.finish_str(buf)?))
}

/// 22.1.3.20 String.prototype.replaceAll ( searchValue, replaceValue )
pub fn replace_all(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_coercible(rt, args, "replaceAll")?;
    let pattern = args.get(rt, 0);
    if pattern.is_object() {
        if regexp::is_regexp(rt, pattern)? {
            let pattern = args.get(rt, 0);
            let flags = rt.get_name(pattern, atoms::flags)?;
            let global = !flags.is_nullish() && {
                let flags = rt.to_str(flags)?;
                rt.with_units(flags, |u| u.iter().any(|u| u == u16::from(b'g')))
            };
            if !global {
                return Err(rt.throw_type("String.prototype.replaceAll called with a non-global RegExp argument"));
            }
        }
        let (pattern, replacement) = (args.get(rt, 0), args.get(rt, 1));
        if this.is_string()
            && (replacement.is_string() || rt.is_callable(replacement))
            && regexp::is_pristine(rt, pattern)
        {
            return regexp::replace_pristine(rt, pattern.as_ref(), args.this(rt).as_ref(), replacement);
        }
        let f = pattern_method(rt, pattern, WellKnown::Replace)?;
        if !f.is_undefined() {
            let (pattern, this, replacement) = (args.get(rt, 0), args.this(rt), args.get(rt, 1));
            return rt.call(f, pattern, &[this, replacement]);
        }
    }
    this_str(rt, args, "replaceAll")?;
    arg_str(rt, args, 0)?;
    let functional = rt.is_callable(args.get(rt, 1));
    if !functional {
        arg_str(rt, args, 1)?;
    }
    let plain = !functional && !has_patterns(rt, kept_arg(rt, args, 1));
    let width = rt.len(kept_arg(rt, args, 0));
    let advance = width.max(1);
    let (s, search) = (kept_this(rt, args), kept_arg(rt, args, 0));
    let Some(mut at) = find(rt, s, search, 0)? else { return Ok(Value::string(s)) };
    let mut buf = rt.str_buf();
    let mut from = 0;
    loop {
        let s = kept_this(rt, args);
        push_range(rt, &mut buf, s, from, at)?;
        if plain {
            let template = kept_arg(rt, args, 1);
            push_str(rt, &mut buf, template)?;
        } else {
            push_replacement(rt, args, &mut buf, functional, at)?;
        }
        rt.poll()?;
        from = at + width;
        let (s, search) = (kept_this(rt, args), kept_arg(rt, args, 0));
        match find(rt, s, search, at + advance)? {
            Some(next) => at = next,
            None => break,
        }
    }
    let s = kept_this(rt, args);
    push_range(rt, &mut buf, s, from, rt.len(s))?;
    Ok(Value::string(rt.finish_str(buf)?))
}

/// Whether a template has anything to expand.
pub fn has_patterns(rt: &Rt, template: Ref) -> bool {
    rt.with_units(template, |u| u.iter().any(|u| u == u16::from(b'$')))
}

/// `s` with units `[from, to)` replaced, without going through a buffer.
pub fn replace_range(rt: &mut Rt, s: Ref, from: u32, to: u32, by: Ref) -> JsResult {
    let (len, by_len) = (rt.len(s), rt.len(by));
    let total = from as usize + by_len as usize + (len - to) as usize;
    check_growth(rt, total)?;
    if total == 0 {
        return Ok(Value::string(atoms::empty));
    }
    // A rope is flattened before the cell is made, or its parts would be copied twice.
    rt.flatten(s);
    rt.flatten(by);
    let wide = rt.is_wide(s) || rt.is_wide(by);
    let cell = if wide { rt.alloc_str16(total as u32) } else { rt.alloc_str8(total as u32) };
    rt.copy_units(s, 0, from, cell, 0);
    rt.copy_units(by, 0, by_len, cell, from);
    rt.copy_units(s, to, len - to, cell, from + by_len);
    Ok(Value::string(cell))
}

/// What a match of the search string at `at` is replaced by.
fn push_replacement(rt: &mut Rt, args: Args, buf: &mut StrBuf, functional: bool, at: u32) -> JsResult<()> {
    let (s, search) = (kept_this(rt, args), kept_arg(rt, args, 0));
    if functional {
        let f = args.get(rt, 1);
        let result = rt.call(f, Value::UNDEFINED, &[Value::string(search), Value::uint(at), Value::string(s)])?;
        let result = rt.to_str(result)?;
        return push_str(rt, buf, result);
    }
    let template = kept_arg(rt, args, 1);
    let width = rt.len(search);
    let captures = Substitution::Ranges { captures: &[at, at + width], program: None };
    push_substitution(rt, buf, template, s, at, captures)
}

/// What a template can refer to.
pub enum Substitution<'a> {
    /// Start and end of the match and of each capture in the subject; the program that knows the groups' names, if any.
    Ranges {
        /// Pairs, the match first; `u32::MAX` for a group that took no part.
        captures: &'a [u32],
        /// Program cell of the regular expression, if it has named groups.
        program: Option<Ref>,
    },
    /// An array of strings and undefined, the match first; the object of named groups, or undefined.
    Values {
        /// The array, made by the engine.
        captures: Slot,
        /// Named captures.
        groups: Slot,
        /// Kept for the time in which `groups` runs JavaScript.
        subject: Slot,
        /// The same.
        template: Slot,
    },
}

/// 22.1.3.19.1 GetSubstitution ( matched, str, position, captures, namedCaptures, replacementTemplate ), appended to `buf`.
/// Runs JavaScript only with [`Substitution::Values`].
pub fn push_substitution(
    rt: &mut Rt,
    buf: &mut StrBuf,
    template: Ref,
    s: Ref,
    position: u32,
    captures: Substitution<'_>,
) -> JsResult<()> {
    let count = match &captures {
        Substitution::Ranges { captures, .. } => captures.len() as u32 / 2,
        Substitution::Values { captures, .. } => rt.array_len(captures.obj(rt)),
    };
    let end_of_match = |rt: &Rt, len: u32| match &captures {
        Substitution::Ranges { captures, .. } => captures[1],
        Substitution::Values { captures, .. } => {
            let matched = rt.word(rt.elements(captures.obj(rt)), 0).as_ref();
            position.saturating_add(rt.len(matched)).min(len)
        }
    };
    let (mut s, mut template) = (s, template);
    let mut at = 0;
    let len = rt.len(template);
    while at < len {
        let dollar = rt.with_units(template, |u| {
            (at as usize..u.len()).find(|&i| u.at(i) == u16::from(b'$')).map_or(len, |i| i as u32)
        });
        push_range(rt, buf, template, at, dollar)?;
        at = dollar;
        if at + 1 >= len {
            break;
        }
        let next = rt.unit_at(template, at + 1);
        match u8::try_from(next).unwrap_or(0) {
            b'$' => {
                buf.push(u16::from(b'$'));
                at += 2;
            }
            b'`' => {
                push_range(rt, buf, s, 0, position)?;
                at += 2;
            }
            b'&' => {
                push_capture(rt, buf, s, &captures, 0)?;
                at += 2;
            }
            b'\'' => {
                let len = rt.len(s);
                let end = end_of_match(rt, len);
                push_range(rt, buf, s, end, len)?;
                at += 2;
            }
            digit @ b'0'..=b'9' => {
                let mut index = u32::from(digit - b'0');
                let mut width = 2;
                if at + 2 < len
                    && let Some(second) = (rt.unit_at(template, at + 2) as u8 as char).to_digit(10)
                    && rt.unit_at(template, at + 2) < 128
                    && index * 10 + second < count
                {
                    index = index * 10 + second;
                    width = 3;
                }
                if index == 0 || index >= count {
                    push_range(rt, buf, template, at, at + width)?;
                } else {
                    push_capture(rt, buf, s, &captures, index)?;
                }
                at += width;
            }
            b'<' => {
                let close = rt.with_units(template, |u| {
                    (at as usize + 2..u.len()).find(|&i| u.at(i) == u16::from(b'>')).map(|i| i as u32)
                });
                let named = match &captures {
                    Substitution::Ranges { program, .. } => program.is_some(),
                    Substitution::Values { groups, .. } => !groups.get(rt).is_undefined(),
                };
                let Some(close) = close.filter(|_| named) else {
                    buf.push_ascii("$<");
                    at += 2;
                    continue;
                };
                match &captures {
                    Substitution::Ranges { captures: ranges, program } => {
                        let group = program.and_then(|p| named_range(rt, p, template, at + 2, close, ranges));
                        if let Some(group) = group {
                            push_capture(rt, buf, s, &captures, group)?;
                        }
                    }
                    &Substitution::Values { groups, subject, template: kept, .. } => {
                        let name = rt.substring(template, at + 2, close);
                        let key = rt.key_of_string(name);
                        let capture = rt.get(groups.get(rt), key)?;
                        if !capture.is_undefined() {
                            let capture = rt.to_str(capture)?;
                            push_str(rt, buf, capture)?;
                        }
                        (s, template) = (subject.obj(rt), kept.obj(rt));
                    }
                }
                at = close + 1;
            }
            _ => {
                buf.push(u16::from(b'$'));
                at += 1;
            }
        }
    }
    if at < len {
        push_range(rt, buf, template, at, len)?;
    }
    Ok(())
}

fn push_capture(rt: &mut Rt, buf: &mut StrBuf, s: Ref, captures: &Substitution<'_>, i: u32) -> JsResult<()> {
    match captures {
        Substitution::Ranges { captures, .. } => {
            let (from, to) = (captures[2 * i as usize], captures[2 * i as usize + 1]);
            if from == u32::MAX { Ok(()) } else { push_range(rt, buf, s, from, to) }
        }
        Substitution::Values { captures, .. } => {
            let v = rt.word(rt.elements(captures.obj(rt)), i);
            if v.is_string() { push_str(rt, buf, v.as_ref()) } else { Ok(()) }
        }
    }
}

/// The group of this name that took part, if any.
fn named_range(rt: &Rt, program: Ref, template: Ref, from: u32, to: u32, captures: &[u32]) -> Option<u32> {
    regexp::with_program(rt, program, |code| {
        rt.with_units(template, |u| {
            let name = unit_range(u, from as usize, to as usize);
            crate::regexp::group_names(code)
                .filter(|group| captures.get(2 * group.group as usize).is_some_and(|&at| at != u32::MAX))
                .find(|group| group.units().eq(name.iter()))
                .map(|group| group.group)
        })
    })
}
