// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What was visited in one browser is in the history of the others.
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

use std::collections::BTreeMap;

use client::{Command, DropReason, Event, NODE_VISITS, NODE_VISITS_PAGES, TrustLevel};
use rand::RngExt;

mod harness;

use harness::sharing::{ACCOUNT, items, page, share, visit, world};
use harness::{Faults, World, for_each_seed};

const DAY: u64 = 24 * 3_600_000;

fn delete(world: &mut World, device: usize, url: &str) {
    world.devices[device].history.delete(url);
    world.run(100);
}

fn count(world: &World, device: usize, url: &str) -> u64 {
    let table = world.devices[device].history.count(url);
    let seen = world.client(device).visits(100_000);
    let seen = seen.iter().find(|seen| seen.url == url);
    assert_eq!(
        table,
        seen.map_or(0, |seen| seen.visits),
        "the browser shows what is known"
    );
    table
}

fn publications(world: &World, node: &str) -> usize {
    let publish = format!("<publish node='{node}'");
    let seen = world.server.seen.iter();
    seen.filter(|stanza| stanza.contains(&publish)).count()
}

fn fetched_segments(world: &World) -> usize {
    let fetch = format!("<items node='{NODE_VISITS_PAGES}'");
    let seen = world.server.seen.iter();
    seen.filter(|stanza| stanza.contains(&fetch)).count()
}

fn drops(world: &World, device: usize) -> Vec<DropReason> {
    let events = world.devices[device].events.iter();
    let reasons = events.filter_map(|event| match event {
        Event::Dropped { reason, .. } => Some(*reason),
        _ => None,
    });
    reasons.collect()
}

/// The scenario: both have visited a page, 3 and 5 times, before they share; then it is deleted.
#[test]
fn two_histories_become_one_and_a_deleted_page_stays_deleted() {
    let mut world = World::new(1);
    for (device, visits) in [(0, 3), (1, 5)] {
        world.browser(ACCOUNT);
        for _ in 0..visits {
            world.now += 1_000;
            visit(&mut world, device, "https://a.example/");
        }
    }
    // One by a clock that is ahead.
    let ahead = world.now + 3 * DAY;
    world.devices[1].history.visit("https://ahead.example/", ahead);
    share(&mut world, 0, true);
    share(&mut world, 1, true);
    world.run(180_000);
    for device in 0..2 {
        assert_eq!(count(&world, device, "https://a.example/"), 8);
        let seen = world.client(device).visits(10);
        let seen = seen
            .iter()
            .find(|seen| seen.url == "https://ahead.example/")
            .unwrap();
        assert!(seen.last <= world.now, "nothing was visited in the future");
    }
    let seen = world.server.seen.join("\n");
    assert!(!seen.contains("a.example"), "only the account's devices can tell");

    delete(&mut world, 0, "https://a.example/");
    world.run(180_000);
    assert_eq!(count(&world, 1, "https://a.example/"), 0);
    // What was visited before is told again and again, and brings nothing back.
    world.restart(1);
    world.run(180_000);
    world.restart(0);
    world.run(180_000);
    assert_eq!(
        (
            count(&world, 0, "https://a.example/"),
            count(&world, 1, "https://a.example/")
        ),
        (0, 0)
    );
    visit(&mut world, 1, "https://a.example/");
    world.run(180_000);
    assert_eq!(count(&world, 0, "https://a.example/"), 1, "a new visit counts");
}

#[test]
fn a_visit_is_in_the_other_browser_at_once_and_many_cost_little() {
    let mut world = world(2, 2);
    visit(&mut world, 0, "https://first.example/");
    world.run(1_000);
    assert_eq!(count(&world, 1, "https://first.example/"), 1);
    let (before, bytes) = (publications(&world, NODE_VISITS), world.devices[0].sent_bytes);
    for number in 0..300 {
        visit(&mut world, 0, &format!("https://{}.example/", number % 40));
        world.run(1_900);
    }
    world.run(31_000);
    assert_eq!(count(&world, 1, "https://7.example/"), 8);
    let sent = publications(&world, NODE_VISITS) - before;
    assert!((16..=22).contains(&sent), "{sent} items in ten minutes");
    let bytes = world.devices[0].sent_bytes - bytes;
    assert!(bytes < 120_000, "{bytes} bytes for 300 visits in ten minutes");
    // Nothing is told where nothing happens.
    let before = publications(&world, NODE_VISITS);
    world.run(3 * DAY);
    assert_eq!(publications(&world, NODE_VISITS), before);
}

