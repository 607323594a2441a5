//! YAML events to spanned nodes. Refuses what a configuration has no use for (tags, several documents, keys that are
//! not text) and bounds what could grow without end (depth, nodes, aliases).
use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use crate::node::{Entry, Node, Value};
use crate::report::{MAX_KEPT, Mistake, Place};
use crate::source::Source;
use crate::syntax;

/// Deepest nesting, aliases expanded. The deepest setting has 8 levels.
const MAX_DEPTH: usize = 32;
/// Most nodes, aliases expanded.
const MAX_NODES: usize = 200_000;

/// The root of the tree, or `None` for a file without content, and the mistakes that did not stop the reading.
pub(crate) struct Tree {
    pub(crate) root: Option<Node>,
    pub(crate) mistakes: Vec<Mistake>,
}

/// A mistake after which the rest of the file cannot be understood. Boxed: the good way is the common one.
type Fatal = Box<Mistake>;

/// Reads the whole text.
pub(crate) fn read(source: &Source) -> Result<Tree, Fatal> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(source.text) {
        let (event, span) = event.map_err(|error| Box::new(syntax::explain(source, &error)))?;
        builder.event(event, span)?;
    }
    Ok(Tree { root: builder.root, mistakes: builder.mistakes })
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Anchored>,
    documents: usize,
    nodes: usize,
    mistakes: Vec<Mistake>,
}

/// A list or mapping whose end has not come.
struct Open {
    place: Place,
    anchor: usize,
    nodes_before: usize,
    /// Levels below this one, so far.
    height: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, lines: HashMap<Rc<str>, u32>, key: Option<(Rc<str>, Place, bool)> },
}

/// What an alias stands for, and its cost.
struct Anchored {
    node: Node,
    nodes: usize,
    height: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Fatal> {
        let place = place(span);
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let mistake = Mistake::at(place, "", "a second document begins here");
                    return Err(Box::new(
                        mistake.hint("a configuration is one document: remove the line '---' or what follows it"),
                    ));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(place, tag.as_deref());
                let quoted = style != ScalarStyle::Plain;
                let value = match &*text {
                    "" | "~" | "null" | "Null" | "NULL" if !quoted => Value::Null,
                    text => Value::Scalar { text: text.into(), quoted },
                };
                self.count(1, 0, place)?;
                self.add(Node { place, value }, anchor, 1, 0)?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(place, tag.as_deref());
                self.open(place, anchor, Content::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Map { entries: Vec::new(), lines: HashMap::new(), key: None };
                self.tag(place, tag.as_deref());
                self.open(place, anchor, content)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close()?,
            Event::Alias(id) => {
                let Some(anchored) = self.anchors.get(&id) else {
                    let mistake = Mistake::at(place, "", "this alias stands inside the value it repeats");
                    return Err(Box::new(
                        mistake.hint("such a value would have no end: write it out, or move the anchor (&name)"),
                    ));
                };
                let (node, nodes, height) = (anchored.node.clone(), anchored.nodes, anchored.height);
                self.count(nodes, height, place)?;
                self.add(node, 0, nodes, height)?;
            }
        }
        Ok(())
    }

    fn tag(&mut self, place: Place, tag: Option<&Tag>) {
        let Some(tag) = tag else { return };
        let tag = if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
        if self.mistakes.len() < MAX_KEPT {
            let mistake = Mistake::at(place, "", format!("a tag ({tag}) has no meaning here"));
            self.mistakes.push(mistake.hint("remove it: each setting knows its own type"));
        }
    }

    /// Counts nodes before they are added: an alias of aliases grows by multiplication.
    fn count(&mut self, nodes: usize, height: usize, place: Place) -> Result<(), Fatal> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            let mistake = Mistake::at(place, "", format!("more than {MAX_NODES} values in the file, aliases expanded"));
            return Err(Box::new(mistake.hint("aliases (*name) that contain aliases multiply")));
        }
        if self.open.len() + height > MAX_DEPTH {
            let mistake = Mistake::at(place, "", format!("nested more than {MAX_DEPTH} levels deep"));
            return Err(Box::new(mistake.hint("no setting lies deeper than 8 levels")));
        }
        Ok(())
    }

    fn open(&mut self, place: Place, anchor: usize, content: Content) -> Result<(), Fatal> {
        if let Some(Open { content: Content::Map { key: None, .. }, .. }) = self.open.last() {
            return Err(complex_key(place));
        }
        self.count(1, 1, place)?;
        self.open.push(Open { place, anchor, nodes_before: self.nodes - 1, height: 0, content });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fatal> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.content {
            Content::List(items) => Value::List(Rc::new(items)),
            Content::Map { entries, .. } => Value::Map(Rc::new(entries)),
        };
        let nodes = self.nodes - open.nodes_before;
        self.add(Node { place: open.place, value }, open.anchor, nodes, open.height + 1)
    }

    /// Puts a finished node into the list or mapping that is open.
    fn add(&mut self, node: Node, anchor: usize, nodes: usize, height: usize) -> Result<(), Fatal> {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), nodes, height });
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.height = open.height.max(height);
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, lines, key } => match key.take() {
                None => *key = Some(self::key(node, lines, &mut self.mistakes)?),
                Some((_, _, false)) => {}
                Some((key, key_place, true)) => {
                    // A key without a value is reported at the key: there is nothing else to point at.
                    let at = if matches!(node.value, Value::Null) { key_place } else { node.place };
                    entries.push(Entry { key, key_place, value: Node { place: at, ..node } });
                }
            },
        }
        Ok(())
    }
}

/// The key's text, and whether its entry is kept: of duplicates the first is.
fn key(
    node: Node,
    lines: &mut HashMap<Rc<str>, u32>,
    mistakes: &mut Vec<Mistake>,
) -> Result<(Rc<str>, Place, bool), Fatal> {
    let place = node.place;
    let (text, quoted) = match node.value {
        Value::Scalar { text, quoted } => (text, quoted),
        Value::Null => {
            return Err(Box::new(Mistake::at(place, "", "a key is missing before ':'").hint("write 'key: value'")));
        }
        Value::List(_) | Value::Map(_) => return Err(complex_key(place)),
    };
    let mistake = match lines.get(&text) {
        Some(line) => Mistake::at(place, &*text, format!("'{text}' is written twice; first at line {line}"))
            .hint("keep one of the two; only the first is read"),
        None if &*text == "<<" && !quoted => Mistake::at(place, "", "merge keys ('<<') are not part of YAML 1.2")
            .hint("repeat a whole value with an alias (*name), or write what routes share under 'defaults'"),
        None => {
            lines.insert(text.clone(), place.line);
            return Ok((text, place, true));
        }
    };
    if mistakes.len() < MAX_KEPT {
        mistakes.push(mistake);
    }
    Ok((text, place, false))
}

fn complex_key(place: Place) -> Fatal {
    let mistake = Mistake::at(place, "", "a list or mapping cannot be a key");
    Box::new(mistake.hint("keys are plain words; a text that begins with '{' or '[' is put in quotes"))
}

fn place(span: Span) -> Place {
    let one_line = span.start.line() == span.end.line();
    let length = if one_line { span.end.col().saturating_sub(span.start.col()).max(1) } else { 1 };
    Place { line: span.start.line().max(1) as u32, column: span.start.col() as u32 + 1, length: length as u32 }
}
