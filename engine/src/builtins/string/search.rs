//! Finding strings in strings.
use super::{arg_str, kept_arg, kept_this, this_str, unit_range};
use crate::builtins::regexp::is_regexp;
use crate::call::Args;
use crate::runtime::Rt;
use crate::string::Units;
use crate::value::{JsResult, Ref, Value};
use memchr::memmem;

/// Units of narrow text searched, or comparisons made in wide text, between two polls.
const WORK: usize = 1 << 20;

/// How a bounded search ended.
enum Step {
    Found(usize),
    Absent,
    /// Out of work units: everything before this start is ruled out.
    Pause(usize),
}

/// StringIndexOf ( string, searchValue, fromIndex ): polls, so it takes any lengths.
pub fn find(rt: &mut Rt, s: Ref, needle: Ref, from: u32) -> JsResult<Option<u32>> {
    let mut at = from as usize;
    loop {
        let step = rt.with_units(s, |s| rt.with_units(needle, |n| find_step(s, n, at)));
        match step {
            Step::Found(i) => return Ok(Some(i as u32)),
            Step::Absent => return Ok(None),
            Step::Pause(next) => at = next,
        }
        rt.poll()?;
    }
}

#[inline]
fn find_step(s: Units<'_>, needle: Units<'_>, from: usize) -> Step {
    if needle.is_empty() {
        return if from <= s.len() { Step::Found(from) } else { Step::Absent };
    }
    if s.len() < needle.len() || from > s.len() - needle.len() {
        return Step::Absent;
    }
    match (s, needle) {
        (Units::Latin1(s), Units::Latin1(n)) => {
            let end = s.len().min(from.saturating_add(WORK).saturating_add(n.len() - 1));
            let window = &s[from..end];
            match find_bytes(window, n) {
                Some(i) => Step::Found(from + i),
                None if end == s.len() => Step::Absent,
                None => Step::Pause(end + 1 - n.len()),
            }
        }
        (Units::Utf16(s), Units::Utf16(n)) => find_wide(s, n, from),
        (Units::Utf16(s), Units::Latin1(n)) => find_wide(s, n, from),
        // A wide needle may still have only narrow units.
        (Units::Latin1(s), Units::Utf16(n)) => find_wide(s, n, from),
    }
}

/// First position of a needle that is not empty.
///
/// OPTIMIZATION: most searches are over after a few candidates for the first byte, before a linear-time searcher would
/// have been set up; it takes over where candidates are frequent and wrong.
fn find_bytes(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let last_start = haystack.len().checked_sub(rest.len())?;
    let (mut at, mut misses) = (0, 0);
    loop {
        let start = at + memchr::memchr(first, haystack.get(at..last_start)?)?;
        if haystack[start + 1..].starts_with(rest) {
            return Some(start);
        }
        at = start + 1;
        misses += 1;
        if misses > 16 && misses * 16 > at {
            return memmem::find(&haystack[at..], needle).map(|i| at + i);
        }
    }
}

/// First-unit scan, then comparison; stops after [`WORK`] steps. `needle` is not empty and fits.
fn find_wide<H: Copy + Into<u16>, N: Copy + Into<u16>>(s: &[H], needle: &[N], from: usize) -> Step {
    let first: u16 = needle[0].into();
    let last_start = s.len() - needle.len();
    let mut work = 0;
    let mut at = from;
    while at <= last_start {
        let scan_end = (last_start + 1).min(at + 4096);
        let Some(i) = s[at..scan_end].iter().position(|&u| u.into() == first) else {
            work += 4096 / 8;
            at = scan_end;
            if work > WORK {
                return Step::Pause(at);
            }
            continue;
        };
        at += i;
        let matched = needle.iter().zip(&s[at..]).take_while(|&(&n, &u)| n.into() == u.into()).count();
        if matched == needle.len() {
            return Step::Found(at);
        }
        at += 1;
        work += 1 + matched;
        if work > WORK {
            return Step::Pause(at);
        }
    }
    Step::Absent
}

/// Whether `part` stands at unit `at` of `s` (in bounds).
fn stands_at(rt: &Rt, s: Ref, part: Ref, at: u32) -> bool {
    rt.with_units(s, |s| {
        rt.with_units(part, |part| match (unit_range(s, at as usize, at as usize + part.len()), part) {
            (Units::Latin1(a), Units::Latin1(b)) => a == b,
            (Units::Utf16(a), Units::Utf16(b)) => a == b,
            (a, b) => a.iter().eq(b.iter()),
        })
    })
}

/// The search string of startsWith, endsWith, includes: TypeError for a regexp.
fn plain_search_str(rt: &mut Rt, args: Args, method: &str) -> JsResult<()> {
    let v = args.get(rt, 0);
    if v.is_object() && is_regexp(rt, v)? {
        let message = format!("First argument to String.prototype.{method} must not be a regular expression");
        return Err(rt.throw_type(&message));
    }
    arg_str(rt, args, 0)?;
    Ok(())
}

/// A position argument clamped to the string.
fn clamped_position(rt: &mut Rt, args: Args, default: f64) -> JsResult<u32> {
    let pos = args.get(rt, 1);
    let pos = if pos.is_undefined() { default } else { rt.to_integer(pos)? };
    let len = f64::from(rt.len(kept_this(rt, args)));
    Ok(pos.clamp(0.0, len) as u32)
}

