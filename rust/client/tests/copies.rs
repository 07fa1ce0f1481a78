// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Restored backups and cloned profiles: no key of a ratchet is used twice, and no bookmark is lost.
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

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use client::NODE_DEVICE;
use minidom::Element;
use omemo::Namespace;
use omemo::wire::{KeyContent, Message};
use prost::Message as _;

mod harness;

use harness::World;

const ACCOUNT: &str = "juliet@example.org";

fn keys_of(element: &Element, found: &mut Vec<(String, String, Vec<u8>)>) {
    if element.is("header", omemo::NS_OMEMO_2) {
        for key in element.children().flat_map(Element::children) {
            let sid = element.attr("sid").unwrap().to_owned();
            let rid = key.attr("rid").unwrap().to_owned();
            found.push((sid, rid, STANDARD.decode(key.text()).unwrap()));
        }
    }
    for child in element.children() {
        keys_of(child, found);
    }
}

/// No two messages that were ever sent are under the same key of the same ratchet.
fn assert_no_key_twice(world: &World) {
    let mut used: BTreeMap<(String, String, Vec<u8>, u32), Vec<u8>> = BTreeMap::new();
    for stanza in &world.server.seen {
        let mut keys = Vec::new();
        keys_of(&stanza.parse().unwrap(), &mut keys);
        for (sid, rid, bytes) in keys {
            let message = match KeyContent::parse(Namespace::Omemo2, &bytes).unwrap() {
                KeyContent::Authenticated(message) => message,
                KeyContent::KeyExchange(exchange) => exchange.message,
            };
            let step = Message::decode(message.message.as_slice()).unwrap();
            let place = (sid, rid, step.dh_pub, step.n);
            let before = used.insert(place.clone(), message.message.clone());
            assert!(
                before.is_none_or(|before| before == message.message),
                "device {} used a key twice for device {}",
                place.0,
                place.1
            );
        }
    }
    assert!(used.len() > 10);
}

fn urls(world: &mut World, device: usize) -> Vec<String> {
    let mut urls = world.host(device).urls();
    urls.sort();
    urls
}

#[test]
fn a_restored_backup_goes_on_as_a_new_device() {
    let mut world = World::new(1);
    for _ in 0..3 {
        world.browser(ACCOUNT);
    }
    world.heal();
    world.add_link_and_run(0, "before");
    world.heal();
    let backup = world.devices[0].disk.clone();
    world.restart(0);
    world.run(60_000);
    world.add_link_and_run(0, "lost-in-backup");
    world.heal();
    let old = world.client(0).device_id();
    world.kill(0);
    world.devices[0].disk = backup;
    world.start(0);
    assert_eq!(world.client(0).device_id(), old, "it does not know yet");
    world.run(60_000);
    let new = world.client(0).device_id();
    assert_ne!(new, old);
    let problems = world.client(0).status().problems;
    assert!(
        problems
            .iter()
            .any(|problem| problem.text.contains(&new.to_string())),
        "{problems:?}"
    );
    world.add_link_and_run(0, "after");
    world.heal();
    world.assert_equal("after a backup was restored");
    assert_eq!(
        urls(&mut world, 1),
        ["after", "before", "lost-in-backup"].map(|name| format!("https://{name}.example/"))
    );
    assert_no_key_twice(&world);
    // It stays that device.
    world.restart(0);
    world.heal();
    assert_eq!(world.client(0).device_id(), new);
}

/// Which of both goes on as a new device depends on who was there last; one does, and the other does not.
#[test]
fn a_cloned_profile_becomes_a_new_device() {
    for (seed, original_sleeps) in [(2, false), (3, true)] {
        let mut world = World::new(seed);
        for _ in 0..2 {
            world.browser(ACCOUNT);
        }
        world.heal();
        world.add_link_and_run(0, "before");
        world.heal();
        let old = world.client(0).device_id();
        if original_sleeps {
            world.switch(0, false);
        }
        let copy = world.devices[0].disk.clone();
        let host = world.host(0).clone();
        let clone = world.browser(ACCOUNT);
        world.kill(clone);
        world.devices[clone].host = Some(host);
        world.devices[clone].disk = copy;
        world.start(clone);
        world.run(60_000);
        world.switch(0, true);
        world.run(60_000);
        let ids = [0, clone].map(|device| world.client(device).device_id());
        assert_ne!(ids[0], ids[1]);
        assert!(ids.contains(&old), "one of them stays");
        for (device, name) in [(0, "original"), (clone, "clone"), (1, "third"), (0, "again")] {
            world.add_link_and_run(device, name);
        }
        world.heal();
        world.assert_equal("after a profile was cloned");
        assert_eq!(urls(&mut world, 1).len(), 5);
        assert_no_key_twice(&world);
    }
}

#[test]
fn a_server_that_forgets_or_goes_back_changes_nothing() {
    let mut world = World::new(4);
    for _ in 0..2 {
        world.browser(ACCOUNT);
    }
    world.heal();
    let old = world.client(0).device_id();
    let (item, generation) = world
        .server
        .items(ACCOUNT, NODE_DEVICE)
        .into_iter()
        .find(|(item, _)| *item == old.to_string())
        .unwrap();
    for _ in 0..3 {
        world.restart(0);
        world.run(60_000);
    }
    world.server.put(ACCOUNT, NODE_DEVICE, &item, generation);
    world.restart(0);
    world.heal();
    assert_eq!(world.client(0).device_id(), old);
    world.server.forget(ACCOUNT, NODE_DEVICE);
    world.restart(0);
    world.heal();
    assert_eq!(world.client(0).device_id(), old);
    assert!(!world.server.items(ACCOUNT, NODE_DEVICE).is_empty());
}

#[test]
fn a_crash_between_storing_and_publishing_changes_nothing() {
    for crash_at in 1..12 {
        let mut world = World::new(5 + crash_at as u64);
        world.browser(ACCOUNT);
        world.browser(ACCOUNT);
        world.heal();
        let old = world.client(0).device_id();
        world.restart(0);
        world.devices[0].crash_at = Some(world.devices[0].persists + crash_at);
        world.run(60_000);
        world.heal();
        assert_eq!(world.client(0).device_id(), old, "crash at {crash_at}");
    }
}
