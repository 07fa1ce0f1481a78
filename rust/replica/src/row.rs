// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Rows: the registers of one item, as they travel and as they are stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::publish::is_false;
use crate::{Consent, ReplicaId, Stamp, VersionVector};

/// Some or all registers of one item. Merging takes the later one of each register, so rows may come in any order and any
/// number of times.
///
/// In JSON: `{"i": id, "k": "folder"|"link"|"sep", "p": [parent, position, STAMP, parent before],
/// "f": {"title": [text, STAMP], …}, "x": STAMP,
/// "c": 0|1|2, "h": ms}`. A row comes from outside and is checked when it is merged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The item's id.
    #[serde(rename = "i")]
    pub id: String,
    /// `folder`, `link` or `sep`.
    #[serde(rename = "k")]
    pub kind: String,
    /// Where the item is.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub place: Option<RowPlace>,
    /// Named values: `title`, `url`, `description`, `keyword`, and any that a newer version knows.
    #[serde(rename = "f", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, (FieldValue, Stamp)>,
    /// The item is dead as far as its registers are not later than this.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<Stamp>,
    /// How that came about.
    #[serde(rename = "c", default, skip_serializing_if = "Consent::is_none")]
    pub consent: Consent,
    /// When its death was first noted, in milliseconds since the Unix epoch, so that all forget it at about the same time; in
    /// snapshots alone.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub noted: Option<u64>,
}

/// The register that says where an item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    into = "(String, String, Stamp, String)",
    from = "(String, String, Stamp, String)"
)]
pub struct RowPlace {
    /// The folder's id.
    pub parent: String,
    /// Orders it among its siblings ([`crate::Position`]).
    pub position: String,
    /// When it was put there.
    pub stamp: Stamp,
    /// The folder that it was in before: it falls back there when the move would make a cycle.
    pub from: String,
}

impl From<(String, String, Stamp, String)> for RowPlace {
    fn from((parent, position, stamp, from): (String, String, Stamp, String)) -> RowPlace {
        RowPlace {
            parent,
            position,
            stamp,
            from,
        }
    }
}

impl From<RowPlace> for (String, String, Stamp, String) {
    fn from(place: RowPlace) -> (String, String, Stamp, String) {
        (place.parent, place.position, place.stamp, place.from)
    }
}

/// A field's value: text, or whatever JSON a newer version puts there, which is kept and passed on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// Text, shared between the register and what the host is known to hold.
    Text(Arc<str>),
    /// Anything else.
    Json(Box<Value>),
}

impl FieldValue {
    /// The text; other JSON reads as its serialized form.
    pub fn to_text(&self) -> Arc<str> {
        match self {
            FieldValue::Text(text) => Arc::clone(text),
            FieldValue::Json(value) => value.to_string().into(),
        }
    }
}

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<FieldValue, D::Error> {
        deserializer.deserialize_any(FieldValueVisitor)
    }
}

/// Takes text as it stands in the input, and all else by way of [`Value`].
struct FieldValueVisitor;

impl FieldValueVisitor {
    fn other<'de, E: serde::de::Error>(
        from: impl serde::Deserializer<'de, Error = E>,
    ) -> Result<FieldValue, E> {
        Value::deserialize(from).map(|value| FieldValue::Json(Box::new(value)))
    }
}

impl<'de> Visitor<'de> for FieldValueVisitor {
    type Value = FieldValue;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<FieldValue, E> {
        Ok(FieldValue::from(text))
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<FieldValue, E> {
        FieldValueVisitor::other(value.into_deserializer())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<FieldValue, E> {
        FieldValueVisitor::other(value.into_deserializer())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<FieldValue, E> {
        FieldValueVisitor::other(value.into_deserializer())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<FieldValue, E> {
        FieldValueVisitor::other(value.into_deserializer())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<FieldValue, E> {
        FieldValueVisitor::other(().into_deserializer())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<FieldValue, A::Error> {
        FieldValueVisitor::other(SeqAccessDeserializer::new(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldValue, A::Error> {
        FieldValueVisitor::other(MapAccessDeserializer::new(map))
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> FieldValue {
        FieldValue::Text(text.into())
    }
}

/// What one replica publishes at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// Who publishes.
    pub replica: ReplicaId,
    /// Counts this replica's deltas from 1, without gaps.
    pub seq: u64,
    /// The registers that changed.
    pub rows: Vec<Row>,
}

/// A replica's whole state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// All deltas whose content is within.
    pub cover: VersionVector,
    /// One row for every item, the dead among them.
    pub rows: Vec<Row>,
    /// Items that died up to here may have been forgotten ([`crate::Replica::forget_dead`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Stamp>,
    /// Rows that came to whoever made it, or to whom it had its state from, were refused: what is not within was not deleted
    /// for that.
    #[serde(default, skip_serializing_if = "is_false")]
    pub partial: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_json_value_is_kept_as_it_is() {
        for json in [
            r#""te\"xt""#,
            "null",
            "true",
            "-3",
            "7",
            "1.5",
            r#"[1,"a",null]"#,
            r#"{"a":{"b":[]}}"#,
        ] {
            let value: FieldValue = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
        assert!(
            matches!(serde_json::from_str(r#""text""#).unwrap(), FieldValue::Text(text) if *text == *"text")
        );
    }

    #[test]
    fn the_json_of_a_row_is_stable_and_keeps_what_it_does_not_know() {
        let json = r#"{"i":"a","k":"link","p":["menu","V",[5,1,"000000000000000a"],"toolbar"],"f":{"colour":[{"r":1},[6,0,"000000000000000b"]],"title":["T",[5,1,"000000000000000a"]]},"x":[4,0,"000000000000000a"]}"#;
        let row: Row = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&row).unwrap(), json);
        let bare = r#"{"i":"a","k":"sep"}"#;
        assert_eq!(
            serde_json::to_string(&serde_json::from_str::<Row>(bare).unwrap()).unwrap(),
            bare
        );
    }
}
