//! `console` (console.spec.whatwg.org), written to the host's sink, one line at a time.
mod format;
mod inspect;
mod leaf;
mod table;

pub use inspect::inspect;

use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::limits::monotonic_ms;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&CONSOLE];

const CONSOLE: ClassSpec = ClassSpec::namespace(
    "console",
    Intrinsic::Console,
    &[
        Row::method("log", 0, log).enumerable(),
        Row::method("error", 0, error).enumerable(),
        Row::method("warn", 0, warn).enumerable(),
        Row::method("info", 0, info).enumerable(),
        Row::method("debug", 0, debug).enumerable(),
        Row::method("trace", 0, trace).enumerable(),
        Row::method("assert", 0, assert).enumerable(),
        Row::method("dir", 0, dir).enumerable(),
        Row::method("dirxml", 0, log).enumerable(),
        Row::method("table", 1, table_native).enumerable(),
        Row::method("count", 0, count).enumerable(),
        Row::method("countReset", 0, count_reset).enumerable(),
        Row::method("group", 0, group).enumerable(),
        Row::method("groupCollapsed", 0, group).enumerable(),
        Row::method("groupEnd", 0, group_end).enumerable(),
        Row::method("time", 0, time).enumerable(),
        Row::method("timeLog", 0, time_log).enumerable(),
        Row::method("timeEnd", 0, time_end).enumerable(),
        Row::tag("console"),
    ],
);

/// Deepest indentation of groups.
const MAX_GROUPS: i32 = 32;
/// Bytes of the longest message.
const MAX_TEXT: usize = 256 * 1024;
/// Most labels of counters or timers at a time.
const MAX_LABELS: u32 = 1000;

/// Words of the state cell: object of counters, object of timers, depth of groups.
const COUNTERS: u32 = 0;
const TIMERS: u32 = 1;
const GROUPS: u32 = 2;

fn state(rt: &Rt) -> Ref {
    let known = rt.ctx().mutable.console.get();
    if !known.is_null() {
        return known;
    }
    let cell = rt.alloc_words_filled(Kind::Words, 3, Value::int(0));
    for word in [COUNTERS, TIMERS] {
        rt.init_word(cell, word, Value::object(rt.new_object_with_proto(Ref::NULL)));
    }
    rt.ctx().mutable.console.set(cell);
    cell
}

