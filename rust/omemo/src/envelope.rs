// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Stanza content encryption (XEP-0420): what the payload of an OMEMO message says.

use minidom::Element;

/// The content of an encrypted message and its affix elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// The children of `<content/>`.
    pub content: Vec<Element>,
    /// Who says to have written it; checked against the sender when it is there.
    pub from: Option<String>,
    /// To whom it was written.
    pub to: Option<String>,
    /// When it says to have been written, in milliseconds since the Unix epoch.
    pub time: Option<u64>,
}
