// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Comparing two devices of an account by emoji, and keys as links.
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

use client::{Command, Emoji, EndKind, Event, NODE_TRUST, TrustLevel, VerificationState};

mod harness;

use harness::World;

const ACCOUNT: &str = "juliet@example.org";
const STEP_MS: u64 = 3_000;

fn world(seed: u64, browsers: usize) -> World {
    let mut world = World::new(seed);
    for _ in 0..browsers {
        world.browser(ACCOUNT);
    }
    world.run(60_000);
    world
}

fn verify(world: &mut World, user: usize, about: usize) {
    let device = world.client(about).device_id();
    world.command(user, Command::Verify { device });
}

fn confirm(world: &mut World, user: usize, about: usize, matches: bool) {
    let device = world.client(about).device_id();
    world.command(user, Command::ConfirmEmoji { device, matches });
    world.run(STEP_MS);
}

fn states(world: &World, user: usize) -> Vec<VerificationState> {
    let state = |event: &Event| match event {
        Event::Verification { verification, .. } => Some(verification.clone()),
        _ => None,
    };
    world.devices[user].events.iter().filter_map(state).collect()
}

fn last(world: &World, user: usize) -> VerificationState {
    states(world, user).pop().expect("a comparison was told")
}

fn emoji(world: &World, user: usize) -> Vec<Emoji> {
    match last(world, user) {
        VerificationState::Compare { emoji } => emoji,
        other => panic!("{other:?}"),
    }
}

fn level(world: &World, user: usize, about: usize) -> TrustLevel {
    let id = world.client(about).device_id();
    let devices = world.client(user).devices();
    devices.iter().find(|device| device.id == id).unwrap().trust
}

fn ended(world: &World, user: usize) -> bool {
    matches!(last(world, user), VerificationState::Cancelled { kind, .. } if kind != EndKind::Mismatch)
}

/// Up to the emoji on both.
fn compare(world: &mut World, one: usize, other: usize) {
    verify(world, one, other);
    world.run(STEP_MS);
    assert_eq!(last(world, other), VerificationState::Requested);
    verify(world, other, one);
    world.run(STEP_MS);
    assert_eq!(emoji(world, one), emoji(world, other));
}

#[test]
fn a_match_authenticates_both_and_a_third_learns_of_it() {
    let mut world = world(1, 3);
    compare(&mut world, 0, 1);
    confirm(&mut world, 0, 1, true);
    assert_eq!(
        level(&world, 0, 1),
        TrustLevel::AutomaticallyTrusted,
        "the other has not said yes"
    );
    confirm(&mut world, 1, 0, true);
    for (user, about) in [(0, 1), (1, 0)] {
        assert_eq!(last(&world, user), VerificationState::Authenticated);
        assert_eq!(level(&world, user, about), TrustLevel::Authenticated);
    }
    // The third is not trusted any more; by its own comparison with one it is authenticated by the other as well.
    assert_eq!(level(&world, 1, 2), TrustLevel::AutomaticallyDistrusted);
    compare(&mut world, 2, 0);
    confirm(&mut world, 0, 2, true);
    confirm(&mut world, 2, 0, true);
    world.run(60_000);
    assert_eq!(level(&world, 1, 2), TrustLevel::Authenticated);
    assert_eq!(level(&world, 2, 1), TrustLevel::Authenticated);
    let seen = world.server.seen.join("\n");
    assert!(!seen.contains("<verification"), "the server reads along");
}

#[test]
fn emoji_that_differ_distrust_both() {
    let mut world = world(2, 2);
    compare(&mut world, 0, 1);
    confirm(&mut world, 0, 1, true);
    confirm(&mut world, 1, 0, false);
    for (user, about) in [(0, 1), (1, 0)] {
        assert!(matches!(
            last(&world, user),
            VerificationState::Cancelled {
                kind: EndKind::Mismatch,
                ..
            }
        ));
        assert_eq!(level(&world, user, about), TrustLevel::ManuallyDistrusted);
    }
}

#[test]
fn both_may_start_at_once() {
    for seed in 10..16 {
        let mut world = world(seed, 2);
        verify(&mut world, 0, 1);
        verify(&mut world, 1, 0);
        world.run(STEP_MS * 2);
        assert_eq!(emoji(&world, 0), emoji(&world, 1), "seed {seed}");
        confirm(&mut world, 0, 1, true);
        confirm(&mut world, 1, 0, true);
        assert_eq!(level(&world, 0, 1), TrustLevel::Authenticated);
        assert_eq!(level(&world, 1, 0), TrustLevel::Authenticated);
    }
}

