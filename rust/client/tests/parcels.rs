// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Tabs that are sent from one device to another are opened there, once.
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

use client::{Command, DropReason, Event, NODE_PARCELS, ParcelState, RefusalKind, SentTabs, Tab, TrustLevel};
use minidom::Element;

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

fn send(world: &mut World, from: usize, to: usize, urls: &[&str]) {
    let device = world.client(to).device_id();
    send_to(world, from, device, urls);
}

fn send_to(world: &mut World, from: usize, device: u32, urls: &[&str]) {
    let tab = |url: &&str| Tab {
        url: (*url).to_owned(),
        title: "Title".to_owned(),
    };
    let command = Command::SendTabs {
        id: "s".to_owned(),
        device,
        tabs: urls.iter().map(tab).collect(),
    };
    world.command(from, command);
}

/// What `device` was told last of what it has sent.
fn told(world: &World, device: usize) -> Vec<SentTabs> {
    let mut events = world.devices[device].events.iter().rev();
    let sent = events.find_map(|event| match event {
        Event::SentTabs { sent, .. } => Some(sent.clone()),
        _ => None,
    });
    sent.unwrap_or_default()
}

fn states(world: &World, device: usize) -> Vec<ParcelState> {
    let sent = world.client(device).sent_tabs();
    assert_eq!(told(world, device), sent, "the host knows of it");
    sent.into_iter().map(|sent| sent.state).collect()
}

fn refusals(world: &World, device: usize) -> Vec<RefusalKind> {
    let events = world.devices[device].events.iter();
    let refused = events.filter_map(|event| match event {
        Event::CommandFailed { kind, .. } => Some(*kind),
        _ => None,
    });
    refused.collect()
}

fn drops(world: &World, device: usize) -> Vec<DropReason> {
    let events = world.devices[device].events.iter();
    let reasons = events.filter_map(|event| match event {
        Event::Dropped { reason, .. } => Some(*reason),
        _ => None,
    });
    reasons.collect()
}

/// The parcels that wait at the server.
fn parcels(world: &World) -> Vec<(String, Element)> {
    let mut items = world.server.items(ACCOUNT, NODE_PARCELS);
    items.retain(|(id, _)| !id.ends_with(".takes"));
    items
}

#[test]
fn what_is_sent_is_opened_at_once_where_the_other_is_on() {
    let mut world = world(1, 3);
    send(
        &mut world,
        0,
        1,
        &["https://a.example/secret", "https://b.example/"],
    );
    world.run(1_000);
    assert_eq!(
        world.devices[1].opened,
        ["https://a.example/secret", "https://b.example/"]
    );
    assert!(world.devices[2].opened.is_empty() && world.devices[0].opened.is_empty());
    assert_eq!(states(&world, 0), [ParcelState::Opened]);
    assert!(parcels(&world).is_empty());
    let came = world.devices[1].events.iter().find_map(|event| match event {
        Event::TabsCame { device, label, .. } => Some((*device, label.clone())),
        _ => None,
    });
    assert_eq!(came, Some((world.client(0).device_id(), "Device 0".to_owned())));
    let seen = world.server.seen.join("\n");
    assert!(!seen.contains("secret"), "only the receiver can tell");
}

/// The scenario: the target is off; two tabs are sent; the target starts twice, from one state and its copy.
#[test]
fn two_tabs_are_opened_once_though_the_receiver_starts_twice() {
    for_each_seed(60, |seed| {
        let mut world = world(seed, 2);
        world.switch(1, false);
        send(&mut world, 0, 1, &["https://a.example/"]);
        send(&mut world, 0, 1, &["https://b.example/"]);
        world.run(DAY);
        assert_eq!(states(&world, 0), [ParcelState::Waiting; 2]);
        assert_eq!(parcels(&world).len(), 2);

        let copy = world.browser(ACCOUNT);
        world.kill(copy);
        world.devices[copy].disk = world.devices[1].disk.clone();
        world.restart(1);
        world.start(copy);
        world.switch(1, true);
        world.run(120_000);
        let mut opened = world.devices[1].opened.clone();
        opened.extend(world.devices[copy].opened.clone());
        opened.sort();
        assert_eq!(
            opened,
            ["https://a.example/", "https://b.example/"],
            "seed {seed}"
        );
        assert_eq!(states(&world, 0), [ParcelState::Opened; 2]);
        assert!(parcels(&world).is_empty());
    });
}

