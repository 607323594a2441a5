//! Keys and descriptors that must outlive JavaScript: their references stand in scratch slots.
use crate::object::{Desc, Key, Prop};
use crate::runtime::{Rt, Slot};
use crate::value::{Ref, Value};

/// A property key in a scratch slot.
#[derive(Debug, Clone, Copy)]
pub enum RootedKey {
    /// An index needs no slot.
    Index(u32),
    /// Slot with an atom or a symbol.
    Name(Slot),
}

impl RootedKey {
    /// Keeps `key` until the scratch slots are released.
    pub fn new(rt: &mut Rt, key: Key) -> RootedKey {
        match key {
            Key::Index(i) => RootedKey::Index(i),
            Key::Name(_) => {
                let v = rt.key_to_value(key);
                RootedKey::Name(rt.root(v))
            }
        }
    }

    /// The key as it is now.
    pub fn get(self, rt: &Rt) -> Key {
        match self {
            RootedKey::Index(i) => Key::Index(i),
            RootedKey::Name(slot) => Key::Name(slot.get(rt).as_ref()),
        }
    }
}

/// A descriptor whose values stand in scratch slots.
#[derive(Debug, Clone, Copy)]
pub struct RootedDesc {
    desc: Desc,
    slots: [Slot; 3],
}

impl RootedDesc {
    /// Keeps `desc` until the scratch slots are released.
    pub fn new(rt: &mut Rt, desc: &Desc) -> RootedDesc {
        let slots = [desc.value, desc.get, desc.set].map(|v| rt.root(v.unwrap_or(Value::UNDEFINED)));
        RootedDesc { desc: *desc, slots }
    }

    /// The descriptor as it is now.
    pub fn get(&self, rt: &Rt) -> Desc {
        let [value, get, set] = self.slots;
        Desc {
            value: self.desc.value.map(|_| value.get(rt)),
            get: self.desc.get.map(|_| get.get(rt)),
            set: self.desc.set.map(|_| set.get(rt)),
            ..self.desc
        }
    }
}

/// An own property whose values stand in scratch slots.
#[derive(Debug, Clone, Copy)]
pub struct RootedProp {
    attrs: u32,
    slots: [Slot; 3],
}

impl RootedProp {
    /// Keeps `prop` until the scratch slots are released.
    pub fn new(rt: &mut Rt, prop: &Prop) -> RootedProp {
        RootedProp { attrs: prop.attrs, slots: [prop.value, prop.get, prop.set].map(|v| rt.root(v)) }
    }

    /// The property as it is now.
    pub fn get(&self, rt: &Rt) -> Prop {
        let [value, get, set] = self.slots;
        Prop { value: value.get(rt), get: get.get(rt), set: set.get(rt), attrs: self.attrs }
    }
}

/// The key that a listed value (string or symbol) stands for.
pub fn key_of_value(rt: &Rt, v: Value) -> Key {
    if v.is_symbol() { Key::Name(v.as_ref()) } else { rt.key_of_string(v.as_ref()) }
}

/// Key `i` of an array that [`Rt::own_keys`] made.
pub fn listed_key(rt: &Rt, keys: Ref, i: u32) -> Key {
    key_of_value(rt, rt.word(rt.elements(keys), i))
}
