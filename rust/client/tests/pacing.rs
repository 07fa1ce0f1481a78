// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Uplinks as servers limit them: 3 kB/s (ejabberd) and 10 kB/s (Debian's Prosody).
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

use client::{Command, Direction, Event, NODE_SNAPSHOTS, Phase};
use jid::BareJid;
use rand::RngExt;
use serde_json::json;

mod harness;

use harness::World;

const ACCOUNT: &str = "juliet@example.org";
const PARTNER: &str = "helper@example.org";
const MENU: u64 = 2;
const TOOLBAR: u64 = 1;

/// Two browsers of one account that know each other; the first one's uplink is slow.
fn world(seed: u64, uplink: u64) -> World {
    let mut world = World::new(seed);
    world.max_stanza = client::MAX_STANZA_BYTES;
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.run(120_000);
    world.devices[0].uplink = Some(uplink);
    world
}

/// Bookmarks whose addresses do not compress: 70 bytes each and more when sealed.
fn import(world: &mut World, links: usize) {
    for number in 0..links {
        let parts: [u128; 4] = world.rng.random();
        let url = format!("https://link.example/{parts:x?}");
        world.host(0).add(MENU, &format!("Link {number}"), &url);
    }
    world.collect(0);
}

fn has(world: &mut World, device: usize, title: &str) -> bool {
    world.host(device).lines().iter().any(|line| line.contains(title))
}

/// How long a bookmark saved in the first browser takes to the second one, in milliseconds.
fn latency(world: &mut World, title: &str) -> u64 {
    world
        .host(0)
        .add(TOOLBAR, title, &format!("https://{title}.example/"));
    world.collect(0);
    let saved = world.now;
    while !has(world, 1, title) {
        world.run(100);
        assert!(world.now < saved + 600_000, "{title} did not arrive");
    }
    world.now - saved
}

#[test]
fn edits_do_not_wait_for_a_large_snapshot() {
    for uplink in [3_000, 10_000] {
        let mut world = world(1, uplink);
        import(&mut world, 6_000);
        world.run(5_000);
        let mut slowest = 0;
        for number in 0..4 {
            slowest = slowest.max(latency(&mut world, &format!("live{number}")));
            world.run(3_000);
        }
        assert!(!has(&mut world, 1, "Link 17"), "the snapshot was through already");
        assert!(slowest <= 10_000, "{slowest} ms at {uplink} bytes a second");
        let unsent = world.devices[0].most_unsent;
        assert!(
            unsent <= 64 * 1024,
            "{unsent} bytes on their way at {uplink} bytes a second"
        );
        world.heal();
        assert_eq!(world.host(1).len(), 6_004);
        world.assert_equal("after the snapshot");
    }
}

/// Where the server takes no files, a new device waits for all chunks: it is told how far they are.
#[test]
fn a_newcomer_sees_how_far_the_sender_is() {
    let mut world = World::new(3);
    world.max_stanza = client::MAX_STANZA_BYTES;
    world.browser(ACCOUNT);
    import(&mut world, 2_000);
    world.run(120_000);
    world.devices[0].uplink = Some(3_000);
    let newcomer = world.browser(ACCOUNT);
    let mut told = Vec::new();
    let since = world.now;
    while world.host(newcomer).len() < 2_000 {
        world.run(1_000);
        assert!(world.now < since + 600_000, "nothing came");
        let progress = world.client(newcomer).status().progress;
        told.extend(progress.filter(|progress| progress.direction == Direction::Awaiting));
    }
    let mut far: Vec<u64> = told.iter().map(|progress| progress.done).collect();
    assert!(far.is_sorted());
    far.dedup();
    assert!(far.len() >= 4, "{far:?}");
    assert!(told.iter().all(|progress| progress.items == 2_000));
    assert!(told.last().unwrap().remaining_ms.is_some());
    world.heal();
    world.assert_equal("after the join");
    assert_eq!(world.client(newcomer).status().progress, None);
    assert_eq!(world.client(0).status().progress, None);
}

/// Too much for deltas is edited while a snapshot is on its way: it goes with the next one, and what is edited after it does
/// not wait for that.
#[test]
fn edits_do_not_wait_for_a_second_import_that_waits() {
    let mut world = world(1, 3_000);
    import(&mut world, 6_000);
    world.run(5_000);
    let folder = world.host(0).add_folder(MENU, "Imported later");
    for number in 0..600 {
        let url = format!("https://later.example/{number}");
        world.host(0).add(folder, &format!("Later {number}"), &url);
    }
    world.collect(0);
    world.run(5_000);
    // What is put into a folder that waits would be shown elsewhere, so it waits as well.
    world.host(0).add(folder, "within", "https://within.example/");
    let first = latency(&mut world, "live0");
    world.restart(0);
    world.run(5_000);
    let token = world.host(0).find("live0");
    world.host(0).delete(token);
    let second = latency(&mut world, "live1");
    assert!(!has(&mut world, 1, "live0") && has(&mut world, 1, "live1"));
    for title in ["Link 17", "Later 17", "within"] {
        assert!(!has(&mut world, 1, title), "the snapshots were through already");
    }
    assert!(first <= 10_000 && second <= 10_000, "{first} ms and {second} ms");
    world.heal();
    assert_eq!(world.host(1).len(), 6_603);
    world.assert_equal("after the snapshots");
}

