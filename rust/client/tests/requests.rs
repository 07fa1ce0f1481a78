// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Chat messages, and partners' requests by chat message.
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

use client::{Command, DropReason, Event, PlainTree, TrustLevel};
use jid::BareJid;
use serde_json::{Value, json};

mod harness;

use harness::World;

const ACCOUNT: &str = "juliet@example.org";
const PARTNER: &str = "helper@example.org";
const STRANGER: &str = "mallory@example.org";

/// A bot of the account (0), a browser of it (1), and a program of a partner (2).
fn world(seed: u64) -> World {
    let mut world = World::new(seed);
    world.bot(ACCOUNT, &[PARTNER]);
    world.browser(ACCOUNT);
    world.bot(PARTNER, &[]);
    world.run(120_000);
    world
}

fn send(world: &mut World, from: usize, to: &str, id: &str, body: &str) {
    let command = Command::SendChat {
        id: id.to_owned(),
        to: BareJid::new(to).unwrap(),
        body: body.to_owned(),
    };
    world.command(from, command);
    world.run(30_000);
}

fn bodies(world: &World, device: usize) -> Vec<String> {
    let body = |event: &Event| match event {
        Event::Message { body, .. } => Some(body.clone()),
        _ => None,
    };
    world.devices[device].events.iter().filter_map(body).collect()
}

/// Asks the account's bot for something and gives its answers.
fn ask(world: &mut World, request: &Value) -> Vec<Value> {
    let before = bodies(world, 2).len();
    send(world, 2, ACCOUNT, "ask", &request.to_string());
    bodies(world, 2)[before..]
        .iter()
        .map(|body| serde_json::from_str(body).unwrap())
        .collect()
}

fn failure(world: &World, device: usize, id: &str) -> Option<String> {
    world.devices[device].events.iter().find_map(|event| match event {
        Event::SendFailed { id: failed, reason } if failed == id => Some(reason.clone()),
        _ => None,
    })
}

#[test]
fn a_partner_adds_sets_moves_and_removes() {
    let mut world = world(1);
    let added = ask(
        &mut world,
        &json!({"v": 1, "type": "add", "id": "r1", "parent": "menu", "items": [
            {"title": "Reading", "children": [{"title": "News", "url": "https://news.example/"}]},
            {"title": "Plain", "url": "https://plain.example/"}]}),
    );
    assert_eq!(added.len(), 1, "{added:?}");
    assert_eq!(
        (&added[0]["type"], &added[0]["of"]),
        (&json!("result"), &json!("r1"))
    );
    let (folder, link) = (added[0]["items"][0].clone(), added[0]["items"][1].clone());
    assert_eq!(world.plain(0), world.plain(1));
    assert_eq!(world.host(1).len(), 3);

    let set = json!({"v": 1, "type": "set", "id": "r2", "item": link, "fields": {"title": "Better"}});
    assert_eq!(ask(&mut world, &set)[0]["type"], "result");
    let moved = json!({"v": 1, "type": "move", "id": "r3", "item": link, "parent": folder, "index": 0});
    assert_eq!(ask(&mut world, &moved)[0]["type"], "result");
    let lines = world.host(1).lines().join("\n");
    assert!(lines.contains("Better") && !lines.contains("Plain"), "{lines}");
    let removed = json!({"v": 1, "type": "remove", "id": "r4", "item": folder});
    assert_eq!(ask(&mut world, &removed)[0]["type"], "result");
    assert_eq!(world.plain(0), world.plain(1));
    assert_eq!(world.host(1).len(), 0);
}

#[test]
fn the_same_request_twice_is_carried_out_once() {
    let mut world = world(2);
    let add = json!({"v": 1, "type": "add", "id": "r1", "parent": "menu",
        "items": [{"title": "News", "url": "https://news.example/"}]});
    let first = ask(&mut world, &add);
    let again = ask(&mut world, &add);
    assert_eq!(first, again);
    world.restart(0);
    world.run(60_000);
    assert_eq!(ask(&mut world, &add), first);
    assert_eq!(world.host(1).len(), 1);
}

