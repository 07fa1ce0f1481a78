// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Whom the devices of an account trust, and how they tell each other (XEP-0450).
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

use client::TrustLevel::{self, *};
use client::{Command, DropReason, Event, NODE_TRUST, TrustPolicy};

mod harness;

use harness::World;

const ACCOUNT: &str = "juliet@example.org";
const FRIEND: &str = "romeo@example.org";
const MENU: u64 = 2;

/// An account with that many browsers that know each other.
fn world(seed: u64, browsers: usize) -> World {
    let mut world = World::new(seed);
    for _ in 0..browsers {
        world.browser(ACCOUNT);
    }
    world.run(60_000);
    world
}

/// The user of one device decides about another's key.
fn decide(world: &mut World, user: usize, about: usize, trust: TrustLevel) {
    let command = Command::SetTrust {
        jid: world.devices[about].config.account.clone(),
        fingerprint: world.client(about).fingerprint(),
        trust,
    };
    world.command(user, command);
    world.run(5_000);
}

fn level(world: &World, user: usize, about: usize) -> TrustLevel {
    let id = world.client(about).device_id();
    let devices = world.client(user).devices();
    devices.iter().find(|device| device.id == id).unwrap().trust
}

#[test]
fn two_devices_that_were_compared_with_a_third_trust_each_other() {
    let mut world = world(1, 3);
    for (user, about) in [(0, 1), (1, 0), (0, 2), (2, 0)] {
        decide(&mut world, user, about, Authenticated);
    }
    assert_eq!(level(&world, 1, 2), Authenticated);
    assert_eq!(level(&world, 2, 1), Authenticated);
    let seen = world.server.seen.join("\n");
    assert!(seen.contains(NODE_TRUST));
    assert!(
        !seen.contains("trust-message"),
        "the server reads whom the user trusts"
    );
    // Nothing more is published once all know it.
    let before = world
        .server
        .seen
        .iter()
        .filter(|stanza| stanza.contains(NODE_TRUST))
        .count();
    world.run(3_600_000);
    let after = world
        .server
        .seen
        .iter()
        .filter(|stanza| stanza.contains(NODE_TRUST))
        .count();
    assert_eq!(before, after);
}

#[test]
fn who_was_away_learns_it_later_and_distrust_as_well() {
    let mut world = world(2, 3);
    for (user, about) in [(0, 1), (1, 0)] {
        decide(&mut world, user, about, Authenticated);
    }
    world.switch(1, false);
    decide(&mut world, 0, 2, Authenticated);
    world.run(60_000);
    assert_eq!(level(&world, 1, 2), AutomaticallyDistrusted);
    world.switch(1, true);
    world.run(60_000);
    assert_eq!(level(&world, 1, 2), Authenticated);
    world.switch(1, false);
    decide(&mut world, 0, 2, ManuallyDistrusted);
    world.switch(0, false);
    world.switch(1, true);
    world.run(60_000);
    assert_eq!(level(&world, 1, 2), ManuallyDistrusted);
}

#[test]
fn what_a_device_says_before_it_is_authenticated_waits_over_a_restart() {
    let mut world = world(3, 3);
    decide(&mut world, 0, 1, Authenticated);
    decide(&mut world, 0, 2, ManuallyDistrusted);
    assert_eq!(level(&world, 1, 2), AutomaticallyTrusted);
    world.restart(1);
    world.switch(0, false);
    world.run(60_000);
    decide(&mut world, 1, 0, Authenticated);
    assert_eq!(level(&world, 1, 2), ManuallyDistrusted);
}

#[test]
fn of_contradictory_decisions_the_later_one_holds_everywhere() {
    for first in [0, 1] {
        let mut world = world(4, 4);
        for (user, about) in [(0, 1), (1, 0), (0, 2), (2, 0)] {
            decide(&mut world, user, about, Authenticated);
        }
        for device in 0..3 {
            world.switch(device, false);
        }
        decide(&mut world, first, 3, Authenticated);
        decide(&mut world, 1 - first, 3, ManuallyDistrusted);
        for device in [2, first, 1 - first] {
            world.switch(device, true);
            world.run(60_000);
        }
        for user in 0..3 {
            assert_eq!(
                level(&world, user, 3),
                ManuallyDistrusted,
                "{user}, first {first}"
            );
        }
        // And back: a decision that is taken later still.
        decide(&mut world, 2, 3, Authenticated);
        world.run(60_000);
        for user in 0..3 {
            assert_eq!(level(&world, user, 3), Authenticated, "{user}, first {first}");
        }
    }
}

#[test]
fn a_device_that_is_authenticated_later_learns_all_that_was_decided_before() {
    let mut world = world(5, 3);
    for (user, about) in [(0, 1), (1, 0)] {
        decide(&mut world, user, about, Authenticated);
    }
    decide(&mut world, 1, 2, Authenticated);
    let new = world.browser(ACCOUNT);
    world.run(60_000);
    assert_eq!(level(&world, new, 0), AutomaticallyTrusted);
    decide(&mut world, 0, new, Authenticated);
    decide(&mut world, new, 0, Authenticated);
    for about in [1, 2] {
        assert_eq!(level(&world, new, about), Authenticated);
        assert_eq!(level(&world, about.min(1), new), Authenticated);
    }
}

