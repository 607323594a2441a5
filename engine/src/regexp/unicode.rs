//! Unicode rules of patterns: `Canonicalize`, case closure, the named escapes and `\p{…}`.
//!
//! Case folding of `u` and `v` patterns and all properties come from ICU4X data; the upper-case
//! rule of other patterns uses `char::to_uppercase`, which is the unconditional full mapping the
//! specification names.

use std::sync::OnceLock;

use icu_casemap::CaseMapper;
use icu_properties::props::{BasicEmoji, GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::script::ScriptWithExtensions;
use icu_properties::{CodePointMapData, CodePointSetData, EmojiSetData, PropertyParser};

use super::charset::{CharSet, MAX_CODE_POINT, MAX_UNIT};

/// Which of the two `Canonicalize` rules a pattern uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaseRule {
    /// Patterns without `u` and `v`: upper case of one unit, never from non-ASCII to ASCII.
    Upper,
    /// Patterns with `u` or `v`: simple case folding.
    Fold,
}

/// `22.2.2.7.3 Canonicalize ( rer, ch )` with the ignoreCase flag set.
pub(super) fn canonicalize(rule: CaseRule, ch: u32) -> u32 {
    match rule {
        CaseRule::Upper => canonicalize_upper(ch),
        CaseRule::Fold => canonicalize_fold(ch),
    }
}

fn canonicalize_upper(ch: u32) -> u32 {
    if ch < 0x80 {
        return u32::from((ch as u8).to_ascii_uppercase());
    }
    let Some(c) = char::from_u32(ch) else { return ch };
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(u), None) if u as u32 >= 0x80 && u as u32 <= MAX_UNIT => u as u32,
        _ => ch,
    }
}

fn canonicalize_fold(ch: u32) -> u32 {
    if ch < 0x80 {
        return u32::from((ch as u8).to_ascii_lowercase());
    }
    char::from_u32(ch).map_or(ch, |c| CaseMapper::new().simple_fold(c) as u32)
}

/// Every code point whose class of case variants has more than one member, as `(canonical,
/// member)`, sorted.
struct CaseClasses(Vec<(u32, u32)>);

impl CaseClasses {
    fn build(rule: CaseRule) -> CaseClasses {
        // No case pair lies above the first supplementary plane; a test holds the data to it.
        let last = if rule == CaseRule::Upper { MAX_UNIT } else { 0x1_FFFF };
        let moved: Vec<(u32, u32)> =
            (0..=last).map(|cp| (canonicalize(rule, cp), cp)).filter(|(canonical, cp)| canonical != cp).collect();
        let mut classes = moved.clone();
        classes.extend(moved.iter().map(|&(canonical, _)| (canonical, canonical)));
        classes.sort_unstable();
        classes.dedup();
        CaseClasses(classes)
    }

    fn of(rule: CaseRule) -> &'static CaseClasses {
        static UPPER: OnceLock<CaseClasses> = OnceLock::new();
        static FOLD: OnceLock<CaseClasses> = OnceLock::new();
        let cell = if rule == CaseRule::Upper { &UPPER } else { &FOLD };
        cell.get_or_init(|| CaseClasses::build(rule))
    }
}

/// Sets up to this size are closed member by member, larger ones class by class.
const MAX_LOOKED_UP: u32 = 64;

/// All code points that have the same canonical form as a member of `set`.
pub(super) fn case_closure(rule: CaseRule, set: &CharSet) -> CharSet {
    // OPTIMIZATION: under the upper-case rule ASCII only pairs with ASCII, so the table is not built.
    if rule == CaseRule::Upper && set.max().is_none_or(|max| max < 0x80) {
        let shifted = |first: u32, last: u32, to: u32| {
            let part = set.intersection(&CharSet::range(first, last));
            part.ranges().iter().map(|&(lo, hi)| (lo - first + to, hi - first + to)).collect::<Vec<_>>()
        };
        let (a, z, upper_a, upper_z) = (0x61, 0x7A, 0x41, 0x5A);
        let added = [shifted(a, z, upper_a), shifted(upper_a, upper_z, a)].concat();
        return CharSet::from_ranges(set.ranges().iter().copied().chain(added));
    }
    let classes = &CaseClasses::of(rule).0;
    if set.len() <= MAX_LOOKED_UP {
        let variants = set.iter().flat_map(|cp| {
            let canonical = canonicalize(rule, cp);
            let class = classes.partition_point(|entry| entry.0 < canonical);
            classes[class..].iter().take_while(move |entry| entry.0 == canonical).map(|entry| (entry.1, entry.1))
        });
        return CharSet::from_ranges(set.ranges().iter().copied().chain(variants));
    }
    let mut added = Vec::new();
    for class in classes.chunk_by(|x, y| x.0 == y.0) {
        if class.iter().any(|&(_, member)| set.contains(member)) {
            added.extend(class.iter().map(|&(_, member)| (member, member)));
        }
    }
    CharSet::from_ranges(set.ranges().iter().copied().chain(added))
}

