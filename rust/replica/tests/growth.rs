// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What was deleted long ago is forgotten, and comes back by nobody: not by a device that was away for longer, nor by a new
//! one with an old state. The scenario `long-absent-device`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use replica::{Delta, EditOp, ItemId, Kind, Merged, RETENTION_MS, Snapshot, TreeNode};
use support::device::{Device, assert_all_equal, exchange};
use support::host::Texts;

const DAY: u64 = 24 * 3_600_000;
const START: u64 = 20_000 * DAY;
/// When what was deleted at the start is forgotten.
const LATER: u64 = START + 200 * DAY;
const MENU: u64 = 2;

/// Devices with the same library of a folder with two links, and twenty more links.
fn synced(count: u64) -> Vec<Device> {
    let links: String = (0..20)
        .map(|n| format!("      Link {n} <https://l{n}.example/>\n"))
        .collect();
    let outline = format!(
        "\n    menu\n      + Old\n        One <https://one.example/>\n        Two <https://two.example/>\n{links}"
    );
    let mut devices = vec![Device::first(1, &outline, START)];
    devices[0].publish();
    let deltas = devices[0].published.clone();
    for number in 2..=count {
        let mut device = Device::new(number);
        deltas.iter().for_each(|delta| drop(device.merge(delta, START)));
        device.join(START);
        devices.push(device);
    }
    exchange(&mut devices, START);
    devices
}

fn titled(device: &Device, title: &str) -> Option<TreeNode> {
    fn find(nodes: &[TreeNode], title: &str) -> Option<TreeNode> {
        nodes.iter().find_map(|node| {
            let here = (node.field("title") == title).then(|| node.clone());
            here.or_else(|| find(&node.children, title))
        })
    }
    let tree = device.replica.tree();
    [tree.toolbar, tree.menu, tree.other]
        .iter()
        .find_map(|nodes| find(nodes, title))
}

fn token(device: &Device, title: &str) -> u64 {
    let mut tokens = device.host.tokens().into_iter();
    tokens
        .find(|token| *device.host.texts(*token).title == *title)
        .unwrap()
}

fn delete(device: &mut Device, title: &str, now: u64) {
    let token = token(device, title);
    device.host.remove(token);
    device.settle(now);
    device.save();
}

fn add(device: &mut Device, parent: u64, title: &str, now: u64) {
    let texts = Texts {
        title: title.to_owned(),
        url: format!("https://{title}.example/"),
        ..Texts::default()
    };
    device.host.add(parent, 0, Kind::Link, texts);
    device.settle(now);
    device.save();
}

fn forget(device: &mut Device, now: u64) -> usize {
    let forgotten = device.replica.forget_dead(now);
    device.persist();
    forgotten
}

/// As a client does on the day on which it learned of a deletion: from then on it counts.
fn note(device: &mut Device, now: u64) {
    assert_eq!(forget(device, now), 0, "noted today");
}

/// As it goes over the wire.
fn snapshot(device: &Device) -> Snapshot {
    serde_json::from_str(&serde_json::to_string(&device.replica.snapshot()).unwrap()).unwrap()
}

fn take(device: &mut Device, from: &Device, now: u64) -> Merged {
    let merged = device
        .replica
        .merge_snapshot(*from.replica.id(), &snapshot(from), now);
    device.persist();
    merged.unwrap()
}

/// The first and the second device delete a folder with what it holds and a link, and forget them; the third is away.
fn long_absent() -> Vec<Device> {
    let mut devices = synced(3);
    delete(&mut devices[0], "Old", START + DAY);
    delete(&mut devices[0], "Link 3", START + DAY);
    exchange(&mut devices[..2], START + DAY);
    for device in &mut devices[..2] {
        note(device, START + DAY);
        assert_eq!(forget(device, LATER), 4);
    }
    assert_all_equal(&devices[..2]);
    devices
}

