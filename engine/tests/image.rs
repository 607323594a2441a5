//! Sealing, cloning, resetting: everything about images that needs no script.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::bytecode::module::Module;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::image::{FaultKind, Image, Runtime, Stage};
use lockgate_engine::limits::{Limits, Termination};
use lockgate_engine::object::Key;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::Value;
use std::sync::Arc;

fn module(text: &str) -> Arc<Module> {
    let entry = SourceFile { name: "test.js".to_string(), text: text.to_string() };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("the test compiles");
    Arc::clone(program.module())
}

fn image() -> Arc<Image> {
    image_of("export const x = {};")
}

fn image_of(text: &str) -> Arc<Image> {
    let image = Image::boot(module(text), &BARE, &Limits::default(), Stage::Evaluated, |_| {});
    Arc::new(image.expect("the builtins boot and seal"))
}

fn clone(image: &Arc<Image>) -> Runtime {
    Runtime::from_image(image, &Limits::default()).expect("a cage")
}

fn set_global(rt: &mut Rt, name: &str, v: Value) {
    let global = rt.intrinsic(Intrinsic::Global);
    let name = rt.intern_str(name);
    rt.set_or_throw(global, Key::Name(name), v).expect("the global object is extensible");
}

fn global(rt: &mut Rt, name: &str) -> Value {
    let global = rt.intrinsic(Intrinsic::Global);
    let name = rt.intern_str(name);
    rt.get(Value::object(global), Key::Name(name)).expect("no getter runs")
}

#[test]
fn a_reset_restores_every_byte() {
    let image = image();
    let mut runtime = clone(&image);
    runtime.check_invariant().expect("a fresh clone is the image");
    for round in 0..3 {
        let changed = runtime.enter(|rt| {
            assert!(global(rt, "leak").is_undefined(), "nothing of an earlier request is visible");
            let text = rt.str_value("something that no image holds");
            set_global(rt, "leak", text);
            let proto = rt.intrinsic(Intrinsic::ObjectPrototype);
            let name = rt.intern_str("polluted");
            rt.set_or_throw(proto, Key::Name(name), Value::int(1))?;
            let array_proto = rt.intrinsic(Intrinsic::ArrayPrototype);
            rt.array_push(array_proto, Value::int(round));
            Ok(global(rt, "polluted"))
        });
        assert_eq!(changed, Ok(Value::int(1)));
        assert!(runtime.dirty_cards() > 0);
        assert!(runtime.check_invariant().is_err());
        runtime.reset();
        runtime.poison_arena();
        assert_eq!(runtime.dirty_cards(), 0);
        assert_eq!(runtime.check_invariant(), Ok(()));
    }
}

#[test]
fn runtimes_do_not_see_each_other() {
    let image = image();
    let (mut a, mut b) = (clone(&image), clone(&image));
    a.enter(|rt| {
        set_global(rt, "mine", Value::int(7));
        Ok(())
    })
    .expect("no script runs");
    assert_eq!(b.enter(|rt| Ok(global(rt, "mine"))), Ok(Value::UNDEFINED));
    assert_eq!(a.enter(|rt| Ok(global(rt, "mine"))), Ok(Value::int(7)));
}

#[test]
fn exhausted_memory_ends_the_request_and_poisons_the_runtime() {
    let image = image();
    let limits = Limits { heap: 1 << 20, ..Limits::default() };
    let mut runtime = Runtime::from_image(&image, &limits).expect("a cage");
    let fault = runtime
        .enter(|rt| -> Result<(), _> {
            loop {
                rt.alloc_bytes(1000);
            }
        })
        .expect_err("the heap is bounded");
    assert_eq!(fault.kind, FaultKind::Terminated(Termination::Memory));
    assert!(runtime.is_poisoned());
    assert_eq!(runtime.enter(|_| Ok(())).expect_err("poisoned").kind, FaultKind::Panic);
}

#[test]
fn a_panic_poisons_the_runtime_and_nothing_else() {
    let image = image();
    let (mut a, mut b) = (clone(&image), clone(&image));
    let fault = a.enter(|_| -> Result<(), _> { std::panic::resume_unwind(Box::new("broken")) }).expect_err("panics");
    assert_eq!((fault.kind, fault.text.as_str()), (FaultKind::Panic, "broken"));
    assert!(a.is_poisoned() && !b.is_poisoned());
    assert_eq!(b.enter(|_| Ok(1)), Ok(1));
}

