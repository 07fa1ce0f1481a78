// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What is open in one browser, seen on the others.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    unreachable_pub,
    dead_code // other tests use more of the harness
)]

use client::{Command, DropReason, Event, NODE_TABS, Tab, TrustLevel};
use minidom::Element;
use rand::RngExt;

mod harness;

use harness::{Faults, World, for_each_seed};

const ACCOUNT: &str = "juliet@example.org";
const DAY: u64 = 24 * 3_600_000;

/// So many browsers of one account that know each other.
fn world(seed: u64, browsers: usize) -> World {
    let mut world = World::new(seed);
    for _ in 0..browsers {
        world.browser(ACCOUNT);
    }
    world.run(120_000);
    world
}

fn open(world: &mut World, device: usize, urls: &[&str]) {
    let tab = |url: &&str| Tab {
        url: (*url).to_owned(),
        title: "Title".to_owned(),
    };
    let tabs = urls.iter().map(tab).collect();
    world.command(device, Command::OpenTabs { tabs });
}

/// The addresses that `device` shows as open on `other`.
fn shown(world: &World, device: usize, other: usize) -> Vec<String> {
    let other = world.client(other).device_id();
    let devices = world.client(device).open_tabs(world.now);
    let tabs = devices.into_iter().filter(|tabs| tabs.device == other);
    tabs.flat_map(|tabs| tabs.tabs).map(|tab| tab.url).collect()
}

/// What `device` was told last.
fn told(world: &World, device: usize) -> Option<Vec<client::DeviceTabs>> {
    let events = world.devices[device].events.iter().rev();
    events.into_iter().find_map(|event| match event {
        Event::Tabs { devices, .. } => Some(devices.clone()),
        _ => None,
    })
}

fn publications(world: &World) -> usize {
    let publish = format!("<publish node='{NODE_TABS}'");
    world
        .server
        .seen
        .iter()
        .filter(|stanza| stanza.contains(&publish))
        .count()
}

/// The key that the newest item of `device` names.
fn key_id(world: &World, device: usize) -> String {
    item(world, device).attr("key").unwrap().to_owned()
}

fn item(world: &World, device: usize) -> Element {
    let id = format!("{}.open", world.client(device).device_id());
    let items = world.server.items(ACCOUNT, NODE_TABS);
    items.into_iter().find(|(item, _)| *item == id).expect("shared").1
}

#[test]
fn the_others_see_the_last_state_within_seconds_and_it_ages_out() {
    let mut world = world(1, 2);
    let before = publications(&world);
    for number in 0..30 {
        let url = format!("https://{number}.example/");
        open(
            &mut world,
            0,
            &[
                "https://stays.example/",
                &url,
                "file:///srv/diary",
                "falkon:start",
            ],
        );
        world.run(2_000);
    }
    world.run(8_000);
    assert_eq!(
        shown(&world, 1, 0),
        ["https://stays.example/", "https://29.example/"]
    );
    let sent = publications(&world) - before;
    assert!((2..=7).contains(&sent), "{sent} items in a minute");
    let devices = told(&world, 1).unwrap();
    assert_eq!(
        (devices.len(), devices[0].label.as_str(), devices[0].left_out),
        (1, "Device 0", 0)
    );
    assert!(world.now - devices[0].at < 20_000);
    // What is in an item only the readers can tell.
    let seen = world.server.seen.join("\n");
    assert!(!seen.contains("stays.example") && !seen.contains("diary"));
    // The others' own tabs are no business of this: nobody shows what is open on itself.
    assert!(shown(&world, 0, 1).is_empty() && shown(&world, 1, 1).is_empty());

    world.switch(0, false);
    world.run(20 * DAY);
    assert_eq!(shown(&world, 1, 0).len(), 2);
    world.run(2 * DAY);
    assert!(shown(&world, 1, 0).is_empty());
    assert_eq!(told(&world, 1), Some(Vec::new()));
    world.switch(0, true);
    world.run(60_000);
    assert_eq!(shown(&world, 1, 0).len(), 2, "it tells them again");
}

