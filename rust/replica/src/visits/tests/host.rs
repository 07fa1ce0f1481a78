// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What the host says, and what it is told.

use super::*;
use crate::visits::merge::MAX_VISITS;

#[test]
fn what_the_user_did_is_found_by_comparing_rows() {
    let mut visits = Visits::new(1);
    assert_eq!(report(&mut visits, 3, START, START), (3, START));
    assert_eq!(report(&mut visits, 3, START, START + 1), (3, START));
    assert_eq!(report(&mut visits, 5, START + 2, START + 2), (5, START + 2));
    assert_eq!(
        report(&mut visits, 2, START + 3, START + 3),
        (7, START + 3),
        "deleted unseen, and visited twice"
    );
    assert_eq!(
        report(&mut visits, 2, START + 4, START + 4),
        (9, START + 4),
        "and once more as often"
    );
}

#[test]
fn a_row_from_the_future_counts_as_now_and_once() {
    let mut visits = Visits::new(1);
    let future = START + 400 * DAY;
    assert_eq!(report(&mut visits, 2, future, START), (2, START));
    assert_eq!(report(&mut visits, 2, future, START + 10), (2, START));
    visits.handle_host_all(vec![host_page(A, "A", 2, future)], START + 20);
    assert_eq!(known(&visits, A), (2, START));
    assert!(visits.next_batch(10).is_none());
    visits.merge(vec![dead(A, START + 30)], 0, START + 40);
    assert_eq!(
        visits.next_batch(10).unwrap().edits,
        [VisitEdit::Delete { url: A.to_owned() }]
    );
}

#[test]
fn a_visit_after_a_deletion_counts_though_the_clock_was_put_back_between() {
    let mut visits = Visits::new(1);
    report(&mut visits, 2, START + 100, START + 100);
    visits.handle_host_deleted(vec![A.to_owned()], START + 100);
    assert_eq!(report(&mut visits, 1, START + 50, START + 50), (1, START + 101));
    assert!(visits.next_batch(10).is_none());
    visits.clear_everywhere(START + 60);
    assert_eq!(known(&visits, A), (0, 0));
}

#[test]
fn a_batch_is_one_at_a_time() {
    let mut visits = Visits::new(1);
    let rows = vec![
        named(row(A, 2, 3, START), "A", START),
        row(B, 2, 1, START),
        row("https://c.example/", 2, 1, START),
    ];
    visits.merge(rows, 0, START);
    let first = visits.next_batch(2).unwrap();
    assert_eq!(first.edits, [set(A, "A", 3, START), set(B, "", 1, START)]);
    assert!(visits.next_batch(2).is_none());
    visits.applied(first.number + 1);
    assert!(visits.next_batch(2).is_none(), "that was not its number");
    visits.not_applied(first.number);
    let again = visits.next_batch(1).unwrap();
    assert_eq!(again.edits, [set(A, "A", 3, START)]);
    assert_ne!(again.number, first.number);

    // More comes while it is under way.
    visits.merge(vec![row(A, 2, 4, START + 1)], 0, START + 1);
    visits.applied(again.number);
    let rest = visits.next_batch(9).unwrap();
    assert_eq!(rest.edits[0], set(A, "A", 1, START + 1));
    visits.applied(rest.number);
    assert!(visits.next_batch(9).is_none());

    // Of what was deleted and is visited again, the row is made anew.
    visits.merge(vec![dead(A, START + 2)], 0, START + 2);
    visits.merge(vec![row(A, 2, 5, START + 3)], 0, START + 3);
    let delete = visits.next_batch(9).unwrap();
    assert_eq!(delete.edits, [VisitEdit::Delete { url: A.to_owned() }]);
    visits.applied(delete.number);
    assert_eq!(visits.next_batch(9).unwrap().edits, [set(A, "", 1, START + 3)]);
}

