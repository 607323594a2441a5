//! RegExp objects (22.2.4 to 22.2.9) over the matcher of [`crate::regexp`].
//!
//! Internal words: source (string), program (Bytes cell of u32 words), flags (int, [`Flags::bits`]), shape of the
//! groups object (internal reference; undefined without named groups). `lastIndex` is the first inline slot: it is not
//! configurable, so it stays there. The legacy static properties (`RegExp.$1` …) are left out.
mod cache;
mod construct;
mod escape;
mod exec;
mod flags;
mod iterate;
mod legacy;
mod match_;
mod pristine;
mod replace;
mod result;
mod split;

use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::cage;
use crate::heap::layout::*;
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::regexp::Flags;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

pub use cache::ProgramCache;
pub use construct::{create, new_from_program, new_like};
pub(super) use match_::{match_pristine, search_pristine};
pub use pristine::{Prepared, finish};
pub(super) use pristine::{is_pristine, is_split_pristine};
pub(super) use replace::replace_pristine;
pub(super) use split::split_pristine;

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&REGEXP, &iterate::REGEXP_STRING_ITERATOR];

// The first rows fill the first slots of the prototype, in this order, behind `constructor`: `pristine.rs` compares them.
const REGEXP: ClassSpec = ClassSpec::class(
    "RegExp",
    construct::construct,
    2,
    Intrinsic::RegExp,
    Intrinsic::RegExpPrototype,
    &[Row::symbol_getter(WellKnown::Species, "[Symbol.species]", species), Row::method("escape", 1, escape::escape)],
    &[
        Row::intrinsic("exec", 1, exec::exec, Intrinsic::RegExpExec),
        Row::getter("flags", flags::flags),
        Row::getter("hasIndices", flags::has_indices),
        Row::getter("global", flags::global),
        Row::getter("ignoreCase", flags::ignore_case),
        Row::getter("multiline", flags::multiline),
        Row::getter("dotAll", flags::dot_all),
        Row::getter("unicode", flags::unicode),
        Row::getter("unicodeSets", flags::unicode_sets),
        Row::getter("sticky", flags::sticky),
        Row::symbol(WellKnown::Match, "[Symbol.match]", 1, match_::symbol_match),
        Row::symbol(WellKnown::MatchAll, "[Symbol.matchAll]", 1, iterate::symbol_match_all),
        Row::symbol(WellKnown::Replace, "[Symbol.replace]", 2, replace::symbol_replace),
        Row::symbol(WellKnown::Search, "[Symbol.search]", 1, match_::symbol_search),
        Row::symbol(WellKnown::Split, "[Symbol.split]", 2, split::symbol_split),
        Row::getter("source", flags::source),
        Row::method("compile", 2, legacy::compile),
        Row::method("test", 1, exec::test),
        Row::method("toString", 0, flags::to_string),
    ],
);

const SOURCE: u32 = 0;
const PROGRAM: u32 = 1;
const FLAGS: u32 = 2;
const GROUPS_SHAPE: u32 = 3;
/// Byte offset of the inline slot of `lastIndex`.
const LAST_INDEX: u32 = OBJ_INTERNAL + 8 * Kind::RegExp.internal_words();

/// 22.2.5.2 get RegExp [ %Symbol.species% ]
fn species(rt: &mut Rt, args: Args) -> JsResult {
    Ok(args.this(rt))
}

/// 7.2.8 IsRegExp ( argument )
pub fn is_regexp(rt: &mut Rt, v: Value) -> JsResult<bool> {
    if !v.is_object() {
        return Ok(false);
    }
    if is_pristine(rt, v) {
        return Ok(true);
    }
    rt.scoped(|rt| {
        let kept = rt.root(v);
        let matcher = rt.get(v, Key::Name(rt.symbol(WellKnown::Match)))?;
        if !matcher.is_undefined() {
            return Ok(rt.to_boolean(matcher));
        }
        Ok(rt.is_kind(kept.get(rt), Kind::RegExp))
    })
}

/// Runs `f` over the words of a program cell.
pub(super) fn with_program<R>(rt: &Rt, program: Ref, f: impl FnOnce(&[u32]) -> R) -> R {
    cage::with_words(rt.base(), program.0 + CELL_DATA, rt.len(program) as usize / 4, f)
}

/// The original flags.
fn flags_of(rt: &Rt, re: Ref) -> Flags {
    Flags::from_bits(rt.internal(re, FLAGS).as_int() as u8)
}

/// Whether matching starts at `lastIndex`.
fn uses_last_index(flags: Flags) -> bool {
    flags.contains(Flags::GLOBAL) || flags.contains(Flags::STICKY)
}

/// Set ( re, "lastIndex", v, true ) on a RegExp of any prototype.
fn set_last_index(rt: &mut Rt, re: Ref, v: Value) -> JsResult<()> {
    let shape = rt.shape_of(re);
    let writable = shape == rt.ctx().realm.regexp.shape.get()
        || rt.shape_find(shape, atoms::last_index).is_some_and(|found| found.info & attr::W != 0);
    if !writable {
        return Err(rt.throw_readonly(re, Key::Name(atoms::last_index)));
    }
    rt.put(re, LAST_INDEX, v);
    Ok(())
}

/// ToLength ( lastIndex ) of a RegExp of any prototype: may run JavaScript.
fn last_index(rt: &mut Rt, re: Ref) -> JsResult<f64> {
    let v: Value = rt.load(re, LAST_INDEX);
    if v.is_int() { Ok(f64::from(v.as_int().max(0))) } else { rt.to_length(v) }
}

/// 22.2.7.3 AdvanceStringIndex ( S, index, unicode )
fn advance(rt: &Rt, s: Ref, index: u32, by_code_point: bool) -> u32 {
    if !by_code_point || index + 1 >= rt.len(s) {
        return index + 1;
    }
    index + rt.with_units(s, |u| super::string::code_point_at(u, index as usize).1) as u32
}
