//! Conditional and range requests for files (RFC 9110 §13 and §14).
use super::cache::Version;
use super::text;
use http::{HeaderMap, header};
use std::time::{Duration, SystemTime};

/// What identifies a version of a file to clients.
#[derive(Debug)]
pub struct Validators {
    /// A strong entity tag, quoted.
    pub etag: String,
    /// The modification time as an HTTP date.
    pub last_modified: String,
    modified_secs: u64,
}

impl Validators {
    /// The validators of a version.
    pub fn new(version: Version) -> Self {
        // HTTP dates begin in 1970; an older file counts as of then.
        let modified_secs = u64::try_from(version.modified_ns.div_euclid(1_000_000_000)).unwrap_or(0);
        Self {
            etag: format!("\"{:x}-{:x}\"", version.modified_ns, version.size),
            last_modified: httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(modified_secs)),
            modified_secs,
        }
    }
}

/// Bytes `start..end` of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// First byte.
    pub start: u64,
    /// Behind the last byte.
    pub end: u64,
}

/// What to answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 200
    Whole,
    /// 206
    Part(ByteRange),
    /// 304
    NotModified,
    /// 416
    Unsatisfiable,
}

/// Evaluates `If-None-Match`, else `If-Modified-Since`, then `Range` under `If-Range` (RFC 9110 §13.2.2).
pub fn evaluate(headers: &HeaderMap, validators: &Validators, size: u64) -> Outcome {
    if headers.contains_key(header::IF_NONE_MATCH) {
        let matches =
            headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|tags| {
                tags.trim() == "*"
                    || tags.split(',').any(|tag| {
                        let tag = tag.trim();
                        tag.strip_prefix("W/").unwrap_or(tag) == validators.etag
                    })
            });
        if matches {
            return Outcome::NotModified;
        }
    } else if let Some(since) = text(headers, header::IF_MODIFIED_SINCE).and_then(date_secs)
        && validators.modified_secs <= since
    {
        return Outcome::NotModified;
    }
    let Some(asked) = text(headers, header::RANGE) else { return Outcome::Whole };
    if let Some(condition) = headers.get(header::IF_RANGE) {
        let condition = condition.to_str().unwrap_or_default().trim();
        if condition != validators.etag && date_secs(condition) != Some(validators.modified_secs) {
            return Outcome::Whole;
        }
    }
    range(asked, size)
}

/// A single range; a list of ranges, another unit or a malformed one is ignored, as §14.2 allows.
fn range(asked: &str, size: u64) -> Outcome {
    let parsed = asked.strip_prefix("bytes=").and_then(|spec| {
        let (first, last) = spec.trim().split_once('-')?;
        let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
        match (first, last) {
            ("", _) => number(last).map(|suffix: u64| (size.saturating_sub(suffix), size)),
            (_, "") => number(first).map(|start| (start, size)),
            _ => {
                let (start, last): (u64, u64) = (number(first)?, number(last)?);
                (start <= last).then(|| (start, last.saturating_add(1).min(size)))
            }
        }
    });
    match parsed {
        None => Outcome::Whole,
        Some((start, end)) if start < end => Outcome::Part(ByteRange { start, end }),
        Some(_) => Outcome::Unsatisfiable,
    }
}

fn date_secs(text: &str) -> Option<u64> {
    let date = httpdate::parse_http_date(text).ok()?;
    date.duration_since(SystemTime::UNIX_EPOCH).ok().map(|since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn table() {
        let version = Version { modified_ns: 1_600_000_000_500_000_000, size: 100 };
        let validators = Validators::new(version);
        let etag = validators.etag.as_str();
        let part = |start, end| Outcome::Part(ByteRange { start, end });
        let weak = format!("W/{etag}");
        let listed = format!("\"x\", {etag}");
        let cases: Vec<(Vec<(&str, &str)>, Outcome)> = vec![
            (vec![], Outcome::Whole),
            (vec![("if-none-match", etag)], Outcome::NotModified),
            (vec![("if-none-match", &weak)], Outcome::NotModified),
            (vec![("if-none-match", &listed)], Outcome::NotModified),
            (vec![("if-none-match", "*")], Outcome::NotModified),
            (vec![("if-none-match", "\"other\"")], Outcome::Whole),
            (vec![("if-modified-since", "Sun, 13 Sep 2020 12:26:40 GMT")], Outcome::NotModified),
            (vec![("if-modified-since", "Sun, 13 Sep 2020 12:26:39 GMT")], Outcome::Whole),
            (vec![("if-modified-since", "yesterday")], Outcome::Whole),
            (vec![("if-none-match", "\"x\""), ("if-modified-since", "Sun, 13 Sep 2020 12:26:40 GMT")], Outcome::Whole),
            (vec![("range", "bytes=0-9")], part(0, 10)),
            (vec![("range", "bytes=90-")], part(90, 100)),
            (vec![("range", "bytes=-10")], part(90, 100)),
            (vec![("range", "bytes=-1000")], part(0, 100)),
            (vec![("range", "bytes=50-1000")], part(50, 100)),
            (vec![("range", "bytes=100-")], Outcome::Unsatisfiable),
            (vec![("range", "bytes=-0")], Outcome::Unsatisfiable),
            (vec![("range", "bytes=9-1")], Outcome::Whole),
            (vec![("range", "bytes=0-1,5-6")], Outcome::Whole),
            (vec![("range", "lines=1-2")], Outcome::Whole),
            (vec![("range", "bytes=+1-2")], Outcome::Whole),
            (vec![("range", "bytes=0-9"), ("if-range", etag)], part(0, 10)),
            (vec![("range", "bytes=0-9"), ("if-range", "\"old\"")], Outcome::Whole),
            (vec![("range", "bytes=0-9"), ("if-range", "Sun, 13 Sep 2020 12:26:40 GMT")], part(0, 10)),
        ];
        for (headers, expected) in cases {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.append(
                    http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_str(value).unwrap(),
                );
            }
            assert_eq!(evaluate(&map, &validators, version.size), expected, "{headers:?}");
        }
    }
}
