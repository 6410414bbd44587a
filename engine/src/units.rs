//! Whole-number newtypes: positions in the tables of a case, and ranks.

/// Declares an index newtype over `u32`.
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position as a `usize`, for indexing.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                Self(index as u32)
            }
        }
    };
}

index!(
    /// A row of `case.requests`.
    RequestIdx
);
index!(
    /// A row of `case.slots`.
    SlotIdx
);
index!(
    /// A row of `case.sessions`.
    SessionIdx
);
index!(
    /// A row of `case.clinicians`.
    ClinicianIdx
);
index!(
    /// A row of `case.sites`.
    SiteIdx
);
index!(
    /// A row of `policy.tiers`, in order of urgency.
    TierIdx
);
index!(
    /// A row of `policy.care_types`.
    CareTypeIdx
);

/// A rank of urgency: 1 is the most urgent that is scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(pub u32);

impl Rank {
    /// Position counted from 0, for indexing entries of the objective.
    pub fn index(self) -> usize {
        self.0 as usize - 1
    }
}
