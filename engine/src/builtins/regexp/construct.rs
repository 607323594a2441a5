//! The RegExp constructor (22.2.4) and making RegExp objects from programs.
use super::*;
use crate::regexp::{PatternText, compile, group_names, parse_flags};
use crate::string::Units;

/// 22.2.4.1 RegExp ( pattern, flags )
pub fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let pattern = args.get(rt, 0);
    let pattern_is_regexp = is_regexp(rt, pattern)?;
    if !args.is_construct(rt) && pattern_is_regexp && args.get(rt, 1).is_undefined() {
        let constructor = rt.get_name(args.get(rt, 0), atoms::constructor)?;
        if constructor == Value::object(args.callee(rt)) {
            return Ok(args.get(rt, 0));
        }
    }
    let pattern = args.get(rt, 0);
    let source = rt.root(pattern);
    let flags = rt.root(args.get(rt, 1));
    let mut program = Value::UNDEFINED;
    if rt.is_kind(pattern, Kind::RegExp) {
        let re = pattern.as_ref();
        source.set(rt, rt.internal(re, SOURCE));
        if flags.get(rt).is_undefined() {
            let text = flags::text(rt, flags_of(rt, re));
            flags.set(rt, Value::string(text));
            // OPTIMIZATION: the same source and flags have the same program.
            program = rt.internal(re, PROGRAM);
        }
    } else if pattern_is_regexp {
        let text = rt.get_name(pattern, atoms::source)?;
        source.set(rt, text);
        if flags.get(rt).is_undefined() {
            let text = rt.get_name(args.get(rt, 0), atoms::flags)?;
            flags.set(rt, text);
        }
    }
    let program = rt.root(program);
    let new_target = args.new_target(rt);
    let proto = rt.proto_from_constructor(new_target, Intrinsic::RegExpPrototype)?;
    let re = alloc(rt, proto);
    if !program.get(rt).is_undefined() {
        let bits = with_program(rt, program.obj(rt), crate::regexp::flags);
        fill(rt, re, source.obj(rt), program.obj(rt), bits);
        return Ok(Value::object(re));
    }
    let re = rt.root(Value::object(re));
    initialize(rt, re, source, flags)?;
    Ok(re.get(rt))
}

/// 22.2.3.3 RegExpInitialize ( obj, pattern, flags ); the slots hold the object, the pattern and the flags.
pub fn initialize(
    rt: &mut Rt,
    re: crate::runtime::Slot,
    source: crate::runtime::Slot,
    flags: crate::runtime::Slot,
) -> JsResult<()> {
    for slot in [source, flags] {
        let v = slot.get(rt);
        let s = if v.is_undefined() { atoms::empty } else { rt.to_str(v)? };
        slot.set(rt, Value::string(s));
    }
    let (program, bits) = compile_source(rt, source.obj(rt), flags.obj(rt))?;
    fill(rt, re.obj(rt), source.obj(rt), program, bits);
    set_last_index(rt, re.obj(rt), Value::int(0))
}

/// RegExpCreate ( P, F ) from strings.
pub fn create(rt: &mut Rt, source: Ref, flags: Ref) -> JsResult<Ref> {
    let (program, bits) = compile_source(rt, source, flags)?;
    let re = rt.alloc_object(rt.ctx().realm.regexp.shape.get());
    rt.init(re, LAST_INDEX, Value::int(0));
    fill(rt, re, source, program, bits);
    Ok(re)
}

/// The RegExp of a literal whose pattern was compiled ahead of time. `flags` is its text, of which the program knows.
pub fn new_from_program(rt: &mut Rt, source: Ref, flags: Ref, program_words: &[u32]) -> Ref {
    let program = new_program(rt, program_words);
    let bits = crate::regexp::flags(program_words);
    debug_assert!(rt.str_is(flags, &bits.to_string()) || rt.len(flags) as usize == bits.to_string().len());
    let re = rt.alloc_object(rt.ctx().realm.regexp.shape.get());
    rt.init(re, LAST_INDEX, Value::int(0));
    fill(rt, re, source, program, bits);
    re
}

