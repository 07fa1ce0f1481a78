// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Items of a node that are sealed under a key which serves for many of them, and travels in an OMEMO element beside. So what
//! changes often costs the ratchets of devices that are away nothing. JSON, zstd, AES-256-GCM.

use aes_gcm::Nonce;
use aes_gcm::aead::{Aead, Payload};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minidom::Element;
use minidom::rxml::xml_ncname;
use omemo::DeviceId;
use rand_core::CryptoRng;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::body::{SealKey, VERSION, describe, escape_noncharacters};
use crate::event::NotTaken;
use crate::stanza::encrypting_device;
use crate::{DropReason, seal};

/// Bytes of the nonce that precedes what is sealed.
const NONCE_BYTES: usize = 12;

/// Longest id of another device's key, in bytes, since it is kept; an honest one has 16.
const MAX_ID_BYTES: usize = 64;

/// A key, and what names it among those of its device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ItemKey {
    pub(crate) id: String,
    key: SealKey,
}

/// Why something was not sealed or not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealedError {
    #[error("{0}")]
    Malformed(String),
    #[error("version {0}, this release knows {VERSION}")]
    UnknownVersion(u64),
    #[error("the key does not fit")]
    Key,
}

impl ItemKey {
    pub(crate) fn random(rng: &mut impl CryptoRng) -> ItemKey {
        let (mut id, mut key) = ([0; 8], SealKey([0; 32]));
        rng.fill_bytes(&mut id);
        rng.fill_bytes(&mut key.0);
        ItemKey {
            id: hex::encode(id),
            key,
        }
    }

    /// Refuses an id that is too long to be kept.
    pub(crate) fn check_id(&self) -> Result<(), SealedError> {
        if self.id.len() > MAX_ID_BYTES {
            return Err(SealedError::Malformed("a key with too long an id".to_owned()));
        }
        Ok(())
    }

    /// Seals what [`pack`] gave. `place` is where it belongs, which is authenticated with it.
    pub(crate) fn seal(
        &self,
        place: &str,
        packed: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SealedError> {
        // A key seals some thousands of items at most, far from where random nonces might meet.
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let payload = Payload {
            msg: packed,
            aad: &self.associated_data(place),
        };
        let sealed = seal::cipher(&self.key).encrypt(&Nonce::from(nonce), payload);
        Ok([nonce.to_vec(), sealed.map_err(|_| SealedError::Key)?].concat())
    }

    /// Opens what was sealed for that place, and unpacks at most `limit` bytes of JSON with the version that this release knows.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        place: &str,
        sealed: &[u8],
        limit: u64,
    ) -> Result<T, SealedError> {
        let malformed = |what: &str| SealedError::Malformed(what.to_owned());
        let Some((nonce, sealed)) = sealed.split_first_chunk::<NONCE_BYTES>() else {
            return Err(malformed("something sealed that is cut off"));
        };
        let payload = Payload {
            msg: sealed,
            aad: &self.associated_data(place),
        };
        let packed = seal::cipher(&self.key).decrypt(&Nonce::from(*nonce), payload);
        let packed = Zeroizing::new(packed.map_err(|_| SealedError::Key)?);
        let json = seal::unpack(&packed, limit);
        let json = json.map_err(|_| malformed("something sealed that cannot be unpacked"))?;
        parse(&json)
    }

    fn associated_data(&self, place: &str) -> Vec<u8> {
        format!("{place} {}", self.id).into_bytes()
    }
}

/// JSON of the version that this release knows.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, SealedError> {
    #[derive(Deserialize)]
    struct Frame {
        v: u64,
    }
    let malformed = |error: serde_json::Error| SealedError::Malformed(describe(&error));
    match serde_json::from_slice(json).map_err(malformed)? {
        Frame { v: VERSION } => serde_json::from_slice(json).map_err(malformed),
        Frame { v } => Err(SealedError::UnknownVersion(v)),
    }
}

