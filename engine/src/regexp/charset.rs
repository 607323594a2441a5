//! Sets of code points as sorted, disjoint, non-adjacent inclusive ranges.

/// The largest code point.
pub(super) const MAX_CODE_POINT: u32 = 0x10_FFFF;
/// The largest UTF-16 code unit.
pub(super) const MAX_UNIT: u32 = 0xFFFF;

/// A set of code points (or of UTF-16 units in patterns without `u` or `v`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct CharSet {
    /// Sorted by start; neighbours neither overlap nor touch.
    ranges: Vec<(u32, u32)>,
}

impl CharSet {
    /// The empty set.
    pub(super) const fn new() -> CharSet {
        CharSet { ranges: Vec::new() }
    }

    /// The set of one code point.
    pub(super) fn single(cp: u32) -> CharSet {
        CharSet { ranges: vec![(cp, cp)] }
    }

    /// The set of one inclusive range.
    pub(super) fn range(lo: u32, hi: u32) -> CharSet {
        debug_assert!(lo <= hi);
        CharSet { ranges: vec![(lo, hi)] }
    }

    /// The union of inclusive ranges, which may come in any order and overlap.
    pub(super) fn from_ranges(ranges: impl IntoIterator<Item = (u32, u32)>) -> CharSet {
        let mut ranges: Vec<(u32, u32)> = ranges.into_iter().filter(|r| r.0 <= r.1).collect();
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (lo, hi) in ranges {
            match merged.last_mut() {
                Some(last) if lo <= last.1.saturating_add(1) => last.1 = last.1.max(hi),
                _ => merged.push((lo, hi)),
            }
        }
        CharSet { ranges: merged }
    }

    /// The ranges in ascending order.
    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The number of code points.
    pub(super) fn len(&self) -> u32 {
        self.ranges.iter().map(|(lo, hi)| hi - lo + 1).sum()
    }

    /// The code points in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.ranges.iter().flat_map(|&(lo, hi)| lo..=hi)
    }

    pub(super) fn contains(&self, cp: u32) -> bool {
        let at = self.ranges.partition_point(|&(_, hi)| hi < cp);
        self.ranges.get(at).is_some_and(|&(lo, _)| lo <= cp)
    }

    /// The largest member.
    pub(super) fn max(&self) -> Option<u32> {
        self.ranges.last().map(|r| r.1)
    }

    pub(super) fn union(&self, other: &CharSet) -> CharSet {
        CharSet::from_ranges(self.ranges.iter().chain(&other.ranges).copied())
    }

    pub(super) fn intersection(&self, other: &CharSet) -> CharSet {
        let (mut i, mut j) = (0, 0);
        let mut ranges = Vec::new();
        while let (Some(a), Some(b)) = (self.ranges.get(i), other.ranges.get(j)) {
            let (lo, hi) = (a.0.max(b.0), a.1.min(b.1));
            if lo <= hi {
                ranges.push((lo, hi));
            }
            if a.1 < b.1 { i += 1 } else { j += 1 }
        }
        CharSet { ranges }
    }

    pub(super) fn is_disjoint(&self, other: &CharSet) -> bool {
        self.intersection(other).is_empty()
    }

    /// The members of `0..=max` that are not in `self`.
    pub(super) fn complement(&self, max: u32) -> CharSet {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for &(lo, hi) in &self.ranges {
            if lo > max {
                break;
            }
            if next < lo {
                ranges.push((next, lo - 1));
            }
            next = hi.saturating_add(1);
        }
        if next <= max {
            ranges.push((next, max));
        }
        CharSet { ranges }
    }

    pub(super) fn difference(&self, other: &CharSet) -> CharSet {
        self.intersection(&other.complement(MAX_CODE_POINT))
    }

    /// A superset of the UTF-16 units that a member begins with: a set that holds a surrogate or
    /// a supplementary code point gets all surrogates.
    pub(super) fn leading_units(&self) -> CharSet {
        let surrogates = (0xD800, 0xDFFF);
        let touches = |&(lo, hi): &(u32, u32)| hi > MAX_UNIT || (lo <= 0xDFFF && hi >= 0xD800);
        if !self.ranges.iter().any(touches) {
            return self.clone();
        }
        let bmp = self.ranges.iter().filter(|r| r.0 <= MAX_UNIT).map(|&(lo, hi)| (lo, hi.min(MAX_UNIT)));
        CharSet::from_ranges(bmp.chain([surrogates]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ranges: &[(u32, u32)]) -> CharSet {
        CharSet::from_ranges(ranges.iter().copied())
    }

    #[test]
    fn ranges_are_sorted_and_merged() {
        assert_eq!(set(&[(5, 9), (1, 2), (3, 3), (8, 12)]).ranges(), &[(1, 3), (5, 12)]);
        assert_eq!(set(&[(1, 2), (4, 9)]).union(&set(&[(3, 3)])).ranges(), &[(1, 9)]);
    }

    #[test]
    fn set_algebra() {
        let a = set(&[(10, 20), (30, 40)]);
        let b = set(&[(15, 35), (50, 50)]);
        assert_eq!(a.intersection(&b).ranges(), &[(15, 20), (30, 35)]);
        assert_eq!(a.difference(&b).ranges(), &[(10, 14), (36, 40)]);
        assert_eq!(a.complement(45).ranges(), &[(0, 9), (21, 29), (41, 45)]);
        assert_eq!(a.complement(MAX_UNIT).complement(MAX_UNIT), a);
        assert!(a.contains(40) && !a.contains(41) && a.contains(10));
        assert!(a.is_disjoint(&set(&[(21, 29)])));
        assert_eq!(a.len(), 22);
    }

    #[test]
    fn leading_units_cover_surrogates() {
        assert_eq!(set(&[(65, 66)]).leading_units().ranges(), &[(65, 66)]);
        assert_eq!(set(&[(65, 66), (0x1F600, 0x1F601)]).leading_units().ranges(), &[(65, 66), (0xD800, 0xDFFF)]);
        assert_eq!(set(&[(0, MAX_CODE_POINT)]).leading_units().ranges(), &[(0, MAX_UNIT)]);
    }
}
