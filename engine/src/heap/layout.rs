//! Offsets and kinds of everything in the cage: the only facts machine code may know about memory.

/// Bytes of the context that ends at the cage base.
pub const CTX_BYTES: usize = 4096;
/// Bytes of the null page at the cage base.
pub const NULL_PAGE: u32 = 4096;
/// Page size the layout is drawn for.
pub const PAGE: u32 = 4096;
/// Addressable bytes of a cage.
pub const CAGE_BYTES: u64 = 1 << 32;
/// Guard at both ends; covers the largest immediate added to a reference.
pub const GUARD_BYTES: u64 = 1 << 20;

/// Bytes of a cell header.
pub const HEADER: u32 = 8;
/// u32: shape of an object, hash of a string, 0 elsewhere.
pub const CELL_SHAPE: u32 = 0;
/// u8: [`Kind`].
pub const CELL_KIND: u32 = 4;
/// u8: flags, by kind.
pub const CELL_FLAGS: u32 = 5;
/// u16: inline property slots of an object.
pub const CELL_INLINE: u32 = 6;
/// u32: length of sized cells (bytes of strings and Bytes in units, words of the rest).
pub const CELL_LEN: u32 = 8;
/// Data of sized cells.
pub const CELL_DATA: u32 = 16;

/// u32: out-of-line property slots.
pub const OBJ_SLOTS: u32 = 8;
/// u32: elements.
pub const OBJ_ELEMENTS: u32 = 12;
/// Internal words of a kind, then inline property slots.
pub const OBJ_INTERNAL: u32 = 16;
/// u32: `length` of an Array.
pub const ARRAY_LENGTH: u32 = 16;

/// Function objects: u32 template (or native id), u32 environment scope.
pub const FUNC_TEMPLATE: u32 = 16;
/// u32: environment scope of a closure; data word of a native.
pub const FUNC_ENV: u32 = 20;
/// u32: home object.
pub const FUNC_HOME: u32 = 24;
/// u32: shape of instances made by `new` with `new.target` this function (cache; 0 unknown).
pub const FUNC_INSTANCE_SHAPE: u32 = 28;
/// Value: class field initializer, captured values of natives.
pub const FUNC_FIELDS: u32 = 32;

/// Template cells: u32 function id.
pub const TPL_FUNCTION: u32 = 8;
/// u32: feedback vector.
pub const TPL_FEEDBACK: u32 = 12;
/// u32: pc of the first instruction.
pub const TPL_CODE: u32 = 16;
/// u16: registers (frame words).
pub const TPL_REGISTERS: u32 = 20;
/// u16: parameters.
pub const TPL_PARAMS: u32 = 22;
/// u32: function flags.
pub const TPL_FLAGS: u32 = 24;
/// u32: name string.
pub const TPL_NAME: u32 = 28;
/// u16: `length`.
pub const TPL_LENGTH: u32 = 32;
/// u8: instance slots guess.
pub const TPL_INSTANCE_SLOTS: u32 = 34;
/// u32: unit.
pub const TPL_UNIT: u32 = 36;
/// Bytes of a template cell.
pub const TPL_BYTES: u32 = 40;

/// Feedback vectors: words from here (constants, then sites).
pub const FB_WORDS: u32 = 16;

/// Scope cells: u32 parent.
pub const SCOPE_PARENT: u32 = 12;
/// Scope slots.
pub const SCOPE_SLOTS: u32 = 16;

/// Shape cells: u32 prototype.
pub const SHAPE_PROTO: u32 = 8;
/// u32: number of properties (entries of the table that belong to it).
pub const SHAPE_COUNT: u32 = 12;
/// u32: property table.
pub const SHAPE_TABLE: u32 = 16;
/// u16: inline slots of its objects.
pub const SHAPE_INLINE: u32 = 20;
/// u8: kind of its objects.
pub const SHAPE_KIND: u32 = 22;
/// u8: shape flags.
pub const SHAPE_FLAGS: u32 = 23;
/// u32: slots handed out (≥ count when properties were deleted).
pub const SHAPE_SLOTS_USED: u32 = 24;
/// Bytes of a shape cell.
pub const SHAPE_BYTES: u32 = 32;

/// Words of a frame header.
pub const FRAME_WORDS: u32 = 7;
/// Word 0: low u32 caller FP, high u32 caller's VM stack top.
pub const FRAME_CALLER: u32 = 0;
/// Word 1: low u32 return pc, high u32 the caller's destination register.
pub const FRAME_RETURN: u32 = 8;
/// Word 2: callee.
pub const FRAME_CALLEE: u32 = 16;
/// Word 3: template (internal reference).
pub const FRAME_TEMPLATE: u32 = 24;
/// Word 4: u16 argc.
pub const FRAME_ARGC: u32 = 32;
/// Word 4: u16 frame flags.
pub const FRAME_FLAGS: u32 = 34;
/// Word 4: u32 array of all arguments of a function that keeps them, else 0.
pub const FRAME_ALL_ARGS: u32 = 36;
/// Word 5: new.target.
pub const FRAME_NEW_TARGET: u32 = 40;
/// Word 6: this.
pub const FRAME_THIS: u32 = 48;
/// Word 7…: arguments.
pub const FRAME_ARGS: u32 = 56;

