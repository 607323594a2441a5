//! Random expressions. `depth` bounds how deep they nest.
use super::{Context, Generator};

const BINARY: [&str; 24] = [
    "+", "-", "*", "/", "%", "|", "&", "^", "<<", ">>", ">>>", "<", ">", "<=", ">=", "==", "!=", "===", "!==", "&&",
    "||", "??", "+", "-",
];
const UNARY: [&str; 7] = ["-", "+", "!", "~", "typeof ", "void ", "- -"];
const NUMBERS: [&str; 18] = [
    "0",
    "1",
    "-1",
    "2",
    "7",
    "10",
    "255",
    "-128",
    "65536",
    "2147483647",
    "-2147483648",
    "4294967295",
    "0.5",
    "-0",
    "1e21",
    "NaN",
    "Infinity",
    "9007199254740991",
];
const STRINGS: [&str; 12] = [
    "''",
    "'a'",
    "'b'",
    "'abc'",
    "'0'",
    "'12'",
    "' 7 '",
    "'\\u00e9t\\u00e9'",
    "'\\ud83d\\ude00x'",
    "'length'",
    "'a,b,,c'",
    "'Hello World'",
];
const KEYS: [&str; 10] = ["a", "b", "c", "d", "x", "0", "1", "2", "length", "size"];
const PATTERNS: [&str; 12] = [
    "/a/",
    "/[a-c]+/g",
    "/(\\w)(\\d)?/",
    "/^\\s*(\\d+)/",
    "/b|c/gi",
    "/(?<first>\\w)\\w*/u",
    "/(a)|b/g",
    "/l+/y",
    "/(?=o)./g",
    "/(?<!l)o/",
    "/./gs",
    "/\\p{L}+/gu",
];

