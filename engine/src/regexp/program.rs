//! The layout of a program: a header, code, and a pool of classes, literals and group names.
//!
//! ```text
//! header (13 words) | code | pool
//! ```
//!
//! All positions are word offsets from the start of the program, so it can be copied anywhere. An
//! instruction is one word, the opcode in its low byte and a 24-bit inline operand above it, then
//! operand words, as listed in the opcode table.

use std::fmt::{self, Write as _};

use super::Flags;
use super::charset::CharSet;

/// First header word; changes whenever the layout or the opcode table does.
const MAGIC: u32 = 0x4C47_5201;
/// The longest program, so that every offset fits an inline operand.
pub(super) const MAX_WORDS: usize = 1 << 24;
/// The most registers, captures included.
pub(super) const MAX_REGISTERS: u32 = 1 << 20;
/// The most capturing groups, the whole match included.
pub(super) const MAX_CAPTURES: u32 = 1 << 16;
/// In a `Next` operand: no filter. In a `Count` operand: no upper bound.
pub(super) const NONE: u32 = u32::MAX;
/// Words of a class before its ranges: 256 bits for Latin-1, the number of ranges.
pub(super) const CLASS_HEADER: usize = 9;
/// In a `Step` operand, above the kind: match the character before the position and move back.
pub(super) const STEP_BACK: u32 = 1 << 8;
/// In a `BackRefFlags` operand.
pub(super) const BACKREF_IGNORE_CASE: u32 = 1;
/// In a `BackRefFlags` operand.
pub(super) const BACKREF_BACK: u32 = 2;
/// In a `WordFlags` operand.
pub(super) const WORD_NEGATED: u32 = 1;
/// In a `WordFlags` operand: ſ and K are word characters.
pub(super) const WORD_FOLDED: u32 = 2;

/// What an operand means; the verifier checks it and the disassembler prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// Not used, zero.
    Nothing,
    /// A UTF-16 unit.
    Unit,
    /// A unit in the low half, and in the high half a bit to set before comparing.
    Masked,
    /// Offset of a class.
    Class,
    /// Offset of an instruction.
    Target,
    /// A capture register.
    Capture,
    /// A group number; ranges of groups end at the number of groups.
    Group,
    /// A loop register.
    Register,
    /// Two loop registers, this and the next.
    Registers,
    /// A number of iterations, `NONE` for no bound.
    Count,
    /// The number of tail words.
    Len,
    /// A `CharKind`; the next `Arg` is its argument.
    Kind,
    /// A `CharKind` and perhaps `STEP_BACK`; the next `Arg` is its argument.
    Step,
    /// The argument of the instruction's `CharKind`.
    Arg,
    /// A unit that the rest of the pattern must begin with, or `NONE`.
    Next,
    /// `BACKREF_…` bits.
    BackRefFlags,
    /// `WORD_…` bits.
    WordFlags,
}

