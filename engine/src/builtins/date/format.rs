//! Dates as strings.
use super::calendar::{Fields, fields_of};
use super::this_time;
use crate::call::Args;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};
use std::io::Write;

/// Names of the months, of which the first three letters are the short names.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// Longest text of any format.
const MAX_TEXT: usize = 80;

/// Prints with `write` into a buffer on the stack.
fn text(rt: &Rt, write: impl FnOnce(&mut &mut [u8]) -> std::io::Result<()>) -> Value {
    let mut out = [0; MAX_TEXT];
    let mut rest = &mut out[..];
    // Every format fits; one that did not would be cut off.
    let _ = write(&mut rest);
    let len = MAX_TEXT - rest.len();
    Value::string(rt.new_latin1(&out[..len]))
}

/// The year as dates print it: at least four digits, behind a minus sign if negative.
fn year_text(year: i32) -> String {
    format!("{}{:04}", if year < 0 { "-" } else { "" }, year.unsigned_abs())
}

fn write_day(out: &mut &mut [u8], f: &Fields) -> std::io::Result<()> {
    let (weekday, month) = (WEEKDAYS[f.weekday as usize], &MONTHS[f.month as usize][..3]);
    write!(out, "{weekday} {month} {:02} {}", f.day, year_text(f.year))
}

fn write_time(out: &mut &mut [u8], f: &Fields) -> std::io::Result<()> {
    write!(out, "{:02}:{:02}:{:02} GMT+0000 (Coordinated Universal Time)", f.hour, f.minute, f.second)
}

fn write_locale_day(out: &mut &mut [u8], f: &Fields) -> std::io::Result<()> {
    // Years before the first are counted back from it in this format.
    let (year, era) = if f.year <= 0 { (1 - f.year, " B") } else { (f.year, "") };
    write!(out, "{}/{}/{year}{era}", f.month + 1, f.day)
}

fn write_locale_time(out: &mut &mut [u8], f: &Fields) -> std::io::Result<()> {
    let half = if f.hour < 12 { "AM" } else { "PM" };
    write!(out, "{}:{:02}:{:02} {half}", (f.hour + 11) % 12 + 1, f.minute, f.second)
}

/// Prints the fields of `this`, or `Invalid Date`.
fn format(rt: &mut Rt, args: Args, write: impl FnOnce(&mut &mut [u8], &Fields) -> std::io::Result<()>) -> JsResult {
    let time = this_time(rt, args)?;
    if time.is_nan() {
        return Ok(rt.str_value("Invalid Date"));
    }
    let f = fields_of(time);
    Ok(text(rt, |out| write(out, &f)))
}

/// 21.4.4.41.4 ToDateString ( tv )
pub fn date_string(rt: &mut Rt, time: f64) -> JsResult {
    if time.is_nan() {
        return Ok(rt.str_value("Invalid Date"));
    }
    let f = fields_of(time);
    Ok(text(rt, |out| {
        write_day(out, &f)?;
        out.write_all(b" ")?;
        write_time(out, &f)
    }))
}

/// 21.4.4.41 Date.prototype.toString ( )
pub fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let time = this_time(rt, args)?;
    date_string(rt, time)
}

/// 21.4.4.35 Date.prototype.toDateString ( )
pub fn to_date_string(rt: &mut Rt, args: Args) -> JsResult {
    format(rt, args, write_day)
}

/// 21.4.4.42 Date.prototype.toTimeString ( )
pub fn to_time_string(rt: &mut Rt, args: Args) -> JsResult {
    format(rt, args, write_time)
}

/// 21.4.4.43 Date.prototype.toUTCString ( )
pub fn to_utc_string(rt: &mut Rt, args: Args) -> JsResult {
    format(rt, args, |out, f| {
        let (weekday, month) = (WEEKDAYS[f.weekday as usize], &MONTHS[f.month as usize][..3]);
        write!(out, "{weekday}, {:02} {month} {} ", f.day, year_text(f.year))?;
        write!(out, "{:02}:{:02}:{:02} GMT", f.hour, f.minute, f.second)
    })
}

/// 21.4.4.38 Date.prototype.toLocaleDateString ( [ reserved1 [ , reserved2 ] ] )
pub fn to_locale_date_string(rt: &mut Rt, args: Args) -> JsResult {
    format(rt, args, write_locale_day)
}

/// 21.4.4.39 Date.prototype.toLocaleString ( [ reserved1 [ , reserved2 ] ] )
pub fn to_locale_string(rt: &mut Rt, args: Args) -> JsResult {
    format(rt, args, |out, f| {
        write_locale_day(out, f)?;
        out.write_all(b", ")?;
        write_locale_time(out, f)
    })
}

/// 21.4.4.40 Date.prototype.toLocaleTimeString ( [ reserved1 [ , reserved2 ] ] )
pub fn to_locale_time_string(rt: &mut Rt, args: Args) -> JsResult {
    format(rt, args, write_locale_time)
}

/// Writes `n` in two digits.
fn two(out: &mut [u8], n: u32) {
    out[0] = b'0' + (n / 10) as u8;
    out[1] = b'0' + (n % 10) as u8;
}

/// The text of 21.4.1.32 for a finite time value, in `out`.
pub fn iso_text(time: f64, out: &mut [u8; 27]) -> &[u8] {
    let f = fields_of(time);
    // Written for the long form; the short one leaves out sign and two digits of the year.
    out.copy_from_slice(b"+000000-00-00T00:00:00.000Z");
    let long = !(0..=9999).contains(&f.year);
    if f.year < 0 {
        out[0] = b'-';
    }
    let year = f.year.unsigned_abs();
    two(&mut out[1..], year / 10_000);
    two(&mut out[3..], year / 100 % 100);
    two(&mut out[5..], year % 100);
    two(&mut out[8..], f.month + 1);
    two(&mut out[11..], f.day);
    two(&mut out[14..], f.hour);
    two(&mut out[17..], f.minute);
    two(&mut out[20..], f.second);
    out[23] = b'0' + (f.millisecond / 100) as u8;
    two(&mut out[24..], f.millisecond % 100);
    if long { &out[..] } else { &out[3..] }
}

/// 21.4.4.36 Date.prototype.toISOString ( )
pub fn to_iso_string(rt: &mut Rt, args: Args) -> JsResult {
    let time = this_time(rt, args)?;
    if time.is_nan() {
        return Err(rt.throw_range("Invalid time value"));
    }
    let mut out = [0; 27];
    Ok(Value::string(rt.new_latin1(iso_text(time, &mut out))))
}
