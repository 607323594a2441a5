//! JSON.stringify (25.5.2).
//!
//! Plain objects and arrays whose prototypes have no `toJSON` are written straight from their shapes and elements. Only
//! `toJSON`, getters, proxies and a replacer run JavaScript; each such call counts up [`Writer::calls`], and a loop over
//! properties that sees the count change goes on by the general way, from its scratch slots.
use super::cycle::throw_cycle;
use super::{enumerable_keys, is_array, quote, raw_text};
use crate::heap::layout::*;
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::shape::attr;
use crate::string::{MAX_LENGTH, StrBuf, Units, atoms};
use crate::value::{JsResult, Ref, Value};

/// Elements and properties between two looks at time and memory.
const CHECK_EVERY: u32 = 1024;
/// A string longer than this is followed by such a look.
const LONG: u32 = 16 * 1024;
/// Longest indentation.
const MAX_GAP: usize = 10;

/// 25.5.2 JSON.stringify ( value [ , replacer [ , space ] ] ): a string or undefined.
pub fn stringify_value(rt: &mut Rt, v: Value, replacer: Value, space: Value) -> JsResult {
    rt.scoped(|rt| {
        let mut writer = Writer::new(rt, rt.str_buf());
        let v = rt.root(v);
        if !replacer.is_undefined() || !space.is_undefined() {
            let (replacer, space) = (rt.root(replacer), rt.root(space));
            writer.set_replacer(rt, replacer)?;
            writer.set_gap(rt, space)?;
        }
        if writer.write_root(rt, v)? {
            return rt.finish_str(writer.buf).map(Value::string);
        }
        rt.host().give_str_buf(writer.buf);
        Ok(Value::UNDEFINED)
    })
}

/// Appends the JSON text of a value, without replacer and indentation; false (and nothing appended) if it has none.
pub fn stringify_to(rt: &mut Rt, v: Value, buf: &mut StrBuf) -> JsResult<bool> {
    rt.scoped(|rt| {
        let mut writer = Writer::new(rt, std::mem::take(buf));
        let start = writer.buf.len();
        let v = rt.root(v);
        let result = writer.write_root(rt, v);
        if result != Ok(true) {
            writer.buf.truncate(start);
        }
        *buf = writer.buf;
        result
    })
}

struct Writer {
    buf: StrBuf,
    gap: [u16; MAX_GAP],
    gap_len: usize,
    depth: usize,
    until_check: u32,
    /// How often JavaScript has been run: references in locals hold while it does not change.
    calls: u32,
    /// Replacer function.
    replacer: Option<Slot>,
    /// Array of the keys to write.
    list: Option<Slot>,
    /// The epoch of prototypes in which Object.prototype and Array.prototype had no `toJSON`.
    clean_epoch: Option<u32>,
}

/// The objects around the one being written.
pub(super) struct Frame<'a> {
    pub holder: Slot,
    pub parent: Option<&'a Frame<'a>>,
}

impl Writer {
    fn new(rt: &Rt, buf: StrBuf) -> Writer {
        let mut writer = Writer {
            buf,
            gap: [0; MAX_GAP],
            gap_len: 0,
            depth: 0,
            until_check: CHECK_EVERY,
            calls: 0,
            replacer: None,
            list: None,
            clean_epoch: None,
        };
        writer.look_at_prototypes(rt);
        writer
    }

    fn look_at_prototypes(&mut self, rt: &Rt) {
        let clean = [Intrinsic::ObjectPrototype, Intrinsic::ArrayPrototype].iter().all(|&which| {
            let proto = rt.intrinsic(which);
            let shape = rt.shape_of(proto);
            let parent = rt.shape_proto(shape);
            rt.shape_find(shape, atoms::to_json).is_none()
                && (parent.is_null() || parent == rt.intrinsic(Intrinsic::ObjectPrototype))
        });
        self.clean_epoch = clean.then(|| rt.ctx().proto_epoch.get());
    }

