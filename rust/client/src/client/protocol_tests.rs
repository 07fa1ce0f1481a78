// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `docs/protocol.md` says what this crate speaks.

use serde_json::Value;

use super::chat::MAX_BODY_BYTES;
use super::import::MAX_ITEMS;
use super::requests::{Ask, MAX_ID_BYTES};
use crate::body::Body;
use crate::parcel::Content;
use crate::ring::{ITEM_BYTES, SLOTS};
use crate::tabs::{OpenTabs, TabKey};
use crate::visits::{Recent, Segment, VisitKeys};
use crate::{MAX_STANZA_BYTES, NODE_BOOKMARKS, NODE_SNAPSHOTS, SAFE_STANZA_BYTES};

const PROTOCOL: &str = include_str!("../../../../docs/protocol.md");

/// The examples of one kind.
fn examples(kind: &str) -> Vec<&'static str> {
    let opening = format!("```json {kind}\n");
    PROTOCOL
        .split(&opening)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

#[test]
fn the_examples_of_bodies_are_read_and_written_as_they_stand() {
    let bodies = [examples("head"), examples("update")].concat();
    assert_eq!(bodies.len(), 2);
    for example in bodies {
        let body = Body::parse(example).unwrap();
        let written: Value = serde_json::from_str(&body.to_json().unwrap()).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(example).unwrap());
    }
}

#[test]
fn the_examples_of_tabs_and_history_are_read_and_written_as_they_stand() {
    let same = |written: &str, example: &str| {
        let value = |json: &str| serde_json::from_str::<Value>(json).unwrap();
        assert_eq!(value(written), value(example));
    };
    for example in examples("tab-key") {
        let key = TabKey::parse(example).unwrap();
        same(&key.to_content().unwrap().text(), example);
    }
    for example in examples("open-tabs") {
        let open: OpenTabs = serde_json::from_str(example).unwrap();
        same(&serde_json::to_string(&open).unwrap(), example);
    }
    assert_eq!((examples("tab-key").len(), examples("open-tabs").len()), (1, 1));
    for example in examples("visit-keys") {
        let keys = VisitKeys::parse(example).unwrap();
        same(&keys.to_content().unwrap().text(), example);
    }
    for example in examples("recent-visits") {
        let recent: Recent = serde_json::from_str(example).unwrap();
        same(&serde_json::to_string(&recent).unwrap(), example);
    }
    for example in examples("visits-segment") {
        let segment: Segment = serde_json::from_str(example).unwrap();
        same(&serde_json::to_string(&segment).unwrap(), example);
    }
    for name in ["visit-keys", "recent-visits", "visits-segment"] {
        assert_eq!(examples(name).len(), 1, "{name}");
    }
    let parcels = examples("parcel");
    assert_eq!(parcels.len(), 1);
    let content = Content::parse(parcels[0], "5f0c1d2e3a4b5968").unwrap();
    same(&content.to_element().unwrap().text(), parcels[0]);
}

#[test]
fn the_examples_of_requests_are_understood() {
    let requests = examples("request");
    assert_eq!(requests.len(), 8);
    for example in requests {
        assert!(crate::body::as_request(example).is_some(), "{example}");
        serde_json::from_str::<Ask>(example).unwrap_or_else(|error| panic!("{error} in {example}"));
    }
    for example in examples("answer") {
        let answer = crate::body::as_request(example).unwrap();
        assert!(
            answer["type"] == "result" || answer["type"] == "nack",
            "{example}"
        );
    }
}

#[test]
fn the_names_and_limits_are_those_of_the_code() {
    let limits = PROTOCOL.split("## Limits").nth(1).unwrap();
    let numbers = [
        usize::from(SLOTS),
        ITEM_BYTES,
        SAFE_STANZA_BYTES,
        MAX_STANZA_BYTES,
        MAX_ID_BYTES,
        MAX_BODY_BYTES,
        MAX_ITEMS,
    ];
    for number in numbers {
        assert!(
            limits.contains(&format!(" {number}")),
            "{number} is not among the limits"
        );
    }
    for name in [NODE_BOOKMARKS, NODE_SNAPSHOTS] {
        assert!(PROTOCOL.contains(&format!("| `{name}` |")), "{name}");
    }
}
