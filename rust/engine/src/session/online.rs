// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A session on an open stream: stanzas out and in, acknowledgements, signs of life.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::{Sink, Stream as _};
use minidom::Element;
use tokio::time::{Instant, sleep_until};
use tokio_xmpp::xmlstream::ReadError;
use xso::exports::rxml::xml_ncname;

use super::actor::{Actor, Established};
use super::connect::{NS_CLIENT, Stream, next_element, sort};
use super::element::Incoming;
use super::error::{SessionError, Step};
use super::limits::{CLOSE_TIMEOUT, RESUMPTION_TIMEOUT};
use super::management::NS_SM;
use super::negotiate::NS_STANZAS;
use super::{Command, SessionEvent};
use crate::time::after;

/// Namespace of pings (XEP-0199).
const NS_PING: &str = "urn:xmpp:ping";

/// How a session on an open stream ended.
pub(super) enum End {
    /// It was stopped.
    Stopped,
    /// It broke.
    Broke(SessionError),
}

/// What the stream is waited on for.
enum Ready {
    Command(Option<Command>),
    Read(Option<Result<Incoming, ReadError>>),
    WriteFailed(std::io::Error),
}

/// The connection's own state, which ends with it.
struct Connection {
    stream: Stream,
    /// Elements of the stream's own level, to be written before any stanza.
    nonzas: VecDeque<Element>,
    /// The server acknowledges stanzas.
    managed: bool,
    /// A sign of life was asked for and must come by then.
    answer_by: Option<Instant>,
    /// An acknowledgement was asked for and has not come.
    asked: bool,
    /// A resumed session must answer by then. Prosody up to 13 at least goes on parsing with what it had of a stanza
    /// that the old connection broke off in: it then takes all that follows for a part of that stanza, for good.
    proven_by: Option<Instant>,
}

/// Runs the session on `stream` until it ends.
pub(super) async fn run(actor: &mut Actor, established: Established) -> End {
    let Established {
        stream,
        early,
        resumed,
    } = established;
    let mut connection = Connection {
        stream,
        nonzas: VecDeque::new(),
        managed: actor.managed,
        answer_by: None,
        asked: false,
        proven_by: None,
    };
    if resumed {
        connection.ask(actor);
        connection.proven_by = Some(after(RESUMPTION_TIMEOUT));
    }
    for incoming in early {
        if !actor.deliver(incoming, false).await {
            return End::Stopped;
        }
    }
    let mut stop = actor.stop.clone();
    loop {
        connection.ask_for_acknowledgement(actor);
        let (answer_by, proven_by) = (connection.answer_by, connection.proven_by);
        let ready = tokio::select! {
            biased;
            () = stop.stopped() => Ready::Command(None),
            ready = std::future::poll_fn(|context| connection.poll(actor, context)) => ready,
            () = deadline(answer_by) => return End::Broke(SessionError::TimedOut { step: Step::KeepAlive }),
            () = deadline(proven_by) => return End::Broke(SessionError::ResumptionUnanswered),
        };
        match ready {
            Ready::Command(Some(command)) => connection.command(actor, command).await,
            Ready::Command(None) => {
                connection.close(actor).await;
                return End::Stopped;
            }
            Ready::Read(read) => match connection.read(actor, read).await {
                Ok(true) => {}
                Ok(false) => return End::Stopped,
                Err(error) => return End::Broke(error),
            },
            Ready::WriteFailed(error) => return End::Broke(connection.last_words(error.into()).await),
        }
    }
}

async fn deadline(by: Option<Instant>) {
    match by {
        Some(by) => sleep_until(by).await,
        None => std::future::pending().await,
    }
}

impl Connection {
    /// Writes all that may be written, takes commands, and reads.
    fn poll(&mut self, actor: &mut Actor, context: &mut Context<'_>) -> Poll<Ready> {
        if let Poll::Ready(Err(error)) = self.poll_write(actor, context) {
            return Poll::Ready(Ready::WriteFailed(error));
        }
        if let Poll::Ready(command) = actor.commands.poll_recv(context) {
            return Poll::Ready(Ready::Command(command));
        }
        Pin::new(&mut self.stream).poll_next(context).map(Ready::Read)
    }

