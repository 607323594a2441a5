//! The JSX runtime: `h` makes nodes, `renderToString` writes them as HTML.
//!
//! A node is a plain object `{ tag, props, children }` of one prepared shape. `Fragment` is a marker function: as a tag
//! it stands for its children.
use super::pairs;
use crate::names::{self, Name, ShapeOf};
use crate::object;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::heap::layout::Kind;
use lockgate_engine::object::Key;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::shape::attr;
use lockgate_engine::string::{StrBuf, Units};
use lockgate_engine::value::{JsResult, Ref, Value};

/// Global functions.
pub const GLOBALS: ClassSpec = ClassSpec::globals(&[
    Row::method("h", 2, h),
    Row::method("Fragment", 1, fragment),
    Row::method("renderToString", 1, render_to_string),
]);

const TAG: u32 = 0;
const PROPS: u32 = 1;
const CHILDREN: u32 = 2;

/// Elements that have no end tag.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// The nodes' shape and the fragment marker.
pub fn install(rt: &mut Rt) -> JsResult<()> {
    let mut shape = rt.root_shape(rt.intrinsic(Intrinsic::ObjectPrototype), Kind::Object, 3);
    for name in [Name::Tag, Name::Props, Name::Children] {
        shape = rt.shape_add(shape, names::atom(rt, name), attr::ALL);
    }
    names::set_shape(rt, ShapeOf::Node, Value::internal(shape));
    let global = Value::object(rt.intrinsic(Intrinsic::Global));
    let marker = object::get(rt, global, "Fragment")?;
    names::set_shape(rt, ShapeOf::Fragment, marker);
    Ok(())
}

/// `h(tag, props, …children)`
fn h(rt: &mut Rt, args: Args) -> JsResult {
    let children = rt.new_array_with_capacity(args.len().saturating_sub(2));
    for i in 2..args.len() {
        let child = args.get(rt, i);
        if !child.is_nullish() {
            rt.array_push(children, child);
        }
    }
    let props = match args.get(rt, 1) {
        v if v.is_object() => v,
        _ => Value::object(rt.new_object()),
    };
    let node = rt.alloc_object(names::shape(rt, ShapeOf::Node));
    rt.set_slot(node, TAG, args.get(rt, 0));
    rt.set_slot(node, PROPS, props);
    rt.set_slot(node, CHILDREN, Value::object(children));
    Ok(Value::object(node))
}

/// `Fragment(props)`: called as a component it gives its children.
fn fragment(rt: &mut Rt, args: Args) -> JsResult {
    let props = args.get(rt, 0);
    if !props.is_object() {
        return Ok(Value::NULL);
    }
    let children = names::atom(rt, Name::Children);
    rt.get_name(props, children)
}

/// `renderToString(node)`
fn render_to_string(rt: &mut Rt, args: Args) -> JsResult {
    let mut out = rt.str_buf();
    let v = args.get(rt, 0);
    match render(rt, v, &mut out) {
        Ok(()) => rt.finish_str(out).map(Value::string),
        Err(thrown) => {
            out.clear();
            rt.host().give_str_buf(out);
            Err(thrown)
        }
    }
}

fn render(rt: &mut Rt, v: Value, out: &mut StrBuf) -> JsResult<()> {
    if v.is_string() {
        escape(rt, v.as_ref(), out, false);
    } else if v.is_number() || v.is_bigint() {
        let text = rt.to_str(v)?;
        rt.with_units(text, |units| out.push_units(units));
    } else if v.is_object() {
        rt.check_native_stack()?;
        rt.poll()?;
        return rt.scoped(|rt| render_object(rt, v, out));
    } else if v.is_symbol() {
        return Err(rt.throw_type("a symbol cannot be rendered"));
    }
    // Booleans, null and undefined render nothing.
    Ok(())
}

fn render_all(rt: &mut Rt, list: Value, out: &mut StrBuf) -> JsResult<()> {
    let list = rt.root(list);
    let mark = rt.roots_mark();
    let mut i = 0;
    while i < rt.array_len(list.obj(rt)) {
        let list = list.get(rt);
        let child = rt.get_index(list, i)?;
        render(rt, child, out)?;
        rt.release_roots(mark);
        i += 1;
    }
    Ok(())
}

