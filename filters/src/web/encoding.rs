//! `TextEncoder` and `TextDecoder` (Encoding standard 7): UTF-8, Latin-1 (as windows-1252 without its extras) and UTF-16.
//!
//! Fields of a decoder: 0 = [`Label`], 1 = fatal, 2 = ignoreBOM, 3 = bytes left over from a streamed call.
use super::body;
use crate::names::{self, Name};
use crate::object::{self, Class, field, set_field, this_of};
use crate::seam;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::string::atoms;
use lockgate_engine::value::{JsResult, Ref, TAG_INTERNAL, Value};

/// `TextEncoder`
pub const ENCODER: ClassSpec = ClassSpec::class(
    "TextEncoder",
    construct_encoder,
    0,
    Intrinsic::Host10,
    Intrinsic::Host11,
    &[],
    &[
        Row::getter("encoding", encoder_encoding).enumerable(),
        Row::method("encode", 0, encode).enumerable(),
        Row::method("encodeInto", 2, encode_into).enumerable(),
        Row::tag("TextEncoder"),
    ],
);

/// `TextDecoder`
pub const DECODER: ClassSpec = ClassSpec::class(
    "TextDecoder",
    construct_decoder,
    0,
    Intrinsic::Host12,
    Intrinsic::Host13,
    &[],
    &[
        Row::getter("encoding", decoder_encoding).enumerable(),
        Row::getter("fatal", fatal).enumerable(),
        Row::getter("ignoreBOM", ignore_bom).enumerable(),
        Row::method("decode", 0, decode).enumerable(),
        Row::tag("TextDecoder"),
    ],
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
enum Label {
    Utf8,
    Latin1,
    Utf16Le,
    Utf16Be,
}

impl Label {
    fn find(text: &str) -> Option<Label> {
        Some(
            match text
                .trim_matches(|c: char| matches!(c, '\t' | '\n' | '\x0C' | '\r' | ' '))
                .to_ascii_lowercase()
                .as_str()
            {
                "utf-8" | "utf8" | "unicode-1-1-utf-8" | "x-unicode20utf8" => Label::Utf8,
                "latin1" | "iso-8859-1" | "iso8859-1" | "ascii" | "us-ascii" | "windows-1252" | "l1" | "cp1252" => {
                    Label::Latin1
                }
                "utf-16le" | "utf-16" | "ucs-2" | "unicode" => Label::Utf16Le,
                "utf-16be" => Label::Utf16Be,
                _ => return None,
            },
        )
    }

    fn of(rt: &Rt, this: Ref) -> Label {
        match field(rt, this, 0).as_int() {
            1 => Label::Latin1,
            2 => Label::Utf16Le,
            3 => Label::Utf16Be,
            _ => Label::Utf8,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Label::Utf8 => "utf-8",
            Label::Latin1 => "windows-1252",
            Label::Utf16Le => "utf-16le",
            Label::Utf16Be => "utf-16be",
        }
    }
}

/// `new TextEncoder()`
fn construct_encoder(rt: &mut Rt, args: Args) -> JsResult {
    object::construct(rt, args, Class::TextEncoder, Intrinsic::Host11).map(Value::object)
}

/// `encoding`
fn encoder_encoding(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::TextEncoder)?;
    Ok(rt.str_value("utf-8"))
}

/// `encode(text)`: a Uint8Array of UTF-8.
fn encode(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::TextEncoder)?;
    let text = match args.get(rt, 0) {
        v if v.is_undefined() => atoms::empty,
        v => rt.to_str(v)?,
    };
    let cell = body::bytes(rt, Value::string(text));
    seam::new_uint8_array(rt, cell)
}

/// `encodeInto(text, array)`: `{ read, written }`
fn encode_into(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::TextEncoder)?;
    let v = args.get(rt, 0);
    let text = rt.to_str(v)?;
    let Some((cell, from, len)) = seam::bytes_of(rt, args.get(rt, 1)) else {
        return Err(rt.throw_type("encodeInto needs a Uint8Array"));
    };
    let (mut read, mut written) = (0u32, 0u32);
    let mut piece = [0; 4];
    rt.with_units(text, |units| {
        for c in char::decode_utf16(units.iter()) {
            let taken = if matches!(c, Ok(c) if c.len_utf16() == 2) { 2 } else { 1 };
            let bytes = c.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut piece).as_bytes();
            if written + bytes.len() as u32 > len {
                break;
            }
            rt.with_bytes_mut(cell, from + written, bytes.len() as u32, |to| to.copy_from_slice(bytes));
            written += bytes.len() as u32;
            read += taken;
        }
    });
    let result = rt.new_object();
    rt.put_own(result, names::atom(rt, Name::Read), Value::uint(read));
    rt.put_own(result, names::atom(rt, Name::Written), Value::uint(written));
    Ok(Value::object(result))
}

