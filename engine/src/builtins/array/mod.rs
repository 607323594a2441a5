//! Array objects (23.1).
pub mod access;
mod callback;
mod combine;
mod construct;
mod flatten;
mod from_async;
pub mod join;
pub mod merge_sort;
pub mod mutate;
mod search;
pub mod sort;
mod splice;

use super::array_iterator;
use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::value::JsResult;

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&ARRAY];

// `values` and its symbol are the first rows of the prototype and the species getter the first static one:
// `access::booted_slot` looks there first.
const ARRAY: ClassSpec = ClassSpec::class(
    "Array",
    construct::construct,
    1,
    Intrinsic::Array,
    Intrinsic::ArrayPrototype,
    &[
        Row::symbol_getter(WellKnown::Species, "[Symbol.species]", species),
        Row::method("from", 1, construct::from),
        Row::method("fromAsync", 1, from_async::from_async),
        Row::hidden(from_async::fulfilled, 1),
        Row::hidden(from_async::rejected, 1),
        Row::method("isArray", 1, construct::is_array),
        Row::method("of", 0, construct::of),
    ],
    &[
        Row::intrinsic("values", 0, array_iterator::values, Intrinsic::ArrayProtoValues),
        Row::symbol_alias(WellKnown::Iterator, "values"),
        Row::method("at", 1, search::at),
        Row::method("concat", 1, combine::concat),
        Row::method("copyWithin", 2, mutate::copy_within),
        Row::method("entries", 0, array_iterator::entries),
        Row::method("every", 1, callback::every),
        Row::method("fill", 1, mutate::fill),
        Row::method("filter", 1, callback::filter),
        Row::method("find", 1, search::find),
        Row::method("findIndex", 1, search::find_index),
        Row::method("findLast", 1, search::find_last),
        Row::method("findLastIndex", 1, search::find_last_index),
        Row::method("flat", 0, flatten::flat),
        Row::method("flatMap", 1, flatten::flat_map),
        Row::method("forEach", 1, callback::for_each),
        Row::method("includes", 1, search::includes),
        Row::method("indexOf", 1, search::index_of),
        Row::method("join", 1, join::join),
        Row::method("keys", 0, array_iterator::keys),
        Row::method("lastIndexOf", 1, search::last_index_of),
        Row::method("map", 1, callback::map),
        Row::method("pop", 0, mutate::pop),
        Row::method("push", 1, mutate::push),
        Row::method("reduce", 1, callback::reduce),
        Row::method("reduceRight", 1, callback::reduce_right),
        Row::method("reverse", 0, mutate::reverse),
        Row::method("shift", 0, mutate::shift),
        Row::method("slice", 2, combine::slice),
        Row::method("some", 1, callback::some),
        Row::method("sort", 1, sort::sort),
        Row::method("splice", 2, splice::splice),
        Row::method("toLocaleString", 0, join::to_locale_string),
        Row::method("toReversed", 0, combine::to_reversed),
        Row::method("toSorted", 1, sort::to_sorted),
        Row::method("toSpliced", 2, splice::to_spliced),
        Row::method("toString", 0, join::to_string),
        Row::method("unshift", 1, mutate::unshift),
        Row::method("with", 2, combine::with),
        Row::unscopables(&[
            "at",
            "copyWithin",
            "entries",
            "fill",
            "find",
            "findIndex",
            "findLast",
            "findLastIndex",
            "flat",
            "flatMap",
            "includes",
            "keys",
            "toReversed",
            "toSorted",
            "toSpliced",
            "values",
        ]),
    ],
)
.proto_kind(Kind::Array);

/// 23.1.2.5 get Array \[ %Symbol.species% \]
pub fn species(rt: &mut Rt, args: Args) -> JsResult {
    Ok(args.this(rt))
}
