// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How the browsing history is told: what each device's items hold. `docs/protocol.md` documents it.

use std::collections::BTreeMap;
use std::fmt;

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;
use replica::visits::PageRow;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::body::{VERSION, is_zero};
use crate::ns;
use crate::sealed::{self, ItemKey, SealedError, SealedItem};

/// Largest sealed item, in bytes before base64: with keys for 40 devices it stays below [`crate::SAFE_STANZA_BYTES`].
pub(crate) const MAX_SEALED_BYTES: usize = 24 * 1024;

/// Beyond so many bytes what changed lately is moved to a segment: it is told in whole with every change.
pub(crate) const MAX_RECENT_BYTES: usize = 4 * 1024;

/// Most bytes of an item that are unpacked.
const MAX_RAW_BYTES: u64 = 8 * 1024 * 1024;

/// Most pages of an item that are read: more fit into none.
const MAX_ROWS: usize = 10_000;

/// Most segments of a device: 10,000 pages fill some 25.
pub(crate) const MAX_SEGMENTS: usize = 200;

/// The keys of a device that its items are sealed with, the newest last: what the OMEMO element holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VisitKeys {
    v: u64,
    pub(crate) keys: Vec<ItemKey>,
}

impl VisitKeys {
    pub(crate) fn new(keys: Vec<ItemKey>) -> VisitKeys {
        VisitKeys { v: VERSION, keys }
    }

    /// As it is encrypted for the readers (XEP-0335).
    pub(crate) fn to_content(&self) -> Option<Element> {
        let json = serde_json::to_string(self).ok()?;
        Some(Element::builder("json", ns::JSON).append(json).build())
    }

    pub(crate) fn parse(json: &str) -> Result<VisitKeys, SealedError> {
        let parsed: VisitKeys = sealed::parse(json.as_bytes())?;
        parsed.keys.iter().try_for_each(ItemKey::check_id)?;
        Ok(parsed)
    }
}

/// The item `DEVICE.recent`: what changed lately, and where the rest is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recent {
    v: u64,
    /// Rises with every one of a device.
    pub(crate) number: u64,
    /// Visits up to then are deleted, all of them; 0 where nothing ever was.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) cleared: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) segments: BTreeMap<u32, Listed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "rows")]
    pub(crate) pages: Vec<PageRow>,
}

/// A segment that is there. In JSON `[number, before, known]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64, u64)", into = "(u64, u64, u64)")]
pub(crate) struct Listed {
    /// Rises with every segment of a device.
    pub(crate) number: u64,
    /// The number that it had before; 0 for a new one.
    pub(crate) before: u64,
    /// All that is new in it was in the recent item of this number, so that whoever has read that and the segment before has
    /// nothing to fetch; 0 where it was not.
    pub(crate) known: u64,
}

impl From<(u64, u64, u64)> for Listed {
    fn from((number, before, known): (u64, u64, u64)) -> Listed {
        Listed {
            number,
            before,
            known,
        }
    }
}

impl From<Listed> for (u64, u64, u64) {
    fn from(listed: Listed) -> (u64, u64, u64) {
        (listed.number, listed.before, listed.known)
    }
}

/// An item `DEVICE.SEGMENT`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Segment {
    v: u64,
    pub(crate) number: u64,
    #[serde(deserialize_with = "rows")]
    pub(crate) pages: Vec<PageRow>,
}

impl Recent {
    pub(crate) fn new(
        number: u64,
        cleared: u64,
        segments: BTreeMap<u32, Listed>,
        pages: Vec<PageRow>,
    ) -> Recent {
        Recent {
            v: VERSION,
            number,
            cleared,
            segments,
            pages,
        }
    }

    pub(crate) fn seal(
        &self,
        device: DeviceId,
        key: &ItemKey,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedItem, SealedError> {
        Ok(SealedItem {
            key: key.id.clone(),
            sealed: key.seal(&recent_place(device), &sealed::pack(self)?, rng)?,
        })
    }

    pub(crate) fn open(device: DeviceId, key: &ItemKey, item: &SealedItem) -> Result<Recent, SealedError> {
        let mut recent: Recent = key.open(&recent_place(device), &item.sealed, MAX_RAW_BYTES)?;
        while recent.segments.len() > MAX_SEGMENTS {
            recent.segments.pop_last();
        }
        Ok(recent)
    }
}

impl Segment {
    pub(crate) fn new(number: u64, pages: Vec<PageRow>) -> Segment {
        Segment {
            v: VERSION,
            number,
            pages,
        }
    }

