// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What differs between the wire forms of OMEMO.

use serde::{Deserialize, Serialize};

use crate::identity::IdentityKey;
use crate::{DeviceId, NODE_BUNDLES, NODE_DEVICES, NS_LEGACY, NS_OMEMO_2};

/// In front of each public key of legacy OMEMO: the type of Curve25519 (libsignal's `DJB_TYPE`).
pub(crate) const KEY_TYPE: u8 = 0x05;

/// A wire form of OMEMO, older ones first. X3DH and the ratchet are the same in all of them but for what this type answers;
/// how messages are laid out is in [`crate::wire`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Namespace {
    /// `eu.siacs.conversations.axolotl` (XEP-0384 before 0.4), which many clients speak alone.
    #[serde(rename = "eu.siacs.conversations.axolotl")]
    Legacy,
    /// `urn:xmpp:omemo:2` (XEP-0384 since 0.8).
    #[serde(rename = "urn:xmpp:omemo:2")]
    Omemo2,
}

impl Namespace {
    /// All of them, the newest first.
    pub const ALL: [Self; 2] = [Self::Omemo2, Self::Legacy];

    /// The XML namespace.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::Legacy => NS_LEGACY,
            Self::Omemo2 => NS_OMEMO_2,
        }
    }

    /// The wire form of an XML namespace; `None` when it is no OMEMO.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|namespace| namespace.uri() == uri)
    }

    /// The PEP node of the device list; its only item has the id `current` (XEP-0384 §5.3.1).
    #[must_use]
    pub fn devices_node(self) -> &'static str {
        match self {
            Self::Legacy => "eu.siacs.conversations.axolotl.devicelist",
            Self::Omemo2 => NODE_DEVICES,
        }
    }

    /// The PEP node of a device's bundle, and the id of its item there: omemo:2 has one node with an item for each device
    /// (XEP-0384 §5.3.2), legacy OMEMO one node for each device.
    #[must_use]
    pub fn bundle_node(self, device: DeviceId) -> (String, String) {
        match self {
            Self::Legacy => (
                format!("eu.siacs.conversations.axolotl.bundles:{device}"),
                "current".to_owned(),
            ),
            Self::Omemo2 => (NODE_BUNDLES.to_owned(), device.to_string()),
        }
    }

    /// Name of the root element of a device list.
    pub(crate) fn list_element(self) -> &'static str {
        match self {
            Self::Legacy => "list",
            Self::Omemo2 => "devices",
        }
    }

    /// HKDF's info in X3DH.
    pub(crate) fn x3dh_info(self) -> &'static [u8] {
        match self {
            Self::Legacy => b"WhisperText",
            Self::Omemo2 => b"OMEMO X3DH",
        }
    }

    /// HKDF's info in the root chain.
    pub(crate) fn root_chain_info(self) -> &'static [u8] {
        match self {
            Self::Legacy => b"WhisperRatchet",
            Self::Omemo2 => b"OMEMO Root Chain",
        }
    }

    /// HKDF's info from a message key to cipher keys.
    pub(crate) fn message_keys_info(self) -> &'static [u8] {
        match self {
            Self::Legacy => b"WhisperMessageKeys",
            Self::Omemo2 => b"OMEMO Message Key Material",
        }
    }

    /// Length of a message's authentication code, in bytes.
    pub(crate) fn mac_length(self) -> usize {
        match self {
            Self::Legacy => 8,
            Self::Omemo2 => crate::primitives::MAC_LENGTH,
        }
    }

    /// The associated data of a message in a session between two identities. In omemo:2 it is the same in both directions:
    /// the Ed25519 keys of the initiator and the responder of X3DH (§4.3); in legacy OMEMO the Curve25519 keys of the
    /// message's sender and receiver.
    #[must_use]
    pub fn associated_data(
        self,
        initiator: &IdentityKey,
        responder: &IdentityKey,
        from_initiator: bool,
    ) -> Vec<u8> {
        match self {
            Self::Omemo2 => [initiator.as_bytes().as_slice(), responder.as_bytes()].concat(),
            Self::Legacy => {
                let (sender, receiver) = if from_initiator {
                    (initiator, responder)
                } else {
                    (responder, initiator)
                };
                [typed_key(sender.montgomery()), typed_key(receiver.montgomery())].concat()
            }
        }
    }
}

/// A public key with its type in front, as legacy OMEMO writes all of them.
pub(crate) fn typed_key(key: &[u8; 32]) -> Vec<u8> {
    [[KEY_TYPE].as_slice(), key].concat()
}

/// Takes the type from a public key of legacy OMEMO; `None` when it is another one, or the length is wrong.
pub(crate) fn untyped_key(bytes: &[u8]) -> Option<[u8; 32]> {
    match bytes.split_first()? {
        (&KEY_TYPE, key) => key.try_into().ok(),
        _ => None,
    }
}
