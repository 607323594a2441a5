//! A compiled program: every function of a script and its imports, as bytecode in one code section and the tables the
//! linker turns into templates and feedback vectors. Immutable; shared by every runtime of an image; no references into
//! a cage.
use std::collections::HashMap;

/// Index of a function in its [`Module`]; the `code_id` of its machine code.
pub type FunctionId = u32;
/// Index into [`Module::strings`].
pub type StringId = u32;

/// What a program compiled to.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// Bytecode of all functions, end to end. A `pc` is a u32 offset into it.
    pub code: Vec<u8>,
    /// All functions; units' bodies among them.
    pub functions: Vec<Function>,
    /// Distinct strings of the program.
    pub strings: Vec<JsStr>,
    /// Source files in link order: dependencies first, the entry last.
    pub units: Vec<Unit>,
    /// Deepest call window and register file need no more than this many words (largest `Function::registers`).
    pub max_registers: u16,
}

/// A string constant: Latin-1 where it fits, UTF-16 otherwise (lone surrogates survive).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum JsStr {
    /// Every unit below 256.
    Latin1(Box<[u8]>),
    /// At least one unit of 256 or more.
    Utf16(Box<[u16]>),
}

/// One source file.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// As shown in errors and stacks.
    pub name: String,
    /// Full text, for error reports. Empty in an image built without sources.
    pub source: String,
    /// The source map in it, once a position was asked for.
    pub map: crate::source_map::Decoded,
    /// The function that is the body (async when it has top-level await).
    pub body: FunctionId,
    /// Module (own scope, strict) or script (globals).
    pub is_module: bool,
    /// Slots of the module scope; slot i belongs to binding i. The linker makes the scope, all TDZ.
    pub scope_slots: u32,
    /// Exports: name → (unit, slot) after resolution through re-exports.
    pub exports: Vec<(StringId, ExportTarget)>,
    /// Function declarations to instantiate before any body runs: (slot, function).
    pub hoisted: Vec<(u32, FunctionId)>,
    /// The body contains a top-level await.
    pub has_tla: bool,
    /// Reached only through `import()`: linked, but evaluated at the first import, not before the entry.
    pub lazy: bool,
    /// Units it imports statically, in source order.
    pub requests: Vec<u32>,
}

/// Where an export lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportTarget {
    /// Slot of a unit's module scope.
    Binding {
        /// Unit index.
        unit: u32,
        /// Scope slot.
        slot: u32,
    },
    /// `export * as ns`: the namespace object of a unit.
    Namespace(u32),
}

bitflags_lite! {
    /// Properties of a function that the engine needs at call time.
    pub struct FnFlags: u32 {
        /// Strict mode code.
        STRICT = 1;
        /// Arrow function: no own this, arguments, prototype, not a constructor.
        ARROW = 2;
        /// Method, getter or setter: no prototype, not a constructor.
        METHOD = 4;
        /// Class constructor: cannot be called without `new`.
        CLASS_CTOR = 8;
        /// `extends`: `this` starts as TDZ.
        DERIVED = 16;
        /// Generator.
        GENERATOR = 32;
        /// Async function (with GENERATOR: async generator).
        ASYNC = 64;
        /// Needs the arguments beyond its parameters kept (rest, `arguments`): the call makes an array of all arguments
        /// before locals are initialised; CreateArguments and CreateRest read it.
        KEEPS_ARGS = 128;
        /// A unit's body.
        UNIT_BODY = 256;
        /// Sloppy function that uses `this`: undefined/null become the global object, primitives are wrapped.
        SLOPPY_THIS = 512;
        /// A class field initializer or static block.
        FIELD_INIT = 1024;
        /// Getter or setter.
        ACCESSOR = 2048;
        /// `length` and `name` as usual, and `toString` shows source.
        HAS_SOURCE = 4096;
    }
}

