//! Writing a folder of files so that a reader finds all of them or none, whatever happens in between.
//!
//! **A new folder** is written under a hidden name beside it and then renamed: one step.
//!
//! **An existing folder** keeps what else is in it, so it is not replaced but changed from within:
//! 1. the files are written to a hidden folder inside it and flushed to the disk;
//! 2. that folder is renamed to [`COMMITTED`]: from here on the new files count;
//! 3. the old files are removed, the *last* file of the list (the marker, `summary.json`) first of all;
//! 4. the new files are renamed into place, the marker last of all; the empty hidden folder is removed.
//!
//! Files that the new set no longer has are removed in step 3 as well; their names wait in [`OBSOLETE`] until then.
//!
//! An interruption before step 2 leaves the old files; after it, [`recover`] completes steps 3 and 4, and every
//! reader and writer of ours calls it first. In between there are never old and new files side by side, and
//! **a folder with the marker in it holds exactly one whole set**. Only renames within one folder are used, which
//! work alike on every system. Files of other names are never touched, and files of these names only where
//! the marker says that they are ours. One run at a time may write to a folder.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};

/// Hidden folder of files that are complete and on their way into place.
const COMMITTED: &str = ".rebook-committed";

/// Start of the names of hidden folders that are being written.
const STAGED: &str = ".rebook-staged-";

/// Inside a hidden folder: names of files that are to go, a line each.
const OBSOLETE: &str = ".rebook-obsolete";

/// The file without which a plan is not whole; it is the last to be put in place.
pub const MARKER: &str = "summary.json";

/// The same of what is made from a plan.
pub const DESK_MARKER: &str = "desk.json";

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Its name in the folder; with slashes where it is in a folder inside.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The disk, step by step: so that a test can pull the plug before any of them.
trait Disk {
    /// Called before each change; an error stops everything, clearing up too.
    fn step(&mut self) -> io::Result<()>;
}

/// The real disk.
struct Real;

