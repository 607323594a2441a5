//! `[[Get]]`, `[[Set]]`, `[[HasProperty]]`, prototypes (10.1.1, 10.1.2, 10.1.7 to 10.1.9).
use super::*;
use crate::builtins::{namespace, proxy, typed_array};
use crate::shape::SHAPE_NON_EXTENSIBLE;
use crate::string::atoms;
use crate::value::JsResult;

impl Rt {
    /// GetV: property of any value; primitives look in their prototype.
    pub fn get(&mut self, v: Value, key: Key) -> JsResult {
        if v.is_object() {
            return self.get_with_receiver(v.as_ref(), key, v);
        }
        if v.is_string() {
            let s = v.as_ref();
            match key {
                Key::Index(i) if i < self.len(s) => return Ok(Value::string(self.char_string(self.unit_at(s, i)))),
                Key::Name(name) if name == atoms::length => return Ok(Value::uint(self.len(s))),
                _ => {}
            }
        }
        let proto = match self.proto_of_primitive(v) {
            Some(proto) => proto,
            None => return Err(self.throw_nullish_access(v, key)),
        };
        self.get_with_receiver(proto, key, v)
    }

    /// Property by static atom or interned name.
    pub fn get_name(&mut self, v: Value, name: Ref) -> JsResult {
        self.get(v, Key::Name(name))
    }

    /// Property by index.
    pub fn get_index(&mut self, v: Value, i: u32) -> JsResult {
        if let Some((elements, len)) = self.dense_array(v)
            && i < len
        {
            let found = self.word(elements, i);
            if !found.is_hole() {
                return Ok(found);
            }
        }
        self.get(v, Key::Index(i))
    }

    /// The prototype in which properties of a primitive are found.
    pub fn proto_of_primitive(&self, v: Value) -> Option<Ref> {
        Some(self.intrinsic(if v.is_string() {
            Intrinsic::StringPrototype
        } else if v.is_number() {
            Intrinsic::NumberPrototype
        } else if v.is_bool() {
            Intrinsic::BooleanPrototype
        } else if v.is_symbol() {
            Intrinsic::SymbolPrototype
        } else if v.is_bigint() {
            Intrinsic::BigIntPrototype
        } else {
            return None;
        }))
    }

    /// `[[Get]] ( key, receiver )`
    pub fn get_with_receiver(&mut self, obj: Ref, key: Key, receiver: Value) -> JsResult {
        let mut at = obj;
        loop {
            match self.kind(at) {
                Kind::Proxy => return proxy::get(self, at, key, receiver),
                Kind::Namespace => return namespace::get(self, at, key),
                Kind::TypedArray => {
                    if let Key::Index(i) = key {
                        return Ok(typed_array::get_element(self, at, i).unwrap_or(Value::UNDEFINED));
                    }
                    if self.is_canonical_numeric(key) {
                        return Ok(Value::UNDEFINED);
                    }
                }
                _ => {}
            }
            if let Some(prop) = self.get_own_plain(at, key) {
                if !prop.is_accessor() {
                    return Ok(prop.value);
                }
                if prop.get.is_undefined() {
                    return Ok(Value::UNDEFINED);
                }
                return self.call(prop.get, receiver, &[]);
            }
            at = self.shape_proto(self.shape_of(at));
            if at.is_null() {
                return Ok(Value::UNDEFINED);
            }
        }
    }

    /// Whether a name is a canonical numeric string that is no array index ("-0", "1.5", "Infinity", "NaN"): typed arrays
    /// treat those as absent elements.
    pub fn is_canonical_numeric(&self, key: Key) -> bool {
        let Key::Name(name) = key else { return false };
        if self.kind(name) == Kind::Symbol || self.len(name) == 0 {
            return false;
        }
        let first = self.unit_at(name, 0);
        if !(first == b'-' as u16
            || first == b'I' as u16
            || first == b'N' as u16
            || (b'0' as u16..=b'9' as u16).contains(&first))
        {
            return false;
        }
        if self.str_is(name, "-0") {
            return true;
        }
        let number = self.with_units(name, crate::string::parse_number);
        let back = self.number_to_string(Value::number(number));
        self.str_eq(back, name)
    }

