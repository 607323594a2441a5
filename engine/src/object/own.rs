//! Own properties: finding, defining, deleting, listing (10.1.5, 10.1.6, 10.1.10, 10.1.11 and the exotic kinds).
use super::*;
use crate::builtins::{namespace, proxy, typed_array};
use crate::shape::{SHAPE_DICT, SHAPE_NON_EXTENSIBLE};
use crate::string::atoms;
use crate::value::JsResult;

impl Rt {
    /// `[[GetOwnProperty]]`
    pub fn get_own(&mut self, obj: Ref, key: Key) -> JsResult<Option<Prop>> {
        match self.kind(obj) {
            Kind::Proxy => proxy::get_own_property(self, obj, key),
            Kind::Namespace => namespace::get_own_property(self, obj, key),
            _ => Ok(self.get_own_plain(obj, key)),
        }
    }

    /// The same for everything but proxies and namespaces: runs no JavaScript.
    pub fn get_own_plain(&self, obj: Ref, key: Key) -> Option<Prop> {
        match key {
            Key::Index(i) => match self.kind(obj) {
                Kind::StringObj => {
                    let s = self.internal(obj, 0).as_ref();
                    if i < self.len(s) {
                        let c = self.char_string(self.unit_at(s, i));
                        return Some(Prop::data(Value::string(c), attr::E));
                    }
                    self.element_own(obj, i)
                }
                Kind::TypedArray => typed_array::get_element(self, obj, i).map(|v| Prop::data(v, attr::ALL)),
                _ => self.element_own(obj, i),
            },
            Key::Name(name) => {
                match self.kind(obj) {
                    Kind::Array if name == atoms::length => {
                        let attrs = if self.cell_flags(obj) & OBJ_LENGTH_READONLY != 0 { 0 } else { attr::W };
                        return Some(Prop::data(Value::uint(self.array_len(obj)), attrs));
                    }
                    Kind::StringObj if name == atoms::length => {
                        return Some(Prop::data(Value::uint(self.len(self.internal(obj, 0).as_ref())), 0));
                    }
                    _ => {}
                }
                let found = self.shape_find(self.shape_of(obj), name)?;
                Some(self.prop_of(obj, name, found))
            }
        }
    }

    fn prop_of(&self, obj: Ref, name: Ref, found: crate::shape::Found) -> Prop {
        let mut v = self.slot(obj, found.slot());
        if found.info & attr::ACCESSOR != 0 {
            let pair = v.as_ref();
            return Prop::accessor(self.load(pair, 8), self.load(pair, 16), found.info);
        }
        if found.info & attr::LAZY != 0 && v.is_hole() {
            v = self.lazy_function_property(obj, name);
            self.set_slot(obj, found.slot(), v);
        }
        Prop::data(v, found.info)
    }

    /// An Accessor cell.
    pub fn new_accessor(&self, get: Value, set: Value) -> Value {
        let pair = self.alloc(Kind::Accessor, 24);
        self.init(pair, 8, get);
        self.init(pair, 16, set);
        Value::internal(pair)
    }

    /// `[[DefineOwnProperty]]`
    pub fn define_own(&mut self, obj: Ref, key: Key, desc: &Desc) -> JsResult<bool> {
        match self.kind(obj) {
            Kind::Proxy => proxy::define_own_property(self, obj, key, desc),
            Kind::Namespace => namespace::define_own_property(self, obj, key, desc),
            Kind::Array => self.array_define_own(obj, key, desc),
            Kind::TypedArray => match key {
                Key::Index(i) => typed_array::define_element(self, obj, i, desc),
                Key::Name(_) if self.is_canonical_numeric(key) => Ok(false),
                Key::Name(_) => Ok(self.ordinary_define_own(obj, key, desc)),
            },
            _ => Ok(self.ordinary_define_own(obj, key, desc)),
        }
    }

    /// DefinePropertyOrThrow
    pub fn define_or_throw(&mut self, obj: Ref, key: Key, desc: &Desc) -> JsResult<()> {
        if self.define_own(obj, key, desc)? {
            return Ok(());
        }
        let name = self.key_text(key);
        Err(self.throw_type(&format!("Cannot redefine property: {name}")))
    }

    /// CreateDataProperty
    pub fn create_data(&mut self, obj: Ref, key: Key, v: Value) -> JsResult<bool> {
        if matches!(self.kind(obj), Kind::Object | Kind::Array) && self.create_data_fast(obj, key, v) {
            return Ok(true);
        }
        self.define_own(obj, key, &Desc::data(v, attr::ALL))
    }

