//! Symbol objects (20.4).
use super::spec::{ClassSpec, DataValue, Name, Row, RowKind};
use crate::call::Args;
use crate::heap::layout::{CELL_SHAPE, Kind};
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&SYMBOL];

const fn well_known(name: &'static str, which: WellKnown) -> Row {
    Row::constant(name, DataValue::Symbol(which))
}

const SYMBOL: ClassSpec = ClassSpec::class(
    "Symbol",
    construct,
    0,
    Intrinsic::Symbol,
    Intrinsic::SymbolPrototype,
    &[
        well_known("asyncDispose", WellKnown::AsyncDispose),
        well_known("asyncIterator", WellKnown::AsyncIterator),
        well_known("dispose", WellKnown::Dispose),
        Row::method("for", 1, symbol_for),
        well_known("hasInstance", WellKnown::HasInstance),
        well_known("isConcatSpreadable", WellKnown::IsConcatSpreadable),
        well_known("iterator", WellKnown::Iterator),
        Row::method("keyFor", 1, key_for),
        well_known("match", WellKnown::Match),
        well_known("matchAll", WellKnown::MatchAll),
        well_known("replace", WellKnown::Replace),
        well_known("search", WellKnown::Search),
        well_known("species", WellKnown::Species),
        well_known("split", WellKnown::Split),
        well_known("toPrimitive", WellKnown::ToPrimitive),
        well_known("toStringTag", WellKnown::ToStringTag),
        well_known("unscopables", WellKnown::Unscopables),
    ],
    &[
        Row::getter("description", description),
        Row::method("toString", 0, to_string),
        Row::method("valueOf", 0, value_of),
        Row {
            name: Name::Sym(WellKnown::ToPrimitive, "[Symbol.toPrimitive]"),
            kind: RowKind::Method(to_primitive, 1),
            attrs: attr::C,
        },
        Row::tag("Symbol"),
    ],
);

/// Offset of the description in a symbol cell.
const DESCRIPTION: u32 = 16;

/// 20.4.1.1 Symbol ( [ description ] )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    if args.is_construct(rt) {
        return Err(rt.throw_type("Symbol is not a constructor"));
    }
    let mut text = args.get(rt, 0);
    if !text.is_undefined() {
        text = Value::string(rt.to_str(text)?);
    }
    Ok(Value::symbol(rt.new_symbol(text, false)))
}

/// 20.4.2.2 Symbol.for ( key )
fn symbol_for(rt: &mut Rt, args: Args) -> JsResult {
    let text = rt.to_str(args.get(rt, 0))?;
    let key = rt.key_of_string(text);
    let registry = registry(rt);
    if let Some(known) = rt.get_own_plain(registry, key) {
        return Ok(known.value);
    }
    let symbol = Value::symbol(rt.new_symbol(Value::string(text), false));
    rt.create_data(registry, key, symbol)?;
    Ok(symbol)
}

/// The GlobalSymbolRegistry: an object without prototype that no script can reach, with the symbols as properties.
fn registry(rt: &Rt) -> Ref {
    let slot = &rt.ctx().mutable.symbol_registry;
    if slot.get().is_null() {
        let made = rt.new_object_with_proto(Ref::NULL);
        rt.init(made, CELL_SHAPE, rt.shape_to_dict(rt.shape_of(made)));
        slot.set(made);
    }
    slot.get()
}

/// 20.4.2.6 Symbol.keyFor ( sym )
fn key_for(rt: &mut Rt, args: Args) -> JsResult {
    let symbol = args.get(rt, 0);
    if !symbol.is_symbol() {
        let what = rt.describe_callee(symbol);
        return Err(rt.throw_type(&format!("{what} is not a symbol")));
    }
    // A registered symbol's description is its key.
    let text: Value = rt.load(symbol.as_ref(), DESCRIPTION);
    if !text.is_string() || rt.ctx().mutable.symbol_registry.get().is_null() {
        return Ok(Value::UNDEFINED);
    }
    let key = rt.key_of_string(text.as_ref());
    let registered = rt.get_own_plain(registry(rt), key).is_some_and(|known| known.value == symbol);
    Ok(if registered { text } else { Value::UNDEFINED })
}

/// 20.4.3.4.1 ThisSymbolValue ( value )
fn this_symbol(rt: &mut Rt, args: Args, name: &str) -> JsResult<Ref> {
    let this = args.this(rt);
    if this.is_symbol() {
        return Ok(this.as_ref());
    }
    if rt.is_kind(this, Kind::SymbolObj) {
        return Ok(rt.internal(this.as_ref(), 0).as_ref());
    }
    Err(rt.throw_type(&format!("Symbol.prototype{name} requires that 'this' be a Symbol")))
}

/// 20.4.3.2 get Symbol.prototype.description
fn description(rt: &mut Rt, args: Args) -> JsResult {
    let symbol = this_symbol(rt, args, ".description")?;
    Ok(rt.load(symbol, DESCRIPTION))
}

/// 20.4.3.3 Symbol.prototype.toString ( )
fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let symbol = this_symbol(rt, args, ".toString")?;
    descriptive_string(rt, symbol).map(Value::string)
}

/// 20.4.3.3.1 SymbolDescriptiveString ( sym )
pub fn descriptive_string(rt: &mut Rt, symbol: Ref) -> JsResult<Ref> {
    let text: Value = rt.load(symbol, DESCRIPTION);
    let mut buf = rt.str_buf();
    buf.push_ascii("Symbol(");
    if text.is_string() {
        rt.with_units(text.as_ref(), |units| buf.push_units(units));
    }
    buf.push_ascii(")");
    rt.finish_str(buf)
}

/// 20.4.3.4 Symbol.prototype.valueOf ( )
fn value_of(rt: &mut Rt, args: Args) -> JsResult {
    this_symbol(rt, args, ".valueOf").map(Value::symbol)
}

/// 20.4.3.5 Symbol.prototype [ @@toPrimitive ] ( hint )
fn to_primitive(rt: &mut Rt, args: Args) -> JsResult {
    this_symbol(rt, args, " [ @@toPrimitive ]").map(Value::symbol)
}