/// Another RegExp with the source, flags and program of `template`: each evaluation of a literal after its first.
pub fn new_like(rt: &Rt, template: Ref) -> Ref {
    let re = rt.alloc_object(rt.ctx().realm.regexp.shape.get());
    rt.init(re, LAST_INDEX, Value::int(0));
    for word in [SOURCE, PROGRAM, FLAGS, GROUPS_SHAPE] {
        rt.set_internal(re, word, rt.internal(template, word));
    }
    re
}

/// 22.2.3.2 RegExpAlloc ( newTarget ), its prototype known.
fn alloc(rt: &Rt, proto: Ref) -> Ref {
    let re = rt.alloc_object(pristine::instance_shape(rt, proto));
    rt.init(re, LAST_INDEX, Value::int(0));
    rt.set_internal(re, SOURCE, Value::string(atoms::empty));
    rt.set_internal(re, FLAGS, Value::int(0));
    re
}

fn fill(rt: &Rt, re: Ref, source: Ref, program: Ref, flags: Flags) {
    rt.set_internal(re, SOURCE, Value::string(source));
    rt.set_internal(re, PROGRAM, Value::internal(program));
    rt.set_internal(re, FLAGS, Value::int(i32::from(flags.bits())));
    rt.set_internal(re, GROUPS_SHAPE, groups_shape(rt, program));
}

/// Shape of the groups object, its names in the order of the pattern; undefined without named groups.
fn groups_shape(rt: &Rt, program: Ref) -> Value {
    with_program(rt, program, |code| {
        let count = group_names(code).count();
        if count == 0 {
            return Value::UNDEFINED;
        }
        let inline = count.min(usize::from(result::MAX_INLINE_GROUPS)) as u16;
        let mut shape = rt.root_shape(Ref::NULL, Kind::Object, inline);
        for group in group_names(code).take(inline.into()) {
            let name = result::intern_name(rt, &group);
            if rt.shape_find(shape, name).is_none() {
                shape = rt.shape_add(shape, name, attr::ALL);
            }
        }
        Value::internal(shape)
    })
}

fn new_program(rt: &Rt, words: &[u32]) -> Ref {
    let cell = rt.alloc_bytes(4 * words.len() as u32);
    cage::with_bytes_mut(rt.base(), cell.0 + CELL_DATA, 4 * words.len(), |to| {
        to.chunks_exact_mut(4).zip(words).for_each(|(to, word)| to.copy_from_slice(&word.to_ne_bytes()));
    });
    cell
}

/// Compiles a pattern: the program cell and the flags.
fn compile_source(rt: &mut Rt, source: Ref, flags: Ref) -> JsResult<(Ref, Flags)> {
    let text = rt.to_text(flags);
    let flags = match parse_flags(&text) {
        Ok(flags) => flags,
        Err(error) => return Err(rt.throw_syntax(&format!("Invalid regular expression: {}", error.message()))),
    };
    let compiled = rt.with_units(source, |units| {
        let mut programs = rt.host().regexp_programs.borrow_mut();
        if let Some(words) = programs.get(units, flags) {
            return Ok(new_program(rt, words));
        }
        let program = match units {
            Units::Latin1(b) => compile(&PatternText::Latin1(b), flags),
            Units::Utf16(u) => compile(&PatternText::Utf16(u), flags),
        }?;
        programs.put(units, flags, program.words());
        Ok(new_program(rt, program.words()))
    });
    compiled.map(|program| (program, flags)).map_err(|error: crate::regexp::SyntaxError| {
        let source = rt.to_text(source);
        rt.throw_syntax(&format!("Invalid regular expression: /{source}/{text}: {}", error.message()))
    })
}
