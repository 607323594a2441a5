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
    let (whole, fraction) = rounded(x.abs());
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", group_digits(&whole))
}

/// Integer digits and at most three fraction digits of the shortest decimal form, half away from zero.
fn rounded(x: f64) -> (String, String) {
    let (digits, exponent) = decimal::shortest(x);
    // Thousandths: the digits up to three places behind the point; zeros fill what the shortest form leaves out.
    let kept = i64::from(exponent) + 4;
    let digit =
        |i: i64| usize::try_from(i).ok().and_then(|i| digits.as_bytes().get(i)).map_or(0, |d| u128::from(d - b'0'));
    let mut thousandths = (0..kept.max(0)).fold(0u128, |n, i| 10 * n + digit(i));
    if kept >= 0 && digit(kept) >= 5 {
        thousandths += 1;
    }
    let fraction = format!("{:03}", thousandths % 1000);
    ((thousandths / 1000).to_string(), fraction.trim_end_matches('0').to_string())
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
            (1_234_567.891_5, "1,234,567.892"),
            (0.0004, "0"),
            (0.0005, "0.001"),
            (999.9996, "1,000"),
            (1.5e21, "1,500,000,000,000,000,000,000"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(format(x), expected);
        }
    }
}
