// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Devices come, stop sharing their history, share it again, leave and are removed, and no clock is right: nothing that was deleted
//! comes back, and no visit after a deletion is lost. `XMPPSYNC_SEEDS=10000 cargo test -p replica --test visits_leaving` runs so
//! many worlds, as in `visits.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use replica::visits::PageRow;
use support::browser::{Device, Told};
use support::seeds::for_each_seed;

const START: u64 = 20_000 * 24 * 3_600_000;
const HOUR: i64 = 3_600_000;

/// How many pages there are.
const PAGES: usize = 30;

/// A visit, by its device's own account.
struct Visit {
    by: usize,
    /// By that device's clock.
    at: u64,
    /// The last deletion of the page that the device knew of.
    since: u64,
    /// When it was first told to others.
    told: Option<u64>,
    /// Its device was removed, and `by` tells it on; who removes that one does not.
    adopted: bool,
    /// Its device is gone with what it told, or it cannot be known whether it came before a deletion.
    in_doubt: bool,
}

/// A deletion of a page, or of all.
struct Deletion {
    by: usize,
    url: Option<String>,
    /// What is told of it.
    marker: u64,
    told: Option<u64>,
}

impl Deletion {
    fn takes(&self, url: &str, visit: &Visit) -> bool {
        let concerns = self.url.as_ref().is_none_or(|deleted| deleted == url);
        concerns && visit.since < self.marker && visit.at <= self.marker
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Shares,
    Stopped,
    Gone,
}

struct Member {
    device: Device,
    state: State,
    /// Whether its browser's table was compared since it began to share.
    listed: bool,
    /// The last deletion that it knows of each page, and of all.
    heard: BTreeMap<Option<String>, u64>,
}

struct World {
    rng: StdRng,
    now: u64,
    members: Vec<Member>,
    /// What each tells.
    server: BTreeMap<usize, Told>,
    visits: BTreeMap<String, Vec<Visit>>,
    deletions: Vec<Deletion>,
    /// How far the clocks are off at most, in milliseconds.
    skew: i64,
}

impl World {
    fn new(seed: u64) -> World {
        let mut rng = StdRng::seed_from_u64(seed);
        let skew = [0, 5_000, 3 * HOUR][rng.random_range(0..3)];
        let mut world = World {
            rng,
            now: START,
            members: Vec::new(),
            server: BTreeMap::new(),
            visits: BTreeMap::new(),
            deletions: Vec::new(),
            skew,
        };
        (0..3).for_each(|_| world.come());
        world
    }

    fn run(mut self) {
        for _ in 0..150 {
            self.now += self.rng.random_range(1..1000);
            self.step();
        }
        for _ in 0..3 {
            for index in self.sharing() {
                self.now += 1;
                self.members[index].device.report(self.now);
                self.sync(index);
                self.members[index].device.apply(self.now);
                self.members[index].device.save();
            }
        }
        self.check();
    }

    fn step(&mut self) {
        let index = self.rng.random_range(0..self.members.len());
        let shares = self.members[index].state == State::Shares;
        match self.rng.random_range(0..100) {
            0..35 if self.members[index].state != State::Gone => self.visit(index),
            35..60 if shares => self.sync(index),
            60..66 if shares => self.move_recent(index),
            66..77 if shares => self.delete(index),
            77 if shares && self.rng.random_bool(0.3) => self.clear(index),
            78..83 if shares => self.apply(index),
            83..86 if shares => self.members[index].device.restart(self.now),
            86..89 if shares => self.part(index, State::Stopped),
            89..91 if shares => self.part(index, State::Gone),
            91..93 if shares => self.remove(index),
            91..97 if self.members[index].state == State::Stopped => self.share_again(index),
            97..100 if self.members.len() < 10 => self.come(),
            _ => {}
        }
    }

    fn sharing(&self) -> Vec<usize> {
        let shares = |index: &usize| self.members[*index].state == State::Shares;
        (0..self.members.len()).filter(shares).collect()
    }