#[test]
fn what_is_no_page_of_the_web_is_refused() {
    let mut world = world(3, 2);
    for url in [
        "javascript:alert(1)",
        "file:///srv/diary",
        "falkon:config",
        "data:text/html,x",
    ] {
        send(&mut world, 0, 1, &["https://a.example/", url]);
    }
    world.run(10_000);
    assert_eq!(refusals(&world, 0), [RefusalKind::NotAPage; 4]);
    assert!(world.devices[1].opened.is_empty() && world.client(0).sent_tabs().is_empty());
}

#[test]
fn who_is_off_for_too_long_gets_nothing_and_the_sender_sees_that() {
    let mut world = world(4, 2);
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(30 * DAY);
    assert_eq!(states(&world, 0), [ParcelState::Waiting]);
    world.run(DAY);
    assert_eq!(states(&world, 0), [ParcelState::Expired]);
    assert!(parcels(&world).is_empty());
    world.switch(1, true);
    world.run(120_000);
    assert!(world.devices[1].opened.is_empty());
    world.run(31 * DAY);
    assert_eq!(states(&world, 0), [], "it is listed for a while");
}

/// Its sender is off, too: nobody takes it back in time.
#[test]
fn what_has_waited_for_too_long_is_not_opened_though_it_is_there() {
    let mut world = world(5, 3);
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(60_000);
    world.switch(0, false);
    world.run(30 * DAY + 60_000);
    world.switch(1, true);
    world.run(60_000);
    assert!(world.devices[1].opened.is_empty());
    assert_eq!(parcels(&world).len(), 1);
    world.run(2 * DAY);
    world.break_stream(2);
    world.run(60_000);
    assert!(parcels(&world).is_empty(), "whoever is on deletes it");
    world.switch(0, true);
    world.run(60_000);
    assert_eq!(states(&world, 0).len(), 1);
    assert_ne!(states(&world, 0), [ParcelState::Waiting]);
}

/// Its sender sees that it is gone, and knows that the receiver need not have taken it.
#[test]
fn what_others_deleted_since_it_was_too_old_is_told_as_expired() {
    let mut world = world(22, 3);
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(60_000);
    world.switch(0, false);
    world.run(32 * DAY);
    world.break_stream(2);
    world.run(60_000);
    assert!(parcels(&world).is_empty());
    world.switch(0, true);
    world.run(60_000);
    assert!(world.devices[1].opened.is_empty());
    assert_eq!(states(&world, 0), [ParcelState::Expired]);
}

#[test]
fn what_is_taken_back_has_expired_though_the_answers_are_lost() {
    for_each_seed(20, |seed| {
        let mut world = world(seed, 2);
        world.switch(1, false);
        send(&mut world, 0, 1, &["https://a.example/"]);
        world.run(30 * DAY - 120_000);
        world.faults = Faults {
            drop_stream: 300,
            crash: 30,
            ..Faults::default()
        };
        world.run(3_600_000 * 2);
        world.heal();
        assert!(world.devices[1].opened.is_empty(), "seed {seed}");
        assert_eq!(states(&world, 0), [ParcelState::Expired], "seed {seed}");
    });
}

/// The server's answer to its publication was lost.
#[test]
fn what_was_opened_while_its_sender_was_off_has_not_expired() {
    let mut world = world(23, 2);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.switch(0, false);
    world.run(30 * DAY + 60_000);
    assert_eq!(world.devices[1].opened.len(), 1);
    world.restart(0);
    world.switch(0, true);
    world.run(60_000);
    assert_eq!(states(&world, 0), [ParcelState::Opened]);
    assert!(parcels(&world).is_empty());
}

