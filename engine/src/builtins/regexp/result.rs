//! Result objects of exec: the match array, its groups and its indices.
use super::*;
use crate::regexp::{GroupName, UNSET, group_names};

/// Named groups beyond this are added to the groups object one by one.
pub const MAX_INLINE_GROUPS: u16 = 64;

/// Offset of inline slot `i` of an array.
const fn array_slot(i: u32) -> u32 {
    OBJ_INTERNAL + 8 * (Kind::Array.internal_words() + i)
}

/// The result array for the captures in the scratch (22.2.7.2, steps 23 to 37).
pub fn make(rt: &Rt, re: Ref, s: Ref) -> Value {
    let indexed = flags_of(rt, re).contains(Flags::HAS_INDICES);
    let prepared = &rt.ctx().realm.regexp;
    let scratch = rt.host().regexp.borrow();
    let captures = scratch.captures();
    let shape = if indexed { prepared.indexed_shape.get() } else { prepared.result_shape.get() };
    let array = new_array(rt, shape, captures, |from, to| Value::string(rt.substring(s, from, to)));
    rt.init(array, array_slot(0), Value::uint(captures.first().copied().unwrap_or(0)));
    rt.init(array, array_slot(1), Value::string(s));
    rt.init(array, array_slot(2), groups(rt, re, captures, array));
    if indexed {
        let indices = new_array(rt, prepared.indices_shape.get(), captures, |from, to| {
            Value::object(rt.new_array(&[Value::uint(from), Value::uint(to)]))
        });
        rt.init(indices, array_slot(0), groups(rt, re, captures, indices));
        rt.init(array, array_slot(3), Value::object(indices));
    }
    Value::object(array)
}

/// An array of a prepared shape with one element per capture; undefined for groups that took no part.
fn new_array(rt: &Rt, shape: Ref, captures: &[u32], element: impl Fn(u32, u32) -> Value) -> Ref {
    let array = rt.alloc_object(shape);
    let count = captures.len() as u32 / 2;
    rt.init::<u64>(array, ARRAY_LENGTH, u64::from(count));
    let elements = rt.alloc_words(Kind::Words, count);
    rt.init(array, OBJ_ELEMENTS, elements);
    for (i, pair) in captures.chunks_exact(2).enumerate() {
        let v = if pair[0] == UNSET { Value::UNDEFINED } else { element(pair[0], pair[1]) };
        rt.init_word(elements, i as u32, v);
    }
    array
}

fn groups(rt: &Rt, re: Ref, captures: &[u32], array: Ref) -> Value {
    let program = rt.internal(re, PROGRAM).as_ref();
    groups_of(rt, rt.internal(re, GROUPS_SHAPE), program, captures, rt.elements(array))
}

/// The groups object with the values of `elements` (one per capture) under their names; undefined without named groups,
/// when `shape` is.
pub fn groups_of(rt: &Rt, shape: Value, program: Ref, captures: &[u32], elements: Ref) -> Value {
    if shape.is_undefined() {
        return Value::UNDEFINED;
    }
    let object = rt.alloc_object(shape.as_ref());
    with_program(rt, program, |code| {
        let unique = group_names(code).count() as u32 == rt.shape_count(shape.as_ref());
        for (i, group) in group_names(code).enumerate() {
            let v = rt.word(elements, group.group);
            if unique {
                rt.init(Ref(object.0 + 8 * i as u32), OBJ_INTERNAL, v);
                continue;
            }
            // Of groups with the same name at most one took part.
            let name = intern_name(rt, &group);
            let absent = captures.get(2 * group.group as usize).is_none_or(|&from| from == UNSET);
            if !absent || rt.shape_find(rt.shape_of(object), name).is_none() {
                rt.put_own(object, name, v);
            }
        }
    });
    Value::object(object)
}

/// The atom of a group's name.
pub fn intern_name(rt: &Rt, group: &GroupName<'_>) -> Ref {
    let mut buf = rt.str_buf();
    group.units().for_each(|unit| buf.push(unit));
    let name = match buf.units() {
        crate::string::Units::Latin1(b) => rt.new_latin1(b),
        crate::string::Units::Utf16(u) => rt.new_utf16(u),
    };
    buf.clear();
    rt.host().give_str_buf(buf);
    rt.intern(name)
}