    /// Steps 4 and 5 of 25.5.2: a function, or the list of keys.
    fn set_replacer(&mut self, rt: &mut Rt, replacer: Slot) -> JsResult<()> {
        let v = replacer.get(rt);
        if rt.is_callable(v) {
            self.replacer = Some(replacer);
            return Ok(());
        }
        if !v.is_object() || !is_array(rt, v)? {
            return Ok(());
        }
        let list = rt.new_array_with_capacity(0);
        let list = rt.root(Value::object(list));
        let seen = rt.new_object_with_proto(Ref::NULL);
        let seen = rt.root(Value::object(seen));
        let len = rt.length_of(replacer.obj(rt))?;
        let mut i = 0.0;
        while i < len {
            let item = rt.get(replacer.get(rt), rt.key_of_number(i))?;
            i += 1.0;
            let names = item.is_string()
                || item.is_number()
                || rt.is_kind(item, Kind::StringObj)
                || rt.is_kind(item, Kind::NumberObj);
            if !names {
                continue;
            }
            let name = rt.to_str(item)?;
            let key = rt.key_of_string(name);
            if rt.get_own_plain(seen.obj(rt), key).is_none() {
                rt.write_own(seen.obj(rt), key, Value::TRUE, attr::ALL);
                rt.array_push(list.obj(rt), Value::string(name));
            }
            rt.poll()?;
        }
        self.list = Some(list);
        Ok(())
    }

    /// Steps 6 to 9 of 25.5.2: the indentation.
    fn set_gap(&mut self, rt: &mut Rt, space: Slot) -> JsResult<()> {
        let mut v = space.get(rt);
        if rt.is_kind(v, Kind::NumberObj) {
            v = Value::number(rt.to_number(v)?);
        } else if rt.is_kind(v, Kind::StringObj) {
            v = Value::string(rt.to_str(v)?);
        }
        if v.is_number() {
            self.gap_len = rt.to_integer(v)?.clamp(0.0, MAX_GAP as f64) as usize;
            self.gap = [b' ' as u16; MAX_GAP];
        } else if v.is_string() {
            let gap = &mut self.gap;
            self.gap_len = rt.with_units(v.as_ref(), |units| {
                let len = units.len().min(MAX_GAP);
                (0..len).for_each(|i| gap[i] = units.at(i));
                len
            });
        }
        Ok(())
    }

    fn write_root(&mut self, rt: &mut Rt, v: Slot) -> JsResult<bool> {
        let key = Value::string(atoms::empty);
        if self.replacer.is_none() {
            return self.value(rt, v.get(rt), key, None);
        }
        let wrapper = rt.new_object();
        rt.add_property(wrapper, atoms::empty, v.get(rt), attr::ALL);
        let holder = rt.root(Value::object(wrapper));
        self.value(rt, v.get(rt), key, Some(&Frame { holder, parent: None }))
    }

    // ---- values

    /// 25.5.2.1 SerializeJSONProperty, of a value already read; `key` is a string or an index. False: nothing written.
    #[inline]
    fn value(&mut self, rt: &mut Rt, v: Value, key: Value, parent: Option<&Frame>) -> JsResult<bool> {
        if self.replacer.is_some() || v.is_bigint() {
            return self.converted(rt, v, key, parent);
        }
        if let Some(obj) = v.to_obj() {
            if matches!(rt.kind(obj), Kind::Object | Kind::Array) && !self.may_have_to_json(rt, obj) {
                return self.container(rt, obj, parent);
            }
            return self.converted(rt, v, key, parent);
        }
        Ok(self.primitive(rt, v))
    }