#[test]
fn an_export_comes_in_parts_and_can_be_imported() {
    let mut world = world(3);
    let links: Vec<Value> = (0..250)
        .map(|n| json!({"title": format!("Link {n}"), "url": format!("https://link{n}.example/{}", "x".repeat(60))}))
        .collect();
    let import = json!({"v": 1, "type": "import", "id": "r1", "bookmarks": {"menu": links}});
    assert_eq!(ask(&mut world, &import)[0]["added"], 250);
    let parts = ask(&mut world, &json!({"v": 1, "type": "export", "id": "r2"}));
    assert!(parts.len() > 1);
    let count = parts.len();
    for (part, number) in parts.iter().zip(1..) {
        assert_eq!(part["part"], json!([number, count]));
    }
    let items: usize = parts
        .iter()
        .map(|part| part["items"].as_array().unwrap().len())
        .sum();
    assert_eq!(items, 250);
    assert_eq!(parts[0]["items"][0]["parent"], "menu");
    // The same bookmarks again add nothing.
    let import = json!({"v": 1, "type": "import", "id": "r3", "bookmarks": {"menu": links}});
    let result = ask(&mut world, &import);
    assert_eq!(
        (&result[0]["added"], &result[0]["matched"]),
        (&json!(0), &json!(250))
    );
}

#[test]
fn what_cannot_be_done_is_refused_with_a_reason_and_changes_nothing() {
    let mut world = world(4);
    let before = world.plain(0);
    for (request, reason) in [
        (json!({"v": 2, "type": "export", "id": "a"}), "version"),
        (json!({"v": "1", "type": "export", "id": "b"}), "version"),
        (json!({"v": 1, "type": "explode", "id": "c"}), "unknown-type"),
        (json!({"v": 1, "type": "add", "id": "d"}), "bad-request"),
        (
            json!({"v": 1, "type": "add", "id": "e", "parent": "menu", "items": []}),
            "bad-request",
        ),
        (
            json!({"v": 1, "type": "add", "id": "f", "parent": "gone", "items": [{"url": "u"}]}),
            "not-found",
        ),
        (
            json!({"v": 1, "type": "remove", "id": "g", "item": "gone"}),
            "not-found",
        ),
        (
            json!({"v": 1, "type": "remove", "id": "h", "item": "menu"}),
            "bad-request",
        ),
        (
            json!({"v": 1, "type": "move", "id": "i", "item": "a b", "parent": "menu"}),
            "bad-request",
        ),
    ] {
        let answers = ask(&mut world, &request);
        assert_eq!(answers.len(), 1, "{request}");
        assert_eq!(
            (&answers[0]["type"], &answers[0]["reason"]),
            (&json!("nack"), &json!(reason)),
            "{request}"
        );
    }
    let version = ask(&mut world, &json!({"v": 7, "type": "export", "id": "z"}));
    assert_eq!((&version[0]["min"], &version[0]["max"]), (&json!(1), &json!(1)));
    assert_eq!(world.plain(0), before);
}

#[test]
fn a_stranger_is_not_obeyed() {
    let mut world = world(5);
    let stranger = world.bot(STRANGER, &[]);
    world.run(30_000);
    let add = json!({"v": 1, "type": "add", "id": "r1", "parent": "menu", "items": [{"url": "https://evil.example/"}]});
    send(&mut world, stranger, ACCOUNT, "1", &add.to_string());
    assert_eq!(world.plain(0), PlainTree::default());
    assert!(bodies(&world, stranger).is_empty());
    let refused = |event: &Event| matches!(event, Event::Dropped { reason: DropReason::NotAllowed, from, .. } if from == STRANGER);
    assert!(world.devices[0].events.iter().any(refused));
}

