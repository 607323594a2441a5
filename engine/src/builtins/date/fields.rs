//! Getters and setters. Local time is UTC, so each serves both rows.
use super::calendar::{MS_PER_DAY, fields_of, make_date, make_day, make_time, time_clip};
use super::this_time;
use crate::call::Args;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

macro_rules! getters {
    ($($spec:literal $name:ident |$f:ident| $body:expr;)*) => {
        $(#[doc = $spec] pub fn $name(rt: &mut Rt, args: Args) -> JsResult {
            let time = this_time(rt, args)?;
            if time.is_nan() {
                return Ok(Value::NAN);
            }
            let $f = fields_of(time);
            Ok(Value::int($body))
        })*
    };
}

getters! {
    "21.4.4.2 Date.prototype.getDate ( ), 21.4.4.12 Date.prototype.getUTCDate ( )" get_date |f| f.day as i32;
    "21.4.4.3 Date.prototype.getDay ( ), 21.4.4.13 Date.prototype.getUTCDay ( )" get_day |f| f.weekday as i32;
    "21.4.4.4 Date.prototype.getFullYear ( ), 21.4.4.14 Date.prototype.getUTCFullYear ( )" get_full_year |f| f.year;
    "21.4.4.5 Date.prototype.getHours ( ), 21.4.4.15 Date.prototype.getUTCHours ( )" get_hours |f| f.hour as i32;
    "21.4.4.6 Date.prototype.getMilliseconds ( ), 21.4.4.16 Date.prototype.getUTCMilliseconds ( )"
        get_milliseconds |f| f.millisecond as i32;
    "21.4.4.7 Date.prototype.getMinutes ( ), 21.4.4.17 Date.prototype.getUTCMinutes ( )" get_minutes |f| f.minute as i32;
    "21.4.4.8 Date.prototype.getMonth ( ), 21.4.4.18 Date.prototype.getUTCMonth ( )" get_month |f| f.month as i32;
    "21.4.4.9 Date.prototype.getSeconds ( ), 21.4.4.19 Date.prototype.getUTCSeconds ( )" get_seconds |f| f.second as i32;
    "21.4.4.11 Date.prototype.getTimezoneOffset ( )" get_timezone_offset |_f| 0;
    "B.2.3.1 Date.prototype.getYear ( )" get_year |f| f.year - 1900;
}

/// Stores a time value, clipped, and returns it.
fn store(rt: &Rt, args: Args, time: f64) -> JsResult {
    let v = Value::number(time_clip(time));
    rt.set_internal(args.this(rt).as_ref(), 0, v);
    Ok(v)
}

/// Arguments as numbers, up to `N`; None for those absent, except that the first is NaN then.
fn numbers<const N: usize>(rt: &mut Rt, args: Args) -> JsResult<[Option<f64>; N]> {
    let mut numbers = [None; N];
    for (i, number) in numbers.iter_mut().enumerate() {
        if i == 0 || (i as u32) < args.len() {
            let v = args.get(rt, i as u32);
            *number = Some(rt.to_number(v)?);
        }
    }
    Ok(numbers)
}

/// 21.4.4.20 to 21.4.4.33 set parts of the time of day: fields from `first` (0 hours … 3 milliseconds) on.
fn set_time_parts<const N: usize>(rt: &mut Rt, args: Args, first: usize) -> JsResult {
    let time = this_time(rt, args)?;
    let given = numbers::<N>(rt, args)?;
    if time.is_nan() {
        return Ok(Value::NAN);
    }
    let f = fields_of(time);
    let mut parts = [f.hour, f.minute, f.second, f.millisecond].map(f64::from);
    for (part, given) in parts[first..].iter_mut().zip(given) {
        *part = given.unwrap_or(*part);
    }
    let [hour, minute, second, ms] = parts;
    store(rt, args, make_date((time / MS_PER_DAY).floor(), make_time(hour, minute, second, ms)))
}

