//! NaN-boxed values: one 64-bit word that is a double, an int32, a singleton, or a tagged 32-bit reference into the cage.
//!
//! Doubles are stored as they are; every other value has one of the upper 16-bit tags below, which no canonical double has.
//! Doubles read from bytes or from the host are canonicalised by [`Value::number`] / [`Value::double`].

/// Offset of a cell from the cage base, in bytes, 8-aligned; 0 is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Ref(pub u32);

impl Ref {
    /// The null reference: the start of the null page.
    pub const NULL: Ref = Ref(0);
    /// Whether this is [`Ref::NULL`].
    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }
}

/// A JavaScript value (or an internal reference, which scripts never see).
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Value(pub u64);

const TAG_SHIFT: u32 = 48;
/// int32 in the low 32 bits.
pub const TAG_INT: u64 = 0xFFF9;
/// A [`Singleton`] in the low 32 bits.
pub const TAG_SINGLE: u64 = 0xFFFA;
/// Reference to a string cell.
pub const TAG_STRING: u64 = 0xFFFB;
/// Reference to an object cell.
pub const TAG_OBJECT: u64 = 0xFFFC;
/// Reference to a symbol cell.
pub const TAG_SYMBOL: u64 = 0xFFFD;
/// Reference to a BigInt cell.
pub const TAG_BIGINT: u64 = 0xFFFE;
/// Reference to an internal cell (scope, shape, template); never visible to scripts.
pub const TAG_INTERNAL: u64 = 0xFFFF;
const FIRST_TAGGED: u64 = TAG_INT << TAG_SHIFT;
const CANONICAL_NAN: u64 = 0x7FF8 << TAG_SHIFT;

/// Values without payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Singleton {
    /// `undefined`
    Undefined = 0,
    /// `null`
    Null = 1,
    /// `false`
    False = 2,
    /// `true`
    True = 3,
    /// An absent array element.
    Hole = 4,
    /// A binding before its initialisation.
    Tdz = 5,
}

impl Value {
    /// `undefined`
    pub const UNDEFINED: Value = Value::single(Singleton::Undefined);
    /// `null`
    pub const NULL: Value = Value::single(Singleton::Null);
    /// `false`
    pub const FALSE: Value = Value::single(Singleton::False);
    /// `true`
    pub const TRUE: Value = Value::single(Singleton::True);
    /// An absent array element.
    pub const HOLE: Value = Value::single(Singleton::Hole);
    /// A binding before its initialisation.
    pub const TDZ: Value = Value::single(Singleton::Tdz);
    /// `NaN`
    pub const NAN: Value = Value(CANONICAL_NAN);

    const fn single(s: Singleton) -> Value {
        Value((TAG_SINGLE << TAG_SHIFT) | s as u64)
    }

    /// The singleton with this number; out of range gives `undefined`.
    #[inline(always)]
    pub const fn from_singleton(n: u8) -> Value {
        Value((TAG_SINGLE << TAG_SHIFT) | if n <= 5 { n as u64 } else { 0 })
    }

    #[inline(always)]
    const fn tagged(tag: u64, low: u32) -> Value {
        Value((tag << TAG_SHIFT) | low as u64)
    }

    /// An int32.
    #[inline(always)]
    pub const fn int(i: i32) -> Value {
        Value::tagged(TAG_INT, i as u32)
    }

    /// A boolean.
    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    /// A double as it is, NaN made canonical; stays a double even when integral (use [`Value::number`] for results).
    #[inline(always)]
    pub fn double(d: f64) -> Value {
        if d.is_nan() { Value::NAN } else { Value(d.to_bits()) }
    }

    /// A number in its usual form: int32 where exact (not for −0), otherwise a double.
    #[inline(always)]
    pub fn number(d: f64) -> Value {
        let i = d as i32;
        if i as f64 == d && (i != 0 || d.to_bits() == 0) { Value::int(i) } else { Value::double(d) }
    }

    /// A number from an unsigned integer.
    #[inline(always)]
    pub fn uint(u: u32) -> Value {
        if u <= i32::MAX as u32 { Value::int(u as i32) } else { Value(f64::from(u).to_bits()) }
    }

    /// A number from a length.
    #[inline(always)]
    pub fn size(n: usize) -> Value {
        Value::number(n as f64)
    }

    /// A string reference.
    #[inline(always)]
    pub const fn string(r: Ref) -> Value {
        Value::tagged(TAG_STRING, r.0)
    }

    /// An object reference.
    #[inline(always)]
    pub const fn object(r: Ref) -> Value {
        Value::tagged(TAG_OBJECT, r.0)
    }

    /// An object reference, or `null` for the null reference (prototypes).
    #[inline(always)]
    pub const fn object_or_null(r: Ref) -> Value {
        if r.is_null() { Value::NULL } else { Value::object(r) }
    }

