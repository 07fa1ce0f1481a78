// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What the host and its user want.

use jid::BareJid;
use omemo::DeviceId;
use rand_core::CryptoRng;
use replica::{EditError, EditOp, ItemId};

use super::Client;
use super::link::{Fetch, Pending};
use crate::pubsub::{self, Node};
use crate::refusal::{Refusal, RefusalKind};
use crate::stanza::Request;
use crate::{Command, Event, HostInput};

/// Most edits in one batch for the host.
const BATCH_EDITS: usize = 500;

impl Client {
    pub(super) fn take_host_input(&mut self, host: HostInput, now: u64, rng: &mut impl CryptoRng) {
        match host {
            HostInput::Started => self.replica.host_started(),
            HostInput::Tree { generation, tree } => {
                self.copy_before(tree.items.len().abs_diff(self.replica.len()), now);
                let done = self.replica.reconcile(generation, &tree, now, rng);
                self.host_due = true;
                if self.replica.joined() && self.replica.awaits_join() {
                    // Another profile's bookmarks, or none.
                    self.renew_join_question();
                    self.join_or_ask(now, rng);
                }
                let changed = done.changed.saturating_add(done.moved);
                if done.added.saturating_add(changed).saturating_add(done.removed) > 0 {
                    let (added, removed) = (done.added, done.removed);
                    self.events.push(Event::BookmarksChanged {
                        added,
                        changed,
                        removed,
                        remote: false,
                    });
                }
                self.note_edits(now);
            }
            HostInput::Applied { number } => {
                self.replica.applied(number);
                self.host_due = true;
            }
            HostInput::Saved { generation } => self.replica.saved(generation),
        }
    }

    /// Gives the host what it is to change, if there is anything.
    pub(super) fn offer_host_edits(&mut self) {
        if !std::mem::take(&mut self.host_due) {
            return;
        }
        if let Some(batch) = self.replica.next_batch(BATCH_EDITS) {
            self.events.push(Event::HostEdits(batch));
        }
    }

    pub(super) fn take_command(&mut self, command: Command, now: u64, rng: &mut impl CryptoRng) {
        match command {
            Command::SendChat { id, to, body } => self.post(Some(id), to, body, now),
            Command::SetTrust {
                jid,
                fingerprint,
                trust,
            } => self.set_trust(&jid, &fingerprint, trust, now),
            Command::TrustUri { uri } => self.take_trust_uri(&uri, now),
            Command::OwnUri { id } => {
                let uri = self.trust_uri(false);
                self.events.push(Event::OwnUri { id, uri });
            }
            Command::Verify { device } => self.verify(device, now, rng),
            Command::ConfirmEmoji { device, matches } => self.confirm_emoji(device, matches, now),
            Command::CancelVerification { device } => self.cancel_verification(device, now),
            Command::RemoveDevice { jid, device } => self.remove_device(&jid, device, now),
            Command::Leave { id } => self.leave(id, now),
            Command::ResetSession { jid, device } => self.reset_session(&jid, device, now),
            Command::Edit { id, op } => match self.edit(op, now, rng) {
                Ok(item) => self.events.push(Event::Edited { id, item }),
                Err(error) => self.refuse(id, error.into()),
            },
            Command::Import { id, tree, dry_run } => match self.import_or_count(&tree, dry_run, now, rng) {
                Ok((added, matched)) => self.events.push(Event::Imported { id, added, matched }),
                Err(error) => self.refuse(id, error.into()),
            },
            Command::AnswerHeld { id, question, accept } => self.answer_held(id, question, accept, now),
            Command::Join { id, mode } => self.answer_join(id, mode, now, rng),
            Command::History { id } => self.tell_history(id),
            Command::HistoryDiff { id, at } => self.tell_differences(id, at),
            Command::Restore { id, at } => self.restore(id, at, now),
            Command::OpenTabs { tabs } => self.take_open_tabs(tabs),
            Command::Tabs { id } => {
                let devices = self.open_tabs(now);
                self.events.push(Event::Tabs { id, devices });
            }
            Command::SendTabs { id, device, tabs } => self.send_tabs(id, device, tabs, now, rng),
            Command::SentTabs { id } => {
                let sent = self.sent_tabs();
                self.events.push(Event::SentTabs { id, sent });
            }
            Command::TabsOpened { name } => self.tabs_opened(&name, now),
            Command::Visited { pages, all, more } => self.take_visited_pages(pages, all, more, now),
            Command::VisitsDeleted { urls } => self.take_deleted_visits(urls, now),
            Command::VisitsEmptied => self.take_emptied_visits(),
            Command::VisitsApplied { number, done } => self.visits_applied(number, done),
            Command::ClearVisits { id } => self.clear_visits(id, now),
            Command::Visits { id, limit } => {
                let pages = self.visits(limit);
                self.events.push(Event::Visits { id, pages });
            }
            Command::Refresh => self.refresh(),
        }
    }

