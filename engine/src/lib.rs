//! placeholder
pub mod regexp;
