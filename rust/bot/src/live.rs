// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A running engine whose events are awaited one by one, and what answers a command.

use std::time::Duration;

use engine::client::{self, Client, Command};
use engine::{Config, ConnectionState, Engine, Event};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::failure::{Code, Failure};
use crate::words;

/// How long stopping may take.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// How long to wait before looking again whether the server has answered.
const SETTLE_STEP: Duration = Duration::from_millis(100);

/// A running engine.
#[derive(Debug)]
pub(crate) struct Live {
    engine: Engine,
    events: mpsc::UnboundedReceiver<Event>,
    /// The connection as it was last told.
    connection: ConnectionState,
}

impl Live {
    /// Starts the engine: takes the state folder and connects.
    pub(crate) fn start(config: Config) -> Result<Live, Failure> {
        let (sender, events) = mpsc::unbounded_channel();
        let engine = Engine::start(config, move |event| {
            // Closed only while this process ends.
            let _ending = sender.send(event);
        })?;
        Ok(Live {
            engine,
            events,
            connection: ConnectionState::Offline,
        })
    }

    /// The next event. Cancelling it loses nothing.
    ///
    /// # Errors
    /// When the connection has failed for good, or the engine has ended.
    pub(crate) async fn next(&mut self) -> Result<Event, Failure> {
        let Some(event) = self.events.recv().await else {
            return Err(Failure::new(Code::Failure, "the engine has ended by itself"));
        };
        if let Event::Connection(connection) = &event {
            self.connection = connection.clone();
            if let ConnectionState::Failed { reason } = connection {
                return Err(reason.into());
            }
        }
        Ok(event)
    }

    pub(crate) fn connection(&self) -> &ConnectionState {
        &self.connection
    }

    pub(crate) fn command(&self, command: Command) -> Result<(), Failure> {
        Ok(self.engine.command(command)?)
    }

    /// Gives `look` the client as it is now, on the engine's thread.
    pub(crate) fn inspect(&self, look: impl FnOnce(&Client) + Send + 'static) -> Result<(), Failure> {
        Ok(self.engine.inspect(look)?)
    }

    /// How the client's synchronisation goes now.
    pub(crate) async fn status(&self) -> Result<client::Status, Failure> {
        let (sender, receiver) = oneshot::channel();
        self.inspect(move |client| drop(sender.send(client.status())))?;
        receiver.await.map_err(|_| Failure::from(engine::Stopped))
    }

    /// Waits until the server has answered all that it was asked; `what` says for the failure what was waited for.
    pub(crate) async fn settle(&mut self, deadline: Instant, what: &str) -> Result<(), Failure> {
        loop {
            let (sender, receiver) = oneshot::channel();
            self.inspect(move |client| {
                let _gone = sender.send(client.is_settled());
            })?;
            if receiver.await.map_err(|_| Failure::from(engine::Stopped))? {
                return Ok(());
            }
            // Answers of the server are no events.
            let look_again = Instant::now().checked_add(SETTLE_STEP).unwrap_or(deadline);
            match self
                .wait(look_again.min(deadline), what, |_| None::<Result<(), Failure>>)
                .await
            {
                Err(failure) if failure.code != Code::Unreachable || deadline <= Instant::now() => {
                    return Err(failure);
                }
                _ => {}
            }
        }
    }

    /// Waits for the event that `found` takes, until `deadline`; `what` says for the failure what was waited for.
    pub(crate) async fn wait<T>(
        &mut self,
        deadline: Instant,
        what: &str,
        mut found: impl FnMut(&client::Event) -> Option<Result<T, Failure>>,
    ) -> Result<T, Failure> {
        loop {
            match timeout_at(deadline, self.next()).await {
                Ok(Ok(Event::Client(event))) => {
                    if let Some(result) = found(&event) {
                        return result;
                    }
                }
                Ok(Ok(Event::Connection(_) | Event::PasswordKept { .. })) => {}
                Ok(Err(failure)) => return Err(failure),
                Err(_elapsed) => {
                    let connection = words::connection(&self.connection);
                    return Err(Failure::new(
                        Code::Unreachable,
                        format!("{what} in time (--timeout). {connection}"),
                    ));
                }
            }
        }
    }

