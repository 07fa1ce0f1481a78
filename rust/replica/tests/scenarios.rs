// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Runs every scenario that concerns a tree through the real path: a user's edits in a host, reconcile, deltas, merge, batches
//! into the other hosts. `XMPPSYNC_SCENARIOS=FILE cargo test -p replica scenarios` runs another file of the format, and names
//! each scenario that fails. Scenarios of kind `protocol` are told in words, and each has a test of its own ([`TOLD`]).
#![allow(
    clippy::disallowed_methods,
    reason = "the file's name comes from the environment"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects, clippy::too_many_lines)]

mod support;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use replica::{ItemId, Kind, Tree, TreeNode};
use serde_json::Value;
use support::device::{Device, exchange};
use support::host::{Host, Texts};

/// How a scenario is run.
#[derive(Debug, Clone, Copy)]
struct Variant {
    /// Whose edits are later by the clock; the order of the devices otherwise.
    last_is_newest: bool,
    /// A collection after each edit, or one after all.
    each: bool,
}

#[test]
fn scenarios_hold() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios/tree.json");
    let file = std::env::var("XMPPSYNC_SCENARIOS").unwrap_or_else(|_| default.to_owned());
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let all: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let (mut passed, mut failed, mut told) = (0, Vec::new(), 0);
    for scenario in all["scenarios"].as_array().expect("a list of scenarios") {
        if scenario["kind"] == "protocol" {
            told += 1;
            continue;
        }
        let name = scenario["name"].as_str().expect("a name");
        let mut problems = Vec::new();
        for variant in variants(scenario) {
            let outcome = catch_unwind(AssertUnwindSafe(|| run(scenario, variant)));
            let outcome = outcome.unwrap_or_else(|panic| (vec![message(&*panic)], vec![]));
            problems.extend(
                outcome
                    .0
                    .into_iter()
                    .map(|problem| format!("{variant:?}: {problem}")),
            );
            for note in outcome.1 {
                println!("note: {name}: {variant:?}: {note}");
            }
        }
        if problems.is_empty() {
            passed += 1;
        } else {
            println!("FAILED {name}\n    {}", problems.join("\n    "));
            failed.push(name);
        }
    }
    println!(
        "{file}: {passed} passed, {} failed, {told} of kind protocol left out",
        failed.len()
    );
    assert!(passed + failed.len() > 0, "no scenario in {file}");
    assert!(failed.is_empty(), "failed scenarios: {}", failed.join(", "));
}

/// The test of each scenario that is told in words, by its file under `rust`.
const TOLD: [(&str, &str, &str); 20] = [
    (
        "failsafe-incoming-deletes",
        "replica/tests/holding.rs",
        "a_large_incoming_deletion_waits_and_survives_a_restart",
    ),
    (
        "failsafe-outgoing-deletes",
        "replica/tests/holding.rs",
        "a_folder_that_is_gone_when_the_browser_starts_is_not_deleted_elsewhere",
    ),
    (
        "failsafe-adds",
        "replica/tests/doubling.rs",
        "copies_of_what_is_here_wait_and_survive_a_restart",
    ),
    (
        "failsafe-does-not-nag",
        "replica/tests/holding.rs",
        "moving_and_adding_many_is_no_deletion",
    ),
    (
        "change-during-sync-kept",
        "replica/tests/protocol.rs",
        "a_change_during_the_sync_is_kept",
    ),
    (
        "restore-from-backup-is-not-undone",
        "client/tests/history.rs",
        "a_restored_copy_is_undone_by_nobody",
    ),
    (
        "backup-before-first-merge",
        "client/tests/history.rs",
        "there_is_a_copy_of_both_sides_before_a_join_changes_anything",
    ),
    (
        "wrong-or-empty-target",
        "client/tests/joining.rs",
        "a_profile_that_starts_empty_or_as_another_is_a_first_join",
    ),
    (
        "duplicate-delivery",
        "replica/tests/protocol.rs",
        "duplicate_delivery_counts_once",
    ),
    (
        "reordered-and-missing-delivery",
        "replica/tests/protocol.rs",
        "reordered_and_missing_delivery_shows_its_gap",
    ),
    (
        "interrupted-snapshot-resumes",
        "client/tests/pacing.rs",
        "fetching_goes_on_where_it_broke_off",
    ),
    (
        "malformed-incoming-tree",
        "replica/tests/foreign.rs",
        "malformed_rows_are_refused_and_nothing_else_is_lost",
    ),
    (
        "unknown-fields-round-trip",
        "replica/tests/foreign.rs",
        "unknown_fields_round_trip",
    ),
    (
        "removed-device-is-silent",
        "client/tests/devices.rs",
        "a_removed_device_gets_nothing_more_and_its_items_go",
    ),
    (
        "long-absent-device-does-not-resurrect",
        "client/tests/growth.rs",
        "a_device_that_was_away_for_longer_brings_nothing_back",
    ),
    (
        "tabs-are-per-device-and-private-free",
        "client/tests/tabs.rs",
        "the_others_see_the_last_state_within_seconds_and_it_ages_out",
    ),
    (
        "send-tab-exactly-once",
        "client/tests/parcels.rs",
        "two_tabs_are_opened_once_though_the_receiver_starts_twice",
    ),
    (
        "history-union",
        "client/tests/visits.rs",
        "two_histories_become_one_and_a_deleted_page_stays_deleted",
    ),
    ("fuzz-n-devices", "replica/tests/model.rs", "fuzz_n_devices"),
    (
        "hundred-thousand",
        "replica/tests/speed.rs",
        "a_hundred_thousand_bookmarks",
    ),
];