    /// A symbol reference.
    #[inline(always)]
    pub const fn symbol(r: Ref) -> Value {
        Value::tagged(TAG_SYMBOL, r.0)
    }

    /// A BigInt reference.
    #[inline(always)]
    pub const fn bigint(r: Ref) -> Value {
        Value::tagged(TAG_BIGINT, r.0)
    }

    /// An internal reference.
    #[inline(always)]
    pub const fn internal(r: Ref) -> Value {
        Value::tagged(TAG_INTERNAL, r.0)
    }

    /// The upper 16 bits.
    #[inline(always)]
    pub const fn tag(self) -> u64 {
        self.0 >> TAG_SHIFT
    }

    /// Whether it is a double (not an int32).
    #[inline(always)]
    pub const fn is_double(self) -> bool {
        self.0 < FIRST_TAGGED
    }

    /// Whether it is an int32.
    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.tag() == TAG_INT
    }

    /// Whether it is a number.
    #[inline(always)]
    pub const fn is_number(self) -> bool {
        self.0 < (TAG_SINGLE << TAG_SHIFT)
    }

    /// Whether it is a string.
    #[inline(always)]
    pub const fn is_string(self) -> bool {
        self.tag() == TAG_STRING
    }

    /// Whether it is an object (functions included).
    #[inline(always)]
    pub const fn is_object(self) -> bool {
        self.tag() == TAG_OBJECT
    }

    /// Whether it is a symbol.
    #[inline(always)]
    pub const fn is_symbol(self) -> bool {
        self.tag() == TAG_SYMBOL
    }

    /// Whether it is a BigInt.
    #[inline(always)]
    pub const fn is_bigint(self) -> bool {
        self.tag() == TAG_BIGINT
    }

    /// Whether it is a boolean.
    #[inline(always)]
    pub const fn is_bool(self) -> bool {
        self.0 | 1 == Value::TRUE.0
    }

    /// Whether it is `undefined`.
    #[inline(always)]
    pub const fn is_undefined(self) -> bool {
        self.0 == Value::UNDEFINED.0
    }

    /// Whether it is `null`.
    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == Value::NULL.0
    }

    /// Whether it is `undefined` or `null`.
    #[inline(always)]
    pub const fn is_nullish(self) -> bool {
        self.0 | 1 == Value::NULL.0
    }

    /// Whether it is the hole.
    #[inline(always)]
    pub const fn is_hole(self) -> bool {
        self.0 == Value::HOLE.0
    }

    /// Whether it is the TDZ marker.
    #[inline(always)]
    pub const fn is_tdz(self) -> bool {
        self.0 == Value::TDZ.0
    }

    /// Whether it refers to a cell.
    #[inline(always)]
    pub const fn is_ref(self) -> bool {
        self.tag() >= TAG_STRING
    }

    /// The low 32 bits as a reference (meaningful for reference tags).
    #[inline(always)]
    pub const fn as_ref(self) -> Ref {
        Ref(self.0 as u32)
    }

    /// The int32 (meaningful for ints).
    #[inline(always)]
    pub const fn as_int(self) -> i32 {
        self.0 as u32 as i32
    }

    /// The double (meaningful for doubles).
    #[inline(always)]
    pub const fn as_double(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// The number as f64 (meaningful for numbers).
    #[inline(always)]
    pub fn as_number(self) -> f64 {
        if self.is_int() { f64::from(self.as_int()) } else { self.as_double() }
    }

    /// The object's reference, if it is an object.
    #[inline(always)]
    pub const fn to_obj(self) -> Option<Ref> {
        if self.is_object() { Some(self.as_ref()) } else { None }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.tag() {
            TAG_INT => write!(f, "{}", self.as_int()),
            TAG_SINGLE => f.write_str(match self.0 as u8 {
                0 => "undefined",
                1 => "null",
                2 => "false",
                3 => "true",
                4 => "<hole>",
                _ => "<tdz>",
            }),
            TAG_STRING => write!(f, "string@{:#x}", self.as_ref().0),
            TAG_OBJECT => write!(f, "object@{:#x}", self.as_ref().0),
            TAG_SYMBOL => write!(f, "symbol@{:#x}", self.as_ref().0),
            TAG_BIGINT => write!(f, "bigint@{:#x}", self.as_ref().0),
            TAG_INTERNAL => write!(f, "internal@{:#x}", self.as_ref().0),
            _ => write!(f, "{:?}", self.as_double()),
        }
    }
}

/// A JavaScript exception is pending (its value is in the context), or the request is being terminated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thrown;

/// Result of anything that may throw.
pub type JsResult<T = Value> = Result<T, Thrown>;
