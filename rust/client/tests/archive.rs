// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Messages that another of the user's clients took while the bot was away, or instead of it.
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

use client::{Command, DropReason, Event, TrustLevel};
use jid::BareJid;
use minidom::Element;
use serde_json::json;

mod harness;

use harness::World;

const ACCOUNT: &str = "juliet@example.org";
const PARTNER: &str = "helper@example.org";
const PHONE: &str = "juliet@example.org/phone";

/// A bot of the account (0), a browser of it (1), and a program of a partner (2), with a server that keeps an archive.
fn world(seed: u64) -> World {
    let mut world = World::new(seed);
    world.server.archive = Some(Default::default());
    world.bot(ACCOUNT, &[PARTNER]);
    world.browser(ACCOUNT);
    world.bot(PARTNER, &[]);
    world.run(120_000);
    send(&mut world, "hello");
    assert_eq!(bodies(&world), ["hello"]);
    world
}

/// The user's phone, which takes what comes and shows it to nobody here.
fn phone(world: &mut World, priority: i32) {
    world.server.connect(PHONE);
    let presence = format!("<presence xmlns='jabber:client'><priority>{priority}</priority></presence>");
    world.server.receive(PHONE, presence.parse().unwrap());
}

fn send(world: &mut World, body: &str) {
    let command = Command::SendChat {
        id: "1".to_owned(),
        to: BareJid::new(ACCOUNT).unwrap(),
        body: body.to_owned(),
    };
    world.command(2, command);
    world.run(30_000);
}

/// What the bot told.
fn bodies(world: &World) -> Vec<String> {
    let body = |event: &Event| match event {
        Event::Message { body, .. } => Some(body.clone()),
        _ => None,
    };
    world.devices[0].events.iter().filter_map(body).collect()
}

fn dropped(world: &World) -> Vec<DropReason> {
    let reason = |event: &Event| match event {
        Event::Dropped { reason, .. } => Some(*reason),
        _ => None,
    };
    world.devices[0].events.iter().filter_map(reason).collect()
}

/// A request to add a bookmark of this title.
fn add(title: &str) -> String {
    json!({"v": 1, "type": "add", "id": title, "parent": "menu",
        "items": [{"title": title, "url": format!("https://{title}.example/")}]})
    .to_string()
}

#[test]
fn what_another_client_took_is_acted_upon_once() {
    for hides_gaps in [false, true] {
        let mut world = world(1);
        world.server.archive.as_mut().unwrap().hides_gaps = hides_gaps;
        world.switch(0, false);
        phone(&mut world, 0);
        send(&mut world, &add("news"));
        send(&mut world, &add("maps"));
        world.switch(0, true);
        world.run(120_000);
        assert_eq!(world.host(1).len(), 2);
        assert_eq!(bodies(&world).len(), 3);
        // Neither the next look nor the next start repeats anything.
        world.break_stream(0);
        world.restart(0);
        world.run(120_000);
        assert_eq!(world.host(1).len(), 2);
        assert_eq!(bodies(&world).len(), 3);
    }
}

/// A long talk that came live is in the archive too, in chains that the ratchet has long forgotten.
#[test]
fn what_came_live_in_forgotten_chains_is_no_news() {
    let mut world = world(7);
    let say = |world: &mut World, from: usize, to: &str, body: &str| {
        let command = Command::SendChat {
            id: body.to_owned(),
            to: BareJid::new(to).unwrap(),
            body: body.to_owned(),
        };
        world.command(from, command);
        world.run(300);
    };
    for number in 0..40 {
        say(&mut world, 2, ACCOUNT, &format!("ping {number}"));
        say(&mut world, 0, PARTNER, &format!("pong {number}"));
    }
    assert_eq!(bodies(&world).len(), 41);
    // Sooner than the archive would have been read on.
    world.restart(0);
    world.run(120_000);
    assert_eq!(bodies(&world).len(), 41);
    assert_eq!(dropped(&world), []);
}

#[test]
fn a_new_device_begins_with_what_comes_from_now_on() {
    let mut world = World::new(2);
    world.server.archive = Some(Default::default());
    let old: Element = format!(
        "<message xmlns='jabber:client' from='{PARTNER}/x' to='{ACCOUNT}' type='chat'><body>old</body></message>"
    )
    .parse()
    .unwrap();
    world.server.archive.as_mut().unwrap().put(ACCOUNT, old);
    world.bot(ACCOUNT, &[PARTNER]);
    world.run(60_000);
    assert_eq!(dropped(&world), []);
}

