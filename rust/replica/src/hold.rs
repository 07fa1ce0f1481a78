// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Large deletions wait for the user.
//!
//! What would take more than a fifth of over five items away at once, or more than a thousand, is held: the deletion is known,
//! saved and passed on, but not carried out, until the user accepts or refuses it. Nothing else waits.
//!
//! - *Incoming*: another replica deleted. The items stay in this tree, and its host keeps them. Accepting lets them go, and tells
//!   the other replicas that the user agreed; refusing writes them anew, as an ordinary edit, so they come back everywhere.
//! - *Outgoing*: the host holds them no more. The items stay in the tree, and others hear nothing; the host is not given them
//!   back meanwhile. Accepting deletes them everywhere; refusing puts them back into the host.
//!
//! The same questions, records and answers serve additions that would double what is here (`doubling.rs`).
//!
//! Nobody is asked for what somebody plainly did. Each deletion says how it came about ([`Consent`]):
//!
//! - *By hand*: in a host that was running, so its user saw it happen; with at most [`MAX_GESTURES`] removals (a folder counts once,
//!   with all it holds; the quiet time before a collection may join a few); and at least a tenth of the items stays. So is an
//!   edit of one named item, and any deletion that is too small to be asked about. It is held elsewhere only when less than
//!   a tenth would stay there.
//! - *Agreed*: the user was asked and said yes, on any device, or restored an earlier state. It is held nowhere.
//! - Anything else, such as what is gone when a host starts, is not plain.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::publish::Unpublished;
use crate::state::{FieldName, Slot, State};
use crate::{Kind, Replica, ReplicaId, Stamp};

/// Fewer items than this altogether are never asked about.
const MIN_TOTAL: usize = 6;

/// One in so many of all items may go at once …
const HELD_SHARE: usize = 5;

/// … but no more than this number.
const HELD_COUNT: usize = 1_000;

/// Of what is deleted by hand, one in so many of all items has to stay.
const STAYING_SHARE: usize = 10;

/// Removals that a user makes by hand within the quiet time before a collection.
const MAX_GESTURES: usize = 3;

/// Deletions of others that come within this time count as at once, in milliseconds: a large one comes in several deltas.
pub(crate) const AT_ONCE_MS: u64 = 60_000;

/// Most titles that a question names.
const MAX_TITLES: usize = 5;

/// How a deletion came about. In JSON a number; larger ones than are known count as the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(into = "u8", from = "u8")]
pub enum Consent {
    /// 0: nobody knows.
    #[default]
    None,
    /// 1: plainly by the hand of the user, or too small to matter.
    Hand,
    /// 2: the user was asked.
    Agreed,
}

impl Consent {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
    pub(crate) fn is_none(&self) -> bool {
        *self == Consent::None
    }
}

impl From<u8> for Consent {
    fn from(number: u8) -> Consent {
        match number {
            0 => Consent::None,
            1 => Consent::Hand,
            _ => Consent::Agreed,
        }
    }
}

impl From<Consent> for u8 {
    fn from(consent: Consent) -> u8 {
        match consent {
            Consent::None => 0,
            Consent::Hand => 1,
            Consent::Agreed => 2,
        }
    }
}

/// What is asked about: who deleted, and so who would lose what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Another replica: this one and its host would lose the items.
    Incoming,
    /// This replica's host: all others would lose them.
    Outgoing,
    /// Nobody: another replica added what is here already, and it would be here twice.
    Doubled,
}

/// Deletions, or additions, that wait for the user's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Who deleted.
    pub side: Side,
    /// The replica that published the deletion or addition, or this one.
    pub replica: ReplicaId,
    /// When it was noticed first, in milliseconds since the Unix epoch.
    pub since: u64,
    /// How many items would go, or come, …
    pub items: u64,
    /// … of how many there were.
    pub of: u64,
    /// The titles of some that are in no folder that goes as well, folders first.
    pub titles: Vec<String>,
}

/// A deletion that is known and not carried out, or an addition that the host is not given; its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hold {
    #[serde(rename = "s")]
    pub(crate) side: Side,
    /// Dead up to this; of an addition, the latest that it says.
    #[serde(rename = "x")]
    pub(crate) stamp: Stamp,
    #[serde(rename = "c", default, skip_serializing_if = "Consent::is_none")]
    pub(crate) consent: Consent,
    #[serde(rename = "r")]
    by: ReplicaId,
    #[serde(rename = "t")]
    at: u64,
    #[serde(rename = "n")]
    of: u64,
}

