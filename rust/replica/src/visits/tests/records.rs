// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What crosses a process or a disk.

use super::*;

#[test]
fn the_records_are_stable() {
    let mut visits = Visits::new(1);
    assert!(visits.take_changes().is_empty(), "nothing happened yet");
    let rows = vec![
        named(row(A, 2, 3, START + DAY), "A", START),
        row(A, 3, 1, START),
        dead(A, START - 1),
        row(B, 2, 1, START),
    ];
    visits.merge(rows, START - 9, START);
    report(&mut visits, 2, START + 1, START + 1);
    visits.next_batch(1);
    visits.handle_host_deleted(vec![B.to_owned()], START + 1);
    visits.adopt(4);
    let lines = stored(visits.take_changes());
    let lines: Vec<String> = lines
        .iter()
        .map(|(table, key, json)| format!("{table} {key} {json}"))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    visits_meta visits {"v":1,"own":1,"adopted":[4],"cleared":1727999999991,"revision":3}
    visits_page https://a.example/ {"c":{"1":[2,1728000000001,1727999999999],"2":[3,[1728086400000,1728000000000]],"3":[1,1728000000000]},"t":["A",1728000000001],"x":1727999999999,"y":true,"s":{"r":2},"h":[2,1728000000001],"d":[2,1728000000001],"p":{"s":[2,1728000000001]}}
    visits_page https://b.example/ {"x":1728000000001,"y":true,"s":{"r":3}}
    "#);
    assert!(visits.take_changes().is_empty());
}

#[test]
fn the_json_of_a_batch_and_of_rows_is_stable() {
    let batch = VisitBatch {
        number: 7,
        edits: vec![set(A, "A", 2, START), VisitEdit::Delete { url: B.to_owned() }],
    };
    insta::assert_snapshot!(serde_json::to_string(&batch).unwrap(), @r#"{"number":7,"edits":[{"type":"set","url":"https://a.example/","title":"A","add":2,"last":1728000000000},{"type":"delete","url":"https://b.example/"}]}"#);
    let page = host_page(A, "A", 2, START);
    insta::assert_snapshot!(serde_json::to_string(&page).unwrap(), @r#"{"url":"https://a.example/","title":"A","count":2,"last":1728000000000}"#);
}

#[test]
fn what_was_saved_is_loaded_as_it_was() {
    let mut visits = Visits::new(1);
    visits.merge(vec![row(A, 2, 3, START + DAY), dead(B, START)], START - 5, START);
    report(&mut visits, 4, START + 1, START + 1);
    visits.adopt(2);
    visits.move_recent(1, 3);
    visits.next_batch(1);
    let records = stored(visits.take_changes()).into_iter();
    report(&mut visits, 4, START + 1, START + 1);
    visits.handle_host_pages(vec![host_page(B, "B", 1, START + 2)], START + 2);
    let mut records: BTreeMap<_, _> = records.map(|(table, key, json)| ((table, key), json)).collect();
    let later = stored(visits.take_changes()).into_iter();
    records.extend(later.map(|(table, key, json)| ((table, key), json)));
    let records = records.into_iter().map(|((table, key), json)| (table, key, json));
    let mut loaded = Visits::load(records).unwrap().unwrap();
    assert_eq!(loaded.pages, visits.pages);
    assert_eq!((loaded.own(), loaded.cleared()), (1, START - 5));
    assert_eq!(loaded.revision(), visits.revision());
    assert_eq!(loaded.scope.adopted, visits.scope.adopted);
    assert_eq!(
        (loaded.recent(), loaded.segments()),
        (visits.recent(), visits.segments())
    );
    assert!(loaded.take_changes().is_empty());
    assert!(
        loaded.next_batch(9).is_none(),
        "what became of the batch is not known"
    );
    let listing = vec![host_page(A, "A", 4, START + 1), host_page(B, "B", 1, START + 2)];
    loaded.handle_host_all(listing, START + 2);
    assert_eq!(loaded.next_batch(9).unwrap().edits, [set(A, "A", 1, START + 1)]);
}

#[test]
fn what_is_erased_leaves_no_record() {
    let mut visits = Visits::new(1);
    report(&mut visits, 4, START, START);
    visits.merge(vec![row(B, 2, 3, START)], START - 5, START);
    let kept: BTreeMap<_, _> = visits
        .take_changes()
        .into_iter()
        .map(|change| (change.key, change.value))
        .collect();
    visits.merge(vec![row("https://c.example/", 2, 3, START)], 0, START);
    visits.erase();
    let changes = visits.take_changes();
    assert!(changes.iter().all(|change| change.value.is_none()));
    assert!(
        kept.keys()
            .all(|key| changes.iter().any(|change| change.key == *key))
    );
    assert!(visits.take_changes().is_empty() && visits.is_empty());
    report(&mut visits, 5, START + 1, START + 1);
    assert!(Visits::load(stored(visits.take_changes())).unwrap().is_some());
}

#[test]
fn what_cannot_be_loaded_is_refused() {
    assert!(Visits::load(Vec::<(&str, &str, &str)>::new()).unwrap().is_none());
    let load = |table, key, json| Visits::load([(table, key, json)]).unwrap_err();
    assert_eq!(
        load("visits_meta", "visits", r#"{"v":2,"now":{}}"#),
        LoadError::Newer { found: 2, known: 1 }
    );
    assert_eq!(load("visits_page", A, "{}"), LoadError::NoMeta);
    for (table, key, json) in [
        ("visits_page", A, r#"{"t":"secret"}"#),
        ("visits_meta", "visits", "{}"),
        ("visits_meta", "other", "{}"),
        ("other", "visits", "{}"),
    ] {
        let error = load(table, key, json);
        assert!(matches!(&error, LoadError::Unreadable { .. }), "{error}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[test]
fn what_an_earlier_version_took_and_this_one_does_not_is_not_loaded() {
    let end = MAX_STAMP_MS;
    let meta = format!(r#"{{"v":1,"own":1,"cleared":[{end},{START}],"revision":3}}"#);
    let page = format!(
        r#"{{"c":{{"1":[2,{START},{end}],"2":[1,[{end},{START}]],"3":[5000000,{START}]}},"t":["A",[{end},{START}]],"x":[{end},9],"y":true,"s":{{"r":2}}}}"#
    );
    let records = [("visits_meta", "visits", &meta), ("visits_page", A, &page)];
    let mut visits = Visits::load(records).unwrap().unwrap();
    assert_eq!(known(&visits, A), (merge::MAX_VISITS, START));
    assert_eq!(title(&visits), "");
    assert_eq!((visits.cleared(), visits.recent()), (0, Vec::new()));
    assert_eq!(stored(visits.take_changes()).len(), 2);
}
