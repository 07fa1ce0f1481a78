// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! `xmpp:` URIs that carry keys, as links and QR codes: trust message URIs (XEP-0434 §5) with Ed25519 keys, and the older
//! form with device numbers and fingerprints that many programs show.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use thiserror::Error;

use super::message::MAX_TRUST_KEYS;
use crate::identity::{Fingerprint, IdentityKey};
use crate::{DeviceId, NS_OMEMO_2, xml};

/// What an `xmpp:` URI says of an account's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustUri {
    /// The owner's address as it was written, percent-decoded. It is not normalised.
    pub jid: String,
    /// Ed25519 keys, and whether they are authentic.
    pub keys: BTreeMap<[u8; 32], bool>,
    /// The older form: authentic fingerprints by device.
    pub fingerprints: BTreeMap<DeviceId, Fingerprint>,
}

/// Why a text is no such URI.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TrustUriError {
    /// Another scheme.
    #[error("it does not begin with \"xmpp:\"")]
    NotXmpp,
    /// No address.
    #[error("it names no address")]
    MissingAddress,
    /// A percent sign without two hex digits of UTF-8 behind it.
    #[error("a percent sign is not followed by what it stands for")]
    BadEscape,
    /// Keys of another encryption.
    #[error("its keys are for {found:?}, not for urn:xmpp:omemo:2")]
    OtherEncryption {
        /// The encryption that it names, empty where it names none.
        found: String,
    },
    /// Not 64 hex digits of a key.
    #[error("{found:?} is no key: a key has 64 hex digits")]
    BadKey {
        /// What was found.
        found: String,
    },
    /// Not a device number.
    #[error("{found:?} is no device number")]
    BadDevice {
        /// What was found.
        found: String,
    },
    /// Only an address.
    #[error("it carries no keys")]
    NoKeys,
    /// More keys than anybody has.
    #[error("it has more than {limit} keys")]
    TooManyKeys {
        /// [`MAX_TRUST_KEYS`].
        limit: usize,
    },
}

impl TrustUri {
    /// Reads either form, or both in one. A key that is both trusted and distrusted is distrusted.
    ///
    /// # Errors
    /// See [`TrustUriError`].
    pub fn parse(text: &str) -> Result<Self, TrustUriError> {
        let text = text.trim();
        let scheme = text
            .get(..5)
            .filter(|scheme| scheme.eq_ignore_ascii_case("xmpp:"));
        let rest = scheme.and_then(|_| text.get(5..)).ok_or(TrustUriError::NotXmpp)?;
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        // RFC 5122 §2.2: `//account/` may come first, it names who is to act, not whom it is about.
        let path = match path.strip_prefix("//") {
            Some(authority) => authority.split_once('/').map_or("", |(_, path)| path),
            None => path,
        };
        let jid = decode(path)?;
        if jid.is_empty() {
            return Err(TrustUriError::MissingAddress);
        }
        let mut uri = Self {
            jid,
            ..Self::default()
        };
        let mut encryption = None;
        for part in query.split([';', '&']).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            match name.as_str() {
                "encryption" => encryption = Some(value),
                "trust" | "distrust" => {
                    let key = IdentityKey::from_bytes(&hex32(&value)?);
                    let key = key.map_err(|_| TrustUriError::BadKey { found: value })?;
                    let said = uri.keys.entry(*key.as_bytes()).or_insert(true);
                    *said &= name == "trust";
                }
                name => {
                    if let Some(device) = name.strip_prefix("omemo-sid-") {
                        let id = xml::parse_device_id(device);
                        let id = id.ok_or_else(|| TrustUriError::BadDevice {
                            found: device.to_owned(),
                        })?;
                        uri.fingerprints
                            .insert(id, Fingerprint::from_bytes(hex32(&value)?));
                    }
                }
            }
            if uri.keys.len().saturating_add(uri.fingerprints.len()) > MAX_TRUST_KEYS {
                return Err(TrustUriError::TooManyKeys {
                    limit: MAX_TRUST_KEYS,
                });
            }
        }
        if !uri.keys.is_empty() && encryption.as_deref() != Some(NS_OMEMO_2) {
            return Err(TrustUriError::OtherEncryption {
                found: encryption.unwrap_or_default(),
            });
        }
        if uri.keys.is_empty() && uri.fingerprints.is_empty() {
            return Err(TrustUriError::NoKeys);
        }
        Ok(uri)
    }

    /// The trust message URI of [`TrustUri::keys`].
    #[must_use]
    pub fn trust_message(&self) -> String {
        let mut uri = format!(
            "xmpp:{}?trust-message;encryption={NS_OMEMO_2}",
            encode_address(&self.jid)
        );
        for (name, wanted) in [("trust", true), ("distrust", false)] {
            for (key, _) in self.keys.iter().filter(|(_, trusted)| **trusted == wanted) {
                let _infallible = write!(uri, ";{name}={}", hex::encode(key));
            }
        }
        uri
    }

    /// The older URI of [`TrustUri::fingerprints`].
    #[must_use]
    pub fn omemo_sid(&self) -> String {
        let fingerprints = self.fingerprints.iter();
        let parts: Vec<String> = fingerprints
            .map(|(id, fingerprint)| format!("omemo-sid-{id}={}", hex::encode(fingerprint.as_bytes())))
            .collect();
        format!("xmpp:{}?{}", encode_address(&self.jid), parts.join(";"))
    }
}

/// 64 hex digits; older programs show spaces between them, and a leading `05` (the type byte of a Curve25519 key).
fn hex32(text: &str) -> Result<[u8; 32], TrustUriError> {
    let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let digits = match digits.strip_prefix("05") {
        Some(rest) if rest.len() == 64 => rest,
        _ => &digits,
    };
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| TrustUriError::BadKey {
        found: text.chars().take(80).collect(),
    })?;
    Ok(bytes)
}

/// Undoes percent-encoding (RFC 3986 §2.1).
fn decode(text: &str) -> Result<String, TrustUriError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = if byte == b'%' {
            let pair = [rest.next().unwrap_or(0), rest.next().unwrap_or(0)];
            let mut decoded = [0];
            hex::decode_to_slice(pair, &mut decoded).map_err(|_| TrustUriError::BadEscape)?;
            decoded[0]
        } else {
            byte
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).map_err(|_| TrustUriError::BadEscape)
}

/// Percent-encodes what an `xmpp:` URI's path may not hold (RFC 5122 §2.2).
fn encode_address(jid: &str) -> String {
    let mut text = String::with_capacity(jid.len());
    for byte in jid.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@!$()*+,".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _infallible = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests;
