// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Devices come and go for years: what they wrote stays, and heads do not grow with each of them.
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

use client::{Command, NODE_BOOKMARKS, TrustLevel};
use jid::BareJid;
use rand::RngExt as _;

mod harness;

use harness::{World, for_each_seed};

const ACCOUNT: &str = "juliet@example.org";

/// One device removes another, which never comes back.
fn remove(world: &mut World, by: usize, gone: usize) {
    let device = world.client(gone).device_id();
    let jid = BareJid::new(ACCOUNT).unwrap();
    world.command(by, Command::RemoveDevice { jid, device });
    world.switch(gone, false);
    world.kill(gone);
    world.run(10_000);
}

/// Bytes of the largest head.
fn head_bytes(world: &World) -> usize {
    let items = world.server.items(ACCOUNT, NODE_BOOKMARKS);
    let heads = items.iter().filter(|(id, _)| id.ends_with(".head"));
    let texts = heads.map(|(_, head)| head.get_child("payload", "urn:xmpp:omemo:2"));
    texts.flatten().map(|payload| payload.text().len()).max().unwrap()
}

/// A device that comes, adds a bookmark and goes.
fn visit(world: &mut World, number: usize) {
    let device = world.browser(ACCOUNT);
    world.run(20_000);
    assert!(
        world.client(device).status().joined,
        "{:?}",
        world.client(device).status()
    );
    world.add_link_and_run(device, &format!("visitor{number}"));
    world.run(10_000);
    remove(world, 0, device);
}

fn urls(world: &mut World, device: usize) -> Vec<String> {
    let mut urls = world.host(device).urls();
    urls.sort();
    urls
}

#[test]
fn heads_do_not_grow_with_devices_that_are_gone() {
    let mut world = World::new(1);
    // The bot welcomes all and the browser has nothing to say.
    world.bot(ACCOUNT, &[]);
    world.browser(ACCOUNT);
    world.run(60_000);
    let mut sizes = Vec::new();
    for number in 0..33 {
        visit(&mut world, number);
        if number % 16 == 0 {
            sizes.push(head_bytes(&world));
        }
    }
    // An entry takes some 30 bytes, 40 in base64, and is in a head up to three times; the padding is up to 200 bytes.
    let most = sizes[0] + 500;
    assert!(sizes[2] < most, "{sizes:?}");
    for device in 0..2 {
        world.restart(device);
        world.run(20_000);
        let disk = world.devices[device].disk.keys();
        let known = disk.filter(|(table, _)| table == "client_replica").count();
        assert!(known <= 2, "device {device} still knows {known} replicas");
    }
    // A new one is told all. What its elders have it sees by what they leave out of their next heads.
    let new = world.browser(ACCOUNT);
    world.run(60_000);
    assert_eq!(world.host(new).len(), 33);
    for number in 33..36 {
        visit(&mut world, number);
    }
    assert_eq!((world.host(1).len(), world.host(new).len()), (36, 36));
    world.run(30_000);
    assert!(
        head_bytes(&world) < most,
        "{} after {sizes:?}",
        head_bytes(&world)
    );
}

#[test]
fn a_device_that_was_off_meanwhile_misses_none_of_them() {
    let mut world = World::new(2);
    for _ in 0..3 {
        world.browser(ACCOUNT);
    }
    world.run(60_000);
    world.add_link_and_run(2, "own");
    world.switch(2, false);
    for number in 0..6 {
        visit(&mut world, number);
    }
    world.add_link_and_run(1, "last");
    world.run(30_000);
    // Nobody else is on when it comes back.
    world.switch(0, false);
    world.switch(1, false);
    world.switch(2, true);
    world.run(60_000);
    assert_eq!(world.host(2).len(), 8, "{:?}", world.client(2).status());
}

#[test]
fn what_a_device_left_at_the_server_goes_when_nobody_needs_it() {
    let mut world = World::new(6);
    for _ in 0..4 {
        world.browser(ACCOUNT);
    }
    world.run(60_000);
    world.switch(2, false);
    world.add_link_and_run(3, "last");
    world.run(30_000);
    world.command(3, Command::Leave { id: "1".to_owned() });
    world.run(10_000);
    let gone = world.client(3).device_id();
    world.kill(3);
    world.devices[3].switched_off = true;
    let left = |world: &World| {
        let items = world.server.items(ACCOUNT, NODE_BOOKMARKS).into_iter();
        items
            .filter(|(_, item)| String::from(item).contains(&format!("sid='{gone}'")))
            .count()
    };
    let had = left(&world);
    assert!(had >= 2, "{had} items");
    world.add_link_and_run(0, "zero");
    world.add_link_and_run(1, "one");
    for device in 0..2 {
        world.restart(device);
        world.run(20_000);
    }
    assert_eq!(left(&world), had, "somebody has yet to read them");
    world.switch(2, true);
    world.run(60_000);
    world.add_link_and_run(2, "two");
    world.run(10_000);
    world.restart(0);
    world.run(20_000);
    assert_eq!(left(&world), 0);
    for device in 0..3 {
        assert_eq!(world.host(device).len(), 4, "device {device}");
    }
}

