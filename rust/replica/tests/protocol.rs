// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What happens between replicas: deltas doubled, reordered and lost, rows that nobody should send, fields from the future,
//! wrong clocks, and joins at the same time. Among them the scenarios of kind `protocol` that concern a replica alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use std::collections::BTreeMap;

use replica::{
    Delta, EditError, EditOp, ItemId, Kind, LoadError, MergeError, Refusal, Replica, ReplicaId, Root, Row,
    Snapshot,
};
use serde_json::json;
use support::device::{Device, assert_all_equal, exchange};
use support::host::Texts;
use support::outline::{assert_outline, plant};

const LIBRARY: &str = "
    toolbar
      News <https://news.example/>
      + Trip
        Map <https://map.example/>
        ---
        Hut <https://hut.example/>
    other
      Old <https://old.example/>
";

/// Two devices with the same library.
fn pair() -> Vec<Device> {
    let mut devices = vec![Device::first(1, LIBRARY, 1000), Device::new(2)];
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 1000);
    }
    devices[1].join(1000);
    exchange(&mut devices, 2000);
    devices
}

fn add(device: &mut Device, title: &str, now: u64) -> u64 {
    let texts = Texts {
        title: title.into(),
        url: format!("https://{title}.example/"),
        ..Texts::default()
    };
    let token = device.host.add(2, 0, Kind::Link, texts);
    device.collect(now);
    token
}

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
fn duplicate_delivery_counts_once() {
    let mut devices = pair();
    add(&mut devices[0], "new", 3000);
    devices[0].publish();
    let delta = devices[0].published.last().unwrap().clone();
    let b = &mut devices[1];
    let first = b.merge(&delta, 4000);
    assert_eq!((first.added, first.news), (1, true));
    let state = b.disk.clone();
    assert_eq!(b.merge(&delta, 4000), replica::Merged::default());
    b.reload();
    assert_eq!(b.merge(&delta, 4000), replica::Merged::default());
    assert_eq!(b.disk, state, "nothing more to save");
}

#[test]
fn reordered_and_missing_delivery_shows_its_gap() {
    let mut devices = pair();
    let before = devices[0].published.len();
    for title in ["one", "two", "three", "four", "five"] {
        add(&mut devices[0], title, 3000);
        devices[0].publish();
    }
    let (a, new) = (*devices[0].replica.id(), devices[0].published[before..].to_vec());
    let first = new[0].seq;
    for number in [3, 1, 5, 2] {
        devices[1].merge(&new[number - 1], 4000);
    }
    assert_eq!(
        devices[1].replica.version_vector().gaps(a),
        [(first + 3, first + 3)]
    );
    let head = devices[0].replica.version_vector().clone();
    assert_eq!(
        devices[1].replica.version_vector().missing(&head),
        [(a, first + 3, first + 3)]
    );
    devices[1].merge(&new[3], 4000);
    assert!(devices[1].replica.version_vector().covers(&head));
    assert_eq!(devices[1].outline(), devices[0].outline());
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

#[test]
fn a_change_during_the_sync_is_kept() {
    let mut devices = pair();
    for title in ["one", "two", "three"] {
        add(&mut devices[0], title, 3000);
    }
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 4000);
    }
    let b = &mut devices[1];
    b.batch_limit = 1;
    b.collect(4000);
    let batch = b.replica.next_batch(1).unwrap();
    let old = b.host.children(3)[0];
    add(b, "mine", 4100);
    b.host.shift(old, 1, 0);
    assert!(!b.host.apply(&batch), "the user was faster");
    b.replica.applied(batch.number + 1);
    b.settle(4200);
    exchange(&mut devices, 5000);
    assert_outline(
        &devices[0].outline(),
        "
        toolbar
          Old <https://old.example/>
          News <https://news.example/>
          + Trip
            Map <https://map.example/>
            ---
            Hut <https://hut.example/>
        menu
          three <https://three.example/>
          two <https://two.example/>
          one <https://one.example/>
          mine <https://mine.example/>
        ",
    );
}

