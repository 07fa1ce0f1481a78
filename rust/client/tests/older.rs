// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Talking to programs that know legacy OMEMO alone.
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

use client::{Command, Event};
use jid::BareJid;
use omemo::Namespace;
use serde_json::{Value, json};

mod harness;

use harness::World;
use harness::older::OlderProgram;

const ACCOUNT: &str = "juliet@example.org";
const PARTNER: &str = "helper@example.org";
const LIST: &str = "eu.siacs.conversations.axolotl.devicelist";

fn send(world: &mut World, from: usize, to: &str, body: &str) {
    let command = Command::SendChat {
        id: body.to_owned(),
        to: BareJid::new(to).unwrap(),
        body: body.to_owned(),
    };
    world.command(from, command);
    world.run(30_000);
}

fn messages(world: &World, device: usize) -> Vec<(String, String)> {
    let message = |event: &Event| match event {
        Event::Message { body, namespace, .. } => Some((body.clone(), namespace.clone())),
        _ => None,
    };
    world.devices[device].events.iter().filter_map(message).collect()
}

#[test]
fn a_talk_with_a_partner_that_knows_no_other() {
    let mut world = World::new(1);
    world.bot(ACCOUNT, &[PARTNER]);
    let mut partner = OlderProgram::start(&mut world, PARTNER);
    world.run(60_000);

    send(&mut world, 0, PARTNER, "hello");
    assert_eq!(partner.texts(&mut world), ["hello"]);
    partner.say(&mut world, ACCOUNT, "hello yourself");
    assert_eq!(
        messages(&world, 0),
        [(
            "hello yourself".to_owned(),
            "eu.siacs.conversations.axolotl".to_owned()
        )]
    );
    for number in 0..60 {
        partner.say(&mut world, ACCOUNT, &format!("line {number}"));
    }
    assert_eq!(messages(&world, 0).len(), 61);
    let answers = partner.hear(&mut world);
    assert!(
        !answers.is_empty() && answers.iter().all(|answer| answer.envelope.is_none()),
        "a long chain is answered by an empty message: {answers:?}"
    );
    world.restart(0);
    world.run(60_000);
    send(&mut world, 0, PARTNER, "after the night");
    assert_eq!(partner.texts(&mut world), ["after the night"]);
    assert!(world.client(0).status().dropped.is_empty());
}

#[test]
fn a_partner_that_speaks_first_asks_for_bookmarks() {
    let mut world = World::new(2);
    world.bot(ACCOUNT, &[PARTNER]);
    world.browser(ACCOUNT);
    let mut partner = OlderProgram::start(&mut world, PARTNER);
    world.run(120_000);

    let add = json!({"v": 1, "type": "add", "id": "r1", "parent": "menu",
        "items": [{"title": "News", "url": "https://news.example/"}]});
    partner.say(&mut world, ACCOUNT, &add.to_string());
    let answers = partner.texts(&mut world);
    assert_eq!(answers.len(), 1, "{answers:?}");
    let answer: Value = serde_json::from_str(&answers[0]).unwrap();
    assert_eq!((&answer["type"], &answer["of"]), (&json!("result"), &json!("r1")));
    assert_eq!(world.host(1).len(), 1);
    assert_eq!(world.plain(0), world.plain(1));
}

#[test]
fn own_programs_of_both_kinds_read_along_and_bookmarks_stay_with_the_newer() {
    let mut world = World::new(3);
    world.bot(ACCOUNT, &[PARTNER]);
    let mut phone = OlderProgram::start(&mut world, ACCOUNT);
    let mut partner = OlderProgram::start(&mut world, PARTNER);
    world.run(120_000);
    world.browser(ACCOUNT);
    world.run(120_000);
    send(&mut world, 0, PARTNER, "hello");
    assert_eq!(partner.texts(&mut world), ["hello"]);

    let elements = |world: &World| {
        let seen = world.server.seen.iter();
        let messages = seen.filter(|stanza| stanza.contains("type='chat'"));
        messages
            .filter(|stanza| stanza.contains(&format!("rid='{}'", phone.device.id())))
            .count()
    };
    assert_eq!(elements(&world), 1, "the phone has a key in it");
    let bookmarks = world.server.items(ACCOUNT, client::NODE_BOOKMARKS);
    assert!(!bookmarks.is_empty());
    assert!(
        bookmarks
            .iter()
            .all(|(_, payload)| payload.ns() == omemo::NS_OMEMO_2)
    );
    assert_eq!(
        world.client(1).status().replicas,
        1,
        "{:?}",
        world.client(1).status()
    );
    let browser = world.client(1).devices();
    assert!(!browser.iter().any(|device| device.id == phone.device.id()));
    phone.hear(&mut world);
}

