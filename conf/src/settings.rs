//! What a row of the settings table can say. The table itself is in [`crate::rows`].
use crate::units;

/// A mapping of the file that has keys of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Section {
    Root,
    Listener,
    Admin,
    Runtimes,
    AccessLog,
    StaticCache,
    Defaults,
    Limits,
    Upstream,
    Timeouts,
    Route,
    Match,
    Handler,
    Static,
    Filter,
    Headers,
    HeaderOps,
}

/// One setting: all that the reader, the JSON Schema and the reference know about it.
#[derive(Debug)]
pub(crate) struct Row {
    /// The mappings that have this key.
    pub(crate) sections: &'static [Section],
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
    pub(crate) fallback: Fallback,
    /// One or more sentences of Markdown.
    pub(crate) doc: &'static str,
}

/// What a setting may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A whole number in this range.
    Integer { min: u64, max: u64 },
    /// A duration in this range; `off`: or the word `off`.
    Duration { min: &'static str, max: &'static str, off: bool },
    /// A size in this range.
    Size { min: &'static str, max: &'static str },
    /// `true` or `false`.
    Bool,
    /// One of these words; `later` are words that a later version accepts.
    Choice { now: &'static [&'static str], later: &'static [&'static str] },
    /// One text of this form.
    Text(Format),
    /// A list of such texts, at most so many, never empty.
    Texts(Format, usize),
    /// A mapping from names to texts, at most so many.
    TextMap(Format, Format, usize),
    /// A mapping with the section's keys.
    Section(Section),
    /// The same, or one word of a list.
    SectionOrWord(Section, &'static [&'static str]),
    /// The same, or a text that stands for the section's [`Section::main_key`].
    SectionOrText(Section, Format),
    /// A list of such mappings, at most so many, never empty.
    Sections(Section, usize),
    /// A mapping from names of the user's choice to such mappings, at most so many.
    Named(Section, usize),
}

/// What holds when the key is not written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fallback {
    /// The key must be written.
    Required,
    /// As if this text were written.
    Text(&'static str),
    /// The one for handlers, the other for filters.
    PerUse { handler: &'static str, filter: &'static str },
    /// What a sentence says; the reader computes it.
    Described(&'static str),
}

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Address,
    Loopback,
    Server,
    UpstreamName,
    Host,
    Path,
    Method,
    ScriptFile,
    LogFile,
    CacheDirectory,
    Directory,
    HeaderName,
    HeaderValue,
    EnvName,
    EnvValue,
}

impl Section {
    /// The key meant by someone who writes a single value where the mapping is expected.
    pub(crate) fn main_key(self) -> Option<&'static str> {
        match self {
            Self::Listener | Self::Admin => Some("address"),
            Self::Upstream => Some("servers"),
            Self::Match => Some("path"),
            Self::Handler | Self::Filter => Some("script"),
            Self::Static => Some("dir"),
            Self::AccessLog => Some("file"),
            Self::Timeouts => Some("read"),
            Self::Root | Self::Runtimes | Self::StaticCache | Self::Defaults | Self::Limits => None,
            Self::Route | Self::Headers | Self::HeaderOps => None,
        }
    }

    /// What the section is about, as a title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Root => "The file",
            Self::Listener => "A listener",
            Self::Admin => "The admin listener",
            Self::Runtimes => "The pool of runtimes",
            Self::AccessLog => "The access log in a file",
            Self::StaticCache => "The cache of static files",
            Self::Defaults => "Defaults of all scripts",
            Self::Limits => "Limits of a script",
            Self::Upstream => "An upstream",
            Self::Timeouts => "Timeouts of an upstream",
            Self::Route => "A route",
            Self::Match => "What a route matches",
            Self::Handler => "A handler",
            Self::Static => "Static files",
            Self::Filter => "A filter",
            Self::Headers => "Header edits",
            Self::HeaderOps => "Edits of one direction",
        }
    }
}

