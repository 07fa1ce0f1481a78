// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One OMEMO device (XEP-0384 0.9, `urn:xmpp:omemo:2`), without I/O.
//!
//! [`Device`] is the whole of it: it holds the identity, the pre keys, the sessions, what is known of other devices
//! and how far they are trusted. It reads no clock, draws no randomness of its own and touches no disk or network:
//! `now` (milliseconds since the Unix epoch) and `rng` come in with each call, stanza payloads go in and out as
//! [`minidom::Element`], and what is to be kept leaves as [`Change`]s.
//!
//! ## Order of calls
//! 1. [`Device::load`] with all records of [`TABLES`]; where it gives `None`, [`Device::create`].
//! 2. Publish [`Device::bundle`] to [`NODE_BUNDLES`] while [`Device::bundle_is_due`], then tell
//!    [`Device::bundle_published`]; publish [`Device::own_device_list`] to [`NODE_DEVICES`] when
//!    [`DeviceListChange::own_missing`] says so.
//! 3. Feed device lists to [`Device::handle_device_list`]; fetch what [`Device::missing_bundles`] names and feed it to
//!    [`Device::handle_bundle`] or [`Device::handle_bundle_failure`].
//! 4. [`Device::encrypt`] and [`Device::decrypt`]. Where a decryption says `answer_due`, send what
//!    [`Device::encrypt_empty`] gives.
//! 5. After each step store [`Device::take_changes`], in one transaction and before anything is sent or shown.
//!    A ratchet that goes back to an older state would use a key twice.
//!
//! The layers beneath are public for those who build something else: [`x3dh`], [`ratchet`], [`payload`],
//! [`envelope`] and [`wire`].
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod bundle;
mod datetime;
mod device;
mod device_list;
pub mod envelope;
mod identity;
mod namespace;
pub mod payload;
mod primitives;
pub mod ratchet;
pub mod sas;
mod secret;
mod store;
mod trust;
pub mod wire;
pub mod x3dh;
mod xml;

pub use bundle::{Bundle, BundleParseError};
pub use device::{
    BUNDLE_RETRY_MAX, BUNDLE_RETRY_MIN, BundleError, DecryptError, Decrypted, Device, DeviceInfo,
    DeviceListChange, DeviceListError, EncryptError, Encrypted, MAX_DEVICES, MAX_SESSIONS, PRE_KEYS,
    PRESENCE_STEP, SIGNED_PRE_KEY_PERIOD, Skipped, TrustOutcome, USED_PRE_KEY_GRACE,
};
pub use device_list::empty_device_list;
pub use envelope::Envelope;
pub use identity::{Fingerprint, IdentityKey, IdentityKeyPair, InvalidIdentityKey};
pub use namespace::Namespace;
pub use secret::{KeyPair, LowOrder, Secret};
pub use store::{Change, LoadError, TABLES};
pub use trust::message::{
    MAX_TRUST_KEYS, NS_TRUST_MANAGEMENT, NS_TRUST_MESSAGE, TrustMessage, TrustMessageError,
};
pub use trust::postponed::{MAX_POSTPONED, MAX_POSTPONED_SENDERS};
pub use trust::uri::{TrustUri, TrustUriError};
pub use trust::{TrustChange, TrustDecision, TrustLevel, TrustPolicy};

/// Number of a device, unique within its account: 1 to 2³¹ − 1 (XEP-0384 §5.3.1).
pub type DeviceId = u32;

/// XML namespace of a client's stanzas (RFC 6120 §4.8.2).
const NS_CLIENT: &str = "jabber:client";
/// XML namespace of OMEMO before XEP-0384 0.4.
pub const NS_LEGACY: &str = "eu.siacs.conversations.axolotl";
/// XML namespace of OMEMO since XEP-0384 0.8.
pub const NS_OMEMO_2: &str = "urn:xmpp:omemo:2";
/// PEP node of the device list; its only item has the id `current` (XEP-0384 §5.3.1).
pub const NODE_DEVICES: &str = "urn:xmpp:omemo:2:devices";
/// PEP node of the bundles, one item for each device, the item id being the device id (XEP-0384 §5.3.2).
pub const NODE_BUNDLES: &str = "urn:xmpp:omemo:2:bundles";
