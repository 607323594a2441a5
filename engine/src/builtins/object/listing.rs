//! Own property lists: keys, values, entries, names, symbols (20.1.2, 7.3.23).
use crate::builtins::rooted::{RootedKey, listed_key};
use crate::call::Args;
use crate::heap::layout::{ARRAY_LENGTH, Kind, OBJ_ELEMENTS};
use crate::object::Key;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{JsResult, Ref, Value};

/// Elements or properties visited between two polls.
const POLL_EVERY: u32 = 4096;

/// What a list of enumerable own properties holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Keys.
    Keys,
    /// Values.
    Values,
    /// `[key, value]` arrays.
    Entries,
}

/// 20.1.2.19 Object.keys ( O )
pub fn keys(rt: &mut Rt, args: Args) -> JsResult {
    let obj = rt.to_object(args.get(rt, 0))?;
    enumerable_own_properties(rt, obj, Listing::Keys).map(Value::object)
}

/// 20.1.2.24 Object.values ( O )
pub fn values(rt: &mut Rt, args: Args) -> JsResult {
    let obj = rt.to_object(args.get(rt, 0))?;
    enumerable_own_properties(rt, obj, Listing::Values).map(Value::object)
}

/// 20.1.2.5 Object.entries ( O )
pub fn entries(rt: &mut Rt, args: Args) -> JsResult {
    let obj = rt.to_object(args.get(rt, 0))?;
    enumerable_own_properties(rt, obj, Listing::Entries).map(Value::object)
}

/// 20.1.2.10 Object.getOwnPropertyNames ( O )
pub fn get_own_property_names(rt: &mut Rt, args: Args) -> JsResult {
    own_keys_of_type(rt, args, false)
}

/// 20.1.2.11 Object.getOwnPropertySymbols ( O )
pub fn get_own_property_symbols(rt: &mut Rt, args: Args) -> JsResult {
    own_keys_of_type(rt, args, true)
}

/// 20.1.2.11.1 GetOwnPropertyKeys ( O, type )
fn own_keys_of_type(rt: &mut Rt, args: Args, symbols: bool) -> JsResult {
    let obj = rt.to_object(args.get(rt, 0))?;
    let keys = rt.own_keys(obj)?;
    let list = rt.new_array_with_capacity(if symbols { 0 } else { rt.array_len(keys) });
    for i in 0..rt.array_len(keys) {
        let key = rt.word(rt.elements(keys), i);
        if key.is_symbol() == symbols {
            rt.array_push(list, key);
        }
    }
    Ok(Value::object(list))
}

/// 7.3.23 EnumerableOwnProperties ( O, kind ): a new array.
pub fn enumerable_own_properties(rt: &mut Rt, obj: Ref, what: Listing) -> JsResult<Ref> {
    rt.scoped(|rt| if lists_plainly(rt, obj, what) { list_plain(rt, obj, what) } else { list_generic(rt, obj, what) })
}

/// Whether the enumerable own properties of `obj` are its elements and the entries of its shape, and reading those that
/// `what` needs runs no JavaScript.
fn lists_plainly(rt: &Rt, obj: Ref, what: Listing) -> bool {
    if matches!(rt.kind(obj), Kind::Proxy | Kind::Namespace | Kind::StringObj | Kind::TypedArray) {
        return false;
    }
    let elements = rt.elements(obj);
    if !elements.is_null() && rt.kind(elements) != Kind::Words {
        return false;
    }
    if what == Listing::Keys {
        return true;
    }
    let shape = rt.shape_of(obj);
    (0..rt.shape_count(shape)).all(|i| {
        let (_, info) = rt.shape_entry(shape, i);
        info & attr::E == 0 || info & (attr::ACCESSOR | attr::LAZY) == 0
    })
}

