// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The engine's face: start, input, stop.
//!
//! Two threads. The first owns the client, the session and a tokio runtime: it takes what comes, asks the client, and
//! hands what the client wants to the second. That one owns the disk: it saves, and only then sends and tells. So the
//! client never waits for a disk, and nothing leaves that is not saved.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use client::Client;
use tokio::sync::{mpsc, watch};

use crate::effects::{self, Effect, Listener};
use crate::reason::{Reason, ReasonKind};
use crate::session::{Security, Settings, Timing, Trust};
use crate::store::{Access, OpenError, Store};
use crate::{Config, ConnectionState, Event, run};

/// How long dropping an engine may take.
const DROP_LIMIT: Duration = Duration::from_secs(2);
/// Time for what still computes (a certificate store being read, a password being hashed) when the runtime ends.
const RUNTIME_LIMIT: Duration = Duration::from_secs(1);
/// Effects that wait for the disk before the client waits too.
const EFFECT_QUEUE: usize = 1024;

/// Why an engine could not be started. Nothing runs then.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings contradict each other.
    #[error("{0}")]
    Settings(String),
    /// The state folder cannot be used.
    #[error(transparent)]
    State(#[from] OpenError),
    /// The system gives no thread.
    #[error("cannot start a thread: {0}")]
    Thread(#[source] std::io::Error),
}

impl From<&StartError> for Reason {
    fn from(error: &StartError) -> Reason {
        match error {
            StartError::Settings(text) => Reason {
                kind: ReasonKind::Settings,
                text: text.clone(),
                cause: text.clone(),
            },
            StartError::State(error) => error.into(),
            StartError::Thread(error) => internal(&error.to_string()),
        }
    }
}

/// The engine has stopped, or failed for good: it takes nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the engine has stopped")]
pub struct Stopped;

/// What goes into the engine's task.
pub(crate) enum Input {
    Host(client::HostInput),
    Command(client::Command),
    Inspect(Box<dyn FnOnce(&Client) + Send>),
}

/// A running client of one account. Dropping it stops it.
pub struct Engine {
    inputs: mpsc::UnboundedSender<Input>,
    stop: watch::Sender<bool>,
    end: Arc<End>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Starts a client: takes the state folder, makes keys where there are none, connects, and stays connected.
    ///
    /// `on_event` is called on a thread of the engine's, one event after the other. It must return soon: nothing is
    /// saved or sent meanwhile. It may call [`Engine::host`] and [`Engine::command`]. A panic in it is caught.
    ///
    /// # Errors
    /// See [`StartError`]. What goes wrong later, a damaged state among it, is told as
    /// [`ConnectionState::Failed`].
    pub fn start(
        config: Config,
        on_event: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Engine, StartError> {
        check(&config)?;
        // What the disk may keep waiting comes later, on a thread of the engine's.
        let store = Store::reserve(&config.state_dir, &client::tables(), Access::Write)?;
        let (inputs, input_receiver) = mpsc::unbounded_channel();
        let (stop, stop_receiver) = watch::channel(false);
        let (effects, effect_receiver) = mpsc::channel(EFFECT_QUEUE);
        let end = Arc::new(End::default());
        let listener = Listener::new(on_event);

        let effects_end = Arc::clone(&end);
        let effects_listener = listener.clone();
        let (loaded, records) = std::sync::mpsc::sync_channel(1);
        let saving = thread("xmppsync-state", move || {
            effects_end.entered();
            effects::run(store, &loaded, effect_receiver, &effects_listener);
        })?;
        let running_end = Arc::clone(&end);
        let spawned = thread("xmppsync-engine", move || {
            running_end.entered();
            let failure = supervise(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                let runtime = runtime.map_err(|error| internal(&error.to_string()))?;
                let main = run::main(config, records, input_receiver, stop_receiver, effects.clone());
                let result = runtime.block_on(main);
                runtime.shutdown_timeout(RUNTIME_LIMIT);
                result
            });
            let state = failure.map_or(ConnectionState::Offline, |reason| ConnectionState::Failed {
                reason,
            });
            // Closed where the disk failed: then that has been told.
            let _closed = effects.blocking_send(Effect::Tell(Event::Connection(state)));
            drop(effects);
            if saving.join().is_err() {
                listener.tell(Event::Connection(ConnectionState::Failed {
                    reason: internal("saving panicked"),
                }));
            }
            running_end.ended();
        });
        // Without its partner the first thread ends by itself: its channel is closed.
        spawned?;
        Ok(Engine { inputs, stop, end })
    }

    /// Tells the client what the host's bookmarks did. Never blocks.
    ///
    /// # Errors
    /// The engine has stopped.
    pub fn host(&self, input: client::HostInput) -> Result<(), Stopped> {
        self.inputs.send(Input::Host(input)).map_err(|_| Stopped)
    }

    /// Gives the client a command. Never blocks; its outcome comes as an event.
    ///
    /// # Errors
    /// The engine has stopped.
    pub fn command(&self, command: client::Command) -> Result<(), Stopped> {
        self.inputs.send(Input::Command(command)).map_err(|_| Stopped)
    }

    /// Lets `look` see the client as it is, on the engine's thread, after all that was given before. Never blocks.
    ///
    /// # Errors
    /// The engine has stopped.
    pub fn inspect(&self, look: impl FnOnce(&Client) + Send + 'static) -> Result<(), Stopped> {
        self.inputs
            .send(Input::Inspect(Box::new(look)))
            .map_err(|_| Stopped)
    }

    /// Stops the engine: what was given is worked off and saved, the stream is ended, the threads are joined and the state folder is
    /// free again. Always returns within `limit`; true if all of that was done. From within `on_event` it returns at
    /// once, false, and the rest follows.
    pub fn stop(&self, limit: Duration) -> bool {
        self.stop.send_replace(true);
        self.end.wait(limit)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop(DROP_LIMIT);
    }
}

/// The settings of the session for this configuration.
pub(crate) fn session_settings(config: &Config) -> Settings {
    let trust = match (&config.pin_sha256, &config.ca_file) {
        (Some(fingerprint), _) => Trust::Pinned(*fingerprint),
        (None, Some(path)) => Trust::File(path.clone()),
        (None, None) => Trust::System,
    };
    Settings {
        account: config.account.clone(),
        credentials: config.credentials.clone(),
        // The same one for this run: a new session displaces its own dead one. Another one for each run, so that the two
        // that go on from a copied profile meet as devices, not as a conflict.
        resource: format!("xmppsync.{:016x}", rand::random::<u64>()),
        connect: config.connect.clone(),
        name_server: None,
        direct_tls: config.direct_tls,
        security: if config.allow_plain_tcp_on_loopback {
            Security::PlaintextOnLoopback
        } else {
            Security::Tls(trust)
        },
        allow_sasl_plain: config.allow_sasl_plain,
        timing: Timing::default(),
    }
}

/// A fault of ours, as a reason.
pub(crate) fn internal(detail: &str) -> Reason {
    let text = format!("A fault in XmppSync itself: {detail}. Nothing was lost; please report it.");
    Reason {
        kind: ReasonKind::Internal,
        text,
        cause: detail.to_owned(),
    }
}

fn check(config: &Config) -> Result<(), StartError> {
    let settings = |text: &str| Err(StartError::Settings(text.to_owned()));
    if config.account.node().is_none() {
        return settings("the address has no part before the @");
    }
    if config.client.account != config.account {
        return settings("the client is set up for another account");
    }
    if config.allow_plain_tcp_on_loopback && config.connect.is_none() {
        return settings(
            "a connection without encryption needs an explicit host, and that must be this computer",
        );
    }
    Ok(())
}

fn thread(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> Result<std::thread::JoinHandle<()>, StartError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(StartError::Thread)
}

/// Runs `body`; a panic in it becomes a reason.
fn supervise(body: impl FnOnce() -> Result<(), Reason>) -> Option<Reason> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => None,
        Ok(Err(reason)) => Some(reason),
        // The panic's own words may hold anything; the panic hook has shown them to whoever may see them.
        Err(_panic) => Some(internal("a task panicked")),
    }
}

/// Tells waiters when the threads have ended.
#[derive(Default)]
struct End {
    // A lock, because the waiters are ordinary threads that must be able to give up; held for no longer than a look.
    state: Mutex<EndState>,
    changed: Condvar,
}

#[derive(Default)]
struct EndState {
    ended: bool,
    threads: Vec<ThreadId>,
}

impl End {
    /// The current thread is one of the engine's.
    fn entered(&self) {
        self.lock().threads.push(std::thread::current().id());
    }

    fn ended(&self) {
        self.lock().ended = true;
        self.changed.notify_all();
    }

    fn wait(&self, limit: Duration) -> bool {
        let deadline = Instant::now().checked_add(limit);
        let mut state = self.lock();
        // One of the engine's own threads would wait for itself.
        if state.threads.contains(&std::thread::current().id()) {
            return state.ended;
        }
        while !state.ended {
            let left = deadline.map_or(limit, |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            if left.is_zero() {
                return false;
            }
            state = self
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, EndState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
