// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Many bookmarks that are here already wait for the user; an import does not. The scenario `failsafe-adds`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use replica::{Kind, Side};
use support::device::{Device, assert_all_equal, exchange};
use support::host::Texts;
use support::outline::of_host;

const LIBRARY: &str = "
    menu
      One <https://one.example/>
      Two <https://two.example/>
      Three <https://three.example/>
      + More
        Four <https://four.example/>
        Five <https://five.example/>
        Six <https://six.example/>
";

/// Two devices with six links; the second one asks.
fn pair() -> Vec<Device> {
    let mut devices = vec![Device::first(1, LIBRARY, 1000), Device::new(2)];
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 1000);
    }
    devices[1].join(1000);
    exchange(&mut devices, 2000);
    devices[1].replica.ask_about_doubles(true);
    devices
}

/// The first device adds a folder of so many links, with the titles and addresses of the six or new ones, and publishes.
fn add_folder(device: &mut Device, count: usize, copies: bool, now: u64) {
    let texts = |title: &str, url: String| Texts {
        title: title.into(),
        url,
        ..Texts::default()
    };
    let folder = device
        .host
        .add(3, 0, Kind::Folder, texts(&format!("At {now}"), String::new()));
    let six = ["One", "Two", "Three", "Four", "Five", "Six"];
    for number in 0..count {
        let (title, url) = if copies {
            let title = six[number % six.len()];
            (
                title.to_owned(),
                format!("https://{}.example/", title.to_lowercase()),
            )
        } else {
            (format!("New {number}"), format!("https://new.example/{number}"))
        };
        device.host.add(folder, number, Kind::Link, texts(&title, url));
    }
    device.collect(now);
    device.publish();
}

/// What the first device has published reaches the second one; how many items wait there.
fn deliver(devices: &mut [Device], now: u64) -> u64 {
    let deltas = devices[0].published.clone();
    let held = deltas.iter().map(|delta| devices[1].merge(delta, now).held);
    held.sum()
}

#[test]
fn copies_of_what_is_here_wait_and_survive_a_restart() {
    for accept in [true, false] {
        let mut devices = pair();
        let before = of_host(&devices[1].host.collect());
        add_folder(&mut devices[0], 21, true, 10_000);
        assert_eq!(deliver(&mut devices, 10_000), 22);
        assert_eq!(
            deliver(&mut devices, 11_000),
            0,
            "the same again asks nothing new"
        );
        for restart in [false, true] {
            if restart {
                devices[1].host.save();
                devices[1].restart();
                devices[1].replica.ask_about_doubles(true);
            }
            devices[1].collect(12_000);
            assert_eq!(devices[1].apply(), 0, "nothing is applied");
            assert_eq!(of_host(&devices[1].host.collect()), before);
            let held = devices[1].replica.held();
            assert_eq!(held.len(), 1);
            assert_eq!(
                (held[0].side, held[0].replica, held[0].items, held[0].of),
                (Side::Doubled, *devices[0].replica.id(), 22, 7)
            );
            assert_eq!(held[0].titles, ["At 10000"]);
        }
        assert_eq!(devices[1].replica.answer_held(None, accept, 13_000), 22);
        exchange(&mut devices, 14_000);
        assert_all_equal(&devices);
        assert_eq!(devices[1].replica.len(), if accept { 29 } else { 7 });
        assert!(devices[1].replica.held().is_empty());
    }
}

#[test]
fn many_small_deltas_are_one_addition() {
    let mut devices = pair();
    for number in 0..10 {
        add_folder(&mut devices[0], 6, true, 10_000 + number);
    }
    let held = deliver(&mut devices, 10_100);
    assert!(held >= 40, "{held} of 70 wait");
}

#[test]
fn what_a_user_plainly_did_does_not_wait() {
    // An import; a few copies; as many copies, of a library that is large; and all of them where nobody wants to be asked.
    let mut devices = pair();
    add_folder(&mut devices[0], 200, false, 10_000);
    assert_eq!(deliver(&mut devices, 10_000), 0);
    exchange(&mut devices, 11_000);
    add_folder(&mut devices[0], 21, true, 100_000);
    assert_eq!(deliver(&mut devices, 100_000), 0);

    let mut devices = pair();
    add_folder(&mut devices[0], 20, true, 10_000);
    assert_eq!(deliver(&mut devices, 10_000), 0);

    let mut devices = pair();
    devices[1].replica.ask_about_doubles(false);
    add_folder(&mut devices[0], 100, true, 10_000);
    assert_eq!(deliver(&mut devices, 10_000), 0);
    exchange(&mut devices, 11_000);
    assert_eq!(devices[1].replica.len(), 108);
}

#[test]
fn nothing_else_waits_for_the_answer_and_a_change_is_one() {
    let mut devices = pair();
    add_folder(&mut devices[0], 30, true, 10_000);
    assert_eq!(deliver(&mut devices, 10_000), 31);
    // A bookmark beside them comes; so does one of them that its user goes on with, and with it its folder.
    let copies = devices[0].host.children(3)[0];
    let copy = devices[0].host.children(copies)[0];
    devices[0].host.set(copy, |texts| texts.title = "Kept".into());
    devices[0].host.add(
        2,
        0,
        Kind::Link,
        Texts {
            title: "Beside".into(),
            url: "https://beside.example/".into(),
            ..Texts::default()
        },
    );
    devices[0].collect(20_000);
    devices[0].publish();
    deliver(&mut devices, 20_000);
    devices[1].apply();
    let shown = of_host(&devices[1].host.collect());
    assert!(shown.contains("Beside"), "{shown}");
    assert_eq!(devices[1].replica.held()[0].items, 30);
    devices[1].replica.answer_held(None, true, 30_000);
    exchange(&mut devices, 40_000);
    assert_all_equal(&devices);
    assert_eq!(devices[1].replica.len(), 7 + 31 + 1);
}
