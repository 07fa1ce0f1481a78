// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Devices with a browser's history each, that tell each other: what users see, told as stories, and a model that does all of it
//! at random: `XMPPSYNC_SEEDS=10000 cargo test -p replica --test visits model` runs so many, `FROM..TO` others, and
//! `XMPPSYNC_SEED` one alone; a failure names its seed.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "one test measures time"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use replica::visits::{KEEP_MS, Seen};
use support::browser::{Device, Told, row};
use support::seeds::for_each_seed;

const DAY: u64 = 24 * 3_600_000;
const START: u64 = 20_000 * DAY;
const A: &str = "https://a.example/";
const B: &str = "https://b.example/";

const HOUR: i64 = 3_600_000;

/// How many pages there are in the model.
const PAGES: usize = 5;

/// Everybody hears of all that everybody knows, and all browsers show it.
fn exchange(devices: &mut [Device], now: u64) {
    for _ in 0..2 {
        devices.iter_mut().for_each(|device| device.report(now));
        let told: Vec<Told> = devices.iter_mut().map(Device::tells).collect();
        for (listener, device) in devices.iter_mut().enumerate() {
            for (teller, told) in told.iter().enumerate() {
                if teller != listener {
                    device.hears(told, now);
                }
            }
            device.apply(now);
            device.save();
        }
    }
}

fn devices<const N: usize>() -> [Device; N] {
    std::array::from_fn(|number| Device::new(u32::try_from(number).unwrap() + 1))
}

#[test]
fn history_union() {
    let mut pair = devices::<2>();
    pair[0].visit(A, 3, START);
    pair[1].visit(A, 5, START + 1);
    pair[1].visit(B, 1, START + 2);
    exchange(&mut pair, START + 10);
    for device in &pair {
        assert_eq!((device.knows(A), device.knows(B)), ((8, 8), (1, 1)));
    }

    let ahead = format!(
        r#"{{"u":"https://c.example/","c":{{"9":[2,{}]}}}}"#,
        START + 400 * DAY
    );
    pair[0].visits.merge(vec![row(&ahead)], 0, START + 20);
    pair[0].visits.merge(vec![row(&ahead)], 0, START + 30);
    assert_eq!(
        pair[0].list()[0].last,
        START + 20,
        "the future counts as now, once and for all"
    );

    let old = pair[1].tells();
    pair[0].delete(A, START + 40);
    exchange(&mut pair, START + 50);
    for device in &mut pair {
        device.hears(&old, START + 60);
        device.apply(START + 60);
        assert_eq!((device.knows(A), device.knows(B)), ((0, 0), (1, 1)));
    }

    pair[1].visit(A, 1, START + 70);
    exchange(&mut pair, START + 80);
    assert!(
        pair.iter().all(|device| device.knows(A) == (1, 1)),
        "what is later counts anew"
    );
}

#[test]
fn a_deletion_keeps_what_was_visited_after_it_elsewhere() {
    let mut pair = devices::<2>();
    pair[0].visit(A, 3, START);
    pair[1].visit(A, 5, START + 1);
    exchange(&mut pair, START + 10);
    pair[0].delete(A, START + 20);
    pair[1].visit(A, 2, START + 30);
    exchange(&mut pair, START + 40);
    assert!(
        pair.iter().all(|device| device.knows(A) == (1, 1)),
        "how many of the second device's visits came after it is not known, but one did"
    );
    assert_eq!(pair[0].list()[0].title, "Title");
    pair[1].visit(A, 2, START + 50);
    exchange(&mut pair, START + 60);
    assert!(pair.iter().all(|device| device.knows(A) == (3, 3)));
}

#[test]
fn what_is_deleted_before_it_came_is_not_shown_when_it_comes() {
    let mut pair = devices::<2>();
    pair[0].visits.handle_host_deleted(vec![A.to_owned()], START + 10);
    pair[1].visit(A, 5, START);
    pair[1].visit(B, 5, START);
    exchange(&mut pair, START + 20);
    assert!(
        pair.iter()
            .all(|device| device.knows(A) == (0, 0) && device.knows(B) == (5, 5))
    );
}

