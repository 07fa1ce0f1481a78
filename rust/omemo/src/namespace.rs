// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What differs between the wire forms of OMEMO.

use serde::{Deserialize, Serialize};

use crate::NS_OMEMO_2;

/// A wire form of OMEMO. X3DH and the ratchet are the same in all of them but for what this type answers; a further
/// one (`eu.siacs.conversations.axolotl`) is a variant here and a serializer beside [`crate::wire`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Namespace {
    /// `urn:xmpp:omemo:2` (XEP-0384 since 0.8).
    #[serde(rename = "urn:xmpp:omemo:2")]
    Omemo2,
}

impl Namespace {
    /// The XML namespace.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::Omemo2 => NS_OMEMO_2,
        }
    }

    /// HKDF's info in X3DH.
    pub(crate) fn x3dh_info(self) -> &'static [u8] {
        match self {
            Self::Omemo2 => b"OMEMO X3DH",
        }
    }

    /// HKDF's info in the root chain.
    pub(crate) fn root_chain_info(self) -> &'static [u8] {
        match self {
            Self::Omemo2 => b"OMEMO Root Chain",
        }
    }

    /// HKDF's info from a message key to cipher keys.
    pub(crate) fn message_keys_info(self) -> &'static [u8] {
        match self {
            Self::Omemo2 => b"OMEMO Message Key Material",
        }
    }

    /// The associated data of a session between two identity keys (Ed25519). It does not depend on who speaks.
    pub(crate) fn associated_data(self, initiator: &[u8; 32], responder: &[u8; 32]) -> Vec<u8> {
        match self {
            Self::Omemo2 => [initiator.as_slice(), responder.as_slice()].concat(),
        }
    }
}
