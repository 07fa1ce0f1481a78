// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Snapshots that are being published or fetched. They are kept like everything else: what was transferred once is not
//! transferred again after a lost stream or a restart.

use std::collections::BTreeMap;

use replica::ReplicaId;
use serde::{Deserialize, Serialize};

use super::{State, number_key};
use crate::body::{SnapshotInfo, describe};

pub(super) const OUTGOING: &str = "client_outgoing";
pub(super) const INCOMING: &str = "client_incoming";
/// The record that describes a snapshot.
const INFO: &str = "info";
/// The record of a snapshot's sealed bytes.
const SEALED: &str = "sealed";

/// A snapshot that is being published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct Outgoing {
    /// What the head will say; `chunks` counts those that the server has taken.
    pub(in crate::client) info: SnapshotInfo,
    /// Bytes that the server has taken.
    pub(in crate::client) done: usize,
    /// Whether it is uploaded as well.
    #[serde(default, skip_serializing_if = "Upload::is_unwanted")]
    pub(in crate::client) upload: Upload,
}

/// How the upload of a snapshot stands, which comes before its chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::client) enum Upload {
    /// Chunks alone do, or have to do.
    #[default]
    Unwanted,
    /// Nothing was done for it yet.
    Wanted,
    /// It may be under way.
    Begun,
    /// It is there.
    Done {
        /// Where.
        url: String,
        /// Since when, in milliseconds since the Unix epoch.
        at: u64,
    },
}

impl Upload {
    fn is_unwanted(&self) -> bool {
        *self == Upload::Unwanted
    }
}

/// A snapshot that is being fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct Incoming {
    /// Whose it is.
    pub(in crate::client) replica: ReplicaId,
    pub(in crate::client) info: SnapshotInfo,
    /// Where it is as a file; then no chunks are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::client) url: Option<String>,
}

/// Both, with their bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Staged {
    outgoing: Option<Outgoing>,
    sealed: Vec<u8>,
    incoming: Option<Incoming>,
    chunks: BTreeMap<u64, Vec<u8>>,
}

impl State {
    pub(in crate::client) fn outgoing(&self) -> Option<&Outgoing> {
        self.staged.outgoing.as_ref()
    }

    /// The bytes of the snapshot that is being published.
    pub(in crate::client) fn sealed(&self) -> &[u8] {
        &self.staged.sealed
    }

    pub(in crate::client) fn start_outgoing(&mut self, info: SnapshotInfo, sealed: Vec<u8>, upload: Upload) {
        self.mark_outgoing();
        self.staged.outgoing = Some(Outgoing {
            info,
            done: 0,
            upload,
        });
        self.staged.sealed = sealed;
    }

    /// The upload of the snapshot that is being published has come to this.
    pub(in crate::client) fn set_upload(&mut self, upload: Upload) {
        if let Some(outgoing) = &mut self.staged.outgoing {
            outgoing.upload = upload;
            self.dirty.insert((OUTGOING, INFO.to_owned()));
        }
    }

    /// The server has taken one more chunk.
    pub(in crate::client) fn advance_outgoing(&mut self, bytes: usize) {
        if let Some(outgoing) = &mut self.staged.outgoing {
            outgoing.info.chunks = outgoing.info.chunks.saturating_add(1);
            outgoing.done = outgoing.done.saturating_add(bytes);
            self.dirty.insert((OUTGOING, INFO.to_owned()));
        }
    }

    pub(in crate::client) fn drop_outgoing(&mut self) {
        if self.staged.outgoing.take().is_some() {
            self.staged.sealed = Vec::new();
            self.mark_outgoing();
        }
    }

    fn mark_outgoing(&mut self) {
        for key in [INFO, SEALED] {
            self.dirty.insert((OUTGOING, key.to_owned()));
        }
    }

    pub(in crate::client) fn incoming(&self) -> Option<&Incoming> {
        self.staged.incoming.as_ref()
    }

    /// How many chunks of the snapshot that is being fetched are there, and their bytes.
    pub(in crate::client) fn fetched(&self) -> (usize, usize) {
        let chunks = &self.staged.chunks;
        (chunks.len(), chunks.values().map(Vec::len).sum())
    }