    /// `[[HasProperty]]`
    pub fn has_property(&mut self, obj: Ref, key: Key) -> JsResult<bool> {
        let mut at = obj;
        loop {
            match self.kind(at) {
                Kind::Proxy => return proxy::has(self, at, key),
                Kind::Namespace => return Ok(namespace::get_own_property(self, at, key)?.is_some()),
                Kind::TypedArray => {
                    if let Key::Index(i) = key {
                        return Ok(typed_array::get_element(self, at, i).is_some());
                    }
                    if self.is_canonical_numeric(key) {
                        return Ok(false);
                    }
                }
                _ => {}
            }
            if self.get_own_plain(at, key).is_some() {
                return Ok(true);
            }
            at = self.shape_proto(self.shape_of(at));
            if at.is_null() {
                return Ok(false);
            }
        }
    }

    /// HasOwnProperty
    pub fn has_own(&mut self, obj: Ref, key: Key) -> JsResult<bool> {
        Ok(self.get_own(obj, key)?.is_some())
    }

    /// Set ( O, P, V, Throw = true )
    pub fn set_or_throw(&mut self, obj: Ref, key: Key, v: Value) -> JsResult<()> {
        if self.set_with_receiver(obj, key, v, Value::object(obj))? {
            return Ok(());
        }
        Err(self.throw_readonly(obj, key))
    }

    /// TypeError of a failed assignment.
    #[cold]
    pub fn throw_readonly(&mut self, _obj: Ref, key: Key) -> crate::value::Thrown {
        let name = self.key_text(key);
        self.throw_type(&format!("Cannot assign to read only property '{name}'"))
    }

    /// `base[key] = v` of code: base may be a primitive; strict code throws when it fails.
    pub fn put_value(&mut self, base: Value, key: Key, v: Value, strict: bool) -> JsResult<()> {
        let obj = if base.is_object() {
            base.as_ref()
        } else {
            match self.proto_of_primitive(base) {
                Some(proto) => proto,
                None => {
                    let name = self.key_text(key);
                    let what = if base.is_null() { "null" } else { "undefined" };
                    return Err(self.throw_type(&format!("Cannot set properties of {what} (setting '{name}')")));
                }
            }
        };
        if !self.set_with_receiver(obj, key, v, base)? && strict {
            return Err(self.throw_readonly(obj, key));
        }
        Ok(())
    }

    /// `[[Set]] ( key, v, receiver )`
    pub fn set_with_receiver(&mut self, obj: Ref, key: Key, v: Value, receiver: Value) -> JsResult<bool> {
        let mut at = obj;
        loop {
            match self.kind(at) {
                Kind::Proxy => return proxy::set(self, at, key, v, receiver),
                Kind::Namespace => return Ok(false),
                Kind::TypedArray => {
                    let index = match key {
                        Key::Index(i) => Some(i),
                        Key::Name(_) if self.is_canonical_numeric(key) => Some(u32::MAX),
                        Key::Name(_) => None,
                    };
                    if let Some(i) = index {
                        if receiver == Value::object(at) {
                            typed_array::set_element(self, at, i, v)?;
                            return Ok(true);
                        }
                        if typed_array::get_element(self, at, i).is_none() {
                            return Ok(true);
                        }
                    }
                }
                _ => {}
            }
            if let Some(prop) = self.get_own_plain(at, key) {
                if prop.is_accessor() {
                    if prop.set.is_undefined() {
                        return Ok(false);
                    }
                    self.call(prop.set, receiver, &[v])?;
                    return Ok(true);
                }
                if !prop.writable() {
                    return Ok(false);
                }
                if receiver == Value::object(at) {
                    return self.write_existing(at, key, v);
                }
                return self.set_on_receiver(receiver, key, v);
            }
            at = self.shape_proto(self.shape_of(at));
            if at.is_null() {
                return self.set_on_receiver(receiver, key, v);
            }
        }
    }

