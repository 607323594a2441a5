//! The HTML methods of annex B (B.2.2.2 to B.2.2.14).
use super::{arg_str, kept_this, push_str, this_str};
use crate::call::Args;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

/// B.2.2.2.1 CreateHTML ( string, tag, attribute, value )
fn create_html(rt: &mut Rt, args: Args, method: &str, tag: &str, attribute: &str) -> JsResult {
    this_str(rt, args, method)?;
    let mut buf = rt.str_buf();
    buf.push_ascii("<");
    buf.push_ascii(tag);
    if !attribute.is_empty() {
        let value = arg_str(rt, args, 0)?;
        super::check_growth(rt, rt.len(value) as usize)?;
        buf.push_ascii(" ");
        buf.push_ascii(attribute);
        buf.push_ascii("=\"");
        rt.with_units(value, |u| {
            for unit in u.iter() {
                if unit == u16::from(b'"') { buf.push_ascii("&quot;") } else { buf.push(unit) }
            }
        });
        buf.push_ascii("\"");
    }
    buf.push_ascii(">");
    let s = kept_this(rt, args);
    push_str(rt, &mut buf, s)?;
    buf.push_ascii("</");
    buf.push_ascii(tag);
    buf.push_ascii(">");
    Ok(Value::string(rt.finish_str(buf)?))
}

macro_rules! html_methods {
    ($($spec:literal $f:ident $method:literal $tag:literal $attribute:literal)*) => {
        $(#[doc = $spec] pub fn $f(rt: &mut Rt, args: Args) -> JsResult {
            create_html(rt, args, $method, $tag, $attribute)
        })*
    };
}

html_methods! {
    "B.2.2.2 String.prototype.anchor ( name )" anchor "anchor" "a" "name"
    "B.2.2.3 String.prototype.big ( )" big "big" "big" ""
    "B.2.2.4 String.prototype.blink ( )" blink "blink" "blink" ""
    "B.2.2.5 String.prototype.bold ( )" bold "bold" "b" ""
    "B.2.2.6 String.prototype.fixed ( )" fixed "fixed" "tt" ""
    "B.2.2.7 String.prototype.fontcolor ( colour )" fontcolor "fontcolor" "font" "color"
    "B.2.2.8 String.prototype.fontsize ( size )" fontsize "fontsize" "font" "size"
    "B.2.2.9 String.prototype.italics ( )" italics "italics" "i" ""
    "B.2.2.10 String.prototype.link ( url )" link "link" "a" "href"
    "B.2.2.11 String.prototype.small ( )" small "small" "small" ""
    "B.2.2.12 String.prototype.strike ( )" strike "strike" "strike" ""
    "B.2.2.13 String.prototype.sub ( )" sub "sub" "sub" ""
    "B.2.2.14 String.prototype.sup ( )" sup "sup" "sup" ""
}
