// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The stored forms: rows as they travel in snapshots, but written from the registers and read into them without copies in
//! between, and the states of the host view.

use std::borrow::Cow;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::state::{Field, FieldName, Fields};
use crate::texts::Texts;
use crate::{Consent, FieldValue, ItemId, Position, Stamp};

/// A row that is written.
#[derive(Serialize)]
pub(crate) struct RowOut<'a> {
    #[serde(rename = "i")]
    pub(crate) id: &'a str,
    #[serde(rename = "k")]
    pub(crate) kind: &'a str,
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<(&'a str, &'a str, Stamp, &'a str)>,
    #[serde(rename = "f", skip_serializing_if = "FieldsOut::is_empty")]
    pub(crate) fields: FieldsOut<'a>,
    #[serde(rename = "x", skip_serializing_if = "Option::is_none")]
    pub(crate) dead: Option<Stamp>,
    #[serde(rename = "c", skip_serializing_if = "Consent::is_none")]
    pub(crate) consent: Consent,
    /// When its death was first noted.
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub(crate) noted: Option<u64>,
}

/// Fields that are written, by name.
pub(crate) struct FieldsOut<'a>(pub(crate) &'a [Field]);

impl FieldsOut<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for FieldsOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields: Vec<&Field> = self.0.iter().collect();
        fields.sort_by_key(|field| field.name.as_str());
        let mut map = serializer.serialize_map(Some(fields.len()))?;
        for field in fields {
            map.serialize_entry(field.name.as_str(), &(&field.value, field.stamp))?;
        }
        map.end()
    }
}

/// A row that is read.
#[derive(Deserialize)]
pub(crate) struct RowIn<'a> {
    #[serde(rename = "i", borrow)]
    pub(crate) id: Text<'a>,
    #[serde(rename = "k", borrow)]
    pub(crate) kind: Text<'a>,
    #[serde(rename = "p", borrow, default)]
    pub(crate) place: Option<(Text<'a>, Text<'a>, Stamp, Text<'a>)>,
    #[serde(rename = "f", default)]
    pub(crate) fields: FieldsIn,
    #[serde(rename = "x", default)]
    pub(crate) dead: Option<Stamp>,
    #[serde(rename = "c", default)]
    pub(crate) consent: Consent,
    #[serde(rename = "h", default)]
    pub(crate) noted: Option<u64>,
}

/// Text that is borrowed from the input where nothing in it is escaped.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

/// Fields that are read.
#[derive(Default)]
pub(crate) struct FieldsIn(pub(crate) Fields);

impl<'de> Deserialize<'de> for FieldsIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FieldsIn, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = FieldsIn;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("fields with their stamps")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldsIn, A::Error> {
        let mut fields = Fields::new();
        while let Some(Text(name)) = map.next_key()? {
            let (value, stamp): (FieldValue, Stamp) = map.next_value()?;
            fields.push(Field {
                name: FieldName::new(&name),
                value,
                stamp,
            });
        }
        Ok(FieldsIn(fields))
    }
}

/// One of the states in which the host's file may hold an item.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum StoredState {
    /// `true`: just as the item's row says.
    AsRow(bool),
    /// Otherwise.
    Other(StoredView),
    /// `null`: not at all.
    Absent,
}

/// A state that the row does not tell.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredView {
    #[serde(rename = "p")]
    pub(crate) parent: ItemId,
    #[serde(rename = "o")]
    pub(crate) order: Position,
    #[serde(flatten)]
    pub(crate) text: Texts,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(crate) seen: Option<Stamp>,
}
