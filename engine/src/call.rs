//! Calling: native functions, closures from native code, construction, function objects.
use crate::bytecode::module::FnFlags;
use crate::heap::layout::*;
use crate::object::{Key, OBJ_CALLABLE, OBJ_CLASS, OBJ_CONSTRUCTOR};
use crate::realm::{FunctionShape, Intrinsic};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// A built-in function.
pub type Native = fn(&mut Rt, Args) -> JsResult;

/// Bytes kept free above `vm_limit` for headers, arguments and scratch slots of natives.
pub const STACK_MARGIN: u32 = 64 * 1024;
/// Most arguments of one call.
pub const MAX_ARGS: u32 = 65_000;

/// The frame was entered from native code: returning from it leaves the interpreter.
pub const FRAME_BOUNDARY: u16 = 1;
/// The frame constructs: a non-object result is replaced by `this`.
pub const FRAME_CONSTRUCT: u16 = 2;
/// The frame lives in a generator or async object in the heap.
pub const FRAME_HEAP: u16 = 4;

/// Arguments of a native call: they stand in its frame on the VM stack, where a collector finds them.
#[derive(Debug, Clone, Copy)]
pub struct Args {
    /// Frame.
    pub fp: u32,
    /// How many.
    pub argc: u32,
}

impl Args {
    /// Argument `i`, undefined if absent.
    #[inline(always)]
    pub fn get(self, rt: &Rt, i: u32) -> Value {
        if i < self.argc { rt.load(Ref(self.fp + 8 * i), FRAME_ARGS) } else { Value::UNDEFINED }
    }

    /// `this`
    #[inline(always)]
    pub fn this(self, rt: &Rt) -> Value {
        rt.load(Ref(self.fp), FRAME_THIS)
    }

    /// The function being called.
    #[inline(always)]
    pub fn callee(self, rt: &Rt) -> Ref {
        rt.load::<Value>(Ref(self.fp), FRAME_CALLEE).as_ref()
    }

    /// Number of the native being called, in the table of its runtime.
    pub fn native_id(self, rt: &Rt) -> u32 {
        rt.load(self.callee(rt), FUNC_TEMPLATE)
    }

    /// `new.target`: undefined in a plain call.
    #[inline(always)]
    pub fn new_target(self, rt: &Rt) -> Value {
        rt.load(Ref(self.fp), FRAME_NEW_TARGET)
    }

    /// Whether called by `new` (or `super`, `Reflect.construct`).
    #[inline(always)]
    pub fn is_construct(self, rt: &Rt) -> bool {
        !self.new_target(rt).is_undefined()
    }

    /// How many were passed.
    #[inline(always)]
    pub fn len(self) -> u32 {
        self.argc
    }

    /// Whether none were passed.
    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.argc == 0
    }

    /// Overwrites argument `i` (must exist): its slot is a root like any other.
    pub fn set(self, rt: &Rt, i: u32, v: Value) {
        debug_assert!(i < self.argc);
        rt.init(Ref(self.fp + 8 * i), FRAME_ARGS, v);
    }
}

impl Rt {
    /// Calls `f` with `this` and arguments.
    pub fn call(&mut self, f: Value, this: Value, args: &[Value]) -> JsResult {
        self.call_raw(f, this, Value::UNDEFINED, args)
    }

    /// `Construct(f, args, new_target)`; `f` must be a constructor.
    pub fn construct(&mut self, f: Value, args: &[Value], new_target: Value) -> JsResult {
        if !self.is_constructor(f) {
            return Err(self.throw_type("not a constructor"));
        }
        self.call_raw(f, Value::TDZ, new_target, args)
    }

    fn call_raw(&mut self, f: Value, this: Value, new_target: Value, args: &[Value]) -> JsResult {
        let fp = self.push_window(args.len() as u32)?;
        for (i, &v) in args.iter().enumerate() {
            self.init(Ref(fp + 8 * i as u32), FRAME_ARGS, v);
        }
        self.call_window(fp, f, this, new_target, args.len() as u32)
    }

