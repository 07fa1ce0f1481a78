// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Device lists, bundles and pre keys over time.

use super::*;
use crate::{DeviceListError, Skipped};

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

fn ids(list: &Element) -> Vec<DeviceId> {
    list.children()
        .map(|device| device.attr("id").unwrap().parse().unwrap())
        .collect()
}

#[test]
fn devices_come_and_go() {
    let mut device = Device::create(ALICE, NOW, &mut rng(40));
    let list = device_list([5, 6].into_iter());
    let change = device.handle_device_list(BOB, &list, NOW).unwrap();
    assert_eq!(
        change,
        DeviceListChange {
            added: vec![5, 6],
            ..DeviceListChange::default()
        }
    );
    assert_eq!(
        device.handle_device_list(BOB, &list, NOW).unwrap(),
        DeviceListChange::default()
    );
    let change = device
        .handle_device_list(BOB, &device_list([6, 7].into_iter()), NOW)
        .unwrap();
    assert_eq!(
        change,
        DeviceListChange {
            added: vec![7],
            removed: vec![5],
            own_missing: false
        }
    );
    let change = device
        .handle_device_list(BOB, &device_list([].into_iter()), NOW)
        .unwrap();
    assert_eq!(change.removed, [6, 7], "an empty list is allowed");
    assert!(device.device_list(BOB).is_empty(), "nothing is known of them");
}

#[test]
fn the_own_device_must_be_in_the_own_list() {
    let mut device = Device::create(ALICE, NOW, &mut rng(41));
    let own = device.id();
    assert!(
        device
            .handle_device_list(ALICE, &device_list([].into_iter()), NOW)
            .unwrap()
            .own_missing
    );
    let change = device
        .handle_device_list(ALICE, &device_list([7, own].into_iter()), NOW)
        .unwrap();
    assert_eq!(
        change,
        DeviceListChange {
            added: vec![7],
            ..DeviceListChange::default()
        },
        "others only"
    );
    let mut expected = vec![7, own];
    expected.sort_unstable();
    assert_eq!(ids(&device.own_device_list(Namespace::Omemo2, None)), expected);
    assert!(
        !device
            .handle_device_list(BOB, &device_list([].into_iter()), NOW)
            .unwrap()
            .own_missing
    );
}

#[test]
fn labels_are_signed_and_kept() {
    let mut device = Device::create(ALICE, NOW, &mut rng(42));
    let mut list = device_list([7].into_iter());
    let other = list.get_child_mut("device", NS_OMEMO_2).unwrap();
    crate::xml::set_attribute(other, "label", "Phone");
    crate::xml::set_attribute(other, "labelsig", "c2ln");
    device.handle_device_list(ALICE, &list, NOW).unwrap();
    assert_eq!(device.device_list(ALICE)[0].label.as_deref(), Some("Phone"));
    let published = device.own_device_list(Namespace::Omemo2, Some("Desk\u{0} \u{1f5a5}"));
    let find = |id: DeviceId| {
        published
            .children()
            .find(|device| device.attr("id") == Some(&id.to_string()))
            .unwrap()
            .clone()
    };
    assert_eq!(
        (find(7).attr("label"), find(7).attr("labelsig")),
        (Some("Phone"), Some("c2ln"))
    );
    let own = find(device.id());
    assert_eq!(
        own.attr("label"),
        Some("Desk \u{1f5a5}"),
        "without what XML cannot carry"
    );
    let signature = crate::xml::parse_base64(own.attr("labelsig").unwrap()).unwrap();
    assert!(
        device
            .identity
            .public()
            .verify("Desk \u{1f5a5}".as_bytes(), &signature)
    );
}

