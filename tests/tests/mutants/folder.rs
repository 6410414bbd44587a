//! A case and its plan as files, to be changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rebook::tables::{ReadOptions, read_case, read_plan, write_case, write_plan};
use rebook::verify::{Violation, verify};
use rebook_tests::build::CaseBuilder;
use rebook_tests::planner::engine_plan;
use serde_json::Value;
use tempfile::TempDir;

/// The files before anything happened to them, by path.
pub struct Originals(BTreeMap<String, Vec<u8>>);

/// A case in which every rule has something to say.
fn case() -> CaseBuilder {
    let ten = "Mon 10:00-10:15";
    CaseBuilder::gp()
        .policy(|policy| "nobody".clone_into(&mut policy.approved_by))
        .site("A", |site| {
            site.practice = Some("X".to_owned());
            site.calls_per_day = Some(9);
        })
        .site("B", |site| site.practice = Some("X".to_owned()))
        .clinician("g2", "gp", |_| {})
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15, 15])
        .session("T", "g2", "B", "2024-07-22 10:00", &[15])
        .session("U", "g1", "A", "2024-07-29 10:00", &[15, 15])
        .session("N", "n1", "A", "2024-07-23 09:00", &[15, 15, 15])
        .session("O", "n1", "A", "2024-07-23 14:00", &[15, 15])
        .busy("O/1", "p-other")
        .request("R1", |r| r.tier("GP2").available(ten))
        .request("R2", |r| r.tier("GP3").available("Mon 10:15-10:30"))
        .request("R3", |r| r.tier("GP5").of_site("B").available(ten))
        .request("R4", |r| r.tier("GP5").care("bloods").available("Tue 09:00-09:15"))
        .request("R5", |r| r.tier("GP6").after("R4", 5, 21).available("Mon 10:00-10:15"))
        .request("R6", |r| r.tier("GP5").care("bloods").together("v").available("Tue 09:15-09:30"))
        .request("R7", |r| r.tier("GP5").care("bloods").together("v").available("Tue 09:30-09:45"))
        .request("R8", |r| r.tier("GP4"))
        .request("R9", |r| r.tier("GP6"))
        .request("L1", |r| r.tier("GP3").needs(&["bsl"]))
        .request("L2", |r| r.tier("GP5").needs(&["bsl"]).latest("2024-07-15"))
        .request("X1", |r| r.became(rebook::model::Reconciliation::Declined))
        .request("X2", |r| r.tier("GP0"))
        .request("X3", |r| r.became(rebook::model::Reconciliation::Died))
}

impl Originals {
    /// Writes the case, reads it, plans it and writes the plan.
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        write_case(&case().build(), &home.path().join("case")).expect("the case is written");
        let case = read_case(&home.path().join("case"), &ReadOptions::default()).expect("the case is read");
        let plan = engine_plan(&case).expect("there is a plan");
        write_plan(&home.path().join("plan"), &plan, &[]).expect("the plan is written");
        let mut files = BTreeMap::new();
        for dir in ["case", "plan"] {
            for entry in fs::read_dir(home.path().join(dir)).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                files.insert(format!("{dir}/{name}"), fs::read(&path).expect("a file"));
            }
        }
        Self(files)
    }

    /// A copy to be spoiled.
    pub fn copy(&self) -> Folder {
        let home = tempfile::tempdir().expect("a folder");
        for (name, bytes) in &self.0 {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("written");
        }
        Folder { home }
    }
}

/// A case and a plan on the disk.
pub struct Folder {
    home: TempDir,
}

/// A table as rows of cells, the header first.
pub type Rows = Vec<Vec<String>>;