    fn poll_write(&mut self, actor: &mut Actor, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        loop {
            let next = match self.nonzas.front() {
                Some(nonza) => nonza,
                None => match actor.outbound.next() {
                    Some(stanza) => stanza,
                    None => break,
                },
            };
            std::task::ready!(Sink::<&Element>::poll_ready(Pin::new(&mut self.stream), context))?;
            trace("sent", next);
            Sink::<&Element>::start_send(Pin::new(&mut self.stream), next)?;
            if self.nonzas.pop_front().is_none() {
                actor.outbound.written();
            }
            self.ask_for_acknowledgement(actor);
        }
        Sink::<&Element>::poll_flush(Pin::new(&mut self.stream), context)
    }

    async fn command(&mut self, actor: &mut Actor, command: Command) {
        // Taken together, so that they leave together.
        let mut next = Some(command);
        while let Some(command) = next {
            match command {
                Command::Send { id, stanza } if id.session == actor.id.session => actor.enqueue(stanza).await,
                Command::Send { .. } => tracing::debug!("dropped a stanza of an earlier session"),
                Command::Handled { id } if id == actor.id => actor.inbound.handled(),
                Command::Handled { .. } => {}
                Command::Wake => {}
                Command::Probe => self.ask_for_sign_of_life(actor),
            }
            next = actor.commands.try_recv().ok();
        }
        if self.managed
            && let Some(count) = actor.inbound.take_answer()
        {
            self.acknowledge(count);
        }
    }

    /// False: the session was stopped.
    async fn read(
        &mut self,
        actor: &mut Actor,
        read: Option<Result<Incoming, ReadError>>,
    ) -> Result<bool, SessionError> {
        let Some(read) = read else {
            return Err(SessionError::closed());
        };
        let Some(incoming) = sort(&self.stream, read)? else {
            self.ask_for_sign_of_life(actor);
            return Ok(true);
        };
        let head = incoming.head();
        trace("received", head);
        match (head.ns().as_str(), head.name()) {
            (NS_CLIENT, "message" | "presence" | "iq") => {
                self.extend_deadline(actor);
                if !self.managed && self.is_answer_to_ping(head) {
                    self.answer_by = None;
                    return Ok(true);
                }
                return Ok(actor.deliver(incoming, self.managed).await);
            }
            (NS_SM, "r") => {
                actor.inbound.asked();
                if let Some(count) = actor.inbound.take_answer() {
                    self.acknowledge(count);
                }
                self.extend_deadline(actor);
            }
            (NS_SM, "a") => {
                let count = head.attr("h").and_then(|count| count.parse().ok());
                let count = count.ok_or_else(|| protocol("an acknowledgement without a count".to_owned()))?;
                actor
                    .outbound
                    .acknowledge(count)
                    .map_err(|error| protocol(error.to_string()))?;
                self.answer_by = None;
                self.proven_by = None;
                self.asked = false;
            }
            (namespace, name) => {
                actor.ignored = actor.ignored.saturating_add(1);
                tracing::debug!(
                    namespace,
                    name,
                    ignored = actor.ignored,
                    "ignored an unknown element"
                );
            }
        }
        Ok(true)
    }

    /// Whatever is unacknowledged is asked about, one question at a time: so the window opens once in a round trip.
    fn ask_for_acknowledgement(&mut self, actor: &Actor) {
        let window_is_over = self.nonzas.is_empty() && actor.outbound.next().is_none();
        if self.managed && !self.asked && actor.outbound.is_unacknowledged() && window_is_over {
            self.ask(actor);
        }
    }

    /// After silence, or when the clock jumped.
    fn ask_for_sign_of_life(&mut self, actor: &Actor) {
        if self.answer_by.is_some() {
            return;
        }
        if self.managed {
            self.ask(actor);
        } else {
            let ping = Element::builder("iq", NS_CLIENT)
                .attr(xml_ncname!("type").into(), "get")
                .attr(xml_ncname!("id").into(), PING_ID)
                .attr(xml_ncname!("to").into(), actor.settings.account.domain().as_str())
                .append(Element::bare("ping", NS_PING))
                .build();
            self.nonzas.push_back(ping);
            self.answer_by = Some(after(actor.settings.timing.answer));
        }
    }

    fn ask(&mut self, actor: &Actor) {
        self.nonzas.push_back(Element::bare("r", NS_SM));
        self.asked = true;
        self.answer_by = Some(after(actor.settings.timing.answer));
    }