#[test]
fn lists_that_are_none() {
    let mut device = Device::create(ALICE, NOW, &mut rng(43));
    let other = Element::bare("list", NS_OMEMO_2);
    let found = "list xmlns='urn:xmpp:omemo:2'".to_owned();
    assert_eq!(
        device.handle_device_list(BOB, &other, NOW),
        Err(DeviceListError::WrongElement { found })
    );
    let found = MAX_DEVICES + 1;
    let many = device_list(1..=found as u32);
    assert_eq!(
        device.handle_device_list(BOB, &many, NOW),
        Err(DeviceListError::TooMany {
            found,
            limit: MAX_DEVICES
        })
    );
    assert!(device.device_list(BOB).is_empty());
    let odd: Element =
        "<devices xmlns='urn:xmpp:omemo:2'><device id='-5'/><device/><device id='8'/><x id='9'/></devices>"
            .parse()
            .unwrap();
    assert_eq!(
        device.handle_device_list(BOB, &odd, NOW).unwrap().added,
        [8],
        "what cannot be read is left out"
    );
}

#[test]
fn inactive_devices_get_nothing_and_keep_their_session() {
    let mut pair = Pair::answered(44);
    let id = pair.bob.id();
    pair.alice
        .handle_device_list(BOB, &device_list([].into_iter()), NOW)
        .unwrap();
    let info = pair.alice.device_list(BOB).remove(0);
    assert_eq!((info.id, info.active, info.has_session), (id, false, true));
    let error = pair.alice.encrypt(body("x"), &[BOB], NOW, &mut pair.rng);
    assert_eq!(error, Err(EncryptError::NoRecipients { skipped: Vec::new() }));
    let message = pair.bob_says("still here");
    assert_eq!(text(&pair.alice_hears(&message).unwrap()), "still here");
}

#[test]
fn bundles_that_fail_are_asked_for_less_and_less() {
    let mut rng = rng(45);
    let mut device = Device::create(ALICE, NOW, &mut rng);
    device
        .handle_device_list(BOB, &device_list([5].into_iter()), NOW)
        .unwrap();
    let wanted = vec![(BOB.to_owned(), 5, Namespace::Omemo2)];
    let (mut now, mut wait) = (NOW, BUNDLE_RETRY_MIN);
    for _ in 0..12 {
        assert_eq!(device.missing_bundles(&[BOB, BOB]), wanted);
        device.handle_bundle_failure(BOB, 5, Namespace::Omemo2, now);
        assert!(device.missing_bundles(&[BOB]).is_empty());
        assert_eq!(device.poll_timeout(), Some(now + wait));
        device.handle_timeout(now + wait - 1, &mut rng);
        assert!(device.missing_bundles(&[BOB]).is_empty());
        now += wait;
        wait = (wait * 2).min(BUNDLE_RETRY_MAX);
        device.handle_timeout(now, &mut rng);
    }
    assert_eq!(wait, BUNDLE_RETRY_MAX);
}

#[test]
fn refused_keys_are_not_asked_for() {
    let mut pair = Pair::answered(46);
    let (id, key) = (pair.bob.id(), pair.bob.identity_key());
    pair.alice
        .set_trust(BOB, &key, TrustLevel::ManuallyDistrusted, NOW);
    pair.alice.reset_session(BOB, id);
    assert!(pair.alice.missing_bundles(&[BOB]).is_empty());
    pair.alice.set_trust(BOB, &key, TrustLevel::ManuallyTrusted, NOW);
    assert_eq!(
        pair.alice.missing_bundles(&[BOB]),
        [(BOB.to_owned(), id, Namespace::Omemo2)]
    );
}

#[test]
fn a_bundle_that_comes_after_a_key_exchange_changes_nothing() {
    let mut pair = Pair::new(47);
    let first = pair.alice_says("hello");
    pair.bob_hears(&first).unwrap();
    let before = records(&pair.bob);
    let (id, bundle) = (pair.alice.id(), pair.alice.bundle(Namespace::Omemo2));
    pair.bob
        .handle_bundle(ALICE, id, &bundle, NOW, &mut pair.rng)
        .unwrap();
    assert_eq!(records(&pair.bob), before);
}

#[test]
fn a_used_pre_key_is_replaced_and_the_bundle_due() {
    let mut pair = Pair::new(48);
    assert!(pair.bob.bundle_is_due(), "never published");
    pair.bob.bundle_published();
    assert!(!pair.bob.bundle_is_due());
    let before = Bundle::parse(&pair.bob.bundle(Namespace::Omemo2)).unwrap();
    let first = pair.alice_says("hello");
    pair.bob_hears(&first).unwrap();
    assert!(pair.bob.bundle_is_due());
    let after = Bundle::parse(&pair.bob.bundle(Namespace::Omemo2)).unwrap();
    assert_eq!(after.pre_keys.len(), PRE_KEYS);
    let gone: Vec<_> = before
        .pre_keys
        .keys()
        .filter(|id| !after.pre_keys.contains_key(id))
        .collect();
    assert_eq!(gone.len(), 1);
    assert_eq!(after.signed_pre_key_id, before.signed_pre_key_id);
}