impl Disk for Real {
    fn step(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes the files into `dir`: all of them or none. The last one is the marker of a complete set.
///
/// # Errors
/// [`Error::Io`] if the disk refuses, with the old files in place; [`Error::Argument`] if `dir` holds files of
/// these names that no run of ours has written.
pub fn write_folder(dir: &Path, files: &[OutputFile]) -> Result<()> {
    write_with(dir, files, &[], &mut Real)
}

/// As [`write_folder`]; the obsolete files, which an earlier set had and this one has not, are removed.
///
/// # Errors
/// As [`write_folder`].
pub fn replace_folder(dir: &Path, files: &[OutputFile], obsolete: &[String]) -> Result<()> {
    write_with(dir, files, obsolete, &mut Real)
}

/// Whether the files of an earlier set could be replaced now: no other program holds them.
///
/// # Errors
/// [`Error::Io`] names the file.
pub fn can_be_replaced(dir: &Path, names: &[String]) -> Result<()> {
    refuse_locked(dir, names.iter().map(String::as_str))
}

/// Whether a folder could be there: no file stands in its place or above it.
///
/// # Errors
/// [`Error::Argument`] names the file.
pub fn can_be_folder(dir: &Path) -> Result<()> {
    match dir.ancestors().find(|path| path.exists()) {
        Some(path) if !path.is_dir() => {
            Err(Error::Argument(format!("{} is a file; a folder is needed to write to", path.display())))
        }
        _ => Ok(()),
    }
}

/// Completes a write that was interrupted after it counted. Does nothing elsewhere.
///
/// # Errors
/// [`Error::Io`] if the disk refuses.
pub fn recover(dir: &Path) -> Result<()> {
    recover_with(dir, &mut Real)
}

fn write_with(dir: &Path, files: &[OutputFile], obsolete: &[String], disk: &mut dyn Disk) -> Result<()> {
    can_be_folder(dir)?;
    if dir.is_dir() {
        recover_with(dir, disk)?;
        refuse_strangers(dir, files)?;
        let obsolete: Vec<&str> =
            obsolete.iter().map(String::as_str).filter(|name| is_inside(name)).collect();
        let names = files.iter().map(|file| file.name.as_str());
        refuse_locked(dir, names.chain(obsolete.iter().copied()))?;
        replace(dir, files, &obsolete, disk).map_err(|error| failed(dir, &error))
    } else {
        create(dir, files, disk).map_err(|error| failed(dir, &error))
    }
}

fn failed(dir: &Path, error: &io::Error) -> Error {
    Error::Io { action: "cannot write", path: dir.to_owned(), reason: error.to_string() }
}

/// Files of our names without the marker are somebody else's.
fn refuse_strangers(dir: &Path, files: &[OutputFile]) -> Result<()> {
    let Some((marker, others)) = files.split_last() else { return Ok(()) };
    if dir.join(&marker.name).exists() {
        return Ok(());
    }
    match others.iter().find(|file| dir.join(&file.name).exists()) {
        None => Ok(()),
        Some(file) => Err(Error::Argument(format!(
            "{} holds a {} but no {}, so it is not the folder of an earlier plan; nothing was overwritten. \
             Choose another folder, or move that file away",
            dir.display(),
            file.name,
            marker.name
        ))),
    }
}

/// A file that another program holds, as a spreadsheet does on some systems, would stop us halfway.
fn refuse_locked<'n>(dir: &Path, names: impl Iterator<Item = &'n str>) -> Result<()> {
    for path in names.map(|name| dir.join(name)).filter(|path| path.exists()) {
        if let Err(error) = File::options().write(true).open(&path) {
            return Err(Error::Io {
                action: "cannot replace (is it open in another program?)",
                path,
                reason: error.to_string(),
            });
        }
    }
    Ok(())
}

/// A folder that does not exist yet: written beside, renamed in one step.
fn create(dir: &Path, files: &[OutputFile], disk: &mut dyn Disk) -> io::Result<()> {
    let name = dir.file_name().ok_or_else(|| io::Error::other("the path has no last part"))?;
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    disk.step()?;
    fs::create_dir_all(&parent)?;
    let prefix = format!(".{}{STAGED}", name.to_string_lossy());
    let staged = stage(&parent, &prefix, files, &[], disk)?;
    disk.step().and_then(|()| fs::rename(&staged, dir)).inspect_err(|_| discard(&staged, disk))?;
    flush_folder(&parent);
    Ok(())
}

/// A folder that exists: steps 1 to 4.
fn replace(dir: &Path, files: &[OutputFile], obsolete: &[&str], disk: &mut dyn Disk) -> io::Result<()> {
    let staged = stage(dir, STAGED, files, obsolete, disk)?;
    disk.step()
        .and_then(|()| fs::rename(&staged, dir.join(COMMITTED)))
        .inspect_err(|_| discard(&staged, disk))?;
    flush_folder(dir);
    settle(dir, disk)
}

/// Whether a name stays inside the folder that it is joined to.
fn is_inside(name: &str) -> bool {
    !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Writes the files to a hidden folder of their own and flushes them to the disk.
fn stage(
    parent: &Path,
    prefix: &str,
    files: &[OutputFile],
    obsolete: &[&str],
    disk: &mut dyn Disk,
) -> io::Result<PathBuf> {
    // What an interrupted run left behind holds patients' data: it does not stay.
    for entry in fs::read_dir(parent)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            discard(&entry.path(), disk);
        }
    }
    disk.step()?;
    let staged = parent.join(format!("{prefix}{}", std::process::id()));
    fs::create_dir(&staged)?;
    let put = |name: &str, bytes: &[u8], disk: &mut dyn Disk| -> io::Result<()> {
        disk.step()?;
        let path = staged.join(name);
        make_room(&path)?;
        let mut target = File::create_new(path)?;
        target.write_all(bytes)?;
        target.sync_all()
    };
    let write = |disk: &mut dyn Disk| -> io::Result<()> {
        for file in files {
            put(&file.name, &file.bytes, disk)?;
        }
        if obsolete.is_empty() { Ok(()) } else { put(OBSOLETE, obsolete.join("\n").as_bytes(), disk) }
    };
    match write(disk) {
        Ok(()) => {
            flush_folder(&staged);
            Ok(staged)
        }
        Err(error) => {
            discard(&staged, disk);
            Err(error)
        }
    }
}

/// Removes a hidden folder of ours, as far as possible.
fn discard(staged: &Path, disk: &mut dyn Disk) {
    if disk.step().is_ok() {
        // Nothing depends on it: the next write tries again.
        let _ = fs::remove_dir_all(staged);
    }
}