    /// Stops the engine; what is decided is saved.
    pub(crate) fn stop(self) {
        if !self.engine.stop(STOP_LIMIT) {
            tracing::warn!("the engine did not stop in time");
        }
    }
}

/// Whether `event` answers `command`, and how.
pub(crate) fn outcome(command: &Command, event: &client::Event) -> Option<Result<(), Failure>> {
    use client::Event::{
        CommandFailed, Devices, HeldAnswered, History, HistoryDiff, Imported, Joined, Left, Restored,
        SendFailed, Sent, SentTabs, Tabs, UriTaken, Verification, Visits, VisitsCleared,
    };
    let failed = |reason: &String| Some(Err(Failure::new(Code::Failure, reason)));
    match (command, event) {
        (Command::SendChat { id, .. }, Sent { id: of }) if id == of => Some(Ok(())),
        (Command::SendChat { id, .. }, SendFailed { id: of, reason }) if id == of => failed(reason),
        (Command::Import { id, .. }, Imported { id: of, .. }) if id == of => Some(Ok(())),
        (Command::AnswerHeld { id, .. }, HeldAnswered { id: of, .. })
        | (Command::History { id }, History { id: of, .. })
        | (Command::HistoryDiff { id, .. }, HistoryDiff { id: of, .. })
        | (Command::Restore { id, .. }, Restored { id: of, .. })
        | (Command::Join { id, .. }, Joined { id: of, .. })
        | (Command::Leave { id }, Left { id: of })
        | (Command::Tabs { id }, Tabs { id: of, .. })
        | (Command::Visits { id, .. }, Visits { id: of, .. })
        | (Command::ClearVisits { id }, VisitsCleared { id: of })
        | (Command::SendTabs { id, .. } | Command::SentTabs { id }, SentTabs { id: of, .. })
            if id == of =>
        {
            Some(Ok(()))
        }
        (
            Command::SendChat { id, .. }
            | Command::Import { id, .. }
            | Command::AnswerHeld { id, .. }
            | Command::Join { id, .. }
            | Command::Leave { id }
            | Command::History { id }
            | Command::HistoryDiff { id, .. }
            | Command::Restore { id, .. }
            | Command::SendTabs { id, .. },
            CommandFailed { id: of, reason, .. },
        ) if id == of => failed(reason),
        (
            Command::SetTrust {
                jid,
                fingerprint,
                trust,
            },
            Devices { devices },
        ) => devices
            .iter()
            .any(|device| {
                device.jid == jid.as_str()
                    && device.fingerprint.as_ref() == Some(fingerprint)
                    && device.trust == *trust
            })
            .then_some(Ok(())),
        (Command::RemoveDevice { jid, device }, Devices { devices }) => (!devices
            .iter()
            .any(|known| known.jid == jid.as_str() && known.id == *device))
        .then_some(Ok(())),
        (Command::RemoveDevice { .. }, CommandFailed { id, reason, .. }) if id == "remove_device" => {
            failed(reason)
        }
        // Another session may be there again by the time that this is told.
        (Command::ResetSession { .. }, Devices { .. }) => Some(Ok(())),
        (Command::ResetSession { .. }, CommandFailed { id, reason, .. }) if id == "reset_session" => {
            failed(reason)
        }
        (Command::TrustUri { uri }, UriTaken { uri: of, .. }) if uri == of => Some(Ok(())),
        (Command::TrustUri { .. }, CommandFailed { id, reason, .. }) if id == "trust_uri" => failed(reason),
        (
            Command::Verify { device }
            | Command::ConfirmEmoji { device, .. }
            | Command::CancelVerification { device },
            Verification { device: of, .. },
        ) if device == of => Some(Ok(())),
        (
            Command::Verify { .. } | Command::ConfirmEmoji { .. } | Command::CancelVerification { .. },
            CommandFailed { id, reason, .. },
        ) if id == "verify" => failed(reason),
        (Command::SetTrust { .. }, CommandFailed { id, reason, .. }) if id == "set_trust" => failed(reason),
        _ => None,
    }
}