impl Kind {
    /// The section that this setting opens.
    pub(crate) fn opens(&self) -> Option<Section> {
        match *self {
            Self::Section(section) | Self::SectionOrWord(section, _) | Self::SectionOrText(section, _) => Some(section),
            Self::Sections(section, _) | Self::Named(section, _) => Some(section),
            _ => None,
        }
    }

    /// What is allowed, in words; the `allowed:` line of reports and a column of the reference.
    pub(crate) fn allowed(&self) -> String {
        match *self {
            Self::Integer { min, max } if min == max => format!("{min}"),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::Duration { min, max, off: false } => format!("a duration from {min} to {max}"),
            Self::Duration { min, max, off: true } => format!("a duration from {min} to {max}, or off"),
            Self::Size { min, max } => format!("a size from {min} to {max}"),
            Self::Bool => "true, false".to_owned(),
            Self::Choice { now, .. } => now.join(", "),
            Self::Text(format) => format.allowed().to_owned(),
            Self::Texts(format, max) => format!("a list of 1 to {max}, each {}", format.allowed()),
            Self::TextMap(name, value, max) => {
                format!(
                    "at most {max} entries NAME: VALUE, where NAME is {} and VALUE {}",
                    name.allowed(),
                    value.allowed()
                )
            }
            Self::Section(_) => "a mapping".to_owned(),
            Self::SectionOrWord(_, words) => format!("{}, or a mapping", words.join(", ")),
            Self::SectionOrText(_, format) => format!("{}, or a mapping", format.allowed()),
            Self::Sections(_, max) => format!("a list of 1 to {max} mappings"),
            Self::Named(_, max) => format!("a mapping of at most {max} names of your choice"),
        }
    }
}

impl Fallback {
    /// The default in words; empty when the key must be written.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Required => String::new(),
            Self::Text(text) => format!("`{text}`"),
            Self::PerUse { handler, filter } => format!("`{handler}` for handlers, `{filter}` for filters"),
            Self::Described(words) => (*words).to_owned(),
        }
    }
}

impl Format {
    pub(crate) fn allowed(self) -> &'static str {
        match self {
            Self::Address => "IP:PORT, like 127.0.0.1:8080, 0.0.0.0:80 or [::]:80",
            Self::Loopback => "a loopback IP:PORT, like 127.0.0.1:9900 or [::1]:9900",
            Self::Server => "HOST:PORT, http://HOST[:PORT] or https://HOST[:PORT]",
            Self::UpstreamName => "a name of letters, digits, '-', '_' and '.'",
            Self::Host => "a host name, an IP address, or *.SUFFIX for its subdomains",
            Self::Path => "a path like /a/b, /a/:name or /a/*",
            Self::Method => "an upper-case method like GET",
            Self::ScriptFile => "a .js, .mjs, .ts, .tsx or .jsx file or an .image, relative to the configuration file",
            Self::LogFile => "a file in an existing directory, relative to the configuration file",
            Self::CacheDirectory => "a directory that exists or can be made, relative to the configuration file",
            Self::Directory => "an existing directory, relative to the configuration file",
            Self::HeaderName => "a header name",
            Self::HeaderValue => "a text of visible ASCII",
            Self::EnvName => "a name of letters, digits, '_', '-' and '.'",
            Self::EnvValue => "a text",
        }
    }
}

/// Bounds of a duration row, in the units of the model.
pub(crate) fn duration_of(text: &str) -> std::time::Duration {
    units::duration(text).expect("a duration in the settings table is well-formed: the table's own test reads each")
}

/// A count in the settings table.
pub(crate) fn count_of(text: &str) -> u32 {
    text.parse().expect("a count in the settings table is a number: the table's own test reads each")
}

/// Bounds of a size row, in bytes.
pub(crate) fn size_of(text: &str) -> u64 {
    units::size(text).expect("a size in the settings table is well-formed: the table's own test reads each")
}