/// Makes the folder that a file is to be in.
fn make_room(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Steps 3 and 4; each can be done again after an interruption.
fn settle(dir: &Path, disk: &mut dyn Disk) -> io::Result<()> {
    let committed = dir.join(COMMITTED);
    let mut waiting = Vec::new();
    list(&committed, "", &mut waiting)?;
    let obsolete = match fs::read_to_string(committed.join(OBSOLETE)) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    waiting.retain(|name| name != OBSOLETE);
    // The marker last, the others in any order.
    let is_marker = |name: &str| name == MARKER || name == DESK_MARKER;
    waiting.sort_by(|a, b| (is_marker(a), a).cmp(&(is_marker(b), b)));
    // Whatever still waits has its old counterpart in place, or nothing; the marker goes first.
    for name in
        waiting.iter().rev().map(String::as_str).chain(obsolete.lines().filter(|name| is_inside(name)))
    {
        disk.step()?;
        gone(fs::remove_file(dir.join(name)))?;
    }
    for name in &waiting {
        disk.step()?;
        make_room(&dir.join(name))?;
        fs::rename(committed.join(name), dir.join(name))?;
    }
    for folder in obsolete.lines().filter_map(|name| Path::new(name).parent()) {
        // One that holds something else stays.
        let _ = fs::remove_dir(dir.join(folder));
    }
    disk.step()?;
    fs::remove_dir_all(&committed)?;
    flush_folder(dir);
    Ok(())
}

/// The files in a folder and in those inside it, with slashes.
fn list(dir: &Path, before: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let Ok(own) = entry.file_name().into_string() else { continue };
        let name = format!("{before}{own}");
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}

fn recover_with(dir: &Path, disk: &mut dyn Disk) -> Result<()> {
    if !dir.join(COMMITTED).is_dir() {
        return Ok(());
    }
    settle(dir, disk).map_err(|error| failed(dir, &error))
}

fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Asks for the folder's own entry to be flushed, on systems where a folder can be opened.
fn flush_folder(dir: &Path) {
    if let Ok(folder) = File::open(dir) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that stops for good after some steps, as if the machine had been switched off.
    struct Failing {
        left: usize,
    }

    impl Disk for Failing {
        fn step(&mut self) -> io::Result<()> {
            if self.left == 0 {
                return Err(io::Error::other("switched off"));
            }
            self.left -= 1;
            Ok(())
        }
    }

    const NAMES: [&str; 4] = ["plan.csv", "unplaced.csv", "excluded.csv", "summary.json"];

    fn files(text: &str) -> Vec<OutputFile> {
        NAMES
            .iter()
            .map(|name| OutputFile { name: (*name).to_owned(), bytes: format!("{text} {name}").into_bytes() })
            .collect()
    }

    /// What a reader that knows nothing of us sees.
    fn seen(dir: &Path) -> Vec<Option<String>> {
        NAMES.iter().map(|name| fs::read_to_string(dir.join(name)).ok()).collect()
    }

    fn whole(text: &str) -> Vec<Option<String>> {
        NAMES.iter().map(|name| Some(format!("{text} {name}"))).collect()
    }

    fn visible(dir: &Path) -> usize {
        fs::read_dir(dir).map_or(0, |entries| entries.flatten().count())
    }

    #[test]
    fn switched_off_at_any_step_a_new_folder_is_there_or_not() {
        for steps in 0.. {
            let home = tempfile::tempdir().unwrap();
            let dir = home.path().join("a/plan");
            let done = write_with(&dir, &files("new"), &[], &mut Failing { left: steps }).is_ok();
            assert_eq!(dir.exists(), done, "after {steps} steps");
            if done {
                assert_eq!(seen(&dir), whole("new"));
                assert_eq!(visible(dir.parent().unwrap()), 1);
                return;
            }
            // The next run succeeds and clears up.
            write_folder(&dir, &files("next")).unwrap();
            assert_eq!(seen(&dir), whole("next"));
            assert_eq!(visible(dir.parent().unwrap()), 1);
        }
    }

    #[test]
    fn switched_off_at_any_step_an_old_folder_holds_the_old_files_or_the_new_ones() {
        for steps in 0.. {
            let home = tempfile::tempdir().unwrap();
            let dir = home.path().join("plan");
            write_folder(&dir, &files("old")).unwrap();
            fs::write(dir.join("notes.txt"), "mine").unwrap();
            let done = write_with(&dir, &files("new"), &[], &mut Failing { left: steps }).is_ok();

            // Even a reader that knows nothing of us never sees old and new side by side...
            let raw = seen(&dir);
            let starts = |text: &str| raw.iter().flatten().all(|file| file.starts_with(text));
            assert!(starts("old") || starts("new"), "after {steps} steps: {raw:?}");
            // ...and where it sees the marker, everything is there.
            assert!(raw[3].is_none() || raw == whole("old") || raw == whole("new"), "after {steps} steps");

            // A second interruption, during the recovery, changes nothing.
            for again in 0..8 {
                let _ = recover_with(&dir, &mut Failing { left: again });
            }
            recover(&dir).unwrap();
            let settled = seen(&dir);
            assert!(settled == whole("old") || settled == whole("new"), "after {steps} steps: {settled:?}");
            assert!(!done || settled == whole("new"));
            assert_eq!(fs::read_to_string(dir.join("notes.txt")).unwrap(), "mine");
            write_folder(&dir, &files("next")).unwrap();
            assert_eq!(seen(&dir), whole("next"));
            assert_eq!(visible(&dir), 5, "nothing is left behind after {steps} steps");
            if done {
                return;
            }
        }
    }

    #[test]
    fn switched_off_at_any_step_files_that_are_obsolete_go_with_the_old_ones() {
        let set = |text: &str, names: &[&str]| -> Vec<OutputFile> {
            let file = |name: &&str| OutputFile { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() };
            names.iter().map(file).collect()
        };
        let (old, new) =
            (["calendars/a.ics", "gone/b.ics", "desk.json"], ["calendars/a.ics", "c/d.csv", "desk.json"]);
        let obsolete = ["gone/b.ics".to_owned(), "../outside.txt".to_owned()];
        for steps in 0.. {
            let home = tempfile::tempdir().unwrap();
            fs::write(home.path().join("outside.txt"), "mine").unwrap();
            let dir = home.path().join("desk");
            write_folder(&dir, &set("old", &old)).unwrap();
            fs::write(dir.join("calendars/own.ics"), "mine").unwrap();
            let done = write_with(&dir, &set("new", &new), &obsolete, &mut Failing { left: steps }).is_ok();
            recover(&dir).unwrap();
            let text = |name: &str| fs::read_to_string(dir.join(name)).ok();
            let is_new = text("desk.json").as_deref() == Some("new");
            assert!(is_new || !done, "after {steps} steps");
            let expected = if is_new { "new" } else { "old" };
            assert_eq!(text("calendars/a.ics").as_deref(), Some(expected), "after {steps} steps");
            assert_eq!(text("gone/b.ics").is_some(), !is_new, "after {steps} steps");
            assert_eq!(dir.join("gone").exists(), !is_new);
            assert_eq!(text("c/d.csv").is_some(), is_new);
            assert_eq!(text("calendars/own.ics").as_deref(), Some("mine"));
            assert!(home.path().join("outside.txt").exists());
            if done {
                return;
            }
        }
    }

    #[test]
    fn what_cannot_be_replaced_is_found_before_anything_changes() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("plan");
        write_folder(&dir, &files("old")).unwrap();
        // A folder stands here for a file that another program holds.
        fs::remove_file(dir.join("unplaced.csv")).unwrap();
        fs::create_dir(dir.join("unplaced.csv")).unwrap();
        assert!(matches!(write_folder(&dir, &files("new")), Err(Error::Io { .. })));
        assert_eq!(seen(&dir)[0].as_deref(), Some("old plan.csv"));
        assert_eq!(seen(&dir)[3].as_deref(), Some("old summary.json"));
        assert_eq!(visible(&dir), 4);
    }

    #[test]
    fn files_of_somebody_else_are_not_overwritten() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("plan.csv"), "mine").unwrap();
        assert!(matches!(write_folder(home.path(), &files("new")), Err(Error::Argument(_))));
        assert_eq!(fs::read_to_string(home.path().join("plan.csv")).unwrap(), "mine");
        assert_eq!(visible(home.path()), 1);
    }
}
