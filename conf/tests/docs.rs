//! The committed reference and schema are those of the settings table.
mod common;

use std::path::Path;

use common::golden;
use lockgate_conf::{json_schema, settings_reference};

#[test]
fn the_settings_reference_is_fresh() {
    golden(Path::new("docs/settings.md"), &settings_reference()).unwrap();
}

#[test]
fn the_schema_is_fresh() {
    let schema = format!("{}\n", serde_json::to_string_pretty(&json_schema()).unwrap());
    golden(Path::new("docs/settings.schema.json"), &schema).unwrap();
}