/// `\d`.
pub(super) fn digits() -> CharSet {
    CharSet::range(0x30, 0x39)
}

/// `\w`; `folded` adds the two non-ASCII characters that fold into it (`iu`, `iv`).
pub(super) fn word_chars(folded: bool) -> CharSet {
    let ascii = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
    let extra: &[(u32, u32)] = if folded { &[(0x17F, 0x17F), (0x212A, 0x212A)] } else { &[] };
    CharSet::from_ranges(ascii.into_iter().chain(extra.iter().copied()))
}

/// Whether `\b` sees a word character. Agrees with [`word_chars`].
#[inline]
pub(super) fn is_word(ch: u32, folded: bool) -> bool {
    if ch < 0x80 {
        let ch = ch as u8;
        return ch.is_ascii_alphanumeric() || ch == b'_';
    }
    folded && (ch == 0x17F || ch == 0x212A)
}

/// `\s`: WhiteSpace and LineTerminator.
pub(super) fn spaces() -> CharSet {
    CharSet::from_ranges([
        (0x09, 0x0D),
        (0x20, 0x20),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200A),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ])
}

/// The characters that `.` does not match without `s`.
pub(super) fn line_terminators() -> CharSet {
    CharSet::from_ranges([(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)])
}

/// Whether `ch` is in [`line_terminators`].
#[inline]
pub(super) fn is_line_terminator(ch: u32) -> bool {
    matches!(ch, 0x0A | 0x0D | 0x2028 | 0x2029)
}

/// The set of `\p{name}` or `\p{name=value}`; `None` if the data has no such property.
pub(super) fn property(name: &str, value: Option<&str>) -> Option<CharSet> {
    match (name, value) {
        ("General_Category" | "gc", Some(value)) => general_category(value),
        ("Script" | "sc", Some(value)) => script(value, false),
        ("Script_Extensions" | "scx", Some(value)) => script(value, true),
        ("Any", None) => Some(CharSet::range(0, MAX_CODE_POINT)),
        ("ASCII", None) => Some(CharSet::range(0, 0x7F)),
        ("Assigned", None) => general_category("Cn").map(|set| set.complement(MAX_CODE_POINT)),
        (name, None) => CodePointSetData::new_for_ecma262(name.as_bytes())
            .map(|set| CharSet::from_ranges(set.iter_ranges().map(|r| (*r.start(), *r.end())))),
        _ => None,
    }
}

fn general_category(value: &str) -> Option<CharSet> {
    let group = PropertyParser::<GeneralCategoryGroup>::new().get_strict(value)?;
    let map = CodePointMapData::<GeneralCategory>::new();
    Some(CharSet::from_ranges(map.iter_ranges_for_group(group).map(|r| (*r.start(), *r.end()))))
}

fn script(value: &str, extensions: bool) -> Option<CharSet> {
    let script = PropertyParser::<Script>::new().get_strict(value)?;
    let ranges = |r: std::ops::RangeInclusive<u32>| (*r.start(), *r.end());
    Some(if extensions {
        CharSet::from_ranges(ScriptWithExtensions::new().get_script_extensions_ranges(script).map(ranges))
    } else {
        CharSet::from_ranges(CodePointMapData::<Script>::new().iter_ranges_for_value(script).map(ranges))
    })
}

/// A property of strings: its single code points and its longer strings.
pub(super) struct StringProperty {
    pub(super) singles: CharSet,
    pub(super) strings: Vec<Vec<u32>>,
}

