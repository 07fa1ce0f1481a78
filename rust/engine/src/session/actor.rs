// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The task behind a session: connects, signs in, runs the stream, waits and tries again.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use minidom::Element;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::backoff::Backoff;
use super::connect::{self, Connected, Protection, Stream};
use super::dns::{self, Endpoint};
use super::element::Incoming;
use super::error::SessionError;
use super::limits::{GOOD_STREAM, MAX_REDIRECTS, WAKE_WAIT};
use super::management::{Inbound, Outbound};
use super::negotiate::{self, Outcome, Resumption};
use super::online::{self, End, refusal};
use super::{Command, Security, SessionEvent, SessionId, Settings, auth, tls};
use crate::password::{Credentials, Password};
use crate::password_store;
use crate::reason::ConnectionState;
use crate::time::{after, later};

/// Tells the actor to stop.
#[derive(Clone)]
pub(super) struct Stop(pub(super) watch::Receiver<bool>);

impl Stop {
    /// Waits until the session is stopped, or its handle is gone.
    pub(super) async fn stopped(&mut self) {
        // An error means that nobody is left who could stop it.
        let _gone = self.0.wait_for(|stop| *stop).await;
    }
}

/// The task's state.
pub(super) struct Actor {
    pub(super) settings: Settings,
    pub(super) commands: mpsc::UnboundedReceiver<Command>,
    pub(super) stop: Stop,
    events: mpsc::Sender<SessionEvent>,
    /// The current session and connection.
    pub(super) id: SessionId,
    pub(super) outbound: Outbound,
    pub(super) inbound: Inbound,
    /// How to resume the current session, if it can be.
    resumption: Option<Resumption>,
    /// The server acknowledges stanzas of the current session.
    pub(super) managed: bool,
    max_stanza: usize,
    /// Elements that came and were not understood, or beyond a limit.
    pub(super) ignored: u64,
    backoff: Backoff,
    /// Where the server sent us, and how often in a row.
    redirect: Option<Endpoint>,
    redirects: u32,
}

/// A stream that is signed in, with its session.
pub(super) struct Established {
    pub(super) stream: Stream,
    /// What came before the session was there.
    pub(super) early: Vec<Incoming>,
    /// It is the session from before.
    pub(super) resumed: bool,
}

impl Actor {
    pub(super) fn new(
        settings: Settings,
        commands: mpsc::UnboundedReceiver<Command>,
        events: mpsc::Sender<SessionEvent>,
        stop: Stop,
    ) -> Actor {
        Actor {
            settings,
            commands,
            stop,
            events,
            id: SessionId::default(),
            outbound: Outbound::default(),
            inbound: Inbound::default(),
            resumption: None,
            managed: false,
            max_stanza: super::limits::DEFAULT_MAX_STANZA,
            ignored: 0,
            backoff: Backoff::default(),
            redirect: None,
            redirects: 0,
        }
    }

    /// Runs until the session is stopped or fails for good.
    pub(super) async fn run(mut self) {
        loop {
            let started = Instant::now();
            let (error, lasted) = match self.attempt().await {
                None => break,
                Some(Err(error)) => (error, None),
                Some(Ok(established)) => {
                    let up = Instant::now();
                    match self.online(established).await {
                        End::Stopped => break,
                        End::Broke(error) => (error, Some(up.elapsed())),
                    }
                }
            };
            // Not merely because a login succeeded: a server may redirect after each one.
            if lasted.is_some_and(|lasted| lasted >= GOOD_STREAM) {
                self.redirects = 0;
            }
            if !error.is_resumable() {
                self.resumption = None;
            }
            if error.is_final() {
                let state = ConnectionState::Failed {
                    reason: error.reason(),
                };
                self.emit(SessionEvent::State(state)).await;
                self.stop.stopped().await;
                break;
            }
            if !self.follow(&error) && !self.wait(&error, lasted, started).await {
                break;
            }
        }
        self.emit(SessionEvent::State(ConnectionState::Offline)).await;
    }

