// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Publishing items, and repairing a node whose configuration is another one (XEP-0060 §7.1.5, §8.2).

use minidom::Element;
use rand_core::CryptoRng;

use super::Client;
use super::link::{Pending, Publish, Purpose};
use crate::pubsub::{self, MaxItems, Node};
use crate::stanza::{Request, StanzaError};

/// How often a publication is tried again after a repair of its node: once for its configuration, once for a server that
/// does not know the word `max`.
const MAX_REPAIRS: u8 = 2;

impl Client {
    /// Publishes one item of a node of the own account.
    pub(super) fn publish(&mut self, node: Node, item: String, payload: Element, purpose: Purpose, now: u64) {
        self.send_publish(
            Publish {
                node,
                item,
                payload,
                purpose,
                repairs: 0,
            },
            now,
        );
    }

    fn send_publish(&mut self, publish: Publish, now: u64) {
        let payload = pubsub::publish(
            publish.node,
            self.link.max_items(),
            &publish.item,
            publish.payload.clone(),
        );
        self.ask(
            Request::Set,
            None,
            payload,
            Pending::Publish(Box::new(publish)),
            now,
        );
    }

    pub(super) fn publish_answered(
        &mut self,
        mut publish: Publish,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let answer = answer.map(drop);
        if let Err(error) = &answer
            && publish.repairs < MAX_REPAIRS
        {
            if error.is_precondition_not_met() {
                publish.repairs = publish.repairs.saturating_add(1);
                let form = pubsub::configure(publish.node, self.link.max_items());
                self.ask(
                    Request::Set,
                    None,
                    form,
                    Pending::Configure(Box::new(publish)),
                    now,
                );
                return;
            }
            if self.may_not_know_max(error) {
                publish.repairs = publish.repairs.saturating_add(1);
                self.link.max_items = Some(MaxItems::FALLBACK);
                self.send_publish(publish, now);
                return;
            }
        }
        self.published(publish, answer, now, rng);
    }

    pub(super) fn configure_answered(
        &mut self,
        mut publish: Publish,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        match answer {
            Ok(_) => self.send_publish(publish, now),
            Err(error) if publish.repairs < MAX_REPAIRS && self.may_not_know_max(&error) => {
                publish.repairs = publish.repairs.saturating_add(1);
                self.link.max_items = Some(MaxItems::FALLBACK);
                let form = pubsub::configure(publish.node, MaxItems::FALLBACK);
                self.ask(
                    Request::Set,
                    None,
                    form,
                    Pending::Configure(Box::new(publish)),
                    now,
                );
            }
            Err(error) => self.published(publish, Err(error), now, rng),
        }
    }

    fn may_not_know_max(&self, error: &StanzaError) -> bool {
        self.link.max_items() == MaxItems::Max
            && [
                "bad-request",
                "not-acceptable",
                "feature-not-implemented",
                "internal-server-error",
            ]
            .iter()
            .any(|condition| error.is(condition))
    }

    fn published(
        &mut self,
        publish: Publish,
        answer: Result<(), StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        if let Err(error) = &answer {
            tracing::info!(node = publish.node.name(), %error, "not published");
        }
        match publish.purpose {
            Purpose::Generation => self.generation_published(&answer, now),
            Purpose::Bundle(namespace) => self.bundle_published(namespace, publish.payload, answer, now),
            Purpose::LastList(namespace) => self.last_list_published(namespace, answer, now),
            Purpose::List(namespace) => self.list_published(namespace, answer, now, rng),
            Purpose::Update(run) => self.update_published(&publish.item, &run, answer, now),
            Purpose::Head(note) => self.head_published(&publish.item, note, answer, now),
            Purpose::Chunk => self.chunk_published(answer, now),
            Purpose::Verification(peer, said) => self.verification_published(peer, &said, &answer, now),
            Purpose::Tabs(mark) => self.tabs_published(mark, answer, now),
            Purpose::Visits(note) => self.visits_published(note, answer, now),
            Purpose::Takes(takes) => self.taking_published(takes, &answer),
            Purpose::Parcel(name, asked_before) => self.parcel_published(&name, asked_before, answer, now),
            Purpose::Decisions(digest) => self.decisions_published(digest, answer, now),
        }
    }
}