/// The same, but nobody has opened it.
#[test]
fn what_may_have_been_sent_is_taken_back() {
    let mut world = world(24, 3);
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.switch(0, false);
    assert_eq!(parcels(&world).len(), 1);
    world.run(30 * DAY + 60_000);
    world.restart(0);
    world.switch(0, true);
    world.run(60_000);
    assert_eq!(states(&world, 0), [ParcelState::Expired]);
    assert!(parcels(&world).is_empty());
}

/// The server's time, as it tells it on the day that all begins.
const TODAY: &str = "2026-09-21T14:13:20Z";

#[test]
fn a_sender_whose_clock_is_wrong_waits_until_it_is_right() {
    for days in [-40, 400] {
        let mut world = world(26, 3);
        world.switch(1, false);
        world.server.utc = Some(TODAY.to_owned());
        world.devices[0].skew = days * i64::try_from(DAY).unwrap();
        world.break_stream(0);
        send(&mut world, 0, 1, &["https://a.example/"]);
        world.run(60_000);
        assert!(parcels(&world).is_empty(), "{days}");
        assert_eq!(states(&world, 0), [ParcelState::Sending], "{days}");
        world.devices[0].skew = 0;
        world.restart(0);
        world.run(60_000);
        assert_eq!(states(&world, 0), [ParcelState::Waiting], "{days}");
        // From now on it has 30 days.
        world.server.utc = None;
        world.run(29 * DAY);
        assert_eq!(parcels(&world).len(), 1, "{days}");
        world.run(2 * DAY);
        assert_eq!(states(&world, 0), [ParcelState::Expired], "{days}");
        assert!(parcels(&world).is_empty(), "{days}");
    }
}

/// An earlier release has sent it while its clock was years ahead, and its device is off.
#[test]
fn what_is_dated_in_the_future_is_opened_and_else_grows_old() {
    let mut world = world(27, 3);
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    send(&mut world, 0, 1, &["https://b.example/"]);
    world.run(60_000);
    world.switch(0, false);
    let at = (world.now + 4_000 * DAY).to_string();
    for (item, mut payload) in parcels(&world) {
        payload.set_attr(
            minidom::rxml::Namespace::NONE,
            minidom::rxml::xml_ncname!("at").to_owned(),
            &at,
        );
        world.server.put(ACCOUNT, NODE_PARCELS, &item, payload);
    }
    world.run(28 * DAY);
    world.break_stream(2);
    world.run(60_000);
    let waiting = parcels(&world);
    assert_eq!(waiting.len(), 2);
    world.switch(1, true);
    world.run(60_000);
    assert_eq!(world.devices[1].opened.len(), 2);
    for (item, payload) in waiting {
        world
            .server
            .put(ACCOUNT, NODE_PARCELS, &format!("{item}0"), payload);
    }
    world.switch(1, false);
    world.run(30 * DAY);
    world.break_stream(2);
    world.run(60_000);
    assert_eq!(parcels(&world).len(), 2);
    world.run(2 * DAY);
    world.break_stream(2);
    world.run(60_000);
    assert!(parcels(&world).is_empty(), "whoever is on deletes it");
}

/// How many stanzas the server was sent in so many milliseconds.
fn sent_in(world: &mut World, ms: u64) -> usize {
    let before = world.server.seen.len();
    world.run(ms);
    world.server.seen.len() - before
}

fn says_that_it_takes(world: &World, device: usize) -> bool {
    let item = format!("{}.takes", world.client(device).device_id());
    let items = world.server.items(ACCOUNT, NODE_PARCELS);
    items.iter().any(|(id, _)| *id == item)
}

