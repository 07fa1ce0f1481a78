// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What the fuzz targets do with their input. `rust/omemo/tests/mutations.rs` does the same with the seeds and with
//! mutations of them, so that neither this nor the seeds rot where no fuzzer runs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs
)]

use minidom::Element;
use omemo::wire::{AuthenticatedMessage, KeyContent, KeyExchange, Message};
use omemo::{Device, Envelope, Namespace, TrustMessage, TrustUri};
use prost::Message as _;
use rand::SeedableRng;
use rand::rngs::StdRng;

pub const ALICE: &str = "alice@wonderland.example";
pub const BOB: &str = "bob@builders.example";
pub const NOW: u64 = 1_775_478_600_000;

/// An entry, by its target's name.
pub type Entry = fn(&[u8]);

/// All entries.
pub const ENTRIES: [(&str, Entry); 8] = [
    ("wire", wire),
    ("bundle", bundle),
    ("device_list", device_list),
    ("encrypted", encrypted),
    ("envelope", envelope),
    ("trust_message", trust_message),
    ("uri", uri),
    ("two_parties", two_parties),
];

/// The protobuf messages: what is read is written and read again.
pub fn wire(data: &[u8]) {
    let _ = Message::decode(data);
    let _ = AuthenticatedMessage::decode(data);
    let _ = KeyExchange::decode(data);
    for namespace in [Namespace::Omemo2, Namespace::Legacy] {
        let _ = KeyContent::parse(namespace, data);
    }
}

/// A bundle from anybody makes a session or an error; a device never takes a second key.
pub fn bundle(data: &[u8]) {
    let Some(element) = element(data) else { return };
    let (mut alice, bob, mut rng) = pair();
    alice.reset_session(BOB, bob.id());
    let before = alice.take_changes();
    assert!(!before.is_empty());
    if alice
        .handle_bundle(BOB, bob.id(), &element, NOW, &mut rng)
        .is_err()
    {
        assert!(alice.take_changes().is_empty(), "an error changed something");
    }
}

/// A device list is taken whole or not at all, and is bounded.
pub fn device_list(data: &[u8]) {
    let Some(element) = element(data) else { return };
    let (mut alice, ..) = pair();
    let _ = alice.take_changes();
    if alice.handle_device_list(BOB, &element, NOW).is_err() {
        assert!(alice.take_changes().is_empty(), "an error changed something");
    }
    assert!(alice.device_list(BOB).len() <= omemo::MAX_DEVICES + 1);
}

/// An encrypted element from anybody: an error leaves nothing to store.
pub fn encrypted(data: &[u8]) {
    let Some(element) = element(data) else { return };
    let (mut alice, mut bob, mut rng) = pair();
    let _ = alice.take_changes();
    let _ = bob.take_changes();
    for from in [ALICE, BOB] {
        if bob.decrypt(from, &element, NOW, &mut rng).is_err() {
            assert!(bob.take_changes().is_empty(), "an error changed something");
        }
        let _ = bob.take_changes();
    }
}

/// An envelope out of a payload.
pub fn envelope(data: &[u8]) {
    let _ = Envelope::parse(data);
}

/// A trust message: what is read is written and read again.
pub fn trust_message(data: &[u8]) {
    let Some(element) = element(data) else { return };
    if let Ok(message) = TrustMessage::parse(&element) {
        assert_eq!(TrustMessage::parse(&message.serialize()), Ok(message));
    }
}

/// An `xmpp:` URI: what is read is written and read again.
pub fn uri(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(uri) = TrustUri::parse(text) else { return };
    if !uri.keys.is_empty() {
        assert_eq!(TrustUri::parse(&uri.trust_message()).unwrap().keys, uri.keys);
    }
    if !uri.fingerprints.is_empty() {
        let again = TrustUri::parse(&uri.omemo_sid()).unwrap();
        assert_eq!(again.fingerprints, uri.fingerprints);
    }
}

/// Two devices that talk; each byte says who sends, what is delivered next, twice, damaged or never. What arrives
/// undamaged says what was said, once.
pub fn two_parties(data: &[u8]) {
    let (mut alice, mut bob, mut rng) = pair();
    let mut under_way: Vec<(bool, usize, Element)> = Vec::new();
    let mut heard = std::collections::BTreeSet::new();
    for (number, byte) in data.iter().take(64).enumerate() {
        match byte % 4 {
            0 | 1 => {
                let from_alice = byte % 4 == 0;
                let (from, to) = if from_alice {
                    (&mut alice, BOB)
                } else {
                    (&mut bob, ALICE)
                };
                let body = Element::builder("body", "jabber:client")
                    .append(number.to_string())
                    .build();
                if let Ok(encrypted) = from.encrypt(vec![body], &[to], NOW, &mut rng) {
                    let element = encrypted.elements.into_iter().next().unwrap();
                    under_way.push((from_alice, number, element));
                }
            }
            step => {
                let Some(index) = usize::from(*byte >> 2).checked_rem(under_way.len()) else {
                    continue;
                };
                let (from_alice, said, element) = under_way[index].clone();
                if step == 2 {
                    under_way.remove(index);
                }
                let (to, from) = if from_alice {
                    (&mut bob, ALICE)
                } else {
                    (&mut alice, BOB)
                };
                let before = heard.contains(&said);
                match to.decrypt(from, &element, NOW, &mut rng) {
                    Ok(decrypted) => {
                        let text = decrypted.envelope.unwrap().content[0].text();
                        assert_eq!(text, said.to_string());
                        assert!(heard.insert(said), "said once, heard twice");
                    }
                    Err(error) => assert!(before, "message {said} was lost: {error}"),
                }
            }
        }
    }
}

/// Two devices that know each other; Alice has a session with Bob.
pub fn pair() -> (Device, Device, StdRng) {
    let mut rng = StdRng::seed_from_u64(1);
    let mut alice = Device::create(ALICE, NOW, &mut rng);
    let mut bob = Device::create(BOB, NOW, &mut rng);
    let namespace = Namespace::Omemo2;
    let (of_alice, of_bob) = (
        alice.own_device_list(namespace, None),
        bob.own_device_list(namespace, None),
    );
    alice.handle_device_list(BOB, &of_bob, NOW).unwrap();
    bob.handle_device_list(ALICE, &of_alice, NOW).unwrap();
    let bundle = bob.bundle(namespace);
    alice
        .handle_bundle(BOB, bob.id(), &bundle, NOW, &mut rng)
        .unwrap();
    (alice, bob, rng)
}

fn element(data: &[u8]) -> Option<Element> {
    std::str::from_utf8(data).ok()?.parse().ok()
}
