//! toLocaleString, always as in en-US: groups of three, at most three fraction digits.
use super::decimal;

/// A number as in en-US.
pub fn format(x: f64) -> String {
    if x.is_nan() {
        return "NaN".into();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}∞");
    }
    if x.abs() >= 1e21 {
        let (mut digits, exponent) = decimal::shortest(x.abs());
        digits.extend(std::iter::repeat_n('0', (exponent as usize + 1).saturating_sub(digits.len())));
        return format!("{sign}{}", group_digits(&digits));
    }
    let mut out = decimal::Text::new();
    decimal::fixed(x.abs(), 3, &mut out);
    let text = String::from_utf8_lossy(out.bytes()).into_owned();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", group_digits(whole))
}

/// Decimal digits with a comma between groups of three.
pub fn group_digits(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn en_us() {
        for (x, expected) in [
            (1234.5, "1,234.5"),
            (0.0, "0"),
            (-1e6, "-1,000,000"),
            (1234.5678, "1,234.568"),
            (999.9996, "1,000"),
            (1.5e21, "1,500,000,000,000,000,000,000"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(format(x), expected);
        }
    }
}
