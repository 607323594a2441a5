//! Date.parse: the interchange format of 21.4.1.32, and as a fallback what `toString`, `toUTCString`, mail (RFC 9110
//! 5.6.7) and people write: an English month name or `month/day/year`, a time of day, a zone.
use super::calendar::{make_date, make_day, make_time, time_clip};
use super::format::MONTHS;
use crate::string::{Units, is_space};

/// Longest text that can be a date.
const MAX_LEN: usize = 128;

/// The time value that a text names; NaN if it names none.
pub fn parse_date(units: Units<'_>) -> f64 {
    let mut start = 0;
    let mut end = units.len();
    while start < end && is_space(units.at(start)) {
        start += 1;
    }
    while end > start && is_space(units.at(end - 1)) {
        end -= 1;
    }
    let mut text = [0; MAX_LEN];
    let Some(text) = text.get_mut(..end - start) else { return f64::NAN };
    for (i, to) in text.iter_mut().enumerate() {
        // The minus sign of typography is the only character outside ASCII that dates have.
        *to = match units.at(start + i) {
            0x2212 => b'-',
            unit if is_space(unit) => b' ',
            unit => match u8::try_from(unit) {
                Ok(byte) => byte,
                Err(_) => return f64::NAN,
            },
        };
    }
    let parsed = Cursor { text, at: 0 }.interchange().or_else(|| Cursor { text, at: 0 }.free_form());
    parsed.map_or(f64::NAN, time_clip)
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn done(&self) -> bool {
        self.at == self.text.len()
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<f64> {
        let digits = self.text.get(self.at..self.at + count)?;
        self.at += count;
        digits.iter().try_fold(0.0, |n, b| b.is_ascii_digit().then(|| n * 10.0 + f64::from(b - b'0')))
    }

    /// As many digits as there are, at least one: value and count.
    fn number(&mut self) -> Option<(f64, usize)> {
        let count = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if count == 0 || count > 9 {
            return None;
        }
        Some((self.digits(count)?, count))
    }

    /// Digits of a fraction of a second, as milliseconds.
    fn milliseconds(&mut self) -> Option<f64> {
        let digits = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut ms = 0.0;
        for (i, b) in self.text[self.at..self.at + digits].iter().enumerate().take(3) {
            ms += f64::from(b - b'0') * [100.0, 10.0, 1.0][i];
        }
        self.at += digits;
        (digits > 0).then_some(ms)
    }

    /// 21.4.1.32 Date Time String Format. Without a zone a time is local time, which is UTC.
    fn interchange(mut self) -> Option<f64> {
        let year = match self.peek()? {
            sign @ (b'+' | b'-') => {
                self.at += 1;
                let year = self.digits(6)?;
                if sign == b'-' && year == 0.0 {
                    return None;
                }
                if sign == b'-' { -year } else { year }
            }
            _ => self.digits(4)?,
        };
        let (mut month, mut day) = (1.0, 1.0);
        if self.take(b'-').is_some() {
            month = self.digits(2)?;
            if self.take(b'-').is_some() {
                day = self.digits(2)?;
            }
        }
        let [mut hour, mut minute, mut second, mut ms, mut offset] = [0.0; 5];
        // A space instead of the T is common.
        if self.take(b'T').is_some() || self.take(b't').is_some() || self.take(b' ').is_some() {
            hour = self.digits(2)?;
            self.take(b':')?;
            minute = self.digits(2)?;
            if self.take(b':').is_some() {
                second = self.digits(2)?;
                if self.take(b'.').is_some() || self.take(b',').is_some() {
                    ms = self.milliseconds()?;
                }
            }
            offset = self.interchange_zone()?;
        }
        if !self.done() {
            return None;
        }
        combine(year, month - 1.0, day, [hour, minute, second, ms], offset)
    }

    /// `Z` or `±HH:mm` (or `±HHmm`) in minutes; nothing is UTC.
    fn interchange_zone(&mut self) -> Option<f64> {
        let sign = match self.peek() {
            None => return Some(0.0),
            Some(b'Z' | b'z') => {
                self.at += 1;
                return Some(0.0);
            }
            Some(b'+') => 1.0,
            Some(b'-') => -1.0,
            Some(_) => return None,
        };
        self.at += 1;
        let hours = self.digits(2)?;
        self.take(b':');
        let minutes = self.digits(2)?;
        (hours < 24.0 && minutes < 60.0).then_some(sign * (hours * 60.0 + minutes))
    }

    /// Words, numbers and signs in any usual order.
    fn free_form(mut self) -> Option<f64> {
        if matches!(self.peek(), Some(b'+' | b'-')) {
            return None;
        }
        let mut date = FreeDate::default();
        while let Some(byte) = self.peek() {
            match byte {
                b'(' => self.skip_comment(),
                b'0'..=b'9' => self.free_number(&mut date)?,
                b'+' | b'-' if date.time.is_some() => self.free_offset(byte, &mut date)?,
                b' ' | b',' | b'.' | b'-' | b'/' => self.at += 1,
                _ if byte.is_ascii_alphabetic() => self.free_word(&mut date)?,
                _ => return None,
            }
        }
        date.value()
    }

    fn skip_comment(&mut self) {
        let mut depth = 0;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn free_number(&mut self, date: &mut FreeDate) -> Option<()> {
        let signed_year =
            self.at > 0 && self.text[self.at - 1] == b'-' && self.at > 1 && self.text[self.at - 2] == b' ';
        let (n, digits) = self.number()?;
        if self.peek() == Some(b':') && date.time.is_none() {
            return self.free_time(n, date);
        }
        // A negative year stands behind month and day, as toString prints it.
        let n = if signed_year && date.numbers == 1 && date.month.is_some() { -n } else { n };
        date.push(n, digits)
    }

    /// `HH:mm[:ss[.sss]]`, the hour read.
    fn free_time(&mut self, hour: f64, date: &mut FreeDate) -> Option<()> {
        self.take(b':')?;
        let (minute, _) = self.number()?;
        let (mut second, mut ms) = (0.0, 0.0);
        if self.take(b':').is_some() {
            second = self.number()?.0;
            if self.take(b'.').is_some() {
                ms = self.milliseconds()?;
            }
        }
        date.time = Some([hour, minute, second, ms]);
        Some(())
    }

    /// `+HHmm`, `+HH:mm` or `+HH` after a time.
    fn free_offset(&mut self, sign: u8, date: &mut FreeDate) -> Option<()> {
        self.at += 1;
        let Some((n, digits)) = self.number() else { return (sign == b'-').then_some(()) };
        let minutes = if digits > 2 {
            (n / 100.0).trunc() * 60.0 + n % 100.0
        } else if self.take(b':').is_some() {
            n * 60.0 + self.digits(2)?
        } else {
            n * 60.0
        };
        date.offset = if sign == b'-' { -minutes } else { minutes };
        Some(())
    }

    /// A month, a weekday, a zone, AM or PM; anything else only before the first number.
    fn free_word(&mut self, date: &mut FreeDate) -> Option<()> {
        let len = self.text[self.at..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let word = &self.text[self.at..self.at + len];
        self.at += len;
        let is = |text: &str| word.eq_ignore_ascii_case(text.as_bytes());
        let starts = |name: &&str| word.len() >= 3 && name.get(..word.len().min(name.len())).is_some_and(is);
        if let Some(month) = MONTHS.iter().position(starts) {
            date.month = Some(month as f64);
        } else if is("AM") || is("PM") {
            let time = date.time.as_mut().filter(|time| (1.0..=12.0).contains(&time[0]))?;
            time[0] = time[0] % 12.0 + if is("PM") { 12.0 } else { 0.0 };
        } else if let Some((_, hours)) = ZONES.iter().find(|(name, _)| is(name)) {
            date.offset = hours * 60.0;
        } else if is("T") && date.numbers == 3 {
        } else if date.numbers > 0 && !WEEKDAYS.iter().any(starts) {
            return None;
        }
        Some(())
    }
}

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Zones of mail and their hours.
const ZONES: [(&str, f64); 12] = [
    ("GMT", 0.0),
    ("UTC", 0.0),
    ("UT", 0.0),
    ("Z", 0.0),
    ("EST", -5.0),
    ("EDT", -4.0),
    ("CST", -6.0),
    ("CDT", -5.0),
    ("MST", -7.0),
    ("MDT", -6.0),
    ("PST", -8.0),
    ("PDT", -7.0),
];

/// What was found in free form.
#[derive(Default)]
struct FreeDate {
    values: [f64; 3],
    /// Digits each number was written with.
    digits: [usize; 3],
    numbers: usize,
    month: Option<f64>,
    time: Option<[f64; 4]>,
    offset: f64,
}

impl FreeDate {
    fn push(&mut self, n: f64, digits: usize) -> Option<()> {
        *self.values.get_mut(self.numbers)? = n;
        self.digits[self.numbers] = digits;
        self.numbers += 1;
        Some(())
    }

    fn value(&self) -> Option<f64> {
        let [a, b, c] = self.values;
        let year_first = self.digits[0] >= 3;
        let (year, month, day, digits) = match (self.month, self.numbers) {
            (Some(month), 1) => (a, month, 1.0, self.digits[0]),
            (Some(month), 2) if year_first => (a, month, b, self.digits[0]),
            (Some(month), 2) => (b, month, a, self.digits[1]),
            (None, 3) if year_first => (a, b - 1.0, c, self.digits[0]),
            (None, 3) => (c, a - 1.0, b, self.digits[2]),
            (None, 2) if year_first => (a, b - 1.0, 1.0, self.digits[0]),
            _ => return None,
        };
        // Two digits are years from 1950 to 2049.
        let year = match year {
            short if digits <= 2 && short < 50.0 => short + 2000.0,
            short if digits <= 2 => short + 1900.0,
            year => year,
        };
        combine(year, month, day, self.time.unwrap_or_default(), self.offset)
    }
}

/// Checks the ranges and puts the parts together; `offset` in minutes east of UTC.
fn combine(year: f64, month: f64, day: f64, time: [f64; 4], offset: f64) -> Option<f64> {
    let [hour, minute, second, ms] = time;
    let midnight = hour == 24.0 && minute == 0.0 && second == 0.0 && ms == 0.0;
    let valid = (0.0..12.0).contains(&month)
        && (1.0..=31.0).contains(&day)
        && (hour < 24.0 || midnight)
        && minute < 60.0
        && second < 60.0;
    if !valid {
        return None;
    }
    let first = make_day(year, month, 1.0);
    if make_day(year, month + 1.0, 1.0) - first < day {
        return None;
    }
    Some(make_date(first + day - 1.0, make_time(hour, minute, second, ms)) - offset * 60_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> f64 {
        parse_date(Units::Latin1(text.as_bytes()))
    }

    #[test]
    fn forms() {
        let t = 1_705_329_045_000.0;
        for text in [
            "2024-01-15T14:30:45Z",
            "2024-01-15T14:30:45.000",
            "2024-01-15T16:30:45+02:00",
            "2024-01-15 14:30:45",
            "Mon, 15 Jan 2024 14:30:45 GMT",
            "Mon Jan 15 2024 14:30:45 GMT+0000 (Coordinated Universal Time)",
            "Mon Jan 15 2024 09:30:45 GMT-0500 (EST)",
            "Jan 15, 2024 2:30:45 PM",
            "15 January 2024 14:30:45 UTC",
            "1/15/2024, 2:30:45 PM",
            "2024/01/15 14:30:45",
            "Monday, 15-Jan-24 14:30:45 GMT",
            "Mon Jan 15 14:30:45 2024",
            "+002024-01-15T14:30:45Z",
        ] {
            assert_eq!(parse(text), t, "{text}");
        }
        assert_eq!(parse("1970"), 0.0);
        assert_eq!(parse("1970-01"), 0.0);
        assert_eq!(parse("1970-01-01T24:00Z"), 86_400_000.0);
        assert_eq!(parse("Jan 1 1970"), 0.0);
        for text in [
            "",
            "hello",
            "2024-13-01",
            "2024-02-30",
            "2024-01-15T25:00Z",
            "-000000-01-01",
            "2024-01-15T14:30:45Zz",
            "12",
            "1 2 3 4",
        ] {
            assert!(parse(text).is_nan(), "{text}");
        }
    }
}
