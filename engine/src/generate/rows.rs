//! Rows of the tables as text, field by field under the names of the SPEC.

/// Declares a row of a table: a struct of texts that knows its header.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident { $($field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the fields are those of SPEC section 1, under the same names")]
        pub struct $name { $(pub $field: String),+ }

        impl $name {
            /// The columns, in order.
            pub const HEADER: &'static [&'static str] = &[$(stringify!($field)),+];

            /// The cells, in the order of the header.
            pub fn cells(self) -> Vec<String> {
                vec![$(self.$field),+]
            }
        }
    };
}

row!(
    /// A row of `requests.csv`.
    RequestRow {
        request_id, patient_id, site_id, care_type, priority, duration_minutes, original_start, waiting_since,
        earliest_date, due_date, latest_date, delivery_channels, preferred_practitioner_id, continuity,
        practitioner_gender, needs, available, unavailable_dates, after_request_id, after_min_days,
        after_max_days, together_id, contact_route, sms_permitted, safe_to_contact, reconciliation,
        cancelled_by, times_cancelled, imd_decile, flags,
    }
);
row!(
    /// A row of `slots.csv`.
    SlotRow {
        slot_id, session_id, start, duration_minutes, status, reserved_for, patient_id, places, places_taken,
    }
);
row!(
    /// A row of `sessions.csv`.
    SessionRow {
        session_id, practitioner_id, site_id, start, end, slot_minutes, delivery_channels, care_types, features,
        reserved_for, max_contacts, additional, cost,
    }
);
row!(
    /// A row of `clinicians.csv`.
    ClinicianRow {
        practitioner_id, role, gender, skills, max_contacts_day, duration_multiplier, leave,
    }
);
row!(
    /// A row of `sites.csv`.
    SiteRow {
        site_id, name, practice, pcn, icb, region, hub, serves, features, closed_dates, calls_per_day, latitude,
        longitude,
    }
);

/// The rows of a part of a case: of a primary care network, or of a hospital.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    /// Of `requests.csv`.
    pub requests: Vec<RequestRow>,
    /// Of `sessions.csv`.
    pub sessions: Vec<SessionRow>,
    /// Of `slots.csv`.
    pub slots: Vec<SlotRow>,
    /// Of `clinicians.csv`.
    pub clinicians: Vec<ClinicianRow>,
    /// Of `sites.csv`.
    pub sites: Vec<SiteRow>,
}

impl Tables {
    /// Adds the rows of another part after these.
    pub fn append(&mut self, other: Self) {
        self.requests.extend(other.requests);
        self.sessions.extend(other.sessions);
        self.slots.extend(other.slots);
        self.clinicians.extend(other.clinicians);
        self.sites.extend(other.sites);
    }
}