#[test]
fn a_long_absence_is_read_page_by_page_and_goes_on_where_it_broke_off() {
    let mut world = world(3);
    world.switch(0, false);
    phone(&mut world, 0);
    for number in 0..130 {
        world.command(
            2,
            Command::SendChat {
                id: format!("{number}"),
                to: BareJid::new(ACCOUNT).unwrap(),
                body: add(&format!("link{number}")),
            },
        );
        world.run(1_000);
    }
    world.run(60_000);
    // The bot dies again and again while it reads.
    world.faults.crash = 20;
    world.switch(0, true);
    world.run(120_000);
    world.heal();
    assert_eq!(world.host(1).len(), 130);
    assert!(world.devices[0].crashes > 0, "nothing was disturbed");
    assert!(world.server.archive.as_ref().unwrap().pages >= 3);
}

#[test]
fn an_archive_that_has_forgotten_the_last_message_is_read_by_time() {
    for hides_gaps in [false, true] {
        let mut world = world(4);
        world.server.archive.as_mut().unwrap().hides_gaps = hides_gaps;
        world.switch(0, false);
        phone(&mut world, 0);
        send(&mut world, &add("news"));
        // The message that the bot knows is gone, the new one is not.
        world.server.archive.as_mut().unwrap().expire(ACCOUNT, 1);
        world.switch(0, true);
        world.run(120_000);
        assert_eq!(world.host(1).len(), 1, "hides gaps: {hides_gaps}");
    }
}

#[test]
fn a_client_that_takes_all_messages_leaves_copies() {
    let mut world = world(5);
    phone(&mut world, 50);
    send(&mut world, &add("news"));
    assert_eq!(world.host(1).len(), 1);
    assert_eq!(
        bodies(&world).len(),
        2,
        "the copy and the archive's are one message"
    );
}

#[test]
fn what_is_not_encrypted_distrusted_or_for_somebody_else_changes_nothing() {
    let mut world = world(6);
    world.switch(0, false);
    phone(&mut world, 0);
    let message = |from: &str, to: &str, content: &str| -> Element {
        format!("<message xmlns='jabber:client' from='{from}' to='{to}' type='chat'>{content}</message>")
            .parse()
            .unwrap()
    };
    let plain = format!("<body>{}</body>", add("plain").replace('"', "&quot;"));
    let archive = world.server.archive.as_mut().unwrap();
    archive.put(ACCOUNT, message(&format!("{PARTNER}/x"), ACCOUNT, &plain));
    // The user's own request to somebody else, which this device could decrypt.
    archive.put(ACCOUNT, message(PHONE, "friend@example.org", &plain));
    send(&mut world, &add("distrusted"));
    let fingerprint = world.client(2).fingerprint();
    world.command(
        0,
        Command::SetTrust {
            jid: BareJid::new(PARTNER).unwrap(),
            fingerprint,
            trust: TrustLevel::ManuallyDistrusted,
        },
    );
    world.switch(0, true);
    world.run(120_000);
    assert_eq!(world.host(1).len(), 0);
    assert_eq!(dropped(&world), [DropReason::Unencrypted, DropReason::Untrusted]);
}

#[test]
fn an_archive_that_nobody_asked_for_and_somebody_elses_copies_are_not_believed() {
    let mut world = world(7);
    let inner = format!(
        "<message xmlns='jabber:client' from='{PARTNER}/x' to='{ACCOUNT}' type='chat'><body>x</body></message>"
    );
    let forwarded = format!("<forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded>");
    let bot = world.devices[0].full.to_string();
    for carrier in [
        format!("<result xmlns='urn:xmpp:mam:2' id='9'>{forwarded}</result>"),
        format!("<received xmlns='urn:xmpp:carbons:2'>{forwarded}</received>"),
    ] {
        let stanza =
            format!("<message xmlns='jabber:client' from='{PARTNER}/x' to='{bot}'>{carrier}</message>");
        world
            .server
            .inbox(&bot)
            .unwrap()
            .push_back(stanza.parse().unwrap());
    }
    let unasked = format!(
        "<message xmlns='jabber:client' from='{ACCOUNT}' to='{bot}'><result xmlns='urn:xmpp:mam:2' id='9'>{forwarded}</result></message>"
    );
    world
        .server
        .inbox(&bot)
        .unwrap()
        .push_back(unasked.parse().unwrap());
    world.run(60_000);
    assert_eq!(dropped(&world), [DropReason::WrongSender]);
}