#[test]
fn what_is_deleted_stays_deleted_when_the_device_leaves_on_which_it_was() {
    for away in [false, true] {
        let mut devices = Vec::from(devices::<3>());
        let (home, deleting, third, new) = (0, 1, 2, 3);
        devices[home].visit(A, 3, START);
        devices[home].visit(B, 1, START);
        devices[home].visits.move_recent(9, 1);
        let segment = devices[home].tells();
        exchange(&mut devices, START + 10);
        devices[deleting].delete(A, START + 20);
        let told = devices[deleting].tells();
        // The device on which the page was visited, or another one that knows it, hears of it before the one leaves.
        let witness = if away { third } else { home };
        devices[witness].hears(&told, START + 30);
        let mut told = devices[witness].tells();
        // What is at the server is written anew only with what moves there.
        told.0.insert(0, segment.0[0].clone());
        devices.push(Device::new(9));
        for index in [home, third, new] {
            let device = &mut devices[index];
            device.hears(&segment, START + 40);
            device.hears(&told, START + 40);
            device.apply(START + 40);
            assert_eq!(
                (device.knows(A), device.knows(B)),
                ((0, 0), (1, 1)),
                "away: {away}"
            );
        }
    }
}

#[test]
fn clearing_everywhere_leaves_what_comes_later() {
    let mut trio = devices::<3>();
    trio[0].visit(A, 3, START);
    trio[1].visit(B, 5, START + 1);
    exchange(&mut trio, START + 10);
    trio[0].visits.clear_everywhere(START + 20);
    trio[2].visit(B, 1, START + 30);
    exchange(&mut trio, START + 40);
    for device in &trio {
        assert_eq!((device.knows(A), device.knows(B)), ((0, 0), (1, 1)));
    }
    let mut late = Device::new(9);
    late.visit(A, 7, START + 15);
    late.hears(&trio[1].tells(), START + 50);
    late.apply(START + 50);
    assert_eq!(late.knows(A), (0, 0), "whoever comes later as well");
}

#[test]
fn what_is_emptied_here_alone_stays_elsewhere_and_comes_back_with_something_new() {
    let mut pair = devices::<2>();
    pair[0].visit(A, 3, START);
    pair[1].visit(B, 5, START + 1);
    exchange(&mut pair, START + 10);
    pair[0].host.rows.clear();
    pair[0].visits.handle_host_emptied();
    exchange(&mut pair, START + 20);
    assert_eq!((pair[0].knows(A), pair[0].knows(B)), ((3, 0), (5, 0)));
    assert_eq!((pair[1].knows(A), pair[1].knows(B)), ((3, 3), (5, 5)));

    pair[0].host.visit(A, "Title", START + 30);
    pair[1].visit(B, 1, START + 31);
    exchange(&mut pair, START + 40);
    for device in &pair {
        assert_eq!((device.knows(A), device.knows(B)), ((4, 4), (6, 6)));
    }
}

#[test]
fn what_is_missing_at_a_start_is_gone_here_alone() {
    let mut pair = devices::<2>();
    pair[0].visit(A, 3, START);
    exchange(&mut pair, START + 10);
    pair[1].host.rows.clear();
    pair[1].restart(START + 20);
    exchange(&mut pair, START + 30);
    assert_eq!((pair[0].knows(A), pair[1].knows(A)), ((3, 3), (3, 0)));
    pair[1].restart(START + 40);
    exchange(&mut pair, START + 50);
    assert_eq!(pair[1].knows(A), (3, 0), "not by the next start either");
    // Deleted and visited again while nobody looked.
    pair[0].host.rows.clear();
    pair[0].host.visit(A, "Title", START + 60);
    pair[0].restart(START + 70);
    exchange(&mut pair, START + 80);
    assert!(pair.iter().all(|device| device.knows(A) == (4, 4)));
}

