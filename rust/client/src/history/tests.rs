// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later

use replica::{ItemId, Kind, Root};

use super::*;

const START: u64 = 1_790_000_000_000;

fn link(number: usize) -> FlatItem {
    FlatItem {
        id: ItemId::new(&format!("link{number}")).unwrap(),
        parent: ItemId::root(Root::Menu),
        kind: Kind::Link,
        fields: [
            ("title".to_owned(), format!("Link {number}")),
            ("url".to_owned(), format!("https://l{number}.example/")),
        ]
        .into(),
    }
}

fn links(count: usize) -> Vec<FlatItem> {
    (0..count).map(link).collect()
}

fn reloaded(history: &mut History, disk: &mut BTreeMap<(String, String), Vec<u8>>) -> History {
    for change in history.take_changes() {
        let key = (change.table.to_owned(), change.key);
        match change.value {
            Some(value) => disk.insert(key, value),
            None => disk.remove(&key),
        };
    }
    let mut loaded = History::default();
    for ((table, key), value) in disk.iter() {
        loaded.restore(table, key, value.clone()).unwrap();
    }
    loaded
}

#[test]
fn a_copy_is_read_as_it_was_made() {
    let (mut history, mut disk) = (History::default(), BTreeMap::new());
    history.add(Occasion::Daily, &links(3000), START);
    history.add(Occasion::Bulk, &links(2999), START);
    let loaded = reloaded(&mut history, &mut disk);
    assert_eq!(loaded.list(), history.list());
    assert_eq!(loaded.open(START).unwrap(), links(3000));
    assert_eq!(loaded.open(START + 1).unwrap(), links(2999));
    assert!(matches!(loaded.open(7), Err(OpenError::NoCopy)));
    insta::assert_snapshot!(serde_json::to_string(&loaded.list()).unwrap(), @r#"[{"at":1790000000001,"occasion":"bulk","items":2999},{"at":1790000000000,"occasion":"daily","items":3000}]"#);
}

#[test]
fn what_did_not_change_takes_no_room() {
    let mut history = History::default();
    let mut items = links(10_000);
    history.add(Occasion::Daily, &items, START);
    let whole = history.bytes();
    history.add(Occasion::Daily, &items, START + DAY_MS);
    assert_eq!(history.copies.len(), 1, "nothing changed: no copy");
    items[5_000].fields.insert("title".into(), "Another".into());
    items.remove(100);
    history.add(Occasion::Daily, &items, START + DAY_MS);
    assert_eq!(history.copies.len(), 2);
    assert!(
        history.bytes() < whole + whole / 10,
        "{} {whole}",
        history.bytes()
    );
}

#[test]
fn copies_are_thinned_with_age_and_nothing_is_left_of_those_that_go() {
    let (mut history, mut disk) = (History::default(), BTreeMap::new());
    for hour in 0..3 * 365 * 24 {
        let now = START + hour * HOUR_MS;
        if hour % 6 == 0 {
            history.add(Occasion::Daily, &[link(usize::try_from(hour).unwrap())], now);
        }
    }
    let now = START + 3 * 365 * DAY_MS;
    let ages: Vec<u64> = history
        .list()
        .iter()
        .map(|copy| (now - copy.at) / DAY_MS)
        .collect();
    let between = |from, to| ages.iter().filter(|age| (from..to).contains(*age)).count();
    assert_eq!(between(0, 1), 3, "{ages:?}");
    assert!((28..=32).contains(&between(1, 31)), "{ages:?}");
    assert!((20..=24).contains(&between(31, 181)), "{ages:?}");
    assert!((17..=20).contains(&between(181, 731)), "{ages:?}");
    assert_eq!(between(731, 9999), 0, "{ages:?}");
    assert_eq!(history.parts.len(), history.copies.len());
    let loaded = reloaded(&mut history, &mut disk);
    assert_eq!(loaded.list(), history.list());
}

#[test]
fn the_room_is_bounded_and_the_newest_copy_is_kept_whatever_it_takes() {
    let mut history = History::default();
    for time in 0..300 {
        history.add(
            Occasion::Bulk,
            &[link(time)],
            START + u64::try_from(time).unwrap(),
        );
    }
    assert_eq!(history.copies.len(), MAX_COPIES);
    // What cannot be compressed.
    let mut random = 1_u64;
    let mut noise = |item: &mut FlatItem| {
        let mut text = String::new();
        for _ in 0..9_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push(char::from(32 + u8::try_from(random >> 58).unwrap()));
        }
        item.fields.insert("description".into(), text);
    };
    for time in 1..=2_u64 {
        let mut items = links(3_000);
        items.iter_mut().for_each(&mut noise);
        history.add(Occasion::Daily, &items, START + time * HOUR_MS);
        assert_eq!(history.copies.len(), 1);
        assert_eq!(history.open(START + time * HOUR_MS).unwrap(), items);
    }
}

#[test]
fn differences_are_told_with_title_and_folder() {
    let folder = |title: &str| FlatItem {
        id: ItemId::new("folder").unwrap(),
        kind: Kind::Folder,
        fields: [("title".to_owned(), title.to_owned())].into(),
        ..link(0)
    };
    let inside = |number| FlatItem {
        parent: ItemId::new("folder").unwrap(),
        ..link(number)
    };
    let then = vec![folder("Trip"), inside(1), link(2), link(3)];
    let now = vec![folder("Journey"), inside(1), inside(2), link(4)];
    let lines: Vec<String> = differences(&then, &now)
        .iter()
        .map(|line| serde_json::to_string(line).unwrap())
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"difference":"changed","title":"Journey","folder":"menu"}
    {"difference":"moved","title":"Link 2","url":"https://l2.example/","folder":"menu/Journey"}
    {"difference":"added","title":"Link 4","url":"https://l4.example/","folder":"menu"}
    {"difference":"removed","title":"Link 3","url":"https://l3.example/","folder":"menu"}
    "#);
    assert!(differences(&now, &now).is_empty());
}
