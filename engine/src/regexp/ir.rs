//! The pattern tree and what can be known of it before matching.

use std::ops::Range;

use super::Flags;
use super::charset::{CharSet, MAX_UNIT};
use super::unicode;

/// A pattern with its flags resolved into the nodes.
pub(super) struct Pattern {
    pub(super) flags: Flags,
    pub(super) root: Node,
    /// Groups, the whole match included.
    pub(super) captures: u32,
    /// Group number and name, ascending.
    pub(super) names: Vec<(u32, Vec<u16>)>,
}

/// A part of a pattern.
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Units that each match of it has at least.
    pub(super) min_len: u32,
}

/// The forms of a part.
pub(super) enum Kind {
    Empty,
    /// A code point with `u` or `v`, else a unit.
    Char(u32),
    /// One character of the set, which is closed under case if case is ignored.
    Set(CharSet),
    Seq(Vec<Node>),
    Alt(Vec<Node>),
    Capture(u32, Box<Node>),
    Repeat(Box<Repeat>),
    Look(Box<Look>),
    /// The first of the groups that has matched.
    BackRef {
        groups: Vec<u32>,
        ignore_case: bool,
    },
    Start {
        multiline: bool,
    },
    End {
        multiline: bool,
    },
    Word {
        negated: bool,
        folded: bool,
    },
}

/// A quantifier.
pub(super) struct Repeat {
    pub(super) body: Node,
    pub(super) min: u32,
    /// `NONE` for no bound.
    pub(super) max: u32,
    pub(super) greedy: bool,
    /// Groups inside.
    pub(super) captures: Range<u32>,
}

/// A lookahead or lookbehind.
pub(super) struct Look {
    pub(super) body: Node,
    pub(super) behind: bool,
    pub(super) negated: bool,
    /// Groups inside.
    pub(super) captures: Range<u32>,
}

impl Node {
    pub(super) fn empty() -> Node {
        Node { kind: Kind::Empty, min_len: 0 }
    }

    pub(super) fn char(cp: u32) -> Node {
        Node { kind: Kind::Char(cp), min_len: if cp > MAX_UNIT { 2 } else { 1 } }
    }

    pub(super) fn set(set: CharSet) -> Node {
        match set.ranges() {
            [(lo, hi)] if lo == hi => Node::char(*lo),
            _ => Node { kind: Kind::Set(set), min_len: 1 },
        }
    }

    /// A sequence; sequences in it are spliced.
    pub(super) fn seq(nodes: Vec<Node>) -> Node {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node.kind {
                Kind::Empty => {}
                Kind::Seq(inner) => items.extend(inner),
                _ => items.push(node),
            }
        }
        if items.len() <= 1 {
            return items.pop().unwrap_or_else(Node::empty);
        }
        let min_len = items.iter().fold(0u32, |sum, node| sum.saturating_add(node.min_len));
        Node { kind: Kind::Seq(items), min_len }
    }

    /// Alternatives, first wins. Alternatives of one character each become a set.
    pub(super) fn alt(mut nodes: Vec<Node>) -> Node {
        if nodes.len() <= 1 {
            return nodes.pop().unwrap_or_else(Node::empty);
        }
        if nodes.iter().all(|node| matches!(node.kind, Kind::Char(_) | Kind::Set(_))) {
            let ranges = |node: &Node| match &node.kind {
                Kind::Char(cp) => vec![(*cp, *cp)],
                Kind::Set(set) => set.ranges().to_vec(),
                _ => Vec::new(),
            };
            return Node::set(CharSet::from_ranges(nodes.iter().flat_map(ranges)));
        }
        let min_len = nodes.iter().map(|node| node.min_len).min().unwrap_or(0);
        Node { kind: Kind::Alt(nodes), min_len }
    }

    pub(super) fn capture(group: u32, body: Node) -> Node {
        let min_len = body.min_len;
        Node { kind: Kind::Capture(group, Box::new(body)), min_len }
    }

    pub(super) fn repeat(repeat: Repeat) -> Node {
        match (repeat.min, repeat.max) {
            (_, 0) => Node::empty(),
            (1, 1) => repeat.body,
            (min, _) => {
                let min_len = repeat.body.min_len.saturating_mul(min);
                Node { kind: Kind::Repeat(Box::new(repeat)), min_len }
            }
        }
    }

    /// Anything that matches no characters of its own, or perhaps none.
    pub(super) fn zero_width(kind: Kind) -> Node {
        Node { kind, min_len: 0 }
    }

    /// Whether it may match the empty string.
    pub(super) fn nullable(&self) -> bool {
        self.min_len == 0
    }

    /// Whether every match of it starts at the start of the input.
    pub(super) fn anchored(&self) -> bool {
        match &self.kind {
            Kind::Start { multiline } => !multiline,
            Kind::Seq(items) => {
                for item in items {
                    if item.anchored() {
                        return true;
                    }
                    if !item.is_zero_width() {
                        return false;
                    }
                }
                false
            }
            Kind::Alt(nodes) => nodes.iter().all(Node::anchored),
            Kind::Capture(_, body) => body.anchored(),
            Kind::Repeat(repeat) => repeat.min > 0 && repeat.body.anchored(),
            Kind::Empty
            | Kind::Char(_)
            | Kind::Set(_)
            | Kind::Look(_)
            | Kind::BackRef { .. }
            | Kind::End { .. }
            | Kind::Word { .. } => false,
        }
    }

    fn is_zero_width(&self) -> bool {
        matches!(self.kind, Kind::Empty | Kind::Look(_) | Kind::Start { .. } | Kind::End { .. } | Kind::Word { .. })
    }

    /// Appends the units that every match begins with; `false` if more could follow them that is
    /// not known.
    pub(super) fn literal_prefix(&self, by_code_point: bool, units: &mut Vec<u32>) -> bool {
        match &self.kind {
            Kind::Char(cp) if !(by_code_point && is_surrogate(*cp)) => {
                push_units(*cp, units);
                true
            }
            Kind::Seq(items) => items.iter().all(|item| item.literal_prefix(by_code_point, units)),
            Kind::Capture(_, body) => body.literal_prefix(by_code_point, units),
            _ => self.is_zero_width(),
        }
    }
}