#[test]
fn what_a_server_deletes_each_time_is_said_again_ever_more_seldom() {
    let mut world = world(17, 1);
    let item = format!("{}.takes", world.client(0).device_id());
    world.server.retracts = Some(item.clone());
    world.devices[0].uplink = Some(20_000);
    world.break_stream(0);
    world.server.remove(ACCOUNT, NODE_PARCELS, &item);
    let first = sent_in(&mut world, 60_000);
    assert!(first < 30, "{first}");
    let day = sent_in(&mut world, DAY);
    assert!(day < 250, "{day}");
    world.server.retracts = None;
    world.run(2 * 3_600_000);
    assert!(says_that_it_takes(&world, 0));
    // Lost once, it is not waited for.
    world.run(DAY);
    retract(&mut world, 0, &item);
    world.run(10_000);
    assert!(says_that_it_takes(&world, 0));
}

/// A program of the user deletes an item, and all are told.
fn retract(world: &mut World, of: usize, item: &str) {
    let stanza = format!(
        "<iq xmlns='jabber:client' type='set' id='r'><pubsub xmlns='http://jabber.org/protocol/pubsub'><retract \
         node='{NODE_PARCELS}' notify='true'><item id='{item}'/></retract></pubsub></iq>"
    );
    let full = world.devices[of].full.clone();
    world.server.receive(full.as_str(), stanza.parse().unwrap());
}

/// Each drives the other's item out.
#[test]
fn a_server_that_keeps_one_item_is_not_kept_busy() {
    let mut world = world(18, 2);
    world.break_stream(0);
    world.break_stream(1);
    world.run(1_000);
    let before = world.server.seen.len();
    for _ in 0..6_000 {
        world.run(100);
        let mut items = world.server.items(ACCOUNT, NODE_PARCELS);
        items.pop();
        for (item, _) in items {
            retract(&mut world, 0, &item);
        }
    }
    let sent = world.server.seen.len() - before;
    assert!(sent < 200, "{sent} stanzas in ten minutes");
}

