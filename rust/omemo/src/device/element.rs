// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The `<encrypted/>` elements (XEP-0384 §5.5), of both wire forms.

use std::collections::BTreeMap;

use minidom::Element;

use super::DecryptError;
use crate::DeviceId;
use crate::namespace::Namespace;
use crate::wire::{self, KeyContent};
use crate::xml;

/// The contents of the `<key/>` elements, by reader.
pub(super) type Keys = BTreeMap<(String, DeviceId), KeyContent>;

/// What is encrypted once for all readers, if anything is.
pub(super) enum Payload {
    Omemo2 {
        ciphertext: Option<Vec<u8>>,
    },
    /// The IV is there without a payload, too.
    Legacy {
        iv: Vec<u8>,
        ciphertext: Option<Vec<u8>>,
    },
}

/// What an `<encrypted/>` element says to one device.
pub(super) struct Incoming {
    pub(super) sender: DeviceId,
    pub(super) namespace: Namespace,
    pub(super) key: KeyContent,
    pub(super) payload: Payload,
}

impl Payload {
    pub(super) fn namespace(&self) -> Namespace {
        match self {
            Self::Omemo2 { .. } => Namespace::Omemo2,
            Self::Legacy { .. } => Namespace::Legacy,
        }
    }
}

/// Writes the element of the payload's wire form.
pub(super) fn write(sender: DeviceId, keys: &Keys, payload: &Payload) -> Element {
    let namespace = payload.namespace();
    let uri = namespace.uri();
    let mut header = Element::bare("header", uri);
    xml::set_attribute(&mut header, "sid", sender);
    let key_element = |id: DeviceId, content: &KeyContent| {
        let mut key = xml::base64_element("key", uri, &content.serialize(namespace, sender));
        xml::set_attribute(&mut key, "rid", id);
        let is_exchange = matches!(content, KeyContent::KeyExchange(_));
        match namespace {
            Namespace::Omemo2 if is_exchange => xml::set_attribute(&mut key, "kex", "true"),
            Namespace::Omemo2 => {}
            // Some readers do without the attribute no better than with a wrong one.
            Namespace::Legacy => xml::set_attribute(&mut key, "prekey", is_exchange.to_string()),
        }
        key
    };
    let ciphertext = match payload {
        Payload::Omemo2 { ciphertext } => {
            let mut by_owner: BTreeMap<&str, Element> = BTreeMap::new();
            for ((jid, id), content) in keys {
                let owner = by_owner.entry(jid).or_insert_with(|| {
                    let mut keys = Element::bare("keys", uri);
                    xml::set_attribute(&mut keys, "jid", jid);
                    keys
                });
                owner.append_child(key_element(*id, content));
            }
            for owner in by_owner.into_values() {
                header.append_child(owner);
            }
            ciphertext
        }
        Payload::Legacy { iv, ciphertext } => {
            for ((_, id), content) in keys {
                header.append_child(key_element(*id, content));
            }
            header.append_child(xml::base64_element("iv", uri, iv));
            ciphertext
        }
    };
    let ciphertext = ciphertext.as_deref();
    Element::builder("encrypted", uri)
        .append(header)
        .append_all(ciphertext.map(|ciphertext| xml::base64_element("payload", uri, ciphertext)))
        .build()
}

/// Reads what an element of either wire form, which came from `from`, says to device `reader` of `account`.
pub(super) fn read(
    encrypted: &Element,
    from: &str,
    account: &str,
    reader: DeviceId,
) -> Result<Incoming, DecryptError> {
    let malformed = |what: &str| DecryptError::Malformed(what.to_owned());
    let namespace = Namespace::from_uri(&encrypted.ns()).filter(|_| encrypted.name() == "encrypted");
    let namespace = namespace.ok_or_else(|| {
        DecryptError::Malformed(format!(
            "expected <encrypted/>, found <{}/>",
            xml::describe(encrypted)
        ))
    })?;
    let uri = namespace.uri();
    let header = encrypted
        .get_child("header", uri)
        .ok_or_else(|| malformed("<header/> is missing"))?;
    let sender = header
        .attr("sid")
        .and_then(xml::parse_device_id)
        .ok_or_else(|| malformed("the sender's device id is missing or out of range"))?;
    if from == account && sender == reader {
        return Err(DecryptError::OwnMessage);
    }
    let key = find_key(encrypted, account, reader);
    let key = key.ok_or(DecryptError::NotForThisDevice { device: reader })?;
    let key = xml::base64_text(key).ok_or_else(|| malformed("the key is no base64"))?;
    let key = KeyContent::parse(namespace, &key)
        .map_err(|wire::Malformed(what)| DecryptError::Malformed(format!("the key: {what}")))?;
    let ciphertext = encrypted
        .get_child("payload", uri)
        .map(|payload| xml::base64_text(payload).ok_or_else(|| malformed("the payload is no base64")));
    let ciphertext = ciphertext.transpose()?;
    let payload = match namespace {
        Namespace::Omemo2 => Payload::Omemo2 { ciphertext },
        Namespace::Legacy => Payload::Legacy {
            iv: header
                .get_child("iv", uri)
                .and_then(xml::base64_text)
                .unwrap_or_default(),
            ciphertext,
        },
    };
    Ok(Incoming {
        sender,
        namespace,
        key,
        payload,
    })
}

/// The `<key/>` for device `reader` of `account` in an element of either wire form.
pub(super) fn find_key<'a>(encrypted: &'a Element, account: &str, reader: DeviceId) -> Option<&'a Element> {
    let namespace = Namespace::from_uri(&encrypted.ns())?;
    let uri = namespace.uri();
    let mut in_header = encrypted.get_child("header", uri)?.children();
    let is_ours =
        |key: &&Element| key.is("key", uri) && key.attr("rid").and_then(xml::parse_device_id) == Some(reader);
    match namespace {
        Namespace::Omemo2 => in_header
            .filter(|keys| keys.is("keys", uri) && keys.attr("jid") == Some(account))
            .flat_map(Element::children)
            .find(is_ours),
        Namespace::Legacy => in_header.find(is_ours),
    }
}
