// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Records: what is stored step by step is what the device is.

use super::*;
use crate::LoadError;

type Records = Vec<(String, String, Vec<u8>)>;

/// A database that keeps what the changes say.
#[derive(Clone, Default)]
struct Disk(BTreeMap<(String, String), Vec<u8>>);

impl Disk {
    fn write(&mut self, device: &mut Device) {
        for change in device.take_changes() {
            assert!(crate::TABLES.contains(&change.table));
            let key = (change.table.to_owned(), change.key);
            match change.value {
                Some(value) => self.0.insert(key, value),
                None => self.0.remove(&key),
            };
        }
    }

    fn records(&self) -> Records {
        self.0
            .iter()
            .map(|((table, key), value)| (table.clone(), key.clone(), value.clone()))
            .collect()
    }

    fn load(&self, account: &str) -> Device {
        Device::load(account, self.records()).unwrap().unwrap()
    }
}

impl Device {
    /// The same device, by way of its records.
    pub(super) fn clone_for_test(&self) -> Device {
        let all = records(self)
            .into_iter()
            .map(|(key, value)| (key.table().to_owned(), key.key(), value));
        let mut device = Device::load(&self.account, all).unwrap().unwrap();
        device.latest = self.latest;
        device
    }
}

#[test]
fn nothing_stored_is_no_device() {
    assert!(Device::load(ALICE, Vec::new()).unwrap().is_none());
}

/// After every step the stored records are exactly those of the device, and loading them gives the same again.
#[test]
fn every_step_is_stored() {
    let mut pair = Pair::new(60);
    let mut disk = Disk::default();
    let check = |bob: &mut Device, disk: &mut Disk, step: &str| {
        disk.write(bob);
        let now: BTreeMap<_, _> = records(bob)
            .into_iter()
            .map(|(key, value)| ((key.table().to_owned(), key.key()), value))
            .collect();
        let differing: Vec<_> = now
            .iter()
            .filter(|(key, value)| disk.0.get(*key) != Some(value))
            .map(|(key, _)| key)
            .collect();
        assert!(differing.is_empty(), "{step}: not stored: {differing:?}");
        let surplus: Vec<_> = disk.0.keys().filter(|key| !now.contains_key(*key)).collect();
        assert!(surplus.is_empty(), "{step}: not deleted: {surplus:?}");
        let loaded = disk.load(BOB);
        assert_eq!(records(&loaded), records(bob), "{step}");
        *bob = loaded;
    };
    check(&mut pair.bob, &mut disk, "created");
    pair.bob.bundle_published();
    check(&mut pair.bob, &mut disk, "published");
    let first = pair.alice_says("first");
    let second = pair.alice_says("second");
    let third = pair.alice_says("third");
    pair.bob_hears(&second).unwrap();
    check(&mut pair.bob, &mut disk, "key exchange with a skipped message");
    let answer = pair.bob_says("answer");
    check(&mut pair.bob, &mut disk, "sent");
    pair.alice_hears(&answer).unwrap();
    let turned = pair.alice_says("turned");
    pair.bob_hears(&turned).unwrap();
    check(&mut pair.bob, &mut disk, "the ratchet turned");
    pair.bob_hears(&first).unwrap();
    check(&mut pair.bob, &mut disk, "a skipped message");
    assert!(matches!(
        pair.bob_hears(&first),
        Err(DecryptError::Duplicate { .. })
    ));
    assert!(pair.bob.take_changes().is_empty());
    pair.bob_hears(&third).unwrap();
    check(&mut pair.bob, &mut disk, "a message of the chain before");
    for n in 0..40 {
        let answer = pair.bob_says("answer");
        pair.alice_hears(&answer).unwrap();
        let next = pair.alice_says("next");
        pair.bob_hears(&next).unwrap();
        check(&mut pair.bob, &mut disk, &format!("turn {n}"));
    }
    let key = pair.alice.identity_key();
    pair.bob.set_trust(ALICE, &key, TrustLevel::Authenticated, NOW);
    check(&mut pair.bob, &mut disk, "authenticated");
    pair.bob.handle_caught_up(NOW);
    check(&mut pair.bob, &mut disk, "caught up");
    pair.bob.handle_timeout(NOW + SHARED_PRE_KEY_GRACE, &mut pair.rng);
    check(&mut pair.bob, &mut disk, "the shared pre key is gone");
    for period in 1..4 {
        pair.bob
            .handle_timeout(NOW + period * SIGNED_PRE_KEY_PERIOD, &mut pair.rng);
        check(&mut pair.bob, &mut disk, "rotated");
    }
    for n in 0..MAX_SESSIONS + 2 {
        let id = pair.bob.id();
        pair.alice.reset_session(BOB, id);
        let bundle = pair.bob.bundle(Namespace::Omemo2);
        pair.alice
            .handle_bundle(BOB, id, &bundle, NOW, &mut pair.rng)
            .unwrap();
        pair.alice_says("lost");
        let next = pair.alice_says("next");
        pair.bob_hears(&next).unwrap();
        check(&mut pair.bob, &mut disk, &format!("session {n}"));
    }
    pair.bob
        .handle_device_list(ALICE, &device_list([9, 10].into_iter()), NOW)
        .unwrap();
    check(&mut pair.bob, &mut disk, "other devices");
    pair.bob
        .handle_device_list(ALICE, &device_list([10].into_iter()), NOW)
        .unwrap();
    check(&mut pair.bob, &mut disk, "one less");
    let id = pair.alice.id();
    pair.bob.reset_session(ALICE, id);
    check(&mut pair.bob, &mut disk, "session reset");
    pair.bob.remove_device(ALICE, id);
    check(&mut pair.bob, &mut disk, "device removed");
}

