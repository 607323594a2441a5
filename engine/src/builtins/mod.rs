//! Built-in objects. Each family is a table of rows in its own file; booting a realm walks [`CLASSES`] once.
//!
//! A row gives name, length, function and attributes; native function ids are positions in that walk, so the table is the
//! only place that knows a builtin. See CONTRIBUTING.md, "Add a builtin".
pub mod bigint;
pub mod date;
mod escape;
pub mod function;
pub mod global;
pub mod math;
mod math_sum;
pub mod namespace;
pub mod number;
pub mod proxy;
pub mod regexp;
pub mod spec;
pub mod string;
pub mod typed_array;
mod uri;

pub use spec::{ClassSpec, DataValue, Embedding, Name, NativeTable, Row, RowKind};

/// All classes and namespace objects of the language, in boot order.
pub const CLASSES: &[&[&ClassSpec]] =
    &[function::CLASSES, proxy::CLASSES, bigint::CLASSES, typed_array::CLASSES, string::CLASSES, regexp::CLASSES];

/// Runs once all classes exist: what the tables cannot say.
fn prepare(rt: &crate::runtime::Rt) {
    string::prepare(rt);
    number::prepare(rt);
    regexp::prepare(rt);
}
