// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Getting what others have: from the node, from their snapshots, or by asking. And giving it to those who are new.

use std::collections::BTreeSet;

use omemo::{DeviceId, DeviceInfo, Namespace};
use rand_core::CryptoRng;
use replica::{ReplicaId, VersionVector};

use super::items::{ANSWER_MS, touches};
use super::link::{Fetch, Timer};
use super::state::Incoming;
use super::{Client, between};
use crate::body::{Gaps, Missing, SnapshotInfo};
use crate::{Kind, seal};

/// How long a delta that others know of may be on its way, in milliseconds, before the node is looked at again.
const GAP_GRACE_MS: u64 = 1_000;

/// After this time a request that nobody answered is repeated, in milliseconds; it doubles each time, up to
/// [`REQUEST_MAX_MS`].
const REQUEST_MS: u64 = 60_000;
const REQUEST_MAX_MS: u64 = 15 * 60_000;

impl Client {
    /// Does what is due for the bookmarks.
    pub(super) fn drive_bookmarks(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if !self.link.own_lists_came() && !self.link.node_read {
            // Whether an item's sender is still one of the account's devices is known only then.
            return;
        }
        self.fetch_items(now);
        if !self.link.node_read {
            return;
        }
        self.leave_a_lost_name(rng);
        self.catch_up(now, rng);
        self.join(now, rng);
        self.notice_returned();
        self.welcome(now, rng);
        self.answer();
        self.publish_bookmarks(now, rng);
    }

    /// The account's other devices that are in use and may read and be believed. Bookmarks speak the newest wire form
    /// alone.
    pub(super) fn trusted_devices(&self) -> Vec<DeviceInfo> {
        let own = self.device.id();
        let devices = self.device.device_list(self.config.account.as_str());
        devices
            .into_iter()
            .filter(|device| device.id != own && device.trust.is_trusted() && !device.stale)
            .filter(|device| device.announced.contains(&Namespace::Omemo2))
            .map(|device| DeviceInfo {
                has_session: device.sessions.contains(&Namespace::Omemo2),
                ..device
            })
            .collect()
    }

    /// What any trusted replica is known to have.
    fn known(&self) -> VersionVector {
        let mut known = VersionVector::new();
        for peer in self.state.peers().values() {
            let trust = self.device.trust(self.config.account.as_str(), peer.device);
            if trust.is_none_or(|trust| trust.is_trusted()) {
                known.merge(&peer.have);
            }
        }
        known
    }

    /// The deltas that others have and this replica lacks.
    pub(super) fn missing(&self) -> Gaps {
        let mut gaps = Gaps::new();
        for (replica, first, last) in self.replica.version_vector().missing(&self.known()) {
            gaps.entry(replica).or_default().push((first, last));
        }
        gaps
    }

    /// Others have deltas of this replica that it does not know itself: its state is a copy or a backup. It goes on under
    /// another name, or two different deltas would have the same number.
    fn leave_a_lost_name(&mut self, rng: &mut impl CryptoRng) {
        let own = *self.replica.id();
        if self.known().last(own) <= self.replica.version_vector().last(own) || self.link.publishing {
            return;
        }
        self.take_new_name(rng);
    }

    /// Closes gaps: by a snapshot that some head names, by another look at the node, by asking.
    fn catch_up(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let missing = self.missing();
        if missing.is_empty() && !self.lacks_the_untold() {
            self.link.gap_since = None;
            self.link.requests = 0;
            self.link.clear(&Timer::CatchUp);
            self.link.clear(&Timer::Request);
            if self.link.request.take().is_some() {
                self.link.head_now();
            }
            return self.has_caught_up(now);
        }
        self.fetch_snapshot(now);
        if self.state.incoming().is_some() {
            return;
        }
        if self.start_fetch(&missing, now) || missing.is_empty() {
            return;
        }
        let since = *self.link.gap_since.get_or_insert(now);
        if self.link.node_asked_at < since {
            if !self.link.is_set(&Timer::CatchUp) {
                self.link.set(Timer::CatchUp, now.saturating_add(GAP_GRACE_MS));
            } else if self.link.is_due(&Timer::CatchUp) && self.link.node == Fetch::Done {
                self.link.node = Fetch::Wanted;
                self.fetch_items(now);
            }
            return;
        }
        if self.link.node != Fetch::Done || self.link.waits(&Timer::Request) {
            return;
        }
        let again = REQUEST_MS
            .checked_shl(self.link.requests)
            .map_or(REQUEST_MAX_MS, |ms| ms.min(REQUEST_MAX_MS));
        self.link.requests = self.link.requests.saturating_add(1).min(16);
        let again = again.saturating_add(between(0, GAP_GRACE_MS, rng));
        self.link.set(Timer::Request, now.saturating_add(again));
        self.link.request = Some(Missing {
            id: self.state.count(),
            missing,
        });
        self.link.failed_snapshots.clear();
        self.link.head_now();
    }

