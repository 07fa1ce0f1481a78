// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What this device tells of its history.

use std::collections::BTreeMap;

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;
use replica::visits::PageRow;

use super::{DAY_MS, RETRY_MS, recent_item, segment_item};
use crate::client::Client;
use crate::client::link::{Purpose, Timer};
use crate::client::state::{OwnSegment, OwnVisits};
use crate::pubsub::Node;
use crate::sealed::{ItemKey, SealedItem};
use crate::stanza::StanzaError;
use crate::visits::{
    Listed, MAX_RECENT_BYTES, MAX_SEALED_BYTES, MAX_SEGMENTS, Recent, Segment, VisitKeys, sealed_bytes,
};
use crate::{Problem, ProblemKind, ns};

/// Two recent items are at least this far apart, in milliseconds; and whatever is sent, four times as far as it took: the history
/// comes after all else.
const INTERVAL_MS: u64 = 3_000;

/// Of more recent items than this within [`WINDOW_MS`], the next one waits: two a minute where pages are visited all the time.
const BURST: usize = 5;
const WINDOW_MS: u64 = 150_000;

/// How long one key serves, in milliseconds.
const KEY_MS: u64 = 7 * DAY_MS;

/// A segment is filled up while it tells of fewer pages.
const SPARSE_PAGES: usize = 150;

/// Of so many sparse segments the first that has room is taken, or else a new one.
const MAX_TRIED: usize = 4;

/// Most pages in a segment.
const MAX_PAGES: usize = 1_000;

/// Pages of so many bytes take more than a whole item when they are compressed, which is not tried with more of them.
const MAX_RAW_BYTES: usize = 8 * MAX_SEALED_BYTES;

/// Most segments that are filled in one step.
const MAX_FILLED: usize = 4;

const PROBLEM: &str = "visits";

/// What an item was when it was published.
#[derive(Clone, Debug)]
pub(in crate::client) enum VisitsNote {
    Segment(u32, u64),
    Recent {
        number: u64,
        /// It tells all that it should: what is new in a segment may have been in it.
        whole: bool,
        revision: u64,
        bytes: usize,
        readers: Vec<DeviceId>,
        segments: BTreeMap<u32, u64>,
    },
}

impl Client {
    /// Publishes the next item that is due.
    pub(super) fn publish_visits(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if self.link.visits_sent_at.is_some() || self.link.waits(&Timer::Visits) {
            return;
        }
        let readers = self
            .trusted_devices()
            .into_iter()
            .filter(|device| device.has_session);
        let readers: Vec<DeviceId> = readers.map(|device| device.id).collect();
        if readers.is_empty() || !self.has_visits_to_tell(&readers) {
            return;
        }
        let own = self.state.own_visits();
        if own.is_none_or(|own| own.segments.values().all(|segment| segment.published)) {
            self.flush_recent();
        }
        let Some((own, encrypted)) = self.prepare_visits(readers, now, rng) else {
            return self.link.set(Timer::Visits, now.saturating_add(RETRY_MS));
        };
        let sent = match own.segments.iter().find(|(_, segment)| !segment.published) {
            Some((segment, _)) => self.publish_segment(*segment, &own, now, rng),
            None => self.publish_recent(&own, encrypted, now, rng),
        };
        if sent.is_none() {
            tracing::error!("the history could not be sealed");
            self.link.set(Timer::Visits, now.saturating_add(RETRY_MS));
        }
    }

    fn has_visits_to_tell(&self, readers: &[DeviceId]) -> bool {
        let revision = self.visits.revision();
        match self.state.own_visits() {
            Some(own) if own.device == self.device.id() && !own.is_nothing() => {
                let told = own.told.as_ref();
                let current = told.is_some_and(|(told, to)| *told == revision && to == readers);
                // What has grown too large moves to a segment once all have read it, if there is room for one.
                let due = own.told_bytes > MAX_RECENT_BYTES && !self.is_history_full();
                !current || due || own.segments.values().any(|segment| !segment.published)
            }
            _ => {
                let pages = self.visits.recent_len() > 0 || !self.visits.segments().is_empty();
                pages || self.visits.cleared() > 0
            }
        }
    }

