// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Files with the bookmarks: one on demand, and dated ones that `run` writes.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::client::PlainTree;

use crate::cli::Format;
use crate::failure::{Code, Failure};
use crate::formats;

/// How often it is looked whether today's file is there.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(600);

/// How many dated files are kept.
const KEEP: usize = 30;

/// What dated files' names start with.
const PREFIX: &str = "bookmarks-";

/// Characters of a date, `2026-01-31`.
const DATE: usize = 10;

/// The bookmarks in a format.
pub(crate) fn write(tree: &PlainTree, format: Format) -> Result<String, Failure> {
    match format {
        Format::Json => formats::write_json(tree).map_err(|error| Failure::new(Code::Failure, error)),
        Format::Html => Ok(formats::write_html(tree)),
        Format::Xbel => Ok(formats::write_xbel(tree)),
    }
}

/// Writes a file whole or not at all.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let mut name = path.file_name().map(ToOwned::to_owned).unwrap_or_default();
    name.push(format!(".{}.tmp", std::process::id()));
    let draft = path.with_file_name(name);
    let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, path));
    written.map_err(|error| {
        let _never_made = fs::remove_file(&draft);
        unwritable(path, &error)
    })
}

fn unwritable(path: &Path, error: &Error) -> Failure {
    Failure::new(
        Code::Failure,
        format!(
            "cannot write {}: {error}. Check the folder, its owner and the space left",
            path.display()
        ),
    )
}

/// A folder with a file for each day.
#[derive(Clone, Debug)]
pub(crate) struct Exports {
    folder: PathBuf,
    format: Format,
}

impl Exports {
    /// Makes the folder where there is none.
    pub(crate) fn new(folder: PathBuf, format: Format) -> Result<Exports, Failure> {
        fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
        Ok(Exports { folder, format })
    }

    /// Where the file of the day of `now` (milliseconds since the Unix epoch, UTC) goes; `None` when it is there.
    pub(crate) fn due(&self, now: u64) -> Option<PathBuf> {
        let time = chrono::DateTime::from_timestamp_millis(i64::try_from(now).ok()?)?;
        let name = format!("{PREFIX}{}.{}", time.format("%Y-%m-%d"), self.format.extension());
        Some(self.folder.join(name)).filter(|path| !path.exists())
    }

    /// Writes the file, and removes the oldest of those that are too many.
    pub(crate) fn write(&self, path: &Path, tree: &PlainTree) -> Result<(), Failure> {
        replace(path, &write(tree, self.format)?)?;
        let mut dated = self.dated().map_err(|error| unwritable(&self.folder, &error))?;
        dated.sort();
        let excess = dated.len().saturating_sub(KEEP);
        for path in dated.iter().take(excess) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(unwritable(path, &error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The files in the folder that were written so, and no others.
    fn dated(&self) -> Result<Vec<PathBuf>, Error> {
        let suffix = format!(".{}", self.format.extension());
        let is_dated = |path: &PathBuf| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let date = name
                .strip_prefix(PREFIX)
                .and_then(|rest| rest.strip_suffix(&suffix));
            date.is_some_and(|date| {
                date.len() == DATE && date.chars().all(|c| c.is_ascii_digit() || c == '-')
            })
        };
        let paths = fs::read_dir(&self.folder)?.map(|entry| entry.map(|entry| entry.path()));
        Ok(paths
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .filter(is_dated)
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: u64 = 86_400_000;

    #[test]
    fn there_is_one_file_a_day_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let exports = Exports::new(folder.path().join("deep/er"), Format::Xbel).unwrap();
        let other = exports.folder.join("bookmarks-of-mine.xbel");
        fs::write(&other, "mine").unwrap();
        for day in 0..40 {
            let now = 1_700_000_000_000 + day * DAY_MS;
            let path = exports.due(now).unwrap();
            exports.write(&path, &PlainTree::default()).unwrap();
            assert_eq!(exports.due(now + 1000), None);
        }
        let mut left = exports.dated().unwrap();
        left.sort();
        assert_eq!(left.len(), KEEP);
        assert!(left[KEEP - 1].ends_with("bookmarks-2023-12-23.xbel"));
        assert!(fs::read_to_string(&left[0]).unwrap().contains("<xbel"));
        assert_eq!(fs::read_to_string(&other).unwrap(), "mine");
    }

    #[test]
    fn a_folder_that_cannot_be_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let failure = Exports::new(file.join("inner"), Format::Html).unwrap_err();
        assert!(failure.text.contains("cannot write"), "{failure}");
    }
}
