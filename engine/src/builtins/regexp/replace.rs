//! Symbol.replace.
use super::exec::{Captures, regexp_exec, run_program};
use super::match_::{set_last_index_of, step_over_empty, stepping_flags};
use super::*;
use crate::builtins::string::{Substitution, has_patterns, push_range, push_str, push_substitution, replace_range};
use crate::regexp::UNSET;
use crate::runtime::Slot;
use crate::string::StrBuf;

/// Arguments of a replacement function that need no host allocation.
const INLINE_ARGS: usize = 12;

/// 22.2.6.11 RegExp.prototype [ %Symbol.replace% ] ( string, replaceValue )
pub fn symbol_replace(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !this.is_object() {
        return Err(rt.throw_type("RegExp.prototype[Symbol.replace] called on a value that is not an object"));
    }
    let s = args.get(rt, 0);
    let s = rt.to_str(s)?;
    let s = rt.root(Value::string(s));
    let replacement = rt.root(args.get(rt, 1));
    let functional = rt.is_callable(replacement.get(rt));
    if !functional {
        let template = rt.to_str(replacement.get(rt))?;
        replacement.set(rt, Value::string(template));
    }
    let this = args.this(rt);
    if is_pristine(rt, this) {
        return replace_pristine(rt, this.as_ref(), s.obj(rt), replacement.get(rt));
    }
    let flags = rt.get_name(this, atoms::flags)?;
    let flags = rt.to_str(flags)?;
    let (global, by_code_point) = stepping_flags(rt, flags);
    if global {
        set_last_index_of(rt, args.this(rt), Value::int(0))?;
    }
    let results = rt.new_array(&[]);
    let results = rt.root(Value::object(results));
    loop {
        let result = regexp_exec(rt, args.this(rt), s.obj(rt))?;
        if result.is_null() {
            break;
        }
        rt.array_push(results.obj(rt), result);
        if !global {
            break;
        }
        let matched = rt.get_index(result, 0)?;
        let matched = rt.to_str(matched)?;
        if rt.len(matched) == 0 {
            step_over_empty(rt, args.this(rt), s.obj(rt), by_code_point)?;
        }
        rt.poll()?;
    }
    let mut buf = rt.str_buf();
    let mut next = 0;
    for i in 0..rt.array_len(results.obj(rt)) {
        let mark = rt.roots_mark();
        let result = rt.word(rt.elements(results.obj(rt)), i);
        next = push_result(rt, &mut buf, result, s, replacement, functional, next)?;
        rt.release_roots(mark);
        rt.poll()?;
    }
    let s = s.obj(rt);
    if next < rt.len(s) {
        push_range(rt, &mut buf, s, next, rt.len(s))?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// Appends what lies between the last match and `result`, and its replacement; returns where the next part starts.
fn push_result(
    rt: &mut Rt,
    buf: &mut StrBuf,
    result: Value,
    s: Slot,
    replacement: Slot,
    functional: bool,
    next: u32,
) -> JsResult<u32> {
    let result = rt.root(result);
    let count = rt.length_of(result.obj(rt))?.max(1.0);
    // Array of the match and the captures, then (for a function) position, subject and groups.
    let captures = rt.new_array(&[]);
    let captures = rt.root(Value::object(captures));
    let matched = rt.get_index(result.get(rt), 0)?;
    let matched = rt.to_str(matched)?;
    rt.array_push(captures.obj(rt), Value::string(matched));
    let position = rt.get_name(result.get(rt), atoms::index)?;
    let position = rt.to_integer(position)?.clamp(0.0, f64::from(rt.len(s.obj(rt)))) as u32;
    let mut n = 1.0;
    while n < count {
        let key = rt.key_of_number(n);
        let mut capture = rt.get(result.get(rt), key)?;
        if !capture.is_undefined() {
            capture = Value::string(rt.to_str(capture)?);
        }
        rt.array_push(captures.obj(rt), capture);
        n += 1.0;
        rt.poll()?;
    }
    let groups = rt.get_name(result.get(rt), atoms::groups)?;
    let groups = rt.root(groups);
    let matched_len = rt.len(rt.word(rt.elements(captures.obj(rt)), 0).as_ref());
    let mut replaced = rt.str_buf();
    if functional {
        rt.array_push(captures.obj(rt), Value::uint(position));
        rt.array_push(captures.obj(rt), s.get(rt));
        if !groups.get(rt).is_undefined() {
            rt.array_push(captures.obj(rt), groups.get(rt));
        }
        let text = rt.call_with_array(replacement.get(rt), Value::UNDEFINED, Value::UNDEFINED, captures.obj(rt))?;
        let text = rt.to_str(text)?;
        push_str(rt, &mut replaced, text)?;
    } else {
        if !groups.get(rt).is_undefined() {
            let object = rt.to_object(groups.get(rt))?;
            groups.set(rt, Value::object(object));
        }
        let values = Substitution::Values { captures, groups, subject: s, template: replacement };
        push_substitution(rt, &mut replaced, replacement.obj(rt), s.obj(rt), position, values)?;
    }
    let mut end = next;
    if position >= next {
        push_range(rt, buf, s.obj(rt), next, position)?;
        crate::builtins::string::check_growth(rt, buf.len() + replaced.len())?;
        buf.push_units(replaced.units());
        end = position.saturating_add(matched_len).min(rt.len(s.obj(rt)));
    }
    replaced.clear();
    rt.host().give_str_buf(replaced);
    Ok(end)
}

/// Symbol.replace of a pristine RegExp by a string or a function: no result objects, and the function is called as the
/// matches are found. It cannot tell: the matcher reads neither `lastIndex` nor any property in between.
pub fn replace_pristine(rt: &mut Rt, re: Ref, s: Ref, replacement: Value) -> JsResult {
    let flags = flags_of(rt, re);
    let (global, sticky) = (flags.contains(Flags::GLOBAL), flags.contains(Flags::STICKY));
    let mut at = 0;
    if global {
        rt.put(re, LAST_INDEX, Value::int(0));
    } else {
        let last: Value = rt.load(re, LAST_INDEX);
        if !last.is_int() {
            return replace_converting(rt, re, s, replacement);
        }
        if sticky {
            at = last.as_int().max(0) as u32;
        }
    }
    let mark = rt.roots_mark();
    let (re, s, replacement) = (rt.root(Value::object(re)), rt.root(Value::string(s)), rt.root(replacement));
    // Kept for itself: a function may recompile the expression.
    let program = rt.internal(re.obj(rt), PROGRAM);
    let program = rt.root(program);
    let result = if replacement.get(rt).is_string() {
        replace_by_template(rt, re, s, program, replacement, at)
    } else {
        replace_by_function(rt, re, s, program, replacement, at)
    };
    rt.release_roots(mark);
    result
}

/// `lastIndex` holds something to convert, which may run JavaScript.
#[cold]
fn replace_converting(rt: &mut Rt, re: Ref, s: Ref, replacement: Value) -> JsResult {
    rt.scoped(|rt| {
        let (re, s, replacement) = (rt.root(Value::object(re)), rt.root(Value::string(s)), rt.root(replacement));
        let mut buf = rt.str_buf();
        let result = regexp_exec(rt, re.get(rt), s.obj(rt))?;
        if result.is_null() {
            return Ok(s.get(rt));
        }
        let functional = !replacement.get(rt).is_string();
        let end = push_result(rt, &mut buf, result, s, replacement, functional, 0)?;
        let s = s.obj(rt);
        push_range(rt, &mut buf, s, end, rt.len(s))?;
        Ok(Value::string(rt.finish_str(buf)?))
    })
}

/// The next match from `at`, with the effects on `lastIndex` of a match that is not global.
fn next_match(rt: &mut Rt, re: Slot, s: Slot, program: Slot, at: u32, captures: &mut Captures) -> JsResult<bool> {
    let text = s.obj(rt);
    let found = at <= rt.len(text) && run_program(rt, program.get(rt), text, at)?;
    if found {
        captures.load(rt);
    }
    let flags = flags_of(rt, re.obj(rt));
    if flags.contains(Flags::STICKY) && !flags.contains(Flags::GLOBAL) {
        let last = if found { captures.end() } else { 0 };
        rt.put(re.obj(rt), LAST_INDEX, Value::uint(last));
    }
    Ok(found)
}

/// Where to look for the match after `captures`.
fn after(rt: &Rt, s: Ref, captures: &Captures, flags: Flags) -> u32 {
    if captures.start() == captures.end() {
        advance(rt, s, captures.end(), flags.by_code_point())
    } else {
        captures.end()
    }
}

fn replace_by_template(rt: &mut Rt, re: Slot, s: Slot, program: Slot, template: Slot, from: u32) -> JsResult {
    let flags = flags_of(rt, re.obj(rt));
    let global = flags.contains(Flags::GLOBAL);
    let mut captures = Captures::new();
    if !next_match(rt, re, s, program, from, &mut captures)? {
        return Ok(s.get(rt));
    }
    // Nothing below runs JavaScript.
    let (s_slot, s, template) = (s, s.obj(rt), template.obj(rt));
    let plain = !has_patterns(rt, template);
    if plain && !global {
        return replace_range(rt, s, captures.start(), captures.end(), template);
    }
    let named = !rt.internal(re.obj(rt), GROUPS_SHAPE).is_undefined();
    let names = named.then(|| program.obj(rt));
    let mut buf = rt.str_buf();
    let mut done = 0;
    let mut count = 0u32;
    loop {
        push_range(rt, &mut buf, s, done, captures.start())?;
        if plain {
            push_str(rt, &mut buf, template)?;
        } else {
            let ranges = Substitution::Ranges { captures: captures.pairs(), program: names };
            push_substitution(rt, &mut buf, template, s, captures.start(), ranges)?;
        }
        done = captures.end();
        if !global {
            break;
        }
        count += 1;
        if count.is_multiple_of(512) {
            rt.poll()?;
        }
        let at = after(rt, s, &captures, flags);
        if !next_match(rt, re, s_slot, program, at, &mut captures)? {
            break;
        }
    }
    push_range(rt, &mut buf, s, done, rt.len(s))?;
    Ok(Value::string(rt.finish_str(buf)?))
}

fn replace_by_function(rt: &mut Rt, re: Slot, s: Slot, program: Slot, f: Slot, from: u32) -> JsResult {
    let flags = flags_of(rt, re.obj(rt));
    let shape = rt.internal(re.obj(rt), GROUPS_SHAPE);
    let shape = rt.root(shape);
    let mut captures = Captures::new();
    if !next_match(rt, re, s, program, from, &mut captures)? {
        return Ok(s.get(rt));
    }
    let mut buf = rt.str_buf();
    let mut done = 0;
    loop {
        push_range(rt, &mut buf, s.obj(rt), done, captures.start())?;
        let text = call_replacer(rt, f, s, program, shape, &captures)?;
        push_str(rt, &mut buf, text)?;
        done = captures.end();
        if !flags.contains(Flags::GLOBAL) {
            break;
        }
        let at = after(rt, s.obj(rt), &captures, flags);
        let text = s.obj(rt);
        if at > rt.len(text) || !run_program(rt, program.get(rt), text, at)? {
            break;
        }
        captures.load(rt);
        rt.poll()?;
    }
    let s = s.obj(rt);
    push_range(rt, &mut buf, s, done, rt.len(s))?;
    Ok(Value::string(rt.finish_str(buf)?))
}

/// Calls the replacement function with match, captures, position, subject and groups; its result as a string.
fn call_replacer(rt: &mut Rt, f: Slot, s: Slot, program: Slot, shape: Slot, captures: &Captures) -> JsResult<Ref> {
    let pairs = captures.pairs();
    let text = s.obj(rt);
    let capture = |rt: &Rt, pair: &[u32]| {
        if pair[0] == UNSET { Value::UNDEFINED } else { Value::string(rt.substring(text, pair[0], pair[1])) }
    };
    let count = pairs.len() / 2;
    let result = if count + 2 <= INLINE_ARGS && shape.get(rt).is_undefined() {
        let mut values = [Value::UNDEFINED; INLINE_ARGS];
        for (v, pair) in values.iter_mut().zip(pairs.chunks_exact(2)) {
            *v = capture(rt, pair);
        }
        values[count] = Value::uint(captures.start());
        values[count + 1] = s.get(rt);
        rt.call(f.get(rt), Value::UNDEFINED, &values[..count + 2])?
    } else {
        let array = rt.new_array_with_capacity(count as u32 + 3);
        for pair in pairs.chunks_exact(2) {
            rt.array_push(array, capture(rt, pair));
        }
        let groups = result::groups_of(rt, shape.get(rt), program.obj(rt), pairs, rt.elements(array));
        rt.array_push(array, Value::uint(captures.start()));
        rt.array_push(array, s.get(rt));
        if !groups.is_undefined() {
            rt.array_push(array, groups);
        }
        rt.call_with_array(f.get(rt), Value::UNDEFINED, Value::UNDEFINED, array)?
    };
    rt.to_str(result)
}