    /// Moves what changed lately to segments where it is too much to be told with every change.
    fn flush_recent(&mut self) {
        let recent = self.visits.recent();
        let own = self.state.own_visits();
        let told = own.and_then(|own| Some((own.told.as_ref()?.0, own.told_number)));
        // What the others have read need not be fetched by them.
        if let Some((revision, number)) = told {
            let read = recent
                .get(..self.visits.recent_until(revision))
                .unwrap_or_default();
            if packed_bytes(read) > MAX_RECENT_BYTES {
                return self.move_to_segments(read, number);
            }
        }
        if packed_bytes(&recent) > MAX_SEALED_BYTES {
            self.move_to_segments(&recent, 0);
        }
    }

    /// Moves these, the first of what changed lately, or as many as fit into a few segments; `known` is the recent item that all
    /// of them were in.
    fn move_to_segments(&mut self, mut pages: &[PageRow], known: u64) {
        for _ in 0..MAX_FILLED {
            if pages.is_empty() {
                return;
            }
            let Some((segment, count)) = self.place_for(pages) else {
                return tracing::warn!("the history has too many segments");
            };
            self.visits.move_recent(count, segment);
            pages = pages.get(count..).unwrap_or_default();
            self.note_segment(segment, known);
        }
    }

    /// Where the first of these pages can be put, and how many of them.
    fn place_for(&self, pages: &[PageRow]) -> Option<(u32, usize)> {
        let filled = self.visits.segments();
        let sparse = filled
            .iter()
            .filter(|(segment, pages)| self.is_sparse(**segment, **pages));
        for (segment, _) in sparse.take(MAX_TRIED) {
            let there = self.visits.segment(*segment);
            let count = fit(&there, pages);
            // No page alone fills so much, and not all others go elsewhere.
            if count == pages.len() || count >= SPARSE_PAGES {
                return Some((*segment, count));
            }
        }
        Some((self.free_segment()?, fit(&[], pages).max(1)))
    }

    /// Whether a segment of so many pages is to be filled up.
    fn is_sparse(&self, segment: u32, pages: usize) -> bool {
        let own = self.state.own_visits();
        let (then, bytes) = own
            .and_then(|own| own.segments.get(&segment))
            .map_or((0, 0), |note| note.size);
        let bytes = bytes.saturating_mul(pages).checked_div(then).unwrap_or(0);
        pages < SPARSE_PAGES && bytes < MAX_SEALED_BYTES / 2
    }

    fn free_segment(&self) -> Option<u32> {
        let filled = self.visits.segments();
        let used = |segment: &u32| {
            let own = self.state.own_visits();
            filled.contains_key(segment) || own.is_some_and(|own| own.segments.contains_key(segment))
        };
        let limit = u32::try_from(MAX_SEGMENTS).unwrap_or(u32::MAX);
        (0..limit).find(|segment| !used(segment))
    }

    fn is_history_full(&self) -> bool {
        self.free_segment().is_none()
    }

    /// A segment is to be published anew.
    fn note_segment(&mut self, segment: u32, known: u64) {
        let device = self.device.id();
        if self.state.own_visits().is_none_or(|own| own.device != device) {
            self.state.keep_own_visits(OwnVisits::new(device));
        }
        let Some(own) = self.state.own_visits_mut() else {
            return;
        };
        own.segment_number = own.segment_number.saturating_add(1);
        let number = own.segment_number;
        let before = own.segments.get(&segment);
        let (before, known) = match before {
            Some(OwnSegment {
                told: false, listed, ..
            }) => (listed.before, 0),
            Some(OwnSegment { listed, .. }) => (listed.number, known),
            None => (0, known),
        };
        let listed = Listed {
            number,
            before,
            known,
        };
        let note = OwnSegment {
            listed,
            key: String::new(),
            size: (0, 0),
            published: false,
            told: false,
        };
        own.segments.insert(segment, note);
        own.told = None;
    }