#[test]
fn either_side_may_cancel_and_begin_again() {
    let mut world = world(3, 2);
    for side in [0, 1] {
        verify(&mut world, 0, 1);
        world.run(STEP_MS);
        let device = world.client(1 - side).device_id();
        world.command(side, Command::CancelVerification { device });
        world.run(STEP_MS);
        assert!(ended(&world, 0) && ended(&world, 1));
        assert_eq!(level(&world, 0, 1), TrustLevel::AutomaticallyTrusted);
    }
    compare(&mut world, 1, 0);
}

#[test]
fn what_takes_too_long_ends_on_both_sides() {
    let mut world = world(4, 2);
    compare(&mut world, 0, 1);
    confirm(&mut world, 0, 1, true);
    world.run(11 * 60_000);
    assert!(ended(&world, 0) && ended(&world, 1));
    assert_eq!(level(&world, 0, 1), TrustLevel::AutomaticallyTrusted);
    compare(&mut world, 0, 1);
}

#[test]
fn a_request_that_nobody_saw_in_time_is_not_shown_later() {
    let mut world = world(5, 2);
    world.switch(1, false);
    verify(&mut world, 0, 1);
    world.run(11 * 60_000);
    assert!(ended(&world, 0));
    world.switch(1, true);
    world.run(60_000);
    assert!(states(&world, 1).is_empty());
}

#[test]
fn a_restart_midway_ends_it_on_both_sides() {
    for restarted in [0, 1] {
        let mut world = world(6, 2);
        compare(&mut world, 0, 1);
        world.restart(restarted);
        world.run(30_000);
        assert!(ended(&world, 1 - restarted));
        assert_eq!(level(&world, 0, 1), TrustLevel::AutomaticallyTrusted);
        compare(&mut world, restarted, 1 - restarted);
    }
}

#[test]
fn a_lost_stream_does_not_end_it() {
    let mut world = world(7, 2);
    verify(&mut world, 0, 1);
    world.run(STEP_MS);
    world.switch(0, false);
    verify(&mut world, 1, 0);
    world.run(STEP_MS);
    world.switch(0, true);
    world.run(30_000);
    world.break_stream(1);
    world.run(30_000);
    assert_eq!(emoji(&world, 0), emoji(&world, 1));
}

#[test]
fn who_compares_with_one_is_busy_for_a_third() {
    let mut world = world(8, 3);
    compare(&mut world, 0, 1);
    verify(&mut world, 2, 0);
    world.run(STEP_MS);
    assert!(ended(&world, 2));
    confirm(&mut world, 0, 1, true);
    confirm(&mut world, 1, 0, true);
    assert_eq!(level(&world, 0, 1), TrustLevel::Authenticated);
}

#[test]
fn old_items_of_comparisons_are_swept() {
    let mut world = world(9, 2);
    compare(&mut world, 0, 1);
    confirm(&mut world, 0, 1, true);
    confirm(&mut world, 1, 0, true);
    for device in [0, 1] {
        world.restart(device);
        world.run(30_000);
    }
    let items = world.server.items(ACCOUNT, NODE_TRUST);
    assert!(items.iter().all(|(id, _)| !id.contains("verify")), "{items:?}");
}

#[test]
fn a_link_of_one_device_authenticates_it_on_another() {
    for older in [false, true] {
        let mut world = world(20, 3);
        let uri = world.client(1).trust_uri(older);
        world.command(0, Command::TrustUri { uri: uri.clone() });
        let taken =
            |event: &Event| matches!(event, Event::UriTaken { uri: of, trusted: 1, .. } if *of == uri);
        assert!(world.devices[0].events.iter().any(taken), "{uri}");
        assert_eq!(level(&world, 0, 1), TrustLevel::Authenticated);
        assert_eq!(level(&world, 0, 2), TrustLevel::AutomaticallyDistrusted);
        // The next link names both; the own device is passed over.
        let both = world.client(0).trust_uri(older);
        world.command(2, Command::TrustUri { uri: both });
        for about in [0, 1] {
            assert_eq!(level(&world, 2, about), TrustLevel::Authenticated);
        }
        let own = world.client(2).trust_uri(false);
        let own = own.split(";trust=").take(2).collect::<Vec<_>>().join(";trust=");
        world.command(2, Command::TrustUri { uri: own });
        world.command(
            0,
            Command::TrustUri {
                uri: "xmpp:juliet@example.org".into(),
            },
        );
        let failed = |event: &Event| matches!(event, Event::CommandFailed { id, .. } if id == "trust_uri");
        assert!(world.devices[0].events.iter().any(failed));
    }
}