#[test]
fn under_the_manual_policy_nothing_is_shared_before_the_user_says_so() {
    let mut world = World::new(6);
    for _ in 0..2 {
        let device = world.browser(ACCOUNT);
        world.devices[device].config.trust_policy = Some(TrustPolicy::Manual);
        world.restart(device);
    }
    world.run(60_000);
    assert_eq!(level(&world, 0, 1), Undecided);
    world.host(0).add(MENU, "one", "https://one.example/");
    world.collect(0);
    world.run(60_000);
    assert_eq!(world.host(1).len(), 0);
    decide(&mut world, 0, 1, ManuallyTrusted);
    decide(&mut world, 1, 0, ManuallyTrusted);
    world.heal();
    assert_eq!(world.host(1).len(), 1);
    // Under it no device speaks for another.
    let third = world.browser(ACCOUNT);
    world.run(60_000);
    decide(&mut world, 0, 1, Authenticated);
    decide(&mut world, 1, 0, Authenticated);
    decide(&mut world, 0, third, Authenticated);
    assert_eq!(level(&world, 1, third), Undecided);
}

#[test]
fn the_blind_policy_trusts_new_devices_after_an_authentication() {
    let mut world = world(7, 2);
    world.devices[0].config.trust_policy = Some(TrustPolicy::Blind);
    world.restart(0);
    decide(&mut world, 0, 1, Authenticated);
    let new = world.browser(ACCOUNT);
    world.run(60_000);
    assert_eq!(level(&world, 0, new), AutomaticallyTrusted);
}

#[test]
fn a_contact_learns_of_a_new_device_by_a_trust_message() {
    let mut world = World::new(8);
    let juliet = world.bot(ACCOUNT, &[FRIEND]);
    let romeo = world.bot(FRIEND, &[ACCOUNT]);
    world.run(60_000);
    for (from, to) in [(juliet, FRIEND), (romeo, ACCOUNT)] {
        let chat = Command::SendChat {
            id: "1".into(),
            to: to.parse().unwrap(),
            body: "good morning".into(),
        };
        world.command(from, chat);
        world.run(10_000);
    }
    decide(&mut world, juliet, romeo, Authenticated);
    decide(&mut world, romeo, juliet, Authenticated);
    let new = world.browser(ACCOUNT);
    world.run(60_000);
    decide(&mut world, juliet, new, Authenticated);
    world.run(60_000);
    // Its key is authentic before it is met; it is met once the list of devices is fetched again.
    world.run(700_000);
    let chat = Command::SendChat {
        id: "2".into(),
        to: ACCOUNT.parse().unwrap(),
        body: "good evening".into(),
    };
    world.command(romeo, chat);
    world.run(60_000);
    assert_eq!(level(&world, romeo, new), Authenticated);
    let nothing_shown = |event: &Event| matches!(event, Event::Message { body, .. } if body.is_empty());
    assert!(!world.devices[romeo].events.iter().any(nothing_shown));
}

#[test]
fn an_item_under_another_devices_name_changes_nothing() {
    let mut world = world(9, 3);
    for (user, about) in [(0, 1), (1, 0)] {
        decide(&mut world, user, about, Authenticated);
    }
    let forged = format!("{}.decisions", world.client(2).device_id());
    let (_, item) = world.server.items(ACCOUNT, NODE_TRUST).pop().unwrap();
    let to = world.devices[1].full.to_string();
    let event = format!(
        "<message xmlns='jabber:client' type='headline' from='{ACCOUNT}' to='{to}'>\
         <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{NODE_TRUST}'><item id='{forged}'>{}</item>\
         </items></event></message>",
        String::from(&item)
    );
    for device in [0, 1] {
        let to = world.devices[device].full.to_string();
        world.server.inbox(&to).unwrap().push_back(event.parse().unwrap());
    }
    world.run(10_000);
    let told = |event: &Event| {
        matches!(
            event,
            Event::Dropped {
                reason: DropReason::WrongSender,
                ..
            }
        )
    };
    assert!(
        world.devices[..2]
            .iter()
            .any(|device| device.events.iter().any(told))
    );
}

#[test]
fn it_holds_under_faults_of_all_kinds() {
    for seed in 100..104 {
        let mut world = World::new(seed);
        world.faults = harness::Faults {
            drop_stream: 8,
            double: 60,
            reorder: 60,
            crash: 8,
        };
        for _ in 0..3 {
            world.browser(ACCOUNT);
        }
        world.run(120_000);
        for (user, about) in [(0, 1), (1, 0), (0, 2), (2, 0)] {
            // A process that died may not know the other's key at this moment.
            while world.devices[user].events.is_empty() {
                world.run(10_000);
            }
            world.heal();
            decide(&mut world, user, about, Authenticated);
        }
        world.heal();
        assert_eq!(level(&world, 1, 2), Authenticated, "seed {seed}");
        assert_eq!(level(&world, 2, 1), Authenticated, "seed {seed}");
    }
}