    /// Everything but objects and BigInts.
    #[inline]
    fn primitive(&mut self, rt: &Rt, v: Value) -> bool {
        if v.is_string() {
            let s = v.as_ref();
            if rt.len(s) > LONG {
                self.until_check = 1;
            }
            quote::quote(rt, s, &mut self.buf);
        } else if v.is_int() {
            quote::int(v.as_int(), &mut self.buf);
        } else if v.is_double() {
            quote::double(v.as_double(), &mut self.buf);
        } else {
            let word: &[u8] = match v {
                Value::NULL => b"null",
                Value::TRUE => b"true",
                Value::FALSE => b"false",
                _ => return false,
            };
            self.buf.push_latin1(word);
        }
        true
    }

    /// Whether `toJSON` might be found on an object, looking at plain properties only.
    #[inline]
    fn may_have_to_json(&self, rt: &Rt, obj: Ref) -> bool {
        let mut shape = rt.shape_of(obj);
        let clean = self.clean_epoch == Some(rt.ctx().proto_epoch.get());
        loop {
            if rt.shape_find(shape, atoms::to_json).is_some() {
                return true;
            }
            let proto = rt.shape_proto(shape);
            if proto.is_null() {
                return false;
            }
            let known =
                proto == rt.intrinsic(Intrinsic::ObjectPrototype) || proto == rt.intrinsic(Intrinsic::ArrayPrototype);
            if known && clean {
                return false;
            }
            if matches!(rt.kind(proto), Kind::Proxy | Kind::Namespace) {
                return true;
            }
            shape = rt.shape_of(proto);
        }
    }

    /// Steps 2 to 4 of 25.5.2.1: toJSON, the replacer, wrapper objects.
    #[inline(never)]
    fn converted(&mut self, rt: &mut Rt, v: Value, key: Value, parent: Option<&Frame>) -> JsResult<bool> {
        let mark = rt.roots_mark();
        let (v, key) = (rt.root(v), rt.root(key));
        if v.get(rt).is_object() || v.get(rt).is_bigint() {
            self.calls += 1;
            let method = rt.get_name(v.get(rt), atoms::to_json)?;
            if rt.is_callable(method) {
                let name = key_string(rt, key);
                let converted = rt.call(method, v.get(rt), &[name])?;
                v.set(rt, converted);
            }
        }
        if let (Some(replacer), Some(frame)) = (self.replacer, parent) {
            self.calls += 1;
            let name = key_string(rt, key);
            let replaced = rt.call(replacer.get(rt), frame.holder.get(rt), &[name, v.get(rt)])?;
            v.set(rt, replaced);
        }
        let written = self.resolved(rt, v.get(rt), parent);
        rt.release_roots(mark);
        written
    }

    /// Steps 4 to 12 of 25.5.2.1.
    fn resolved(&mut self, rt: &mut Rt, v: Value, parent: Option<&Frame>) -> JsResult<bool> {
        if v.is_bigint() {
            return Err(rt.throw_type("Do not know how to serialize a BigInt"));
        }
        let Some(obj) = v.to_obj() else { return Ok(self.primitive(rt, v)) };
        match rt.kind(obj) {
            Kind::NumberObj => {
                self.calls += 1;
                let d = rt.to_number(v)?;
                Ok(self.primitive(rt, Value::number(d)))
            }
            Kind::StringObj => {
                self.calls += 1;
                let s = rt.to_str(v)?;
                Ok(self.primitive(rt, Value::string(s)))
            }
            Kind::BooleanObj => Ok(self.primitive(rt, rt.internal(obj, 0))),
            Kind::BigIntObj => Err(rt.throw_type("Do not know how to serialize a BigInt")),
            _ if rt.is_callable(v) => Ok(false),
            _ => {
                if let Some(text) = raw_text(rt, v) {
                    let buf = &mut self.buf;
                    rt.with_units(text, |units| buf.push_units(units));
                    return Ok(true);
                }
                self.container(rt, obj, parent)
            }
        }
    }

