// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The same attacks in both wire forms: each has its own error, and leaves nothing changed.

use super::adversary::low_order_points;
use super::*;
use crate::ratchet::{MAX_FORWARD, MAX_STORED};
use crate::wire::Message;
use crate::xml;

/// Bob refuses the element with an error that `expected` knows, and is the same as before.
#[track_caller]
fn refused(pair: &mut Pair, element: &Element, expected: impl Fn(&DecryptError) -> bool) {
    let error = pair.refusal(element);
    assert!(expected(&error), "{error:?}");
}

fn with_payload(element: &Element, change: impl FnOnce(&mut Vec<u8>)) -> Element {
    let mut element = element.clone();
    let uri = element.ns();
    let payload = element.get_child_mut("payload", uri.as_str()).unwrap();
    let mut bytes = xml::base64_text(payload).unwrap();
    change(&mut bytes);
    payload.take_nodes();
    payload.append_text(xml::base64(&bytes));
    element
}

/// The same content as an element of the other wire form.
fn in_other_form(element: &Element) -> Element {
    let form = Namespace::from_uri(&element.ns()).unwrap();
    let other = Namespace::ALL.into_iter().find(|other| *other != form).unwrap();
    let text = String::from(element).replace(form.uri(), other.uri());
    let text = match form {
        Namespace::Legacy => text
            .replace("<key ", &format!("<keys jid='{BOB}'><key "))
            .replace("</key>", "</key></keys>"),
        Namespace::Omemo2 => text,
    };
    let mut moved: Element = text.parse().unwrap();
    if other == Namespace::Legacy {
        // Legacy OMEMO has the keys in the header itself.
        let header = moved.get_child_mut("header", other.uri()).unwrap();
        let mut keys = header.remove_child("keys", other.uri()).unwrap();
        header.append_child(keys.remove_child("key", other.uri()).unwrap());
    }
    moved
}

#[test]
fn messages() {
    for namespace in Namespace::ALL {
        let mut pair = Pair::answered_in(500, namespace);
        let device = pair.alice.id();
        let heard = pair.alice_says("first of its chain");
        let message = pair.alice_says("hello");
        assert_eq!(text(&pair.bob_hears(&heard).unwrap()), "first of its chain");

        // A replay.
        refused(&mut pair, &heard, |error| {
            *error == DecryptError::Duplicate { device, counter: 0 }
        });
        // Every length but the right one.
        let is_bad =
            |error: &DecryptError| matches!(error, DecryptError::BadMac { .. } | DecryptError::Malformed(_));
        let length = key_bytes(&message).len();
        for cut in 1..length {
            let bytes = key_bytes(&message);
            assert!(
                pair.bob_hears(&with_key(&message, &bytes[..length - cut]))
                    .is_err()
            );
        }
        for more in [1, 16, 17, 4096] {
            let extended = with_bytes(&message, |bytes| bytes.resize(bytes.len() + more, 0));
            refused(&mut pair, &extended, is_bad);
            let ciphertext = |message: &mut Message| message.ciphertext.as_mut().unwrap().resize(more, 7);
            refused(&mut pair, &with_message(&message, ciphertext), is_bad);
        }
        // Another key, counter or chain.
        for point in low_order_points() {
            let forged = with_message(&message, |message| message.dh_pub.clone_from(&point));
            refused(&mut pair, &forged, |error| {
                *error == DecryptError::InvalidKey("ratchet key of low order")
            });
        }
        let forged = with_message(&message, |message| message.n = u32::MAX);
        refused(&mut pair, &forged, |error| {
            matches!(
                error,
                DecryptError::TooFarAhead {
                    counter: u32::MAX,
                    limit: MAX_FORWARD,
                    ..
                }
            )
        });
        // For somebody else's device, and from a device that was never met.
        let mut foreign = message.clone();
        xml::set_attribute(first_key_mut(&mut foreign), "rid", 1u32);
        let bob = pair.bob.id();
        refused(&mut pair, &foreign, |error| {
            *error == DecryptError::NotForThisDevice { device: bob }
        });
        let mut unknown = message.clone();
        let header = unknown.get_child_mut("header", namespace.uri()).unwrap();
        xml::set_attribute(header, "sid", 12u32);
        refused(&mut pair, &unknown, |error| {
            *error == DecryptError::NoSession { device: 12 }
        });
        // In the other wire form, where the sessions are others.
        refused(&mut pair, &in_other_form(&message), |error| {
            matches!(error, DecryptError::NoSession { .. } | DecryptError::Malformed(_))
        });
        // The payload.
        let bad_payload = |error: &DecryptError| *error == DecryptError::BadPayload { device };
        for length in [0, 1, 15, 16, 17, 4096] {
            let resized = with_payload(&message, |payload| payload.resize(length, 0));
            refused(&mut pair, &resized, bad_payload);
        }
        refused(
            &mut pair,
            &with_payload(&message, |payload| payload[0] ^= 1),
            bad_payload,
        );
        assert_eq!(text(&pair.bob_hears(&message).unwrap()), "hello");
    }
}

