//! Accidents that happen to files: to bytes, to cells and to rows.

use crate::cases::Dice;
use crate::conservation::Files;

/// What finds its way into cells.
const CELLS: &[&str] = &[
    "",
    " ",
    "0",
    "1",
    "-1",
    "7",
    "15",
    "480",
    "481",
    "1000",
    "3660",
    "999999999999",
    "1.5E+10",
    "123.0",
    "true",
    "no",
    "'=1+1",
    "=1+1",
    "2024-07-22",
    "2024-07-23T09:00",
    "2024-02-30",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59",
    "22/07/2024",
    "45495",
    "Mon-Fri 09:00-12:00",
    "Fri-Mon",
    "24:00",
    "2024-07-22..2024-08-22",
    "R1",
    "R2",
    "R3",
    "S1",
    "S2",
    "A",
    "B",
    "HUB",
    "P1",
    "GP0",
    "GP1",
    "GP6",
    "gp-consultation",
    "blood-test",
    "free",
    "busy",
    "busy-tentative",
    "urgent",
    "open",
    "died",
    "resolved",
    "phone",
    "clinician",
    "required",
    "female",
    "step-free",
    "in-person;telephone",
    "\u{e9}\u{4e2d}",
    "Total",
    "a;b;;c",
];

/// What finds its way between bytes.
const PIECES: &[&[u8]] = &[
    b"\n",
    b"\r\n",
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"\xEF\xBB\xBF",
    b"\xE9",
    b"\x81",
    b"\xFF\xFE",
    b"\0",
    b"Total,,,42\n",
    b",,,\n",
    b"\r",
    b"=== slots.csv\n",
    b"[",
    b"]",
    b"= 0\n",
    b"-",
    b"9",
];

/// Lets one to four accidents happen to the files of a bundle.
pub fn mutate(dice: &mut Dice, files: &mut Files) {
    let names: Vec<String> = files.keys().cloned().collect();
    if names.is_empty() {
        return;
    }
    for _ in 0..dice.from_to(1, 4) {
        // Requests must survive the most.
        let requests = names.iter().find(|name| *name == "requests.csv").filter(|_| dice.percent(50));
        let name = requests.unwrap_or(dice.one(&names)).clone();
        let Some(bytes) = files.get_mut(&name) else { continue };
        // Most accidents leave the table a table, so that what lies behind the reading is reached.
        match dice.below(10) {
            0 => in_bytes(dice, bytes),
            1 => swap_or_repeat_rows(dice, bytes),
            2 if dice.percent(20) => {
                files.remove(&name);
            }
            _ => in_a_cell(dice, bytes),
        }
    }
}

fn in_bytes(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let at = dice.below(bytes.len() + 1);
    let to = (at + dice.below(40)).min(bytes.len());
    match dice.below(4) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..to)),
        2 => {
            let piece = bytes[at..to].to_vec();
            bytes.splice(at..at, piece);
        }
        _ => {
            let piece = dice.pick(PIECES);
            bytes.splice(at..at, piece.iter().copied());
        }
    }
}

/// The rows of a file, their line ends included.
fn rows(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

fn swap_or_repeat_rows(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let mut rows = rows(bytes);
    if rows.len() < 2 {
        return;
    }
    let (a, b) = (dice.below(rows.len()), dice.below(rows.len()));
    match dice.below(3) {
        0 => rows.swap(a, b),
        1 => rows.insert(a, rows[b].clone()),
        _ => drop(rows.remove(a)),
    }
    *bytes = rows.concat();
}

/// Another value in one cell: one of ours, or one of another cell of the file.
fn in_a_cell(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let mut rows = rows(bytes);
    if rows.is_empty() {
        return;
    }
    // The header is spared mostly: without it nothing is reached.
    let first = usize::from(rows.len() > 1 && dice.percent(97));
    let row = first + dice.below(rows.len() - first);
    let cells = |row: &[u8]| -> Vec<Vec<u8>> {
        row.trim_ascii_end().split(|byte| *byte == b',').map(<[u8]>::to_vec).collect()
    };
    let mut changed = cells(&rows[row]);
    let at = dice.below(changed.len());
    changed[at] = if dice.percent(50) {
        dice.pick(CELLS).as_bytes().to_vec()
    } else {
        let other = cells(&rows[dice.below(rows.len())]);
        // Mostly of the same column.
        let from = if dice.percent(80) { at.min(other.len() - 1) } else { dice.below(other.len()) };
        other[from].clone()
    };
    rows[row] = [changed.join(&b','), b"\n".to_vec()].concat();
    *bytes = rows.concat();
}
