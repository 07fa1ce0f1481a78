// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Two to five devices with users that edit at random, over a network that loses, doubles and reorders, with hosts that refuse batches,
//! end without saving, and programs that end at any moment; in half of the runs over months, with devices that are away for longer
//! than deletions are remembered. After healing all must be equal, nothing may be lost that nobody
//! deleted, and nothing doubled. `XMPPSYNC_SEEDS=10000 cargo test -p replica --test
//! model` runs so many (that is the nightly size), `FROM..TO` others; a failure names its seeds.
#![allow(clippy::disallowed_methods, reason = "the seeds come from the environment")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use replica::{Delta, EditOp, HostTree, ItemId, Kind, RETENTION_MS, Root, Snapshot, TreeNode, VersionVector};
use support::device::{Device, assert_all_equal, exchange};
use support::host::Texts;

const DEFAULT_SEEDS: std::ops::Range<u64> = 0..300;
/// Seeds beyond those that once failed.
const ONCE_FAILED: [u64; 10] = [
    1172, 1976, 7921, 11_045, 11_576, 41_467, 45_571, 46_972, 51_281, 52_537,
];
const STEPS: usize = 150;
/// The true time at which each run begins.
const START: u64 = 20_000 * DAY;
const DAY: u64 = 24 * 3_600_000;
/// Deltas of one device that the server keeps beside its snapshot.
const RING: usize = 4;

#[test]
fn fuzz_n_devices() {
    let mut failed = Vec::new();
    for seed in seeds() {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| World::new(seed).run())) {
            let text = panic
                .downcast_ref::<String>()
                .cloned()
                .unwrap_or_else(|| "panicked".to_owned());
            println!("seed {seed}: {text}");
            failed.push(seed);
        }
    }
    assert!(failed.is_empty(), "failed with the seeds {failed:?}");
}

/// As many as `XMPPSYNC_SEEDS` says, or those from one to another, `FROM..TO`.
fn seeds() -> Vec<u64> {
    let Ok(text) = std::env::var("XMPPSYNC_SEEDS") else {
        return DEFAULT_SEEDS.chain(ONCE_FAILED).collect();
    };
    let number = |text: &str| {
        text.parse::<u64>()
            .expect("XMPPSYNC_SEEDS is a number, or FROM..TO")
    };
    let range = match text.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => 0..number(&text),
    };
    range.collect()
}

struct World {
    rng: StdRng,
    devices: Vec<Device>,
    /// How far each device's clock is from the true time.
    skews: Vec<i64>,
    /// The generation that each device collected last.
    collected: Vec<u64>,
    /// Deltas on their way to each device.
    network: Vec<Vec<Delta>>,
    sent: Vec<usize>,
    now: u64,
    /// Whether months go by.
    long: bool,
    /// Whether some edits are too much for deltas and wait for a snapshot, and others pass them.
    bulks: bool,
    /// Devices that are off, and when each had last all that there was.
    away: Vec<bool>,
    caught_up: Vec<u64>,
    /// The snapshot that the server has of each device, and how many of its deltas that covers.
    stored: Vec<Option<(Snapshot, usize)>>,
    next_serial: u64,
    /// Many items look alike. Those that two users add at one place are one then, so what is lost cannot be told.
    alike: bool,
    /// Serials of items that a replica has seen.
    known: BTreeSet<String>,
    /// Serials of items that a user deleted somewhere.
    deleted: BTreeSet<String>,
}

impl World {
    fn new(seed: u64) -> World {
        let mut rng = StdRng::seed_from_u64(seed);
        let count = rng.random_range(2..=5);
        let mut devices: Vec<Device> = (1..=count).map(Device::new).collect();
        for device in &mut devices {
            device.batch_limit = [1, 2, 7, 1000][rng.random_range(0..4)];
            device.host.respells = rng.random_bool(0.5);
        }
        let skews = devices
            .iter()
            .map(|_| [0, 0, -3_600_000, 3_600_000, 300][rng.random_range(0..5)])
            .collect();
        let number = devices.len();
        World {
            skews,
            collected: vec![0; devices.len()],
            network: vec![Vec::new(); devices.len()],
            sent: vec![0; devices.len()],
            devices,
            rng,
            now: START,
            long: seed.is_multiple_of(2),
            bulks: seed % 10 == 4,
            away: vec![false; number],
            caught_up: vec![START; number],
            stored: vec![None; number],
            next_serial: 0,
            alike: seed.is_multiple_of(3),
            known: BTreeSet::new(),
            deleted: BTreeSet::new(),
        }
    }