/// What a cell is. Objects have kinds from [`Kind::FIRST_OBJECT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(
    missing_docs,
    reason = "the names are the documentation; fields are in `heap` accessors beside each kind's module"
)]
pub enum Kind {
    Free = 0,
    Str8,
    Str16,
    Rope,
    Slice,
    Symbol,
    BigInt,
    Shape,
    PropTable,
    /// Words of values: out-of-line slots, dense elements, hash table storage.
    Words,
    /// Sparse elements: sorted by nothing, hashed by index.
    Sparse,
    Scope,
    Template,
    Feedback,
    /// Raw bytes.
    Bytes,
    /// Getter and setter of an accessor property.
    Accessor,
    /// Hash table of u32 quadruples (atoms, transitions).
    Table,
    // ---- objects
    Object = 32,
    Array,
    Function,
    Native,
    Bound,
    Error,
    BooleanObj,
    NumberObj,
    StringObj,
    SymbolObj,
    BigIntObj,
    Date,
    RegExp,
    Map,
    Set,
    WeakMap,
    WeakSet,
    WeakRef,
    FinalizationRegistry,
    ArrayBuffer,
    SharedArrayBuffer,
    TypedArray,
    DataView,
    Promise,
    Proxy,
    Generator,
    AsyncGenerator,
    /// Heap frame of an async function; never visible.
    AsyncFrame,
    Arguments,
    /// Built-in iterators (array, map, set, string, regexp string, helpers, wrap): internal words by subkind.
    Iterator,
    ForIn,
    Namespace,
    Global,
    /// Objects of the embedding: class number and four values.
    Host,
}

impl Kind {
    /// The first object kind.
    pub const FIRST_OBJECT: u8 = Kind::Object as u8;
    /// One past the last kind.
    pub const COUNT: u8 = Kind::Host as u8 + 1;

    /// Internal words of an object of this kind, before its inline property slots.
    pub const fn internal_words(self) -> u32 {
        match self {
            Kind::Object | Kind::Global | Kind::Arguments => 0,
            Kind::Array
            | Kind::BooleanObj
            | Kind::NumberObj
            | Kind::StringObj
            | Kind::SymbolObj
            | Kind::BigIntObj
            | Kind::Date => 1,
            Kind::Error => 2,
            Kind::Native | Kind::Function => 4,
            Kind::Bound | Kind::Proxy | Kind::WeakRef | Kind::Namespace => 4,
            Kind::RegExp => 4,
            Kind::Map | Kind::Set | Kind::WeakMap | Kind::WeakSet => 4,
            Kind::FinalizationRegistry => 4,
            Kind::ArrayBuffer | Kind::SharedArrayBuffer => 4,
            Kind::TypedArray | Kind::DataView => 4,
            Kind::Promise => 4,
            Kind::Generator | Kind::AsyncGenerator | Kind::AsyncFrame => 6,
            Kind::Iterator | Kind::ForIn => 6,
            Kind::Host => 5,
            _ => 0,
        }
    }

    /// The kind of a header byte; unknown bytes are [`Kind::Free`].
    #[inline(always)]
    pub fn from_byte(byte: u8) -> Kind {
        KINDS[byte as usize]
    }
}

const KINDS: [Kind; 256] = {
    let mut table = [Kind::Free; 256];
    let cells = [
        Kind::Free,
        Kind::Str8,
        Kind::Str16,
        Kind::Rope,
        Kind::Slice,
        Kind::Symbol,
        Kind::BigInt,
        Kind::Shape,
        Kind::PropTable,
        Kind::Words,
        Kind::Sparse,
        Kind::Scope,
        Kind::Template,
        Kind::Feedback,
        Kind::Bytes,
        Kind::Accessor,
        Kind::Table,
        Kind::Object,
        Kind::Array,
        Kind::Function,
        Kind::Native,
        Kind::Bound,
        Kind::Error,
        Kind::BooleanObj,
        Kind::NumberObj,
        Kind::StringObj,
        Kind::SymbolObj,
        Kind::BigIntObj,
        Kind::Date,
        Kind::RegExp,
        Kind::Map,
        Kind::Set,
        Kind::WeakMap,
        Kind::WeakSet,
        Kind::WeakRef,
        Kind::FinalizationRegistry,
        Kind::ArrayBuffer,
        Kind::SharedArrayBuffer,
        Kind::TypedArray,
        Kind::DataView,
        Kind::Promise,
        Kind::Proxy,
        Kind::Generator,
        Kind::AsyncGenerator,
        Kind::AsyncFrame,
        Kind::Arguments,
        Kind::Iterator,
        Kind::ForIn,
        Kind::Namespace,
        Kind::Global,
        Kind::Host,
    ];
    let mut i = 0;
    while i < cells.len() {
        table[cells[i] as usize] = cells[i];
        i += 1;
    }
    table
};
