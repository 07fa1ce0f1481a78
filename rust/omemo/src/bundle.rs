// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Bundles: the public keys from which others build sessions (XEP-0384 §5.3.2).

use std::collections::BTreeMap;

use minidom::Element;
use thiserror::Error;

use crate::NS_OMEMO_2;
use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::xml;

/// The public keys of a device. One that was parsed is signed by its own identity key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The identity key.
    pub identity_key: IdentityKey,
    /// Id of the signed pre key.
    pub signed_pre_key_id: u32,
    /// The signed pre key, X25519.
    pub signed_pre_key: [u8; 32],
    /// The identity key's signature over the signed pre key.
    pub signature: [u8; 64],
    /// The one-time pre keys, X25519, by id.
    pub pre_keys: BTreeMap<u32, [u8; 32]>,
}

/// Why a bundle was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BundleParseError {
    /// Another element.
    #[error("expected <bundle xmlns='urn:xmpp:omemo:2'/>, found <{found}/>")]
    WrongElement {
        /// Name and namespace that were found.
        found: String,
    },
    /// A child is missing or not what it should be.
    #[error("<{0}/> is missing or malformed")]
    Malformed(&'static str),
    /// There is no one-time pre key, and omemo:2 makes it mandatory.
    #[error("there is no one-time pre key")]
    NoPreKey,
    /// The identity key is no Ed25519 key.
    #[error("the identity key is not valid")]
    InvalidIdentityKey,
    /// The signature does not hold.
    #[error("the signed pre key {signed_pre_key_id} is not signed by the identity key")]
    BadSignature {
        /// Id of the signed pre key.
        signed_pre_key_id: u32,
    },
}

impl Bundle {
    /// Signs a bundle of own keys.
    #[must_use]
    pub fn sign(
        identity: &IdentityKeyPair,
        signed_pre_key_id: u32,
        signed_pre_key: [u8; 32],
        pre_keys: BTreeMap<u32, [u8; 32]>,
    ) -> Self {
        Self {
            identity_key: *identity.public(),
            signed_pre_key_id,
            signed_pre_key,
            signature: identity.sign(&signed_pre_key),
            pre_keys,
        }
    }

    /// `<bundle/>` for the node [`crate::NODE_BUNDLES`].
    #[must_use]
    pub fn serialize(&self) -> Element {
        let with_id = |name, id: u32, bytes: &[u8]| {
            let mut element = xml::base64_element(name, NS_OMEMO_2, bytes);
            xml::set_attribute(&mut element, "id", id);
            element
        };
        Element::builder("bundle", NS_OMEMO_2)
            .append(with_id("spk", self.signed_pre_key_id, &self.signed_pre_key))
            .append(xml::base64_element("spks", NS_OMEMO_2, &self.signature))
            .append(xml::base64_element(
                "ik",
                NS_OMEMO_2,
                self.identity_key.as_bytes(),
            ))
            .append(
                Element::builder("prekeys", NS_OMEMO_2)
                    .append_all(self.pre_keys.iter().map(|(id, key)| with_id("pk", *id, key))),
            )
            .build()
    }

    /// Parses a bundle and verifies its signature. One-time pre keys that cannot be read are left out.
    ///
    /// # Errors
    /// See [`BundleParseError`].
    pub fn parse(element: &Element) -> Result<Self, BundleParseError> {
        if !element.is("bundle", NS_OMEMO_2) {
            return Err(BundleParseError::WrongElement {
                found: xml::describe(element),
            });
        }
        let child = |name: &'static str| {
            element
                .get_child(name, NS_OMEMO_2)
                .ok_or(BundleParseError::Malformed(name))
        };
        let spk = child("spk")?;
        let signed_pre_key_id = xml::number_attribute(spk, "id").ok_or(BundleParseError::Malformed("spk"))?;
        let signed_pre_key = key(spk).ok_or(BundleParseError::Malformed("spk"))?;
        let signature: [u8; 64] = xml::base64_text(child("spks")?)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(BundleParseError::Malformed("spks"))?;
        let identity_key = key(child("ik")?).ok_or(BundleParseError::Malformed("ik"))?;
        let identity_key =
            IdentityKey::from_bytes(&identity_key).map_err(|_| BundleParseError::InvalidIdentityKey)?;
        if !identity_key.verify(&signed_pre_key, &signature) {
            return Err(BundleParseError::BadSignature { signed_pre_key_id });
        }
        let pre_keys: BTreeMap<_, _> = child("prekeys")?
            .children()
            .filter(|pk| pk.is("pk", NS_OMEMO_2))
            .filter_map(|pk| Some((xml::number_attribute(pk, "id")?, key(pk)?)))
            .collect();
        if pre_keys.is_empty() {
            return Err(BundleParseError::NoPreKey);
        }
        Ok(Self {
            identity_key,
            signed_pre_key_id,
            signed_pre_key,
            signature,
            pre_keys,
        })
    }
}

fn key(element: &Element) -> Option<[u8; 32]> {
    xml::base64_text(element)?.try_into().ok()
}

#[cfg(test)]
mod tests;
