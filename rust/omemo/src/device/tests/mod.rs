// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Devices in memory: what the network would carry is handed over by hand.

use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::wire::{self, KeyContent, KeyExchange, Message};
use crate::{EncryptError, NS_OMEMO_2, TrustLevel};

mod adversary;
mod attacks;
mod conversation;
mod legacy;
mod lists;
mod persistence;
mod random;
mod secrets;
mod trust;

const ALICE: &str = "alice@wonderland.example";
const BOB: &str = "bob@builders.example";
const NOW: u64 = 1_775_478_600_000;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn body(text: &str) -> Vec<Element> {
    vec![Element::builder("body", "jabber:client").append(text).build()]
}

fn text(decrypted: &Decrypted) -> String {
    decrypted.envelope.as_ref().unwrap().content[0].text()
}

/// Tells `to` of the devices `of` by their lists, as their PEP nodes would.
fn announce(to: &mut Device, of: &[&Device]) {
    let mut owners: Vec<&str> = of.iter().map(|device| device.account()).collect();
    owners.sort_unstable();
    owners.dedup();
    for owner in owners {
        let ids = of
            .iter()
            .filter(|device| device.account() == owner)
            .map(|device| device.id());
        let list = device_list(ids);
        to.handle_device_list(owner, &list, NOW).unwrap();
    }
}

fn device_list(ids: impl Iterator<Item = DeviceId>) -> Element {
    let mut list = Element::bare("devices", NS_OMEMO_2);
    for id in ids {
        let mut device = Element::bare("device", NS_OMEMO_2);
        crate::xml::set_attribute(&mut device, "id", id);
        list.append_child(device);
    }
    list
}

/// Two devices of two accounts that know each other's lists; the first has a session with the second.
struct Pair {
    alice: Device,
    bob: Device,
    rng: StdRng,
}

impl Pair {
    fn new(seed: u64) -> Self {
        Self::speaking(seed, Namespace::Omemo2)
    }

    /// Two devices that speak one wire form.
    fn speaking(seed: u64, namespace: Namespace) -> Self {
        let mut rng = rng(seed);
        let mut alice = Device::create(ALICE, NOW, &mut rng);
        let mut bob = Device::create(BOB, NOW, &mut rng);
        let lists = [&alice, &bob].map(|device| device.own_device_list(namespace, None));
        alice.handle_device_list(BOB, &lists[1], NOW).unwrap();
        bob.handle_device_list(ALICE, &lists[0], NOW).unwrap();
        alice
            .handle_bundle(BOB, bob.id(), &bob.bundle(namespace), NOW, &mut rng)
            .unwrap();
        Self { alice, bob, rng }
    }

    /// A pair whose sessions are answered, so that neither side sends key exchanges.
    fn answered(seed: u64) -> Self {
        Self::answered_in(seed, Namespace::Omemo2)
    }

    fn answered_in(seed: u64, namespace: Namespace) -> Self {
        let mut pair = Self::speaking(seed, namespace);
        let first = pair.alice_says("hello");
        pair.bob_hears(&first).unwrap();
        let answer = pair.bob_says("hello yourself");
        pair.alice_hears(&answer).unwrap();
        pair
    }

    fn alice_says(&mut self, text: &str) -> Element {
        self.alice
            .encrypt(body(text), &[BOB], NOW, &mut self.rng)
            .unwrap()
            .elements
            .remove(0)
    }

    fn bob_says(&mut self, text: &str) -> Element {
        self.bob
            .encrypt(body(text), &[ALICE], NOW, &mut self.rng)
            .unwrap()
            .elements
            .remove(0)
    }

    fn alice_hears(&mut self, element: &Element) -> Result<Decrypted, DecryptError> {
        self.alice.decrypt(BOB, element, NOW, &mut self.rng)
    }

    /// Why Bob refuses the element. He is the same as before.
    #[track_caller]
    fn refusal(&mut self, element: &Element) -> DecryptError {
        let before = records(&self.bob);
        self.bob.take_changes();
        let error = self.bob_hears(element).unwrap_err();
        assert_eq!(records(&self.bob), before, "{error}");
        let changes = self.bob.take_changes();
        assert!(changes.is_empty(), "nothing to store after {error}");
        error
    }

