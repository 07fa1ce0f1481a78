// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Answers that do not come, streams that are resumed, and the order of what a step gives.

use jid::{BareJid, FullJid};
use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::Client;
use crate::{Action, Config, Kind, Limits, stanza};

const NOW: u64 = 1_790_000_000_000;

fn start() -> (Client, StdRng, FullJid) {
    let mut rng = StdRng::seed_from_u64(3);
    let config = Config {
        account: BareJid::new("juliet@example.org").unwrap(),
        label: "Laptop".into(),
        kind: Kind::Desktop,
        partners: Vec::new(),
        sync_bookmarks: true,
        join: crate::JoinPolicy::default(),
        ask_about_doubles: false,
        share_tabs: false,
        take_tabs: false,
        share_visits: None,
        trust_policy: None,
        chat: false,
        file_links: false,
        stale_after_days: 0,
    };
    let client = Client::create(config, NOW, &mut rng);
    (client, rng, FullJid::new("juliet@example.org/a").unwrap())
}

/// The requests that a client wants to send; everything else is passed over.
fn requests(client: &mut Client) -> Vec<Element> {
    let mut sent = Vec::new();
    while let Some(action) = client.poll_action() {
        if let Action::Send(element) = action {
            sent.push(element);
        }
    }
    sent.retain(|element| element.name() == "iq");
    sent
}

#[test]
fn what_is_stored_comes_before_what_is_sent_and_told() {
    let (mut client, mut rng, bound) = start();
    client.handle_online(bound, false, Limits::default(), NOW, &mut rng);
    let mut actions = Vec::new();
    while let Some(action) = client.poll_action() {
        actions.push(action);
    }
    assert!(matches!(actions.first(), Some(Action::Persist(_))));
    let presence = |action: &Action| matches!(action, Action::Send(element) if element.name() == "presence");
    assert_eq!(
        actions.iter().position(presence),
        actions
            .iter()
            .position(|action| matches!(action, Action::Send(_)))
    );
}

#[test]
fn an_answer_that_does_not_come_is_asked_for_again() {
    let (mut client, mut rng, bound) = start();
    client.handle_online(bound, false, Limits::default(), NOW, &mut rng);
    let first = requests(&mut client).len();
    assert_eq!(
        first, 4,
        "what others have sent, the generation, the own bundle and the own device list"
    );
    let mut asked = 0;
    // No hot loop: each time that is due is later than the one before.
    for _ in 0..6 {
        let due = client.poll_timeout().unwrap();
        client.handle_timeout(due, &mut rng);
        asked += requests(&mut client).len();
        assert!(client.poll_timeout().unwrap() > due);
    }
    assert!(asked >= 2, "asked again {asked} times");
    assert!(
        client
            .status()
            .problems
            .iter()
            .any(|problem| problem.text.contains("no answer came in time"))
    );
}

#[test]
fn a_resumed_stream_goes_on_where_it_was_and_a_new_one_starts_over() {
    let (mut client, mut rng, bound) = start();
    client.handle_online(bound.clone(), false, Limits::default(), NOW, &mut rng);
    let asked = requests(&mut client);
    client.handle_offline(NOW + 1_000);
    let later = NOW + 500_000;
    client.handle_timeout(later, &mut rng);
    client.handle_online(bound.clone(), true, Limits::default(), later, &mut rng);
    assert!(requests(&mut client).is_empty(), "what was asked is still asked");
    client.handle_stanza(
        stanza::iq_error(&asked[1], "cancel", "item-not-found"),
        later,
        &mut rng,
    );
    client.handle_stanza(
        stanza::iq_error(&asked[0], "cancel", "item-not-found"),
        later,
        &mut rng,
    );
    assert!(!requests(&mut client).is_empty(), "the answers were taken");

    client.handle_offline(later);
    client.handle_online(bound, false, Limits::default(), later, &mut rng);
    assert_eq!(requests(&mut client).len(), asked.len());
    client.handle_stanza(
        stanza::iq_error(&asked[0], "cancel", "item-not-found"),
        later,
        &mut rng,
    );
    assert!(
        requests(&mut client).is_empty(),
        "an answer of another stream answers nothing"
    );
}

#[test]
fn an_answer_of_somebody_else_answers_nothing() {
    let (mut client, mut rng, bound) = start();
    client.handle_online(bound, false, Limits::default(), NOW, &mut rng);
    for request in requests(&mut client) {
        let mut forged = stanza::iq_error(&request, "cancel", "item-not-found");
        forged.set_attr(
            minidom::rxml::Namespace::NONE,
            minidom::rxml::xml_ncname!("from").to_owned(),
            "mallory@example.org",
        );
        client.handle_stanza(forged, NOW, &mut rng);
    }
    assert!(requests(&mut client).is_empty());
}