/// A bundle with one one-time pre key, which whoever takes it draws.
fn single_key_bundle(device: &Device) -> Element {
    let mut bundle = Bundle::parse(&device.bundle(Namespace::Omemo2)).unwrap();
    bundle.pre_keys = bundle.pre_keys.into_iter().take(1).collect();
    bundle.serialize()
}

/// The first message of one more device of Alice's, made with that bundle of Bob's.
fn hello(pair: &mut Pair, bundle: &Element) -> Element {
    let (id, rng) = (pair.bob.id(), &mut pair.rng);
    let mut device = Device::create(ALICE, NOW, rng);
    device
        .handle_device_list(BOB, &device_list([id].into_iter()), NOW)
        .unwrap();
    device.handle_bundle(BOB, id, bundle, NOW, rng).unwrap();
    device
        .encrypt(body("hello"), &[BOB], NOW, rng)
        .unwrap()
        .elements
        .remove(0)
}

/// During catch-up a second device may have used the same one-time pre key.
#[test]
fn a_used_pre_key_serves_once_more_until_catch_up_is_over() {
    let mut pair = Pair::new(49);
    let bundle = single_key_bundle(&pair.bob);
    let [one, two, three] = [(); 3].map(|()| hello(&mut pair, &bundle));
    pair.bob_hears(&one).unwrap();
    pair.bob_hears(&two).unwrap();
    assert!(pair.bob.poll_timeout().unwrap() <= NOW + USED_PRE_KEY_GRACE);
    pair.bob
        .handle_timeout(NOW + USED_PRE_KEY_GRACE - 1, &mut pair.rng);
    let late = pair.bob.clone_for_test();
    pair.bob.handle_timeout(NOW + USED_PRE_KEY_GRACE, &mut pair.rng);
    assert!(
        matches!(pair.bob_hears(&three), Err(DecryptError::UnknownPreKey { .. })),
        "the grace is over"
    );
    pair.bob = late.clone_for_test();
    assert!(pair.bob_hears(&three).is_ok());
    pair.bob = late;
    pair.bob.handle_caught_up(NOW + USED_PRE_KEY_GRACE - 1);
    assert!(
        matches!(pair.bob_hears(&three), Err(DecryptError::UnknownPreKey { .. })),
        "catch-up is over, and so is the grace of those who drew the same key"
    );
}

/// Two who fetched the same bundle drew the same key; the first's message ended catch-up, and the other's comes after.
#[test]
fn a_shared_pre_key_outlives_the_end_of_catch_up_by_minutes() {
    let mut pair = Pair::new(52);
    let bundle = single_key_bundle(&pair.bob);
    let mut hellos = (0..2).map(|_| hello(&mut pair, &bundle)).collect::<Vec<_>>();
    pair.bob_hears(&hellos.remove(0)).unwrap();
    pair.bob.handle_caught_up(NOW + 1);
    let grace = NOW + SHARED_PRE_KEY_GRACE;
    assert_eq!(pair.bob.poll_timeout(), Some(grace));
    let published = Bundle::parse(&pair.bob.bundle(Namespace::Omemo2)).unwrap();
    let shared = Bundle::parse(&bundle).unwrap().pre_keys;
    assert!(shared.keys().all(|id| !published.pre_keys.contains_key(id)));
    pair.bob.handle_timeout(grace - 1, &mut pair.rng);
    // A second catch-up changes nothing.
    pair.bob.handle_caught_up(grace - 1);
    let mut late = pair.bob.clone_for_test();
    assert!(pair.bob_hears(&hellos[0]).is_ok());
    late.handle_timeout(grace, &mut pair.rng);
    pair.bob = late;
    assert!(matches!(
        pair.bob_hears(&hellos[0]),
        Err(DecryptError::UnknownPreKey { .. })
    ));
}

