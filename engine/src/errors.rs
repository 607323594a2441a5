//! Throwing: error objects, their call stacks, and how they are reported.
//!
//! An Error keeps return addresses, not text: internal word 0 is a Bytes cell of `{function id u32, code offset u32}`
//! pairs, innermost first, symbolized when `stack` is read.
use crate::heap::layout::*;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::source_map;
use crate::string::atoms;
use crate::value::{Ref, Thrown, Value};

/// Frames kept in an error.
const MAX_FRAMES: usize = 16;

/// A position in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// File as named at compile time.
    pub file: String,
    /// Function name; empty for anonymous and unit bodies.
    pub function: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in characters.
    pub column: u32,
}

impl Rt {
    /// Throws `v`.
    #[cold]
    pub fn throw(&mut self, v: Value) -> Thrown {
        self.ctx().exception.set(v);
        Thrown
    }

    /// Takes the pending exception. Not to be called while terminating.
    pub fn take_exception(&mut self) -> Value {
        let v = self.ctx().exception.get();
        self.ctx().exception.set(Value::UNDEFINED);
        v
    }

    /// Throws a TypeError.
    #[cold]
    pub fn throw_type(&mut self, message: &str) -> Thrown {
        self.throw_error(Intrinsic::TypeErrorPrototype, message)
    }

    /// Throws a RangeError.
    #[cold]
    pub fn throw_range(&mut self, message: &str) -> Thrown {
        self.throw_error(Intrinsic::RangeErrorPrototype, message)
    }

    /// Throws a ReferenceError.
    #[cold]
    pub fn throw_reference(&mut self, message: &str) -> Thrown {
        self.throw_error(Intrinsic::ReferenceErrorPrototype, message)
    }

    /// Throws a SyntaxError.
    #[cold]
    pub fn throw_syntax(&mut self, message: &str) -> Thrown {
        self.throw_error(Intrinsic::SyntaxErrorPrototype, message)
    }

    /// Throws an error with this prototype.
    #[cold]
    pub fn throw_error(&mut self, proto: Intrinsic, message: &str) -> Thrown {
        let error = self.new_error(self.intrinsic(proto), Some(message));
        self.throw(Value::object(error))
    }

    /// A new error object with its stack captured.
    pub fn new_error(&self, proto: Ref, message: Option<&str>) -> Ref {
        let error = self.alloc_object(self.root_shape(proto, Kind::Error, 2));
        let frames = self.capture_frames();
        self.init(error, OBJ_INTERNAL, frames);
        if let Some(message) = message {
            let message = self.str_value(message);
            self.add_property(error, atoms::message, message, attr::METHODS);
        }
        error
    }

    /// TypeError of a property access on null or undefined.
    #[cold]
    pub fn throw_nullish_access(&mut self, v: Value, key: crate::object::Key) -> Thrown {
        let name = self.key_text(key);
        let what = if v.is_null() { "null" } else { "undefined" };
        self.throw_type(&format!("Cannot read properties of {what} (reading '{name}')"))
    }

    /// The running frames, innermost first: function and code offset of the first so many.
    fn frames(&self) -> ([(u32, u32); MAX_FRAMES], usize) {
        let mut pairs: [(u32, u32); MAX_FRAMES] = [(0, 0); MAX_FRAMES];
        let mut n = 0;
        let ctx = self.ctx();
        let mut fp = ctx.fp.get();
        let mut pc = ctx.pc.get();
        while fp != 0 && n < MAX_FRAMES {
            let template: Value = self.load(Ref(fp), FRAME_TEMPLATE);
            if template.0 >> 48 == crate::value::TAG_INTERNAL {
                let function: u32 = self.load(template.as_ref(), TPL_FUNCTION);
                pairs[n] = (function, pc);
                n += 1;
            }
            // A return address is behind the call; one byte less lies in it.
            pc = self.load::<u32>(Ref(fp), FRAME_RETURN).saturating_sub(1);
            fp = self.load(Ref(fp), FRAME_CALLER);
        }
        (pairs, n)
    }

    /// Source positions of the running frames, innermost first. Allocates nothing in the cage.
    pub fn running_positions(&self) -> Vec<Position> {
        let (pairs, n) = self.frames();
        let module = self.host().module.borrow();
        pairs[..n].iter().filter_map(|&(function, pc)| position_of(&module, function, pc)).collect()
    }

    /// The running frames, innermost first, as an internal Bytes cell.
    pub fn capture_frames(&self) -> Value {
        let (pairs, n) = self.frames();
        let cell = self.alloc_bytes(8 * n as u32);
        for (i, (function, pc)) in pairs[..n].iter().enumerate() {
            self.init(Ref(cell.0 + 8 * i as u32), CELL_DATA, *function);
            self.init(Ref(cell.0 + 8 * i as u32), CELL_DATA + 4, *pc);
        }
        Value::internal(cell)
    }

