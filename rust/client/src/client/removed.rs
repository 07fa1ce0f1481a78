// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What a device that is gone left at the server: deleted once nobody needs it any more.

use std::collections::BTreeSet;

use omemo::DeviceId;
use replica::ReplicaId;

use super::Client;
use crate::pubsub::{self, Node};
use crate::ring::SLOTS;

impl Client {
    /// Deletes the items of a device that was removed here, at once: what they held is merged here. If somebody may still lack
    /// any of it, a snapshot takes their place.
    pub(super) fn forget_replicas_of(&mut self, device: DeviceId, now: u64) {
        let replicas = self.state.peers().iter();
        let replicas = replicas.filter(|(_, peer)| peer.device == device);
        let replicas: Vec<ReplicaId> = replicas.map(|(replica, _)| *replica).collect();
        let settled = self.settled(self.state.core().snapshot.as_ref());
        if self.replica.joined() && !replicas.iter().all(|replica| settled.contains(*replica)) {
            self.share();
        }
        for replica in replicas {
            self.delete_items_of(replica, now);
            self.state.forget_peer(replica);
        }
    }

    /// The same for devices that left by themselves, or were removed elsewhere, once all who read have what they wrote.
    pub(super) fn forget_the_removed(&mut self, now: u64) {
        if !self.link.own_lists_came() {
            return;
        }
        let listed = self.device.device_list(self.config.account.as_str()).into_iter();
        let listed: BTreeSet<DeviceId> = listed
            .filter(|device| device.active)
            .map(|device| device.id)
            .collect();
        let asked: BTreeSet<ReplicaId> = self.replica.held().iter().map(|held| held.replica).collect();
        let settled = self.settled(self.state.core().snapshot.as_ref());
        let vector = self.replica.version_vector();
        let removed = self.state.peers().iter().filter(|(replica, peer)| {
            !listed.contains(&peer.device)
                && vector.covers(&peer.have)
                && !asked.contains(replica)
                && (settled.contains(**replica) || !self.has_items_of(**replica))
        });
        let removed: Vec<ReplicaId> = removed.map(|(replica, _)| *replica).collect();
        for replica in removed {
            self.delete_items_of(replica, now);
            self.state.forget_peer(replica);
        }
    }

    fn has_items_of(&self, replica: ReplicaId) -> bool {
        let prefix = format!("{replica}.");
        let mut items = self.link.items.range(prefix.clone()..);
        items.next().is_some_and(|(item, _)| item.starts_with(&prefix))
    }

    fn delete_items_of(&mut self, replica: ReplicaId, now: u64) {
        let slots = (0..SLOTS).map(|slot| format!("{replica}.{slot}"));
        for item in slots.chain([format!("{replica}.head")]) {
            if self.link.items.remove(&item).is_some() {
                self.retract(pubsub::retract(Node::Bookmarks, &item), now);
            }
        }
        let peer = self.state.peers().get(&replica);
        let Some(snapshot) = peer.and_then(|peer| peer.snapshot.clone()) else {
            return;
        };
        for number in 0..snapshot.chunks {
            let item = format!("{replica}.{}{number}", snapshot.letter);
            self.retract(pubsub::retract(Node::Snapshots, &item), now);
        }
    }
}