macro_rules! opcodes {
    ($($(#[doc = $doc:literal])+ $name:ident($inline:ident) [$($operand:ident),*] $($tail:ident)?;)+) => {
        /// An operation of the matcher.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Op { $($(#[doc = $doc])+ $name),+ }

        impl Op {
            const ALL: &'static [Op] = &[$(Op::$name),+];

            /// The operand in the instruction word.
            const fn inline(self) -> Operand {
                match self { $(Op::$name => Operand::$inline),+ }
            }

            /// The operand words.
            const fn operands(self) -> &'static [Operand] {
                match self { $(Op::$name => &[$(Operand::$operand),*]),+ }
            }

            /// The operand repeated `Len` times after the operand words.
            const fn tail(self) -> Option<Operand> {
                match self { $(Op::$name => { let tail: &[Operand] = &[$(Operand::$tail)?]; first(tail) })+ }
            }
        }
    };
}

const fn first(operands: &[Operand]) -> Option<Operand> {
    match operands {
        [operand, ..] => Some(*operand),
        [] => None,
    }
}

opcodes! {
    /// Backtrack.
    Fail(Nothing) [];
    /// The pattern has matched.
    Match(Nothing) [];
    /// Go to the target.
    Jump(Target) [];
    /// Go on; if that fails, go to the target.
    Split(Target) [];
    /// Go to the target; if that fails, go on.
    SplitLazy(Target) [];
    /// Go to the target unless the next unit is this one.
    PeekChar(Unit) [Target];
    /// Go to the target unless the next unit is in the class.
    PeekSet(Class) [Target];
    /// Match one unit.
    Char(Unit) [];
    /// Match one unit of a class.
    Set(Class) [];
    /// Match the units.
    Literal(Len) [] Unit;
    /// Match the units after setting a bit in each.
    LiteralMasked(Len) [] Masked;
    /// Match one character, forwards or backwards.
    Step(Step) [Arg];
    /// Match as many characters as possible, least and most given, and never give one back.
    Run(Kind) [Arg, Count, Count];
    /// Match as many characters as possible, and give back one at a time down to the least.
    Greedy(Kind) [Arg, Count, Count, Next];
    /// Match the least number of characters, and one more at a time up to the most.
    Lazy(Kind) [Arg, Count, Count, Next];
    /// Store the position in a capture register.
    Save(Capture) [];
    /// Forget the groups from the first up to but not including the second.
    ResetCaptures(Group) [Group];
    /// Store zero.
    SetZero(Register) [];
    /// Store the position.
    SetPosition(Register) [];
    /// Backtrack if the position is the stored one.
    EmptyCheck(Register) [];
    /// Backtrack if the position is the stored one and the counter has reached the least count.
    EmptyCheckCounted(Register) [Register, Count];
    /// Head of a counted loop: fall through for another iteration, or go to the exit; greedy.
    Loop(Register) [Count, Count, Target];
    /// Head of a counted loop, lazy.
    LoopLazy(Register) [Count, Count, Target];
    /// Add one to the counter and go to the target.
    Next(Register) [Target];
    /// `^`
    Start(Nothing) [];
    /// `^` with `m`
    LineStart(Nothing) [];
    /// `$`
    End(Nothing) [];
    /// `$` with `m`
    LineEnd(Nothing) [];
    /// `\b` and `\B`
    Word(WordFlags) [];
    /// Match what the first of the groups that took part has matched.
    BackRef(Len) [BackRefFlags] Group;
    /// Begin a positive lookaround: remember position and stack height.
    LookEnter(Registers) [];
    /// End it: back to the position, choices within are gone. Groups within, first and past the last.
    LookLeave(Registers) [Group, Group];
    /// Begin a negative lookaround: remember stack height; if it fails, go to the target.
    NotEnter(Register) [Target];
    /// It has matched: drop all within and backtrack. Groups within, first and past the last.
    NotLeave(Register) [Group, Group];
}

impl Op {
    /// The operation of an instruction word.
    #[inline]
    pub(super) fn decode(word: u32) -> Option<Op> {
        Op::ALL.get((word & 0xFF) as usize).copied()
    }

    /// Words without the tail.
    #[inline]
    pub(super) const fn fixed_len(self) -> usize {
        1 + self.operands().len()
    }

    /// The instruction word.
    pub(super) fn encode(self, inline: u32) -> u32 {
        debug_assert!(inline < 1 << 24);
        self as u32 | inline << 8
    }
}

/// How a single character is tested; the argument is in an `Arg` operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum CharKind {
    /// This unit.
    Char,
    /// This unit after setting a bit, see `Operand::Masked`.
    Masked,
    /// Any unit but this one.
    NotChar,
    /// Any unit but a line terminator.
    NotLineEnd,
    /// Any unit.
    All,
    /// A unit of a class.
    Set,
    /// A code point of a class: a surrogate pair is one character.
    CodePointSet,
}

