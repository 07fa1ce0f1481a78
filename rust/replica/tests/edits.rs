// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Edits by the name of the item, as bots make them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use std::collections::BTreeMap;

use replica::{EditError, EditOp, ItemId, Kind, Replica, Root};
use support::device::{Device, exchange};
use support::pair::pair;

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
