// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Two and three clients on one server keep the same bookmarks, whatever happens on the way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods, // the seeds come from the environment
    unreachable_pub
)]

use std::collections::BTreeSet;

use client::{Command, DropReason, Event, Phase, TrustLevel};
use minidom::Element;
use rand::RngExt;

#[allow(dead_code)] // other tests use more of it
mod harness;

use harness::{Faults, Host, World, for_each_seed};

const ACCOUNT: &str = "juliet@example.org";
const MENU: u64 = 2;
const BOOKMARKS_NODE: &str = "urn:xmppsync:bookmarks:1";

/// How many seeds each random test runs.
const SEEDS: u64 = 100;

fn library(links: usize) -> Host {
    let mut host = Host::new();
    let mut folder = MENU;
    for number in 0..links {
        if number % 10 == 0 {
            folder = host.add_folder(MENU, &format!("Folder {number}"));
        }
        host.add(
            folder,
            &format!("Link {number}"),
            &format!("https://link{number}.example/"),
        );
    }
    host.save();
    host
}

/// Two browsers that have met.
fn pair(seed: u64) -> World {
    let mut world = World::new(seed);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.run(60_000);
    world
}

#[test]
fn a_bookmark_saved_here_shows_there() {
    let mut world = pair(1);
    world.host(0).add(MENU, "News", "https://news.example/");
    world.collect(0);
    world.run(5_000);
    assert_eq!(world.host(1).urls(), ["https://news.example/"]);
    world.assert_equal("after an addition");
    for device in 0..2 {
        let status = world.client(device).status();
        assert_eq!(
            (status.phase, status.unpublished, status.missing),
            (Phase::UpToDate, 0, 0),
            "{status:?}"
        );
    }
}

#[test]
fn edits_go_both_ways_and_deletions_too() {
    let mut world = pair(2);
    let folder = world.host(0).add_folder(MENU, "Reading");
    let link = world.host(0).add(folder, "News", "https://news.example/");
    world.collect(0);
    world.run(5_000);
    world.host(0).rename(link, "The news");
    world.collect(0);
    world.host(1).add(1, "Bar", "https://bar.example/");
    world.collect(1);
    world.run(5_000);
    world.assert_equal("after edits on both");
    assert!(world.host(1).lines().iter().any(|line| line.contains("The news")));
    world.host(0).delete(folder);
    world.collect(0);
    world.run(5_000);
    world.assert_equal("after a deletion");
    assert_eq!(world.host(1).urls(), ["https://bar.example/"]);
}

#[test]
fn the_server_sees_no_title_and_no_address() {
    let mut world = pair(3);
    world.host(0).add(MENU, "Xanthippe", "https://xylophone.example/");
    world.collect(0);
    world.heal();
    assert_eq!(world.host(1).len(), 1);
    for stanza in &world.server.seen {
        assert!(
            !stanza.contains("Xanthippe") && !stanza.contains("xylophone"),
            "{stanza}"
        );
    }
    assert_eq!(
        world
            .server
            .node_option(ACCOUNT, BOOKMARKS_NODE, "access_model")
            .as_deref(),
        Some("whitelist")
    );
}

#[test]
fn two_equal_libraries_that_join_at_once_do_not_double() {
    let mut world = World::new(4);
    world.browser_with(ACCOUNT, library(50));
    world.browser_with(ACCOUNT, library(50));
    world.heal();
    world.assert_equal("after the first join");
    assert_eq!(world.host(0).len(), 55);
}

#[test]
fn a_late_device_with_its_own_library_joins_without_doubles_or_losses() {
    let mut world = World::new(5);
    world.browser_with(ACCOUNT, library(30));
    world.run(60_000);
    let mut own = library(20);
    own.add(MENU, "Mine", "https://mine.example/");
    own.save();
    world.browser_with(ACCOUNT, own);
    world.heal();
    world.assert_equal("after the late join");
    assert_eq!(world.host(0).len(), 34);
}

#[test]
fn a_new_device_waits_for_one_that_can_share() {
    let mut world = World::new(6);
    world.browser_with(ACCOUNT, library(30));
    world.run(60_000);
    world.switch(0, false);
    world.run(1_000);
    world.browser_with(ACCOUNT, library(3));
    world.run(600_000);
    assert_eq!(
        world.client(1).status().phase,
        Phase::WaitingForDevice,
        "{:?}",
        world.client(1).status()
    );
    world.switch(0, true);
    world.heal();
    world.assert_equal("after the other one came back");
    assert_eq!(world.host(1).len(), 33);
}

#[test]
fn a_device_that_was_away_for_more_than_the_ring_catches_up_alone() {
    let mut world = pair(7);
    world.switch(1, false);
    for number in 0..60 {
        world.host(0).add(
            MENU,
            &format!("Link {number}"),
            &format!("https://link{number}.example/"),
        );
        world.collect(0);
        world.run(3_000);
    }
    world.switch(0, false);
    world.switch(1, true);
    world.run(120_000);
    assert_eq!(world.host(1).len(), 60, "{:?}", world.client(1).status());
    world.heal();
    world.assert_equal("after catching up");
}

