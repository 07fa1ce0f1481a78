// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! First joins: who is asked what, and that nothing is doubled or lost whoever joins when.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    unreachable_pub
)]

use client::{Command, Event, JoinMode, JoinPolicy, Need, Phase};

#[allow(dead_code)] // other tests use more of it
mod harness;

use harness::{Host, World};

const ACCOUNT: &str = "juliet@example.org";
const MENU: u64 = 2;

/// A folder of links, and one that is filed apart, under a title.
fn library(links: std::ops::Range<usize>, apart: &str) -> Host {
    let mut host = Host::new();
    let folder = host.add_folder(MENU, "Recipes");
    for number in links {
        host.add(
            folder,
            &format!("Recipe {number}"),
            &format!("https://r{number}.example/"),
        );
    }
    host.add(1, apart, "https://apart.example/");
    host.save();
    host
}

/// A browser with a library, and a second one with another that is to ask.
fn asking() -> World {
    let mut world = World::new(3);
    world.browser_with(ACCOUNT, library(0..8, "Apart"));
    world.run(60_000);
    let second = world.browser_with(ACCOUNT, library(5..11, "Away"));
    world.devices[second].config.join = JoinPolicy::Ask;
    world.restart(second);
    world.run(60_000);
    world
}

#[test]
fn the_user_chooses_between_merge_theirs_and_mine() {
    for (mode, urls) in [(JoinMode::Merge, 13), (JoinMode::Theirs, 9), (JoinMode::Mine, 7)] {
        let mut world = asking();
        let status = world.client(1).status();
        assert_eq!((status.phase, status.joined), (Phase::NeedsYou, false));
        let [
            Need::Join {
                again: false,
                preview,
                ..
            },
        ] = status.needs.as_slice()
        else {
            panic!("{:?}", status.needs);
        };
        assert_eq!((preview.local, preview.account, preview.matched), (8, 10, 4));
        assert_eq!(
            (preview.added_here, preview.added_there, preview.conflicts),
            (6, 4, 1)
        );
        assert_eq!(world.host(1).len(), 8, "nothing is changed before the answer");
        assert_eq!(world.host(0).len(), 10);
        world.restart(1);
        world.run(60_000);
        assert_eq!(world.client(1).needs().len(), 1, "a restart asks again");
        world.command(1, Command::Join { id: "1".into(), mode });
        world.heal();
        world.assert_equal("after the join");
        assert_eq!(world.host(0).urls().len(), urls, "{mode:?}");
        assert!(world.devices[1].events.iter().any(
            |event| matches!(event, Event::Joined { id, mode: done, .. } if id == "1" && *done == mode)
        ));
        assert!(
            world.client(0).needs().is_empty(),
            "the other device is not asked again"
        );
        world.command(1, Command::Join { id: "2".into(), mode });
        assert!(matches!(
            world.devices[1].events.last(),
            Some(Event::CommandFailed { .. })
        ));
    }
}

#[test]
fn nobody_is_asked_where_nothing_contradicts() {
    for host in [Host::new(), library(0..8, "Apart"), library(20..25, "Apart")] {
        let mut world = World::new(4);
        world.browser_with(ACCOUNT, library(0..8, "Apart"));
        world.run(60_000);
        let count = host.len();
        let second = world.browser_with(ACCOUNT, host);
        world.devices[second].config.join = JoinPolicy::Ask;
        world.restart(second);
        world.heal();
        world.assert_equal("joined by itself");
        assert!(world.client(1).needs().is_empty());
        assert_eq!(world.host(0).len(), if count == 7 { 15 } else { 10 });
    }
}

#[test]
fn an_edit_on_the_other_side_renews_the_question() {
    let mut world = asking();
    world.host(0).add(MENU, "New", "https://new.example/");
    world.collect(0);
    world.run(10_000);
    let needs = world.client(1).needs();
    let [Need::Join { preview, .. }] = needs.as_slice() else {
        panic!("{needs:?}");
    };
    assert_eq!(preview.account, 11);
}

#[test]
fn a_device_that_was_removed_and_comes_back_doubles_nothing() {
    let mut world = World::new(5);
    world.browser_with(ACCOUNT, library(0..8, "Apart"));
    world.browser(ACCOUNT);
    world.heal();
    let lines = world.host(0).lines();
    // The second profile is set up anew: no keys, no replica, but its bookmarks.
    world.kill(1);
    let device = world.client(0).devices()[1].id;
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device });
    world.run(5_000);
    world.devices[1].disk.clear();
    world.start(1);
    world.heal();
    world.assert_equal("the device is back");
    assert_eq!(world.host(1).lines(), lines);
}

#[test]
fn a_profile_that_starts_empty_or_as_another_is_a_first_join() {
    for foreign in [false, true] {
        for policy in [JoinPolicy::Merge, JoinPolicy::Ask] {
            let mut world = World::new(6);
            world.browser_with(ACCOUNT, library(0..8, "Apart"));
            world.browser(ACCOUNT);
            world.heal();
            world.devices[0].config.join = policy;
            world.kill(0);
            *world.host(0) = if foreign {
                library(20..28, "Away")
            } else {
                Host::new()
            };
            if foreign {
                // A folder of the same name would be the same folder.
                let folder = world.host(0).find("Recipes");
                world.host(0).rename(folder, "Cars");
                let away = world.host(0).find("Away");
                world.host(0).delete(away);
                world.host(0).save();
            }
            world.start(0);
            world.run(60_000);
            if foreign && policy == JoinPolicy::Ask {
                let needs = world.client(0).needs();
                assert!(
                    matches!(needs.as_slice(), [Need::Join { again: true, .. }]),
                    "{needs:?}"
                );
                assert_eq!(world.host(0).len(), 9);
                world.command(
                    0,
                    Command::Join {
                        id: "1".into(),
                        mode: JoinMode::Theirs,
                    },
                );
            }
            world.heal();
            world.assert_equal("joined again");
            let expected = if foreign && policy == JoinPolicy::Merge {
                19
            } else {
                10
            };
            assert_eq!(world.host(1).len(), expected, "{foreign} {policy:?}");
        }
    }
}

#[test]
fn three_that_join_one_after_another_or_at_once_make_one_library() {
    for pause in [0, 1_000, 60_000] {
        for seed in 0..4 {
            let mut world = World::new(seed);
            for _ in 0..3 {
                world.browser_with(ACCOUNT, library(0..8, "Apart"));
                world.run(pause);
            }
            world.heal();
            world.assert_equal("three of them");
            assert_eq!(world.host(0).len(), 10, "pause {pause}, seed {seed}");
        }
    }
}
