// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What a device tells its caller.

use minidom::Element;

use crate::{DeviceId, Envelope, Fingerprint, Namespace, TrustLevel};

/// What is known of another device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Its owner's bare address.
    pub jid: String,
    /// Its number.
    pub id: DeviceId,
    /// The name that it gave itself in the device list, unless that is signed by another key (XEP-0384 0.9).
    pub label: Option<String>,
    /// Its key's fingerprint, once its key is known.
    pub fingerprint: Option<Fingerprint>,
    /// Its Ed25519 identity key, once known; what [`crate::Device::set_trust`] takes.
    pub identity_key: Option<[u8; 32]>,
    /// How far its key is trusted; [`TrustLevel::Undecided`] while the key is unknown.
    pub trust: TrustLevel,
    /// Whether it is in one of its owner's device lists now.
    pub active: bool,
    /// Whether there is a session with it.
    pub has_session: bool,
    /// The wire forms in whose device lists it is now, the newest first.
    pub announced: Vec<Namespace>,
    /// The wire forms in which there is a session with it, the newest first.
    pub sessions: Vec<Namespace>,
    /// When a message of it was last decrypted, in milliseconds since the Unix epoch.
    pub last_seen: Option<u64>,
    /// Whether nothing was heard of it for as long as [`crate::Device::set_stale_after`] says.
    pub stale: bool,
}

/// What a new device list changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceListChange {
    /// Devices that are in the list and were not before.
    pub added: Vec<DeviceId>,
    /// Devices that were in the list and no longer are.
    pub removed: Vec<DeviceId>,
    /// It is a list of the own account, and this device is not in it.
    pub own_missing: bool,
}

/// An encrypted message.
#[derive(Clone, Debug, PartialEq)]
pub struct Encrypted {
    /// `<encrypted/>` of each wire form that is needed, the newest first; all go into one stanza. Never empty.
    pub elements: Vec<Element>,
    /// The devices that can read it.
    pub recipients: Vec<(String, DeviceId)>,
    /// The active devices that cannot, and why.
    pub skipped: Vec<(String, DeviceId, Skipped)>,
}

/// Why a device was left out of an encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// No session; its bundle is wanted, or was refused.
    NoSession,
    /// Its key is not trusted.
    NotTrusted(TrustLevel),
    /// Its sending chain is used up (2³² messages without an answer).
    ChainExhausted,
    /// Nothing was heard of it for long ([`crate::Device::set_stale_after`]).
    Stale,
    /// It speaks legacy OMEMO alone, which carries the text of a `<body/>`, and the content has none.
    NoBody,
}

/// A decrypted message.
#[derive(Clone, Debug, PartialEq)]
pub struct Decrypted {
    /// The device that encrypted it.
    pub device: DeviceId,
    /// The fingerprint of that device's key.
    pub fingerprint: Fingerprint,
    /// That device's Ed25519 identity key.
    pub identity_key: [u8; 32],
    /// How far that key is trusted. The caller drops what is not trusted.
    pub trust: TrustLevel,
    /// The wire form it came in.
    pub namespace: Namespace,
    /// The content; `None` for an empty message, which only moves the ratchet. Legacy OMEMO has no envelopes: its text is a
    /// `<body/>` in one without any affixes.
    pub envelope: Option<Envelope>,
    /// An empty message is to be sent back ([`crate::Device::encrypt_empty`]): at a key exchange, and in a chain that has
    /// grown long (XEP-0384 §5.6).
    pub answer_due: bool,
}
