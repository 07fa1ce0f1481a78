// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One OMEMO device (XEP-0384 0.9), without I/O: `urn:xmpp:omemo:2` and, for peers that know no other,
//! `eu.siacs.conversations.axolotl`, on one identity key.
//!
//! [`Device`] is the whole of it: it holds the identity, the pre keys, the sessions, what is known of other devices
//! and how far they are trusted. It reads no clock, draws no randomness of its own and touches no disk or network:
//! `now` (milliseconds since the Unix epoch) and `rng` come in with each call, stanza payloads go in and out as
//! [`minidom::Element`], and what is to be kept leaves as [`Change`]s.
//!
//! ## What becomes of another device
//! ```text
//!                         handle_device_list
//!      unknown ────────────────────────────────────▶ announced ◀──────────┐
//!         │                                              │                │ reset_session,
//!         │                              missing_bundles │                │ by hand alone
//!         │                                handle_bundle │                │
//!         │                                              ▼                │
//!         │                 ┌─────────────────────▶ unanswered ───────────┤
//!         │                 │                  each encrypt carries       │
//!         │                 │                  the key exchange           │
//!         │                 │                            │ decrypt        │
//!         │                 │ reset, or the              │ of an answer   │
//!         │                 │ other side's               ▼                │
//!         └─────────────────┼─────────────────────▶ established ──────────┘
//!        decrypt of a       │                       encrypt, decrypt;
//!        key exchange       │                       encrypt_empty where answer_due
//!                           │                            │        ▲
//!                           │        nothing heard for   │        │ decrypt
//!                           │        set_stale_after     ▼        │
//!                           └──────────────────────── stale: left out of encrypt
//! ```
//! A failed decryption leads nowhere: it is an error, and nothing has changed. A device that leaves the list keeps its
//! sessions and gets nothing more.
//!
//! ## Two devices that talk
//! ```
//! use minidom::Element;
//! use omemo::{Device, Namespace};
//!
//! let (now, mut rng) = (1_790_000_000_000, rand::rng());
//! let mut alice = Device::create("alice@example.org", now, &mut rng);
//! let mut bob = Device::create("bob@example.org", now, &mut rng);
//!
//! // What a client does by PEP: Alice fetches Bob's device list and his bundle.
//! let list = bob.own_device_list(Namespace::Omemo2, Some("Laptop"));
//! alice.handle_device_list("bob@example.org", &list, now)?;
//! for (jid, id, namespace) in alice.missing_bundles(&["bob@example.org"]) {
//!     alice.handle_bundle(&jid, id, &bob.bundle(namespace), now, &mut rng)?;
//! }
//!
//! let body = Element::builder("body", "jabber:client").append("Hello, Bob!").build();
//! let sent = alice.encrypt(vec![body], &["bob@example.org"], now, &mut rng)?;
//! // Here alice.take_changes() goes to the disk; then the elements go into one message.
//! let heard = bob.decrypt("alice@example.org", &sent.elements[0], now, &mut rng)?;
//! let envelope = heard.envelope.expect("a message with content");
//! assert_eq!(envelope.content[0].text(), "Hello, Bob!");
//! assert_eq!(heard.fingerprint, alice.fingerprint());
//! assert!(heard.trust.is_trusted());
//!
//! // It was a key exchange: an empty message tells Alice that the session is there.
//! assert!(heard.answer_due);
//! let answer = bob.encrypt_empty("alice@example.org", heard.device, heard.namespace, now, &mut rng)?;
//! assert!(alice.decrypt("bob@example.org", &answer, now, &mut rng)?.envelope.is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## Order of calls
//! 1. [`Device::load`] with all records of [`TABLES`]; where it gives `None`, [`Device::create`].
//! 2. Publish [`Device::bundle`] where [`Namespace::bundle_node`] says while [`Device::bundle_is_due`], then tell
//!    [`Device::bundle_published`]; publish [`Device::own_device_list`] to [`Namespace::devices_node`] when
//!    [`DeviceListChange::own_missing`] says so.
//! 3. Feed device lists to [`Device::handle_device_list`]; fetch what [`Device::missing_bundles`] names and feed it to
//!    [`Device::handle_bundle`] or [`Device::handle_bundle_failure`].
//! 4. [`Device::encrypt`] and [`Device::decrypt`]. Where a decryption says `answer_due`, send what
//!    [`Device::encrypt_empty`] gives.
//! 5. After each step store [`Device::take_changes`], in one transaction and before anything is sent or shown.
//!    A ratchet that goes back to an older state would use a key twice; where the caller notices that its state is an old
//!    backup or a copy, [`Device::renew`] goes on without them.
//!
//! ## Where each rule is
//! | rule | XEP-0384 0.9 | here |
//! |---|---|---|
//! | X3DH, with a mandatory one-time pre key | §4.1, §4.2 | [`x3dh`] |
//! | double ratchet, skipped keys | §4.3 | [`ratchet`] |
//! | payload, empty messages | §4.4 | [`payload`] |
//! | SCE envelope with `rpad`, `from` checked | §4.5, XEP-0420 | [`envelope`] |
//! | device lists, signed labels, the own device in the own list | §5.3.1 | [`Device::handle_device_list`], [`Device::own_device_list`] |
//! | bundles, rotation, the stock of pre keys | §5.3.2 | [`Device::bundle`], [`SIGNED_PRE_KEY_PERIOD`], [`PRE_KEYS`] |
//! | sessions, never rebuilt by themselves | §5.4 | [`Device::handle_bundle`], [`Device::reset_session`] |
//! | sending | §5.5 | [`Device::encrypt`] |
//! | receiving, answers, duplicates, used pre keys during catch-up | §5.6 | [`Device::decrypt`], [`Device::handle_caught_up`] |
//! | fingerprints | §8 | [`Fingerprint`] |
//! | protocol buffers | §10.1 | [`wire`] |
//! | trust only authenticated keys after the first authentication | XEP-0450 | [`Device::set_trust`] |
//!
//! Legacy OMEMO is XEP-0384 0.3 with libsignal's messages of version 3; [`Namespace`] says what differs.
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
    PRESENCE_STEP, SHARED_PRE_KEY_GRACE, SIGNED_PRE_KEY_PERIOD, Skipped, TrustOutcome, USED_PRE_KEY_GRACE,
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