/// 21.4.4.22 Date.prototype.setHours ( hour [ , min [ , sec [ , ms ] ] ] ), and setUTCHours
pub fn set_hours(rt: &mut Rt, args: Args) -> JsResult {
    set_time_parts::<4>(rt, args, 0)
}

/// 21.4.4.24 Date.prototype.setMinutes ( min [ , sec [ , ms ] ] ), and setUTCMinutes
pub fn set_minutes(rt: &mut Rt, args: Args) -> JsResult {
    set_time_parts::<3>(rt, args, 1)
}

/// 21.4.4.26 Date.prototype.setSeconds ( sec [ , ms ] ), and setUTCSeconds
pub fn set_seconds(rt: &mut Rt, args: Args) -> JsResult {
    set_time_parts::<2>(rt, args, 2)
}

/// 21.4.4.23 Date.prototype.setMilliseconds ( ms ), and setUTCMilliseconds
pub fn set_milliseconds(rt: &mut Rt, args: Args) -> JsResult {
    set_time_parts::<1>(rt, args, 3)
}

/// The part of a time value within its day.
fn time_within_day(time: f64) -> f64 {
    time.rem_euclid(MS_PER_DAY)
}

/// 21.4.4.20 Date.prototype.setDate ( date ), and setUTCDate
pub fn set_date(rt: &mut Rt, args: Args) -> JsResult {
    let time = this_time(rt, args)?;
    let [date] = numbers::<1>(rt, args)?;
    if time.is_nan() {
        return Ok(Value::NAN);
    }
    let f = fields_of(time);
    let day = make_day(f64::from(f.year), f64::from(f.month), date.unwrap_or(f64::NAN));
    store(rt, args, make_date(day, time_within_day(time)))
}

/// 21.4.4.25 Date.prototype.setMonth ( month [ , date ] ), and setUTCMonth
pub fn set_month(rt: &mut Rt, args: Args) -> JsResult {
    let time = this_time(rt, args)?;
    let [month, date] = numbers::<2>(rt, args)?;
    if time.is_nan() {
        return Ok(Value::NAN);
    }
    let f = fields_of(time);
    let day = make_day(f64::from(f.year), month.unwrap_or(f64::NAN), date.unwrap_or(f64::from(f.day)));
    store(rt, args, make_date(day, time_within_day(time)))
}

/// 21.4.4.21 Date.prototype.setFullYear ( year [ , month [ , date ] ] ), and setUTCFullYear
pub fn set_full_year(rt: &mut Rt, args: Args) -> JsResult {
    let time = this_time(rt, args)?;
    let [year, month, date] = numbers::<3>(rt, args)?;
    let time = if time.is_nan() { 0.0 } else { time };
    let f = fields_of(time);
    let month = month.unwrap_or(f64::from(f.month));
    let day = make_day(year.unwrap_or(f64::NAN), month, date.unwrap_or(f64::from(f.day)));
    store(rt, args, make_date(day, time_within_day(time)))
}

/// 21.4.4.27 Date.prototype.setTime ( time )
pub fn set_time(rt: &mut Rt, args: Args) -> JsResult {
    this_time(rt, args)?;
    let time = args.get(rt, 0);
    let time = rt.to_number(time)?;
    store(rt, args, time)
}

/// B.2.3.2 Date.prototype.setYear ( year )
pub fn set_year(rt: &mut Rt, args: Args) -> JsResult {
    let time = this_time(rt, args)?;
    let year = args.get(rt, 0);
    let year = full_year(rt.to_number(year)?);
    let time = if time.is_nan() { 0.0 } else { time };
    let f = fields_of(time);
    let day = make_day(year, f64::from(f.month), f64::from(f.day));
    store(rt, args, make_date(day, time_within_day(time)))
}

/// 21.4.1.30 MakeFullYear ( year )
pub fn full_year(year: f64) -> f64 {
    let truncated = year.trunc();
    if (0.0..=99.0).contains(&truncated) { 1900.0 + truncated } else { truncated }
}
