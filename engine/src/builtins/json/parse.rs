//! The JSON parser (25.5.1, steps 2 to 7): straight from the units of the text to cells.
//!
//! Elements and properties wait on the free end of the VM stack until their number is known, so that arrays and objects
//! are allocated once and at their size. An object begins with the shape of the last one found under the same key: as
//! long as the text agrees, a key costs one comparison and its value goes straight into its slot. Nothing here runs
//! JavaScript, so references may be held in locals throughout.
use super::cache;
use super::number;
use super::units::Unit;
use crate::call::STACK_MARGIN;
use crate::heap::layout::*;
use crate::limits::thread_cpu_time;
use crate::object::Key;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::{MAX_SHAPED, SHAPE_DICT};
use crate::string::StrBuf;
use crate::value::{Ref, TAG_INTERNAL, Value};

/// Why parsing stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The text is wrong at this unit.
    Syntax(Problem, usize),
    /// Nested too deeply.
    Depth,
    /// The CPU budget is used up.
    Interrupted,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "said in `errors::text`")]
pub enum Problem {
    Token,
    Number,
    Unterminated,
    PropertyNameOrBrace,
    PropertyName,
    Colon,
    CommaOrBracket,
    CommaOrBrace,
    Control,
    Escape,
    UnicodeEscape,
    Minus,
    Fraction,
    Exponent,
    Trailing,
}

type Parsed<T> = Result<T, Fault>;

/// Values that may wait on the VM stack.
const MAX_WAITING: u32 = 4096;
/// Most inline slots of a parsed object.
const MAX_INLINE: u32 = 32;
/// Elements and properties between two looks at the interrupt word.
const POLL_EVERY: u32 = 2048;
/// What `peek` gives at the end.
const END: u32 = u32::MAX;

/// Parses a text. With `RECORD`, every primitive comes as an internal Words cell of its value and its source text.
pub fn parse<U: Unit, const RECORD: bool>(rt: &Rt, text: &[U]) -> Parsed<Value> {
    let ctx = rt.ctx();
    let free = u64::from(ctx.vm_limit.get()) + u64::from(STACK_MARGIN) - u64::from(ctx.vm_sp.get());
    let mut parser = Parser::<U, RECORD> {
        rt,
        text,
        at: 0,
        cache: cache::cell(rt),
        base: ctx.vm_sp.get(),
        waiting: 0,
        room: MAX_WAITING.min((free / 8).saturating_sub(512) as u32),
        until_poll: POLL_EVERY,
        escaped_key: false,
    };
    let v = parser.value(Ref::NULL)?;
    if parser.skip_space() != END {
        return Err(Fault::Syntax(Problem::Trailing, parser.at));
    }
    Ok(v)
}

struct Parser<'a, U: Unit, const RECORD: bool> {
    rt: &'a Rt,
    text: &'a [U],
    at: usize,
    cache: Ref,
    /// First byte of the waiting values.
    base: u32,
    waiting: u32,
    /// How many may wait.
    room: u32,
    until_poll: u32,
    /// The last key had escapes: its object's shape must not be compared with source text.
    escaped_key: bool,
}

