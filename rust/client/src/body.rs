// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What replicas write into the bookmarks node: one JSON object for each item. `docs/protocol.md` documents it.

use std::collections::BTreeMap;
use std::fmt;

use minidom::Element;
use replica::{ReplicaId, Row, VersionVector};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::{Kind, ns};

/// Version of the bodies that this release writes.
pub(crate) const VERSION: u64 = 1;

/// What an item of the bookmarks node holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Body {
    Head(Box<Head>),
    Update(Update),
}

/// A replica's own description, in the item `<replica>.head`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) replica: ReplicaId,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Whether it has met the account's bookmarks. One that has not holds nothing that others lack.
    pub(crate) joined: bool,
    /// What it has merged or written, but for what `rest` stands for.
    pub(crate) have: VersionVector,
    /// Stands for entries of `have` that are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rest: Option<Rest>,
    /// Its newest snapshot whose chunks are all there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) snapshot: Option<SnapshotInfo>,
    /// A newer one whose chunks are on their way, and which can be had as a file already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) upload: Option<Box<Uploaded>>,
    /// How far its next snapshot is on its way, for those who wait for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sending: Option<Sending>,
    /// What it lacks and finds nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<Missing>,
}

/// How far a snapshot is on its way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sending {
    /// How many bookmarks, folders and separators are in it.
    pub(crate) items: u64,
    /// Bytes that the server has.
    pub(crate) done: u64,
    /// Bytes in all.
    pub(crate) size: u64,
}

/// Deltas by their replica, as inclusive ranges; in JSON the same as a version vector.
pub(crate) type Gaps = BTreeMap<ReplicaId, Vec<(u64, u64)>>;

/// A request for whoever has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Missing {
    /// Tells one request from the next.
    pub(crate) id: u64,
    /// The deltas that are missing, as inclusive ranges.
    pub(crate) missing: Gaps,
}

/// Some of a replica's deltas, in one of the items `<replica>.<0..7>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Update {
    pub(crate) replica: ReplicaId,
    /// What it has merged or written, but for what `rest` stands for.
    pub(crate) have: VersionVector,
    /// Stands for entries of `have` that are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rest: Option<Rest>,
    /// Consecutive deltas.
    pub(crate) deltas: Vec<UpdateDelta>,
}

/// One delta; the replica is the update's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UpdateDelta {
    pub(crate) seq: u64,
    pub(crate) rows: Vec<Row>,
}

/// The first 8 bytes of the SHA-256 of entries of a version vector, as JSON without white space, as hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Rest(String);

impl Rest {
    pub(crate) fn of(entries: &VersionVector) -> Rest {
        let json = serde_json::to_vec(entries).unwrap_or_default();
        let digest = Sha256::digest(&json);
        Rest(hex::encode(digest.get(..8).unwrap_or(&digest)))
    }
}

/// Where a snapshot is and how it is opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SnapshotInfo {
    /// Names it among the replica's snapshots; part of what is authenticated.
    pub(crate) id: String,
    /// Its items are `<replica>.<letter><0..chunks>`; the letter alternates between `a` and `b`.
    pub(crate) letter: char,
    pub(crate) chunks: u32,
    /// Bytes of the sealed form, all chunks together.
    pub(crate) size: u64,
    /// Of the sealed form, as hex.
    pub(crate) sha256: String,
    /// The key, used for this snapshot only, as hex.
    pub(crate) key: SealKey,
    /// What is in it.
    pub(crate) cover: VersionVector,
    /// How many bookmarks, folders and separators are in it; 0 where its writer does not say.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) items: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(crate) fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl fmt::Debug for SnapshotInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnapshotInfo")
            .field("id", &self.id)
            .field("chunks", &self.chunks)
            .finish_non_exhaustive()
    }
}

/// A snapshot that was uploaded whole (XEP-0363).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Uploaded {
    /// Where the sealed bytes are.
    pub(crate) url: String,
    /// What they are; its `chunks` are not to be counted on.
    pub(crate) snapshot: SnapshotInfo,
}

impl fmt::Debug for Uploaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uploaded")
            .field("snapshot", &self.snapshot)
            .finish_non_exhaustive()
    }
}

/// The key of one snapshot.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct SealKey(pub(crate) [u8; 32]);

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(..)")
    }
}

impl Drop for SealKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl From<SealKey> for String {
    fn from(key: SealKey) -> String {
        hex::encode(key.0)
    }
}

impl TryFrom<String> for SealKey {
    type Error = hex::FromHexError;

    fn try_from(mut text: String) -> Result<SealKey, hex::FromHexError> {
        let mut key = [0; 32];
        let decoded = hex::decode_to_slice(&text, &mut key);
        text.zeroize();
        decoded.map(|()| SealKey(key))
    }
}

/// Why a body was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("no JSON object with a version and a type: {0}")]
    Malformed(String),
    #[error("version {found}, this release knows {VERSION}")]
    UnknownVersion { found: u64 },
    #[error("type {found:?} is unknown")]
    UnknownType { found: String },
}

impl Body {
    /// The replica that wrote it.
    pub(crate) fn replica(&self) -> ReplicaId {
        match self {
            Body::Head(head) => head.replica,
            Body::Update(update) => update.replica,
        }
    }

