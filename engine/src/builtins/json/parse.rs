//! The JSON parser (25.5.1, steps 2 to 7): straight from the units of the text to cells.
//!
//! Elements and properties wait on the free end of the VM stack until their number is known, so that arrays and objects
//! are allocated once and at their size. Nothing here runs JavaScript, so references may be held in locals throughout.
use super::cache;
use super::number;
use super::units::Unit;
use crate::call::STACK_MARGIN;
use crate::heap::layout::*;
use crate::limits::thread_cpu_time;
use crate::runtime::Rt;
use crate::string::StrBuf;
use crate::value::{Ref, Value};

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

pub(super) type Parsed<T> = Result<T, Fault>;

/// Values that may wait on the VM stack.
const MAX_WAITING: u32 = 4096;
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

pub(super) struct Parser<'a, U: Unit, const RECORD: bool> {
    pub rt: &'a Rt,
    pub text: &'a [U],
    pub at: usize,
    pub cache: Ref,
    /// First byte of the waiting values.
    base: u32,
    pub waiting: u32,
    /// How many may wait.
    pub room: u32,
    until_poll: u32,
    /// The last key had escapes: its object's shape must not be compared with source text.
    pub escaped_key: bool,
}

impl<U: Unit, const RECORD: bool> Parser<'_, U, RECORD> {
    // ---- waiting values

    /// Puts a value on the stack; false if there is no room.
    #[inline(always)]
    pub fn wait(&mut self, v: Value) -> bool {
        if self.waiting >= self.room {
            return false;
        }
        self.rt.init(Ref(self.base + 8 * self.waiting), 0, v);
        self.waiting += 1;
        true
    }

    #[inline(always)]
    pub fn waiting_value(&self, i: u32) -> Value {
        self.rt.load(Ref(self.base + 8 * i), 0)
    }

    // ---- text

    #[inline(always)]
    pub fn peek(&self) -> u32 {
        self.text.get(self.at).map_or(END, |u| u.unit())
    }

    #[inline(always)]
    pub fn skip_space(&mut self) -> u32 {
        loop {
            let c = self.peek();
            if c > ' ' as u32 || !matches!(c, 0x20 | 0x0A | 0x0D | 0x09) {
                return c;
            }
            self.at += 1;
        }
    }

    #[cold]
    pub fn fail<T>(&self, problem: Problem) -> Parsed<T> {
        Err(Fault::Syntax(problem, self.at))
    }

    #[inline]
    pub fn poll(&mut self) -> Parsed<()> {
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
    pub fn check_depth(&self) -> Parsed<()> {
        let mark = 0u8;
        let here = std::ptr::addr_of!(mark) as usize;
        if here < self.rt.ctx().native_limit.get() { Err(Fault::Depth) } else { Ok(()) }
    }

    // ---- values

    /// A value that stands under key `under` (of an object, or of the object around its array).
    #[inline]
    pub fn value(&mut self, under: Ref) -> Parsed<Value> {
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
    pub fn string(&mut self) -> Parsed<Ref> {
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
}
