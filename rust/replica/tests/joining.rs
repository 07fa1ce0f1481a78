// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The first meeting of two libraries, in each of its modes, and hosts that start with somebody else's bookmarks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use replica::{JoinMode, JoinPreview, Reconciled};
use support::device::{Device, exchange};
use support::host::Host;
use support::outline::{assert_outline, plant};

const THEIRS: &str = "
    toolbar
      News <https://news.example/>
      + Trip
        Map <https://map.example/>
        Hut <https://hut.example/>
    other
      Old <https://old.example/>
";

const MINE: &str = "
    toolbar
      News <https://NEWS.example:443/>
      + Trip
        Map <https://map.example/>
        Boat <https://boat.example/>
    menu
      The old one <https://old.example/>
";

/// The account's first device, and one that has another library and has not joined.
fn two() -> Vec<Device> {
    let mut devices = vec![Device::first(1, THEIRS, 1000), Device::new(2)];
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 1000);
    }
    plant(&mut devices[1].host, MINE);
    devices[1].host.save();
    devices[1].collect(1500);
    devices
}

fn join(devices: &mut [Device], mode: JoinMode) -> Reconciled {
    let device = &mut devices[1];
    let done = device.replica.join_as(mode, 2000, &mut device.rng);
    device.persist();
    exchange(devices, 3000);
    done
}

#[test]
fn the_preview_tells_what_a_merge_would_do() {
    let mut devices = two();
    let preview = devices[1].replica.preview_join();
    let expected = JoinPreview {
        local: 5,
        account: 5,
        matched: 3,
        added_here: 2,
        added_there: 2,
        conflicts: 1,
    };
    assert_eq!(preview, expected);
    assert!(!preview.is_plain());
    let done = join(&mut devices, JoinMode::Merge);
    assert_eq!((done.matched, done.added), (3, 2));
    assert_outline(
        &devices[0].outline(),
        "
        toolbar
          News <https://news.example/>
          + Trip
            Map <https://map.example/>
            Boat <https://boat.example/>
            Hut <https://hut.example/>
        menu
          The old one <https://old.example/>
        other
          Old <https://old.example/>
        ",
    );
}

#[test]
fn theirs_changes_only_the_host_and_mine_only_the_account() {
    let mut devices = two();
    join(&mut devices, JoinMode::Theirs);
    assert_outline(&devices[0].outline(), THEIRS);
    assert_outline(&devices[1].outline(), THEIRS);
    assert!(
        devices[1].published.iter().all(|delta| delta.rows.is_empty()),
        "others hear nothing of it"
    );

    let mut devices = two();
    join(&mut devices, JoinMode::Mine);
    let expected = MINE.replace("NEWS.example:443", "news.example");
    assert_outline(&devices[0].outline(), &expected);
    assert!(
        devices[0].replica.held().is_empty(),
        "the user chose it: nobody is asked again"
    );
}

#[test]
fn a_host_without_bookmarks_takes_all_and_loses_nothing() {
    let mut devices = vec![Device::first(1, THEIRS, 1000), Device::new(2)];
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 1000);
    }
    devices[1].collect(1500);
    assert!(devices[1].replica.preview_join().is_plain());
    join(&mut devices, JoinMode::Merge);
    assert_outline(&devices[1].outline(), THEIRS);
}

/// Two devices with nine bookmarks.
fn nine() -> Vec<Device> {
    let outline: String = (0..9)
        .map(|n| format!("      L{n} <https://l{n}.example/>\n"))
        .collect();
    let mut devices = vec![
        Device::first(1, &format!("\n    menu\n{outline}"), 1000),
        Device::new(2),
    ];
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 1000);
    }
    devices[1].join(1000);
    exchange(&mut devices, 2000);
    devices
}

#[test]
fn an_empty_or_foreign_profile_is_a_first_join_and_never_a_deletion() {
    for foreign in [false, true] {
        let mut devices = nine();
        let before = devices[1].outline();
        devices[0].host = Host::new();
        if foreign {
            plant(&mut devices[0].host, THEIRS);
        }
        devices[0].host.save();
        for _ in 0..2 {
            // A restart before the answer changes nothing.
            devices[0].restart();
            assert_eq!(devices[0].collect(10_000), Reconciled::default());
            assert!(devices[0].replica.awaits_join() && devices[0].replica.joined());
            assert_eq!(devices[0].apply(), 0, "nothing happens before the join");
        }
        let preview = devices[0].replica.preview_join();
        assert_eq!(
            (preview.account, preview.added_there),
            (9, if foreign { 5 } else { 0 })
        );
        devices[0].join(11_000);
        exchange(&mut devices, 12_000);
        assert!(devices.iter().all(|device| device.replica.held().is_empty()));
        let lines = |text: &str| text.lines().filter(|line| line.starts_with(' ')).count();
        assert_eq!(lines(&devices[1].outline()), if foreign { 14 } else { 9 });
        if !foreign {
            assert_eq!(devices[1].outline(), before);
        }
    }
}

#[test]
fn several_that_join_with_one_library_make_one_whatever_the_order() {
    let library = MINE;
    // At the same moment, each as if it were the first.
    let mut devices: Vec<Device> = (1..=3)
        .map(|number| Device::first(number, library, 1000 + number))
        .collect();
    let count = devices[0].replica.len();
    exchange(&mut devices, 3000);
    assert_eq!(devices[0].replica.len(), count);

    // One after another; then one of them again, as a new device with the same profile.
    let mut devices = vec![Device::first(1, library, 1000)];
    for number in 2..=4 {
        let mut device = Device::new(number);
        if number == 4 {
            device.host = devices[2].host.clone();
            device.host.restart();
        } else {
            plant(&mut device.host, library);
            device.host.save();
        }
        device.collect(1000 * number);
        for known in &devices {
            for delta in known.published.clone() {
                device.merge(&delta, 1000 * number);
            }
        }
        device.join(1000 * number);
        devices.push(device);
        exchange(&mut devices, 1000 * number + 500);
        assert_eq!(devices[0].replica.len(), count, "device {number}");
    }
}