impl CharKind {
    const ALL: [CharKind; 7] = [
        CharKind::Char,
        CharKind::Masked,
        CharKind::NotChar,
        CharKind::NotLineEnd,
        CharKind::All,
        CharKind::Set,
        CharKind::CodePointSet,
    ];

    #[inline]
    pub(super) fn decode(bits: u32) -> Option<CharKind> {
        CharKind::ALL.get((bits & 0xFF) as usize).copied()
    }

    /// What the argument is.
    const fn arg(self) -> Operand {
        match self {
            CharKind::Char | CharKind::NotChar => Operand::Unit,
            CharKind::Masked => Operand::Masked,
            CharKind::NotLineEnd | CharKind::All => Operand::Nothing,
            CharKind::Set | CharKind::CodePointSet => Operand::Class,
        }
    }
}

/// Which positions are worth an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Filter {
    /// All.
    Everywhere,
    /// Only the start of the input.
    Start,
    /// Where the literal of `filter_len` units at `filter_at` is.
    Literal,
    /// Where a unit of the class at `filter_at` is. In `filter_len`, if not zero: the Latin-1
    /// members in the low three bytes (repeated to fill them) and 1 in the high byte.
    Set,
}

impl Filter {
    const ALL: [Filter; 4] = [Filter::Everywhere, Filter::Start, Filter::Literal, Filter::Set];
}

macro_rules! header {
    ($($(#[doc = $doc:literal])+ $field:ident;)+) => {
        /// The header, one word per field.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(super) struct Header { $($(#[doc = $doc])+ pub(super) $field: u32),+ }

        impl Header {
            /// Words of the header.
            pub(super) const LEN: usize = [$(stringify!($field)),+].len();

            /// The words.
            pub(super) fn words(self) -> [u32; Header::LEN] {
                [$(self.$field),+]
            }

            #[inline]
            fn from_words(words: &[u32; Header::LEN]) -> Header {
                let [$($field),+] = *words;
                Header { $($field),+ }
            }
        }
    };
}

header! {
    /// `MAGIC`
    magic;
    /// Bits of [`Flags`]
    flags;
    /// Words of the program
    words;
    /// Groups, the whole match included
    captures;
    /// Registers; the first two of each group are its captures
    registers;
    /// Units that every match has at least
    min_len;
    /// Offset of the first instruction
    code_at;
    /// Offset of the pool, just past the code
    pool_at;
    /// A [`Filter`]
    filter;
    /// Offset of the filter's literal or class
    filter_at;
    /// See [`Filter`]
    filter_len;
    /// Offset of the group names
    names_at;
    /// Number of group names
    names;
}

impl Header {
    /// Reads and checks the header: a matcher can rely on its sizes being sane.
    #[inline]
    pub(super) fn read(code: &[u32]) -> Result<Header, &'static str> {
        let header = Header::from_words(code.first_chunk().ok_or("program shorter than its header")?);
        if header.magic != MAGIC {
            return Err("not a program of this version");
        }
        if header.flags > 0xFF {
            return Err("unknown flag bits");
        }
        if header.words as usize != code.len() || code.len() > MAX_WORDS {
            return Err("wrong program length");
        }
        if header.captures == 0 || header.captures > MAX_CAPTURES {
            return Err("wrong number of groups");
        }
        if header.registers < 2 * header.captures || header.registers > MAX_REGISTERS {
            return Err("wrong number of registers");
        }
        if header.code_at as usize != Header::LEN
            || header.pool_at <= header.code_at
            || header.pool_at as usize > code.len()
        {
            return Err("code outside of the program");
        }
        if header.filter as usize >= Filter::ALL.len() {
            return Err("unknown filter");
        }
        Ok(header)
    }

    pub(super) fn flags(&self) -> Flags {
        Flags::from_bits(self.flags as u8)
    }

    pub(super) fn filter(&self) -> Filter {
        Filter::ALL.get(self.filter as usize).copied().unwrap_or(Filter::Everywhere)
    }
}

/// A compiled pattern.
#[derive(Clone, PartialEq, Eq)]
pub struct Program(Vec<u32>);

impl Program {
    /// Puts the parts together. Offsets in the header are already those of the program.
    pub(super) fn assemble(mut header: Header, code: &[u32], pool: &[u32]) -> Program {
        header.magic = MAGIC;
        header.words = (Header::LEN + code.len() + pool.len()) as u32;
        Program([&header.words(), code, pool].concat())
    }

    /// The words that [`exec`](super::exec) runs.
    pub fn words(&self) -> &[u32] {
        &self.0
    }

    /// The words, to be stored elsewhere.
    pub fn into_words(self) -> Vec<u32> {
        self.0
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&disassemble(&self.0))
    }
}