    fn run(mut self) {
        for index in 0..self.devices.len() {
            for _ in 0..self.rng.random_range(0..12) {
                self.edit(index);
            }
        }
        for _ in 0..STEPS {
            self.step();
        }
        self.heal();
    }

    fn time(&mut self, index: usize) -> u64 {
        self.now += self.rng.random_range(0..500);
        self.now.saturating_add_signed(self.skews[index])
    }

    fn step(&mut self) {
        let index = self.rng.random_range(0..self.devices.len());
        let now = self.time(index);
        if !self.devices[index].replica.joined() && self.rng.random_bool(0.2) {
            return self.join(index, now);
        }
        if self.long && self.rng.random_bool(0.03) {
            return self.months();
        }
        match self.rng.random_range(0..100) {
            0..25 => self.edit(index),
            25..40 => self.collect(index, now),
            40..55 => self.apply(index, now),
            55..65 => self.save(index),
            65..75 => self.publish(index),
            75..92 => self.deliver(index, now),
            92 => self.take_snapshot(index, now),
            93 => self.answer(index, now),
            94 => self.reload(index),
            95 => self.direct_edit(index, now),
            96..98 => self.restart(index, true),
            _ => self.restart(index, false),
        }
    }

    /// A device joins when it has what the others published so far, or while another does just the same.
    fn join(&mut self, index: usize, now: u64) {
        if self.rng.random_bool(0.7) {
            let deltas: Vec<Delta> = self
                .devices
                .iter()
                .flat_map(|device| device.published.clone())
                .collect();
            deltas
                .iter()
                .for_each(|delta| drop(self.devices[index].merge(delta, now)));
        }
        self.collect(index, now);
        self.devices[index].join(now);
        self.note_known(index);
    }

    fn collect(&mut self, index: usize, now: u64) {
        self.devices[index].collect(now);
        if self.devices[index].replica.joined() {
            self.collected[index] = self.devices[index].host.generation;
            self.note_known(index);
        }
    }

    fn note_known(&mut self, index: usize) {
        let items = self.devices[index].host.collect().items;
        self.known.extend(
            items
                .into_iter()
                .map(|item| item.description)
                .filter(|serial| !serial.is_empty()),
        );
    }

    /// The host gets a batch, or refuses it because its user was faster; or all ends before the answer.
    fn apply(&mut self, index: usize, now: u64) {
        let device = &mut self.devices[index];
        let Some(batch) = device.replica.next_batch(device.batch_limit) else {
            return;
        };
        device.persist();
        match self.rng.random_range(0..10) {
            0..2 => {
                self.edit(index);
                let applied = self.devices[index].host.apply(&batch);
                assert_eq!(applied, self.devices[index].host.generation == batch.generation);
                if applied {
                    self.devices[index].replica.applied(batch.number);
                }
                self.collect(index, now);
            }
            2 => {
                self.devices[index].host.apply(&batch);
                if self.rng.random_bool(0.5) {
                    self.devices[index].host.save();
                }
                let saves = self.rng.random_bool(0.3);
                self.restart(index, saves);
            }
            _ => {
                if self.devices[index].host.apply(&batch) {
                    self.devices[index].replica.applied(batch.number);
                    self.devices[index].persist();
                } else {
                    self.collect(index, now);
                }
            }
        }
    }

    fn save(&mut self, index: usize) {
        let device = &mut self.devices[index];
        device.host.save();
        if device.host.generation == self.collected[index] && self.rng.random_bool(0.8) {
            device.replica.saved(device.host.generation);
            device.persist();
        }
    }

    fn restart(&mut self, index: usize, saves: bool) {
        if saves {
            self.devices[index].host.save();
        }
        self.devices[index].restart();
        self.collected[index] = 0;
    }

    fn reload(&mut self, index: usize) {
        self.devices[index].reload();
        self.collected[index] = 0;
    }

