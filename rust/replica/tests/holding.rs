// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Large deletions wait for the user, on either side; what the user plainly did does not. The scenarios of class `safety` that
//! are about a limit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use rand::SeedableRng;
use rand::rngs::StdRng;
use replica::{Consent, Delta, EditOp, Kind, Reconciled, Replica, Row, Side, TreeNode};
use support::device::{Device, assert_all_equal, exchange};
use support::host::Texts;

/// A folder of eleven links, and three more.
fn library() -> String {
    let links: String = (0..11)
        .map(|n| format!("        Link {n} <https://l{n}.example/>\n"))
        .collect();
    format!(
        "\n    menu\n      + All\n{links}      One <https://one.example/>\n      Two <https://two.example/>\n    other\n      Three <https://three.example/>\n"
    )
}

/// Devices with the same library.
fn synced(count: u64) -> Vec<Device> {
    let mut devices = vec![Device::first(1, &library(), 1000)];
    devices[0].publish();
    let deltas = devices[0].published.clone();
    for number in 2..=count {
        let mut device = Device::new(number);
        deltas.iter().for_each(|delta| drop(device.merge(delta, 1000)));
        device.join(1000);
        devices.push(device);
    }
    exchange(&mut devices, 2000);
    devices
}

fn ids(replica: &Replica) -> Vec<String> {
    fn walk(nodes: &[TreeNode], found: &mut Vec<String>) {
        for node in nodes {
            found.push(node.id.as_str().to_owned());
            walk(&node.children, found);
        }
    }
    let (tree, mut found) = (replica.tree(), Vec::new());
    for nodes in [&tree.toolbar, &tree.menu, &tree.other] {
        walk(nodes, &mut found);
    }
    found
}

/// The token of the folder of eleven.
fn folder(device: &Device) -> u64 {
    device.host.children(2)[0]
}

/// What a replica that asks nobody publishes when it deletes everything.
fn everything_dead(device: &Device, consent: Consent) -> Delta {
    let rows: Vec<Row> = device
        .replica
        .snapshot()
        .rows
        .into_iter()
        .map(|row| Row {
            dead: Some((9000, 0, 7.into()).into()),
            consent,
            place: None,
            fields: [].into(),
            ..row
        })
        .collect();
    Delta {
        replica: 7.into(),
        seq: 1,
        rows,
    }
}

#[test]
fn a_large_incoming_deletion_waits_and_survives_a_restart() {
    let mut devices = synced(2);
    let before = devices[0].outline();
    let delta = everything_dead(&devices[0], Consent::None);
    let merged = devices[0].merge(&delta, 10_000);
    assert_eq!((merged.held, merged.removed), (15, 0));
    for restart in [false, true] {
        if restart {
            devices[0].restart();
        }
        devices[0].collect(10_000);
        assert_eq!(devices[0].outline(), before, "nothing is applied");
        assert_eq!(devices[0].apply(), 0);
        let held = devices[0].replica.held();
        assert_eq!(held.len(), 1);
        assert_eq!(
            (held[0].side, held[0].replica, held[0].items, held[0].of),
            (Side::Incoming, 7.into(), 15, 15)
        );
        assert_eq!(held[0].titles, ["All", "One", "Three", "Two"]);
        assert_eq!(
            devices[0].merge(&delta, 11_000).held,
            0,
            "the same again asks nothing new"
        );
    }
}

#[test]
fn nothing_else_waits_for_the_answer() {
    let mut devices = synced(2);
    let delta = everything_dead(&devices[0], Consent::None);
    devices[0].merge(&delta, 10_000);
    let texts = Texts {
        title: "Meanwhile".into(),
        url: "https://meanwhile.example/".into(),
        ..Texts::default()
    };
    devices[1].host.add(3, 0, Kind::Link, texts);
    devices[1].settle(11_000);
    devices[1].publish();
    let new = devices[1].published.last().unwrap().clone();
    assert_eq!(devices[0].merge(&new, 12_000).added, 1);
    devices[0].settle(12_000);
    assert!(devices[0].outline().contains("Meanwhile"));
    assert_eq!(devices[0].replica.held()[0].items, 15);
}