#[test]
fn what_is_on_its_way_to_the_host_is_not_taken_back() {
    let mut devices = pair();
    let (news, trip) = (devices[0].host.children(1)[0], devices[0].host.children(1)[1]);
    devices[0].host.set(news, |texts| texts.title = "Renamed".into());
    devices[0].host.shift(trip, 3, 0);
    let old = devices[0].host.children(3)[1];
    devices[0].host.remove(old);
    devices[0].settle(3000);
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 4000);
    }
    // The other host still shows the old tree, and its user only changes an address.
    let b = &mut devices[1];
    let news = b.host.children(1)[0];
    b.host
        .set(news, |texts| texts.url = "https://news.example/now".into());
    let counts = b.collect(4000);
    assert_eq!(
        (counts.changed, counts.moved, counts.added, counts.removed),
        (1, 0, 0, 0)
    );
    exchange(&mut devices, 5000);
    assert_outline(
        &devices[1].outline(),
        "
        toolbar
          Renamed <https://news.example/now>
        other
          + Trip
            Map <https://map.example/>
            ---
            Hut <https://hut.example/>
        ",
    );
}

#[test]
fn a_change_that_the_deleting_user_had_not_seen_keeps_the_item() {
    let mut devices = pair();
    let news = devices[0].host.children(1)[0];
    devices[0].host.set(news, |texts| texts.title = "Renamed".into());
    devices[0].settle(3000);
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 4000);
    }
    let news = devices[1].host.children(1)[0];
    devices[1].host.remove(news);
    devices[1].collect(4000);
    exchange(&mut devices, 5000);
    assert!(devices[0].outline().contains("Renamed"));
    // Now both have seen it, and the deletion holds.
    let news = devices[1].host.children(1)[0];
    devices[1].host.remove(news);
    exchange(&mut devices, 6000);
    assert!(!devices[0].outline().contains("Renamed"));
}

#[test]
fn two_that_import_the_same_library_at_once_do_not_double_it() {
    let mut devices = vec![Device::first(1, LIBRARY, 1000), Device::first(2, LIBRARY, 1007)];
    exchange(&mut devices, 2000);
    assert_outline(&devices[0].outline(), LIBRARY);
    assert_eq!(devices[0].replica.len(), 6);
}

#[test]
fn a_join_unites_folders_keeps_notes_and_deletes_nothing() {
    let mut devices = vec![Device::first(1, LIBRARY, 1000), Device::new(2)];
    devices[0].publish();
    plant(
        &mut devices[1].host,
        "
        toolbar
          + Trip
            Bus <https://bus.example/>
            Hut <HTTPS://hut.example>
          Mine <https://mine.example/>
        ",
    );
    let hut = devices[1].host.children(devices[1].host.children(1)[0])[1];
    devices[1]
        .host
        .set(hut, |texts| texts.description = "warm".into());
    devices[1].collect(3000);
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 3000);
    }
    assert_eq!(
        devices[1].replica.take_delta(1000),
        None,
        "nothing before the join"
    );
    let counts = devices[1].join(3000);
    assert_eq!(
        (counts.matched, counts.added, counts.changed, counts.removed),
        (2, 2, 1, 0)
    );
    exchange(&mut devices, 4000);
    assert_outline(
        &devices[0].outline(),
        "
        toolbar
          News <https://news.example/>
          + Trip
            Map <https://map.example/>
            ---
            Bus <https://bus.example/>
            Hut <https://hut.example/>
          Mine <https://mine.example/>
        other
          Old <https://old.example/>
        ",
    );
    let tree = devices[0].replica.tree();
    let hut = tree.toolbar[1]
        .children
        .iter()
        .find(|node| node.field("title") == "Hut")
        .unwrap();
    assert_eq!(
        (hut.field("url"), hut.field("description")),
        ("https://hut.example/", "warm")
    );
}

