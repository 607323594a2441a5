//! Whether regular expressions still behave as booted, so that a method may run the matcher directly.
//!
//! A RegExp is pristine if it has the first shape of its kind (own property `lastIndex` alone, writable, prototype
//! %RegExp.prototype%), and that prototype has its first shape and its first values in the slots that the methods of
//! 22.2.6 read. Any property added to %RegExp.prototype% gives up the fast paths.
use super::*;

/// What boot prepares for RegExp objects.
#[repr(C)]
#[derive(Clone)]
pub struct Prepared {
    /// Shape of a RegExp: `lastIndex` inline.
    pub shape: std::cell::Cell<Ref>,
    /// Shape of match results: index, input, groups.
    pub result_shape: std::cell::Cell<Ref>,
    /// The same with indices.
    pub indexed_shape: std::cell::Cell<Ref>,
    /// Shape of the indices array: groups.
    pub indices_shape: std::cell::Cell<Ref>,
    /// Shape of %RegExp.prototype% as booted.
    pub proto_shape: std::cell::Cell<Ref>,
    /// Shape of %RegExp% as booted.
    pub constructor_shape: std::cell::Cell<Ref>,
    /// Values of the first slots of %RegExp.prototype%, then slot and value of `RegExp[Symbol.species]` (Words cell).
    pub slots: std::cell::Cell<Ref>,
}

/// Slots of the prototype that are compared: constructor, exec, flags and eight flag accessors, five symbol methods.
const SLOTS: u32 = 16;

/// Fills [`Prepared`] once all classes exist.
pub fn finish(rt: &mut Rt) -> JsResult<()> {
    let proto = rt.intrinsic(Intrinsic::RegExpPrototype);
    let constructor = rt.intrinsic(Intrinsic::RegExp);
    let prepared = &rt.ctx().realm.regexp;
    prepared.shape.set(instance_shape(rt, proto));
    let result = rt.root_shape(rt.intrinsic(Intrinsic::ArrayPrototype), Kind::Array, 4);
    let result = [atoms::index, atoms::input, atoms::groups]
        .into_iter()
        .fold(result, |shape, name| rt.shape_add(shape, name, attr::ALL));
    prepared.result_shape.set(result);
    prepared.indexed_shape.set(rt.shape_add(result, atoms::indices, attr::ALL));
    let indices = rt.root_shape(rt.intrinsic(Intrinsic::ArrayPrototype), Kind::Array, 1);
    prepared.indices_shape.set(rt.shape_add(indices, atoms::groups, attr::ALL));
    prepared.proto_shape.set(rt.shape_of(proto));
    prepared.constructor_shape.set(rt.shape_of(constructor));
    let slots = rt.alloc_words(Kind::Words, SLOTS + 2);
    for i in 0..SLOTS {
        rt.init_word(slots, i, rt.slot(proto, i));
    }
    let species = rt.shape_find(rt.shape_of(constructor), rt.symbol(WellKnown::Species));
    let species = species.map_or(0, |found| found.slot());
    rt.init_word(slots, SLOTS, Value::uint(species));
    rt.init_word(slots, SLOTS + 1, rt.slot(constructor, species));
    prepared.slots.set(slots);
    Ok(())
}

/// Shape of a RegExp with this prototype.
pub fn instance_shape(rt: &Rt, proto: Ref) -> Ref {
    rt.shape_add(rt.root_shape(proto, Kind::RegExp, 1), atoms::last_index, attr::W)
}

/// Whether `v` is a pristine RegExp.
#[inline]
pub fn is_pristine(rt: &Rt, v: Value) -> bool {
    v.is_object() && rt.shape_of(v.as_ref()) == rt.ctx().realm.regexp.shape.get() && proto_is_pristine(rt)
}

/// Whether `v` is a pristine RegExp whose species is %RegExp%.
pub fn is_split_pristine(rt: &Rt, v: Value) -> bool {
    if !is_pristine(rt, v) {
        return false;
    }
    let prepared = &rt.ctx().realm.regexp;
    let constructor = rt.intrinsic(Intrinsic::RegExp);
    let slots = prepared.slots.get();
    rt.shape_of(constructor) == prepared.constructor_shape.get()
        && rt.slot(constructor, rt.word(slots, SLOTS).as_int() as u32) == rt.word(slots, SLOTS + 1)
}

fn proto_is_pristine(rt: &Rt) -> bool {
    let prepared = &rt.ctx().realm.regexp;
    let proto = rt.intrinsic(Intrinsic::RegExpPrototype);
    if rt.shape_of(proto) != prepared.proto_shape.get() {
        return false;
    }
    let now: Ref = rt.load(proto, OBJ_SLOTS);
    let booted = prepared.slots.get();
    // The prototype has no inline slots, so its first slots are the first words of that cell.
    cage::with_bytes(rt.base(), now.0 + CELL_DATA, 8 * SLOTS as usize, |now| {
        cage::with_bytes(rt.base(), booted.0 + CELL_DATA, 8 * SLOTS as usize, |booted| now == booted)
    })
}
