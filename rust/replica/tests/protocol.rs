// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What happens between replicas: deltas doubled, reordered and lost, wrong clocks, and joins at the same time. Among them the
//! scenarios of kind `protocol` that concern a replica alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use std::collections::BTreeMap;

use replica::{Delta, EditOp, Kind};
use support::device::{Device, assert_all_equal, exchange};
use support::host::Texts;
use support::outline::{assert_outline, plant};
use support::pair::{LIBRARY, add, pair};

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
