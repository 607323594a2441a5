//! Array iteration.
use crate::runtime::Rt;
use crate::value::Ref;

/// Whether iterating this array runs no user code.
pub fn is_pristine(_rt: &Rt, _array: Ref) -> bool {
    true
}
