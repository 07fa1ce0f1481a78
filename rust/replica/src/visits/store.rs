// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The history as records in tables.
//!
//! - `visits_meta`: one record, `visits`: the device, whose part it took over, what was cleared. JSON with a version.
//! - `visits_page`: for each page, by its address, what is known of it, of the host's row, and where it is told.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::page::{Page, Scope};
use super::time::Time;
use super::{Origin, Visits};
use crate::Change;

/// The tables whose records make up a history.
pub const TABLES: &[&str] = &[META, PAGES];

const META: &str = "visits_meta";
const PAGES: &str = "visits_page";
const META_KEY: &str = "visits";

/// Version of what the records mean.
const FORMAT: u32 = 1;

/// Why records do not make a history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// A newer version of this program wrote them.
    #[error("the history was saved in format {found}, this version knows up to {known}: update it")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// There are pages but the record that names the device is missing.
    #[error("the record that names the device is missing")]
    NoMeta,
    /// A record cannot be read. Its key is an address, so it is not told.
    #[error("a record in {table} cannot be read: {reason}")]
    Unreadable {
        /// Its table.
        table: String,
        /// What is wrong.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Meta {
    #[serde(rename = "v")]
    format: u32,
    own: Origin,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    adopted: BTreeSet<Origin>,
    #[serde(default, skip_serializing_if = "Time::is_never")]
    cleared: Time,
    revision: u64,
}

impl Visits {
    /// Forgets everything, and that it was ever saved: the history is not shared any more. The host's rows stay.
    pub fn erase(&mut self) {
        let own = self.scope.own;
        let mut urls: BTreeSet<Arc<str>> = std::mem::take(&mut self.unsaved);
        urls.extend(std::mem::take(&mut self.pages).into_keys());
        let stored = self.stored;
        *self = Visits::new(own);
        (self.unsaved, self.stored, self.meta_unsaved) = (urls, stored, stored);
    }

    /// All records that changed since the last call. To be written in one transaction, before anything is sent or shown.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        let pages = std::mem::take(&mut self.unsaved);
        if self.is_untouched() {
            // Nothing to remember, or not any more.
            if std::mem::take(&mut self.meta_unsaved) && std::mem::take(&mut self.stored) {
                changes.push(Change {
                    table: META,
                    key: META_KEY.to_owned(),
                    value: None,
                });
            }
        } else if std::mem::take(&mut self.meta_unsaved) || (!self.stored && !pages.is_empty()) {
            self.stored = true;
            let meta = Meta {
                format: FORMAT,
                own: self.scope.own,
                adopted: self.scope.adopted.clone(),
                cleared: self.scope.cleared,
                revision: self.revision,
            };
            changes.push(Change {
                table: META,
                key: META_KEY.to_owned(),
                value: serde_json::to_vec(&meta).ok(),
            });
        }
        let pages = pages.into_iter().map(|url| Change {
            table: PAGES,
            // None: nothing of it is known any more.
            value: self
                .pages
                .get(&url)
                .and_then(|page| serde_json::to_vec(page).ok()),
            key: url.to_string(),
        });
        changes.extend(pages);
        changes
    }

    /// Whether it is as a new one: nothing is known, and nothing was ever told.
    pub fn is_untouched(&self) -> bool {
        self.pages.is_empty() && self.revision == 0 && self.scope == Scope::new(self.scope.own)
    }

    /// The history that all records of [`TABLES`] make up, in any order; `None` when there are none.
    ///
    /// # Errors
    /// When a record is missing, unreadable, or of a newer format.
    pub fn load<T: AsRef<str>, K: AsRef<str>, V: AsRef<[u8]>>(
        records: impl IntoIterator<Item = (T, K, V)>,
    ) -> Result<Option<Visits>, LoadError> {
        let mut visits = Visits::new(0);
        let mut meta = None;
        for (table, key, value) in records {
            let (table, key, value) = (table.as_ref(), key.as_ref(), value.as_ref());
            let unreadable = |reason: String| LoadError::Unreadable {
                table: table.to_owned(),
                reason,
            };
            match table {
                META if key == META_KEY => meta = Some(read_meta(value).map_err(unreadable)??),
                PAGES => {
                    let page: Page = parse(value).map_err(unreadable)?;
                    visits.pages.insert(key.into(), page);
                }
                _ => return Err(unreadable("there is no such table or key".to_owned())),
            }
        }
        let Some(meta) = meta else {
            let none = visits.pages.is_empty();
            return if none { Ok(None) } else { Err(LoadError::NoMeta) };
        };
        visits.scope = Scope {
            own: meta.own,
            adopted: meta.adopted,
            cleared: meta.cleared.if_taken(),
        };
        (visits.revision, visits.stored) = (meta.revision, true);
        visits.change_all(|page, scope| page.take_out(scope, Page::refit));
        Ok(Some(visits))
    }
}

/// The record, or why it is unreadable; the inner error is a newer format.
fn read_meta(value: &[u8]) -> Result<Result<Meta, LoadError>, String> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(rename = "v")]
        format: u32,
    }
    let version: Version = parse(value)?;
    if version.format > FORMAT {
        return Ok(Err(LoadError::Newer {
            found: version.format,
            known: FORMAT,
        }));
    }
    parse(value).map(Ok)
}

fn parse<'a, T: Deserialize<'a>>(value: &'a [u8]) -> Result<T, String> {
    // serde's own words may cite the value, which is an address or a title.
    let unreadable =
        |error: serde_json::Error| format!("{:?} error in column {}", error.classify(), error.column());
    serde_json::from_slice(value).map_err(unreadable)
}
