// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Whatever a server or a peer sends: an error that fits, and no change.

use proptest::prelude::*;
use prost::Message as _;

use super::*;
use crate::wire::{AuthenticatedMessage, KeyContent, KeyExchange};

/// Bob refuses the element with `expected` and is the same as before.
#[track_caller]
fn refused(pair: &mut Pair, element: &Element, expected: &DecryptError) {
    assert_eq!(pair.refusal(element), *expected);
}

fn exchange(element: &Element) -> KeyExchange {
    KeyExchange::decode(key_bytes(element).as_slice()).unwrap()
}

/// X25519 public keys of low order (RFC 7748 §6.1: the result is zero).
pub(super) fn low_order_points() -> Vec<Vec<u8>> {
    let mut one = vec![0; 32];
    one[0] = 1;
    let of_order_8 = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800";
    let mut minus_one = vec![0xff; 32];
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    vec![vec![0; 32], one, hex::decode(of_order_8).unwrap(), minus_one]
}

#[test]
fn every_damaged_bit_of_a_message_is_noticed() {
    let mut pair = Pair::answered(20);
    let message = pair.alice_says("intact");
    let bytes = key_bytes(&message);
    let before = records(&pair.bob);
    for index in 0..bytes.len() {
        for bit in [0x01, 0x80] {
            let mut damaged = bytes.clone();
            damaged[index] ^= bit;
            let error = pair.bob_hears(&with_key(&message, &damaged)).unwrap_err();
            assert_eq!(records(&pair.bob), before, "byte {index}: {error}");
        }
    }
    for length in 0..bytes.len() {
        assert!(
            pair.bob_hears(&with_key(&message, &bytes[..length])).is_err(),
            "cut to {length}"
        );
    }
    assert_eq!(records(&pair.bob), before);
    assert_eq!(text(&pair.bob_hears(&message).unwrap()), "intact");
}

#[test]
fn every_damaged_byte_of_a_key_exchange_is_noticed_or_harmless() {
    let mut pair = Pair::new(21);
    let message = pair.alice_says("intact");
    let bytes = key_bytes(&message);
    let before = records(&pair.bob);
    for index in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[index] ^= 0x01;
        let error = pair.bob_hears(&with_key(&message, &damaged)).unwrap_err();
        assert_eq!(records(&pair.bob), before, "byte {index}: {error}");
    }
    assert_eq!(text(&pair.bob_hears(&message).unwrap()), "intact");
}

#[test]
fn wrong_codes() {
    let mut pair = Pair::answered(22);
    let message = pair.alice_says("hello");
    let bad_mac = DecryptError::BadMac {
        device: pair.alice.id(),
    };
    let authenticated = AuthenticatedMessage::decode(key_bytes(&message).as_slice()).unwrap();
    for mac in [
        Vec::new(),
        vec![0; 16],
        authenticated.mac[..15].to_vec(),
        [authenticated.mac.clone(), vec![0]].concat(),
    ] {
        let forged = AuthenticatedMessage {
            mac,
            ..authenticated.clone()
        };
        refused(&mut pair, &with_key(&message, &forged.encode_to_vec()), &bad_mac);
    }
    // A counter ahead makes another key; a new ratchet key makes another chain.
    refused(
        &mut pair,
        &with_message(&message, |message| message.n += 1),
        &bad_mac,
    );
    refused(
        &mut pair,
        &with_message(&message, |message| message.pn += 1),
        &bad_mac,
    );
    refused(
        &mut pair,
        &with_message(&message, |message| message.dh_pub[0] ^= 1),
        &bad_mac,
    );
    assert_eq!(text(&pair.bob_hears(&message).unwrap()), "hello");
}

#[test]
fn malformed_ratchet_messages() {
    let mut pair = Pair::answered(23);
    let message = pair.alice_says("hello");
    let short = DecryptError::Malformed("the ratchet key has not 32 bytes".to_owned());
    refused(
        &mut pair,
        &with_message(&message, |message| message.dh_pub.truncate(31)),
        &short,
    );
    refused(
        &mut pair,
        &with_message(&message, |message| message.dh_pub.clear()),
        &short,
    );
    let none = AuthenticatedMessage {
        mac: vec![0; 16],
        message: vec![0xff; 9],
    }
    .encode_to_vec();
    let error = DecryptError::Malformed("no OMEMOMessage".to_owned());
    refused(&mut pair, &with_key(&message, &none), &error);
}

