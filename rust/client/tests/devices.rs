// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! New devices, lost items, snapshots, restored backups: how a replica gets what it lacks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    unreachable_pub,
    dead_code // other tests use more of the harness
)]

use client::{Command, DropReason, Event, NODE_BOOKMARKS, NODE_SNAPSHOTS, Phase, TrustLevel};

mod harness;

use harness::{Host, World};

const ACCOUNT: &str = "juliet@example.org";
const MENU: u64 = 2;

fn library(links: usize) -> Host {
    let mut host = Host::new();
    for number in 0..links {
        let (title, url) = (
            format!("Link {number}"),
            format!("https://link{number}.example/{number:x}"),
        );
        host.add(MENU, &title, &url);
    }
    host.save();
    host
}

#[test]
fn a_large_library_goes_through_in_chunks() {
    let mut world = World::new(1);
    world.browser_with(ACCOUNT, library(8_000));
    world.browser(ACCOUNT);
    world.heal();
    world.assert_equal("after a large library");
    assert!(world.server.items(ACCOUNT, NODE_SNAPSHOTS).len() > 2);
    assert!(
        world.server.items(ACCOUNT, NODE_BOOKMARKS).len() <= 4,
        "a snapshot is no pile of updates"
    );
    // Chunks of snapshots that no head names any more are deleted.
    let before = world.server.items(ACCOUNT, NODE_SNAPSHOTS).len();
    world.browser(ACCOUNT);
    world.heal();
    world.assert_equal("after a third device");
    let after = world.server.items(ACCOUNT, NODE_SNAPSHOTS).len();
    assert!(after <= 3 * (before + 1), "{before} chunks became {after}");
}

#[test]
fn a_bot_shares_with_a_new_device_before_others_do() {
    let mut world = World::new(3);
    world.browser_with(ACCOUNT, library(20));
    world.bot(ACCOUNT, &[]);
    world.heal();
    let new = world.browser(ACCOUNT);
    world.run(1_500);
    assert_eq!(world.host(new).len(), 20, "{:?}", world.client(new).status());
    let heads = |world: &World| {
        let items = world.server.items(ACCOUNT, NODE_BOOKMARKS);
        items
            .iter()
            .filter(|(id, _)| id.ends_with(".head"))
            .map(|(_, head)| String::from(head))
            .collect::<Vec<_>>()
    };
    let id = world.client(new).device_id().to_string();
    world.run(1_500);
    let sharing = heads(&world)
        .iter()
        .filter(|head| head.contains(&format!("rid='{id}'")))
        .count();
    assert_eq!(sharing, 1, "the browser published its head as well");
}

#[test]
fn many_edits_while_one_is_away_take_snapshots_and_lose_nothing() {
    let mut world = World::new(3);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.run(60_000);
    world.switch(1, false);
    for number in 0..700 {
        let name = format!("n{number}-{}", "x".repeat(120));
        world
            .host(0)
            .add(MENU, &name, &format!("https://{name}.example/"));
        world.collect(0);
        world.run(1_500);
    }
    assert!(
        !world.server.items(ACCOUNT, NODE_SNAPSHOTS).is_empty(),
        "the ring must have overflowed"
    );
    world.switch(0, false);
    world.switch(1, true);
    world.run(120_000);
    assert_eq!(world.host(1).len(), 700, "{:?}", world.client(1).status());
}

#[test]
fn what_the_server_lost_is_published_again() {
    let mut world = World::new(4);
    world.browser_with(ACCOUNT, library(500));
    world.browser(ACCOUNT);
    world.heal();
    world.add_link_and_run(0, "one");
    world.server.forget(ACCOUNT, NODE_BOOKMARKS);
    world.server.forget(ACCOUNT, NODE_SNAPSHOTS);
    world.restart(0);
    world.restart(1);
    world.heal();
    let new = world.browser(ACCOUNT);
    world.heal();
    world.assert_equal("after the server lost everything");
    assert_eq!(world.host(new).len(), 501);
}

#[test]
fn lost_chunks_are_asked_for() {
    let mut world = World::new(5);
    world.browser_with(ACCOUNT, library(500));
    world.browser(ACCOUNT);
    world.heal();
    world.switch(1, false);
    // More than deltas are made of: only a snapshot holds it.
    let more = library(1_200);
    world.devices[0].host = Some(more);
    world.restart(0);
    world.run(60_000);
    world.server.forget(ACCOUNT, NODE_SNAPSHOTS);
    world.switch(1, true);
    world.run(1_000);
    assert_ne!(world.host(1).len(), 1_200);
    world.heal();
    world.assert_equal("after the chunks were asked for");
    assert_eq!(world.host(1).len(), 1_200);
}

#[test]
fn a_restored_backup_goes_on_under_a_new_name_and_loses_nothing() {
    let mut world = World::new(6);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.bot(ACCOUNT, &[]);
    world.heal();
    world.add_link_and_run(0, "before");
    world.heal();
    // Only the replica's and the client's state go back: with old ratchets nobody could read this device any more.
    let backup: Vec<_> = world.devices[0]
        .disk
        .iter()
        .filter(|((table, _), _)| !table.starts_with("omemo"))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    world.add_link_and_run(0, "lost-in-backup");
    world.add_link_and_run(0, "lost-as-well");
    world.heal();
    world.kill(0);
    world.devices[0]
        .disk
        .retain(|(table, _), _| table.starts_with("omemo"));
    world.devices[0].disk.extend(backup);
    world.start(0);
    world.run(10_000);
    world.add_link_and_run(0, "after");
    world.heal();
    world.assert_equal("after a restored backup");
    let mut urls = world.host(1).urls();
    urls.sort();
    assert_eq!(
        urls,
        ["after", "before", "lost-as-well", "lost-in-backup"].map(|name| format!("https://{name}.example/"))
    );
}