    /// Source positions of an error object's frames, innermost first.
    pub fn error_positions(&self, error: Value) -> Vec<Position> {
        if !self.is_kind(error, Kind::Error) {
            return Vec::new();
        }
        let frames = self.internal(error.as_ref(), 0);
        if frames.0 >> 48 != crate::value::TAG_INTERNAL {
            return Vec::new();
        }
        let cell = frames.as_ref();
        let module = self.host().module.borrow();
        (0..self.len(cell) / 8)
            .filter_map(|i| {
                let at = Ref(cell.0 + 8 * i);
                position_of(&module, self.load(at, CELL_DATA), self.load(at, CELL_DATA + 4))
            })
            .collect()
    }

    /// `Name: message` of any thrown value, running no JavaScript.
    pub fn describe_thrown(&self, v: Value) -> String {
        let Some(obj) = v.to_obj() else { return self.describe_value(v) };
        let name = self.plain_lookup(obj, atoms::name).filter(|v| v.is_string());
        let message = self.plain_lookup(obj, atoms::message).filter(|v| v.is_string());
        match (name, message) {
            (Some(name), Some(message)) if self.len(message.as_ref()) > 0 => {
                format!("{}: {}", self.to_text(name.as_ref()), self.to_text(message.as_ref()))
            }
            (Some(name), _) => self.to_text(name.as_ref()),
            (None, Some(message)) => self.to_text(message.as_ref()),
            (None, None) => "[object Object]".to_string(),
        }
    }

    /// A primitive as text.
    pub fn describe_value(&self, v: Value) -> String {
        if v.is_string() {
            self.to_text(v.as_ref())
        } else if v.is_number() {
            crate::string::format_number(v.as_number())
        } else if v.is_symbol() {
            format!("Symbol({})", self.symbol_text(v.as_ref()))
        } else if v.is_bigint() {
            crate::builtins::bigint::to_text(self, v)
        } else {
            format!("{v:?}")
        }
    }

    /// A data property found without running getters or proxies.
    pub fn plain_lookup(&self, obj: Ref, name: Ref) -> Option<Value> {
        let mut at = obj;
        while !at.is_null() && self.kind(at) != Kind::Proxy {
            if let Some(prop) = self.get_own_plain(at, crate::object::Key::Name(name)) {
                return (!prop.is_accessor()).then_some(prop.value);
            }
            at = self.shape_proto(self.shape_of(at));
        }
        None
    }

    /// Description of a symbol.
    pub fn symbol_text(&self, symbol: Ref) -> String {
        let description: Value = self.load(symbol, 16);
        if description.is_string() { self.to_text(description.as_ref()) } else { String::new() }
    }

    /// A new symbol; its description is a string or undefined.
    pub fn new_symbol(&self, description: Value, private: bool) -> Ref {
        let symbol = self.alloc(Kind::Symbol, 24);
        self.init::<u8>(symbol, CELL_FLAGS, u8::from(private));
        let next = &self.ctx().mutable.next_identity;
        next.set(next.get().wrapping_add(1));
        self.init::<u64>(symbol, 8, u64::from(next.get()));
        self.init(symbol, 16, description);
        symbol
    }

    /// Whether a symbol cell is a private name.
    pub fn is_private_name(&self, symbol: Ref) -> bool {
        self.cell_flags(symbol) & 1 != 0
    }

    /// A well-known symbol.
    pub fn symbol(&self, which: crate::realm::WellKnown) -> Ref {
        self.ctx().realm.symbols[which as usize].get()
    }
}

/// Source position of a code offset in a function: in the original file, where a source map tells it.
pub fn position_of(module: &crate::bytecode::module::Module, function: u32, pc: u32) -> Option<Position> {
    let function = module.functions.get(function as usize)?;
    let offset = pc.checked_sub(function.code_start)?;
    let at = function.positions.partition_point(|&(code, _)| code <= offset).checked_sub(1);
    let source = at.map_or(function.span.0, |at| function.positions[at].1);
    let unit = module.units.get(function.unit as usize)?;
    let name = module.strings.get(function.name as usize).map(|s| s.to_text()).unwrap_or_default();
    let (line, column) = line_column(&unit.source, source);
    let position = Position { file: unit.name.clone(), function: name, line, column };
    Some(source_map::original(unit, source, position))
}

/// 1-based line and column of a byte offset.
pub fn line_column(source: &str, offset: u32) -> (u32, u32) {
    let end = (offset as usize).min(source.len());
    let before = &source.as_bytes()[..end];
    let line = before.iter().filter(|&&b| b == b'\n').count() as u32 + 1;
    let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() as u32 + 1;
    (line, column)
}
