// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The records in which a device is kept: JSON objects with a version `v`, keys and secrets as hexadecimal digits.
//!
//! | table | key | holds |
//! |---|---|---|
//! | `omemo_identity` | `self` | account, device id, Ed25519 seed, next pre key ids |
//! | `omemo_signed_pre_key` | id | one signed pre key, current or in its period of grace |
//! | `omemo_pre_key` | id | one one-time pre key, published or used and hidden |
//! | `omemo_device` | id, address | what is known of another device |
//! | `omemo_session` | id, serial, address | one session's ratchet, rewritten with each message |
//! | `omemo_skipped` | id, serial, ratchet key, address | one past chain of a session with its skipped keys |
//! | `omemo_trust` | identity key, address | one trust level |
//! | `omemo_postponed` | identity key, address | what a device that is not authenticated says of other keys |

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::DeviceId;

/// The tables of this crate.
pub const TABLES: &[&str] = &[
    "omemo_identity",
    "omemo_signed_pre_key",
    "omemo_pre_key",
    "omemo_device",
    "omemo_session",
    "omemo_skipped",
    "omemo_trust",
    "omemo_postponed",
];

/// Version of all records that this release writes.
const VERSION: u32 = 1;

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
    /// There are records but no identity or no signed pre key.
    #[error("the {missing} is missing although {records} other OMEMO records exist")]
    Incomplete {
        /// What is missing.
        missing: &'static str,
        /// How many records there are.
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

/// Names one record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RecordKey {
    Identity,
    SignedPreKey(u32),
    PreKey(u32),
    Device(String, DeviceId),
    Session(String, DeviceId, u64),
    Skipped(String, DeviceId, u64, [u8; 32]),
    Trust(String, [u8; 32]),
    Postponed(String, [u8; 32]),
}

impl RecordKey {
    pub(crate) fn table(&self) -> &'static str {
        match self {
            Self::Identity => "omemo_identity",
            Self::SignedPreKey(_) => "omemo_signed_pre_key",
            Self::PreKey(_) => "omemo_pre_key",
            Self::Device(..) => "omemo_device",
            Self::Session(..) => "omemo_session",
            Self::Skipped(..) => "omemo_skipped",
            Self::Trust(..) => "omemo_trust",
            Self::Postponed(..) => "omemo_postponed",
        }
    }

    /// The address comes last, since it alone may hold any character.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Identity => "self".to_owned(),
            Self::SignedPreKey(id) | Self::PreKey(id) => id.to_string(),
            Self::Device(jid, id) => format!("{id} {jid}"),
            Self::Session(jid, id, serial) => format!("{id} {serial} {jid}"),
            Self::Skipped(jid, id, serial, remote) => format!("{id} {serial} {} {jid}", hex::encode(remote)),
            Self::Trust(jid, key) | Self::Postponed(jid, key) => format!("{} {jid}", hex::encode(key)),
        }
    }

    /// `None` when it is no key of that table, or the table is none of [`TABLES`].
    fn parse(table: &str, key: &str) -> Option<Self> {
        fn field<T: std::str::FromStr>(text: &str) -> Option<(T, &str)> {
            let (field, rest) = text.split_once(' ')?;
            Some((field.parse().ok()?, rest))
        }
        fn hex_field(text: &str) -> Option<([u8; 32], &str)> {
            let (field, rest) = text.split_once(' ')?;
            let mut bytes = [0; 32];
            hex::decode_to_slice(field, &mut bytes).ok()?;
            Some((bytes, rest))
        }
        match table {
            "omemo_identity" => (key == "self").then_some(Self::Identity),
            "omemo_signed_pre_key" => key.parse().ok().map(Self::SignedPreKey),
            "omemo_pre_key" => key.parse().ok().map(Self::PreKey),
            "omemo_device" => {
                let (id, jid) = field(key)?;
                Some(Self::Device(jid.to_owned(), id))
            }
            "omemo_session" => {
                let (id, rest) = field(key)?;
                let (serial, jid) = field(rest)?;
                Some(Self::Session(jid.to_owned(), id, serial))
            }
            "omemo_skipped" => {
                let (id, rest) = field(key)?;
                let (serial, rest) = field(rest)?;
                let (remote, jid) = hex_field(rest)?;
                Some(Self::Skipped(jid.to_owned(), id, serial, remote))
            }
            "omemo_trust" => {
                let (key, jid) = hex_field(key)?;
                Some(Self::Trust(jid.to_owned(), key))
            }
            "omemo_postponed" => {
                let (key, jid) = hex_field(key)?;
                Some(Self::Postponed(jid.to_owned(), key))
            }
            _ => None,
        }
    }
}

/// A record as it was read, its key parsed.
pub(crate) struct Record {
    pub(crate) key: RecordKey,
    value: Vec<u8>,
}

#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

#[derive(Serialize, Deserialize)]
struct Body<T> {
    v: u32,
    #[serde(flatten)]
    body: T,
}

impl Record {
    pub(crate) fn parse(table: &str, key: &str, value: Vec<u8>) -> Result<Self, LoadError> {
        let parsed = RecordKey::parse(table, key).ok_or_else(|| LoadError::Malformed {
            table: table.to_owned(),
            key: key.to_owned(),
            reason: "not a key of this table".to_owned(),
        })?;
        Ok(Self { key: parsed, value })
    }

    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T, LoadError> {
        let versioned: Versioned =
            serde_json::from_slice(&self.value).map_err(|error| self.malformed(&error))?;
        if versioned.v > VERSION {
            return Err(LoadError::NewerVersion {
                table: self.key.table().to_owned(),
                key: self.key.key(),
                found: versioned.v,
                known: VERSION,
            });
        }
        let body: T = serde_json::from_slice(&self.value).map_err(|error| self.malformed(&error))?;
        Ok(body)
    }

    /// The position is told, the text is not: it may be a secret.
    fn malformed(&self, error: &serde_json::Error) -> LoadError {
        let reason = match error.classify() {
            serde_json::error::Category::Data => format!("unexpected content at column {}", error.column()),
            _ => format!("not JSON at column {}", error.column()),
        };
        self.damaged(reason)
    }

    pub(crate) fn damaged(&self, reason: String) -> LoadError {
        LoadError::Malformed {
            table: self.key.table().to_owned(),
            key: self.key.key(),
            reason,
        }
    }
}

/// Writes a record's body with its version.
pub(crate) fn serialize<T: Serialize>(body: T) -> Vec<u8> {
    match serde_json::to_vec(&Body { v: VERSION, body }) {
        Ok(value) => value,
        Err(error) => unreachable!("records have string keys and derived serializers: {error}"),
    }
}