#[test]
fn the_signed_pre_key_rotates_with_one_period_of_grace() {
    let mut pair = Pair::new(50);
    let first = pair.alice_says("made before the rotation");
    let signed = |device: &Device| {
        Bundle::parse(&device.bundle(Namespace::Omemo2))
            .unwrap()
            .signed_pre_key_id
    };
    let original = signed(&pair.bob);
    pair.bob.bundle_published();
    pair.bob
        .handle_timeout(NOW + SIGNED_PRE_KEY_PERIOD - 1, &mut pair.rng);
    assert_eq!(signed(&pair.bob), original);
    assert!(!pair.bob.bundle_is_due());
    assert_eq!(pair.bob.poll_timeout(), Some(NOW + SIGNED_PRE_KEY_PERIOD));
    pair.bob
        .handle_timeout(NOW + SIGNED_PRE_KEY_PERIOD, &mut pair.rng);
    assert_ne!(signed(&pair.bob), original);
    assert!(pair.bob.bundle_is_due());
    // The old one serves for one more period, and no longer.
    pair.bob
        .handle_timeout(NOW + 2 * SIGNED_PRE_KEY_PERIOD - 1, &mut pair.rng);
    let in_time = pair.bob.clone_for_test();
    pair.bob
        .handle_timeout(NOW + 2 * SIGNED_PRE_KEY_PERIOD, &mut pair.rng);
    let error = DecryptError::UnknownSignedPreKey {
        device: pair.alice.id(),
        signed_pre_key: original,
    };
    assert_eq!(pair.bob_hears(&first), Err(error));
    pair.bob = in_time;
    assert!(pair.bob_hears(&first).is_ok());
}

/// Off for a year: the grace counts from the rotation, since others have fetched the old key until then.
#[test]
fn a_device_that_slept_keeps_its_old_signed_pre_key_for_a_period() {
    let mut pair = Pair::new(51);
    let first = pair.alice_says("while it slept");
    pair.bob.handle_timeout(NOW + 365 * DAY, &mut pair.rng);
    assert!(pair.bob.bundle_is_due());
    assert_eq!(text(&pair.bob_hears(&first).unwrap()), "while it slept");
}

#[test]
fn devices_are_listed_with_what_is_known() {
    let mut pair = Pair::new(52);
    let first = pair.alice_says("hello");
    let unknown = pair.bob.device_list(ALICE).remove(0);
    assert_eq!(unknown.fingerprint, None);
    assert_eq!(unknown.trust, TrustLevel::Undecided);
    assert_eq!(
        (unknown.active, unknown.has_session, unknown.last_seen),
        (true, false, None)
    );
    pair.bob_hears(&first).unwrap();
    let known = pair.bob.device_list(ALICE).remove(0);
    assert_eq!(known.fingerprint, Some(pair.alice.fingerprint()));
    assert_eq!(known.identity_key, Some(pair.alice.identity_key()));
    assert_eq!(known.trust, TrustLevel::AutomaticallyTrusted);
    assert_eq!(
        (known.active, known.has_session, known.last_seen),
        (true, true, Some(NOW))
    );
    assert!(pair.bob.remove_device(ALICE, pair.alice.id()));
    assert!(pair.bob.device_list(ALICE).is_empty());
    assert!(!pair.bob.remove_device(ALICE, pair.alice.id()));
    assert_eq!(
        pair.bob.key_trust(ALICE, &pair.alice.identity_key()),
        Some(TrustLevel::AutomaticallyTrusted)
    );
}

