//! exec and test: RegExpExec (22.2.7.1) and RegExpBuiltinExec (22.2.7.2).
use super::*;
use crate::limits::Termination;
use crate::regexp::{Input, Outcome};
use crate::string::Units;

/// 22.2.6.2 RegExp.prototype.exec ( string )
pub fn exec(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !rt.is_kind(this, Kind::RegExp) {
        return Err(rt.throw_type("RegExp.prototype.exec called on an object that is not a RegExp"));
    }
    let s = args.get(rt, 0);
    let s = rt.to_str(s)?;
    builtin_exec(rt, args.this(rt).as_ref(), s)
}

/// 22.2.6.16 RegExp.prototype.test ( S )
pub fn test(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !this.is_object() {
        return Err(rt.throw_type("RegExp.prototype.test called on a value that is not an object"));
    }
    let s = args.get(rt, 0);
    let s = rt.to_str(s)?;
    let this = args.this(rt);
    if is_pristine(rt, this) {
        return Ok(Value::bool(builtin_match(rt, this.as_ref(), s)?.is_some()));
    }
    Ok(Value::bool(!regexp_exec(rt, this, s)?.is_null()))
}

/// 22.2.7.1 RegExpExec ( R, S ): an object or null.
pub fn regexp_exec(rt: &mut Rt, re: Value, s: Ref) -> JsResult {
    rt.scoped(|rt| {
        let (kept, text) = (rt.root(re), rt.root(Value::string(s)));
        let exec = rt.get_name(re, atoms::exec)?;
        let re = kept.get(rt);
        let is_regexp = rt.is_kind(re, Kind::RegExp);
        if is_regexp && exec == Value::object(rt.intrinsic(Intrinsic::RegExpExec)) {
            return builtin_exec(rt, re.as_ref(), text.obj(rt));
        }
        if rt.is_callable(exec) {
            let result = rt.call(exec, re, &[text.get(rt)])?;
            if !result.is_object() && !result.is_null() {
                return Err(rt.throw_type("the exec method returned neither an object nor null"));
            }
            return Ok(result);
        }
        if !is_regexp {
            return Err(rt.throw_type("the exec method of the object is not callable"));
        }
        builtin_exec(rt, re.as_ref(), text.obj(rt))
    })
}

/// 22.2.7.2 RegExpBuiltinExec ( R, S )
pub fn builtin_exec(rt: &mut Rt, re: Ref, s: Ref) -> JsResult {
    Ok(match builtin_match(rt, re, s)? {
        Some((re, s)) => result::make(rt, re, s),
        None => Value::NULL,
    })
}

/// The same up to the result: on a match the captures are left in the scratch, and regexp and string are returned as
/// they are after a conversion of `lastIndex` may have run JavaScript.
pub fn builtin_match(rt: &mut Rt, re: Ref, s: Ref) -> JsResult<Option<(Ref, Ref)>> {
    let at: Value = rt.load(re, LAST_INDEX);
    let (re, s, last) = if at.is_int() {
        (re, s, f64::from(at.as_int().max(0)))
    } else {
        rt.scoped(|rt| {
            let (kept, text) = (rt.root(Value::object(re)), rt.root(Value::string(s)));
            let last = last_index(rt, re)?;
            Ok((kept.obj(rt), text.obj(rt), last))
        })?
    };
    let stepping = uses_last_index(flags_of(rt, re));
    let start = if stepping { last } else { 0.0 };
    if start > f64::from(rt.len(s)) || !run(rt, re, s, start as u32)? {
        if stepping {
            set_last_index(rt, re, Value::int(0))?;
        }
        return Ok(None);
    }
    if stepping {
        let end = rt.host().regexp.borrow().captures().get(1).copied().unwrap_or(0);
        set_last_index(rt, re, Value::uint(end))?;
    }
    Ok(Some((re, s)))
}

/// Runs the matcher; on a match the captures are in the scratch.
pub fn run(rt: &mut Rt, re: Ref, s: Ref, start: u32) -> JsResult<bool> {
    run_program(rt, rt.internal(re, PROGRAM), s, start)
}

/// The same with a program (undefined: that of an object whose construction failed).
pub fn run_program(rt: &mut Rt, program: Value, s: Ref, start: u32) -> JsResult<bool> {
    if program.is_undefined() {
        return Ok(false);
    }
    let mut ended = None;
    let outcome = with_program(rt, program.as_ref(), |code| {
        rt.with_units(s, |units| {
            let input = match units {
                Units::Latin1(b) => Input::Latin1(b),
                Units::Utf16(u) => Input::Utf16(u),
            };
            let mut scratch = rt.host().regexp.borrow_mut();
            crate::regexp::exec(code, input, start as usize, &mut scratch, &mut || {
                if rt.interrupted() {
                    ended = rt.tick().err();
                }
                ended.is_some()
            })
        })
    });
    match outcome {
        Outcome::Match => Ok(true),
        Outcome::NoMatch => Ok(false),
        Outcome::Interrupted => Err(rt.terminate(ended.unwrap_or(Termination::Cpu))),
        Outcome::TooDeep => Err(rt.throw_range("Regular expression needs too much backtracking")),
    }
}

/// Captures of the last match, copied out of the scratch so that other matches may run.
pub struct Captures {
    inline: [u32; 24],
    many: Vec<u32>,
    len: usize,
}

impl Captures {
    /// An empty copy, to be filled by [`Captures::load`].
    pub fn new() -> Captures {
        Captures { inline: [0; 24], many: Vec::new(), len: 0 }
    }

    /// Copies the captures of the match just made.
    #[inline]
    pub fn load(&mut self, rt: &Rt) {
        let scratch = rt.host().regexp.borrow();
        let captures = scratch.captures();
        self.len = captures.len();
        match self.inline.get_mut(..captures.len()) {
            Some(inline) => inline.copy_from_slice(captures),
            None => {
                self.many.clear();
                self.many.extend_from_slice(captures);
            }
        }
    }

    /// Pairs of start and end.
    #[inline]
    pub fn pairs(&self) -> &[u32] {
        if self.len <= self.inline.len() { &self.inline[..self.len] } else { &self.many }
    }

    /// Start of the match.
    #[inline]
    pub fn start(&self) -> u32 {
        self.pairs().first().copied().unwrap_or(0)
    }

    /// End of the match.
    #[inline]
    pub fn end(&self) -> u32 {
        self.pairs().get(1).copied().unwrap_or(0)
    }
}