#[test]
fn a_wrong_clock_neither_spreads_nor_locks_a_title() {
    let mut devices = pair();
    let far = 40_000_000_000_000;
    let news = devices[0].host.children(1)[0];
    devices[0]
        .host
        .set(news, |texts| texts.title = "From the future".into());
    devices[0].settle(far);
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 5000);
    }
    devices[1].settle(5000);
    let news = devices[1].host.children(1)[0];
    devices[1]
        .host
        .set(news, |texts| texts.title = "From today".into());
    add(&mut devices[1], "new", 6000);
    let rows = devices[1].replica.take_delta(10_000).unwrap().rows;
    let late = rows
        .iter()
        .filter(|row| row.fields.values().any(|(_, stamp)| stamp.ms >= far))
        .count();
    assert_eq!(late, 1, "only the title that had a late stamp");
    let me = *devices[1].replica.id();
    devices[1].published.push(Delta {
        replica: me,
        seq: 1,
        rows,
    });
    for delta in devices[1].published.clone() {
        devices[0].merge(&delta, far);
    }
    assert!(devices[0].outline().contains("From today"));
}

#[test]
fn a_folder_goes_into_its_own_child_on_the_other_side() {
    let outline = "
        menu
          + Outer
            + Inner
              Leaf <https://leaf.example/>
    ";
    let mut devices = vec![Device::first(1, outline, 1000), Device::new(2)];
    exchange_join(&mut devices);
    let outer = devices[0].host.children(2)[0];
    let inner = devices[0].host.children(outer)[0];
    devices[0].host.shift(inner, 2, 0);
    devices[0].host.shift(outer, inner, 0);
    devices[1].batch_limit = 1;
    exchange(&mut devices, 3000);
    let turned = "
        menu
          + Inner
            + Outer
            Leaf <https://leaf.example/>
    ";
    assert_outline(&devices[1].outline(), turned);
}

/// The second joins the first.
fn exchange_join(devices: &mut [Device]) {
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 1500);
    }
    devices[1].collect(1500);
    devices[1].join(1500);
    exchange(devices, 2000);
}

#[test]
fn what_moved_out_survives_the_removal_of_its_folder() {
    let mut devices = pair();
    let trip = devices[0].host.children(1)[1];
    let hut = devices[0].host.children(trip)[2];
    devices[0].host.shift(hut, 2, 0);
    devices[0].host.remove(trip);
    devices[1].batch_limit = 1;
    exchange(&mut devices, 3000);
    let left = "
        toolbar
          News <https://news.example/>
        menu
          Hut <https://hut.example/>
        other
          Old <https://old.example/>
    ";
    assert_outline(&devices[1].outline(), left);
}

#[test]
fn a_folder_revived_before_its_removal_was_done_still_loses_what_died_in_it() {
    let mut devices = pair();
    let id = devices[0].replica.tree().toolbar[1].id.clone();
    let fields = BTreeMap::from([("title".to_owned(), "Rail".to_owned())]);
    let op = EditOp::Add {
        id: None,
        parent: id,
        index: None,
        kind: Kind::Folder,
        fields,
    };
    let mut third = Device::new(3);
    third
        .replica
        .merge_snapshot(0x1111_1111_1111_1111.into(), &devices[0].replica.snapshot(), 2500)
        .unwrap();
    third.join(2500);
    third.replica.edit(op, 3000, &mut third.rng).unwrap();
    let revival = third.replica.take_delta(10_000).unwrap();

    let trip = devices[0].host.children(1)[1];
    devices[0].host.remove(trip);
    devices[0].settle(3000);
    devices[0].publish();
    let deltas = devices[0].published.clone();
    let b = &mut devices[1];
    deltas.iter().for_each(|delta| drop(b.merge(delta, 4000)));
    let batch = b.replica.next_batch(100).unwrap();
    assert_eq!(batch.edits.len(), 1, "the folder goes with all it holds");
    add(b, "mine", 4000);
    assert!(!b.host.apply(&batch));
    b.merge(&revival, 4000);
    b.settle(4000);
    assert_outline(
        &b.outline(),
        "
        toolbar
          News <https://news.example/>
          + Trip
            + Rail
        menu
          mine <https://mine.example/>
        other
          Old <https://old.example/>
        ",
    );
}

