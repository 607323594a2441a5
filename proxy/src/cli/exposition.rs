//! What `/metrics` says, read back: the OpenMetrics text format as far as our own gateway writes it.
use std::collections::BTreeSet;

/// All samples of a page.
#[derive(Debug, Default)]
pub struct Page {
    samples: Vec<Sample>,
}

#[derive(Debug, PartialEq)]
struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    value: f64,
}

impl Page {
    /// Reads a page; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Some(Self { samples: samples.map(sample).collect::<Option<_>>()? })
    }

    /// The sum of all samples of `name` that have all these labels; 0 when there is none.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let fits = |sample: &&Sample| {
            sample.name == name
                && labels.iter().all(|(key, value)| sample.labels.iter().any(|(k, v)| k == key && v == value))
        };
        // Not `sum()`, whose zero is a negative one.
        self.samples.iter().filter(fits).fold(0.0, |sum, sample| sum + sample.value)
    }

    /// The values that `label` has in the samples of `name`, in order.
    pub fn values(&self, name: &str, label: &str) -> BTreeSet<&str> {
        let of_name = self.samples.iter().filter(|sample| sample.name == name);
        of_name.flat_map(|sample| &sample.labels).filter(|(key, _)| key == label).map(|(_, v)| v.as_str()).collect()
    }
}

/// `name{key="value",…} number`
fn sample(line: &str) -> Option<Sample> {
    let end = line.find(['{', ' '])?;
    let name = line[..end].to_owned();
    let mut rest = &line[end..];
    let mut labels = Vec::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while !rest.starts_with('}') {
            let (key, after) = rest.trim_start_matches(',').split_once("=\"")?;
            let (value, after) = quoted(after)?;
            labels.push((key.to_owned(), value));
            rest = after;
        }
        rest = &rest[1..];
    }
    let value = rest.trim_start().split(' ').next()?.parse().ok()?;
    Some(Sample { name, labels, value })
}

/// A label's value up to its closing quote, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    loop {
        match characters.next()? {
            (at, '"') => return Some((value, &text[at + 1..])),
            (_, '\\') => value.push(match characters.next()?.1 {
                'n' => '\n',
                other => other,
            }),
            (_, other) => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page() {
        let text = "# TYPE a counter\na_total{r=\"/x\",c=\"2xx\"} 3\na_total{r=\"/x\",c=\"5xx\"} 1 1700000000\n\
                    a_total{r=\"q\\\"}\\\\\",c=\"2xx\"} 2.5\nb 7\n# EOF\n";
        let page = Page::read(text).unwrap();
        assert_eq!(page.sum("a_total", &[("r", "/x")]), 4.0);
        assert_eq!(page.sum("a_total", &[("c", "2xx")]), 5.5);
        assert_eq!(page.sum("a_total", &[("c", "2xx"), ("r", "/x")]), 3.0);
        assert_eq!(page.sum("b", &[]), 7.0);
        assert!(page.sum("none", &[]).is_sign_positive());
        assert_eq!(page.values("a_total", "r").into_iter().collect::<Vec<_>>(), ["/x", "q\"}\\"]);
    }

    #[test]
    fn what_is_no_page() {
        for text in ["<html>", "a{b=\"c} 1", "a{b} 1", "a x", "a"] {
            assert!(Page::read(text).is_none(), "{text}");
        }
    }
}
