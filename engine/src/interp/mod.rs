//! The interpreter: one dispatch loop over verified bytecode. Hot halves of hot opcodes stand in the loop; everything else
//! is a short cold function in the theme files beside it.
#![allow(
    unsafe_code,
    reason = "registers and bytecode are reached through raw pointers; the verifier checked every operand"
)]

mod arith;
mod cache;
mod class;
mod expect;
mod frame;
mod generator;
mod iter;
mod property;
mod scope;

pub use frame::enter;
pub use generator::{CLASSES, FRAME as HEAP_FRAME, async_generator_enqueue, generator_resume, resume_async};

use crate::bytecode::op::{Op, decode, len};
use crate::heap::layout::*;
use crate::object::OBJ_CLASS;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Thrown, Value};

/// What a step of an opcode that switches frames asks the loop to do.
pub(crate) enum Flow {
    /// Reload frame, pc and feedback from the context and go on.
    Reload,
    /// The boundary frame returned this value.
    Leave(Value),
}

/// Runs from the frame and pc in the context until its boundary frame returns.
#[allow(clippy::cognitive_complexity, reason = "the dispatch loop")]
fn run(rt: &mut Rt) -> JsResult {
    let base = rt.base();
    // What the SAFETY lines below rest on. `code` is the module's code section, alive as long as the runtime; `pc` only takes
    // values of verified instruction starts. `fp` points at a frame whose size the verifier and `frame::enter_closure` agreed
    // on, inside the VM stack or a heap frame; register operands are below that size. `fb` points at the feedback vector of
    // the frame's template; K and S operands are inside it. All of them lie in the cage, which `rt` keeps mapped.
    let code = rt.ctx().code.get();
    let mut fp: *mut u8;
    let mut pc: *const u8;
    let mut fb: *mut u8;

    macro_rules! reload {
        () => {{
            let ctx = rt.ctx();
            let at = ctx.fp.get();
            // SAFETY: the context's frame is an offset in the cage.
            fp = unsafe { base.add(at as usize) };
            // SAFETY: the context's pc is the offset of an instruction of the code section.
            pc = unsafe { code.add(ctx.pc.get() as usize) };
            let template: Ref = rt.load::<Value>(Ref(at), FRAME_TEMPLATE).as_ref();
            let feedback = rt.load::<Ref>(template, TPL_FEEDBACK).0 as usize + FB_WORDS as usize;
            // SAFETY: a template's feedback vector is in the cage.
            fb = unsafe { base.add(feedback) };
        }};
    }
    macro_rules! reg {
        ($r:expr) => {{
            let r = $r as usize;
            // SAFETY: a register operand is inside the frame; every word there is a value.
            unsafe { fp.add(8 * r).cast::<Value>().read() }
        }};
    }
    macro_rules! set {
        ($r:expr, $v:expr) => {{
            let v: Value = $v;
            let r = $r as usize;
            // SAFETY: a register operand is inside the frame.
            unsafe { fp.add(8 * r).cast::<Value>().write(v) }
        }};
    }
    // A word of the feedback vector: a constant, or a site's first word.
    macro_rules! word {
        ($k:expr) => {{
            let k = $k as usize;
            // SAFETY: K and S operands are inside the feedback vector.
            unsafe { fb.add(8 * k).cast::<Value>().read() }
        }};
    }
    // Offsets from the cage's base: of a site, of the frame, of the window or block that begins at a register.
    macro_rules! site {
        ($s:expr) => {
            (fb.addr() - base.addr() + 8 * $s as usize) as u32
        };
    }
    macro_rules! frame_at {
        () => {
            (fp.addr() - base.addr()) as u32
        };
    }
    macro_rules! window {
        ($r:expr) => {
            (fp.addr() - base.addr() + 8 * $r as usize) as u32
        };
    }
    // Offsets in the code: of this instruction, of the one after it.
    macro_rules! save {
        () => {
            rt.ctx().pc.set((pc.addr() - code.addr()) as u32)
        };
    }
    macro_rules! after {
        ($name:ident) => {
            (pc.addr() - code.addr() + len::$name) as u32
        };
    }
    macro_rules! ops {
        ($name:ident) => {
            // SAFETY: `pc` is at a whole instruction, of this opcode in its arm of the match.
            unsafe { decode::$name(pc) }
        };
    }
    macro_rules! next {
        ($name:ident) => {
            // SAFETY: the verifier saw an instruction behind each that falls through.
            pc = unsafe { pc.add(len::$name) }
        };
    }
    macro_rules! jump {
        ($to:expr) => {{
            let to = $to as isize;
            // SAFETY: the verifier saw an instruction at every jump's target.
            pc = unsafe { pc.offset(to) }
        }};
    }

    reload!();
    'outer: loop {
        // Leaves with the pending exception; every `break 'run` means "thrown".
        let Thrown = 'run: loop {
            // Runs something that may throw or run JavaScript.
            macro_rules! slow {
                ($e:expr) => {{
                    save!();
                    match $e {
                        Ok(v) => v,
                        Err(thrown) => break 'run thrown,
                    }
                }};
            }
            macro_rules! flow {
                ($e:expr) => {
                    match slow!($e) {
                        Flow::Reload => {
                            reload!();
                            continue;
                        }
                        Flow::Leave(v) => return Ok(v),
                    }
                };
            }
            macro_rules! arith {
                ($name:ident, $int:ident, $op:tt, $cold:path) => {{
                    let (dst, a, b) = ops!($name);
                    let (x, y) = (reg!(a), reg!(b));
                    if x.is_int() && y.is_int() && let Some(n) = x.as_int().$int(y.as_int()) {
                        set!(dst, Value::int(n));
                    } else if x.is_number() && y.is_number() {
                        set!(dst, Value::number(x.as_number() $op y.as_number()));
                    } else {
                        let v = slow!($cold(rt, x, y));
                        set!(dst, v);
                    }
                    next!($name);
                }};
            }
            macro_rules! arith_imm {
                ($name:ident, $int:ident, $op:tt, $cold:path) => {{
                    let (dst, a, imm) = ops!($name);
                    let x = reg!(a);
                    if x.is_int() && let Some(n) = x.as_int().$int(imm) {
                        set!(dst, Value::int(n));
                    } else if x.is_number() {
                        set!(dst, Value::number(x.as_number() $op f64::from(imm)));
                    } else {
                        let v = slow!($cold(rt, x, Value::int(imm)));
                        set!(dst, v);
                    }
                    next!($name);
                }};
            }
            macro_rules! bits {
                ($name:ident, |$x:ident, $y:ident| $fast:expr, $cold:path) => {{
                    let (dst, a, b) = ops!($name);
                    let (x, y) = (reg!(a), reg!(b));
                    if x.is_int() && y.is_int() {
                        let ($x, $y) = (x.as_int(), y.as_int());
                        set!(dst, $fast);
                    } else {
                        let v = slow!($cold(rt, x, y));
                        set!(dst, v);
                    }
                    next!($name);
                }};
            }
            macro_rules! bits_imm {
                ($name:ident, |$x:ident, $y:ident| $fast:expr, $cold:path) => {{
                    let (dst, a, imm) = ops!($name);
                    let x = reg!(a);
                    if x.is_int() {
                        let ($x, $y) = (x.as_int(), imm);
                        set!(dst, $fast);
                    } else {
                        let v = slow!($cold(rt, x, Value::int(imm)));
                        set!(dst, v);
                    }
                    next!($name);
                }};
            }
            macro_rules! compare {
                ($x:expr, $y:expr, $op:tt, $cold:path) => {{
                    let (x, y) = ($x, $y);
                    if x.is_int() && y.is_int() {
                        x.as_int() $op y.as_int()
                    } else if x.is_number() && y.is_number() {
                        x.as_number() $op y.as_number()
                    } else {
                        slow!($cold(rt, x, y))
                    }
                }};
            }
            macro_rules! compare_value {
                ($name:ident, $op:tt, $cold:path) => {{
                    let (dst, a, b) = ops!($name);
                    let result = compare!(reg!(a), reg!(b), $op, $cold);
                    set!(dst, Value::bool(result));
                    next!($name);
                }};
            }
            macro_rules! compare_jump {
                ($name:ident, $want:expr, $op:tt, $cold:path) => {{
                    let (a, b, to) = ops!($name);
                    if compare!(reg!(a), reg!(b), $op, $cold) == $want {
                        jump!(to);
                    } else {
                        next!($name);
                    }
                }};
            }
            macro_rules! compare_jump_imm {
                ($name:ident, $want:expr, $op:tt, $cold:path) => {{
                    let (a, imm, to) = ops!($name);
                    let x = reg!(a);
                    let result = if x.is_int() { x.as_int() $op imm } else { compare!(x, Value::int(imm), $op, $cold) };
                    if result == $want {
                        jump!(to);
                    } else {
                        next!($name);
                    }
                }};
            }
            macro_rules! jump_if {
                ($name:ident, |$v:ident| $cond:expr) => {{
                    let (a, to) = ops!($name);
                    let $v = reg!(a);
                    if $cond {
                        jump!(to);
                    } else {
                        next!($name);
                    }
                }};
            }
            macro_rules! truthy {
                ($v:expr) => {{
                    let v = $v;
                    if v.is_bool() { v == Value::TRUE } else { rt.to_boolean(v) }
                }};
            }
            macro_rules! back_edge {
                () => {{
                    if rt.interrupted() {
                        slow!(rt.handle_interrupt());
                    }
                    let fuel = &rt.ctx().fuel;
                    fuel.set(fuel.get() - 1);
                    if fuel.get() < 0 {
                        slow!(frame::refuel(rt));
                    }
                }};
            }
            macro_rules! strict_equal {
                ($a:expr, $b:expr) => {{
                    let (x, y) = ($a, $b);
                    if x.is_int() && y.is_int() { x.0 == y.0 } else { rt.strict_equals(x, y) }
                }};
            }

            // SAFETY: a verified opcode byte.
            let op: Op = unsafe { std::mem::transmute::<u8, Op>(*pc) };
            match op {
                Op::Mov => {
                    let (dst, src) = ops!(Mov);
                    set!(dst, reg!(src));
                    next!(Mov);
                }
                Op::LoadK => {
                    let (dst, k) = ops!(LoadK);
                    set!(dst, word!(k));
                    next!(LoadK);
                }
                Op::LoadI => {
                    let (dst, imm) = ops!(LoadI);
                    set!(dst, Value::int(imm));
                    next!(LoadI);
                }
                Op::LoadS => {
                    let (dst, which) = ops!(LoadS);
                    set!(dst, Value::from_singleton(which));
                    next!(LoadS);
                }
                Op::ChkTdz => {
                    let (src, name) = ops!(ChkTdz);
                    if reg!(src).is_tdz() {
                        slow!(scope::throw_tdz(rt, word!(name)));
                    }
                    next!(ChkTdz);
                }
                Op::ChkThis => {
                    let (src,) = ops!(ChkThis);
                    if reg!(src).is_tdz() {
                        slow!(scope::throw_no_this(rt));
                    }
                    next!(ChkThis);
                }
                Op::ThrowConst => {
                    let (name,) = ops!(ThrowConst);
                    slow!(scope::throw_const(rt, word!(name)));
                }
                Op::ThrowError => {
                    let (kind, message) = ops!(ThrowError);
                    slow!(scope::throw_kind(rt, kind, word!(message)));
                }

                // ---- scopes
                Op::LoadEnv => {
                    let (dst,) = ops!(LoadEnv);
                    let callee = reg!(2).as_ref();
                    let env: Ref = rt.load(callee, FUNC_ENV);
                    set!(dst, if env.is_null() { Value::UNDEFINED } else { Value::internal(env) });
                    next!(LoadEnv);
                }
                Op::NewScope => {
                    let (dst, parent, n) = ops!(NewScope);
                    let scope = scope::new_scope(rt, reg!(parent), n);
                    set!(dst, scope);
                    next!(NewScope);
                }
                Op::CopyScope => {
                    let (dst, src) = ops!(CopyScope);
                    let copy = scope::copy_scope(rt, reg!(src).as_ref());
                    set!(dst, copy);
                    next!(CopyScope);
                }
                Op::GetScope => {
                    let (dst, scope, depth, idx) = ops!(GetScope);
                    let at = scope::up(rt, reg!(scope).as_ref(), depth);
                    set!(dst, rt.load(Ref(at.0 + 8 * u32::from(idx)), SCOPE_SLOTS));
                    next!(GetScope);
                }
                Op::GetScopeChk => {
                    let (dst, scope, depth, idx, name) = ops!(GetScopeChk);
                    let at = scope::up(rt, reg!(scope).as_ref(), depth);
                    let v: Value = rt.load(Ref(at.0 + 8 * u32::from(idx)), SCOPE_SLOTS);
                    if v.is_tdz() {
                        slow!(scope::throw_tdz(rt, word!(name)));
                    }
                    set!(dst, v);
                    next!(GetScopeChk);
                }
                Op::PutScope => {
                    let (scope, depth, idx, src) = ops!(PutScope);
                    let at = scope::up(rt, reg!(scope).as_ref(), depth);
                    rt.put(Ref(at.0 + 8 * u32::from(idx)), SCOPE_SLOTS, reg!(src));
                    next!(PutScope);
                }
                Op::PutScopeChk => {
                    let (scope, depth, idx, src, name) = ops!(PutScopeChk);
                    let at = scope::up(rt, reg!(scope).as_ref(), depth);
                    let slot = Ref(at.0 + 8 * u32::from(idx));
                    if rt.load::<Value>(slot, SCOPE_SLOTS).is_tdz() {
                        slow!(scope::throw_tdz(rt, word!(name)));
                    }
                    rt.put(slot, SCOPE_SLOTS, reg!(src));
                    next!(PutScopeChk);
                }
                Op::GetModule => {
                    let (dst, module, slot, name) = ops!(GetModule);
                    let v = scope::module_binding(rt, module, slot);
                    if v.is_tdz() {
                        slow!(scope::throw_tdz(rt, word!(name)));
                    }
                    set!(dst, v);
                    next!(GetModule);
                }
                Op::ModuleNamespace => {
                    let (dst, module) = ops!(ModuleNamespace);
                    let namespaces = rt.ctx().realm.unit_namespaces.get();
                    set!(dst, rt.word(namespaces, u32::from(module)));
                    next!(ModuleNamespace);
                }
                Op::LoadModuleScope => {
                    let (dst, module) = ops!(LoadModuleScope);
                    let scopes = rt.ctx().realm.unit_scopes.get();
                    set!(dst, rt.word(scopes, u32::from(module)));
                    next!(LoadModuleScope);
                }
                Op::ImportMeta => {
                    let (dst, module) = ops!(ImportMeta);
                    let v = scope::import_meta(rt, module);
                    set!(dst, v);
                    next!(ImportMeta);
                }
                Op::GetGlobal => {
                    let (dst, name, s) = ops!(GetGlobal);
                    let global = rt.intrinsic(crate::realm::Intrinsic::Global);
                    let site = Ref(site!(s));
                    if rt.load::<Ref>(site, 0) == rt.shape_of(global) {
                        let v = rt.read_location(global, rt.load(site, 4));
                        set!(dst, v);
                    } else {
                        let v = slow!(property::get_global(rt, word!(name).as_ref(), site.0, true));
                        set!(dst, v);
                    }
                    next!(GetGlobal);
                }
                Op::GetGlobalOrUndef => {
                    let (dst, name, s) = ops!(GetGlobalOrUndef);
                    let v = slow!(property::get_global(rt, word!(name).as_ref(), site!(s), false));
                    set!(dst, v);
                    next!(GetGlobalOrUndef);
                }
                Op::PutGlobal => {
                    let (name, src, _s) = ops!(PutGlobal);
                    slow!(property::put_global(rt, word!(name).as_ref(), reg!(src)));
                    next!(PutGlobal);
                }
                Op::DeclGlobal => {
                    let (name, src, is_function) = ops!(DeclGlobal);
                    slow!(property::declare_global(rt, word!(name).as_ref(), reg!(src), is_function != 0));
                    next!(DeclGlobal);
                }

                // ---- arithmetic
                Op::Add => arith!(Add, checked_add, +, arith::add),
                Op::Sub => arith!(Sub, checked_sub, -, arith::sub),
                Op::Mul => {
                    let (dst, a, b) = ops!(Mul);
                    let (x, y) = (reg!(a), reg!(b));
                    if x.is_int()
                        && y.is_int()
                        && let Some(n) = x.as_int().checked_mul(y.as_int())
                        && n != 0
                    {
                        set!(dst, Value::int(n));
                    } else if x.is_number() && y.is_number() {
                        set!(dst, Value::number(x.as_number() * y.as_number()));
                    } else {
                        let v = slow!(arith::mul(rt, x, y));
                        set!(dst, v);
                    }
                    next!(Mul);
                }
                Op::Div => {
                    let (dst, a, b) = ops!(Div);
                    let (x, y) = (reg!(a), reg!(b));
                    if x.is_number() && y.is_number() {
                        set!(dst, Value::number(x.as_number() / y.as_number()));
                    } else {
                        let v = slow!(arith::div(rt, x, y));
                        set!(dst, v);
                    }
                    next!(Div);
                }
                Op::Mod => {
                    let (dst, a, b) = ops!(Mod);
                    let (x, y) = (reg!(a), reg!(b));
                    if x.is_int() && y.is_int() && x.as_int() >= 0 && y.as_int() > 0 {
                        set!(dst, Value::int(x.as_int() % y.as_int()));
                    } else if x.is_number() && y.is_number() {
                        set!(dst, Value::number(arith::modulo(x.as_number(), y.as_number())));
                    } else {
                        let v = slow!(arith::rem(rt, x, y));
                        set!(dst, v);
                    }
                    next!(Mod);
                }
                Op::Exp => {
                    let (dst, a, b) = ops!(Exp);
                    let v = slow!(arith::exp(rt, reg!(a), reg!(b)));
                    set!(dst, v);
                    next!(Exp);
                }
                Op::BitAnd => bits!(BitAnd, |x, y| Value::int(x & y), arith::bit_and),
                Op::BitOr => bits!(BitOr, |x, y| Value::int(x | y), arith::bit_or),
                Op::BitXor => bits!(BitXor, |x, y| Value::int(x ^ y), arith::bit_xor),
                Op::Shl => bits!(Shl, |x, y| Value::int(x.wrapping_shl(y as u32)), arith::shl),
                Op::Shr => bits!(Shr, |x, y| Value::int(x.wrapping_shr(y as u32)), arith::shr),
                Op::UShr => bits!(UShr, |x, y| Value::uint((x as u32).wrapping_shr(y as u32)), arith::ushr),
                Op::AddI => arith_imm!(AddI, checked_add, +, arith::add),
                Op::SubI => arith_imm!(SubI, checked_sub, -, arith::sub),
                Op::MulI => {
                    let (dst, a, imm) = ops!(MulI);
                    let x = reg!(a);
                    if x.is_int()
                        && let Some(n) = x.as_int().checked_mul(imm)
                        && n != 0
                    {
                        set!(dst, Value::int(n));
                    } else if x.is_number() {
                        set!(dst, Value::number(x.as_number() * f64::from(imm)));
                    } else {
                        let v = slow!(arith::mul(rt, x, Value::int(imm)));
                        set!(dst, v);
                    }
                    next!(MulI);
                }
                Op::ModI => {
                    let (dst, a, imm) = ops!(ModI);
                    let x = reg!(a);
                    if x.is_int() && x.as_int() >= 0 {
                        set!(dst, Value::int(x.as_int() % imm));
                    } else if x.is_number() {
                        set!(dst, Value::number(arith::modulo(x.as_number(), f64::from(imm))));
                    } else {
                        let v = slow!(arith::rem(rt, x, Value::int(imm)));
                        set!(dst, v);
                    }
                    next!(ModI);
                }
                Op::BitAndI => bits_imm!(BitAndI, |x, y| Value::int(x & y), arith::bit_and),
                Op::BitOrI => {
                    let (dst, a, imm) = ops!(BitOrI);
                    let x = reg!(a);
                    if x.is_int() {
                        set!(dst, Value::int(x.as_int() | imm));
                    } else if x.is_double() {
                        set!(dst, Value::int(crate::convert::double_to_int32(x.as_double()) | imm));
                    } else {
                        let v = slow!(arith::bit_or(rt, x, Value::int(imm)));
                        set!(dst, v);
                    }
                    next!(BitOrI);
                }
                Op::ShlI => bits_imm!(ShlI, |x, y| Value::int(x.wrapping_shl(y as u32)), arith::shl),
                Op::ShrI => bits_imm!(ShrI, |x, y| Value::int(x.wrapping_shr(y as u32)), arith::shr),
                Op::UShrI => bits_imm!(UShrI, |x, y| Value::uint((x as u32).wrapping_shr(y as u32)), arith::ushr),
                Op::Inc => {
                    let (dst, a) = ops!(Inc);
                    let x = reg!(a);
                    if x.is_int()
                        && let Some(n) = x.as_int().checked_add(1)
                    {
                        set!(dst, Value::int(n));
                    } else {
                        let v = slow!(arith::inc(rt, x, 1));
                        set!(dst, v);
                    }
                    next!(Inc);
                }
                Op::Dec => {
                    let (dst, a) = ops!(Dec);
                    let x = reg!(a);
                    if x.is_int()
                        && let Some(n) = x.as_int().checked_sub(1)
                    {
                        set!(dst, Value::int(n));
                    } else {
                        let v = slow!(arith::inc(rt, x, -1));
                        set!(dst, v);
                    }
                    next!(Dec);
                }
                Op::Neg => {
                    let (dst, a) = ops!(Neg);
                    let x = reg!(a);
                    if x.is_number() {
                        set!(dst, Value::number(-x.as_number()));
                    } else {
                        let v = slow!(arith::negate(rt, x));
                        set!(dst, v);
                    }
                    next!(Neg);
                }
                Op::BitNot => {
                    let (dst, a) = ops!(BitNot);
                    let x = reg!(a);
                    if x.is_int() {
                        set!(dst, Value::int(!x.as_int()));
                    } else {
                        let v = slow!(arith::bit_not(rt, x));
                        set!(dst, v);
                    }
                    next!(BitNot);
                }
                Op::Not => {
                    let (dst, a) = ops!(Not);
                    let result = !truthy!(reg!(a));
                    set!(dst, Value::bool(result));
                    next!(Not);
                }
                Op::ToNumber => {
                    let (dst, a) = ops!(ToNumber);
                    let x = reg!(a);
                    if x.is_number() {
                        set!(dst, x);
                    } else {
                        let d = slow!(rt.to_number(x));
                        set!(dst, Value::number(d));
                    }
                    next!(ToNumber);
                }
                Op::ToNumeric => {
                    let (dst, a) = ops!(ToNumeric);
                    let x = reg!(a);
                    if x.is_number() {
                        set!(dst, x);
                    } else {
                        let v = slow!(rt.to_numeric(x));
                        set!(dst, v);
                    }
                    next!(ToNumeric);
                }
                Op::ToStr => {
                    let (dst, a) = ops!(ToStr);
                    let s = slow!(rt.to_str(reg!(a)));
                    set!(dst, Value::string(s));
                    next!(ToStr);
                }
                Op::ToKey => {
                    let (dst, a) = ops!(ToKey);
                    let v = slow!(property::to_key_value(rt, reg!(a)));
                    set!(dst, v);
                    next!(ToKey);
                }
                Op::ToKeyOf => {
                    let (dst, obj, a) = ops!(ToKeyOf);
                    let v = slow!(property::to_key_value_of(rt, reg!(obj), reg!(a)));
                    set!(dst, v);
                    next!(ToKeyOf);
                }
                Op::TypeOf => {
                    let (dst, a) = ops!(TypeOf);
                    let s = rt.type_of(reg!(a));
                    set!(dst, Value::string(s));
                    next!(TypeOf);
                }
                Op::ToPrim => {
                    let (dst, a) = ops!(ToPrim);
                    let v = slow!(rt.to_primitive(reg!(a), crate::convert::Hint::Default));
                    set!(dst, v);
                    next!(ToPrim);
                }
                Op::ConcatAdd => {
                    let (dst, b, n) = ops!(ConcatAdd);
                    let at = window!(b);
                    let v = slow!(arith::concat_registers(rt, at, n, true));
                    set!(dst, v);
                    next!(ConcatAdd);
                }
                Op::Concat => {
                    let (dst, b, n) = ops!(Concat);
                    let at = window!(b);
                    let v = slow!(arith::concat_registers(rt, at, n, false));
                    set!(dst, v);
                    next!(Concat);
                }

                // ---- comparison
                Op::Lt => compare_value!(Lt, <, arith::lt),
                Op::Le => compare_value!(Le, <=, arith::le),
                Op::Gt => compare_value!(Gt, >, arith::gt),
                Op::Ge => compare_value!(Ge, >=, arith::ge),
                Op::Eq => {
                    let (dst, a, b) = ops!(Eq);
                    let result = slow!(arith::loose_eq(rt, reg!(a), reg!(b)));
                    set!(dst, Value::bool(result));
                    next!(Eq);
                }
                Op::Ne => {
                    let (dst, a, b) = ops!(Ne);
                    let result = slow!(arith::loose_eq(rt, reg!(a), reg!(b)));
                    set!(dst, Value::bool(!result));
                    next!(Ne);
                }
                Op::StrictEq => {
                    let (dst, a, b) = ops!(StrictEq);
                    let result = strict_equal!(reg!(a), reg!(b));
                    set!(dst, Value::bool(result));
                    next!(StrictEq);
                }
                Op::StrictNe => {
                    let (dst, a, b) = ops!(StrictNe);
                    let result = strict_equal!(reg!(a), reg!(b));
                    set!(dst, Value::bool(!result));
                    next!(StrictNe);
                }
                Op::In => {
                    let (dst, key, obj) = ops!(In);
                    let result = slow!(property::has(rt, reg!(key), reg!(obj)));
                    set!(dst, Value::bool(result));
                    next!(In);
                }
                Op::InstanceOf => {
                    let (dst, a, b) = ops!(InstanceOf);
                    let result = slow!(class::instance_of(rt, reg!(a), reg!(b)));
                    set!(dst, Value::bool(result));
                    next!(InstanceOf);
                }

                // ---- jumps
                Op::Jump => {
                    let (to,) = ops!(Jump);
                    jump!(to);
                }
                Op::Loop => {
                    let (to,) = ops!(Loop);
                    back_edge!();
                    jump!(to);
                }
                Op::LoopLt => {
                    let (a, b, to) = ops!(LoopLt);
                    if compare!(reg!(a), reg!(b), <, arith::lt) {
                        back_edge!();
                        jump!(to);
                    } else {
                        next!(LoopLt);
                    }
                }
                Op::JTrue => jump_if!(JTrue, |v| truthy!(v)),
                Op::JFalse => jump_if!(JFalse, |v| !truthy!(v)),
                Op::JNullish => jump_if!(JNullish, |v| v.is_nullish()),
                Op::JNotNullish => jump_if!(JNotNullish, |v| !v.is_nullish()),
                Op::JUndef => jump_if!(JUndef, |v| v.is_undefined()),
                Op::JNotUndef => jump_if!(JNotUndef, |v| !v.is_undefined()),
                Op::JLt => compare_jump!(JLt, true, <, arith::lt),
                Op::JNLt => compare_jump!(JNLt, false, <, arith::lt),
                Op::JLe => compare_jump!(JLe, true, <=, arith::le),
                Op::JNLe => compare_jump!(JNLe, false, <=, arith::le),
                Op::JGt => compare_jump!(JGt, true, >, arith::gt),
                Op::JNGt => compare_jump!(JNGt, false, >, arith::gt),
                Op::JGe => compare_jump!(JGe, true, >=, arith::ge),
                Op::JNGe => compare_jump!(JNGe, false, >=, arith::ge),
                Op::JEq => compare_jump!(JEq, true, ==, arith::loose_eq),
                Op::JNe => compare_jump!(JNe, false, ==, arith::loose_eq),
                Op::JStrictEq => {
                    let (a, b, to) = ops!(JStrictEq);
                    if strict_equal!(reg!(a), reg!(b)) {
                        jump!(to);
                    } else {
                        next!(JStrictEq);
                    }
                }
                Op::JStrictNe => {
                    let (a, b, to) = ops!(JStrictNe);
                    if strict_equal!(reg!(a), reg!(b)) {
                        next!(JStrictNe);
                    } else {
                        jump!(to);
                    }
                }
                Op::JEqI => {
                    let (a, imm, to) = ops!(JEqI);
                    let v = reg!(a);
                    if v == Value::int(imm) || (v.is_double() && v.as_double() == f64::from(imm)) {
                        jump!(to);
                    } else {
                        next!(JEqI);
                    }
                }
                Op::JNeI => {
                    let (a, imm, to) = ops!(JNeI);
                    let v = reg!(a);
                    if v == Value::int(imm) || (v.is_double() && v.as_double() == f64::from(imm)) {
                        next!(JNeI);
                    } else {
                        jump!(to);
                    }
                }
                Op::JLtI => compare_jump_imm!(JLtI, true, <, arith::lt),
                Op::JNLtI => compare_jump_imm!(JNLtI, false, <, arith::lt),
                Op::JLeI => compare_jump_imm!(JLeI, true, <=, arith::le),
                Op::JNLeI => compare_jump_imm!(JNLeI, false, <=, arith::le),
                Op::JGtI => compare_jump_imm!(JGtI, true, >, arith::gt),
                Op::JNGtI => compare_jump_imm!(JNGtI, false, >, arith::gt),
                Op::JGeI => compare_jump_imm!(JGeI, true, >=, arith::ge),
                Op::JNGeI => compare_jump_imm!(JNGeI, false, >=, arith::ge),

                // ---- objects and properties
                Op::NewObject => {
                    let (dst,) = ops!(NewObject);
                    let obj = rt.new_object();
                    set!(dst, Value::object(obj));
                    next!(NewObject);
                }
                Op::NewLiteral => {
                    let (dst, k, b) = ops!(NewLiteral);
                    let at = window!(b);
                    let obj = property::new_literal(rt, word!(k).as_ref(), at);
                    set!(dst, obj);
                    next!(NewLiteral);
                }
                Op::NewArray => {
                    let (dst, b, n) = ops!(NewArray);
                    let at = window!(b);
                    let array = property::new_array_from(rt, at, n);
                    set!(dst, array);
                    next!(NewArray);
                }
                Op::ArrayPush => {
                    let (arr, v) = ops!(ArrayPush);
                    rt.array_push(reg!(arr).as_ref(), reg!(v));
                    next!(ArrayPush);
                }
                Op::ArraySpread => {
                    let (arr, v) = ops!(ArraySpread);
                    slow!(iter::spread_into(rt, reg!(arr), reg!(v)));
                    next!(ArraySpread);
                }
                Op::GetField => {
                    let (dst, obj, name, s) = ops!(GetField);
                    let v = reg!(obj);
                    if v.is_object() {
                        let o = v.as_ref();
                        let site = word!(s).0;
                        if site as u32 == rt.shape_of(o).0 {
                            let entry = (site >> 32) as u32;
                            if entry >> 24 == cache::OWN_INLINE {
                                set!(dst, rt.load(o, entry & 0xFF_FFFF));
                                next!(GetField);
                                continue;
                            }
                            if let Some(found) = rt.read_entry(o, entry) {
                                set!(dst, found);
                                next!(GetField);
                                continue;
                            }
                        }
                    }
                    let found = slow!(property::get_field(rt, v, word!(name).as_ref(), site!(s)));
                    set!(dst, found);
                    next!(GetField);
                }
                Op::PutField => {
                    let (obj, name, src, s) = ops!(PutField);
                    let v = reg!(obj);
                    if v.is_object() {
                        let o = v.as_ref();
                        let site = word!(s).0;
                        let entry = (site >> 32) as u32;
                        if site as u32 == rt.shape_of(o).0 && entry >> 24 == cache::OWN_INLINE {
                            rt.put(o, entry & 0xFF_FFFF, reg!(src));
                            next!(PutField);
                            continue;
                        }
                    }
                    slow!(property::put_field(rt, v, word!(name).as_ref(), reg!(src), site!(s)));
                    next!(PutField);
                }
                Op::GetElem => {
                    let (dst, obj, key, _s) = ops!(GetElem);
                    let (v, k) = (reg!(obj), reg!(key));
                    if v.is_object() && k.is_int() {
                        let elements = rt.elements(v.as_ref());
                        if !elements.is_null()
                            && rt.kind(elements) == Kind::Words
                            && (k.as_int() as u32) < rt.len(elements)
                        {
                            let found = rt.word(elements, k.as_int() as u32);
                            if !found.is_hole() {
                                set!(dst, found);
                                next!(GetElem);
                                continue;
                            }
                        }
                    }
                    let found = slow!(property::get_elem(rt, v, k));
                    set!(dst, found);
                    next!(GetElem);
                }
                Op::PutElem => {
                    let (obj, key, src, _s) = ops!(PutElem);
                    let (v, k) = (reg!(obj), reg!(key));
                    if v.is_object() && k.is_int() && rt.kind(v.as_ref()) == Kind::Array {
                        let array = v.as_ref();
                        let elements = rt.elements(array);
                        let i = k.as_int() as u32;
                        if i < rt.array_len(array)
                            && rt.kind(elements) == Kind::Words
                            && i < rt.len(elements)
                            && rt.cell_flags(array) & crate::object::OBJ_FROZEN_ELEMENTS == 0
                            && !rt.word(elements, i).is_hole()
                        {
                            rt.put_word(elements, i, reg!(src));
                            next!(PutElem);
                            continue;
                        }
                    }
                    slow!(property::put_elem(rt, v, k, reg!(src)));
                    next!(PutElem);
                }
                Op::Delete => {
                    let (dst, obj, key) = ops!(Delete);
                    let result = slow!(property::delete(rt, reg!(obj), reg!(key)));
                    set!(dst, Value::bool(result));
                    next!(Delete);
                }
                Op::DefField => {
                    let (obj, name, src, s) = ops!(DefField);
                    slow!(property::define_field(rt, reg!(obj), word!(name), reg!(src), site!(s)));
                    next!(DefField);
                }
                Op::DefElem => {
                    let (obj, key, src) = ops!(DefElem);
                    slow!(property::define_elem(rt, reg!(obj), reg!(key), reg!(src)));
                    next!(DefElem);
                }
                Op::DefMethod => {
                    let (obj, key, func, flags) = ops!(DefMethod);
                    slow!(class::define_method(rt, reg!(obj), reg!(key), reg!(func), flags));
                    next!(DefMethod);
                }
                Op::SetProtoLit => {
                    let (obj, v) = ops!(SetProtoLit);
                    slow!(class::set_proto_literal(rt, reg!(obj), reg!(v)));
                    next!(SetProtoLit);
                }
                Op::CopyProps => {
                    let (obj, src, b, n) = ops!(CopyProps);
                    let at = window!(b);
                    slow!(property::copy_props(rt, reg!(obj), reg!(src), at, n));
                    next!(CopyProps);
                }
                Op::RequireObj => {
                    let (a,) = ops!(RequireObj);
                    if reg!(a).is_nullish() {
                        slow!(property::throw_not_object(rt, reg!(a)));
                    }
                    next!(RequireObj);
                }
                Op::GetSuper => {
                    let (dst, func, this, key) = ops!(GetSuper);
                    let v = slow!(class::get_super(rt, reg!(func), reg!(this), reg!(key)));
                    set!(dst, v);
                    next!(GetSuper);
                }
                Op::PutSuper => {
                    let (func, this, key, src) = ops!(PutSuper);
                    slow!(class::put_super(rt, reg!(func), reg!(this), reg!(key), reg!(src)));
                    next!(PutSuper);
                }
                Op::NewPrivate => {
                    let (dst, name) = ops!(NewPrivate);
                    let symbol = rt.new_symbol(word!(name), true);
                    set!(dst, Value::symbol(symbol));
                    next!(NewPrivate);
                }
                Op::GetPrivate => {
                    let (dst, obj, name) = ops!(GetPrivate);
                    let v = slow!(class::get_private(rt, reg!(obj), reg!(name)));
                    set!(dst, v);
                    next!(GetPrivate);
                }
                Op::PutPrivate => {
                    let (obj, name, src) = ops!(PutPrivate);
                    slow!(class::put_private(rt, reg!(obj), reg!(name), reg!(src)));
                    next!(PutPrivate);
                }
                Op::AddPrivate => {
                    let (obj, name, src, flags) = ops!(AddPrivate);
                    slow!(class::add_private(rt, reg!(obj), reg!(name), reg!(src), flags));
                    next!(AddPrivate);
                }
                Op::HasPrivate => {
                    let (dst, obj, name) = ops!(HasPrivate);
                    let result = slow!(class::has_private(rt, reg!(obj), reg!(name)));
                    set!(dst, Value::bool(result));
                    next!(HasPrivate);
                }
                Op::NewRegExp => {
                    let (dst, k) = ops!(NewRegExp);
                    let re = crate::builtins::regexp::new_like(rt, word!(k).as_ref());
                    set!(dst, Value::object(re));
                    next!(NewRegExp);
                }
                Op::TemplateObject => {
                    let (dst, k) = ops!(TemplateObject);
                    set!(dst, word!(k));
                    next!(TemplateObject);
                }

                // ---- functions and classes
                Op::Closure => {
                    let (dst, k, scope) = ops!(Closure);
                    let f = rt.new_closure(word!(k).as_ref(), reg!(scope));
                    set!(dst, Value::object(f));
                    next!(Closure);
                }
                Op::DefClass => {
                    let (b, k, heritage, scope) = ops!(DefClass);
                    let (ctor, proto) = slow!(class::define_class(rt, word!(k).as_ref(), reg!(heritage), reg!(scope)));
                    set!(b, ctor);
                    set!(b + 1, proto);
                    next!(DefClass);
                }
                Op::SetFields => {
                    let (ctor, func) = ops!(SetFields);
                    let class = slow!(expect::closure(rt, reg!(ctor)));
                    rt.put(class, FUNC_FIELDS, reg!(func));
                    next!(SetFields);
                }
                Op::RunFields => {
                    let (ctor, this) = ops!(RunFields);
                    let class = slow!(expect::closure(rt, reg!(ctor)));
                    let init: Value = rt.load(class, FUNC_FIELDS);
                    if init.is_object() {
                        slow!(rt.call(init, reg!(this), &[]));
                    }
                    next!(RunFields);
                }
                Op::SetFnName => {
                    let (func, key, prefix) = ops!(SetFnName);
                    slow!(class::set_function_name(rt, reg!(func), reg!(key), prefix));
                    next!(SetFnName);
                }
                Op::SetHome => {
                    let (func, obj) = ops!(SetHome);
                    let (method, home) = (slow!(expect::closure(rt, reg!(func))), slow!(expect::object(rt, reg!(obj))));
                    rt.put(method, FUNC_HOME, home);
                    next!(SetHome);
                }
                Op::CreateArguments => {
                    let (dst,) = ops!(CreateArguments);
                    let at = frame_at!();
                    let v = slow!(frame::create_arguments(rt, at));
                    set!(dst, v);
                    next!(CreateArguments);
                }
                Op::CreateRest => {
                    let (dst, n) = ops!(CreateRest);
                    let at = frame_at!();
                    let v = frame::create_rest(rt, at, n);
                    set!(dst, v);
                    next!(CreateRest);
                }

                // ---- calls
                Op::Call => {
                    let (dst, b, argc) = ops!(Call);
                    let callee = reg!(b + 2);
                    if callee.is_object()
                        && rt.kind(callee.as_ref()) == Kind::Function
                        && rt.cell_flags(callee.as_ref()) & OBJ_CLASS == 0
                    {
                        let window = window!(b);
                        let back = after!(Call);
                        slow!(frame::enter_closure(rt, window, callee.as_ref(), u32::from(argc), back, dst));
                        reload!();
                        continue;
                    }
                    let window = window!(b);
                    let v = slow!(frame::call_other(rt, window, u32::from(argc)));
                    set!(dst, v);
                    next!(Call);
                }
                Op::CallU => {
                    let (dst, b, argc) = ops!(CallU);
                    set!(b + 6, Value::UNDEFINED);
                    let callee = reg!(b + 2);
                    let window = window!(b);
                    if callee.is_object()
                        && rt.kind(callee.as_ref()) == Kind::Function
                        && rt.cell_flags(callee.as_ref()) & OBJ_CLASS == 0
                    {
                        let back = after!(CallU);
                        slow!(frame::enter_closure(rt, window, callee.as_ref(), u32::from(argc), back, dst));
                        reload!();
                        continue;
                    }
                    let v = slow!(frame::call_other(rt, window, u32::from(argc)));
                    set!(dst, v);
                    next!(CallU);
                }
                Op::CallSpread => {
                    let (dst, b) = ops!(CallSpread);
                    let v = slow!(rt.call_with_array(reg!(b + 2), reg!(b + 6), Value::UNDEFINED, reg!(b + 7).as_ref()));
                    set!(dst, v);
                    next!(CallSpread);
                }
                Op::New => {
                    let (dst, b, argc) = ops!(New);
                    let window = window!(b);
                    let back = after!(New);
                    let callee = reg!(b + 2);
                    match slow!(frame::construct(rt, window, callee, callee, u32::from(argc), back, dst)) {
                        Some(v) => {
                            set!(dst, v);
                            next!(New);
                        }
                        None => reload!(),
                    }
                }
                Op::NewSpread => {
                    let (dst, b) = ops!(NewSpread);
                    let callee = reg!(b + 2);
                    let v = slow!(frame::construct_spread(rt, callee, callee, reg!(b + 7).as_ref()));
                    set!(dst, v);
                    next!(NewSpread);
                }
                Op::SuperCall => {
                    let (dst, b, argc, func, new_target) = ops!(SuperCall);
                    let window = window!(b);
                    let back = after!(SuperCall);
                    let parent = slow!(class::super_constructor(rt, reg!(func)));
                    match slow!(frame::construct(rt, window, parent, reg!(new_target), u32::from(argc), back, dst)) {
                        Some(v) => {
                            set!(dst, v);
                            next!(SuperCall);
                        }
                        None => reload!(),
                    }
                }
                Op::SuperCallSpread => {
                    let (dst, b, func, new_target) = ops!(SuperCallSpread);
                    let parent = slow!(class::super_constructor(rt, reg!(func)));
                    let v = slow!(frame::construct_spread(rt, parent, reg!(new_target), reg!(b + 7).as_ref()));
                    set!(dst, v);
                    next!(SuperCallSpread);
                }
                Op::ChkSuper => {
                    let (src,) = ops!(ChkSuper);
                    if !reg!(src).is_tdz() {
                        slow!(class::throw_super_twice(rt));
                    }
                    next!(ChkSuper);
                }
                Op::Return => {
                    let (src,) = ops!(Return);
                    let v = reg!(src);
                    let at = frame_at!();
                    if rt.load::<u16>(Ref(at), FRAME_FLAGS) == 0 {
                        frame::pop(rt, at, v);
                        reload!();
                        continue;
                    }
                    flow!(frame::return_special(rt, at, v));
                }
                Op::ReturnCtor => {
                    let (src, this) = ops!(ReturnCtor);
                    let at = frame_at!();
                    let v = slow!(class::constructor_result(rt, reg!(src), reg!(this)));
                    flow!(frame::return_special(rt, at, v));
                }
                Op::Throw => {
                    let (src,) = ops!(Throw);
                    save!();
                    break 'run rt.throw(reg!(src));
                }
                Op::DynImport => {
                    let (dst, spec, module) = ops!(DynImport);
                    let v = slow!(scope::dynamic_import(rt, reg!(spec), module));
                    set!(dst, v);
                    next!(DynImport);
                }
                Op::Debugger => next!(Debugger),

                // ---- iteration
                Op::GetIter => {
                    let (b, src) = ops!(GetIter);
                    let (iterator, method) = slow!(iter::get_iter(rt, reg!(src)));
                    set!(b, iterator);
                    set!(b + 1, method);
                    set!(b + 2, Value::FALSE);
                    next!(GetIter);
                }
                Op::GetAsyncIter => {
                    let (b, src) = ops!(GetAsyncIter);
                    let (iterator, method) = slow!(iter::get_async_iter(rt, reg!(src)));
                    set!(b, iterator);
                    set!(b + 1, method);
                    set!(b + 2, Value::FALSE);
                    next!(GetAsyncIter);
                }
                Op::IterNext => {
                    let (dst, b, to) = ops!(IterNext);
                    let at = reg!(b + 1);
                    if at.is_int() {
                        // An array whose iteration nobody changed: base+1 counts.
                        let array = reg!(b);
                        let i = at.as_int() as u32;
                        if let Some((elements, n)) = rt.dense_array(array) {
                            if i < n {
                                let v = rt.word(elements, i);
                                let v =
                                    if v.is_hole() { slow!(rt.get(array, crate::object::Key::Index(i))) } else { v };
                                set!(dst, v);
                                set!(b + 1, Value::int(i as i32 + 1));
                                next!(IterNext);
                            } else {
                                set!(b + 2, Value::TRUE);
                                jump!(to);
                            }
                            continue;
                        }
                    }
                    let at = window!(b);
                    match slow!(iter::next(rt, at)) {
                        Some(v) => {
                            set!(dst, v);
                            next!(IterNext);
                        }
                        None => jump!(to),
                    }
                }
                Op::IterStep => {
                    let (dst, b) = ops!(IterStep);
                    let at = window!(b);
                    let v = slow!(iter::step(rt, at));
                    set!(dst, v);
                    next!(IterStep);
                }
                Op::IterRest => {
                    let (dst, b) = ops!(IterRest);
                    let at = window!(b);
                    let v = slow!(iter::rest(rt, at));
                    set!(dst, v);
                    next!(IterRest);
                }
                Op::IterClose => {
                    let (b,) = ops!(IterClose);
                    let at = window!(b);
                    slow!(iter::close(rt, at));
                    next!(IterClose);
                }
                Op::IterCloseQuiet => {
                    let (b,) = ops!(IterCloseQuiet);
                    let at = window!(b);
                    slow!(iter::close_quiet(rt, at));
                    next!(IterCloseQuiet);
                }
                Op::IterCallNext => {
                    let (dst, b, arg) = ops!(IterCallNext);
                    let at = window!(b);
                    let v = slow!(iter::call_next(rt, at, reg!(arg)));
                    set!(dst, v);
                    next!(IterCallNext);
                }
                Op::IterUnwrap => {
                    let (dst, result, b, to) = ops!(IterUnwrap);
                    let (v, done) = slow!(iter::unwrap(rt, reg!(result)));
                    set!(dst, v);
                    if done {
                        set!(b + 2, Value::TRUE);
                        jump!(to);
                    } else {
                        next!(IterUnwrap);
                    }
                }
                Op::IterForward => {
                    let (dst, b, arg, which) = ops!(IterForward);
                    let at = window!(b);
                    let v = slow!(iter::forward(rt, at, reg!(arg), which));
                    set!(dst, v);
                    next!(IterForward);
                }
                Op::IterCallReturn => {
                    let (dst, b) = ops!(IterCallReturn);
                    let at = window!(b);
                    let v = slow!(iter::call_return(rt, at));
                    set!(dst, v);
                    next!(IterCallReturn);
                }
                Op::ChkIterResult => {
                    let (src,) = ops!(ChkIterResult);
                    if !reg!(src).is_object() {
                        slow!(iter::throw_result(rt));
                    }
                    next!(ChkIterResult);
                }
                Op::ForInPrep => {
                    let (dst, src) = ops!(ForInPrep);
                    let v = slow!(iter::for_in_prepare(rt, reg!(src)));
                    set!(dst, v);
                    next!(ForInPrep);
                }
                Op::ForInNext => {
                    let (dst, it, to) = ops!(ForInNext);
                    match slow!(iter::for_in_next(rt, reg!(it))) {
                        Some(v) => {
                            set!(dst, v);
                            next!(ForInNext);
                        }
                        None => jump!(to),
                    }
                }

                // ---- generators and async
                Op::CreateGenerator => {
                    let at = frame_at!();
                    let resume = after!(CreateGenerator);
                    flow!(generator::create(rt, at, resume));
                }
                Op::AsyncEnter => {
                    let at = frame_at!();
                    let resume = after!(AsyncEnter);
                    generator::async_enter(rt, at, resume);
                    reload!();
                }
                Op::Yield => {
                    let (dst, mode, src) = ops!(Yield);
                    let at = frame_at!();
                    let resume = after!(Yield);
                    flow!(generator::yield_value(rt, at, resume, dst, mode, reg!(src), false));
                }
                Op::YieldStar => {
                    let (dst, mode, src) = ops!(YieldStar);
                    let at = frame_at!();
                    let resume = after!(YieldStar);
                    flow!(generator::yield_value(rt, at, resume, dst, mode, reg!(src), true));
                }
                Op::Await => {
                    let (dst, src) = ops!(Await);
                    let at = frame_at!();
                    let resume = after!(Await);
                    flow!(generator::await_value(rt, at, resume, dst, reg!(src)));
                }
            }
        };
        match frame::unwind(rt)? {
            Flow::Reload => {
                reload!();
                continue 'outer;
            }
            Flow::Leave(v) => return Ok(v),
        }
    }
}

/// Whether the running function is strict.
fn is_strict(rt: &Rt) -> bool {
    let template: Value = rt.load(Ref(rt.ctx().fp.get()), FRAME_TEMPLATE);
    let flags: u32 = rt.load(template.as_ref(), TPL_FLAGS);
    flags & crate::bytecode::module::FnFlags::STRICT.0 != 0
}

/// Text of a name constant.
fn name_text(rt: &Rt, name: Value) -> String {
    rt.to_text(name.as_ref())
}

const _: () = assert!(atoms::END < 1 << 24);
