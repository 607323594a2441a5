//! The settings table as a JSON Schema, for editors and for checks outside the gateway.
use serde_json::{Map, Value, json};

use crate::rows::{self, METHODS, SECTIONS};
use crate::settings::{Fallback, Format, Kind, Row, Section, size_of};

/// A JSON Schema (draft 2020-12) of the configuration file. It knows types, ranges, keys and defaults; what needs the
/// file system or more than one setting (files, names of upstreams, overlapping routes) only [`crate::load`] knows.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    for section in SECTIONS.into_iter().filter(|section| *section != Section::Root) {
        definitions.insert(name(section), object(section));
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lockgate configuration",
    });
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, object(Section::Root)) {
        schema.extend(root);
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

fn object(section: Section) -> Value {
    let properties: Map<String, Value> = rows::of(section).map(|row| (row.key.to_owned(), property(row))).collect();
    let required: Vec<&str> =
        rows::of(section).filter(|row| matches!(row.fallback, Fallback::Required)).map(|row| row.key).collect();
    let mut object = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    let one_of = |keys: &[&str]| keys.iter().map(|key| json!({ "required": [key] })).collect::<Value>();
    match section {
        Section::Route => object["oneOf"] = one_of(&["handler", "upstream", "static"]),
        Section::Filter => object["oneOf"] = one_of(&["script", "headers"]),
        Section::Headers => object["anyOf"] = one_of(&["request", "response"]),
        Section::HeaderOps => object["anyOf"] = one_of(&["remove", "set", "add"]),
        _ => {}
    }
    object
}

fn property(row: &Row) -> Value {
    let mut property = kind(&row.kind);
    property["description"] = json!(row.doc);
    match (&row.fallback, &row.kind) {
        (Fallback::Text(text), Kind::Integer { .. } | Kind::Bool) => {
            property["default"] = serde_json::from_str(text).unwrap_or(Value::Null);
        }
        (Fallback::Text(text), _) => property["default"] = json!(text),
        (Fallback::Required | Fallback::PerUse { .. } | Fallback::Described(_), _) => {}
    }
    property
}

fn kind(kind: &Kind) -> Value {
    match *kind {
        Kind::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Duration { off: false, .. } => json!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|h)$" }),
        Kind::Duration { off: true, .. } => json!({ "type": "string", "pattern": "^([0-9]+(ms|s|m|h)|off)$" }),
        Kind::Size { min, max } => json!({ "anyOf": [
            { "type": "string", "pattern": "^[0-9]+([kKmMgG]([iI][bB])?|[bB])?$" },
            { "type": "integer", "minimum": size_of(min), "maximum": size_of(max) },
        ] }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Choice { now, .. } => json!({ "enum": now }),
        Kind::Text(format) => text(format),
        Kind::Texts(format, max) => json!({ "type": "array", "minItems": 1, "maxItems": max, "items": text(format) }),
        Kind::TextMap(name, value, max) => json!({
            "type": "object", "maxProperties": max, "propertyNames": text(name), "additionalProperties": text(value),
        }),
        Kind::Section(section) => reference(section),
        Kind::SectionOrWord(section, words) => json!({ "anyOf": [{ "enum": words }, reference(section)] }),
        Kind::SectionOrText(section, format) => json!({ "anyOf": [text(format), reference(section)] }),
        Kind::Sections(section, max) => {
            json!({ "type": "array", "minItems": 1, "maxItems": max, "items": reference(section) })
        }
        Kind::Named(section, max) => json!({
            "type": "object", "maxProperties": max, "propertyNames": text(Format::UpstreamName),
            "additionalProperties": reference(section),
        }),
    }
}

fn text(format: Format) -> Value {
    match format {
        Format::Method => json!({ "enum": METHODS }),
        // The gateway takes the text as written, so that numbers need no quotes.
        Format::EnvValue | Format::HeaderValue => json!({ "type": ["string", "number", "boolean"] }),
        Format::Path => json!({ "type": "string", "pattern": "^/" }),
        Format::UpstreamName => json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" }),
        Format::EnvName => json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,256}$" }),
        Format::HeaderName => json!({ "type": "string", "pattern": "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$" }),
        Format::Address | Format::Loopback | Format::Server | Format::Host => {
            json!({ "type": "string", "minLength": 1 })
        }
        Format::ScriptFile | Format::LogFile | Format::CacheDirectory | Format::Directory => {
            json!({ "type": "string", "minLength": 1 })
        }
    }
}

fn reference(section: Section) -> Value {
    json!({ "$ref": format!("#/$defs/{}", name(section)) })
}

fn name(section: Section) -> String {
    format!("{section:?}")
}