#[test]
fn the_dead_are_forgotten_after_a_time_and_not_before() {
    let mut devices = synced(2);
    let rows = |device: &Device| {
        device
            .disk
            .keys()
            .filter(|(table, _)| table == "replica_row")
            .count()
    };
    delete(&mut devices[0], "Old", START + DAY);
    exchange(&mut devices, START + DAY);
    let before = rows(&devices[0]);
    devices.iter_mut().for_each(|device| note(device, START + DAY));
    assert_eq!(
        forget(&mut devices[0], START + DAY + RETENTION_MS),
        0,
        "not to the day"
    );
    assert_eq!(rows(&devices[0]), before);
    assert_eq!(forget(&mut devices[0], LATER), 3);
    assert_eq!(rows(&devices[0]), before - 3);
    assert_eq!(snapshot(&devices[0]).rows.len(), before - 3);
    assert_eq!(forget(&mut devices[0], LATER), 0, "once");
    devices[0].reload();
    assert_all_equal(&devices);

    // Whoever has not forgotten yet brings nothing back, nor does what is delivered once more.
    let (first, second) = devices.split_at_mut(1);
    take(&mut first[0], &second[0], LATER);
    for delta in second[0].published.clone() {
        first[0].merge(&delta, LATER);
    }
    first[0].settle(LATER);
    assert_all_equal(&devices);
    assert_eq!(forget(&mut devices[0], LATER), 3, "the snapshot's, noted then");
}

/// The stamp of a death is that of the item's last change, which may be years before.
#[test]
fn what_had_not_changed_for_long_is_remembered_as_long() {
    let mut devices = synced(3);
    let (deleted, later) = (START + 400 * DAY, START + 588 * DAY);
    delete(&mut devices[0], "Link 3", deleted);
    exchange(&mut devices[..2], deleted);
    for device in &mut devices[..2] {
        note(device, deleted);
        note(device, deleted + RETENTION_MS);
        device.reload();
        assert_eq!(forget(device, deleted + 187 * DAY), 0, "not to the day");
    }
    // A device that comes back within that time hears of it from a snapshot that still names it.
    let (first, rest) = devices.split_at_mut(1);
    take(&mut rest[1], &first[0], deleted + RETENTION_MS);
    assert!(titled(&rest[1], "Link 3").is_none());
    for device in &mut devices[..2] {
        assert_eq!(forget(device, later), 1);
    }
    // It counts anew where a clock was put back.
    delete(&mut devices[0], "Link 4", later);
    note(&mut devices[0], later);
    note(&mut devices[0], later - 100 * DAY);
    devices[0].reload();
    assert_eq!(forget(&mut devices[0], later + 80 * DAY), 0);
    assert_eq!(
        forget(&mut devices[0], later + 88 * DAY),
        0,
        "nobody has heard of it"
    );
    devices[0].publish();
    assert_eq!(forget(&mut devices[0], later + 88 * DAY), 1);
}

#[test]
fn what_is_needed_is_remembered() {
    let mut devices = synced(2);
    // A folder dies while another device puts something into it: it is shown for that.
    let folder = titled(&devices[0], "Old").unwrap().id;
    delete(&mut devices[0], "Old", START + DAY);
    let old = token(&devices[1], "Old");
    add(&mut devices[1], old, "new-within", START + DAY);
    exchange(&mut devices, START + DAY);
    assert_eq!(
        titled(&devices[0], "new-within").unwrap().field("title"),
        "new-within"
    );
    note(&mut devices[0], START + DAY);
    assert_eq!(forget(&mut devices[0], LATER), 2, "what it held alone");
    assert!(titled(&devices[0], "new-within").is_some());
    assert!(
        snapshot(&devices[0])
            .rows
            .iter()
            .any(|row| row.id == folder.as_str())
    );
    assert_all_equal(&devices);
    // What no delta has told yet.
    delete(&mut devices[0], "Link 3", START + 2 * DAY);
    note(&mut devices[0], START + 2 * DAY);
    assert_eq!(forget(&mut devices[0], LATER), 0, "nobody has heard of it");
    // The host's file may still hold it.
    devices[0].publish();
    let token = token(&devices[0], "Link 4");
    devices[0].host.remove(token);
    devices[0].collect(START + 2 * DAY);
    devices[0].publish();
    note(&mut devices[0], START + 2 * DAY);
    assert_eq!(forget(&mut devices[0], LATER), 1, "Link 3 alone");
    devices[0].save();
    assert_eq!(forget(&mut devices[0], LATER), 1);
}