/// The flags a program was compiled with; none if it is malformed.
pub fn flags(code: &[u32]) -> Flags {
    Header::read(code).map_or(Flags::default(), |header| header.flags())
}

/// The number of groups, the whole match included; 0 if the program is malformed.
pub fn capture_count(code: &[u32]) -> u32 {
    Header::read(code).map_or(0, |header| header.captures)
}

/// The named groups in ascending order of their numbers. A name may occur several times.
pub fn group_names(code: &[u32]) -> GroupNames<'_> {
    match Header::read(code) {
        Ok(header) => GroupNames { words: code.get(header.names_at as usize..).unwrap_or(&[]), left: header.names },
        Err(_) => GroupNames { words: &[], left: 0 },
    }
}

/// Iterator over the named groups of a program.
#[derive(Clone, Debug)]
pub struct GroupNames<'a> {
    /// The entries that are left: group, length in units, units two per word.
    words: &'a [u32],
    left: u32,
}

impl<'a> Iterator for GroupNames<'a> {
    type Item = GroupName<'a>;

    fn next(&mut self) -> Option<GroupName<'a>> {
        self.left = self.left.checked_sub(1)?;
        let (&[group, len], rest) = self.words.split_first_chunk()?;
        let (words, rest) = rest.split_at_checked(len.div_ceil(2) as usize)?;
        self.words = rest;
        Some(GroupName { group, len: len as usize, words })
    }
}

/// A named group.
#[derive(Clone, Copy, Debug)]
pub struct GroupName<'a> {
    /// The number of the group, from 1.
    pub group: u32,
    len: usize,
    words: &'a [u32],
}

impl GroupName<'_> {
    /// The UTF-16 units of the name.
    pub fn units(&self) -> impl Iterator<Item = u16> + '_ {
        self.words.iter().flat_map(|word| [*word as u16, (word >> 16) as u16]).take(self.len)
    }

    /// The words of an entry of the names table.
    pub(super) fn encode(group: u32, name: &[u16]) -> Vec<u32> {
        let pack = |pair: &[u16]| u32::from(pair[0]) | u32::from(pair.get(1).copied().unwrap_or(0)) << 16;
        [group, name.len() as u32].into_iter().chain(name.chunks(2).map(pack)).collect()
    }
}

/// The words of a class.
pub(super) fn encode_class(set: &CharSet) -> Vec<u32> {
    let mut words = vec![0; CLASS_HEADER];
    for cp in set.ranges().iter().take_while(|r| r.0 < 256).flat_map(|&(lo, hi)| lo..=hi.min(255)) {
        words[(cp >> 5) as usize] |= 1 << (cp & 31);
    }
    let wide = set.ranges().iter().filter(|r| r.1 >= 256).map(|&(lo, hi)| [lo.max(256), hi]);
    words.extend(wide.flatten());
    words[CLASS_HEADER - 1] = ((words.len() - CLASS_HEADER) / 2) as u32;
    words
}

