// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The records in which a device is kept.

use std::fmt;

use thiserror::Error;

/// The tables of this crate.
pub const TABLES: &[&str] = &[
    "omemo_identity",
    "omemo_signed_pre_key",
    "omemo_pre_key",
    "omemo_device",
    "omemo_session",
    "omemo_skipped",
    "omemo_trust",
];

/// One record to write, or to delete where `value` is `None`.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// One of [`TABLES`].
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

/// Why stored records make no device.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum LoadError {
    /// Written by a newer release.
    #[error(
        "{table} record {key:?} has version {found}, this release knows {known}: update it, or use another state"
    )]
    NewerVersion {
        /// The table.
        table: String,
        /// The record's key.
        key: String,
        /// The version that the record has.
        found: u32,
        /// The newest version that this release reads.
        known: u32,
    },
    /// Not what this crate writes.
    #[error("{table} record {key:?} is damaged: {reason}")]
    Malformed {
        /// The table.
        table: String,
        /// The record's key.
        key: String,
        /// What is wrong, without any content.
        reason: String,
    },
    /// There are records but no identity.
    #[error("the identity key is missing although {records} other OMEMO records exist")]
    NoIdentity {
        /// How many other records there are.
        records: usize,
    },
    /// The state belongs to another account.
    #[error("the state belongs to {found}, not to {expected}")]
    OtherAccount {
        /// The account that was asked for.
        expected: String,
        /// The account in the records.
        found: String,
    },
}
