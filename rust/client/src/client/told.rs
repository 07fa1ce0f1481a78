// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What others are told of the version vector, and what they need to hear no more.
//!
//! It has an entry for each replica that ever wrote, and those of devices that are gone never change again. Disk and snapshots
//! have room for them, and a device that comes back after long needs them there. Heads and updates have not: they leave out
//! what all who read them are known to have, with a digest in its place. Who has the same learns by the digest that the
//! writer has it, too. Who has not joined yet takes it from the writer's snapshot, and joins once the digest fits.

use std::collections::BTreeSet;

use omemo::DeviceId;
use replica::{ReplicaId, VersionVector};
use serde::{Deserialize, Serialize};

use super::Client;
use crate::body::{Rest, SnapshotInfo};

/// What a replica's last words left out of its version vector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LeftOut {
    rest: Rest,
    /// Whose entries it told.
    told: BTreeSet<ReplicaId>,
}

impl LeftOut {
    /// The entries that were left out, where this vector has just those besides what was told.
    fn found_in(&self, vector: &VersionVector) -> Option<VersionVector> {
        let entries = vector.only(|replica| !self.told.contains(&replica));
        (Rest::of(&entries) == self.rest).then_some(entries)
    }
}

/// What is left out of the vectors of one item.
pub(super) struct Settled(BTreeSet<ReplicaId>);

impl Settled {
    /// What is told of a vector.
    pub(super) fn told_of(&self, vector: &VersionVector) -> VersionVector {
        vector.only(|replica| !self.0.contains(&replica))
    }

    /// A snapshot as others need to know it.
    pub(super) fn told_of_snapshot(&self, info: SnapshotInfo) -> SnapshotInfo {
        SnapshotInfo {
            cover: self.told_of(&info.cover),
            ..info
        }
    }

    /// Whether nobody needs to hear of that replica's deltas any more.
    pub(super) fn contains(&self, replica: ReplicaId) -> bool {
        self.0.contains(&replica)
    }

    /// What stands for the rest of it.
    pub(super) fn rest_of(&self, vector: &VersionVector) -> Option<Rest> {
        let rest = vector.only(|replica| self.0.contains(&replica));
        (!rest.is_empty()).then(|| Rest::of(&rest))
    }
}

impl Client {
    /// The replicas that are gone and of which nobody needs to hear: who has joined is known to have what is here, and for who
    /// has not, if there is anybody, it is in the snapshot.
    pub(super) fn settled(&self, snapshot: Option<&SnapshotInfo>) -> Settled {
        let members = self.members();
        let readers = self.readers();
        let heard = |device: &DeviceId| -> Vec<&VersionVector> {
            let peers = self.state.peers().values();
            let peers = peers.filter(|peer| peer.joined && peer.device == *device);
            peers.map(|peer| &peer.have).collect()
        };
        let known: Vec<Vec<&VersionVector>> = readers.intersection(&members).map(heard).collect();
        let uploaded = self.uploaded().map(|file| file.snapshot.cover);
        let given: Vec<&VersionVector> = snapshot
            .map(|info| &info.cover)
            .into_iter()
            .chain(&uploaded)
            .collect();
        let newcomers = self.has_newcomers();
        let gone = self.gone();
        let settled = gone.replicas().filter(|replica| {
            let entry = gone.only(|id| id == *replica);
            let among = |vectors: &Vec<&VersionVector>| vectors.iter().any(|vector| vector.covers(&entry));
            known.iter().all(among) && (!newcomers || among(&given))
        });
        Settled(settled.collect())
    }

    /// The entries here of replicas whose device is not one of those that read.
    fn gone(&self) -> VersionVector {
        let readers = self.readers();
        self.replica.version_vector().only(|replica| {
            let peer = self.state.peers().get(&replica);
            replica != *self.replica.id() && peer.is_none_or(|peer| !readers.contains(&peer.device))
        })
    }

    fn readers(&self) -> BTreeSet<DeviceId> {
        self.trusted_devices()
            .into_iter()
            .map(|device| device.id)
            .collect()
    }

    /// Notes what a replica says that it has.
    pub(super) fn note_have(
        &mut self,
        replica: ReplicaId,
        device: DeviceId,
        have: &VersionVector,
        rest: Option<Rest>,
    ) {
        let left_out = rest.map(|rest| LeftOut {
            rest,
            told: have.replicas().collect(),
        });
        let found = left_out
            .as_ref()
            .and_then(|left_out| left_out.found_in(self.replica.version_vector()));
        let peer = self.state.peer_entry(replica, device);
        peer.have.merge(have);
        if let Some(found) = found {
            peer.have.merge(&found);
        }
        peer.left_out = left_out;
    }

    /// Where one of these replicas has joined and lacks what the own head leaves out, there is to be one that tells it.
    pub(super) fn tell_what_is_lacked(&mut self, replicas: &[ReplicaId]) {
        let untold = self.gone().only(|id| !self.link.told.contains(&id));
        let readers = self.readers();
        let peers = replicas
            .iter()
            .filter_map(|replica| self.state.peers().get(replica));
        let mut peers = peers.filter(|peer| peer.joined && readers.contains(&peer.device));
        if self.replica.joined() && peers.any(|peer| !peer.have.covers(&untold)) {
            self.link.head_now();
        }
    }

    /// Whether there is something that nobody tells, and that is to be found in a snapshot before this replica can join.
    pub(super) fn lacks_the_untold(&self) -> bool {
        !self.replica.joined() && !self.others_were_read() && self.joined_peers().next().is_some()
    }

    /// Whether all is known here that a replica said that it has.
    pub(super) fn knows_all_of(&self, replica: ReplicaId) -> bool {
        let peer = self.state.peers().get(&replica);
        let left_out = peer.and_then(|peer| peer.left_out.as_ref());
        left_out.is_none_or(|left_out| left_out.found_in(self.replica.version_vector()).is_some())
    }
}