/// Checks that a program is well-formed: every instruction, target, register, class and table lies
/// where it should. Programs from [`compile`](super::compile) are.
///
/// The matcher does not rely on it, so this is for diagnosing a damaged program, not for safety.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(code: &[u32]) -> Result<(), &'static str> {
    let header = Header::read(code)?;
    let mut starts = vec![false; code.len()];
    let mut last = None;
    for instruction in Instructions::new(code, &header) {
        let instruction = instruction?;
        starts[instruction.at] = true;
        last = Some(instruction.op);
    }
    if !matches!(last, Some(Op::Match | Op::Fail | Op::Jump)) {
        return Err("code runs into the pool");
    }
    for instruction in Instructions::new(code, &header) {
        for (operand, value) in instruction?.operands(code) {
            verify_operand(code, &header, &starts, operand, value)?;
        }
    }
    verify_tables(code, &header)
}

fn verify_operand(
    code: &[u32],
    header: &Header,
    starts: &[bool],
    operand: Operand,
    value: u32,
) -> Result<(), &'static str> {
    let captures = 2 * header.captures;
    let good = match operand {
        Operand::Nothing => value == 0,
        Operand::Unit => value <= 0xFFFF,
        Operand::Masked | Operand::Count | Operand::Len => true,
        Operand::Class => verify_class(code, header, value),
        Operand::Target => starts.get(value as usize) == Some(&true),
        Operand::Capture => value < captures,
        Operand::Group => value <= header.captures,
        Operand::Register => value >= captures && value < header.registers,
        Operand::Registers => value >= captures && value + 1 < header.registers,
        Operand::Kind => value <= 0xFF && CharKind::decode(value).is_some(),
        Operand::Step => value & !STEP_BACK <= 0xFF && CharKind::decode(value).is_some(),
        // An argument is listed as what its kind makes of it.
        Operand::Arg => false,
        Operand::Next => value <= 0xFFFF || value == NONE,
        Operand::BackRefFlags | Operand::WordFlags => value <= 3,
    };
    if good { Ok(()) } else { Err("operand out of range") }
}

fn verify_class(code: &[u32], header: &Header, at: u32) -> bool {
    let class = code.get(at as usize..).unwrap_or(&[]);
    at >= header.pool_at
        && class
            .split_at_checked(CLASS_HEADER)
            .is_some_and(|(head, ranges)| head[CLASS_HEADER - 1] as usize <= ranges.len() / 2)
}

fn verify_tables(code: &[u32], header: &Header) -> Result<(), &'static str> {
    let filter_at = header.filter_at as usize;
    let good = match header.filter() {
        Filter::Everywhere | Filter::Start => true,
        Filter::Literal => {
            header.filter_len > 0
                && filter_at.checked_add(header.filter_len as usize).is_some_and(|end| end <= code.len())
        }
        Filter::Set => verify_class(code, header, header.filter_at),
    };
    if !good {
        return Err("filter out of range");
    }
    let named = group_names(code).filter(|name| name.group > 0 && name.group < header.captures).count();
    if named != header.names as usize {
        return Err("group names out of range");
    }
    Ok(())
}

/// An instruction in its program.
struct Instruction {
    at: usize,
    op: Op,
    len: usize,
}

impl Instruction {
    /// Inline operand, operand words and tail with their meanings.
    fn operands(&self, code: &[u32]) -> Vec<(Operand, u32)> {
        let words = &code[self.at..self.at + self.len];
        let inline = words[0] >> 8;
        let tail = self.op.tail().into_iter().cycle();
        let kinds = std::iter::once(self.op.inline()).chain(self.op.operands().iter().copied()).chain(tail);
        let values = std::iter::once(inline).chain(words[1..].iter().copied());
        let resolve = |operand| match operand {
            Operand::Arg => CharKind::decode(inline).map_or(Operand::Nothing, CharKind::arg),
            other => other,
        };
        kinds.map(resolve).zip(values).collect()
    }
}

/// Walks the code from its start; ends after the first error.
struct Instructions<'a> {
    code: &'a [u32],
    at: usize,
    end: usize,
}

