// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What the client keeps besides its OMEMO device and its replica, and how it is stored.

use std::collections::{BTreeMap, BTreeSet};

use jid::BareJid;
use omemo::{DeviceId, TrustDecision};
use replica::{ReplicaId, Row, VersionVector};
use serde::{Deserialize, Serialize};

use super::LoadError;
use super::told::LeftOut;
use crate::body::{SnapshotInfo, Uploaded};
use crate::config::bare_jid;
use crate::history::{COPIES, History, PARTS};
use crate::ring::Ring;
use crate::{Change, Event, Kind};

mod parcels;
mod staged;
mod tabs;
mod visits;

pub(super) use parcels::{Asked, Came, Sent};
use parcels::{PARCELS, Parcels};
use staged::{INCOMING, OUTGOING, Staged};
pub(super) use staged::{Incoming, Upload};
pub(super) use tabs::{OwnTabs, TabsMark};
use tabs::{TABS, Tabs};
pub(super) use visits::{OwnSegment, OwnVisits};
use visits::{VISITS, VisitsState};

/// Version of the records.
const VERSION: u32 = 1;

const STATE: &str = "client_state";
const REPLICA: &str = "client_replica";
const DELTA: &str = "client_delta";
const OUTBOX: &str = "client_outbox";
const INBOX: &str = "client_inbox";
const REQUEST: &str = "client_request";
const STATE_KEY: &str = "state";

/// The one record of `client_state`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Core {
    v: u32,
    /// Which deltas are in which items.
    pub(super) ring: Ring,
    /// The newest snapshot of this replica that a published head names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) snapshot: Option<SnapshotInfo>,
    /// Most chunks that were ever published under each letter and perhaps not deleted.
    #[serde(default)]
    pub(super) chunks: BTreeMap<char, u32>,
    /// Own devices that were given the whole state, by whomever.
    #[serde(default)]
    pub(super) welcomed: BTreeSet<DeviceId>,
    /// Own devices that can read the published head.
    #[serde(default)]
    pub(super) readers: BTreeSet<DeviceId>,
    /// Bare addresses of others whose devices are known.
    #[serde(default)]
    pub(super) contacts: BTreeSet<String>,
    /// The last message of the archive that is known; `None` before the first look into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) archive: Option<ArchiveMark>,
    /// The comparison by emoji under way: its name, and with whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) verifying: Option<(String, DeviceId)>,
    /// The digest of this device's published decisions on trust, and of who can read them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) decisions: String,
    /// The generations that this state has drawn, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) generations: Vec<String>,
    /// When this device last had all that it knew of, in milliseconds since the Unix epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) caught_up: Option<u64>,
    /// The history is shared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) share_visits: bool,
    /// Counts requests, messages and imports.
    #[serde(default)]
    pub(super) counter: u64,
}

/// How far the message archive is known (XEP-0313).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ArchiveMark {
    /// The last message's id; `None` while the archive is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<String>,
    /// When the server took that message, or one before it, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stamp: Option<String>,
}

/// Another replica of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Peer {
    /// The OMEMO device that may speak for it, bound at its first message.
    pub(super) device: DeviceId,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) joined: bool,
    pub(super) have: VersionVector,
    /// What its last words left out of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) left_out: Option<LeftOut>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) snapshot: Option<SnapshotInfo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) upload: Option<Box<Uploaded>>,
}

/// A delta of this replica that no published snapshot covers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) rows: Vec<Row>,
    pub(super) bytes: usize,
}

/// A chat message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Letter {
    /// The command's; `None` for an answer of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(with = "bare_jid")]
    pub(super) to: BareJid,
    pub(super) body: String,
    /// A trust message instead of a text (XEP-0434), for authenticated devices alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) decisions: Vec<TrustDecision>,
    /// When it was written, in milliseconds since the Unix epoch.
    pub(super) written: u64,
    /// The stanza's id.
    pub(super) stanza: String,
    /// The stanza, once it is encrypted: it is never encrypted twice, so that a second copy is known as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) encrypted: Option<String>,
}

/// A partner's request that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Handled {
    /// When, in milliseconds since the Unix epoch.
    pub(super) at: u64,
    /// The answer.
    pub(super) reply: String,
}

