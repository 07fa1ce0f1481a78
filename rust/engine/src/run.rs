// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The task that owns the client: gives it what comes, with the time and randomness, and passes on what it wants.

use std::time::{Duration, SystemTime};

use client::{Action, Client, Limits, Loader};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use crate::effects::Effect;
use crate::engine::{Input, internal, session_settings};
use crate::http::{Http, HttpError};
use crate::reason::Reason;
use crate::session::{Sender, Session, SessionEvent, SessionId};
use crate::state::StateError;
use crate::time::{after, later, now};
use crate::{Config, Event};

/// Longest sleep: the clock is looked at this often, to notice that the computer slept.
const TICK: Duration = Duration::from_secs(60);
/// Least time between two calls of `handle_timeout`: a client that is always due must not burn the processor.
const TIMEOUT_PAUSE: Duration = Duration::from_millis(20);
/// How long a stop waits for the server to take the last edits. Where it does not, they go out after the next start.
const LINGER: Duration = Duration::from_millis(600);
/// The wall clock going on this much longer than the monotonic one means that the computer slept.
const SLEPT: Duration = Duration::from_secs(10);

/// Runs the client until it is stopped.
///
/// # Errors
/// What ended it for good.
pub(crate) async fn main(
    config: Config,
    records: std::sync::mpsc::Receiver<Result<Loader, StateError>>,
    mut inputs: mpsc::UnboundedReceiver<Input>,
    mut stop: watch::Receiver<bool>,
    effects: mpsc::Sender<Effect>,
) -> Result<(), Reason> {
    // Nothing else runs on this runtime yet, so waiting for the disk here keeps nobody.
    let records = records.recv().map_err(|_| internal("the state was not read"))?;
    let records = records.map_err(|error| Reason::from(&error))?;
    let client = records
        .finish(config.client.clone())
        .map_err(|error| Reason::from(&StateError::from(error)))?;
    let client = client.unwrap_or_else(|| Client::create(config.client.clone(), now(), &mut rand::rng()));
    let settings = session_settings(&config);
    let http = Http::new(settings.security.clone(), settings.name_server);
    let (transfers, mut transfer_receiver) = mpsc::unbounded_channel();
    // How many bytes of them have moved.
    let (told, mut tellings) = mpsc::unbounded_channel();
    // Dropped with this task, which ends all that are in it.
    let mut moving = JoinSet::new();
    let (session, mut events) = Session::start(settings);
    let mut task = Task {
        client,
        effects,
        sender: session.sender(),
        id: SessionId::default(),
        last_timeout: Instant::now(),
    };
    let mut clock = Clock::new();

    let outcome = async {
        let session = session.sender();
        task.effect(Effect::Outlets { session, transfers }).await?;
        task.pass_on().await?;
        loop {
            let due = task.due().min(after(TICK));
            tokio::select! {
                biased;
                // An error means that the engine's handle is gone.
                _ = stop.wait_for(|stop| *stop) => {
                    // What was given before the stop was given in earnest: a host's last word on its bookmarks, say.
                    while let Ok(input) = inputs.try_recv() {
                        task.input(input).await?;
                    }
                    let _ends_anyway = timeout(LINGER, task.leave(&mut events)).await;
                    return Ok(());
                }
                event = events.recv() => match event {
                    Some(event) => task.session_event(event).await?,
                    None => return Err(End::Failed(internal("the connection's task ended"))),
                },
                Some(transfer) = transfer_receiver.recv() => {
                    let http = http.clone();
                    let (number, told) = (transfer.number, told.clone());
                    let tell = move |bytes| {
                        // Nobody hears it where all of this ends.
                        let _ends = told.send((number, bytes));
                    };
                    moving.spawn(async move { http.carry_out(transfer, tell).await });
                }
                Some((number, bytes)) = tellings.recv() => {
                    task.client.handle_transferring(number, bytes, now());
                    task.pass_on().await?;
                }
                Some(moved) = moving.join_next() => {
                    let Ok((number, outcome)) = moved else {
                        return Err(End::Failed(internal("moving a file panicked")));
                    };
                    task.transferred(number, outcome).await?;
                }
                input = inputs.recv() => match input {
                    Some(input) => task.input(input).await?,
                    None => return Ok(()),
                },
                () = sleep_until(due) => {
                    if clock.slept() {
                        task.sender.probe();
                    }
                    task.timeout().await?;
                }
            }
        }
    }
    .await;
    let intact = session.stop().await;
    match outcome {
        Ok(()) | Err(End::EffectsClosed) if intact => Ok(()),
        Ok(()) | Err(End::EffectsClosed) => Err(internal("the connection's task panicked")),
        Err(End::Failed(reason)) => Err(reason),
    }
}

