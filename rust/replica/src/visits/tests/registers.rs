// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Counts, titles and deletions, and how they are joined.

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::visits::merge::MAX_VISITS;
use crate::visits::time::MAX_TOLD_MS;

#[test]
fn joining_is_a_semilattice() {
    for seed in 0..300 {
        let mut rng = StdRng::seed_from_u64(seed);
        let rows = history(&mut rng);
        let cleared = if rng.random_bool(0.3) { START + 9 } else { 0 };
        let mut states = Vec::new();
        for _ in 0..4 {
            let mut visits = Visits::new(9);
            let mut mixed = [rows.clone(), rows.clone()].concat();
            mixed.shuffle(&mut rng);
            let late = mixed.split_off(rng.random_range(0..mixed.len()));
            visits.merge(mixed, 0, START + 1000);
            visits.merge(late, cleared, START + 1000);
            // Where it is told depends on when it changed, and who else tells the deletion on what it took here.
            let pages = visits.pages.into_iter().map(|(url, mut page)| {
                (page.shelf, page.tells_death) = (None, false);
                (url, page)
            });
            states.push((pages.collect::<Vec<_>>(), visits.index.shown));
        }
        let (first, others) = states.split_first().unwrap();
        assert!(
            others.iter().all(|state| state == first),
            "seed {seed}: {states:?}"
        );
    }
}

/// What honest devices may tell of one page, in the order in which they would: each of three counts on, some deletions.
fn history(rng: &mut StdRng) -> Vec<PageRow> {
    let mut counts: BTreeMap<Origin, RowCount> = BTreeMap::new();
    let (mut now, mut deletion, mut rows) = (START, 0, Vec::new());
    for _ in 0..12 {
        now += rng.random_range(1..5);
        let origin = rng.random_range(1..4);
        if rng.random_bool(0.2) {
            deletion = now;
            rows.push(dead(A, now));
            continue;
        }
        let count = counts.entry(origin).or_insert(RowCount {
            visits: 0,
            last: 0,
            since: 0,
        });
        if rng.random_bool(0.5) && count.since < deletion {
            (count.since, count.visits) = (deletion, 0);
        }
        (count.visits, count.last) = (count.visits + 1, now);
        let told = row(A, origin, count.visits, now);
        let mut told = named(told, ["one", "two"][rng.random_range(0..2)], now);
        told.counts.insert(origin, *count);
        rows.push(told);
    }
    rows
}

#[test]
fn what_is_not_fit_to_be_kept_is_refused_both_ways() {
    let mut visits = Visits::new(1);
    let old = START - KEEP_MS - 1;
    let long_dead = old - 2 * DAY;
    let pages = vec![
        host_page("file:///srv/x", "File", 1, START),
        host_page(A, "Old", 1, old),
        host_page(B, "Good", 1, START),
    ];
    visits.handle_host_all(pages, START);
    visits.handle_host_deleted(vec!["about:blank".to_owned()], START);
    assert_eq!(urls(&visits.recent()), [B]);

    let future = RowCount {
        visits: 1,
        last: 0,
        since: MAX_TOLD_MS + 1,
    };
    let mut with_since = row(A, 2, 1, START);
    with_since.counts.insert(3, future);
    let crowd = (0..=MAX_ORIGINS).map(|origin| {
        let origin = u32::try_from(origin).unwrap();
        (origin, row(A, 2, 1, START).counts[&2])
    });
    let crowded = PageRow {
        counts: crowd.collect(),
        ..row(A, 2, 1, START)
    };
    let bad = vec![
        PageRow::default(),
        row("javascript:alert(1)", 2, 1, START),
        row(A, 2, 0, START),
        row(A, 2, 1, old),
        row(A, 2, 1, MAX_TOLD_MS + 1),
        with_since,
        crowded,
        dead(A, long_dead),
        dead(A, MAX_TOLD_MS + 1),
        named(dead(A, long_dead), "Title", START),
    ];
    let number = u64::try_from(bad.len()).unwrap();
    let merged = visits.merge(bad, MAX_TOLD_MS + 1, START);
    assert_eq!((merged.changed, merged.refused), (0, number + 1));
    assert_eq!((visits.len(), visits.cleared()), (1, 0));

    let merged = visits.merge(vec![row(A, 2, u64::MAX, START), row(A, 3, 5, START)], 0, START);
    assert_eq!((merged.changed, merged.refused), (2, 0));
    assert_eq!(known(&visits, A).0, MAX_VISITS + 5);
    visits.merge(vec![named(row(A, 2, u64::MAX, START), "Old", old)], 0, START);
    assert_eq!(title(&visits), "");
}