/// One function.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// `name` property; empty string if anonymous.
    pub name: StringId,
    /// Start in [`Module::code`].
    pub code_start: u32,
    /// Bytes of code.
    pub code_len: u32,
    /// Words of the frame: header (7), parameters, locals, temporaries and the largest call window with its arguments.
    pub registers: u16,
    /// Parameter registers, from register 7 (a rest parameter is not counted; a defaulted or pattern parameter is).
    pub params: u16,
    /// `length` property.
    pub length: u16,
    /// See [`FnFlags`].
    pub flags: FnFlags,
    /// Constants; constant i is word i of the feedback vector.
    pub constants: Vec<Const>,
    /// Inline-cache sites; site i is words `constants.len() + 2 i` and the next. `S` operands hold that word index already.
    pub sites: u32,
    /// Exception handlers, innermost first.
    pub handlers: Vec<Handler>,
    /// (code offset from code_start, source byte offset), ascending by code offset: the position of the instruction that
    /// starts at or before it.
    pub positions: Vec<(u32, u32)>,
    /// Unit it was written in.
    pub unit: u32,
    /// Source span, bytes, for toString.
    pub span: (u32, u32),
    /// Guess of own properties an instance gets (`this.x =` in a constructor, class fields): inline slots to reserve.
    pub instance_slots: u8,
}

/// A range of code guarded by a handler. Ranges nest; offsets are relative to `code_start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handler {
    /// First byte covered.
    pub start: u32,
    /// First byte not covered.
    pub end: u32,
    /// Where to go on.
    pub target: u32,
    /// Register that receives the exception.
    pub register: u16,
}

/// A constant of a function.
#[derive(Debug, Clone, PartialEq)]
pub enum Const {
    /// A double (ints go through `LoadI`).
    Number(f64),
    /// A string value; also every property name (the linker interns all of them).
    Str(StringId),
    /// A BigInt in decimal digits, without `n`.
    BigInt(StringId),
    /// A function for `Closure` and `DefClass`.
    Function(FunctionId),
    /// Keys of an object literal in order (distinct, none of them an array index, none `__proto__`): the literal is born in this shape.
    Shape(Vec<StringId>),
    /// A regular expression literal, already compiled to the matcher's words.
    RegExp {
        /// Between the slashes.
        source: StringId,
        /// After the last slash.
        flags: StringId,
        /// `regexp::Program` words.
        program: Vec<u32>,
    },
    /// Strings of a tagged template; cooked is None for an invalid escape.
    Template {
        /// Cooked strings.
        cooked: Vec<Option<StringId>>,
        /// Raw strings.
        raw: Vec<StringId>,
    },
}

/// Collects distinct strings.
#[derive(Debug, Default)]
pub struct StringTable {
    strings: Vec<JsStr>,
    index: HashMap<JsStr, StringId>,
}

impl StringTable {
    /// The id of `text`, added if new.
    pub fn add(&mut self, text: &str) -> StringId {
        self.add_str(JsStr::from(text))
    }

    /// The id of `string`, added if new.
    pub fn add_str(&mut self, string: JsStr) -> StringId {
        if let Some(&id) = self.index.get(&string) {
            return id;
        }
        let id = self.strings.len() as StringId;
        self.index.insert(string.clone(), id);
        self.strings.push(string);
        id
    }

    /// All strings in order of their ids.
    pub fn finish(self) -> Vec<JsStr> {
        self.strings
    }
}

impl From<&str> for JsStr {
    fn from(text: &str) -> Self {
        if text.chars().all(|c| (c as u32) < 256) {
            JsStr::Latin1(text.chars().map(|c| c as u8).collect())
        } else {
            JsStr::Utf16(text.encode_utf16().collect())
        }
    }
}

impl JsStr {
    /// From UTF-16 units, narrowed where possible.
    pub fn from_units(units: &[u16]) -> Self {
        if units.iter().all(|&u| u < 256) {
            JsStr::Latin1(units.iter().map(|&u| u as u8).collect())
        } else {
            JsStr::Utf16(units.into())
        }
    }

    /// As Rust text; lone surrogates become U+FFFD.
    pub fn to_text(&self) -> String {
        match self {
            JsStr::Latin1(bytes) => bytes.iter().map(|&b| b as char).collect(),
            JsStr::Utf16(units) => String::from_utf16_lossy(units),
        }
    }
}