impl Generator {
    /// Any expression.
    pub(super) fn expr(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.atom();
        }
        let d = depth - 1;
        match self.below(30) {
            0..3 => self.atom(),
            3..7 => {
                let operator = self.pick(&BINARY);
                self.binary(operator, d)
            }
            7 => format!("({}({}))", self.pick(&UNARY), self.expr(d)),
            8 => format!("({} ? {} : {})", self.expr(d), self.expr(d), self.expr(d)),
            9..11 => self.array(d),
            11..13 => self.object(d),
            13 => format!("{}{}", self.primary(d), self.member()),
            14 => format!("({})?.{}", self.expr(d), self.pick(&["a", "b?.c", "length", "[0]", "toString()"])),
            15 => self.call(d),
            16..18 => self.string_method(d),
            18..20 => self.array_method(d),
            20 => self.object_method(d),
            21 => self.number_method(d),
            22 => self.template(d),
            23 => self.arrow(d),
            24 => self.collection(d),
            25 => self.instance(d),
            26 => self.assignment(d),
            27 => self.regexp(d),
            28 => self.bigint(d),
            _ => self.effect(d),
        }
    }

    fn binary(&mut self, operator: &str, d: u32) -> String {
        match operator {
            // Mixing `??` with `&&` and `||` needs parentheses; all have them.
            "&&" | "||" | "??" => format!("(({}) {operator} ({}))", self.expr(d), self.expr(d)),
            _ if self.chance(5) => format!("(({}) ** {})", self.expr(d), self.pick(&["2", "0", "1", "0.5"])),
            _ if self.chance(8) => format!("('{}' in ({}))", self.pick(&KEYS), self.expr(d)),
            _ => format!("(({}) {operator} ({}))", self.expr(d), self.expr(d)),
        }
    }

    fn atom(&mut self) -> String {
        match self.below(12) {
            0..3 => self.pick(&NUMBERS).to_string(),
            3..5 => self.pick(&STRINGS).to_string(),
            5 => self.pick(&["true", "false", "null", "undefined"]).to_string(),
            6 if self.context.returns && self.chance(30) => "this".to_string(),
            6 => self.small_int(),
            _ => self.name(),
        }
    }

    pub(super) fn small_int(&mut self) -> String {
        self.below(9).to_string()
    }

    /// A variable, a constant, or a function.
    fn name(&mut self) -> String {
        let found = match self.below(10) {
            0 => self.one_of(&self.functions.clone()),
            1..4 => self.one_of(&self.constants.clone()),
            _ => self.one_of(&self.variables.clone()),
        };
        found.unwrap_or_else(|| self.pick(&NUMBERS).to_string())
    }

    fn primary(&mut self, d: u32) -> String {
        if self.chance(70) { self.name_in_parentheses() } else { format!("({})", self.expr(d)) }
    }

    fn name_in_parentheses(&mut self) -> String {
        format!("({})", self.name())
    }

    /// A member to write: no `length`, which could make an array that takes minutes to walk.
    fn place(&mut self) -> String {
        format!("['{}']", self.pick(&KEYS[..8]))
    }

    fn member(&mut self) -> String {
        match self.below(4) {
            0 => format!("[{}]", self.index()),
            1 => format!("['{}']", self.pick(&KEYS)),
            _ => format!(".{}", self.pick(&["a", "b", "c", "d", "x", "length", "size"])),
        }
    }

    /// An element index that stays small.
    fn index(&mut self) -> String {
        if self.chance(60) { self.small_int() } else { format!("({}) & 7", self.name()) }
    }

    fn list(&mut self, d: u32, most: u64) -> String {
        let items: Vec<_> = (0..self.below(most + 1))
            .map(|_| if self.chance(12) { format!("...{}", self.array(d.saturating_sub(1))) } else { self.expr(d) })
            .collect();
        items.join(", ")
    }

    pub(super) fn array(&mut self, d: u32) -> String {
        match self.below(8) {
            0 => format!("[{},, {}]", self.expr(d), self.expr(d)),
            1 => format!(
                "Array.from({{ length: {} }}, (_, i) => {})",
                self.small_int(),
                self.with_constant("i", |g| g.within(Context::default(), |g| g.expr(d)))
            ),
            2 => format!("new Array({})", self.small_int()),
            3 => format!(
                "new {}([{}, {}])",
                self.pick(&["Uint8Array", "Int16Array", "Float64Array", "Uint8ClampedArray", "Int32Array"]),
                self.pick(&NUMBERS),
                self.pick(&NUMBERS)
            ),
            4 => match self.one_of(&self.generators.clone()) {
                Some(name) => format!("[...{name}({})]", self.expr(d)),
                None => format!("[{}]", self.list(d, 4)),
            },
            _ => format!("[{}]", self.list(d, 4)),
        }
    }

    pub(super) fn object(&mut self, d: u32) -> String {
        let members: Vec<_> = (0..1 + self.below(4))
            .map(|_| {
                let key = self.pick(&KEYS);
                match self.below(10) {
                    0 => format!("get {key}() {{ tick(); return {}; }}", self.in_method(|g| g.expr(d))),
                    1 => format!("set {key}(v) {{ tick(); out(v); }}"),
                    2 => format!(
                        "{key}(p) {{ tick(); return {}; }}",
                        self.in_method(|g| g.with_constant("p", |g| g.expr(d)))
                    ),
                    // quickjs-ng makes a key of an object only after the value.
                    3 => format!("[String({})]: {}", self.expr(0), self.expr(d)),
                    // Of what is no object, quickjs-ng copies nothing.
                    4 => format!("...Object({})", self.object(d.saturating_sub(1))),
                    5 => format!("valueOf() {{ return {}; }}", self.pick(&NUMBERS)),
                    6 => format!("toString() {{ return {}; }}", self.pick(&STRINGS)),
                    _ => format!("{key}: {}", self.expr(d)),
                }
            })
            .collect();
        format!("({{ {} }})", members.join(", "))
    }

    fn in_method<T>(&mut self, f: impl FnOnce(&mut Generator) -> T) -> T {
        self.within(Context { returns: true, ..Context::default() }, f)
    }

    pub(super) fn with_constant<T>(&mut self, name: &str, f: impl FnOnce(&mut Generator) -> T) -> T {
        self.scoped(|g| {
            g.constants.push(name.to_string());
            f(g)
        })
    }

    fn call(&mut self, d: u32) -> String {
        let arguments = self.list(d, 3);
        match self.below(8) {
            0 => format!("{}.call({}, {})", self.primary(d), self.atom(), self.expr(d)),
            1 => format!("{}.apply({}, [{arguments}])", self.primary(d), self.atom()),
            2 => format!("{}.bind({}, {})", self.primary(d), self.atom(), self.expr(d)),
            3 => format!("{}{}({arguments})", self.primary(d), self.member()),
            4 if self.context.awaits => format!("(await ({}))", self.expr(d)),
            5 if self.context.yields => format!("(yield {})", self.expr(d)),
            4 => match self.one_of(&self.async_functions.clone()) {
                Some(name) if self.context.awaits => format!("(await {name}({arguments}))"),
                _ => "0".into(),
            },
            _ => match self.one_of(&self.functions.clone()) {
                Some(name) => format!("{name}({arguments})"),
                None => self.atom(),
            },
        }
    }

    fn string_method(&mut self, d: u32) -> String {
        let subject = format!("String({})", self.expr(d));
        let small = self.small_int();
        let other = self.pick(&STRINGS);
        match self.below(22) {
            0 => format!("{subject}.slice({small})"),
            1 => format!("{subject}.substring({small}, {})", self.small_int()),
            2 => format!("{subject}.split({other})"),
            3 => format!("{subject}.indexOf({other})"),
            4 => format!("{subject}.at(-{small})"),
            5 => format!("{subject}.charCodeAt({small})"),
            6 => format!("{subject}.codePointAt({small})"),
            7 => format!("{subject}.repeat({})", self.below(4)),
            8 => format!("{subject}.padStart({small}, {other})"),
            9 => format!("{subject}.trim()"),
            10 => format!("{subject}.toUpperCase()"),
            11 => format!("{subject}.replace({other}, (m, at) => {})", self.expr(0)),
            12 => format!("{subject}.replaceAll({other}, '<$&>')"),
            13 => format!("{subject}.includes({other})"),
            14 => format!("[...{subject}]"),
            15 => format!("{subject}.localeCompare === undefined"),
            16 => format!("{subject}.lastIndexOf({other}, {small})"),
            17 => format!("{subject}.startsWith({other}, {small})"),
            18 => format!("{subject}.concat({}, {other})", self.expr(d)),
            19 => format!("encodeURIComponent({subject})"),
            20 => format!("parseInt({subject}, {})", self.pick(&["10", "16", "2", "36", "0"])),
            _ => format!("{subject}.isWellFormed()"),
        }
    }

    fn array_method(&mut self, d: u32) -> String {
        let subject = if self.chance(50) { self.array(d) } else { self.primary(d) };
        let small = self.small_int();
        let body = self.scoped(|g| {
            g.constants.extend(["x".to_string(), "i".to_string()]);
            g.within(Context::default(), |g| g.expr(d))
        });
        match self.below(26) {
            0 => format!("{subject}.map((x, i) => {body})"),
            1 => format!("{subject}.filter((x, i) => {body})"),
            2 => format!("{subject}.reduce((x, i) => {body}, {small})"),
            3 => format!("{subject}.find((x, i) => {body})"),
            4 => format!("{subject}.some((x, i) => {body})"),
            5 => format!("{subject}.every((x, i) => {body})"),
            6 => format!("{subject}.flatMap((x, i) => [{body}, x])"),
            7 => format!("{subject}.join('-')"),
            8 => format!("{subject}.slice({small}, -1)"),
            9 => format!("{subject}.concat({}, [{small}])", self.expr(d)),
            10 => format!("{subject}.indexOf({small})"),
            11 => format!("{subject}.includes({})", self.expr(0)),
            12 => format!("{subject}.reverse()"),
            13 => format!("{subject}.sort()"),
            // A consistent order: strings by their units.
            14 => format!("{subject}.toSorted((x, i) => String(x) < String(i) ? -1 : String(x) > String(i) ? 1 : 0)"),
            15 => format!("{subject}.push({})", self.expr(d)),
            16 => format!("{subject}.splice({small}, {}, {})", self.below(3), self.expr(d)),
            17 => format!("{subject}.fill({}, {small})", self.expr(0)),
            18 => format!("{subject}.at(-{small})"),
            19 => format!("{subject}.entries().next().value"),
            20 => format!("{subject}.flat(2)"),
            21 => format!("{subject}.copyWithin({small}, 1)"),
            22 => format!("{subject}.with({small}, {})", self.expr(0)),
            23 => format!("{subject}.findLastIndex((x, i) => {body})"),
            24 => format!("{subject}.{}()", self.pick(&["pop", "shift", "keys", "values", "toString", "toReversed"])),
            _ => format!("{subject}.unshift({})", self.expr(d)),
        }
    }

    fn object_method(&mut self, d: u32) -> String {
        let subject = if self.chance(50) { self.object(d) } else { self.primary(d) };
        let key = self.pick(&KEYS[..8]);
        match self.below(18) {
            0 => format!("Object.keys({subject})"),
            1 => format!("Object.entries({subject})"),
            2 => format!("Object.assign({}, {subject})", self.object(d)),
            3 => format!("Object.freeze({subject})"),
            4 => format!("Object.getOwnPropertyDescriptor({subject}, '{key}')"),
            5 => format!(
                "Object.defineProperty({subject}, '{key}', {{ value: {}, {}: true }})",
                self.expr(d),
                self.pick(&["writable", "enumerable", "configurable"])
            ),
            6 => format!("JSON.stringify({subject})"),
            7 => format!("JSON.parse(JSON.stringify({subject}))"),
            8 => format!("Reflect.ownKeys({subject})"),
            9 => format!("Object.create({subject}, {{ {key}: {{ value: {} }} }})", self.expr(0)),
            10 => format!("Object.fromEntries(Object.entries({subject}))"),
            11 => format!("(delete {subject}.{})", self.pick(&["a", "b", "x"])),
            12 => format!("Object.groupBy([{}], (x) => typeof x)", self.list(d, 4)),
            13 => format!("Object.is({subject}, {})", self.expr(0)),
            14 => format!(
                "new Proxy({subject}, {{ get(t, k, r) {{ tick(); return k === '{key}' ? {} : Reflect.get(t, k, r); }}, has() {{ return true; }} }}).{}",
                self.expr(0),
                self.pick(&["a", "b", "x"])
            ),
            15 => format!("Object.hasOwn({subject}, '{key}')"),
            16 => format!("Object.seal({subject})"),
            _ => format!("Object.getOwnPropertyNames({subject})"),
        }
    }

    fn number_method(&mut self, d: u32) -> String {
        let subject = self.expr(d);
        match self.below(14) {
            0 => format!("Math.floor({subject})"),
            1 => format!("Math.max({subject}, {})", self.expr(d)),
            2 => format!("Math.sign({subject})"),
            3 => format!("Math.imul({subject}, {})", self.expr(0)),
            4 => format!("Math.clz32({subject})"),
            5 => format!("Number({subject})"),
            6 => format!("Number({subject}).toFixed({})", self.small_int()),
            // Other radices are approximated in each engine's own way.
            7 => format!("Number({subject}).toString({})", self.pick(&["2", "8", "16", "10"])),
            8 => format!("Number({subject}).toPrecision({})", 1 + self.below(9)),
            9 => format!("Math.round({subject})"),
            10 => format!("Math.fround({subject})"),
            11 => format!("Math.hypot({}, {})", self.pick(&["3", "0", "-5"]), self.pick(&["4", "0", "12"])),
            12 => format!("Number.isInteger({subject})"),
            _ => format!("parseFloat({subject})"),
        }
    }

    fn template(&mut self, d: u32) -> String {
        if self.chance(20) {
            return format!("((s, ...v) => [s.raw.join('|'), v])`x\\n${{{}}}y${{{}}}`", self.expr(d), self.expr(0));
        }
        // quickjs-ng converts the values after evaluating them all.
        format!("`{}${{String({})}}-${{String({})}}`", self.pick(&["", "a", "é"]), self.expr(d), self.expr(d))
    }

    fn arrow(&mut self, d: u32) -> String {
        let name = self.fresh("p");
        let default = if self.chance(30) { format!(" = {}", self.expr(0)) } else { String::new() };
        let body = self.with_constant(&name, |g| g.within(Context::default(), |g| g.expr(d)));
        format!("(({name}{default}) => (tick(), {body}))")
    }

    fn collection(&mut self, d: u32) -> String {
        match self.below(8) {
            0 => format!("new Map([[{}, {}], [{}, {}]])", self.expr(0), self.expr(d), self.expr(0), self.expr(0)),
            1 => format!("new Set([{}])", self.list(d, 4)),
            2 => format!("new Map([[{}, 1]]).get({})", self.expr(0), self.expr(0)),
            3 => format!("[...new Set([{}])]", self.list(d, 5)),
            4 => format!("new Set([{}]).union(new Set([{}]))", self.list(0, 3), self.list(0, 3)),
            5 => format!("new Map([[{}, {}]]).entries().next()", self.expr(0), self.expr(0)),
            6 => format!("Symbol.for('{}')", self.pick(&["s", "t"])),
            _ => format!("Iterator.from([{}]).map((x) => [x]).take(2).toArray()", self.list(d, 4)),
        }
    }

    fn instance(&mut self, d: u32) -> String {
        let Some(class) = self.one_of(&self.classes.clone()) else { return self.object(d) };
        match self.below(5) {
            0 => format!("(new {class}({}) instanceof {class})", self.list(d, 2)),
            1 => format!("{class}.made({})", self.expr(d)),
            2 => format!("new {class}({}).m({})", self.list(d, 2), self.expr(d)),
            3 => format!("new {class}({}).both", self.list(d, 2)),
            _ => format!("new {class}({})", self.list(d, 2)),
        }
    }

    fn assignment(&mut self, d: u32) -> String {
        let Some(name) = self.one_of(&self.variables.clone()) else { return self.atom() };
        match self.below(8) {
            0 => format!("({name}{})", self.pick(&["++", "--"])),
            1 => format!("({}{name})", self.pick(&["++", "--"])),
            2 => format!(
                "({name} {} {})",
                self.pick(&["-=", "*=", "|=", "&&=", "||=", "??=", "%=", ">>="]),
                self.expr(d)
            ),
            3 => format!("({name} = cap({name} + {}))", self.expr(d)),
            4 => format!("([{name}, {name}] = {})", self.array(d)),
            5 => format!("({{ a: {name} = {} }} = {})", self.expr(0), self.object(d)),
            _ => format!("({name} = cap({}))", self.expr(d)),
        }
    }

    fn regexp(&mut self, d: u32) -> String {
        let pattern = self.pick(&PATTERNS);
        let subject = format!("String({})", self.expr(d));
        match self.below(7) {
            0 => format!("{pattern}.test({subject})"),
            1 => format!("({pattern}.exec({subject}) ?? []).slice()"),
            2 => format!("{subject}.replace({pattern}, '[$&$1]')"),
            3 => format!("{subject}.split({pattern})"),
            4 => format!("{subject}.match({pattern})?.length"),
            5 => format!("{subject}.search({pattern})"),
            _ => format!("{subject}.replace({pattern}, (...all) => all.slice(0, 2).join('/'))"),
        }
    }

    fn bigint(&mut self, d: u32) -> String {
        let operator = self.pick(&["+", "-", "*", "/", "%", "&", "|", "^", "<", "==="]);
        let small = |g: &mut Generator| g.pick(&["0n", "1n", "-1n", "7n", "-128n", "65536n"]);
        let large =
            |g: &mut Generator| g.pick(&["7n", "12345678901234567890n", "-9223372036854775808n", "(2n ** 100n)"]);
        match self.below(6) {
            0 => format!("({} {operator} {})", small(self), small(self)),
            // As text: quickjs-ng compares large ones with numbers in its own way.
            1 => format!("String({} {operator} {})", large(self), large(self)),
            2 => format!("String(BigInt.asUintN(64, {}))", large(self)),
            3 => format!("String({} << {}n)", large(self), self.below(70)),
            4 => format!("BigInt.asIntN(16, BigInt({}))", self.expr(d)),
            _ => format!("({} == ({}))", small(self), self.expr(d)),
        }
    }

    /// Something done to an object or array that lives on.
    fn effect(&mut self, d: u32) -> String {
        let Some(name) = self.one_of(&self.variables.clone()) else { return self.atom() };
        match self.below(4) {
            0 => format!("(({name}){} = {})", self.place(), self.expr(d)),
            1 => format!("(({name})[{}] = {})", self.index(), self.expr(d)),
            2 => format!("(({name}){}++)", self.place()),
            _ => format!("(out({}), {name})", self.expr(0)),
        }
    }
}