    /// Chooses the snapshot that closes most. False when there is none.
    fn start_fetch(&mut self, missing: &Gaps, now: u64) -> bool {
        let have = self.replica.version_vector();
        let untold = self.lacks_the_untold();
        let useful = |replica: ReplicaId, info: &SnapshotInfo, url: Option<&String>| {
            !self.link.failed_snapshots.contains(url.unwrap_or(&info.id))
                && url
                    .map_or_else(|| seal::check(info), |_| seal::check_size(info))
                    .is_ok()
                && (touches(missing, |replica| info.cover.ranges(replica))
                    || untold && !self.knows_all_of(replica))
        };
        let gain = |info: &SnapshotInfo| -> u64 {
            let new = have.missing(&info.cover);
            new.iter()
                .map(|(_, first, last)| last.saturating_sub(*first).saturating_add(1))
                .fold(0, u64::saturating_add)
        };
        let account = self.config.account.as_str();
        let best = self
            .state
            .peers()
            .iter()
            .filter(|(_, peer)| {
                self.device
                    .trust(account, peer.device)
                    .is_some_and(omemo::TrustLevel::is_trusted)
            })
            .flat_map(|(replica, peer)| {
                let file = peer.upload.as_ref().map(|file| (&file.snapshot, Some(&file.url)));
                let chunks = peer.snapshot.as_ref().map(|info| (info, None));
                file.into_iter()
                    .chain(chunks)
                    .map(|(info, url)| (*replica, info, url))
            })
            .filter(|(replica, info, url)| useful(*replica, info, *url))
            .max_by_key(|(_, info, url)| (gain(info), url.is_none()));
        let Some((replica, info, url)) = best else {
            return false;
        };
        let (info, url) = (info.clone(), url.cloned());
        self.state.start_incoming(Incoming { replica, info, url });
        self.fetch_snapshot(now);
        self.state.incoming().is_some()
    }

    /// A device that was silent for long has said something: the head tells it what it has missed.
    fn notice_returned(&mut self) {
        let known = self.device.device_list(self.config.account.as_str()).into_iter();
        let stale: BTreeSet<DeviceId> = known
            .filter(|device| device.stale)
            .map(|device| device.id)
            .collect();
        if !self.link.stale.is_subset(&stale) {
            self.link.head_now();
        }
        self.link.stale = stale;
    }

    /// The devices whose replicas have joined.
    pub(super) fn members(&self) -> BTreeSet<DeviceId> {
        let joined = self.state.peers().values().filter(|peer| peer.joined);
        joined.map(|peer| peer.device).collect()
    }

    /// Whether there are devices that may read and have not joined.
    pub(super) fn has_newcomers(&self) -> bool {
        let members = self.members();
        let mut devices = self.trusted_devices().into_iter();
        devices.any(|device| device.has_session && !members.contains(&device.id))
    }

    /// Notes devices that are new and trusted, and gives them the state, unless somebody else did.
    fn welcome(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let devices = self.trusted_devices();
        let trusted: BTreeSet<DeviceId> = devices.iter().map(|device| device.id).collect();
        if !self.state.core().welcomed.is_subset(&trusted) {
            self.state
                .core_mut()
                .welcomed
                .retain(|device| trusted.contains(device));
        }
        if !self.replica.joined() {
            // Whoever waits as well has to know of this one; of all that wait, one goes first.
            for device in devices.iter().filter(|device| device.has_session) {
                if self.link.met.insert(device.id) && !self.state.core().readers.contains(&device.id) {
                    self.link.head_now();
                }
            }
            return;
        }
        let members = self.members();
        for device in devices.iter().filter(|device| device.has_session) {
            let timer = Timer::Welcome(device.id);
            if self.state.core().welcomed.contains(&device.id) || members.contains(&device.id) {
                self.link.clear(&timer);
                continue;
            }
            if self.link.is_set(&timer) {
                if self.link.is_due(&timer) {
                    self.share();
                    // Until the head is published; then the device counts as welcomed.
                    self.link.set(timer, now.saturating_add(REQUEST_MS));
                }
                continue;
            }
            match self.config.kind {
                Kind::Bot => {
                    self.share();
                    self.link.set(timer, now.saturating_add(REQUEST_MS));
                }
                Kind::Desktop => {
                    let delay = between(ANSWER_MS.0, ANSWER_MS.1, rng);
                    self.link.set(timer, now.saturating_add(delay));
                }
            }
        }
    }

    /// Answers requests that nobody else has answered.
    fn answer(&mut self) {
        let asked: Vec<DeviceId> = self.link.answers.keys().copied().collect();
        for device in asked {
            if self.link.waits(&Timer::Answer(device)) {
                continue;
            }
            let Some(missing) = self.link.answers.remove(&device) else {
                continue;
            };
            let answers = |info: &SnapshotInfo| {
                missing.iter().all(|(replica, ranges)| {
                    let have = self.replica.version_vector().ranges(*replica);
                    let cover = info.cover.ranges(*replica);
                    have.iter().all(|(first, last)| {
                        !ranges.iter().any(|(from, to)| from <= last && first <= to)
                            || cover.iter().any(|(from, to)| from <= first && last <= to)
                    })
                })
            };
            if self
                .state
                .outgoing()
                .is_some_and(|outgoing| answers(&outgoing.info))
            {
                // It is on its way already.
                continue;
            }
            let covered = self.state.core().snapshot.as_ref().is_some_and(answers);
            if covered && !self.state.core().readers.contains(&device) {
                self.link.head_now();
            } else {
                // It could read the head and still asks: its chunks may be gone.
                self.link.snapshot_due = true;
            }
        }
    }

    /// The whole state for everybody who is trusted now: a new snapshot, or where the published one is up to date, the head
    /// alone.
    pub(super) fn share(&mut self) {
        if self.is_shared(self.state.core().snapshot.as_ref()) {
            self.link.head_now();
        } else {
            self.link.snapshot_due = true;
        }
    }

    /// Whether a head with this snapshot gives all that there is.
    pub(super) fn is_shared(&self, snapshot: Option<&SnapshotInfo>) -> bool {
        let vector = self.replica.version_vector();
        let uploaded = self.uploaded().map(|file| file.snapshot.cover);
        let mut covers = snapshot.map(|info| &info.cover).into_iter().chain(&uploaded);
        self.replica.unpublished() == 0 && (vector.is_empty() || covers.any(|cover| cover.covers(vector)))
    }
}
