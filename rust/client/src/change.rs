// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What is to be kept, of all three pure crates in one form.

use std::fmt;

/// The client's own tables. [`tables`] names those of the crates below as well.
pub const TABLES: &[&str] = &[
    "client_state",
    "client_replica",
    "client_delta",
    "client_outbox",
    "client_inbox",
    "client_request",
    "client_outgoing",
    "client_incoming",
    "client_tabs",
    "client_parcel",
    "client_visits",
    crate::history::COPIES,
    crate::history::PARTS,
];

/// All tables in which a client is kept, each one of text keys and binary values.
#[must_use]
pub fn tables() -> Vec<&'static str> {
    [omemo::TABLES, replica::TABLES, replica::visits::TABLES, TABLES].concat()
}

/// One record to write, or to delete where `value` is `None`.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// One of [`tables`].
    pub table: &'static str,
    /// The record's key within its table.
    pub key: String,
    /// The new value; it may hold secrets.
    pub value: Option<Vec<u8>>,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("table", &self.table)
            .field("key", &self.key)
            .field("value_len", &self.value.as_ref().map(Vec::len))
            .finish()
    }
}

impl From<omemo::Change> for Change {
    fn from(change: omemo::Change) -> Change {
        Change {
            table: change.table,
            key: change.key,
            value: change.value,
        }
    }
}

impl From<replica::Change> for Change {
    fn from(change: replica::Change) -> Change {
        Change {
            table: change.table,
            key: change.key,
            value: change.value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changes_debug_form_shows_no_value() {
        let change = Change {
            table: "client_state",
            key: "state".into(),
            value: Some(b"secret".to_vec()),
        };
        insta::assert_snapshot!(format!("{change:?}"), @r#"Change { table: "client_state", key: "state", value_len: Some(6) }"#);
    }

    #[test]
    fn no_two_crates_share_a_table() {
        let mut names = tables();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