#[test]
fn oversized_counters() {
    let mut pair = Pair::answered(24);
    let device = pair.alice.id();
    let first = pair.alice_says("first of its chain");
    pair.bob_hears(&first).unwrap();
    let message = pair.alice_says("hello");
    let limit = crate::ratchet::MAX_FORWARD;
    let error = DecryptError::TooFarAhead {
        device,
        counter: u32::MAX,
        skip: u32::MAX - 1,
        limit,
    };
    refused(
        &mut pair,
        &with_message(&message, |message| message.n = u32::MAX),
        &error,
    );
    // In a chain that does not exist, too.
    let error = DecryptError::TooFarAhead {
        device,
        counter: u32::MAX,
        skip: u32::MAX,
        limit,
    };
    let forged = with_message(&message, |message| {
        message.n = u32::MAX;
        message.pn = u32::MAX;
        message.dh_pub[0] ^= 1;
    });
    refused(&mut pair, &forged, &error);
}

#[test]
fn ratchet_keys_of_low_order() {
    let mut pair = Pair::answered(25);
    let message = pair.alice_says("hello");
    for point in low_order_points() {
        let error = DecryptError::InvalidKey("ratchet key of low order");
        refused(
            &mut pair,
            &with_message(&message, |message| message.dh_pub = point),
            &error,
        );
    }
}

#[test]
fn key_exchanges_with_bad_keys() {
    let mut pair = Pair::new(26);
    let device = pair.alice.id();
    let message = pair.alice_says("hello");
    for point in low_order_points() {
        let error = DecryptError::InvalidKey("ephemeral key of low order");
        refused(
            &mut pair,
            &with_exchange(&message, |exchange| exchange.ek = point),
            &error,
        );
    }
    let ephemeral = DecryptError::InvalidKey("ephemeral key");
    refused(
        &mut pair,
        &with_exchange(&message, |exchange| exchange.ek.truncate(31)),
        &ephemeral,
    );
    let identity = DecryptError::InvalidKey("identity key");
    refused(
        &mut pair,
        &with_exchange(&message, |exchange| exchange.ik.push(0)),
        &identity,
    );
    refused(
        &mut pair,
        &with_exchange(&message, |exchange| exchange.ik = low_order_points().remove(1)),
        &identity,
    );
    let pre_key = DecryptError::UnknownPreKey {
        device,
        pre_key: 4711,
    };
    refused(
        &mut pair,
        &with_exchange(&message, |exchange| exchange.pk_id = 4711),
        &pre_key,
    );
    let signed = DecryptError::UnknownSignedPreKey {
        device,
        signed_pre_key: 4711,
    };
    refused(
        &mut pair,
        &with_exchange(&message, |exchange| exchange.spk_id = 4711),
        &signed,
    );
    // Somebody else's identity key makes another shared secret.
    let other = *IdentityKeyPair::generate(&mut pair.rng).public().as_bytes();
    let forged = with_exchange(&message, |exchange| exchange.ik = other.to_vec());
    refused(&mut pair, &forged, &DecryptError::BadMac { device });
    assert_eq!(text(&pair.bob_hears(&message).unwrap()), "hello");
    let changed = DecryptError::IdentityChanged { device };
    refused(&mut pair, &forged, &changed);
}

/// The server keeps the first key exchange and plays it again when the session and even the pre key are long gone.
#[test]
fn a_replayed_key_exchange_makes_no_second_session() {
    let mut pair = Pair::new(27);
    let (alice, bob) = (pair.alice.id(), pair.bob.id());
    let first = pair.alice_says("pay me");
    pair.bob_hears(&first).unwrap();
    pair.bob.reset_session(ALICE, alice);
    refused(
        &mut pair,
        &first,
        &DecryptError::Duplicate {
            device: alice,
            counter: 0,
        },
    );
    pair.bob.handle_caught_up(NOW + SHARED_PRE_KEY_GRACE);
    let pre_key = exchange(&first).pk_id;
    refused(
        &mut pair,
        &first,
        &DecryptError::UnknownPreKey {
            device: alice,
            pre_key,
        },
    );
    // The same while the session was replaced by newer ones.
    for _ in 0..MAX_SESSIONS + 1 {
        pair.alice.reset_session(BOB, bob);
        let bundle = pair.bob.bundle(Namespace::Omemo2);
        pair.alice
            .handle_bundle(BOB, bob, &bundle, NOW, &mut pair.rng)
            .unwrap();
        let next = pair.alice_says("again");
        assert_eq!(text(&pair.bob_hears(&next).unwrap()), "again");
        assert!(matches!(
            pair.bob_hears(&next),
            Err(DecryptError::Duplicate { .. })
        ));
    }
    assert_eq!(pair.bob.peer(ALICE, alice).unwrap().sessions.len(), MAX_SESSIONS);
}

