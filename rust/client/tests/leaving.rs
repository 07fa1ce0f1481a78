// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A device that leaves its account for good.
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

use client::{Command, Event, NODE_DEVICE};
use omemo::Namespace;

mod harness;

use harness::World;

const ACCOUNT: &str = "juliet@example.org";

fn leave(world: &mut World, device: usize) {
    let id = "bye".to_owned();
    world.command(device, Command::Leave { id });
}

fn left(world: &World, device: usize) -> bool {
    let left = Event::Left { id: "bye".to_owned() };
    world.devices[device].events.contains(&left)
}

fn refusal(world: &World, device: usize) -> Option<String> {
    let events = world.devices[device].events.iter();
    events
        .filter_map(|event| match event {
            Event::CommandFailed { id, reason, .. } if id == "bye" => Some(reason.clone()),
            _ => None,
        })
        .next_back()
}

fn is_listed(world: &World, device: u32) -> bool {
    let lists = world.server.items(ACCOUNT, Namespace::Omemo2.devices_node());
    let mut devices = lists.iter().flat_map(|(_, list)| list.children());
    devices.any(|listed| listed.attr("id") == Some(&device.to_string()))
}

fn three() -> World {
    let mut world = World::new(1);
    for _ in 0..3 {
        world.browser(ACCOUNT);
    }
    world.heal();
    world.add_link(1, "before");
    world.run(10_000);
    world
}

#[test]
fn nobody_encrypts_to_a_device_that_left() {
    let mut world = three();
    let device = world.client(1).device_id();
    assert!(is_listed(&world, device));
    leave(&mut world, 1);
    world.run(2_000);
    assert!(left(&world, 1), "{:?}", refusal(&world, 1));
    world.kill(1);
    world.devices[1].switched_off = true;
    assert!(!is_listed(&world, device));
    let (bundles, item) = Namespace::Omemo2.bundle_node(device);
    let bundles = world.server.items(ACCOUNT, &bundles);
    assert!(
        !bundles.iter().any(|(id, _)| *id == item),
        "its keys are still there"
    );
    let own = world.server.items(ACCOUNT, NODE_DEVICE);
    assert!(!own.iter().any(|(id, _)| *id == device.to_string()));
    let to_it = format!("rid='{device}'");
    assert!(world.server.seen.iter().any(|stanza| stanza.contains(&to_it)));
    let sent = world.server.seen.len();
    for (device, name) in [(0, "after"), (2, "later")] {
        world.add_link(device, name);
        world.run(600_000);
    }
    let forgotten = world.server.seen[sent..]
        .iter()
        .all(|stanza| !stanza.contains(&to_it));
    assert!(forgotten, "something was encrypted to it");
    assert!(!is_listed(&world, device), "somebody has announced it again");
    for device in [0, 2] {
        assert_eq!(world.host(device).urls().len(), 3, "device {device}");
    }
}

#[test]
fn what_it_alone_has_is_sent_first() {
    let mut world = three();
    world.devices[1].uplink = Some(100);
    world.add_link(1, "fresh");
    world.run(100);
    leave(&mut world, 1);
    assert!(refusal(&world, 1).unwrap().contains("not sent"));
    world.devices[1].uplink = None;
    world.run(60_000);
    leave(&mut world, 1);
    world.run(2_000);
    assert!(left(&world, 1));
    world.kill(1);
    world.devices[1].switched_off = true;
    world.run(600_000);
    assert_eq!(world.host(0).urls().len(), 2);
}

#[test]
fn it_stays_where_the_server_has_not_answered() {
    let mut world = three();
    let device = world.client(1).device_id();
    world.switch(1, false);
    leave(&mut world, 1);
    assert!(refusal(&world, 1).unwrap().contains("connection"));
    world.switch(1, true);
    world.run(600_000);
    leave(&mut world, 1);
    world.break_stream(1);
    assert!(refusal(&world, 1).unwrap().contains("lost"));
    world.heal();
    assert!(!left(&world, 1));
    assert!(is_listed(&world, device));
    world.add_link(0, "goes on");
    world.heal();
    world.assert_equal("after it stayed");
}