#[test]
fn a_device_that_was_away_for_longer_resurrects_nothing() {
    let mut devices = long_absent();
    let (first, rest) = devices.split_at_mut(1);
    let away = &mut rest[1];
    let merged = take(away, &first[0], LATER);
    assert_eq!((merged.removed, merged.held), (4, 0));
    away.settle(LATER);
    assert!(titled(away, "Old").is_none() && titled(away, "Link 3").is_none());
    exchange(&mut devices, LATER);
    assert_eq!(devices[0].replica.len(), 19);
}

#[test]
fn what_it_added_and_changed_meanwhile_lives() {
    let mut devices = long_absent();
    // While it was away, and long ago too: a new link, one in the folder that is gone elsewhere, another name for a link
    // that is gone elsewhere.
    let now = START + 2 * DAY;
    let away = &mut devices[2];
    add(away, MENU, "added", now);
    let old = token(away, "Old");
    add(away, old, "added-within", now);
    let link = token(away, "Link 3");
    away.host.set(link, |texts| texts.title = "renamed".to_owned());
    away.settle(now);
    away.save();
    away.restart();
    away.settle(LATER - DAY);

    let (first, rest) = devices.split_at_mut(1);
    take(&mut rest[1], &first[0], LATER);
    exchange(&mut devices, LATER);
    for device in &devices {
        for title in ["added", "added-within", "renamed", "Old"] {
            assert!(titled(device, title).is_some(), "{title}");
        }
        assert!(titled(device, "One").is_none() && titled(device, "Two").is_none());
        let within = titled(device, "Old").unwrap().children;
        assert_eq!(within.len(), 1, "where it was put");
        assert_eq!(
            titled(device, "renamed").unwrap().field("url"),
            "https://l3.example/"
        );
        let mut again = Device::new(9);
        let merged = take(&mut again, device, LATER);
        assert!(merged.refused.is_empty());
        assert_eq!(
            again.replica.tree(),
            device.replica.tree(),
            "whoever comes new sees the same"
        );
    }
}

#[test]
fn it_may_end_at_any_moment() {
    let mut devices = long_absent();
    let link = token(&devices[2], "Link 3");
    devices[2]
        .host
        .set(link, |texts| texts.title = "renamed".to_owned());
    devices[2].settle(START + 2 * DAY);
    devices[2].save();
    let (first, rest) = devices.split_at_mut(1);
    let away = &mut rest[1];
    take(away, &first[0], LATER);
    // Before anything was sent, and before the host got its batch.
    away.restart();
    take(away, &first[0], LATER);
    away.restart();
    exchange(&mut devices, LATER);
    assert!(titled(&devices[1], "renamed").is_some());
    assert_eq!(devices[1].replica.len(), 20);
}

#[test]
fn absence_alone_proves_nothing() {
    // Whoever has not seen all that was merged here may not know of it.
    let mut devices = long_absent();
    add(&mut devices[2], MENU, "published", START + DAY);
    devices[2].publish();
    let (first, rest) = devices.split_at_mut(1);
    let merged = take(&mut rest[1], &first[0], LATER);
    assert_eq!(merged.removed, 0);
    assert!(titled(&rest[1], "published").is_some() && titled(&rest[1], "Old").is_some());

    // Whoever has forgotten nothing has deleted nothing.
    let mut devices = long_absent();
    let mut whole = snapshot(&devices[0]);
    whole.floor = None;
    let of = *devices[0].replica.id();
    let merged = devices[2].replica.merge_snapshot(of, &whole, LATER).unwrap();
    assert_eq!(merged.removed, 0);

    // Whoever has refused rows may lack what it did not understand, and so may those that have their state of it.
    let mut devices = synced(3);
    let mut row = snapshot(&devices[0]).rows[3].clone();
    (row.id, row.kind) = ("from-the-future".to_owned(), "feed".to_owned());
    let delta = Delta {
        replica: 77.into(),
        seq: 1,
        rows: vec![row],
    };
    assert_eq!(devices[0].merge(&delta, START).refused.len(), 1);
    delete(&mut devices[0], "Old", START + DAY);
    note(&mut devices[0], START + DAY);
    assert_eq!(forget(&mut devices[0], LATER), 0);
    let (first, rest) = devices.split_at_mut(1);
    take(&mut rest[0], &first[0], START + DAY);
    rest[0].reload();
    note(&mut rest[0], START + DAY);
    assert_eq!(forget(&mut rest[0], LATER), 0);
    assert!(snapshot(&rest[0]).partial);

    // Nor does it where the clock says that it is recent.
    let mut devices = long_absent();
    let (first, rest) = devices.split_at_mut(1);
    assert_eq!(take(&mut rest[1], &first[0], START + 100 * DAY).removed, 0);
}

