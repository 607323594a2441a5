//! Time values and the proleptic Gregorian calendar (21.4.1).

/// Milliseconds of a day.
pub const MS_PER_DAY: f64 = 86_400_000.0;
/// The largest time value.
pub const MAX_TIME: f64 = 8.64e15;

/// A time value taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields {
    /// Year, astronomical.
    pub year: i32,
    /// Month, from 0.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
    /// Day of the week, from Sunday.
    pub weekday: u32,
    /// Hour.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second.
    pub second: u32,
    /// Millisecond.
    pub millisecond: u32,
}

/// Takes a finite time value apart.
pub fn fields_of(time: f64) -> Fields {
    let time = time as i64;
    let days = time.div_euclid(86_400_000);
    let ms = time.rem_euclid(86_400_000) as u32;
    let (year, month, day) = civil_of_days(days);
    Fields {
        year,
        month,
        day,
        weekday: (days + 4).rem_euclid(7) as u32,
        hour: ms / 3_600_000,
        minute: ms / 60_000 % 60,
        second: ms / 1000 % 60,
        millisecond: ms % 1000,
    }
}

/// Days since the epoch to year, month (from 0) and day. Years are counted from March in eras of 400 years, so that the
/// leap day is the last of its year.
fn civil_of_days(days: i64) -> (i32, u32, u32) {
    let from_march_0 = days + 719_468;
    let era = from_march_0.div_euclid(146_097);
    let day_of_era = from_march_0.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12;
    let year = year_of_era + 400 * era + i64::from(month < 2);
    (year as i32, month as u32, day as u32)
}

/// Days from the epoch to the first of a month.
fn days_of_civil(year: i64, month: i64) -> i64 {
    let year = year - i64::from(month < 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = (month + 10) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// 21.4.1.27 MakeTime ( hour, min, sec, ms )
pub fn make_time(hour: f64, minute: f64, second: f64, ms: f64) -> f64 {
    if !(hour.is_finite() && minute.is_finite() && second.is_finite() && ms.is_finite()) {
        return f64::NAN;
    }
    hour.trunc() * 3_600_000.0 + minute.trunc() * 60_000.0 + second.trunc() * 1000.0 + ms.trunc()
}

/// 21.4.1.28 MakeDay ( year, month, date )
pub fn make_day(year: f64, month: f64, date: f64) -> f64 {
    if !(year.is_finite() && month.is_finite() && date.is_finite()) {
        return f64::NAN;
    }
    let (year, month) = (year.trunc(), month.trunc());
    // Far outside of all time values: no day is found, and the arithmetic below would overflow.
    if year.abs() > 1e6 || month.abs() > 1e7 {
        return f64::NAN;
    }
    let months = year as i64 * 12 + month as i64;
    let first = days_of_civil(months.div_euclid(12), months.rem_euclid(12));
    first as f64 + date.trunc() - 1.0
}

/// 21.4.1.29 MakeDate ( day, time )
pub fn make_date(day: f64, time: f64) -> f64 {
    let result = day * MS_PER_DAY + time;
    if result.is_finite() { result } else { f64::NAN }
}

/// 21.4.1.31 TimeClip ( time )
pub fn time_clip(time: f64) -> f64 {
    if time.abs() <= MAX_TIME { time.trunc() + 0.0 } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_fields_agree() {
        for (y, m, d) in [
            (1970, 0, 1),
            (2000, 1, 29),
            (1969, 11, 31),
            (0, 0, 1),
            (-1, 11, 31),
            (275760, 8, 13),
            (-271821, 3, 20),
            (2024, 1, 29),
            (1900, 2, 1),
        ] {
            let day = make_day(f64::from(y), f64::from(m), f64::from(d));
            let f = fields_of(day * MS_PER_DAY);
            assert_eq!((f.year, f.month as i32, f.day as i32), (y, m, d));
        }
        assert_eq!(make_day(1970.0, 0.0, 1.0), 0.0);
        assert_eq!(make_day(1970.0, 13.0, 1.0), make_day(1971.0, 1.0, 1.0));
        assert_eq!(fields_of(0.0).weekday, 4);
        assert_eq!(fields_of(-1.0).millisecond, 999);
        assert!(time_clip(8.64e15 + 1.0).is_nan());
    }
}
