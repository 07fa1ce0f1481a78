// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A session that tells a test what happens to it.

use std::time::{Duration, Instant};

use engine::session::{Security, Sender, Session, SessionEvent, SessionId, Settings, Timing, Trust};
use engine::{ConnectionState, Credentials, Password, ReasonKind};
use jid::FullJid;
use minidom::Element;
use tokio::sync::mpsc::Receiver;

use super::prosody::{Prosody, password};

/// Longest wait for one event. The machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// A stop must be over by then, whatever the session does.
pub const STOP_LIMIT: Duration = Duration::from_secs(1);

/// A session and what it told.
pub struct Probe {
    pub session: Session,
    pub sender: Sender,
    pub events: Receiver<SessionEvent>,
    pub id: SessionId,
    pub states: Vec<ConnectionState>,
}

impl Probe {
    pub fn start(settings: Settings) -> Probe {
        let (session, events) = Session::start(settings);
        Probe {
            sender: session.sender(),
            session,
            events,
            id: SessionId::default(),
            states: Vec::new(),
        }
    }

    /// The next event. Stanzas are acknowledged as handled.
    pub async fn next(&mut self) -> SessionEvent {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        let event = event
            .unwrap_or_else(|_| panic!("no event after {:?}", self.states))
            .expect("the session ended");
        match &event {
            SessionEvent::State(state) => self.states.push(state.clone()),
            SessionEvent::Online { id, .. } => self.id = *id,
            SessionEvent::Stanza {
                id, counted: true, ..
            } => self.sender.handled(*id),
            SessionEvent::Stanza { .. } | SessionEvent::Offline | SessionEvent::PasswordKept { .. } => {}
        }
        event
    }

    pub async fn online(&mut self) -> (FullJid, bool, usize) {
        loop {
            match self.next().await {
                SessionEvent::Online {
                    bound,
                    resumed,
                    max_stanza,
                    ..
                } => return (bound, resumed, max_stanza),
                SessionEvent::State(ConnectionState::Failed { reason }) => panic!("failed: {reason:?}"),
                _ => {}
            }
        }
    }

    pub async fn offline(&mut self) {
        while !matches!(self.next().await, SessionEvent::Offline) {}
    }

    pub async fn stanza(&mut self) -> Element {
        loop {
            if let SessionEvent::Stanza { stanza, .. } = self.next().await {
                return stanza;
            }
        }
    }

    /// The kind of the final failure.
    pub async fn failed(&mut self) -> ReasonKind {
        loop {
            match self.next().await {
                SessionEvent::State(ConnectionState::Failed { reason }) => return reason.kind,
                SessionEvent::State(ConnectionState::Waiting { reason, .. }) => panic!("retries: {reason:?}"),
                SessionEvent::Online { .. } => panic!("online"),
                _ => {}
            }
        }
    }

    /// The kind of the failure that is retried, and the wait.
    pub async fn waiting(&mut self) -> (ReasonKind, Duration) {
        loop {
            match self.next().await {
                SessionEvent::State(ConnectionState::Waiting { reason, retry_in_ms }) => {
                    return (reason.kind, Duration::from_millis(retry_in_ms));
                }
                SessionEvent::State(ConnectionState::Failed { reason }) => panic!("failed: {reason:?}"),
                _ => {}
            }
        }
    }

    pub fn send(&self, stanza: &str) {
        self.sender.send(self.id, stanza.parse().unwrap());
    }

    pub async fn stop(self) {
        let started = Instant::now();
        assert!(self.session.stop().await, "the session's task panicked");
        assert!(
            started.elapsed() < STOP_LIMIT,
            "the stop took {:?}",
            started.elapsed()
        );
    }
}

pub fn settings(prosody: &Prosody, user: &str) -> Settings {
    Settings {
        account: format!("{user}@localhost").parse().unwrap(),
        credentials: Credentials::Given(Password::new(password(user))),
        resource: "test".to_owned(),
        connect: Some(("127.0.0.1".to_owned(), prosody.port)),
        name_server: None,
        direct_tls: false,
        security: Security::Tls(Trust::File(prosody.ca_file())),
        allow_sasl_plain: false,
        timing: Timing::default(),
    }
}

/// Settings for a scripted server: no TLS, PLAIN allowed, since that is what it can do.
pub fn scripted_settings(port: u16) -> Settings {
    Settings {
        account: "user@localhost".parse().unwrap(),
        credentials: Credentials::Given(Password::new("secret")),
        resource: "test".to_owned(),
        connect: Some(("127.0.0.1".to_owned(), port)),
        name_server: None,
        direct_tls: false,
        security: Security::PlaintextOnLoopback,
        allow_sasl_plain: true,
        timing: Timing::default(),
    }
}

pub fn message(to: &FullJid, id: usize, padding: usize) -> String {
    let padding = "x".repeat(padding);
    format!(
        "<message xmlns='jabber:client' to='{to}' id='{id}'><data xmlns='urn:example:test'>{padding}</data></message>"
    )
}

pub fn number(stanza: &Element) -> usize {
    stanza.attr("id").unwrap().parse().unwrap()
}
