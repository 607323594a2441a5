//! flags, source, toString, and an accessor per flag.
use super::*;
use crate::string::Units;

/// RegExpHasFlag ( R, codeUnit )
fn has_flag(rt: &mut Rt, args: Args, flag: Flags, name: &str) -> JsResult {
    let this = args.this(rt);
    if rt.is_kind(this, Kind::RegExp) {
        return Ok(Value::bool(flags_of(rt, this.as_ref()).contains(flag)));
    }
    if this == Value::object(rt.intrinsic(Intrinsic::RegExpPrototype)) {
        return Ok(Value::UNDEFINED);
    }
    Err(rt.throw_type(&format!("RegExp.prototype.{name} getter called on an object that is not a RegExp")))
}

macro_rules! flag_getters {
    ($($spec:literal $f:ident $flag:ident $name:literal)*) => {
        $(#[doc = $spec] pub fn $f(rt: &mut Rt, args: Args) -> JsResult {
            has_flag(rt, args, Flags::$flag, $name)
        })*
    };
}

flag_getters! {
    "22.2.6.3 get RegExp.prototype.dotAll" dot_all DOT_ALL "dotAll"
    "22.2.6.5 get RegExp.prototype.global" global GLOBAL "global"
    "22.2.6.6 get RegExp.prototype.hasIndices" has_indices HAS_INDICES "hasIndices"
    "22.2.6.7 get RegExp.prototype.ignoreCase" ignore_case IGNORE_CASE "ignoreCase"
    "22.2.6.10 get RegExp.prototype.multiline" multiline MULTILINE "multiline"
    "22.2.6.15 get RegExp.prototype.sticky" sticky STICKY "sticky"
    "22.2.6.18 get RegExp.prototype.unicode" unicode UNICODE "unicode"
    "22.2.6.19 get RegExp.prototype.unicodeSets" unicode_sets UNICODE_SETS "unicodeSets"
}

/// The string of a set of flags.
pub fn text(rt: &Rt, flags: Flags) -> Ref {
    let mut letters = [0; 8];
    let mut count = 0;
    for (letter, flag) in LETTERS {
        if flags.contains(flag) {
            letters[count] = letter;
            count += 1;
        }
    }
    rt.new_latin1(&letters[..count])
}

const LETTERS: [(u8, Flags); 8] = [
    (b'd', Flags::HAS_INDICES),
    (b'g', Flags::GLOBAL),
    (b'i', Flags::IGNORE_CASE),
    (b'm', Flags::MULTILINE),
    (b's', Flags::DOT_ALL),
    (b'u', Flags::UNICODE),
    (b'v', Flags::UNICODE_SETS),
    (b'y', Flags::STICKY),
];

/// 22.2.6.4 get RegExp.prototype.flags
pub fn flags(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !this.is_object() {
        return Err(rt.throw_type("RegExp.prototype.flags getter called on a value that is not an object"));
    }
    if is_pristine(rt, this) {
        let flags = flags_of(rt, this.as_ref());
        return Ok(Value::string(text(rt, flags)));
    }
    let names = [
        atoms::has_indices,
        atoms::global,
        atoms::ignore_case,
        atoms::multiline,
        atoms::dot_all,
        atoms::unicode,
        atoms::unicode_sets,
        atoms::sticky,
    ];
    let mut found = Flags::default();
    for ((_, flag), name) in LETTERS.into_iter().zip(names) {
        let v = rt.get_name(args.this(rt), name)?;
        if rt.to_boolean(v) {
            found = found.union(flag);
        }
    }
    Ok(Value::string(text(rt, found)))
}

/// 22.2.6.13 get RegExp.prototype.source
pub fn source(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if rt.is_kind(this, Kind::RegExp) {
        let source = rt.internal(this.as_ref(), SOURCE).as_ref();
        return escape_pattern(rt, source);
    }
    if this == Value::object(rt.intrinsic(Intrinsic::RegExpPrototype)) {
        return Ok(rt.str_value("(?:)"));
    }
    Err(rt.throw_type("RegExp.prototype.source getter called on an object that is not a RegExp"))
}

/// 22.2.6.13.1 EscapeRegExpPattern ( P, F ): a slash outside a class and line terminators are escaped.
fn escape_pattern(rt: &mut Rt, source: Ref) -> JsResult {
    if rt.len(source) == 0 {
        return Ok(rt.str_value("(?:)"));
    }
    let special = |unit: u16| matches!(unit, 0x2F | 0x0A | 0x0D | 0x2028 | 0x2029);
    if !rt.with_units(source, |u| u.iter().any(special)) {
        return Ok(Value::string(source));
    }
    super::super::string::check_growth(rt, 2 * rt.len(source) as usize)?;
    let mut buf = rt.str_buf();
    rt.with_units(source, |u: Units<'_>| {
        let (mut in_class, mut escaped) = (false, false);
        for unit in u.iter() {
            let name = match unit {
                0x0A => "n",
                0x0D => "r",
                0x2028 => "u2028",
                0x2029 => "u2029",
                _ => "",
            };
            if !name.is_empty() {
                // An escaped line terminator keeps its backslash and becomes a named escape.
                if !escaped {
                    buf.push_ascii("\\");
                }
                buf.push_ascii(name);
            } else {
                if unit == 0x2F && !escaped && !in_class {
                    buf.push_ascii("\\");
                }
                buf.push(unit);
            }
            if escaped {
                escaped = false;
            } else {
                match u8::try_from(unit).unwrap_or(0) {
                    b'\\' => escaped = true,
                    b'[' => in_class = true,
                    b']' => in_class = false,
                    _ => {}
                }
            }
        }
    });
    Ok(Value::string(rt.finish_str(buf)?))
}

/// 22.2.6.17 RegExp.prototype.toString ( )
pub fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !this.is_object() {
        return Err(rt.throw_type("RegExp.prototype.toString called on a value that is not an object"));
    }
    let mut buf = rt.str_buf();
    buf.push_ascii("/");
    let source = rt.get_name(this, atoms::source)?;
    let source = rt.to_str(source)?;
    crate::builtins::string::push_str(rt, &mut buf, source)?;
    buf.push_ascii("/");
    let flags = rt.get_name(args.this(rt), atoms::flags)?;
    let flags = rt.to_str(flags)?;
    crate::builtins::string::push_str(rt, &mut buf, flags)?;
    Ok(Value::string(rt.finish_str(buf)?))
}