#[test]
fn each_scenario_in_words_has_its_test() {
    let rust = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let text = std::fs::read_to_string(format!("{rust}/../tests/scenarios/tree.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let mut told: Vec<&str> = TOLD.iter().map(|(name, _, _)| *name).collect();
    for scenario in all["scenarios"].as_array().unwrap() {
        let name = scenario["name"].as_str().unwrap();
        if scenario["kind"] == "protocol" {
            let at = told.iter().position(|known| *known == name);
            told.remove(at.unwrap_or_else(|| panic!("the scenario {name} has no test")));
        }
    }
    assert!(told.is_empty(), "no scenarios any more: {told:?}");
    for (name, file, test) in TOLD {
        let code = std::fs::read_to_string(format!("{rust}/{file}")).unwrap();
        assert!(
            code.contains(&format!("#[test]\nfn {test}()")),
            "{file} has no test {test} for the scenario {name}"
        );
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panicked").to_owned()
}

fn variants(scenario: &Value) -> Vec<Variant> {
    let orders = match scenario["newer"].as_str() {
        Some("a") => vec![false],
        Some(_) => vec![true],
        None => vec![true, false],
    };
    let both = |last_is_newest| [true, false].map(|each| Variant { last_is_newest, each });
    orders.into_iter().flat_map(both).collect()
}

/// A device whose user agrees to every large deletion: the scenarios here are about what becomes of it.
fn agreeing(number: u64) -> Device {
    Device {
        answer: Some(true),
        ..Device::new(number)
    }
}

/// The required checks that failed, and the others.
fn run(scenario: &Value, variant: Variant) -> (Vec<String>, Vec<String>) {
    let count = if uses(scenario, "c") { 3 } else { 2 };
    let mut world = World {
        devices: (1..=count).map(agreeing).collect(),
        labels: BTreeMap::new(),
    };
    for device in &mut world.devices[1..] {
        device.host.respells = true;
    }
    if scenario["first_merge"] == true {
        world.join_in_turn(scenario, variant);
    } else {
        world.start_from(&scenario["base"]);
        let rounds = scenario["rounds"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![scenario.clone()]);
        for (round, now) in rounds.iter().zip((2_000_000..).step_by(1_000_000)) {
            world.round(round, variant, now, scenario["restart_between"] == true);
        }
    }
    world.check(&scenario["expect"])
}

fn uses(scenario: &Value, device: &str) -> bool {
    let in_round = scenario["rounds"]
        .as_array()
        .is_some_and(|rounds| rounds.iter().any(|round| round.get(device).is_some()));
    in_round || scenario.get(device).is_some() || scenario.get(format!("{device}_tree")).is_some()
}

struct World {
    devices: Vec<Device>,
    /// The items by the names that the scenario gives them.
    labels: BTreeMap<String, ItemId>,
}

impl World {
    /// All devices hold the base.
    fn start_from(&mut self, base: &Value) {
        let mut named = Labels::new();
        plant(&mut self.devices[0].host, base, &mut named);
        for device in &mut self.devices {
            device.collect(1_000_000);
        }
        self.devices[0].join(1_000_000);
        self.devices[0].settle(1_000_000);
        self.learn(0, &named);
        self.devices[0].publish();
        let deltas = self.devices[0].published.clone();
        for device in &mut self.devices[1..] {
            deltas
                .iter()
                .for_each(|delta| drop(device.merge(delta, 1_000_000)));
            device.join(1_000_000);
        }
        exchange(&mut self.devices, 1_000_000);
    }

    /// No common base: the first publishes, the others join one after another.
    fn join_in_turn(&mut self, scenario: &Value, variant: Variant) {
        let mut trees: Vec<(usize, &Value)> = ["a_tree", "b_tree", "c_tree"]
            .iter()
            .map(|name| &scenario[*name])
            .enumerate()
            .collect();
        trees.truncate(self.devices.len());
        if !variant.last_is_newest {
            trees.reverse();
        }
        for ((index, tree), now) in trees.into_iter().zip((1_000_000..).step_by(10_000)) {
            let mut named = Labels::new();
            plant(&mut self.devices[index].host, tree, &mut named);
            if variant.each {
                self.devices[index].collect(now);
            }
            let deltas: Vec<_> = self
                .devices
                .iter()
                .flat_map(|device| device.published.clone())
                .collect();
            let device = &mut self.devices[index];
            deltas.iter().for_each(|delta| drop(device.merge(delta, now)));
            device.join(now);
            let tokens = device.host.tokens().len();
            device.settle(now);
            assert!(device.host.tokens().len() >= tokens, "a join removes nothing");
            device.publish();
            self.learn(index, &named);
        }
        exchange(&mut self.devices, 2_000_000);
    }

    fn round(&mut self, round: &Value, variant: Variant, now: u64, restart: bool) {
        for (index, name) in ["a", "b", "c"].iter().enumerate().take(self.devices.len()) {
            let no_edits = Vec::new();
            let edits = round[*name].as_array().unwrap_or(&no_edits);
            let turn = if variant.last_is_newest {
                index
            } else {
                self.devices.len() - index
            };
            let mut now = now + 10_000 * turn as u64;
            let mut named = self.named(index);
            let device = &mut self.devices[index];
            for edit in edits {
                act(&mut device.host, edit, &mut named);
                now += 10;
                if variant.each && !restart {
                    device.collect(now);
                }
            }
            if restart && !edits.is_empty() {
                // The user edited while nobody watched, and the host has been started anew since.
                let before = device.host.tokens();
                device.host.save();
                device.restart();
                let renewed: BTreeMap<u64, u64> = before.into_iter().zip(device.host.tokens()).collect();
                named
                    .values_mut()
                    .for_each(|token| *token = renewed.get(token).copied().unwrap_or(*token));
            }
            device.settle(now);
            self.learn(index, &named);
        }
        exchange(&mut self.devices, now + 100_000);
    }

    /// The tokens of all items with a name that a device has.
    fn named(&self, index: usize) -> Labels {
        let tokens = self.devices[index].tokens();
        let roots = ["toolbar", "menu", "other"]
            .into_iter()
            .zip(1..)
            .map(|(name, token)| (name.to_owned(), token));
        let items = self
            .labels
            .iter()
            .filter_map(|(label, id)| Some((label.clone(), *tokens.get(id)?)));
        roots.chain(items).collect()
    }

    /// Notes the ids of items that a device has.
    fn learn(&mut self, index: usize, named: &Labels) {
        let ids: BTreeMap<u64, ItemId> = self.devices[index]
            .tokens()
            .into_iter()
            .map(|(id, token)| (token, id))
            .collect();
        for (label, token) in named {
            if let Some(id) = ids.get(token) {
                self.labels.entry(label.clone()).or_insert_with(|| id.clone());
            }
        }
    }

    fn check(&self, expect: &Value) -> (Vec<String>, Vec<String>) {
        let facts = Facts::new(&self.devices[0].replica.tree());
        let (mut failed, mut notes) = (Vec::new(), Vec::new());
        for check in expect.as_array().expect("checks") {
            if let Err(problem) = facts.check(check, &self.labels) {
                // Ours is the policy "revive".
                let required = check["soft"] != true && check["policy"] != "rescue";
                let list = if required { &mut failed } else { &mut notes };
                list.push(format!("{check}: {problem}"));
            }
        }
        if !failed.is_empty() {
            failed.push(format!("the tree is\n{}", self.devices[0].outline()));
        }
        (failed, notes)
    }
}

type Labels = BTreeMap<String, u64>;

fn plant(host: &mut Host, tree: &Value, named: &mut Labels) {
    for (root, token) in ["toolbar", "menu", "other"].iter().zip(1..) {
        for item in tree[*root].as_array().into_iter().flatten() {
            let end = host.children(token).len();
            plant_item(host, token, end, item, named);
        }
    }
}

fn plant_item(host: &mut Host, parent: u64, index: usize, item: &Value, named: &mut Labels) {
    let kind = match item["kind"].as_str() {
        Some("folder") => Kind::Folder,
        Some("sep") => Kind::Separator,
        _ => Kind::Link,
    };
    let text = |name: &str| item[name].as_str().unwrap_or("").to_owned();
    let texts = Texts {
        title: text("title"),
        url: text("url"),
        description: text("description"),
        keyword: text("keyword"),
    };
    let token = host.add(parent, index, kind, texts);
    named.insert(text("id"), token);
    for child in item["kids"].as_array().into_iter().flatten() {
        let end = host.children(token).len();
        plant_item(host, token, end, child, named);
    }
}

/// One edit of a user in a host.
fn act(host: &mut Host, edit: &Value, named: &mut Labels) {
    let token = |name: &Value| {
        *named
            .get(name.as_str().expect("a name"))
            .unwrap_or_else(|| panic!("{name} is not here"))
    };
    let row = |host: &Host, folder: u64| match edit["at"].as_u64() {
        Some(index) => (index as usize).min(host.children(folder).len()),
        None => host.children(folder).len(),
    };
    match edit["op"].as_str().expect("op") {
        "add" => {
            let folder = token(&edit["in"]);
            let index = row(host, folder);
            plant_item(host, folder, index, &edit["item"], named);
        }
        "set" => {
            let token = token(&edit["id"]);
            for (name, value) in edit["fields"].as_object().expect("fields") {
                let value = value.as_str().expect("text").to_owned();
                host.set(token, |texts| match name.as_str() {
                    "title" => texts.title = value,
                    "url" => texts.url = value,
                    "description" => texts.description = value,
                    "keyword" => texts.keyword = value,
                    other => panic!("a host has no field {other}"),
                });
            }
        }
        "move" => {
            let (item, folder) = (token(&edit["id"]), token(&edit["in"]));
            let here = usize::from(host.parent(item) == folder);
            let index = match edit["at"].as_u64() {
                Some(index) => (index as usize).min(host.children(folder).len() - here),
                None => host.children(folder).len() - here,
            };
            host.shift(item, folder, index);
        }
        "del" => host.remove(token(&edit["id"])),
        "order" => {
            let folder = token(&edit["in"]);
            let wanted: Vec<u64> = edit["ids"].as_array().expect("ids").iter().map(token).collect();
            let spots: Vec<usize> = (0..host.children(folder).len())
                .filter(|at| wanted.contains(&host.children(folder)[*at]))
                .collect();
            assert_eq!(spots.len(), wanted.len(), "all of them are in the folder");
            for (spot, item) in spots.into_iter().zip(wanted) {
                host.shift(item, folder, spot);
            }
        }
        other => panic!("unknown op {other}"),
    }
}

/// A tree, ready to be asked.
struct Facts {
    /// Each item with its folder's name and its place there.
    items: BTreeMap<ItemId, (String, TreeNode)>,
    children: BTreeMap<String, Vec<ItemId>>,
}

impl Facts {
    fn new(tree: &Tree) -> Facts {
        let mut facts = Facts {
            items: BTreeMap::new(),
            children: BTreeMap::new(),
        };
        for (name, nodes) in [
            ("toolbar", &tree.toolbar),
            ("menu", &tree.menu),
            ("other", &tree.other),
        ] {
            facts.note(name, nodes);
        }
        facts
    }

    fn note(&mut self, folder: &str, nodes: &[TreeNode]) {
        self.children.insert(
            folder.to_owned(),
            nodes.iter().map(|node| node.id.clone()).collect(),
        );
        for node in nodes {
            let old = self
                .items
                .insert(node.id.clone(), (folder.to_owned(), node.clone()));
            assert!(old.is_none(), "each id once");
            self.note(node.id.as_str(), &node.children);
        }
    }

    fn check(&self, check: &Value, labels: &BTreeMap<String, ItemId>) -> Result<(), String> {
        let name = |value: &Value| -> String {
            let label = value.as_str().expect("a name");
            labels.get(label).map_or(label, ItemId::as_str).to_owned()
        };
        let names =
            |key: &str| -> Vec<String> { check[key].as_array().expect("names").iter().map(name).collect() };
        let item = |name: &str| ItemId::new(name).ok().and_then(|id| self.items.get(&id));
        let folder = || -> Vec<String> {
            let children = self
                .children
                .get(&name(&check["in"]))
                .cloned()
                .unwrap_or_default();
            children.iter().map(ToString::to_string).collect()
        };
        let one_of = |found: Value| {
            let fits = check["one_of"].as_array().expect("one_of").contains(&found);
            if fits {
                Ok(())
            } else {
                Err(format!("it is {found}"))
            }
        };
        let amount = |test: &dyn Fn(&TreeNode) -> bool| {
            one_of(self.items.values().filter(|(_, node)| test(node)).count().into())
        };
        let kind_is = |node: &TreeNode| {
            check["kind"]
                .as_str()
                .is_none_or(|kind| node.kind.as_str() == kind)
        };
        match check["k"].as_str().expect("a kind of check") {
            "present" => match names("ids").iter().find(|name| item(name).is_none()) {
                Some(missing) => Err(format!("{missing} is gone")),
                None => Ok(()),
            },
            "absent" => match names("ids").iter().find(|name| item(name).is_some()) {
                Some(there) => Err(format!("{there} is there")),
                None => Ok(()),
            },
            "parent" => {
                let (parent, _) = item(&name(&check["id"])).ok_or("it is gone")?;
                let allowed = names("one_of");
                if allowed.contains(parent) {
                    Ok(())
                } else {
                    Err(format!("it is in {parent}, not in {allowed:?}"))
                }
            }
            "children" => {
                let (found, wanted) = (folder(), names("ids"));
                if found == wanted {
                    Ok(())
                } else {
                    Err(format!("{found:?}, not {wanted:?}"))
                }
            }
            "order" => {
                let wanted = names("ids");
                let found: Vec<String> = folder()
                    .into_iter()
                    .filter(|name| wanted.contains(name))
                    .collect();
                if found == wanted {
                    Ok(())
                } else {
                    Err(format!("{found:?}, not {wanted:?}"))
                }
            }
            "contiguous" => {
                let (found, wanted) = (folder(), names("ids"));
                let together = found.windows(wanted.len()).any(|part| part == wanted);
                if together {
                    Ok(())
                } else {
                    Err(format!("{found:?} has not {wanted:?} in a row"))
                }
            }
            "field" => {
                let (_, node) = item(&name(&check["id"])).ok_or("it is gone")?;
                one_of(node.field(check["field"].as_str().expect("a field")).into())
            }
            "count_url" => {
                amount(&|node| node.field("url") == check["url"].as_str().expect("a url") && kind_is(node))
            }
            "count_title" => amount(&|node| {
                node.field("title") == check["title"].as_str().expect("a title") && kind_is(node)
            }),
            "count_kind" => amount(&kind_is),
            "total" => one_of(self.items.len().into()),
            other => Err(format!("unknown check {other}")),
        }
    }
}