#[test]
fn the_tabs_of_a_browser_that_runs_do_not_age_and_nothing_is_sent_for_nothing() {
    let mut world = world(2, 2);
    open(&mut world, 0, &["https://a.example/"]);
    world.run(60_000);
    let (before, key) = (publications(&world), key_id(&world, 0));
    for _ in 0..10 {
        open(&mut world, 0, &["https://a.example/"]);
        world.run(60_000);
    }
    assert_eq!(publications(&world), before);
    world.run(30 * DAY);
    assert_eq!(shown(&world, 1, 0), ["https://a.example/"]);
    assert!(world.now - told(&world, 1).unwrap()[0].at <= DAY + 60_000);
    let daily = publications(&world) - before;
    assert!((29..=31).contains(&daily), "{daily} in 30 days");
    assert_ne!(key_id(&world, 0), key, "a key serves for a day");
}

#[test]
fn a_title_that_blinks_costs_an_item_a_minute() {
    let mut world = world(10, 2);
    let before = publications(&world);
    for number in 0..600 {
        let tab = Tab {
            url: "https://chat.example/".to_owned(),
            title: format!("({number}) new messages"),
        };
        world.command(0, Command::OpenTabs { tabs: vec![tab] });
        world.run(1_000);
    }
    let sent = publications(&world) - before;
    assert!((9..=11).contains(&sent), "{sent} in ten minutes");
    world.run(60_000);
    assert_eq!(told(&world, 1).unwrap()[0].tabs[0].title, "(599) new messages");
}

/// Sixteen kilobytes of tabs that change each second, over 3 kB/s: what is edited still goes through.
#[test]
fn on_a_slow_line_tabs_leave_room_for_edits() {
    let mut world = world(13, 2);
    world.devices[0].uplink = Some(3_000);
    let before = publications(&world);
    let mut longest = 0;
    for round in 0..10 {
        for _ in 0..30 {
            let tab = |_| {
                let noise: [u128; 4] = world.rng.random();
                Tab {
                    url: format!("https://example.org/{noise:x?}").replace(' ', ""),
                    title: String::new(),
                }
            };
            let tabs = (0..200).map(tab).collect();
            world.command(0, Command::OpenTabs { tabs });
            world.run(1_000);
        }
        let name = format!("edit{round}");
        world.add_link(0, &name);
        let saved = world.now;
        while !world.host(1).lines().iter().any(|line| line.contains(&name)) {
            assert!(world.now < saved + 60_000, "{name} does not come");
            world.run(500);
        }
        longest = longest.max(world.now - saved);
    }
    let sent = publications(&world) - before;
    assert!((3..=12).contains(&sent), "{sent} items in five minutes");
    assert!(longest < 20_000, "{longest} ms");
}

/// Removed by another program, which knows nothing of tabs.
#[test]
fn the_item_of_a_device_that_is_in_no_list_is_deleted() {
    let mut world = world(14, 3);
    open(&mut world, 2, &["https://c.example/"]);
    world.run(60_000);
    assert_eq!(shown(&world, 0, 2).len(), 1);
    let gone = world.client(2).device_id();
    world.switch(2, false);
    let id = format!("{gone}.open");
    let left = item(&world, 2);
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device: gone });
    world.run(60_000);
    world.server.put(ACCOUNT, NODE_TABS, &id, left);
    world.run(60_000);
    assert!(shown(&world, 0, 2).is_empty() && shown(&world, 1, 2).is_empty());
    assert!(world.server.items(ACCOUNT, NODE_TABS).is_empty());
}

#[test]
fn a_device_that_was_away_sees_the_last_state_however_many_went_by() {
    let mut world = world(3, 3);
    world.switch(1, false);
    for number in 0..300 {
        open(&mut world, 0, &[&format!("https://{number}.example/")]);
        world.run(600_000);
    }
    world.switch(1, true);
    world.run(60_000);
    assert_eq!(shown(&world, 1, 0), ["https://299.example/"]);
    // Once more without a stream: what is known is kept.
    world.switch(1, false);
    world.restart(1);
    assert_eq!(shown(&world, 1, 0), ["https://299.example/"]);
    assert_eq!(told(&world, 1).unwrap().len(), 1);
}

