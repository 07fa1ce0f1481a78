// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The bookmark tree with 100,000 bookmarks, 16,000 of them in one folder, beside what serde_json takes to write or read the
//! same bookmarks as one plain document: less can hardly be done with all of them.

pub mod memory;
mod wire;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use replica::{Delta, EditOp, HostItem, HostTree, ItemId, Kind, Replica, ReplicaId, Root, Tree};

use crate::report::{Report, time};

const LINKS: u64 = 100_000;
const CROWD: u64 = 16_000;
const EDITS: usize = 1_000;
const NOW: u64 = 1_790_000_000_000;

const LOAD: &str = "replica: load 100,000";
const FIRST_TREE: &str = "replica: first tree after a start";
const RECONCILE: &str = "replica: reconcile of one edit";
const CROWDED: &str = "replica: reconcile of one addition to 16,000";
const MERGE: &str = "replica: merge of 1,000 + 1,000 edits";
const SNAPSHOT: &str = "replica: snapshot of 100,000";
const SIZE: &str = "replica: size of that snapshot";
const DELTA: &str = "replica: size of a renaming";

/// All figures of the family.
pub fn run(report: &mut Report) {
    wire::run(report);
    let figures = [
        LOAD,
        memory::DISK,
        memory::RESIDENT,
        memory::BUSY,
        FIRST_TREE,
        RECONCILE,
        CROWDED,
        MERGE,
        SNAPSHOT,
        SIZE,
        DELTA,
    ];
    if !figures.iter().any(|figure| report.wants(figure)) {
        return;
    }
    let mut library = Library::new();
    library.loading(report);
    memory::run(report, &library.records, &library.json);
    library.reconciling(report);
    library.merging(report);
    library.sizes(report);
}

