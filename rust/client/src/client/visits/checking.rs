// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Whether the server still has what this device has told: it may lose or take back items without a word.

use minidom::Element;
use rand_core::CryptoRng;

use super::segment_item;
use crate::client::link::{Pending, Timer};
use crate::client::{Client, between};
use crate::sealed::SealedItem;
use crate::stanza::{Request, StanzaError};
use crate::visits::{Recent, Segment};
use crate::{ns, pubsub};

/// How often it is looked whether the server still has a segment of this device, in milliseconds.
const CHECK_MS: u64 = 6 * 3_600_000;

/// When it is looked first on a stream, in milliseconds.
const FIRST_CHECK_MS: u64 = 10 * 60_000;

impl Client {
    /// A stream has begun; one that breaks often costs no segment each time.
    pub(super) fn look_at_segments_soon(&mut self, now: u64) {
        if !self.link.waits(&Timer::VisitsCheck) {
            self.link
                .set(Timer::VisitsCheck, now.saturating_add(FIRST_CHECK_MS));
        }
    }

    /// Whether the server has what this device has told last.
    pub(super) fn compare_own_visits(&mut self, payload: Option<&Element>) {
        let device = self.device.id();
        let Some(own) = self.state.own_visits().filter(|own| !own.is_nothing()) else {
            return;
        };
        let item = payload.and_then(|payload| SealedItem::parse(payload, "visits", ns::NODE_VISITS).ok());
        let there = item.and_then(|item| {
            let key = own.key(&item.key)?;
            Some(Recent::open(device, key, &item).ok()?.number)
        });
        let (told, sent) = (own.told_number, own.number);
        if there == Some(told) {
            return;
        }
        if let Some(own) = self.state.own_visits_mut() {
            match there {
                // What was sent when the stream broke.
                Some(number) if number > told => (own.told, own.number) = (None, sent.max(number)),
                _ => own.is_lost(),
            }
        }
    }

    /// Looks now and then whether the server still has what this device put there: of segments nobody is notified.
    pub(super) fn check_own_segment(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if self.link.checking_segment || self.link.waits(&Timer::VisitsCheck) {
            return;
        }
        let own = self.state.own_visits();
        let segments = own.into_iter().flat_map(|own| &own.segments);
        let segments: Vec<(u32, u64)> = segments
            .filter(|(_, segment)| segment.published)
            .map(|(segment, note)| (*segment, note.listed.number))
            .collect();
        let after = |last: u32| segments.iter().find(|(segment, _)| *segment > last);
        let next = match self.link.checked_segment {
            Some(last) => after(last).or(segments.first()),
            None => {
                let last = u64::try_from(segments.len()).map_or(0, |count| count.saturating_sub(1));
                let at = usize::try_from(between(0, last, rng));
                at.ok().and_then(|at| segments.get(at))
            }
        };
        match next {
            None => self.link.set(Timer::VisitsCheck, now.saturating_add(CHECK_MS)),
            Some(&(segment, number)) => {
                self.link.checking_segment = true;
                self.link.checked_segment = Some(segment);
                let item = segment_item(self.device.id(), segment);
                let query = pubsub::items(ns::NODE_VISITS_PAGES, &[item]);
                self.ask(
                    Request::Get,
                    None,
                    query,
                    Pending::OwnSegment(segment, number),
                    now,
                );
            }
        }
    }

    pub(in crate::client) fn own_segment_came(
        &mut self,
        segment: u32,
        number: u64,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        self.link.checking_segment = false;
        let device = self.device.id();
        let items = match answer {
            Ok(result) => pubsub::read_items(result.as_ref(), ns::NODE_VISITS_PAGES).unwrap_or_default(),
            Err(error) if error.is("item-not-found") => Vec::new(),
            Err(_) => return self.link.set(Timer::VisitsCheck, now.saturating_add(CHECK_MS)),
        };
        let id = segment_item(device, segment);
        let payload = items
            .into_iter()
            .find(|item| item.id == id)
            .and_then(|item| item.payload);
        let item =
            payload.and_then(|payload| SealedItem::parse(&payload, "pages", ns::NODE_VISITS_PAGES).ok());
        let Some(own) = self.state.own_visits() else {
            return;
        };
        let there = item.and_then(|item| {
            let key = own.key(&item.key)?;
            Some(Segment::open((device, segment), key, &item).ok()?.number)
        });
        let note = own.segments.get(&segment);
        // It may have been published anew, or emptied, since it was asked for.
        let same = note.is_some_and(|note| note.published && note.listed.number == number);
        if !same || there == Some(number) {
            return self.link.set(Timer::VisitsCheck, now.saturating_add(CHECK_MS));
        }
        // The next one is looked at right after it.
        tracing::info!(
            segment,
            "the server has lost a part of the history, which is published again"
        );
        if let Some(own) = self.state.own_visits_mut() {
            // Named anew, so that who could not read it tries again.
            own.told = None;
            if let Some(note) = own.segments.get_mut(&segment) {
                note.published = false;
            }
        }
    }
}