#[test]
fn a_title_is_that_of_the_latest_visit() {
    let mut visits = Visits::new(1);
    report(&mut visits, 1, START, START);
    visits.merge(
        vec![named(row(A, 2, 1, START + 10), "Later", START + 10)],
        0,
        START + 10,
    );
    assert_eq!(title(&visits), "Later");
    visits.merge(
        vec![
            named(row(A, 2, 1, START + 10), "Earlier", START + 5),
            named(row(A, 3, 1, START + 10), "later, of two equals", START + 10),
            named(row(A, 4, 1, START + 10), "\u{7}", START + 11),
        ],
        0,
        START + 12,
    );
    assert_eq!(title(&visits), "later, of two equals");
    visits.handle_host_pages(vec![host_page(A, "Old\n Name", 1, START)], START + 20);
    assert_eq!(
        title(&visits),
        "later, of two equals",
        "the row does not know the others' visits"
    );
    visits.handle_host_pages(vec![host_page(A, "New\n Name", 2, START + 20)], START + 20);
    assert_eq!(title(&visits), "New Name");

    // The page named itself after it was counted.
    let revision = visits.revision();
    visits.handle_host_pages(vec![host_page(A, "Its Name", 2, START + 20)], START + 25);
    assert_eq!(title(&visits), "Its Name");
    assert!(visits.revision() > revision);
    let told = visits.recent();
    assert_eq!(told[0].title, Some(("Its Name".to_owned(), START + 21)));
    visits.handle_host_pages(vec![host_page(A, "", 3, START + 30)], START + 30);
    assert_eq!(title(&visits), "Its Name");
}

#[test]
fn a_deleted_page_keeps_no_title() {
    let mut visits = Visits::new(1);
    report(&mut visits, 1, START, START);
    visits.handle_host_deleted(vec![A.to_owned()], START + 1);
    assert_eq!(visits.recent(), [dead(A, START + 1)]);
    let changes = stored(visits.take_changes());
    assert!(changes.iter().all(|(.., json)| !json.contains("\"A\"")));
}

#[test]
fn a_row_that_was_not_visited_here_gives_no_title() {
    let mut visits = Visits::new(1);
    visits.merge(vec![named(row(A, 2, 3, START), "Theirs", START)], 0, START);
    visits.handle_host_pages(vec![host_page(A, "Ours", 3, START)], START);
    assert_eq!((title(&visits).as_str(), known(&visits, A).0), ("Theirs", 3));
    report(&mut visits, 4, START + 1, START + 1);
    let revision = visits.revision();
    assert_eq!(report(&mut visits, 4, START + 1, START + 2).0, 4);
    assert_eq!(visits.revision(), revision, "nothing changed");
}

#[test]
fn a_title_from_the_future_is_no_later_for_coming_twice() {
    let mut visits = Visits::new(1);
    let future = START + DAY;
    visits.merge(vec![named(row(A, 2, 3, future), "a", future)], 0, START);
    visits.merge(vec![named(row(A, 2, 3, future), "b", future)], 0, START + 100);
    assert_eq!(title(&visits), "b");
    visits.handle_host_pages(vec![host_page(A, "Own", 1, START + 50)], START + 100);
    assert_eq!(title(&visits), "Own");
    let told = visits.recent();
    assert_eq!(
        told[0].title,
        Some(("Own".to_owned(), future + 1)),
        "and wins everywhere"
    );
}

#[test]
fn own_visits_are_heard_of_though_the_clock_was_ahead_before() {
    let (mut visits, mut other) = (Visits::new(1), Visits::new(2));
    let future = START + DAY;
    report(&mut visits, 2, future, future);
    other.merge(visits.recent(), 0, START);
    visits.merge(vec![row(A, 3, 1, START)], 0, START);
    assert_eq!(report(&mut visits, 3, START + 10, START + 10), (4, START + 10));
    other.merge(visits.recent(), 0, START + 20);
    assert_eq!(known(&other, A), (3, START + 20));
}

#[test]
fn the_future_is_taken_once_and_told_as_it_was() {
    let mut visits = Visits::new(1);
    let future = START + DAY;
    visits.merge(vec![row(A, 2, 3, future)], 0, START);
    visits.merge(vec![row(A, 2, 3, future)], 0, START + 10);
    visits.merge(vec![row(A, 2, 2, future)], 0, START + 20);
    assert_eq!(known(&visits, A), (3, START));
    visits.merge(vec![row(A, 2, 4, future)], 0, START + 30);
    assert_eq!(known(&visits, A), (4, START), "the same visit, better counted");
    visits.merge(vec![dead(A, future + 1)], 0, START + 40);
    assert_eq!(known(&visits, A), (0, 0));
    assert_eq!(
        report(&mut visits, 1, START + 50, START + 50),
        (1, START + 50),
        "a deletion from the future counts as now"
    );
    visits.adopt(2);
    let told = &visits.recent()[0];
    assert_eq!(told.dead, Some(future + 1));
    assert_eq!(told.counts.keys().collect::<Vec<_>>(), [&1]);
    assert_eq!(told.counts[&1].since, future + 1);

    let merged = visits.merge(Vec::new(), future + 2, START + 60);
    assert_eq!((merged.changed, visits.cleared()), (1, future + 2));
    assert_eq!(report(&mut visits, 2, START + 70, START + 70), (1, START + 70));
}

