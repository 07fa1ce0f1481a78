// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Files that are to be moved over HTTP (XEP-0363).

use std::fmt;

/// One file to put or to get, once: the client itself decides what follows a failure.
#[derive(Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Names it in [`crate::Client::handle_transferred`].
    pub number: u64,
    /// Where, as the account's server gave it: `https`, or `http` where the caller allows that.
    pub url: String,
    /// What to do there.
    pub kind: TransferKind,
}

/// What to do with a file.
#[derive(Clone, PartialEq, Eq)]
pub enum TransferKind {
    /// Put these bytes there; 200 and 201 are success.
    Put {
        /// Headers to send (XEP-0363 §5), names and values.
        headers: Vec<(String, String)>,
        /// The file.
        bytes: Vec<u8>,
    },
    /// Get it; 200 is success.
    Get {
        /// Its size in bytes: any other is a failure.
        size: u64,
    },
}

// Whoever knows a file's address can get it, and headers may authorise.
impl fmt::Debug for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, size) = match &self.kind {
            TransferKind::Put { bytes, .. } => ("put", u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            TransferKind::Get { size } => ("get", *size),
        };
        f.debug_struct("Transfer")
            .field("number", &self.number)
            .field("what", &what)
            .field("size", &size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_address_nor_headers_are_shown() {
        let transfer = Transfer {
            number: 1,
            url: "https://secret.example/".into(),
            kind: TransferKind::Put {
                headers: vec![("Authorization".into(), "secret".into())],
                bytes: b"secret".to_vec(),
            },
        };
        insta::assert_snapshot!(format!("{transfer:?}"), @r#"Transfer { number: 1, what: "put", size: 6, .. }"#);
    }
}