#[test]
fn what_is_older_goes_to_segments_that_only_who_was_away_fetches() {
    let mut world = world(3, 3);
    world.switch(2, false);
    let fetched = fetched_segments(&world);
    for number in 0..900 {
        visit(&mut world, 0, &page(number));
        world.run(5_000);
    }
    world.run(120_000);
    assert_eq!(count(&world, 1, &page(3)), 1);
    assert_eq!(world.client(1).visits(10_000).len(), 900);
    assert_eq!(
        fetched_segments(&world),
        fetched,
        "who was on has nothing to fetch"
    );
    let segments = items(&world, 0, NODE_VISITS_PAGES);
    assert!((1..=6).contains(&segments.len()), "{}", segments.len());
    let recent = String::from(&items(&world, 0, NODE_VISITS)[0].1);
    assert!(recent.len() < 12_000, "{}", recent.len());

    world.switch(2, true);
    world.run(120_000);
    assert_eq!(world.client(2).visits(10_000).len(), 900);
    assert_eq!(fetched_segments(&world), fetched + segments.len());
    world.restart(2);
    world.run(120_000);
    assert_eq!(fetched_segments(&world), fetched + segments.len(), "once");
    // Also one that comes later, and reads what was sealed under keys that were drawn before.
    let new = world.browser(ACCOUNT);
    share(&mut world, new, true);
    world.run(300_000);
    assert_eq!(world.client(new).visits(10_000).len(), 900);
    assert_eq!(world.devices[new].history.counts().len(), 900);
}

#[test]
fn a_large_history_reaches_the_others_on_a_slow_line_and_leaves_room_for_edits() {
    let mut world = World::new(4);
    world.browser(ACCOUNT);
    world.browser(ACCOUNT);
    let start = world.now;
    for number in 0..4_000_u64 {
        let noise: u64 = world.rng.random();
        let url = format!("https://site{}.example/{noise:x}", number % 300);
        world.devices[0]
            .history
            .visit(&url, start - 4_000_000 + number * 1_000);
    }
    share(&mut world, 1, true);
    share(&mut world, 0, true);
    world.run(60_000);
    world.devices[0].uplink = Some(3_000);
    let begun = world.now;
    let mut longest = 0;
    for round in 0..400 {
        let name = format!("edit{round}");
        world.add_link(0, &name);
        let saved = world.now;
        while !world.host(1).lines().iter().any(|line| line.contains(&name)) {
            assert!(world.now < saved + 60_000, "{name} does not come");
            world.run(500);
        }
        longest = longest.max(world.now - saved);
        if world.client(1).visits(10_000).len() == 4_000 {
            break;
        }
        world.run(9_000);
    }
    assert_eq!(world.client(1).visits(10_000).len(), 4_000);
    assert_eq!(
        world.devices[1].history.counts(),
        world.devices[0].history.counts()
    );
    assert!(longest < 20_000, "an edit took {longest} ms");
    assert!(
        world.now - begun < 45 * 60_000,
        "{} s in all",
        (world.now - begun) / 1_000
    );
}

#[test]
fn who_does_not_share_reads_nothing_and_who_stops_takes_it_back() {
    let mut world = world(5, 3);
    share(&mut world, 2, false);
    for number in 0..400 {
        visit(&mut world, 0, &page(number));
    }
    world.run(300_000);
    assert_eq!(world.client(1).visits(1_000).len(), 400);
    assert!(world.client(2).visits(10).is_empty() && world.devices[2].history.counts().is_empty());
    assert!(!items(&world, 0, NODE_VISITS_PAGES).is_empty());

    share(&mut world, 0, false);
    world.run(60_000);
    for node in [NODE_VISITS, NODE_VISITS_PAGES] {
        assert!(items(&world, 0, node).is_empty(), "{node}");
    }
    let kept = |(table, _): &&(String, String)| table.starts_with("visits");
    assert_eq!(world.devices[0].disk.keys().filter(kept).count(), 0);
    assert_eq!(
        world.client(1).visits(1_000).len(),
        400,
        "who has read it keeps it"
    );
    assert_eq!(world.devices[0].history.counts().len(), 400, "and its own stays");

    visit(&mut world, 1, &page(7));
    share(&mut world, 0, true);
    world.run(300_000);
    assert_eq!(count(&world, 1, &page(7)), 2, "not counted twice");
    assert_eq!(count(&world, 0, &page(7)), 2);
    visit(&mut world, 0, &page(8));
    world.run(120_000);
    assert_eq!(count(&world, 1, &page(8)), 2);
}

