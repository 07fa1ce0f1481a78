// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Known answers of another hand: conversations that python-twomemo had with itself, all secrets told
//! (`tests/omemo-vectors/make.py`). This crate plays either side: given the same private keys it has to write the same
//! bytes, and to read what the other side wrote.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;

use minidom::Element;
use omemo::ratchet::{PastChains, Ratchet};
use omemo::wire::{AuthenticatedMessage, KeyContent, KeyExchange};
use omemo::{
    Bundle, DecryptError, Device, Envelope, IdentityKey, IdentityKeyPair, KeyPair, Namespace, Secret,
    payload, x3dh,
};
use rand_core::{TryCryptoRng, TryRng};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Vectors {
    devices: BTreeMap<String, DeviceVector>,
    payloads: Vec<PayloadVector>,
    conversations: Vec<Conversation>,
}

#[derive(Deserialize)]
struct DeviceVector {
    jid: String,
    id: u32,
    seed: String,
    identity_key: String,
    fingerprint: String,
    signed_pre_key: PreKeyVector,
    pre_keys: BTreeMap<u32, String>,
    bundle: String,
}

#[derive(Deserialize)]
struct PreKeyVector {
    id: u32,
    secret: String,
}

#[derive(Deserialize)]
struct PayloadVector {
    plaintext: String,
    key_material: String,
    ciphertext: String,
}

#[derive(Deserialize)]
struct Conversation {
    name: String,
    initiator: String,
    responder: String,
    ephemeral: String,
    signed_pre_key: u32,
    pre_key: u32,
    shared_secret: String,
    associated_data: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    send: Option<String>,
    receive: Option<String>,
    message: usize,
    draws: Vec<String>,
    key_material: Option<String>,
    key: Option<String>,
    plaintext: Option<String>,
    element: Option<String>,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../../tests/omemo-vectors/vectors.json")).unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

fn bytes32(text: &str) -> [u8; 32] {
    bytes(text).try_into().unwrap()
}

fn key_pair(text: &str) -> KeyPair {
    KeyPair::from_secret(Secret::from_bytes(&bytes32(text)))
}

impl DeviceVector {
    fn identity(&self) -> IdentityKeyPair {
        IdentityKeyPair::from_seed(&Secret::from_bytes(&bytes32(&self.seed)))
    }

    fn bundle(&self) -> Bundle {
        Bundle::parse(&self.bundle.parse().unwrap()).unwrap()
    }

    /// The device in this crate's records.
    fn device(&self) -> Device {
        let mut records = vec![
            (
                "omemo_identity".to_owned(),
                "self".to_owned(),
                json!({"v": 1, "account": self.jid, "device": self.id, "seed": self.seed, "next_signed_pre_key": 50,
                    "next_pre_key": 50, "bundle_is_due": false}),
            ),
            (
                "omemo_signed_pre_key".to_owned(),
                self.signed_pre_key.id.to_string(),
                json!({"v": 1, "secret": self.signed_pre_key.secret, "created": 0}),
            ),
        ];
        for (id, secret) in &self.pre_keys {
            records.push((
                "omemo_pre_key".to_owned(),
                id.to_string(),
                json!({"v": 1, "secret": secret}),
            ));
        }
        let records = records
            .into_iter()
            .map(|(table, key, value)| (table, key, value.to_string().into_bytes()));
        Device::load(&self.jid, records).unwrap().unwrap()
    }
}

/// Gives private keys in the order that a vector states, and what it likes for anything else.
struct Scripted {
    keys: VecDeque<[u8; 32]>,
    rest: rand::rngs::ThreadRng,
}

impl Scripted {
    fn new(draws: &[String]) -> Self {
        Self {
            keys: draws.iter().map(|draw| bytes32(draw)).collect(),
            rest: rand::rng(),
        }
    }
}

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.rest.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.rest.try_next_u64()
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        match self.keys.pop_front() {
            Some(key) if target.len() == 32 => target.copy_from_slice(&key),
            _ => return self.rest.try_fill_bytes(target),
        }
        Ok(())
    }
}

impl TryCryptoRng for Scripted {}

#[test]
fn identities_and_bundles() {
    let vectors = vectors();
    let signs: Vec<_> = vectors
        .devices
        .values()
        .map(|device| bytes32(&device.identity_key)[31] >> 7)
        .collect();
    assert_eq!(signs, [0, 1], "identity keys of both signs");
    for device in vectors.devices.values() {
        let identity = device.identity();
        assert_eq!(identity.public().as_bytes(), &bytes32(&device.identity_key));
        assert_eq!(
            identity.public().fingerprint().to_string().replace(' ', ""),
            device.fingerprint
        );
        let bundle = device.bundle();
        assert_eq!(bundle.identity_key, *identity.public());
        assert_eq!(bundle.signed_pre_key_id, device.signed_pre_key.id);
        assert_eq!(
            &bundle.signed_pre_key,
            key_pair(&device.signed_pre_key.secret).public()
        );
        let pre_keys: BTreeMap<_, _> = device
            .pre_keys
            .iter()
            .map(|(id, secret)| (*id, *key_pair(secret).public()))
            .collect();
        assert_eq!(bundle.pre_keys, pre_keys);
    }
}

