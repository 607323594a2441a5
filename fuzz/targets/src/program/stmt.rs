//! Random statements, declarations and steps.
use super::{Context, Generator};

/// How deep the expression of a statement nests.
const DEPTH: u32 = 3;

impl Generator {
    /// A declaration of the program's top.
    pub(super) fn declaration(&mut self) -> String {
        match self.below(9) {
            0..3 => {
                let value = self.expr(DEPTH);
                let name = self.fresh("v");
                self.variables.push(name.clone());
                // What throws here would end the program before its first step.
                format!("let {name}; step('{name}', () => {{ {name} = cap({value}); }});")
            }
            3..5 => self.function(),
            5 => self.generator(),
            6 => self.async_function(),
            _ => self.class(),
        }
    }

    /// A step, which reports what it came to.
    pub(super) fn step(&mut self, index: u64) -> String {
        let awaits = self.chance(35);
        let body = self.body(Context { returns: false, awaits, ..Context::default() });
        let value = self.within(Context { awaits, ..Context::default() }, |g| g.expr(DEPTH));
        if awaits {
            let wait = if self.chance(60) { "await " } else { "" };
            return format!("{wait}stepAsync('step {index}', async () => {{\n{body}return {value};\n}});");
        }
        format!("step('step {index}', () => {{\n{body}return {value};\n}});")
    }

    fn parameters(&mut self) -> (String, Vec<String>) {
        let mut text = Vec::new();
        let mut names = Vec::new();
        for _ in 0..self.below(4) {
            let name = self.fresh("p");
            text.push(match self.below(6) {
                0 => format!("{name} = {}", self.expr(1)),
                1 => format!("[{name}, ] = [{}]", self.expr(1)),
                2 => format!("{{ a: {name} = {} }} = {{}}", self.expr(0)),
                _ => name.clone(),
            });
            names.push(name);
        }
        if self.chance(20) {
            let name = self.fresh("p");
            text.push(format!("...{name}"));
            names.push(name);
        }
        (text.join(", "), names)
    }

    /// Parameters in parentheses and a body in braces.
    fn callable(&mut self, context: Context) -> String {
        let (parameters, names) = self.within(Context::default(), Self::parameters);
        self.scoped(|g| {
            g.variables.extend(names);
            let body = g.body(context);
            let value = g.within(context, |g| g.expr(DEPTH));
            format!("({parameters}) {{ tick();\n{body}return {value};\n}}")
        })
    }

    fn function(&mut self) -> String {
        let name = self.fresh("f");
        let rest = self.callable(Context { returns: true, ..Context::default() });
        self.functions.push(name.clone());
        format!("function {name}{rest}")
    }

    fn generator(&mut self) -> String {
        let name = self.fresh("g");
        let rest = self.callable(Context { returns: true, yields: true, ..Context::default() });
        self.generators.push(name.clone());
        format!("function* {name}{rest}")
    }

    fn async_function(&mut self) -> String {
        let name = self.fresh("a");
        let rest = self.callable(Context { returns: true, awaits: true, ..Context::default() });
        self.async_functions.push(name.clone());
        format!("async function {name}{rest}")
    }

    fn class(&mut self) -> String {
        let name = self.fresh("C");
        let base = self.one_of(&self.classes.clone()).filter(|_| self.chance(50));
        let method = Context { returns: true, supers: base.is_some(), ..Context::default() };
        let (extends, call) = match &base {
            Some(base) => (format!(" extends {base}"), "super(p); "),
            None if self.chance(15) => (" extends Array".to_string(), "super(); "),
            None => (String::new(), ""),
        };
        let field = self.within(Context { returns: true, ..Context::default() }, |g| g.expr(1));
        let own = self.with_constant("p", |g| g.within(method, |g| g.expr(2)));
        let rest = self.callable(method);
        let getter = self.within(method, |g| g.expr(2));
        self.classes.push(name.clone());
        let inherited = if base.is_some() { "super.both" } else { "this.a" };
        format!(
            "class {name}{extends} {{\n  a = {field};\n  #secret = 1;\n  static count = 0;\n  static get [Symbol.species]() {{ return Array; }}\n  constructor(p) {{ tick(); {call}this.b = {own}; \
             {name}.count++; }}\n  m{rest}\n  get both() {{ tick(); return [{inherited}, this.#secret++, {getter}]; }}\n  \
             static made(p) {{ tick(); return #secret in Object(p) ? p.#secret : new this(p); }}\n}}"
        )
    }

    /// Statements of a body, each on its line.
    fn body(&mut self, context: Context) -> String {
        self.within(context, |g| g.block(2))
    }

    /// A few statements; those nested in them are fewer.
    fn block(&mut self, depth: u32) -> String {
        self.scoped(|g| {
            let statements: Vec<_> = (0..g.below(4)).map(|_| g.statement(depth)).collect();
            statements.iter().map(|statement| format!("{statement}\n")).collect()
        })
    }

    fn looped(&mut self, depth: u32) -> String {
        self.context.loops += 1;
        let body = self.block(depth);
        self.context.loops -= 1;
        format!("{{ tick();\n{body}}}")
    }

