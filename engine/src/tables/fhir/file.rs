//! FHIR files: which there are, and the resources in them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use rayon::prelude::*;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::super::digest::hexadecimal;
use super::super::log::Log;
use super::super::shape;
use super::super::source::Source;
use super::resources::{Appointment, Location, Practitioner, PractitionerRole, Schedule, Slot};
use crate::issue::{Code, Issue};
use crate::lookup::Lookup;
use crate::model::InputFile;

/// The folder whose files are a book.
pub const FOLDER: &str = "fhir";

/// The files that are a book by themselves: JSON, and one resource a line.
pub const FILES: [&str; 2] = ["book.json", "book.ndjson"];

/// Bundles in bundles that are opened.
const DEEPEST: usize = 8;

/// Where a resource is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, by its position among those read.
    pub file: usize,
    /// The line on which it begins.
    pub line: u64,
    /// Such as `Slot`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
}

/// A resource and where it is.
#[derive(Debug)]
pub struct Found<T> {
    pub place: Place,
    pub value: T,
}

/// The resources that a book is read from.
#[derive(Default)]
pub struct Resources {
    pub files: Vec<String>,
    pub slots: Vec<Found<Slot>>,
    pub schedules: Vec<Found<Schedule>>,
    pub roles: Vec<Found<PractitionerRole>>,
    pub practitioners: Vec<Found<Practitioner>>,
    pub locations: Vec<Found<Location>>,
    pub appointments: Vec<Found<Appointment>>,
    /// How many there are of each other type.
    pub others: BTreeMap<String, usize>,
    /// What the `urn:` names of a bundle stand for: type and id.
    pub urns: Lookup<String, (&'static str, String)>,
}

/// The text of one resource.
struct Raw<'t> {
    text: &'t str,
    line: u64,
    /// Characters before it on its line, in bytes.
    before: usize,
    url: Option<String>,
}

/// A resource read.
enum Resource {
    Slot(Slot),
    Schedule(Schedule),
    Role(PractitionerRole),
    Practitioner(Practitioner),
    Location(Location),
    Appointment(Box<Appointment>),
    Other(String),
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "resourceType")]
    kind: Option<String>,
    id: Option<String>,
    #[serde(rename = "modifierExtension")]
    modifier: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Bundle<'t> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(rename = "fullUrl")]
    url: Option<String>,
    #[serde(borrow)]
    resource: Option<&'t RawValue>,
}

/// The names of the files of a book, in the order in which they are read: by form, one or none.
pub fn forms(source: &Source<'_>, log: &mut Log) -> Vec<(&'static str, Vec<String>)> {
    let mut forms: Vec<(&str, Vec<String>)> = Vec::new();
    for name in FILES {
        if source.has(name) {
            forms.push((name, vec![name.to_owned()]));
        }
    }
    let is_fhir = |name: &String| {
        name.rsplit_once('.')
            .is_some_and(|(_, end)| end.eq_ignore_ascii_case("json") || end.eq_ignore_ascii_case("ndjson"))
    };
    let names: Vec<String> = source.under(FOLDER, log).into_iter().filter(is_fhir).collect();
    if !names.is_empty() {
        forms.push((FOLDER, names));
    }
    forms
}

impl Resources {
    /// Reads the files of these names; what is wrong with them goes to the log.
    pub fn read(names: Vec<String>, source: &Source<'_>, log: &mut Log, files: &mut Vec<InputFile>) -> Self {
        let mut all = Self::default();
        for name in names {
            let Some(Ok(mut input)) = source.open(&name, log) else { continue };
            let mut bytes = Vec::new();
            if let Err(error) = input.read_to_end(&mut bytes) {
                log.problems.push(shape::unreadable(&name, &error));
                continue;
            }
            let sha256 = hexadecimal(&Sha256::digest(&bytes));
            let before = log.problems.len();
            let rows = all.add(&name, &bytes, log);
            if log.problems.len() == before {
                files.push(InputFile { name, sha256, rows });
            }
        }
        all
    }