#[test]
fn a_damaged_or_exchanged_payload() {
    let mut pair = Pair::answered(28);
    let device = pair.alice.id();
    let one = pair.alice_says("one");
    let two = pair.alice_says("two");
    let mut mixed = one.clone();
    let payload = mixed.get_child_mut("payload", NS_OMEMO_2).unwrap();
    payload.take_nodes();
    payload.append_text(two.get_child("payload", NS_OMEMO_2).unwrap().text());
    refused(&mut pair, &mixed, &DecryptError::BadPayload { device });
    assert_eq!(
        text(&pair.bob_hears(&one).unwrap()),
        "one",
        "the key is still there"
    );
    let id = pair.bob.id();
    let mut empty = pair
        .alice
        .encrypt_empty(BOB, id, Namespace::Omemo2, NOW, &mut pair.rng)
        .unwrap();
    empty.append_child(two.get_child("payload", NS_OMEMO_2).unwrap().clone());
    refused(&mut pair, &empty, &DecryptError::BadPayload { device });
}

/// A message without its payload is an empty one: the server can drop what it cannot read, and nothing is shown.
#[test]
fn a_dropped_payload_shows_nothing() {
    let mut pair = Pair::answered(29);
    let mut message = pair.alice_says("gone");
    message.remove_child("payload", NS_OMEMO_2);
    assert_eq!(pair.bob_hears(&message).unwrap().envelope, None);
}

/// Mallory's device is in order, but her envelope names Alice.
#[test]
fn an_envelope_from_somebody_else() {
    let mut rng = rng(30);
    let mut mallory = Device::create(ALICE, NOW, &mut rng);
    let mut bob = Device::create(BOB, NOW, &mut rng);
    announce(&mut mallory, &[&bob]);
    mallory
        .handle_bundle(BOB, bob.id(), &bob.bundle(Namespace::Omemo2), NOW, &mut rng)
        .unwrap();
    let message = mallory
        .encrypt(body("I am Alice"), &[BOB], NOW, &mut rng)
        .unwrap()
        .elements
        .remove(0);
    let before = records(&bob);
    let error = DecryptError::WrongSender {
        expected: "mallory@evil.example".to_owned(),
        found: ALICE.to_owned(),
    };
    assert_eq!(
        bob.decrypt("mallory@evil.example", &message, NOW, &mut rng),
        Err(error)
    );
    assert_eq!(records(&bob), before);
}

#[test]
fn elements_that_are_none() {
    let mut pair = Pair::answered(31);
    let message = pair.alice_says("hello");
    let malformed = |what: &str| DecryptError::Malformed(what.to_owned());
    let other = Element::bare("encrypted", "urn:example");
    let error = malformed("expected <encrypted/>, found <encrypted xmlns='urn:example'/>");
    refused(&mut pair, &other, &error);
    refused(
        &mut pair,
        &Element::bare("encrypted", NS_OMEMO_2),
        &malformed("<header/> is missing"),
    );
    for sid in ["", "0", "-1", "2147483648", "x"] {
        let mut element = message.clone();
        crate::xml::set_attribute(element.get_child_mut("header", NS_OMEMO_2).unwrap(), "sid", sid);
        refused(
            &mut pair,
            &element,
            &malformed("the sender's device id is missing or out of range"),
        );
    }
    let mut element = message.clone();
    first_key_mut(&mut element).append_text("*");
    refused(&mut pair, &element, &malformed("the key is no base64"));
    let mut element = message.clone();
    element
        .get_child_mut("payload", NS_OMEMO_2)
        .unwrap()
        .append_text("*");
    refused(&mut pair, &element, &malformed("the payload is no base64"));
    let mut element = message.clone();
    crate::xml::set_attribute(first_key_mut(&mut element), "rid", 1u32);
    let device = pair.bob.id();
    refused(&mut pair, &element, &DecryptError::NotForThisDevice { device });
    let mut element = message.clone();
    crate::xml::set_attribute(element.get_child_mut("header", NS_OMEMO_2).unwrap(), "sid", 12u32);
    refused(&mut pair, &element, &DecryptError::NoSession { device: 12 });
}