impl<U: Unit, const RECORD: bool> Parser<'_, U, RECORD> {
    // ---- waiting values

    /// Puts a value on the stack; false if there is no room.
    #[inline(always)]
    fn wait(&mut self, v: Value) -> bool {
        if self.waiting >= self.room {
            return false;
        }
        self.rt.init(Ref(self.base + 8 * self.waiting), 0, v);
        self.waiting += 1;
        true
    }

    #[inline(always)]
    fn waiting_value(&self, i: u32) -> Value {
        self.rt.load(Ref(self.base + 8 * i), 0)
    }

    // ---- text

    #[inline(always)]
    fn peek(&self) -> u32 {
        self.text.get(self.at).map_or(END, |u| u.unit())
    }

    #[inline(always)]
    fn skip_space(&mut self) -> u32 {
        loop {
            let c = self.peek();
            if c > ' ' as u32 || !matches!(c, 0x20 | 0x0A | 0x0D | 0x09) {
                return c;
            }
            self.at += 1;
        }
    }

    #[cold]
    fn fail<T>(&self, problem: Problem) -> Parsed<T> {
        Err(Fault::Syntax(problem, self.at))
    }

    #[inline]
    fn poll(&mut self) -> Parsed<()> {
        self.until_poll -= 1;
        if self.until_poll == 0 { self.poll_now() } else { Ok(()) }
    }

    #[cold]
    fn poll_now(&mut self) -> Parsed<()> {
        self.until_poll = POLL_EVERY;
        let deadline = self.rt.host().budget.deadline.get();
        let over = self.rt.interrupted() && deadline.is_some_and(|deadline| thread_cpu_time() >= deadline);
        if over { Err(Fault::Interrupted) } else { Ok(()) }
    }

    #[inline]
    fn check_depth(&self) -> Parsed<()> {
        let mark = 0u8;
        let here = std::ptr::addr_of!(mark) as usize;
        if here < self.rt.ctx().native_limit.get() { Err(Fault::Depth) } else { Ok(()) }
    }

    // ---- values

    /// A value that stands under key `under` (of an object, or of the object around its array).
    #[inline]
    fn value(&mut self, under: Ref) -> Parsed<Value> {
        let c = self.skip_space();
        let start = self.at;
        let v = match char::from_u32(c) {
            Some('"') => Value::string(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            Some('{') => return self.object(under),
            Some('[') => return self.array(under),
            Some('t') => self.word(b"true", Value::TRUE)?,
            Some('f') => self.word(b"false", Value::FALSE)?,
            Some('n') => self.word(b"null", Value::NULL)?,
            _ => return self.fail(Problem::Token),
        };
        if RECORD {
            let record = self.rt.alloc_words(Kind::Words, 2);
            self.rt.init_word(record, 0, v);
            self.rt.init_word(record, 1, Value::string(U::new_string(self.rt, &self.text[start..self.at])));
            return Ok(Value::internal(record));
        }
        Ok(v)
    }

    fn word(&mut self, word: &[u8], v: Value) -> Parsed<Value> {
        for &b in word {
            if self.peek() != b as u32 {
                return self.fail(Problem::Token);
            }
            self.at += 1;
        }
        Ok(v)
    }

    fn number(&mut self) -> Parsed<Value> {
        match number::scan(&self.text[self.at..]) {
            Ok((v, len)) => {
                self.at += len;
                Ok(v)
            }
            Err((problem, offset)) => Err(Fault::Syntax(problem, self.at + offset)),
        }
    }

    // ---- strings

    /// A string; `at` is on its opening quote.
    #[inline]
    fn string(&mut self) -> Parsed<Ref> {
        self.at += 1;
        let run = U::clean_run(&self.text[self.at..]);
        let end = self.at + run;
        if self.text.get(end).is_some_and(|u| u.unit() == '"' as u32) {
            let s = U::new_string(self.rt, &self.text[self.at..end]);
            self.at = end + 1;
            return Ok(s);
        }
        self.escaped_string()
    }

    #[cold]
    #[inline(never)]
    fn escaped_string(&mut self) -> Parsed<Ref> {
        let mut buf = self.rt.str_buf();
        let result = self.unescape(&mut buf);
        let s = match buf.units() {
            crate::string::Units::Latin1(bytes) => self.rt.new_latin1(bytes),
            crate::string::Units::Utf16(units) => self.rt.new_utf16(units),
        };
        buf.clear();
        self.rt.host().give_str_buf(buf);
        result.map(|()| s)
    }

    fn unescape(&mut self, buf: &mut StrBuf) -> Parsed<()> {
        loop {
            let run = U::clean_run(&self.text[self.at..]);
            U::push(buf, &self.text[self.at..self.at + run]);
            self.at += run;
            match self.peek() {
                END => return self.fail(Problem::Unterminated),
                0x22 => {
                    self.at += 1;
                    return Ok(());
                }
                0x5C => {}
                _ => return self.fail(Problem::Control),
            }
            self.at += 1;
            let unit = match char::from_u32(self.peek()) {
                Some(c @ ('"' | '\\' | '/')) => c as u16,
                Some('b') => 8,
                Some('f') => 12,
                Some('n') => 10,
                Some('r') => 13,
                Some('t') => 9,
                Some('u') => self.hex_escape()?,
                _ if self.peek() == END => return self.fail(Problem::Unterminated),
                _ => return self.fail(Problem::Escape),
            };
            self.at += 1;
            buf.push(unit);
        }
    }

    /// The unit of `\uXXXX`, `at` on the `u` before and on the last digit after.
    fn hex_escape(&mut self) -> Parsed<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            self.at += 1;
            let digit = char::from_u32(self.peek()).and_then(|c| c.to_digit(16));
            match digit {
                Some(digit) => unit = unit << 4 | digit as u16,
                None => return self.fail(Problem::UnicodeEscape),
            }
        }
        Ok(unit)
    }

    // ---- arrays

    fn array(&mut self, under: Ref) -> Parsed<Value> {
        self.check_depth()?;
        self.at += 1;
        let first = self.waiting;
        // Elements that found no room: an array that grows.
        let mut grown = Ref::NULL;
        if self.skip_space() == ']' as u32 {
            self.at += 1;
            return Ok(Value::object(self.rt.new_array_with_capacity(0)));
        }
        loop {
            let v = self.value(under)?;
            if !self.wait(v) {
                if grown.is_null() {
                    grown = self.rt.new_array_with_capacity(0);
                }
                for i in first..self.waiting {
                    self.rt.array_push(grown, self.waiting_value(i));
                }
                self.waiting = first;
                self.rt.array_push(grown, v);
            }
            self.poll()?;
            match char::from_u32(self.skip_space()) {
                Some(',') => self.at += 1,
                Some(']') => break,
                _ => return self.fail(Problem::CommaOrBracket),
            }
        }
        self.at += 1;
        if !grown.is_null() {
            for i in first..self.waiting {
                self.rt.array_push(grown, self.waiting_value(i));
            }
            self.waiting = first;
            return Ok(Value::object(grown));
        }
        let rt = self.rt;
        let len = self.waiting - first;
        self.waiting = first;
        let elements = rt.alloc_words(Kind::Words, len);
        crate::heap::cage::copy(rt.base(), self.base + 8 * first, elements.0 + CELL_DATA, 8 * len as usize);
        let array = rt.alloc_object(rt.ctx().realm.array_shape.get());
        rt.init(array, OBJ_ELEMENTS, elements);
        rt.init::<u64>(array, ARRAY_LENGTH, u64::from(len));
        Ok(Value::object(array))
    }

    // ---- objects

    fn object(&mut self, under: Ref) -> Parsed<Value> {
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
