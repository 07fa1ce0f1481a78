// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Reading and writing the XML that OMEMO needs.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use minidom::rxml::{Namespace, NcName};
use minidom::tree_builder::TreeBuilder;
use minidom::{Element, IntoAttributeValue};

use crate::DeviceId;

/// Deepest nesting of elements that is read. Dropping a tree recurses, so that an endless nesting would end the process.
const MAX_DEPTH: usize = 64;
/// Largest device id: 2³¹ − 1 (XEP-0384 §5.3.1).
const MAX_DEVICE_ID: DeviceId = 0x7fff_ffff;

/// Some peers leave the padding out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Whether XML 1.0 can carry a character (§2.2). minidom panics when it is made to write another.
pub(crate) fn is_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Whether all text and attributes of a tree can be written.
pub(crate) fn is_writable(element: &Element) -> bool {
    let fine = |text: &str| text.chars().all(is_char);
    element.attrs().values().all(|value| fine(value))
        && element.texts().all(fine)
        && fine(&element.ns())
        && element.children().all(is_writable)
}

/// Sets an attribute without a namespace. `name` is a literal that XML allows.
pub(crate) fn set_attribute(element: &mut Element, name: &'static str, value: impl IntoAttributeValue) {
    match NcName::try_from(name) {
        Ok(name) => element.set_attr(Namespace::NONE, name, value),
        Err(error) => unreachable!("{name:?} is no attribute name: {error}"),
    }
}

/// An element of a namespace with base64 text.
pub(crate) fn base64_element(name: &str, namespace: &str, bytes: &[u8]) -> Element {
    Element::builder(name, namespace)
        .append(STANDARD.encode(bytes))
        .build()
}

/// Bytes as base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads base64 with white space anywhere in it; `None` when it is none.
pub(crate) fn parse_base64(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return LENIENT.decode(text).ok();
    }
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    LENIENT.decode(text).ok()
}

/// The base64 text of an element.
pub(crate) fn base64_text(element: &Element) -> Option<Vec<u8>> {
    parse_base64(&element.text())
}

/// Reads a device id; `None` when it is out of range (some old clients published negative ones).
pub(crate) fn parse_device_id(text: &str) -> Option<DeviceId> {
    text.trim()
        .parse()
        .ok()
        .filter(|id| (1..=MAX_DEVICE_ID).contains(id))
}

/// A number attribute.
pub(crate) fn number_attribute(element: &Element, name: &str) -> Option<u32> {
    element.attr(name)?.trim().parse().ok()
}

/// Name and namespace, for messages.
pub(crate) fn describe(element: &Element) -> String {
    format!("{} xmlns='{}'", element.name(), element.ns())
}

/// Why text is no XML that this crate reads. It names no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParseError {
    #[error("no well-formed XML")]
    Malformed,
    #[error("elements nested deeper than {MAX_DEPTH}")]
    TooDeep,
}

/// Reads one element from text.
pub(crate) fn parse(text: &[u8]) -> Result<Element, ParseError> {
    let mut reader = minidom::rxml::RawReader::new(io::BufReader::new(text));
    let mut builder = TreeBuilder::new();
    loop {
        let event = reader
            .read()
            .map_err(|_| ParseError::Malformed)?
            .ok_or(ParseError::Malformed)?;
        builder.process_event(event).map_err(|_| ParseError::Malformed)?;
        if builder.depth() > MAX_DEPTH {
            return Err(ParseError::TooDeep);
        }
        if let Some(root) = builder.root.take() {
            return Ok(root);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_may_hold_white_space_and_lack_padding() {
        assert_eq!(parse_base64(" aGVs\n bG8h\tIQ == ").unwrap(), b"hello!!");
        assert_eq!(parse_base64("aGVsbG8hIQ").unwrap(), b"hello!!");
        assert_eq!(parse_base64("aGV*"), None);
    }

    #[test]
    fn device_ids_are_in_range() {
        assert_eq!(parse_device_id("2147483647"), Some(0x7fff_ffff));
        for text in ["0", "-5", "2147483648", "", "x"] {
            assert_eq!(parse_device_id(text), None, "{text}");
        }
    }

    #[test]
    fn endless_nesting_is_refused() {
        let text = format!("<a xmlns='x'>{}", "<a>".repeat(1_000_000));
        assert_eq!(parse(text.as_bytes()), Err(ParseError::TooDeep));
        let fine = format!("<a xmlns='x'>{}{}</a>", "<a>".repeat(60), "</a>".repeat(60));
        assert!(parse(fine.as_bytes()).is_ok());
    }
}