/// One device, and another that showed itself and was welcomed, but was off before it could read that. All that there is was
/// written by a third one that is gone.
fn welcomed_unheard(seed: u64) -> (World, usize, usize) {
    let mut world = World::new(seed);
    let first = world.browser(ACCOUNT);
    let writer = world.browser(ACCOUNT);
    world.run(60_000);
    for number in 0..5 {
        world.add_link_and_run(writer, &format!("link{number}"));
    }
    world.run(10_000);
    remove(&mut world, first, writer);
    let new = world.browser(ACCOUNT);
    // On a slow line, so that there is time between what it announces and what it says.
    world.devices[new].uplink = Some(3_000);
    let id = world.client(new).device_id();
    let seen = |world: &World| {
        let devices = world.client(first).devices();
        devices.into_iter().find(|device| device.id == id)
    };
    while !seen(&world).is_some_and(|device| device.has_session) {
        world.run(1);
    }
    world.switch(new, false);
    world.devices[new].uplink = None;
    world.run(60_000);
    assert!(!seen(&world).unwrap().replica, "it has spoken");
    (world, first, new)
}

#[test]
fn a_new_device_finds_in_the_snapshot_what_heads_leave_out() {
    for visitors in 0..3 {
        let (mut world, first, new) = welcomed_unheard(3);
        // Each makes the first write another head.
        for number in 0..visitors {
            visit(&mut world, number);
        }
        world.switch(first, false);
        world.switch(new, true);
        world.run(60_000);
        let status = world.client(new).status();
        assert!(status.joined, "{visitors} visitors: {status:?}");
        assert_eq!(world.host(new).len(), 5 + visitors);
    }
}

#[test]
fn a_device_that_is_let_in_again_is_told_what_it_missed() {
    let mut world = World::new(5);
    for _ in 0..3 {
        world.browser(ACCOUNT);
    }
    world.run(60_000);
    let fingerprint = world.client(2).fingerprint().to_string();
    let trust = |world: &mut World, trust| {
        for by in 0..2 {
            let (jid, fingerprint) = (BareJid::new(ACCOUNT).unwrap(), fingerprint.clone());
            let decision = Command::SetTrust {
                jid,
                fingerprint,
                trust,
            };
            world.command(by, decision);
        }
        world.run(30_000);
    };
    trust(&mut world, TrustLevel::ManuallyDistrusted);
    world.switch(2, false);
    for number in 0..3 {
        visit(&mut world, number);
    }
    assert_eq!(world.host(1).len(), 3);
    world.switch(2, true);
    world.run(30_000);
    assert_eq!(world.host(2).len(), 0);
    trust(&mut world, TrustLevel::ManuallyTrusted);
    world.run(60_000);
    assert_eq!(world.host(2).len(), 3, "{:?}", world.client(2).status());
}

/// Devices that come, go, sleep, wake and crash at random: all who stay have all that was ever added.
#[test]
fn nothing_is_lost_while_devices_come_and_go() {
    for_each_seed(40, |seed| {
        let mut world = World::new(seed);
        let mut there = vec![world.browser(ACCOUNT), world.browser(ACCOUNT)];
        world.run(60_000);
        let mut added = 0;
        for _ in 0..30 {
            let device = there[world.rng.random_range(0..there.len())];
            match world.rng.random_range(0..10) {
                0..=3 => {
                    world.add_link_and_run(device, &format!("link{added}"));
                    world.save(device);
                    world.run(100);
                    added += 1;
                }
                4..=5 if there.len() < 5 => there.push(world.browser(ACCOUNT)),
                6 if there.len() > 2 && device != there[0] => {
                    // Only a device that has given away all that it has may go.
                    world.switch(there[0], true);
                    world.switch(device, true);
                    world.run(120_000);
                    let (gone, stays) = (urls(&mut world, device), urls(&mut world, there[0]));
                    if gone == stays && world.client(device).status().unpublished == 0 {
                        remove(&mut world, there[0], device);
                        there.retain(|other| *other != device);
                    }
                }
                7 => {
                    let off = !world.devices[device].switched_off;
                    world.switch(device, !off);
                }
                8 => world.restart(device),
                _ => {
                    let time = world.rng.random_range(100..60_000);
                    world.run(time);
                }
            }
            let pause = world.rng.random_range(0..5_000);
            world.run(pause);
        }
        for device in &there {
            world.switch(*device, true);
        }
        world.run(1_800_000);
        let all = urls(&mut world, there[0]);
        assert_eq!(all.len(), added, "seed {seed}");
        for device in &there {
            assert_eq!(urls(&mut world, *device), all, "seed {seed}, device {device}");
        }
    });
}
