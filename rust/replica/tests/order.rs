// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Whoever always adds at the same spot of a folder: the keys stay short, and hardly a neighbour is written anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods
)]

mod support;

use std::collections::BTreeMap;

use replica::{EditOp, ItemId, Kind, Root};
use support::device::Device;

const INSERTS: u32 = 4_000;

/// What it is called, and the index at which the item of a number is added.
type Spot = (&'static str, fn(u32) -> u32);

/// Adds `INSERTS` items to a folder that has two already, each one where `spot` says by its number. Gives how many keys were
/// written for each, and the longest.
fn add(spot: impl Fn(u32) -> u32) -> (f64, usize) {
    let mut device = Device::new(1);
    device.replica.join(1, &mut device.rng);
    let mut keys = BTreeMap::<String, String>::new();
    let (mut written, mut longest) = (0_u32, 0);
    let mut expected: Vec<ItemId> = Vec::new();
    for number in 0..INSERTS + 2 {
        let index = if number < 2 { number } else { spot(number - 2) };
        let op = EditOp::Add {
            id: None,
            parent: ItemId::root(Root::Menu),
            index: Some(index),
            kind: Kind::Link,
            fields: BTreeMap::from([("url".to_owned(), format!("https://{number}.example/"))]),
        };
        let id = device
            .replica
            .edit(op, 1_000 + u64::from(number), &mut device.rng)
            .unwrap();
        expected.insert(index as usize, id);
        while let Some(delta) = device.replica.take_delta(50_000) {
            for row in delta.rows {
                let key = row.place.unwrap().position.as_str().to_owned();
                longest = longest.max(key.len());
                written += u32::from(keys.insert(row.id, key.clone()) != Some(key));
            }
        }
    }
    let tree = device.replica.tree();
    let found: Vec<ItemId> = tree.root(Root::Menu).iter().map(|node| node.id.clone()).collect();
    assert_eq!(found, expected);
    (f64::from(written) / f64::from(INSERTS), longest)
}

#[test]
fn thousands_at_one_spot() {
    let spots: [Spot; 4] = [
        ("before all", |_| 0),
        ("after the first", |_| 1),
        ("before the last", |number| number + 1),
        ("between the last two", |number| number / 2 + 1),
    ];
    for (what, spot) in spots {
        let (written, longest) = add(spot);
        println!("{what}: {written:.2} keys for each, {longest} digits at most");
        assert!(written < 6.0, "{what}: {written} keys for each");
        assert!(longest <= 64, "{what}: {longest} digits");
    }
}
