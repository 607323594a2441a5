//! The error of a value that contains itself, with the way there.
use super::stringify::Frame;
use crate::object::Key;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{Ref, Thrown, Value};

/// `parent` is the frame whose property leads back to `obj`.
#[cold]
pub fn throw_cycle(rt: &mut Rt, obj: Ref, parent: Option<&Frame>) -> Thrown {
    const SHOWN: usize = 8;
    let mut path = Vec::new();
    let mut at = parent;
    let mut inner = obj;
    while let Some(frame) = at {
        let holder = frame.holder.obj(rt);
        path.push((holder, inner));
        inner = holder;
        if holder == obj {
            break;
        }
        at = frame.parent;
        if path.len() > SHOWN {
            path.remove(SHOWN / 2);
        }
    }
    path.reverse();
    let mut text = "Converting circular structure to JSON\n    --> starting at object with constructor ".to_string();
    text.push_str(&constructor_name(rt, obj));
    let last = path.len().saturating_sub(1);
    for (i, &(holder, inner)) in path.iter().enumerate() {
        let step = step_text(rt, holder, inner);
        if i == last {
            text.push_str(&format!("\n    --- {step} closes the circle"));
        } else {
            text.push_str(&format!("\n    |     {step} -> object with constructor {}", constructor_name(rt, inner)));
        }
    }
    rt.throw_type(&text)
}

fn constructor_name(rt: &Rt, obj: Ref) -> String {
    let class = rt.plain_lookup(obj, atoms::constructor).and_then(Value::to_obj);
    let name = class.and_then(|class| rt.plain_lookup(class, atoms::name));
    match name {
        Some(name) if name.is_string() => format!("'{}'", rt.to_text(name.as_ref())),
        _ => "'Object'".to_string(),
    }
}

/// How `inner` is found in `holder`.
fn step_text(rt: &Rt, holder: Ref, inner: Ref) -> String {
    if let Some((elements, len)) = rt.dense_array(Value::object(holder)) {
        let at = (0..len).find(|&i| rt.word(elements, i) == Value::object(inner));
        return format!("index {}", at.unwrap_or(0));
    }
    let shape = rt.shape_of(holder);
    for i in 0..rt.shape_count(shape) {
        let (key, info) = rt.shape_entry(shape, i);
        if !key.is_null() && rt.slot(holder, info >> attr::SLOT_SHIFT) == Value::object(inner) {
            return format!("property '{}'", rt.key_text(Key::Name(key)));
        }
    }
    "property".to_string()
}
