//! Durations (`50ms`, `1s`, `2m`, `1h`) and sizes (`64KiB`, `1MiB`, `128k`, `1m`): read from text and written as text.
use std::time::Duration;

use crate::problem::Problem;

/// Units of time, in milliseconds, smallest first.
const TIMES: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
/// Units of size, in bytes, smallest first; each is also accepted as its first letter alone.
const SIZES: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

/// Reads a duration: a whole number and a unit.
pub(crate) fn duration(text: &str) -> Result<Duration, Problem> {
    let (digits, unit) = split(text);
    let shown = shorten(text);
    let Ok(count) = digits.parse::<u64>() else {
        let problem = Problem::new(format!("'{shown}' is not a duration"));
        return Err(match fraction(text) {
            Some(millis) => problem.hint(format!("durations are whole numbers: write {millis}ms")),
            None => problem.hint("write a whole number and a unit, like 50ms, 1s, 2m or 1h"),
        });
    };
    let found = TIMES.iter().find(|(name, _)| *name == unit);
    let Some((_, millis)) = found else {
        return Err(match unit.trim() {
            "" => Problem::new(format!("'{shown}' has no unit")).hint(format!("write {digits}ms or {digits}s")),
            trimmed if TIMES.iter().any(|(name, _)| *name == trimmed) => {
                Problem::new(format!("'{shown}' has a space before its unit")).hint(format!("write {digits}{trimmed}"))
            }
            _ => match fraction(text) {
                Some(millis) => Problem::new(format!("'{shown}' is not a whole number"))
                    .hint(format!("durations are whole numbers: write {millis}ms")),
                None => Problem::new(format!("'{shown}' is not a duration")).hint("the units are ms, s, m and h"),
            },
        });
    };
    match count.checked_mul(*millis) {
        Some(millis) => Ok(Duration::from_millis(millis)),
        None => Err(Problem::new(format!("'{shown}' is too long to count"))),
    }
}

/// Milliseconds of `1.5s` and the like, when they are whole.
fn fraction(text: &str) -> Option<u64> {
    let (name, unit_millis) =
        TIMES.iter().filter(|(name, _)| text.ends_with(name)).max_by_key(|(name, _)| name.len())?;
    let number: f64 = text.strip_suffix(name)?.trim().parse().ok()?;
    let millis = number * *unit_millis as f64;
    ((1.0..=1e12).contains(&millis) && (millis - millis.round()).abs() < 1e-6).then_some(millis.round() as u64)
}

/// Reads a size in bytes: a whole number, alone (bytes) or with a unit; `k`, `m` and `g` are powers of 1024.
pub(crate) fn size(text: &str) -> Result<u64, Problem> {
    let (digits, unit) = split(text);
    let shown = shorten(text);
    let Ok(count) = digits.parse::<u64>() else {
        let problem = Problem::new(format!("'{shown}' is not a size"));
        return Err(problem.hint("write a whole number and a unit, like 64KiB, 1MiB, 128k or 1m"));
    };
    let found = SIZES.iter().find(|(name, _)| {
        unit.is_empty() && *name == "B" || unit.eq_ignore_ascii_case(name) || unit.eq_ignore_ascii_case(&name[..1])
    });
    let Some((_, bytes)) = found else {
        let problem = Problem::new(format!("'{shown}' is not a size"));
        let binary = match unit.trim().to_ascii_lowercase().as_str() {
            "kb" => Some("KiB"),
            "mb" => Some("MiB"),
            "gb" => Some("GiB"),
            _ => None,
        };
        let spaced = SIZES.iter().find(|(name, _)| unit.trim().eq_ignore_ascii_case(name));
        return Err(match (binary, spaced) {
            (Some(binary), _) => problem.hint(format!("sizes count in powers of 1024: write {digits}{binary}")),
            (None, Some((name, _))) => problem.hint(format!("write {digits}{name}")),
            (None, None) => problem.hint("the units are KiB, MiB, GiB, or k, m, g for the same"),
        });
    };
    count.checked_mul(*bytes).ok_or_else(|| Problem::new(format!("'{shown}' is too large to count")))
}

/// The shortest text that [`duration`] reads back.
pub(crate) fn show_duration(duration: Duration) -> String {
    let millis = duration.as_millis() as u64;
    let zero = || ("s", 1_000);
    let (name, unit) = if millis == 0 {
        zero()
    } else {
        *TIMES.iter().rev().find(|(_, unit)| millis.is_multiple_of(*unit)).unwrap_or(&TIMES[0])
    };
    format!("{}{name}", millis / unit)
}

/// The shortest text that [`size`] reads back.
pub(crate) fn show_size(bytes: u64) -> String {
    if bytes == 0 {
        return "0".to_owned();
    }
    let (name, unit) = SIZES.iter().rev().find(|(_, unit)| bytes.is_multiple_of(*unit)).unwrap_or(&SIZES[0]);
    if *unit == 1 { format!("{bytes}") } else { format!("{}{name}", bytes / unit) }
}

fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// `text` on one line, cut where it would fill the screen.
pub(crate) fn shorten(text: &str) -> String {
    const MAX: usize = 60;
    let mut shown = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            _ if index == MAX => return shown + "…",
            _ if c.is_control() => shown.extend(c.escape_default()),
            _ => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{duration, show_duration, show_size, size};

    #[test]
    fn durations() {
        let millis = |text| duration(text).map(|d| d.as_millis()).map_err(|p| p.hint.unwrap_or_default());
        assert_eq!(millis("50ms"), Ok(50));
        assert_eq!(millis("2m"), Ok(120_000));
        assert_eq!(millis("1h"), Ok(3_600_000));
        assert_eq!(millis("50"), Err("write 50ms or 50s".to_owned()));
        assert_eq!(millis("1.5s"), Err("durations are whole numbers: write 1500ms".to_owned()));
        assert_eq!(millis("5 s"), Err("write 5s".to_owned()));
        assert!(millis("").is_err() && millis("-1s").is_err() && millis("99999999999999999999h").is_err());
        assert!(millis("18446744073709551615h").is_err());
    }

    #[test]
    fn sizes() {
        let bytes = |text| size(text).map_err(|p| p.hint.unwrap_or_default());
        assert_eq!(bytes("65536"), Ok(65_536));
        assert_eq!(bytes("64KiB"), Ok(65_536));
        assert_eq!(bytes("128k"), Ok(131_072));
        assert_eq!(bytes("1M"), Ok(1 << 20));
        assert_eq!(bytes("2gib"), Ok(2 << 30));
        assert_eq!(bytes("64KB"), Err("sizes count in powers of 1024: write 64KiB".to_owned()));
        assert_eq!(bytes("1 MiB"), Err("write 1MiB".to_owned()));
        assert!(bytes("").is_err() && bytes("1x").is_err() && bytes("18446744073709551615g").is_err());
    }

    #[test]
    fn text_and_back() {
        for text in ["0s", "1ms", "1500ms", "90s", "2m", "1h"] {
            assert_eq!(duration(text).map(show_duration).as_deref(), Ok(text));
        }
        for text in ["0", "1000", "64KiB", "1MiB", "3GiB"] {
            assert_eq!(size(text).map(show_size).as_deref(), Ok(text));
        }
    }
}
