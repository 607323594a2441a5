//! The opcode table: one opcode is one row. The enum, the emitter, the decoder, the disassembler, the verifier and the
//! interpreter's dispatch all expand from it.
//!
//! An instruction is one opcode byte followed by its operands, little-endian, unaligned:
//!
//! | kind | type | meaning |
//! |---|---|---|
//! | `W` | u16 | register written (index in words from FP, so header words are addressable: 2 callee, 5 new.target, 6 this, 7… arguments) |
//! | `R` | u16 | register read |
//! | `B` | u16 | first register of a block; the row's doc says how many and in which direction |
//! | `N` | u16 | a count or small index |
//! | `K` | u32 | word index into the feedback vector: a constant |
//! | `S` | u32 | word index into the feedback vector: an inline-cache site (two words) |
//! | `I` | i32 | immediate |
//! | `J` | i32 | jump, in bytes, relative to the first byte of this instruction |
//! | `F` | u8 | flags or a small enum |
//!
//! Frame (see ARCHITECTURE.md): `0 caller FP | 1 return pc | 2 callee | 3 template | 4 argc, flags | 5 new.target | 6 this |
//! 7… parameters, locals, temporaries`. A call window is a frame header being built at register `base`:
//! the caller writes callee to `base+2`, this to `base+6`, arguments to `base+7…`; the other header words are written by
//! the call. A call window must be above every live register of the caller.

/// First argument register: the size of a frame header in words.
pub const FRAME_HEADER: u16 = 7;
/// Register of the callee.
pub const REG_CALLEE: u16 = 2;
/// Register of `new.target` (undefined in a plain call).
pub const REG_NEW_TARGET: u16 = 5;
/// Register of `this` (the TDZ marker in a derived constructor before `super()`).
pub const REG_THIS: u16 = 6;