/// Appends the one or two units of a code point.
pub(super) fn push_units(cp: u32, units: &mut Vec<u32>) {
    if cp > MAX_UNIT {
        let offset = cp - 0x1_0000;
        units.extend([0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF)]);
    } else {
        units.push(cp);
    }
}

/// Whether `cp` is a lone surrogate.
pub(super) fn is_surrogate(cp: u32) -> bool {
    (0xD800..=0xDFFF).contains(&cp)
}

/// What may come next where some part of the pattern begins. A superset: it may name units that
/// cannot lead to a match, never leave out one that can.
#[derive(Clone, Debug, Default)]
pub(super) struct First {
    /// Units that a match may begin with.
    pub(super) units: CharSet,
    /// Whether it may match at the end of the input.
    pub(super) end: bool,
    /// Nothing is known: it may match before any unit.
    pub(super) any: bool,
}

impl First {
    pub(super) fn any() -> First {
        First { units: CharSet::new(), end: true, any: true }
    }

    fn of(units: CharSet) -> First {
        First::limited(units, false)
    }

    /// Too many ranges are not worth keeping for every part of a pattern.
    fn limited(units: CharSet, end: bool) -> First {
        if units.ranges().len() > MAX_FIRST_RANGES { First::any() } else { First { units, end, any: false } }
    }

    pub(super) fn union(&self, other: &First) -> First {
        if self.any || other.any {
            return First::any();
        }
        First::limited(self.units.union(&other.units), self.end || other.end)
    }

    /// Whether it needs one of `units` next, so that testing for them rules out other input.
    pub(super) fn needs_unit(&self) -> bool {
        !self.any && !self.end
    }

    /// Whether it cannot match before one of `units`.
    pub(super) fn excludes(&self, units: &CharSet) -> bool {
        !self.any && self.units.is_disjoint(units)
    }
}

/// The most ranges of a [`First`]; with more, it counts as unknown.
const MAX_FIRST_RANGES: usize = 128;
/// Nodes that one computation of a [`First`] looks at; deeper parts count as unknown.
const FIRST_BUDGET: u32 = 64;

/// What `node` followed by `rest` may begin with.
pub(super) fn first(node: &Node, rest: &First) -> First {
    first_within(node, rest, &mut { FIRST_BUDGET })
}

fn first_within(node: &Node, rest: &First, budget: &mut u32) -> First {
    if *budget == 0 {
        return First::any();
    }
    *budget -= 1;
    match &node.kind {
        Kind::Empty | Kind::Look(_) | Kind::Start { .. } | Kind::Word { .. } => rest.clone(),
        Kind::Char(cp) => First::of(CharSet::single(*cp).leading_units()),
        Kind::Set(set) => First::of(set.leading_units()),
        Kind::Seq(items) => {
            // Nothing after the first part that needs a character matters.
            let visible = items.iter().position(|item| !item.nullable()).map_or(items.len(), |at| at + 1);
            items[..visible].iter().rev().fold(rest.clone(), |rest, item| first_within(item, &rest, budget))
        }
        Kind::Alt(nodes) => {
            let mut all = First::default();
            for node in nodes {
                all = all.union(&first_within(node, rest, budget));
                if all.any {
                    break;
                }
            }
            all
        }
        Kind::Capture(_, body) => first_within(body, rest, budget),
        Kind::Repeat(repeat) => {
            let body = first_within(&repeat.body, rest, budget);
            if repeat.min == 0 { body.union(rest) } else { body }
        }
        Kind::BackRef { .. } => First::any(),
        Kind::End { multiline } => {
            let units = if *multiline { unicode::line_terminators() } else { CharSet::new() };
            First { units, end: true, any: false }
        }
    }
}
