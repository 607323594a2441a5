//! Built-in objects. Each family is a table of rows in its own file; booting a realm walks [`CLASSES`] once.
//!
//! A row gives name, length, function and attributes; native function ids are positions in that walk, so the table is the
//! only place that knows a builtin. See CONTRIBUTING.md, "Add a builtin".
pub mod array;
pub mod array_iterator;
pub mod async_from_sync;
pub mod bigint;
pub mod buffer;
pub mod collections;
pub mod function;
pub mod generator;
pub mod iterate;
pub mod namespace;
pub mod promise;
pub mod proxy;
pub mod spec;
pub mod typed_array;

pub use spec::{ClassSpec, DataValue, Embedding, Name, NativeTable, Row, RowKind};

/// All classes and namespace objects of the language, in boot order.
pub const CLASSES: &[&[&ClassSpec]] = &[
    function::CLASSES,
    proxy::CLASSES,
    bigint::CLASSES,
    promise::CLASSES,
    generator::CLASSES,
    async_from_sync::CLASSES,
    array::CLASSES,
    array_iterator::CLASSES,
    collections::CLASSES,
    buffer::CLASSES,
    typed_array::CLASSES,
];