#[test]
fn what_was_counted_after_a_deletion_is_not_deleted_by_it_whenever_that_is_heard_of() {
    let ahead = START + DAY / 12;
    for page in [true, false] {
        let (mut deleter, mut other, mut late) = (Visits::new(1), Visits::new(2), Visits::new(3));
        if page {
            deleter.handle_host_deleted(vec![A.to_owned()], ahead);
        } else {
            deleter.clear_everywhere(ahead);
        }
        other.merge(deleter.recent(), deleter.cleared(), START);
        assert_eq!(report(&mut other, 2, START + 10, START + 10), (2, START + 10));
        assert_eq!(title(&other), "A");
        late.merge(deleter.recent(), deleter.cleared(), START + 50);
        late.merge(other.recent(), other.cleared(), START + 50);
        deleter.merge(other.recent(), other.cleared(), ahead + 50);
        for visits in [&deleter, &other, &late] {
            assert_eq!(
                (known(visits, A), title(visits)),
                ((2, START + 10), "A".to_owned())
            );
        }
        // Whoever deletes that deletes it on all, though by what is told it is later than now.
        if page {
            late.handle_host_deleted(vec![A.to_owned()], START + 60);
        } else {
            late.clear_everywhere(START + 60);
        }
        deleter.merge(late.recent(), late.cleared(), ahead + 60);
        other.merge(late.recent(), late.cleared(), START + 70);
        assert_eq!(
            (deleter.len(), other.len(), late.len()),
            (0, 0, 0),
            "page: {page}"
        );
        assert_eq!(report(&mut other, 3, START + 80, START + 80), (1, START + 80));
    }
}

#[test]
fn a_page_is_deleted_though_all_was_cleared_by_a_clock_ahead() {
    let (mut visits, mut other) = (Visits::new(1), Visits::new(2));
    for visits in [&mut visits, &mut other] {
        visits.merge(Vec::new(), START + 400 * DAY, START);
    }
    report(&mut other, 2, START + 10, START + 10);
    visits.merge(other.recent(), other.cleared(), START + 20);
    visits.handle_host_deleted(vec![A.to_owned()], START + 30);
    other.merge(visits.recent(), visits.cleared(), START + 40);
    assert_eq!((visits.len(), other.len()), (0, 0));
    assert!(matches!(
        other.next_batch(9).unwrap().edits[..],
        [VisitEdit::Delete { .. }]
    ));
}

#[test]
fn what_a_new_device_has_is_not_deleted_by_a_clear_that_others_have_long_known() {
    let (mut other, mut new) = (Visits::new(2), Visits::new(3));
    let ahead = START + 400 * DAY;
    other.merge(Vec::new(), ahead, START);
    let at = START + 10;
    other.handle_host_pages(vec![host_page(B, "B", 1, at)], at);
    let now = START + 30 * DAY;
    new.merge(other.recent(), other.cleared(), now);
    new.handle_host_all(
        vec![
            host_page(A, "A", 2, START + 2 * DAY),
            host_page("https://c.example/", "C", 1, START),
        ],
        now,
    );
    assert_eq!(known(&new, A), (2, START + 2 * DAY));
    let batch = new.next_batch(9).unwrap();
    assert_eq!(
        batch.edits,
        [
            set(B, "B", 1, at),
            VisitEdit::Delete {
                url: "https://c.example/".to_owned()
            }
        ],
        "that came before the first visit of which it is known"
    );
    other.merge(new.recent(), new.cleared(), now);
    assert_eq!(known(&other, A), (2, START + 2 * DAY));
}

#[test]
fn no_time_silences_a_device_or_keeps_it_from_deleting() {
    // What a faulty device says of the end of all time is refused, and all else leaves room for what comes after it.
    for (time, last) in [
        (MAX_STAMP_MS, false),
        (MAX_TOLD_MS - 9, false),
        (MAX_TOLD_MS, true),
    ] {
        let (mut visits, mut other) = (Visits::new(1), Visits::new(2));
        for visits in [&mut visits, &mut other] {
            visits.merge(vec![row(A, 1, 1, time), dead(B, time)], 0, START);
            visits.merge(Vec::new(), time, START);
        }
        let mut tell = |visits: &Visits, now| {
            let merged = other.merge(visits.recent(), visits.cleared(), now);
            assert_eq!(merged.refused, 0);
            [A, B].map(|url| known(&other, url).0)
        };
        for count in 1..4 {
            let at = START + 10 * count;
            visits.handle_host_pages(
                vec![host_page(A, "A", count, at), host_page(B, "B", count, at)],
                at,
            );
            assert_eq!(tell(&visits, at), [count, count]);
        }
        if !last {
            visits.handle_host_deleted(vec![B.to_owned()], START + 50);
            assert_eq!(tell(&visits, START + 50), [3, 0]);
            visits.clear_everywhere(START + 60);
            assert_eq!(tell(&visits, START + 60), [0, 0]);
        }
        report(&mut visits, 9, START + 70, START + 70);
        assert!(tell(&visits, START + 70)[0] > 0);
    }
}