/// All of it, with a note of what has changed since the last step.
#[derive(Default)]
pub(super) struct State {
    core: Core,
    peers: BTreeMap<ReplicaId, Peer>,
    kept: BTreeMap<u64, Kept>,
    outbox: BTreeMap<u64, Letter>,
    /// Messages that were decrypted and may not have been shown: what decrypted them does it only once.
    inbox: BTreeMap<u64, Event>,
    handled: BTreeMap<String, Handled>,
    staged: Staged,
    tabs: Tabs,
    parcels: Parcels,
    visits: VisitsState,
    pub(super) history: History,
    dirty: BTreeSet<(&'static str, String)>,
}

impl State {
    pub(super) fn new() -> State {
        let mut state = State {
            core: Core {
                v: VERSION,
                ..Core::default()
            },
            ..State::default()
        };
        state.core_mut();
        state
    }

    pub(super) fn core(&self) -> &Core {
        &self.core
    }

    pub(super) fn core_mut(&mut self) -> &mut Core {
        self.dirty.insert((STATE, STATE_KEY.to_owned()));
        &mut self.core
    }

    /// A number that was not given out before.
    pub(super) fn count(&mut self) -> u64 {
        let core = self.core_mut();
        core.counter = core.counter.saturating_add(1);
        core.counter
    }

    pub(super) fn peers(&self) -> &BTreeMap<ReplicaId, Peer> {
        &self.peers
    }

    /// Remembers that devices of this address are known.
    pub(super) fn meet(&mut self, contact: &str) {
        if !self.core.contacts.contains(contact) {
            self.core_mut().contacts.insert(contact.to_owned());
        }
    }

    /// What is known of a replica; whoever speaks for it first is bound to it.
    pub(super) fn peer_entry(&mut self, id: ReplicaId, device: DeviceId) -> &mut Peer {
        self.dirty.insert((REPLICA, id.to_string()));
        self.peers.entry(id).or_insert_with(|| Peer {
            device,
            name: String::new(),
            kind: Kind::Desktop,
            joined: false,
            have: VersionVector::new(),
            left_out: None,
            snapshot: None,
            upload: None,
        })
    }

    pub(super) fn forget_peer(&mut self, id: ReplicaId) {
        self.dirty.insert((REPLICA, id.to_string()));
        self.peers.remove(&id);
    }

    pub(super) fn kept(&self) -> &BTreeMap<u64, Kept> {
        &self.kept
    }

    pub(super) fn keep(&mut self, seq: u64, kept: Kept) {
        self.dirty.insert((DELTA, number_key(seq)));
        self.kept.insert(seq, kept);
    }

    /// Forgets the kept deltas that `needed` refuses.
    pub(super) fn keep_only(&mut self, needed: impl Fn(u64) -> bool) {
        let dirty = &mut self.dirty;
        self.kept.retain(|seq, _| {
            let needed = needed(*seq);
            if !needed {
                dirty.insert((DELTA, number_key(*seq)));
            }
            needed
        });
    }

    pub(super) fn outbox(&self) -> &BTreeMap<u64, Letter> {
        &self.outbox
    }

    pub(super) fn post(&mut self, order: u64, letter: Letter) {
        self.dirty.insert((OUTBOX, number_key(order)));
        self.outbox.insert(order, letter);
    }

    pub(super) fn take_letter(&mut self, order: u64) -> Option<Letter> {
        self.dirty.insert((OUTBOX, number_key(order)));
        self.outbox.remove(&order)
    }

    pub(super) fn inbox(&self) -> &BTreeMap<u64, Event> {
        &self.inbox
    }

    pub(super) fn receive(&mut self, message: Event) {
        let order = self.count();
        self.dirty.insert((INBOX, number_key(order)));
        self.inbox.insert(order, message);
    }

    /// All messages were shown.
    pub(super) fn clear_inbox(&mut self) {
        for order in std::mem::take(&mut self.inbox).into_keys() {
            self.dirty.insert((INBOX, number_key(order)));
        }
    }

    pub(super) fn handled(&self) -> &BTreeMap<String, Handled> {
        &self.handled
    }

    /// Remembers a request; of more than `limit` the oldest is forgotten.
    pub(super) fn remember(&mut self, key: String, handled: Handled, limit: usize) {
        self.dirty.insert((REQUEST, key.clone()));
        self.handled.insert(key, handled);
        while self.handled.len() > limit {
            let Some(oldest) = self
                .handled
                .iter()
                .min_by_key(|(_, handled)| handled.at)
                .map(|(key, _)| key.clone())
            else {
                return;
            };
            self.handled.remove(&oldest);
            self.dirty.insert((REQUEST, oldest));
        }
    }

