// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Nothing grows faster than the data: large folders, large batches, long imports. The bounds are generous, so that they hold
//! unoptimised on a busy machine, and far below what a quadratic path would take. `./dev bench` has the figures.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it measures time"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use std::collections::BTreeMap;
use std::time::Instant;

use replica::{EditOp, HostItem, HostTree, ItemId, Kind, Reconciled, Root};
use support::device::{Device, exchange};
use support::host::Texts;

/// A library of `links` bookmarks in folders of 50, the first 16,000 (or a sixth) in one.
fn library(links: u64) -> HostTree {
    let mut tree = HostTree::default();
    let mut folder = 0;
    let crowd = (links / 6).min(16_000);
    for number in 0..links {
        if number == 0 || (number >= crowd && number % 50 == 0) {
            folder = 1_000_000 + number;
            tree.items.push(item(
                folder,
                1 + number % 3,
                Kind::Folder,
                format!("Folder {number}"),
                String::new(),
            ));
        }
        let url = format!("https://site{}.example/path/{number}?q=ä b", number % 977);
        tree.items.push(item(
            16 + number,
            folder,
            Kind::Link,
            format!("Bookmark number {number}"),
            url,
        ));
    }
    tree
}

fn item(token: u64, parent: u64, kind: Kind, title: String, url: String) -> HostItem {
    HostItem {
        token,
        parent,
        kind,
        title,
        url,
        description: String::new(),
        keyword: String::new(),
    }
}

fn timed<T>(what: &str, limit_ms: u128, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let result = work();
    let spent = begin.elapsed();
    println!("{what}: {:.1} ms", spent.as_secs_f64() * 1e3);
    assert!(spent.as_millis() < limit_ms, "{what} took {spent:?}");
    result
}

#[test]
fn a_hundred_thousand_bookmarks() {
    let mut tree = library(100_000);
    let mut device = Device::new(1);
    let rng = &mut device.rng;
    let replica = &mut device.replica;
    replica.join(1000, rng);
    timed("import", 30_000, || replica.reconcile(1, &tree, 1000, rng));
    assert!(timed("plan after import", 10_000, || replica.next_batch(1000)).is_none());
    replica.saved(1);
    let changes = timed("changes to save", 30_000, || replica.take_changes());
    let bytes: usize = changes
        .iter()
        .filter_map(|change| change.value.as_ref())
        .map(Vec::len)
        .sum();
    println!("{} records, {:.1} MB", changes.len(), bytes as f64 / 1e6);

    tree.items[50_000].title = "Renamed".into();
    let counts = timed("reconcile of one edit", 3_000, || {
        replica.reconcile(2, &tree, 2000, rng)
    });
    assert_eq!(
        counts,
        Reconciled {
            changed: 1,
            ..Reconciled::default()
        }
    );
    assert!(timed("plan after one edit", 500, || replica.next_batch(1000)).is_none());
    let added = item(
        9_000_000,
        tree.items[0].token,
        Kind::Link,
        "New".into(),
        "https://new.example/".into(),
    );
    tree.items.insert(8_000, added);
    let counts = timed("reconcile of one addition to 16,000", 3_000, || {
        replica.reconcile(3, &tree, 3000, rng)
    });
    assert_eq!(
        counts,
        Reconciled {
            added: 1,
            ..Reconciled::default()
        }
    );
    replica.next_batch(1000);
    assert!(replica.take_changes().len() < 10, "few records for one edit");

    let records: Vec<_> = changes
        .into_iter()
        .filter_map(|change| Some((change.table.to_owned(), change.key, change.value?)))
        .collect();
    let mut loaded = timed("load", 20_000, || replica::Replica::load(records))
        .unwrap()
        .unwrap();
    tree.items.iter_mut().for_each(|item| {
        item.token += 20_000_000;
        item.parent += if item.parent > 3 { 20_000_000 } else { 0 };
    });
    let counts = timed("first tree after a start", 30_000, || {
        loaded.reconcile(1, &tree, 4000, rng)
    });
    assert_eq!(
        (counts.added, counts.changed, counts.moved, counts.removed),
        (1, 1, 0, 0)
    );
    assert_eq!(
        timed("snapshot", 20_000, || loaded.snapshot()).rows.len(),
        loaded.len()
    );
    assert!(
        timed("all deltas", 60_000, || std::iter::from_fn(
            || replica.take_delta(60_000)
        )
        .count())
            > 300
    );
}