#[test]
fn payloads() {
    for vector in vectors().payloads {
        let opened = payload::open(&bytes(&vector.key_material), &bytes(&vector.ciphertext)).unwrap();
        assert_eq!(opened.as_slice(), bytes(&vector.plaintext));
        // Given the same key, it is the same ciphertext.
        let key = vector.key_material[..64].to_owned();
        let (material, ciphertext) = payload::seal(&bytes(&vector.plaintext), &mut Scripted::new(&[key]));
        assert_eq!(material.as_slice(), bytes(&vector.key_material));
        assert_eq!(ciphertext, bytes(&vector.ciphertext));
    }
}

#[test]
fn x3dh_on_both_sides() {
    let vectors = vectors();
    for talk in &vectors.conversations {
        let (initiator, responder) = (
            &vectors.devices[&talk.initiator],
            &vectors.devices[&talk.responder],
        );
        let ephemeral = key_pair(&talk.ephemeral);
        let bundle = responder.bundle();
        let initiated = x3dh::initiate(
            Namespace::Omemo2,
            &initiator.identity(),
            &ephemeral,
            &bundle.identity_key,
            &bundle.signed_pre_key,
            &bundle.pre_keys[&talk.pre_key],
        )
        .unwrap();
        let responded = x3dh::respond(
            Namespace::Omemo2,
            &responder.identity(),
            &key_pair(&responder.signed_pre_key.secret),
            &key_pair(&responder.pre_keys[&talk.pre_key]),
            &IdentityKey::from_bytes(&bytes(&initiator.identity_key)).unwrap(),
            ephemeral.public(),
        )
        .unwrap();
        for shared in [initiated, responded] {
            assert_eq!(shared.as_bytes(), &bytes32(&talk.shared_secret), "{}", talk.name);
        }
    }
}

/// Plays one side of a conversation on the ratchet: the same bytes out, the other side's bytes in.
fn play(vectors: &Vectors, talk: &Conversation, name: &str) {
    let (initiator, responder) = (
        &vectors.devices[&talk.initiator],
        &vectors.devices[&talk.responder],
    );
    let shared = Secret::from_bytes(&bytes32(&talk.shared_secret));
    let associated_data = bytes(&talk.associated_data);
    let mut past = PastChains::default();
    let mut answered = name == talk.responder;
    let mut ratchet = answered.then(|| {
        let signed_pre_key = key_pair(&responder.signed_pre_key.secret);
        Ratchet::respond(Namespace::Omemo2, &shared, &signed_pre_key)
    });
    let mut wire: BTreeMap<usize, &Step> = BTreeMap::new();
    for (index, step) in talk.steps.iter().enumerate() {
        let at = format!("{}, {name}, step {index}", talk.name);
        if step.send.is_some() {
            wire.insert(step.message, step);
        }
        let mut rng = Scripted::new(&step.draws);
        if step.send.as_deref() == Some(name) {
            let ratchet = ratchet.get_or_insert_with(|| {
                let bundle = responder.bundle();
                Ratchet::initiate(Namespace::Omemo2, &shared, &bundle.signed_pre_key, &mut rng).unwrap()
            });
            let material = bytes(step.key_material.as_ref().unwrap());
            let message = ratchet.encrypt(&material, &associated_data).unwrap();
            let content = if answered {
                KeyContent::Authenticated(message)
            } else {
                KeyContent::KeyExchange(KeyExchange {
                    pk_id: talk.pre_key,
                    spk_id: talk.signed_pre_key,
                    ik: bytes(&initiator.identity_key),
                    ek: key_pair(&talk.ephemeral).public().to_vec(),
                    message,
                })
            };
            assert_eq!(
                hex::encode(content.serialize(Namespace::Omemo2, 0)),
                *step.key.as_ref().unwrap(),
                "{at}"
            );
        }
        if step.receive.as_deref() == Some(name) {
            let sent = wire[&step.message];
            let message = authenticated(&bytes(sent.key.as_ref().unwrap()));
            let ratchet = ratchet.as_mut().unwrap();
            let (plaintext, change) = ratchet
                .decrypt(&past, &message, &associated_data, &mut rng)
                .expect(&at);
            assert_eq!(
                hex::encode(plaintext.as_slice()),
                *sent.key_material.as_ref().unwrap(),
                "{at}"
            );
            ratchet.apply(&mut past, change);
            answered = true;
        }
        let mine = [&step.send, &step.receive]
            .into_iter()
            .flatten()
            .any(|side| side == name);
        assert!(
            !mine || rng.keys.is_empty(),
            "{at}: draws another key at another time"
        );
    }
    assert_eq!(past.stored(), 0, "{}: every message was read", talk.name);
}