#[test]
fn both_edit_offline_and_then_meet() {
    let mut world = World::new(8);
    world.browser_with(ACCOUNT, library(20));
    world.browser_with(ACCOUNT, library(20));
    world.heal();
    for device in 0..2 {
        world.switch(device, false);
        world.host(device).add(
            MENU,
            &format!("From {device}"),
            &format!("https://from{device}.example/"),
        );
        world.collect(device);
    }
    world.run(60_000);
    world.heal();
    world.assert_equal("after meeting");
    assert_eq!(world.host(0).len(), 24);
}

#[test]
fn a_restart_keeps_keys_and_tree() {
    let mut world = pair(9);
    world.host(0).add(MENU, "News", "https://news.example/");
    world.collect(0);
    world.heal();
    let before = (
        world.client(0).fingerprint(),
        world.client(0).device_id(),
        world.plain(0),
    );
    world.restart(0);
    world.restart(1);
    world.heal();
    assert_eq!(
        (
            world.client(0).fingerprint(),
            world.client(0).device_id(),
            world.plain(0)
        ),
        before
    );
    world.assert_equal("after the restarts");
    assert_eq!(world.client(0).devices().len(), 2);
}

#[test]
fn plain_text_in_the_node_and_by_message_changes_nothing() {
    let mut world = pair(10);
    world.heal();
    let before = world.plain(0);
    let json: Element = "<json xmlns='urn:xmpp:json:0'>{\"v\":1,\"type\":\"update\"}</json>"
        .parse()
        .unwrap();
    world
        .server
        .put(ACCOUNT, BOOKMARKS_NODE, "00000000000000aa.0", json);
    let to = world.devices[0].full.to_string();
    let message = format!(
        "<message xmlns='jabber:client' type='chat' from='mallory@example.org/x' to='{to}'>\
         <body>{{\"v\":1,\"type\":\"add\",\"in\":\"menu\",\"url\":\"https://evil.example/\"}}</body></message>"
    );
    world
        .server
        .inbox(&to)
        .unwrap()
        .push_back(message.parse().unwrap());
    world.heal();
    assert_eq!(world.plain(0), before);
    assert!(
        world.devices[0].events.iter().any(|event| matches!(
            event,
            Event::Dropped {
                reason: DropReason::Unencrypted,
                ..
            }
        )),
        "{:?}",
        world.devices[0].events
    );
}

#[test]
fn a_distrusted_device_changes_nothing() {
    let mut world = pair(11);
    let fingerprint = world.client(1).fingerprint();
    world.command(
        0,
        Command::SetTrust {
            jid: world.devices[0].config.account.clone(),
            fingerprint,
            trust: TrustLevel::ManuallyDistrusted,
        },
    );
    world.run(5_000);
    world.host(1).add(MENU, "News", "https://news.example/");
    world.collect(1);
    world.run(60_000);
    assert_eq!(world.host(0).len(), 0);
    assert!(
        world.devices[0].events.iter().any(|event| matches!(
            event,
            Event::Dropped {
                reason: DropReason::Untrusted,
                ..
            }
        )),
        "{:?}",
        world.devices[0].events
    );
}

#[test]
fn nodes_that_somebody_configured_otherwise_are_repaired() {
    let mut world = World::new(14);
    for (node, option, value) in [
        ("urn:xmpp:omemo:2:devices", "access_model", "presence"),
        ("urn:xmpp:omemo:2:bundles", "max_items", "1"),
        (BOOKMARKS_NODE, "access_model", "open"),
        (BOOKMARKS_NODE, "max_items", "1"),
    ] {
        world.server.set_node_option(ACCOUNT, node, option, value);
    }
    world.browser_with(ACCOUNT, library(5));
    world.browser(ACCOUNT);
    world.heal();
    world.assert_equal("after the repair");
    let option = |node, option| world.server.node_option(ACCOUNT, node, option);
    assert_eq!(
        option("urn:xmpp:omemo:2:devices", "access_model").as_deref(),
        Some("open")
    );
    assert_eq!(
        option(BOOKMARKS_NODE, "access_model").as_deref(),
        Some("whitelist")
    );
    assert_eq!(world.server.items(ACCOUNT, "urn:xmpp:omemo:2:bundles").len(), 2);
}

#[test]
fn a_foreign_device_stays_in_the_device_list() {
    let mut world = World::new(15);
    let list = "<devices xmlns='urn:xmpp:omemo:2'><device id='4711' label='Phone'/></devices>"
        .parse()
        .unwrap();
    world
        .server
        .put(ACCOUNT, "urn:xmpp:omemo:2:devices", "current", list);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    world.heal();
    let list = String::from(&world.server.items(ACCOUNT, "urn:xmpp:omemo:2:devices")[0].1);
    for id in [4711, world.client(0).device_id(), world.client(1).device_id()] {
        assert!(list.contains(&id.to_string()), "{id} is not in {list}");
    }
    world.host(0).add(MENU, "News", "https://news.example/");
    world.collect(0);
    world.heal();
    world.assert_equal("beside a device that is no replica");
}

