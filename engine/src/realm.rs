//! What a realm consists of: its intrinsic objects and the shapes prepared for hot allocations.
use crate::value::Ref;
use std::cell::Cell;

macro_rules! intrinsics {
    ($($name:ident),* $(,)?) => {
        /// Intrinsic objects (6.1.7.4), by number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(usize)]
        #[allow(missing_docs, reason = "named as in the specification's table of well-known intrinsic objects")]
        pub enum Intrinsic { $($name),* }

        impl Intrinsic {
            /// All of them, in order.
            pub const ALL: &'static [Intrinsic] = &[$(Intrinsic::$name),*];
            /// How many there are.
            pub const COUNT: usize = Intrinsic::ALL.len();
        }
    };
}

intrinsics! {
    None, Global, ObjectPrototype, Object, FunctionPrototype, Function, ArrayPrototype, Array, StringPrototype, String,
    NumberPrototype, Number, BooleanPrototype, Boolean, SymbolPrototype, Symbol, BigIntPrototype, BigInt,
    ErrorPrototype, Error, TypeErrorPrototype, TypeError, RangeErrorPrototype, RangeError, SyntaxErrorPrototype, SyntaxError,
    ReferenceErrorPrototype, ReferenceError, EvalErrorPrototype, EvalError, UriErrorPrototype, UriError,
    AggregateErrorPrototype, AggregateError,
    IteratorPrototype, Iterator, ArrayIteratorPrototype, MapIteratorPrototype, SetIteratorPrototype, StringIteratorPrototype,
    RegExpStringIteratorPrototype, IteratorHelperPrototype, WrapForValidIteratorPrototype,
    AsyncIteratorPrototype, AsyncFromSyncIteratorPrototype,
    GeneratorFunction, GeneratorFunctionPrototype, GeneratorPrototype, AsyncFunction, AsyncFunctionPrototype,
    AsyncGeneratorFunction, AsyncGeneratorFunctionPrototype, AsyncGeneratorPrototype,
    PromisePrototype, Promise, MapPrototype, Map, SetPrototype, Set, WeakMapPrototype, WeakMap, WeakSetPrototype, WeakSet,
    WeakRefPrototype, WeakRef, FinalizationRegistryPrototype, FinalizationRegistry,
    DatePrototype, Date, RegExpPrototype, RegExp, Proxy, Reflect, Math, Json, Console, Performance, Atomics,
    ArrayBufferPrototype, ArrayBuffer, SharedArrayBufferPrototype, SharedArrayBuffer, DataViewPrototype, DataView,
    TypedArrayPrototype, TypedArray, Int8ArrayPrototype, Int8Array, Uint8ArrayPrototype, Uint8Array,
    Uint8ClampedArrayPrototype, Uint8ClampedArray, Int16ArrayPrototype, Int16Array, Uint16ArrayPrototype, Uint16Array,
    Int32ArrayPrototype, Int32Array, Uint32ArrayPrototype, Uint32Array, Float16ArrayPrototype, Float16Array,
    Float32ArrayPrototype, Float32Array, Float64ArrayPrototype, Float64Array,
    BigInt64ArrayPrototype, BigInt64Array, BigUint64ArrayPrototype, BigUint64Array,
    ThrowTypeError, ArrayProtoValues, ArrayIteratorNext, PromiseThen, ObjectProtoToString, RegExpExec, Eval,
    FunctionProtoHasInstance,
    Host0, Host1, Host2, Host3, Host4, Host5, Host6, Host7, Host8, Host9, Host10, Host11, Host12, Host13, Host14, Host15,
    Host16, Host17, Host18, Host19, Host20, Host21, Host22, Host23, Host24, Host25, Host26, Host27, Host28, Host29, Host30, Host31,
}

/// Well-known symbols (6.1.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(usize)]
#[allow(missing_docs, reason = "named as in the specification")]
pub enum WellKnown {
    AsyncIterator,
    HasInstance,
    IsConcatSpreadable,
    Iterator,
    Match,
    MatchAll,
    Replace,
    Search,
    Species,
    Split,
    ToPrimitive,
    ToStringTag,
    Unscopables,
    Dispose,
    AsyncDispose,
}