    fn statement(&mut self, depth: u32) -> String {
        let nested = depth > 0;
        let d = depth.saturating_sub(1);
        match self.below(24) {
            0..3 => format!("out({});", self.expr(DEPTH)),
            3..5 => self.binding(),
            5..7 => format!("{};", self.expr(DEPTH)),
            7..9 if nested => {
                let condition = self.expr(2);
                let otherwise = if self.chance(50) { format!(" else {{\n{}}}", self.block(d)) } else { String::new() };
                format!("if ({condition}) {{\n{}}}{otherwise}", self.block(d))
            }
            9..11 if nested => self.counted(d),
            11 if nested => self.for_of(d),
            12 if nested => format!("for (const k in {}) {{ tick(); out(k); }}", self.object(1)),
            13 if nested => self.while_loop(d),
            14 if nested => self.switch(d),
            15..17 if nested => self.try_statement(d),
            17 if nested => self.labelled(d),
            18 if self.context.loops > 0 => {
                format!("if ({}) {};", self.expr(1), self.pick(&["break", "continue"]))
            }
            19 => format!("if ({}) throw {};", self.expr(1), self.thrown()),
            20 if self.context.returns => format!("if ({}) return {};", self.expr(1), self.expr(2)),
            21 if self.context.yields => format!("out(yield {});", self.expr(2)),
            21 if self.context.awaits => format!("out(await {});", self.awaited()),
            22 if self.context.yields && self.chance(50) => format!("yield* {};", self.array(1)),
            22 if self.context.supers => "out(super.m);".to_string(),
            _ => format!("out({});", self.expr(2)),
        }
    }

    fn thrown(&mut self) -> String {
        match self.below(3) {
            0 => self.expr(1),
            1 => format!("new {}('x')", self.pick(&["Error", "TypeError", "RangeError"])),
            _ => "null.x".to_string(),
        }
    }

    fn awaited(&mut self) -> String {
        match self.below(6) {
            0 => format!("Promise.all([{}, {}])", self.expr(1), self.expr(1)),
            1 => format!("Promise.allSettled([Promise.reject({}), {}])", self.expr(0), self.expr(0)),
            2 => format!("Promise.race([{}, {}])", self.expr(0), self.expr(0)),
            3 => format!("new Promise((done) => done({}))", self.within(Context::default(), |g| g.expr(1))),
            4 => format!("Promise.resolve({}).then((x) => [x], show).finally(() => out('finally'))", self.expr(1)),
            _ => self.expr(2),
        }
    }

    fn binding(&mut self) -> String {
        let name = self.fresh("v");
        match self.below(7) {
            0 => {
                let text = format!("const {name} = {};", self.expr(DEPTH));
                self.constants.push(name);
                text
            }
            1 => {
                let other = self.fresh("v");
                let text = format!("let [{name}, ...{other}] = {};", self.array(2));
                self.variables.extend([name, other]);
                text
            }
            2 => {
                let other = self.fresh("v");
                let text = format!("let {{ a: {name} = {}, ...{other} }} = {};", self.expr(1), self.object(2));
                self.variables.extend([name, other]);
                text
            }
            3 => {
                let text = format!("var {name} = {};", self.expr(DEPTH));
                self.variables.push(name);
                text
            }
            4 => {
                // A closure over what changes later.
                let closed = self.fresh("v");
                let text = format!("let {closed} = {}; const {name} = () => {closed};", self.expr(2));
                self.variables.push(closed);
                self.constants.push(name);
                text
            }
            _ => {
                let text = format!("let {name} = {};", self.expr(DEPTH));
                self.variables.push(name);
                text
            }
        }
    }

    fn counted(&mut self, d: u32) -> String {
        let i = self.fresh("i");
        let most = 1 + self.below(6);
        let kept = if self.chance(30) { format!("const k{i} = () => {i}; out(k{i}());\n") } else { String::new() };
        let body = self.with_constant(&i, |g| g.looped(d));
        format!("for (let {i} = 0; {i} < {most}; {i}++) {{ {kept}{body} }}")
    }

    fn for_of(&mut self, d: u32) -> String {
        let name = self.fresh("x");
        let over = self.array(2);
        let body = self.with_constant(&name, |g| g.looped(d));
        let binding = if self.chance(20) { format!("[{name}]") } else { name };
        format!("for (const {binding} of {over}) {body}")
    }

    fn while_loop(&mut self, d: u32) -> String {
        let i = self.fresh("i");
        let most = 1 + self.below(5);
        let condition = self.expr(1);
        let body = self.looped(d);
        if self.chance(40) {
            return format!("{{ let {i} = 0; do {body} while (({condition}) && {i}++ < {most}); }}");
        }
        format!("{{ let {i} = 0; while ({i}++ < {most} && ({condition})) {body} }}")
    }

    fn switch(&mut self, d: u32) -> String {
        let subject = self.expr(2);
        let mut cases = String::new();
        for _ in 0..1 + self.below(3) {
            let stop = if self.chance(60) { "break; " } else { "" };
            cases += &format!("case {}: {{\n{}}} {stop}\n", self.expr(1), self.block(d));
        }
        if self.chance(60) {
            cases += &format!("default: {{\n{}}}\n", self.block(d));
        }
        format!("switch ({subject}) {{\n{cases}}}")
    }

    fn try_statement(&mut self, d: u32) -> String {
        let body = self.block(d);
        let last = self.with_constant("e", |g| g.block(d));
        match self.below(3) {
            0 => format!("try {{\n{body}}} catch (error) {{ const e = show(error); out(e);\n{last}}}"),
            1 => format!("try {{\n{body}}} finally {{\n{}}}", self.block(d)),
            _ => format!(
                "try {{\n{body}{};\n}} catch (error) {{ const e = show(error); out(e);\n{last}}} finally {{\n{}}}",
                self.expr(2),
                self.block(d)
            ),
        }
    }

    fn labelled(&mut self, d: u32) -> String {
        let label = self.fresh("l");
        let i = self.fresh("i");
        let condition = self.with_constant(&i, |g| g.expr(1));
        let body = self.with_constant(&i, |g| g.looped(d));
        let jump = self.pick(&["break", "continue"]);
        format!(
            "{label}: for (let {i} = 0; {i} < 3; {i}++) {{ for (;;) {{ tick(); if ({condition}) {jump} {label};\n{body} break; }} }}"
        )
    }
}