impl<'a> Instructions<'a> {
    fn new(code: &'a [u32], header: &Header) -> Instructions<'a> {
        Instructions { code, at: header.code_at as usize, end: header.pool_at as usize }
    }
}

impl Iterator for Instructions<'_> {
    type Item = Result<Instruction, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let at = self.at;
        let Some(op) = Op::decode(self.code[at]) else {
            self.at = self.end;
            return Some(Err("unknown opcode"));
        };
        let tail = if op.tail().is_some() { (self.code[at] >> 8) as usize } else { 0 };
        let len = op.fixed_len() + tail;
        if len > self.end - at {
            self.at = self.end;
            return Some(Err("instruction runs into the pool"));
        }
        self.at += len;
        Some(Ok(Instruction { at, op, len }))
    }
}

/// The program as text, one instruction per line; for tests and diagnostics.
pub fn disassemble(code: &[u32]) -> String {
    let mut out = String::new();
    let header = match Header::read(code) {
        Ok(header) => header,
        Err(error) => return format!("malformed program: {error}\n"),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "flags={} groups={} registers={} min={} filter={:?}",
        header.flags(),
        header.captures,
        header.registers,
        header.min_len,
        header.filter()
    );
    for instruction in Instructions::new(code, &header) {
        let instruction = match instruction {
            Ok(instruction) => instruction,
            Err(error) => {
                let _ = writeln!(out, "{error}");
                break;
            }
        };
        let _ = write!(out, "{:4} {:?}", instruction.at, instruction.op);
        for (operand, value) in instruction.operands(code) {
            print_operand(&mut out, code, operand, value);
        }
        out.push('\n');
    }
    out
}

fn print_operand(out: &mut String, code: &[u32], operand: Operand, value: u32) {
    let print_unit = |value: u32| match char::from_u32(value) {
        Some(c) if c.is_ascii_graphic() => format!("'{c}'"),
        _ => format!("{value:#x}"),
    };
    let text = match operand {
        Operand::Nothing | Operand::Len => return,
        Operand::Unit => print_unit(value),
        Operand::Masked => format!("{}|{:#x}", print_unit(value & 0xFFFF), value >> 16),
        Operand::Class => print_class(code, value),
        Operand::Target => format!("->{value}"),
        Operand::Capture | Operand::Register | Operand::Registers => format!("r{value}"),
        Operand::Group => format!("\\{value}"),
        Operand::Count if value == NONE => "inf".to_owned(),
        Operand::Next if value == NONE => return,
        Operand::Next => format!("then {}", print_unit(value)),
        Operand::Kind => format!("{:?}", CharKind::decode(value)).replace("Some(", "").replace(')', ""),
        Operand::Step => {
            let kind = format!("{:?}", CharKind::decode(value)).replace("Some(", "").replace(')', "");
            if value & STEP_BACK != 0 { format!("back {kind}") } else { kind }
        }
        Operand::Arg | Operand::Count | Operand::BackRefFlags | Operand::WordFlags => value.to_string(),
    };
    out.push(' ');
    out.push_str(&text);
}

fn print_class(code: &[u32], at: u32) -> String {
    let Some((head, rest)) = code.get(at as usize..).and_then(|class| class.split_at_checked(CLASS_HEADER)) else {
        return format!("[class {at}?]");
    };
    let has = |cp: u32| head[(cp >> 5) as usize] >> (cp & 31) & 1 != 0;
    let wide = rest.chunks_exact(2).take(head[CLASS_HEADER - 1] as usize).map(|range| (range[0], range[1]));
    let latin1 = (0..256).filter(|&cp| has(cp)).map(|cp| (cp, cp));
    let set = CharSet::from_ranges(latin1.chain(wide));
    let print = |cp: u32| match char::from_u32(cp) {
        Some(c) if c.is_ascii_graphic() => c.to_string(),
        _ => format!("\\{cp:x}"),
    };
    let ranges = set.ranges().iter().map(|&(lo, hi)| match hi - lo {
        0 => print(lo),
        _ => format!("{}-{}", print(lo), print(hi)),
    });
    format!("[{}]", ranges.collect::<String>())
}