fn render_object(rt: &mut Rt, v: Value, out: &mut StrBuf) -> JsResult<()> {
    if rt.is_kind(v, Kind::Array) {
        return render_all(rt, v, out);
    }
    if rt.is_kind(v, Kind::Promise) {
        return Err(rt.throw_type("a promise cannot be rendered: await it before"));
    }
    if rt.is_callable(v) {
        return Err(rt.throw_type("a function cannot be rendered: call it, or write it as <Component />"));
    }
    let node = rt.root(v);
    let (tag, props, children) = if rt.shape_of(v.as_ref()) == names::shape(rt, ShapeOf::Node) {
        (rt.slot(v.as_ref(), TAG), rt.slot(v.as_ref(), PROPS), rt.slot(v.as_ref(), CHILDREN))
    } else {
        // A node that a script copied or changed.
        let tag = rt.get_name(v, names::atom(rt, Name::Tag))?;
        let tag = rt.root(tag);
        let props = rt.get_name(node.get(rt), names::atom(rt, Name::Props))?;
        let props = rt.root(props);
        let children = rt.get_name(node.get(rt), names::atom(rt, Name::Children))?;
        (tag.get(rt), props.get(rt), children)
    };
    if tag == names::prepared(rt, ShapeOf::Fragment) {
        return render(rt, children, out);
    }
    if rt.is_callable(tag) {
        let result = call_component(rt, tag, props, children)?;
        return render(rt, result, out);
    }
    if !tag.is_string() {
        let what = object::describe(rt, v);
        return Err(rt.throw_type(&format!("{what} cannot be rendered: it is no JSX node")));
    }
    render_element(rt, tag.as_ref(), props, children, out)
}

/// Calls a component with its properties and `children`: nothing, the only child, or all of them.
fn call_component(rt: &mut Rt, component: Value, props: Value, children: Value) -> JsResult {
    let component = rt.root(component);
    let children = rt.root(children);
    let given = rt.new_object();
    let given = rt.root(Value::object(given));
    if props.is_object() {
        pairs::each_property(rt, props, &mut |rt, name, v| {
            let key = rt.key_of_string(name.as_ref());
            let given = given.obj(rt);
            rt.create_data_or_throw(given, key, v)
        })?;
    }
    let children = children.get(rt);
    let count = if rt.is_kind(children, Kind::Array) { rt.array_len(children.as_ref()) } else { 0 };
    let v = match count {
        0 => Value::UNDEFINED,
        1 => rt.get_index(children, 0)?,
        _ => children,
    };
    if count > 0 {
        let name = names::atom(rt, Name::Children);
        let given = given.obj(rt);
        rt.create_data_or_throw(given, Key::Name(name), v)?;
    }
    let (component, given) = (component.get(rt), given.get(rt));
    rt.call(component, Value::UNDEFINED, &[given])
}

fn is_name(units: Units<'_>) -> bool {
    !units.is_empty()
        && units.iter().all(|u| u >= 128 || (u as u8).is_ascii_alphanumeric() || matches!(u, 45 | 58 | 95 | 46))
}

fn render_element(rt: &mut Rt, tag: Ref, props: Value, children: Value, out: &mut StrBuf) -> JsResult<()> {
    if !rt.with_units(tag, is_name) {
        let text: String = rt.to_text(tag).chars().take(40).collect();
        return Err(rt.throw_type(&format!("'{}' is not a tag name", text.escape_debug())));
    }
    let tag = rt.root(Value::string(tag));
    let children = rt.root(children);
    let props = rt.root(props);
    out.push(u16::from(b'<'));
    rt.with_units(tag.obj(rt), |units| out.push_units(units));
    let raw = rt.root(Value::UNDEFINED);
    if props.get(rt).is_object() {
        let props = props.get(rt);
        pairs::each_property(rt, props, &mut |rt, name, v| {
            if name.as_ref() == names::atom(rt, Name::InnerHtml) {
                if v.is_object() {
                    let html = rt.get_name(v, names::atom(rt, Name::RawHtml))?;
                    let html = rt.to_str(html)?;
                    raw.set(rt, Value::string(html));
                }
                return Ok(());
            }
            attribute(rt, name.as_ref(), v, out)
        })?;
    }
    let name = rt.to_text(tag.obj(rt));
    if VOID.contains(&name.as_str()) {
        out.push_ascii(" />");
        return Ok(());
    }
    out.push(u16::from(b'>'));
    if raw.get(rt).is_string() {
        rt.with_units(raw.obj(rt), |units| out.push_units(units));
    } else if matches!(name.as_str(), "script" | "style") {
        let children = children.get(rt);
        render_raw(rt, children, &name, out)?;
    } else {
        let children = children.get(rt);
        render(rt, children, out)?;
    }
    out.push_ascii("</");
    rt.with_units(tag.obj(rt), |units| out.push_units(units));
    out.push(u16::from(b'>'));
    Ok(())
}

