// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The client's face: input in, actions out.

use std::collections::VecDeque;

use jid::FullJid;
use minidom::Element;
use rand_core::CryptoRng;
use replica::Tree;

use crate::{Action, Command, Config, Device, HostInput, Limits, Status};

/// Why stored records make no client.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The OMEMO device's records.
    #[error(transparent)]
    Omemo(#[from] omemo::LoadError),
    /// The replica's records.
    #[error(transparent)]
    Replica(#[from] replica::LoadError),
    /// The client's own records.
    #[error("{table} record {key:?} is damaged: {reason}")]
    Malformed {
        /// The table.
        table: String,
        /// The record's key.
        key: String,
        /// What is wrong, without any content.
        reason: String,
    },
    /// Written by a newer release.
    #[error(
        "the state was written by a newer release (version {found}, this one knows {known}): update XmppSync"
    )]
    NewerVersion {
        /// The version found.
        found: u32,
        /// The newest version that this release reads.
        known: u32,
    },
}

/// One device of one account.
///
/// Feed it with `handle_*`; after each call drain [`Client::poll_action`] and do what it gives, in order: what is to be
/// persisted comes before what is sent or shown because of it. Then call [`Client::handle_timeout`] when
/// [`Client::poll_timeout`] is due. All times are milliseconds since the Unix epoch.
pub struct Client {
    actions: VecDeque<Action>,
}

#[allow(unused_variables, clippy::unimplemented)]
impl Client {
    /// A new device and replica, with fresh keys. Store what [`Client::poll_action`] gives before anything else.
    #[must_use]
    pub fn create(config: Config, now: u64, rng: &mut impl CryptoRng) -> Client {
        unimplemented!()
    }

    /// The client that the records of all [`crate::tables`] hold; `None` when they hold none.
    ///
    /// # Errors
    /// When a record is damaged, of a newer release, or of another account.
    pub fn load(
        config: Config,
        records: impl IntoIterator<Item = (String, String, Vec<u8>)>,
        now: u64,
    ) -> Result<Option<Client>, LoadError> {
        unimplemented!()
    }

    /// The stream is up: `resumed` with its earlier state (XEP-0198 §5), or new and bound to `bound`.
    pub fn handle_online(
        &mut self,
        bound: FullJid,
        resumed: bool,
        limits: Limits,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
    }

    /// The stream is gone. Nothing is sent until the next [`Client::handle_online`].
    pub fn handle_offline(&mut self, now: u64) {}

    /// A message, presence or iq came, in the order of the stream.
    pub fn handle_stanza(&mut self, stanza: Element, now: u64, rng: &mut impl CryptoRng) {}

    /// The host's bookmarks did something.
    pub fn handle_host(&mut self, host: HostInput, now: u64, rng: &mut impl CryptoRng) {}

    /// The user wants something.
    pub fn handle_command(&mut self, command: Command, now: u64, rng: &mut impl CryptoRng) {}

    /// Time has passed; call it when [`Client::poll_timeout`] is due. Calling it earlier does no harm.
    pub fn handle_timeout(&mut self, now: u64, rng: &mut impl CryptoRng) {}

    /// When [`Client::handle_timeout`] is due next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u64> {
        None
    }

    /// The next thing to do.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// All bookmarks as they are now.
    #[must_use]
    pub fn bookmarks(&self) -> Tree {
        unimplemented!()
    }

    /// All known devices: this one first, then the own account's, then others'.
    #[must_use]
    pub fn devices(&self) -> Vec<Device> {
        unimplemented!()
    }

    /// This device's fingerprint: eight groups of eight hex digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        unimplemented!()
    }

    /// This device's number.
    #[must_use]
    pub fn device_id(&self) -> omemo::DeviceId {
        unimplemented!()
    }

    /// How it goes.
    #[must_use]
    pub fn status(&self) -> Status {
        unimplemented!()
    }
}