    /// Overwrites a writable own data property.
    fn write_existing(&mut self, obj: Ref, key: Key, v: Value) -> JsResult<bool> {
        match key {
            Key::Index(i) => {
                let elements = self.elements(obj);
                if !elements.is_null() && self.kind(elements) == Kind::Words && i < self.len(elements) {
                    self.put_word(elements, i, v);
                    return Ok(true);
                }
                self.define_own(obj, key, &Desc { value: Some(v), ..Desc::default() })
            }
            Key::Name(name) => {
                if let Some(found) = self.shape_find(self.shape_of(obj), name) {
                    self.set_slot(obj, found.slot(), v);
                    return Ok(true);
                }
                self.define_own(obj, key, &Desc { value: Some(v), ..Desc::default() })
            }
        }
    }

    fn set_on_receiver(&mut self, receiver: Value, key: Key, v: Value) -> JsResult<bool> {
        let Some(obj) = receiver.to_obj() else { return Ok(false) };
        if matches!(self.kind(obj), Kind::Proxy | Kind::Namespace | Kind::TypedArray) {
            return match self.get_own(obj, key)? {
                Some(existing) if existing.is_accessor() || !existing.writable() => Ok(false),
                Some(_) => self.define_own(obj, key, &Desc { value: Some(v), ..Desc::default() }),
                None => self.create_data(obj, key, v),
            };
        }
        match self.get_own_plain(obj, key) {
            Some(existing) if existing.is_accessor() || !existing.writable() => Ok(false),
            Some(_) => self.define_own(obj, key, &Desc { value: Some(v), ..Desc::default() }),
            None => {
                if self.shape_flags(self.shape_of(obj)) & SHAPE_NON_EXTENSIBLE != 0 {
                    return Ok(false);
                }
                self.create_data(obj, key, v)
            }
        }
    }

    /// `[[GetPrototypeOf]]`: a null reference for null.
    pub fn get_prototype_of(&mut self, obj: Ref) -> JsResult<Ref> {
        match self.kind(obj) {
            Kind::Proxy => proxy::get_prototype_of(self, obj),
            _ => Ok(self.shape_proto(self.shape_of(obj))),
        }
    }

    /// `[[SetPrototypeOf]]`
    pub fn set_prototype_of(&mut self, obj: Ref, proto: Ref) -> JsResult<bool> {
        match self.kind(obj) {
            Kind::Proxy => return proxy::set_prototype_of(self, obj, proto),
            Kind::Namespace => return Ok(proto.is_null()),
            _ => {}
        }
        let shape = self.shape_of(obj);
        if self.shape_proto(shape) == proto {
            return Ok(true);
        }
        let immutable = obj == self.intrinsic(Intrinsic::ObjectPrototype);
        if immutable || self.shape_flags(shape) & SHAPE_NON_EXTENSIBLE != 0 {
            return Ok(false);
        }
        let mut at = proto;
        while !at.is_null() {
            if at == obj {
                return Ok(false);
            }
            if self.kind(at) == Kind::Proxy {
                break;
            }
            at = self.shape_proto(self.shape_of(at));
        }
        let next = self.shape_with_proto(shape, proto);
        self.put(obj, CELL_SHAPE, next);
        self.proto_changed(obj);
        Ok(true)
    }

    /// GetMethod ( V, P ): undefined if absent, TypeError if not callable.
    pub fn get_method(&mut self, v: Value, key: Key) -> JsResult {
        let f = self.get(v, key)?;
        if f.is_nullish() {
            return Ok(Value::UNDEFINED);
        }
        if !self.is_callable(f) {
            let name = self.key_text(key);
            return Err(self.throw_type(&format!("{name} is not a function")));
        }
        Ok(f)
    }

    /// Invoke ( V, P, args )
    pub fn invoke(&mut self, v: Value, key: Key, args: &[Value]) -> JsResult {
        let f = self.get(v, key)?;
        if !self.is_callable(f) {
            let name = self.key_text(key);
            return Err(self.throw_type(&format!("{name} is not a function")));
        }
        self.call(f, v, args)
    }
}
