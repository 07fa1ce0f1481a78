// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The protocol buffers of `eu.siacs.conversations.axolotl`, which are libsignal's of version 3: a byte of versions in front
//! of each, a type in front of each key, the authentication code behind the message.

use prost::Message as _;

use super::{AuthenticatedMessage, KeyContent, KeyExchange, Malformed, Message};
use crate::DeviceId;
use crate::namespace::{Namespace, typed_key, untyped_key};

/// The message's version and the newest that its sender speaks, both 3.
const VERSION: u8 = 0x33;
/// First byte of a serialized [`WhisperMessage`]: field 1 as bytes. A key exchange has a number or its field 2 there.
const FIRST_BYTE_MESSAGE: u8 = 0x0a;

#[derive(Clone, PartialEq, Eq, prost::Message)]
struct WhisperMessage {
    #[prost(bytes = "vec", required, tag = "1")]
    ratchet_key: Vec<u8>,
    #[prost(uint32, required, tag = "2")]
    counter: u32,
    #[prost(uint32, required, tag = "3")]
    previous_counter: u32,
    #[prost(bytes = "vec", required, tag = "4")]
    ciphertext: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
struct PreKeyWhisperMessage {
    #[prost(uint32, optional, tag = "1")]
    pre_key_id: Option<u32>,
    #[prost(bytes = "vec", required, tag = "2")]
    base_key: Vec<u8>,
    #[prost(bytes = "vec", required, tag = "3")]
    identity_key: Vec<u8>,
    #[prost(bytes = "vec", required, tag = "4")]
    message: Vec<u8>,
    #[prost(uint32, optional, tag = "5")]
    registration_id: Option<u32>,
    #[prost(uint32, optional, tag = "6")]
    signed_pre_key_id: Option<u32>,
}

/// Version and ratchet message: what is authenticated.
pub(super) fn encode_message(message: Message) -> Vec<u8> {
    let ratchet_key: Option<[u8; 32]> = message.dh_pub.as_slice().try_into().ok();
    let whisper = WhisperMessage {
        ratchet_key: ratchet_key.as_ref().map(typed_key).unwrap_or_default(),
        counter: message.n,
        previous_counter: message.pn,
        ciphertext: message.ciphertext.unwrap_or_default(),
    };
    let mut bytes = vec![VERSION];
    bytes.extend(whisper.encode_to_vec());
    bytes
}

/// The reverse of [`encode_message`].
pub(super) fn decode_message(bytes: &[u8]) -> Result<Message, Malformed> {
    let whisper = WhisperMessage::decode(versioned(bytes)?).map_err(|_| Malformed("no ratchet message"))?;
    Ok(Message {
        n: whisper.counter,
        // Some count the previous chain's messages, libsignal numbers its last one; a key too many does no harm.
        pn: whisper.previous_counter.saturating_add(1),
        dh_pub: key(&whisper.ratchet_key)?.to_vec(),
        ciphertext: Some(whisper.ciphertext),
    })
}

/// Parses the content of a `<key/>` element. The attribute `prekey` is not needed for it.
pub(super) fn parse(bytes: &[u8]) -> Result<KeyContent, Malformed> {
    let body = versioned(bytes)?;
    if body.first() == Some(&FIRST_BYTE_MESSAGE) {
        return authenticated(bytes).map(KeyContent::Authenticated);
    }
    let exchange =
        PreKeyWhisperMessage::decode(body).map_err(|_| Malformed("neither message nor key exchange"))?;
    Ok(KeyContent::KeyExchange(KeyExchange {
        pk_id: exchange
            .pre_key_id
            .ok_or(Malformed("the key exchange names no one-time pre key"))?,
        spk_id: exchange
            .signed_pre_key_id
            .ok_or(Malformed("the key exchange names no signed pre key"))?,
        ik: key(&exchange.identity_key)?.to_vec(),
        ek: key(&exchange.base_key)?.to_vec(),
        message: authenticated(&exchange.message)?,
    }))
}

/// The bytes for a `<key/>` element. The sender's device id goes where libsignal has its registration id.
pub(super) fn serialize(content: &KeyContent, sender: DeviceId) -> Vec<u8> {
    let joined = |message: &AuthenticatedMessage| [message.message.as_slice(), &message.mac].concat();
    let exchange = match content {
        KeyContent::Authenticated(message) => return joined(message),
        KeyContent::KeyExchange(exchange) => exchange,
    };
    let typed = |key: &[u8]| [[crate::namespace::KEY_TYPE].as_slice(), key].concat();
    let pre_key = PreKeyWhisperMessage {
        pre_key_id: Some(exchange.pk_id),
        base_key: typed(&exchange.ek),
        identity_key: typed(&exchange.ik),
        message: joined(&exchange.message),
        registration_id: Some(sender),
        signed_pre_key_id: Some(exchange.spk_id),
    };
    let mut bytes = vec![VERSION];
    bytes.extend(pre_key.encode_to_vec());
    bytes
}

/// Takes the byte of versions from the front.
fn versioned(bytes: &[u8]) -> Result<&[u8], Malformed> {
    match bytes.split_first() {
        // The lower half is the newest version that the sender knows.
        Some((version, body)) if version >> 4 == VERSION >> 4 => Ok(body),
        _ => Err(Malformed("not of version 3")),
    }
}

fn authenticated(bytes: &[u8]) -> Result<AuthenticatedMessage, Malformed> {
    let length = bytes
        .len()
        .checked_sub(Namespace::Legacy.mac_length())
        .ok_or(Malformed("shorter than its authentication code"))?;
    let (message, mac) = bytes.split_at(length);
    Ok(AuthenticatedMessage {
        mac: mac.to_vec(),
        message: message.to_vec(),
    })
}

fn key(bytes: &[u8]) -> Result<[u8; 32], Malformed> {
    untyped_key(bytes).ok_or(Malformed("a key is not 33 bytes of type 5"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(exchange: bool) -> KeyContent {
        let message = AuthenticatedMessage {
            mac: vec![9; 8],
            message: encode_message(Message {
                n: 0,
                pn: 2,
                dh_pub: vec![1; 32],
                ciphertext: Some(vec![2; 16]),
            }),
        };
        if !exchange {
            return KeyContent::Authenticated(message);
        }
        KeyContent::KeyExchange(KeyExchange {
            pk_id: 7,
            spk_id: 1,
            ik: vec![3; 32],
            ek: vec![4; 32],
            message,
        })
    }

    #[test]
    fn both_kinds_are_told_by_their_bytes() {
        for exchange in [false, true] {
            let bytes = serialize(&content(exchange), 5);
            assert_eq!(bytes[..2], if exchange { [0x33, 0x08] } else { [0x33, 0x0a] });
            assert_eq!(parse(&bytes).unwrap(), content(exchange));
        }
    }

    #[test]
    fn counters_of_zero_are_written() {
        let KeyContent::Authenticated(message) = content(false) else {
            unreachable!()
        };
        assert_eq!(hex::encode(&message.message[36..40]), "10001802");
        assert_eq!(decode_message(&message.message).unwrap().pn, 3);
    }

    #[test]
    fn what_is_neither_is_refused() {
        let message = serialize(&content(false), 5);
        let exchange = serialize(&content(true), 5);
        for length in 0..8 {
            assert!(parse(&message[..length]).is_err(), "{length} bytes");
        }
        for length in 0..exchange.len() {
            assert!(parse(&exchange[..length]).is_err(), "{length} bytes");
        }
        let mut other = exchange.clone();
        other[0] = 0x23;
        assert_eq!(parse(&other), Err(Malformed("not of version 3")));
        let mut without_type = exchange;
        let at = without_type.iter().position(|byte| *byte == 0x05).unwrap();
        without_type[at] = 0x06;
        assert!(parse(&without_type).is_err());
    }
}
