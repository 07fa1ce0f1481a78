// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Rows that nobody should send, or that a later release writes: what can be read is kept, and nothing else is lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use replica::{Delta, ItemId, Kind, MergeError, Refusal, Replica, ReplicaId, Row, Snapshot};
use serde_json::json;
use support::device::Device;
use support::pair::{LIBRARY, pair};

/// A replica that joined, and a delta of rows from another one.
fn fed(rows: serde_json::Value) -> (Replica, replica::Merged) {
    let mut device = Device::first(1, LIBRARY, 1000);
    let rows: Vec<Row> = serde_json::from_value(rows).unwrap();
    let merged = device
        .replica
        .merge(
            &Delta {
                replica: 7.into(),
                seq: 1,
                rows,
            },
            5000,
        )
        .unwrap();
    (device.replica, merged)
}

const STAMP: (u64, u32, &str) = (4000, 0, "0000000000000007");

fn link(id: &str, parent: &str) -> serde_json::Value {
    json!({"i": id, "k": "link", "p": [parent, "V", STAMP, parent],
           "f": {"title": [id, STAMP], "url": ["https://l.example/", STAMP]}})
}

fn folder(id: &str, parent: &str) -> serde_json::Value {
    json!({"i": id, "k": "folder", "p": [parent, "V", STAMP, parent], "f": {"title": [id, STAMP]}})
}

#[test]
fn malformed_rows_are_refused_and_nothing_else_is_lost() {
    let long = "x".repeat(5000);
    let mut bad_stamp = link("late", "menu");
    bad_stamp["x"] = json!([u64::MAX, 0, "0000000000000007"]);
    let mut bad_position = link("place", "menu");
    bad_position["p"][1] = json!("a b");
    let fields: serde_json::Map<_, _> = (0..65).map(|n| (format!("f{n}"), json!(["", STAMP]))).collect();
    let (replica, merged) = fed(json!([
        link("", "menu"),
        link(&long, "menu"),
        link("good", "menu"),
        link("toolbar", "menu"),
        {"i": "menu", "k": "folder", "x": STAMP},
        {"i": "odd", "k": "smart-folder"},
        bad_stamp,
        bad_position,
        link("nowhere", ""),
        {"i": "many", "k": "link", "f": fields},
        {"i": "good", "k": "folder", "f": {"title": ["changed", [9000, 0, "0000000000000007"]]}},
    ]));
    let reasons: Vec<_> = merged
        .refused
        .iter()
        .map(|row| (row.id.as_str(), row.reason.clone()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("", Refusal::BadId),
            (&long[..80], Refusal::BadId),
            ("toolbar", Refusal::Root),
            ("menu", Refusal::Root),
            (
                "odd",
                Refusal::UnknownKind {
                    found: "smart-folder".into()
                }
            ),
            ("late", Refusal::BadStamp { ms: u64::MAX }),
            ("place", Refusal::BadPosition),
            ("nowhere", Refusal::BadParent),
            ("many", Refusal::BadFields),
            (
                "good",
                Refusal::KindChange {
                    known: Kind::Link,
                    found: Kind::Folder
                }
            ),
        ]
    );
    assert_eq!((merged.added, replica.len()), (1, 7));
    assert_eq!(replica.tree().menu[0].field("title"), "good");
}

#[test]
fn a_delta_without_a_number_changes_nothing() {
    let mut replica = Device::first(1, LIBRARY, 1000).replica;
    let delta = Delta {
        replica: 7.into(),
        seq: 0,
        rows: vec![],
    };
    assert_eq!(
        replica.merge(&delta, 1).unwrap_err(),
        MergeError::BadSequence { seq: 0 }
    );
    assert!(replica.take_changes().is_empty());
}

#[test]
fn an_item_of_an_unknown_folder_waits_under_other() {
    let (mut replica, _) = fed(json!([link("child", "folder"), link("grandchild", "child")]));
    let others = |replica: &Replica| {
        replica
            .tree()
            .other
            .iter()
            .map(|node| node.id.to_string())
            .collect::<Vec<_>>()
    };
    assert!(others(&replica).contains(&"child".to_owned()));
    assert!(
        others(&replica).contains(&"grandchild".to_owned()),
        "a link holds nothing"
    );
    let rows = serde_json::from_value(json!([folder("folder", "menu")])).unwrap();
    replica
        .merge(
            &Delta {
                replica: 7.into(),
                seq: 2,
                rows,
            },
            5000,
        )
        .unwrap();
    assert!(!others(&replica).contains(&"child".to_owned()));
    assert_eq!(replica.tree().menu[0].children[0].id.as_str(), "child");
}

#[test]
fn cycles_in_foreign_rows_are_harmless() {
    let (replica, merged) = fed(json!([
        folder("self", "self"),
        folder("a", "b"),
        folder("b", "c"),
        folder("c", "a"),
        link("in", "b"),
    ]));
    assert!(merged.refused.is_empty());
    assert_eq!(replica.len(), 6 + 5, "all are in the tree once");
    let rows = replica.snapshot();
    let mut again = Replica::create(ReplicaId::from(9));
    again.merge_snapshot(7.into(), &rows, 1).unwrap();
    assert_eq!(
        again.tree(),
        replica.tree(),
        "whatever the order and number of steps"
    );
}

#[test]
fn unknown_fields_round_trip() {
    let mut devices = pair();
    let id = devices[0].replica.tree().toolbar[0].id.to_string();
    let colour = json!([{"i": id, "k": "link", "f": {"colour": [{"rgb": [1, 2, 3]}, STAMP]}}]);
    let rows = serde_json::from_value(colour).unwrap();
    devices[0].merge(
        &Delta {
            replica: 7.into(),
            seq: 1,
            rows,
        },
        5000,
    );
    let token = devices[0].tokens()[&ItemId::new(&id).unwrap()];
    devices[0].host.set(token, |texts| texts.title = "Renamed".into());
    devices[0].collect(6000);
    devices[0].reload();
    let snapshot = serde_json::to_string(&devices[0].replica.snapshot()).unwrap();
    let snapshot: Snapshot = serde_json::from_str(&snapshot).unwrap();
    devices[1]
        .replica
        .merge_snapshot(0x1111_1111_1111_1111.into(), &snapshot, 7000)
        .unwrap();
    let node = &devices[1].replica.tree().toolbar[0];
    assert_eq!(
        (node.field("title"), node.field("colour")),
        ("Renamed", r#"{"rgb":[1,2,3]}"#)
    );
}