impl Hold {
    /// `of` items there were when it was noticed at the time `at`.
    pub(crate) fn new(side: Side, stamp: Stamp, consent: Consent, by: ReplicaId, at: u64, of: usize) -> Hold {
        Hold {
            side,
            stamp,
            consent,
            by,
            at,
            of: u64::try_from(of).unwrap_or(u64::MAX),
        }
    }
}

/// Titles, those of folders first.
type Names = BTreeSet<(Kind, Arc<str>)>;

/// A deletion that came from another replica.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Death {
    pub(crate) slot: Slot,
    pub(crate) stamp: Stamp,
    pub(crate) consent: Consent,
    /// When others noted it, where they said so.
    pub(crate) noted: Option<u64>,
}

/// All that is held, and what came shortly before.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    by_slot: BTreeMap<Slot, Hold>,
    pub(crate) unsaved: BTreeSet<Slot>,
    /// When the first deletions came that count as at once with those that come now.
    since: u64,
    /// What there was before, and how much of it went since.
    total: usize,
    gone: usize,
}

impl Holds {
    pub(crate) fn get(&self, slot: Slot) -> Option<&Hold> {
        self.by_slot.get(&slot)
    }

    pub(crate) fn restore(&mut self, slot: Slot, hold: Hold) {
        self.by_slot.insert(slot, hold);
    }

    /// Whether the host lacks the item and is not to be given it.
    pub(crate) fn is_withheld(&self, slot: Slot) -> bool {
        self.get(slot).is_some_and(|hold| hold.side != Side::Incoming)
    }

    /// A deletion by another replica that is not carried out.
    pub(crate) fn incoming(&self, slot: Slot) -> Option<&Hold> {
        self.get(slot).filter(|hold| hold.side == Side::Incoming)
    }

    pub(crate) fn put(&mut self, slot: Slot, hold: Hold) {
        self.by_slot.insert(slot, hold);
        self.unsaved.insert(slot);
    }

    pub(crate) fn take(&mut self, slot: Slot) -> Option<Hold> {
        let hold = self.by_slot.remove(&slot)?;
        self.unsaved.insert(slot);
        Some(hold)
    }
}

/// Whether so many of so many are asked about.
pub(crate) fn is_large(gone: usize, total: usize) -> bool {
    total >= MIN_TOTAL && (gone.saturating_mul(HELD_SHARE) > total || gone > HELD_COUNT)
}

/// Whether nearly everything goes.
fn leaves_nothing(gone: usize, total: usize) -> bool {
    total >= MIN_TOTAL && total.saturating_sub(gone).saturating_mul(STAYING_SHARE) < total
}

impl Replica {
    /// What waits for the user's answer.
    pub fn held(&self) -> Vec<Held> {
        let mut questions: BTreeMap<(Side, ReplicaId), Held> = BTreeMap::new();
        let mut names: BTreeMap<(Side, ReplicaId), Names> = BTreeMap::new();
        for (slot, hold) in &self.holds.by_slot {
            let question = questions.entry((hold.side, hold.by)).or_insert_with(|| Held {
                side: hold.side,
                replica: hold.by,
                since: hold.at,
                items: 0,
                of: 0,
                titles: Vec::new(),
            });
            question.since = question.since.min(hold.at);
            question.items = question.items.saturating_add(1);
            question.of = question.of.max(hold.of);
            let goes_with = self.state.parent(*slot).and_then(|parent| self.holds.get(parent));
            if goes_with.is_none_or(|folder| folder.by != hold.by) {
                let node = self.state.node(*slot);
                let (title, url) = (node.text(&FieldName::Title), node.text(&FieldName::Url));
                let name = if title.is_empty() { url } else { title };
                let kind = node.kind.unwrap_or(Kind::Separator);
                names
                    .entry((hold.side, hold.by))
                    .or_default()
                    .insert((kind, name));
            }
        }
        for (key, question) in &mut questions {
            let names = names.remove(key).unwrap_or_default().into_iter();
            let titles = names
                .map(|(_, name)| name.to_string())
                .filter(|name| !name.is_empty());
            question.titles.extend(titles.take(MAX_TITLES));
        }
        questions.into_values().collect()
    }