    /// All that changed since the last call.
    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        let dirty = std::mem::take(&mut self.dirty);
        let own = dirty.into_iter().map(|(table, key)| {
            let value = self.record(table, &key);
            Change { table, key, value }
        });
        let mut changes: Vec<Change> = own.collect();
        changes.extend(self.history.take_changes());
        changes
    }

    fn record(&self, table: &str, key: &str) -> Option<Vec<u8>> {
        // Maps with text or number keys, numbers and texts: serde_json refuses none of them.
        let number = || key.parse::<u64>().ok();
        match table {
            STATE => serde_json::to_vec(&self.core).ok(),
            REPLICA => self
                .peers
                .get(&key.parse().ok()?)
                .and_then(|peer| serde_json::to_vec(peer).ok()),
            DELTA => self
                .kept
                .get(&number()?)
                .and_then(|kept| serde_json::to_vec(&kept.rows).ok()),
            OUTBOX => self
                .outbox
                .get(&number()?)
                .and_then(|letter| serde_json::to_vec(letter).ok()),
            INBOX => self
                .inbox
                .get(&number()?)
                .and_then(|event| serde_json::to_vec(event).ok()),
            OUTGOING | INCOMING => self.staged_record(table, key),
            TABS => self.tabs_record(key),
            PARCELS => self.parcel_record(key),
            VISITS => self.visits_record(key),
            _ => self
                .handled
                .get(key)
                .and_then(|handled| serde_json::to_vec(handled).ok()),
        }
    }

    /// The state that the records of the client's tables hold; `None` when there are none.
    ///
    /// # Errors
    /// When a record is damaged or of a newer release.
    pub(super) fn load(records: Vec<(String, String, Vec<u8>)>) -> Result<Option<State>, LoadError> {
        if records.is_empty() {
            return Ok(None);
        }
        let mut state = State::default();
        for (table, key, value) in records {
            if table == COPIES || table == PARTS {
                let malformed = |reason| LoadError::Malformed {
                    table: table.clone(),
                    key: key.clone(),
                    reason,
                };
                state.history.restore(&table, &key, value).map_err(malformed)?;
                continue;
            }
            state
                .restore(&table, &key, &value)
                .map_err(|reason| LoadError::Malformed {
                    table: table.clone(),
                    key: key.clone(),
                    reason,
                })?;
        }
        match state.core.v {
            VERSION => Ok(Some(state)),
            0 => Err(LoadError::Malformed {
                table: STATE.to_owned(),
                key: STATE_KEY.to_owned(),
                reason: "it is missing".to_owned(),
            }),
            found => Err(LoadError::NewerVersion {
                found,
                known: VERSION,
            }),
        }
    }

    fn restore(&mut self, table: &str, key: &str, value: &[u8]) -> Result<(), String> {
        let json = |error: serde_json::Error| crate::body::describe(&error);
        let number = || key.parse::<u64>().map_err(|_| "the key is no number".to_owned());
        match table {
            STATE if key == STATE_KEY => {
                #[derive(Deserialize)]
                struct Version {
                    v: u32,
                }
                let Version { v } = serde_json::from_slice(value).map_err(json)?;
                self.core = if v == VERSION {
                    serde_json::from_slice(value).map_err(json)?
                } else {
                    Core { v, ..Core::default() }
                };
            }
            REPLICA => {
                let id = key.parse().map_err(|_| "the key is no replica id".to_owned())?;
                self.peers
                    .insert(id, serde_json::from_slice(value).map_err(json)?);
            }
            DELTA => {
                let rows = serde_json::from_slice(value).map_err(json)?;
                self.kept.insert(
                    number()?,
                    Kept {
                        rows,
                        bytes: value.len(),
                    },
                );
            }
            OUTBOX => {
                self.outbox
                    .insert(number()?, serde_json::from_slice(value).map_err(json)?);
            }
            INBOX => {
                self.inbox
                    .insert(number()?, serde_json::from_slice(value).map_err(json)?);
            }
            REQUEST => {
                self.handled
                    .insert(key.to_owned(), serde_json::from_slice(value).map_err(json)?);
            }
            TABS => self.restore_tabs(key, value)?,
            PARCELS => self.restore_parcel(key, value)?,
            VISITS => self.restore_visits(key, value)?,
            _ => return self.restore_staged(table, key, value),
        }
        Ok(())
    }
}

