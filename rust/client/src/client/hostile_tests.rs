// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What a device of the account may write into the node, and what of it is believed.

use std::collections::BTreeMap;

use jid::{BareJid, FullJid};
use minidom::Element;
use omemo::Namespace;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::json;

use super::Client;
use crate::{
    Action, Command, Config, DropReason, Event, Kind, Limits, NODE_BOOKMARKS, Phase, TrustLevel, ns, pubsub,
    stanza,
};

const ACCOUNT: &str = "juliet@example.org";
const NOW: u64 = 1_790_000_000_000;
/// The other device's replica.
const REPLICA: &str = "00000000000000b2";

/// A client, another device of its account, and just enough of a server.
struct Stage {
    client: Client,
    other: omemo::Device,
    rng: StdRng,
    published: BTreeMap<String, Element>,
    events: Vec<Event>,
}

fn parse(xml: &str) -> Element {
    xml.parse().unwrap()
}

impl Stage {
    fn new() -> Stage {
        let mut rng = StdRng::seed_from_u64(1);
        let config = Config {
            account: BareJid::new(ACCOUNT).unwrap(),
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
        let mut stage = Stage {
            client: Client::create(config, NOW, &mut rng),
            other: omemo::Device::create(ACCOUNT, NOW, &mut rng),
            rng,
            published: BTreeMap::new(),
            events: Vec::new(),
        };
        let bound = FullJid::new(&format!("{ACCOUNT}/a")).unwrap();
        stage
            .client
            .handle_online(bound, false, Limits::default(), NOW, &mut stage.rng);
        stage.settle();
        let list = format!(
            "<devices xmlns='urn:xmpp:omemo:2'><device id='{}'/></devices>",
            stage.client.device_id()
        );
        stage
            .other
            .handle_device_list(ACCOUNT, &parse(&list), NOW)
            .unwrap();
        let bundle = stage.published[&stage.client.device_id().to_string()].clone();
        let id = stage.client.device_id();
        stage
            .other
            .handle_bundle(ACCOUNT, id, &bundle, NOW, &mut stage.rng)
            .unwrap();
        assert_eq!(stage.client.status().phase, Phase::UpToDate);
        let changed = |event: &Event| matches!(event, Event::BookmarksChanged { .. });
        assert!(
            !stage.events.iter().any(changed),
            "an empty tree that joins an empty account changes nothing"
        );
        stage.events.clear();
        stage
    }

    /// Answers what the client asks until it asks for nothing more.
    fn settle(&mut self) {
        while let Some(action) = self.client.poll_action() {
            match action {
                Action::Send(sent) if sent.name() == "iq" => {
                    let answer = self.answer(&sent);
                    self.client.handle_stanza(answer, NOW, &mut self.rng);
                }
                Action::Notify(event) => self.events.push(event),
                _ => {}
            }
        }
    }

    fn answer(&mut self, iq: &Element) -> Element {
        let asked = iq
            .children()
            .next()
            .and_then(|pubsub| pubsub.children().next().cloned());
        let Some(asked) = asked else {
            return stanza::iq_result(iq, None);
        };
        if asked.name() == "publish" {
            let item = asked.children().next().unwrap();
            self.published.insert(
                item.attr("id").unwrap().to_owned(),
                item.children().next().unwrap().clone(),
            );
        }
        let wanted = asked.children().next().and_then(|item| item.attr("id"));
        let (item, payload) = match (asked.name(), asked.attr("node")) {
            ("items", Some(omemo::NODE_DEVICES)) => (
                "current".to_owned(),
                self.other.own_device_list(Namespace::Omemo2, None),
            ),
            ("items", Some(omemo::NODE_BUNDLES)) if wanted == Some(&self.other.id().to_string()) => {
                (self.other.id().to_string(), self.other.bundle(Namespace::Omemo2))
            }
            ("items", _) => return stanza::iq_error(iq, "cancel", "item-not-found"),
            _ => return stanza::iq_result(iq, None),
        };
        let node = asked.attr("node").unwrap();
        let items = format!(
            "<pubsub xmlns='{}'><items node='{node}'><item id='{item}'/></items></pubsub>",
            ns::PUBSUB
        );
        let mut items = parse(&items);
        let place = items
            .get_child_mut("items", ns::PUBSUB)
            .and_then(|i| i.get_child_mut("item", ns::PUBSUB));
        place.unwrap().append_child(payload);
        stanza::iq_result(iq, Some(items))
    }

    /// The other device writes `json` into an item.
    fn write(&mut self, item: &str, json: &str) {
        let content = Element::builder("json", ns::JSON).append(json).build();
        let element = self
            .other
            .encrypt(vec![content], &[ACCOUNT], NOW, &mut self.rng)
            .unwrap()
            .elements
            .remove(0);
        self.notify(ACCOUNT, item, element);
    }

    /// The other device sends a page.
    fn send_page(&mut self, name: &str) {
        let json = json!({"v": 1, "name": name, "tabs": [{"url": "https://a.example/"}]}).to_string();
        let content = Element::builder("json", ns::JSON).append(json).build();
        let id = self.client.device_id();
        let readers = [(ACCOUNT.to_owned(), id)];
        let encrypted = self
            .other
            .encrypt_for(vec![content], &readers, NOW, &mut self.rng);
        let payload = Element::builder("parcel", ns::NODE_PARCELS)
            .attr(minidom::rxml::xml_ncname!("at").to_owned(), NOW)
            .append(encrypted.unwrap().elements.remove(0))
            .build();
        let item = format!("{}.{id}.{name}", self.other.id());
        self.notify_node(ns::NODE_PARCELS, ACCOUNT, &item, payload);
    }

    fn notify(&mut self, from: &str, item: &str, payload: Element) {
        self.notify_node(NODE_BOOKMARKS, from, item, payload);
    }

    fn notify_node(&mut self, node: &str, from: &str, item: &str, payload: Element) {
        let event = format!(
            "<message xmlns='jabber:client' from='{from}'><event xmlns='{}'><items node='{node}'>\
             <item id='{item}'/></items></event></message>",
            ns::PUBSUB_EVENT
        );
        let mut event = parse(&event);
        let place = event
            .get_child_mut("event", ns::PUBSUB_EVENT)
            .and_then(|event| event.get_child_mut("items", ns::PUBSUB_EVENT))
            .and_then(|items| items.get_child_mut("item", ns::PUBSUB_EVENT));
        place.unwrap().append_child(payload);
        assert!(pubsub::read_event(&event).is_some());
        self.client.handle_stanza(event, NOW, &mut self.rng);
        self.settle();
    }

    fn dropped(&mut self) -> Vec<DropReason> {
        let events = std::mem::take(&mut self.events);
        let reason = |event: &Event| match event {
            Event::Dropped { reason, .. } => Some(*reason),
            _ => None,
        };
        events.iter().filter_map(reason).collect()
    }

    fn bookmarks(&self) -> u64 {
        self.client.status().bookmarks
    }
}

/// An update with one new bookmark.
fn update(replica: &str, seq: u64) -> String {
    let stamp = json!([NOW, 0, replica]);
    json!({"v": 1, "type": "update", "replica": replica, "have": {replica: [[1, seq]]}, "deltas": [{"seq": seq, "rows": [
        {"i": format!("item{seq}"), "k": "link", "p": ["menu", "V", stamp, "menu"], "f": {"url": ["https://x.example/", stamp]}}]}]})
    .to_string()
}

#[test]
fn a_device_that_speaks_for_its_own_replica_is_believed() {
    let mut stage = Stage::new();
    stage.write(&format!("{REPLICA}.0"), &update(REPLICA, 1));
    assert_eq!((stage.bookmarks(), stage.dropped()), (1, vec![]));
}

#[test]
fn nobody_speaks_for_another_replica() {
    let mut stage = Stage::new();
    // The name inside is another one than the item's.
    stage.write(&format!("{REPLICA}.0"), &update("00000000000000c3", 1));
    assert_eq!(
        (stage.bookmarks(), stage.dropped()),
        (0, vec![DropReason::WrongSender])
    );
    // The item is this client's own.
    let own = stage.client.replica.id().to_string();
    stage.write(&format!("{own}.0"), &update(&own, 1));
    assert_eq!(
        (stage.bookmarks(), stage.dropped()),
        (0, vec![DropReason::WrongSender])
    );
    // The replica is bound to another device.
    stage.client.state.peer_entry(REPLICA.parse().unwrap(), 4711);
    stage.write(&format!("{REPLICA}.0"), &update(REPLICA, 1));
    assert_eq!(
        (stage.bookmarks(), stage.dropped()),
        (0, vec![DropReason::WrongSender])
    );
}

#[test]
fn what_is_no_body_of_this_version_changes_nothing() {
    let mut stage = Stage::new();
    let item = format!("{REPLICA}.0");
    let newer = update(REPLICA, 1).replace("\"v\":1", "\"v\":2");
    for (json, reason) in [
        (newer.as_str(), Some(DropReason::UnknownVersion)),
        ("not json", Some(DropReason::Malformed)),
        (r#"{"v":1,"type":"update"}"#, Some(DropReason::Malformed)),
        (
            r#"{"v":1,"type":"update","replica":"x","have":{},"deltas":[]}"#,
            Some(DropReason::Malformed),
        ),
        (r#"{"v":1,"type":"history","replica":"00000000000000b2"}"#, None),
    ] {
        stage.write(&item, json);
        assert_eq!(stage.dropped(), reason.into_iter().collect::<Vec<_>>(), "{json}");
    }
    assert_eq!(stage.bookmarks(), 0);
    assert!(
        stage
            .client
            .status()
            .problems
            .iter()
            .any(|problem| problem.text.contains("newer XmppSync"))
    );
    // A delta that cannot be, among one that can.
    stage.write(&item, &update(REPLICA, 0));
    assert_eq!(
        (stage.bookmarks(), stage.dropped()),
        (0, vec![DropReason::Malformed])
    );
}

#[test]
fn what_is_not_encrypted_or_misnamed_changes_nothing_and_is_told_once() {
    let mut stage = Stage::new();
    let json = Element::builder("json", ns::JSON)
        .append(update(REPLICA, 1))
        .build();
    for _ in 0..2 {
        stage.notify(ACCOUNT, &format!("{REPLICA}.0"), json.clone());
    }
    assert_eq!(stage.dropped(), [DropReason::Unencrypted]);
    stage.notify(ACCOUNT, "nonsense", json.clone());
    assert_eq!(stage.dropped(), [DropReason::Malformed]);
    for from in ["juliet@example.org/a", "mallory@example.org"] {
        stage.notify(from, &format!("{REPLICA}.0"), json.clone());
        assert_eq!(stage.dropped(), [DropReason::WrongSender], "{from}");
    }
    assert_eq!(stage.bookmarks(), 0);
}

#[test]
fn a_distrusted_device_is_not_even_decrypted_and_can_be_read_once_it_is_trusted() {
    let mut stage = Stage::new();
    let trust = |trust, stage: &Stage| Command::SetTrust {
        jid: BareJid::new(ACCOUNT).unwrap(),
        fingerprint: stage.other.fingerprint().to_string().to_uppercase(),
        trust,
    };
    let command = trust(TrustLevel::ManuallyDistrusted, &stage);
    stage.client.handle_command(command, NOW, &mut stage.rng);
    stage.settle();
    let content = Element::builder("json", ns::JSON)
        .append(update(REPLICA, 1))
        .build();
    let element = stage
        .other
        .encrypt(vec![content], &[ACCOUNT], NOW, &mut stage.rng)
        .unwrap()
        .elements
        .remove(0);
    stage.notify(ACCOUNT, &format!("{REPLICA}.0"), element.clone());
    assert_eq!(
        (stage.bookmarks(), stage.dropped()),
        (0, vec![DropReason::Untrusted])
    );
    let command = trust(TrustLevel::Authenticated, &stage);
    stage.client.handle_command(command, NOW, &mut stage.rng);
    stage.settle();
    stage.notify(ACCOUNT, &format!("{REPLICA}.0"), element);
    assert_eq!((stage.bookmarks(), stage.dropped()), (1, vec![]));
}

#[test]
fn malformed_stanzas_do_no_harm() {
    let mut stage = Stage::new();
    for xml in [
        "<message xmlns='jabber:client' from='@'><body>x</body></message>",
        "<message xmlns='jabber:client'><encrypted xmlns='urn:xmpp:omemo:2'/></message>",
        "<message xmlns='jabber:client'><encrypted xmlns='urn:xmpp:omemo:2'><header sid='x'/></encrypted></message>",
        "<message xmlns='jabber:client'><event xmlns='http://jabber.org/protocol/pubsub#event'/></message>",
        "<message xmlns='jabber:client' from='juliet@example.org'><event xmlns='http://jabber.org/protocol/pubsub#event'>\
         <items node='urn:xmpp:omemo:2:devices'><item id='current'><nonsense xmlns='x'/></item></items></event></message>",
        "<iq xmlns='jabber:client' type='result'/>",
        "<iq xmlns='jabber:client' type='get' id='1' from='a@b'/>",
        "<iq xmlns='jabber:client' type='set' id='2' from='a@b'><unknown xmlns='x'/></iq>",
        "<presence xmlns='jabber:client' type='subscribe' from='a@b'/>",
        "<nonsense xmlns='x'/>",
    ] {
        stage.client.handle_stanza(parse(xml), NOW, &mut stage.rng);
        stage.settle();
    }
    stage.write(&format!("{REPLICA}.0"), &update(REPLICA, 1));
    assert_eq!(stage.bookmarks(), 1);
}

/// A device of the account that sends more than one does, which the browser has not opened yet.
#[test]
fn of_one_device_so_many_parcels_are_kept_and_the_rest_stays_at_the_server() {
    let mut stage = Stage::new();
    stage.client.config.take_tabs = true;
    for number in 0..60 {
        stage.send_page(&format!("{number:016x}"));
    }
    assert_eq!((stage.client.state.came().len(), stage.dropped()), (50, vec![]));
    assert!(stage.client.is_full(stage.other.id()));
    assert!(!stage.client.link.parcels_left.is_empty());
    let name = format!("{:016x}", 7);
    stage
        .client
        .handle_command(Command::TabsOpened { name }, NOW, &mut stage.rng);
    stage.settle();
    assert!(
        stage.client.link.parcels_left.is_empty(),
        "they were fetched again"
    );
    stage.send_page(&"f".repeat(65));
    assert_eq!(
        (stage.client.state.came().len(), stage.dropped()),
        (49, vec![DropReason::Malformed])
    );
}

#[test]
fn so_many_parcels_are_remembered_and_the_oldest_are_forgotten_first() {
    let mut stage = Stage::new();
    stage.client.config.take_tabs = true;
    stage.client.link.clock_told = true;
    stage.send_page("0000000000000000");
    let (name, came) = stage.client.state.came().first_key_value().unwrap();
    let (name, came) = (name.clone(), came.clone());
    for number in 0..4_100 {
        let name = format!("{number:x}");
        stage.client.state.keep_came(&name, came.clone());
        stage.client.state.came_is_done(&name, NOW - 10_000 + number);
    }
    stage
        .client
        .handle_command(Command::TabsOpened { name: name.clone() }, NOW, &mut stage.rng);
    stage.settle();
    let done = stage.client.state.done();
    assert_eq!(done.len(), 4_096);
    assert_eq!(done.values().min(), Some(&(NOW - 10_000 + 5)));
    assert!(done.contains_key(&name));
}