#[test]
fn the_ring_stays_short() {
    let mut world = pair(16);
    for number in 0..30 {
        world.host(0).add(
            MENU,
            &format!("Link {number}"),
            &format!("https://link{number}.example/"),
        );
        world.collect(0);
        world.run(3_000);
    }
    world.heal();
    let items = world.server.items(ACCOUNT, BOOKMARKS_NODE).len();
    assert!(items <= 2 * 9, "{items} items of two replicas");
}

#[test]
fn chat_messages_arrive_decrypted_and_once() {
    let mut world = World::new(12);
    world.bot(ACCOUNT, &["romeo@example.org"]);
    world.bot("romeo@example.org", &[ACCOUNT]);
    world.run(60_000);
    for number in 0..10 {
        let (from, to) = if number % 2 == 0 { (0, 1) } else { (1, 0) };
        let to = world.devices[to].config.account.clone();
        world.command(
            from,
            Command::SendChat {
                id: format!("{number}"),
                to,
                body: format!("hello {number}"),
            },
        );
        world.run(10_000);
    }
    for device in 0..2 {
        let bodies: Vec<&str> = world.devices[device]
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Message { body, .. } => Some(body.as_str()),
                _ => None,
            })
            .collect();
        let wanted: Vec<String> = (0..10)
            .filter(|number| number % 2 != device)
            .map(|number| format!("hello {number}"))
            .collect();
        assert_eq!(
            bodies, wanted,
            "device {device}: {:?}",
            world.devices[device].events
        );
    }
}

/// Every point at which a client stores something, one after the other: the process dies there.
#[test]
fn a_crash_at_any_store_loses_and_doubles_nothing() {
    let story = |crash: Option<(usize, usize)>| {
        let mut world = World::new(13);
        world.browser_with(ACCOUNT, library(12));
        world.browser(ACCOUNT);
        if let Some((device, at)) = crash {
            world.devices[device].crash_at = Some(at);
        }
        world.run(30_000);
        for device in 0..2 {
            world.save(device);
            world.host(device).add(
                MENU,
                &format!("From {device}"),
                &format!("https://from{device}.example/"),
            );
            // The file is written before the process can die: what a user did is in it.
            world.save(device);
            world.collect(device);
            world.run(4_000);
        }
        let crashed = world.devices.iter().any(|device| device.crashes > 0);
        world.heal();
        world.assert_equal(&format!("crash at {crash:?}"));
        let mut urls = world.host(0).urls();
        urls.sort();
        assert_eq!(urls.len(), 14, "crash at {crash:?}: {urls:?}");
        assert_eq!(world.host(0).len(), 16, "crash at {crash:?}");
        crashed
    };
    assert!(!story(None));
    for device in 0..2 {
        // The first store, of the new keys, is made before there is anything to lose.
        let mut at = 2;
        while story(Some((device, at))) {
            at += 1;
        }
        assert!(at > 5, "device {device} stored something only {at} times");
    }
}

/// Random edits on three to five replicas under every fault: at the end all are equal, everything that nobody deleted is there
/// once, and nothing is there twice.
#[test]
fn random_edits_under_faults_lose_and_double_nothing() {
    for_each_seed(SEEDS, |seed| {
        let mut world = World::new(seed);
        let browsers = world.rng.random_range(2..=4);
        for _ in 0..browsers {
            world.browser(ACCOUNT);
        }
        world.bot(ACCOUNT, &[]);
        world.run(30_000);
        world.faults = Faults {
            drop_stream: 10,
            double: 50,
            reorder: 50,
            crash: 4,
        };
        let (mut added, mut removed) = (BTreeSet::new(), BTreeSet::new());
        for round in 0..30 {
            let device = world.rng.random_range(0..browsers);
            if world.rng.random_range(0..6) == 0 {
                let on = world.devices[device].switched_off;
                world.switch(device, on);
            }
            let edit = world.edit_at_random(device, &format!("s{seed}r{round}"));
            added.extend(edit.added);
            removed.extend(edit.removed);
            // A crash of the process does not lose what the user did: that is the host's own promise.
            world.save(device);
            world.collect(device);
            let pause = world.rng.random_range(0..4_000);
            world.run(pause);
        }
        world.heal();
        // Their users answer what is held, each in their own way, until nothing is.
        for _ in 0..10 {
            for device in 0..=browsers {
                if !world.client(device).needs().is_empty() {
                    let accept = world.rng.random_bool(0.5);
                    let (id, question) = ("1".to_owned(), None);
                    world.command(device, Command::AnswerHeld { id, question, accept });
                }
            }
            world.heal();
            if (0..=browsers).all(|device| world.client(device).needs().is_empty()) {
                break;
            }
        }
        world.assert_equal("after healing");
        let mut urls = world.host(0).urls();
        urls.sort();
        let mut unique = urls.clone();
        unique.dedup();
        assert_eq!(urls, unique, "something doubled");
        let there: BTreeSet<String> = urls.into_iter().collect();
        let lost: Vec<&String> = added
            .difference(&removed)
            .filter(|url| !there.contains(*url))
            .collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
    });
}