#[test]
fn a_loaded_device_goes_on_where_it_was() {
    let mut pair = Pair::answered(61);
    let late = pair.alice_says("late");
    let seen = pair.alice_says("seen");
    pair.bob_hears(&seen).unwrap();
    pair.bob = pair.bob.clone_for_test();
    pair.alice = pair.alice.clone_for_test();
    assert_eq!(text(&pair.bob_hears(&late).unwrap()), "late");
    assert!(matches!(
        pair.bob_hears(&seen),
        Err(DecryptError::Duplicate { .. })
    ));
    let answer = pair.bob_says("answer");
    assert_eq!(text(&pair.alice_hears(&answer).unwrap()), "answer");
    assert_eq!(pair.bob.device_list(ALICE)[0].last_seen, Some(NOW));
}

fn stored(seed: u64) -> Disk {
    let mut pair = Pair::answered(seed);
    let mut disk = Disk::default();
    disk.write(&mut pair.bob);
    disk
}

#[test]
fn records_that_make_no_device() {
    let disk = stored(62);
    let identity = ("omemo_identity".to_owned(), "self".to_owned());
    let load = |change: &dyn Fn(&mut Disk)| {
        let mut disk = disk.clone();
        change(&mut disk);
        Device::load(BOB, disk.records()).map(|_| ()).unwrap_err()
    };
    assert!(matches!(
        load(&|disk| {
            disk.0.remove(&identity);
        }),
        LoadError::Incomplete {
            missing: "identity",
            ..
        }
    ));
    assert!(matches!(
        load(&|disk| {
            disk.0.retain(|(table, _), _| table != "omemo_signed_pre_key");
        }),
        LoadError::Incomplete {
            missing: "signed pre key",
            ..
        }
    ));
    assert!(matches!(
        load(&|disk| {
            disk.0.retain(|(table, _), _| table != "omemo_device");
        }),
        LoadError::Malformed { .. }
    ));
    assert_eq!(
        Device::load(ALICE, disk.records()).map(|_| ()),
        Err(LoadError::OtherAccount {
            expected: ALICE.to_owned(),
            found: BOB.to_owned()
        })
    );
    // Every single record, made newer or damaged.
    for (table, key) in disk.0.keys() {
        let at = (table.clone(), key.clone());
        let newer = load(&|disk| {
            let value = disk.0.get_mut(&at).unwrap();
            *value = String::from_utf8(value.clone())
                .unwrap()
                .replacen("\"v\":1", "\"v\":2", 1)
                .into_bytes();
        });
        let expected = LoadError::NewerVersion {
            table: table.clone(),
            key: key.clone(),
            found: 2,
            known: 1,
        };
        assert_eq!(newer, expected);
        for value in ["", "{}", "[]", "{\"v\":1}", "{\"v\":1,\"secret\":\"00\"}"] {
            let error = load(&|disk| {
                disk.0.insert(at.clone(), value.into());
            });
            assert!(
                matches!(&error, LoadError::Malformed { table: found, .. } if found == table),
                "{table} {key} {value}: {error}"
            );
        }
    }
    for (table, key) in [
        ("omemo_other", "x"),
        ("omemo_pre_key", "x"),
        ("omemo_session", "1 bob"),
        ("omemo_trust", "00 bob"),
    ] {
        let error = load(&|disk| {
            disk.0.insert((table.to_owned(), key.to_owned()), Vec::new());
        });
        assert!(matches!(error, LoadError::Malformed { .. }), "{table} {key}");
    }
}

