// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Trust messages (XEP-0434): one device tells others which keys are authentic and which are not.

use std::collections::BTreeMap;

use minidom::Element;
use thiserror::Error;

use super::TrustDecision;
use crate::identity::IdentityKey;
use crate::{NS_OMEMO_2, xml};

/// XML namespace of trust messages.
pub const NS_TRUST_MESSAGE: &str = "urn:xmpp:tm:1";
/// What they are used for here: automatic trust management (XEP-0450).
pub const NS_TRUST_MANAGEMENT: &str = "urn:xmpp:atm:1";
/// Most keys in one trust message.
pub const MAX_TRUST_KEYS: usize = 1_000;

/// The keys of some owners, and whether they are authentic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustMessage {
    /// By owner (a bare address as it was written), then key (Ed25519): whether it is authentic.
    pub keys: BTreeMap<String, BTreeMap<[u8; 32], bool>>,
}

/// Why an element is no trust message.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TrustMessageError {
    /// Another element.
    #[error("expected <trust-message xmlns='urn:xmpp:tm:1'/>, found <{found}/>")]
    WrongElement {
        /// Name and namespace that were found.
        found: String,
    },
    /// For another use, or for keys of another encryption: nothing for this device, and no fault.
    #[error("it is about {found:?}, not about {expected}")]
    OtherUse {
        /// What this device reads.
        expected: &'static str,
        /// What it is about.
        found: String,
    },
    /// A `<key-owner/>` has no address.
    #[error("a key owner has no address")]
    MissingOwner,
    /// A key is no Ed25519 public key in Base64.
    #[error("a key of {owner} is no Ed25519 key in Base64")]
    BadKey {
        /// Whose.
        owner: String,
    },
    /// More keys than anybody has.
    #[error("it has more than {limit} keys")]
    TooManyKeys {
        /// [`MAX_TRUST_KEYS`].
        limit: usize,
    },
}

impl TrustMessage {
    /// The message that says these decisions; their times are left to what encloses it.
    #[must_use]
    pub fn of<'a>(decisions: impl IntoIterator<Item = &'a TrustDecision>) -> Self {
        let mut message = Self::default();
        for decision in decisions {
            message.say(&decision.jid, decision.key, decision.trusted);
        }
        message
    }

    /// The decisions that it says, all of the same time.
    #[must_use]
    pub fn decisions(&self, at: u64) -> Vec<TrustDecision> {
        let entries = self.keys.iter().flat_map(|(jid, keys)| {
            keys.iter().map(move |(key, trusted)| TrustDecision {
                jid: jid.clone(),
                key: *key,
                trusted: *trusted,
                at,
            })
        });
        entries.collect()
    }

    /// `<trust-message/>`; it belongs into an envelope with `<rpad/>` and `<time/>` (XEP-0434 §6), which is what
    /// [`crate::Device::encrypt`] makes.
    #[must_use]
    pub fn serialize(&self) -> Element {
        let mut message = Element::bare("trust-message", NS_TRUST_MESSAGE);
        xml::set_attribute(&mut message, "usage", NS_TRUST_MANAGEMENT);
        xml::set_attribute(&mut message, "encryption", NS_OMEMO_2);
        for (jid, keys) in &self.keys {
            let mut owner = Element::bare("key-owner", NS_TRUST_MESSAGE);
            xml::set_attribute(&mut owner, "jid", jid);
            for (name, wanted) in [("trust", true), ("distrust", false)] {
                for (key, _) in keys.iter().filter(|(_, trusted)| **trusted == wanted) {
                    owner.append_child(xml::base64_element(name, NS_TRUST_MESSAGE, key));
                }
            }
            message.append_child(owner);
        }
        message
    }

    /// Reads `<trust-message/>`. A key that is both trusted and distrusted is distrusted.
    ///
    /// # Errors
    /// See [`TrustMessageError`].
    pub fn parse(element: &Element) -> Result<Self, TrustMessageError> {
        if !element.is("trust-message", NS_TRUST_MESSAGE) {
            return Err(TrustMessageError::WrongElement {
                found: xml::describe(element),
            });
        }
        for (attribute, expected) in [("usage", NS_TRUST_MANAGEMENT), ("encryption", NS_OMEMO_2)] {
            let found = element.attr(attribute).unwrap_or_default();
            if found != expected {
                return Err(TrustMessageError::OtherUse {
                    expected,
                    found: found.to_owned(),
                });
            }
        }
        let mut message = Self::default();
        let mut count = 0_usize;
        for owner in element
            .children()
            .filter(|child| child.is("key-owner", NS_TRUST_MESSAGE))
        {
            let jid = owner.attr("jid").filter(|jid| !jid.is_empty());
            let jid = jid.ok_or(TrustMessageError::MissingOwner)?;
            for child in owner.children().filter(|child| child.ns() == NS_TRUST_MESSAGE) {
                let trusted = match child.name() {
                    "trust" => true,
                    "distrust" => false,
                    _ => continue,
                };
                count = count.saturating_add(1);
                if count > MAX_TRUST_KEYS {
                    return Err(TrustMessageError::TooManyKeys {
                        limit: MAX_TRUST_KEYS,
                    });
                }
                let key = xml::base64_text(child).and_then(|key| IdentityKey::from_bytes(&key).ok());
                let key = key.ok_or_else(|| TrustMessageError::BadKey {
                    owner: jid.to_owned(),
                })?;
                message.say(jid, *key.as_bytes(), trusted);
            }
        }
        Ok(message)
    }

    fn say(&mut self, jid: &str, key: [u8; 32], trusted: bool) {
        let keys = self.keys.entry(jid.to_owned()).or_default();
        let said = keys.entry(key).or_insert(trusted);
        *said &= trusted;
    }
}

#[cfg(test)]
mod tests;