    /// Tells that a command is not carried out: of that id, or of that type where it has none.
    pub(super) fn refuse(&mut self, id: impl Into<String>, refusal: Refusal) {
        self.events.push(Event::CommandFailed {
            id: id.into(),
            kind: refusal.kind,
            reason: refusal.reason,
        });
    }

    /// Everything is fetched again; nothing is forgotten.
    pub(super) fn refresh(&mut self) {
        let own = self.link.own.values_mut();
        let fetches = own.flat_map(|own| [&mut own.list, &mut own.bundle]);
        let nodes = [
            &mut self.link.node,
            &mut self.link.trust,
            &mut self.link.tabs,
            &mut self.link.parcels,
            &mut self.link.visits,
        ];
        for fetch in fetches.chain(nodes) {
            if *fetch == Fetch::Done {
                *fetch = Fetch::Wanted;
            }
        }
        self.link.lists.retain(|_, (fetch, _)| *fetch == Fetch::Asked);
        self.link.failed_snapshots.clear();
        self.link.failed_segments.clear();
    }

    fn reset_session(&mut self, jid: &BareJid, device: DeviceId, now: u64) {
        if !self.device.reset_session(jid.as_str(), device) {
            let reason = format!("there is no session with a device {device} of {jid}");
            return self.refuse("reset_session", Refusal::new(RefusalKind::UnknownDevice, reason));
        }
        self.told_devices = None;
        self.link.greet.insert((jid.to_string(), device));
        if self.link.up && *jid != self.config.account {
            self.fetch_lists(jid, now);
        }
    }

    fn remove_device(&mut self, jid: &BareJid, device: DeviceId, now: u64) {
        let own = jid == &self.config.account;
        let command = "remove_device";
        if own && device == self.device.id() {
            let reason = "this device cannot remove itself";
            return self.refuse(command, Refusal::new(RefusalKind::ThisDevice, reason));
        }
        if own && (!self.link.up || !self.link.own_lists_came()) {
            let reason = "the account's device list can only be changed while there is a connection";
            return self.refuse(command, Refusal::new(RefusalKind::NotConnected, reason));
        }
        let known = self.device.device_list(jid.as_str());
        let Some(known) = known.into_iter().find(|known| known.id == device) else {
            let reason = format!("{jid} has no device {device}");
            return self.refuse(command, Refusal::new(RefusalKind::UnknownDevice, reason));
        };
        self.device.remove_device(jid.as_str(), device);
        self.told_devices = None;
        if !own {
            return;
        }
        // The others notice that it is gone and stop to encrypt to it.
        for namespace in known.announced {
            self.publish_own_list(namespace, now);
            let (_, item) = namespace.bundle_node(device);
            let retract = pubsub::retract(Node::Bundle(namespace, device), &item);
            self.ask(Request::Set, None, retract, Pending::Forget, now);
        }
        let retract = pubsub::retract(Node::Trust, &super::trust::decisions_item(device));
        self.ask(Request::Set, None, retract, Pending::Forget, now);
        self.retract(pubsub::retract(Node::Tabs, &super::tabs::tabs_item(device)), now);
        self.forget_tabs_of(device);
        self.retract_parcels_of(device, now);
        if known.trust.is_trusted() {
            self.inherit_visits_of(device, now);
        }
        self.forget_replicas_of(device, now);
    }

    /// This device's name as others may see it.
    pub(super) fn label(&self) -> Option<String> {
        let label: String = self
            .config
            .label
            .chars()
            .filter(|character| !super::chat::is_forbidden(*character))
            .collect();
        Some(label).filter(|label| !label.is_empty())
    }

    pub(super) fn edit(
        &mut self,
        op: EditOp,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<ItemId, EditError> {
        let (added, changed, removed) = match &op {
            EditOp::Add { .. } => (1, 0, 0),
            EditOp::Set { .. } | EditOp::Move { .. } => (0, 1, 0),
            EditOp::Remove { .. } => (0, 0, 1),
        };
        let item = self.replica.edit(op, now, rng)?;
        self.events.push(Event::BookmarksChanged {
            added,
            changed,
            removed,
            remote: false,
        });
        self.host_due = true;
        self.note_edits(now);
        Ok(item)
    }
}