/// Whoever cannot make the code makes Bob derive a chain forward, by [`MAX_FORWARD`] steps and no more, and fills no memory.
#[test]
fn a_flood_of_skipped_keys() {
    for namespace in Namespace::ALL {
        let mut pair = Pair::answered_in(501, namespace);
        let message = pair.alice_says("hello");
        let forged = with_message(&message, |message| message.n = MAX_FORWARD);
        for _ in 0..3 {
            refused(&mut pair, &forged, |error| {
                matches!(error, DecryptError::BadMac { .. })
            });
        }
        assert_eq!(text(&pair.bob_hears(&message).unwrap()), "hello");

        // Whoever can make it does not fill the memory either.
        let id = pair.bob.id();
        for _ in 0..3 {
            for _ in 0..MAX_STORED {
                pair.alice
                    .encrypt_empty(BOB, id, namespace, NOW, &mut pair.rng)
                    .unwrap();
            }
            let last = pair.alice_says("after a gap");
            assert_eq!(text(&pair.bob_hears(&last).unwrap()), "after a gap");
            let session = &pair.bob.peer(ALICE, pair.alice.id()).unwrap().sessions[0];
            assert!(session.past.stored() <= MAX_STORED);
        }
    }
}

#[test]
fn key_exchanges() {
    for namespace in Namespace::ALL {
        let mut pair = Pair::speaking(502, namespace);
        let device = pair.alice.id();
        let message = pair.alice_says("hello");
        for point in low_order_points() {
            let forged = with_exchange(&message, |exchange| exchange.ek.clone_from(&point));
            refused(&mut pair, &forged, |error| {
                *error == DecryptError::InvalidKey("ephemeral key of low order")
            });
        }
        let mallory = IdentityKeyPair::generate(&mut pair.rng);
        let mallory = match namespace {
            Namespace::Omemo2 => *mallory.public().as_bytes(),
            Namespace::Legacy => *mallory.public().montgomery(),
        };
        let swapped = with_exchange(&message, |exchange| exchange.ik = mallory.to_vec());
        refused(&mut pair, &swapped, |error| {
            *error == DecryptError::BadMac { device }
        });
        let gone = with_exchange(&message, |exchange| exchange.pk_id = 4711);
        refused(&mut pair, &gone, |error| {
            *error
                == DecryptError::UnknownPreKey {
                    device,
                    pre_key: 4711,
                }
        });
        let gone = with_exchange(&message, |exchange| exchange.spk_id = 4711);
        refused(&mut pair, &gone, |error| {
            *error
                == DecryptError::UnknownSignedPreKey {
                    device,
                    signed_pre_key: 4711,
                }
        });
        let cut = with_bytes(&message, |bytes| bytes.truncate(bytes.len() - 1));
        refused(&mut pair, &cut, |error| {
            matches!(error, DecryptError::BadMac { .. } | DecryptError::Malformed(_))
        });
        refused(&mut pair, &in_other_form(&message), |error| {
            !matches!(error, DecryptError::Duplicate { .. })
        });
        assert_eq!(text(&pair.bob_hears(&message).unwrap()), "hello");
        // Now that the device is known, another key for it is told as such.
        refused(&mut pair, &swapped, |error| {
            *error == DecryptError::IdentityChanged { device }
        });
    }
}