fn authenticated(key: &[u8]) -> AuthenticatedMessage {
    match KeyContent::parse(Namespace::Omemo2, key).unwrap() {
        KeyContent::KeyExchange(exchange) => exchange.message,
        KeyContent::Authenticated(message) => message,
    }
}

#[test]
fn conversations_byte_by_byte() {
    let vectors = vectors();
    assert_eq!(vectors.conversations.len(), 10);
    for talk in &vectors.conversations {
        play(&vectors, talk, &talk.initiator);
        play(&vectors, talk, &talk.responder);
    }
}

/// A whole device as the responder: it reads the elements that python wrote, and its empty answers are python's.
#[test]
fn a_device_reads_what_python_wrote() {
    let vectors = vectors();
    let mut heard = 0;
    for talk in &vectors.conversations {
        let (initiator, responder) = (
            &vectors.devices[&talk.initiator],
            &vectors.devices[&talk.responder],
        );
        let mut device = responder.device();
        let elements: BTreeMap<usize, Element> = talk
            .steps
            .iter()
            .filter_map(|step| Some((step.message, step.element.as_ref()?.parse().unwrap())))
            .collect();
        for (index, step) in talk.steps.iter().enumerate() {
            let at = format!("{}, step {index}", talk.name);
            let mut rng = Scripted::new(&step.draws);
            if step.receive.as_ref() == Some(&talk.responder) {
                let element = &elements[&step.message];
                let decrypted = device.decrypt(&initiator.jid, element, 1, &mut rng).expect(&at);
                let sent = talk
                    .steps
                    .iter()
                    .find(|sent| sent.message == step.message)
                    .unwrap();
                let envelope = sent
                    .plaintext
                    .as_ref()
                    .map(|text| Envelope::parse(text.as_bytes()).unwrap());
                assert_eq!(decrypted.envelope, envelope, "{at}");
                assert_eq!(decrypted.identity_key, bytes32(&initiator.identity_key));
                assert_eq!(decrypted.device, initiator.id);
                let again = device.decrypt(&initiator.jid, element, 1, &mut rng);
                assert!(
                    matches!(again, Err(DecryptError::Duplicate { .. })),
                    "{at}: {again:?}"
                );
                heard += 1;
            }
            if step.send.as_ref() == Some(&talk.responder) {
                // What it says itself matters to the ratchet by its number alone.
                let element = device
                    .encrypt_empty(&initiator.jid, initiator.id, Namespace::Omemo2, 1, &mut rng)
                    .unwrap();
                if step.plaintext.is_none() {
                    assert_eq!(key_of(&element), *step.key.as_ref().unwrap(), "{at}");
                }
            }
        }
    }
    assert!(heard > 50, "{heard}");
}

fn key_of(element: &Element) -> String {
    use base64::Engine as _;
    let namespace = omemo::NS_OMEMO_2;
    let header = element.get_child("header", namespace).unwrap();
    let key = header
        .get_child("keys", namespace)
        .unwrap()
        .get_child("key", namespace)
        .unwrap();
    hex::encode(
        base64::engine::general_purpose::STANDARD
            .decode(key.text())
            .unwrap(),
    )
}

/// A whole device as the initiator: from python's bundle, its first message reads on python's side (the same secrets).
#[test]
fn a_device_is_read_by_pythons_keys() {
    let vectors = vectors();
    let (alice, bob) = (&vectors.devices["alice"], &vectors.devices["bob"]);
    let mut device = alice.device();
    let mut list = Element::bare("devices", omemo::NS_OMEMO_2);
    list.append_child(
        format!("<device xmlns='urn:xmpp:omemo:2' id='{}'/>", bob.id)
            .parse()
            .unwrap(),
    );
    device.handle_device_list(&bob.jid, &list, 1).unwrap();
    device
        .handle_bundle(
            &bob.jid,
            bob.id,
            &bob.bundle.parse().unwrap(),
            1,
            &mut rand::rng(),
        )
        .unwrap();
    let body = Element::builder("body", "jabber:client").append("hello").build();
    let sent = device
        .encrypt(vec![body.clone()], &[&bob.jid], 1, &mut rand::rng())
        .unwrap();
    let decrypted = bob
        .device()
        .decrypt(&alice.jid, &sent.elements[0], 1, &mut rand::rng())
        .unwrap();
    assert_eq!(decrypted.envelope.unwrap().content, [body]);
}
