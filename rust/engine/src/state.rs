// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A device's state without a network: to be looked at beside a running engine, or changed where none runs.

use std::path::Path;

use client::{Action, Client, Loader};

use crate::reason::{Reason, ReasonKind};
use crate::store::{Access, OpenError, ReadError, Store, WriteError};
use crate::time::now;

/// Why a state could not be opened. Nothing on disk has been changed.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The folder or its database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The rows cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The rows make no client.
    #[error(transparent)]
    Load(#[from] client::LoadError),
    /// Nobody has signed in with this folder yet.
    #[error("there is no device in this state folder yet: sign in first")]
    Empty,
}

impl From<&OpenError> for Reason {
    fn from(error: &OpenError) -> Reason {
        let (kind, cause) = match error {
            OpenError::Folder { path, source } => {
                (ReasonKind::StateFolder, format!("{}: {source}", path.display()))
            }
            OpenError::Locked { path } => (ReasonKind::StateInUse, path.display().to_string()),
            OpenError::Missing { path } => (ReasonKind::StateMissing, path.display().to_string()),
            OpenError::Newer { path, .. } => (ReasonKind::StateNewer, path.display().to_string()),
            OpenError::Foreign { path } => (ReasonKind::StateForeign, path.display().to_string()),
            OpenError::Damaged { path, detail } => {
                (ReasonKind::StateDamaged, format!("{}: {detail}", path.display()))
            }
            OpenError::Sqlite { path, source } => {
                (ReasonKind::StateFailed, format!("{}: {source}", path.display()))
            }
        };
        let text = error.to_string();
        Reason { kind, text, cause }
    }
}

impl From<&WriteError> for Reason {
    fn from(error: &WriteError) -> Reason {
        Reason {
            kind: ReasonKind::StateFailed,
            text: error.to_string(),
            cause: match error {
                WriteError::UnknownTable { .. } => error.to_string(),
                WriteError::Sqlite { path, source } => format!("{}: {source}", path.display()),
            },
        }
    }
}

impl From<&StateError> for Reason {
    fn from(error: &StateError) -> Reason {
        let (kind, cause) = match error {
            StateError::Open(error) => return error.into(),
            StateError::Read(ReadError::Damaged { path, detail }) => {
                (ReasonKind::StateDamaged, format!("{}: {detail}", path.display()))
            }
            StateError::Read(ReadError::Sqlite { path, source }) => {
                (ReasonKind::StateFailed, format!("{}: {source}", path.display()))
            }
            StateError::Load(error) if error.is_newer() => (ReasonKind::StateNewer, String::new()),
            StateError::Load(error) => (ReasonKind::StateDamaged, error.to_string()),
            StateError::Empty => (ReasonKind::StateMissing, String::new()),
        };
        let text = error.to_string();
        Reason { kind, text, cause }
    }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The state was opened for reading.
    #[error("the state was opened for reading alone")]
    ReadOnly,
    /// It could not be saved; it is not done.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A device's state.
pub struct State {
    client: Client,
    store: Store,
    access: Access,
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("State")
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

/// Opens the state in `folder` without a network.
///
/// With [`Access::Read`] an engine may run on it at the same time; what is seen is what was last saved. With
/// [`Access::Write`] it must not.
///
/// # Errors
/// See [`StateError`].
pub fn open_state(folder: &Path, config: client::Config, access: Access) -> Result<State, StateError> {
    let store = Store::open(folder, &client::tables(), access)?;
    let client = read_client(&store)?.finish(config)?.ok_or(StateError::Empty)?;
    Ok(State {
        client,
        store,
        access,
    })
}

/// All that the store holds, in the client's hands.
pub(crate) fn read_client(store: &Store) -> Result<Loader, StateError> {
    let mut loader = Loader::default();
    store.read(|table, key, value| Ok::<_, StateError>(loader.record(table, key, value)?))?;
    Ok(loader)
}

impl State {
    /// The client, for its getters.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Carries a command out and saves what it changes. What it would send leaves when an engine next runs. Returns
    /// the events that it led to.
    ///
    /// # Errors
    /// See [`CommandError`]. After a failure to save, this state is to be dropped: it is ahead of the disk.
    pub fn command(&mut self, command: client::Command) -> Result<Vec<client::Event>, CommandError> {
        if self.access == Access::Read {
            return Err(CommandError::ReadOnly);
        }
        self.client.handle_command(command, now(), &mut rand::rng());
        let mut changes = Vec::new();
        let mut events = Vec::new();
        while let Some(action) = self.client.poll_action() {
            match action {
                Action::Persist(more) => changes.extend(more),
                // Offline, a client sends nothing: what is to leave is in its outbox, which is saved.
                Action::Send(_) | Action::Transfer(_) => {}
                Action::Notify(event) => events.push(event),
            }
        }
        let rows = changes
            .iter()
            .map(|change| (change.table, change.key.as_str(), change.value.as_deref()));
        self.store.write(rows)?;
        Ok(events)
    }
}