/// Numbers as keys sort as text.
fn number_key(number: u64) -> String {
    format!("{number:020}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::SealKey;

    fn state() -> State {
        let mut state = State::new();
        state.count();
        state.core_mut().welcomed.insert(7);
        state.core_mut().snapshot = Some(SnapshotInfo {
            id: "00".into(),
            letter: 'a',
            chunks: 1,
            size: 1,
            sha256: "00".into(),
            key: SealKey([1; 32]),
            cover: VersionVector::new(),
            items: 0,
        });
        let peer = state.peer_entry(ReplicaId::from(10), 7);
        peer.name = "Bot".into();
        peer.kind = Kind::Bot;
        state.keep(
            3,
            Kept {
                rows: Vec::new(),
                bytes: 2,
            },
        );
        let letter = Letter {
            id: Some("1".into()),
            to: BareJid::new("juliet@example.org").unwrap(),
            body: "hi".into(),
            decisions: Vec::new(),
            written: 5,
            stanza: "s".into(),
            encrypted: None,
        };
        state.post(1, letter);
        state.receive(Event::Sent {
            id: "stands for a message".into(),
        });
        state.remember(
            "k".into(),
            Handled {
                at: 1,
                reply: "{}".into(),
            },
            1,
        );
        state
    }

    fn records(changes: Vec<Change>) -> Vec<(String, String, Vec<u8>)> {
        let record = |change: Change| Some((change.table.to_owned(), change.key, change.value?));
        changes.into_iter().filter_map(record).collect()
    }

    #[test]
    fn the_serialized_form_is_stable() {
        let lines: Vec<String> = records(state().take_changes())
            .into_iter()
            .map(|(table, key, value)| format!("{table} {key} {}", String::from_utf8(value).unwrap()))
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
    client_delta 00000000000000000003 []
    client_inbox 00000000000000000002 {"type":"sent","id":"stands for a message"}
    client_outbox 00000000000000000001 {"id":"1","to":"juliet@example.org","body":"hi","written":5,"stanza":"s"}
    client_replica 000000000000000a {"device":7,"name":"Bot","kind":"bot","joined":false,"have":{}}
    client_request k {"at":1,"reply":"{}"}
    client_state state {"v":1,"ring":{"confirmed":0,"covered":0,"promised":0,"live":{}},"snapshot":{"id":"00","letter":"a","chunks":1,"size":1,"sha256":"00","key":"0101010101010101010101010101010101010101010101010101010101010101","cover":{}},"chunks":{},"welcomed":[7],"readers":[],"contacts":[],"counter":2}
    "#);
    }

    #[test]
    fn what_was_stored_is_loaded_and_what_is_gone_is_deleted() {
        let mut state = state();
        let mut loaded = State::load(records(state.take_changes())).unwrap().unwrap();
        assert_eq!(loaded.core, state.core);
        assert_eq!(loaded.peers, state.peers);
        assert_eq!(loaded.kept, state.kept);
        assert_eq!(loaded.outbox, state.outbox);
        assert_eq!(loaded.inbox, state.inbox);
        assert_eq!(loaded.handled, state.handled);
        assert!(loaded.take_changes().is_empty());

        loaded.keep_only(|_| false);
        loaded.take_letter(1);
        loaded.clear_inbox();
        loaded.remember(
            "l".into(),
            Handled {
                at: 2,
                reply: "{}".into(),
            },
            1,
        );
        let gone: Vec<_> = loaded
            .take_changes()
            .into_iter()
            .filter(|change| change.value.is_none())
            .collect();
        assert_eq!(
            gone.iter().map(|change| change.table).collect::<Vec<_>>(),
            [DELTA, INBOX, OUTBOX, REQUEST]
        );
    }

    #[test]
    fn damage_and_newer_versions_are_told_apart() {
        assert!(State::load(Vec::new()).unwrap().is_none());
        let state = |json: &str| State::load(vec![(STATE.into(), STATE_KEY.into(), json.into())]);
        assert!(matches!(
            state(r#"{"v":2}"#),
            Err(LoadError::NewerVersion { found: 2, known: 1 })
        ));
        assert!(matches!(state("nonsense"), Err(LoadError::Malformed { .. })));
        let orphan = vec![(DELTA.to_owned(), number_key(1), b"[]".to_vec())];
        assert!(matches!(State::load(orphan), Err(LoadError::Malformed { .. })));
    }
}
