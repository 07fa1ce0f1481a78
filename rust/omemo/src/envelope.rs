// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Stanza content encryption (XEP-0420): what the payload of an OMEMO message says.

use minidom::{Element, Node};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::NS_CLIENT;
use crate::datetime;
use crate::xml;

/// XML namespace of the envelope.
pub const NS_SCE: &str = "urn:xmpp:sce:1";

/// Most characters of random padding (XEP-0420 §4 names 200).
const MAX_PADDING: u32 = 200;
/// What the padding is made of.
const PADDING_ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The content of an encrypted message and its affix elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// The children of `<content/>`.
    pub content: Vec<Element>,
    /// Who says to have written it; checked against the sender when it is there.
    pub from: Option<String>,
    /// To whom it was written.
    pub to: Option<String>,
    /// When it says to have been written, in milliseconds since the Unix epoch.
    pub time: Option<u64>,
}

/// Why an envelope was refused. No variant holds any content.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EnvelopeError {
    /// Not XML, or nested too deep.
    #[error("{0}")]
    Xml(String),
    /// Another element.
    #[error("expected <envelope xmlns='urn:xmpp:sce:1'/>, found <{found}/>")]
    WrongElement {
        /// Name and namespace that were found.
        found: String,
    },
    /// A mandatory child is missing (XEP-0384 §4.5 demands `content` and `rpad`).
    #[error("<{0}/> is missing")]
    Missing(&'static str),
    /// A child is not what it should be.
    #[error("<{0}/> is malformed")]
    Malformed(&'static str),
}

impl Envelope {
    /// What legacy OMEMO carries, a bare text, in the form of an envelope. Characters that XML forbids are replaced.
    pub(crate) fn of_text(text: &str) -> Self {
        let writable = |character| {
            if xml::is_char(character) {
                character
            } else {
                char::REPLACEMENT_CHARACTER
            }
        };
        let text: String = text.chars().map(writable).collect();
        Self {
            content: vec![Element::builder("body", NS_CLIENT).append(text).build()],
            from: None,
            to: None,
            time: None,
        }
    }

    /// Writes the envelope as XML text, with fresh padding.
    ///
    /// # Errors
    /// [`EnvelopeError::Xml`] when the content holds characters that XML forbids.
    pub fn serialize(self, rng: &mut impl CryptoRng) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
        let affix = |name, attribute, value: String| {
            let mut element = Element::bare(name, NS_SCE);
            xml::set_attribute(&mut element, attribute, value);
            element
        };
        let envelope = Element::builder("envelope", NS_SCE)
            .append(Element::builder("content", NS_SCE).append_all(self.content))
            .append(Element::builder("rpad", NS_SCE).append(padding(rng)))
            .append_all(
                self.time
                    .map(|time| affix("time", "stamp", datetime::format(time))),
            )
            .append_all(self.to.map(|to| affix("to", "jid", to)))
            .append_all(self.from.map(|from| affix("from", "jid", from)))
            .build();
        if !xml::is_writable(&envelope) {
            return Err(EnvelopeError::Xml(
                "the content holds a character that XML forbids".to_owned(),
            ));
        }
        let mut text = Zeroizing::new(Vec::new());
        envelope
            .write_to(&mut *text)
            .map_err(|error| EnvelopeError::Xml(error.to_string()))?;
        Ok(text)
    }

    /// Reads XML text.
    ///
    /// # Errors
    /// See [`EnvelopeError`].
    pub fn parse(text: &[u8]) -> Result<Self, EnvelopeError> {
        let mut envelope = xml::parse(text).map_err(|error| EnvelopeError::Xml(error.to_string()))?;
        if !envelope.is("envelope", NS_SCE) {
            return Err(EnvelopeError::WrongElement {
                found: xml::describe(&envelope),
            });
        }
        if !envelope.has_child("rpad", NS_SCE) {
            return Err(EnvelopeError::Missing("rpad"));
        }
        let jid = |name: &'static str| {
            let Some(child) = envelope.get_child(name, NS_SCE) else {
                return Ok(None);
            };
            child
                .attr("jid")
                .map(|jid| Some(jid.to_owned()))
                .ok_or(EnvelopeError::Malformed(name))
        };
        let (from, to) = (jid("from")?, jid("to")?);
        let time = match envelope.get_child("time", NS_SCE) {
            None => None,
            Some(child) => {
                let stamp = child.attr("stamp").and_then(datetime::parse);
                Some(stamp.ok_or(EnvelopeError::Malformed("time"))?)
            }
        };
        let mut content = envelope
            .remove_child("content", NS_SCE)
            .ok_or(EnvelopeError::Missing("content"))?;
        Ok(Self {
            content: content
                .take_nodes()
                .into_iter()
                .filter_map(Node::into_element)
                .collect(),
            from,
            to,
            time,
        })
    }
}

/// 0 to [`MAX_PADDING`] characters, so that the length tells little.
fn padding(rng: &mut impl CryptoRng) -> String {
    let length = rng.next_u32() % (MAX_PADDING + 1);
    (0..length)
        .filter_map(|_| PADDING_ALPHABET.get((rng.next_u32() % 64) as usize))
        .map(|character| char::from(*character))
        .collect()
}

#[cfg(test)]
mod tests;
