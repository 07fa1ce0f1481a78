// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Reading a client back from what was kept.

use replica::Replica;
use replica::visits::Visits;

use super::state::State;
use super::{Client, LoadError};
use crate::change::TABLES;
use crate::{Action, Config};

/// Makes a client of its records, which are lent one by one, in any order: a large library is never in memory twice.
#[derive(Default)]
pub struct Loader {
    replica: replica::Loader,
    of_device: Vec<(String, String, Vec<u8>)>,
    visits: Vec<(String, String, Vec<u8>)>,
    own: Vec<(String, String, Vec<u8>)>,
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader").finish_non_exhaustive()
    }
}

impl Loader {
    /// Takes one record of [`crate::tables`].
    ///
    /// # Errors
    /// When its table is unknown, or it holds a bookmark and is damaged or of a newer release.
    pub fn record(&mut self, table: &str, key: &str, value: &[u8]) -> Result<(), LoadError> {
        let owned = || (table.to_owned(), key.to_owned(), value.to_vec());
        if replica::TABLES.contains(&table) {
            self.replica.record(table, key, value)?;
        } else if omemo::TABLES.contains(&table) {
            self.of_device.push(owned());
        } else if replica::visits::TABLES.contains(&table) {
            self.visits.push(owned());
        } else if TABLES.contains(&table) {
            self.own.push(owned());
        } else {
            return Err(LoadError::Malformed {
                table: table.to_owned(),
                key: key.to_owned(),
                reason: "the table is unknown".to_owned(),
            });
        }
        Ok(())
    }

    /// The client that all the records make up; `None` when there were none.
    ///
    /// # Errors
    /// When a record is missing, damaged, of a newer release, or of another account.
    pub fn finish(self, config: Config) -> Result<Option<Client>, LoadError> {
        let device = omemo::Device::load(config.account.as_str(), self.of_device)?;
        let replica: Option<Replica> = self.replica.finish()?;
        let visits = Visits::load(self.visits)?;
        let state = State::load(self.own)?;
        match (device, replica, state) {
            (None, None, None) => Ok(None),
            (Some(device), Some(replica), Some(state)) => {
                let visits = visits.unwrap_or_else(|| Visits::new(device.id()));
                let mut client = Client::assemble(config, device, replica, visits, state);
                let unheard = client.state.inbox().values().cloned().map(Action::Notify);
                client.actions.extend(unheard.collect::<Vec<_>>());
                Ok(Some(client))
            }
            (None, ..) => Err(LoadError::Incomplete { part: "keys" }),
            (_, None, _) => Err(LoadError::Incomplete { part: "bookmarks" }),
            (.., None) => Err(LoadError::Incomplete { part: "client state" }),
        }
    }
}

impl Client {
    /// The client that the records of all [`crate::tables`] hold; `None` when they hold none. See [`Loader`].
    ///
    /// # Errors
    /// When a record is damaged, of a newer release, or of another account.
    pub fn load<T: AsRef<str>, K: AsRef<str>, V: AsRef<[u8]>>(
        config: Config,
        records: impl IntoIterator<Item = (T, K, V)>,
    ) -> Result<Option<Client>, LoadError> {
        let mut loader = Loader::default();
        for (table, key, value) in records {
            loader.record(table.as_ref(), key.as_ref(), value.as_ref())?;
        }
        loader.finish(config)
    }
}
