//! Compact bytes of a [`Module`]: variable-length integers, deltas for positions. Reading never panics and allocates no
//! more than the input is long; what was read is verified like a compiled module.
use crate::bytecode::module::{Const, ExportTarget, FnFlags, Function, Handler, JsStr, Module, Unit};

impl Module {
    /// The module as an image holds it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.module(self);
        w.0
    }

    /// A module from such bytes, not verified yet; `None` if they are none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Module> {
        let mut r = Reader(bytes);
        r.module().filter(|_| r.0.is_empty())
    }
}

/// Appends.
#[derive(Default)]
pub(super) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn int(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn list<T>(&mut self, items: &[T], mut f: impl FnMut(&mut Writer, &T)) {
        self.int(items.len() as u64);
        items.iter().for_each(|item| f(self, item));
    }

    fn ints(&mut self, items: &[u32]) {
        self.list(items, |w, &n| w.int(n.into()));
    }

    pub fn module(&mut self, module: &Module) {
        self.bytes(&module.code);
        self.list(&module.strings, Writer::js_str);
        self.list(&module.functions, Writer::function);
        self.list(&module.units, Writer::unit);
        self.int(module.max_registers.into());
    }

    fn js_str(&mut self, s: &JsStr) {
        match s {
            JsStr::Latin1(bytes) => {
                self.int(2 * bytes.len() as u64);
                self.0.extend_from_slice(bytes);
            }
            JsStr::Utf16(units) => {
                self.int(2 * units.len() as u64 + 1);
                units.iter().for_each(|unit| self.0.extend_from_slice(&unit.to_le_bytes()));
            }
        }
    }

    fn function(&mut self, f: &Function) {
        for n in [f.name, f.code_start, f.code_len, f.registers.into(), f.params.into(), f.length.into(), f.flags.0] {
            self.int(n.into());
        }
        self.list(&f.constants, Writer::constant);
        self.int(f.sites.into());
        self.list(&f.handlers, |w, h| {
            for n in [h.start, h.end, h.target, h.register.into()] {
                w.int(n.into());
            }
        });
        let (mut code, mut source) = (0u32, 0u32);
        self.list(&f.positions, |w, &(at, from)| {
            w.int(at.wrapping_sub(code).into());
            // Sources go back and forth: zigzag.
            let delta = from.wrapping_sub(source) as i32;
            w.int(u64::from((delta << 1 ^ delta >> 31) as u32));
            (code, source) = (at, from);
        });
        for n in [f.unit, f.span.0, f.span.1, f.instance_slots.into()] {
            self.int(n.into());
        }
    }

    fn constant(&mut self, constant: &Const) {
        match constant {
            Const::Number(d) => {
                self.int(0);
                self.0.extend_from_slice(&d.to_le_bytes());
            }
            Const::Str(id) => self.tagged(1, *id),
            Const::BigInt(id) => self.tagged(2, *id),
            Const::Function(id) => self.tagged(3, *id),
            Const::Shape(keys) => {
                self.int(4);
                self.ints(keys);
            }
            Const::RegExp { source, flags, program } => {
                self.tagged(5, *source);
                self.int((*flags).into());
                self.ints(program);
            }
            Const::Template { cooked, raw } => {
                self.int(6);
                self.list(cooked, |w, id| w.int(id.map_or(0, |id| u64::from(id) + 1)));
                self.ints(raw);
            }
        }
    }

    fn tagged(&mut self, tag: u64, n: u32) {
        self.int(tag);
        self.int(n.into());
    }

    fn unit(&mut self, unit: &Unit) {
        self.bytes(unit.name.as_bytes());
        self.bytes(unit.source.as_bytes());
        self.int(unit.body.into());
        self.int(u64::from(unit.is_module) | u64::from(unit.has_tla) << 1 | u64::from(unit.lazy) << 2);
        self.int(unit.scope_slots.into());
        self.list(&unit.exports, |w, &(name, target)| {
            w.int(name.into());
            match target {
                ExportTarget::Binding { unit, slot } => {
                    w.int(u64::from(slot) + 1);
                    w.int(unit.into());
                }
                ExportTarget::Namespace(unit) => {
                    w.int(0);
                    w.int(unit.into());
                }
            }
        });
        self.list(&unit.hoisted, |w, &(slot, function)| {
            w.int(slot.into());
            w.int(function.into());
        });
        self.ints(&unit.requests);
    }
}