#[test]
fn a_large_absence_waits_for_the_user() {
    let mut devices = synced(3);
    let links: Vec<String> = (0..12).map(|n| format!("Link {n}")).collect();
    for title in &links {
        delete(&mut devices[0], title, START + DAY);
    }
    exchange(&mut devices[..2], START + DAY);
    for device in &mut devices[..2] {
        note(device, START + DAY);
        assert_eq!(forget(device, LATER), 12);
    }
    let (first, rest) = devices.split_at_mut(1);
    let away = &mut rest[1];
    let merged = take(away, &first[0], LATER);
    assert_eq!((merged.removed, merged.held), (0, 12));
    // Refused: they are told to all in whole.
    away.replica.answer_held(None, false, LATER);
    away.persist();
    exchange(&mut devices, LATER);
    assert_eq!(devices[0].replica.len(), 23);
    assert_eq!(
        titled(&devices[1], "Link 5").unwrap().field("url"),
        "https://l5.example/"
    );
}

/// A new device gets an old state first, which still holds what was deleted, then a newer one.
#[test]
fn a_new_device_with_an_old_state_resurrects_nothing() {
    let mut devices = synced(2);
    let old = snapshot(&devices[1]);
    delete(&mut devices[0], "Old", START + DAY);
    exchange(&mut devices, START + DAY);
    for device in &mut devices {
        note(device, START + DAY);
        forget(device, LATER);
    }
    let mut new = Device::new(3);
    new.replica
        .merge_snapshot(*devices[1].replica.id(), &old, LATER)
        .unwrap();
    assert!(titled(&new, "Old").is_some());
    take(&mut new, &devices[0], LATER);
    assert!(titled(&new, "Old").is_none());
    new.join(LATER);
    devices.push(new);
    exchange(&mut devices, LATER);
    // It passes on up to where its own state was forgotten.
    assert!(snapshot(&devices[2]).floor.is_some());
}

#[test]
fn a_dead_id_can_be_used_again() {
    let mut devices = long_absent();
    let id = {
        let (first, rest) = devices.split_at_mut(1);
        let id: ItemId = titled(&rest[1], "Link 3").unwrap().id;
        take(&mut rest[1], &first[0], LATER);
        id
    };
    let fields = [("title", "Link 3"), ("url", "https://l3.example/")];
    let add = EditOp::Add {
        id: Some(id.clone()),
        parent: ItemId::root(replica::Root::Menu),
        index: None,
        kind: Kind::Link,
        fields: fields
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into(),
    };
    let device = &mut devices[0];
    device.reload();
    device.replica.edit(add, LATER, &mut device.rng).unwrap();
    device.persist();
    exchange(&mut devices, LATER);
    assert_eq!(titled(&devices[2], "Link 3").unwrap().id, id);
}

/// A folder that died long ago, and was forgotten by others, is given to them again by whoever put something into it.
#[test]
fn a_folder_that_others_have_forgotten_comes_with_what_is_put_into_it() {
    let mut devices = long_absent();
    // The deletion itself still reaches the third device, which has put something into the folder.
    let old = token(&devices[2], "Old");
    add(&mut devices[2], old, "new-within", START + 2 * DAY);
    for delta in devices[0].published.clone() {
        devices[2].merge(&delta, LATER);
    }
    assert!(titled(&devices[2], "Old").is_some(), "shown for what is in it");
    note(&mut devices[2], START + 2 * DAY);
    forget(&mut devices[2], LATER);
    exchange(&mut devices, LATER);
    let within = titled(&devices[0], "Old").unwrap().children;
    assert_eq!(within[0].field("title"), "new-within");
}