    fn bob_hears(&mut self, element: &Element) -> Result<Decrypted, DecryptError> {
        self.bob.decrypt(ALICE, element, NOW, &mut self.rng)
    }
}

/// The bytes of the first `<key/>`.
fn key_bytes(encrypted: &Element) -> Vec<u8> {
    crate::xml::base64_text(first_key(encrypted)).unwrap()
}

/// The first `<key/>`, in either wire form.
fn first_key(encrypted: &Element) -> &Element {
    let uri = encrypted.ns();
    let header = encrypted.get_child("header", uri.as_str()).unwrap();
    let keys = header.get_child("keys", uri.as_str()).unwrap_or(header);
    keys.get_child("key", uri.as_str()).unwrap()
}

fn first_key_mut(encrypted: &mut Element) -> &mut Element {
    let uri = encrypted.ns();
    let header = encrypted.get_child_mut("header", uri.as_str()).unwrap();
    if uri == NS_OMEMO_2 {
        let keys = header.get_child_mut("keys", uri.as_str()).unwrap();
        return keys.get_child_mut("key", uri.as_str()).unwrap();
    }
    header.get_child_mut("key", uri.as_str()).unwrap()
}

/// The element with the first `<key/>`'s bytes replaced.
fn with_key(encrypted: &Element, bytes: &[u8]) -> Element {
    let mut encrypted = encrypted.clone();
    let key = first_key_mut(&mut encrypted);
    key.take_nodes();
    key.append_text(crate::xml::base64(bytes));
    encrypted
}

/// The element with its ratchet message replaced by what `change` makes of its bytes; the code stays.
fn with_bytes(element: &Element, change: impl FnOnce(&mut Vec<u8>)) -> Element {
    let namespace = Namespace::from_uri(&element.ns()).unwrap();
    let mut content = KeyContent::parse(namespace, &key_bytes(element)).unwrap();
    match &mut content {
        KeyContent::Authenticated(message) => change(&mut message.message),
        KeyContent::KeyExchange(exchange) => change(&mut exchange.message.message),
    }
    with_key(element, &content.serialize(namespace, 1))
}

/// The element with its ratchet message changed; the authentication code stays.
fn with_message(element: &Element, change: impl FnOnce(&mut Message)) -> Element {
    let namespace = Namespace::from_uri(&element.ns()).unwrap();
    with_bytes(element, |bytes| {
        let mut message = wire::decode_message(namespace, bytes).unwrap();
        change(&mut message);
        *bytes = wire::encode_message(namespace, message);
    })
}

/// The element with its key exchange changed.
fn with_exchange(element: &Element, change: impl FnOnce(&mut KeyExchange)) -> Element {
    let namespace = Namespace::from_uri(&element.ns()).unwrap();
    let KeyContent::KeyExchange(mut exchange) = KeyContent::parse(namespace, &key_bytes(element)).unwrap()
    else {
        panic!("no key exchange")
    };
    change(&mut exchange);
    with_key(
        element,
        &KeyContent::KeyExchange(exchange).serialize(namespace, 1),
    )
}

/// All that a device is, as the records that would bring it back.
fn records(device: &Device) -> BTreeMap<RecordKey, Vec<u8>> {
    let mut keys = vec![RecordKey::Identity];
    keys.extend(
        device
            .pre_keys
            .signed
            .keys()
            .map(|id| RecordKey::SignedPreKey(*id)),
    );
    keys.extend(device.pre_keys.one_time.keys().map(|id| RecordKey::PreKey(*id)));
    for (jid, peers) in &device.peers {
        keys.extend(
            device
                .trust
                .of(jid)
                .map(|(key, _)| RecordKey::Trust(jid.clone(), key)),
        );
        for (id, peer) in peers {
            keys.push(RecordKey::Device(jid.clone(), *id));
            for session in &peer.sessions {
                keys.push(RecordKey::Session(jid.clone(), *id, session.serial));
                keys.extend(
                    session
                        .past
                        .iter()
                        .map(|chain| RecordKey::Skipped(jid.clone(), *id, session.serial, chain.remote)),
                );
            }
        }
    }
    keys.into_iter()
        .map(|key| (key.clone(), device.record(&key).unwrap()))
        .collect()
}
