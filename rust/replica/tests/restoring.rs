// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Going back to an earlier tree: an ordinary edit that travels, and that nobody undoes by what they did before.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use replica::{EditOp, FlatItem, ItemId, Kind, Restored, Root};
use support::device::{Device, exchange};
use support::outline::assert_outline;

const LIBRARY: &str = "
    toolbar
      News <https://news.example/>
      + Trip
        Map <https://map.example/>
        ---
        Hut <https://hut.example/>
    menu
      One <https://one.example/>
      Two <https://two.example/>
      Three <https://three.example/>
    other
      Old <https://old.example/>
";

fn three() -> Vec<Device> {
    let mut devices = vec![Device::first(1, LIBRARY, 1000)];
    devices[0].publish();
    for number in 2..=3 {
        let mut device = Device::new(number);
        for delta in devices[0].published.clone() {
            device.merge(&delta, 1000);
        }
        device.join(1000);
        devices.push(device);
    }
    exchange(&mut devices, 2000);
    devices
}

/// Saved and loaded.
fn saved(device: &Device) -> Vec<FlatItem> {
    serde_json::from_str(&serde_json::to_string(&device.replica.flat()).unwrap()).unwrap()
}

#[test]
fn everything_is_as_it_was_and_stays_so_when_a_device_comes_back_that_was_away() {
    let mut devices = three();
    let before = devices[0].outline();
    let backup = saved(&devices[0]);
    // The third device is away, and its user edits there.
    let mut away = devices.pop().unwrap();
    let kids = away.host.children(1).to_vec();
    away.host.set(kids[0], |texts| texts.title = "Away".into());
    away.collect(3000);

    let kids = devices[0].host.children(1).to_vec();
    devices[0].host.remove(kids[1]);
    devices[0]
        .host
        .set(kids[0], |texts| texts.title = "Renamed".into());
    let menu = devices[0].host.children(2).to_vec();
    devices[0].host.shift(menu[2], 2, 0);
    devices[0].host.shift(menu[1], 3, 0);
    exchange(&mut devices, 4000);
    assert_ne!(devices[1].outline(), before);

    let done = devices[1].replica.restore(&backup, 10_000);
    devices[1].persist();
    assert_eq!(
        done,
        Restored {
            added: 4,
            changed: 3,
            removed: 0
        }
    );
    exchange(&mut devices, 11_000);
    assert_outline(&devices[0].outline(), LIBRARY);
    devices.push(away);
    exchange(&mut devices, 12_000);
    assert_outline(&devices[2].outline(), LIBRARY);
    assert_eq!(
        devices[2].replica.restore(&backup, 13_000),
        Restored::default(),
        "nothing is left to do"
    );
    assert_eq!(devices[2].replica.unpublished(), 0);
}

#[test]
fn what_is_new_since_goes_without_a_question() {
    let mut devices = three();
    let backup = saved(&devices[0]);
    let mut rng = StdRng::seed_from_u64(1);
    for number in 0..40 {
        let add = EditOp::Add {
            id: None,
            parent: ItemId::root(Root::Menu),
            index: Some(0),
            kind: Kind::Link,
            fields: [("url".to_owned(), format!("https://{number}.example/"))].into(),
        };
        devices[0].replica.edit(add, 3000, &mut rng).unwrap();
    }
    devices[0].persist();
    exchange(&mut devices, 4000);
    assert_eq!(devices[0].replica.restore(&backup, 5000).removed, 40);
    devices[0].persist();
    exchange(&mut devices, 6000);
    assert!(devices.iter().all(|device| device.replica.held().is_empty()));
    assert_outline(&devices[2].outline(), LIBRARY);
}

#[test]
fn random_edits_are_all_undone() {
    for seed in 0..60 {
        let mut devices = three();
        devices.truncate(1);
        let mut rng = StdRng::seed_from_u64(seed);
        let mut backups = vec![(saved(&devices[0]), devices[0].outline())];
        for step in 0..30 {
            let host = &mut devices[0].host;
            let tokens = host.tokens();
            let token = tokens[rng.random_range(0..tokens.len())];
            let folder = tokens
                .iter()
                .copied()
                .filter(|token| host.kind(*token) == Kind::Folder);
            let folders: Vec<u64> = folder.chain(1..=3).collect();
            let folder = folders[rng.random_range(0..folders.len())];
            match rng.random_range(0..4) {
                0 if tokens.len() > 4 => host.remove(token),
                1 => host.set(token, |texts| texts.title = format!("step {step}")),
                _ if !host.is_within(folder, token) => {
                    let end = host
                        .children(folder)
                        .iter()
                        .filter(|other| **other != token)
                        .count();
                    host.shift(token, folder, rng.random_range(0..=end));
                }
                _ => {}
            }
            let now = 10_000 + step * 1000;
            devices[0].collect(now);
            devices[0].replica.answer_held(None, true, now);
            devices[0].persist();
            backups.push((saved(&devices[0]), devices[0].outline()));
        }
        for (at, (backup, outline)) in (0..).zip(&backups) {
            devices[0].replica.restore(backup, 100_000 + at);
            devices[0].persist();
            assert_outline(&devices[0].outline(), outline);
            devices[0].settle(100_000 + at);
        }
    }
}