    /// One attempt to get a session. None: stopped meanwhile.
    async fn attempt(&mut self) -> Option<Result<Established, SessionError>> {
        if !self.emit(SessionEvent::State(ConnectionState::Connecting)).await {
            return None;
        }
        let mut stop = self.stop.clone();
        tokio::select! {
            biased;
            () = stop.stopped() => None,
            result = self.establish() => Some(result),
        }
    }

    async fn establish(&mut self) -> Result<Established, SessionError> {
        // Before the connection: the user may have to unlock the store first, and no server waits for that.
        let password = self.password().await?;
        let connected = self.connect().await?;
        self.emit(SessionEvent::State(ConnectionState::Authenticating))
            .await;
        let Connected {
            mut stream,
            features,
            exporter,
        } = connected;
        let domain = self.settings.account.domain().to_string();
        let Some(username) = self.settings.account.node() else {
            return Err(SessionError::Settings {
                detail: "the address has no part before the @".to_owned(),
            });
        };
        let identity = auth::Identity {
            username: username.as_str(),
            password: &password,
            allow_plain: self.settings.allow_sasl_plain,
        };
        auth::sign_in(&mut stream, &features, exporter, &identity).await?;
        self.keep_password();
        let (mut stream, features) = connect::restart(stream, &domain).await?;
        self.max_stanza = negotiate::max_stanza(&features);
        // Acknowledgements of stanzas that were handled meanwhile must be in the count that the server is told.
        while let Some(command) = self.next_early_command() {
            self.enqueue(command).await;
        }
        let old = self
            .resumption
            .as_ref()
            .map(|resumption| (resumption, self.inbound.count()));
        let outcome = negotiate::establish(&mut stream, &features, old, &self.settings.resource).await?;
        self.id.connection = self.id.connection.wrapping_add(1);
        match outcome {
            Outcome::Resumed { handled } => {
                if let Err(error) = self.outbound.resumed(handled) {
                    self.resumption = None;
                    return Err(SessionError::Protocol {
                        detail: error.to_string(),
                    });
                }
                self.inbound.resumed();
                Ok(Established {
                    stream,
                    early: Vec::new(),
                    resumed: true,
                })
            }
            Outcome::Fresh(fresh) => {
                self.id.session = self.id.session.wrapping_add(1);
                self.outbound.reset();
                self.inbound = Inbound::default();
                self.managed = fresh.managed;
                if fresh.managed {
                    self.outbound.start_counting();
                }
                let id = fresh.resumption_id.unwrap_or_default();
                // Kept without an id too: the bound address is needed, and such a session is not resumed.
                self.resumption = Some(Resumption {
                    id,
                    bound: fresh.bound,
                });
                Ok(Established {
                    stream,
                    early: fresh.early,
                    resumed: false,
                })
            }
        }
    }

    /// The password, which is asked for once.
    async fn password(&mut self) -> Result<Password, SessionError> {
        match &self.settings.credentials {
            Credentials::Given(password) | Credentials::Keep(password) => Ok(password.clone()),
            Credentials::Stored => {
                let password = password_store::look_up(&self.settings.account).await?;
                self.settings.credentials = Credentials::Given(password.clone());
                Ok(password)
            }
        }
    }

    /// Puts the password into the user's store if that was asked for, once. The store may ask the user to unlock it,
    /// which nothing waits for.
    fn keep_password(&mut self) {
        let Credentials::Keep(password) = &self.settings.credentials else {
            return;
        };
        let password = password.clone();
        self.settings.credentials = Credentials::Given(password.clone());
        let account = self.settings.account.clone();
        let events = self.events.clone();
        let mut stop = self.stop.clone();
        tokio::spawn(async move {
            let keeping = async {
                let kept = password_store::keep(&account, &password).await;
                let problem = kept.err().map(|error| SessionError::from(error).reason());
                // An error says that nobody listens any more.
                let _gone = events.send(SessionEvent::PasswordKept { problem }).await;
            };
            tokio::select! {
                biased;
                () = stop.stopped() => {}
                () = keeping => {}
            }
        });
    }

