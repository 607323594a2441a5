//! Structured data (25): buffers, DataView, Atomics.
mod array_buffer;
mod atomics;
pub mod bytes;
mod data_view;
mod shared;
mod waiters;

use super::spec::ClassSpec;

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] =
    &[&array_buffer::ARRAY_BUFFER, &shared::SHARED_ARRAY_BUFFER, &data_view::DATA_VIEW, &atomics::ATOMICS];

pub use data_view::span as data_view_span;
