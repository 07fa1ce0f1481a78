// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! An engine, what it told, and the settings that lead it to a server.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use engine::client::{Client, Command, Event as ClientEvent, Kind};
use engine::{Config, ConnectionState, Credentials, Engine, Event, Password, ReasonKind};

use super::prosody::{Prosody, free_port, password};

/// Longest wait for one thing. The machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// What a host gives an engine to stop.
pub const STOP_LIMIT: Duration = Duration::from_secs(2);

/// An engine and what it told.
pub struct Device {
    pub engine: Engine,
    pub events: Receiver<Event>,
}

impl Device {
    pub fn start(config: Config) -> Device {
        let (sender, events) = channel();
        let engine = Engine::start(config, move |event| drop(sender.send(event))).unwrap();
        Device { engine, events }
    }

    pub fn wait<T>(&self, what: &str, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self
                .events
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(event) => {
                    if let Some(found) = wanted(event) {
                        return found;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("waited in vain for {what}"),
                Err(RecvTimeoutError::Disconnected) => panic!("the engine ended before {what}"),
            }
        }
    }

    pub fn online(&self) {
        self.wait("online", |event| {
            matches!(event, Event::Connection(ConnectionState::Online { .. })).then_some(())
        });
    }

    pub fn failed(&self) -> ReasonKind {
        self.wait("a failure", |event| match event {
            Event::Connection(ConnectionState::Failed { reason }) => Some(reason.kind),
            _ => None,
        })
    }

    /// Looks at the client now.
    pub fn look<T: Send + 'static>(&self, look: impl FnOnce(&Client) -> T + Send + 'static) -> T {
        let (sender, seen) = channel();
        self.engine
            .inspect(move |client| drop(sender.send(look(client))))
            .unwrap();
        seen.recv_timeout(PATIENCE).unwrap()
    }

    /// The titles of all bookmarks on the toolbar.
    pub fn titles(&self) -> Vec<String> {
        self.look(titles)
    }

    pub fn until_titles(&self, titles: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        while self.titles() != titles {
            assert!(
                Instant::now() < deadline,
                "{:?} instead of {titles:?}",
                self.titles()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub fn add(&self, title: &str) {
        let json = serde_json::json!({ "type": "edit", "id": title, "op": {
            "op": "add", "parent": "toolbar", "kind": "link",
            "fields": { "title": title, "url": format!("https://{title}.example/") } } });
        self.engine
            .command(serde_json::from_value::<Command>(json).unwrap())
            .unwrap();
    }

    /// Waits until the account's bookmarks have been met: before that, no single edit is taken.
    pub fn joined(&self) {
        self.wait("the join", |event| match event {
            Event::Client(ClientEvent::Status(status)) if status.joined => Some(()),
            _ => None,
        });
    }

    pub fn identity(&self) -> (u32, String) {
        self.look(|client| (client.device_id(), client.fingerprint()))
    }

    pub fn stop(self) {
        let started = Instant::now();
        assert!(self.engine.stop(STOP_LIMIT), "did not stop within {STOP_LIMIT:?}");
        assert!(started.elapsed() < STOP_LIMIT);
    }
}

pub fn titles(client: &Client) -> Vec<String> {
    client
        .bookmarks()
        .toolbar
        .iter()
        .map(|node| node.fields["title"].clone())
        .collect()
}

pub fn client_config(user: &str) -> engine::client::Config {
    engine::client::Config {
        account: format!("{user}@localhost").parse().unwrap(),
        label: "test".to_owned(),
        kind: Kind::Bot,
        partners: Vec::new(),
        sync_bookmarks: true,
        join: engine::client::JoinPolicy::default(),
        ask_about_doubles: false,
        share_tabs: false,
        take_tabs: false,
        share_visits: None,
        trust_policy: None,
        chat: false,
        file_links: false,
        stale_after_days: engine::client::STALE_AFTER_DAYS,
    }
}

pub fn config(prosody: &Prosody, user: &str, state: &Path) -> Config {
    Config {
        account: format!("{user}@localhost").parse().unwrap(),
        credentials: Credentials::Given(Password::new(password(user))),
        state_dir: state.to_owned(),
        connect: Some(("127.0.0.1".to_owned(), prosody.port)),
        direct_tls: false,
        ca_file: Some(prosody.ca_file()),
        pin_sha256: None,
        allow_plain_tcp_on_loopback: false,
        allow_sasl_plain: false,
        client: client_config(user),
    }
}

/// A configuration that leads nowhere.
pub fn offline(state: &Path) -> Config {
    Config {
        account: "alice@localhost".parse().unwrap(),
        credentials: Credentials::Given(Password::new("none")),
        state_dir: state.to_owned(),
        connect: Some(("127.0.0.1".to_owned(), free_port())),
        direct_tls: false,
        ca_file: None,
        pin_sha256: Some([0; 32]),
        allow_plain_tcp_on_loopback: false,
        allow_sasl_plain: false,
        client: client_config("alice"),
    }
}