    fn url(&mut self) -> String {
        format!("https://{}.example/", self.rng.random_range(0..PAGES))
    }

    /// A new device, whose browser was used before.
    fn come(&mut self) {
        let index = self.members.len();
        let mut device = Device::new(u32::try_from(index).unwrap() + 1);
        device.ahead = self.rng.random_range(-self.skew..=self.skew);
        self.members.push(Member {
            device,
            state: State::Stopped,
            listed: false,
            heard: BTreeMap::new(),
        });
        if self.rng.random_bool(0.5) {
            self.visit(index);
        }
        self.share_again(index);
    }

    fn share_again(&mut self, index: usize) {
        self.members[index].state = State::Shares;
        self.sync(index);
    }

    fn visit(&mut self, index: usize) {
        let url = self.url();
        let member = &mut self.members[index];
        let at = member.device.clock(self.now);
        let shares = member.state == State::Shares;
        if shares && member.device.host.untold.contains(&url) {
            member.device.report(self.now);
        }
        member.device.host.visit(&url, "Title", at);
        if shares && self.rng.random_bool(0.7) {
            member.device.report(self.now);
            member.device.save();
        }
        let heard = |of: Option<String>| member.heard.get(&of).copied().unwrap_or(0);
        self.visits.entry(url.clone()).or_default().push(Visit {
            by: index,
            at,
            since: heard(Some(url)).max(heard(None)),
            told: None,
            adopted: false,
            in_doubt: !shares,
        });
    }

    /// A device reads all that is told, and tells its own part.
    fn sync(&mut self, index: usize) {
        let member = &mut self.members[index];
        if self.rng.random_bool(0.8) {
            member.device.report(self.now);
        }
        for (_, visits) in self
            .visits
            .iter_mut()
            .filter(|(url, _)| member.device.host.untold.contains(*url))
        {
            for visit in visits
                .iter_mut()
                .filter(|visit| visit.by == index && visit.told.is_none())
            {
                visit.in_doubt = true;
            }
        }
        let mut others: Vec<usize> = self
            .server
            .keys()
            .copied()
            .filter(|other| *other != index)
            .collect();
        others.shuffle(&mut self.rng);
        for other in others {
            let told = &self.server[&other];
            member.device.hears(told, self.now);
            for (of, marker) in markers(told) {
                let known = member.heard.entry(of).or_default();
                *known = (*known).max(marker);
            }
        }
        if !std::mem::replace(&mut member.listed, true) {
            member.device.list_host(self.now);
        }
        self.tell(index);
    }

    fn tell(&mut self, index: usize) {
        let device = &mut self.members[index].device;
        self.server.insert(index, device.tells());
        for (url, visits) in &mut self.visits {
            let told = !device.host.untold.contains(url);
            for visit in visits.iter_mut().filter(|visit| told && visit.by == index) {
                visit.told.get_or_insert(self.now);
            }
        }
        for deletion in self.deletions.iter_mut().filter(|deletion| deletion.by == index) {
            deletion.told.get_or_insert(self.now);
        }
    }

    fn move_recent(&mut self, index: usize) {
        let (limit, to) = (self.rng.random_range(2..9), self.rng.random_range(0..8));
        self.members[index].device.move_recent(limit, to);
        self.members[index].device.save();
    }

    fn delete(&mut self, index: usize) {
        let url = self.url();
        let member = &mut self.members[index];
        member.device.delete(&url, self.now);
        self.note_deletions(index);
        if self.rng.random_bool(0.3) {
            self.part(index, State::Stopped);
        }
    }

    fn clear(&mut self, index: usize) {
        let member = &mut self.members[index];
        member.device.report(self.now);
        let clock = member.device.clock(self.now);
        member.device.visits.clear_everywhere(clock);
        self.note_deletions(index);
    }