#[test]
fn what_is_put_back_is_only_what_is_new() {
    let mut visits = Visits::new(1);
    visits.merge(vec![row(A, 2, 3, START)], 0, START);
    let batch = visits.next_batch(9).unwrap();
    visits.applied(batch.number);
    // On its way when the table is emptied, this finds no row to change.
    visits.merge(vec![row(A, 2, 3, START + 1)], 0, START + 1);
    let batch = visits.next_batch(9).unwrap();
    assert_eq!(batch.edits, [set(A, "", 0, START + 1)]);
    visits.handle_host_emptied();
    visits.applied(batch.number);
    assert_eq!(reloaded(&mut visits).pages, visits.pages);
    let batch = visits.next_batch(9).unwrap();
    assert_eq!(batch.edits, [set(A, "", 3, START + 1)]);
    visits.applied(batch.number);
    visits.handle_host_emptied();
    assert!(visits.next_batch(9).is_none());

    // After a deletion less is shown; what is more than that is new, though an older visit.
    let mut later = row(A, 3, 2, START + 3);
    later.counts.insert(
        3,
        RowCount {
            visits: 2,
            last: START + 3,
            since: START + 2,
        },
    );
    visits.merge(vec![dead(A, START + 2), later], 0, START + 9);
    let batch = visits.next_batch(9).unwrap();
    assert_eq!(batch.edits, [set(A, "", 2, START + 3)]);
    visits.applied(batch.number);
    visits.handle_host_emptied();
    visits.merge(vec![row(A, 4, 8, START + 5)], 0, START + 9);
    let batch = visits.next_batch(9).unwrap();
    visits.applied(batch.number);
    visits.handle_host_emptied();
    visits.merge(vec![dead(A, START + 4)], 0, START + 9);
    assert!(visits.next_batch(9).is_none());
    visits.merge(vec![row(A, 2, 4, START + 5)], 0, START + 9);
    assert_eq!(visits.next_batch(9).unwrap().edits, [set(A, "", 2, START + 5)]);
}

#[test]
fn a_row_of_visits_that_were_deleted_goes_whatever_the_clocks_say() {
    let since = |at: u64, last| {
        let mut row = row(A, 2, 1, last);
        row.counts.values_mut().for_each(|count| count.since = at);
        row
    };
    // As many visits as before, and earlier ones.
    let mut visits = Visits::new(1);
    report(&mut visits, 1, START + 100, START + 100);
    visits.merge(
        vec![dead(A, START + 100), since(START + 100, START + 50)],
        0,
        START + 200,
    );
    assert_eq!(known(&visits, A), (1, START + 50));
    let batch = visits.next_batch(9).unwrap();
    assert_eq!(batch.edits, [VisitEdit::Delete { url: A.to_owned() }]);
    visits.applied(batch.number);
    assert_eq!(visits.next_batch(9).unwrap().edits, [set(A, "", 1, START + 50)]);

    // Others knew of the deletion before the last visit.
    let (mut visits, now) = (Visits::new(1), START + 2 * DAY);
    visits.handle_host_pages(vec![host_page(B, "B", 1, now)], now);
    visits.merge(vec![since(START + 9 * DAY, START + 50)], START + 9 * DAY, now + 1);
    assert_eq!(known(&visits, B), (0, 0));
    assert_eq!(
        visits.next_batch(9).unwrap().edits,
        [set(A, "", 1, START + 50), VisitEdit::Delete { url: B.to_owned() }]
    );
}

