// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Dated copies on every device, and going back to one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    unreachable_pub
)]

use client::{Command, Copy, Difference, Event, Occasion};

#[allow(dead_code)] // other tests use more of it
mod harness;

use harness::{Host, World};

const ACCOUNT: &str = "juliet@example.org";
const MENU: u64 = 2;
const DAY_MS: u64 = 24 * 3_600_000;

fn library(links: std::ops::Range<usize>) -> Host {
    let mut host = Host::new();
    let folder = host.add_folder(MENU, "Recipes");
    for number in links {
        host.add(
            folder,
            &format!("Recipe {number}"),
            &format!("https://r{number}.example/"),
        );
    }
    host.save();
    host
}

/// Two browsers and a bot with the same twenty links.
fn world() -> World {
    let mut world = World::new(1);
    world.browser_with(ACCOUNT, library(0..20));
    world.browser(ACCOUNT);
    world.bot(ACCOUNT, &[]);
    world.heal();
    world
}

fn copies(world: &World, device: usize, occasion: Occasion) -> Vec<Copy> {
    let copies = world.client(device).history().into_iter();
    copies.filter(|copy| copy.occasion == occasion).collect()
}

#[test]
fn every_device_copies_daily_what_changed() {
    let mut world = world();
    for day in 0..3 {
        if day != 1 {
            world
                .host(0)
                .add(MENU, &format!("Day {day}"), &format!("https://d{day}.example/"));
            world.collect(0);
        }
        world.run(DAY_MS);
    }
    for device in 0..3 {
        let items: Vec<u64> = world
            .client(device)
            .history()
            .iter()
            .map(|copy| copy.items)
            .collect();
        assert_eq!(items, [23, 22, 21], "device {device}");
        world.restart(device);
        assert_eq!(
            world.client(device).history().len(),
            3,
            "device {device} after a restart"
        );
    }
}

#[test]
fn there_is_a_copy_of_both_sides_before_a_join_changes_anything() {
    let mut world = World::new(2);
    world.browser_with(ACCOUNT, library(0..20));
    world.heal();
    let second = world.browser_with(ACCOUNT, library(15..25));
    // What is on the disk when the first edit reaches the browser.
    while world.host(second).len() == 11 {
        assert!(world.client(second).history().is_empty() || world.client(second).status().joined);
        world.run(50);
    }
    let mine = copies(&world, second, Occasion::JoinMine);
    let theirs = copies(&world, second, Occasion::JoinTheirs);
    assert_eq!((mine[0].items, theirs[0].items), (11, 21));
    assert!(
        world.devices[second]
            .disk
            .keys()
            .any(|(table, _)| table == "client_history")
    );
    world.heal();
    assert_eq!(world.host(0).urls().len(), 25);
    let command = Command::Restore {
        id: "1".into(),
        at: mine[0].at,
    };
    world.command(second, command);
    world.heal();
    world.assert_equal("restored");
    let mut urls = world.host(0).urls();
    urls.sort();
    let expected: Vec<String> = (15..25)
        .map(|number| format!("https://r{number}.example/"))
        .collect();
    assert_eq!(urls, expected);
}

#[test]
fn a_restored_copy_is_undone_by_nobody() {
    let mut world = world();
    world.run(DAY_MS);
    let at = copies(&world, 2, Occasion::Daily)[0].at;
    let lines = world.host(0).lines();
    // One browser is off, with an edit of its own, when the others lose half and go back.
    world.switch(1, false);
    let link = world.host(1).find("Recipe 3");
    world.host(1).rename(link, "Away");
    let link = world.host(1).find("Recipe 4");
    world.host(1).delete(link);
    world.collect(1);
    let away = world.host(0).add_folder(MENU, "Away");
    for number in 0..12 {
        let link = world.host(0).find(&format!("Recipe {number}"));
        world.host(0).shift(link, away);
    }
    world.collect(0);
    world.run(10_000);
    world.host(0).delete(away);
    world.host(0).add(1, "New", "https://new.example/");
    world.collect(0);
    world.run(10_000);
    assert_eq!(world.host(0).urls().len(), 9);

    world.command(2, Command::HistoryDiff { id: "1".into(), at });
    let told = world.devices[2].events.last().cloned();
    let Some(Event::HistoryDiff {
        total: 13,
        differences,
        ..
    }) = told
    else {
        panic!("{told:?}");
    };
    assert_eq!(differences[0].difference, Difference::Added);
    assert_eq!(differences[1].folder, "menu/Recipes");
    world.command(2, Command::Restore { id: "2".into(), at });
    assert!(world.devices[2].events.iter().any(|event| matches!(
        event,
        Event::Restored {
            added: 12,
            removed: 1,
            ..
        }
    )));
    world.heal();
    world.assert_equal("after going back");
    assert_eq!(
        world.host(0).lines(),
        lines,
        "also what the browser did that was away is older"
    );
    for device in 0..3 {
        assert!(world.client(device).needs().is_empty(), "nobody is asked");
    }
    assert_eq!(copies(&world, 2, Occasion::Restore).len(), 1);

    world.command(
        2,
        Command::Restore {
            id: "3".into(),
            at: 7,
        },
    );
    assert!(matches!(
        world.devices[2].events.last(),
        Some(Event::CommandFailed { .. })
    ));
}

#[test]
fn a_large_change_is_preceded_by_a_copy() {
    let mut world = world();
    let before = world.client(2).bookmarks();
    for number in 0..150 {
        world.host(0).add(
            MENU,
            &format!("Many {number}"),
            &format!("https://m{number}.example/"),
        );
    }
    world.collect(0);
    world.run(60_000);
    for device in [0, 2] {
        let copy = copies(&world, device, Occasion::Bulk)
            .first()
            .cloned()
            .or_else(|| world.client(device).history().first().cloned())
            .unwrap();
        assert_eq!(copy.items, 21, "device {device}");
        let tree = world.client(device).history_tree(copy.at).unwrap();
        assert_eq!(tree, client::PlainTree::from(&before));
    }
}