/// Text of `<style>` and `<script>` as it is: entities mean nothing there. What would end the element is refused.
fn render_raw(rt: &mut Rt, children: Value, tag: &str, out: &mut StrBuf) -> JsResult<()> {
    if rt.is_kind(children, Kind::Array) {
        let children = rt.root(children);
        let mut i = 0;
        while i < rt.array_len(children.obj(rt)) {
            let list = children.get(rt);
            let child = rt.get_index(list, i)?;
            render_raw(rt, child, tag, out)?;
            i += 1;
        }
    } else if children.is_string() || children.is_number() {
        let text = rt.to_str(children)?;
        if rt.to_text(text).to_ascii_lowercase().contains(&format!("</{tag}")) {
            return Err(rt.throw_type(&format!("the text of <{tag}> contains '</{tag}'")));
        }
        rt.with_units(text, |units| out.push_units(units));
    }
    Ok(())
}

fn attribute(rt: &mut Rt, name: Ref, v: Value, out: &mut StrBuf) -> JsResult<()> {
    let is_handler = rt.with_units(name, |u| u.len() > 2 && u.at(0) == u16::from(b'o') && u.at(1) == u16::from(b'n'));
    if is_handler || v.is_nullish() || v == Value::FALSE || rt.is_callable(v) || v.is_symbol() {
        return Ok(());
    }
    if name == names::atom(rt, Name::Children) || rt.str_is(name, "key") || rt.str_is(name, "ref") {
        return Ok(());
    }
    if !rt.with_units(name, is_name) {
        let text: String = rt.to_text(name).chars().take(40).collect();
        return Err(rt.throw_type(&format!("'{}' is not an attribute name", text.escape_debug())));
    }
    out.push(u16::from(b' '));
    if rt.str_is(name, "className") {
        out.push_ascii("class");
    } else if rt.str_is(name, "htmlFor") {
        out.push_ascii("for");
    } else {
        rt.with_units(name, |units| out.push_units(units));
    }
    if v == Value::TRUE {
        return Ok(());
    }
    out.push_ascii("=\"");
    if v.is_object() && rt.str_is(name, "style") && rt.is_kind(v, Kind::Object) {
        style(rt, v, out)?;
    } else {
        let text = rt.to_str(v)?;
        escape(rt, text, out, true);
    }
    out.push(u16::from(b'"'));
    Ok(())
}

/// A style object as declarations: `backgroundColor` is `background-color`.
fn style(rt: &mut Rt, v: Value, out: &mut StrBuf) -> JsResult<()> {
    let mut first = true;
    pairs::each_property(rt, v, &mut |rt, name, v| {
        if v.is_nullish() || v.is_bool() {
            return Ok(());
        }
        let name = rt.root(name);
        let text = rt.to_str(v)?;
        if !std::mem::take(&mut first) {
            out.push(u16::from(b';'));
        }
        rt.with_units(name.obj(rt), |units| {
            for unit in units.iter() {
                if (65..=90).contains(&unit) {
                    out.push(u16::from(b'-'));
                    out.push(unit + 32);
                } else {
                    out.push(unit);
                }
            }
        });
        out.push(u16::from(b':'));
        escape(rt, text, out, true);
        Ok(())
    })
}

/// Text as HTML: `&`, `<`, `>`; in attributes also `"`.
fn escape(rt: &Rt, text: Ref, out: &mut StrBuf, attribute: bool) {
    let entity = |unit: u16| match unit {
        38 => Some("&amp;"),
        60 => Some("&lt;"),
        62 => Some("&gt;"),
        34 if attribute => Some("&quot;"),
        _ => None,
    };
    rt.with_units(text, |units| match units {
        Units::Latin1(mut bytes) => {
            while let Some(at) = bytes.iter().position(|&b| matches!(b, b'&' | b'<' | b'>' | b'"')) {
                out.push_latin1(&bytes[..at]);
                match entity(bytes[at].into()) {
                    Some(text) => out.push_ascii(text),
                    None => out.push(bytes[at].into()),
                }
                bytes = &bytes[at + 1..];
            }
            out.push_latin1(bytes);
        }
        Units::Utf16(units) => {
            for &unit in units {
                match entity(unit) {
                    Some(text) => out.push_ascii(text),
                    None => out.push(unit),
                }
            }
        }
    });
}