/// The set of `\p{name}` for a property of strings; `None` where there is no data for it.
pub(super) fn string_property(name: &str) -> Option<StringProperty> {
    match name {
        "Basic_Emoji" => Some(basic_emoji()),
        "Emoji_Keycap_Sequence" => {
            let keys = "0123456789#*".chars();
            let strings = keys.map(|key| vec![key as u32, 0xFE0F, 0x20E3]).collect();
            Some(StringProperty { singles: CharSet::new(), strings })
        }
        "RGI_Emoji_Tag_Sequence" => {
            let flags = ["gbeng", "gbsct", "gbwls"];
            let tagged = |region: &str| {
                let tags = region.bytes().map(|b| 0xE0000 + u32::from(b));
                std::iter::once(0x1F3F4).chain(tags).chain([0xE007F]).collect()
            };
            Some(StringProperty { singles: CharSet::new(), strings: flags.map(tagged).to_vec() })
        }
        _ => None,
    }
}

fn basic_emoji() -> StringProperty {
    let data = EmojiSetData::new::<BasicEmoji>();
    let single = |cp: &u32| data.contains32(*cp);
    let singles = CharSet::from_ranges((0..=0x1_FFFF).filter(single).map(|cp| (cp, cp)));
    // Emoji without emoji presentation are basic emoji only with a variation selector after them.
    let presented = |cp: &u32| char::from_u32(*cp).is_some_and(|c| data.contains_str(&format!("{c}\u{FE0F}")));
    let strings = (0..=0x1_FFFF).filter(presented).map(|cp| vec![cp, 0xFE0F]).collect();
    StringProperty { singles, strings }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closure(rule: CaseRule, s: &str) -> Vec<u32> {
        case_closure(rule, &CharSet::from_ranges(s.chars().map(|c| (c as u32, c as u32)))).iter().collect()
    }

    #[test]
    fn upper_rule_keeps_ascii_apart() {
        assert_eq!(closure(CaseRule::Upper, "k"), [0x4B, 0x6B]);
        assert_eq!(closure(CaseRule::Upper, "\u{17F}"), [0x17F]);
        assert_eq!(closure(CaseRule::Upper, "ß"), [0xDF]);
        assert_eq!(closure(CaseRule::Upper, "µ"), [0xB5, 0x39C, 0x3BC]);
        assert_eq!(closure(CaseRule::Upper, "[_^"), [0x5B, 0x5E, 0x5F]);
    }

    #[test]
    fn fold_rule_joins_all_variants() {
        assert_eq!(closure(CaseRule::Fold, "k"), [0x4B, 0x6B, 0x212A]);
        assert!([0xDF, 0x1E9E].iter().all(|cp| closure(CaseRule::Fold, "ß").contains(cp)));
        assert_eq!(closure(CaseRule::Fold, "𐐀"), [0x10400, 0x10428]);
    }

    #[test]
    fn case_classes_lie_below_the_scanned_limit() {
        let fold = |cp: u32| canonicalize(CaseRule::Fold, cp) == cp;
        assert!((0x2_0000..=MAX_CODE_POINT).all(fold));
    }

    #[test]
    fn properties() {
        assert!(property("General_Category", Some("Lu")).is_some_and(|s| s.contains(0x41) && !s.contains(0x61)));
        assert!(property("gc", Some("Letter")).is_some_and(|s| s.contains(0x61)));
        assert!(property("gc", Some("punct")).is_some_and(|s| s.contains(0x21)));
        assert!(property("Script", Some("Grek")).is_some_and(|s| s.contains(0x3B1) && !s.contains(0x61)));
        assert!(property("scx", Some("Deva")).is_some_and(|s| s.contains(0x964)));
        assert!(!property("sc", Some("Deva")).is_some_and(|s| s.contains(0x964)));
        assert!(property("Emoji", None).is_some_and(|s| s.contains(0x1F600)));
        assert!(property("Assigned", None).is_some_and(|s| !s.contains(0x378)));
        assert!(property("No_Such", None).is_none());
    }

    #[test]
    fn string_properties() {
        assert!(string_property("RGI_Emoji_ZWJ_Sequence").is_none());
        assert!(string_property("Basic_Emoji").is_some_and(|p| {
            p.singles.contains(0x231A) && !p.singles.contains(0xA9) && p.strings.contains(&vec![0xA9, 0xFE0F])
        }));
    }

    #[test]
    fn word_test_agrees_with_set() {
        for folded in [false, true] {
            let set = word_chars(folded);
            assert!((0..=MAX_UNIT).all(|cp| is_word(cp, folded) == set.contains(cp)));
        }
    }
}