    async fn connect(&mut self) -> Result<Connected, SessionError> {
        let domain = self.settings.account.domain().to_string();
        let endpoints = match (self.redirect.take(), &self.settings.connect) {
            (Some(endpoint), _) => vec![endpoint],
            (None, Some((host, port))) => {
                vec![Endpoint {
                    host: host.clone(),
                    port: *port,
                    direct_tls: self.settings.direct_tls,
                }]
            }
            (None, None) => {
                dns::endpoints(&domain, self.settings.direct_tls, self.settings.name_server).await?
            }
        };
        let mut failure: Option<SessionError> = None;
        for endpoint in endpoints {
            let protection = self.protection(endpoint.direct_tls).await?;
            match connect::open(
                &domain,
                &endpoint,
                &protection,
                &self.settings.timing,
                self.settings.name_server,
            )
            .await
            {
                Ok(connected) => return Ok(connected),
                // One bad host among several is no reason to give up for good: what may pass outweighs it.
                Err(error) => match &failure {
                    Some(earlier) if !earlier.is_final() => {}
                    _ => failure = Some(error),
                },
            }
        }
        Err(failure.unwrap_or(SessionError::NameLookup { host: domain }))
    }

    async fn protection(&self, direct: bool) -> Result<Protection, SessionError> {
        match &self.settings.security {
            Security::PlaintextOnLoopback => match &self.settings.connect {
                Some(_) => Ok(Protection::Plaintext),
                None => Err(SessionError::PlaintextRefused {
                    host: self.settings.account.domain().to_string(),
                }),
            },
            Security::Tls(trust) => {
                let trust = trust.clone();
                let config = tokio::task::spawn_blocking(move || tls::client_config(&trust, direct));
                let config = config.await.map_err(|error| SessionError::Internal {
                    detail: error.to_string(),
                })??;
                Ok(Protection::ByTls(Arc::clone(&config)))
            }
        }
    }

    /// Runs an established session until its connection ends, and tells its owner of both ends.
    async fn online(&mut self, established: Established) -> End {
        let resumed = established.resumed;
        let Some(bound) = self
            .resumption
            .as_ref()
            .map(|resumption| resumption.bound.clone())
        else {
            return End::Broke(SessionError::Internal {
                detail: "a session without an address".to_owned(),
            });
        };
        if !self.managed
            || self
                .resumption
                .as_ref()
                .is_some_and(|resumption| resumption.id.is_empty())
        {
            self.resumption = None;
        }
        tracing::info!(resumed, managed = self.managed, "online");
        let online = SessionEvent::Online {
            id: self.id,
            bound: bound.clone(),
            resumed,
            max_stanza: self.max_stanza,
        };
        if !self.emit(online).await
            || !self
                .emit(SessionEvent::State(ConnectionState::Online { jid: bound }))
                .await
        {
            return End::Stopped;
        }
        let end = online::run(self, established).await;
        self.emit(SessionEvent::Offline).await;
        end
    }

    /// Where the server sends us, if it is safe to go there. The certificate must be the domain's there too, and
    /// without TLS only loopback is gone to, so a false redirection leads nowhere.
    fn follow(&mut self, error: &SessionError) -> bool {
        let SessionError::Stream(error) = error else {
            return false;
        };
        let Some(endpoint) = error.other_host.as_deref().and_then(redirection) else {
            return false;
        };
        if self.redirects >= MAX_REDIRECTS {
            return false;
        }
        self.redirects = self.redirects.saturating_add(1);
        self.redirect = Some(endpoint);
        true
    }

