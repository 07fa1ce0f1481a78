// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The shared history where servers lose what they have, clocks are wrong, lines break and devices go.
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

use client::{Command, NODE_VISITS, NODE_VISITS_PAGES, TrustLevel};
use minidom::Element;
use rand::RngExt;

mod harness;

use harness::World;
use harness::sharing::{ACCOUNT, items, items_of, page, share, visit, world};

const DAY: u64 = 24 * 3_600_000;
const NODES: [&str; 2] = [NODE_VISITS, NODE_VISITS_PAGES];

/// The same, where the first has told of so many pages, most of them in segments.
fn world_of(seed: u64, browsers: usize, pages: u64) -> World {
    let mut world = world(seed, browsers);
    for number in 0..pages {
        visit(&mut world, 0, &page(number));
    }
    world.run(300_000);
    world
}

fn seen(world: &World, device: usize) -> BTreeMap<String, u64> {
    let seen = world.client(device).visits(100_000).into_iter();
    seen.map(|seen| (seen.url, seen.visits)).collect()
}

/// A device that is new to the account and reads all that is told there.
fn newcomer(world: &mut World) -> usize {
    let device = world.browser(ACCOUNT);
    share(world, device, true);
    world.run(900_000);
    device
}

fn take_items(world: &mut World, node: &str) -> Vec<(String, Element)> {
    let items = world.server.items(ACCOUNT, node);
    for (id, _) in &items {
        world.server.remove(ACCOUNT, node, id);
    }
    items
}

fn put_items(world: &mut World, node: &str, items: Vec<(String, Element)>) {
    for (id, payload) in items {
        world.server.put(ACCOUNT, node, &id, payload);
    }
}

#[test]
fn segments_that_are_not_fetched_yet_are_not_taken_for_read() {
    let mut world = world(3, 2);
    world.switch(1, false);
    for number in 0..900 {
        visit(&mut world, 0, &page(number));
        world.run(5_000);
    }
    world.run(120_000);
    assert!(items(&world, 0, NODE_VISITS_PAGES).len() >= 2);
    // Comes back on a slow line, while the other goes on.
    world.devices[1].uplink = Some(300);
    world.switch(1, true);
    for number in 900..1_100 {
        visit(&mut world, 0, &page(number));
        world.run(2_000);
    }
    world.devices[1].uplink = None;
    world.run(600_000);
    assert_eq!(seen(&world, 1).len(), 1_100);
}

#[test]
fn a_segment_that_could_not_be_fetched_is_fetched_again() {
    let mut world = world(4, 2);
    world.switch(1, false);
    for number in 0..900 {
        visit(&mut world, 0, &page(number));
        world.run(1_000);
    }
    world.run(120_000);
    let held = take_items(&mut world, NODE_VISITS_PAGES);
    world.switch(1, true);
    world.run(60_000);
    assert!(seen(&world, 1).len() < 900);
    put_items(&mut world, NODE_VISITS_PAGES, held);
    world.run(900_000);
    assert_eq!(seen(&world, 1).len(), 900);
}

#[test]
fn segments_that_a_server_lost_are_published_again() {
    let mut world = world_of(5, 2, 400);
    world.server.forget(ACCOUNT, NODE_VISITS_PAGES);
    world.run(DAY);
    let new = newcomer(&mut world);
    assert_eq!(seen(&world, new).len(), 400);
}

#[test]
fn what_a_server_lost_by_going_back_is_published_again() {
    let mut world = world_of(6, 2, 200);
    let old = NODES.map(|node| (node, world.server.items(ACCOUNT, node)));
    for number in 200..600 {
        visit(&mut world, 0, &page(number));
    }
    world.run(600_000);
    for (node, items) in old {
        take_items(&mut world, node);
        put_items(&mut world, node, items);
    }
    world.restart(0);
    world.run(600_000);
    let new = newcomer(&mut world);
    assert_eq!(seen(&world, new).len(), 600);
}

#[test]
fn a_reader_that_saw_the_node_empty_can_read_on() {
    let mut world = world(7, 2);
    visit(&mut world, 0, "https://a.example/");
    world.run(120_000);
    let held = take_items(&mut world, NODE_VISITS);
    world.restart(1);
    world.run(60_000);
    put_items(&mut world, NODE_VISITS, held);
    for number in 0..3 {
        world.restart(0);
        world.restart(1);
        visit(&mut world, 0, &page(number));
        world.run(60_000);
    }
    assert_eq!(seen(&world, 1).len(), 4);
}