#[test]
fn who_comes_later_is_given_the_key_and_who_is_removed_is_not() {
    let mut world = world(4, 2);
    open(&mut world, 0, &["https://a.example/"]);
    world.run(60_000);
    let first = key_id(&world, 0);
    world.browser(ACCOUNT);
    world.run(120_000);
    assert_eq!(shown(&world, 2, 0), ["https://a.example/"]);
    open(&mut world, 2, &["https://c.example/"]);
    world.run(60_000);
    assert_eq!(shown(&world, 0, 2), ["https://c.example/"]);
    let second = key_id(&world, 0);
    assert_ne!(first, second);

    let gone = world.client(2).device_id();
    world.switch(2, false);
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device: gone });
    world.run(60_000);
    assert!(shown(&world, 0, 2).is_empty() && shown(&world, 1, 2).is_empty());
    let items = world.server.items(ACCOUNT, NODE_TABS);
    assert!(items.iter().all(|(id, _)| *id != format!("{gone}.open")));
    assert_ne!(key_id(&world, 0), second);
    assert!(!String::from(&item(&world, 0)).contains(&format!("rid='{gone}'")));
}

#[test]
fn who_no_longer_shares_takes_it_back_at_once() {
    let mut world = world(5, 3);
    open(&mut world, 0, &["https://a.example/"]);
    world.run(60_000);
    world.switch(2, false);
    world.devices[0].config.share_tabs = false;
    world.restart(0);
    open(&mut world, 0, &["https://b.example/"]);
    world.run(60_000);
    assert!(shown(&world, 1, 0).is_empty());
    assert_eq!(told(&world, 1), Some(Vec::new()));
    assert!(world.server.items(ACCOUNT, NODE_TABS).is_empty());
    world.switch(2, true);
    world.run(60_000);
    assert!(shown(&world, 2, 0).is_empty(), "also where it was off");
    // And again.
    world.devices[0].config.share_tabs = true;
    world.restart(0);
    open(&mut world, 0, &["https://b.example/"]);
    world.run(60_000);
    assert_eq!(shown(&world, 2, 0), ["https://b.example/"]);
}

#[test]
fn what_a_server_lost_is_published_again() {
    let mut world = world(6, 2);
    open(&mut world, 0, &["https://a.example/"]);
    world.run(60_000);
    world.server.forget(ACCOUNT, NODE_TABS);
    world.break_stream(1);
    world.run(60_000);
    assert!(shown(&world, 1, 0).is_empty());
    world.break_stream(0);
    world.run(60_000);
    assert_eq!(shown(&world, 1, 0), ["https://a.example/"]);
}

/// A reader that was off when the item was there anew knows a higher number of it.
#[test]
fn a_reader_that_missed_the_loss_takes_what_comes_after_it() {
    let mut world = world(12, 2);
    for number in 0..5 {
        open(&mut world, 0, &[&format!("https://{number}.example/")]);
        world.run(60_000);
    }
    world.switch(1, false);
    world.server.forget(ACCOUNT, NODE_TABS);
    world.break_stream(0);
    world.run(60_000);
    open(&mut world, 0, &["https://after.example/"]);
    world.run(60_000);
    world.switch(1, true);
    world.run(60_000);
    assert_eq!(shown(&world, 1, 0), ["https://after.example/"]);
}

