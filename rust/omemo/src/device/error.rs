// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One error for each operation. On each of them the device's state is unchanged.

use thiserror::Error;

use super::info::Skipped;
use crate::DeviceId;

/// Why a device list was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DeviceListError {
    /// Neither `<devices xmlns='urn:xmpp:omemo:2'/>` nor `<list xmlns='eu.siacs.conversations.axolotl'/>`.
    #[error("expected a device list of OMEMO, found <{found}/>")]
    WrongElement {
        /// Name and namespace that were found.
        found: String,
    },
    /// More devices than anyone has ([`crate::MAX_DEVICES`]).
    #[error("{found} devices in one list, at most {limit} are taken")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many are taken.
        limit: usize,
    },
}

/// Why a bundle made no session.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BundleError {
    /// The bundle is not what XEP-0384 §5.3.2 says.
    #[error("malformed bundle: {0}")]
    Malformed(String),
    /// The signed pre key's signature does not verify.
    #[error("the signed pre key {signed_pre_key} is not signed by the bundle's identity key")]
    BadSignature {
        /// Id of the signed pre key.
        signed_pre_key: u32,
    },
    /// A key of the bundle is of low order or no point at all.
    #[error("the bundle holds an invalid key: {0}")]
    InvalidKey(&'static str),
    /// The device had another key before.
    #[error("device {device} of {jid} had another identity key before")]
    IdentityChanged {
        /// The owner.
        jid: String,
        /// The device.
        device: DeviceId,
    },
    /// The bundle's device is this one.
    #[error("that is this device's own bundle")]
    OwnBundle,
}

/// Why nothing was encrypted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EncryptError {
    /// No device could be encrypted to.
    #[error("no trusted device with a session among {} known ones", skipped.len())]
    NoRecipients {
        /// The devices that were left out, and why.
        skipped: Vec<(String, DeviceId, Skipped)>,
    },
    /// There is no session with that device in that wire form.
    #[error("no session with device {device} of {jid}")]
    NoSession {
        /// The owner.
        jid: String,
        /// The device.
        device: DeviceId,
    },
    /// That device's sending chain is used up.
    #[error("the sending chain for device {device} of {jid} is used up")]
    ChainExhausted {
        /// The owner.
        jid: String,
        /// The device.
        device: DeviceId,
    },
    /// The content cannot be written as XML.
    #[error("the content cannot be written as XML: {0}")]
    Content(String),
}

/// Why a message was not decrypted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecryptError {
    /// Not what XEP-0384 §5.5 says.
    #[error("malformed OMEMO element: {0}")]
    Malformed(String),
    /// It has no key for this device.
    #[error("not encrypted for this device ({device})")]
    NotForThisDevice {
        /// This device.
        device: DeviceId,
    },
    /// This device encrypted it.
    #[error("sent by this device itself")]
    OwnMessage,
    /// Decrypted before. Expected wherever messages come twice; nothing to report.
    #[error("message {counter} of device {device} was decrypted before")]
    Duplicate {
        /// The sender.
        device: DeviceId,
        /// The message's number in its chain.
        counter: u32,
    },
    /// No session with the sender, and the message is no key exchange.
    #[error("no session with device {device}")]
    NoSession {
        /// The sender.
        device: DeviceId,
    },
    /// The key exchange names a pre key that is gone or never was.
    #[error("device {device} used pre key {pre_key}, which is unknown or was used before")]
    UnknownPreKey {
        /// The sender.
        device: DeviceId,
        /// The pre key's id.
        pre_key: u32,
    },
    /// The key exchange names a signed pre key that is gone or never was.
    #[error("device {device} used signed pre key {signed_pre_key}, which is unknown or too old")]
    UnknownSignedPreKey {
        /// The sender.
        device: DeviceId,
        /// The signed pre key's id.
        signed_pre_key: u32,
    },
    /// The sender had another key before.
    #[error("device {device} had another identity key before")]
    IdentityChanged {
        /// The sender.
        device: DeviceId,
    },
    /// A key in the message is of low order or no point at all.
    #[error("the message holds an invalid key: {0}")]
    InvalidKey(&'static str),
    /// More messages of that chain were missed than are derived forward.
    #[error(
        "message {counter} of device {device} is {skip} ahead of what was seen, at most {limit} are taken"
    )]
    TooFarAhead {
        /// The sender.
        device: DeviceId,
        /// The message's number in its chain.
        counter: u32,
        /// By how many it is ahead.
        skip: u32,
        /// How many are taken.
        limit: u32,
    },
    /// The message was passed by long ago and its key is no longer stored. It may have been decrypted before.
    #[error("the key of message {counter} of device {device} is no longer stored")]
    KeyGone {
        /// The sender.
        device: DeviceId,
        /// The message's number in its chain.
        counter: u32,
    },
    /// A key exchange of one device more than are kept of an account.
    #[error("device {device} is one more than the {limit} devices that are kept of an account")]
    TooManyDevices {
        /// The sender.
        device: DeviceId,
        /// How many are kept.
        limit: usize,
    },
    /// The message's authentication code is wrong: damaged, forged, or of another session.
    #[error("the authentication code of a message of device {device} is wrong")]
    BadMac {
        /// The sender.
        device: DeviceId,
    },
    /// The payload does not fit the key that came with it.
    #[error("the payload of a message of device {device} is damaged")]
    BadPayload {
        /// The sender.
        device: DeviceId,
    },
    /// The payload is no SCE envelope; in legacy OMEMO, no text.
    #[error("device {device} sent a malformed envelope: {reason}")]
    BadEnvelope {
        /// The sender.
        device: DeviceId,
        /// What is wrong, without any content.
        reason: String,
    },
    /// The envelope names another sender than the stanza.
    #[error("the envelope says that it is from {found}, the stanza is from {expected}")]
    WrongSender {
        /// Who sent the stanza.
        expected: String,
        /// Whom the envelope names.
        found: String,
    },
}