    /// Calls (constructs, if `new_target` is not undefined) with `argc` arguments that `arg` reads one by one from cells or
    /// frames: they go straight into the window.
    #[inline]
    pub fn call_filled(
        &mut self,
        f: Value,
        this: Value,
        new_target: Value,
        argc: u32,
        arg: impl Fn(&Rt, u32) -> Value,
    ) -> JsResult {
        if argc > MAX_ARGS {
            return Err(self.throw_range("Too many arguments in function call"));
        }
        let fp = self.push_window(argc)?;
        for i in 0..argc {
            let v = arg(self, i);
            self.init(Ref(fp + 8 * i), FRAME_ARGS, v);
        }
        self.call_window(fp, f, this, new_target, argc)
    }

    /// Calls with the elements of an array-like Array made by engine code as arguments.
    pub fn call_with_array(&mut self, f: Value, this: Value, new_target: Value, array: Ref) -> JsResult {
        let argc = self.array_len(array);
        if argc > MAX_ARGS {
            return Err(self.throw_range("Too many arguments in function call"));
        }
        let fp = self.push_window(argc)?;
        let elements = self.elements(array);
        for i in 0..argc {
            let v = self.word(elements, i);
            self.init(Ref(fp + 8 * i), FRAME_ARGS, if v.is_hole() { Value::UNDEFINED } else { v });
        }
        self.call_window(fp, f, this, new_target, argc)
    }

    /// Makes room for a window at the top of the VM stack; the caller fills in its arguments at once.
    fn push_window(&mut self, argc: u32) -> JsResult<u32> {
        let fp = self.ctx().vm_sp.get();
        let end = u64::from(fp) + u64::from(FRAME_ARGS) + 8 * u64::from(argc);
        if end > u64::from(self.ctx().vm_limit.get()) {
            return Err(self.throw_stack_overflow());
        }
        Ok(fp)
    }

    /// RangeError of exhausted stack.
    #[cold]
    pub fn throw_stack_overflow(&mut self) -> crate::value::Thrown {
        self.throw_range("Maximum call stack size exceeded")
    }

    /// Whether another native recursion fits the native stack, and its scratch slots the VM stack.
    #[inline]
    pub fn check_native_stack(&mut self) -> JsResult<()> {
        let mark = 0u8;
        let ctx = self.ctx();
        if (std::ptr::addr_of!(mark) as usize) < ctx.native_limit.get() || ctx.vm_sp.get() > ctx.vm_limit.get() {
            return Err(self.throw_stack_overflow());
        }
        Ok(())
    }

    /// Completes and runs a window whose arguments are in place at the top of the VM stack.
    fn call_window(&mut self, fp: u32, f: Value, this: Value, new_target: Value, argc: u32) -> JsResult {
        self.check_native_stack()?;
        if !self.is_callable(f) {
            let what = self.describe_callee(f);
            return Err(self.throw_type(&format!("{what} is not a function")));
        }
        let callee = f.as_ref();
        let ctx = self.ctx();
        let (saved_fp, saved_pc, saved_sp) = (ctx.fp.get(), ctx.pc.get(), ctx.vm_sp.get());
        let frame = Ref(fp);
        self.init::<u64>(frame, FRAME_CALLER, u64::from(saved_fp) | u64::from(saved_sp) << 32);
        self.init::<u64>(frame, FRAME_RETURN, u64::from(saved_pc + 1));
        self.init(frame, FRAME_CALLEE, f);
        self.init(frame, FRAME_TEMPLATE, Value::UNDEFINED);
        self.init(frame, FRAME_NEW_TARGET, new_target);
        self.init(frame, FRAME_THIS, this);
        let flags = FRAME_BOUNDARY | if new_target.is_undefined() { 0 } else { FRAME_CONSTRUCT };
        self.init::<u64>(frame, FRAME_ARGC, u64::from(argc) | u64::from(flags) << 16);
        // From here on the window is below the top: whatever runs before the callee's own frame must not overwrite it.
        self.release_roots(fp + FRAME_ARGS + 8 * argc);
        let result = match self.kind(callee) {
            Kind::Function => crate::interp::enter(self, fp),
            Kind::Native => self.run_native(fp, callee, argc),
            Kind::Bound => crate::builtins::function::call_bound(self, Args { fp, argc }),
            Kind::Proxy => crate::builtins::proxy::call(self, Args { fp, argc }),
            _ => Err(self.throw_type("not a function")),
        };
        let ctx = self.ctx();
        ctx.fp.set(saved_fp);
        ctx.pc.set(saved_pc);
        ctx.vm_sp.set(saved_sp);
        result
    }

