// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Sessions that are reset by hand, and devices that say nothing for long.
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

use client::{Command, Event, NODE_BOOKMARKS};
use jid::BareJid;
use omemo::{NODE_DEVICES, Namespace, empty_device_list};

mod harness;

use harness::World;
use harness::older::OlderProgram;

const ACCOUNT: &str = "juliet@example.org";
const PARTNER: &str = "helper@example.org";
const DAY: u64 = 24 * 3_600_000;

fn reset(world: &mut World, device: usize, of: &str, other: u32) {
    let command = Command::ResetSession {
        jid: BareJid::new(of).unwrap(),
        device: other,
    };
    world.command(device, command);
    world.run(60_000);
}

fn failures(world: &World, device: usize) -> usize {
    let failed = |event: &&Event| matches!(event, Event::CommandFailed { .. });
    world.devices[device].events.iter().filter(failed).count()
}

#[test]
fn a_session_of_two_replicas_is_reset_by_hand() {
    let mut world = World::new(1);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.run(120_000);
    world.add_link_and_run(0, "before");
    let other = world.client(1).device_id();
    reset(&mut world, 0, ACCOUNT, other);
    assert_eq!(failures(&world, 0), 0);
    for (device, name) in [(0, "here"), (1, "there"), (0, "again")] {
        world.add_link_and_run(device, name);
    }
    world.run(60_000);
    world.assert_equal("after a session was reset");
    assert_eq!(world.host(1).len(), 4);
    assert!(world.client(0).status().dropped.is_empty());
    assert!(world.client(1).status().dropped.is_empty());
}

#[test]
fn a_partner_hears_at_once_of_a_session_that_was_reset() {
    let mut world = World::new(2);
    world.bot(ACCOUNT, &[PARTNER]);
    let mut partner = OlderProgram::start(&mut world, PARTNER);
    world.run(60_000);
    partner.say(&mut world, ACCOUNT, "hello");
    let before = partner.hear(&mut world).len();
    reset(&mut world, 0, PARTNER, partner.device.id());
    let heard = partner.hear(&mut world);
    assert_eq!(heard.len(), 1, "{before} before, {heard:?}");
    assert!(heard[0].envelope.is_none() && heard[0].answer_due);
    partner.say(&mut world, ACCOUNT, "in the new session");
    let told = |event: &&Event| matches!(event, Event::Message { .. });
    assert_eq!(world.devices[0].events.iter().filter(told).count(), 2);
}

#[test]
fn what_has_no_session_cannot_be_reset() {
    let mut world = World::new(3);
    world.browser(ACCOUNT);
    world.run(60_000);
    reset(&mut world, 0, ACCOUNT, 77);
    assert_eq!(failures(&world, 0), 1);
}

/// The readers of what a device published last.
fn readers(world: &World, device: usize) -> Vec<u32> {
    let sid = world.client(device).device_id().to_string();
    let items = world.server.items(ACCOUNT, NODE_BOOKMARKS).into_iter();
    let mut headers = items.filter_map(|(_, item)| item.get_child("header", omemo::NS_OMEMO_2).cloned());
    let header = headers.rfind(|header| header.attr("sid") == Some(&sid)).unwrap();
    let keys = header.children().flat_map(minidom::Element::children);
    keys.filter_map(|key| key.attr("rid")?.parse().ok()).collect()
}

#[test]
fn a_device_that_was_silent_for_long_is_left_out_until_it_comes_back() {
    let mut world = World::new(4);
    for _ in 0..3 {
        world.browser(ACCOUNT);
    }
    world.run(120_000);
    world.add_link_and_run(0, "first");
    let [_, used, asleep] = [0, 1, 2].map(|device| world.client(device).device_id());
    world.switch(2, false);
    for month in 0..8 {
        for device in [0, 1] {
            world.add_link_and_run(device, &format!("m{month}-{device}"));
        }
        for _ in 0..30 {
            world.run(DAY);
        }
    }
    world.add_link_and_run(0, "last");
    let devices = world.client(0).devices();
    let stale: Vec<u32> = devices
        .iter()
        .filter(|known| known.stale)
        .map(|known| known.id)
        .collect();
    assert_eq!(stale, [asleep], "{devices:?}");
    world.add_link_and_run(1, "a word of the other");
    world.run(600_000);
    let readers = readers(&world, 0);
    assert!(
        readers.contains(&used) && !readers.contains(&asleep),
        "{readers:?}"
    );

    world.switch(2, true);
    world.heal();
    world.assert_equal("after half a year of sleep");
    assert_eq!(world.host(2).len(), 19);
    assert!(!world.client(0).devices().iter().any(|known| known.stale));
}

/// Somebody empties the account's device list again and again; the devices, which all enter themselves again at once, neither
/// drop each other for long nor give up.
#[test]
fn devices_that_are_dropped_together_come_back_soon() {
    for seed in 10..20 {
        let mut world = World::new(seed);
        for _ in 0..4 {
            world.browser(ACCOUNT);
        }
        world.run(120_000);
        for _ in 0..8 {
            world.server.put(
                ACCOUNT,
                NODE_DEVICES,
                "current",
                empty_device_list(Namespace::Omemo2),
            );
            world.run(500);
        }
        world.run(60_000);
        let list = world.server.items(ACCOUNT, NODE_DEVICES).remove(0).1;
        for device in 0..4 {
            let id = world.client(device).device_id().to_string();
            assert!(
                list.children().any(|entry| entry.attr("id") == Some(&id)),
                "seed {seed}: device {device} is missing"
            );
        }
    }
}
