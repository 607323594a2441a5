//! What expands from the opcode table: the [`Op`] enum, operand kinds, lengths, and one emit function an opcode.

/// Kind of an operand; see the table in [`super::ops`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Register written.
    W,
    /// Register read.
    R,
    /// First register of a block.
    B,
    /// Count or small index.
    N,
    /// Constant: word index.
    K,
    /// Inline-cache site: word index.
    S,
    /// Immediate.
    I,
    /// Jump.
    J,
    /// Flags.
    F,
}

impl Kind {
    /// Bytes it takes in an instruction.
    pub const fn size(self) -> usize {
        match self {
            Kind::F => 1,
            Kind::W | Kind::R | Kind::B | Kind::N => 2,
            Kind::K | Kind::S | Kind::I | Kind::J => 4,
        }
    }
}

macro_rules! operand_type {
    (W) => {
        u16
    };
    (R) => {
        u16
    };
    (B) => {
        u16
    };
    (N) => {
        u16
    };
    (K) => {
        u32
    };
    (S) => {
        u32
    };
    (I) => {
        i32
    };
    (J) => {
        i32
    };
    (F) => {
        u8
    };
}

/// Effects of an opcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "spelled as in the table's rows")]
pub enum Effect {
    /// May throw, allocate or run JavaScript.
    throws,
    /// Control does not fall through.
    ends,
    /// Has a jump operand.
    jumps,
}

macro_rules! define_ops {
    ($($(#[doc = $doc:expr])* ($name:ident, [$($arg:ident : $kind:ident),*], [$($effect:ident),*]),)*) => {
        /// An opcode.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op { $($(#[doc = $doc])* $name,)* }

        impl Op {
            /// Every opcode in table order.
            pub const ALL: &'static [Op] = &[$(Op::$name,)*];

            /// The opcode of a byte.
            pub fn from_byte(byte: u8) -> Option<Op> { Op::ALL.get(byte as usize).copied() }

            /// Its name.
            pub const fn name(self) -> &'static str { match self { $(Op::$name => stringify!($name),)* } }

            /// Names and kinds of its operands.
            pub const fn operands(self) -> &'static [(&'static str, Kind)] {
                match self { $(Op::$name => &[$((stringify!($arg), Kind::$kind)),*],)* }
            }

            /// Its effects.
            pub const fn effects(self) -> &'static [Effect] {
                match self { $(Op::$name => &[$(Effect::$effect),*],)* }
            }

            /// Bytes of the whole instruction.
            #[allow(clippy::len_without_is_empty, reason = "no instruction is empty")]
            #[inline(always)]
            pub const fn len(self) -> usize { match self { $(Op::$name => len::$name,)* } }
        }

        /// Instruction lengths as constants.
        #[allow(non_upper_case_globals, missing_docs, reason = "one constant per opcode, named as the opcode")]
        pub mod len {
            use super::Kind;
            $(pub const $name: usize = 1 $(+ Kind::$kind.size())*;)*
        }

        /// Reads the operands of an instruction: one function an opcode, returning them in row order.
        #[allow(non_snake_case, missing_docs, clippy::unused_unit, unused_assignments, unused_mut, unused_variables,
            reason = "one function per opcode, named as the opcode; expanded for every arity")]
        #[allow(unsafe_code, reason = "reads verified bytecode through a pointer")]
        pub mod decode {
            $(
                /// # Safety
                /// `pc` points at a whole instruction of this opcode.
                #[inline(always)]
                pub unsafe fn $name(pc: *const u8) -> ($(operand_type!($kind),)*) {
                    let mut at = 1;
                    $(
                        // SAFETY: the caller promises that the whole instruction is readable.
                        let $arg = unsafe { pc.add(at).cast::<operand_type!($kind)>().read_unaligned() };
                        at += std::mem::size_of::<operand_type!($kind)>();
                    )*
                    ($($arg,)*)
                }
            )*
        }

        /// Appends instructions to a code buffer: one function an opcode.
        #[allow(non_snake_case, missing_docs, reason = "one function per opcode, named as the opcode; documented in the table")]
        pub mod emit {
            use super::Op;
            $(
                #[inline]
                pub fn $name(code: &mut Vec<u8>, $($arg: operand_type!($kind)),*) -> usize {
                    let at = code.len();
                    code.push(Op::$name as u8);
                    $(code.extend_from_slice(&$arg.to_le_bytes());)*
                    at
                }
            )*
        }
    };
}
crate::for_each_op!(define_ops);

const _: () = assert!(Op::ALL.len() <= 256);