    /// Reads a file; how many resources it holds.
    fn add(&mut self, name: &str, bytes: &[u8], log: &mut Log) -> usize {
        let file = self.files.len();
        self.files.push(name.to_owned());
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if bytes.trim_ascii().is_empty() {
            log.problems.push(Issue::new(Code::FileEmpty, name, "FHIR resources").value("nothing"));
            return 0;
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count() as u64;
                let issue = Issue::new(Code::JsonBroken, name, "JSON, which is UTF-8 text");
                log.problems.push(issue.at(line).value("bytes that are not UTF-8"));
                return 0;
            }
        };
        let lined = name.len() > 7 && name[name.len() - 7..].eq_ignore_ascii_case(".ndjson");
        let raws = if lined { lines(text) } else { document(text) };
        let raws = match raws {
            Ok(raws) => raws,
            Err(error) => {
                log.problems.push(fault(name, &error, (1, 0), None));
                return 0;
            }
        };
        let read: Vec<_> = raws.par_iter().map(|raw| resource(file, name, raw)).collect();
        let count = read.len();
        for (read, raw) in read.into_iter().zip(raws) {
            match read {
                Ok((place, resource)) => self.keep(place, raw.url, resource),
                Err(issue) => log.problems.push(*issue),
            }
        }
        count
    }

    fn keep(&mut self, place: Place, url: Option<String>, resource: Resource) {
        if let Some(url) =
            url.filter(|url| url.starts_with("urn:") && !matches!(resource, Resource::Other(_)))
        {
            self.urns.insert(url, (place.kind, place.id.clone()));
        }
        match resource {
            Resource::Slot(value) => self.slots.push(Found { place, value }),
            Resource::Schedule(value) => self.schedules.push(Found { place, value }),
            Resource::Role(value) => self.roles.push(Found { place, value }),
            Resource::Practitioner(value) => self.practitioners.push(Found { place, value }),
            Resource::Location(value) => self.locations.push(Found { place, value }),
            Resource::Appointment(value) => self.appointments.push(Found { place, value: *value }),
            Resource::Other(kind) => *self.others.entry(kind).or_default() += 1,
        }
    }
}

fn newlines(text: &str) -> u64 {
    text.matches('\n').count() as u64
}

/// The resources of a text with one on each line.
#[allow(clippy::unnecessary_wraps, reason = "the twin of `document`")]
fn lines(text: &str) -> serde_json::Result<Vec<Raw<'_>>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    Ok(lines.map(|(at, text)| Raw { text, line: at as u64 + 1, before: 0, url: None }).collect())
}

/// The resources of a JSON document: one, a list, or a bundle, and what bundles hold.
fn document(text: &str) -> serde_json::Result<Vec<Raw<'_>>> {
    let whole: &RawValue = serde_json::from_str(text)?;
    let mut waiting: Vec<(&str, Option<String>, usize)> = Vec::new();
    if whole.get().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(whole.get())?;
        waiting.extend(items.into_iter().rev().map(|item| (item.get(), None, 0)));
    } else {
        waiting.push((whole.get(), None, 0));
    }
    let mut raws = Vec::new();
    let (mut seen, mut line, mut begin) = (0, 1, 0);
    while let Some((part, url, depth)) = waiting.pop() {
        let bundle = depth < DEEPEST
            && serde_json::from_str::<Head>(part).is_ok_and(|head| head.kind.as_deref() == Some("Bundle"));
        if bundle && let Ok(bundle) = serde_json::from_str::<Bundle<'_>>(part) {
            let entries = bundle.entry.into_iter().rev();
            waiting.extend(entries.filter_map(|entry| Some((entry.resource?.get(), entry.url, depth + 1))));
            continue;
        }
        // The parts are pieces of the text, in its order.
        let at = part.as_ptr() as usize - text.as_ptr() as usize;
        line += newlines(&text[seen..at]);
        begin = text[seen..at].rfind('\n').map_or(begin, |found| seen + found + 1);
        seen = at;
        raws.push(Raw { text: part, line, before: at - begin, url });
    }
    Ok(raws)
}

/// What is wrong with a text that begins on this line, after so many bytes of it.
fn fault(name: &str, error: &serde_json::Error, (line, before): (u64, usize), of: Option<&str>) -> Issue {
    let column = if error.line() <= 1 { before + error.column() } else { error.column() };
    let line = line + (error.line() as u64).saturating_sub(1);
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    let issue = match of {
        Some(of) if error.is_data() => {
            Issue::new(Code::FhirUnreadable, name, "a resource as FHIR R4 has it").field(of)
        }
        Some(of) => Issue::new(Code::JsonBroken, name, "valid JSON").field(of),
        None => Issue::new(Code::JsonBroken, name, "valid JSON"),
    };
    issue.at(line).value(&format!("column {column}: {words}"))
}

fn read<T: DeserializeOwned>(raw: &Raw<'_>, name: &str, label: &str) -> Result<T, Box<Issue>> {
    let wrong = |error| Box::new(fault(name, &error, (raw.line, raw.before), Some(label)));
    serde_json::from_str(raw.text).map_err(wrong)
}

