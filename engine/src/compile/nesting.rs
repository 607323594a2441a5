//! Bounds the nesting of a source text before any recursive parser sees it: one linear scan over brackets and operators.
//!
//! The scan knows strings, comments, templates and (by the token before the slash) regular expressions; in JSX text it
//! may take an apostrophe for a string, which ends at the line's end. It therefore matches brackets leniently and bounds
//! what it skips, so that neither a miscount refuses a real program nor hidden brackets overflow the parser's stack.

/// Longest chain of operators (`a + b + …`, `a.b.c…`, `else if …`), summed over the open brackets.
const MAX_CHAIN: u32 = 40_000;
/// Most brackets inside one string, comment-like or regular-expression token.
const MAX_HIDDEN: u32 = 20_000;

/// Err with position and message when the text nests deeper than `max` brackets.
pub(super) fn check(text: &str, max: u32) -> Result<(), (u32, String)> {
    scan(text, Bounds { brackets: max, chain: MAX_CHAIN, hidden: MAX_HIDDEN })
}

/// Whether the text stays within one part in `parts` of every bound of [`check`], and so needs that part of the stack.
pub(super) fn is_within(text: &str, max: u32, parts: u32) -> bool {
    let bounds = Bounds { brackets: max / parts, chain: MAX_CHAIN / parts, hidden: MAX_HIDDEN / parts };
    scan(text, bounds).is_ok()
}

/// The most of each thing that makes a parser recurse.
struct Bounds {
    brackets: u32,
    chain: u32,
    hidden: u32,
}

