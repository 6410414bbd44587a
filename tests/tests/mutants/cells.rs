//! Whatever cell of a plan is changed, it is found; but for words and what only explains.

use super::folder::Originals;

/// Columns that hold words for people.
const WORDS: [&str; 5] = ["reason", "smallest_change", "detail", "field", "flags"];

/// Something else that a cell could say.
fn another(value: &str, of_others: &[String]) -> String {
    let other = of_others.iter().find(|other| *other != value && !other.is_empty());
    let more = || match value.parse::<u32>() {
        Ok(number) => (number + 1).to_string(),
        Err(_) => format!("{value}x"),
    };
    other.cloned().unwrap_or_else(more)
}

#[test]
fn no_cell_of_the_tables_can_be_another() {
    let originals = Originals::new();
    let mut changed = 0;
    for file in ["plan/plan.csv", "plan/unplaced.csv", "plan/excluded.csv"] {
        let rows = originals.copy().rows(file);
        for column in 0..rows[0].len() {
            let name = rows[0][column].clone();
            if WORDS.contains(&name.as_str()) {
                continue;
            }
            let values: Vec<String> = rows[1..].iter().map(|row| row[column].clone()).collect();
            for row in 1..rows.len() {
                let mut folder = originals.copy();
                let before = rows[row][column].clone();
                let after = another(&before, &values);
                folder.change(file, |rows| after.clone_into(&mut rows[row - 1][column]));
                let found = folder.verify().map_or(true, |broken| !broken.is_empty());
                assert!(found, "{file}, row {row}: {name} {before:?} may be {after:?}");
                changed += 1;
            }
        }
    }
    println!("{changed} cells changed, all found");
}
