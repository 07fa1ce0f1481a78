// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Device lists (XEP-0384 §5.3.1).

use std::collections::{BTreeMap, BTreeSet};

use minidom::Element;

use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::namespace::Namespace;
use crate::xml;
use crate::{DeviceId, DeviceListError, MAX_DEVICES};

/// The name that a device gave itself, with its signature as received (XEP-0384 0.9).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) text: Option<String>,
    /// base64; the key that it is of may be unknown when the list comes.
    pub(crate) signature: Option<String>,
}

impl Label {
    /// Whether it has a signature that is not the identity key's. A label without any is of XEP-0384 before 0.9.
    pub(crate) fn is_forged(&self, identity: &IdentityKey) -> bool {
        let (Some(text), Some(signature)) = (&self.text, &self.signature) else {
            return false;
        };
        let signature = xml::parse_base64(signature);
        !signature.is_some_and(|signature| identity.verify(text.as_bytes(), &signature))
    }

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

/// A device list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeviceList {
    pub(crate) namespace: Namespace,
    /// Labels are a matter of omemo:2 alone.
    pub(crate) devices: BTreeMap<DeviceId, Label>,
    /// Numbers that are out of range, which some old clients have. They are kept for a list that is written anew, since
    /// whoever is dropped from it comes back.
    pub(crate) foreign: BTreeSet<i64>,
}

/// A device list without devices: what an account has that has no node for it.
#[must_use]
pub fn empty_device_list(namespace: Namespace) -> Element {
    Element::bare(namespace.list_element(), namespace.uri())
}

/// Parses a device list of either wire form. Ids that are out of range are no devices; an empty list is allowed.
pub(crate) fn parse(list: &Element) -> Result<DeviceList, DeviceListError> {
    let namespace = Namespace::from_uri(&list.ns())
        .filter(|namespace| list.name() == namespace.list_element())
        .ok_or_else(|| DeviceListError::WrongElement {
            found: xml::describe(list),
        })?;
    let mut parsed = DeviceList {
        namespace,
        devices: BTreeMap::new(),
        foreign: BTreeSet::new(),
    };
    for device in list
        .children()
        .filter(|device| device.is("device", namespace.uri()))
    {
        let Some(id) = device.attr("id") else { continue };
        let owned = |name| {
            let value = (namespace == Namespace::Omemo2).then(|| device.attr(name));
            value.flatten().map(str::to_owned)
        };
        if let Some(id) = xml::parse_device_id(id) {
            let label = Label {
                text: owned("label"),
                signature: owned("labelsig"),
            };
            parsed.devices.insert(id, label);
        } else if let Ok(id) = id.trim().parse() {
            parsed.foreign.insert(id);
        }
    }
    let found = parsed.devices.len().saturating_add(parsed.foreign.len());
    if found > MAX_DEVICES {
        return Err(DeviceListError::TooMany {
            found,
            limit: MAX_DEVICES,
        });
    }
    Ok(parsed)
}

impl DeviceList {
    /// `<devices/>`, in legacy OMEMO `<list/>`, for the node that [`Namespace::devices_node`] names.
    pub(crate) fn serialize(&self) -> Element {
        let uri = self.namespace.uri();
        let bare = |id: i64| {
            let mut device = Element::bare("device", uri);
            xml::set_attribute(&mut device, "id", id);
            device
        };
        let labelled = |(id, label): (&DeviceId, &Label)| {
            let mut device = bare((*id).into());
            if let Some(text) = &label.text {
                xml::set_attribute(&mut device, "label", text);
            }
            if let Some(signature) = &label.signature {
                xml::set_attribute(&mut device, "labelsig", signature);
            }
            device
        };
        Element::builder(self.namespace.list_element(), uri)
            .append_all(self.devices.iter().map(labelled))
            .append_all(self.foreign.iter().map(|id| bare(*id)))
            .build()
    }
}