/// Position of the row of that id; ids stand in the first column that ends in `_id`.
fn row_of(rows: &Rows, file: &str, id: &str) -> usize {
    let at = rows[0].iter().position(|name| name.ends_with("_id")).expect("a column of ids");
    rows.iter().position(|row| row[at] == id).unwrap_or_else(|| panic!("{file} has no row {id}"))
}

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The rows of a table.
    pub fn rows(&self, file: &str) -> Rows {
        let bytes = fs::read(self.path(file)).expect("a table");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
    }

    /// Replaces a table.
    pub fn write(&self, file: &str, rows: &Rows) {
        let mut writer = csv::Writer::from_path(self.path(file)).expect("a table");
        for row in rows {
            writer.write_record(row).expect("a row");
        }
        writer.flush().expect("written");
    }

    /// Changes the rows of a table below the header.
    pub fn change(&mut self, file: &str, change: impl FnOnce(&mut Rows)) {
        let mut rows = self.rows(file);
        let header = rows.remove(0);
        change(&mut rows);
        rows.insert(0, header);
        self.write(file, &rows);
    }

    fn column(&self, file: &str, column: &str) -> usize {
        let header = self.rows(file).swap_remove(0);
        header.iter().position(|name| name == column).unwrap_or_else(|| panic!("{file} has no {column}"))
    }

    /// A cell of the row of that id.
    pub fn cell(&self, file: &str, id: &str, column: &str) -> String {
        let rows = self.rows(file);
        rows[row_of(&rows, file, id)][self.column(file, column)].clone()
    }

    /// Sets a cell of the row of that id.
    pub fn set(&mut self, file: &str, id: &str, column: &str, value: &str) {
        let mut rows = self.rows(file);
        let (row, at) = (row_of(&rows, file, id), self.column(file, column));
        value.clone_into(&mut rows[row][at]);
        self.write(file, &rows);
    }

    /// Sets a cell of a table of the case, as if the plan had been made from that.
    pub fn case_cell(&mut self, file: &str, id: &str, column: &str, value: &str) {
        self.set(&format!("case/{file}"), id, column, value);
        self.rehash();
    }

    /// Sets a cell of `plan.csv`.
    pub fn plan_cell(&mut self, id: &str, column: &str, value: &str) {
        self.set("plan/plan.csv", id, column, value);
    }

    /// Replaces a text in the policy, as if the plan had been made from that.
    pub fn policy(&mut self, text: &str, by: &str) {
        let path = self.path("case/policy.toml");
        let policy = fs::read_to_string(&path).expect("a policy");
        assert!(policy.contains(text), "{policy}");
        fs::write(path, policy.replacen(text, by, 1)).expect("written");
        self.rehash();
    }

    /// Adds to the end of the policy.
    pub fn more_policy(&mut self, text: &str) {
        let path = self.path("case/policy.toml");
        let policy = fs::read_to_string(&path).expect("a policy");
        fs::write(path, policy + text).expect("written");
        self.rehash();
    }

    /// Changes `summary.json`.
    pub fn summary(&mut self, change: impl FnOnce(&mut Value)) {
        let path = self.path("plan/summary.json");
        let text = fs::read_to_string(&path).expect("a summary");
        let mut summary: Value = serde_json::from_str(&text).expect("JSON");
        change(&mut summary);
        fs::write(path, summary.to_string()).expect("written");
    }

    /// Two rows of the plan change places.
    pub fn swap_places(&mut self, one: &str, other: &str) {
        for column in
            ["session_id", "slot_ids", "practitioner_id", "site_id", "start", "end", "delivery_channel"]
        {
            let (mine, its) =
                (self.cell("plan/plan.csv", one, column), self.cell("plan/plan.csv", other, column));
            self.plan_cell(one, column, &its);
            self.plan_cell(other, column, &mine);
        }
    }

    /// A row of the plan becomes one of the unplaced.
    pub fn leave_out(&mut self, id: &str) {
        let cells = ["request_id", "patient_id", "tier", "rank", "target_date", "latest_date"]
            .map(|column| self.cell("plan/plan.csv", id, column));
        let [request, patient, tier, rank, target, latest] = cells;
        let windowed = (!latest.is_empty()).to_string();
        self.change("plan/plan.csv", |rows| rows.retain(|row| !row.contains(&request)));
        self.change("plan/unplaced.csv", |rows| {
            let row = [&request, &patient, &tier, &rank, &windowed, &target, &latest, "held", "", ""];
            rows.push(row.map(str::to_owned).to_vec());
        });
    }

    /// Puts the digests of the files as they are now into the summary.
    fn rehash(&mut self) {
        let Ok(case) = read_case(&self.path("case"), &ReadOptions::default()) else { return };
        let digests = case.files.iter().map(|file| (file.name.clone(), Value::from(file.sha256.clone())));
        let digests: serde_json::Map<String, Value> = digests.collect();
        self.summary(|summary| summary["input_sha256"] = Value::Object(digests));
    }

    /// What the verifier says, from the files alone.
    pub fn verify(&self) -> rebook::Result<Vec<Violation>> {
        let plan = read_plan(&self.path("plan"))?;
        let case = read_case(&self.path("case"), &ReadOptions::default())?;
        Ok(verify(&case, &plan))
    }
}