    /// CreateDataPropertyOrThrow
    pub fn create_data_or_throw(&mut self, obj: Ref, key: Key, v: Value) -> JsResult<()> {
        if self.create_data(obj, key, v)? {
            return Ok(());
        }
        let name = self.key_text(key);
        Err(self.throw_type(&format!("Cannot define property {name}, object is not extensible")))
    }

    /// The common cases of CreateDataProperty on plain objects and arrays.
    fn create_data_fast(&self, obj: Ref, key: Key, v: Value) -> bool {
        let shape = self.shape_of(obj);
        if self.shape_flags(shape) & SHAPE_NON_EXTENSIBLE != 0 {
            return false;
        }
        match key {
            Key::Index(i) => {
                let elements = self.elements(obj);
                if !elements.is_null() && self.kind(elements) != Kind::Words {
                    return false;
                }
                if self.cell_flags(obj) & (OBJ_FROZEN_ELEMENTS | OBJ_SEALED_ELEMENTS | OBJ_LENGTH_READONLY) != 0 {
                    return false;
                }
                self.put_element(obj, i, v);
                if self.kind(obj) == Kind::Array && i >= self.array_len(obj) {
                    self.put::<u32>(obj, ARRAY_LENGTH, i + 1);
                }
                true
            }
            Key::Name(name) => {
                if self.kind(obj) == Kind::Array && name == atoms::length {
                    return false;
                }
                match self.shape_find(shape, name) {
                    None => {
                        self.add_property(obj, name, v, attr::ALL);
                        true
                    }
                    Some(found) if found.info & 0xFF == attr::ALL => {
                        self.set_slot(obj, found.slot(), v);
                        true
                    }
                    Some(_) => false,
                }
            }
        }
    }

    /// 10.1.6.1 OrdinaryDefineOwnProperty
    pub fn ordinary_define_own(&mut self, obj: Ref, key: Key, desc: &Desc) -> bool {
        let current = self.get_own_plain(obj, key);
        let extensible = self.shape_flags(self.shape_of(obj)) & SHAPE_NON_EXTENSIBLE == 0;
        let Some(current) = current else {
            if !extensible {
                return false;
            }
            let attrs = u32::from(desc.enumerable == Some(true)) * attr::E
                + u32::from(desc.configurable == Some(true)) * attr::C;
            if desc.is_accessor() {
                let pair =
                    self.new_accessor(desc.get.unwrap_or(Value::UNDEFINED), desc.set.unwrap_or(Value::UNDEFINED));
                self.write_own(obj, key, pair, attrs | attr::ACCESSOR);
            } else {
                let attrs = attrs | (u32::from(desc.writable == Some(true)) * attr::W);
                self.write_own(obj, key, desc.value.unwrap_or(Value::UNDEFINED), attrs);
            }
            return true;
        };
        if !self.compatible(&current, desc) {
            return false;
        }
        let enumerable = desc.enumerable.unwrap_or(current.enumerable());
        let configurable = desc.configurable.unwrap_or(current.configurable());
        let attrs = u32::from(enumerable) * attr::E + u32::from(configurable) * attr::C;
        if desc.is_accessor() || (current.is_accessor() && !desc.is_data()) {
            let (get, set) =
                if current.is_accessor() { (current.get, current.set) } else { (Value::UNDEFINED, Value::UNDEFINED) };
            let pair = self.new_accessor(desc.get.unwrap_or(get), desc.set.unwrap_or(set));
            self.write_own(obj, key, pair, attrs | attr::ACCESSOR);
        } else {
            let writable = desc.writable.unwrap_or(!current.is_accessor() && current.writable());
            let v = desc.value.unwrap_or(current.value);
            self.write_own(obj, key, v, attrs | (u32::from(writable) * attr::W));
        }
        true
    }

    /// 10.1.6.3 ValidateAndApplyPropertyDescriptor, the validation for an existing property.
    pub fn compatible(&self, current: &Prop, desc: &Desc) -> bool {
        if current.configurable() {
            return true;
        }
        if desc.configurable == Some(true) || desc.enumerable.is_some_and(|e| e != current.enumerable()) {
            return false;
        }
        if !desc.is_accessor() && !desc.is_data() {
            return true;
        }
        if desc.is_accessor() != current.is_accessor() {
            return false;
        }
        if current.is_accessor() {
            return desc.get.is_none_or(|g| g == current.get) && desc.set.is_none_or(|s| s == current.set);
        }
        current.writable()
            || (desc.writable != Some(true) && desc.value.is_none_or(|v| self.same_value(v, current.value)))
    }