    /// The keys and the element that gives them to the readers.
    fn prepare_visits(
        &mut self,
        readers: Vec<DeviceId>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Option<(OwnVisits, Element)> {
        let device = self.device.id();
        let known = self
            .state
            .own_visits()
            .filter(|own| own.device == device)
            .cloned();
        let mut own = known.unwrap_or_else(|| OwnVisits::new(device));
        let removed = own.readers.iter().any(|reader| !readers.contains(reader));
        let fresh = own.keys.is_empty() || removed || now.abs_diff(own.drawn) >= KEY_MS;
        if fresh {
            let used = |key: &ItemKey| own.segments.values().any(|segment| segment.key == key.id);
            own.keys.retain(used);
            own.keys.push(ItemKey::random(rng));
            own.drawn = now;
        }
        if fresh || own.readers != readers || own.encrypted.is_empty() {
            let content = VisitKeys::new(own.keys.clone()).to_content()?;
            let account = self.account();
            let to: Vec<(String, DeviceId)> =
                readers.iter().map(|reader| (account.clone(), *reader)).collect();
            let encrypted = match self.device.encrypt_for(vec![content], &to, now, rng) {
                Ok(encrypted) => encrypted,
                Err(error) => {
                    tracing::warn!(%error, "the keys of the history could not be encrypted");
                    return None;
                }
            };
            own.encrypted = String::from(encrypted.elements.first()?);
            own.readers = readers;
            own.told = None;
        }
        let encrypted = own.encrypted.parse().ok()?;
        self.state.keep_own_visits(own.clone());
        Some((own, encrypted))
    }

    fn publish_segment(
        &mut self,
        segment: u32,
        own: &OwnVisits,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Option<()> {
        let (key, note) = (own.keys.last()?, own.segments.get(&segment)?);
        let number = note.listed.number;
        let pages = self.visits.segment(segment);
        let count = pages.len();
        let sealed = Segment::new(number, pages)
            .seal((own.device, segment), key, rng)
            .ok()?;
        let item = segment_item(own.device, segment);
        let kept = self.state.own_visits_mut()?;
        kept.deleting.remove(&item);
        let kept = kept.segments.get_mut(&segment)?;
        kept.key.clone_from(&sealed.key);
        kept.size = (count, sealed.sealed.len());
        let payload = sealed.to_element("pages", ns::NODE_VISITS_PAGES, None);
        self.send_visits(
            Node::VisitsPages,
            item,
            payload,
            VisitsNote::Segment(segment, number),
            now,
        );
        Some(())
    }

    fn publish_recent(
        &mut self,
        own: &OwnVisits,
        encrypted: Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Option<()> {
        let key = own.keys.last()?;
        let number = own.number.saturating_add(1);
        let filled = self.visits.segments();
        let listed = own
            .segments
            .iter()
            .filter(|(segment, _)| filled.contains_key(segment));
        let listed: BTreeMap<u32, Listed> = listed.map(|(segment, own)| (*segment, own.listed)).collect();
        let mut pages = self.visits.recent();
        let mut bytes = packed_bytes(&pages);
        let whole = bytes <= MAX_SEALED_BYTES;
        if !whole {
            // There are no more segments: the oldest of it wait for room.
            pages.reverse();
            pages.truncate(fit(&[], &pages));
            pages.reverse();
            bytes = packed_bytes(&pages);
        }
        let note = VisitsNote::Recent {
            number,
            whole,
            bytes,
            revision: self.visits.revision(),
            readers: own.readers.clone(),
            segments: listed
                .iter()
                .map(|(segment, listed)| (*segment, listed.number))
                .collect(),
        };
        let recent = Recent::new(number, self.visits.cleared(), listed, pages);
        let sealed: SealedItem = recent.seal(own.device, key, rng).ok()?;
        let item = recent_item(own.device);
        let kept = self.state.own_visits_mut()?;
        kept.number = number;
        kept.deleting.remove(&item);
        let payload = sealed.to_element("visits", ns::NODE_VISITS, Some(encrypted));
        self.send_visits(Node::Visits, item, payload, note, now);
        Some(())
    }

    fn send_visits(&mut self, node: Node, item: String, payload: Element, note: VisitsNote, now: u64) {
        self.link.visits_sent_at = Some(now);
        self.publish(node, item, payload, Purpose::Visits(note), now);
    }

    pub(in crate::client) fn visits_published(
        &mut self,
        note: VisitsNote,
        answer: Result<(), StanzaError>,
        now: u64,
    ) {
        let sent = self.link.visits_sent_at.take().unwrap_or(now);
        if let Err(error) = answer {
            self.link.set(Timer::Visits, now.saturating_add(RETRY_MS));
            let what = "This browser's history could not be published";
            let problem = Problem::because(ProblemKind::VisitsNotPublished, what, &error);
            self.problems.insert(PROBLEM, problem);
            return;
        }
        self.problems.remove(PROBLEM);
        let mut next = now.saturating_add(now.saturating_sub(sent).saturating_mul(4));
        match note {
            VisitsNote::Segment(segment, number) => {
                let own = self.state.own_visits_mut();
                let note = own.and_then(|own| own.segments.get_mut(&segment));
                if let Some(note) = note.filter(|note| note.listed.number == number) {
                    note.published = true;
                }
            }
            VisitsNote::Recent { .. } => {
                next = next.max(self.next_recent(sent));
                self.recent_is_out(note);
            }
        }
        if next > now {
            self.link.set(Timer::Visits, next);
        }
    }

    /// When the recent item after the one that was sent then may be.
    fn next_recent(&mut self, sent: u64) -> u64 {
        let times = &mut self.link.visits_times;
        times.push_back(sent);
        if times.len() > BURST {
            times.pop_front();
        }
        let full = times.len() == BURST;
        let pause = times
            .front()
            .filter(|_| full)
            .map_or(0, |first| first.saturating_add(WINDOW_MS));
        pause.max(sent.saturating_add(INTERVAL_MS))
    }

    /// The others can read it: what it no longer names is deleted.
    fn recent_is_out(&mut self, note: VisitsNote) {
        let VisitsNote::Recent {
            number,
            whole,
            revision,
            bytes,
            readers,
            segments,
        } = note
        else {
            return;
        };
        let Some(own) = self.state.own_visits_mut() else {
            return;
        };
        // Unless the server was found to have lost some of it meanwhile.
        let there = own.segments.values().all(|segment| segment.published);
        own.told = there.then_some((revision, readers));
        (own.told_number, own.told_bytes) = (if whole { number } else { 0 }, bytes);
        let unnamed: Vec<u32> = own
            .segments
            .keys()
            .copied()
            .filter(|segment| !segments.contains_key(segment))
            .collect();
        for (segment, note) in &mut own.segments {
            note.told |= segments.get(segment) == Some(&note.listed.number);
        }
        let filled = self.visits.segments();
        let empty: Vec<u32> = unnamed
            .into_iter()
            .filter(|segment| !filled.contains_key(segment))
            .collect();
        let device = self.device.id();
        for segment in empty {
            if let Some(own) = self.state.own_visits_mut() {
                own.segments.remove(&segment);
                own.deleting.insert(segment_item(device, segment));
            }
        }
        self.finish_adoptions(revision);
    }

    /// What was taken over of devices that are gone is told: their items are of no use any more.
    fn finish_adoptions(&mut self, revision: u64) {
        let Some(own) = self.state.own_visits() else {
            return;
        };
        let told = own.adopted.iter().filter(|(_, since)| **since <= revision);
        let told: Vec<DeviceId> = told.map(|(device, _)| *device).collect();
        if own.told.is_none() {
            return;
        }
        for device in told {
            let peer = self.state.visits_peers().get(&device);
            let segments: Vec<u32> = peer
                .into_iter()
                .flat_map(|peer| peer.segments.keys().copied())
                .collect();
            self.delete_visits_of(device, &segments);
            self.state.forget_visits_peer(device);
            if let Some(own) = self.state.own_visits_mut() {
                own.adopted.remove(&device);
            }
        }
    }
}

/// How many of `pages`, the first ones, take less than [`MAX_RAW_BYTES`] as they are.
fn manageable(pages: &[PageRow]) -> usize {
    let mut bytes = 0_usize;
    let fits = |page: &&PageRow| {
        let title = page.title.as_ref().map_or(0, |(text, _)| text.len());
        bytes = bytes.saturating_add(page.url.len()).saturating_add(title);
        bytes < MAX_RAW_BYTES
    };
    pages.iter().take_while(fits).count()
}

/// How many bytes pages take, compressed; the most there are for so many that it is not tried.
fn packed_bytes(pages: &[PageRow]) -> usize {
    if manageable(pages) < pages.len() {
        usize::MAX
    } else {
        sealed_bytes(pages)
    }
}

/// How many of `pages` fit into an item beside what is there.
fn fit(there: &[PageRow], pages: &[PageRow]) -> usize {
    let room = MAX_PAGES.saturating_sub(there.len());
    let mut count = manageable(pages).min(room);
    while count > 0 {
        let all: Vec<PageRow> = there.iter().chain(pages.iter().take(count)).cloned().collect();
        let bytes = sealed_bytes(&all);
        if bytes <= MAX_SEALED_BYTES {
            break;
        }
        let share = count
            .saturating_mul(MAX_SEALED_BYTES)
            .checked_div(bytes)
            .unwrap_or(0);
        count = share.min(count.saturating_sub(1));
    }
    count
}
