// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What people are told.

use std::collections::BTreeSet;

use omemo::{DeviceId, TrustLevel};

use super::Client;
use crate::{Action, Device, Event, Need, Phase, Status};

impl Client {
    /// All known devices: this one first, then the own account's, then others'.
    #[must_use]
    pub fn devices(&self) -> Vec<Device> {
        let account = self.config.account.as_str();
        let replicas: BTreeSet<DeviceId> = self.state.peers().values().map(|peer| peer.device).collect();
        let takers = &self.state.takers().devices;
        let this = Device {
            jid: account.to_owned(),
            id: self.device.id(),
            label: self.label(),
            fingerprint: Some(self.fingerprint()),
            trust: TrustLevel::Authenticated,
            active: true,
            has_session: false,
            this: true,
            replica: self.config.sync_bookmarks,
            last_seen: None,
            stale: false,
            takes_tabs: self.config.take_tabs,
        };
        let mut jids = vec![account.to_owned()];
        let partners = self.config.partners.iter().map(ToString::to_string);
        let others = partners.chain(self.state.core().contacts.iter().cloned());
        jids.extend(others.filter(|jid| jid != account).collect::<BTreeSet<_>>());
        let known = jids.iter().flat_map(|jid| self.device.device_list(jid));
        let known = known
            .filter(|info| !(info.jid == account && info.id == self.device.id()))
            .map(|info| Device {
                replica: info.jid == account && replicas.contains(&info.id),
                takes_tabs: info.jid == account && takers.contains(&info.id),
                jid: info.jid,
                id: info.id,
                label: info.label,
                fingerprint: info.fingerprint.map(|fingerprint| fingerprint.to_string()),
                trust: info.trust,
                active: info.active,
                has_session: info.has_session,
                this: false,
                last_seen: info.last_seen,
                stale: info.stale,
            });
        std::iter::once(this).chain(known).collect()
    }

    /// How it goes.
    #[must_use]
    pub fn status(&self) -> Status {
        let last = self.replica.version_vector().last(*self.replica.id());
        let deltas = last.saturating_sub(self.state.core().ring.confirmed());
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let missing = self.missing();
        let missing = missing
            .values()
            .flatten()
            .map(|(first, last)| last.saturating_sub(*first).saturating_add(1));
        let mut status = Status {
            phase: Phase::Offline,
            text: String::new(),
            joined: self.replica.joined(),
            bookmarks: count(self.replica.len()),
            unpublished: count(self.replica.unpublished()).saturating_add(deltas),
            missing: missing.fold(0, u64::saturating_add),
            progress: self.gauge.read().filter(|_| self.link.up),
            replicas: count(self.state.peers().len()),
            visits: self.config.shares_visits().then(|| count(self.visits.len())),
            dropped: self.dropped.clone(),
            problems: self.problems.values().cloned().collect(),
            needs: self.needs(),
        };
        status.phase = self.phase(&status);
        status.text = self.words(&status);
        status
    }

    /// Whether the server has answered all that it was asked on this stream, of which there is one: nothing is under way.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.link.up && self.link.node_read && !self.link.awaits_answers()
    }

    /// Whether the server has all edits of this replica, or cannot be given more on this stream.
    #[must_use]
    pub fn edits_are_out(&self) -> bool {
        let can_publish =
            self.link.up && self.link.node_read && self.config.sync_bookmarks && self.has_readers();
        !can_publish || self.status().unpublished == 0
    }

    fn phase(&self, status: &Status) -> Phase {
        if !self.link.up {
            Phase::Offline
        } else if !self.config.sync_bookmarks {
            Phase::Off
        } else if !self.link.node_read || !self.link.announced {
            Phase::Starting
        } else if self.join_question.is_some() {
            Phase::NeedsYou
        } else if self.waits_for_device() {
            Phase::WaitingForDevice
        } else if status.missing > 0
            || self.state.incoming().is_some()
            || self.has_readers() && self.publishes(status)
        {
            Phase::Syncing
        } else if !status.needs.is_empty() {
            Phase::NeedsYou
        } else {
            Phase::UpToDate
        }
    }

    fn publishes(&self, status: &Status) -> bool {
        status.unpublished > 0
            || self.link.publishing
            || self.state.outgoing().is_some()
            || self.link.snapshot_due
    }

    fn words(&self, status: &Status) -> String {
        let bookmarks = status.bookmarks;
        if let (Phase::Syncing | Phase::WaitingForDevice, Some(progress)) = (status.phase, status.progress) {
            return progress.text();
        }
        match status.phase {
            Phase::Offline => "Not connected.".to_owned(),
            Phase::Off => "Connected; bookmarks are not synchronised.".to_owned(),
            Phase::Starting => "Fetching the account's devices and bookmarks …".to_owned(),
            Phase::WaitingForDevice => {
                "Waiting for another of your devices to share its bookmarks with this new one. \
                Switch one of them on; or remove those that you no longer use from the list of devices."
                    .to_owned()
            }
            Phase::Syncing if status.missing > 0 => {
                format!("Fetching {} changes of other devices …", status.missing)
            }
            Phase::Syncing => "Sending changes to your other devices …".to_owned(),
            Phase::NeedsYou => status.needs.iter().map(Need::text).collect::<Vec<_>>().join(" "),
            Phase::UpToDate if status.replicas == 0 => {
                format!("{bookmarks} bookmarks; no other device shares them yet.")
            }
            Phase::UpToDate => format!("{bookmarks} bookmarks, the same on all your devices."),
        }
    }

    /// Tells what changed since it was told last.
    pub(super) fn tell_status(&mut self) {
        let status = self.status();
        if self.told_status.as_ref() != Some(&status) {
            self.told_status = Some(status.clone());
            self.actions.push_back(Action::Notify(Event::Status(status)));
        }
        let mut devices = self.devices();
        // When a device was last heard of changes with each message.
        for device in &mut devices {
            device.last_seen = None;
        }
        if self.told_devices.as_ref() != Some(&devices) {
            self.told_devices = Some(devices);
            self.actions.push_back(Action::Notify(Event::Devices {
                devices: self.devices(),
            }));
        }
    }
}