fn scan(text: &str, bounds: Bounds) -> Result<(), (u32, String)> {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
        bounds,
        open: Vec::new(),
        chain: 0,
        elses: 0,
        ended: false,
        total: 0,
        operand: false,
    };
    scan.run()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Open {
    Round,
    Square,
    Curly,
    /// `${` inside a template.
    Hole,
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    bounds: Bounds,
    /// Open brackets, each with the chain and the `else` count of the level it interrupts.
    open: Vec<(Open, u32, u32)>,
    chain: u32,
    /// Length of the `else if` chain.
    elses: u32,
    /// The last token was `;` or `}`.
    ended: bool,
    /// Sum of the chains of the open levels.
    total: u32,
    /// The last token ends an operand: a slash divides, a newline may end the statement.
    operand: bool,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), (u32, String)> {
        let mut newline = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => {
                    newline = true;
                    self.at += 1;
                    continue;
                }
                b' ' | b'\t' => {
                    self.at += 1;
                    continue;
                }
                b'/' if self.peek(1) == b'/' => {
                    self.at = self.find(self.at, b'\n');
                    continue;
                }
                b'/' if self.peek(1) == b'*' => {
                    self.skip_comment();
                    continue;
                }
                b'"' | b'\'' => {
                    self.skip_quoted(byte)?;
                    self.operand = true;
                }
                b'`' => {
                    if self.operand {
                        self.link()?;
                    }
                    self.skip_template(self.at + 1)?;
                }
                b'(' => self.push(Open::Round)?,
                b'[' => self.push(Open::Square)?,
                b'{' => self.push(Open::Curly)?,
                b')' => self.pop(Open::Round),
                b']' => self.pop(Open::Square),
                b'}' => {
                    if self.close_curly() {
                        self.skip_template(self.at)?;
                    } else {
                        self.ended = true;
                        continue;
                    }
                }
                b';' | b',' => {
                    self.reset();
                    self.operand = false;
                    self.at += 1;
                    self.ended = byte == b';';
                    continue;
                }
                b'/' if !self.operand => self.skip_regexp()?,
                _ if is_word(byte) => self.word(newline)?,
                _ => {
                    // `===`, `&&`, `...` are one operator; `!!` and `--` may be two.
                    let repeated = matches!(byte, b'=' | b'&' | b'|' | b'?' | b'*' | b'.' | b'>' | b'<')
                        && self.at > 0
                        && self.bytes[self.at - 1] == byte;
                    self.at += 1;
                    self.operand = false;
                    if !repeated {
                        self.link()?;
                    }
                }
            }
            newline = false;
            self.ended = false;
        }
        Ok(())
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn find(&self, from: usize, byte: u8) -> usize {
        self.bytes[from..].iter().position(|&b| b == byte).map_or(self.bytes.len(), |i| from + i)
    }

    fn refuse<T>(&self, what: String) -> Result<T, (u32, String)> {
        Err((self.at.min(self.bytes.len()) as u32, what))
    }

    fn push(&mut self, open: Open) -> Result<(), (u32, String)> {
        if self.open.len() as u32 >= self.bounds.brackets {
            return self.refuse(format!("nested more than {} brackets deep", self.bounds.brackets));
        }
        // Calls, indices and tagged templates lengthen the chain they belong to.
        if self.operand && matches!(open, Open::Round | Open::Square) {
            self.link()?;
        }
        self.open.push((open, self.chain, self.elses));
        (self.chain, self.elses) = (0, 0);
        self.operand = false;
        self.at += 1;
        Ok(())
    }

    /// Closes the innermost bracket of this kind and whatever was left open inside it.
    fn pop(&mut self, kind: Open) {
        self.at += 1;
        self.operand = true;
        let Some(index) = self.open.iter().rposition(|o| o.0 == kind) else { return };
        self.truncate(index);
    }

    fn truncate(&mut self, index: usize) {
        while self.open.len() > index {
            self.total -= self.chain.min(self.total);
            (self.chain, self.elses) = self.open.pop().map_or((0, 0), |o| (o.1, o.2));
        }
    }

    /// Closes `{` or `${`; true when a template goes on.
    fn close_curly(&mut self) -> bool {
        self.at += 1;
        self.operand = true;
        let Some(index) = self.open.iter().rposition(|o| matches!(o.0, Open::Curly | Open::Hole)) else { return false };
        let hole = self.open[index].0 == Open::Hole;
        self.truncate(index);
        hole
    }

    fn reset(&mut self) {
        self.total -= self.chain.min(self.total);
        self.chain = 0;
    }

    fn link(&mut self) -> Result<(), (u32, String)> {
        self.chain += 1;
        self.total += 1;
        if self.total > self.bounds.chain {
            let most = self.bounds.chain;
            return self.refuse(format!("an expression or statement chain of more than {most} operators"));
        }
        Ok(())
    }

    fn word(&mut self, newline: bool) -> Result<(), (u32, String)> {
        let start = self.at;
        while is_word(self.peek(0)) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        let operator = matches!(
            word,
            b"in"
                | b"of"
                | b"instanceof"
                | b"typeof"
                | b"void"
                | b"delete"
                | b"new"
                | b"await"
                | b"yield"
                | b"return"
                | b"else"
                | b"case"
                | b"do"
                | b"throw"
                | b"as"
                | b"satisfies"
                | b"extends"
                | b"keyof"
                | b"unique"
                | b"readonly"
                | b"infer"
        );
        if word == b"else" {
            self.elses += 1;
            if self.elses > self.bounds.chain {
                return self.refuse(format!("more than {} branches of one if", self.bounds.chain));
            }
        } else if self.ended {
            self.elses = 0;
        }
        if newline && self.operand && !operator {
            self.reset();
        }
        self.operand = !operator;
        if operator || matches!(word, b"if" | b"for" | b"while" | b"async" | b"function" | b"with" | b"try") {
            self.link()?;
        }
        Ok(())
    }

    fn skip_comment(&mut self) {
        let mut end = self.at + 2;
        while end < self.bytes.len() && !(self.bytes[end] == b'*' && self.bytes.get(end + 1) == Some(&b'/')) {
            end += 1;
        }
        self.at = (end + 2).min(self.bytes.len());
    }

    /// Skips to `end`; refuses what hides too many brackets.
    fn skip_to(&mut self, end: usize) -> Result<(), (u32, String)> {
        let end = end.min(self.bytes.len());
        let hidden = self.bytes[self.at..end].iter().filter(|b| matches!(b, b'(' | b'[' | b'{')).count();
        if hidden as u32 > self.bounds.hidden {
            return self.refuse(format!("one token with more than {} brackets", self.bounds.hidden));
        }
        self.at = end;
        Ok(())
    }

    fn skip_quoted(&mut self, quote: u8) -> Result<(), (u32, String)> {
        let mut end = self.at + 1;
        while end < self.bytes.len() {
            match self.bytes[end] {
                b'\\' => end += 1,
                b'\n' => break,
                byte if byte == quote => {
                    end += 1;
                    break;
                }
                _ => {}
            }
            end += 1;
        }
        self.skip_to(end)
    }

    /// From `start`: past the backquote, or past a hole's brace.
    fn skip_template(&mut self, start: usize) -> Result<(), (u32, String)> {
        let mut end = start;
        while end < self.bytes.len() {
            match self.bytes[end] {
                b'\\' => end += 2,
                b'`' => {
                    end += 1;
                    break;
                }
                b'$' if self.bytes.get(end + 1) == Some(&b'{') => {
                    self.skip_to(end + 1)?;
                    return self.push(Open::Hole);
                }
                _ => end += 1,
            }
        }
        self.operand = true;
        self.skip_to(end)
    }

    fn skip_regexp(&mut self) -> Result<(), (u32, String)> {
        let mut end = self.at + 1;
        let mut class = false;
        while end < self.bytes.len() {
            match self.bytes[end] {
                b'\\' => end += 1,
                b'\n' => break,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    end += 1;
                    break;
                }
                _ => {}
            }
            end += 1;
        }
        self.operand = true;
        self.skip_to(end)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::{check, is_within};

    #[test]
    fn counts_brackets_not_text() {
        assert!(check(&"(".repeat(1_000), 1_000).is_ok());
        assert_eq!(check(&"(".repeat(1_001), 1_000).unwrap_err().0, 1_000);
        assert!(check(&format!("'{}'", "(".repeat(5_000)), 1_000).is_ok());
        assert!(check(&format!("x = /[(]{}/", "a".repeat(50)), 10).is_ok());
        assert!(check(&"a = `x${ `y${ 1 }` }`;\n".repeat(5_000), 10).is_ok());
        assert!(check(&"<p>don't {x}</p>\n".repeat(5_000), 1_000).is_ok());
        assert!(check(&format!("`{}`", "${`".repeat(1_200)), 1_000).is_err());
    }

    #[test]
    fn a_part_of_every_bound() {
        for (deep, shallow) in [
            ("(".repeat(11), "(".repeat(10)),
            (format!("x = {}1", "!".repeat(401)), format!("x = {}1", "!".repeat(399))),
            (format!("x = /{}/", "(".repeat(201)), format!("x = /{}/", "(".repeat(200))),
            ("else ".repeat(401), "else ".repeat(400)),
        ] {
            assert!(!is_within(&deep, 1_000, 100) && check(&deep, 1_000).is_ok(), "{deep}");
            assert!(is_within(&shallow, 1_000, 100), "{shallow}");
        }
    }

    #[test]
    fn counts_chains() {
        assert!(check(&format!("x = 1{}", " + 1".repeat(10_000)), 1_000).is_ok());
        assert!(check(&format!("x = {}1", "!".repeat(100_000)), 1_000).is_err());
        assert!(check(&"const a = b.c\n".repeat(100_000), 1_000).is_ok());
        assert!(check(&format!("if (a) b; {}", "else if (a) b; ".repeat(10_000)), 1_000).is_ok());
    }
}