/// Why the task ends by itself.
enum End {
    /// Saving failed; the other thread has told why.
    EffectsClosed,
    Failed(Reason),
}

struct Task {
    client: Client,
    effects: mpsc::Sender<Effect>,
    sender: Sender,
    /// The session that stanzas are sent in.
    id: SessionId,
    last_timeout: Instant,
}

impl Task {
    async fn session_event(&mut self, event: SessionEvent) -> Result<(), End> {
        match event {
            SessionEvent::PasswordKept { problem } => {
                self.effect(Effect::Tell(Event::PasswordKept { problem })).await
            }
            SessionEvent::State(state) => self.effect(Effect::Tell(Event::Connection(state))).await,
            SessionEvent::Online {
                id,
                bound,
                resumed,
                max_stanza,
            } => {
                self.id = id;
                let limits = Limits { max_stanza };
                self.client
                    .handle_online(bound, resumed, limits, now(), &mut rand::rng());
                self.pass_on().await
            }
            SessionEvent::Offline => {
                self.client.handle_offline(now());
                self.pass_on().await
            }
            SessionEvent::Stanza { id, stanza, counted } => {
                self.client.handle_stanza(stanza, now(), &mut rand::rng());
                self.pass_on().await?;
                if counted {
                    self.effect(Effect::Handled { id }).await?;
                }
                Ok(())
            }
        }
    }

    async fn transferred(&mut self, number: u64, outcome: Result<Vec<u8>, HttpError>) -> Result<(), End> {
        let outcome = outcome.map_err(|error| error.to_string());
        self.client
            .handle_transferred(number, outcome, now(), &mut rand::rng());
        self.pass_on().await
    }

    async fn input(&mut self, input: Input) -> Result<(), End> {
        match input {
            Input::Host(input) => self.client.handle_host(input, now(), &mut rand::rng()),
            Input::Command(command) => self.client.handle_command(command, now(), &mut rand::rng()),
            Input::Inspect(look) => {
                look(&self.client);
                return Ok(());
            }
        }
        // Somebody is at work here: a good moment to try the server again.
        self.sender.wake();
        self.pass_on().await
    }

    /// Publishes what is left, while there is a server that takes it.
    async fn leave(&mut self, events: &mut mpsc::Receiver<SessionEvent>) -> Result<(), End> {
        self.client.handle_leaving(now(), &mut rand::rng());
        self.pass_on().await?;
        while !self.client.edits_are_out() {
            let due = self.due();
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.session_event(event).await?,
                    None => return Ok(()),
                },
                () = sleep_until(due) => self.timeout().await?,
            }
        }
        Ok(())
    }

    async fn timeout(&mut self) -> Result<(), End> {
        self.last_timeout = Instant::now();
        self.client.handle_timeout(now(), &mut rand::rng());
        self.pass_on().await
    }

    /// When the client wants to be called.
    fn due(&self) -> Instant {
        let Some(due) = self.client.poll_timeout() else {
            return after(TICK);
        };
        let wait = Duration::from_millis(due.saturating_sub(now())).min(TICK);
        after(wait).max(later(self.last_timeout, TIMEOUT_PAUSE))
    }

    /// Passes on what the client wants.
    async fn pass_on(&mut self) -> Result<(), End> {
        while let Some(action) = self.client.poll_action() {
            let effect = match action {
                Action::Persist(changes) => Effect::Persist(changes),
                Action::Send(stanza) => Effect::Send { id: self.id, stanza },
                Action::Transfer(transfer) => Effect::Transfer(transfer),
                Action::Notify(event) => Effect::Tell(Event::Client(event)),
            };
            self.effect(effect).await?;
        }
        Ok(())
    }

    async fn effect(&mut self, effect: Effect) -> Result<(), End> {
        self.effects
            .send(effect)
            .await
            .map_err(|_closed| End::EffectsClosed)
    }
}

/// Notices that the computer slept: the monotonic clock stands still meanwhile.
struct Clock {
    wall: SystemTime,
    monotonic: Instant,
}

impl Clock {
    fn new() -> Clock {
        Clock {
            wall: SystemTime::now(),
            monotonic: Instant::now(),
        }
    }

    fn slept(&mut self) -> bool {
        let last = std::mem::replace(self, Clock::new());
        let wall = self.wall.duration_since(last.wall).unwrap_or_default();
        let monotonic = self.monotonic.saturating_duration_since(last.monotonic);
        wall > monotonic.saturating_add(SLEPT)
    }
}