    fn container(&mut self, rt: &mut Rt, obj: Ref, parent: Option<&Frame>) -> JsResult<bool> {
        rt.check_native_stack()?;
        self.check_cycle(rt, obj, parent)?;
        let mark = rt.roots_mark();
        let frame = Frame { holder: rt.root(Value::object(obj)), parent };
        self.depth += 1;
        let array = rt.kind(obj) == Kind::Array || rt.kind(obj) == Kind::Proxy && is_array(rt, Value::object(obj))?;
        if array {
            self.array(rt, &frame)?
        } else {
            self.object(rt, &frame)?
        }
        rt.release_roots(mark);
        Ok(true)
    }

    // ---- arrays

    /// 25.5.2.5 SerializeJSONArray ( state, value )
    fn array(&mut self, rt: &mut Rt, frame: &Frame) -> JsResult<()> {
        let holder = frame.holder;
        let mut calls = self.calls;
        let dense = rt.dense_array(holder.get(rt));
        let (mut elements, mut dense_len) = dense.unwrap_or((Ref::NULL, 0));
        let len = match dense {
            Some((_, len)) => f64::from(len),
            None => {
                self.calls += 1;
                rt.length_of(holder.obj(rt))?
            }
        };
        self.buf.push(b'[' as u16);
        let mut i = 0.0;
        let mut at = 0;
        while i < len {
            if self.calls != calls {
                calls = self.calls;
                (elements, dense_len) = rt.dense_array(holder.get(rt)).unwrap_or((Ref::NULL, 0));
            }
            let mut v = if at < dense_len { rt.word(elements, at) } else { Value::HOLE };
            if v.is_hole() {
                self.calls += 1;
                v = rt.get(holder.get(rt), rt.key_of_number(i))?;
            }
            if at > 0 {
                self.buf.push(b',' as u16);
            }
            if self.gap_len > 0 {
                self.newline(self.depth);
            }
            if !self.value(rt, v, Value::number(i), Some(frame))? {
                self.buf.push_latin1(b"null");
            }
            self.check(rt)?;
            i += 1.0;
            at = at.saturating_add(1);
        }
        self.depth -= 1;
        if self.gap_len > 0 && len > 0.0 {
            self.newline(self.depth);
        }
        self.buf.push(b']' as u16);
        Ok(())
    }

    // ---- objects

    /// 25.5.2.4 SerializeJSONObject ( state, value )
    fn object(&mut self, rt: &mut Rt, frame: &Frame) -> JsResult<()> {
        self.buf.push(b'{' as u16);
        let start = self.buf.len();
        let obj = frame.holder.obj(rt);
        if let Some(list) = self.list {
            self.listed(rt, frame, list, start)?;
        } else if rt.kind(obj) == Kind::Object && rt.elements(obj).is_null() && !rt.is_dictionary(rt.shape_of(obj)) {
            self.shaped(rt, frame, start)?;
        } else {
            self.calls += 1;
            let keys = enumerable_keys(rt, obj)?;
            let keys = rt.root(Value::object(keys));
            self.listed(rt, frame, keys, start)?;
        }
        self.depth -= 1;
        if self.gap_len > 0 && self.buf.len() > start {
            self.newline(self.depth);
        }
        self.buf.push(b'}' as u16);
        Ok(())
    }