#[test]
fn emptying_a_browser_is_its_own_business_unless_its_user_wants_it_everywhere() {
    let mut world = world(6, 2);
    for number in 0..20 {
        visit(&mut world, 0, &format!("https://{number}.example/"));
        visit(&mut world, 1, &format!("https://{number}.example/"));
    }
    world.run(180_000);
    assert_eq!(count(&world, 1, "https://3.example/"), 2);
    world.devices[0].history.empty();
    world.run(180_000);
    world.restart(0);
    world.run(180_000);
    assert!(
        world.devices[0].history.counts().is_empty(),
        "nothing is put back"
    );
    assert_eq!(count(&world, 1, "https://3.example/"), 2);
    visit(&mut world, 1, "https://3.example/");
    world.run(180_000);
    assert_eq!(count(&world, 0, "https://3.example/"), 3, "but for what is new");

    world.command(0, Command::ClearVisits { id: "c".to_owned() });
    world.run(180_000);
    for device in 0..2 {
        assert!(world.devices[device].history.counts().is_empty(), "{device}");
        assert!(world.client(device).visits(10).is_empty());
    }
    assert!(
        world.devices[0]
            .events
            .iter()
            .any(|event| matches!(event, Event::VisitsCleared { id } if id == "c"))
    );
    visit(&mut world, 1, "https://3.example/");
    world.run(180_000);
    assert_eq!(count(&world, 0, "https://3.example/"), 1);
}

#[test]
fn what_is_older_than_ninety_days_is_forgotten_and_comes_back_by_nobody() {
    let mut world = world(7, 3);
    visit(&mut world, 0, "https://old.example/");
    world.run(180_000);
    world.switch(2, false);
    delete(&mut world, 0, "https://old.example/");
    visit(&mut world, 0, "https://kept.example/");
    world.run(180_000);
    world.run(95 * DAY);
    visit(&mut world, 0, "https://new.example/");
    world.run(180_000);
    world.switch(2, true);
    world.restart(2);
    world.run(180_000);
    for device in 0..2 {
        assert_eq!(count(&world, device, "https://old.example/"), 0);
        let known = world.client(device).visits(10);
        assert_eq!(known.len(), 1, "{known:?}");
    }
    assert!(
        world.devices[1]
            .history
            .counts()
            .contains_key("https://kept.example/")
    );
}

#[test]
fn a_removed_device_reads_nothing_more_and_what_it_told_stays() {
    let mut world = world(8, 3);
    for number in 0..400 {
        visit(&mut world, 2, &page(number));
    }
    visit(&mut world, 0, "https://deleted.example/");
    world.run(600_000);
    delete(&mut world, 2, "https://deleted.example/");
    world.run(180_000);
    let gone = world.client(2).device_id();
    world.switch(2, false);
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device: gone });
    world.run(600_000);
    for node in [NODE_VISITS, NODE_VISITS_PAGES] {
        let items = world.server.items(ACCOUNT, node);
        assert!(
            items.iter().all(|(id, _)| !id.starts_with(&format!("{gone}."))),
            "{node}"
        );
    }
    visit(&mut world, 0, "https://secret.example/");
    world.run(120_000);
    let recent = String::from(&items(&world, 0, NODE_VISITS)[0].1);
    assert!(!recent.contains(&format!("rid='{gone}'")));
    let new = world.browser(ACCOUNT);
    share(&mut world, new, true);
    world.run(600_000);
    assert_eq!(count(&world, new, &page(7)), 1);
    assert_eq!(count(&world, new, "https://deleted.example/"), 0);
    assert_eq!(world.client(new).visits(1_000).len(), 401);
}

#[test]
fn what_a_server_lost_is_published_again() {
    let mut world = world(9, 2);
    for number in 0..400 {
        visit(&mut world, 0, &page(number));
    }
    world.run(300_000);
    for node in [NODE_VISITS, NODE_VISITS_PAGES] {
        world.server.forget(ACCOUNT, node);
    }
    world.break_stream(1);
    world.run(60_000);
    world.break_stream(0);
    world.run(600_000);
    visit(&mut world, 0, "https://example.org/again");
    world.run(120_000);
    assert_eq!(count(&world, 1, "https://example.org/again"), 1);
    let new = world.browser(ACCOUNT);
    share(&mut world, new, true);
    world.run(600_000);
    assert_eq!(world.client(new).visits(1_000).len(), 401);
}