/// 22.1.3.7 String.prototype.endsWith ( searchString, endPosition )
pub fn ends_with(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "endsWith")?;
    plain_search_str(rt, args, "endsWith")?;
    let end = clamped_position(rt, args, f64::INFINITY)?;
    let (s, part) = (kept_this(rt, args), kept_arg(rt, args, 0));
    let len = rt.len(part);
    Ok(Value::bool(len <= end && stands_at(rt, s, part, end - len)))
}

/// 22.1.3.24 String.prototype.startsWith ( searchString, position )
pub fn starts_with(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "startsWith")?;
    plain_search_str(rt, args, "startsWith")?;
    let start = clamped_position(rt, args, 0.0)?;
    let (s, part) = (kept_this(rt, args), kept_arg(rt, args, 0));
    let fits = rt.len(part) <= rt.len(s) - start;
    Ok(Value::bool(fits && stands_at(rt, s, part, start)))
}

/// 22.1.3.8 String.prototype.includes ( searchString, position )
pub fn includes(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "includes")?;
    plain_search_str(rt, args, "includes")?;
    let start = clamped_position(rt, args, 0.0)?;
    let (s, part) = (kept_this(rt, args), kept_arg(rt, args, 0));
    Ok(Value::bool(find(rt, s, part, start)?.is_some()))
}

/// 22.1.3.9 String.prototype.indexOf ( searchString, position )
pub fn index_of(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "indexOf")?;
    arg_str(rt, args, 0)?;
    let start = clamped_position(rt, args, 0.0)?;
    let (s, part) = (kept_this(rt, args), kept_arg(rt, args, 0));
    Ok(find(rt, s, part, start)?.map_or(Value::int(-1), Value::uint))
}

/// 22.1.3.11 String.prototype.lastIndexOf ( searchString, position )
pub fn last_index_of(rt: &mut Rt, args: Args) -> JsResult {
    this_str(rt, args, "lastIndexOf")?;
    arg_str(rt, args, 0)?;
    let pos = args.get(rt, 1);
    let pos = rt.to_number(pos)?;
    let pos = if pos.is_nan() { f64::INFINITY } else { pos.trunc() };
    let (s, part) = (kept_this(rt, args), kept_arg(rt, args, 0));
    let (len, part_len) = (rt.len(s), rt.len(part));
    if part_len > len {
        return Ok(Value::int(-1));
    }
    let start = pos.clamp(0.0, f64::from(len - part_len)) as u32;
    Ok(find_last(rt, s, part, start)?.map_or(Value::int(-1), Value::uint))
}

/// StringLastIndexOf ( string, searchValue, fromIndex ): the last start ≤ `start`, which is in bounds.
fn find_last(rt: &mut Rt, s: Ref, part: Ref, start: u32) -> JsResult<Option<u32>> {
    let part_len = rt.len(part) as usize;
    if part_len == 0 {
        return Ok(Some(start));
    }
    // Starts [0, end) are left to try.
    let mut end = start as usize + 1;
    loop {
        let step = rt.with_units(s, |s| {
            rt.with_units(part, |n| match (s, n) {
                (Units::Latin1(s), Units::Latin1(n)) => {
                    let from = end.saturating_sub(WORK);
                    match memmem::rfind(&s[from..end - 1 + n.len()], n) {
                        Some(i) => Step::Found(from + i),
                        None if from == 0 => Step::Absent,
                        None => Step::Pause(from),
                    }
                }
                (s, n) => rfind_units(s, n, end),
            })
        });
        match step {
            Step::Found(i) => return Ok(Some(i as u32)),
            Step::Absent => return Ok(None),
            Step::Pause(next) => end = next,
        }
        rt.poll()?;
    }
}

fn rfind_units(s: Units<'_>, needle: Units<'_>, end: usize) -> Step {
    let mut work = 0;
    for at in (0..end).rev() {
        let matched = (0..needle.len()).take_while(|&i| s.at(at + i) == needle.at(i)).count();
        if matched == needle.len() {
            return Step::Found(at);
        }
        work += 1 + matched;
        if work > WORK {
            return if at == 0 { Step::Absent } else { Step::Pause(at) };
        }
    }
    Step::Absent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_find_the_same() {
        let haystack: Vec<u8> =
            (0..4000u32).map(|i| if i * i % 7 < 3 { b'a' } else { b'b' }).chain(*b"needle").collect();
        let wide: Vec<u16> = haystack.iter().map(|&b| u16::from(b)).collect();
        for needle in [&b"a"[..], b"ab", b"abba", b"needle", b"aaaaaaaaaaaa", b"le", b"z"] {
            let expected = haystack.windows(needle.len()).position(|w| w == needle);
            assert_eq!(find_bytes(&haystack, needle), expected);
            let wide_needle: Vec<u16> = needle.iter().map(|&b| u16::from(b)).collect();
            for (s, n) in [
                (Units::Utf16(&wide), Units::Latin1(needle)),
                (Units::Latin1(&haystack), Units::Utf16(&wide_needle)),
                (Units::Utf16(&wide), Units::Utf16(&wide_needle)),
            ] {
                let found = match find_step(s, n, 0) {
                    Step::Found(i) => Some(i),
                    _ => None,
                };
                assert_eq!(found, expected);
            }
        }
    }
}