#[test]
fn a_browser_without_partners_is_in_the_newer_list_alone() {
    let mut world = World::new(4);
    world.browser(ACCOUNT);
    world.run(60_000);
    assert!(world.server.items(ACCOUNT, LIST).is_empty());
    let features = world.server.seen.iter().filter(|stanza| stanza.contains(LIST));
    assert_eq!(features.count(), 0);

    world.bot(ACCOUNT, &[]);
    world.run(60_000);
    let (_, list) = world.server.items(ACCOUNT, LIST).pop().unwrap();
    let id = world.client(1).device_id().to_string();
    let ids: Vec<_> = list.children().filter_map(|device| device.attr("id")).collect();
    assert_eq!(ids, [id]);
    for option in ["access_model", "persist_items"] {
        let wanted = if option == "access_model" { "open" } else { "true" };
        let (bundle, _) = Namespace::Legacy.bundle_node(world.client(1).device_id());
        for node in [LIST, &bundle] {
            assert_eq!(
                world.server.node_option(ACCOUNT, node, option).as_deref(),
                Some(wanted)
            );
        }
    }
}

#[test]
fn whoever_is_dropped_from_the_older_list_comes_back_and_drops_nobody() {
    let mut world = World::new(5);
    world.bot(ACCOUNT, &[]);
    world.run(60_000);
    let list = "<list xmlns='eu.siacs.conversations.axolotl'><device id='77'/><device id='-3'/></list>";
    world.server.put(ACCOUNT, LIST, "current", list.parse().unwrap());
    world.run(60_000);
    let (_, list) = world.server.items(ACCOUNT, LIST).pop().unwrap();
    let mut ids: Vec<i64> = list
        .children()
        .map(|device| device.attr("id").unwrap().parse().unwrap())
        .collect();
    ids.sort_unstable();
    let mut expected = vec![-3, 77, i64::from(world.client(0).device_id())];
    expected.sort_unstable();
    assert_eq!(ids, expected);
}

#[test]
fn used_pre_keys_are_replaced_in_both_bundles() {
    let mut world = World::new(6);
    world.bot(ACCOUNT, &[PARTNER]);
    let mut partner = OlderProgram::start(&mut world, PARTNER);
    world.run(60_000);
    let bundles = |world: &World| {
        Namespace::ALL.map(|namespace| {
            let (node, item) = namespace.bundle_node(world.client(0).device_id());
            let items = world.server.items(ACCOUNT, &node);
            let (_, bundle) = items.into_iter().find(|(id, _)| *id == item).unwrap();
            omemo::Bundle::parse(&bundle).unwrap().pre_keys
        })
    };
    let before = bundles(&world);
    assert_eq!(before[0], before[1]);
    partner.say(&mut world, ACCOUNT, "hello");
    world.run(60_000);
    let after = bundles(&world);
    assert_eq!(after[0], after[1]);
    assert_eq!(after[0].len(), 100);
    assert_ne!(before[0], after[0]);
}

#[test]
fn a_stale_bundle_is_published_again() {
    let mut world = World::new(7);
    world.bot(ACCOUNT, &[]);
    world.run(60_000);
    let old: Vec<_> = Namespace::ALL
        .into_iter()
        .map(|namespace| {
            let (node, item) = namespace.bundle_node(world.client(0).device_id());
            let items = world.server.items(ACCOUNT, &node);
            (
                items.into_iter().find(|(id, _)| *id == item).unwrap().1,
                node,
                item,
            )
        })
        .collect();
    for (bundle, node, item) in &old {
        let mut broken = bundle.clone();
        let name = if node.ends_with("bundles") {
            "spk"
        } else {
            "signedPreKeyPublic"
        };
        broken.remove_child(name, bundle.ns().as_str());
        world.server.put(ACCOUNT, node, item, broken);
    }
    world.restart(0);
    world.run(60_000);
    for (bundle, node, item) in &old {
        let items = world.server.items(ACCOUNT, node);
        assert_eq!(&items.into_iter().find(|(id, _)| id == item).unwrap().1, bundle);
    }
}