#[test]
fn forged_old_and_foreign_items_change_nothing() {
    let mut world = world(7, 3);
    open(&mut world, 0, &["https://old.example/"]);
    world.run(60_000);
    let old = item(&world, 0);
    open(&mut world, 0, &["https://new.example/"]);
    open(&mut world, 2, &["https://third.example/"]);
    world.run(60_000);
    let (new, third) = (item(&world, 0), item(&world, 2));
    let id = format!("{}.open", world.client(0).device_id());
    let drops = |world: &World| {
        let events = world.devices[1].events.iter();
        let reasons = events.filter_map(|event| match event {
            Event::Dropped { reason, .. } => Some(*reason),
            _ => None,
        });
        reasons.collect::<Vec<DropReason>>()
    };
    let before = drops(&world).len();
    // The server goes back to what there was: nobody is told anything else than what is newest.
    world.server.put(ACCOUNT, NODE_TABS, &id, old);
    world.run(10_000);
    assert_eq!(drops(&world).len(), before);
    // Another device's, a plain one, a damaged one.
    let mut damaged = new.clone();
    let sealed = damaged.get_child_mut("sealed", NODE_TABS).unwrap();
    sealed.take_nodes();
    sealed.append_text("AAAA");
    let mut bare = new.clone();
    bare.remove_child("encrypted", omemo::NS_OMEMO_2);
    for (payload, reason) in [
        (third, DropReason::WrongSender),
        (bare, DropReason::Unencrypted),
        (damaged, DropReason::Malformed),
        (Element::bare("tabs", NODE_TABS), DropReason::Unencrypted),
    ] {
        world.server.put(ACCOUNT, NODE_TABS, &id, payload);
        world.run(10_000);
        let drops = drops(&world);
        assert!(drops[before..].contains(&reason), "{reason}: {drops:?}");
        assert_eq!(shown(&world, 1, 0), ["https://new.example/"], "{reason}");
    }
}

#[test]
fn a_device_that_is_not_trusted_shows_nothing_until_it_is() {
    let mut world = world(8, 2);
    open(&mut world, 0, &["https://a.example/"]);
    world.run(60_000);
    assert_eq!(shown(&world, 1, 0).len(), 1);
    world.set_trust(1, 0, TrustLevel::ManuallyDistrusted);
    assert!(shown(&world, 1, 0).is_empty());
    assert_eq!(told(&world, 1), Some(Vec::new()));
    // With another key by then.
    world.run(2 * DAY);
    open(&mut world, 0, &["https://b.example/"]);
    world.run(60_000);
    assert!(shown(&world, 1, 0).is_empty());
    world.set_trust(1, 0, TrustLevel::Authenticated);
    world.run(60_000);
    assert_eq!(shown(&world, 1, 0), ["https://b.example/"]);
}

#[test]
fn a_copied_profile_shares_as_a_device_of_its_own() {
    let mut world = world(9, 2);
    open(&mut world, 0, &["https://a.example/"]);
    world.run(60_000);
    let copy = world.browser(ACCOUNT);
    world.kill(copy);
    world.devices[copy].disk = world.devices[0].disk.clone();
    world.start(copy);
    world.run(120_000);
    assert_ne!(world.client(copy).device_id(), world.client(0).device_id());
    open(&mut world, copy, &["https://copy.example/"]);
    world.run(120_000);
    assert_eq!(shown(&world, 1, 0), ["https://a.example/"]);
    assert_eq!(shown(&world, 1, copy), ["https://copy.example/"]);
}

#[test]
fn after_any_disturbance_all_see_what_is_open() {
    for_each_seed(40, |seed| {
        let mut world = world(seed, 3);
        world.faults = Faults {
            drop_stream: 20,
            double: 100,
            reorder: 100,
            crash: 10,
        };
        for number in 0..60 {
            for device in 0..3 {
                open(
                    &mut world,
                    device,
                    &[&format!("https://{number}.of{device}.example/")],
                );
            }
            world.run(3_000);
        }
        world.heal();
        for device in 0..3 {
            // What a browser does when it has started.
            open(
                &mut world,
                device,
                &[&format!("https://last.of{device}.example/")],
            );
        }
        world.run(120_000);
        for device in 0..3 {
            for other in (0..3).filter(|other| *other != device) {
                let last = format!("https://last.of{other}.example/");
                assert_eq!(
                    shown(&world, device, other),
                    [last],
                    "{device} of {other}, seed {seed}"
                );
            }
        }
    });
}
