//! The methods that hand over to a regular expression: match, matchAll, search.
use super::{arg_str, kept_this, pattern_method, this_coercible, this_str};
use crate::builtins::regexp;
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::realm::WellKnown;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Value};

/// 22.1.3.13 String.prototype.match ( regexp )
pub fn match_(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_coercible(rt, args, "match")?;
    let pattern = args.get(rt, 0);
    if this.is_string() && regexp::is_pristine(rt, pattern) {
        return regexp::match_pristine(rt, pattern.as_ref(), this.as_ref());
    }
    dispatch(rt, args, "match", WellKnown::Match, None)
}

/// 22.1.3.14 String.prototype.matchAll ( regexp )
pub fn match_all(rt: &mut Rt, args: Args) -> JsResult {
    this_coercible(rt, args, "matchAll")?;
    let pattern = args.get(rt, 0);
    if pattern.is_object() && regexp::is_regexp(rt, pattern)? {
        let pattern = args.get(rt, 0);
        let flags = rt.get_name(pattern, atoms::flags)?;
        if flags.is_nullish() {
            return Err(rt.throw_type("String.prototype.matchAll called with a regular expression without flags"));
        }
        let flags = rt.to_str(flags)?;
        if !rt.with_units(flags, |u| u.iter().any(|u| u == u16::from(b'g'))) {
            return Err(rt.throw_type("String.prototype.matchAll called with a non-global RegExp argument"));
        }
    }
    dispatch(rt, args, "matchAll", WellKnown::MatchAll, Some("g"))
}

/// 22.1.3.21 String.prototype.search ( regexp )
pub fn search(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_coercible(rt, args, "search")?;
    let pattern = args.get(rt, 0);
    if this.is_string() && regexp::is_pristine(rt, pattern) {
        return regexp::search_pristine(rt, pattern.as_ref(), this.as_ref());
    }
    dispatch(rt, args, "search", WellKnown::Search, None)
}

/// The pattern's own method if it is an object that has one; else that of a new regular expression.
fn dispatch(rt: &mut Rt, args: Args, method: &str, which: WellKnown, flags: Option<&str>) -> JsResult {
    let pattern = args.get(rt, 0);
    let f = pattern_method(rt, pattern, which)?;
    if !f.is_undefined() {
        let (pattern, this) = (args.get(rt, 0), args.this(rt));
        return rt.call(f, pattern, &[this]);
    }
    this_str(rt, args, method)?;
    let source = if args.get(rt, 0).is_undefined() { atoms::empty } else { arg_str(rt, args, 0)? };
    let flags = flags.map_or(atoms::empty, |flags| rt.new_str(flags));
    let re = regexp::create(rt, source, flags)?;
    debug_assert_eq!(rt.kind(re), Kind::RegExp);
    let key = Key::Name(rt.symbol(which));
    let s = kept_this(rt, args);
    rt.invoke(Value::object(re), key, &[Value::string(s)])
}