/// `new TextDecoder(label, options)`
fn construct_decoder(rt: &mut Rt, args: Args) -> JsResult {
    let decoder = object::construct(rt, args, Class::TextDecoder, Intrinsic::Host13)?;
    set_field(rt, decoder, 0, Value::int(Label::Utf8 as i32));
    set_field(rt, decoder, 1, Value::FALSE);
    set_field(rt, decoder, 2, Value::FALSE);
    let keep = rt.root(Value::object(decoder));
    let label = args.get(rt, 0);
    if !label.is_undefined() {
        let text = rt.to_str(label)?;
        let text = rt.to_text(text);
        let Some(label) = Label::find(&text) else {
            return Err(rt.throw_range(&format!("'{text}' is not an encoding that is known here")));
        };
        set_field(rt, keep.obj(rt), 0, Value::int(label as i32));
    }
    let options = args.get(rt, 1);
    if options.is_object() {
        for (i, name) in [(1, Name::Fatal), (2, Name::IgnoreBom)] {
            let options = args.get(rt, 1);
            let v = rt.get_name(options, names::atom(rt, name))?;
            set_field(rt, keep.obj(rt), i, Value::bool(rt.to_boolean(v)));
        }
    }
    Ok(keep.get(rt))
}

/// `encoding`
fn decoder_encoding(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::TextDecoder)?;
    Ok(rt.str_value(Label::of(rt, this).name()))
}

/// `fatal`
fn fatal(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::TextDecoder)?;
    Ok(field(rt, this, 1))
}

/// `ignoreBOM`
fn ignore_bom(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::TextDecoder)?;
    Ok(field(rt, this, 2))
}

/// `decode(bytes, { stream })`
fn decode(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Class::TextDecoder)?;
    let mut stream = false;
    let options = args.get(rt, 1);
    if options.is_object() {
        let v = rt.get_name(options, names::atom(rt, Name::Stream))?;
        stream = rt.to_boolean(v);
    }
    let this = this_of(rt, args, Class::TextDecoder)?;
    let input = args.get(rt, 0);
    let given = match seam::bytes_of(rt, input) {
        Some(bytes) => Some(bytes),
        None if input.is_undefined() => None,
        None => return Err(rt.throw_type("decode needs an ArrayBuffer or a view of one")),
    };
    let mut bytes = Vec::new();
    let left = field(rt, this, 3);
    let fresh = left.tag() != TAG_INTERNAL;
    if !fresh {
        rt.with_bytes(left.as_ref(), 0, rt.len(left.as_ref()), |left| bytes.extend_from_slice(left));
    }
    if let Some((cell, from, len)) = given {
        rt.with_bytes(cell, from, len, |given| bytes.extend_from_slice(given));
    }
    let label = Label::of(rt, this);
    let keep = if stream { incomplete_tail(label, &bytes) } else { 0 };
    let tail = bytes.split_off(bytes.len() - keep);
    set_field(rt, this, 3, if stream { Value::internal(body::bytes_cell(rt, &tail)) } else { Value::UNDEFINED });
    let strip = fresh && field(rt, this, 2) == Value::FALSE;
    match decoded(rt, label, &bytes, strip, field(rt, this, 1) == Value::TRUE) {
        Some(text) => Ok(Value::string(text)),
        None => Err(rt.throw_type(&format!("the bytes are not {}", label.name()))),
    }
}

/// Bytes at the end that begin a character without ending it.
fn incomplete_tail(label: Label, bytes: &[u8]) -> usize {
    match label {
        Label::Latin1 => 0,
        Label::Utf16Le | Label::Utf16Be => bytes.len() % 2,
        Label::Utf8 => match std::str::from_utf8(bytes) {
            Err(error) if error.error_len().is_none() => bytes.len() - error.valid_up_to(),
            _ => 0,
        },
    }
}

fn decoded(rt: &Rt, label: Label, bytes: &[u8], strip: bool, fatal: bool) -> Option<Ref> {
    match label {
        Label::Latin1 => Some(rt.new_latin1(bytes)),
        Label::Utf8 => {
            let bytes = if strip { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) } else { bytes };
            if fatal && std::str::from_utf8(bytes).is_err() {
                return None;
            }
            Some(object::string_of_utf8(rt, bytes))
        }
        Label::Utf16Le | Label::Utf16Be => {
            let unit = |pair: &[u8]| match (label, pair) {
                (Label::Utf16Le, &[a, b]) => u16::from_le_bytes([a, b]),
                (_, &[a, b]) => u16::from_be_bytes([a, b]),
                _ => 0xFFFD,
            };
            let mut units: Vec<u16> = bytes.chunks(2).map(unit).collect();
            if strip && units.first() == Some(&0xFEFF) {
                units.remove(0);
            }
            let lone = bytes.len() % 2 == 1 || char::decode_utf16(units.iter().copied()).any(|c| c.is_err());
            if fatal && lone {
                return None;
            }
            Some(rt.new_utf16(&units))
        }
    }
}
