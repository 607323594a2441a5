//! The form of built-in tables, and the boot that turns them into objects.
use crate::call::Native;
use crate::heap::layout::*;
use crate::object::{EMPTY_LITERAL_SLOTS, Key, OBJ_CALLABLE};
use crate::realm::{FunctionShape, Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

/// A property name in a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Name {
    /// String key.
    Str(&'static str),
    /// Well-known symbol; the text is the function's `name`, as `[Symbol.iterator]`.
    Sym(WellKnown, &'static str),
}

/// A constant in a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DataValue {
    /// A number.
    Number(f64),
    /// A string.
    Str(&'static str),
    /// `undefined`
    Undefined,
    /// An intrinsic object that an earlier class made.
    Intrinsic(Intrinsic),
    /// The same value as a property of an object that an earlier class filled.
    Property(Intrinsic, &'static str),
    /// A well-known symbol.
    Symbol(WellKnown),
    /// An object without prototype that has these names, all true (`[Symbol.unscopables]`).
    Names(&'static [&'static str]),
}

/// What a row defines.
#[derive(Clone, Copy)]
pub enum RowKind {
    /// A function and its `length`.
    Method(Native, u8),
    /// A method that is also an intrinsic.
    IntrinsicMethod(Native, u8, Intrinsic),
    /// An accessor with a getter and perhaps a setter.
    Accessor(Native, Option<Native>),
    /// A constant.
    Data(DataValue),
    /// The same function object as an earlier row of this object.
    Alias(&'static str),
    /// A native made only as a closure ([`Rt::new_native_closure`]): no property.
    Hidden(Native, u8),
}

/// One row.
#[derive(Clone, Copy)]
pub struct Row {
    /// Key.
    pub name: Name,
    /// What it is.
    pub kind: RowKind,
    /// `attr` bits.
    pub attrs: u32,
}

impl Row {
    /// A method: writable, configurable.
    pub const fn method(name: &'static str, length: u8, f: Native) -> Row {
        Row { name: Name::Str(name), kind: RowKind::Method(f, length), attrs: attr::METHODS }
    }

    /// A method under a well-known symbol; `text` as in `[Symbol.iterator]`.
    pub const fn symbol(which: WellKnown, text: &'static str, length: u8, f: Native) -> Row {
        Row { name: Name::Sym(which, text), kind: RowKind::Method(f, length), attrs: attr::METHODS }
    }

    /// A method that others refer to as an intrinsic.
    pub const fn intrinsic(name: &'static str, length: u8, f: Native, which: Intrinsic) -> Row {
        Row { name: Name::Str(name), kind: RowKind::IntrinsicMethod(f, length, which), attrs: attr::METHODS }
    }

    /// A getter: configurable.
    pub const fn getter(name: &'static str, f: Native) -> Row {
        Row { name: Name::Str(name), kind: RowKind::Accessor(f, None), attrs: attr::C }
    }

    /// A getter under a well-known symbol.
    pub const fn symbol_getter(which: WellKnown, text: &'static str, f: Native) -> Row {
        Row { name: Name::Sym(which, text), kind: RowKind::Accessor(f, None), attrs: attr::C }
    }

    /// A getter and a setter: configurable.
    pub const fn accessor(name: &'static str, get: Native, set: Native) -> Row {
        Row { name: Name::Str(name), kind: RowKind::Accessor(get, Some(set)), attrs: attr::C }
    }

    /// A constant: neither writable, enumerable nor configurable.
    pub const fn constant(name: &'static str, v: DataValue) -> Row {
        Row { name: Name::Str(name), kind: RowKind::Data(v), attrs: 0 }
    }

    /// A writable, configurable data property.
    pub const fn data(name: &'static str, v: DataValue) -> Row {
        Row { name: Name::Str(name), kind: RowKind::Data(v), attrs: attr::METHODS }
    }

    /// `[Symbol.toStringTag]`
    pub const fn tag(text: &'static str) -> Row {
        Row { name: Name::Sym(WellKnown::ToStringTag, ""), kind: RowKind::Data(DataValue::Str(text)), attrs: attr::C }
    }

    /// `[Symbol.unscopables]`
    pub const fn unscopables(names: &'static [&'static str]) -> Row {
        Row {
            name: Name::Sym(WellKnown::Unscopables, ""),
            kind: RowKind::Data(DataValue::Names(names)),
            attrs: attr::C,
        }
    }

    /// Another name of an earlier row's function.
    pub const fn alias(name: &'static str, of: &'static str) -> Row {
        Row { name: Name::Str(name), kind: RowKind::Alias(of), attrs: attr::METHODS }
    }

    /// A symbol that names an earlier row's function.
    pub const fn symbol_alias(which: WellKnown, of: &'static str) -> Row {
        Row { name: Name::Sym(which, ""), kind: RowKind::Alias(of), attrs: attr::METHODS }
    }

    /// A native that exists only in closures.
    pub const fn hidden(f: Native, length: u8) -> Row {
        Row { name: Name::Str(""), kind: RowKind::Hidden(f, length), attrs: 0 }
    }

    /// The same row, enumerable (Web IDL operations and attributes).
    pub const fn enumerable(self) -> Row {
        Row { attrs: self.attrs | attr::E, ..self }
    }
}

/// A constructor with its prototype, or a namespace object (no constructor), or a bare prototype.
pub struct ClassSpec {
    /// Global name; empty: not a property of the global object.
    pub name: &'static str,
    /// The constructor: function and `length`. None: a namespace object or a bare prototype.
    pub constructor: Option<(Native, u8)>,
    /// Where the constructor (or namespace object) is kept.
    pub slot: Intrinsic,
    /// Where the prototype is kept; `None`: no prototype (namespaces).
    pub proto_slot: Intrinsic,
    /// Prototype of the prototype (or of the namespace object).
    pub proto_parent: Intrinsic,
    /// Prototype of the constructor.
    pub constructor_parent: Intrinsic,
    /// Kind of the prototype object.
    pub proto_kind: Kind,
    /// Properties of the constructor or namespace object.
    pub statics: &'static [Row],
    /// Properties of the prototype.
    pub methods: &'static [Row],
}

impl ClassSpec {
    /// A class with the usual parents.
    pub const fn class(
        name: &'static str,
        constructor: Native,
        length: u8,
        slot: Intrinsic,
        proto_slot: Intrinsic,
        statics: &'static [Row],
        methods: &'static [Row],
    ) -> ClassSpec {
        ClassSpec {
            name,
            constructor: Some((constructor, length)),
            slot,
            proto_slot,
            proto_parent: Intrinsic::ObjectPrototype,
            constructor_parent: Intrinsic::FunctionPrototype,
            proto_kind: Kind::Object,
            statics,
            methods,
        }
    }

    /// A namespace object (`Math`, `JSON`, `Reflect`).
    pub const fn namespace(name: &'static str, slot: Intrinsic, statics: &'static [Row]) -> ClassSpec {
        ClassSpec {
            name,
            constructor: None,
            slot,
            proto_slot: Intrinsic::None,
            proto_parent: Intrinsic::ObjectPrototype,
            constructor_parent: Intrinsic::FunctionPrototype,
            proto_kind: Kind::Object,
            statics,
            methods: &[],
        }
    }

    /// A prototype without a constructor (`%ArrayIteratorPrototype%`).
    pub const fn prototype(proto_slot: Intrinsic, proto_parent: Intrinsic, methods: &'static [Row]) -> ClassSpec {
        ClassSpec {
            name: "",
            constructor: None,
            slot: Intrinsic::None,
            proto_slot,
            proto_parent,
            constructor_parent: Intrinsic::FunctionPrototype,
            proto_kind: Kind::Object,
            statics: &[],
            methods,
        }
    }

    /// Functions and values of the global object.
    pub const fn globals(statics: &'static [Row]) -> ClassSpec {
        ClassSpec::namespace("", Intrinsic::Global, statics)
    }

    /// With another prototype of the prototype and of the constructor.
    pub const fn extends(mut self, constructor_parent: Intrinsic, proto_parent: Intrinsic) -> ClassSpec {
        self.proto_parent = proto_parent;
        self.constructor_parent = constructor_parent;
        self
    }

    /// With a prototype object of this kind.
    pub const fn proto_kind(mut self, kind: Kind) -> ClassSpec {
        self.proto_kind = kind;
        self
    }
}

/// What a host adds to the language: classes, atoms and shapes, made at boot. The engine knows none of it by name.
pub struct Embedding {
    /// Part of an image's identity.
    pub name: &'static str,
    /// Its classes and globals.
    pub classes: &'static [&'static ClassSpec],
    /// Runs after all classes exist: shapes, tables ([`crate::realm::Realm::embedding`]).
    pub install: fn(&mut Rt) -> JsResult<()>,
    /// Asked before sealing: an error names what the image could not hold (live timers, operations on their way).
    pub before_seal: fn(&mut Rt) -> Result<(), String>,
}

/// The embedding of engine tests: nothing but `print` comes from `exec` itself.
pub static BARE: Embedding = Embedding { name: "bare", classes: &[], install: |_| Ok(()), before_seal: |_| Ok(()) };

/// Native functions by id: position in the walk over all tables.
pub struct NativeTable {
    functions: Vec<Native>,
    names: Vec<(String, u8)>,
    ids: HashMap<usize, u32>,
}

impl NativeTable {
    /// The table of an embedding; made once per process.
    pub fn of(embedding: &'static Embedding) -> &'static NativeTable {
        NativeTable::registered(embedding, NativeTable::new)
    }

    /// Before an embedding's first use: every native of its table is `entry`, under the usual numbers. That is how tests see
    /// which natives run ([`crate::call::Args::native_id`]); the language stays the same, its shortcuts do not.
    pub fn observe(embedding: &'static Embedding, entry: Native) -> &'static NativeTable {
        NativeTable::registered(embedding, |embedding| {
            let mut table = NativeTable::new(embedding);
            table.functions.fill(entry);
            table
        })
    }

    fn registered(
        embedding: &'static Embedding,
        make: impl FnOnce(&'static Embedding) -> NativeTable,
    ) -> &'static NativeTable {
        static TABLES: OnceLock<Mutex<HashMap<usize, &'static NativeTable>>> = OnceLock::new();
        let mut tables = TABLES.get_or_init(Mutex::default).lock().unwrap_or_else(|e| e.into_inner());
        tables.entry(std::ptr::from_ref(embedding) as usize).or_insert_with(|| Box::leak(Box::new(make(embedding))))
    }

    fn new(embedding: &'static Embedding) -> NativeTable {
        let mut table = NativeTable { functions: Vec::new(), names: Vec::new(), ids: HashMap::new() };
        for class in super::CLASSES.iter().flat_map(|c| c.iter()).chain(embedding.classes) {
            table.add_class(class);
        }
        table
    }

    fn add_class(&mut self, class: &ClassSpec) {
        if let Some((f, length)) = class.constructor {
            self.add(f, class.name, length);
        }
        for row in class.statics.iter().chain(class.methods) {
            let text = match row.name {
                Name::Str(text) | Name::Sym(_, text) => text,
            };
            match row.kind {
                RowKind::Method(f, length) | RowKind::IntrinsicMethod(f, length, _) | RowKind::Hidden(f, length) => {
                    self.add(f, text, length);
                }
                RowKind::Accessor(get, set) => {
                    self.add(get, &format!("get {text}"), 0);
                    if let Some(set) = set {
                        self.add(set, &format!("set {text}"), 1);
                    }
                }
                RowKind::Data(_) | RowKind::Alias(_) => {}
            }
        }
    }

    fn add(&mut self, f: Native, name: &str, length: u8) {
        self.ids.entry(f as usize).or_insert(self.functions.len() as u32);
        self.functions.push(f);
        self.names.push((name.to_string(), length));
    }

    /// The function of an id.
    #[inline(always)]
    pub fn function(&self, id: u32) -> Native {
        self.functions[id as usize]
    }

    /// Name and length of an id.
    pub fn describe(&self, id: u32) -> (&str, u8) {
        let (name, length) = &self.names[id as usize];
        (name, *length)
    }

    /// The first id of a function that stands in a table. Looked up by address: natives used as closures are
    /// `#[inline(never)]`, as rustc may give a small function an address in every codegen unit.
    pub fn id_of(&self, f: Native) -> u32 {
        match self.ids.get(&(f as usize)) {
            Some(&id) => id,
            None => panic!("a native used as a closure has no row in any table"),
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.functions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// All names in order: part of an image's layout hash.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| name.as_str())
    }
}

/// Boots a realm: atoms, root shapes, then every class.
pub fn boot(rt: &mut Rt, embedding: &'static Embedding) -> JsResult<()> {
    boot_atoms(rt);
    boot_roots(rt);
    let mut id = 0;
    let mut lists: Vec<&&ClassSpec> = super::CLASSES.iter().flat_map(|c| c.iter()).collect();
    lists.extend(embedding.classes);
    // Prototypes and constructors first, so that rows and parents may refer to any of them.
    for class in &lists {
        make_objects(rt, class);
    }
    for class in &lists {
        fill_class(rt, class, &mut id)?;
    }
    for finish in super::FINISH {
        finish(rt)?;
    }
    (embedding.install)(rt)
}

fn boot_atoms(rt: &mut Rt) {
    // The static atoms are the first cells, at the offsets their constants say.
    for text in atoms::TEXTS {
        let cell = rt.alloc_str8(text.len() as u32);
        crate::heap::cage::copy_in(rt.base(), cell.0 + CELL_DATA, text.as_bytes());
    }
    assert_eq!(rt.ctx().alloc_ptr.get(), atoms::END, "static atoms are laid out as their constants say");
    let mut at = Ref(NULL_PAGE);
    for text in atoms::TEXTS {
        let atom = rt.intern(at);
        assert_eq!(atom, at, "static atom listed twice: {text}");
        at = Ref(at.0 + CELL_DATA + ((text.len() as u32 + 7) & !7));
    }
    let chars = rt.alloc_words(Kind::Words, 256);
    for unit in 0..256u32 {
        let cell = rt.alloc_str8(1);
        rt.init::<u8>(cell, CELL_DATA, unit as u8);
        rt.init_word(chars, unit, Value::string(rt.intern(cell)));
    }
    rt.ctx().realm.char_strings.set(chars);
    for &(which, text) in WellKnown::ALL {
        let description = Value::string(rt.intern_str(text));
        let symbol = rt.new_symbol(description, false);
        rt.ctx().realm.symbols[which as usize].set(symbol);
    }
}

fn boot_roots(rt: &mut Rt) {
    let set = |rt: &Rt, which: Intrinsic, obj: Ref| rt.ctx().realm.intrinsics[which as usize].set(obj);
    let object_proto = rt.alloc_object(rt.root_shape(Ref::NULL, Kind::Object, 0));
    set(rt, Intrinsic::ObjectPrototype, object_proto);
    // %Function.prototype% is itself a function; its shape has the length and name of natives.
    let function_root = rt.root_shape(object_proto, Kind::Native, 0);
    let lazy = attr::C | attr::LAZY;
    let with_length = |rt: &Rt, root: Ref| {
        let shape = rt.shape_add(root, atoms::length, lazy);
        rt.shape_add(shape, atoms::name, lazy)
    };
    let shape = with_length(rt, function_root);
    let function_proto = rt.alloc_object(shape);
    set(rt, Intrinsic::FunctionPrototype, function_proto);
    let array_proto = rt.alloc_object(rt.root_shape(object_proto, Kind::Array, 0));
    rt.init::<u64>(array_proto, ARRAY_LENGTH, 0);
    set(rt, Intrinsic::ArrayPrototype, array_proto);
    let realm = &rt.ctx().realm;
    realm.empty_object_shape.set(rt.root_shape(object_proto, Kind::Object, EMPTY_LITERAL_SLOTS));
    realm.array_shape.set(rt.root_shape(array_proto, Kind::Array, 0));
    let result = rt.root_shape(object_proto, Kind::Object, 2);
    let result = rt.shape_add(result, atoms::value, attr::ALL);
    realm.iter_result_shape.set(rt.shape_add(result, atoms::done, attr::ALL));
    let global = rt.alloc_object(rt.root_shape(object_proto, Kind::Global, 0));
    let dict = rt.shape_to_dict(rt.shape_of(global));
    rt.init(global, CELL_SHAPE, dict);
    set(rt, Intrinsic::Global, global);
    let native = rt.root_shape(function_proto, Kind::Native, 0);
    realm.function_shapes[FunctionShape::Native as usize].set(with_length(rt, native));
}

fn make_objects(rt: &mut Rt, class: &ClassSpec) {
    let realm = |which: Intrinsic| &rt.ctx().realm.intrinsics[which as usize];
    if class.proto_slot != Intrinsic::None && realm(class.proto_slot).get().is_null() {
        let parent = rt.intrinsic(class.proto_parent);
        let shape = rt.root_shape(parent, class.proto_kind, 0);
        let proto = rt.alloc_object(shape);
        realm(class.proto_slot).set(proto);
    }
    if class.constructor.is_some() && class.slot != Intrinsic::None && realm(class.slot).get().is_null() {
        let f = rt.new_native_by_id(0, true);
        realm(class.slot).set(f);
    } else if class.constructor.is_none() && class.slot != Intrinsic::None && realm(class.slot).get().is_null() {
        let obj = rt.new_object_with_proto(rt.intrinsic(class.proto_parent));
        realm(class.slot).set(obj);
    }
    boot_function_shapes(rt, class);
    if class.proto_slot == Intrinsic::PromisePrototype {
        let shape = rt.root_shape(rt.intrinsic(class.proto_slot), Kind::Promise, 0);
        rt.ctx().realm.promise_shape.set(shape);
    }
}

/// Shapes of closures need the prototypes of generator and async functions, which are classes like others.
fn boot_function_shapes(rt: &Rt, class: &ClassSpec) {
    let which = match class.proto_slot {
        Intrinsic::FunctionPrototype => &[FunctionShape::Plain, FunctionShape::Method][..],
        Intrinsic::AsyncFunctionPrototype => &[FunctionShape::Async],
        Intrinsic::GeneratorFunctionPrototype => &[FunctionShape::Generator],
        Intrinsic::AsyncGeneratorFunctionPrototype => &[FunctionShape::AsyncGenerator],
        _ => return,
    };
    for &which in which {
        let root = rt.root_shape(rt.intrinsic(class.proto_slot), Kind::Function, 0);
        let lazy = attr::C | attr::LAZY;
        let mut shape = rt.shape_add(root, atoms::length, lazy);
        shape = rt.shape_add(shape, atoms::name, lazy);
        if matches!(which, FunctionShape::Plain | FunctionShape::Generator | FunctionShape::AsyncGenerator) {
            shape = rt.shape_add(shape, atoms::prototype, attr::W | attr::LAZY);
        }
        rt.ctx().realm.function_shapes[which as usize].set(shape);
    }
}

fn fill_class(rt: &mut Rt, class: &ClassSpec, id: &mut u32) -> JsResult<()> {
    let proto = (class.proto_slot != Intrinsic::None).then(|| rt.intrinsic(class.proto_slot));
    let mut target = if class.slot != Intrinsic::None { Some(rt.intrinsic(class.slot)) } else { None };
    if class.constructor.is_some() {
        let f = match target {
            Some(f) => f,
            None => rt.new_native_by_id(0, true),
        };
        target = Some(f);
        rt.init::<u32>(f, FUNC_TEMPLATE, *id);
        *id += 1;
        if class.constructor_parent != Intrinsic::FunctionPrototype {
            let parent = rt.intrinsic(class.constructor_parent);
            rt.set_prototype_of(f, parent)?;
        }
        if let Some(proto) = proto {
            rt.write_own(f, Key::Name(atoms::prototype), Value::object(proto), 0);
            rt.write_own(proto, Key::Name(atoms::constructor), Value::object(f), attr::METHODS);
        }
    }
    if let Some(target) = target {
        fill_rows(rt, target, class.statics, id)?;
        if !class.name.is_empty() {
            let name = rt.intern_str(class.name);
            let global = rt.intrinsic(Intrinsic::Global);
            rt.write_own(global, Key::Name(name), Value::object(target), attr::METHODS);
        }
    }
    if let Some(proto) = proto {
        if class.proto_slot == Intrinsic::FunctionPrototype {
            rt.set_cell_flags(proto, OBJ_CALLABLE);
        }
        fill_rows(rt, proto, class.methods, id)?;
    }
    Ok(())
}

fn fill_rows(rt: &mut Rt, obj: Ref, rows: &[Row], id: &mut u32) -> JsResult<()> {
    for row in rows {
        let key = match row.name {
            Name::Str(text) => rt.key_of_string(rt.intern_str(text)),
            Name::Sym(which, _) => Key::Name(rt.symbol(which)),
        };
        let v = match row.kind {
            RowKind::Method(..) => Value::object(rt.new_native_by_id(*id, false)),
            RowKind::IntrinsicMethod(_, _, which) => {
                let f = rt.new_native_by_id(*id, false);
                rt.ctx().realm.intrinsics[which as usize].set(f);
                Value::object(f)
            }
            RowKind::Hidden(..) => {
                *id += 1;
                continue;
            }
            RowKind::Accessor(_, set) => {
                let get = Value::object(rt.new_native_by_id(*id, false));
                let set = match set {
                    Some(_) => {
                        *id += 1;
                        Value::object(rt.new_native_by_id(*id, false))
                    }
                    None => Value::UNDEFINED,
                };
                *id += 1;
                let pair = rt.new_accessor(get, set);
                rt.write_own(obj, key, pair, row.attrs | attr::ACCESSOR);
                continue;
            }
            RowKind::Data(v) => match v {
                DataValue::Number(d) => Value::number(d),
                DataValue::Str(text) => Value::string(rt.intern_str(text)),
                DataValue::Undefined => Value::UNDEFINED,
                DataValue::Intrinsic(which) => Value::object(rt.intrinsic(which)),
                DataValue::Property(of, name) => {
                    let name = rt.key_of_string(rt.intern_str(name));
                    rt.get_own_plain(rt.intrinsic(of), name).map_or(Value::UNDEFINED, |p| p.value)
                }
                DataValue::Symbol(which) => Value::symbol(rt.symbol(which)),
                DataValue::Names(names) => {
                    let set = rt.new_object_with_proto(Ref::NULL);
                    for name in names {
                        let name = rt.intern_str(name);
                        rt.put_own(set, name, Value::TRUE);
                    }
                    Value::object(set)
                }
            },
            RowKind::Alias(of) => {
                let of = rt.key_of_string(rt.intern_str(of));
                rt.get_own_plain(obj, of).map_or(Value::UNDEFINED, |p| p.value)
            }
        };
        if matches!(row.kind, RowKind::Method(..) | RowKind::IntrinsicMethod(..)) {
            *id += 1;
        }
        rt.write_own(obj, key, v, row.attrs);
    }
    Ok(())
}
