//! Element types (table 71): sizes, and values to and from their bytes.
use crate::builtins::bigint;
use crate::convert::double_to_int32;
use crate::heap::layout::CELL_DATA;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// Type of the elements of a typed array; the number stands in its internal word 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "named as in the specification's table of TypedArray constructors")]
pub enum ElementType {
    Int8,
    Uint8,
    Uint8Clamped,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Float16,
    Float32,
    Float64,
    BigInt64,
    BigUint64,
}

use ElementType::*;

/// Element type, bytes, constructor, prototype and name.
const TYPES: [(ElementType, u32, Intrinsic, Intrinsic, &str); 12] = [
    (Int8, 1, Intrinsic::Int8Array, Intrinsic::Int8ArrayPrototype, "Int8Array"),
    (Uint8, 1, Intrinsic::Uint8Array, Intrinsic::Uint8ArrayPrototype, "Uint8Array"),
    (Uint8Clamped, 1, Intrinsic::Uint8ClampedArray, Intrinsic::Uint8ClampedArrayPrototype, "Uint8ClampedArray"),
    (Int16, 2, Intrinsic::Int16Array, Intrinsic::Int16ArrayPrototype, "Int16Array"),
    (Uint16, 2, Intrinsic::Uint16Array, Intrinsic::Uint16ArrayPrototype, "Uint16Array"),
    (Int32, 4, Intrinsic::Int32Array, Intrinsic::Int32ArrayPrototype, "Int32Array"),
    (Uint32, 4, Intrinsic::Uint32Array, Intrinsic::Uint32ArrayPrototype, "Uint32Array"),
    (Float16, 2, Intrinsic::Float16Array, Intrinsic::Float16ArrayPrototype, "Float16Array"),
    (Float32, 4, Intrinsic::Float32Array, Intrinsic::Float32ArrayPrototype, "Float32Array"),
    (Float64, 8, Intrinsic::Float64Array, Intrinsic::Float64ArrayPrototype, "Float64Array"),
    (BigInt64, 8, Intrinsic::BigInt64Array, Intrinsic::BigInt64ArrayPrototype, "BigInt64Array"),
    (BigUint64, 8, Intrinsic::BigUint64Array, Intrinsic::BigUint64ArrayPrototype, "BigUint64Array"),
];

impl ElementType {
    /// The type with this number.
    #[inline(always)]
    pub const fn of(n: u8) -> ElementType {
        TYPES[n as usize].0
    }

    /// Bytes of an element.
    #[inline(always)]
    pub const fn size(self) -> u32 {
        1 << self.shift()
    }

    /// log2 of [`ElementType::size`].
    #[inline(always)]
    pub const fn shift(self) -> u32 {
        // Two bits a type, from the lowest.
        0b11_11_11_10_01_10_10_01_01_00_00_00 >> (2 * self as u32) & 3
    }

    /// The constructor of its typed arrays.
    pub const fn constructor(self) -> Intrinsic {
        TYPES[self as usize].2
    }

    /// Their prototype.
    pub const fn prototype(self) -> Intrinsic {
        TYPES[self as usize].3
    }

    /// Their name.
    pub const fn name(self) -> &'static str {
        TYPES[self as usize].4
    }

    /// Whether elements are BigInts rather than numbers.
    #[inline(always)]
    pub const fn is_bigint(self) -> bool {
        matches!(self, BigInt64 | BigUint64)
    }

    /// Whether elements are floating-point numbers.
    pub const fn is_float(self) -> bool {
        matches!(self, Float16 | Float32 | Float64)
    }
}

const _: () = {
    let mut i = 0;
    while i < TYPES.len() {
        assert!(TYPES[i].0 as usize == i && TYPES[i].0.size() == TYPES[i].1);
        i += 1;
    }
};

/// The element at byte `at` of a Bytes cell.
#[inline(always)]
pub fn read(rt: &Rt, cell: Ref, at: u32, element: ElementType) -> Value {
    let at = Ref(cell.0 + at);
    match element {
        Int8 => Value::int(i32::from(rt.load::<i8>(at, CELL_DATA))),
        Uint8 | Uint8Clamped => Value::int(i32::from(rt.load::<u8>(at, CELL_DATA))),
        Int16 => Value::int(i32::from(rt.load::<i16>(at, CELL_DATA))),
        Uint16 => Value::int(i32::from(rt.load::<u16>(at, CELL_DATA))),
        Int32 => Value::int(rt.load::<i32>(at, CELL_DATA)),
        Uint32 => Value::uint(rt.load::<u32>(at, CELL_DATA)),
        Float16 => Value::number(half_to_double(rt.load::<u16>(at, CELL_DATA))),
        Float32 => Value::number(f64::from(rt.load::<f32>(at, CELL_DATA))),
        Float64 => Value::number(rt.load::<f64>(at, CELL_DATA)),
        BigInt64 => bigint::from_i64(rt, rt.load::<i64>(at, CELL_DATA)),
        BigUint64 => bigint::from_u64(rt, rt.load::<u64>(at, CELL_DATA)),
    }
}