    /// Writes an own property with these attributes whatever was there (validated by the caller).
    pub fn write_own(&self, obj: Ref, key: Key, v: Value, attrs: u32) {
        let name = match key {
            Key::Index(i) => return self.put_element_attrs(obj, i, v, attrs),
            Key::Name(name) => name,
        };
        let shape = self.shape_of(obj);
        match self.shape_find(shape, name) {
            None => self.add_property(obj, name, v, attrs),
            Some(found) if found.info & 0x2F == attrs => self.set_slot(obj, found.slot(), v),
            Some(found) => {
                // Attributes change: the object gets a shape of its own, so nothing cached about the old one applies.
                let dict = self.shape_to_dict(shape);
                let Some(entry) = self.shape_find(dict, name) else { return };
                self.dict_set_info(dict, entry.entry, attrs | found.slot() << attr::SLOT_SHIFT);
                self.put(obj, CELL_SHAPE, dict);
                self.set_slot(obj, found.slot(), v);
                self.proto_changed(obj);
            }
        }
    }

    /// 10.4.2.1 Array exotic `[[DefineOwnProperty]]`
    fn array_define_own(&mut self, array: Ref, key: Key, desc: &Desc) -> JsResult<bool> {
        match key {
            Key::Name(name) if name == atoms::length => self.array_set_length(array, desc),
            Key::Index(i) => {
                if i >= self.array_len(array) && self.cell_flags(array) & OBJ_LENGTH_READONLY != 0 {
                    return Ok(false);
                }
                if !self.ordinary_define_own(array, key, desc) {
                    return Ok(false);
                }
                if i >= self.array_len(array) {
                    self.put::<u32>(array, ARRAY_LENGTH, i + 1);
                }
                Ok(true)
            }
            Key::Name(_) => Ok(self.ordinary_define_own(array, key, desc)),
        }
    }

    /// 10.4.2.4 ArraySetLength
    fn array_set_length(&mut self, array: Ref, desc: &Desc) -> JsResult<bool> {
        let Some(v) = desc.value else {
            if desc.is_accessor() || desc.configurable == Some(true) || desc.enumerable == Some(true) {
                return Ok(false);
            }
            return match desc.writable {
                Some(false) => {
                    self.set_cell_flags(array, OBJ_LENGTH_READONLY);
                    Ok(true)
                }
                Some(true) => Ok(self.cell_flags(array) & OBJ_LENGTH_READONLY == 0),
                None => Ok(true),
            };
        };
        let len = self.to_uint32(v)?;
        let number = self.to_number(v)?;
        if f64::from(len) != number {
            return Err(self.throw_range("Invalid array length"));
        }
        if desc.is_accessor() || desc.configurable == Some(true) || desc.enumerable == Some(true) {
            return Ok(false);
        }
        let readonly = self.cell_flags(array) & OBJ_LENGTH_READONLY != 0;
        if readonly && (len != self.array_len(array) || desc.writable == Some(true)) {
            return Ok(false);
        }
        let ok = self.truncate_array(array, len);
        if desc.writable == Some(false) {
            self.set_cell_flags(array, OBJ_LENGTH_READONLY);
        }
        Ok(ok)
    }

    /// Sets an array's length, removing elements from the end; stops at one that cannot be removed.
    pub fn truncate_array(&self, array: Ref, len: u32) -> bool {
        let old = self.array_len(array);
        let elements = self.elements(array);
        if len < old && !elements.is_null() {
            let fixed = self.cell_flags(array) & (OBJ_FROZEN_ELEMENTS | OBJ_SEALED_ELEMENTS) != 0;
            if self.kind(elements) == Kind::Words && !fixed {
                for i in len..old.min(self.len(elements)) {
                    self.put_word(elements, i, Value::HOLE);
                }
            } else {
                for &i in self.element_indices(array).iter().rev().take_while(|&&i| i >= len) {
                    if self.element_own(array, i).is_some_and(|p| !p.configurable()) {
                        self.put::<u32>(array, ARRAY_LENGTH, i + 1);
                        return false;
                    }
                    self.remove_element(array, i);
                }
            }
        }
        self.put::<u32>(array, ARRAY_LENGTH, len);
        true
    }