#[test]
fn what_is_held_is_accepted_or_refused_once_for_all_devices() {
    for accept in [true, false] {
        let mut devices = synced(3);
        let before = devices[0].outline();
        let delta = everything_dead(&devices[0], Consent::None);
        for device in &mut devices {
            assert_eq!(device.merge(&delta, 10_000).held, 15);
        }
        assert_eq!(devices[1].replica.answer_held(None, accept, 11_000), 15);
        devices[1].persist();
        exchange(&mut devices, 12_000);
        for device in &devices {
            assert!(device.replica.held().is_empty());
        }
        let after = if accept { "" } else { before.as_str() };
        let lines = |text: &str| text.lines().filter(|line| line.starts_with(' ')).count();
        assert_eq!(lines(&devices[2].outline()), lines(after));
        if !accept {
            assert_eq!(devices[2].outline(), before);
        }
    }
}

#[test]
fn a_replica_that_waits_passes_on_what_it_waits_for() {
    let mut devices = synced(2);
    let delta = everything_dead(&devices[0], Consent::None);
    devices[0].merge(&delta, 10_000);
    let snapshot = devices[0].replica.snapshot();
    let of = *devices[0].replica.id();
    let merged = devices[1].replica.merge_snapshot(of, &snapshot, 10_000).unwrap();
    assert_eq!(merged.held, 15, "it asks there as well");
    let mut new = Replica::create(9.into());
    new.merge_snapshot(of, &snapshot, 10_000).unwrap();
    assert!(
        new.is_empty(),
        "a replica that has not joined has nothing to lose"
    );
}

#[test]
fn a_folder_that_is_gone_when_the_browser_starts_is_not_deleted_elsewhere() {
    for accept in [true, false] {
        let mut devices = synced(2);
        let before = devices[1].outline();
        let token = folder(&devices[0]);
        devices[0].host.remove(token);
        devices[0].host.save();
        devices[0].restart();
        let done = devices[0].collect(10_000);
        assert_eq!((done.removed, done.held), (0, 12));
        assert_eq!(devices[0].replica.unpublished(), 0, "nothing is sent");
        assert_eq!(
            devices[0].apply(),
            0,
            "nor is anything put back before the answer"
        );
        devices[0].save();
        devices[0].restart();
        assert_eq!(
            devices[0].collect(11_000),
            Reconciled {
                matched: 3,
                ..Reconciled::default()
            }
        );
        let held = devices[0].replica.held();
        assert_eq!(
            (held[0].side, held[0].items, held[0].of),
            (Side::Outgoing, 12, 15)
        );
        assert_eq!(held[0].titles, ["All"]);

        assert_eq!(devices[0].replica.answer_held(None, accept, 12_000), 12);
        devices[0].persist();
        exchange(&mut devices, 13_000);
        assert_eq!(ids(&devices[1].replica).len(), if accept { 3 } else { 15 });
        assert_eq!(devices[1].outline() == before, !accept);
    }
}

#[test]
fn what_others_put_into_a_folder_that_is_held_is_not_lost() {
    let mut devices = synced(2);
    let token = folder(&devices[0]);
    devices[0].host.remove(token);
    devices[0].host.save();
    devices[0].restart();
    devices[0].collect(10_000);
    let texts = Texts {
        title: "Late".into(),
        url: "https://late.example/".into(),
        ..Texts::default()
    };
    let there = folder(&devices[1]);
    devices[1].host.add(there, 0, Kind::Link, texts);
    devices[1].settle(11_000);
    devices[1].publish();
    let new = devices[1].published.last().unwrap().clone();
    devices[0].merge(&new, 12_000);
    assert_eq!(devices[0].apply(), 0, "its folder is not there");
    devices[0].replica.answer_held(None, true, 13_000);
    devices[0].persist();
    exchange(&mut devices, 14_000);
    assert!(
        devices[0]
            .outline()
            .contains("+ All\n    Late <https://late.example/>")
    );
    assert_all_equal(&devices);
}

#[test]
fn a_file_that_comes_back_answers_the_question() {
    let mut devices = synced(1);
    let whole = devices[0].host.clone();
    let token = folder(&devices[0]);
    devices[0].host.remove(token);
    devices[0].host.save();
    devices[0].restart();
    devices[0].collect(10_000);
    assert_eq!(devices[0].replica.held().len(), 1);
    devices[0].host = whole;
    devices[0].host.save();
    devices[0].restart();
    devices[0].settle(11_000);
    assert!(devices[0].replica.held().is_empty());
    assert_eq!(ids(&devices[0].replica).len(), 15);
}