/// Expands `$m!` over every opcode: `(Name, [operand: Kind, …], [effects])`. Effects: `throws` (may throw or run JS),
/// `ends` (control does not fall through), `jumps` (has a `J` operand that may be taken).
#[macro_export]
macro_rules! for_each_op {
    ($m:ident) => {
        $m! {
            // ---- loads and moves
            #[doc = "dst = src"] (Mov, [dst: W, src: R], []),
            #[doc = "dst = constant"] (LoadK, [dst: W, k: K], []),
            #[doc = "dst = int32"] (LoadI, [dst: W, imm: I], []),
            #[doc = "dst = singleton (value::Singleton as u8: 0 undefined, 1 null, 2 false, 3 true, 4 hole, 5 TDZ)"] (LoadS, [dst: W, which: F], []),
            #[doc = "Throws ReferenceError `Cannot access 'name' before initialization` if src is TDZ"] (ChkTdz, [src: R, name: K], [throws]),
            #[doc = "Throws ReferenceError if `this` (src) is TDZ: super() not called"] (ChkThis, [src: R], [throws]),
            #[doc = "Throws TypeError `Assignment to constant variable 'name'.`"] (ThrowConst, [name: K], [throws, ends]),
            #[doc = "Throws an error of kind F (0 Error 1 TypeError 2 ReferenceError 3 SyntaxError 4 RangeError) with constant message"] (ThrowError, [kind: F, message: K], [throws, ends]),
            // ---- scopes (captured variables live in heap scopes; registers hold references to them)
            #[doc = "dst = the callee's environment scope (undefined if none)"] (LoadEnv, [dst: W], []),
            #[doc = "dst = new scope with n slots, all TDZ, parent = R (undefined allowed)"] (NewScope, [dst: W, parent: R, n: N], []),
            #[doc = "dst = copy of scope src, same parent (fresh per-iteration bindings)"] (CopyScope, [dst: W, src: R], []),
            #[doc = "dst = slot idx of the scope `depth` parents above scope; no TDZ check"] (GetScope, [dst: W, scope: R, depth: N, idx: N], []),
            #[doc = "the same with a TDZ check"] (GetScopeChk, [dst: W, scope: R, depth: N, idx: N, name: K], [throws]),
            #[doc = "slot idx of the scope `depth` above = src; no TDZ check"] (PutScope, [scope: R, depth: N, idx: N, src: R], []),
            #[doc = "the same, throws ReferenceError if the slot is TDZ"] (PutScopeChk, [scope: R, depth: N, idx: N, src: R, name: K], [throws]),
            #[doc = "dst = binding `slot` of linked module number `module` (live import binding), TDZ checked"] (GetModule, [dst: W, module: N, slot: N, name: K], [throws]),
            #[doc = "dst = namespace object of linked module number `module`"] (ModuleNamespace, [dst: W, module: N], []),
            #[doc = "dst = scope of linked module number `module` (used by module bodies and top-level functions)"] (LoadModuleScope, [dst: W, module: N], []),
            #[doc = "dst = import.meta object of module"] (ImportMeta, [dst: W, module: N], []),
            #[doc = "dst = global property `name`; ReferenceError if absent"] (GetGlobal, [dst: W, name: K, site: S], [throws]),
            #[doc = "dst = global property `name` or undefined if absent (typeof x)"] (GetGlobalOrUndef, [dst: W, name: K, site: S], [throws]),
            #[doc = "global property `name` = src; strict functions: ReferenceError if absent"] (PutGlobal, [name: K, src: R, site: S], [throws]),
            #[doc = "declare `var name` on the global object (undefined if absent); F=1: it is a function declaration with value src"] (DeclGlobal, [name: K, src: R, is_function: F], [throws]),
            // ---- arithmetic
            #[doc = "dst = a + b"] (Add, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a - b"] (Sub, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a * b"] (Mul, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a / b"] (Div, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a % b"] (Mod, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a ** b"] (Exp, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a & b"] (BitAnd, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a | b"] (BitOr, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a ^ b"] (BitXor, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a << b"] (Shl, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a >> b"] (Shr, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a >>> b"] (UShr, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a + int32 (also `x - 5` as + -5 is NOT valid for strings: use SubI)"] (AddI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = a - int32"] (SubI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = a * int32"] (MulI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = a % int32 (imm > 0)"] (ModI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = a & int32"] (BitAndI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = a | int32"] (BitOrI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = a << imm"] (ShlI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = a >> imm"] (ShrI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = a >>> imm"] (UShrI, [dst: W, a: R, imm: I], [throws]),
            #[doc = "dst = ToNumeric(a) + 1"] (Inc, [dst: W, a: R], [throws]),
            #[doc = "dst = ToNumeric(a) - 1"] (Dec, [dst: W, a: R], [throws]),
            #[doc = "dst = -a"] (Neg, [dst: W, a: R], [throws]),
            #[doc = "dst = ~a"] (BitNot, [dst: W, a: R], [throws]),
            #[doc = "dst = !a"] (Not, [dst: W, a: R], []),
            #[doc = "dst = ToNumber(a) (unary plus)"] (ToNumber, [dst: W, a: R], [throws]),
            #[doc = "dst = ToNumeric(a) (postfix ++ keeps the old value)"] (ToNumeric, [dst: W, a: R], [throws]),
            #[doc = "dst = ToString(a) (template literals; Symbols throw)"] (ToStr, [dst: W, a: R], [throws]),
            #[doc = "dst = ToPropertyKey(a): a string, symbol or int32"] (ToKey, [dst: W, a: R], [throws]),
            #[doc = "TypeError if obj is null or undefined (as for obj[key]); dst = ToPropertyKey(key): the key of obj[key] += … is converted once"] (ToKeyOf, [dst: W, obj: R, key: R], [throws]),
            #[doc = "dst = typeof a"] (TypeOf, [dst: W, a: R], []),
            #[doc = "dst = ToPrimitive(a, default hint): operands of + in a ConcatAdd whose later operands have side effects"] (ToPrim, [dst: W, a: R], [throws]),
            #[doc = "dst = base[0] + base[1] + … of n >= 2 registers, left to right, known to be a string concatenation (one of the first two is a string): each is ToPrimitive'd (default hint) and ToString'd in order; Symbols throw TypeError"] (ConcatAdd, [dst: W, base: B, n: N], [throws]),
            #[doc = "dst = concatenation of n registers from base, each ToString'd in order (template literals)"] (Concat, [dst: W, base: B, n: N], [throws]),
            // ---- comparison
            #[doc = "dst = a < b"] (Lt, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a <= b"] (Le, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a > b"] (Gt, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a >= b"] (Ge, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a == b"] (Eq, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a != b"] (Ne, [dst: W, a: R, b: R], [throws]),
            #[doc = "dst = a === b"] (StrictEq, [dst: W, a: R, b: R], []),
            #[doc = "dst = a !== b"] (StrictNe, [dst: W, a: R, b: R], []),
            #[doc = "dst = key in obj"] (In, [dst: W, key: R, obj: R], [throws]),
            #[doc = "dst = a instanceof b"] (InstanceOf, [dst: W, a: R, b: R], [throws]),
            // ---- jumps
            #[doc = "unconditional"] (Jump, [to: J], [ends, jumps]),
            #[doc = "back-edge: polls the interrupt word, spends fuel, counts"] (Loop, [to: J], [throws, ends, jumps]),
            #[doc = "if ToBoolean(a)"] (JTrue, [a: R, to: J], [jumps]),
            #[doc = "if !ToBoolean(a)"] (JFalse, [a: R, to: J], [jumps]),
            #[doc = "if a is null or undefined"] (JNullish, [a: R, to: J], [jumps]),
            #[doc = "if a is neither null nor undefined"] (JNotNullish, [a: R, to: J], [jumps]),
            #[doc = "if a is undefined"] (JUndef, [a: R, to: J], [jumps]),
            #[doc = "if a is not undefined"] (JNotUndef, [a: R, to: J], [jumps]),
            #[doc = "if a < b"] (JLt, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if !(a < b)"] (JNLt, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if a <= b"] (JLe, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if !(a <= b)"] (JNLe, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if a > b"] (JGt, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if !(a > b)"] (JNGt, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if a >= b"] (JGe, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if !(a >= b)"] (JNGe, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if a == b"] (JEq, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if a != b"] (JNe, [a: R, b: R, to: J], [throws, jumps]),
            #[doc = "if a === b"] (JStrictEq, [a: R, b: R, to: J], [jumps]),
            #[doc = "if a !== b"] (JStrictNe, [a: R, b: R, to: J], [jumps]),
            #[doc = "if a === int32 (completion kinds of finally blocks, switch on ints)"] (JEqI, [a: R, imm: I, to: J], [jumps]),
            #[doc = "if a !== int32"] (JNeI, [a: R, imm: I, to: J], [jumps]),
            #[doc = "if a < int32"] (JLtI, [a: R, imm: I, to: J], [throws, jumps]),
            #[doc = "if !(a < int32)"] (JNLtI, [a: R, imm: I, to: J], [throws, jumps]),
            #[doc = "if a <= int32"] (JLeI, [a: R, imm: I, to: J], [throws, jumps]),
            #[doc = "if !(a <= int32)"] (JNLeI, [a: R, imm: I, to: J], [throws, jumps]),
            #[doc = "if a > int32"] (JGtI, [a: R, imm: I, to: J], [throws, jumps]),
            #[doc = "if !(a > int32)"] (JNGtI, [a: R, imm: I, to: J], [throws, jumps]),
            #[doc = "if a >= int32"] (JGeI, [a: R, imm: I, to: J], [throws, jumps]),
            #[doc = "if !(a >= int32)"] (JNGeI, [a: R, imm: I, to: J], [throws, jumps]),
            #[doc = "back-edge with its condition: if a < b, as Loop (polls, spends fuel, counts) to the target; else falls through"] (LoopLt, [a: R, b: R, to: J], [throws, jumps]),
            // ---- objects and properties
            #[doc = "dst = {} (empty, %Object.prototype%)"] (NewObject, [dst: W], []),
            #[doc = "dst = object of the literal shape constant k, its n slots filled from registers base…"] (NewLiteral, [dst: W, k: K, base: B], []),
            #[doc = "dst = array of n registers from base"] (NewArray, [dst: W, base: B, n: N], []),
            #[doc = "append v to array literal arr (v may be the hole singleton)"] (ArrayPush, [arr: R, v: R], []),
            #[doc = "append all values of iterable v to array literal arr"] (ArraySpread, [arr: R, v: R], [throws]),
            #[doc = "dst = obj.name"] (GetField, [dst: W, obj: R, name: K, site: S], [throws]),
            #[doc = "obj.name = src (throws on failure in strict functions)"] (PutField, [obj: R, name: K, src: R, site: S], [throws]),
            #[doc = "dst = obj[key]"] (GetElem, [dst: W, obj: R, key: R, site: S], [throws]),
            #[doc = "obj[key] = src"] (PutElem, [obj: R, key: R, src: R, site: S], [throws]),
            #[doc = "dst = delete obj[key] (strict: TypeError when it fails)"] (Delete, [dst: W, obj: R, key: R], [throws]),
            #[doc = "CreateDataPropertyOrThrow(obj, name, src): literal and class fields with a constant name"] (DefField, [obj: R, name: K, src: R, site: S], [throws]),
            #[doc = "CreateDataPropertyOrThrow(obj, key, src): computed keys"] (DefElem, [obj: R, key: R, src: R], [throws]),
            #[doc = "define a method or accessor: flags bit 0-1: 0 method 1 getter 2 setter; bit 2: enumerable. Sets fn's home object to obj and its name from key (prefix get/set)"] (DefMethod, [obj: R, key: R, func: R, flags: F], [throws]),
            #[doc = "__proto__: v in a literal: sets the prototype if v is an object or null"] (SetProtoLit, [obj: R, v: R], []),
            #[doc = "CopyDataProperties(obj, src) excluding the n keys (already ToKey'd) in registers base…: spread and rest"] (CopyProps, [obj: R, src: R, base: B, n: N], [throws]),
            #[doc = "throws TypeError if a is null or undefined (destructuring)"] (RequireObj, [a: R], [throws]),
            #[doc = "dst = home.[[Prototype]][key] with receiver `this`; home object of func"] (GetSuper, [dst: W, func: R, this: R, key: R], [throws]),
            #[doc = "home.[[Prototype]][key] = src with receiver this"] (PutSuper, [func: R, this: R, key: R, src: R], [throws]),
            #[doc = "dst = new private name described by constant `#name`"] (NewPrivate, [dst: W, name: K], []),
            #[doc = "dst = obj.#name (runs private getters); TypeError if absent"] (GetPrivate, [dst: W, obj: R, name: R], [throws]),
            #[doc = "obj.#name = src; TypeError if absent, a method, or without setter"] (PutPrivate, [obj: R, name: R, src: R], [throws]),
            #[doc = "add private element: flags 0 field, 1 getter, 2 setter, 3 method; TypeError if present"] (AddPrivate, [obj: R, name: R, src: R, flags: F], [throws]),
            #[doc = "dst = #name in obj"] (HasPrivate, [dst: W, obj: R, name: R], [throws]),
            #[doc = "dst = RegExp object of constant k"] (NewRegExp, [dst: W, k: K], []),
            #[doc = "dst = template object of constant k (frozen, one per site)"] (TemplateObject, [dst: W, k: K], []),
            // ---- functions and classes
            #[doc = "dst = closure of function constant k over scope (undefined allowed)"] (Closure, [dst: W, k: K, scope: R], []),
            #[doc = "base = constructor, base+1 = prototype object: class with constructor function constant k; heritage = TDZ singleton if there is no extends clause"] (DefClass, [base: B, k: K, heritage: R, scope: R], [throws]),
            #[doc = "the class constructor's field initializer function (called with this = instance)"] (SetFields, [ctor: R, func: R], []),
            #[doc = "run the field initializer of constructor `ctor` on `this`"] (RunFields, [ctor: R, this: R], [throws]),
            #[doc = "set function name: own `name` from key (symbol → [desc]); prefix 0 none 1 get 2 set; only if it has no own name yet"] (SetFnName, [func: R, key: R, prefix: F], []),
            #[doc = "make obj the home object of method func (super lookups)"] (SetHome, [func: R, obj: R], []),
            #[doc = "dst = unmapped arguments object"] (CreateArguments, [dst: W], []),
            #[doc = "dst = array of arguments from index n"] (CreateRest, [dst: W, n: N], []),
            // ---- calls
            #[doc = "dst = call of the window at base with argc arguments"] (Call, [dst: W, base: B, argc: N], [throws]),
            #[doc = "dst = the same, arguments from the array in base+7"] (CallSpread, [dst: W, base: B], [throws]),
            #[doc = "Call with this = undefined: the op writes base+6 itself (plain calls)"] (CallU, [dst: W, base: B, argc: N], [throws]),
            #[doc = "dst = new callee(args); new.target = callee"] (New, [dst: W, base: B, argc: N], [throws]),
            #[doc = "the same, arguments from the array in base+7"] (NewSpread, [dst: W, base: B], [throws]),
            #[doc = "dst = super(args): callee = func.[[GetPrototypeOf]](), new.target = R; does not bind this (the compiler moves dst to this after checking with ChkSuper)"] (SuperCall, [dst: W, base: B, argc: N, func: R, new_target: R], [throws]),
            #[doc = "the same, arguments from the array in base+7"] (SuperCallSpread, [dst: W, base: B, func: R, new_target: R], [throws]),
            #[doc = "throws ReferenceError if this (src) is already bound: super() called twice"] (ChkSuper, [src: R], [throws]),
            #[doc = "return src. In async functions: resolve the promise; in generators: finish"] (Return, [src: R], [throws, ends]),
            #[doc = "return of a derived constructor: src if object; if undefined, `this` (TDZ-checked); else TypeError. Base constructors use it too (this never TDZ there); only needed when src may not be this"] (ReturnCtor, [src: R, this: R], [throws, ends]),
            #[doc = "throw src"] (Throw, [src: R], [throws, ends]),
            #[doc = "dst = import(specifier): a promise; refused for modules that are not linked"] (DynImport, [dst: W, spec: R, module: N], [throws]),
            #[doc = "debugger statement: nothing"] (Debugger, [], []),
            // ---- iteration. An iteration block is three registers: base iterator object, base+1 next method, base+2 done flag (boolean)
            #[doc = "base..base+3 = GetIterator(src, sync)"] (GetIter, [base: B, src: R], [throws]),
            #[doc = "base..base+3 = GetIterator(src, async)"] (GetAsyncIter, [base: B, src: R], [throws]),
            #[doc = "dst = next value, or jump when done. Errors of next() and done set the done flag"] (IterNext, [dst: W, base: B, to: J], [throws, jumps]),
            #[doc = "dst = next value or undefined once done; keeps the done flag (array patterns)"] (IterStep, [dst: W, base: B], [throws]),
            #[doc = "dst = array of the remaining values (array pattern rest)"] (IterRest, [dst: W, base: B], [throws]),
            #[doc = "IteratorClose with normal completion: unless done, call return() and require an object"] (IterClose, [base: B], [throws]),
            #[doc = "IteratorClose with throw completion: unless done, call return(), swallowing its errors"] (IterCloseQuiet, [base: B], []),
            #[doc = "dst = result of calling next(arg) on base (async iteration and yield*): the raw result"] (IterCallNext, [dst: W, base: B, arg: R], [throws]),
            #[doc = "dst = iterator result's value, or jump (dst = value too) when its `done` is truthy; TypeError if not an object. Sets the done flag"] (IterUnwrap, [dst: W, result: R, base: B, to: J], [throws, jumps]),
            #[doc = "yield*: dst = base.throw(arg) (F=1) or base.return(arg) (F=2) raw result; if the method is absent: F=1 closes the iterator and throws TypeError, F=2 dst = the TDZ singleton"] (IterForward, [dst: W, base: B, arg: R, which: F], [throws]),
            #[doc = "async: dst = result of calling return() of base, or undefined if it has none (for await … break); Await it, then RequireIterResult"] (IterCallReturn, [dst: W, base: B], [throws]),
            #[doc = "TypeError if src is not an object (iterator results)"] (ChkIterResult, [src: R], [throws]),
            #[doc = "dst = enumerator of the enumerable string keys of src and its prototypes (undefined/null: empty)"] (ForInPrep, [dst: W, src: R], [throws]),
            #[doc = "dst = next key still present, or jump when done"] (ForInNext, [dst: W, iter: R, to: J], [throws, jumps]),
            // ---- generators and async
            #[doc = "generator functions, after parameter initialisation: make the generator object with this frame and return it to the caller; execution continues here at the first resume"] (CreateGenerator, [], [throws]),
            #[doc = "async functions, as first instruction: make the promise and the heap frame; continues in it"] (AsyncEnter, [], []),
            #[doc = "suspend with value src; on resume dst = value sent, mode = int32 0 (next) or 2 (return: the compiler runs the finally blocks and returns dst); throw() throws here"] (Yield, [dst: W, mode: W, src: R], [throws]),
            #[doc = "the same for yield*: src is the inner result object passed through unchanged (sync generators); throw() does not throw but sets mode = 1"] (YieldStar, [dst: W, mode: W, src: R], [throws]),
            #[doc = "suspend until the promise src settles; dst = its value, or its reason is thrown here"] (Await, [dst: W, src: R], [throws]),
        }
    };
}