    /// Some devices are switched off or on, and time passes. Those that are on get what they lack at once.
    fn months(&mut self) {
        for index in 0..self.devices.len() {
            if self.devices[index].replica.joined() && self.rng.random_bool(0.4) {
                self.away[index] = !self.away[index];
            }
        }
        self.now += self.rng.random_range(20..120) * DAY;
        self.meet();
    }

    /// Whoever is on catches up, twice, for each publishes what the others then get.
    fn meet(&mut self) {
        for _ in 0..2 {
            for index in 0..self.devices.len() {
                if !self.away[index] && self.devices[index].replica.joined() {
                    self.catch_up(index);
                }
            }
        }
    }

    /// By what the server has: of each device its last snapshot and the deltas since. Then what is long dead is forgotten.
    fn catch_up(&mut self, index: usize) {
        let now = self.time(index);
        if self.is_silent(index) {
            self.devices[index].replica.returns();
        }
        for from in 0..self.devices.len() {
            let covered = self.stored[from].as_ref().map_or(0, |(_, covered)| *covered);
            let deltas = self.devices[from].published[covered..].to_vec();
            for delta in &deltas {
                self.devices[index].merge(delta, now);
            }
        }
        let lacks = |world: &World, cover: &VersionVector| {
            !world.devices[index]
                .replica
                .version_vector()
                .missing(cover)
                .is_empty()
        };
        // As a client does, the one that brings most.
        while let Some((from, snapshot)) = (0..self.devices.len())
            .filter_map(|from| Some((from, self.stored[from].as_ref()?.0.clone())))
            .filter(|(_, snapshot)| lacks(self, &snapshot.cover))
            .max_by_key(|(_, snapshot)| {
                let missing = self.devices[index]
                    .replica
                    .version_vector()
                    .missing(&snapshot.cover);
                missing
                    .iter()
                    .map(|(_, first, last)| last - first + 1)
                    .sum::<u64>()
            })
        {
            let of = *self.devices[from].replica.id();
            let device = &mut self.devices[index];
            device.replica.merge_snapshot(of, &snapshot, now).unwrap();
            device.persist();
        }
        self.caught_up[index] = self.now;
        self.devices[index].replica.has_returned();
        self.devices[index].replica.forget_dead(now);
        self.devices[index].persist();
        self.publish(index);
    }

    /// Off, or back after so long that others may have forgotten what it still has.
    fn is_silent(&self, index: usize) -> bool {
        self.away[index] || self.now > self.caught_up[index] + RETENTION_MS
    }

    fn publish(&mut self, index: usize) {
        if self.is_silent(index) {
            return;
        }
        if self.bulks && self.rng.random_bool(0.3) {
            self.devices[index].replica.set_aside();
        }
        self.devices[index].publish();
        let count = self.devices[index].published.len();
        let covered = self.stored[index].as_ref().map_or(0, |(_, covered)| *covered);
        let aside = self.devices[index].replica.has_set_aside();
        let due = aside && (!self.bulks || self.rng.random_bool(0.3));
        if due || self.long && !aside && count > covered + RING {
            let replica = &mut self.devices[index].replica;
            let snapshot = if due {
                replica.take_snapshot()
            } else {
                replica.snapshot()
            };
            let snapshot = serde_json::to_string(&snapshot).unwrap();
            self.devices[index].persist();
            self.stored[index] = Some((serde_json::from_str(&snapshot).unwrap(), count));
        }
        let new: Vec<Delta> = self.devices[index].published[self.sent[index]..].to_vec();
        self.sent[index] = self.devices[index].published.len();
        for (to, queue) in self.network.iter_mut().enumerate() {
            for delta in new.iter().filter(|_| to != index) {
                // Lost, sent, or sent twice.
                for _ in 0..[0, 1, 1, 1, 2][self.rng.random_range(0..5)] {
                    queue.push(delta.clone());
                }
            }
        }
    }

    fn deliver(&mut self, index: usize, now: u64) {
        if self.away[index] {
            return;
        }
        for _ in 0..self.rng.random_range(0..5) {
            if self.network[index].is_empty() {
                return;
            }
            let at = self.rng.random_range(0..self.network[index].len());
            let delta = self.network[index].swap_remove(at);
            self.devices[index].merge(&delta, now);
        }
    }

