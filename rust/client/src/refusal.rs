// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Why a command is not carried out.

use replica::EditError;
use serde::{Deserialize, Serialize};

use crate::ImportError;
use crate::history::OpenError;

/// Why a command is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RefusalKind {
    /// It needs a connection, and there is none.
    NotConnected,
    /// This device is leaving its account already.
    Leaving,
    /// This device has edits that the others have not got yet.
    Unpublished,
    /// The server did not take the device list that it needs.
    ListNotTaken,
    /// This device cannot do that to itself.
    ThisDevice,
    /// No such device is known.
    UnknownDevice,
    /// The device's keys have not been fetched yet.
    NoKeys,
    /// The device is distrusted.
    Distrusted,
    /// Another device is being compared.
    Comparing,
    /// The device is not being compared.
    NotComparing,
    /// The text is no link with keys.
    NotALink,
    /// The link only names devices that are not known here.
    LinkOfStrangers,
    /// The link only names this very device.
    LinkOfThisDevice,
    /// Nothing waits for that answer.
    NothingAsked,
    /// The bookmarks have not been joined with those of the account yet.
    NotJoined,
    /// There is no copy of that time.
    NoCopy,
    /// The copy cannot be read.
    CopyDamaged,
    /// An edit that makes no sense for the bookmarks as they are.
    BadEdit,
    /// More than is taken at once.
    TooMany,
    /// Not the address of a page of the web.
    NotAPage,
    /// The device does not open what is sent to it.
    TakesNoTabs,
}

/// Why a command is not carried out, for programs and for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) kind: RefusalKind,
    /// In words, with what the kind does not say.
    pub(crate) reason: String,
}

impl Refusal {
    pub(crate) fn new(kind: RefusalKind, reason: impl Into<String>) -> Refusal {
        Refusal {
            kind,
            reason: reason.into(),
        }
    }
}

impl From<EditError> for Refusal {
    fn from(error: EditError) -> Refusal {
        let kind = match error {
            EditError::NotJoined => RefusalKind::NotJoined,
            _ => RefusalKind::BadEdit,
        };
        Refusal::new(kind, error.to_string())
    }
}

impl From<ImportError> for Refusal {
    fn from(error: ImportError) -> Refusal {
        match error {
            ImportError::Edit(error) => error.into(),
            ImportError::TooMany { .. } => Refusal::new(RefusalKind::TooMany, error.to_string()),
        }
    }
}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Refusal {
        let kind = match error {
            OpenError::NoCopy => RefusalKind::NoCopy,
            OpenError::Damaged(_) => RefusalKind::CopyDamaged,
        };
        Refusal::new(kind, error.to_string())
    }
}
