//! A flag set in a dozen lines, where a dependency would be more to read.

/// Declares a flag struct over an integer with named bits and set operations.
macro_rules! bitflags_lite {
    ($(#[$meta:meta])* pub struct $name:ident: $int:ty { $($(#[$doc:meta])* $flag:ident = $bit:expr;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
        pub struct $name(pub $int);
        impl $name {
            $($(#[$doc])* pub const $flag: Self = Self($bit);)*
            /// All bits of `other` are set.
            #[inline(always)]
            pub const fn has(self, other: Self) -> bool { self.0 & other.0 == other.0 }
            /// Both sets.
            #[inline(always)]
            pub const fn with(self, other: Self) -> Self { Self(self.0 | other.0) }
            /// This set less `other`.
            #[inline(always)]
            pub const fn without(self, other: Self) -> Self { Self(self.0 & !other.0) }
        }
        impl std::ops::BitOr for $name {
            type Output = Self;
            fn bitor(self, other: Self) -> Self { self.with(other) }
        }
        impl std::ops::BitOrAssign for $name {
            fn bitor_assign(&mut self, other: Self) { self.0 |= other.0 }
        }
    };
}