    /// The user's answer to what is held, or only to what that side and replica deleted. Gives how many items it was about.
    /// `now` is milliseconds since the Unix epoch.
    pub fn answer_held(&mut self, of: Option<(Side, ReplicaId)>, accept: bool, now: u64) -> u64 {
        let answered = |hold: &Hold| of.is_none_or(|of| of == (hold.side, hold.by));
        let slots: Vec<Slot> = self
            .holds
            .by_slot
            .iter()
            .filter(|(_, hold)| answered(hold))
            .map(|(slot, _)| *slot)
            .collect();
        if slots.is_empty() {
            return 0;
        }
        self.start_stamp(now);
        for slot in &slots {
            let Some(hold) = self.holds.take(*slot) else {
                continue;
            };
            match (accept, hold.side) {
                (true, Side::Incoming | Side::Outgoing) | (false, Side::Doubled) => {
                    self.write_dead(*slot, hold.stamp, Consent::Agreed);
                }
                (false, Side::Incoming) => {
                    // Known first, so that what is written now is later.
                    self.state.set_dead(*slot, hold.stamp, hold.consent);
                    self.write_anew(*slot);
                }
                (false, Side::Outgoing) | (true, Side::Doubled) => {}
            }
        }
        self.state.settle();
        self.look_again(&slots);
        u64::try_from(slots.len()).unwrap_or(u64::MAX)
    }