/// The form on disk. A change here needs a new version.
#[test]
fn serialized_form() {
    let mut pair = Pair::new(63);
    pair.alice_says("lost");
    let first = pair.alice_says("hello");
    pair.bob_hears(&first).unwrap();
    let mut disk = Disk::default();
    disk.write(&mut pair.bob);
    let mut text = String::new();
    let mut tables = BTreeMap::new();
    for ((table, key), value) in &disk.0 {
        // Of the many pre keys, those that were used tell the most.
        let value = String::from_utf8(value.clone()).unwrap();
        if table != "omemo_pre_key" || value.contains("used") || !tables.contains_key(table) {
            text.push_str(&format!("{table} {key}\n    {value}\n"));
        }
        *tables.entry(table).or_insert(0) += 1;
    }
    insta::assert_snapshot!(text, @r#"
omemo_device 847192080 alice@wonderland.example
    {"v":1,"active":true,"identity":"b6f1b203a38f94abbd08d5c99d79998f0d824626fec56a10405b99cbe535a31a","since":1775478600000,"last_seen":1775478600000,"next_serial":1}
omemo_identity self
    {"v":1,"account":"bob@builders.example","device":1591818424,"seed":"7eab6d77019b415ac074fe1c6bb5e36a0ecc01bd6084a22f14377635baf4baa9","next_signed_pre_key":2,"next_pre_key":102,"bundle_is_due":true,"awake":{"since":1775478600000,"until":1775478600000}}
omemo_pre_key 1
    {"v":1,"secret":"2fb283c8b1adefc077b662fa8782e340c7919ab6b55ccfb75bb7b94c817b7193"}
omemo_pre_key 75
    {"v":1,"secret":"aaeff88592d3eca3de6092c065de2d39f46af890ea02e591926514b173da92a6","used":{"at":1775478600000,"by":["3a38905a3339e019ddb68888b100cecee3ee623d66e8a5d0f72c469744d30a41"]}}
omemo_session 847192080 0 alice@wonderland.example
    {"v":1,"namespace":"urn:xmpp:omemo:2","rank":1,"initiator":false,"peer":"b6f1b203a38f94abbd08d5c99d79998f0d824626fec56a10405b99cbe535a31a","ephemeral":"3a38905a3339e019ddb68888b100cecee3ee623d66e8a5d0f72c469744d30a41","ratchet":{"namespace":"urn:xmpp:omemo:2","root":"c30c344670aabbe800316b117b37bf6afbbc967dcb227baf68ebc0e0fa39d813","own":"1df02afd347e6bc8a6383ab541df2d16e6035d7906814f4c69da14dfe5ab5bc9","remote":"27097f7949f80c77ecc20177f034d9cd36e5402ae7d5a61caafe35f249d9d763","sending":{"key":"c87120dd9675c0294778df92b0b245a4dcfb48af2c1850b1fe2ebdd37bf4a924","next":0},"receiving":{"key":"c2418f861fc7082f1d7d73eaccb21ab1e7d5e16426df74d56e72b317eec32e50","next":2},"previous_sending":0}}
omemo_signed_pre_key 1
    {"v":1,"secret":"e3b98550e2e2a23017e9d8b4c119848c9085508d138233ba504e5fe2a37f4dd8","created":1775478600000}
omemo_skipped 847192080 0 27097f7949f80c77ecc20177f034d9cd36e5402ae7d5a61caafe35f249d9d763 alice@wonderland.example
    {"v":1,"remote":"27097f7949f80c77ecc20177f034d9cd36e5402ae7d5a61caafe35f249d9d763","order":0,"gone_below":0,"keys":{"0":"b427309fe6a7ffa43d83660b1e43565a2763fc979522dc854713991738fbde02"}}
omemo_trust b6f1b203a38f94abbd08d5c99d79998f0d824626fec56a10405b99cbe535a31a alice@wonderland.example
    {"v":1,"level":"automatically_trusted"}
"#);
    insta::assert_snapshot!(format!("{tables:?}"), @r#"{"omemo_device": 1, "omemo_identity": 1, "omemo_pre_key": 101, "omemo_session": 1, "omemo_signed_pre_key": 1, "omemo_skipped": 1, "omemo_trust": 1}"#);
}