#[test]
fn a_distrusted_partner_is_not_obeyed() {
    let mut world = world(6);
    let add = |id: &str| json!({"v": 1, "type": "add", "id": id, "parent": "menu", "items": [{"url": format!("https://{id}.example/")}]});
    ask(&mut world, &add("first"));
    assert_eq!(world.host(1).len(), 1);
    let (jid, fingerprint) = (BareJid::new(PARTNER).unwrap(), world.client(2).fingerprint());
    world.command(
        0,
        Command::SetTrust {
            jid,
            fingerprint,
            trust: TrustLevel::ManuallyDistrusted,
        },
    );
    assert!(ask(&mut world, &add("second")).is_empty());
    assert_eq!(world.host(1).len(), 1);
    world.restart(0);
    assert!(
        world
            .client(0)
            .devices()
            .iter()
            .any(|device| device.jid == PARTNER),
        "a contact is known after a restart"
    );
    let told = |event: &Event| {
        matches!(
            event,
            Event::Dropped {
                reason: DropReason::Untrusted,
                ..
            }
        )
    };
    assert!(world.devices[0].events.iter().any(told));
}

#[test]
fn a_message_that_cannot_be_sent_says_why() {
    let mut world = world(7);
    send(&mut world, 2, "nobody@example.org", "1", "hello");
    let reason = failure(&world, 2, "1").unwrap();
    assert!(reason.contains("nobody@example.org has no device"), "{reason}");

    let (jid, fingerprint) = (BareJid::new(ACCOUNT).unwrap(), world.client(0).fingerprint());
    send(&mut world, 2, ACCOUNT, "2", "hello");
    for fingerprint in [fingerprint, world.client(1).fingerprint()] {
        let jid = jid.clone();
        world.command(
            2,
            Command::SetTrust {
                jid,
                fingerprint,
                trust: TrustLevel::ManuallyDistrusted,
            },
        );
    }
    send(&mut world, 2, ACCOUNT, "3", "hello");
    let reason = failure(&world, 2, "3").unwrap();
    assert!(
        reason.contains("none of juliet@example.org's devices is trusted"),
        "{reason}"
    );

    send(&mut world, 0, PARTNER, "4", &"x".repeat(100_000));
    let reason = failure(&world, 0, "4").unwrap();
    assert!(reason.contains("the server takes at most"), "{reason}");
    send(&mut world, 0, PARTNER, "5", "bell \u{7}");
    assert!(failure(&world, 0, "5").unwrap().contains("control characters"));
}

#[test]
fn a_message_written_offline_is_sent_once_there_is_a_connection() {
    let mut world = world(8);
    world.switch(2, false);
    let to = BareJid::new(ACCOUNT).unwrap();
    world.command(
        2,
        Command::SendChat {
            id: "1".into(),
            to,
            body: "from afar".into(),
        },
    );
    world.run(1_000_000);
    assert!(failure(&world, 2, "1").is_none());
    world.restart(2);
    world.switch(2, true);
    world.run(60_000);
    assert_eq!(bodies(&world, 0), ["from afar"]);
    assert!(world.devices[2].events.contains(&Event::Sent { id: "1".into() }));
}

#[test]
fn a_crash_at_any_store_neither_loses_nor_doubles_a_message() {
    for at in 1..40 {
        let mut world = world(100);
        for device in [0, 2] {
            world.devices[device].crash_at = Some(world.devices[device].persists + at);
        }
        for number in 0..3 {
            let to = BareJid::new(PARTNER).unwrap();
            // A command that dies with its process before anything is stored was never accepted.
            world.command(
                0,
                Command::SendChat {
                    id: format!("{number}"),
                    to,
                    body: format!("message {number}"),
                },
            );
            world.run(5_000);
        }
        world.heal();
        let mut received = bodies(&world, 2);
        if world.devices[2].crashes > 0 {
            // What was stored and perhaps not shown is shown again.
            received.dedup();
        }
        assert_eq!(received, ["message 0", "message 1", "message 2"], "crash at {at}");
        if world.devices[0].crashes + world.devices[2].crashes == 0 {
            return;
        }
    }
}

