// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A device's state without a network: to be looked at beside a running engine, or changed where none runs.

use std::path::Path;

use client::{Action, Client, Loader};

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