/// The compressed JSON of what is to be sealed.
pub(crate) fn pack(value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, SealedError> {
    let unwritten = || SealedError::Malformed("something that is not written".to_owned());
    let json = serde_json::to_string(value).map_err(|_| unwritten())?;
    let json = Zeroizing::new(escape_noncharacters(json));
    let packed = zstd::bulk::compress(json.as_bytes(), seal::ZSTD_LEVEL);
    packed.map(Zeroizing::new).map_err(|_| unwritten())
}

/// A sealed item, read from an element.
pub(crate) struct SealedItem {
    /// The id of its key.
    pub(crate) key: String,
    pub(crate) sealed: Vec<u8>,
}

impl SealedItem {
    /// The element `name` of `namespace`, with the OMEMO element that gives the key, where it is not elsewhere.
    pub(crate) fn to_element(
        &self,
        name: &str,
        namespace: &'static str,
        encrypted: Option<Element>,
    ) -> Element {
        let sealed = Element::builder("sealed", namespace).append(STANDARD.encode(&self.sealed));
        Element::builder(name, namespace)
            .attr(xml_ncname!("key").to_owned(), self.key.as_str())
            .append_all(encrypted)
            .append(sealed.build())
            .build()
    }

    pub(crate) fn parse(
        payload: &Element,
        name: &str,
        namespace: &'static str,
    ) -> Result<SealedItem, NotTaken> {
        let malformed = |what: &str| (DropReason::Malformed, what.to_owned());
        if !payload.is(name, namespace) {
            return Err(malformed("an item of another kind"));
        }
        let key = payload.attr("key").map(str::to_owned);
        let sealed = payload.get_child("sealed", namespace);
        let sealed = sealed.and_then(|sealed| STANDARD.decode(sealed.text()).ok());
        Ok(SealedItem {
            key: key.ok_or_else(|| malformed("an item without the name of its key"))?,
            sealed: sealed.ok_or_else(|| malformed("an item without what is sealed"))?,
        })
    }
}

/// The OMEMO element of a sealed item, which must be of that device: looked at first, or a key would be used up under another
/// device's name.
pub(crate) fn key_element(payload: &Element, device: DeviceId) -> Result<&Element, NotTaken> {
    let Some(encrypted) = payload.get_child("encrypted", omemo::NS_OMEMO_2) else {
        return Err((
            DropReason::Unencrypted,
            "an item that is not encrypted".to_owned(),
        ));
    };
    if encrypting_device(encrypted) != Some(device) {
        let detail = format!("another device does not speak for device {device}");
        return Err((DropReason::WrongSender, detail));
    }
    Ok(encrypted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Word {
        v: u64,
        text: String,
    }

    fn word(v: u64) -> Word {
        let text = "hello".to_owned();
        Word { v, text }
    }

    fn open(key: &ItemKey, place: &str, sealed: &[u8]) -> Result<Word, SealedError> {
        key.open(place, sealed, 1_000)
    }

    #[test]
    fn what_was_sealed_is_opened_by_its_key_in_its_place() {
        let rng = &mut rand::rng();
        let (key, other) = (ItemKey::random(rng), ItemKey::random(rng));
        let packed = pack(&word(1)).unwrap();
        let sealed = key.seal("a", &packed, rng).unwrap();
        assert_eq!(open(&key, "a", &sealed).unwrap(), word(1));
        assert!(matches!(open(&key, "b", &sealed), Err(SealedError::Key)));
        assert!(matches!(open(&other, "a", &sealed), Err(SealedError::Key)));
        let renamed = ItemKey {
            id: other.id,
            ..key.clone()
        };
        assert!(matches!(open(&renamed, "a", &sealed), Err(SealedError::Key)));
        for cut in 0..sealed.len() {
            assert!(open(&key, "a", &sealed[..cut]).is_err());
        }
        assert_ne!(
            key.seal("a", &packed, rng).unwrap(),
            sealed,
            "a nonce serves once"
        );
    }

    #[test]
    fn another_version_and_too_much_are_not_read() {
        let rng = &mut rand::rng();
        let key = ItemKey::random(rng);
        let sealed = key.seal("a", &pack(&word(2)).unwrap(), rng).unwrap();
        assert!(matches!(
            open(&key, "a", &sealed),
            Err(SealedError::UnknownVersion(2))
        ));
        let text = "x".repeat(2_000);
        let long = pack(&Word { v: 1, text }).unwrap();
        let sealed = key.seal("a", &long, rng).unwrap();
        assert!(matches!(open(&key, "a", &sealed), Err(SealedError::Malformed(_))));
    }

    #[test]
    fn elements_are_read_back() {
        let item = SealedItem {
            key: "00ff".to_owned(),
            sealed: b"sealed".to_vec(),
        };
        let element = item.to_element(
            "tabs",
            "urn:x",
            Some(Element::bare("encrypted", omemo::NS_OMEMO_2)),
        );
        insta::assert_snapshot!(String::from(&element), @"<tabs xmlns='urn:x' key='00ff'><encrypted xmlns='urn:xmpp:omemo:2'/><sealed>c2VhbGVk</sealed></tabs>");
        let read = SealedItem::parse(&element, "tabs", "urn:x").unwrap();
        assert_eq!((read.key, read.sealed), (item.key, item.sealed));
        assert!(SealedItem::parse(&element, "other", "urn:x").is_err());
        assert!(SealedItem::parse(&Element::bare("tabs", "urn:x"), "tabs", "urn:x").is_err());
        assert!(matches!(
            key_element(&element, 7),
            Err((DropReason::WrongSender, _))
        ));
        let bare = Element::bare("tabs", "urn:x");
        assert!(matches!(key_element(&bare, 7), Err((DropReason::Unencrypted, _))));
    }
}