#[test]
fn forged_old_and_foreign_items_change_nothing() {
    let mut world = world(10, 3);
    visit(&mut world, 0, "https://old.example/");
    world.run(120_000);
    let (id, old) = items(&world, 0, NODE_VISITS).remove(0);
    delete(&mut world, 0, "https://old.example/");
    visit(&mut world, 0, "https://new.example/");
    visit(&mut world, 2, "https://third.example/");
    world.run(180_000);
    let (_, new) = items(&world, 0, NODE_VISITS).remove(0);
    let (_, third) = items(&world, 2, NODE_VISITS).remove(0);
    let before = drops(&world, 1).len();
    let known = world.client(1).visits(10);
    world.server.put(ACCOUNT, NODE_VISITS, &id, old);
    world.run(10_000);
    assert_eq!(drops(&world, 1).len(), before);
    let mut damaged = new.clone();
    let sealed = damaged.get_child_mut("sealed", NODE_VISITS).unwrap();
    sealed.take_nodes();
    sealed.append_text("AAAA");
    let mut bare = new.clone();
    bare.remove_child("encrypted", omemo::NS_OMEMO_2);
    for (payload, reason) in [
        (third, DropReason::WrongSender),
        (bare, DropReason::Unencrypted),
        (damaged, DropReason::Malformed),
    ] {
        world.server.put(ACCOUNT, NODE_VISITS, &id, payload);
        world.run(10_000);
        let drops = drops(&world, 1);
        assert!(drops[before..].contains(&reason), "{reason}: {drops:?}");
        assert_eq!(world.client(1).visits(10), known, "{reason}");
    }
}

/// An item that comes after the one that took its place brings keys that are not used any more.
#[test]
fn a_late_item_takes_no_key_away() {
    let mut world = world(13, 3);
    world.switch(1, false);
    visit(&mut world, 0, "https://first.example/");
    world.run(120_000);
    let (id, late) = items(&world, 0, NODE_VISITS).remove(0);
    let gone = world.client(2).device_id();
    world.switch(2, false);
    let jid = world.devices[0].config.account.clone();
    world.command(0, Command::RemoveDevice { jid, device: gone });
    visit(&mut world, 0, "https://second.example/");
    world.run(120_000);
    world.switch(1, true);
    world.run(120_000);
    assert_eq!(world.client(1).visits(10).len(), 2);
    world.server.put(ACCOUNT, NODE_VISITS, &id, late);
    world.run(10_000);
    visit(&mut world, 0, "https://third.example/");
    world.run(120_000);
    assert_eq!(world.client(1).visits(10).len(), 3);
}

#[test]
fn a_device_that_is_not_trusted_adds_nothing_until_it_is() {
    let mut world = world(11, 2);
    world.set_trust(1, 0, TrustLevel::ManuallyDistrusted);
    for number in 0..400 {
        visit(&mut world, 0, &page(number));
    }
    world.run(300_000);
    assert!(world.client(1).visits(10).is_empty());
    world.set_trust(1, 0, TrustLevel::Authenticated);
    world.run(300_000);
    assert_eq!(world.client(1).visits(1_000).len(), 400);
}

#[test]
fn a_copied_profile_counts_as_a_device_of_its_own_and_nothing_twice() {
    let mut world = world(12, 2);
    visit(&mut world, 0, "https://a.example/");
    visit(&mut world, 0, "https://a.example/");
    world.run(180_000);
    let copy = world.browser(ACCOUNT);
    world.kill(copy);
    world.devices[copy].config.share_visits = Some(true);
    world.devices[copy].disk = world.devices[0].disk.clone();
    let now = world.now;
    let history = &mut world.devices[copy].history;
    history.visit("https://a.example/", now - 200_000);
    history.visit("https://a.example/", now - 180_100);
    world.start(copy);
    world.run(300_000);
    assert_ne!(world.client(copy).device_id(), world.client(0).device_id());
    visit(&mut world, copy, "https://a.example/");
    visit(&mut world, 0, "https://a.example/");
    world.run(300_000);
    assert_eq!(count(&world, 1, "https://a.example/"), 4);
}

#[test]
fn after_any_disturbance_all_know_the_same() {
    for_each_seed(40, |seed| {
        let mut world = world(seed, 3);
        world.faults = Faults {
            drop_stream: 20,
            double: 100,
            reorder: 100,
            crash: 10,
        };
        let mut visits: BTreeMap<String, u64> = BTreeMap::new();
        for _ in 0..120 {
            let device = world.rng.random_range(0..3);
            let url = page(world.rng.random_range(0..150));
            let now = world.now;
            world.devices[device].history.visit(&url, now);
            *visits.entry(url).or_default() += 1;
            world.run(20_000);
        }
        world.heal();
        // What was visited right before a crash is seen with the listing of the next start.
        for device in 0..3 {
            world.restart(device);
        }
        world.run(600_000);
        for device in 0..3 {
            let seen = world.client(device).visits(1_000).into_iter();
            let seen: BTreeMap<String, u64> = seen.map(|seen| (seen.url, seen.visits)).collect();
            assert_eq!(seen, visits, "device {device}, seed {seed}");
            assert_eq!(
                world.devices[device].history.counts(),
                visits,
                "the browser of {device}, seed {seed}"
            );
        }
    });
}