#[test]
fn a_batch_that_was_applied_before_a_crash_is_not_taken_for_visits() {
    for applied in [false, true] {
        for visited in [false, true] {
            let mut pair = devices::<2>();
            pair[0].visit(A, 3, START);
            pair[1].visit(A, 4, START + 1);
            pair[1].visit(B, 2, START + 2);
            let told = pair[0].tells();
            pair[1].hears(&told, START + 10);
            let told = pair[1].tells();
            pair[0].hears(&told, START + 10);
            let batch = pair[0].visits.next_batch(10).unwrap();
            pair[0].save();
            if applied {
                pair[0].host.apply(&batch);
            }
            if visited {
                pair[0].host.visit(A, "Title", START + 20);
            }
            pair[0].restart(START + 30);
            exchange(&mut pair, START + 40);
            let sum = 7 + u64::from(visited);
            for device in &pair {
                assert_eq!((device.knows(A), device.knows(B)), ((sum, sum), (2, 2)));
            }
        }
    }
}

#[test]
fn a_profile_that_was_synced_before_does_not_count_again_what_was_brought() {
    let mut pair = devices::<2>();
    pair[0].visit(A, 3, START);
    pair[1].visit(A, 5, START + 1);
    exchange(&mut pair, START + 10);
    // The second device's records are lost, its browser's table is not: it starts as a third.
    let mut third = Device::new(3);
    third.host.rows = std::mem::take(&mut pair[1].host.rows);
    let tells: Vec<Told> = pair.iter_mut().map(Device::tells).collect();
    tells.iter().for_each(|told| third.hears(told, START + 20));
    third.save();
    third.restart(START + 20);
    third.hears(&tells[0], START + 20);
    third.hears(&tells[1], START + 20);
    third.apply(START + 30);
    assert_eq!(third.knows(A), (8, 8));
}