fn resource(file: usize, name: &str, raw: &Raw<'_>) -> Result<(Place, Resource), Box<Issue>> {
    let at = (raw.line, raw.before);
    let head: Head = serde_json::from_str(raw.text).map_err(|error| {
        let issue = fault(name, &error, at, Some("resource"));
        // Before the type is known there is nothing to name.
        Box::new(Issue { field: None, ..issue })
    })?;
    let refuse = |field: String, value: &str, expected: &str| {
        Box::new(Issue::new(Code::FhirUnreadable, name, expected).at(raw.line).field(field).value(value))
    };
    let Some(kind) = head.kind else {
        return Err(refuse("resourceType".to_owned(), "", "the type of the resource"));
    };
    let id = head.id.or_else(|| raw.url.as_deref()?.rsplit(['/', ':']).next().map(str::to_owned));
    let label: Cow<'_, str> = match &id {
        Some(id) => format!("{kind}/{id}").into(),
        None => kind.as_str().into(),
    };
    let (kind, resource) = match kind.as_str() {
        "Slot" => ("Slot", Resource::Slot(read(raw, name, &label)?)),
        "Schedule" => ("Schedule", Resource::Schedule(read(raw, name, &label)?)),
        "PractitionerRole" => ("PractitionerRole", Resource::Role(read(raw, name, &label)?)),
        "Practitioner" => ("Practitioner", Resource::Practitioner(read(raw, name, &label)?)),
        "Location" => ("Location", Resource::Location(read(raw, name, &label)?)),
        "Appointment" => ("Appointment", Resource::Appointment(read(raw, name, &label)?)),
        "Bundle" => {
            // One that could be opened would not be here.
            serde_json::from_str::<Bundle<'_>>(raw.text)
                .map_err(|error| Box::new(fault(name, &error, at, Some(&label))))?;
            return Err(refuse("Bundle".to_owned(), "bundles in bundles", "resources that are not so deep"));
        }
        _ => {
            let place = Place { file, line: raw.line, kind: "", id: String::new() };
            return Ok((place, Resource::Other(kind)));
        }
    };
    if head.modifier.is_some() {
        let expected = "no extension that changes what the resource means: none is understood";
        return Err(refuse(format!("{label}.modifierExtension"), "a modifier extension", expected));
    }
    let Some(id) = id.filter(|id| !id.trim().is_empty()) else {
        return Err(refuse(format!("{kind}.id"), "", "an id by which others can refer to it"));
    };
    Ok((Place { file, line: raw.line, kind, id }, resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resources(name: &str, text: &str) -> (Resources, Log) {
        let (mut all, mut log) = (Resources::default(), Log::default());
        all.add(name, text.as_bytes(), &mut log);
        (all, log)
    }

    const BUNDLE: &str = r#"{"resourceType":"Bundle","entry":[
  {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Slot"}},
  {"resource":{"resourceType":"Bundle","entry":[{"resource":
     {"resourceType":"Slot","id":"b"}}, {"response":{}}]}},
  {"resource":{"resourceType":"Patient"}}]}"#;

    #[test]
    fn resources_are_found_in_bundles_lists_and_lines() {
        let (all, log) = resources("book.json", BUNDLE);
        assert!(log.problems.is_empty(), "{:?}", log.problems);
        let places: Vec<(&str, u64)> =
            all.slots.iter().map(|slot| (slot.place.id.as_str(), slot.place.line)).collect();
        assert_eq!(places, [("1", 2), ("b", 4)]);
        assert_eq!(all.urns.get("urn:uuid:1"), Some(&("Slot", "1".to_owned())));
        assert_eq!(all.others, BTreeMap::from([("Patient".to_owned(), 1)]));

        let (all, log) = resources("book.json", "\u{feff}[{\"resourceType\":\"Slot\",\"id\":\"a\"}]");
        assert!(log.problems.is_empty() && all.slots.len() == 1, "{:?}", log.problems);
        let (all, log) = resources("book.json", r#"{"resourceType":"Slot","id":"a"}"#);
        assert!(log.problems.is_empty() && all.slots.len() == 1, "{:?}", log.problems);
        let lines =
            "{\"resourceType\":\"Slot\",\"id\":\"a\"}\r\n\n{\"resourceType\":\"Slot\",\"id\":\"b\"}\n";
        let (all, log) = resources("fhir/Slot.NDJSON", lines);
        assert!(log.problems.is_empty(), "{:?}", log.problems);
        assert_eq!(all.slots[1].place.line, 3);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (name, text, told) in [
            ("book.json", "[{\"resourceType\":\"Slot\",\n  \"id\" 1}]", "E119 2 - column 8: expected `:`"),
            ("book.json", "", "E104 0 - nothing"),
            ("book.ndjson", "{}\n{", "E120 1 resourceType "),
            ("book.ndjson", "\n{", "E119 2 - column 1: EOF while parsing an object"),
            ("book.json", "[\n {\"resourceType\":\"Slot\"}]", "E120 2 Slot.id "),
            (
                "book.json",
                "[\n {\"resourceType\":\"Slot\",\"id\":\"a\",\"overbooked\":\"yes\"}]",
                "E120 2 Slot/a column 51: invalid type: string \"yes\", expected a boolean",
            ),
            (
                "book.json",
                r#"{"resourceType":"Slot","id":"a","modifierExtension":[]}"#,
                "E120 1 Slot/a.modifierExtension a modifier extension",
            ),
            (
                "book.json",
                r#"{"resourceType":"Bundle","entry":1}"#,
                "E120 1 Bundle column 34: invalid type: integer `1`, expected a sequence",
            ),
            ("book.json", "[1]", "E120 1 - column 2: invalid type: integer `1`, expected struct Head"),
        ] {
            let issue = resources(name, text).1.problems.remove(0);
            let line = issue.line.unwrap_or_default();
            let field = issue.field.unwrap_or_else(|| "-".to_owned());
            assert_eq!(format!("{} {line} {field} {}", issue.code, issue.value.unwrap_or_default()), told);
        }
    }
}