#[test]
fn a_device_that_is_distrusted_is_given_no_key_though_the_item_was_lost() {
    let mut world = world(8, 3);
    visit(&mut world, 0, "https://first.example/");
    world.run(120_000);
    let (id, before) = items(&world, 0, NODE_VISITS).remove(0);
    world.switch(0, false);
    world.set_trust(0, 2, TrustLevel::ManuallyDistrusted);
    // It knows the account's password still, and deletes the item.
    world.server.remove(ACCOUNT, NODE_VISITS, &id);
    world.switch(0, true);
    world.run(60_000);
    visit(&mut world, 0, "https://secret.example/");
    world.run(120_000);
    let (_, after) = items(&world, 0, NODE_VISITS).remove(0);
    let reader = format!("rid='{}'", world.client(2).device_id());
    assert!(String::from(&before).contains(&reader) && !String::from(&after).contains(&reader));
    assert_ne!(before.attr("key"), after.attr("key"));
}

#[test]
fn what_a_device_told_that_left_stays_and_its_items_go() {
    let mut world = world(9, 3);
    for number in 0..400 {
        visit(&mut world, 2, &page(number));
    }
    world.run(600_000);
    let gone = world.client(2).device_id();
    let id = "leave".to_owned();
    world.command(2, Command::Leave { id });
    world.run(10_000);
    world.kill(2);
    for device in 0..2 {
        world.restart(device);
        visit(&mut world, device, "https://other.example/");
        world.run(200_000);
    }
    let new = newcomer(&mut world);
    assert_eq!(seen(&world, new).len(), 401);
    let left: usize = NODES.map(|node| items_of(&world, gone, node).len()).iter().sum();
    assert_eq!(left, 0);
    // Then the two that may have taken it over, one after the other.
    for device in 0..2 {
        let id = "leave".to_owned();
        world.command(device, Command::Leave { id });
        world.run(10_000);
        world.kill(device);
        for other in [1, new].into_iter().filter(|other| *other > device) {
            world.restart(other);
            world.run(200_000);
        }
    }
    let newest = newcomer(&mut world);
    assert_eq!(seen(&world, newest).len(), 401);
}

#[test]
fn who_removes_a_device_reads_to_the_end_what_it_told() {
    let mut world = world(10, 3);
    world.switch(0, false);
    for number in 0..400 {
        visit(&mut world, 2, &page(number));
    }
    world.run(600_000);
    visit(&mut world, 2, "https://last.example/");
    world.run(100_000);
    world.switch(2, false);
    world.devices[0].uplink = Some(300);
    world.switch(0, true);
    while seen(&world, 0).is_empty() {
        world.run(50);
    }
    assert!(seen(&world, 0).len() < 401, "it is removed in the middle");
    let device = world.client(2).device_id();
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device });
    world.run(2_000);
    world.devices[0].uplink = None;
    world.run(900_000);
    assert_eq!(seen(&world, 0), seen(&world, 1));
    assert_eq!(seen(&world, 0).len(), 401);
    assert!(items_of(&world, device, NODE_VISITS_PAGES).is_empty());
}

#[test]
fn a_device_that_was_removed_and_comes_back_is_read_again() {
    let mut world = world(11, 3);
    for number in 0..30 {
        visit(&mut world, 2, &page(number));
    }
    world.run(300_000);
    let device = world.client(2).device_id();
    world.switch(2, false);
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device });
    world.run(300_000);
    world.switch(2, true);
    world.run(600_000);
    visit(&mut world, 2, "https://again.example/");
    world.run(600_000);
    for device in 0..2 {
        assert_eq!(seen(&world, device), seen(&world, 2));
    }
    assert_eq!(seen(&world, 2).len(), 31);
}

#[test]
fn who_shares_again_waits_for_what_the_others_tell() {
    let mut world = world_of(12, 2, 400);
    visit(&mut world, 1, "https://own.example/");
    world.run(60_000);
    share(&mut world, 1, false);
    world.run(60_000);
    let held = take_items(&mut world, NODE_VISITS_PAGES);
    share(&mut world, 1, true);
    world.run(60_000);
    put_items(&mut world, NODE_VISITS_PAGES, held);
    world.restart(1);
    world.run(300_000);
    // What came from there is no visit here.
    assert_eq!(seen(&world, 0).values().max(), Some(&1));
}

