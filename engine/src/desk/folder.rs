//! The folder of what is made from a plan: written as a whole, and never over something that somebody has worked in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Desk, Earlier, MessageOptions, outputs};
use crate::error::{Error, Result};
use crate::model::{Case, PlanFiles};
use crate::prepare::Prepared;
use crate::tables::{DESK_MARKER, OutputFile, can_be_folder, hexadecimal, plan_files, replace_folder};

/// Name of the folder inside that of a plan.
pub const FOLDER: &str = "desk";

/// Files that may be worked in and still be replaced: what is written in them goes on in the new one.
const CARRIED_OVER: &[&str] = &["transactions.csv"];

/// What the folder says of itself in `desk.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of rebook.
    pub software_version: String,
    /// Digest of the `plan.csv` that it was made from.
    pub plan_sha256: String,
    /// Digest of each file by name.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// What a folder says of itself; nothing where there is none.
    ///
    /// # Errors
    /// [`Error::Argument`] where that cannot be read.
    pub fn read(dir: &Path) -> Result<Option<Self>> {
        let path = dir.join(DESK_MARKER);
        if !path.is_file() {
            return Ok(None);
        }
        let text = fs::read(&path).map_err(|error| Error::Io {
            action: "cannot read",
            path: path.clone(),
            reason: error.to_string(),
        })?;
        serde_json::from_slice(&text).map(Some).map_err(|error| {
            let path = path.display();
            Error::Argument(format!(
                "{path} is not as it was written ({error}); move that folder away or choose another"
            ))
        })
    }

    fn of(files: &[OutputFile], plan_sha256: String) -> Self {
        let digest = |file: &OutputFile| (file.name.clone(), sha256(&file.bytes));
        Self {
            software_version: env!("CARGO_PKG_VERSION").to_owned(),
            plan_sha256,
            files: files.iter().map(digest).collect(),
        }
    }
}

/// The digest of a plan, as a manifest names it.
fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The files of a desk, made and not yet written.
pub struct Made {
    files: Vec<OutputFile>,
    plan_sha256: String,
    out: PathBuf,
}

impl Made {
    /// Makes them for a folder, going on from what an earlier run left there or beside the plan before.
    ///
    /// # Errors
    /// As [`Desk::new`], [`outputs`], [`Earlier::read`] and [`Manifest::read`].
    pub fn new(
        case: &Case,
        prepared: &Prepared,
        plan: &PlanFiles,
        (out, previous): (&Path, Option<&Path>),
        options: &MessageOptions,
    ) -> Result<Self> {
        let tables = plan_files(plan, &case.kept_columns)?;
        let plan_sha256 = tables.first().map(|file| sha256(&file.bytes)).unwrap_or_default();
        let earlier = earlier(out, &plan_sha256, previous)?;
        let files = outputs(&Desk::new(case, prepared, plan)?, &earlier, options)?;
        Ok(Self { files, plan_sha256, out: out.to_owned() })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// No files: those of an earlier plan are removed.
    pub fn nothing(out: &Path) -> Self {
        Self { files: Vec::new(), plan_sha256: String::new(), out: out.to_owned() }
    }

    /// Writes them, all or none.
    ///
    /// # Errors
    /// As [`may_be_replaced`] and [`replace_folder`].
    pub fn write(self) -> Result<()> {
        if self.files.is_empty() {
            return remove(&self.out);
        }
        write(&self.out, self.files, self.plan_sha256)
    }
}

/// What a folder says of itself, where it may be replaced: nobody has worked in it since it was written.
///
/// # Errors
/// [`Error::Argument`] names the file that would be lost.
pub fn may_be_replaced(dir: &Path) -> Result<Option<Manifest>> {
    can_be_folder(dir)?;
    let Some(manifest) = Manifest::read(dir)? else { return Ok(None) };
    let changed = manifest.files.iter().find(|(name, sha)| {
        let carried_over = CARRIED_OVER.contains(&name.as_str());
        // What has been taken away cannot be lost.
        !carried_over && fs::read(dir.join(name)).is_ok_and(|bytes| sha256(&bytes) != **sha)
    });
    match changed {
        None => Ok(Some(manifest)),
        Some((name, _)) => Err(Error::Argument(format!(
            "{} has been changed since it was written (outcomes of calls?), and would be lost; nothing was written. \
             Move it away, or choose another folder with --out; `rebook plan --outcomes` reads what was filled in",
            dir.join(name).display()
        ))),
    }
}

/// What an earlier run left, for the desk that is to be written to `dir`: that of the same plan, else that of the plan
/// before it, else what is there.
///
/// # Errors
/// As [`Earlier::read`] and [`Manifest::read`].
fn earlier(dir: &Path, plan_sha256: &str, previous: Option<&Path>) -> Result<Earlier> {
    let here = Manifest::read(dir)?;
    let before = previous.map(|plan| plan.join(FOLDER)).filter(|desk| desk.is_dir());
    let same_plan = here.as_ref().is_some_and(|here| here.plan_sha256 == plan_sha256);
    let from: Option<PathBuf> = match (here, before) {
        (_, Some(before)) if !same_plan => Some(before),
        (Some(_), _) => Some(dir.to_owned()),
        (None, before) => before,
    };
    let mut earlier = from.map_or_else(|| Ok(Earlier::default()), |from| Earlier::read(&from))?;
    earlier.same_plan = same_plan;
    Ok(earlier)
}

/// Writes the files, all of them or none; those of an earlier run that there are no more are removed.
///
/// # Errors
/// As [`may_be_replaced`] and [`replace_folder`].
fn write(dir: &Path, mut files: Vec<OutputFile>, plan_sha256: String) -> Result<()> {
    let before = may_be_replaced(dir)?;
    let manifest = Manifest::of(&files, plan_sha256);
    let is_gone = |name: &String| !manifest.files.contains_key(name);
    let obsolete: Vec<String> =
        before.into_iter().flat_map(|before| before.files.into_keys()).filter(is_gone).collect();
    let bytes = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| Error::Internal(format!("{DESK_MARKER} cannot be written: {error}")))?;
    files.push(OutputFile { name: DESK_MARKER.to_owned(), bytes });
    replace_folder(dir, &files, &obsolete)
}

/// Removes what an earlier run has written there: it would be beside another plan.
///
/// # Errors
/// As [`may_be_replaced`] and [`replace_folder`].
fn remove(dir: &Path) -> Result<()> {
    let Some(before) = may_be_replaced(dir)? else { return Ok(()) };
    let mut obsolete: Vec<String> = before.files.into_keys().collect();
    obsolete.push(DESK_MARKER.to_owned());
    replace_folder(dir, &[], &obsolete)
}