/// Key exchanges cost the sender little: the devices that one account can make here are bounded.
#[test]
fn an_account_with_endless_devices() {
    let mut pair = Pair::answered(32);
    let message = pair.alice_says("x");
    let (alice, known) = (pair.alice.id(), MAX_DEVICES as u32);
    let ids = (0..known - 1).map(|n| if n == alice { known } else { n + 1 });
    let list = device_list(ids.chain([alice]));
    pair.bob.handle_device_list(ALICE, &list, NOW).unwrap();
    let mut new = Device::create(ALICE, NOW, &mut pair.rng);
    announce(&mut new, &[&pair.bob]);
    let id = pair.bob.id();
    new.handle_bundle(BOB, id, &pair.bob.bundle(Namespace::Omemo2), NOW, &mut pair.rng)
        .unwrap();
    let one_more = new
        .encrypt(body("x"), &[BOB], NOW, &mut pair.rng)
        .unwrap()
        .elements
        .remove(0);
    let error = DecryptError::TooManyDevices {
        device: new.id(),
        limit: MAX_DEVICES,
    };
    refused(&mut pair, &one_more, &error);
    assert!(pair.bob_hears(&message).is_ok(), "known ones are heard");
}

#[test]
fn bundles_with_bad_keys() {
    let mut pair = Pair::new(33);
    let new = Device::create(BOB, NOW, &mut pair.rng);
    announce(&mut pair.alice, &[&pair.bob, &new]);
    let sign = |signed_pre_key: &[u8], pre_key: &[u8]| {
        let keys = BTreeMap::from([(1, pre_key.try_into().unwrap())]);
        Bundle::sign(
            Namespace::Omemo2,
            &new.identity,
            1,
            signed_pre_key.try_into().unwrap(),
            keys,
        )
        .serialize()
    };
    let fine = [9; 32];
    for point in low_order_points() {
        for bundle in [sign(&point, &fine), sign(&fine, &point)] {
            let before = records(&pair.alice);
            let error = BundleError::InvalidKey("pre key of low order");
            let result = pair
                .alice
                .handle_bundle(BOB, new.id(), &bundle, NOW, &mut pair.rng);
            assert_eq!(result, Err(error));
            assert_eq!(records(&pair.alice), before);
        }
    }
    assert!(
        pair.alice.missing_bundles(&[BOB]).is_empty(),
        "not asked again at once"
    );
    let error = BundleError::IdentityChanged {
        jid: BOB.to_owned(),
        device: pair.bob.id(),
    };
    let id = pair.bob.id();
    pair.alice.reset_session(BOB, id);
    assert_eq!(
        pair.alice
            .handle_bundle(BOB, id, &new.bundle(Namespace::Omemo2), NOW, &mut pair.rng),
        Err(error)
    );
    let own = (pair.alice.id(), pair.alice.bundle(Namespace::Omemo2));
    assert_eq!(
        pair.alice.handle_bundle(ALICE, own.0, &own.1, NOW, &mut pair.rng),
        Err(BundleError::OwnBundle)
    );
}

proptest! {
    /// Any bytes as a key: an error and no change, never a panic.
    #[test]
    fn any_bytes_as_a_key(bytes in proptest::collection::vec(any::<u8>(), 0..200), first in prop_oneof![Just(0x08u8), Just(0x0a), any::<u8>()]) {
        let mut pair = Pair::answered(34);
        let message = pair.alice_says("x");
        let before = records(&pair.bob);
        let bytes = [vec![first], bytes].concat();
        prop_assert!(pair.bob_hears(&with_key(&message, &bytes)).is_err());
        prop_assert_eq!(records(&pair.bob), before);
        let _ = KeyContent::parse(Namespace::Omemo2, &bytes);
    }
}