#[test]
fn what_is_taken_back_is_deleted_though_the_line_breaks() {
    let mut world = world_of(13, 2, 200);
    world.devices[0].uplink = Some(200);
    share(&mut world, 0, false);
    let keeps = |world: &World| {
        let mut tables = world.devices[0].disk.keys();
        tables.any(|(table, _)| table.starts_with("visits"))
    };
    while keeps(&world) {
        world.run(200);
    }
    world.break_stream(0);
    world.devices[0].uplink = None;
    world.run(300_000);
    assert_eq!(NODES.map(|node| items(&world, 0, node).len()), [0, 0]);
    // Who has only read forgets it as well.
    share(&mut world, 1, false);
    world.run(60_000);
    assert!(seen(&world, 1).is_empty());
}

#[test]
fn what_comes_while_the_clock_is_wrong_is_read_once_it_is_right() {
    let days = i64::try_from(100 * DAY).unwrap();
    for skew in [days, -days] {
        let mut world = world(14, 2);
        world.server.utc = Some("2026-09-21T14:13:20Z".to_owned());
        world.break_stream(1);
        world.devices[1].skew = skew;
        world.run(60_000);
        visit(&mut world, 0, "https://a.example/");
        world.run(60_000);
        world.break_stream(1);
        world.devices[1].skew = 0;
        world.run(60_000);
        assert_eq!(seen(&world, 1).get("https://a.example/"), Some(&1), "{skew} ms");
    }
}

#[test]
fn a_clock_that_jumps_forgets_nothing() {
    let mut world = world_of(15, 2, 20);
    world.server.utc = Some("2026-09-21T14:13:20Z".to_owned());
    world.devices[0].skew = i64::try_from(100 * DAY).unwrap();
    world.run(60_000);
    world.devices[0].skew = 0;
    world.run(600_000);
    let new = newcomer(&mut world);
    assert_eq!((seen(&world, 0).len(), seen(&world, new).len()), (20, 20));
}

#[test]
fn addresses_of_any_length_fit_into_items() {
    let mut world = World::new(16);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    let start = world.now;
    for number in 0..400 {
        let noise: Vec<String> = (0..120)
            .map(|_| format!("{:016x}", world.rng.random::<u64>()))
            .collect();
        let url = format!("https://long.example/{}", noise.concat());
        let at = start - 4_000_000 + number * 1_000;
        world.devices[0].history.visit(&url, at);
    }
    share(&mut world, 0, true);
    share(&mut world, 1, true);
    world.run(1_200_000);
    assert_eq!(seen(&world, 1).len(), 400);
    let seen = world.server.seen.len();
    world.run(600_000);
    assert!(world.server.seen.len() - seen < 50, "it has come to rest");
}

#[test]
fn a_clear_by_a_clock_that_is_ahead_deletes_nothing_later() {
    let mut world = world(17, 3);
    world.devices[0].skew = 2 * 3_600_000;
    world.break_stream(0);
    visit(&mut world, 1, "https://old.example/");
    world.run(60_000);
    world.switch(2, false);
    let id = "clear".to_owned();
    world.command(0, Command::ClearVisits { id });
    world.run(60_000);
    visit(&mut world, 1, "https://new.example/");
    world.run(3_600_000);
    world.switch(2, true);
    world.run(120_000);
    let new = BTreeMap::from([("https://new.example/".to_owned(), 1)]);
    assert_eq!((seen(&world, 1), seen(&world, 2)), (new.clone(), new));
}

#[test]
fn a_deletion_outlives_that_its_device_leaves_or_stops_to_share() {
    for leaves in [false, true] {
        let mut world = world_of(18, 3, 400);
        world.switch(2, false);
        world.devices[1].history.delete(&page(7));
        world.run(300_000);
        assert_eq!((seen(&world, 0).len(), seen(&world, 1).len()), (399, 399));
        if leaves {
            let id = "leave".to_owned();
            world.command(1, Command::Leave { id });
            world.run(10_000);
            world.kill(1);
        } else {
            share(&mut world, 1, false);
        }
        world.run(DAY);
        world.switch(2, true);
        let new = newcomer(&mut world);
        for device in [0, 2, new] {
            assert_eq!(seen(&world, device).len(), 399, "of {device}; leaves: {leaves}");
        }
    }
}