    /// Waits before the next attempt. False: stopped.
    async fn wait(&mut self, error: &SessionError, lasted: Option<Duration>, started: Instant) -> bool {
        let wait = self.backoff.next(lasted, rand::random()).max(error.least_wait());
        tracing::info!(kind = ?error.reason().kind, wait_ms = wait.as_millis(), "waiting before the next attempt");
        let retry_in_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let state = ConnectionState::Waiting {
            reason: error.reason(),
            retry_in_ms,
        };
        if !self.emit(SessionEvent::State(state)).await {
            return false;
        }
        let mut until = after(wait);
        loop {
            tokio::select! {
                biased;
                () = self.stop.stopped() => return false,
                () = sleep_until(until) => return true,
                command = self.commands.recv() => match command {
                    Some(Command::Wake | Command::Probe) if !error.keeps_its_wait() => {
                        until = until.min(Instant::now().max(later(started, WAKE_WAIT)));
                    }
                    Some(command) => self.early_command(command).await,
                    None => return false,
                },
            }
        }
    }

    /// What is sent between two connections of one session leaves after its resumption, or not at all.
    async fn early_command(&mut self, command: Command) {
        match command {
            Command::Send { id, stanza } if id.session == self.id.session && self.resumption.is_some() => {
                self.enqueue(stanza).await;
            }
            Command::Handled { id } if id == self.id => self.inbound.handled(),
            Command::Send { .. } | Command::Handled { .. } | Command::Wake | Command::Probe => {}
        }
    }

    fn next_early_command(&mut self) -> Option<Element> {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Send { id, stanza }
                    if id.session == self.id.session && self.resumption.is_some() =>
                {
                    return Some(stanza);
                }
                Command::Handled { id } if id == self.id => self.inbound.handled(),
                Command::Send { .. } | Command::Handled { .. } | Command::Wake | Command::Probe => {}
            }
        }
        None
    }

    /// Puts a stanza on its way, unless it would end the stream: then its sender is answered at once.
    pub(super) async fn enqueue(&mut self, stanza: Element) {
        let condition = match xso::to_vec(&stanza) {
            Ok(bytes) if bytes.len() <= self.max_stanza => {
                self.outbound.push(stanza, bytes.len());
                return;
            }
            Ok(bytes) => {
                tracing::error!(
                    name = stanza.name(),
                    bytes = bytes.len(),
                    limit = self.max_stanza,
                    "stanza too large"
                );
                "policy-violation"
            }
            // For instance a control character, which no XML can carry.
            Err(_) => {
                tracing::error!(name = stanza.name(), "stanza cannot be written as XML");
                "bad-request"
            }
        };
        if let Some(stanza) = refusal(&stanza, condition) {
            self.emit(SessionEvent::Stanza {
                id: self.id,
                stanza,
                counted: false,
            })
            .await;
        }
    }

    /// False: nobody listens any more.
    pub(super) async fn emit(&mut self, event: SessionEvent) -> bool {
        tokio::select! {
            biased;
            sent = self.events.send(event) => sent.is_ok(),
            () = self.stop.stopped() => false,
        }
    }
}

/// Host and port of a redirection (RFC 6120 section 4.9.3.19).
fn redirection(text: &str) -> Option<Endpoint> {
    let (host, port) = match text.rsplit_once(':') {
        // An IPv6 address has colons of its own and stands in brackets.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse().ok()?),
        _ => (text, 5222),
    };
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let host = match address {
        Some(address) => address.parse::<IpAddr>().ok()?.to_string(),
        None => host.to_owned(),
    };
    (!host.is_empty() && port != 0).then_some(Endpoint {
        host,
        port,
        direct_tls: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirections_are_read() {
        let read = |text: &str| redirection(text).map(|endpoint| (endpoint.host, endpoint.port));
        assert_eq!(read("example.org:9222"), Some(("example.org".to_owned(), 9222)));
        assert_eq!(read("example.org"), Some(("example.org".to_owned(), 5222)));
        assert_eq!(
            read("[2001:41d0::1]:9222"),
            Some(("2001:41d0::1".to_owned(), 9222))
        );
        assert_eq!(read("[2001:41d0::1]"), Some(("2001:41d0::1".to_owned(), 5222)));
        for bad in ["", ":5222", "example.org:0", "example.org:port", "[nonsense]:1"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