    /// Runs a native whose frame header is complete; leaves `fp` and `vm_sp` for the caller to restore.
    #[inline]
    pub fn run_native(&mut self, fp: u32, callee: Ref, argc: u32) -> JsResult {
        let id: u32 = self.load(callee, FUNC_TEMPLATE);
        let ctx = self.ctx();
        ctx.fp.set(fp);
        ctx.vm_sp.set(fp + FRAME_ARGS + 8 * argc);
        let native = self.host().natives.function(id);
        if cfg!(debug_assertions) && self.host().space.is_stressed() {
            return self.run_native_stressed(native, Args { fp, argc });
        }
        native(self, Args { fp, argc })
    }

    /// Under stress a native is preceded and followed by a collection, as if it were written in JavaScript: what its caller
    /// holds across the call must be rooted whatever is called.
    #[cold]
    fn run_native_stressed(&mut self, native: Native, args: Args) -> JsResult {
        self.collect_under_stress();
        let result = native(self, args)?;
        let result = self.root(result);
        self.collect_under_stress();
        Ok(result.get(self))
    }

    /// How to call a value that is no function in a message.
    pub fn describe_callee(&self, v: Value) -> String {
        if v.is_object() {
            "object".to_string()
        } else if v.is_string() {
            format!("\"{}\"", self.to_text(v.as_ref()))
        } else {
            self.describe_value(v)
        }
    }

    // ---- function objects

    /// A closure of a template over a scope (or undefined).
    pub fn new_closure(&self, template: Ref, scope: Value) -> Ref {
        let flags = FnFlags(self.load(template, TPL_FLAGS));
        let which = if flags.has(FnFlags::ASYNC | FnFlags::GENERATOR) {
            FunctionShape::AsyncGenerator
        } else if flags.has(FnFlags::ASYNC) {
            FunctionShape::Async
        } else if flags.has(FnFlags::GENERATOR) {
            FunctionShape::Generator
        } else if flags.has(FnFlags::ARROW)
            || flags.has(FnFlags::METHOD)
            || flags.has(FnFlags::ACCESSOR)
            || flags.has(FnFlags::FIELD_INIT)
        {
            FunctionShape::Method
        } else {
            FunctionShape::Plain
        };
        let shape = self.ctx().realm.function_shapes[which as usize].get();
        let f = self.alloc(Kind::Function, OBJ_INTERNAL + 8 * Kind::Function.internal_words());
        self.init(f, CELL_SHAPE, shape);
        self.init::<u16>(f, CELL_INLINE, 0);
        let constructor = which == FunctionShape::Plain;
        self.init::<u8>(f, CELL_FLAGS, OBJ_CALLABLE | if constructor { OBJ_CONSTRUCTOR } else { 0 });
        self.init::<u64>(f, OBJ_SLOTS, 0);
        self.init(f, FUNC_TEMPLATE, template);
        self.init::<u32>(f, FUNC_ENV, if scope.0 >> 48 == crate::value::TAG_INTERNAL { scope.as_ref().0 } else { 0 });
        self.init::<u64>(f, FUNC_HOME, 0);
        self.init(f, FUNC_FIELDS, Value::UNDEFINED);
        self.init(f, FUNC_FIELDS + 8, Value::UNDEFINED);
        f
    }

    /// A function object of a native by id; `length` and `name` come from the native table unless defined.
    pub fn new_native_by_id(&self, id: u32, constructor: bool) -> Ref {
        let f = self.alloc_object(self.ctx().realm.function_shapes[FunctionShape::Native as usize].get());
        self.init::<u8>(f, CELL_FLAGS, OBJ_CALLABLE | if constructor { OBJ_CONSTRUCTOR } else { 0 });
        self.init::<u32>(f, FUNC_TEMPLATE, id);
        self.init::<u32>(f, FUNC_ENV, 0);
        self.init::<u64>(f, FUNC_HOME, 0);
        f
    }

    /// A native closure: a native with two captured values (read with [`Rt::captured`]).
    pub fn new_native_closure(&self, native: Native, captured: [Value; 2]) -> Ref {
        let f = self.new_native_by_id(self.host().natives.id_of(native), false);
        self.init(f, FUNC_FIELDS, captured[0]);
        self.init(f, FUNC_FIELDS + 8, captured[1]);
        f
    }