/// The value of an element's bytes, lowest first.
pub fn value_of_raw(rt: &Rt, element: ElementType, raw: u64) -> Value {
    match element {
        Int8 => Value::int(i32::from(raw as i8)),
        Uint8 | Uint8Clamped => Value::int(i32::from(raw as u8)),
        Int16 => Value::int(i32::from(raw as i16)),
        Uint16 => Value::int(i32::from(raw as u16)),
        Int32 => Value::int(raw as i32),
        Uint32 => Value::uint(raw as u32),
        Float16 => Value::number(half_to_double(raw as u16)),
        Float32 => Value::number(f64::from(f32::from_bits(raw as u32))),
        Float64 => Value::number(f64::from_bits(raw)),
        BigInt64 => bigint::from_i64(rt, raw as i64),
        BigUint64 => bigint::from_u64(rt, raw),
    }
}

/// 25.1.3.17 NumericToRawBytes of a number; the bytes of the element are the low ones.
#[inline]
pub fn raw_of_number(element: ElementType, v: Value) -> u64 {
    match element {
        Int8 | Uint8 | Int16 | Uint16 | Int32 | Uint32 => {
            (if v.is_int() { v.as_int() } else { double_to_int32(v.as_double()) }) as u32 as u64
        }
        Uint8Clamped if v.is_int() => v.as_int().clamp(0, 255) as u64,
        // A NaN casts to 0.
        Uint8Clamped => v.as_double().clamp(0.0, 255.0).round_ties_even() as u64,
        Float16 => u64::from(double_to_half(v.as_number())),
        Float32 => u64::from((v.as_number() as f32).to_bits()),
        Float64 => v.as_number().to_bits(),
        BigInt64 | BigUint64 => 0,
    }
}

/// The same of any value, converted by ToNumber or ToBigInt.
#[inline]
pub fn raw_of_value(rt: &mut Rt, element: ElementType, v: Value) -> JsResult<u64> {
    if element.is_bigint() {
        let v = bigint::to_bigint(rt, v)?;
        return Ok(bigint::low_digit(rt, v));
    }
    if v.is_number() {
        return Ok(raw_of_number(element, v));
    }
    let d = rt.to_number(v)?;
    Ok(raw_of_number(element, Value::double(d)))
}

/// Writes the low `size` bytes at byte `at` of a Bytes cell.
#[inline(always)]
pub fn store_raw(rt: &Rt, cell: Ref, at: u32, size: u32, raw: u64) {
    let at = Ref(cell.0 + at);
    match size {
        1 => rt.put::<u8>(at, CELL_DATA, raw as u8),
        2 => rt.put::<u16>(at, CELL_DATA, raw as u16),
        4 => rt.put::<u32>(at, CELL_DATA, raw as u32),
        _ => rt.put::<u64>(at, CELL_DATA, raw),
    }
}

/// Reads `size` bytes at byte `at` of a Bytes cell.
#[inline(always)]
pub fn load_raw(rt: &Rt, cell: Ref, at: u32, size: u32) -> u64 {
    let at = Ref(cell.0 + at);
    match size {
        1 => u64::from(rt.load::<u8>(at, CELL_DATA)),
        2 => u64::from(rt.load::<u16>(at, CELL_DATA)),
        4 => u64::from(rt.load::<u32>(at, CELL_DATA)),
        _ => rt.load::<u64>(at, CELL_DATA),
    }
}

/// IEEE 754 binary16 to binary64.
pub fn half_to_double(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * power_of_two(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * power_of_two(exponent - 25),
    }
}

/// Nearest binary16 of a binary64, ties to even.
pub fn double_to_half(d: f64) -> u16 {
    let sign = (d.to_bits() >> 48) as u16 & 0x8000;
    let magnitude = d.abs();
    if magnitude.is_nan() {
        return 0x7E00;
    }
    // Half-way between the greatest finite value and the next power of two.
    if magnitude >= 65520.0 {
        return sign | 0x7C00;
    }
    if magnitude < power_of_two(-14) {
        return sign | (magnitude * power_of_two(24)).round_ties_even() as u16;
    }
    let exponent = (magnitude.to_bits() >> 52) as i32 - 1023;
    let significand = (magnitude * power_of_two(10 - exponent)).round_ties_even() as u16;
    // A significand rounded up to 2048 carries into the exponent.
    sign | ((((exponent + 15) as u16) << 10) + (significand - 1024))
}

fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}
