// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The protocol buffers of `urn:xmpp:omemo:2` (XEP-0384 §10.1).
//!
//! All fields but the ciphertext are `required`, so zeros are written too. A received message is authenticated over its
//! bytes as they came, which is why [`AuthenticatedMessage::message`] stays bytes.

use prost::Message as _;

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

impl KeyContent {
    /// Parses the content of a `<key/>` element. Its first byte tells the two kinds apart, since the attribute `kex` is
    /// not to be relied upon: QXmpp 1.10 leaves it out from its second key exchange on.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(bytes: &[u8]) -> Result<Self, prost::DecodeError> {
        if bytes.first() == Some(&FIRST_BYTE_KEY_EXCHANGE) {
            KeyExchange::decode(bytes).map(Self::KeyExchange)
        } else {
            AuthenticatedMessage::decode(bytes).map(Self::Authenticated)
        }
    }

    /// The bytes for a `<key/>` element.
    #[must_use]
    pub fn serialize(&self) -> Vec<u8> {
        match self {
            Self::KeyExchange(exchange) => exchange.encode_to_vec(),
            Self::Authenticated(message) => message.encode_to_vec(),
        }
    }
}
