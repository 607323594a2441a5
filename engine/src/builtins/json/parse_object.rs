//! Objects of the JSON parser. One begins with the shape of the last object found under the same key: as long as the text
//! agrees, a key costs one comparison and its value goes straight into its slot.
use super::cache;
use super::parse::{Parsed, Parser, Problem};
use super::units::Unit;
use crate::heap::layout::*;
use crate::object::Key;
use crate::realm::Intrinsic;
use crate::shape::{MAX_SHAPED, SHAPE_DICT};
use crate::value::{Ref, TAG_INTERNAL, Value};

/// Most inline slots of a parsed object.
const MAX_INLINE: u32 = 32;

impl<U: Unit, const RECORD: bool> Parser<'_, U, RECORD> {
    pub fn object(&mut self, under: Ref) -> Parsed<Value> {
        self.check_depth()?;
        self.at += 1;
        match char::from_u32(self.skip_space()) {
            Some('"') => {}
            Some('}') => {
                self.at += 1;
                return Ok(Value::object(self.rt.new_object()));
            }
            _ => return self.fail(Problem::PropertyNameOrBrace),
        }
        let entry = cache::shape_entry(under);
        let guess = self.rt.word(self.cache, entry);
        self.escaped_key = false;
        let (obj, clean) =
            if guess.tag() == TAG_INTERNAL { self.guessed_object(guess.as_ref())? } else { self.new_object()? };
        let shape = self.rt.shape_of(obj);
        if clean && shape != guess.as_ref() && self.rt.shape_flags(shape) & SHAPE_DICT == 0 {
            self.rt.put_word(self.cache, entry, Value::internal(shape));
        }
        Ok(Value::object(obj))
    }

    /// An object that is expected to have the properties of `shape`; and whether all keys stand in the text as they are.
    fn guessed_object(&mut self, shape: Ref) -> Parsed<(Ref, bool)> {
        let rt = self.rt;
        let count = rt.shape_count(shape);
        let inline = u32::from(rt.load::<u16>(shape, SHAPE_INLINE));
        let obj = rt.alloc(Kind::Object, OBJ_INTERNAL + 8 * inline);
        rt.init(obj, CELL_SHAPE, shape);
        rt.init::<u16>(obj, CELL_INLINE, inline as u16);
        rt.init::<u64>(obj, OBJ_SLOTS, 0);
        let mut slots = Ref::NULL;
        for i in count..inline {
            rt.init(Ref(obj.0 + 8 * i), OBJ_INTERNAL, Value::UNDEFINED);
        }
        if count > inline {
            slots = rt.alloc_words(Kind::Words, count - inline);
            rt.init(obj, OBJ_SLOTS, slots);
        }
        for i in 0..count {
            let (key, _) = rt.shape_entry(shape, i);
            // On the opening quote.
            if !U::starts_with_key(rt, key, &self.text[self.at + 1..]) {
                self.cut_to(obj, shape, i);
                return self.more_properties(obj, true);
            }
            self.at += rt.len(key) as usize + 2;
            self.colon()?;
            let v = self.value(key)?;
            if i < inline {
                rt.init(Ref(obj.0 + 8 * i), OBJ_INTERNAL, v);
            } else {
                rt.init_word(slots, i - inline, v);
            }
            if self.object_ends()? {
                if i + 1 < count {
                    self.cut_to(obj, shape, i + 1);
                }
                return Ok((obj, true));
            }
        }
        self.more_properties(obj, true)
    }

    /// Gives a half-filled object the shape of its first `count` properties.
    #[cold]
    fn cut_to(&self, obj: Ref, guess: Ref, count: u32) {
        let rt = self.rt;
        let proto = rt.intrinsic(Intrinsic::ObjectPrototype);
        let mut shape = rt.root_shape(proto, Kind::Object, rt.load(guess, SHAPE_INLINE));
        for i in 0..count {
            shape = rt.shape_add(shape, rt.shape_entry(guess, i).0, crate::shape::attr::ALL);
        }
        rt.init(obj, CELL_SHAPE, shape);
        self.clear_slots(obj, count);
    }

    fn clear_slots(&self, obj: Ref, from: u32) {
        let rt = self.rt;
        let inline = u32::from(rt.load::<u16>(obj, CELL_INLINE));
        for i in from..inline {
            rt.init(Ref(obj.0 + 8 * i), OBJ_INTERNAL, Value::UNDEFINED);
        }
        let slots: Ref = rt.load(obj, OBJ_SLOTS);
        if !slots.is_null() {
            for i in from.saturating_sub(inline)..rt.len(slots) {
                rt.init_word(slots, i, Value::HOLE);
            }
        }
    }

    /// Adds properties one by one; `at` is on the quote of a key.
    fn more_properties(&mut self, obj: Ref, mut clean: bool) -> Parsed<(Ref, bool)> {
        loop {
            let key = self.key()?;
            clean &= !self.escaped_key;
            self.colon()?;
            let under = if let Key::Name(name) = key { name } else { Ref::NULL };
            let v = self.value(under)?;
            match key {
                Key::Index(i) => self.rt.put_element(obj, i, v),
                Key::Name(name) => self.rt.put_own(obj, name, v),
            }
            if self.object_ends()? {
                return Ok((obj, clean));
            }
        }
    }

    /// An object of which nothing is known.
    fn new_object(&mut self) -> Parsed<(Ref, bool)> {
        let first = self.waiting;
        let mut clean = true;
        let mut plain = true;
        loop {
            let key = self.key()?;
            clean &= !self.escaped_key;
            self.colon()?;
            let (under, key) = match key {
                Key::Name(name) => (name, Value::string(name)),
                Key::Index(i) => {
                    plain = false;
                    (Ref::NULL, Value::uint(i))
                }
            };
            let v = self.value(under)?;
            let fits = self.waiting + 2 <= self.room;
            if fits {
                self.wait(key);
                self.wait(v);
            }
            let ends = self.object_ends()?;
            let count = (self.waiting - first) / 2;
            if ends && fits && plain && count <= MAX_SHAPED {
                if let Some(obj) = self.shaped_object(first, count) {
                    return Ok((obj, clean));
                }
            } else if !ends && fits {
                continue;
            }
            // Indices, keys that come twice, or too many: one by one.
            let obj = self.rt.new_object();
            for i in 0..count {
                self.put_pair(obj, self.waiting_value(first + 2 * i), self.waiting_value(first + 2 * i + 1));
            }
            self.waiting = first;
            if !fits {
                self.put_pair(obj, key, v);
            }
            return if ends { Ok((obj, clean)) } else { self.more_properties(obj, clean) };
        }
    }

    fn put_pair(&self, obj: Ref, key: Value, v: Value) {
        if key.is_string() {
            self.rt.put_own(obj, key.as_ref(), v);
        } else {
            self.rt.put_element(obj, key.as_number() as u32, v);
        }
    }

    /// The object of `count` waiting pairs; `None` (all still waiting) if a key comes twice.
    fn shaped_object(&mut self, first: u32, count: u32) -> Option<Ref> {
        let rt = self.rt;
        let inline = count.min(MAX_INLINE);
        let root = rt.root_shape(rt.intrinsic(Intrinsic::ObjectPrototype), Kind::Object, inline as u16);
        let shape = rt.shape_of_keys(root, count, |i| self.waiting_value(first + 2 * i).as_ref())?;
        let obj = rt.alloc_object(shape);
        for i in 0..inline {
            rt.init(Ref(obj.0 + 8 * i), OBJ_INTERNAL, self.waiting_value(first + 2 * i + 1));
        }
        if count > inline {
            let slots = rt.alloc_words(Kind::Words, count - inline);
            for i in inline..count {
                rt.init_word(slots, i - inline, self.waiting_value(first + 2 * i + 1));
            }
            rt.init(obj, OBJ_SLOTS, slots);
        }
        self.waiting = first;
        Some(obj)
    }

    /// A key; `at` is on its opening quote.
    fn key(&mut self) -> Parsed<Key> {
        let start = self.at + 1;
        let run = U::clean_run(&self.text[start..]);
        let end = start + run;
        self.escaped_key = self.text.get(end).is_none_or(|u| u.unit() != '"' as u32);
        if self.escaped_key {
            let s = self.string()?;
            self.escaped_key = true;
            return Ok(self.rt.key_of_string(s));
        }
        self.at = end + 1;
        let entry = cache::key_entry(U::key_mix(&self.text[start..end]));
        let known = self.rt.word(self.cache, entry);
        if known.is_string()
            && self.rt.len(known.as_ref()) as usize == run
            && U::starts_with_key(self.rt, known.as_ref(), &self.text[start..])
        {
            return Ok(Key::Name(known.as_ref()));
        }
        let key = self.rt.key_of_string(U::new_string(self.rt, &self.text[start..end]));
        if let Key::Name(atom) = key {
            self.rt.put_word(self.cache, entry, Value::string(atom));
        }
        Ok(key)
    }

    #[inline]
    fn colon(&mut self) -> Parsed<()> {
        if self.skip_space() != ':' as u32 {
            return self.fail(Problem::Colon);
        }
        self.at += 1;
        Ok(())
    }

    /// After a property value: whether the object ends here; if not, `at` is on the quote of the next key.
    #[inline]
    fn object_ends(&mut self) -> Parsed<bool> {
        self.poll()?;
        match char::from_u32(self.skip_space()) {
            Some('}') => {
                self.at += 1;
                Ok(true)
            }
            Some(',') => {
                self.at += 1;
                if self.skip_space() != '"' as u32 {
                    return self.fail(Problem::PropertyName);
                }
                Ok(false)
            }
            _ => self.fail(Problem::CommaOrBrace),
        }
    }
}