    /// Captured value `i` (0 or 1) of a native closure.
    pub fn captured(&self, f: Ref, i: u32) -> Value {
        self.load(Ref(f.0 + 8 * i), FUNC_FIELDS)
    }

    /// Overwrites a captured value.
    pub fn set_captured(&self, f: Ref, i: u32, v: Value) {
        self.put(Ref(f.0 + 8 * i), FUNC_FIELDS, v);
    }

    /// `length`, `name` or `prototype` of a function, made on first read.
    pub fn lazy_function_property(&self, f: Ref, name: Ref) -> Value {
        if self.kind(f) == Kind::Native {
            let id: u32 = self.load(f, FUNC_TEMPLATE);
            let (native_name, length) = self.host().natives.describe(id);
            return if name == atoms::length { Value::int(i32::from(length)) } else { self.str_value(native_name) };
        }
        let template: Ref = self.load(f, FUNC_TEMPLATE);
        if name == atoms::length {
            return Value::int(i32::from(self.load::<u16>(template, TPL_LENGTH)));
        }
        if name == atoms::name {
            return Value::string(self.load(template, TPL_NAME));
        }
        let flags = FnFlags(self.load(template, TPL_FLAGS));
        if flags.has(FnFlags::GENERATOR) {
            let proto = if flags.has(FnFlags::ASYNC) {
                Intrinsic::AsyncGeneratorPrototype
            } else {
                Intrinsic::GeneratorPrototype
            };
            return Value::object(self.new_object_with_proto(self.intrinsic(proto)));
        }
        let prototype = self.new_object();
        self.add_property(prototype, atoms::constructor, Value::object(f), attr::METHODS);
        Value::object(prototype)
    }

    /// 10.1.14 GetPrototypeFromConstructor
    pub fn proto_from_constructor(&mut self, new_target: Value, default: Intrinsic) -> JsResult<Ref> {
        if new_target.is_undefined() {
            return Ok(self.intrinsic(default));
        }
        self.scoped(|rt| {
            let new_target = rt.root(new_target);
            let proto = rt.get_name(new_target.get(rt), atoms::prototype)?;
            if let Some(proto) = proto.to_obj() {
                return Ok(proto);
            }
            rt.check_function_realm(new_target.get(rt))?;
            Ok(rt.intrinsic(default))
        })
    }

    /// 7.3.25 GetFunctionRealm: there is one realm, so all that is left is the TypeError of a revoked proxy.
    fn check_function_realm(&mut self, f: Value) -> JsResult<()> {
        let mut f = f;
        while f.is_object() && matches!(self.kind(f.as_ref()), Kind::Bound | Kind::Proxy) {
            f = self.internal(f.as_ref(), 0);
        }
        if f.is_null() { Err(self.throw_type("Cannot construct with a proxy that has been revoked")) } else { Ok(()) }
    }

    /// The shape of instances `new` makes with this `new.target`.
    pub fn instance_shape(&mut self, new_target: Ref, inline: u16) -> JsResult<Ref> {
        let proto = self.proto_from_constructor(Value::object(new_target), Intrinsic::ObjectPrototype)?;
        let shape = self.root_shape(proto, Kind::Object, inline);
        if self.kind(new_target) == Kind::Function {
            self.put(new_target, FUNC_INSTANCE_SHAPE, shape);
        }
        Ok(shape)
    }

    /// Whether a function is a class constructor.
    pub fn is_class(&self, f: Ref) -> bool {
        self.cell_flags(f) & OBJ_CLASS != 0
    }

    /// 7.3.22 SpeciesConstructor
    pub fn species_constructor(&mut self, obj: Ref, default: Intrinsic) -> JsResult {
        let c = self.get_name(Value::object(obj), atoms::constructor)?;
        let default = Value::object(self.intrinsic(default));
        if c.is_undefined() {
            return Ok(default);
        }
        if !c.is_object() {
            return Err(self.throw_type("constructor is not an object"));
        }
        let species = self.symbol(crate::realm::WellKnown::Species);
        let s = self.get(c, Key::Name(species))?;
        if s.is_nullish() {
            return Ok(default);
        }
        if self.is_constructor(s) { Ok(s) } else { Err(self.throw_type("species is not a constructor")) }
    }
}