#[test]
fn folders_nested_too_deep_are_shown_at_the_deepest_level() {
    let mut devices = vec![Device::new(1), Device::new(2)];
    let mut parent = 2;
    for depth in 0..505 {
        parent = devices[0].host.add(
            parent,
            0,
            Kind::Folder,
            Texts {
                title: format!("d{depth}"),
                ..Texts::default()
            },
        );
    }
    devices[0].collect(1000);
    devices[0].join(1000);
    exchange_join(&mut devices);
    for device in &devices {
        assert_eq!(
            (device.host.tokens().len(), device.host.depth()),
            (505, replica::MAX_DEPTH)
        );
    }
    // Taken apart it gets its levels back.
    let middle = devices[1].host.tokens()[150];
    devices[1].host.shift(middle, 3, 0);
    exchange(&mut devices, 3000);
    assert_eq!(devices[0].host.children(3).len(), 1);
    assert_eq!(devices[0].host.tokens().len(), 505);
}

#[test]
fn direct_edits_check_what_they_are_given() {
    let mut device = Device::new(1);
    let rng = &mut device.rng;
    let replica = &mut device.replica;
    let id = |name: &str| ItemId::new(name).unwrap();
    let fields = |title: &str| BTreeMap::from([("title".to_owned(), title.to_owned())]);
    let add = |name: &str, parent: &str, kind| EditOp::Add {
        id: Some(id(name)),
        parent: id(parent),
        index: None,
        kind,
        fields: fields(name),
    };
    assert_eq!(
        replica.edit(add("a", "menu", Kind::Folder), 1, rng),
        Err(EditError::NotJoined)
    );
    replica.join(1, rng);
    replica.edit(add("a", "menu", Kind::Folder), 1, rng).unwrap();
    replica.edit(add("b", "a", Kind::Folder), 1, rng).unwrap();
    replica.edit(add("l", "b", Kind::Link), 1, rng).unwrap();
    let before = replica.tree();
    let into = |name: &str, parent: &str| EditOp::Move {
        id: id(name),
        parent: id(parent),
        index: Some(0),
    };
    for (op, error) in [
        (add("a", "menu", Kind::Link), EditError::IdTaken { id: id("a") }),
        (
            add("c", "nowhere", Kind::Link),
            EditError::NoSuchFolder { id: id("nowhere") },
        ),
        (add("c", "l", Kind::Link), EditError::NoSuchFolder { id: id("l") }),
        (
            into("a", "b"),
            EditError::IntoItself {
                id: id("a"),
                parent: id("b"),
            },
        ),
        (
            into("a", "a"),
            EditError::IntoItself {
                id: id("a"),
                parent: id("a"),
            },
        ),
        (into("menu", "a"), EditError::Root { id: id("menu") }),
        (
            EditOp::Remove { id: id("toolbar") },
            EditError::Root { id: id("toolbar") },
        ),
        (
            EditOp::Set {
                id: id("gone"),
                fields: fields("x"),
            },
            EditError::NoSuchItem { id: id("gone") },
        ),
    ] {
        assert_eq!(replica.edit(op, 2, rng), Err(error));
    }
    assert_eq!(replica.tree(), before);
    replica.edit(EditOp::Remove { id: id("a") }, 3, rng).unwrap();
    assert!(replica.is_empty());
    let same = |replica: &mut Replica, rng: &mut _| {
        let op = EditOp::Add {
            id: None,
            parent: ItemId::root(Root::Other),
            index: Some(0),
            kind: Kind::Link,
            fields: fields("t"),
        };
        replica.edit(op, 4, rng).unwrap()
    };
    assert_ne!(
        same(replica, rng),
        same(replica, rng),
        "the same twice on purpose is two"
    );
}

