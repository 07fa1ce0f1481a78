// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A session with the server: whole stanzas in and out, whatever happens to the connection underneath.
//!
//! [`Session::start`] gives a handle and a stream of events. A task of its own connects, signs in, resumes after a
//! broken connection (XEP-0198) and tries again with growing waits; each state is told as a [`ConnectionState`].
//!
//! What is sent during one session arrives in order and at most once, as long as the session lasts: through a
//! resumption too. When the server no longer has the session, [`SessionEvent::Online`] comes with `resumed: false` and
//! a new [`SessionId`], and whatever was not acknowledged is gone: it is the owner's to send again.

mod actor;
mod auth;
mod backoff;
mod connect;
mod dns;
mod element;
mod error;
mod limits;
mod management;
mod negotiate;
mod online;
mod tls;

use std::net::SocketAddr;
use std::time::Duration;

use jid::{BareJid, FullJid};
use minidom::Element;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

pub(crate) use self::connect::race;
pub(crate) use self::dns::{addresses, ascii};
pub(crate) use self::error::SessionError;
pub use self::tls::Trust;
pub(crate) use self::tls::{client_config, handshake_error};
use crate::password::Credentials;
use crate::reason::{ConnectionState, Reason};

/// Events that wait for the owner before the session stops reading.
const EVENT_QUEUE: usize = 256;

/// How the connection is protected.
#[derive(Debug, Clone)]
pub enum Security {
    /// By TLS, with a server that is trusted in this way.
    Tls(Trust),
    /// Not at all. Refused unless [`Settings::connect`] leads to a loopback address.
    PlaintextOnLoopback,
}

/// How long the session waits for signs of life.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Silence after which the server is asked for a sign of life.
    pub keep_alive: Duration,
    /// Time for the answer before the connection is given up.
    pub answer: Duration,
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            keep_alive: limits::KEEP_ALIVE,
            answer: limits::ANSWER_TIMEOUT,
        }
    }
}

/// What a session is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The account.
    pub account: BareJid,
    /// Its password, or where that is.
    pub credentials: Credentials,
    /// The resource to bind; the server may choose another one.
    pub resource: String,
    /// Host and port instead of what the DNS says.
    pub connect: Option<(String, u16)>,
    /// The DNS server to ask instead of the system's.
    pub name_server: Option<SocketAddr>,
    /// TLS from the first byte on [`Settings::connect`]; where the DNS is asked, it only decides the fallback port.
    pub direct_tls: bool,
    /// How the connection is protected.
    pub security: Security,
    /// The password itself may be sent to a server that knows nothing better.
    pub allow_sasl_plain: bool,
    /// How long to wait for signs of life.
    pub timing: Timing,
}

/// Names a session and its connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SessionId {
    /// Changes with each new session, not with a resumption.
    session: u32,
    /// Changes with each connection.
    connection: u32,
}

/// What happens in a session.
#[derive(Debug)]
pub enum SessionEvent {
    /// The connection's state changed.
    State(ConnectionState),
    /// The password is in the user's password store from now on, or could not be put there.
    PasswordKept {
        /// Why it could not.
        problem: Option<Reason>,
    },
    /// Stanzas can be sent.
    Online {
        /// The session's name from here on.
        id: SessionId,
        /// The address that the server bound.
        bound: FullJid,
        /// The session from before goes on: nothing was lost.
        resumed: bool,
        /// Largest stanza that may be sent, in bytes.
        max_stanza: usize,
    },
    /// The connection is gone. What is sent now waits for a resumption.
    Offline,
    /// A stanza came.
    Stanza {
        /// For [`Sender::handled`].
        id: SessionId,
        /// The stanza.
        stanza: Element,
        /// It wants a call of [`Sender::handled`] once what it led to is saved.
        counted: bool,
    },
}

enum Command {
    Send { id: SessionId, stanza: Element },
    Handled { id: SessionId },
    Wake,
    Probe,
}

/// A running session; dropping it ends it without a farewell.
#[derive(Debug)]
pub struct Session {
    commands: mpsc::UnboundedSender<Command>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Sends stanzas into a session; can be cloned and moved to other threads.
#[derive(Clone)]
pub struct Sender(mpsc::UnboundedSender<Command>);

impl Sender {
    /// Sends a stanza in the session `id`. Never blocks. A stanza for a session that is over goes nowhere.
    pub fn send(&self, id: SessionId, stanza: Element) {
        // A session that has ended has no use for it; the owner has the event that says so.
        let _ended = self.0.send(Command::Send { id, stanza });
    }

    /// What the stanza led to is saved: the server may forget it. Called once for each stanza that is `counted`,
    /// in their order.
    pub fn handled(&self, id: SessionId) {
        let _ended = self.0.send(Command::Handled { id });
    }

    /// There is something to do: a wait for the next attempt is cut short.
    pub fn wake(&self) {
        let _ended = self.0.send(Command::Wake);
    }

    /// The computer may have slept: the server is asked for a sign of life, and a wait is cut short.
    pub fn probe(&self) {
        let _ended = self.0.send(Command::Probe);
    }
}

impl Session {
    /// Starts a session on the current tokio runtime.
    pub fn start(settings: Settings) -> (Session, mpsc::Receiver<SessionEvent>) {
        let (commands, command_receiver) = mpsc::unbounded_channel();
        let (events, event_receiver) = mpsc::channel(EVENT_QUEUE);
        let (stop, stop_receiver) = watch::channel(false);
        let actor = actor::Actor::new(settings, command_receiver, events, actor::Stop(stop_receiver));
        let task = tokio::spawn(actor.run());
        (Session { commands, stop, task }, event_receiver)
    }

    /// A handle to send with.
    pub fn sender(&self) -> Sender {
        Sender(self.commands.clone())
    }

    /// Ends the stream politely and waits for it: a third of a second at most, whatever the network does.
    ///
    /// Returns false if the task had panicked.
    pub async fn stop(self) -> bool {
        self.stop.send_replace(true);
        self.task.await.is_ok()
    }
}