    /// The properties of an object's shape, which never changes, whatever becomes of the object.
    fn shaped(&mut self, rt: &mut Rt, frame: &Frame, start: usize) -> JsResult<()> {
        let mut obj = frame.holder.obj(rt);
        let mut shape = rt.shape_of(obj);
        let keep = rt.root(Value::internal(shape));
        let count = rt.shape_count(shape);
        let inline = u32::from(rt.load::<u16>(shape, SHAPE_INLINE));
        let mut slots: Ref = rt.load(obj, OBJ_SLOTS);
        let mut calls = self.calls;
        let mut same = true;
        for i in 0..count {
            if self.calls != calls {
                calls = self.calls;
                shape = keep.get(rt).as_ref();
                obj = frame.holder.obj(rt);
                same = rt.shape_of(obj) == shape;
                slots = rt.load(obj, OBJ_SLOTS);
            }
            let (key, info) = rt.shape_entry(shape, i);
            if info & attr::E == 0 || rt.kind(key) == Kind::Symbol {
                continue;
            }
            let slot = info >> attr::SLOT_SHIFT;
            let v = if !same || info & (attr::ACCESSOR | attr::LAZY) != 0 {
                self.calls += 1;
                let v = rt.get_name(Value::object(obj), key)?;
                let shape = keep.get(rt).as_ref();
                let (key, _) = rt.shape_entry(shape, i);
                self.property(rt, key, v, frame, start)?;
                continue;
            } else if slot < inline {
                rt.load(Ref(obj.0 + 8 * slot), OBJ_INTERNAL)
            } else {
                rt.word(slots, slot - inline)
            };
            self.property(rt, key, v, frame, start)?;
        }
        Ok(())
    }

    /// The properties whose names are in an array.
    fn listed(&mut self, rt: &mut Rt, frame: &Frame, list: Slot, start: usize) -> JsResult<()> {
        for i in 0..rt.array_len(list.obj(rt)) {
            let name = rt.word(rt.elements(list.obj(rt)), i).as_ref();
            self.calls += 1;
            let v = rt.get(frame.holder.get(rt), rt.key_of_string(name))?;
            let name = rt.word(rt.elements(list.obj(rt)), i).as_ref();
            self.property(rt, name, v, frame, start)?;
        }
        Ok(())
    }

    /// Key and value, if the value has a text.
    #[inline]
    fn property(&mut self, rt: &mut Rt, key: Ref, v: Value, frame: &Frame, start: usize) -> JsResult<()> {
        let mark = self.buf.len();
        if mark > start {
            self.buf.push(b',' as u16);
        }
        if self.gap_len > 0 {
            self.newline(self.depth);
        }
        quote::quote(rt, key, &mut self.buf);
        self.buf.push(b':' as u16);
        if self.gap_len > 0 {
            self.buf.push(b' ' as u16);
        }
        if !self.value(rt, v, Value::string(key), Some(frame))? {
            self.buf.truncate(mark);
        }
        self.check(rt)
    }

    fn newline(&mut self, depth: usize) {
        self.buf.push(b'\n' as u16);
        for _ in 0..depth {
            self.buf.push_units(Units::Utf16(&self.gap[..self.gap_len]));
        }
    }

    // ---- limits

    #[inline]
    fn check(&mut self, rt: &mut Rt) -> JsResult<()> {
        self.until_check -= 1;
        if self.until_check == 0 { self.check_now(rt) } else { Ok(()) }
    }

    #[cold]
    fn check_now(&mut self, rt: &mut Rt) -> JsResult<()> {
        self.until_check = CHECK_EVERY;
        rt.poll()?;
        let bytes = self.buf.len() as u64;
        if bytes > u64::from(rt.heap_capacity()) {
            // The text would not fit the heap.
            crate::limits::out_of_memory(rt);
        }
        if bytes > u64::from(MAX_LENGTH) {
            return Err(rt.throw_range("Invalid string length"));
        }
        Ok(())
    }

    #[inline]
    fn check_cycle(&self, rt: &mut Rt, obj: Ref, parent: Option<&Frame>) -> JsResult<()> {
        let mut at = parent;
        while let Some(frame) = at {
            if frame.holder.obj(rt) == obj {
                return Err(throw_cycle(rt, obj, parent));
            }
            at = frame.parent;
        }
        Ok(())
    }
}

/// The key as toJSON and the replacer see it.
fn key_string(rt: &Rt, key: Slot) -> Value {
    let key = key.get(rt);
    if key.is_string() { key } else { Value::string(rt.number_to_string(key)) }
}
