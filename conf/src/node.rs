//! The tree of spanned nodes that lies between YAML's events and the checks.
use std::rc::Rc;

use crate::report::Place;

/// One YAML value and where it stands. Copies share their children: an alias costs no memory.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What a node holds. Scalars stay text: only the setting's row knows what the text means, so `no` stays `no`
/// and `1.10` stays `1.10`.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// Nothing written, `~` or `null`.
    Null,
    /// Text as written, escapes resolved; `quoted` says that it was written in quotes or as a block.
    Scalar { text: Rc<str>, quoted: bool },
    /// A sequence.
    List(Rc<Vec<Node>>),
    /// A mapping, in file order, without duplicates.
    Map(Rc<Vec<Entry>>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: Rc<str>,
    pub(crate) key_place: Place,
    pub(crate) value: Node,
}

impl Node {
    /// What a reader of the message calls this value.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar { .. } => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}
