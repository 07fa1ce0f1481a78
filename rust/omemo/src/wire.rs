// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The protocol buffers of `urn:xmpp:omemo:2` (XEP-0384 §10.1). Those of legacy OMEMO are read into the same types.
//!
//! All fields but the ciphertext are `required`, so zeros are written too. A received message is authenticated over its
//! bytes as they came, which is why [`AuthenticatedMessage::message`] stays bytes.

use prost::Message as _;

use crate::DeviceId;
use crate::namespace::Namespace;

mod legacy;

/// `OMEMOMessage`: one step of the ratchet.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Message {
    /// The message's number in its chain.
    #[prost(uint32, required, tag = "1")]
    pub n: u32,
    /// The length of the sender's previous chain.
    #[prost(uint32, required, tag = "2")]
    pub pn: u32,
    /// The sender's ratchet key, X25519.
    #[prost(bytes = "vec", required, tag = "3")]
    pub dh_pub: Vec<u8>,
    /// The ciphertext.
    #[prost(bytes = "vec", optional, tag = "4")]
    pub ciphertext: Option<Vec<u8>>,
}

/// `OMEMOAuthenticatedMessage`: a [`Message`] with its authentication code.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct AuthenticatedMessage {
    /// The truncated code over the associated data and `message`.
    #[prost(bytes = "vec", required, tag = "1")]
    pub mac: Vec<u8>,
    /// A serialized [`Message`].
    #[prost(bytes = "vec", required, tag = "2")]
    pub message: Vec<u8>,
}

/// `OMEMOKeyExchange`: what the responder of X3DH needs, with the first message.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct KeyExchange {
    /// Id of the responder's one-time pre key.
    #[prost(uint32, required, tag = "1")]
    pub pk_id: u32,
    /// Id of the responder's signed pre key.
    #[prost(uint32, required, tag = "2")]
    pub spk_id: u32,
    /// The initiator's identity key, Ed25519.
    #[prost(bytes = "vec", required, tag = "3")]
    pub ik: Vec<u8>,
    /// The initiator's ephemeral key, X25519.
    #[prost(bytes = "vec", required, tag = "4")]
    pub ek: Vec<u8>,
    /// The message.
    #[prost(message, required, tag = "5")]
    pub message: AuthenticatedMessage,
}

/// What a `<key/>` element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyContent {
    /// The first message of a session, or one more before it was answered.
    KeyExchange(KeyExchange),
    /// A message of a session that both sides know.
    Authenticated(AuthenticatedMessage),
}

/// First byte of a serialized [`KeyExchange`]: field 1 as a number.
const FIRST_BYTE_KEY_EXCHANGE: u8 = 0x08;

/// Bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub &'static str);

impl KeyContent {
    /// Parses the content of a `<key/>` element. Its bytes tell the two kinds apart, since the attribute `kex` (in legacy
    /// OMEMO `prekey`) is not to be relied upon: QXmpp 1.10 leaves it out from its second key exchange on.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(namespace: Namespace, bytes: &[u8]) -> Result<Self, Malformed> {
        let malformed = |_| Malformed("neither message nor key exchange");
        match namespace {
            Namespace::Legacy => legacy::parse(bytes),
            Namespace::Omemo2 if bytes.first() == Some(&FIRST_BYTE_KEY_EXCHANGE) => {
                KeyExchange::decode(bytes)
                    .map(Self::KeyExchange)
                    .map_err(malformed)
            }
            Namespace::Omemo2 => AuthenticatedMessage::decode(bytes)
                .map(Self::Authenticated)
                .map_err(malformed),
        }
    }

    /// The bytes for a `<key/>` element of the device `sender`, whose id legacy OMEMO repeats in key exchanges.
    #[must_use]
    pub fn serialize(&self, namespace: Namespace, sender: DeviceId) -> Vec<u8> {
        match (namespace, self) {
            (Namespace::Legacy, content) => legacy::serialize(content, sender),
            (Namespace::Omemo2, Self::KeyExchange(exchange)) => exchange.encode_to_vec(),
            (Namespace::Omemo2, Self::Authenticated(message)) => message.encode_to_vec(),
        }
    }
}

/// A message of the ratchet as the bytes that are authenticated.
pub(crate) fn encode_message(namespace: Namespace, message: Message) -> Vec<u8> {
    match namespace {
        Namespace::Legacy => legacy::encode_message(message),
        Namespace::Omemo2 => message.encode_to_vec(),
    }
}

/// The reverse of [`encode_message`].
pub(crate) fn decode_message(namespace: Namespace, bytes: &[u8]) -> Result<Message, Malformed> {
    match namespace {
        Namespace::Legacy => legacy::decode_message(bytes),
        Namespace::Omemo2 => Message::decode(bytes).map_err(|_| Malformed("no OMEMOMessage")),
    }
}