/// Table, key, value.
type Record = (&'static str, String, Vec<u8>);

/// One device that holds the library.
struct Library {
    replica: Replica,
    host: HostTree,
    generation: u64,
    rng: StdRng,
    records: Vec<Record>,
    /// The same as one plain document.
    tree: Tree,
    json: Vec<u8>,
}

impl Library {
    fn new() -> Library {
        let mut rng = StdRng::seed_from_u64(1);
        let mut replica = Replica::create(ReplicaId::random(&mut rng));
        let host = host_tree(LINKS);
        replica.join(NOW, &mut rng);
        replica.reconcile(1, &host, NOW, &mut rng);
        replica.saved(1);
        // As after the first upload: nothing is left to publish.
        replica.take_snapshot();
        let records = replica.take_changes().into_iter();
        let mut records: Vec<Record> = records
            .filter_map(|change| Some((change.table, change.key, change.value?)))
            .collect();
        // As the store hands them over.
        let table = |record: &Record| replica::TABLES.iter().position(|table| *table == record.0);
        records.sort_by(|a, b| (table(a), &a.1).cmp(&(table(b), &b.1)));
        let tree = replica.tree();
        let json = serde_json::to_vec(&tree).unwrap_or_default();
        Library {
            replica,
            host,
            generation: 1,
            rng,
            records,
            tree,
            json,
        }
    }

    fn load(&self) -> Option<Replica> {
        let lent = self
            .records
            .iter()
            .map(|(table, key, value)| (*table, key.as_str(), value.as_slice()));
        Replica::load(lent).ok().flatten()
    }

    fn loading(&mut self, report: &mut Report) {
        let parse = || time(|| serde_json::from_slice::<Tree>(&self.json));
        let load = || time(|| self.load());
        report.compare(LOAD, load, "serde_json parses them", parse);
        let mut rng = StdRng::seed_from_u64(2);
        let first_tree = || match self.load() {
            Some(mut replica) => time(|| replica.reconcile(1, &self.host, NOW, &mut rng)),
            _ => Duration::MAX,
        };
        let dump = || time(|| serde_json::to_vec(&self.tree));
        report.compare(FIRST_TREE, first_tree, "serde_json writes them", dump);
    }

    fn reconciling(&mut self, report: &mut Report) {
        let (replica, host, rng, tree) = (&mut self.replica, &mut self.host, &mut self.rng, &self.tree);
        let generation = &mut self.generation;
        let middle = host.items.len() / 2;
        let dump = || time(|| serde_json::to_vec(tree));
        let rename = || {
            *generation += 1;
            if let Some(item) = host.items.get_mut(middle) {
                item.title = format!("Renamed {generation}");
            }
            let spent = time(|| replica.reconcile(*generation, host, NOW + *generation, rng));
            // What the host says back is nothing: it has it all.
            black_box(replica.next_batch(1000));
            black_box(replica.take_changes());
            spent
        };
        report.compare(RECONCILE, rename, "serde_json writes them", dump);
        let folder = host.items.first().map_or(1, |item| item.token);
        let add = || {
            *generation += 1;
            host.items
                .insert(8_000, link(90_000_000 + *generation, folder, *generation));
            let spent = time(|| replica.reconcile(*generation, host, NOW + *generation, rng));
            black_box(replica.next_batch(1000));
            black_box(replica.take_changes());
            spent
        };
        report.compare(CROWDED, add, "serde_json writes them", dump);
    }

    fn merging(&mut self, report: &mut Report) {
        if !report.wants(MERGE) {
            return;
        }
        let mut rng = StdRng::seed_from_u64(3);
        let mut other = Replica::create(ReplicaId::random(&mut rng));
        let own = *self.replica.id();
        let known = other
            .merge_snapshot(own, &self.replica.take_snapshot(), NOW)
            .is_ok();
        other.join(NOW, &mut rng);
        let folder = self
            .tree
            .toolbar
            .iter()
            .chain(&self.tree.menu)
            .find(|node| node.children.len() >= EDITS);
        let ids: Vec<ItemId> = folder
            .into_iter()
            .flat_map(|node| &node.children)
            .map(|node| node.id.clone())
            .take(EDITS)
            .collect();
        let last = std::cell::RefCell::new((Vec::new(), Vec::new()));
        let mut round = 0;
        let replica = &mut self.replica;
        let merge = || {
            round += 1;
            let now = NOW + round * 10_000;
            for (number, id) in ids.iter().enumerate() {
                let fields = BTreeMap::from([("title".to_owned(), format!("Title {round} {number}"))]);
                let moved = EditOp::Move {
                    id: id.clone(),
                    parent: ItemId::root(Root::Menu),
                    index: None,
                };
                let here = replica
                    .edit(
                        EditOp::Set {
                            id: id.clone(),
                            fields,
                        },
                        now,
                        &mut rng,
                    )
                    .is_ok();
                assert!(
                    known && here && other.edit(moved, now, &mut rng).is_ok(),
                    "an edit was refused"
                );
            }
            let (Some(mine), Some(theirs)) = (replica.take_delta(usize::MAX), other.take_delta(usize::MAX))
            else {
                return Duration::MAX;
            };
            let spent = time(|| {
                (
                    replica.merge(&theirs, now).is_ok(),
                    other.merge(&mine, now).is_ok(),
                )
            });
            let json = |delta: &Delta| serde_json::to_vec(delta).unwrap_or_default();
            *last.borrow_mut() = (json(&mine), json(&theirs));
            spent
        };
        let parse = || {
            let last = last.borrow();
            let parse = |json: &[u8]| serde_json::from_slice::<Delta>(json).is_ok();
            time(|| (parse(&last.0), parse(&last.1)))
        };
        report.compare(MERGE, merge, "serde_json parses the edits", parse);
    }

    fn sizes(&mut self, report: &mut Report) {
        let (replica, tree) = (&mut self.replica, &self.tree);
        let write = || time(|| serde_json::to_vec(&replica.snapshot()));
        report.compare(SNAPSHOT, write, "serde_json writes them", || {
            time(|| serde_json::to_vec(tree))
        });
        let bytes = |value: &[u8]| value.len() as f64;
        let snapshot = serde_json::to_vec(&self.replica.snapshot()).unwrap_or_default();
        report.add(
            SIZE,
            bytes(&snapshot) / 1e6,
            "MB",
            "the plain document",
            bytes(&self.json) / 1e6,
        );
        let Some(node) = self.tree.other.first() else {
            return;
        };
        let fields = BTreeMap::from([("title".to_owned(), "A better title".to_owned())]);
        let set = EditOp::Set {
            id: node.id.clone(),
            fields,
        };
        if self.replica.edit(set, NOW * 2, &mut self.rng).is_ok()
            && let Some(delta) = self.replica.take_delta(usize::MAX)
        {
            let json = serde_json::to_vec(&delta).unwrap_or_default();
            report.add(
                DELTA,
                bytes(&json),
                "B",
                "the title alone",
                bytes(b"A better title"),
            );
        }
    }
}

/// Folders of 50, the first with 16,000.
fn host_tree(links: u64) -> HostTree {
    let mut tree = HostTree::default();
    let mut folder = 1;
    for number in 0..links {
        if number == 0 || (number >= CROWD && number.is_multiple_of(50)) {
            folder = 1_000_000 + number;
            let title = format!("Folder {number}");
            let parent = 1 + number / 50 % 3;
            let (url, description, keyword) = Default::default();
            tree.items.push(HostItem {
                token: folder,
                parent,
                kind: Kind::Folder,
                title,
                url,
                description,
                keyword,
            });
        }
        tree.items.push(link(16 + number, folder, number));
    }
    tree
}

fn link(token: u64, parent: u64, number: u64) -> HostItem {
    HostItem {
        token,
        parent,
        kind: Kind::Link,
        title: format!("Bookmark number {number}, as titles go"),
        url: format!(
            "https://site{}.example/some/path/{number}?query=value",
            number % 977
        ),
        description: String::new(),
        keyword: String::new(),
    }
}