/// The record of who takes tabs is written whole with each change.
#[test]
fn only_the_accounts_devices_are_remembered_to_take_tabs() {
    let mut world = world(19, 2);
    let takes = || {
        Element::builder("takes", NODE_PARCELS).attr(minidom::rxml::xml_ncname!("tabs").to_owned(), "true")
    };
    for number in 0..3_000_u32 {
        let item = format!("{}.takes", 1_000_000 + number);
        world.server.put(ACCOUNT, NODE_PARCELS, &item, takes().build());
        if number % 100 == 0 {
            world.run(10);
        }
    }
    world.run(1_000);
    let bytes = |world: &World| {
        let key = ("client_parcel".to_owned(), "takers".to_owned());
        world.devices[0].disk[&key].len()
    };
    assert!(bytes(&world) < 100, "{}", bytes(&world));
    // Of an earlier release's record, what does not belong there goes.
    let devices: Vec<u32> = (1_000_000..1_003_000)
        .chain([world.client(1).device_id()])
        .collect();
    let record = format!(r#"{{"devices":{devices:?}}}"#);
    world.kill(0);
    let key = ("client_parcel".to_owned(), "takers".to_owned());
    world.devices[0].disk.insert(key, record.into_bytes());
    world.start(0);
    world.run(60_000);
    assert!(bytes(&world) < 100, "{}", bytes(&world));
}

/// By two others that entered themselves at once.
#[test]
fn a_device_that_is_dropped_from_the_list_and_comes_back_can_be_sent_tabs() {
    let mut world = world(20, 2);
    let devices = "urn:xmpp:omemo:2:devices";
    let (_, list) = world.server.items(ACCOUNT, devices).remove(0);
    let other = world.client(1).device_id().to_string();
    let mut short = Element::bare("devices", "urn:xmpp:omemo:2");
    for device in list.children().filter(|device| device.attr("id") != Some(&other)) {
        short.append_child(device.clone());
    }
    world.switch(1, false);
    world.server.put(ACCOUNT, devices, "current", short);
    world.run(10_000);
    send(&mut world, 0, 1, &["https://a.example/"]);
    assert_eq!(refusals(&world, 0), [RefusalKind::UnknownDevice]);
    world.switch(1, true);
    world.run(120_000);
    send(&mut world, 0, 1, &["https://b.example/"]);
    world.run(10_000);
    assert_eq!(world.devices[1].opened, ["https://b.example/"]);
}

/// It would delete what others wait for.
#[test]
fn a_computer_whose_clock_is_wrong_deletes_nothing() {
    let mut world = world(15, 3);
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(60_000);
    // The server's time stands still while all of theirs runs ahead.
    world.server.utc = Some("2026-09-21T14:13:20Z".to_owned());
    world.switch(0, false);
    world.run(40 * DAY);
    world.break_stream(2);
    world.run(60_000);
    world.switch(0, true);
    world.run(60_000);
    assert_eq!(parcels(&world).len(), 1);
    assert_eq!(states(&world, 0), [ParcelState::Waiting]);
    world.server.utc = None;
    world.break_stream(0);
    world.run(60_000);
    assert_eq!(states(&world, 0), [ParcelState::Expired]);
}

#[test]
fn a_clock_that_jumps_deletes_nothing() {
    let mut world = world(16, 3);
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(60_000);
    world.server.utc = Some("2026-09-21T14:13:20Z".to_owned());
    for device in [0, 2] {
        world.devices[device].skew = i64::try_from(40 * DAY).unwrap();
    }
    world.run(60_000);
    for device in [0, 2] {
        world.devices[device].skew = 0;
    }
    world.switch(1, true);
    world.run(60_000);
    assert_eq!(world.devices[1].opened, ["https://a.example/"]);
    assert_eq!(states(&world, 0), [ParcelState::Opened]);
}

#[test]
fn what_is_sent_without_a_connection_is_sent_with_the_next_one() {
    let mut world = world(6, 2);
    world.switch(0, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(60_000);
    assert_eq!(states(&world, 0), [ParcelState::Sending]);
    world.restart(0);
    world.switch(0, true);
    world.run(60_000);
    assert_eq!(world.devices[1].opened, ["https://a.example/"]);
    assert_eq!(states(&world, 0), [ParcelState::Opened]);
}

#[test]
fn tabs_can_be_sent_only_to_a_trusted_device_that_opens_them() {
    let mut world = world(7, 2);
    let bot = world.bot(ACCOUNT, &[]);
    world.run(120_000);
    let takers = |world: &World| -> Vec<u32> {
        let devices = world.client(0).devices().into_iter();
        devices
            .filter(|device| device.takes_tabs && !device.this)
            .map(|device| device.id)
            .collect()
    };
    assert_eq!(takers(&world), [world.client(1).device_id()]);
    send(&mut world, 0, bot, &["https://a.example/"]);
    send(&mut world, 0, 0, &["https://a.example/"]);
    send_to(&mut world, 0, 77, &["https://a.example/"]);
    assert_eq!(
        refusals(&world, 0),
        [
            RefusalKind::TakesNoTabs,
            RefusalKind::ThisDevice,
            RefusalKind::UnknownDevice
        ]
    );
    // A bot sends, though.
    send(&mut world, bot, 1, &["https://bot.example/"]);
    world.run(10_000);
    assert_eq!(world.devices[1].opened, ["https://bot.example/"]);

    world.devices[1].config.take_tabs = false;
    world.restart(1);
    world.run(10_000);
    assert!(takers(&world).is_empty());
    send(&mut world, 0, 1, &["https://a.example/"]);
    assert_eq!(refusals(&world, 0).last(), Some(&RefusalKind::TakesNoTabs));
    world.devices[1].config.take_tabs = true;
    world.restart(1);
    world.run(10_000);
    assert_eq!(takers(&world).len(), 1);

    world.set_trust(0, 1, TrustLevel::ManuallyDistrusted);
    send(&mut world, 0, 1, &["https://a.example/"]);
    assert_eq!(refusals(&world, 0).last(), Some(&RefusalKind::Distrusted));
}

/// Between the command and the next connection.
#[test]
fn nothing_is_encrypted_to_a_device_that_is_distrusted_meanwhile() {
    let mut world = world(8, 2);
    world.switch(0, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.set_trust(0, 1, TrustLevel::ManuallyDistrusted);
    world.switch(0, true);
    world.run(120_000);
    assert!(parcels(&world).is_empty() && world.devices[1].opened.is_empty());
    assert_eq!(states(&world, 0), [ParcelState::Sending]);
    world.set_trust(0, 1, TrustLevel::Authenticated);
    world.run(120_000);
    assert_eq!(world.devices[1].opened, ["https://a.example/"]);
}

#[test]
fn a_parcel_that_cannot_be_encrypted_holds_up_no_other() {
    let mut world = world(21, 3);
    world.switch(0, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(1_000);
    send(&mut world, 0, 2, &["https://b.example/"]);
    world.set_trust(0, 1, TrustLevel::ManuallyDistrusted);
    world.switch(0, true);
    world.run(60_000);
    assert_eq!(world.devices[2].opened, ["https://b.example/"]);
    assert_eq!(states(&world, 0), [ParcelState::Opened, ParcelState::Sending]);
    // What comes is taken at once.
    for number in 0..10 {
        send(&mut world, 2, 0, &[&format!("https://{number}.example/")]);
        world.run(5_000);
        assert_eq!(world.devices[0].opened.len(), number + 1);
    }
    world.set_trust(0, 1, TrustLevel::Authenticated);
    world.run(60_000);
    assert_eq!(world.devices[1].opened, ["https://a.example/"]);
}

#[test]
fn of_a_device_that_is_not_trusted_nothing_is_opened_until_it_is() {
    let mut world = world(9, 2);
    world.set_trust(1, 0, TrustLevel::ManuallyDistrusted);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(60_000);
    assert!(world.devices[1].opened.is_empty());
    world.set_trust(1, 0, TrustLevel::Authenticated);
    world.run(60_000);
    assert_eq!(world.devices[1].opened, ["https://a.example/"]);
    assert_eq!(states(&world, 0), [ParcelState::Opened]);
}

#[test]
fn what_waits_for_a_removed_device_goes_and_its_sender_sees_that() {
    let mut world = world(10, 3);
    world.switch(2, false);
    send(&mut world, 0, 2, &["https://a.example/"]);
    send(&mut world, 1, 2, &["https://b.example/"]);
    world.run(60_000);
    let gone = world.client(2).device_id();
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device: gone });
    world.run(60_000);
    assert_eq!(states(&world, 0), [ParcelState::DeviceGone]);
    assert_eq!(states(&world, 1), [ParcelState::DeviceGone]);
    let items = world.server.items(ACCOUNT, NODE_PARCELS);
    assert!(items.iter().all(|(id, _)| !id.contains(&gone.to_string())));
}

/// Whoever removed the device has deleted what waited for it, while its sender was off.
#[test]
fn what_waited_for_a_device_that_was_removed_meanwhile_was_not_opened() {
    let mut world = world(28, 3);
    world.switch(2, false);
    send(&mut world, 1, 2, &["https://b.example/"]);
    world.run(60_000);
    world.switch(1, false);
    let jid = world.devices[0].config.account.clone();
    let device = world.client(2).device_id();
    world.command(0, Command::RemoveDevice { jid, device });
    world.run(60_000);
    world.switch(1, true);
    world.run(60_000);
    assert_eq!(states(&world, 1), [ParcelState::DeviceGone]);
}

/// All that waited is lost with the node, and the sender still has it.
#[test]
fn what_a_server_lost_is_sent_again_and_opened_once() {
    let mut world = world(11, 2);
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(60_000);
    world.server.forget(ACCOUNT, NODE_PARCELS);
    world.break_stream(0);
    world.run(60_000);
    assert_eq!(states(&world, 0), [ParcelState::Waiting]);
    assert_eq!(parcels(&world).len(), 1);
    world.switch(1, true);
    world.run(60_000);
    assert_eq!(world.devices[1].opened, ["https://a.example/"]);
    // The same item once more, from a backup of the server's.
    let device = world.client(1).device_id();
    send(&mut world, 0, 1, &["https://b.example/"]);
    world.run(60_000);
    assert_eq!(world.devices[1].opened.len(), 2);
    let seen = world.server.seen.iter().rev();
    let mut published = seen.filter(|stanza| stanza.contains(&format!("<publish node='{NODE_PARCELS}'")));
    let stanza: Element = published.next().unwrap().parse().unwrap();
    let publish = stanza.children().next().unwrap().children().next().unwrap();
    let item = publish.children().next().unwrap();
    let id = item.attr("id").unwrap();
    assert!(id.contains(&device.to_string()));
    world
        .server
        .put(ACCOUNT, NODE_PARCELS, id, item.children().next().unwrap().clone());
    world.run(60_000);
    assert_eq!(world.devices[1].opened.len(), 2);
    assert!(parcels(&world).is_empty());
}

#[test]
fn forged_and_damaged_parcels_open_nothing() {
    let mut world = world(12, 3);
    let ids: Vec<u32> = (0..3).map(|device| world.client(device).device_id()).collect();
    world.switch(1, false);
    send(&mut world, 0, 1, &["https://a.example/"]);
    world.run(60_000);
    let (_, payload) = parcels(&world).remove(0);
    let own = format!("{}.{}.", ids[2], ids[1]);
    let mut plain = payload.clone();
    plain.remove_child("encrypted", omemo::NS_OMEMO_2);
    plain.append_child(Element::builder("json", "urn:xmpp:json:0").append("{}").build());
    world
        .server
        .put(ACCOUNT, NODE_PARCELS, &format!("{own}0001"), payload.clone());
    let renamed = format!("{}.{}.0003", ids[0], ids[1]);
    world
        .server
        .put(ACCOUNT, NODE_PARCELS, &format!("{own}0002"), plain);
    world.server.put(
        ACCOUNT,
        NODE_PARCELS,
        "nonsense",
        Element::bare("x", NODE_PARCELS),
    );
    // Under another name, before its own is seen: whoever has the account's password can do no more than hold it up.
    let items = world.server.items(ACCOUNT, NODE_PARCELS);
    let (first, _) = items
        .iter()
        .find(|(id, _)| id.starts_with(&format!("{}.{}.", ids[0], ids[1])))
        .unwrap();
    let first = first.clone();
    world.server.remove(ACCOUNT, NODE_PARCELS, &first);
    world.server.put(ACCOUNT, NODE_PARCELS, &renamed, payload);
    world.switch(1, true);
    world.run(60_000);
    assert!(world.devices[1].opened.is_empty());
    let drops = drops(&world, 1);
    for reason in [DropReason::WrongSender, DropReason::Unencrypted] {
        assert!(drops.contains(&reason), "{reason}: {drops:?}");
    }
}

/// Its sender has forgotten what it has sent, and sends as much again.
#[test]
fn what_there_is_no_room_for_at_once_is_opened_later() {
    let mut world = world(29, 2);
    world.switch(1, false);
    for batch in 0..4 {
        for number in 0..20 {
            send(&mut world, 0, 1, &[&format!("https://{batch}.{number}.example/")]);
        }
        world.run(10_000);
        world.kill(0);
        world.devices[0]
            .disk
            .retain(|(table, key), _| table != "client_parcel" || !key.starts_with("sent."));
        world.start(0);
        world.run(10_000);
    }
    assert_eq!(parcels(&world).len(), 80);
    world.switch(1, true);
    world.run(60_000);
    let mut opened = world.devices[1].opened.clone();
    opened.sort();
    opened.dedup();
    assert_eq!((opened.len(), world.devices[1].opened.len()), (80, 80));
    assert!(parcels(&world).is_empty());
}

#[test]
fn too_many_are_refused_and_those_that_ended_are_forgotten_in_time() {
    let mut world = world(13, 2);
    world.switch(1, false);
    for number in 0..25 {
        send(&mut world, 0, 1, &[&format!("https://{number}.example/")]);
        world.run(1_000);
    }
    assert_eq!(refusals(&world, 0), [RefusalKind::TooMany; 5]);
    world.switch(1, true);
    world.run(60_000);
    let expected: Vec<String> = (0..20)
        .map(|number| format!("https://{number}.example/"))
        .collect();
    let mut opened = world.devices[1].opened.clone();
    opened.sort_by_key(|url| expected.iter().position(|known| known == url));
    assert_eq!(opened, expected);
    for number in 0..60 {
        send(&mut world, 0, 1, &[&format!("https://more{number}.example/")]);
        world.run(10_000);
    }
    assert_eq!(world.client(0).sent_tabs().len(), 50);
}

/// An `&` takes five bytes of XML.
#[test]
fn what_a_server_might_not_take_is_refused() {
    let mut world = world(16, 2);
    let url = |number: usize, length: usize| format!("https://{number}.example/?{}", "&".repeat(length));
    let send_many = |world: &mut World, count: usize, length: usize| {
        let urls: Vec<String> = (0..count).map(|number| url(number, length)).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        send(world, 0, 1, &urls);
    };
    world.server.takes_large = true;
    send_many(&mut world, 15, 2_000);
    world.run(10_000);
    assert_eq!(refusals(&world, 0), [RefusalKind::TooMany]);
    let mut accepted = 0;
    for length in (1_000..2_000).step_by(50) {
        let before = refusals(&world, 0).len();
        send_many(&mut world, 4, length);
        world.run(10_000);
        accepted += usize::from(refusals(&world, 0).len() == before);
    }
    assert!((10..20).contains(&accepted), "{accepted}");
    assert_eq!(world.devices[1].opened.len(), 4 * accepted);
    let largest = world.server.largest;
    assert!(largest <= client::SAFE_STANZA_BYTES, "{largest}");
    assert!(
        largest > 40_000,
        "the largest that is accepted was among them: {largest}"
    );
}

#[test]
fn after_any_disturbance_everything_is_opened_once() {
    for_each_seed(60, |seed| {
        let mut world = world(seed, 3);
        world.faults = Faults {
            drop_stream: 20,
            double: 100,
            reorder: 100,
            crash: 10,
        };
        let mut sent: Vec<Vec<String>> = vec![Vec::new(); 3];
        for number in 0..15 {
            for from in 0..3 {
                let to = (from + 1 + number % 2) % 3;
                let url = format!("https://{number}.from{from}.example/");
                let before = refusals(&world, from).len();
                send(&mut world, from, to, &[&url]);
                // For a while nobody knows of the others, and later perhaps too many wait.
                if refusals(&world, from).len() == before {
                    sent[to].push(url);
                }
            }
            world.run(7_000);
        }
        assert!(sent.iter().flatten().count() > 20, "seed {seed}");
        world.heal();
        world.run(300_000);
        for (device, mut urls) in sent.into_iter().enumerate() {
            let mut opened = world.devices[device].opened.clone();
            opened.sort();
            urls.sort();
            assert_eq!(opened, urls, "device {device}, seed {seed}");
        }
        for device in 0..3 {
            assert!(
                states(&world, device)
                    .iter()
                    .all(|state| *state == ParcelState::Opened)
            );
        }
        assert!(parcels(&world).is_empty(), "seed {seed}");
    });
}
