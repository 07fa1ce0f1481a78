// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What a replica keeps on disk, and how it goes on from that.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::arithmetic_side_effects)]

mod support;

use replica::{Kind, LoadError, Replica, ReplicaId};
use support::device::{Device, exchange};
use support::host::Texts;
use support::outline::{assert_outline, plant};
use support::pair::{LIBRARY, add, pair};

#[test]
fn a_state_older_than_what_it_published_is_noticed() {
    let mut device = Device::first(1, LIBRARY, 1000);
    device.publish();
    let backup = device.disk.clone();
    add(&mut device, "after", 2000);
    device.publish();
    let lost = device.published.last().unwrap().clone();
    device.disk = backup;
    let records = device
        .disk
        .iter()
        .map(|((table, key), value)| (table.clone(), key.clone(), value.clone()));
    let mut restored = Replica::load(records).unwrap().unwrap();
    let merged = restored.merge(&lost, 3000).unwrap();
    assert!(merged.own_unknown);
    assert_eq!(merged.added, 1);
    restored.rename(ReplicaId::from(5));
    assert!(restored.version_vector().contains(lost.replica, lost.seq));
}

#[test]
fn an_order_that_the_user_made_is_no_news_after_a_restart() {
    let mut devices = pair();
    let trip = devices[0].host.children(1)[1];
    devices[0].host.shift(trip, 1, 0);
    devices[0].settle(3000);
    devices[0].save();
    devices[0].publish();
    devices[0].restart();
    let counts = devices[0].collect(4000);
    assert_eq!(
        (counts.matched, counts.moved, counts.changed, counts.added),
        (6, 0, 0, 0)
    );
    // The same when meanwhile another device has made another order.
    let deltas = devices[0].published.clone();
    deltas
        .iter()
        .for_each(|delta| drop(devices[1].merge(delta, 4000)));
    devices[1].settle(4000);
    let trip = devices[1].host.children(1)[0];
    devices[1].host.shift(trip, 1, 1);
    devices[1].settle(5000);
    devices[1].publish();
    devices[0].restart();
    let deltas = devices[1].published.clone();
    deltas
        .iter()
        .for_each(|delta| drop(devices[0].merge(delta, 6000)));
    assert_eq!(
        devices[0].collect(6000).moved,
        0,
        "the file's order is the one that was saved"
    );
    exchange(&mut devices, 7000);
    assert_outline(&devices[0].outline(), LIBRARY);
}

/// What stands in the file in place of a link, with its title and another address, is that link with other notes only when they
/// stayed as well.
#[test]
fn a_title_alone_makes_no_edit_of_what_was_replaced_while_the_plugin_was_off() {
    for same_notes in [true, false] {
        let mut device = Device::first(1, "\n    menu\n      Start <https://one.example/>\n", 1000);
        device.save();
        let of = |device: &Device| device.tokens().into_keys().next().unwrap();
        let id = of(&device);
        let old = device.host.children(2)[0];
        device.host.remove(old);
        let description = if same_notes { "" } else { "of another one" };
        let texts = Texts {
            title: "Start".to_owned(),
            url: "https://two.example/".to_owned(),
            description: description.to_owned(),
            ..Texts::default()
        };
        device.host.add(2, 0, Kind::Link, texts);
        device.host.save();
        device.restart();
        device.settle(2000);
        assert_eq!(device.replica.len(), 1);
        assert_eq!(of(&device) == id, same_notes);
    }
}

#[test]
fn the_records_are_stable() {
    let mut device = Device::new(1);
    plant(
        &mut device.host,
        "menu\n  + Trip\n    Map <https://map.example/>\n    ---\n",
    );
    device.collect(1000);
    device.join(1000);
    let map = device.host.children(device.host.children(2)[0])[0];
    device.host.remove(map);
    device.collect(2000);
    let records: Vec<String> = device
        .disk
        .iter()
        .map(|((table, key), value)| format!("{table} {key} {}", String::from_utf8_lossy(value)))
        .collect();
    insta::assert_snapshot!(records.join("\n"), @r#"
    replica_meta replica {"v":1,"id":"1111111111111111","joined":true,"clock":{"ms":2000,"counter":0},"vector":{}}
    replica_row CSWDRCXCEA6zctSd {"i":"CSWDRCXCEA6zctSd","k":"folder","p":["menu","V000je",[1000,0,"1111111111111111"],"menu"],"f":{"title":["Trip",[1000,0,"1111111111111111"]]}}
    replica_row oPNWJcoN6N87ex5R {"i":"oPNWJcoN6N87ex5R","k":"link","p":["CSWDRCXCEA6zctSd","V000kz1",[1000,0,"1111111111111111"],"CSWDRCXCEA6zctSd"],"f":{"title":["Map",[1000,0,"1111111111111111"]],"url":["https://map.example/",[1000,0,"1111111111111111"]]},"x":[1000,0,"1111111111111111"],"c":1}
    replica_row yla42nti6v3IKwF3 {"i":"yla42nti6v3IKwF3","k":"sep","p":["CSWDRCXCEA6zctSd","V000kz2",[1000,0,"1111111111111111"],"CSWDRCXCEA6zctSd"]}
    replica_unpublished CSWDRCXCEA6zctSd {"p":true,"f":["title"]}
    replica_unpublished oPNWJcoN6N87ex5R {"p":true,"f":["title","url"],"x":true}
    replica_unpublished yla42nti6v3IKwF3 {"p":true}
    replica_view CSWDRCXCEA6zctSd [null,true]
    replica_view oPNWJcoN6N87ex5R [true,null]
    replica_view yla42nti6v3IKwF3 [null,true]
    "#);
}

#[test]
fn broken_records_are_named_and_newer_ones_refused() {
    let load = |table: &str, key: &str, value: &str| {
        Replica::load([(table.to_owned(), key.to_owned(), value.as_bytes().to_vec())]).map(drop)
    };
    assert!(Replica::load([("", "", []); 0]).unwrap().is_none());
    assert_eq!(
        load("replica_meta", "replica", r#"{"v":2,"new":true}"#),
        Err(LoadError::Newer { found: 2, known: 1 })
    );
    assert_eq!(
        load("replica_row", "a", r#"{"i":"a","k":"sep"}"#),
        Err(LoadError::NoMeta)
    );
    for (table, key, value) in [
        ("replica_row", "a", "{"),
        ("replica_view", "a b", "[]"),
        ("replica_what", "a", "{}"),
    ] {
        let error = load(table, key, value).unwrap_err();
        assert!(
            matches!(&error, LoadError::Unreadable { table: found, .. } if found == table),
            "{error}"
        );
    }
}
