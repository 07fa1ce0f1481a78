// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! When this device's bookmarks and the account's meet, and who decides how.

use std::collections::BTreeSet;

use omemo::DeviceId;
use rand_core::CryptoRng;
use replica::{JoinMode, JoinPreview, ReplicaId};

use super::Client;
use super::link::Fetch;
use crate::Event;
use crate::config::{JoinPolicy, Kind};
use crate::history::Occasion;
use crate::refusal::{Refusal, RefusalKind};

impl Client {
    /// A fresh replica joins once it has merged what the account has. While there is a device that could share the
    /// bookmarks and has not, it waits: to go ahead would double what it has itself.
    pub(super) fn join(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if self.replica.joined()
            || !self.link.own_lists_came()
            || self.link.node != Fetch::Done
            || self.link.fetches_bundles_of(self.config.account.as_str())
            || !self.missing().is_empty()
            || !(self.others_were_read() || self.is_first())
        {
            return;
        }
        self.join_or_ask(now, rng);
    }

    /// Joins, unless the user is to be asked, or the browser has not told its bookmarks yet and might be asked about.
    pub(super) fn join_or_ask(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let mode = match self.config.join {
            JoinPolicy::Merge => JoinMode::Merge,
            JoinPolicy::Theirs => JoinMode::Theirs,
            JoinPolicy::Mine => JoinMode::Mine,
            JoinPolicy::Ask => {
                if self.config.kind == Kind::Desktop && self.replica.early_tree().is_none() {
                    return;
                }
                let preview = self.join_question.unwrap_or_else(|| self.replica.preview_join());
                // Somebody else's bookmarks are not mixed with the account's without a word.
                let foreign = self.replica.joined() && preview.local > 0;
                if foreign || !preview.is_plain() {
                    self.join_question = Some(preview);
                    return;
                }
                JoinMode::Merge
            }
        };
        self.join_as(String::new(), mode, now, rng);
    }

    fn join_as(&mut self, id: String, mode: JoinMode, now: u64, rng: &mut impl CryptoRng) {
        let preview: JoinPreview = self.replica.preview_join();
        let local = self
            .replica
            .early_tree()
            .filter(|tree| !tree.items.is_empty())
            .cloned();
        if local.is_some() {
            self.copy(Occasion::JoinTheirs, now);
        }
        let joined = self.replica.join_as(mode, now, rng);
        if let Some(local) = local {
            self.copy_host(&local, now);
        }
        self.join_question = None;
        self.host_due = true;
        self.link.head_now();
        self.events.push(Event::Joined { id, mode, preview });
        let (added, removed) = (joined.added, joined.removed);
        let changed = joined.changed.saturating_add(joined.moved);
        if added.saturating_add(changed).saturating_add(removed) > 0 {
            self.events.push(Event::BookmarksChanged {
                added,
                changed,
                removed,
                remote: false,
            });
        }
        self.note_edits(now);
    }

    /// The user's answer.
    pub(super) fn answer_join(&mut self, id: String, mode: JoinMode, now: u64, rng: &mut impl CryptoRng) {
        if self.join_question.is_some() {
            return self.join_as(id, mode, now, rng);
        }
        let reason =
            "nothing is to be joined now: it is done, or another device has to share its bookmarks first";
        self.refuse(id, Refusal::new(RefusalKind::NothingAsked, reason));
    }

    /// What either side has changed: a question is asked anew.
    pub(super) fn renew_join_question(&mut self) {
        if self.join_question.is_some() {
            self.join_question = Some(self.replica.preview_join());
        }
    }

    /// Whether a replica that has the account's bookmarks has told what there is, and that is here.
    pub(super) fn others_were_read(&self) -> bool {
        self.joined_peers().any(|replica| self.knows_all_of(replica))
    }

    /// The replicas that have the account's bookmarks and are believed.
    pub(super) fn joined_peers(&self) -> impl Iterator<Item = ReplicaId> {
        let account = self.config.account.as_str();
        let trusted = move |device| {
            self.device
                .trust(account, device)
                .is_some_and(omemo::TrustLevel::is_trusted)
        };
        let peers = self.state.peers().iter();
        peers
            .filter(move |(_, peer)| peer.joined && trusted(peer.device))
            .map(|(replica, _)| *replica)
    }

    /// Whether there is nobody who could have the account's bookmarks: no items of an active device but this one, or only of
    /// devices that wait as well, of which the one with the smallest name goes first.
    fn is_first(&self) -> bool {
        let active: BTreeSet<DeviceId> = self
            .device
            .device_list(self.config.account.as_str())
            .into_iter()
            .filter(|device| device.active && device.id != self.device.id())
            .filter(|device| device.identity_key.is_none() || device.trust.is_trusted())
            .map(|device| device.id)
            .collect();
        let own = *self.replica.id();
        self.link
            .items
            .iter()
            .filter(|(_, device)| active.contains(device))
            .all(|(item, _)| {
                let replica = item.split('.').next().and_then(|id| id.parse::<ReplicaId>().ok());
                let waiting = replica.and_then(|id| Some((id, self.state.peers().get(&id)?)));
                waiting.is_some_and(|(id, peer)| !peer.joined && own < id)
            })
    }

    /// Whether this replica waits for another device before it joins.
    pub(super) fn waits_for_device(&self) -> bool {
        self.link.up && self.link.node_read && !self.replica.joined() && self.state.incoming().is_none()
    }
}