#[test]
fn no_count_is_too_large_for_a_browser_or_keeps_it_busy() {
    let mut visits = Visits::new(1);
    visits.merge(
        vec![row(A, 2, u64::MAX, START), row(A, 3, 5, START - 1)],
        0,
        START,
    );
    // The row is read again after each edit.
    let mut count = 0;
    let mut settle = |visits: &mut Visits, visited: u64, at: u64| {
        count += visited;
        for _ in 0..3 {
            if visited > 0 || count > 0 {
                report(visits, count, at, at);
            }
            let Some(batch) = visits.next_batch(9) else {
                return count;
            };
            let [VisitEdit::Set { add, .. }] = batch.edits[..] else {
                panic!("{batch:?}")
            };
            count += add;
            visits.applied(batch.number);
        }
        panic!("{count} is not the last word")
    };
    assert_eq!(settle(&mut visits, 0, START), MAX_VISITS + 5);
    assert!(visits.recent().is_empty(), "nothing was visited here");
    for (visited, own) in [
        (1, 1),
        (MAX_VISITS, MAX_VISITS),
        (7, MAX_VISITS),
        (u64::MAX / 2, MAX_VISITS),
        (1, MAX_VISITS),
    ] {
        settle(&mut visits, visited, START + 1);
        assert_eq!(visits.recent()[0].counts[&1].visits, own);
        assert_eq!(known(&visits, A).0, MAX_VISITS + 5 + own);
    }
    assert!(visits.take_changes().len() > 1);
    let mut own = Visits::new(1);
    assert_eq!(report(&mut own, u64::MAX, START, START).0, MAX_VISITS);
    assert!(own.next_batch(9).is_none());
}

#[test]
fn a_listing_while_a_batch_is_under_way_decides_nothing() {
    let mut visits = Visits::new(1);
    report(&mut visits, 1, START, START);
    visits.merge(vec![row(A, 2, 3, START + 1)], 0, START + 1);
    let batch = visits.next_batch(9).unwrap();
    visits.handle_host_all(vec![host_page(A, "A", 1, START)], START + 2);
    assert!(visits.next_batch(9).is_none());
    visits.applied(batch.number);
    assert_eq!(report(&mut visits, 5, START + 3, START + 3).0, 5);
    assert!(visits.next_batch(9).is_none());
}

#[test]
fn what_became_of_a_batch_before_a_crash_is_found_out() {
    let mut visits = Visits::new(1);
    report(&mut visits, 3, START + 2, START + 2);
    visits.merge(vec![dead(A, START + 1)], 0, START + 2);
    assert_eq!(
        visits.next_batch(9).unwrap().edits,
        [VisitEdit::Delete { url: A.to_owned() }]
    );
    // It removed the row, which is to be made anew.
    let mut applied = reloaded(&mut visits);
    applied.handle_host_all(Vec::new(), START + 3);
    assert_eq!(applied.next_batch(9).unwrap().edits, [set(A, "A", 1, START + 2)]);
    // It did not.
    let mut lost = reloaded(&mut visits);
    lost.handle_host_all(vec![host_page(A, "A", 3, START + 2)], START + 3);
    assert!(matches!(
        lost.next_batch(9).unwrap().edits[0],
        VisitEdit::Delete { .. }
    ));
    // The row is too old to be listed.
    let mut unlisted = reloaded(&mut visits);
    let now = START + KEEP_MS + 3;
    unlisted.handle_host_all(Vec::new(), now);
    let mut more = row(A, 2, 9, now);
    more.counts.values_mut().for_each(|count| count.since = START + 1);
    unlisted.merge(vec![more], 0, now);
    assert!(matches!(
        unlisted.next_batch(9).unwrap().edits[0],
        VisitEdit::Delete { .. }
    ));
    // It makes no difference any more.
    let mut deleted = reloaded(&mut visits);
    deleted.handle_host_deleted(vec![A.to_owned()], START + 3);
    deleted.merge(vec![row(A, 2, 2, START + 4)], 0, START + 4);
    assert_eq!(deleted.next_batch(9).unwrap().edits, [set(A, "", 1, START + 4)]);
}

/// The program ends and starts again.
fn reloaded(visits: &mut Visits) -> Visits {
    visits.unsaved.extend(visits.pages.keys().cloned());
    visits.meta_unsaved = true;
    Visits::load(stored(visits.take_changes())).unwrap().unwrap()
}
