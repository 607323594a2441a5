//! RegExp.
use crate::runtime::Rt;
use crate::value::{Ref, Value};

/// The object of a literal.
pub fn from_constant(_rt: &mut Rt, _constant: Ref) -> Value {
    Value::UNDEFINED
}