    /// What was deleted just now is among what changed lately.
    fn note_deletions(&mut self, index: usize) {
        let member = &mut self.members[index];
        member.device.save();
        let recent = serde_json::to_string(&member.device.visits.recent()).unwrap();
        for (of, marker) in markers(&(vec![recent], member.device.visits.cleared())) {
            let known = member.heard.entry(of.clone()).or_default();
            if marker > *known {
                *known = marker;
                self.deletions.push(Deletion {
                    by: index,
                    url: of,
                    marker,
                    told: None,
                });
            }
        }
    }

    fn apply(&mut self, index: usize) {
        self.members[index].device.apply(self.now);
        self.members[index].device.save();
    }

    /// Another device that shares hears of what this one told last.
    fn hand_over(&mut self, index: usize) -> Option<usize> {
        let mut others = self.sharing();
        others.retain(|other| *other != index);
        others.shuffle(&mut self.rng);
        let heir = *others.first()?;
        self.members[index].device.report(self.now);
        self.sync(index);
        self.now += 1;
        self.sync(heir);
        Some(heir)
    }

    /// A device deletes what it told, and forgets what it read.
    fn part(&mut self, index: usize, state: State) {
        if self.hand_over(index).is_none() {
            return;
        }
        self.server.remove(&index);
        let member = &mut self.members[index];
        member.device.erase();
        (member.state, member.listed) = (state, false);
        member.heard.clear();
        let visits = self.visits.values_mut().flatten();
        visits
            .filter(|visit| visit.by == index)
            .for_each(|visit| visit.in_doubt = true);
    }

    /// Another device removes this one, and tells its part on.
    fn remove(&mut self, index: usize) {
        let Some(heir) = self.hand_over(index) else {
            return;
        };
        let own = self.members[index].device.visits.own();
        self.members[index].state = State::Gone;
        self.members[heir].device.visits.adopt(own);
        self.tell(heir);
        self.server.remove(&index);
        for visit in self
            .visits
            .values_mut()
            .flatten()
            .filter(|visit| visit.by == index)
        {
            visit.by = heir;
            visit.in_doubt |= std::mem::replace(&mut visit.adopted, true);
        }
    }

    /// Whether a page may be shown because of this visit.
    fn may_be_left(&self, url: &str, visit: &Visit) -> bool {
        let binding = |deletion: &&Deletion| visit.told.is_some() && visit.told < deletion.told;
        let mut deletions = self.deletions.iter().filter(binding);
        visit.in_doubt || !deletions.any(|deletion| deletion.takes(url, visit))
    }

    /// Whether a page has to be shown because of this visit.
    fn is_left(&self, url: &str, visit: &Visit) -> bool {
        let taken = self.deletions.iter().any(|deletion| deletion.takes(url, visit));
        !visit.in_doubt && !taken && self.members[visit.by].state == State::Shares
    }

    fn check(&self) {
        for index in self.sharing() {
            let device = &self.members[index].device;
            let listed: BTreeSet<String> = device.list().into_iter().map(|seen| seen.url).collect();
            let rows: BTreeSet<String> = device.host.rows.keys().cloned().collect();
            for url in listed.union(&rows) {
                let visits = self.visits.get(url).into_iter().flatten();
                let left = visits.filter(|visit| self.may_be_left(url, visit)).count();
                assert!(left > 0, "{url} is back on {index}");
            }
            for (url, visits) in &self.visits {
                let left = visits.iter().any(|visit| self.is_left(url, visit));
                assert!(!left || listed.contains(url), "{url} is lost on {index}");
                assert!(
                    !left || rows.contains(url),
                    "{url} is not in the table of {index}"
                );
            }
        }
    }
}

/// The deletions that are told.
fn markers((parts, cleared): &Told) -> Vec<(Option<String>, u64)> {
    let rows = parts
        .iter()
        .flat_map(|json| serde_json::from_str::<Vec<PageRow>>(json).unwrap());
    let pages = rows.filter_map(|row| Some((Some(row.url), row.dead?)));
    pages.chain([(None, *cleared)]).collect()
}

#[test]
fn model() {
    for_each_seed(0..200, |seed| World::new(seed).run());
}
