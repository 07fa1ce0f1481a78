// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Rows: the registers of one item, as they travel and as they are stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ReplicaId, Stamp, VersionVector};

/// Some or all registers of one item. Merging takes the later one of each register, so rows may come in any order and any
/// number of times.
///
/// In JSON: `{"i": id, "k": "folder"|"link"|"sep", "p": [parent, position, STAMP, parent before],
/// "f": {"title": [text, STAMP], …}, "x": STAMP}`. A row comes from outside and is checked when it is merged.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Value", from = "Value")]
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

impl From<Value> for FieldValue {
    fn from(value: Value) -> FieldValue {
        match value {
            Value::String(text) => FieldValue::Text(text.into()),
            other => FieldValue::Json(Box::new(other)),
        }
    }
}

impl From<FieldValue> for Value {
    fn from(value: FieldValue) -> Value {
        match value {
            FieldValue::Text(text) => Value::String(text.as_ref().to_owned()),
            FieldValue::Json(value) => *value,
        }
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
}

#[cfg(test)]
mod tests {
    use super::*;

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
