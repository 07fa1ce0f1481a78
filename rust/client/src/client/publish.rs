// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Publishing this replica's deltas, head and snapshots.
//!
//! One item of the bookmarks node is under way at a time, and one chunk of a snapshot beside it, so that a slow uplink is
//! never filled by more than the server has confirmed. What is to be published is told by the state alone: after a crash
//! or a lost stream the same is due again.

use std::collections::{BTreeMap, BTreeSet};

use minidom::Element;
use minidom::rxml::xml_ncname;
use omemo::{DeviceId, EncryptError};
use rand_core::CryptoRng;

use super::Client;
use super::link::{HeadNote, Purpose, Timer};
use super::state::Kept;
use crate::body::{Body, Head, Update, UpdateDelta, Uploaded};
use crate::pubsub::Node;
use crate::ring::{Plan, Publication};
use crate::stanza::StanzaError;
use crate::{Problem, ProblemKind};

/// Largest delta, in bytes of JSON.
const DELTA_BYTES: usize = 16 * 1024;

/// More items than this at once are published as a snapshot, which is compressed, instead of as deltas. What is edited
/// after them does not wait for it.
pub(super) const MAX_ROWS: usize = 400;

/// How long after a failure something is published again, in milliseconds.
const RETRY_MS: u64 = 30_000;

impl Client {
    /// Notes that there may be edits to publish.
    pub(super) fn note_edits(&mut self, now: u64) {
        if self.replica.unpublished() > 0 {
            self.link.set(Timer::Flush, self.link.allowance.next(now));
        }
    }

    /// Publishes what is due.
    pub(super) fn publish_bookmarks(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if !self.link.own_lists_came() || self.link.fetches_bundles_of(self.config.account.as_str()) {
            // Devices would be left out that can be encrypted to in a moment.
            return;
        }
        if !self.has_readers() {
            self.publish_placeholder(now);
            return;
        }
        if self.was_away(now) {
            // The head alone, which asks for what is missing.
            if !self.item_is_under_way() && self.head_may_go() {
                self.publish_head(false, now, rng);
            }
            return;
        }
        self.take_deltas(now);
        self.publish_snapshot(now, rng);
        if self.item_is_under_way() {
            return;
        }
        match self.plan() {
            Plan::Nothing => {}
            // The one that is under way frees the items.
            Plan::Snapshot => self.link.snapshot_due |= self.state.outgoing().is_none(),
            Plan::Item(publication) => return self.publish_update(publication, now, rng),
        }
        self.publish_snapshot(now, rng);
        let finished = self.snapshot_is_out();
        if finished || self.head_may_go() {
            self.publish_head(finished, now, rng);
        }
    }

    /// Whether the next item has to wait for an answer, or for a while after a failure.
    fn item_is_under_way(&self) -> bool {
        self.link.publishing || self.link.waits(&Timer::Item)
    }

    fn head_may_go(&self) -> bool {
        self.link.head_due && !self.link.waits(&Timer::Head)
    }

    pub(super) fn has_readers(&self) -> bool {
        self.trusted_devices().iter().any(|device| device.has_session)
    }

    /// While there is no other device, the head is an OMEMO element without keys or content: it says that there is a replica
    /// of that device, so that a new one waits for it instead of thinking that it is the first.
    fn publish_placeholder(&mut self, now: u64) {
        let item = self.head_item();
        if !self.replica.joined() || self.item_is_under_way() || self.link.items.contains_key(&item) {
            return;
        }
        let header = Element::builder("header", omemo::NS_OMEMO_2)
            .attr(xml_ncname!("sid").to_owned(), self.device.id())
            .build();
        let element = Element::builder("encrypted", omemo::NS_OMEMO_2)
            .append(header)
            .build();
        let note = HeadNote {
            readers: BTreeSet::new(),
            snapshot: None,
            new_snapshot: false,
            whole: true,
        };
        self.link.publishing = true;
        self.publish(Node::Bookmarks, item, element, Purpose::Head(note), now);
    }

    /// Moves edits into deltas, which are kept until a snapshot covers them. What is edited while an item is under way
    /// goes into the next one together.
    fn take_deltas(&mut self, now: u64) {
        let ready = self.replica.joined() && self.replica.unpublished() > 0 && !self.link.publishing;
        if !ready || self.link.waits(&Timer::Flush) {
            return;
        }
        if self.replica.due() > MAX_ROWS {
            self.replica.set_aside();
        }
        if self.replica.has_set_aside() {
            self.link.snapshot_due = true;
        }
        if self.replica.due() == 0 {
            return;
        }
        self.link.allowance.spend(now);
        while let Some(delta) = self.replica.take_delta(DELTA_BYTES) {
            let bytes = serde_json::to_vec(&delta.rows).map_or(usize::MAX, |json| json.len());
            self.state.keep(
                delta.seq,
                Kept {
                    rows: delta.rows,
                    bytes,
                },
            );
        }
    }

    pub(super) fn plan(&self) -> Plan {
        let kept: BTreeMap<u64, usize> = self
            .state
            .kept()
            .iter()
            .map(|(seq, kept)| (*seq, kept.bytes))
            .collect();
        let last = self.replica.version_vector().last(*self.replica.id());
        self.state.core().ring.plan(&kept, last)
    }