    /// Whatever comes shows that the server lives; the answer is only queued behind it.
    fn extend_deadline(&mut self, actor: &Actor) {
        if self.answer_by.is_some() {
            self.answer_by = Some(after(actor.settings.timing.answer));
        }
    }

    fn is_answer_to_ping(&self, stanza: &Element) -> bool {
        // Any answer will do, an error too: it shows that the server lives.
        stanza.name() == "iq"
            && stanza.attr("id") == Some(PING_ID)
            && matches!(stanza.attr("type"), Some("result" | "error"))
    }

    fn acknowledge(&mut self, count: u32) {
        let answer = Element::builder("a", NS_SM)
            .attr(xml_ncname!("h").into(), count.to_string())
            .build();
        self.nonzas.push_back(answer);
    }

    /// A server that ends the stream says why before it closes the connection. When writing fails first, that may
    /// still be unread.
    async fn last_words(&mut self, error: SessionError) -> SessionError {
        let read = async {
            loop {
                match next_element(&mut self.stream).await {
                    Ok(_unhandled) => {}
                    Err(SessionError::Stream(error)) => return Some(SessionError::Stream(error)),
                    Err(_) => return None,
                }
            }
        };
        tokio::time::timeout(CLOSE_TIMEOUT, read)
            .await
            .ok()
            .flatten()
            .unwrap_or(error)
    }

    /// Ends the stream politely, so that the server does not keep the session: within a time that nobody notices.
    async fn close(&mut self, actor: &mut Actor) {
        let close = async {
            while let Ok(command) = actor.commands.try_recv() {
                self.command(actor, command).await;
            }
            if self.managed {
                self.acknowledge(actor.inbound.count());
            }
            std::future::poll_fn(|context| self.poll_write(actor, context)).await?;
            self.stream.shutdown().await
        };
        let _in_vain = tokio::time::timeout(CLOSE_TIMEOUT, close).await;
    }
}

/// The id of pings; a stanza of the client's never has it.
const PING_ID: &str = "xmppsync-session-ping";

/// What a sender is told whose stanza cannot be sent: the answer that a server would give.
pub(super) fn refusal(stanza: &Element, condition: &str) -> Option<Element> {
    let kind = stanza.attr("type").unwrap_or_default();
    if matches!(kind, "error" | "result") || !matches!(stanza.name(), "iq" | "message" | "presence") {
        return None;
    }
    let condition = xso::exports::rxml::NcName::try_from(condition.to_owned()).ok()?;
    let error = Element::builder("error", NS_CLIENT)
        .attr(xml_ncname!("type").into(), "modify")
        .append(Element::bare(condition, NS_STANZAS))
        .build();
    let name = xso::exports::rxml::NcName::try_from(stanza.name().to_owned()).ok()?;
    Some(
        Element::builder(name, NS_CLIENT)
            .attr(xml_ncname!("type").into(), "error")
            .attr(xml_ncname!("id").into(), stanza.attr("id"))
            .attr(xml_ncname!("from").into(), stanza.attr("to"))
            .append(error)
            .build(),
    )
}

/// What goes over the stream, by its outermost names alone: never any content.
fn trace(what: &'static str, element: &Element) {
    tracing::trace!(
        name = element.name(),
        r#type = element.attr("type"),
        id = element.attr("id"),
        from = element.attr("from"),
        to = element.attr("to"),
        holds = element.children().next().map(Element::ns),
        "{what}"
    );
}

fn protocol(detail: String) -> SessionError {
    SessionError::Protocol { detail }
}

impl Actor {
    /// Hands what came to the session's owner. False: there is no owner any more, or the session was stopped.
    async fn deliver(&mut self, incoming: Incoming, counted: bool) -> bool {
        if counted {
            self.inbound.read();
        }
        match incoming {
            Incoming::Whole(stanza) => {
                let event = SessionEvent::Stanza {
                    id: self.id,
                    stanza,
                    counted,
                };
                self.emit(event).await
            }
            Incoming::Refused(head, refusal) => {
                self.ignored = self.ignored.saturating_add(1);
                tracing::warn!(
                    name = head.name(),
                    ?refusal,
                    ignored = self.ignored,
                    "refused a stanza"
                );
                // It is dealt with; only the count remains.
                if counted {
                    self.inbound.handled();
                }
                true
            }
        }
    }
}
