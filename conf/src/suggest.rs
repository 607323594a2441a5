//! "Did you mean": the nearest known word.

/// Longest word compared, so that a hostile file cannot make the comparison dear.
const MAX_CHARS: usize = 64;

/// The candidate nearest to `word`, when it is near enough to be meant: at most a third of its letters differ.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word_folded = word.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = distance(&word_folded, &candidate.to_lowercase())?;
            let tolerated = (candidate.chars().count().max(word.chars().count()) / 3).max(1);
            (distance <= tolerated && distance < candidate.chars().count()).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The hint that goes with [`nearest`].
pub(crate) fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean '{candidate}'?"))
}

/// Edits between two words: insert, delete, replace, and swap of two neighbours (Damerau's restricted distance).
fn distance(a: &str, b: &str) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > MAX_CHARS || b.len() > MAX_CHARS {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn edits_are_counted() {
        assert_eq!(distance("path", "path"), Some(0));
        assert_eq!(distance("paht", "path"), Some(1));
        assert_eq!(distance("pth", "path"), Some(1));
        assert_eq!(distance("", "abc"), Some(3));
    }

    #[test]
    fn only_near_words_are_offered() {
        assert_eq!(nearest("lisntener", ["listeners", "admin"]), Some("listeners"));
        assert_eq!(nearest("Path", ["path", "host"]), Some("path"));
        assert_eq!(nearest("zebra", ["path", "host"]), None);
        assert_eq!(nearest(&"a".repeat(500), ["path"]), None);
    }
}