    /// Writes all that an item says again, so that it outlives any deletion so far.
    pub(crate) fn write_anew(&mut self, slot: Slot) {
        let node = self.state.node(slot);
        let fields: Vec<(FieldName, _)> = node
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.value.to_text()))
            .collect();
        let place = node.place.as_ref().map(|place| place.position.clone());
        if let (Some(parent), Some(position)) = (node.parent, place) {
            self.write_place(slot, parent, position);
        }
        for (name, text) in fields {
            self.write_field(slot, name, &text);
        }
    }

    /// The host is to be compared with these items again, and with all they hold.
    fn look_again(&mut self, slots: &[Slot]) {
        let mut due = slots.to_vec();
        while let Some(slot) = due.pop() {
            if self.state.touched.insert(slot) || slots.contains(&slot) {
                due.extend(self.state.children(slot));
            }
        }
    }

    fn die(&mut self, death: &Death) {
        self.state.set_dead(death.slot, death.stamp, death.consent);
        self.state.note_death(death.slot, death.stamp, death.noted);
    }

    /// Carries out the deletions that came from another replica, or holds them. Gives how many are held now that were not.
    pub(crate) fn take_deaths(&mut self, deaths: Vec<Death>, by: ReplicaId, now: u64) -> u64 {
        let (mut asked, mut fatal) = (Vec::new(), 0_usize);
        for death in deaths {
            let node = self.state.node(death.slot);
            let kills = self.joined && node.alive() && node.newest() <= Some(death.stamp);
            let held = self.holds.get(death.slot);
            if !kills || death.consent == Consent::Agreed || self.holds.is_withheld(death.slot) {
                // Nothing is lost, or the user agreed, or both sides have deleted it.
                self.die(&death);
            } else if held.is_none_or(|held| held.stamp < death.stamp) {
                fatal = fatal.saturating_add(1);
                asked.push(death);
            }
        }
        if asked.is_empty() {
            self.drop_void_holds();
            return 0;
        }
        if now >= self.holds.since.saturating_add(AT_ONCE_MS) || now < self.holds.since {
            (self.holds.since, self.holds.total, self.holds.gone) = (now, self.state.shown_count(), 0);
        }
        let total = self.holds.total.max(self.state.shown_count());
        let unexplained = asked.iter().filter(|death| death.consent.is_none()).count();
        let holds_unexplained = is_large(self.holds.gone.saturating_add(unexplained), total);
        let holds_all = leaves_nothing(fatal, self.state.shown_count());
        let mut held = 0_u64;
        for death in asked {
            let (slot, stamp, consent) = (death.slot, death.stamp, death.consent);
            if holds_all || holds_unexplained && consent.is_none() {
                self.holds
                    .put(slot, Hold::new(Side::Incoming, stamp, consent, by, now, total));
                held = held.saturating_add(1);
            } else {
                if consent.is_none() {
                    self.holds.gone = self.holds.gone.saturating_add(1);
                }
                self.die(&death);
            }
        }
        self.drop_void_holds();
        held
    }

    /// Carries out what the host's user deleted, or holds it. `by_hand`: the host was running. Gives how many items
    /// are gone, and how many are held.
    pub(crate) fn take_host_deaths(
        &mut self,
        deaths: &[(Slot, Stamp)],
        by_hand: bool,
        now: u64,
    ) -> (u64, u64) {
        let total = self.state.shown_count();
        let doomed: BTreeSet<Slot> = deaths
            .iter()
            .filter(|(slot, seen)| {
                let node = self.state.node(*slot);
                node.alive() && node.newest() <= Some(*seen)
            })
            .map(|(slot, _)| *slot)
            .collect();
        let in_doomed = |slot: &Slot| {
            let folder = self.view.now(*slot).map(|now| now.parent);
            folder
                .or(self.state.parent(*slot))
                .is_some_and(|folder| doomed.contains(&folder))
        };
        let gestures = doomed.iter().filter(|slot| !in_doomed(slot)).count();
        let plain = by_hand && gestures <= MAX_GESTURES && !leaves_nothing(doomed.len(), total);
        let ask = is_large(doomed.len(), total) && !plain;
        let (mut gone, mut held) = (0_u64, 0_u64);
        for (slot, stamp) in deaths.iter().copied() {
            if ask && doomed.contains(&slot) && self.holds.incoming(slot).is_none() {
                let hold = Hold::new(Side::Outgoing, stamp, Consent::None, self.id, now, total);
                self.holds.put(slot, hold);
                held = held.saturating_add(1);
                continue;
            }
            if self.state.node(slot).alive() {
                gone = gone.saturating_add(1);
            }
            self.write_dead(slot, stamp, Consent::Hand);
        }
        (gone, held)
    }

    /// The host holds the item again: nothing is to be asked about it.
    pub(crate) fn release(&mut self, slot: Slot) {
        if self.holds.is_withheld(slot) {
            self.holds.take(slot);
            self.look_again(&[slot]);
        }
    }

    /// Forgets holds that are about nothing: the item was deleted otherwise, or has changed since.
    pub(crate) fn drop_void_holds(&mut self) {
        let void: Vec<Slot> = self
            .holds
            .by_slot
            .iter()
            .filter(|(slot, hold)| {
                let node = self.state.node(**slot);
                !node.alive() || node.newest() > Some(hold.stamp)
            })
            .map(|(slot, _)| *slot)
            .collect();
        for slot in &void {
            if let Some(hold) = self.holds.take(*slot)
                && hold.side == Side::Incoming
            {
                // Others know of it, and so does whoever gets this replica's state.
                self.state.set_dead(*slot, hold.stamp, hold.consent);
            }
        }
        self.look_again(&void);
    }

    /// What others are told of an item's death: also what is not carried out here.
    pub(crate) fn known_death(&self, slot: Slot, mask: Option<&Unpublished>) -> (Option<Stamp>, Consent) {
        let node = self.state.node(slot);
        match (mask, self.holds.incoming(slot)) {
            (Some(mask), _) if !mask.dead => (None, Consent::None),
            (None, Some(hold)) if Some(hold.stamp) > node.dead() => (Some(hold.stamp), hold.consent),
            _ => (node.dead(), node.consent),
        }
    }
}

impl State {
    /// Marks the item dead up to a stamp, if that is later than what is known, or how it came about is known better.
    pub(crate) fn set_dead(&mut self, slot: Slot, dead: Stamp, consent: Consent) -> bool {
        let node = self.node(slot);
        if slot.is_root() || (node.dead(), node.consent) >= (Some(dead), consent) {
            return false;
        }
        let later = node.dead() < Some(dead);
        let node = self.node_mut(slot);
        node.consent = if later { consent } else { node.consent.max(consent) };
        let noted = node.death_noted().filter(|_| !later);
        node.set_dead(dead, noted);
        self.note_registers(slot);
        true
    }
}