    fn take_snapshot(&mut self, index: usize, now: u64) {
        let from = self.rng.random_range(0..self.devices.len());
        if self.away[index] || self.is_silent(from) {
            return;
        }
        let snapshot = serde_json::to_string(&self.devices[from].replica.snapshot()).unwrap();
        let snapshot: Snapshot = serde_json::from_str(&snapshot).unwrap();
        let of = *self.devices[from].replica.id();
        self.devices[index]
            .replica
            .merge_snapshot(of, &snapshot, now)
            .unwrap();
        self.devices[index].persist();
    }

    /// One edit that comes from no host, such as a bot's.
    fn direct_edit(&mut self, index: usize, now: u64) {
        let device = &mut self.devices[index];
        let rows = device.replica.tree();
        let mut ids = Vec::new();
        [&rows.toolbar, &rows.menu, &rows.other]
            .into_iter()
            .flatten()
            .for_each(|node| all_nodes(node, &mut ids));
        let root = ItemId::root(Root::ALL[self.rng.random_range(0..3)]);
        let Some(node) = (!ids.is_empty()).then(|| ids[self.rng.random_range(0..ids.len())]) else {
            return;
        };
        let index = Some(self.rng.random_range(0..4));
        let mut gone = Vec::new();
        let op = match self.rng.random_range(0..3) {
            0 => {
                self.next_serial += 1;
                let serial = format!("s{}", self.next_serial);
                let url = format!("https://bot.example/{serial}");
                let fields = [("title", "bot"), ("url", &url), ("description", &serial)];
                let fields = fields
                    .map(|(name, text)| (name.to_owned(), text.to_owned()))
                    .into();
                self.known.insert(serial);
                EditOp::Add {
                    id: None,
                    parent: root,
                    index,
                    kind: Kind::Link,
                    fields,
                }
            }
            1 => EditOp::Move {
                id: node.id.clone(),
                parent: root,
                index,
            },
            _ => {
                let mut within = Vec::new();
                all_nodes(node, &mut within);
                self.deleted
                    .extend(within.iter().map(|node| node.field("description").to_owned()));
                gone.extend(within.into_iter().map(|node| node.id.clone()));
                EditOp::Remove { id: node.id.clone() }
            }
        };
        let added = matches!(op, EditOp::Add { .. });
        let done = device.replica.edit(op, now, &mut device.rng);
        if added && done.is_err() {
            self.known.remove(&format!("s{}", self.next_serial));
        }
        device.persist();
        gone.into_iter().for_each(|id| self.note_deleted(&id));
    }

    /// A user deleted that. Where only a later change of it has come, others know its serial.
    fn note_deleted(&mut self, id: &ItemId) {
        for device in &self.devices {
            let tree = device.replica.tree();
            let mut nodes = Vec::new();
            let roots = [&tree.toolbar, &tree.menu, &tree.other];
            roots
                .into_iter()
                .flatten()
                .for_each(|node| all_nodes(node, &mut nodes));
            let same = nodes.into_iter().filter(|node| node.id == *id);
            self.deleted
                .extend(same.map(|node| node.field("description").to_owned()));
        }
    }