#[test]
fn a_removed_device_is_adopted_and_a_copy_goes_on_as_another() {
    let mut trio = devices::<3>();
    trio[0].visit(A, 3, START);
    trio[0].visit(B, 2, START);
    trio[1].visit(A, 1, START + 1);
    trio[0].delete(B, START + 5);
    let told = trio[0].tells();
    trio[1].hears(&told, START + 10);
    trio[1].visits.adopt(1);
    let mut late = Device::new(4);
    late.hears(&trio[1].tells(), START + 20);
    assert_eq!(
        late.knows(A).0,
        4,
        "what the first device counted is told by the second"
    );
    let from_other = row(&format!(r#"{{"u":"{B}","c":{{"8":[1,{}]}}}}"#, START + 4));
    late.visits.merge(vec![from_other], 0, START + 20);
    assert_eq!(late.knows(B).0, 0, "its deletions as well");

    trio[1].apply(START + 30);
    trio[1].visits.rename(5);
    let told: Vec<String> = trio[1].visits.recent().into_iter().map(|row| row.url).collect();
    assert_eq!(
        told,
        [B],
        "what the old one told is its own business, but for deletions"
    );
    trio[1].visit(A, 2, START + 40);
    assert_eq!(trio[1].knows(A), (6, 6));
    late.hears(&trio[1].tells(), START + 50);
    assert_eq!(late.knows(A).0, 6);
}

#[test]
fn what_is_old_is_forgotten_everywhere_and_the_browsers_rows_stay() {
    let mut pair = devices::<2>();
    pair[0].visit(A, 3, START);
    pair[1].visit(A, 5, START + 1);
    pair[0].visit(B, 1, START + 50 * DAY);
    exchange(&mut pair, START + 50 * DAY);
    let old = pair[1].tells();
    let now = START + KEEP_MS + DAY;
    for device in &mut pair {
        device.visits.forget(now);
        device.hears(&old, now);
        device.apply(now);
        assert_eq!((device.knows(A), device.knows(B)), ((0, 8), (1, 1)));
        device.save();
        device.restart(now);
        device.apply(now);
        assert_eq!(device.knows(A), (0, 8));
    }
    pair[0].visit(A, 1, now + 10);
    exchange(&mut pair, now + 20);
    assert!(
        pair.iter().all(|device| device.knows(A) == (1, 9)),
        "the old visits are nobody's new ones"
    );
}

#[test]
fn a_deletion_reaches_a_device_whose_clock_is_ahead() {
    let mut pair = devices::<2>();
    let ahead = 365 * DAY;
    pair[1].visit(A, 2, START + ahead);
    let told = pair[1].tells();
    pair[0].hears(&told, START + 10);
    pair[0].apply(START + 10);
    assert_eq!(pair[0].list()[0].last, START + 10);
    pair[0].delete(A, START + 20);
    let told = pair[0].tells();
    pair[1].hears(&told, START + ahead + 30);
    pair[1].apply(START + ahead + 30);
    assert_eq!(pair[1].knows(A), (0, 0));
    pair[0].visit(A, 1, START + 40);
    assert_eq!(
        pair[0].knows(A),
        (1, 1),
        "and does not reach into the year between"
    );

    // The clock is put right, and a deletion by it comes before what was visited in the future.
    pair[1].visit(B, 1, START + ahead + 40);
    let told = pair[1].tells();
    pair[0].hears(&told, START + 50);
    pair[0].visits.clear_everywhere(START + 60);
    let told = pair[0].tells();
    pair[1].hears(&told, START + 70);
    pair[1].apply(START + 70);
    assert_eq!(pair[1].knows(B), (0, 0));
    pair[1].visit(B, 1, START + 80);
    assert_eq!(pair[1].knows(B), (1, 1));
    let told = pair[1].tells();
    pair[0].hears(&told, START + 90);
    assert_eq!(pair[0].knows(B).0, 1);
}

/// The bounds are generous, so that they hold unoptimised on a busy machine, and far below what a quadratic path would take.
#[test]
fn nothing_grows_faster_than_the_history() {
    let mut device = Device::new(1);
    let url = |number: u64| format!("https://site{}.example/path/{number}", number % 977);
    for number in 0..10_000 {
        device
            .host
            .visit(&url(number), "A title of the usual length", START + number);
    }
    let timed = |what: &str, most: u64, act: &mut dyn FnMut()| {
        let start = Instant::now();
        act();
        let took = start.elapsed();
        println!("{what}: {took:?}");
        assert!(took < Duration::from_secs(most), "{what} took {took:?}");
    };
    timed("a listing of 10,000 pages", 5, &mut || {
        let listing = device.host.listing(START + DAY);
        device.visits.handle_host_all(listing, START + DAY);
    });
    timed("40,000 pages of others", 20, &mut || {
        for origin in 2..6_u64 {
            let pages = (0..10_000).map(|number| (origin * 9000 + number, START + number));
            let rows = pages.map(|(number, at)| {
                row(&format!(
                    r#"{{"u":"{}","t":"Title","c":{{"{origin}":[3,{at}]}}}}"#,
                    url(number)
                ))
            });
            device.visits.merge(rows.collect(), 0, START + DAY);
        }
    });
    timed("bringing them to the browser", 20, &mut || {
        while let Some(batch) = device.visits.next_batch(500) {
            device.host.apply(&batch);
            device.visits.applied(batch.number);
        }
    });
    timed("saving and loading", 20, &mut || {
        device.save();
        device.restart(START + DAY);
    });
    timed("1,000 visits, each told and saved", 5, &mut || {
        for number in 0..1000 {
            let now = START + DAY + number;
            device.visit(&url(number * 7), 1, now);
            device.move_recent(9, 1);
            assert!(device.visits.next_batch(9).is_none());
            device.save();
        }
    });
    assert_eq!(device.host.rows.len(), device.visits.len());
}

/// What happened, by the users' own account.
#[derive(Default)]
struct Truth {
    /// Of each page when it was visited, and by which device.
    visits: BTreeMap<String, Vec<(u64, usize)>>,
    deleted: BTreeMap<String, u64>,
    cleared: u64,
    /// When a browser lost its row alone.
    gone: BTreeMap<(usize, String), u64>,
}

impl Truth {
    /// The visits after the last deletion.
    fn left(&self, url: &str) -> Vec<(u64, usize)> {
        let deleted = self.deleted.get(url).copied().unwrap_or(0).max(self.cleared);
        let visits = self.visits.get(url).into_iter().flatten();
        visits.filter(|(at, _)| *at > deleted).copied().collect()
    }
}

/// How much of what may happen does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
enum Mode {
    NoDeletions,
    /// Only when all know of everything.
    QuietDeletions,
    Deletions,
    /// And months go by.
    Months,
    /// As `Deletions`, and clocks are hours ahead or behind.
    Clocks,
}

struct World {
    rng: StdRng,
    mode: Mode,
    devices: Vec<Device>,
    network: Vec<(usize, Told)>,
    now: u64,
    truth: Truth,
    /// The last name that a device was given.
    names: u32,
}

impl World {
    fn new(seed: u64) -> World {
        let mut rng = StdRng::seed_from_u64(seed);
        let modes = [
            Mode::NoDeletions,
            Mode::QuietDeletions,
            Mode::Deletions,
            Mode::Months,
            Mode::Clocks,
        ];
        let count = rng.random_range(3..=4);
        let mode = modes[usize::try_from(seed % 5).unwrap()];
        let mut devices: Vec<Device> = (1..=count).map(Device::new).collect();
        for device in devices.iter_mut().filter(|_| mode == Mode::Clocks) {
            let most = [0, 2_000, 3 * HOUR][rng.random_range(0..3)];
            device.ahead = rng.random_range(-most..=most);
        }
        World {
            mode,
            devices,
            network: Vec::new(),
            now: START,
            truth: Truth::default(),
            names: 100,
            rng,
        }
    }

    fn run(mut self) {
        for _ in 0..160 {
            self.step();
        }
        self.heal();
        self.check();
    }

    fn url(&mut self) -> String {
        format!("https://{}.example/", self.rng.random_range(0..PAGES))
    }

    fn step(&mut self) {
        self.now += self.rng.random_range(1..1000);
        let index = self.rng.random_range(0..self.devices.len());
        match self.rng.random_range(0..100) {
            0..25 => self.visit(index),
            25..40 => self.give(index),
            40..55 => self.answer(index),
            55..65 => self.tell(index),
            65..80 => self.deliver(),
            80..84 => self.devices[index].save(),
            84..88 => self.move_recent(index),
            88..93 => self.crash(index),
            93 => self.empty(index),
            94 => self.lose_a_row(index),
            95..98 => self.delete(index),
            98 => self.clear(index),
            99 if self.rng.random_bool(0.5) => self.rename(index),
            _ => self.months(),
        }
    }

    fn visit(&mut self, index: usize) {
        let url = self.url();
        let title = ["Title", "title", "Another"][self.rng.random_range(0..3)];
        let device = &mut self.devices[index];
        if device.host.untold.contains(&url) {
            // Of two visits that nobody told of, a crash makes an applied batch and one.
            self.report(index);
        }
        let clock = self.devices[index].clock(self.now);
        self.devices[index].host.visit(&url, title, clock);
        self.truth.visits.entry(url).or_default().push((self.now, index));
        if self.rng.random_bool(0.6) {
            self.report(index);
        }
    }

    fn report(&mut self, index: usize) {
        let device = &mut self.devices[index];
        device.report(self.now);
        if device.given.is_some() || self.rng.random_bool(0.5) {
            device.save();
        }
    }

    fn give(&mut self, index: usize) {
        self.report(index);
        let limit = self.rng.random_range(1..4);
        let device = &mut self.devices[index];
        if let Some(batch) = device.visits.next_batch(limit) {
            device.save();
            // Whether a row beyond the listing's reach was deleted before a crash is not known.
            assert!(
                self.mode == Mode::Months || device.host.needs(&batch),
                "{batch:?}"
            );
            device.given = Some(batch);
        }
    }

    fn answer(&mut self, index: usize) {
        self.report(index);
        let refuses = self.rng.random_bool(0.1);
        let device = &mut self.devices[index];
        match device.given.take() {
            Some(batch) if refuses => device.visits.not_applied(batch.number),
            Some(batch) => {
                device.host.apply(&batch);
                device.visits.applied(batch.number);
            }
            None => return,
        }
        device.save();
    }

    fn tell(&mut self, index: usize) {
        let told = self.devices[index].tells();
        for other in (0..self.devices.len()).filter(|other| *other != index) {
            if self.rng.random_bool(0.7) {
                self.network.push((other, told.clone()));
            }
        }
    }

    /// Any message, which may come again.
    fn deliver(&mut self) {
        if self.network.is_empty() {
            return;
        }
        let chosen = self.rng.random_range(0..self.network.len());
        let (to, told) = if self.rng.random_bool(0.2) {
            self.network[chosen].clone()
        } else {
            self.network.swap_remove(chosen)
        };
        self.devices[to].hears(&told, self.now);
    }

    fn move_recent(&mut self, index: usize) {
        let limit = self.rng.random_range(1..4);
        let device = &mut self.devices[index];
        device.move_recent(limit, self.rng.random_range(0..5));
    }

    fn crash(&mut self, index: usize) {
        let device = &mut self.devices[index];
        if let Some(batch) = device.given.take().filter(|_| self.rng.random_bool(0.5)) {
            device.report(self.now);
            device.save();
            device.host.apply(&batch);
        }
        device.restart(self.now);
    }

    fn empty(&mut self, index: usize) {
        self.report(index);
        let device = &mut self.devices[index];
        for url in device.host.rows.keys() {
            self.truth.gone.insert((index, url.clone()), self.now);
        }
        device.host.rows.clear();
        device.visits.handle_host_emptied();
        device.save();
    }

    /// The user deletes a row while the plugin is off, and may visit the page again.
    fn lose_a_row(&mut self, index: usize) {
        let url = self.url();
        self.report(index);
        let device = &mut self.devices[index];
        device.save();
        if device.given.is_some() || device.host.rows.remove(&url).is_none() {
            return;
        }
        self.truth.gone.insert((index, url.clone()), self.now);
        self.now += 1;
        if self.rng.random_bool(0.5) {
            let clock = device.clock(self.now);
            device.host.visit(&url, "Title", clock);
            self.truth.visits.entry(url).or_default().push((self.now, index));
        }
        device.restart(self.now);
    }

    fn delete(&mut self, index: usize) {
        if !self.may_delete() {
            return;
        }
        let url = self.url();
        self.devices[index].delete(&url, self.now);
        self.devices[index].save();
        self.truth.deleted.insert(url, self.now);
        self.after_deletion();
    }

    fn clear(&mut self, index: usize) {
        if !self.may_delete() {
            return;
        }
        self.report(index);
        let clock = self.devices[index].clock(self.now);
        self.devices[index].visits.clear_everywhere(clock);
        self.devices[index].save();
        self.truth.cleared = self.now;
        self.after_deletion();
    }

    fn may_delete(&mut self) -> bool {
        if self.mode == Mode::QuietDeletions {
            self.heal();
            self.now += 1;
        }
        self.mode != Mode::NoDeletions
    }

    fn after_deletion(&mut self) {
        self.now += 1;
        if self.mode == Mode::QuietDeletions {
            self.heal();
        }
    }

    /// A device starts anew under another name, and takes its old ones over.
    fn rename(&mut self, index: usize) {
        self.names += 1;
        let device = &mut self.devices[index];
        let old = device.visits.own();
        device.visits.rename(self.names);
        device.names.push(old);
        device.names.iter().for_each(|name| device.visits.adopt(*name));
        device.save();
    }

    fn months(&mut self) {
        if self.mode == Mode::Months {
            self.now += self.rng.random_range(1..60) * DAY;
            for device in &mut self.devices {
                if self.rng.random_bool(0.7) {
                    device.visits.forget(self.now);
                }
            }
        }
    }

    fn heal(&mut self) {
        for index in 0..self.devices.len() {
            self.answer(index);
        }
        // What is still on its way comes first, last, or never.
        while self.rng.random_bool(0.9) {
            self.deliver();
        }
        for device in &mut self.devices {
            if self.mode == Mode::Months {
                device.visits.forget(self.now);
            }
        }
        exchange(&mut self.devices, self.now);
        while !self.network.is_empty() && self.rng.random_bool(0.9) {
            self.deliver();
        }
        exchange(&mut self.devices, self.now);
    }

    fn check(&self) {
        let list = self.devices[0].list();
        for device in &self.devices {
            if self.mode == Mode::Clocks {
                assert_eq!(agreed(device), agreed(&self.devices[0]));
            } else {
                assert_eq!(device.list(), list, "{:?}", self.mode);
            }
            let told: usize = device.visits.segments().values().sum();
            assert!(
                told + device.visits.recent_len() <= PAGES,
                "each page is told once"
            );
        }
        for (index, device) in self.devices.iter().enumerate() {
            self.check_table(index, device, &device.list());
        }
        if self.mode == Mode::Clocks {
            // What is left is for `visits_leaving.rs` to say.
            return;
        }
        let horizon = self.now - KEEP_MS;
        let listed: BTreeSet<&String> = list.iter().map(|seen| &seen.url).collect();
        let visited = self.truth.visits.keys();
        let left = |url: &&String| self.truth.left(url).iter().any(|(at, _)| *at >= horizon);
        assert_eq!(listed, visited.filter(left).collect(), "{:?}", self.mode);
        for seen in &list {
            let left = self.truth.left(&seen.url);
            assert_eq!(Some(seen.last), left.iter().map(|(at, _)| *at).max());
            let count = u64::try_from(left.len()).unwrap();
            assert!(
                match self.mode {
                    Mode::NoDeletions | Mode::QuietDeletions => seen.visits == count,
                    Mode::Deletions => (1..=count).contains(&seen.visits),
                    // A device that was away may not hear of a deletion before its last visit, nor see in a listing that
                    // an old row was made before a crash.
                    Mode::Months | Mode::Clocks => seen.visits > 0,
                },
                "{}: {} visits of {count}, {:?}",
                seen.url,
                seen.visits,
                self.mode
            );
        }
    }

    /// The browser shows what the list says.
    fn check_table(&self, index: usize, device: &Device, list: &[Seen]) {
        for seen in list {
            let gone = self.truth.gone.get(&(index, seen.url.clone()));
            match device.host.rows.get(&seen.url) {
                Some((_, count, last)) => {
                    assert_eq!(*last, seen.last, "{index} {seen:?}");
                    assert!(
                        *count == seen.visits || self.mode == Mode::Months,
                        "{count} in the table, {seen:?}"
                    );
                }
                None => assert!(
                    // Of a row beyond the listing's reach it is not known that it is gone.
                    gone.is_some_and(|gone| *gone > seen.last || self.mode >= Mode::Months),
                    "{seen:?} is not in the table"
                ),
            }
        }
        let listed = |url: &String| list.iter().any(|seen| seen.url == *url);
        let unlisted = device.host.rows.iter().filter(|(url, _)| !listed(url));
        for (url, (_, _, last)) in unlisted {
            assert!(*last < self.now - KEEP_MS, "{url} is not deleted");
        }
    }
}

/// What all devices agree on, whatever their clocks say: how often each page was visited. A title that was given by a clock far
/// behind may stay where it was given, until the next visit.
fn agreed(device: &Device) -> BTreeMap<String, u64> {
    let list = device.list().into_iter();
    list.map(|seen| (seen.url, seen.visits)).collect()
}

#[test]
fn model() {
    for_each_seed(0..200, |seed| World::new(seed).run());
}
