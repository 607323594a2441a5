//! join and toLocaleString.
use super::get_element;
use super::view::this_view;
use crate::builtins::array::join::{append, join_locale};
use crate::call::Args;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Value};

/// 23.2.3.18 %TypedArray%.prototype.join ( separator )
pub fn join(rt: &mut Rt, args: Args) -> JsResult {
    let (o, view) = this_view(rt, args)?;
    let sep = args.get(rt, 0);
    let sep = if sep.is_undefined() { atoms::comma } else { rt.to_str(sep)? };
    let sep = Value::string(sep);
    let mut buf = rt.str_buf();
    for k in 0..view.len {
        if k > 0 {
            append(rt, &mut buf, sep)?;
        }
        if let Some(v) = get_element(rt, o.obj(rt), k) {
            append(rt, &mut buf, v)?;
        }
        // Elements are numbers and BigInts: nothing here runs JavaScript, `sep` stays where it is.
        if k & 0xFFF == 0xFFF {
            rt.poll()?;
        }
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// 23.2.3.31 %TypedArray%.prototype.toLocaleString ( )
pub fn to_locale_string(rt: &mut Rt, args: Args) -> JsResult {
    let (o, view) = this_view(rt, args)?;
    join_locale(rt, o, u64::from(view.len))
}