#[test]
fn exceptions_are_described() {
    let image = image();
    let mut runtime = clone(&image);
    let fault = runtime.enter(|rt| -> Result<(), _> { Err(rt.throw_type("no such thing")) }).expect_err("throws");
    assert_eq!(fault.kind, FaultKind::Exception);
    assert!(fault.text.contains("no such thing"), "{}", fault.text);
    assert_eq!(runtime.enter(|_| Ok(1)), Ok(1), "an exception does not poison");
}

#[test]
fn cages_are_reused_after_drop() {
    let image = image();
    for _ in 0..64 {
        let mut many: Vec<Runtime> = (0..32).map(|_| clone(&image)).collect();
        for runtime in &mut many {
            runtime
                .enter(|rt| {
                    set_global(rt, "x", Value::int(1));
                    Ok(())
                })
                .expect("no script runs");
        }
    }
    assert_eq!(clone(&image).enter(|rt| Ok(global(rt, "x"))), Ok(Value::UNDEFINED));
}

#[test]
fn trimming_keeps_the_runtime_usable() {
    let image = image();
    let mut runtime = clone(&image);
    runtime.enter(|rt| Ok(rt.alloc_bytes(10 << 20))).expect("fits the heap");
    assert!(runtime.allocated() > 10 << 20);
    runtime.reset();
    assert_eq!(runtime.allocated(), 0);
    runtime.trim();
    runtime.check_invariant().expect("trimming touches the arena only");
    runtime.enter(|rt| Ok(rt.alloc_bytes(10 << 20))).expect("fits again");
}

#[test]
fn bytes_and_back() {
    let bytes = image().to_bytes().unwrap();
    let image = Arc::new(Image::from_bytes(&bytes, &BARE).expect("its own bytes"));
    assert_eq!(image.to_bytes(), Ok(bytes));
    let mut runtime = clone(&image);
    runtime.check_invariant().expect("a fresh clone is the image");
    runtime
        .enter(|rt| {
            set_global(rt, "x", Value::int(3));
            Ok(())
        })
        .expect("no script runs");
    assert_eq!(runtime.enter(|rt| Ok(global(rt, "x"))), Ok(Value::int(3)));
}

#[test]
fn damaged_and_foreign_bytes_are_refused_with_a_reason() {
    refused_when_damaged(&image().to_bytes().unwrap());
    // A large one is hashed on a thread of its own while it is read.
    refused_when_damaged(&image_of(&format!("export const text = '{}';", "long ".repeat(100_000))).to_bytes().unwrap());
}

fn refused_when_damaged(bytes: &[u8]) {
    let reason = |bytes: &[u8]| Image::from_bytes(bytes, &BARE).err().map_or_else(String::new, |e| e.to_string());
    assert_eq!(reason(b"#!/bin/sh"), "not a Lockgate image");
    for n in [0, 7, 8, 11, 19, 40, 52, bytes.len() / 2, bytes.len() - 1] {
        assert!(!reason(&bytes[..n]).is_empty(), "cut at {n}");
    }
    assert_eq!(reason(&bytes[..bytes.len() - 1]), "the image is cut short");
    let mut other = bytes.to_vec();
    other[8] = 9;
    assert!(reason(&other).contains("image format 9"));
    let mut state = 1u64;
    for _ in 0..200 {
        let mut other = bytes.to_vec();
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (state >> 33) as usize % other.len();
        other[at] ^= 1 + (state >> 13) as u8 % 255;
        assert!(!reason(&other).is_empty(), "byte {at} changed");
        if at >= 52 {
            assert_eq!(reason(&other), "the image is damaged: its digest does not match", "byte {at} changed");
        }
    }
    let foreign = Image::from_bytes(bytes, &OTHER).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(foreign.contains("another embedding (bare; this is other)"), "{foreign}");
}

static OTHER: lockgate_engine::builtins::Embedding = lockgate_engine::builtins::Embedding {
    name: "other",
    classes: &[],
    install: |_| Ok(()),
    before_seal: |_| Err("a timer is live".to_string()),
};

#[test]
fn an_embedding_may_refuse_to_seal() {
    let refused = Image::boot(module(""), &OTHER, &Limits::default(), Stage::Evaluated, |_| {}).err();
    assert_eq!(refused.map(|e| e.to_string()).as_deref(), Some("cannot be sealed: a timer is live"));
}