#[test]
fn edits_made_just_before_a_snapshot_do_not_wait_for_it() {
    let mut world = world(5, 3_000);
    world.devices[1].uplink = Some(3_000);
    import(&mut world, 3_000);
    world.run(900_000);
    assert_eq!(world.host(1).len(), 3_000);
    // A third device needs all of it, and the others are edited all the while.
    let newcomer = world.browser(ACCOUNT);
    let mut waiting: Vec<(usize, String, u64)> = Vec::new();
    for number in 0..15 {
        for device in [0, 1] {
            let title = format!("live{number}of{device}");
            world
                .host(device)
                .add(TOOLBAR, &title, &format!("https://{title}.example/"));
            world.collect(device);
            waiting.push((1 - device, title, world.now));
        }
        for _ in 0..8 {
            world.run(100);
            let now = world.now;
            let mut late = Vec::new();
            for (device, title, since) in std::mem::take(&mut waiting) {
                if !has(&mut world, device, &title) {
                    assert!(now - since <= 15_000, "{title} waits at {now}");
                    late.push((device, title, since));
                }
            }
            waiting = late;
        }
    }
    assert!(
        world.host(newcomer).len() < 3_000,
        "the snapshot was through already"
    );
    world.heal();
    assert_eq!(world.host(newcomer).len(), 3_030);
    world.assert_equal("after the snapshot");
}

#[test]
fn a_snapshot_goes_on_where_it_broke_off() {
    // What it takes without any disturbance.
    let mut world = world(2, 10_000);
    import(&mut world, 4_000);
    world.run(1_000_000);
    assert_eq!(world.host(1).len(), 4_000);
    let undisturbed = world.devices[0].sent_bytes;

    let mut world = self::world(2, 10_000);
    import(&mut world, 4_000);
    let mut breaks = 0;
    while world.client(0).status().phase != Phase::UpToDate || world.host(1).len() < 4_000 {
        world.run(5_000);
        match breaks % 3 {
            0 => world.break_stream(0),
            1 => world.restart(0),
            _ => world.break_stream(1),
        }
        world.collect(0);
        breaks += 1;
        assert!(breaks < 200, "it never comes to an end");
        world.run(1_000);
    }
    assert!(breaks >= 6, "{breaks} interruptions disturb nothing");
    let sent = world.devices[0].sent_bytes;
    assert!(
        sent < undisturbed * 2,
        "{sent} bytes instead of {undisturbed}, after {breaks} interruptions"
    );
    world.heal();
    world.assert_equal("after all");
}

#[test]
fn fetching_goes_on_where_it_broke_off() {
    let mut world = world(3, 1_000_000);
    import(&mut world, 6_000);
    world.switch(1, false);
    world.run(120_000);
    let chunks = world.server.items(ACCOUNT, NODE_SNAPSHOTS).len();
    assert!(chunks >= 4, "{chunks}");
    let asked = |world: &World| {
        let wanted = |stanza: &&String| {
            stanza.contains("<items node='urn:xmppsync:bookmarks:1:snapshot'") && stanza.contains("<item ")
        };
        world.server.seen.iter().filter(wanted).count()
    };
    let before = asked(&world);
    world.switch(1, true);
    // It dies at every other store until all is there.
    for _ in 0..200 {
        if world.host(1).len() == 6_000 {
            break;
        }
        let persists = world.devices[1].persists;
        world.devices[1].crash_at = Some(persists + 2);
        world.run(100);
    }
    world.devices[1].crash_at = None;
    world.heal();
    world.assert_equal("after all");
    assert!(world.devices[1].crashes > 2, "nothing was disturbed");
    let times = asked(&world) - before;
    assert!(
        times <= chunks + world.devices[1].crashes + 2,
        "{times} chunks were fetched of {chunks}, with {} crashes",
        world.devices[1].crashes
    );
}

#[test]
fn a_long_answer_does_not_keep_edits_waiting() {
    let mut world = World::new(4);
    world.bot(ACCOUNT, &[PARTNER]);
    let browser = world.browser(ACCOUNT);
    world.bot(PARTNER, &[]);
    world.run(120_000);
    let send = |world: &mut World, request: serde_json::Value| {
        let command = Command::SendChat {
            id: "1".into(),
            to: BareJid::new(ACCOUNT).unwrap(),
            body: request.to_string(),
        };
        world.command(2, command);
    };
    // A large import comes in parts; each finds the folder that the one before has made.
    for part in 0..6 {
        let links: Vec<_> = (0..400)
            .map(|number| {
                json!({"title": format!("Link {part} {number}"), "url": format!("https://{part}.{number}.example/")})
            })
            .collect();
        let folder = json!({"title": "Imported", "children": links});
        send(
            &mut world,
            json!({"v": 1, "type": "import", "id": format!("part {part}"), "bookmarks": {"menu": [folder]}}),
        );
        world.run(20_000);
    }
    assert_eq!(world.host(browser).len(), 2_401);
    // The answer to an export is far more than the bot's uplink takes in a minute.
    world.devices[0].uplink = Some(3_000);
    send(&mut world, json!({"v": 1, "type": "export", "id": "all"}));
    world.run(5_000);
    let add = json!({"type": "edit", "id": "live", "op": {"op": "add", "parent": "toolbar", "kind": "link",
        "fields": {"title": "live", "url": "https://live.example/"}}});
    world.command(0, serde_json::from_value(add).unwrap());
    let mut waited = 0;
    while !has(&mut world, browser, "live") {
        world.run(1_000);
        waited += 1;
        assert!(waited <= 25, "the edit waits for the answer");
    }
    let parts = |world: &World| {
        let part = |event: &&Event| matches!(event, Event::Message { body, .. } if body.contains("\"part\""));
        world.devices[2].events.iter().filter(part).count()
    };
    assert!(parts(&world) < 6, "the answer was through already");
    world.heal();
    assert!(parts(&world) >= 8);
}
