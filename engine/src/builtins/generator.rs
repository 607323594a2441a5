//! Classes of generators and async functions (27.3 to 27.7). What they do runs in [`crate::interp`].
use super::spec::{ClassSpec, DataValue, Name, Row, RowKind};
use crate::call::Args;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::JsResult;

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] =
    &[&GENERATOR_FUNCTION, &GENERATOR, &ASYNC_FUNCTION, &ASYNC_GENERATOR_FUNCTION, &ASYNC_GENERATOR];

/// Mode of a resumption, as [`crate::interp`] takes it.
const NEXT: u32 = 0;
const THROW: u32 = 1;
const RETURN: u32 = 2;

/// A configurable constant: these classes are no globals, and link to each other by read-only properties.
const fn fixed(name: &'static str, v: DataValue) -> Row {
    Row { name: Name::Str(name), kind: RowKind::Data(v), attrs: attr::C }
}

const GENERATOR_FUNCTION: ClassSpec = ClassSpec::class(
    "",
    construct,
    1,
    Intrinsic::GeneratorFunction,
    Intrinsic::GeneratorFunctionPrototype,
    &[fixed("name", DataValue::Str("GeneratorFunction"))],
    &[
        fixed("constructor", DataValue::Intrinsic(Intrinsic::GeneratorFunction)),
        fixed("prototype", DataValue::Intrinsic(Intrinsic::GeneratorPrototype)),
        Row::tag("GeneratorFunction"),
    ],
)
.extends(Intrinsic::Function, Intrinsic::FunctionPrototype);

const GENERATOR: ClassSpec = ClassSpec::prototype(
    Intrinsic::GeneratorPrototype,
    Intrinsic::IteratorPrototype,
    &[
        fixed("constructor", DataValue::Intrinsic(Intrinsic::GeneratorFunctionPrototype)),
        Row::method("next", 1, next),
        Row::method("return", 1, return_),
        Row::method("throw", 1, throw),
        Row::tag("Generator"),
    ],
);

const ASYNC_FUNCTION: ClassSpec = ClassSpec::class(
    "",
    construct,
    1,
    Intrinsic::AsyncFunction,
    Intrinsic::AsyncFunctionPrototype,
    &[fixed("name", DataValue::Str("AsyncFunction"))],
    &[fixed("constructor", DataValue::Intrinsic(Intrinsic::AsyncFunction)), Row::tag("AsyncFunction")],
)
.extends(Intrinsic::Function, Intrinsic::FunctionPrototype);

const ASYNC_GENERATOR_FUNCTION: ClassSpec = ClassSpec::class(
    "",
    construct,
    1,
    Intrinsic::AsyncGeneratorFunction,
    Intrinsic::AsyncGeneratorFunctionPrototype,
    &[fixed("name", DataValue::Str("AsyncGeneratorFunction"))],
    &[
        fixed("constructor", DataValue::Intrinsic(Intrinsic::AsyncGeneratorFunction)),
        fixed("prototype", DataValue::Intrinsic(Intrinsic::AsyncGeneratorPrototype)),
        Row::tag("AsyncGeneratorFunction"),
    ],
)
.extends(Intrinsic::Function, Intrinsic::FunctionPrototype);

const ASYNC_GENERATOR: ClassSpec = ClassSpec::prototype(
    Intrinsic::AsyncGeneratorPrototype,
    Intrinsic::AsyncIteratorPrototype,
    &[
        fixed("constructor", DataValue::Intrinsic(Intrinsic::AsyncGeneratorFunctionPrototype)),
        Row::method("next", 1, async_next),
        Row::method("return", 1, async_return),
        Row::method("throw", 1, async_throw),
        Row::tag("AsyncGenerator"),
    ],
);

/// 27.3.1.1 GeneratorFunction ( ...parameterArgs, bodyArg ) and its two siblings: no code from strings.
fn construct(rt: &mut Rt, _args: Args) -> JsResult {
    Err(rt.throw_error(Intrinsic::EvalErrorPrototype, "Code generation from strings is disallowed"))
}

/// 27.5.1.2 %GeneratorPrototype%.next ( value )
pub fn next(rt: &mut Rt, args: Args) -> JsResult {
    let (generator, v) = (args.this(rt), args.get(rt, 0));
    crate::interp::generator_resume(rt, generator, NEXT, v)
}

/// 27.5.1.3 %GeneratorPrototype%.return ( value )
fn return_(rt: &mut Rt, args: Args) -> JsResult {
    let (generator, v) = (args.this(rt), args.get(rt, 0));
    crate::interp::generator_resume(rt, generator, RETURN, v)
}

/// 27.5.1.4 %GeneratorPrototype%.throw ( exception )
fn throw(rt: &mut Rt, args: Args) -> JsResult {
    let (generator, v) = (args.this(rt), args.get(rt, 0));
    crate::interp::generator_resume(rt, generator, THROW, v)
}

/// 27.6.1.2 %AsyncGeneratorPrototype%.next ( value )
fn async_next(rt: &mut Rt, args: Args) -> JsResult {
    let (generator, v) = (args.this(rt), args.get(rt, 0));
    crate::interp::async_generator_enqueue(rt, generator, NEXT, v)
}

/// 27.6.1.3 %AsyncGeneratorPrototype%.return ( value )
fn async_return(rt: &mut Rt, args: Args) -> JsResult {
    let (generator, v) = (args.this(rt), args.get(rt, 0));
    crate::interp::async_generator_enqueue(rt, generator, RETURN, v)
}

/// 27.6.1.4 %AsyncGeneratorPrototype%.throw ( exception )
fn async_throw(rt: &mut Rt, args: Args) -> JsResult {
    let (generator, v) = (args.this(rt), args.get(rt, 0));
    crate::interp::async_generator_enqueue(rt, generator, THROW, v)
}