#[test]
fn a_label_that_another_key_signed_is_not_shown() {
    let mut rng = rng(60);
    let mut alice = Device::create(ALICE, NOW, &mut rng);
    let bob = Device::create(BOB, NOW, &mut rng);
    let label = |device: &Device| device.device_list(BOB)[0].label.clone();
    let signed = bob.own_device_list(Namespace::Omemo2, Some("Phone"));
    alice.handle_device_list(BOB, &signed, NOW).unwrap();
    assert_eq!(
        label(&alice).as_deref(),
        Some("Phone"),
        "the key is not known yet"
    );
    alice
        .handle_bundle(BOB, bob.id(), &bob.bundle(Namespace::Omemo2), NOW, &mut rng)
        .unwrap();
    assert_eq!(label(&alice).as_deref(), Some("Phone"));
    let mut forged = signed.clone();
    let device = forged.get_child_mut("device", NS_OMEMO_2).unwrap();
    crate::xml::set_attribute(device, "label", "Your phone");
    alice.handle_device_list(BOB, &forged, NOW).unwrap();
    assert_eq!(label(&alice), None);
    let stored: Vec<_> = records(&alice)
        .into_iter()
        .map(|(key, value)| (key.table().to_owned(), key.key(), value))
        .collect();
    let loaded = Device::load(ALICE, stored).unwrap().unwrap();
    assert_eq!(label(&loaded), None, "after a restart as well");
    let plain = device_list([bob.id()].into_iter());
    alice.handle_device_list(BOB, &plain, NOW).unwrap();
    let own = alice.own_device_list(Namespace::Omemo2, None);
    assert!(own.children().all(|device| device.attr("labelsig").is_none()));
}

#[test]
fn devices_that_say_nothing_become_stale() {
    let mut rng = rng(61);
    let mut desk = Device::create(ALICE, NOW, &mut rng);
    let mut laptop = Device::create(ALICE, NOW, &mut rng);
    let phone = Device::create(ALICE, NOW, &mut rng);
    let list = device_list([laptop.id(), phone.id()].into_iter());
    desk.handle_device_list(ALICE, &list, NOW).unwrap();
    for other in [&laptop, &phone] {
        desk.handle_bundle(ALICE, other.id(), &other.bundle(Namespace::Omemo2), NOW, &mut rng)
            .unwrap();
    }
    desk.set_stale_after(Some(30 * DAY));
    let stale = |device: &Device| -> Vec<DeviceId> {
        let known = device.device_list(ALICE).into_iter();
        known.filter(|known| known.stale).map(|known| known.id).collect()
    };
    // The laptop speaks after twenty days, the phone never does.
    let mut now = NOW;
    for day in 1..=31 {
        now = NOW + day * DAY;
        desk.handle_present(now);
        if day == 20 {
            let sent = desk.encrypt(body("hello"), &[ALICE], now, &mut rng).unwrap();
            laptop.decrypt(ALICE, &sent.elements[0], now, &mut rng).unwrap();
            let id = desk.id();
            announce(&mut laptop, &[&desk]);
            let answer = laptop
                .encrypt_empty(ALICE, id, Namespace::Omemo2, now, &mut rng)
                .unwrap();
            desk.decrypt(ALICE, &answer, now, &mut rng).unwrap();
        }
    }
    assert_eq!(stale(&desk), [phone.id()]);
    let sent = desk.encrypt(body("hello"), &[ALICE], now, &mut rng).unwrap();
    assert_eq!(sent.recipients, [(ALICE.to_owned(), laptop.id())]);
    assert_eq!(sent.skipped, [(ALICE.to_owned(), phone.id(), Skipped::Stale)]);
    desk.set_stale_after(None);
    assert!(stale(&desk).is_empty());
}

#[test]
fn devices_that_were_both_away_do_not_take_each_other_for_dead() {
    let mut pair = Pair::answered(63);
    let later = NOW + 400 * DAY;
    for device in [&mut pair.alice, &mut pair.bob] {
        device.set_stale_after(Some(30 * DAY));
        device.handle_present(later);
    }
    assert!(!pair.alice.device_list(BOB)[0].stale);
    assert!(!pair.bob.device_list(ALICE)[0].stale);
}

#[test]
fn somebody_whose_devices_are_all_silent_is_still_written_to() {
    let mut pair = Pair::answered(64);
    pair.alice.set_stale_after(Some(30 * DAY));
    let mut now = NOW;
    while now < NOW + 40 * DAY {
        now += DAY;
        pair.alice.handle_present(now);
    }
    assert!(pair.alice.device_list(BOB)[0].stale);
    let sent = pair.alice.encrypt(body("hello"), &[BOB], now, &mut pair.rng);
    assert_eq!(sent.unwrap().recipients.len(), 1);
}
