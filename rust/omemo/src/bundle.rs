// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Bundles: the public keys from which others build sessions (XEP-0384 §5.3.2).

use std::collections::BTreeMap;

use minidom::Element;
use thiserror::Error;

use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::namespace::{Namespace, typed_key, untyped_key};
use crate::xml;

/// The public keys of a device. One that was parsed is signed by its own identity key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The wire form, which the signature depends on.
    pub namespace: Namespace,
    /// The identity key.
    pub identity_key: IdentityKey,
    /// Id of the signed pre key.
    pub signed_pre_key_id: u32,
    /// The signed pre key, X25519.
    pub signed_pre_key: [u8; 32],
    /// The identity key's signature over the signed pre key as the wire form writes it.
    pub signature: [u8; 64],
    /// The one-time pre keys, X25519, by id.
    pub pre_keys: BTreeMap<u32, [u8; 32]>,
}

/// Why a bundle was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BundleParseError {
    /// Another element.
    #[error("expected <bundle/> of an OMEMO namespace, found <{found}/>")]
    WrongElement {
        /// Name and namespace that were found.
        found: String,
    },
    /// A child is missing or not what it should be.
    #[error("<{0}/> is missing or malformed")]
    Malformed(&'static str),
    /// There is no one-time pre key, which is mandatory (XEP-0384 §5.3.2).
    #[error("there is no one-time pre key")]
    NoPreKey,
    /// The identity key is no point of the curve, or one of low order.
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
        namespace: Namespace,
        identity: &IdentityKeyPair,
        signed_pre_key_id: u32,
        signed_pre_key: [u8; 32],
        pre_keys: BTreeMap<u32, [u8; 32]>,
    ) -> Self {
        Self {
            namespace,
            identity_key: *identity.public(),
            signed_pre_key_id,
            signed_pre_key,
            signature: match namespace {
                Namespace::Omemo2 => identity.sign(&signed_pre_key),
                Namespace::Legacy => identity.sign_legacy(&typed_key(&signed_pre_key)),
            },
            pre_keys,
        }
    }

    /// `<bundle/>` for the node that [`Namespace::bundle_node`] names.
    #[must_use]
    pub fn serialize(&self) -> Element {
        let (names, uri) = (Names::of(self.namespace), self.namespace.uri());
        let key = |key: &[u8; 32]| match self.namespace {
            Namespace::Omemo2 => key.to_vec(),
            Namespace::Legacy => typed_key(key),
        };
        let with_id = |name, attribute, id: u32, bytes: &[u8; 32]| {
            let mut element = xml::base64_element(name, uri, &key(bytes));
            xml::set_attribute(&mut element, attribute, id);
            element
        };
        let identity_key = match self.namespace {
            Namespace::Omemo2 => self.identity_key.as_bytes(),
            Namespace::Legacy => self.identity_key.montgomery(),
        };
        let pre_key = |(id, key): (&u32, &[u8; 32])| with_id(names.pre_key, names.pre_key_id, *id, key);
        Element::builder("bundle", uri)
            .append(with_id(
                names.signed_pre_key,
                names.signed_pre_key_id,
                self.signed_pre_key_id,
                &self.signed_pre_key,
            ))
            .append(xml::base64_element(names.signature, uri, &self.signature))
            .append(xml::base64_element(names.identity_key, uri, &key(identity_key)))
            .append(Element::builder("prekeys", uri).append_all(self.pre_keys.iter().map(pre_key)))
            .build()
    }

    /// Parses a bundle of either wire form and verifies its signature. One-time pre keys that cannot be read are left out.
    ///
    /// # Errors
    /// See [`BundleParseError`].
    pub fn parse(element: &Element) -> Result<Self, BundleParseError> {
        let namespace = Namespace::from_uri(&element.ns()).filter(|_| element.name() == "bundle");
        let namespace = namespace.ok_or_else(|| BundleParseError::WrongElement {
            found: xml::describe(element),
        })?;
        let (names, uri) = (Names::of(namespace), namespace.uri());
        let child = |name: &'static str| {
            element
                .get_child(name, uri)
                .ok_or(BundleParseError::Malformed(name))
        };
        let key = |element: &Element| -> Option<[u8; 32]> {
            let bytes = xml::base64_text(element)?;
            match namespace {
                Namespace::Omemo2 => bytes.try_into().ok(),
                Namespace::Legacy => untyped_key(&bytes),
            }
        };
        let malformed = BundleParseError::Malformed(names.signed_pre_key);
        let element_of_signed = child(names.signed_pre_key)?;
        let (Some(signed_pre_key_id), Some(signed_pre_key)) = (
            xml::number_attribute(element_of_signed, names.signed_pre_key_id),
            key(element_of_signed),
        ) else {
            return Err(malformed);
        };
        let signature: [u8; 64] = xml::base64_text(child(names.signature)?)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(BundleParseError::Malformed(names.signature))?;
        let identity_key =
            key(child(names.identity_key)?).ok_or(BundleParseError::Malformed(names.identity_key))?;
        let invalid = |_| BundleParseError::InvalidIdentityKey;
        let identity_key = match namespace {
            Namespace::Omemo2 => {
                let identity_key = IdentityKey::from_bytes(&identity_key).map_err(invalid)?;
                identity_key
                    .verify(&signed_pre_key, &signature)
                    .then_some(identity_key)
            }
            Namespace::Legacy => {
                IdentityKey::from_montgomery(&identity_key, false).map_err(invalid)?;
                IdentityKey::verify_legacy(&identity_key, &typed_key(&signed_pre_key), &signature)
            }
        };
        let identity_key = identity_key.ok_or(BundleParseError::BadSignature { signed_pre_key_id })?;
        let pre_keys: BTreeMap<_, _> = child("prekeys")?
            .children()
            .filter(|element| element.is(names.pre_key, uri))
            .filter_map(|element| Some((xml::number_attribute(element, names.pre_key_id)?, key(element)?)))
            .collect();
        if pre_keys.is_empty() {
            return Err(BundleParseError::NoPreKey);
        }
        Ok(Self {
            namespace,
            identity_key,
            signed_pre_key_id,
            signed_pre_key,
            signature,
            pre_keys,
        })
    }
}

/// What the parts of a bundle are called.
struct Names {
    signed_pre_key: &'static str,
    signed_pre_key_id: &'static str,
    signature: &'static str,
    identity_key: &'static str,
    pre_key: &'static str,
    pre_key_id: &'static str,
}

impl Names {
    fn of(namespace: Namespace) -> Self {
        match namespace {
            Namespace::Omemo2 => Self {
                signed_pre_key: "spk",
                signed_pre_key_id: "id",
                signature: "spks",
                identity_key: "ik",
                pre_key: "pk",
                pre_key_id: "id",
            },
            Namespace::Legacy => Self {
                signed_pre_key: "signedPreKeyPublic",
                signed_pre_key_id: "signedPreKeyId",
                signature: "signedPreKeySignature",
                identity_key: "identityKey",
                pre_key: "preKeyPublic",
                pre_key_id: "preKeyId",
            },
        }
    }
}

#[cfg(test)]
mod tests;