#[test]
fn merging_a_thousand_edits_each_way() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    let tree = library(20_000);
    a.replica.join(1000, &mut a.rng);
    a.replica.reconcile(1, &tree, 1000, &mut a.rng);
    b.replica
        .merge_snapshot(*a.replica.id(), &a.replica.take_snapshot(), 1000)
        .unwrap();
    b.replica.join(1000, &mut b.rng);
    let ids: Vec<ItemId> = a.replica.tree().toolbar[0]
        .children
        .iter()
        .map(|node| node.id.clone())
        .collect();
    for (number, id) in ids.iter().take(1000).enumerate() {
        let fields = BTreeMap::from([("title".to_owned(), format!("A {number}"))]);
        a.replica
            .edit(
                EditOp::Set {
                    id: id.clone(),
                    fields,
                },
                2000,
                &mut a.rng,
            )
            .unwrap();
        let (parent, index) = (ItemId::root(Root::Menu), Some(0));
        b.replica
            .edit(
                EditOp::Move {
                    id: id.clone(),
                    parent,
                    index,
                },
                2000,
                &mut b.rng,
            )
            .unwrap();
    }
    let (from_a, from_b) = (
        a.replica.take_delta(usize::MAX).unwrap(),
        b.replica.take_delta(usize::MAX).unwrap(),
    );
    timed("merge of 1,000 and 1,000 edits", 2_000, || {
        a.replica.merge(&from_b, 3000).unwrap();
        b.replica.merge(&from_a, 3000).unwrap();
    });
    assert_eq!(a.replica.tree(), b.replica.tree());
    timed("batch of 1,000 moves", 5_000, || a.replica.next_batch(10_000)).unwrap();
}

#[test]
fn twenty_thousand_insertions_into_one_folder() {
    let mut device = Device::new(1);
    device.replica.join(1000, &mut device.rng);
    let parent = ItemId::root(Root::Other);
    let mut add = |number: u64, index| {
        let fields = BTreeMap::from([("title".to_owned(), number.to_string())]);
        let op = EditOp::Add {
            id: None,
            parent: parent.clone(),
            index,
            kind: Kind::Folder,
            fields,
        };
        device.replica.edit(op, 1000 + number, &mut device.rng).unwrap();
    };
    timed("20,000 additions at the end", 30_000, || {
        (0..20_000).for_each(|number| add(number, None))
    });
    timed("1,000 insertions at one spot", 30_000, || {
        (20_000..21_000).for_each(|number| add(number, Some(100)))
    });
    let order: Vec<u64> = device
        .replica
        .tree()
        .other
        .iter()
        .map(|node| node.field("title").parse().unwrap())
        .collect();
    let expected: Vec<u64> = (0..100)
        .chain((20_000..21_000).rev())
        .chain(100..20_000)
        .collect();
    assert_eq!(order, expected);
    let longest = device
        .replica
        .snapshot()
        .rows
        .iter()
        .map(|row| row.place.as_ref().unwrap().position.len())
        .max();
    assert!(longest <= Some(replica::MAX_POSITION_DIGITS));
}

#[test]
fn a_large_library_reaches_another_host_in_batches() {
    let mut devices = [Device::new(1), Device::new(2)];
    let root = devices[0].host.add(
        1,
        0,
        Kind::Folder,
        Texts {
            title: "Crowd".into(),
            ..Texts::default()
        },
    );
    for number in 0..3_000 {
        let texts = Texts {
            title: format!("{number}"),
            url: format!("https://x.example/{number}"),
            ..Texts::default()
        };
        devices[0].host.add(root, number, Kind::Link, texts);
    }
    for device in &mut devices {
        device.batch_limit = 200;
        device.collect(1000);
        device.join(1000);
    }
    timed("3,000 into another host", 60_000, || exchange(&mut devices, 2000));
    assert_eq!(devices[1].host.tokens().len(), 3_001);
}