#[test]
fn what_the_user_did_by_hand_is_not_asked_about_on_any_device() {
    let mut devices = synced(2);
    let there = folder(&devices[0]);
    let links = devices[0].host.children(there).to_vec();
    // Six of eleven links go into another folder, and with it away: two collections.
    let texts = Texts {
        title: "Away".into(),
        ..Texts::default()
    };
    let away = devices[0].host.add(3, 0, Kind::Folder, texts);
    for link in &links[..6] {
        devices[0].host.shift(*link, away, 0);
    }
    devices[0].settle(10_000);
    devices[0].host.remove(away);
    let done = devices[0].collect(11_000);
    assert_eq!((done.removed, done.held), (7, 0));
    exchange(&mut devices, 12_000);
    assert_eq!(ids(&devices[1].replica).len(), 9);
    assert!(devices[1].replica.held().is_empty());
}

#[test]
fn many_removals_at_once_or_of_everything_are_asked_about_in_a_running_browser_too() {
    let mut devices = synced(1);
    let there = folder(&devices[0]);
    for link in devices[0].host.children(there).to_vec()[..4].to_vec() {
        devices[0].host.remove(link);
    }
    let done = devices[0].collect(10_000);
    assert_eq!((done.removed, done.held), (0, 4));

    let mut devices = synced(1);
    for root in [2, 3] {
        for token in devices[0].host.children(root).to_vec() {
            devices[0].host.remove(token);
        }
    }
    assert_eq!(devices[0].collect(10_000).held, 15);
}

#[test]
fn an_edit_of_one_folder_is_held_elsewhere_only_where_it_leaves_nothing() {
    let mut devices = synced(2);
    let all = devices[0].replica.tree().menu[0].id.clone();
    let mut rng = StdRng::seed_from_u64(1);
    devices[0]
        .replica
        .edit(EditOp::Remove { id: all }, 10_000, &mut rng)
        .unwrap();
    devices[0].publish();
    let delta = devices[0].published.last().unwrap().clone();
    let merged = devices[1].merge(&delta, 11_000);
    assert_eq!((merged.removed, merged.held), (12, 0));

    let mut devices = synced(2);
    let delta = everything_dead(&devices[0], Consent::Hand);
    assert_eq!(devices[1].merge(&delta, 11_000).held, 15);
    let agreed = Delta {
        seq: 2,
        ..everything_dead(&devices[0], Consent::Agreed)
    };
    let merged = devices[1].merge(&agreed, 12_000);
    assert_eq!(
        (merged.removed, merged.held),
        (15, 0),
        "the user was asked elsewhere"
    );
    assert!(devices[1].replica.held().is_empty());
}

#[test]
fn a_large_deletion_in_small_parts_is_noticed() {
    let mut devices = synced(2);
    let all = everything_dead(&devices[0], Consent::None);
    let (mut removed, mut held) = (0, 0);
    for (seq, row) in (1..).zip(all.rows) {
        let delta = Delta {
            replica: 7.into(),
            seq,
            rows: vec![row],
        };
        let merged = devices[1].merge(&delta, 10_000 + seq);
        (removed, held) = (removed + merged.removed, held + merged.held);
    }
    // Folders go when what they hold is gone.
    assert!(removed <= 3 && held >= 12, "{removed} removed, {held} held");
}

#[test]
fn moving_and_adding_many_is_no_deletion() {
    let links: String = (0..3000)
        .map(|n| format!("        Link {n} <https://l{n}.example/>\n"))
        .collect();
    let outline = format!("\n    menu\n      + From\n{links}      + To\n");
    let mut devices = [Device::first(1, &outline, 1000)];
    let (from, to) = (devices[0].host.children(2)[0], devices[0].host.children(2)[1]);
    devices[0].save();
    for restart in [false, true] {
        let (from, to) = if restart {
            devices[0].restart();
            devices[0].settle(2000);
            devices[0].save();
            (devices[0].host.children(2)[0], devices[0].host.children(2)[1])
        } else {
            (from, to)
        };
        for link in devices[0].host.children(from).to_vec()[..550].to_vec() {
            devices[0].host.shift(link, to, 0);
        }
        for n in 0..30 {
            let texts = Texts {
                title: format!("New {restart} {n}"),
                url: format!("https://new{n}.example/{restart}"),
                ..Texts::default()
            };
            devices[0].host.add(to, 0, Kind::Link, texts);
        }
        if restart {
            devices[0].host.save();
            devices[0].restart();
        }
        let done = devices[0].collect(3000);
        assert_eq!((done.added, done.removed, done.held), (30, 0, 0));
        devices[0].save();
    }
}