impl WellKnown {
    /// All, with their descriptions.
    pub const ALL: &'static [(WellKnown, &'static str)] = &[
        (WellKnown::AsyncIterator, "Symbol.asyncIterator"),
        (WellKnown::HasInstance, "Symbol.hasInstance"),
        (WellKnown::IsConcatSpreadable, "Symbol.isConcatSpreadable"),
        (WellKnown::Iterator, "Symbol.iterator"),
        (WellKnown::Match, "Symbol.match"),
        (WellKnown::MatchAll, "Symbol.matchAll"),
        (WellKnown::Replace, "Symbol.replace"),
        (WellKnown::Search, "Symbol.search"),
        (WellKnown::Species, "Symbol.species"),
        (WellKnown::Split, "Symbol.split"),
        (WellKnown::ToPrimitive, "Symbol.toPrimitive"),
        (WellKnown::ToStringTag, "Symbol.toStringTag"),
        (WellKnown::Unscopables, "Symbol.unscopables"),
        (WellKnown::Dispose, "Symbol.dispose"),
        (WellKnown::AsyncDispose, "Symbol.asyncDispose"),
    ];
}

/// Shapes of closures, by what the function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum FunctionShape {
    /// length, name, prototype (writable).
    Plain,
    /// length, name: arrows, methods.
    Method,
    /// Async arrows, methods, functions.
    Async,
    /// Generators: length, name, prototype.
    Generator,
    /// Async generators.
    AsyncGenerator,
    /// Native functions: length, name.
    Native,
}

/// References fixed at boot: part of the image, never written after sealing.
#[repr(C)]
#[derive(Clone)]
pub struct Realm {
    /// Intrinsic objects.
    pub intrinsics: [Cell<Ref>; Intrinsic::COUNT],
    /// Well-known symbols.
    pub symbols: [Cell<Ref>; 15],
    /// Atom table of the image.
    pub atoms: Cell<Ref>,
    /// Transition table of the image.
    pub transitions: Cell<Ref>,
    /// Strings of the 256 Latin-1 units (Words cell).
    pub char_strings: Cell<Ref>,
    /// Seed of string hashes.
    pub hash_seed: Cell<u32>,
    /// Shape of `{}`.
    pub empty_object_shape: Cell<Ref>,
    /// Shape of arrays.
    pub array_shape: Cell<Ref>,
    /// `{ value, done }`
    pub iter_result_shape: Cell<Ref>,
    /// Shape of promises.
    pub promise_shape: Cell<Ref>,
    /// Shapes of closures.
    pub function_shapes: [Cell<Ref>; 6],
    /// Shape of errors with a message, by nothing else but their prototype: TypeError etc. are found by transition.
    pub global_scope: Cell<Ref>,
    /// Scopes of linked units (Words cell of internal references).
    pub unit_scopes: Cell<Ref>,
    /// Namespace objects of linked units, then their `import.meta` objects (Words cell; undefined until asked for).
    pub unit_namespaces: Cell<Ref>,
    /// Templates of the module's functions (Words cell).
    pub templates: Cell<Ref>,
    /// Feedback region: first byte and end.
    pub feedback_start: Cell<u32>,
    /// End of the feedback region.
    pub feedback_end: Cell<u32>,
    /// Pool of cache entries behind the feedback vectors: `[capacity u32 | next free u32 | 16-byte entries…]`; 0: none.
    pub cache_pool: Cell<u32>,
    /// Table of 512 16-byte entries for sites that saw many shapes; 0: none.
    pub megamorphic: Cell<u32>,
    /// Words the embedding keeps in the image (atoms, shapes): a Words cell.
    pub embedding: Cell<Ref>,
    /// End of the sealed image; 0 while booting.
    pub image_end: Cell<u32>,
    /// Shapes and values for RegExp objects.
    pub regexp: crate::builtins::regexp::Prepared,
}