#[test]
fn a_device_that_is_trusted_again_gets_and_gives_what_was_missed() {
    let mut world = World::new(7);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.heal();
    let (jid, fingerprint) = (
        world.devices[1].config.account.clone(),
        world.client(1).fingerprint(),
    );
    let trust = |trust| Command::SetTrust {
        jid: jid.clone(),
        fingerprint: fingerprint.clone(),
        trust,
    };
    world.command(0, trust(TrustLevel::ManuallyDistrusted));
    world.add_link_and_run(0, "from-the-one");
    world.add_link_and_run(1, "from-the-other");
    world.run(60_000);
    assert_eq!((world.host(0).len(), world.host(1).len()), (1, 1));
    world.command(0, trust(TrustLevel::ManuallyTrusted));
    world.heal();
    world.assert_equal("after it is trusted again");
    assert_eq!(world.host(0).len(), 2);
}

#[test]
fn a_removed_device_gets_nothing_more_and_its_items_go() {
    let mut world = World::new(8);
    for _ in 0..3 {
        world.browser(ACCOUNT);
    }
    world.heal();
    for device in 0..3 {
        world.add_link_and_run(device, &format!("from{device}"));
    }
    world.heal();
    let gone = world.client(2).device_id();
    world.switch(2, false);
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device: gone });
    world.run(30_000);
    world.add_link_and_run(0, "secret");
    world.add_link_and_run(1, "secret-too");
    world.run(30_000);
    for (id, item) in world.server.items(ACCOUNT, NODE_BOOKMARKS) {
        let text = String::from(&item);
        assert!(
            !text.contains(&format!("sid='{gone}'")),
            "{id} of the removed device is still there"
        );
    }
    let last = world.server.items(ACCOUNT, NODE_BOOKMARKS).pop().unwrap().1;
    assert!(!String::from(&last).contains(&format!("rid='{gone}'")));
    assert_eq!(world.plain(0), world.plain(1));
    assert_eq!(world.host(1).len(), 5);
    // Who still has it switched on announces it again: it was the user who removed it, and the user who uses it.
    world.switch(2, true);
    world.heal();
    world.assert_equal("after it came back");
}

#[test]
fn two_fresh_devices_do_not_wait_for_each_other_for_ever() {
    let mut world = World::new(9);
    world.browser_with(ACCOUNT, library(5));
    world.run(60_000);
    world.switch(0, false);
    let old = world.client(0).device_id();
    let (one, other) = (
        world.browser_with(ACCOUNT, library(8)),
        world.browser_with(ACCOUNT, library(6)),
    );
    world.run(600_000);
    assert_eq!(world.client(one).status().phase, Phase::WaitingForDevice);
    assert_eq!(world.client(other).status().phase, Phase::WaitingForDevice);
    // The user says that the old one is gone.
    let jid = world.devices[0].config.account.clone();
    world.command(one, Command::RemoveDevice { jid, device: old });
    world.run(600_000);
    let statuses = [one, other].map(|device| world.client(device).status());
    assert!(statuses.iter().all(|status| status.joined), "{statuses:?}");
    assert_eq!(world.plain(one), world.plain(other));
    assert_eq!(world.host(one).len(), 8);
    assert_eq!(world.host(other).len(), 8);
}

#[test]
fn items_of_another_accounts_node_are_not_believed() {
    let mut world = World::new(10);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.heal();
    world.add_link_and_run(0, "mine");
    let (id, item) = world.server.items(ACCOUNT, NODE_BOOKMARKS).pop().unwrap();
    let to = world.devices[1].full.to_string();
    let event = format!(
        "<message xmlns='jabber:client' type='headline' from='mallory@example.org' to='{to}'>\
         <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{NODE_BOOKMARKS}'><item id='{id}'>{}</item>\
         </items></event></message>",
        String::from(&item)
    );
    world.server.inbox(&to).unwrap().push_back(event.parse().unwrap());
    world.run(10_000);
    let told = |event: &Event| matches!(event, Event::Dropped { reason: DropReason::WrongSender, from, .. } if from == "mallory@example.org");
    assert!(world.devices[1].events.iter().any(told));
}

#[test]
fn a_server_that_does_not_know_max_gets_a_number() {
    for refusal in ["bad-request", "not-acceptable", "feature-not-implemented"] {
        let mut world = World::new(5);
        world.server.refuses_max = Some(refusal);
        // A node that is there already, as another one than is wanted.
        world
            .server
            .set_node_option(ACCOUNT, NODE_SNAPSHOTS, "max_items", "1");
        world.browser_with(ACCOUNT, library(500));
        let other = world.browser(ACCOUNT);
        world.run(120_000);
        assert_eq!(world.host(other).len(), 500, "{refusal}");
        for node in [NODE_BOOKMARKS, NODE_SNAPSHOTS, "urn:xmpp:omemo:2:bundles"] {
            let items = world.server.node_option(ACCOUNT, node, "max_items");
            assert_eq!(items.as_deref(), Some("255"), "{node} with {refusal}");
        }
        world.add_link_and_run(0, "later");
        world.run(20_000);
        assert_eq!(world.host(other).len(), 501);
        assert_eq!(world.client(0).status().problems, []);
    }
}