/// Writes a message, indented by the groups it is in.
fn write(rt: &Rt, level: &str, mut text: String) {
    if text.len() > MAX_TEXT {
        let end = (0..=MAX_TEXT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    let depth = match rt.ctx().mutable.console.get() {
        cell if cell.is_null() => 0,
        cell => rt.word(cell, GROUPS).as_int().clamp(0, MAX_GROUPS) as usize,
    };
    if depth > 0 {
        let indent = "  ".repeat(depth);
        text = format!("{indent}{}", text.replace('\n', &format!("\n{indent}")));
    }
    rt.host().console.borrow_mut().line(level, &text);
}

fn print(rt: &mut Rt, args: Args, level: &str) -> JsResult {
    let text = format::format(rt, args, 0)?;
    write(rt, level, text);
    Ok(Value::UNDEFINED)
}

/// console 1.1.6 log ( ...data )
fn log(rt: &mut Rt, args: Args) -> JsResult {
    print(rt, args, "log")
}

/// console 1.1.4 error ( ...data )
fn error(rt: &mut Rt, args: Args) -> JsResult {
    print(rt, args, "error")
}

/// console 1.1.9 warn ( ...data )
fn warn(rt: &mut Rt, args: Args) -> JsResult {
    print(rt, args, "warn")
}

/// console 1.1.5 info ( ...data )
fn info(rt: &mut Rt, args: Args) -> JsResult {
    print(rt, args, "info")
}

/// console 1.1.3 debug ( ...data )
fn debug(rt: &mut Rt, args: Args) -> JsResult {
    print(rt, args, "debug")
}

/// console 1.1.8 trace ( ...data )
fn trace(rt: &mut Rt, args: Args) -> JsResult {
    let message = format::format(rt, args, 0)?;
    let error = Value::object(rt.new_error(rt.intrinsic(Intrinsic::ErrorPrototype), None));
    let stack = super::error::stack_text(rt, error, error);
    let frames = stack.split_once('\n').map_or("", |(_, frames)| frames);
    let head = if message.is_empty() { "Trace".to_string() } else { format!("Trace: {message}") };
    write(rt, "error", if frames.is_empty() { head } else { format!("{head}\n{frames}") });
    Ok(Value::UNDEFINED)
}

/// console 1.1.1 assert ( condition, ...data )
fn assert(rt: &mut Rt, args: Args) -> JsResult {
    if rt.to_boolean(args.get(rt, 0)) {
        return Ok(Value::UNDEFINED);
    }
    let message = if args.len() > 1 { format::format(rt, args, 1)? } else { String::new() };
    let text = if args.len() <= 1 { "Assertion failed".to_string() } else { format!("Assertion failed: {message}") };
    write(rt, "error", text);
    Ok(Value::UNDEFINED)
}

/// console 1.1.10 dir ( item, options )
fn dir(rt: &mut Rt, args: Args) -> JsResult {
    let mut depth = inspect::DEPTH;
    if let Some(options) = args.get(rt, 1).to_obj() {
        let name = rt.intern_str("depth");
        depth = match rt.plain_lookup(options, name) {
            Some(v) if v.is_null() => inspect::MAX_DEPTH,
            Some(v) if v.is_number() => v.as_number().clamp(0.0, f64::from(inspect::MAX_DEPTH)) as u32,
            _ => depth,
        };
    }
    let text = inspect(rt, args.get(rt, 0), depth);
    write(rt, "log", text);
    Ok(Value::UNDEFINED)
}

/// console 1.1.7 table ( tabularData, properties )
fn table_native(rt: &mut Rt, args: Args) -> JsResult {
    match table::table(rt, args.get(rt, 0), args.get(rt, 1)) {
        Some(text) => write(rt, "log", text),
        None => return print(rt, args, "log"),
    }
    Ok(Value::UNDEFINED)
}

// ---- labels

/// The label of a call, "default" unless given; an atom or an index as a property key.
fn label(rt: &mut Rt, args: Args) -> JsResult<Ref> {
    if args.get(rt, 0).is_undefined() {
        return Ok(atoms::default);
    }
    let label = rt.to_str(args.get(rt, 0))?;
    Ok(rt.intern(label))
}

fn labelled(rt: &Rt, word: u32, label: Ref) -> Option<Value> {
    let obj = rt.word(state(rt), word).as_ref();
    let found = rt.shape_find(rt.shape_of(obj), label)?;
    Some(rt.slot(obj, found.slot())).filter(|v| !v.is_undefined())
}

fn set_labelled(rt: &Rt, word: u32, label: Ref, v: Value) {
    let obj = rt.word(state(rt), word).as_ref();
    let known = rt.shape_find(rt.shape_of(obj), label).is_some();
    if known || rt.shape_count(rt.shape_of(obj)) < MAX_LABELS {
        // Any string is a name here, indices too: nobody else sees these objects.
        match known {
            true => rt.put_own(obj, label, v),
            false => rt.add_property(obj, label, v, attr::ALL),
        }
    }
}

/// console 1.2.1 count ( label )
fn count(rt: &mut Rt, args: Args) -> JsResult {
    let label = label(rt, args)?;
    let n = labelled(rt, COUNTERS, label).map_or(0.0, |v| v.as_number()) + 1.0;
    set_labelled(rt, COUNTERS, label, Value::number(n));
    write(rt, "log", format!("{}: {n}", rt.to_text(label)));
    Ok(Value::UNDEFINED)
}

/// console 1.2.2 countReset ( label )
fn count_reset(rt: &mut Rt, args: Args) -> JsResult {
    let label = label(rt, args)?;
    if labelled(rt, COUNTERS, label).is_none() {
        write(rt, "warn", format!("Count for '{}' does not exist", rt.to_text(label)));
    }
    set_labelled(rt, COUNTERS, label, Value::UNDEFINED);
    Ok(Value::UNDEFINED)
}

/// console 1.3.1 group ( ...data )
fn group(rt: &mut Rt, args: Args) -> JsResult {
    if !args.is_empty() {
        print(rt, args, "log")?;
    }
    let cell = state(rt);
    let depth = rt.word(cell, GROUPS).as_int();
    rt.put_word(cell, GROUPS, Value::int(depth.saturating_add(1)));
    Ok(Value::UNDEFINED)
}

/// console 1.3.3 groupEnd ( )
fn group_end(rt: &mut Rt, _args: Args) -> JsResult {
    let cell = state(rt);
    let depth = rt.word(cell, GROUPS).as_int();
    rt.put_word(cell, GROUPS, Value::int((depth - 1).max(0)));
    Ok(Value::UNDEFINED)
}

/// console 1.4.1 time ( label )
fn time(rt: &mut Rt, args: Args) -> JsResult {
    let label = label(rt, args)?;
    if labelled(rt, TIMERS, label).is_some() {
        write(rt, "warn", format!("Label '{}' already exists for console.time()", rt.to_text(label)));
    } else {
        set_labelled(rt, TIMERS, label, Value::double(monotonic_ms()));
    }
    Ok(Value::UNDEFINED)
}

fn elapsed(rt: &mut Rt, args: Args, method: &str) -> JsResult<Option<Ref>> {
    let label = label(rt, args)?;
    let name = rt.to_text(label);
    let Some(start) = labelled(rt, TIMERS, label) else {
        write(rt, "warn", format!("No such label '{name}' for console.{method}()"));
        return Ok(None);
    };
    let ms = monotonic_ms() - start.as_number();
    let time = if ms < 1000.0 { format!("{ms:.3}ms") } else { format!("{:.3}s", ms / 1000.0) };
    let more = if method == "timeLog" && args.len() > 1 { format::format(rt, args, 1)? } else { String::new() };
    let space = if more.is_empty() { "" } else { " " };
    write(rt, "log", format!("{name}: {time}{space}{more}"));
    Ok(Some(label))
}

/// console 1.4.2 timeLog ( label, ...data )
fn time_log(rt: &mut Rt, args: Args) -> JsResult {
    elapsed(rt, args, "timeLog")?;
    Ok(Value::UNDEFINED)
}

/// console 1.4.3 timeEnd ( label )
fn time_end(rt: &mut Rt, args: Args) -> JsResult {
    if let Some(label) = elapsed(rt, args, "timeEnd")? {
        set_labelled(rt, TIMERS, label, Value::UNDEFINED);
    }
    Ok(Value::UNDEFINED)
}
