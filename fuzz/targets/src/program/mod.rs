//! Random programs that behave the same in every engine: bounded, free of clocks and chance, and of what the language leaves to
//! implementations (error texts, transcendental functions, order of a changing `for-in`).
//!
//! A program is a prelude (`prelude.js`), declarations, and steps; each step's value or exception is logged. `main()` runs
//! them, `log` is the result.
mod expr;
mod stmt;

use std::fmt::Write;

/// What every program begins with.
const PRELUDE: &str = include_str!("prelude.js");

/// A random program, in pieces that can be left out to find the smallest that still shows a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Functions, classes and variables.
    pub declarations: Vec<String>,
    /// What runs, in order.
    pub steps: Vec<String>,
}

impl Program {
    /// The program of a seed.
    pub fn random(seed: u64) -> Program {
        let mut writer = Generator::new(seed);
        let declarations = (0..3 + writer.below(5)).map(|_| writer.declaration()).collect();
        let steps = (0..4 + writer.below(8)).map(|index| writer.step(index)).collect();
        Program { declarations, steps }
    }

    /// Its text: a script that defines `main`, an async function, and `log`.
    pub fn text(&self) -> String {
        let mut text = format!("{PRELUDE}async function main() {{\n");
        for piece in self.declarations.iter().chain(&self.steps) {
            let _ = writeln!(text, "{piece}");
        }
        text.push_str("}\n");
        text
    }

    /// The smallest program, by leaving pieces out one at a time, of which `holds` is still true.
    pub fn shrink(mut self, holds: impl Fn(&Program) -> bool) -> Program {
        loop {
            let before = self.clone();
            for at in (0..self.steps.len()).rev() {
                let mut smaller = self.clone();
                smaller.steps.remove(at);
                if holds(&smaller) {
                    self = smaller;
                }
            }
            for at in (0..self.declarations.len()).rev() {
                let mut smaller = self.clone();
                smaller.declarations.remove(at);
                if holds(&smaller) {
                    self = smaller;
                }
            }
            if self == before {
                return self;
            }
        }
    }
}

/// What may stand at the place that is generated.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    /// In a generator.
    yields: bool,
    /// In an async function.
    awaits: bool,
    /// In a function.
    returns: bool,
    /// In a method of a class with a base.
    supers: bool,
    /// Loops around.
    loops: u32,
}

/// Writes programs.
struct Generator {
    state: u64,
    /// Variables in scope, innermost last.
    variables: Vec<String>,
    /// Constants in scope: read, never assigned.
    constants: Vec<String>,
    functions: Vec<String>,
    generators: Vec<String>,
    async_functions: Vec<String>,
    classes: Vec<String>,
    names: u32,
    context: Context,
}

impl Generator {
    fn new(seed: u64) -> Generator {
        Generator {
            state: seed,
            variables: Vec::new(),
            constants: Vec::new(),
            functions: Vec::new(),
            generators: Vec::new(),
            async_functions: Vec::new(),
            classes: Vec::new(),
            names: 0,
            context: Context::default(),
        }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    /// One of these names, if there is one.
    fn one_of(&mut self, names: &[String]) -> Option<String> {
        (!names.is_empty()).then(|| names[self.below(names.len() as u64) as usize].clone())
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// What `f` writes where only names that it declares itself are dropped again.
    fn scoped<T>(&mut self, f: impl FnOnce(&mut Generator) -> T) -> T {
        let kept = (self.variables.len(), self.constants.len());
        let result = f(self);
        self.variables.truncate(kept.0);
        self.constants.truncate(kept.1);
        result
    }

    /// What `f` writes in another context.
    fn within<T>(&mut self, context: Context, f: impl FnOnce(&mut Generator) -> T) -> T {
        let outer = std::mem::replace(&mut self.context, context);
        let result = f(self);
        self.context = outer;
        result
    }
}
