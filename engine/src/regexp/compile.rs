//! From pattern text to a program: parses with `oxc_regular_expression` and turns its tree into
//! ours, with flags, modifiers and case closure resolved. The only file that names the parser.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use oxc_allocator::Allocator;
use oxc_regular_expression::ast::{self, CharacterClassContentsKind as ContentsKind, CharacterClassEscapeKind};
use oxc_regular_expression::{LiteralParser, Options};

use super::charset::{CharSet, MAX_CODE_POINT, MAX_UNIT};
use super::codegen;
use super::ir::{Kind, Look, Node, Pattern, Repeat};
use super::pattern::{Grammar, PatternText, normalize};
use super::program::{MAX_CAPTURES, NONE, Program};
use super::unicode::{self, CaseRule};
use super::{Flags, SyntaxError};

/// Compiles a pattern. The deepest accepted nesting takes 3 MiB of stack.
///
/// # Errors
/// A pattern that ECMA-262 refuses, one beyond a limit (length, nesting of groups, groups, size of
/// the program), or a property of strings that there is no data for.
pub fn compile(pattern: &PatternText<'_>, flags: Flags) -> Result<Program, SyntaxError> {
    let grammar = Grammar { unicode: flags.by_code_point(), sets: flags.contains(Flags::UNICODE_SETS) };
    let text = normalize(*pattern, grammar)?;
    let allocator = Allocator::default();
    // Only the grammar flags matter to the parser.
    let grammar_flags = match grammar {
        Grammar { sets: true, .. } => "v",
        Grammar { unicode: true, .. } => "u",
        Grammar { .. } => "",
    };
    let tree = LiteralParser::new(&allocator, &text, Some(grammar_flags), Options::default())
        .parse()
        .map_err(|error| SyntaxError::new(parser_message(&error.message)))?;
    let pattern = Builder::build(&tree, flags)?;
    codegen::generate(&pattern)
}

