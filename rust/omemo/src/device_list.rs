// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Device lists (XEP-0384 §5.3.1).

use std::collections::BTreeMap;

use minidom::Element;

use crate::identity::IdentityKeyPair;
use crate::xml;
use crate::{DeviceId, DeviceListError, MAX_DEVICES, NS_OMEMO_2};

/// The name that a device gave itself, with its signature as received (XEP-0384 0.9).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) text: Option<String>,
    /// base64, not verified: the key may be unknown when the list comes.
    pub(crate) signature: Option<String>,
}

impl Label {
    /// A label of one's own, without what XML cannot carry: signed over its UTF-8 bytes.
    pub(crate) fn sign(text: &str, identity: &IdentityKeyPair) -> Self {
        let text: String = text
            .chars()
            .filter(|character| xml::is_char(*character))
            .collect();
        Self {
            signature: Some(xml::base64(&identity.sign(text.as_bytes()))),
            text: Some(text),
        }
    }
}

/// Parses a device list. Ids that are out of range are left out; an empty list is allowed.
pub(crate) fn parse(list: &Element) -> Result<BTreeMap<DeviceId, Label>, DeviceListError> {
    if !list.is("devices", NS_OMEMO_2) {
        return Err(DeviceListError::WrongElement {
            found: xml::describe(list),
        });
    }
    let devices: BTreeMap<_, _> = list
        .children()
        .filter(|device| device.is("device", NS_OMEMO_2))
        .filter_map(|device| {
            let id = xml::parse_device_id(device.attr("id")?)?;
            let owned = |name| device.attr(name).map(str::to_owned);
            Some((
                id,
                Label {
                    text: owned("label"),
                    signature: owned("labelsig"),
                },
            ))
        })
        .collect();
    if devices.len() > MAX_DEVICES {
        return Err(DeviceListError::TooMany {
            found: devices.len(),
            limit: MAX_DEVICES,
        });
    }
    Ok(devices)
}

/// `<devices/>` for the node [`crate::NODE_DEVICES`].
pub(crate) fn serialize(devices: &BTreeMap<DeviceId, Label>) -> Element {
    Element::builder("devices", NS_OMEMO_2)
        .append_all(devices.iter().map(|(id, label)| {
            let mut device = Element::bare("device", NS_OMEMO_2);
            xml::set_attribute(&mut device, "id", *id);
            if let Some(text) = &label.text {
                xml::set_attribute(&mut device, "label", text);
            }
            if let Some(signature) = &label.signature {
                xml::set_attribute(&mut device, "labelsig", signature);
            }
            device
        }))
        .build()
}
