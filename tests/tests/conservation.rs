//! No panic and no lost row, whatever happens to the bytes of a case.

use proptest::prelude::*;
use rebook_tests::conservation::{Files, check};

const REQUESTS: &str = "request_id,patient_id,site_id,care_type,priority,duration_minutes,original_start,latest_date,needs,available,reconciliation,imd_decile
R1,P1,A,gp-consultation,GP1,15,2024-07-19T09:00,2024-07-30,\"step-free;bsl\",Mon-Fri 09:00-12:00,not-seen,3
R2,P2,A,blood-test,GP4,,2024-07-19T09:15,,,,died,
R3,P3,B,gp-consultation,GP6,30,2024-07-19T09:30,,,\"Tue;Sat 09:00-12:00\",,10
";
const SESSIONS: &str = "session_id,practitioner_id,site_id,start,end,slot_minutes,features
S1,D1,A,2024-07-22T09:00,2024-07-22T12:00,15,\"step-free\"
";
const SLOTS: &str = "slot_id,session_id,start,duration_minutes,status,patient_id
T1,S1,2024-07-22T09:00,15,free,
T2,S1,2024-07-22T09:15,15,busy,P9
";
const CLINICIANS: &str = "practitioner_id,role,gender,leave\nD1,gp,female,2024-08-01..2024-08-03\n";
const SITES: &str = "site_id,name,practice\nA,\"Elm, Street\",X\nB,,X\n";
const POLICY: &str =
    "start = \"2024-07-22\"\nhorizon_days = 14\n[[reserve]]\nrole = \"gp\"\nfraction = 0.4\n";

fn case() -> Files {
    [
        ("requests.csv", REQUESTS),
        ("sessions.csv", SESSIONS),
        ("slots.csv", SLOTS),
        ("clinicians.csv", CLINICIANS),
        ("sites.csv", SITES),
        ("policy.toml", POLICY),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .collect()
}

/// One thing that happens to a file.
#[derive(Debug, Clone)]
enum Accident {
    /// A byte becomes another.
    Change(usize, u8),
    /// A byte is inserted.
    Insert(usize, u8),
    /// Bytes are lost.
    Remove(usize, usize),
    /// Bytes appear twice.
    Repeat(usize, usize),
    /// The end is lost.
    Cut(usize),
    /// Bytes are inserted.
    Paste(usize, &'static [u8]),
}

/// What finds its way into exports.
const PASTED: &[&[u8]] = &[
    b"\n",
    b"\r\n",
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"'=1+1",
    b"22/07/2024",
    b"45495",
    b"1.5E+10",
    b"\xEF\xBB\xBF",
    b"\xE9",
    b"\x81",
    b"\xFF\xFE",
    b"\0",
    b"Total,,,42\n",
    b",,,\n",
    b"9999-12-31",
    b"-1",
    b"4294967296",
    b"true",
    b"\r",
];

fn accidents() -> impl Strategy<Value = Vec<(usize, Accident)>> {
    let accident = prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Accident::Change(at, byte)),
        (any::<usize>(), prop::sample::select(b",;\"\n\r\t '=0aE.-".to_vec()))
            .prop_map(|(at, byte)| Accident::Insert(at, byte)),
        (any::<usize>(), 1..40_usize).prop_map(|(at, count)| Accident::Remove(at, count)),
        (any::<usize>(), 1..120_usize).prop_map(|(at, count)| Accident::Repeat(at, count)),
        any::<usize>().prop_map(Accident::Cut),
        (any::<usize>(), prop::sample::select(PASTED.to_vec()))
            .prop_map(|(at, text)| Accident::Paste(at, text)),
    ];
    // Most of them in the requests, which must survive the most.
    let file = prop_oneof![5 => Just(2_usize), 1 => 0..6_usize];
    prop::collection::vec((file, accident), 1..6)
}

fn happen(bytes: &mut Vec<u8>, accident: &Accident) {
    let size = bytes.len().max(1);
    let place = |at: usize| at % size;
    match *accident {
        Accident::Change(at, byte) => {
            if let Some(old) = bytes.get_mut(place(at)) {
                *old = byte;
            }
        }
        Accident::Insert(at, byte) => bytes.insert(place(at).min(bytes.len()), byte),
        Accident::Remove(at, count) => {
            let at = place(at).min(bytes.len());
            bytes.drain(at..(at + count).min(bytes.len()));
        }
        Accident::Repeat(at, count) => {
            let at = place(at).min(bytes.len());
            let piece = bytes[at..(at + count).min(bytes.len())].to_vec();
            bytes.splice(at..at, piece);
        }
        Accident::Cut(at) => bytes.truncate(place(at)),
        Accident::Paste(at, text) => {
            let at = place(at).min(bytes.len());
            bytes.splice(at..at, text.iter().copied());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn no_row_is_lost_and_nothing_panics(accidents in accidents()) {
        let mut files = case();
        let names: Vec<String> = files.keys().cloned().collect();
        for (file, accident) in &accidents {
            happen(files.get_mut(&names[*file]).expect("a file of the case"), accident);
        }
        check(&files);
    }
}

#[test]
fn the_case_itself_is_sound() {
    let case = check(&case()).expect("it can be used");
    assert_eq!(case.requests.len(), 3);
    assert!(case.requests.iter().all(|request| request.defects.is_empty()));
}
