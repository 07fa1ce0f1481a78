// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! A device: a host, its replica, the records on its disk, and the deltas that it published.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;
use replica::{Delta, ItemId, Merged, Reconciled, Replica, ReplicaId, Tree, TreeNode};

use super::host::{Host, ROOTS};
use super::outline;

pub struct Device {
    pub host: Host,
    pub replica: Replica,
    pub disk: BTreeMap<(String, String), Vec<u8>>,
    /// All deltas it ever published.
    pub published: Vec<Delta>,
    pub rng: StdRng,
    /// Edits in one batch.
    pub batch_limit: usize,
    /// What its user says to deletions that are held; nothing for `None`.
    pub answer: Option<bool>,
}

impl Device {
    pub fn new(number: u64) -> Device {
        let id = ReplicaId::from(0x1111_1111_1111_1111 * number);
        let mut device = Device {
            host: Host::new(),
            replica: Replica::create(id),
            disk: BTreeMap::new(),
            published: Vec::new(),
            rng: StdRng::seed_from_u64(number),
            batch_limit: 1000,
            answer: None,
        };
        device.persist();
        device
    }

    /// A device with those bookmarks that is the first of its account.
    pub fn first(number: u64, outline: &str, now: u64) -> Device {
        let mut device = Device::new(number);
        outline::plant(&mut device.host, outline);
        device.host.save();
        device.collect(now);
        device.join(now);
        device
    }

    pub fn join(&mut self, now: u64) -> Reconciled {
        let counts = self.replica.join(now, &mut self.rng);
        self.persist();
        counts
    }

    /// The collector hands over the host's tree.
    pub fn collect(&mut self, now: u64) -> Reconciled {
        let tree = self.host.collect();
        let counts = self
            .replica
            .reconcile(self.host.generation, &tree, now, &mut self.rng);
        self.persist();
        counts
    }

    /// The host gets everything that is due, in batches.
    pub fn apply(&mut self) -> usize {
        let mut edits = 0;
        while let Some(batch) = self.replica.next_batch(self.batch_limit) {
            self.persist();
            assert!(
                (1..=self.batch_limit).contains(&batch.edits.len()),
                "{} edits",
                batch.edits.len()
            );
            edits += batch.edits.len();
            assert!(self.host.apply(&batch), "nobody else edits the host meanwhile");
            self.replica.applied(batch.number);
            self.persist();
        }
        edits
    }

    /// Collects and applies until host and replica agree.
    pub fn settle(&mut self, now: u64) {
        self.collect(now);
        if let Some(accept) = self.answer {
            self.replica.answer_held(None, accept, now);
            self.persist();
        }
        self.apply();
        let again = self.collect(now);
        assert_eq!(
            again,
            Reconciled::default(),
            "an applied batch is no edit of the user's"
        );
        assert_eq!(self.apply(), 0, "a second round has nothing to do");
        self.assert_host_agrees();
    }

    pub fn save(&mut self) {
        self.host.save();
        self.replica.saved(self.host.generation);
        self.persist();
    }

    pub fn publish(&mut self) {
        while let Some(delta) = self.replica.take_delta(2000) {
            self.persist();
            self.published.push(delta);
        }
    }

    pub fn merge(&mut self, delta: &Delta, now: u64) -> Merged {
        // Over the wire and back.
        let delta: Delta = serde_json::from_str(&serde_json::to_string(delta).unwrap()).unwrap();
        let merged = self.replica.merge(&delta, now).unwrap();
        self.persist();
        merged
    }

    /// The program ends and starts again from its records; so does the host from its file.
    pub fn restart(&mut self) {
        self.host.restart();
        self.reload();
    }

    /// The program starts again from its records, the host goes on.
    pub fn reload(&mut self) {
        let records = self
            .disk
            .iter()
            .map(|((table, key), value)| (table.clone(), key.clone(), value.clone()));
        let before = self.replica.tree();
        self.replica = Replica::load(records).unwrap().unwrap();
        assert_eq!(self.replica.tree(), before, "the records give the same tree");
        self.replica.host_started();
    }

    pub fn persist(&mut self) {
        for change in self.replica.take_changes() {
            assert!(replica::TABLES.contains(&change.table));
            let key = (change.table.to_owned(), change.key);
            match change.value {
                Some(value) => self.disk.insert(key, value),
                None => self.disk.remove(&key),
            };
        }
    }

    pub fn outline(&self) -> String {
        outline::of_tree(&self.replica.tree())
    }

    #[track_caller]
    pub fn assert_host_agrees(&self) {
        let (host, tree) = (outline::of_host(&self.host.collect()), self.outline());
        assert!(host == tree, "\nhost:\n{host}\nreplica:\n{tree}");
    }

    /// For each id the host's token, where host and replica agree.
    pub fn tokens(&self) -> BTreeMap<ItemId, u64> {
        fn walk(host: &Host, tokens: &[u64], nodes: &[TreeNode], found: &mut BTreeMap<ItemId, u64>) {
            assert_eq!(tokens.len(), nodes.len());
            for (token, node) in tokens.iter().zip(nodes) {
                assert_eq!(
                    (host.kind(*token), &*host.texts(*token).title),
                    (node.kind, node.field("title"))
                );
                found.insert(node.id.clone(), *token);
                walk(host, host.children(*token), &node.children, found);
            }
        }
        let tree: Tree = self.replica.tree();
        let mut found = BTreeMap::new();
        for (root, nodes) in ROOTS.iter().zip([&tree.toolbar, &tree.menu, &tree.other]) {
            walk(&self.host, self.host.children(*root), nodes, &mut found);
        }
        found
    }
}

/// Every device publishes and gets everything, and so does every host, until nothing moves.
pub fn exchange(devices: &mut [Device], now: u64) {
    for round in 0..10 {
        for device in devices.iter_mut() {
            device.settle(now);
            device.publish();
        }
        let deltas: Vec<Delta> = devices
            .iter()
            .flat_map(|device| device.published.iter().cloned())
            .collect();
        let mut news = false;
        for device in devices.iter_mut() {
            for delta in &deltas {
                news |= device.merge(delta, now).news;
            }
            device.settle(now);
            device.save();
        }
        let quiet = devices.iter().all(|device| device.replica.unpublished() == 0);
        if !news && quiet && round > 0 {
            return assert_all_equal(devices);
        }
    }
    panic!("the devices go on answering each other");
}

#[track_caller]
pub fn assert_all_equal(devices: &[Device]) {
    for device in devices {
        let (mine, first) = (device.replica.tree(), devices[0].replica.tree());
        assert!(mine == first, "\n{}\n{}", device.outline(), devices[0].outline());
        assert_eq!(
            device.replica.version_vector(),
            devices[0].replica.version_vector()
        );
    }
}