fn list_plain(rt: &mut Rt, obj: Ref, what: Listing) -> JsResult<Ref> {
    if rt.elements(obj).is_null() {
        return Ok(list_named(rt, obj, what));
    }
    let obj = rt.root(Value::object(obj));
    let cap = rt.len(rt.elements(obj.obj(rt)));
    let list = rt.new_array_with_capacity(cap);
    let list = rt.root(Value::object(list));
    for i in 0..cap {
        let v = rt.word(rt.elements(obj.obj(rt)), i);
        if v.is_hole() {
            continue;
        }
        let key = match what {
            Listing::Values => Value::UNDEFINED,
            _ => Value::string(rt.number_to_string(Value::uint(i))),
        };
        push_listed(rt, list.obj(rt), what, key, v);
        if i % POLL_EVERY == POLL_EVERY - 1 {
            rt.poll()?;
        }
    }
    let (obj, list) = (obj.obj(rt), list.obj(rt));
    if rt.shape_count(rt.shape_of(obj)) > 0 {
        let named = list_named(rt, obj, what);
        for i in 0..rt.array_len(named) {
            rt.array_push(list, rt.word(rt.elements(named), i));
        }
    }
    Ok(list)
}

/// The list of the shape's properties: its elements are written once, nothing runs in between.
fn list_named(rt: &Rt, obj: Ref, what: Listing) -> Ref {
    let shape = rt.shape_of(obj);
    let count = rt.shape_count(shape);
    let list = rt.new_array_with_capacity(0);
    if count == 0 {
        return list;
    }
    let elements = rt.alloc_words(Kind::Words, count);
    let mut len = 0;
    for i in 0..count {
        let (key, info) = rt.shape_entry(shape, i);
        if info & attr::E == 0 || key.is_null() || rt.kind(key) == Kind::Symbol {
            continue;
        }
        let item = match what {
            Listing::Keys => Value::string(key),
            Listing::Values => rt.slot(obj, info >> attr::SLOT_SHIFT),
            Listing::Entries => {
                let v = rt.slot(obj, info >> attr::SLOT_SHIFT);
                Value::object(rt.new_array(&[Value::string(key), v]))
            }
        };
        rt.init_word(elements, len, item);
        len += 1;
    }
    for i in len..count {
        rt.init_word(elements, i, Value::HOLE);
    }
    rt.init(list, OBJ_ELEMENTS, elements);
    rt.init::<u32>(list, ARRAY_LENGTH, len);
    list
}

#[inline]
fn push_listed(rt: &Rt, list: Ref, what: Listing, key: Value, v: Value) {
    let item = match what {
        Listing::Keys => key,
        Listing::Values => v,
        Listing::Entries => Value::object(rt.new_array(&[key, v])),
    };
    rt.array_push(list, item);
}

fn list_generic(rt: &mut Rt, obj: Ref, what: Listing) -> JsResult<Ref> {
    let obj = rt.root(Value::object(obj));
    let keys = rt.own_keys(obj.obj(rt))?;
    let keys = rt.root(Value::object(keys));
    let list = rt.new_array_with_capacity(rt.array_len(keys.obj(rt)));
    let list = rt.root(Value::object(list));
    let mark = rt.roots_mark();
    for i in 0..rt.array_len(keys.obj(rt)) {
        if i % POLL_EVERY == POLL_EVERY - 1 {
            rt.poll()?;
        }
        let key = listed_key(rt, keys.obj(rt), i);
        if rt.key_is_symbol(key) {
            continue;
        }
        let key = RootedKey::new(rt, key);
        let now: Key = key.get(rt);
        if rt.get_own(obj.obj(rt), now)?.is_some_and(|prop| prop.enumerable()) {
            let v = match what {
                Listing::Keys => Value::UNDEFINED,
                _ => {
                    let now = key.get(rt);
                    rt.get(obj.get(rt), now)?
                }
            };
            let key = rt.word(rt.elements(keys.obj(rt)), i);
            push_listed(rt, list.obj(rt), what, key, v);
        }
        rt.release_roots(mark);
    }
    Ok(list.obj(rt))
}