    /// The body as text.
    pub(crate) fn to_json(&self) -> Result<String, serde_json::Error> {
        #[derive(Serialize)]
        struct Versioned<'a> {
            v: u64,
            #[serde(flatten)]
            body: &'a Body,
        }
        let json = serde_json::to_string(&Versioned {
            v: VERSION,
            body: self,
        })?;
        Ok(escape_noncharacters(json))
    }

    /// Reads a body. Fields that are not known are ignored, rows keep theirs.
    pub(crate) fn parse(json: &str) -> Result<Body, BodyError> {
        #[derive(Deserialize)]
        struct Frame {
            v: u64,
            #[serde(rename = "type")]
            kind: String,
        }
        let malformed = |error: serde_json::Error| BodyError::Malformed(describe(&error));
        let frame: Frame = serde_json::from_str(json).map_err(malformed)?;
        if frame.v != VERSION {
            return Err(BodyError::UnknownVersion { found: frame.v });
        }
        if !["head", "update"].contains(&frame.kind.as_str()) {
            return Err(BodyError::UnknownType {
                found: frame.kind.chars().take(40).collect(),
            });
        }
        serde_json::from_str(json).map_err(malformed)
    }

    /// The content that is encrypted (XEP-0335).
    pub(crate) fn to_content(&self) -> Result<Element, serde_json::Error> {
        Ok(Element::builder("json", ns::JSON).append(self.to_json()?).build())
    }
}

/// XML forbids these two characters (XML 1.0 §2.2) and JSON does not; in JSON they only ever stand within texts.
pub(crate) fn escape_noncharacters(json: String) -> String {
    if json.contains(['\u{fffe}', '\u{ffff}']) {
        return json.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff");
    }
    json
}

/// What is wrong with some JSON, without any of its content.
pub(crate) fn describe(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Io => "unreadable",
        serde_json::error::Category::Syntax => "no JSON",
        serde_json::error::Category::Data => "not of the expected form",
        serde_json::error::Category::Eof => "cut off",
    };
    format!("{what} at line {} column {}", error.line(), error.column())
}

/// Whether text is one JSON object that has a version and a type: a request, or the answer to one.
pub(crate) fn as_request(text: &str) -> Option<serde_json::Map<String, Value>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) if object.contains_key("v") && object.contains_key("type") => Some(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Body {
        let mut have = VersionVector::new();
        have.insert(ReplicaId::from(10), 1);
        Body::Head(Box::new(Head {
            replica: ReplicaId::from(10),
            name: "Laptop".into(),
            kind: Kind::Desktop,
            joined: true,
            have: have.clone(),
            rest: None,
            snapshot: Some(SnapshotInfo {
                id: "0011223344556677".into(),
                letter: 'a',
                chunks: 1,
                size: 120,
                sha256: "00".repeat(32),
                key: SealKey([7; 32]),
                cover: have.clone(),
                items: 0,
            }),
            upload: None,
            sending: Some(Sending {
                items: 3,
                done: 60,
                size: 120,
            }),
            request: Some(Missing {
                id: 1,
                missing: [(ReplicaId::from(11), vec![(2, 4)])].into(),
            }),
        }))
    }

    #[test]
    fn the_serialized_form_is_stable() {
        let json = head().to_json().unwrap();
        insta::assert_snapshot!(json, @r#"{"v":1,"type":"head","replica":"000000000000000a","name":"Laptop","kind":"desktop","joined":true,"have":{"000000000000000a":[[1,1]]},"snapshot":{"id":"0011223344556677","letter":"a","chunks":1,"size":120,"sha256":"0000000000000000000000000000000000000000000000000000000000000000","key":"0707070707070707070707070707070707070707070707070707070707070707","cover":{"000000000000000a":[[1,1]]}},"sending":{"items":3,"done":60,"size":120},"request":{"id":1,"missing":{"000000000000000b":[[2,4]]}}}"#);
        assert_eq!(Body::parse(&json).unwrap(), head());
        let update = Body::Update(Update {
            replica: ReplicaId::from(10),
            have: VersionVector::new(),
            rest: Some(Rest::of(&VersionVector::new())),
            deltas: vec![UpdateDelta {
                seq: 3,
                rows: Vec::new(),
            }],
        });
        insta::assert_snapshot!(update.to_json().unwrap(), @r#"{"v":1,"type":"update","replica":"000000000000000a","have":{},"rest":"44136fa355b3678a","deltas":[{"seq":3,"rows":[]}]}"#);
    }

    #[test]
    fn what_xml_forbids_is_escaped() {
        let Body::Head(head) = head() else { panic!() };
        let odd = Body::Head(Box::new(Head {
            name: "a\u{fffe}\u{ffff}\u{1}\\".into(),
            ..*head
        }));
        let json = odd.to_json().unwrap();
        assert!(json.contains(r#""a\ufffe\uffff\u0001\\""#), "{json}");
        assert_eq!(Body::parse(&json).unwrap(), odd);
    }

    #[test]
    fn a_key_is_never_shown() {
        let shown = format!("{:?}", head());
        assert!(!shown.contains("0707") && !shown.contains("7, 7"), "{shown}");
        insta::assert_snapshot!(format!("{:?}", SealKey([7; 32])), @"SealKey(..)");
    }

    #[test]
    fn other_versions_and_types_are_told_from_damage() {
        assert_eq!(
            Body::parse(r#"{"v":2,"type":"head"}"#),
            Err(BodyError::UnknownVersion { found: 2 })
        );
        assert_eq!(
            Body::parse(r#"{"v":1,"type":"x"}"#),
            Err(BodyError::UnknownType { found: "x".into() })
        );
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"v":1,"type":"head"}"#,
            r#"{"v":"1","type":"head"}"#,
        ] {
            assert!(matches!(Body::parse(bad), Err(BodyError::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn only_objects_with_version_and_type_are_requests() {
        assert!(as_request(r#" {"v":1,"type":"export"}"#).is_some());
        for text in ["hello", "{hello}", r#"{"v":1}"#, "[1]", "1"] {
            assert!(as_request(text).is_none(), "{text}");
        }
    }
}