#[test]
fn a_state_older_than_what_it_published_is_noticed() {
    let mut device = Device::first(1, LIBRARY, 1000);
    device.publish();
    let backup = device.disk.clone();
    add(&mut device, "after", 2000);
    device.publish();
    let lost = device.published.last().unwrap().clone();
    device.disk = backup;
    let records = device
        .disk
        .iter()
        .map(|((table, key), value)| (table.clone(), key.clone(), value.clone()));
    let mut restored = Replica::load(records).unwrap().unwrap();
    let merged = restored.merge(&lost, 3000).unwrap();
    assert!(merged.own_unknown);
    assert_eq!(merged.added, 1);
    restored.rename(ReplicaId::from(5));
    assert!(restored.version_vector().contains(lost.replica, lost.seq));
}

#[test]
fn a_snapshot_stands_for_the_deltas_that_were_due() {
    let mut devices = vec![Device::first(1, LIBRARY, 1000), Device::new(2)];
    let snapshot = devices[0].replica.take_snapshot();
    assert_eq!(
        (
            devices[0].replica.unpublished(),
            devices[0].replica.take_delta(1000)
        ),
        (0, None)
    );
    assert_eq!(snapshot.cover.last(*devices[0].replica.id()), 1);
    devices[1]
        .replica
        .merge_snapshot(0x1111_1111_1111_1111.into(), &snapshot, 2000)
        .unwrap();
    devices[1].join(2000);
    devices[1].settle(2000);
    assert_all_equal(&devices);
    assert_eq!(devices[1].replica.unpublished(), 0, "nothing of its own to say");
}

#[test]
fn an_order_that_the_user_made_is_no_news_after_a_restart() {
    let mut devices = pair();
    let trip = devices[0].host.children(1)[1];
    devices[0].host.shift(trip, 1, 0);
    devices[0].settle(3000);
    devices[0].save();
    devices[0].publish();
    devices[0].restart();
    let counts = devices[0].collect(4000);
    assert_eq!(
        (counts.matched, counts.moved, counts.changed, counts.added),
        (6, 0, 0, 0)
    );
    // The same when meanwhile another device has made another order.
    let deltas = devices[0].published.clone();
    deltas
        .iter()
        .for_each(|delta| drop(devices[1].merge(delta, 4000)));
    devices[1].settle(4000);
    let trip = devices[1].host.children(1)[0];
    devices[1].host.shift(trip, 1, 1);
    devices[1].settle(5000);
    devices[1].publish();
    devices[0].restart();
    let deltas = devices[1].published.clone();
    deltas
        .iter()
        .for_each(|delta| drop(devices[0].merge(delta, 6000)));
    assert_eq!(
        devices[0].collect(6000).moved,
        0,
        "the file's order is the one that was saved"
    );
    exchange(&mut devices, 7000);
    assert_outline(&devices[0].outline(), LIBRARY);
}

/// What stands in the file in place of a link, with its title and another address, is that link with other notes only when they
/// stayed as well.
#[test]
fn a_title_alone_makes_no_edit_of_what_was_replaced_while_the_plugin_was_off() {
    for same_notes in [true, false] {
        let mut device = Device::first(1, "\n    menu\n      Start <https://one.example/>\n", 1000);
        device.save();
        let of = |device: &Device| device.tokens().into_keys().next().unwrap();
        let id = of(&device);
        let old = device.host.children(2)[0];
        device.host.remove(old);
        let description = if same_notes { "" } else { "of another one" };
        let texts = Texts {
            title: "Start".to_owned(),
            url: "https://two.example/".to_owned(),
            description: description.to_owned(),
            ..Texts::default()
        };
        device.host.add(2, 0, Kind::Link, texts);
        device.host.save();
        device.restart();
        device.settle(2000);
        assert_eq!(device.replica.len(), 1);
        assert_eq!(of(&device) == id, same_notes);
    }
}