    /// One edit by the user of a host.
    fn edit(&mut self, index: usize) {
        let host = &mut self.devices[index].host;
        let rng = &mut self.rng;
        let tokens = host.tokens();
        let mut folders: Vec<u64> = tokens
            .iter()
            .copied()
            .filter(|token| host.kind(*token) == Kind::Folder)
            .collect();
        folders.extend([1, 2, 3]);
        let folder = folders[rng.random_range(0..folders.len())];
        if tokens.is_empty() || rng.random_bool(0.4) {
            let kind = [Kind::Link, Kind::Link, Kind::Folder, Kind::Separator][rng.random_range(0..4)];
            self.next_serial += 1;
            let serial = self.next_serial;
            let mut title = format!("t{}", rng.random_range(0..6));
            let mut url = format!(
                "https://x.example/{}",
                ["a", "ä", "a b", "c"][rng.random_range(0..4)]
            );
            if !self.alike {
                url += &serial.to_string();
                title = if kind == Kind::Folder {
                    format!("f{serial}")
                } else {
                    title
                };
            }
            let texts = match kind {
                Kind::Separator => Texts::default(),
                Kind::Folder => Texts {
                    title,
                    description: format!("s{serial}"),
                    ..Texts::default()
                },
                Kind::Link => Texts {
                    title,
                    url,
                    description: format!("s{serial}"),
                    ..Texts::default()
                },
            };
            let at = rng.random_range(0..=host.children(folder).len());
            host.add(folder, at, kind, texts);
            return;
        }
        let token = tokens[rng.random_range(0..tokens.len())];
        match rng.random_range(0..10) {
            0..2 => {
                let mut gone = host.collect().items;
                gone.retain(|item| host.is_within(item.token, token));
                host.remove(token);
                let known = self.devices[index]
                    .replica
                    .flat_host(&HostTree { items: gone.clone() });
                known.iter().for_each(|item| self.note_deleted(&item.id));
                self.deleted.extend(gone.into_iter().map(|item| item.description));
            }
            2..4 if host.kind(token) == Kind::Link => {
                let title = format!("t{}", rng.random_range(0..6));
                host.set(token, |texts| texts.title = title);
            }
            // By its title alone a folder is told after a restart, and a link by its address: these change while the
            // program watches.
            4..6 if host.kind(token) != Kind::Separator && (self.alike || self.collected[index] != 0) => {
                if !self.alike {
                    let now = self.time(index);
                    self.collect(index, now);
                }
                let host = &mut self.devices[index].host;
                self.next_serial += 1;
                let name = if self.alike { 0 } else { self.next_serial };
                match host.kind(token) {
                    Kind::Folder => host.set(token, |texts| texts.title = format!("f{name}")),
                    _ => host.set(token, |texts| texts.url = format!("https://y.example/{name}")),
                }
                if !self.alike {
                    let now = self.time(index);
                    self.collect(index, now);
                }
            }
            _ if !host.is_within(folder, token) => {
                let here = usize::from(host.parent(token) == folder);
                let at = rng.random_range(0..=host.children(folder).len() - here);
                host.shift(token, folder, at);
            }
            _ => {}
        }
    }

    /// The user answers what is held.
    fn answer(&mut self, index: usize, now: u64) {
        let accept = self.rng.random_bool(0.5);
        self.devices[index].replica.answer_held(None, accept, now);
        self.devices[index].persist();
    }

    fn heal(mut self) {
        let mut moved = BTreeSet::new();
        for index in 0..self.devices.len() {
            let now = self.time(index);
            self.devices[index].answer = Some(self.rng.random_bool(0.5));
            self.collect(index, now);
            // A host that started with other bookmarks than it is known to hold joins again.
            if self.devices[index].replica.awaits_join() {
                // What was moved there before its first look is another one then, as at any join.
                let items = self.devices[index].host.collect().items;
                moved.extend(items.into_iter().map(|item| item.description));
                self.join(index, now);
            }
        }
        self.away.fill(false);
        self.bulks = false;
        if self.long {
            self.meet();
        }
        exchange(&mut self.devices, self.now + 7_200_000);
        assert_all_equal(&self.devices);
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        let tree = self.devices[0].replica.tree();
        for node in [&tree.toolbar, &tree.menu, &tree.other].into_iter().flatten() {
            count(node, &mut found);
        }
        if self.alike {
            return;
        }
        let doubled: Vec<&String> = found
            .iter()
            .filter(|(serial, times)| **times > 1 && !moved.contains(*serial))
            .map(|(serial, _)| serial)
            .collect();
        assert!(
            doubled.is_empty(),
            "doubled: {doubled:?}\n{}",
            self.devices[0].outline()
        );
        let kept = self.known.iter().filter(|serial| !self.deleted.contains(*serial));
        let lost: Vec<&String> = kept.filter(|serial| !found.contains_key(*serial)).collect();
        assert!(lost.is_empty(), "lost: {lost:?}\n{}", self.devices[0].outline());
    }
}

fn all_nodes<'a>(node: &'a TreeNode, found: &mut Vec<&'a TreeNode>) {
    found.push(node);
    node.children.iter().for_each(|child| all_nodes(child, found));
}

fn count(node: &TreeNode, found: &mut BTreeMap<String, usize>) {
    if !node.field("description").is_empty() {
        *found.entry(node.field("description").to_owned()).or_default() += 1;
    }
    node.children.iter().for_each(|child| count(child, found));
}