    fn publish_update(&mut self, publication: Publication, now: u64, rng: &mut impl CryptoRng) {
        let range = publication.run.first..=publication.run.last;
        let deltas = self.state.kept().range(range);
        let vector = self.replica.version_vector();
        let settled = self.settled(self.state.core().snapshot.as_ref());
        let update = Update {
            replica: *self.replica.id(),
            have: settled.told_of(vector),
            rest: settled.rest_of(vector),
            deltas: deltas
                .map(|(seq, kept)| UpdateDelta {
                    seq: *seq,
                    rows: kept.rows.clone(),
                })
                .collect(),
        };
        let item = format!("{}.{}", self.replica.id(), publication.slot);
        if let Some((element, _)) = self.seal_body(&Body::Update(update), now, rng) {
            self.link.publishing = true;
            self.publish(Node::Bookmarks, item, element, Purpose::Update(publication), now);
        }
    }

    pub(super) fn update_published(
        &mut self,
        item: &str,
        publication: &Publication,
        answer: Result<(), StanzaError>,
        now: u64,
    ) {
        self.link.publishing = false;
        match answer {
            Ok(()) => {
                self.problems.remove("publish");
                self.link.items.insert(item.to_owned(), self.device.id());
                self.state.core_mut().ring.item_confirmed(publication);
            }
            Err(error) => self.publishing_failed(&error, now),
        }
    }

    fn publishing_failed(&mut self, error: &StanzaError, now: u64) {
        self.link.set(Timer::Item, now.saturating_add(RETRY_MS));
        let what = "The bookmarks could not be published";
        let problem = Problem::because(ProblemKind::BookmarksNotPublished, what, error);
        self.problems.insert("publish", problem);
    }

    /// Publishes the head, with the snapshot whose chunks have all been taken, or with the one from before.
    fn publish_head(&mut self, finished: bool, now: u64, rng: &mut impl CryptoRng) {
        let new = self
            .state
            .outgoing()
            .filter(|_| finished)
            .map(|outgoing| outgoing.info.clone());
        let snapshot = new.clone().or_else(|| self.state.core().snapshot.clone());
        let joined = self.replica.joined();
        let vector = self.replica.version_vector();
        let settled = self.settled(snapshot.as_ref());
        let told = settled.told_of(vector);
        let whose = told.replicas().collect();
        let uploaded = self.uploaded().map(|uploaded| Uploaded {
            snapshot: settled.told_of_snapshot(uploaded.snapshot),
            ..uploaded
        });
        let head = Head {
            replica: *self.replica.id(),
            name: self.config.label.clone(),
            kind: self.config.kind,
            joined,
            rest: settled.rest_of(vector),
            have: told,
            snapshot: snapshot.clone().map(|info| settled.told_of_snapshot(info)),
            upload: uploaded.map(Box::new),
            sending: self.sending(),
            request: self.link.request.clone(),
        };
        let Some((element, readers)) = self.seal_body(&Body::Head(Box::new(head)), now, rng) else {
            return;
        };
        let fresh = new.is_some() || self.uploaded().is_some();
        let whole = joined && (fresh || self.is_shared(snapshot.as_ref()));
        self.link.publishing = true;
        self.link.head_due = false;
        self.link.told = whose;
        self.link.clear(&Timer::Head);
        let note = HeadNote {
            readers,
            snapshot,
            new_snapshot: new.is_some(),
            whole,
        };
        self.publish(
            Node::Bookmarks,
            self.head_item(),
            element,
            Purpose::Head(note),
            now,
        );
    }

    pub(super) fn head_published(
        &mut self,
        item: &str,
        note: HeadNote,
        answer: Result<(), StanzaError>,
        now: u64,
    ) {
        self.link.publishing = false;
        if let Err(error) = answer {
            self.link.head_due = true;
            self.publishing_failed(&error, now);
            return;
        }
        self.problems.remove("publish");
        self.link.items.insert(item.to_owned(), self.device.id());
        let core = self.state.core_mut();
        if note.whole {
            core.welcomed.extend(note.readers.iter().copied());
        }
        core.readers = note.readers;
        if let Some(info) = note.snapshot.filter(|_| note.new_snapshot) {
            self.snapshot_named(info, now);
        }
    }

    fn head_item(&self) -> String {
        format!("{}.head", self.replica.id())
    }

    /// Encrypts a body for all trusted own devices; tells who can read it.
    fn seal_body(
        &mut self,
        body: &Body,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Option<(Element, BTreeSet<DeviceId>)> {
        let content = match body.to_content() {
            Ok(content) => content,
            Err(error) => {
                tracing::error!(error = %crate::body::describe(&error), "a body could not be written");
                return None;
            }
        };
        let account = self.account();
        match self.device.encrypt(vec![content], &[&account], now, rng) {
            Ok(encrypted) => {
                let readers = encrypted
                    .recipients
                    .into_iter()
                    .filter(|(jid, _)| *jid == account)
                    .map(|(_, id)| id);
                let element = encrypted.elements.into_iter().next()?;
                Some((element, readers.collect()))
            }
            Err(EncryptError::NoRecipients { .. }) => None,
            Err(error) => {
                tracing::error!(%error, "the bookmarks could not be encrypted");
                self.link.set(Timer::Item, now.saturating_add(RETRY_MS));
                let what = "The bookmarks could not be encrypted";
                let problem = Problem::because(ProblemKind::BookmarksNotPublished, what, &error);
                self.problems.insert("publish", problem);
                None
            }
        }
    }
}