#[test]
fn a_dry_run_counts_and_changes_nothing() {
    let mut world = world(20);
    let import = |id: &str, dry_run: bool| {
        json!({"v": 1, "type": "import", "id": id, "dry_run": dry_run, "bookmarks": {"menu": [
            {"title": "F", "children": [{"title": "A", "url": "https://a.example/"}, {"title": "B", "url": "https://b.example/"}]}]}})
    };
    let counted = json!([{"v": 1, "type": "result", "of": "r1", "added": 3, "matched": 0, "dry_run": true}]);
    assert_eq!(json!(ask(&mut world, &import("r1", true))), counted);
    assert_eq!(world.host(1).len(), 0);
    // The same id, meant now.
    let done = json!([{"v": 1, "type": "result", "of": "r1", "added": 3, "matched": 0}]);
    assert_eq!(json!(ask(&mut world, &import("r1", false))), done);
    assert_eq!(world.host(1).len(), 3);
    let again = ask(&mut world, &import("r2", true));
    assert_eq!((&again[0]["added"], &again[0]["matched"]), (&json!(0), &json!(3)));
}

#[test]
fn an_export_may_be_a_tree_and_may_be_of_one_folder() {
    let mut world = world(21);
    let add = json!({"v": 1, "type": "add", "id": "r1", "parent": "menu",
        "items": [{"title": "F", "children": [{"title": "A", "url": "https://a.example/"}]}]});
    let folder = ask(&mut world, &add)[0]["items"][0].clone();
    let whole = ask(
        &mut world,
        &json!({"v": 1, "type": "export", "id": "r2", "as": "tree"}),
    );
    let inner = &whole[0]["bookmarks"]["menu"][0]["children"][0];
    assert_eq!(
        (&inner["title"], &inner["url"]),
        (&json!("A"), &json!("https://a.example/"))
    );
    assert_eq!(whole[0]["bookmarks"]["toolbar"], json!([]));
    let part = ask(
        &mut world,
        &json!({"v": 1, "type": "export", "id": "r3", "as": "tree", "folder": folder}),
    );
    assert_eq!(part[0]["bookmarks"][folder.as_str().unwrap()][0], *inner);
    let list = ask(
        &mut world,
        &json!({"v": 1, "type": "export", "id": "r4", "folder": folder}),
    );
    assert_eq!(list[0]["items"].as_array().unwrap().len(), 1);
    assert_eq!(list[0]["items"][0]["parent"], folder);
    let none = ask(
        &mut world,
        &json!({"v": 1, "type": "export", "id": "r5", "folder": "nowhere"}),
    );
    assert_eq!(none[0]["reason"], "not-found");
    let many: Vec<Value> = (0..200)
        .map(|n| json!({"title": format!("Link {n}"), "url": format!("https://link{n}.example/{}", "x".repeat(60))}))
        .collect();
    ask(
        &mut world,
        &json!({"v": 1, "type": "import", "id": "r6", "bookmarks": {"other": many}}),
    );
    let large = ask(
        &mut world,
        &json!({"v": 1, "type": "export", "id": "r7", "as": "tree"}),
    );
    assert_eq!(large[0]["reason"], "too-large");
}

#[test]
fn links_of_people_are_filed_once_and_strangers_are_not_obeyed() {
    let mut world = world(22);
    world.browser(STRANGER);
    world.run(60_000);
    send(&mut world, 2, ACCOUNT, "c1", "Read this: https://a.example/x.");
    let told = bodies(&world, 2);
    assert_eq!(told.last().unwrap(), "Filed under the unsorted bookmarks.");
    assert_eq!(world.plain(0).other.len(), 1);
    assert_eq!(world.plain(0).other[0].title, "Read this:");
    assert_eq!(world.plain(0).other[0].url, "https://a.example/x");
    assert_eq!(world.plain(0), world.plain(1));
    // The same link again, words without one, and somebody else's.
    send(&mut world, 2, ACCOUNT, "c2", "https://a.example/x");
    assert!(bodies(&world, 2).last().unwrap().contains("already"));
    send(&mut world, 2, ACCOUNT, "c3", "good morning");
    send(&mut world, 3, ACCOUNT, "c4", "https://evil.example/");
    assert_eq!(world.plain(0).other.len(), 1);
    // The own account's other device, to itself.
    send(
        &mut world,
        1,
        ACCOUNT,
        "c5",
        "https://b.example/ https://c.example/",
    );
    assert_eq!(world.plain(0).other.len(), 3);
    assert_eq!(world.plain(0), world.plain(1));
    world.restart(0);
    world.run(60_000);
    assert_eq!(world.plain(0).other.len(), 3);
}