    pub(crate) fn seal(
        &self,
        (device, segment): (DeviceId, u32),
        key: &ItemKey,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedItem, SealedError> {
        Ok(SealedItem {
            key: key.id.clone(),
            sealed: key.seal(&segment_place(device, segment), &sealed::pack(self)?, rng)?,
        })
    }

    pub(crate) fn open(
        (device, segment): (DeviceId, u32),
        key: &ItemKey,
        item: &SealedItem,
    ) -> Result<Segment, SealedError> {
        key.open(&segment_place(device, segment), &item.sealed, MAX_RAW_BYTES)
    }
}

/// Reads the first rows, for a few bytes can be unpacked to millions of them.
fn rows<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PageRow>, D::Error> {
    struct Rows;

    impl<'de> Visitor<'de> for Rows {
        type Value = Vec<PageRow>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("pages")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<PageRow>, A::Error> {
            let mut rows = Vec::new();
            while rows.len() < MAX_ROWS {
                match list.next_element()? {
                    Some(row) => rows.push(row),
                    None => return Ok(rows),
                }
            }
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(rows)
        }
    }

    deserializer.deserialize_seq(Rows)
}

/// How many bytes these pages take, sealed.
pub(crate) fn sealed_bytes(pages: &[PageRow]) -> usize {
    sealed::pack(&pages).map_or(usize::MAX, |packed| packed.len())
}

fn recent_place(device: DeviceId) -> String {
    format!("{} {device} recent", ns::NODE_VISITS)
}

fn segment_place(device: DeviceId, segment: u32) -> String {
    format!("{} {device} {segment}", ns::NODE_VISITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> PageRow {
        serde_json::from_str(r#"{"u":"https://example.org/","t":"Example","c":{"7":[3,1790000000000]}}"#)
            .unwrap()
    }

    #[test]
    fn the_serialized_forms_are_stable() {
        let listed = Listed {
            number: 4,
            before: 2,
            known: 9,
        };
        let recent = Recent::new(10, 0, [(0, listed)].into(), vec![page()]);
        insta::assert_snapshot!(serde_json::to_string(&recent).unwrap(), @r#"{"v":1,"number":10,"segments":{"0":[4,2,9]},"pages":[{"u":"https://example.org/","t":"Example","c":{"7":[3,1790000000000]}}]}"#);
        let segment = Segment::new(4, vec![page()]);
        insta::assert_snapshot!(serde_json::to_string(&segment).unwrap(), @r#"{"v":1,"number":4,"pages":[{"u":"https://example.org/","t":"Example","c":{"7":[3,1790000000000]}}]}"#);
        let keys = r#"{"v":1,"keys":[{"id":"0011223344556677","key":"0707070707070707070707070707070707070707070707070707070707070707"}]}"#;
        let parsed = VisitKeys::parse(keys).unwrap();
        assert_eq!(parsed.to_content().unwrap().text(), keys);
        assert!(!format!("{parsed:?}").contains("0707"), "a key is never shown");
        let long = keys.replace("0011223344556677", &"0".repeat(65));
        assert!(VisitKeys::parse(&long).is_err());
    }

    #[test]
    fn of_endless_rows_the_first_are_read() {
        let rows = vec![serde_json::to_string(&page()).unwrap(); MAX_ROWS + 1].join(",");
        let json = format!(r#"{{"v":1,"number":4,"pages":[{rows}]}}"#);
        let read: Segment = serde_json::from_str(&json).unwrap();
        assert_eq!((read.number, read.pages.len()), (4, MAX_ROWS));
    }

    #[test]
    fn what_was_sealed_is_opened_in_its_place_alone() {
        let rng = &mut rand::rng();
        let key = ItemKey::random(rng);
        let recent = Recent::new(1, 0, BTreeMap::new(), vec![page()]);
        let item = recent.seal(7, &key, rng).unwrap();
        assert_eq!(Recent::open(7, &key, &item).unwrap(), recent);
        assert!(Recent::open(8, &key, &item).is_err());
        let segment = Segment::new(1, vec![page()]);
        let item = segment.seal((7, 3), &key, rng).unwrap();
        assert_eq!(Segment::open((7, 3), &key, &item).unwrap(), segment);
        assert!(Segment::open((7, 4), &key, &item).is_err());
        assert!(Segment::open((8, 3), &key, &item).is_err());
    }
}
