// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Large snapshots as files (XEP-0363), and what happens where that fails.
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

use client::NODE_SNAPSHOTS;
use rand::RngExt;

mod harness;

use harness::{Faults, Files, World};

const ACCOUNT: &str = "juliet@example.org";
const MENU: u64 = 2;
const TOOLBAR: u64 = 1;
/// Their snapshot has about 200 kB.
const LINKS: usize = 3_000;
/// What ejabberd takes of a client in a second, in bytes: at this pace all chunks take more than a minute.
const SLOW: u64 = 3_000;

/// Two browsers of one account that know each other, the first one behind a slow uplink, and an upload service.
fn world(seed: u64) -> World {
    let mut world = World::new(seed);
    world.max_stanza = client::MAX_STANZA_BYTES;
    world.server.files = Some(Files::new());
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.run(120_000);
    world.devices[0].uplink = Some(SLOW);
    world
}

fn files(world: &mut World) -> &mut Files {
    world.server.files.as_mut().unwrap()
}

/// The user of the first browser imports bookmarks whose addresses do not compress.
fn import(world: &mut World, links: usize) {
    for number in 0..links {
        let parts: [u128; 4] = world.rng.random();
        let url = format!("https://link.example/{parts:x?}");
        world.host(0).add(MENU, &format!("Link {number}"), &url);
    }
    world.collect(0);
}

/// Runs until the second browser has all of it, or `ms` are over; gives the time that it took, in milliseconds.
fn until_there(world: &mut World, links: usize, ms: u64) -> Option<u64> {
    let start = world.now;
    while world.now < start + ms {
        if world.host(1).len() >= links {
            return Some(world.now - start);
        }
        world.run(500);
    }
    None
}

/// The rest comes by itself, in chunks that stay.
fn heals(world: &mut World) {
    world.heal();
    world.assert_equal("after all");
    assert!(!world.server.items(ACCOUNT, NODE_SNAPSHOTS).is_empty());
}

#[test]
fn a_large_snapshot_is_there_long_before_its_chunks() {
    let mut world = world(1);
    import(&mut world, LINKS);
    let took = until_there(&mut world, LINKS, 20_000).expect("the file is there within seconds");
    assert!(took >= 2_000, "both ways take a second each");
    assert_eq!((files(&mut world).puts, files(&mut world).gets), (1, 1));
    let chunks = world.server.items(ACCOUNT, NODE_SNAPSHOTS).len();
    assert!(chunks <= 2, "{chunks} chunks were there before");
    // Edits are told while the chunks are on their way.
    world.host(0).add(TOOLBAR, "Live", "https://live.example/");
    world.collect(0);
    assert!(until_there(&mut world, LINKS + 1, 15_000).is_some());
    heals(&mut world);
    // The chunks are all there, and do for whoever comes next, whatever becomes of the file.
    files(&mut world).kept.clear();
    files(&mut world).refuses_slots = true;
    world.browser(ACCOUNT);
    world.heal();
    world.assert_equal("with a third one");
    assert_eq!(files(&mut world).gets, 1);
}

#[test]
fn a_small_snapshot_goes_in_chunks_alone() {
    let mut world = world(2);
    import(&mut world, 500);
    world.run(300_000);
    assert_eq!(world.host(1).len(), 500);
    assert_eq!(files(&mut world).slots, 0);
    assert!(
        !world
            .server
            .seen
            .iter()
            .any(|stanza| stanza.contains("disco#items"))
    );
}

#[test]
fn without_an_upload_the_chunks_do() {
    type Break = fn(&mut Files);
    let cases: [(&str, Break); 3] = [
        ("slots are refused", |files| files.refuses_slots = true),
        ("it is too large", |files| files.max_size = 60_000),
        ("it cannot be put", |files| files.fails_puts = true),
    ];
    for (note, make) in cases {
        let mut world = world(3);
        make(files(&mut world));
        import(&mut world, LINKS);
        assert!(until_there(&mut world, LINKS, 20_000).is_none(), "{note}");
        assert!(until_there(&mut world, LINKS, 400_000).is_some(), "{note}");
        assert_eq!(files(&mut world).gets, 0, "{note}");
        heals(&mut world);
    }
}

#[test]
fn a_server_without_the_service_or_with_a_silent_one_delays_nothing_for_long() {
    let chunks_after = |world: &mut World, ms| {
        import(world, LINKS);
        world.run(ms);
        assert!(!world.server.items(ACCOUNT, NODE_SNAPSHOTS).is_empty());
        heals(world);
    };
    let mut without = world(4);
    without.server.files = None;
    chunks_after(&mut without, 6_000);
    let mut silent = world(4);
    files(&mut silent).is_silent = true;
    chunks_after(&mut silent, 16_000);
}

