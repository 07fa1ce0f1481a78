// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What is told, what is forgotten, and what is too much.

use super::*;

#[test]
fn what_changed_is_recent_until_it_is_moved() {
    let mut visits = Visits::new(1);
    for (url, at) in [(B, START), (A, START + 1)] {
        visits.handle_host_pages(vec![host_page(url, "", 1, at)], at);
    }
    assert_eq!((urls(&visits.recent()), visits.recent_len()), (vec![B, A], 2));
    let revision = visits.revision();
    visits.move_recent(1, 7);
    assert_eq!(
        (urls(&visits.recent()), urls(&visits.segment(7))),
        (vec![A], vec![B])
    );
    visits.move_recent(9, 7);
    assert_eq!(urls(&visits.segment(7)), [A, B]);
    visits.merge(vec![row(A, 2, 1, START)], 0, START + 2);
    assert_eq!(visits.revision(), revision, "nothing of that is told");

    visits.handle_host_pages(vec![host_page(B, "", 2, START + 3)], START + 3);
    assert!(visits.revision() > revision);
    assert_eq!(
        (urls(&visits.recent()), visits.segments()),
        (vec![B], BTreeMap::from([(7, 1)]))
    );
    let revision = visits.revision();
    visits.merge(vec![dead(A, START + 5), dead(B, START + 5)], 0, START + 5);
    assert!(visits.revision() > revision);
    assert_eq!(visits.recent(), [dead(A, START + 5), dead(B, START + 5)]);
    assert!(visits.segments().is_empty());
    let revision = visits.revision();
    visits.clear_everywhere(START + 9);
    assert!(visits.revision() > revision && visits.cleared() == START + 9);
    assert!(visits.recent().is_empty(), "that says all");
}

#[test]
fn a_deletion_is_told_by_all_from_whom_it_took_something() {
    let dead_since = |at| dead(A, START + at);
    // Who told the page, who knew it from others, who hears of it after it was deleted, and who never does.
    let mut own = Visits::new(1);
    report(&mut own, 2, START, START);
    own.move_recent(9, 1);
    let (mut knowing, mut late, mut other) = (Visits::new(2), Visits::new(3), Visits::new(4));
    knowing.merge(own.segment(1), 0, START + 1);
    let told = own.segment(1);
    for visits in [&mut own, &mut knowing, &mut late, &mut other] {
        visits.merge(vec![dead_since(5)], 0, START + 5);
    }
    assert_eq!(
        (own.recent(), knowing.recent()),
        (vec![dead_since(5)], vec![dead_since(5)])
    );
    assert!(late.recent().is_empty() && other.recent().is_empty());
    let merged = late.merge(told.clone(), 0, START + 6);
    assert_eq!((merged.changed, late.recent()), (1, vec![dead_since(5)]));
    // What is told once stays told: the items at the server may be of before.
    own.move_recent(9, 1);
    own.merge(vec![dead_since(7)], 0, START + 7);
    assert_eq!(own.recent(), [dead_since(7)]);
    own.move_recent(9, 1);
    own.merge(vec![row(A, 4, 1, START + 8)], 0, START + 8);
    assert_eq!(own.segment(1), [dead_since(7)]);
    let merged = late.merge(told, 0, START + 9);
    assert_eq!((merged.changed, late.recent()), (0, vec![dead_since(5)]));
}

#[test]
fn what_was_adopted_is_told_anew() {
    let mut visits = Visits::new(1);
    report(&mut visits, 1, START, START);
    visits.move_recent(9, 1);
    visits.merge(vec![row(A, 2, 4, START), dead(B, START)], 0, START);
    visits.adopt(2);
    assert_eq!(urls(&visits.recent()), [A, B]);
    assert_eq!(visits.recent()[0].counts.len(), 2);
    visits.move_recent(9, 2);
    let revision = visits.revision();
    visits.adopt(2);
    assert_eq!(visits.revision(), revision);
    visits.merge(vec![row(A, 2, 5, START + 1)], 0, START + 1);
    assert_eq!(urls(&visits.recent()), [A]);
    // What is told of this device elsewhere is joined as well.
    visits.merge(vec![row(A, 1, 6, START + 2)], 0, START + 2);
    assert_eq!(known(&visits, A).0, 11);

    visits.rename(3);
    assert_eq!(
        visits.recent(),
        [dead(B, START)],
        "deletions are everybody's to tell"
    );
    assert!(visits.segments().is_empty());
    assert_eq!((visits.own(), known(&visits, A).0), (3, 11));
    report(&mut visits, 2, START + 3, START + 3);
    assert_eq!(visits.recent()[1].counts.keys().collect::<Vec<_>>(), [&3]);
}

#[test]
fn what_counts_as_old_is_forgotten_though_it_was_told_as_later() {
    let mut visits = Visits::new(1);
    let future = row(A, 2, 3, START + 400 * DAY);
    visits.merge(vec![future.clone()], 0, START);
    let now = START + KEEP_MS + 1;
    assert_eq!(visits.forget(now), 1);
    visits.merge(vec![future], 0, now);
    assert_eq!((visits.len(), visits.forget(now)), (0, 0));
}