/// The parser's message without its prefix, as a phrase.
fn parser_message(message: &str) -> String {
    let phrase = message.trim_start_matches("Invalid regular expression:").trim_start();
    let mut chars = phrase.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The modifiers in force.
#[derive(Clone, Copy)]
struct Mode {
    ignore_case: bool,
    multiline: bool,
    dot_all: bool,
}

impl Mode {
    fn of(flags: Flags) -> Mode {
        Mode {
            ignore_case: flags.contains(Flags::IGNORE_CASE),
            multiline: flags.contains(Flags::MULTILINE),
            dot_all: flags.contains(Flags::DOT_ALL),
        }
    }

    fn modified(self, modifiers: &ast::Modifiers) -> Mode {
        let apply = |now: bool, modifier| {
            now && !modifiers.disabling.contains(modifier) || modifiers.enabling.contains(modifier)
        };
        Mode {
            ignore_case: apply(self.ignore_case, ast::Modifier::I),
            multiline: apply(self.multiline, ast::Modifier::M),
            dot_all: apply(self.dot_all, ast::Modifier::S),
        }
    }
}

/// Where a group stands: the disjunctions around it, each with the alternative it is in.
type Path = Vec<(u32, u32)>;

struct Builder {
    flags: Flags,
    rule: CaseRule,
    /// The next group's number.
    next_group: u32,
    /// Groups, the whole match included.
    captures: u32,
    next_disjunction: u32,
    path: Path,
    /// Names in the order of their groups.
    names: Vec<(u32, String)>,
    groups_of_name: HashMap<String, Vec<u32>>,
    /// Properties that were looked up.
    properties: HashMap<PropertyKey, CharSet>,
    /// Ranges of all sets so far.
    ranges: usize,
}

/// Name, value, negated, ignoring case.
type PropertyKey = (String, Option<String>, bool, bool);

/// The most ranges of all sets of a pattern.
const MAX_RANGES: usize = 1 << 19;

impl Builder {
    fn build(tree: &ast::Pattern<'_>, flags: Flags) -> Result<Pattern, SyntaxError> {
        let rule = if flags.by_code_point() { CaseRule::Fold } else { CaseRule::Upper };
        let mut builder = Builder {
            flags,
            rule,
            next_group: 1,
            captures: 1,
            next_disjunction: 0,
            path: Vec::new(),
            names: Vec::new(),
            groups_of_name: HashMap::new(),
            properties: HashMap::new(),
            ranges: 0,
        };
        let mut paths = HashMap::new();
        builder.collect_names(&tree.body, &mut paths)?;
        builder.captures = std::mem::replace(&mut builder.next_group, 1);
        let root = builder.disjunction(&tree.body, Mode::of(flags))?;
        let captures = builder.captures;
        let names = builder.names.iter().map(|(group, name)| (*group, name.encode_utf16().collect())).collect();
        Ok(Pattern { flags, root, captures, names })
    }

    /// Numbers the groups, collects the names, and refuses a name that is there twice unless the
    /// two are in different alternatives of one disjunction.
    fn collect_names(
        &mut self,
        disjunction: &ast::Disjunction<'_>,
        paths: &mut HashMap<String, Vec<Path>>,
    ) -> Result<(), SyntaxError> {
        let id = self.next_disjunction;
        self.next_disjunction += 1;
        for (alternative, at) in disjunction.body.iter().zip(0..) {
            self.path.push((id, at));
            for term in &alternative.body {
                let mut term = term;
                while let ast::Term::Quantifier(quantifier) = term {
                    term = &quantifier.body;
                }
                match term {
                    ast::Term::LookAroundAssertion(look) => self.collect_names(&look.body, paths)?,
                    ast::Term::IgnoreGroup(group) => self.collect_names(&group.body, paths)?,
                    ast::Term::CapturingGroup(group) => {
                        self.collect_name(group, paths)?;
                        self.collect_names(&group.body, paths)?;
                    }
                    _ => {}
                }
            }
            self.path.pop();
        }
        Ok(())
    }

    fn collect_name(
        &mut self,
        group: &ast::CapturingGroup<'_>,
        paths: &mut HashMap<String, Vec<Path>>,
    ) -> Result<(), SyntaxError> {
        let number = self.next_group;
        self.next_group += 1;
        if self.next_group > MAX_CAPTURES {
            return Err(SyntaxError::new("too many capturing groups"));
        }
        let Some(name) = &group.name else { return Ok(()) };
        let known = paths.entry(name.to_string()).or_default();
        let apart = |other: &Path| self.path.iter().zip(other).any(|(a, b)| a.0 == b.0 && a.1 != b.1);
        if !known.iter().all(apart) {
            return Err(SyntaxError::new(format!("duplicate capture group name '{name}'")));
        }
        known.push(self.path.clone());
        self.names.push((number, name.to_string()));
        self.groups_of_name.entry(name.to_string()).or_default().push(number);
        Ok(())
    }

    fn disjunction(&mut self, disjunction: &ast::Disjunction<'_>, mode: Mode) -> Result<Node, SyntaxError> {
        let alternatives = disjunction.body.iter().map(|alternative| self.alternative(alternative, mode));
        Ok(Node::alt(alternatives.collect::<Result<_, _>>()?))
    }

    fn alternative(&mut self, alternative: &ast::Alternative<'_>, mode: Mode) -> Result<Node, SyntaxError> {
        let terms = alternative.body.iter().map(|term| self.term(term, mode));
        Ok(Node::seq(terms.collect::<Result<_, _>>()?))
    }

    fn term(&mut self, term: &ast::Term<'_>, mode: Mode) -> Result<Node, SyntaxError> {
        Ok(match term {
            ast::Term::BoundaryAssertion(assertion) => self.boundary(assertion.kind, mode),
            ast::Term::LookAroundAssertion(look) => self.look(look, mode)?,
            ast::Term::Quantifier(quantifier) => self.quantifier(quantifier, mode)?,
            ast::Term::Character(character) => {
                self.set(self.closed(CharSet::single(character.value), mode.ignore_case))?
            }
            ast::Term::Dot(_) if mode.dot_all => self.set(CharSet::range(0, self.universe()))?,
            ast::Term::Dot(_) => self.set(unicode::line_terminators().complement(self.universe()))?,
            ast::Term::CharacterClassEscape(escape) => self.set(self.class_escape(escape.kind, mode))?,
            ast::Term::UnicodePropertyEscape(escape) => {
                let class = self.property(escape, mode)?;
                self.class_node(class, mode)?
            }
            ast::Term::CharacterClass(class) => {
                let class = self.class(class, mode)?;
                self.class_node(class, mode)?
            }
            ast::Term::CapturingGroup(group) => {
                let number = self.next_group;
                self.next_group += 1;
                Node::capture(number, self.disjunction(&group.body, mode)?)
            }
            ast::Term::IgnoreGroup(group) => {
                let mode = group.modifiers.as_ref().map_or(mode, |modifiers| mode.modified(modifiers));
                self.disjunction(&group.body, mode)?
            }
            ast::Term::IndexedReference(reference) => {
                if reference.index >= self.captures {
                    return Err(SyntaxError::new("invalid reference: there is no such group"));
                }
                Node::zero_width(Kind::BackRef { groups: vec![reference.index], ignore_case: mode.ignore_case })
            }
            ast::Term::NamedReference(reference) => {
                let Some(groups) = self.groups_of_name.get(reference.name.as_str()) else {
                    return Err(SyntaxError::new(format!("invalid named reference '{}'", reference.name)));
                };
                Node::zero_width(Kind::BackRef { groups: groups.clone(), ignore_case: mode.ignore_case })
            }
        })
    }

    fn boundary(&self, kind: ast::BoundaryAssertionKind, mode: Mode) -> Node {
        let multiline = mode.multiline;
        let word = |negated| Kind::Word { negated, folded: mode.ignore_case && self.rule == CaseRule::Fold };
        Node::zero_width(match kind {
            ast::BoundaryAssertionKind::Start => Kind::Start { multiline },
            ast::BoundaryAssertionKind::End => Kind::End { multiline },
            ast::BoundaryAssertionKind::Boundary => word(false),
            ast::BoundaryAssertionKind::NegativeBoundary => word(true),
        })
    }

    fn look(&mut self, look: &ast::LookAroundAssertion<'_>, mode: Mode) -> Result<Node, SyntaxError> {
        let (behind, negated) = match look.kind {
            ast::LookAroundAssertionKind::Lookahead => (false, false),
            ast::LookAroundAssertionKind::NegativeLookahead => (false, true),
            ast::LookAroundAssertionKind::Lookbehind => (true, false),
            ast::LookAroundAssertionKind::NegativeLookbehind => (true, true),
        };
        let (body, captures) = self.captured(|builder| builder.disjunction(&look.body, mode))?;
        Ok(Node::zero_width(Kind::Look(Box::new(Look { body, behind, negated, captures }))))
    }

    fn quantifier(&mut self, quantifier: &ast::Quantifier<'_>, mode: Mode) -> Result<Node, SyntaxError> {
        // No input is long enough for a larger count to matter.
        let bound = |count: u64| u32::try_from(count).unwrap_or(NONE);
        let (min, max) = (bound(quantifier.min).min(NONE - 1), quantifier.max.map_or(NONE, bound));
        let (body, captures) = self.captured(|builder| builder.term(&quantifier.body, mode))?;
        Ok(Node::repeat(Repeat { body, min, max, greedy: quantifier.greedy, captures }))
    }

    /// What `build` builds, and the groups in it.
    fn captured(
        &mut self,
        build: impl FnOnce(&mut Builder) -> Result<Node, SyntaxError>,
    ) -> Result<(Node, Range<u32>), SyntaxError> {
        let first = self.next_group;
        let node = build(self)?;
        Ok((node, first..self.next_group))
    }

    /// The largest character.
    fn universe(&self) -> u32 {
        if self.flags.by_code_point() { MAX_CODE_POINT } else { MAX_UNIT }
    }

    fn closed(&self, set: CharSet, ignore_case: bool) -> CharSet {
        if ignore_case { unicode::case_closure(self.rule, &set) } else { set }
    }

    fn sets(&self) -> bool {
        self.flags.contains(Flags::UNICODE_SETS)
    }

    fn class_escape(&self, kind: CharacterClassEscapeKind, mode: Mode) -> CharSet {
        // All of them are closed under case: the word characters by definition, the others as they
        // hold no letters.
        let word = || unicode::word_chars(mode.ignore_case && self.rule == CaseRule::Fold);
        match kind {
            CharacterClassEscapeKind::D => unicode::digits(),
            CharacterClassEscapeKind::NegativeD => unicode::digits().complement(self.universe()),
            CharacterClassEscapeKind::S => unicode::spaces(),
            CharacterClassEscapeKind::NegativeS => unicode::spaces().complement(self.universe()),
            CharacterClassEscapeKind::W => word(),
            CharacterClassEscapeKind::NegativeW => word().complement(self.universe()),
        }
    }

    fn property(&mut self, escape: &ast::UnicodePropertyEscape<'_>, mode: Mode) -> Result<Class, SyntaxError> {
        let name = escape.name.as_str();
        if escape.strings {
            let Some(property) = unicode::string_property(name) else {
                return Err(SyntaxError::new(format!("unsupported property of strings '{name}'")));
            };
            let singles = self.closed(property.singles, mode.ignore_case);
            let strings = property.strings.into_iter().map(|string| self.class_string(string, mode)).collect();
            return Ok(Class { singles, strings });
        }
        let value = escape.value.as_ref().map(|value| value.as_str());
        let key = (name.to_owned(), value.map(str::to_owned), escape.negative, mode.ignore_case);
        if let Some(set) = self.properties.get(&key) {
            return Ok(Class::of(set.clone()));
        }
        let Some(set) = unicode::property(name, value) else {
            let value = value.map_or_else(String::new, |value| format!("={value}"));
            return Err(SyntaxError::new(format!("unsupported property '{name}{value}'")));
        };
        // With `v` the complement is taken of the folded set, else the set of the complement is
        // folded. (`22.2.2.9 CompileToCharSet`)
        let set = match escape.negative {
            false => self.closed(set, mode.ignore_case),
            true if self.sets() => self.closed(set, mode.ignore_case).complement(MAX_CODE_POINT),
            true => self.closed(set.complement(MAX_CODE_POINT), mode.ignore_case),
        };
        self.properties.insert(key, set.clone());
        Ok(Class::of(set))
    }

    fn class(&mut self, class: &ast::CharacterClass<'_>, mode: Mode) -> Result<Class, SyntaxError> {
        if class.kind == ContentsKind::Union {
            let union = self.class_union(class, mode)?;
            return Ok(self.class_negated(class, union));
        }
        let mut result: Option<Class> = None;
        for contents in &class.body {
            let operand = self.class_operand(contents, mode)?;
            result = Some(match (result, class.kind) {
                (None, _) => operand,
                (Some(so_far), ContentsKind::Intersection) => so_far.intersection(&operand),
                (Some(so_far), _) => so_far.difference(&operand),
            });
        }
        Ok(self.class_negated(class, result.unwrap_or_default()))
    }

    fn class_negated(&self, class: &ast::CharacterClass<'_>, result: Class) -> Class {
        // The parser refuses a negated class that may contain strings.
        if class.negative { Class::of(result.singles.complement(self.universe())) } else { result }
    }

    /// A union, collected in one go and closed under case once.
    fn class_union(&mut self, class: &ast::CharacterClass<'_>, mode: Mode) -> Result<Class, SyntaxError> {
        let mut open = Vec::new();
        let mut closed = Vec::new();
        let mut strings = BTreeSet::new();
        for contents in &class.body {
            match contents {
                ast::CharacterClassContents::Character(character) => open.push((character.value, character.value)),
                ast::CharacterClassContents::CharacterClassRange(range) => {
                    open.push((range.min.value, range.max.value));
                }
                other => {
                    let operand = self.class_operand(other, mode)?;
                    closed.extend_from_slice(operand.singles.ranges());
                    strings.extend(operand.strings);
                }
            }
        }
        closed.extend_from_slice(self.closed(CharSet::from_ranges(open), mode.ignore_case).ranges());
        Ok(Class { singles: CharSet::from_ranges(closed), strings })
    }

    fn class_operand(&mut self, contents: &ast::CharacterClassContents<'_>, mode: Mode) -> Result<Class, SyntaxError> {
        Ok(match contents {
            ast::CharacterClassContents::CharacterClassRange(range) => {
                Class::of(self.closed(CharSet::range(range.min.value, range.max.value), mode.ignore_case))
            }
            ast::CharacterClassContents::CharacterClassEscape(escape) => {
                Class::of(self.class_escape(escape.kind, mode))
            }
            ast::CharacterClassContents::UnicodePropertyEscape(escape) => self.property(escape, mode)?,
            ast::CharacterClassContents::Character(character) => {
                Class::of(self.closed(CharSet::single(character.value), mode.ignore_case))
            }
            ast::CharacterClassContents::NestedCharacterClass(class) => self.class(class, mode)?,
            ast::CharacterClassContents::ClassStringDisjunction(disjunction) => {
                let mut class = Class::default();
                let mut open = Vec::new();
                for string in &disjunction.body {
                    match string.body.as_slice() {
                        [character] => open.push((character.value, character.value)),
                        characters => {
                            let string = characters.iter().map(|character| character.value).collect();
                            class.strings.insert(self.class_string(string, mode));
                        }
                    }
                }
                class.singles = self.closed(CharSet::from_ranges(open), mode.ignore_case);
                class
            }
        })
    }

    fn class_string(&self, mut string: Vec<u32>, mode: Mode) -> Vec<u32> {
        if mode.ignore_case {
            string.iter_mut().for_each(|cp| *cp = unicode::canonicalize(self.rule, *cp));
        }
        string
    }

    /// A class as a part of the pattern: longer strings first. (`22.2.2.7 CompileAtom`)
    fn class_node(&mut self, class: Class, mode: Mode) -> Result<Node, SyntaxError> {
        if class.strings.is_empty() {
            return self.set(class.singles);
        }
        let mut strings: Vec<Vec<u32>> = class.strings.into_iter().collect();
        strings.sort_by_key(|string| std::cmp::Reverse(string.len()));
        let empty = strings.pop_if(|string| string.is_empty()).is_some();
        let mut alternatives = Vec::with_capacity(strings.len() + 2);
        for string in strings {
            let character = |cp| self.set(self.closed(CharSet::single(cp), mode.ignore_case));
            alternatives.push(Node::seq(string.into_iter().map(character).collect::<Result<_, _>>()?));
        }
        if !class.singles.is_empty() {
            alternatives.push(self.set(class.singles)?);
        }
        if empty {
            alternatives.push(Node::empty());
        }
        Ok(Node::alt(alternatives))
    }

    /// A node for one character of a set.
    fn set(&mut self, set: CharSet) -> Result<Node, SyntaxError> {
        self.ranges += set.ranges().len();
        if self.ranges > MAX_RANGES {
            return Err(SyntaxError::new("pattern too large"));
        }
        Ok(Node::set(set))
    }
}

/// The value of a class: characters and, with `v`, strings of other lengths than one.
#[derive(Default)]
struct Class {
    singles: CharSet,
    /// Canonical if case is ignored, so that equal strings compare equal.
    strings: BTreeSet<Vec<u32>>,
}

impl Class {
    fn of(singles: CharSet) -> Class {
        Class { singles, strings: BTreeSet::new() }
    }

    fn intersection(mut self, other: &Class) -> Class {
        self.singles = self.singles.intersection(&other.singles);
        self.strings.retain(|string| other.strings.contains(string));
        self
    }

    fn difference(mut self, other: &Class) -> Class {
        self.singles = self.singles.difference(&other.singles);
        self.strings.retain(|string| !other.strings.contains(string));
        self
    }
}