    pub(in crate::client) fn start_incoming(&mut self, incoming: Incoming) {
        self.take_incoming();
        self.dirty.insert((INCOMING, INFO.to_owned()));
        self.staged.incoming = Some(incoming);
    }

    /// One more chunk came.
    pub(in crate::client) fn add_chunk(&mut self, chunk: Vec<u8>) {
        let number = u64::try_from(self.staged.chunks.len()).unwrap_or(u64::MAX);
        self.dirty.insert((INCOMING, number_key(number)));
        self.staged.chunks.insert(number, chunk);
    }

    /// Ends the fetching; gives the bytes that are there.
    pub(in crate::client) fn take_incoming(&mut self) -> Vec<u8> {
        if self.staged.incoming.take().is_none() {
            return Vec::new();
        }
        self.dirty.insert((INCOMING, INFO.to_owned()));
        let chunks = std::mem::take(&mut self.staged.chunks);
        for number in chunks.keys() {
            self.dirty.insert((INCOMING, number_key(*number)));
        }
        chunks.into_values().flatten().collect()
    }

    pub(super) fn staged_record(&self, table: &str, key: &str) -> Option<Vec<u8>> {
        let staged = &self.staged;
        match (table, key) {
            (OUTGOING, INFO) => serde_json::to_vec(staged.outgoing.as_ref()?).ok(),
            (OUTGOING, SEALED) => staged.outgoing.as_ref().map(|_| staged.sealed.clone()),
            (INCOMING, INFO) => serde_json::to_vec(staged.incoming.as_ref()?).ok(),
            (INCOMING, number) => staged.chunks.get(&number.parse().ok()?).cloned(),
            _ => None,
        }
    }

    pub(super) fn restore_staged(&mut self, table: &str, key: &str, value: &[u8]) -> Result<(), String> {
        let json = |error: serde_json::Error| describe(&error);
        let staged = &mut self.staged;
        match (table, key) {
            (OUTGOING, INFO) => staged.outgoing = Some(serde_json::from_slice(value).map_err(json)?),
            (OUTGOING, SEALED) => staged.sealed = value.to_vec(),
            (INCOMING, INFO) => staged.incoming = Some(serde_json::from_slice(value).map_err(json)?),
            (INCOMING, number) => {
                let number = number.parse().map_err(|_| "the key is no number".to_owned())?;
                staged.chunks.insert(number, value.to_vec());
            }
            _ => return Err("this release knows no such record".to_owned()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use replica::VersionVector;

    use super::super::State;
    use super::*;
    use crate::Change;
    use crate::body::SealKey;

    fn info() -> SnapshotInfo {
        SnapshotInfo {
            id: "00".into(),
            letter: 'a',
            chunks: 0,
            size: 4,
            sha256: "00".into(),
            key: SealKey([1; 32]),
            cover: VersionVector::new(),
            items: 0,
        }
    }

    fn reload(changes: Vec<Change>) -> State {
        let record = |change: Change| Some((change.table.to_owned(), change.key, change.value?));
        State::load(changes.into_iter().filter_map(record).collect())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn what_was_transferred_is_there_after_a_restart() {
        let mut state = State::new();
        let upload = Upload::Done {
            url: "https://upload.example/1".into(),
            at: 5,
        };
        state.start_outgoing(info(), vec![1, 2, 3, 4], Upload::Wanted);
        state.advance_outgoing(3);
        state.set_upload(upload.clone());
        let replica = ReplicaId::from(10);
        state.start_incoming(Incoming {
            replica,
            info: info(),
            url: None,
        });
        state.add_chunk(vec![5, 6]);
        state.add_chunk(vec![7]);
        let mut loaded = reload(state.take_changes());
        let outgoing = loaded.outgoing().unwrap();
        assert_eq!((outgoing.info.chunks, outgoing.done), (1, 3));
        assert_eq!(outgoing.upload, upload);
        assert_eq!(loaded.sealed(), [1, 2, 3, 4]);
        assert_eq!(loaded.fetched(), (2, 3));
        assert_eq!(loaded.take_incoming(), [5, 6, 7]);
        loaded.drop_outgoing();
        let gone = loaded.take_changes();
        assert_eq!(gone.len(), 5, "{gone:?}");
        assert!(gone.iter().all(|change| change.value.is_none()));
    }
}
