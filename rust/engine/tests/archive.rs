// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A real Prosody's message archive: what another client took while an engine was away.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use std::path::Path;

use engine::client::{Command, Event as ClientEvent};
use engine::session::{Session, SessionEvent, Settings, Timing};
use engine::{Config, Event};
use minidom::Element;
use support::device::{Device, PATIENCE, config};
use support::prosody::{Prosody, password};

fn chatting(prosody: &Prosody, user: &str, partner: &str, state: &Path) -> Config {
    let mut config = config(prosody, user, state);
    config.client.partners = vec![format!("{partner}@localhost").parse().unwrap()];
    config
}

fn add(title: &str) -> String {
    serde_json::json!({"v": 1, "type": "add", "id": title, "parent": "toolbar",
        "items": [{"title": title, "url": format!("https://{title}.example/")}]})
    .to_string()
}

impl Device {
    fn send(&self, to: &str, body: &str) {
        let command = Command::SendChat {
            id: body.to_owned(),
            to: format!("{to}@localhost").parse().unwrap(),
            body: body.to_owned(),
        };
        self.engine.command(command).unwrap();
    }

    /// The messages up to and with `last`.
    fn messages_until(&self, last: &str) -> Vec<String> {
        let mut bodies = Vec::new();
        self.wait(last, |event| match event {
            Event::Client(ClientEvent::Message { body, .. }) => {
                bodies.push(body);
                (bodies.last().unwrap() == last).then_some(())
            }
            _ => None,
        });
        bodies
    }
}

/// The user's phone: it takes the messages that come and cannot read them.
struct Phone {
    runtime: tokio::runtime::Runtime,
    session: Session,
    events: tokio::sync::mpsc::Receiver<SessionEvent>,
}

impl Phone {
    fn start(prosody: &Prosody, user: &str) -> Phone {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let config = config(prosody, user, Path::new(""));
        let settings = Settings {
            account: config.account,
            credentials: engine::Credentials::Given(engine::Password::new(password(user))),
            resource: "phone".to_owned(),
            connect: config.connect,
            name_server: None,
            direct_tls: false,
            security: engine::session::Security::Tls(engine::session::Trust::File(prosody.ca_file())),
            allow_sasl_plain: false,
            timing: Timing::default(),
        };
        let (session, events) = runtime.block_on(async { Session::start(settings) });
        let mut phone = Phone {
            runtime,
            session,
            events,
        };
        let id = phone.until(|event| match event {
            SessionEvent::Online { id, .. } => Some(id),
            _ => None,
        });
        phone
            .session
            .sender()
            .send(id, Element::bare("presence", "jabber:client"));
        // Its own presence comes back: from then on it gets messages.
        phone.until(|event| match event {
            SessionEvent::Stanza { stanza, .. } if stanza.name() == "presence" => Some(()),
            _ => None,
        });
        phone
    }

    fn until<T>(&mut self, mut wanted: impl FnMut(SessionEvent) -> Option<T>) -> T {
        let events = &mut self.events;
        self.runtime.block_on(async {
            tokio::time::timeout(PATIENCE, async {
                loop {
                    if let Some(found) = wanted(events.recv().await.expect("a session")) {
                        return found;
                    }
                }
            })
            .await
            .expect("in time")
        })
    }

    /// Takes one encrypted message.
    fn take(&mut self) {
        self.until(|event| match event {
            SessionEvent::Stanza { stanza, .. } if stanza.has_child("encrypted", "urn:xmpp:omemo:2") => {
                Some(())
            }
            _ => None,
        });
    }

    fn stop(self) {
        assert!(self.runtime.block_on(self.session.stop()));
    }
}

#[test]
fn what_another_client_took_is_read_from_the_archive_and_acted_upon_once() {
    let prosody = Prosody::start(&["alice", "bob"]);
    let folder = tempfile::tempdir().unwrap();
    let start = |user, partner| Device::start(chatting(&prosody, user, partner, &folder.path().join(user)));
    let (alice, bob) = (start("alice", "bob"), start("bob", "alice"));
    alice.joined();
    bob.joined();
    bob.send("alice", "hello");
    assert_eq!(alice.messages_until("hello"), ["hello"]);
    alice.stop();

    let mut phone = Phone::start(&prosody, "alice");
    for title in ["apricot", "banana"] {
        bob.send("alice", &add(title));
        phone.take();
    }
    phone.stop();

    let alice = start("alice", "bob");
    alice.until_titles(&["apricot", "banana"]);
    // Told in their order; what was told right before a stop may be told once more.
    let told = alice.messages_until(&add("banana"));
    assert!(told.ends_with(&[add("apricot"), add("banana")]), "{told:?}");
    alice.stop();

    // The next start finds nothing to do again: each request has had one answer.
    let alice = start("alice", "bob");
    bob.send("alice", "last");
    alice.messages_until("last");
    alice.until_titles(&["apricot", "banana"]);
    alice.send("bob", "done");
    let answers = bob.messages_until("done");
    assert_eq!(answers.len(), 3, "{answers:?}");
    alice.stop();
    bob.stop();
}

#[test]
fn a_server_without_an_archive_does_as_well() {
    let prosody = Prosody::start_with(&["alice", "bob"], r#"modules_disabled = { "s2s", "mam" }"#);
    let folder = tempfile::tempdir().unwrap();
    let start = |user, partner| Device::start(chatting(&prosody, user, partner, &folder.path().join(user)));
    let (alice, bob) = (start("alice", "bob"), start("bob", "alice"));
    alice.joined();
    bob.joined();
    bob.send("alice", "hello");
    assert_eq!(alice.messages_until("hello"), ["hello"]);
    alice.stop();
    // Without another client the server keeps what nobody took.
    bob.send("alice", &add("apricot"));
    let alice = start("alice", "bob");
    alice.until_titles(&["apricot"]);
    alice.stop();
    bob.stop();
}