#[test]
fn bundles() {
    for namespace in Namespace::ALL {
        let mut pair = Pair::speaking(503, namespace);
        let mallory = Device::create(BOB, NOW, &mut pair.rng);
        let (id, whole) = (pair.bob.id(), Bundle::parse(&pair.bob.bundle(namespace)).unwrap());
        pair.alice.reset_session(BOB, id);
        let forged = Bundle {
            signature: mallory.identity.sign(&whole.signed_pre_key),
            ..whole.clone()
        };
        let swapped = Bundle {
            identity_key: *mallory.identity.public(),
            ..whole.clone()
        };
        let exchanged = Bundle {
            signed_pre_key: [9; 32],
            ..whole.clone()
        };
        for bundle in [forged, swapped, exchanged] {
            let signed_pre_key = whole.signed_pre_key_id;
            let error = BundleError::BadSignature { signed_pre_key };
            no_session(&mut pair, id, &bundle.serialize(), &error);
        }
        // In order, but another's: the device had its key before.
        let error = BundleError::IdentityChanged {
            jid: BOB.to_owned(),
            device: id,
        };
        no_session(&mut pair, id, &mallory.bundle(namespace), &error);
        for point in low_order_points() {
            let keys = whole
                .pre_keys
                .keys()
                .map(|id| (*id, point.clone().try_into().unwrap()));
            let bundle = Bundle {
                pre_keys: keys.collect(),
                ..whole.clone()
            };
            let error = BundleError::InvalidKey("pre key of low order");
            no_session(&mut pair, id, &bundle.serialize(), &error);
        }
        let bundle = pair.bob.bundle(namespace);
        pair.alice
            .handle_bundle(BOB, id, &bundle, NOW, &mut pair.rng)
            .unwrap();
        let message = pair.alice_says("hello");
        assert_eq!(text(&pair.bob_hears(&message).unwrap()), "hello");
    }
}

#[track_caller]
fn no_session(pair: &mut Pair, id: DeviceId, bundle: &Element, expected: &BundleError) {
    let before = records(&pair.alice);
    let outcome = pair.alice.handle_bundle(BOB, id, bundle, NOW, &mut pair.rng);
    assert_eq!(outcome.as_ref(), Err(expected));
    assert_eq!(records(&pair.alice), before);
}

#[test]
fn device_lists() {
    for namespace in Namespace::ALL {
        let mut pair = Pair::answered_in(504, namespace);
        let known = records(&pair.alice);
        for found in [MAX_DEVICES + 1, 5_000, 50_000] {
            let mut list = Element::bare(namespace.list_element(), namespace.uri());
            for id in 1..=found {
                let mut device = Element::bare("device", namespace.uri());
                xml::set_attribute(&mut device, "id", id);
                list.append_child(device);
            }
            pair.alice.take_changes();
            let error = DeviceListError::TooMany {
                found,
                limit: MAX_DEVICES,
            };
            assert_eq!(pair.alice.handle_device_list(BOB, &list, NOW), Err(error));
            assert_eq!(records(&pair.alice), known);
            assert!(pair.alice.take_changes().is_empty());
        }
        let message = pair.alice_says("hello");
        assert_eq!(
            text(&pair.bob_hears(&message).unwrap()),
            "hello",
            "the devices stay"
        );
    }
}
