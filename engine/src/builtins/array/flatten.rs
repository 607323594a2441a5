//! flat and flatMap.
use super::access::{self, callable, next_present, species_or_array, this_object};
use crate::call::Args;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// 23.1.3.13 Array.prototype.flat ( \[ depth \] )
pub fn flat(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    let depth = args.get(rt, 0);
    let depth = if depth.is_undefined() { 1.0 } else { rt.to_integer(depth)?.max(0.0) };
    let a = species_or_array(rt, o, 0)?;
    let mut n = 0;
    flatten_into(rt, a, &mut n, o, len, depth, None)?;
    Ok(a.get(rt))
}

/// 23.1.3.14 Array.prototype.flatMap ( mapper \[ , thisArg \] )
pub fn flat_map(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    callable(rt, args, 0)?;
    let a = species_or_array(rt, o, 0)?;
    let mut n = 0;
    flatten_into(rt, a, &mut n, o, len, 1.0, Some(args))?;
    Ok(a.get(rt))
}

/// 23.1.3.13.1 FlattenIntoArray, with the mapper's arguments if there is one.
fn flatten_into(
    rt: &mut Rt,
    a: Slot,
    n: &mut u64,
    source: Slot,
    len: u64,
    depth: f64,
    mapper: Option<Args>,
) -> JsResult<()> {
    rt.check_native_stack()?;
    let mark = rt.roots_mark();
    let item = rt.root(Value::UNDEFINED);
    let mut k = 0;
    while let Some((at, mut v)) = next_present(rt, source, k, len)? {
        if let Some(args) = mapper {
            v = access::call_back(rt, args, v, at, source)?;
        }
        item.set(rt, v);
        if depth > 0.0 && access::is_array(rt, v)? {
            let inner = access::length(rt, item)?;
            flatten_into(rt, a, n, item, inner, depth - 1.0, None)?;
        } else {
            if *n >= access::MAX_SAFE {
                return Err(access::throw_too_long(rt));
            }
            let v = item.get(rt);
            access::create(rt, a, *n, v)?;
            *n += 1;
        }
        k = at + 1;
        access::poll_at(rt, k)?;
    }
    rt.release_roots(mark);
    Ok(())
}