/// Reads what [`Writer`] wrote; `None` from anything means damaged bytes.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn int(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            n |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    pub fn narrow<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.int()?).ok()
    }

    pub fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let n = self.narrow()?;
        self.take(n)
    }

    pub fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    fn list<T>(&mut self, mut f: impl FnMut(&mut Reader<'a>) -> Option<T>) -> Option<Vec<T>> {
        let n: usize = self.narrow()?;
        // Every item takes at least a byte.
        if n > self.0.len() {
            return None;
        }
        let mut items = Vec::with_capacity(n.min(4096));
        for _ in 0..n {
            items.push(f(self)?);
        }
        Some(items)
    }

    fn ints(&mut self) -> Option<Vec<u32>> {
        self.list(|r| r.narrow())
    }

    pub fn module(&mut self) -> Option<Module> {
        Some(Module {
            code: self.bytes()?.to_vec(),
            strings: self.list(Reader::js_str)?,
            functions: self.list(Reader::function)?,
            units: self.list(Reader::unit)?,
            max_registers: self.narrow()?,
        })
    }

    fn js_str(&mut self) -> Option<JsStr> {
        let n: usize = self.narrow()?;
        if n.is_multiple_of(2) {
            return Some(JsStr::Latin1(self.take(n / 2)?.into()));
        }
        let units = self.take((n / 2).checked_mul(2)?)?;
        Some(JsStr::Utf16(units.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()))
    }

    fn function(&mut self) -> Option<Function> {
        Some(Function {
            name: self.narrow()?,
            code_start: self.narrow()?,
            code_len: self.narrow()?,
            registers: self.narrow()?,
            params: self.narrow()?,
            length: self.narrow()?,
            flags: FnFlags(self.narrow()?),
            constants: self.list(Reader::constant)?,
            sites: self.narrow()?,
            handlers: self.list(|r| {
                Some(Handler { start: r.narrow()?, end: r.narrow()?, target: r.narrow()?, register: r.narrow()? })
            })?,
            positions: {
                let (mut code, mut source) = (0u32, 0u32);
                self.list(|r| {
                    code = code.wrapping_add(r.narrow()?);
                    let delta: u32 = r.narrow()?;
                    source = source.wrapping_add(delta >> 1 ^ (delta & 1).wrapping_neg());
                    Some((code, source))
                })?
            },
            unit: self.narrow()?,
            span: (self.narrow()?, self.narrow()?),
            instance_slots: self.narrow()?,
        })
    }

    fn constant(&mut self) -> Option<Const> {
        Some(match self.int()? {
            0 => Const::Number(f64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            1 => Const::Str(self.narrow()?),
            2 => Const::BigInt(self.narrow()?),
            3 => Const::Function(self.narrow()?),
            4 => Const::Shape(self.ints()?),
            5 => Const::RegExp { source: self.narrow()?, flags: self.narrow()?, program: self.ints()? },
            6 => Const::Template {
                cooked: self.list(|r| {
                    let n: u64 = r.int()?;
                    Some(if n == 0 { None } else { Some(u32::try_from(n - 1).ok()?) })
                })?,
                raw: self.ints()?,
            },
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<Unit> {
        let (name, source, body) = (self.text()?, self.text()?, self.narrow()?);
        let flags = self.int()?;
        Some(Unit {
            name,
            source,
            map: Default::default(),
            body,
            is_module: flags & 1 != 0,
            has_tla: flags & 2 != 0,
            lazy: flags & 4 != 0,
            scope_slots: self.narrow()?,
            exports: self.list(|r| {
                let name = r.narrow()?;
                let slot = r.int()?;
                let unit = r.narrow()?;
                Some((
                    name,
                    match slot {
                        0 => ExportTarget::Namespace(unit),
                        n => ExportTarget::Binding { unit, slot: u32::try_from(n - 1).ok()? },
                    },
                ))
            })?,
            hoisted: self.list(|r| Some((r.narrow()?, r.narrow()?)))?,
            requests: self.ints()?,
        })
    }
}
