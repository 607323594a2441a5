//! A pattern against a subject. Input: a line of flags, a line with the pattern, the subject. With `!` as the line of flags
//! the next line is read as words of a program instead, as damaged memory could hold them.
use lockgate_engine::regexp::{
    self, Flags, Input, Outcome, PatternText, Scratch, UNSET, disassemble, exec, parse_flags, verify,
};

/// Polls after which a match is ended.
const POLLS: u32 = 64;

/// Compiles and matches.
///
/// # Panics
/// A finding.
pub fn run(data: &[u8]) {
    let mut parts = data.splitn(3, |&byte| byte == b'\n');
    let (Some(flags), Some(pattern)) = (parts.next(), parts.next()) else { return };
    let subject = parts.next().unwrap_or_default();
    if flags == b"!" {
        return run_words(&words(pattern), subject);
    }
    let Ok(flags) = parse_flags(&String::from_utf8_lossy(flags)) else { return };
    match std::str::from_utf8(pattern) {
        Ok(text) => run_pattern(&PatternText::Utf8(text), flags, subject),
        Err(_) => run_pattern(&PatternText::Latin1(pattern), flags, subject),
    }
}

fn run_pattern(pattern: &PatternText<'_>, flags: Flags, subject: &[u8]) {
    let program = match regexp::compile(pattern, flags) {
        Ok(program) => program,
        Err(error) => return assert!(!error.message().is_empty(), "refused without a reason"),
    };
    let code = program.words();
    assert_eq!(verify(code), Ok(()), "{}", disassemble(code));
    match std::str::from_utf8(subject) {
        Ok(text) if !text.is_ascii() => {
            let units: Vec<u16> = text.encode_utf16().collect();
            search(code, Input::Utf16(&units), units.len());
        }
        _ => {
            let units: Vec<u16> = subject.iter().map(|&byte| u16::from(byte)).collect();
            let narrow = search(code, Input::Latin1(subject), subject.len());
            let wide = search(code, Input::Utf16(&units), units.len());
            // Polls need not fall on the same steps.
            if let (Some(narrow), Some(wide)) = (narrow, wide) {
                assert_eq!(narrow, wide, "one byte a unit (left) and two (right):\n{}", disassemble(code));
            }
        }
    }
}

/// Every match from the start on, as a loop with `lastIndex` finds them; `None` if a limit ended it.
fn search(code: &[u32], input: Input<'_>, units: usize) -> Option<Vec<Vec<u32>>> {
    let (mut scratch, mut polls, mut start, mut found) = (Scratch::default(), 0, 0, Vec::new());
    let mut poll = || {
        polls += 1;
        assert!(polls <= POLLS, "a match went on after its poll had said to stop");
        polls == POLLS
    };
    while start <= units && found.len() < 16 {
        match exec(code, input, start, &mut scratch, &mut poll) {
            Outcome::Match => {}
            Outcome::NoMatch => break,
            Outcome::Interrupted | Outcome::TooDeep => return None,
        }
        let captures = scratch.captures();
        for group in captures.chunks_exact(2) {
            let inside = group[0] <= group[1] && group[1] as usize <= units;
            assert!(inside || group == [UNSET, UNSET], "group {group:?} of {units} units");
        }
        start = (captures[1] as usize).max(start + 1);
        found.push(captures.to_vec());
    }
    Some(found)
}

/// Words that no compiler made: the matcher must end, whatever they are.
fn run_words(code: &[u32], subject: &[u8]) {
    let mut polls = 0;
    let mut poll = || {
        polls += 1;
        assert!(polls <= POLLS, "a match went on after its poll had said to stop");
        polls == POLLS
    };
    exec(code, Input::Latin1(subject), 0, &mut Scratch::default(), &mut poll);
    if verify(code).is_ok() {
        disassemble(code);
    }
}

/// Words written as numbers with blanks between them: libFuzzer's text mutations keep such an input readable.
fn words(text: &[u8]) -> Vec<u32> {
    String::from_utf8_lossy(text).split(' ').map(|number| number.parse().unwrap_or(u32::MAX)).collect()
}
