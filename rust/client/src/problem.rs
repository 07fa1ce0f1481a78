// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What is wrong and stays wrong until it is mended.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProblemKind {
    /// The account's device list could not be fetched. Tried again.
    ListNotFetched,
    /// This device could not be entered into the account's device list. Tried again.
    ListNotPublished,
    /// Another program keeps removing this device from the account's device list.
    ListFought,
    /// This device's public keys could not be published. Tried again.
    KeysNotPublished,
    /// Whether this profile is a copy could not be checked, so nothing is sent. Tried again.
    CopyUnknown,
    /// This profile was a copy or an old backup: it goes on as a new device.
    Copied,
    /// This device was away for long, and waits for another one.
    Away,
    /// This computer's clock is far from the server's.
    ClockWrong,
    /// The bookmarks could not be fetched. Tried again.
    BookmarksNotFetched,
    /// The bookmarks could not be encrypted or published. Tried again.
    BookmarksNotPublished,
    /// The bookmarks could not be given to new devices. Tried again.
    SnapshotNotPublished,
    /// What is open in this browser could not be told to the other devices. Tried again.
    TabsNotPublished,
    /// What was visited in this browser could not be told to the other devices. Tried again.
    VisitsNotPublished,
    /// Tabs could not be sent to another device. Tried again.
    TabsNotSent,
    /// Another device runs a newer release, which this one does not understand.
    NewerVersion,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// For programs.
    pub kind: ProblemKind,
    /// For a person: one or two sentences, with the cause.
    pub text: String,
    /// The cause by itself, such as the server's error, where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, text: impl Into<String>) -> Problem {
        Problem {
            kind,
            text: text.into(),
            cause: String::new(),
        }
    }

    /// `what` begins a sentence that `cause` ends.
    pub(crate) fn because(kind: ProblemKind, what: &str, cause: &impl fmt::Display) -> Problem {
        Problem {
            kind,
            text: format!("{what}: {cause}."),
            cause: cause.to_string(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