#[test]
fn the_records_are_stable() {
    let mut device = Device::new(1);
    plant(
        &mut device.host,
        "menu\n  + Trip\n    Map <https://map.example/>\n    ---\n",
    );
    device.collect(1000);
    device.join(1000);
    let map = device.host.children(device.host.children(2)[0])[0];
    device.host.remove(map);
    device.collect(2000);
    let records: Vec<String> = device
        .disk
        .iter()
        .map(|((table, key), value)| format!("{table} {key} {}", String::from_utf8_lossy(value)))
        .collect();
    insta::assert_snapshot!(records.join("\n"), @r#"
    replica_meta replica {"v":1,"id":"1111111111111111","joined":true,"clock":{"ms":2000,"counter":0},"vector":{}}
    replica_row CSWDRCXCEA6zctSd {"i":"CSWDRCXCEA6zctSd","k":"folder","p":["menu","V000je",[1000,0,"1111111111111111"],"menu"],"f":{"title":["Trip",[1000,0,"1111111111111111"]]}}
    replica_row oPNWJcoN6N87ex5R {"i":"oPNWJcoN6N87ex5R","k":"link","p":["CSWDRCXCEA6zctSd","V000kz1",[1000,0,"1111111111111111"],"CSWDRCXCEA6zctSd"],"f":{"title":["Map",[1000,0,"1111111111111111"]],"url":["https://map.example/",[1000,0,"1111111111111111"]]},"x":[1000,0,"1111111111111111"],"c":1}
    replica_row yla42nti6v3IKwF3 {"i":"yla42nti6v3IKwF3","k":"sep","p":["CSWDRCXCEA6zctSd","V000kz2",[1000,0,"1111111111111111"],"CSWDRCXCEA6zctSd"]}
    replica_unpublished CSWDRCXCEA6zctSd {"p":true,"f":["title"]}
    replica_unpublished oPNWJcoN6N87ex5R {"p":true,"f":["title","url"],"x":true}
    replica_unpublished yla42nti6v3IKwF3 {"p":true}
    replica_view CSWDRCXCEA6zctSd [null,true]
    replica_view oPNWJcoN6N87ex5R [true,null]
    replica_view yla42nti6v3IKwF3 [null,true]
    "#);
}

#[test]
fn broken_records_are_named_and_newer_ones_refused() {
    let load = |table: &str, key: &str, value: &str| {
        Replica::load([(table.to_owned(), key.to_owned(), value.as_bytes().to_vec())]).map(drop)
    };
    assert!(Replica::load([("", "", []); 0]).unwrap().is_none());
    assert_eq!(
        load("replica_meta", "replica", r#"{"v":2,"new":true}"#),
        Err(LoadError::Newer { found: 2, known: 1 })
    );
    assert_eq!(
        load("replica_row", "a", r#"{"i":"a","k":"sep"}"#),
        Err(LoadError::NoMeta)
    );
    for (table, key, value) in [
        ("replica_row", "a", "{"),
        ("replica_view", "a b", "[]"),
        ("replica_what", "a", "{}"),
    ] {
        let error = load(table, key, value).unwrap_err();
        assert!(
            matches!(&error, LoadError::Unreadable { table: found, .. } if found == table),
            "{error}"
        );
    }
}

#[test]
fn keys_stay_short_when_everything_is_put_at_one_spot() {
    let mut devices = pair();
    let Device { rng, replica, .. } = &mut devices[0];
    let before = replica.tree().toolbar.len();
    for number in 0..4000 {
        let add = EditOp::Add {
            id: None,
            parent: ItemId::root(Root::Toolbar),
            index: Some(1),
            kind: Kind::Link,
            fields: BTreeMap::from([("url".to_owned(), format!("https://{number}.example/"))]),
        };
        replica.edit(add, 10_000, rng).unwrap();
    }
    let longest = replica
        .snapshot()
        .rows
        .iter()
        .filter_map(|row| row.place.as_ref())
        .map(|place| place.position.len())
        .max();
    assert!(longest.unwrap() <= replica::MAX_POSITION_DIGITS, "{longest:?}");
    let urls: Vec<String> = replica.tree().toolbar[1..]
        .iter()
        .map(|node| node.field("url").to_owned())
        .collect();
    assert_eq!(urls.len(), before - 1 + 4000);
    for (url, number) in urls.iter().zip((0..4000).rev()) {
        assert_eq!(*url, format!("https://{number}.example/"));
    }
    devices[0].persist();
    exchange(&mut devices, 20_000);
}
