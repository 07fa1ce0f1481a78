// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Months and years: what was deleted is forgotten, and a device that was away for longer brings none of it back.
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

use client::{Event, NODE_BOOKMARKS, ProblemKind};

mod harness;

use harness::World;

const ACCOUNT: &str = "juliet@example.org";
const MENU: u64 = 2;
const DAY: u64 = 24 * 3_600_000;

fn delete(world: &mut World, device: usize, name: &str) {
    let token = world.host(device).find(name);
    world.host(device).delete(token);
    edited(world, device);
}

fn edited(world: &mut World, device: usize) {
    world.collect(device);
    world.run(3_000);
    world.save(device);
    world.run(3_000);
}

fn days(world: &mut World, count: u64) {
    for _ in 0..count {
        world.run(DAY);
    }
}

fn rows(world: &World, device: usize) -> usize {
    world.devices[device]
        .disk
        .keys()
        .filter(|(table, _)| table == "replica_row")
        .count()
}

/// Three devices with twelve links; the third goes away, and the others delete three of them and go on for eight months.
fn long_absent(seed: u64) -> World {
    let mut world = World::new(seed);
    for _ in 0..3 {
        world.browser(ACCOUNT);
    }
    world.run(120_000);
    for number in 0..12 {
        world.add_link_and_run(0, &format!("link{number}"));
    }
    world.heal();
    world.switch(2, false);
    for number in 0..2 {
        delete(&mut world, 0, &format!("link{number}"));
    }
    days(&mut world, 1);
    delete(&mut world, 1, "link2");
    for month in 0..8 {
        for number in 0..15 {
            world.add_link_and_run((number % 2) as usize, &format!("month{month}-{number}"));
        }
        days(&mut world, 30);
    }
    // So many at once are published as a snapshot, which names what was forgotten no more.
    for device in [0, 1] {
        for number in 0..450 {
            let name = format!("bulk{device}-{number}");
            let url = format!("https://{name}.example/");
            world.host(device).add(MENU, &name, &url);
        }
        edited(&mut world, device);
        world.run(DAY);
    }
    // The rings have gone round many times since.
    let items = world.server.items(ACCOUNT, NODE_BOOKMARKS);
    world.server.forget(ACCOUNT, NODE_BOOKMARKS);
    for (id, payload) in items.into_iter().filter(|(id, _)| id.ends_with(".head")) {
        world.server.put(ACCOUNT, NODE_BOOKMARKS, &id, payload);
    }
    world
}

fn titles(world: &mut World, device: usize) -> Vec<String> {
    let mut titles: Vec<String> = world
        .host(device)
        .urls()
        .into_iter()
        .filter(|url| url.contains("link") || url.contains("own"))
        .collect();
    titles.sort();
    titles
}

#[test]
fn what_was_deleted_is_forgotten_where_all_are_on() {
    let mut world = long_absent(1);
    // 1020 new ones and nine of the twelve, and nothing of the three.
    let mut seen = Vec::new();
    for device in [0, 1] {
        seen.push(rows(&world, device));
    }
    assert_eq!(seen, [1029, 1029], "rows on disk");
    world.restart(0);
    world.run(60_000);
    assert_eq!(rows(&world, 0), 1029);
    assert_eq!(world.host(0).len(), 1029);
}

#[test]
fn a_device_that_was_away_for_longer_brings_nothing_back() {
    for seed in 2..4 {
        let mut world = long_absent(seed);
        // What its user did meanwhile, without a connection: one new, another name for one that is gone elsewhere.
        world.add_link_and_run(2, "own");
        let token = world.host(2).find("link1");
        world.host(2).rename(token, "renamed");
        edited(&mut world, 2);
        if seed % 2 == 0 {
            world.restart(2);
            world.switch(2, false);
        }
        days(&mut world, 1);
        world.switch(2, true);
        world.heal();
        world.assert_equal(&format!("seed {seed}"));
        let mut expected: Vec<String> = (3..12)
            .chain([1])
            .map(|n| format!("https://link{n}.example/"))
            .collect();
        expected.push("https://own.example/".to_owned());
        expected.sort();
        for device in 0..3 {
            assert_eq!(
                titles(&mut world, device),
                expected,
                "seed {seed}, device {device}"
            );
        }
        let returned = |event: &&Event| matches!(event, Event::Returned { days: 240.. });
        assert_eq!(world.devices[2].events.iter().filter(returned).count(), 1);
        // A copy of what it had is kept.
        assert!(!world.client(2).history().is_empty());
    }
}

#[test]
fn by_a_wrong_clock_nothing_is_long_ago() {
    let mut world = World::new(7);
    for _ in 0..2 {
        world.browser(ACCOUNT);
    }
    world.run(120_000);
    for number in 0..12 {
        world.add_link_and_run(0, &format!("link{number}"));
    }
    delete(&mut world, 0, "link0");
    world.heal();
    assert_eq!(rows(&world, 0), 12);
    let reconnect = |world: &mut World, utc: &str| {
        world.server.utc = Some(utc.to_owned());
        for on in [false, true] {
            for device in 0..2 {
                world.switch(device, on);
            }
            world.run(DAY / 2);
        }
    };
    let wrong = |world: &World| {
        let problems = world.client(0).status().problems;
        problems
            .iter()
            .any(|problem| problem.kind == ProblemKind::ClockWrong)
    };
    reconnect(&mut world, "2026-09-22T06:00:00Z");
    assert!(!wrong(&world));
    // The browsers' clocks jump ahead, the server's does not.
    days(&mut world, 200);
    reconnect(&mut world, "2026-09-23T06:00:00Z");
    assert!(wrong(&world));
    assert_eq!(rows(&world, 0), 12, "what was deleted a day ago is remembered");
    // It was their clocks that were right.
    reconnect(&mut world, "2027-04-12T00:00:00Z");
    assert!(!wrong(&world));
    assert_eq!(rows(&world, 0), 11);
}
