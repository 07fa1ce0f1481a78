// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Large deletions, and copies of what is here, wait for the user, on whichever device the answer is given.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    unreachable_pub
)]

use client::{Command, Event, Need, Phase};

#[allow(dead_code)] // other tests use more of it
mod harness;

use harness::{Host, World};

const ACCOUNT: &str = "juliet@example.org";
const MENU: u64 = 2;

/// Two browsers and a bot; the first browser has a folder of eleven links and two more. Its token comes with it.
fn world() -> World {
    let mut host = Host::new();
    let folder = host.add_folder(MENU, "Recipes");
    for number in 0..11 {
        host.add(
            folder,
            &format!("Recipe {number}"),
            &format!("https://r{number}.example/"),
        );
    }
    host.add(MENU, "One", "https://one.example/");
    host.add(MENU, "Two", "https://two.example/");
    host.save();
    let mut world = World::new(1);
    world.browser_with(ACCOUNT, host);
    world.browser(ACCOUNT);
    world.bot(ACCOUNT, &[]);
    world.heal();
    world.assert_equal("at first");
    world
}

fn folder(world: &mut World, device: usize) -> u64 {
    world.host(device).find("Recipes")
}

/// The browser starts with a file that lacks the folder.
fn lose_the_folder(world: &mut World) {
    let token = folder(world, 0);
    world.host(0).delete(token);
    world.host(0).save();
    world.restart(0);
    world.run(60_000);
}

fn answer(world: &mut World, device: usize, accept: bool) {
    let command = Command::AnswerHeld {
        id: "1".into(),
        question: None,
        accept,
    };
    world.command(device, command);
}

#[test]
fn what_is_gone_at_a_start_is_deleted_elsewhere_only_with_the_users_consent() {
    for accept in [true, false] {
        let mut world = world();
        lose_the_folder(&mut world);
        assert_eq!(world.host(1).len(), 14, "nothing is sent before the answer");
        let status = world.client(0).status();
        assert_eq!(status.phase, Phase::NeedsYou);
        let [
            Need::Held {
                device,
                items,
                of,
                titles,
                text,
                ..
            },
        ] = status.needs.as_slice()
        else {
            panic!("{:?}", status.needs);
        };
        assert_eq!((device.as_str(), *items, *of), ("Device 0", 12, 14));
        assert_eq!(titles, &["Recipes"]);
        assert_eq!(status.text, *text);
        assert!(
            text.contains("gone from this browser") && !text.contains("Recipes"),
            "{text}"
        );

        world.host(0).add(MENU, "New", "https://new.example/");
        world.collect(0);
        world.run(10_000);
        assert_eq!(world.host(1).len(), 15, "nothing else waits");
        world.restart(0);
        world.run(60_000);
        assert_eq!(
            world.client(0).status().needs.len(),
            1,
            "a restart keeps the question"
        );

        answer(&mut world, 0, accept);
        world.heal();
        world.assert_equal("after the answer");
        assert_eq!(world.host(1).len(), if accept { 3 } else { 15 });
        assert!(world.client(1).needs().is_empty(), "nobody is asked twice");
        assert!(world.client(2).needs().is_empty());
        assert!(world.devices[0].events.contains(&Event::HeldAnswered {
            id: "1".into(),
            accept,
            items: 12,
            doubled: 0,
        }));
        answer(&mut world, 0, accept);
        assert!(matches!(
            world.devices[0].events.last(),
            Some(Event::CommandFailed { .. })
        ));
    }
}

#[test]
fn what_the_user_deletes_in_the_browser_is_deleted_everywhere_without_a_question() {
    let mut world = world();
    let token = folder(&mut world, 0);
    // Six of fourteen go by hand, in a folder.
    let away = world.host(0).add_folder(MENU, "Away");
    for number in 0..6 {
        let link = world.host(0).find(&format!("Recipe {number}"));
        world.host(0).shift(link, away);
    }
    world.collect(0);
    world.run(5_000);
    world.host(0).delete(away);
    world.collect(0);
    world.heal();
    world.assert_equal("a folder is gone");
    assert_eq!(world.host(1).len(), 8);
    for device in 0..3 {
        assert!(world.client(device).needs().is_empty(), "device {device}");
    }
    assert_eq!(world.host(0).find("Recipes"), token);
}

#[test]
fn what_would_be_here_twice_is_shown_with_the_users_consent() {
    for accept in [true, false] {
        let mut world = world();
        let token = world.host(0).add_folder(MENU, "Recipes again");
        for number in 0..33 {
            let of = number % 11;
            let (title, url) = (format!("Recipe {of}"), format!("https://r{of}.example/"));
            world.host(0).add(token, &title, &url);
        }
        world.collect(0);
        world.run(60_000);
        assert_eq!(world.host(0).len(), 48);
        assert_eq!(world.host(1).len(), 14, "the other browser asks first");
        assert!(
            world.client(2).needs().is_empty(),
            "the bot has no host to keep it from"
        );
        let needs = world.client(1).needs();
        let [
            Need::Held {
                device,
                items,
                of,
                text,
                ..
            },
        ] = needs.as_slice()
        else {
            panic!("{needs:?}");
        };
        assert_eq!((device.as_str(), *items, *of), ("Device 0", 34, 14));
        assert!(text.contains("here already"), "{text}");
        world.restart(1);
        world.run(60_000);
        assert_eq!(world.client(1).needs(), needs, "a restart keeps the question");

        answer(&mut world, 1, accept);
        world.heal();
        world.assert_equal("after the answer");
        assert_eq!(world.host(0).len(), if accept { 48 } else { 14 });
        let answered = Event::HeldAnswered {
            id: "1".into(),
            accept,
            items: 34,
            doubled: 34,
        };
        assert!(world.devices[1].events.contains(&answered));
    }
}
