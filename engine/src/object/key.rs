//! Property keys and descriptors.
use crate::heap::layout::Kind;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{Ref, Value};

/// A property key. Canonical array indices are always `Index`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// 0 to 2³² − 2.
    Index(u32),
    /// An atom, or a symbol cell.
    Name(Ref),
}

/// An own property as found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prop {
    /// Value of a data property; undefined for an accessor.
    pub value: Value,
    /// Getter of an accessor (undefined if none).
    pub get: Value,
    /// Setter of an accessor (undefined if none).
    pub set: Value,
    /// `attr` bits (W, E, C, ACCESSOR).
    pub attrs: u32,
}

impl Prop {
    /// A data property.
    pub fn data(value: Value, attrs: u32) -> Prop {
        Prop { value, get: Value::UNDEFINED, set: Value::UNDEFINED, attrs: attrs & attr::ALL }
    }

    /// An accessor property.
    pub fn accessor(get: Value, set: Value, attrs: u32) -> Prop {
        Prop { value: Value::UNDEFINED, get, set, attrs: (attrs & (attr::E | attr::C)) | attr::ACCESSOR }
    }

    /// Whether it is an accessor.
    pub fn is_accessor(&self) -> bool {
        self.attrs & attr::ACCESSOR != 0
    }

    /// Whether it is enumerable.
    pub fn enumerable(&self) -> bool {
        self.attrs & attr::E != 0
    }

    /// Whether it is configurable.
    pub fn configurable(&self) -> bool {
        self.attrs & attr::C != 0
    }

    /// Whether it is a writable data property.
    pub fn writable(&self) -> bool {
        self.attrs & (attr::W | attr::ACCESSOR) == attr::W
    }
}

/// 6.2.6 The Property Descriptor Specification Type.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Desc {
    /// `[[Value]]`
    pub value: Option<Value>,
    /// `[[Get]]`
    pub get: Option<Value>,
    /// `[[Set]]`
    pub set: Option<Value>,
    /// `[[Writable]]`
    pub writable: Option<bool>,
    /// `[[Enumerable]]`
    pub enumerable: Option<bool>,
    /// `[[Configurable]]`
    pub configurable: Option<bool>,
}

impl Desc {
    /// A full data descriptor.
    pub fn data(value: Value, attrs: u32) -> Desc {
        Desc {
            value: Some(value),
            writable: Some(attrs & attr::W != 0),
            enumerable: Some(attrs & attr::E != 0),
            configurable: Some(attrs & attr::C != 0),
            ..Desc::default()
        }
    }

    /// A full descriptor of a property.
    pub fn of(prop: &Prop) -> Desc {
        if prop.is_accessor() {
            Desc {
                get: Some(prop.get),
                set: Some(prop.set),
                enumerable: Some(prop.enumerable()),
                configurable: Some(prop.configurable()),
                ..Desc::default()
            }
        } else {
            Desc::data(prop.value, prop.attrs)
        }
    }

    /// 6.2.6.1 IsAccessorDescriptor
    pub fn is_accessor(&self) -> bool {
        self.get.is_some() || self.set.is_some()
    }

    /// 6.2.6.2 IsDataDescriptor
    pub fn is_data(&self) -> bool {
        self.value.is_some() || self.writable.is_some()
    }
}

impl Rt {
    /// The value of a key: a number string, an atom or a symbol.
    pub fn key_to_value(&self, key: Key) -> Value {
        match key {
            Key::Index(i) => Value::string(self.number_to_string(Value::uint(i))),
            Key::Name(name) if self.kind(name) == Kind::Symbol => Value::symbol(name),
            Key::Name(name) => Value::string(name),
        }
    }

    /// Whether a key is a symbol.
    pub fn key_is_symbol(&self, key: Key) -> bool {
        matches!(key, Key::Name(name) if self.kind(name) == Kind::Symbol)
    }

    /// Text of a key for messages.
    pub fn key_text(&self, key: Key) -> String {
        match key {
            Key::Index(i) => i.to_string(),
            Key::Name(name) if self.kind(name) == Kind::Symbol => self.symbol_text(name),
            Key::Name(name) => self.to_text(name),
        }
    }
}