    /// `[[Delete]]`
    pub fn delete(&mut self, obj: Ref, key: Key) -> JsResult<bool> {
        match self.kind(obj) {
            Kind::Proxy => return proxy::delete(self, obj, key),
            Kind::Namespace => return namespace::delete(self, obj, key),
            _ => {}
        }
        let Some(prop) = self.get_own_plain(obj, key) else { return Ok(true) };
        if self.kind(obj) == Kind::TypedArray && matches!(key, Key::Index(_)) {
            return Ok(false);
        }
        if !prop.configurable() {
            return Ok(false);
        }
        match key {
            Key::Index(i) => self.remove_element(obj, i),
            Key::Name(name) => self.remove_named(obj, name),
        }
        Ok(true)
    }

    fn remove_named(&self, obj: Ref, name: Ref) {
        // Always a fresh shape: caches that know the old one must miss.
        let dict = self.shape_to_dict(self.shape_of(obj));
        if let Some(found) = self.shape_find(dict, name) {
            self.dict_remove(dict, found.entry);
            self.put(obj, CELL_SHAPE, dict);
            self.set_slot(obj, found.slot(), Value::UNDEFINED);
            self.proto_changed(obj);
        }
    }

    /// `[[OwnPropertyKeys]]`: an Array of strings and symbols (indices as strings), private names left out.
    pub fn own_keys(&mut self, obj: Ref) -> JsResult<Ref> {
        match self.kind(obj) {
            Kind::Proxy => return proxy::own_keys(self, obj),
            Kind::Namespace => return namespace::own_keys(self, obj),
            _ => {}
        }
        let mut keys = Vec::new();
        self.own_keys_plain(obj, &mut keys);
        let array = self.new_array_with_capacity(keys.len() as u32);
        for key in keys {
            self.array_push(array, self.key_to_value(key));
        }
        Ok(array)
    }

    /// Own keys of anything but proxies and namespaces, in order: indices, strings, symbols.
    pub fn own_keys_plain(&self, obj: Ref, keys: &mut Vec<Key>) {
        match self.kind(obj) {
            Kind::StringObj => keys.extend((0..self.len(self.internal(obj, 0).as_ref())).map(Key::Index)),
            Kind::TypedArray => keys.extend((0..typed_array::length(self, obj)).map(Key::Index)),
            _ => {}
        }
        keys.extend(self.element_indices(obj).into_iter().map(Key::Index));
        if matches!(self.kind(obj), Kind::Array | Kind::StringObj) {
            keys.push(Key::Name(atoms::length));
        }
        let shape = self.shape_of(obj);
        let count = self.shape_count(shape);
        for symbols in [false, true] {
            for i in 0..count {
                let (key, _) = self.shape_entry(shape, i);
                if !key.is_null()
                    && (self.kind(key) == Kind::Symbol) == symbols
                    && !(symbols && self.is_private_name(key))
                {
                    keys.push(Key::Name(key));
                }
            }
        }
    }

    /// Whether `[[PreventExtensions]]` was not done.
    pub fn is_extensible(&mut self, obj: Ref) -> JsResult<bool> {
        match self.kind(obj) {
            Kind::Proxy => proxy::is_extensible(self, obj),
            Kind::Namespace => Ok(false),
            _ => Ok(self.shape_flags(self.shape_of(obj)) & SHAPE_NON_EXTENSIBLE == 0),
        }
    }

    /// `[[PreventExtensions]]`
    pub fn prevent_extensions(&mut self, obj: Ref) -> JsResult<bool> {
        match self.kind(obj) {
            Kind::Proxy => return proxy::prevent_extensions(self, obj),
            Kind::Namespace => return Ok(true),
            Kind::TypedArray if !typed_array::is_fixed_length(self, obj) => return Ok(false),
            _ => {}
        }
        let shape = self.shape_of(obj);
        if self.shape_flags(shape) & SHAPE_NON_EXTENSIBLE == 0 {
            let next = self.shape_prevent_extensions(shape);
            self.put(obj, CELL_SHAPE, next);
        }
        Ok(true)
    }

    /// Whether the shape is a dictionary.
    pub fn is_dictionary(&self, shape: Ref) -> bool {
        self.shape_flags(shape) & SHAPE_DICT != 0
    }
}