#[test]
fn of_what_is_forgotten_nothing_is_left_but_the_hosts_row() {
    let mut visits = Visits::new(1);
    visits.merge(
        vec![named(row(A, 2, 1, START + 5), "Title", START), dead(B, START)],
        0,
        START + 5,
    );
    report(&mut visits, 2, START + 1, START + 5);
    visits.take_changes();
    assert_eq!(visits.forget(START + KEEP_MS + 2), 1);
    assert_eq!((known(&visits, A).0, title(&visits)), (1, String::new()));
    assert!(
        visits.pages.contains_key(B),
        "a device whose clock is behind may still tell what was deleted"
    );
    visits.forget(START + KEEP_MS + 2 * DAY + 6);
    let changes = visits.take_changes();
    let pages = changes.iter().filter(|change| change.table != "visits_meta");
    let pages: Vec<_> = pages
        .map(|change| (change.key.as_str(), change.value.is_some()))
        .collect();
    assert_eq!(pages, [(A, true), (B, false)]);
    insta::assert_snapshot!(serde_json::to_string(&visits.pages[A]).unwrap(), @r#"{"h":[2,1728000000001],"d":[0,1728000000001]}"#);
}

#[test]
fn a_count_that_is_due_to_be_forgotten_is_in_the_way_of_none() {
    let mut visits = Visits::new(1);
    let mut old = row(A, 2, 5, START);
    old.counts.insert(
        2,
        RowCount {
            visits: 5,
            last: START,
            since: START - 10,
        },
    );
    visits.merge(vec![old], 0, START);
    let now = START + KEEP_MS + 1;
    visits.merge(vec![row(A, 2, 1, now)], 0, now);
    assert_eq!(known(&visits, A), (1, now));
}

#[test]
fn of_too_many_own_pages_the_oldest_are_no_longer_told() {
    let mut visits = Visits::new(1);
    let url = |number: usize| format!("https://{number:05}.example/");
    let page = |number| {
        let at = START + u64::try_from(number).unwrap();
        host_page(&url(number), "", 2, at)
    };
    let mut table: Vec<HostPage> = (0..=MAX_OWN_PAGES + 1).map(page).collect();
    let now = START + DAY;
    visits.handle_host_all(table.clone(), now);
    assert_eq!(
        (visits.len(), visits.recent_len()),
        (MAX_OWN_PAGES, MAX_OWN_PAGES)
    );
    assert_eq!(known(&visits, &url(1)), (0, 0));
    assert!(visits.next_batch(9).is_none(), "the browser's rows stay");

    // Others kept the old count, and must take the new one all the same.
    let mut other = Visits::new(2);
    other.merge(vec![row(&url(1), 1, 2, START + 1)], 0, now);
    table[1] = host_page(&url(1), "", 3, now);
    visits.handle_host_all(table, now);
    assert_eq!(known(&visits, &url(1)), (1, now));
    assert_eq!(visits.len(), MAX_OWN_PAGES);
    other.merge(visits.recent(), 0, now);
    assert_eq!(known(&other, &url(1)), (1, now));
    assert!(visits.next_batch(9).is_none());
}

#[test]
fn a_deletion_that_is_no_longer_told_still_holds() {
    let mut visits = Visits::new(1);
    report(&mut visits, 1, START, START);
    let url = |number: u64| format!("https://{number:05}.example/");
    for number in 0..=10_000 {
        visits.handle_host_deleted(vec![url(number)], START + number);
    }
    assert_eq!(visits.recent_len(), MAX_OWN_PAGES + 1);
    assert_eq!(known(&visits, A).0, 1, "pages have a limit of their own");
    visits.merge(vec![row(&url(0), 2, 1, START - 1)], 0, START + DAY);
    assert_eq!(known(&visits, &url(0)).0, 0);
}

#[test]
fn of_too_many_pages_of_others_the_oldest_are_let_go() {
    let mut visits = Visits::new(1);
    report(&mut visits, 1, START, START);
    let url = |number: usize| format!("https://{number:05}.example/");
    let rows = (0..=MAX_OTHERS_PAGES).map(|number| {
        let origin = 2 + u32::try_from(number % 6).unwrap();
        row(&url(number), origin, 1, START + u64::try_from(number).unwrap())
    });
    visits.merge(rows.rev().collect(), 0, START + DAY);
    assert_eq!(visits.len(), MAX_OTHERS_PAGES + 1);
    assert_eq!(known(&visits, &url(0)), (0, 0));
    assert_eq!(known(&visits, A).0, 1);
}

#[test]
fn one_device_pushes_out_nothing_of_others() {
    let mut visits = Visits::new(1);
    let url = |number: usize| format!("https://{number:05}.example/");
    let gone = "https://gone.example/";
    visits.merge(vec![row(A, 2, 1, START - 10), dead(gone, START - 5)], 0, START);
    let at = |number: usize| START + u64::try_from(number).unwrap();
    let rows = (0..=MAX_OTHERS_PAGES).map(|number| {
        let mut row = row(&url(number), 3, 1, at(number));
        row.counts.insert(4, row.counts[&3]);
        row
    });
    visits.merge(rows.collect(), 0, START + DAY);
    let deletions = (0..MAX_OTHERS_PAGES - 1).map(|number| dead(&format!("{gone}{number}"), at(number)));
    visits.merge(deletions.collect(), 0, START + DAY);
    visits.merge(vec![row(gone, 2, 1, START - 7)], 0, START + DAY);
    assert_eq!((known(&visits, A).0, known(&visits, gone).0), (1, 0));
    assert_eq!(visits.len(), 1 + MAX_OWN_PAGES);
    let oldest_kept = MAX_OTHERS_PAGES + 1 - MAX_OWN_PAGES;
    assert_eq!(known(&visits, &url(oldest_kept)).0, 2);
    assert_eq!(known(&visits, &url(oldest_kept - 1)).0, 0);
}
