//! compile of annex B.
use super::*;

/// B.2.4.1 RegExp.prototype.compile ( pattern, flags )
pub fn compile(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !rt.is_kind(this, Kind::RegExp) {
        return Err(rt.throw_type("RegExp.prototype.compile called on an object that is not a RegExp"));
    }
    let re = rt.root(this);
    let (source, flags) = (rt.root(args.get(rt, 0)), rt.root(args.get(rt, 1)));
    let pattern = source.get(rt);
    if rt.is_kind(pattern, Kind::RegExp) {
        if !flags.get(rt).is_undefined() {
            return Err(rt.throw_type("flags must be undefined when the pattern is a RegExp"));
        }
        let text = flags::text(rt, flags_of(rt, pattern.as_ref()));
        flags.set(rt, Value::string(text));
        source.set(rt, rt.internal(pattern.as_ref(), SOURCE));
    }
    construct::initialize(rt, re, source, flags)?;
    Ok(re.get(rt))
}