#[test]
fn a_file_that_is_gone_or_changed_is_waited_for_in_chunks() {
    for gone in [true, false] {
        let mut world = world(5);
        import(&mut world, LINKS);
        while files(&mut world).kept.is_empty() {
            world.run(100);
        }
        if gone {
            files(&mut world).kept.clear();
        } else {
            for file in files(&mut world).kept.values_mut() {
                file[1_000] ^= 1;
            }
        }
        assert!(until_there(&mut world, LINKS, 20_000).is_none());
        assert!(until_there(&mut world, LINKS, 400_000).is_some());
        assert!(files(&mut world).gets >= 1);
        heals(&mut world);
    }
}

#[test]
fn nobody_connects_to_where_the_own_service_keeps_no_files() {
    let mut world = world(6);
    import(&mut world, LINKS);
    while files(&mut world).kept.is_empty() {
        world.run(100);
    }
    // For the second browser the head's address is a foreign one.
    files(&mut world).origin = "https://elsewhere.example.org";
    assert!(until_there(&mut world, LINKS, 400_000).is_some());
    assert_eq!(files(&mut world).gets, 0);
    assert_eq!(
        files(&mut world).slots,
        2,
        "it asks its own service where files are"
    );
    heals(&mut world);
}

#[test]
fn an_interrupted_upload_is_not_begun_again_and_the_chunks_follow() {
    let mut world = world(7);
    files(&mut world).transfer_ms = 30_000;
    import(&mut world, LINKS);
    while files(&mut world).slots == 0 {
        world.run(100);
    }
    world.save(0);
    world.run(1_000);
    world.restart(0);
    assert!(until_there(&mut world, LINKS, 400_000).is_some());
    assert_eq!((files(&mut world).slots, files(&mut world).puts), (1, 0));
    heals(&mut world);
}

#[test]
fn fetching_goes_on_without_the_stream_and_after_a_restart() {
    for restart in [false, true] {
        let mut world = world(8);
        files(&mut world).transfer_ms = 10_000;
        import(&mut world, LINKS);
        while files(&mut world).slots < 2 {
            world.run(100);
        }
        world.run(1_000);
        if restart {
            world.restart(1);
        } else {
            world.switch(1, false);
        }
        world.run(12_000);
        assert_eq!(files(&mut world).gets, 1);
        assert_eq!(world.host(1).len(), LINKS, "restart: {restart}");
        heals(&mut world);
    }
}

#[test]
fn an_upload_that_may_have_expired_is_renewed() {
    let mut world = world(9);
    world.switch(1, false);
    import(&mut world, LINKS);
    while files(&mut world).puts == 0 {
        world.run(100);
    }
    world.run(5_000);
    world.save(0);
    // Its chunks are not through when it is switched off for two days.
    world.switch(0, false);
    files(&mut world).kept.clear();
    world.run(2 * 24 * 3_600_000);
    world.switch(0, true);
    world.run(5_000);
    world.switch(1, true);
    assert!(until_there(&mut world, LINKS, 20_000).is_some());
    assert_eq!(files(&mut world).puts, 2);
    heals(&mut world);
}

#[test]
fn crashes_at_any_store_lose_nothing() {
    for crash in 1..14 {
        let mut world = world(100 + crash as u64);
        for number in [0, 1] {
            let persists = world.devices[number].persists;
            world.devices[number].crash_at = Some(persists + crash);
        }
        import(&mut world, LINKS / 2);
        world.save(0);
        world.run(60_000);
        world.collect(0);
        world.save(0);
        heals(&mut world);
        assert_eq!(world.host(0).len(), LINKS / 2, "crash {crash}");
    }
}

#[test]
fn three_devices_and_all_kinds_of_faults_lose_nothing() {
    for seed in 200..206 {
        let mut world = world(seed);
        let third = world.browser(ACCOUNT);
        world.devices[third].uplink = Some(SLOW);
        files(&mut world).fails_puts = seed % 3 == 0;
        world.faults = Faults {
            drop_stream: 20,
            double: 50,
            reorder: 50,
            crash: 40,
        };
        import(&mut world, LINKS / 2);
        world.save(0);
        for round in 0..6 {
            world.run(5_000);
            if round == 2 {
                // What was there so far is gone.
                files(&mut world).kept.clear();
            }
            for number in [1, third] {
                let name = format!("of-{number}-{round}");
                let url = format!("https://{name}.example/");
                world.host(number).add(TOOLBAR, &name, &url);
                world.collect(number);
                world.save(number);
            }
        }
        heals(&mut world);
        assert_eq!(world.host(0).len(), LINKS / 2 + 12, "seed {seed}");
    }
}
