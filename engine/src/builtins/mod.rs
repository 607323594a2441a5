//! Built-in objects. Each family is a table of rows in its own file; booting a realm walks [`CLASSES`] once.
//!
//! A row gives name, length, function and attributes; native function ids are positions in that walk, so the table is the
//! only place that knows a builtin. See CONTRIBUTING.md, "Add a builtin".
pub mod array;
pub mod array_iterator;
pub mod async_from_sync;
pub mod bigint;
pub mod boolean;
pub mod buffer;
pub mod clone;
pub mod collections;
pub mod console;
pub mod date;
pub mod error;
mod escape;
pub mod function;
pub mod generator;
pub mod global;
pub mod globals;
pub mod iterate;
pub mod iterator;
pub mod json;
pub mod math;
mod math_sum;
pub mod namespace;
pub mod number;
pub mod object;
pub mod promise;
pub mod proxy;
pub mod reflect;
pub mod regexp;
pub mod rooted;
pub mod spec;
pub mod string;
pub mod symbol;
pub mod timing;
pub mod typed_array;
mod uri;

pub use spec::{ClassSpec, DataValue, Embedding, Name, NativeTable, Row, RowKind};

use crate::runtime::Rt;
use crate::value::JsResult;

/// All classes and namespace objects of the language, in boot order. [`function`] is first: it has native number 0.
pub const CLASSES: &[&[&ClassSpec]] = &[
    function::CLASSES,
    object::CLASSES,
    error::CLASSES,
    symbol::CLASSES,
    boolean::CLASSES,
    iterator::CLASSES,
    reflect::CLASSES,
    globals::CLASSES,
    proxy::CLASSES,
    bigint::CLASSES,
    string::CLASSES,
    global::CLASSES,
    math::CLASSES,
    number::CLASSES,
    date::CLASSES,
    regexp::CLASSES,
    promise::CLASSES,
    generator::CLASSES,
    json::CLASSES,
    console::CLASSES,
    timing::CLASSES,
    clone::CLASSES,
    crate::interp::CLASSES,
    async_from_sync::CLASSES,
    array::CLASSES,
    array_iterator::CLASSES,
    collections::CLASSES,
    buffer::CLASSES,
    typed_array::CLASSES,
];

/// What tables cannot say: run when all classes exist.
pub const FINISH: &[fn(&mut Rt) -> JsResult<()>] =
    &[function::finish, boolean::finish, string::finish, number::finish, regexp::finish];
