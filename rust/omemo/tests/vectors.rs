// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Known answers of another hand: conversations that python-twomemo and python-oldmemo had with themselves, all secrets
//! told (`tests/omemo-vectors/make.py`). This crate plays either side: given the same private keys it has to write the
//! same bytes, and to read what the other side wrote. The steps of its key derivations one by one are tested beside them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
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
    namespace: String,
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
    /// Legacy OMEMO alone; omemo:2 derives it.
    iv: Option<String>,
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

fn vectors(namespace: Namespace) -> Vectors {
    let text = match namespace {
        Namespace::Omemo2 => include_str!("../../../tests/omemo-vectors/vectors.json"),
        Namespace::Legacy => include_str!("../../../tests/omemo-vectors/vectors-legacy.json"),
        _ => panic!("no vectors of {namespace:?}"),
    };
    let vectors: Vectors = serde_json::from_str(text).unwrap();
    assert_eq!(vectors.namespace, namespace.uri());
    vectors
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
    keys: VecDeque<Vec<u8>>,
    rest: rand::rngs::ThreadRng,
}

impl Scripted {
    fn new(draws: &[String]) -> Self {
        Self {
            keys: draws.iter().map(|draw| bytes(draw)).collect(),
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
        if self.keys.front().is_none_or(|key| key.len() != target.len()) {
            return self.rest.try_fill_bytes(target);
        }
        target.copy_from_slice(&self.keys.pop_front().unwrap());
        Ok(())
    }
}

impl TryCryptoRng for Scripted {}

#[test]
fn identities_and_bundles() {
    for namespace in Namespace::ALL {
        let vectors = vectors(namespace);
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
            assert_eq!(bundle.namespace, namespace);
            // Legacy OMEMO tells the sign in the signature alone.
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
}

/// Signed by this crate, a bundle of the same keys reads the same; XEdDSA's signatures are random, so not the same bytes.
#[test]
fn own_bundles_have_their_form() {
    for namespace in Namespace::ALL {
        for device in vectors(namespace).devices.values() {
            let theirs = device.bundle();
            let ours = Bundle::sign(
                namespace,
                &device.identity(),
                theirs.signed_pre_key_id,
                theirs.signed_pre_key,
                theirs.pre_keys.clone(),
            );
            let parsed = Bundle::parse(&ours.serialize()).unwrap();
            assert_eq!(parsed, ours);
            let signed_by_them = Bundle {
                signature: theirs.signature,
                ..ours.clone()
            };
            assert_eq!(signed_by_them, theirs);
            let names = |bundle: &Element| {
                let mut names: Vec<_> = bundle
                    .children()
                    .map(|child| {
                        (
                            child.name().to_owned(),
                            child
                                .attrs()
                                .iter()
                                .map(|(k, v)| format!("{k:?}{v:?}"))
                                .collect::<Vec<_>>(),
                        )
                    })
                    .collect();
                names.sort();
                names
            };
            assert_eq!(names(&ours.serialize()), names(&device.bundle.parse().unwrap()));
        }
    }
}

#[test]
fn payloads() {
    for vector in vectors(Namespace::Omemo2).payloads {
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
fn legacy_payloads() {
    for vector in vectors(Namespace::Legacy).payloads {
        let (material, iv) = (bytes(&vector.key_material), vector.iv.unwrap());
        let ciphertext = bytes(&vector.ciphertext);
        let opened = payload::legacy::open(&material, &bytes(&iv), &ciphertext).unwrap();
        assert_eq!(opened.as_slice(), bytes(&vector.plaintext));
        let draws = [vector.key_material[..32].to_owned(), iv.clone()];
        let sealed = payload::legacy::seal(&bytes(&vector.plaintext), &mut Scripted::new(&draws)).unwrap();
        assert_eq!(sealed.key_material.as_slice(), material);
        assert_eq!(sealed.iv.as_slice(), bytes(&iv));
        assert_eq!(sealed.ciphertext, ciphertext);
    }
}

#[test]
fn x3dh_on_both_sides() {
    for namespace in Namespace::ALL {
        let vectors = vectors(namespace);
        for talk in &vectors.conversations {
            let (initiator, responder) = (
                &vectors.devices[&talk.initiator],
                &vectors.devices[&talk.responder],
            );
            let ephemeral = key_pair(&talk.ephemeral);
            let bundle = responder.bundle();
            let initiated = x3dh::initiate(
                namespace,
                &initiator.identity(),
                &ephemeral,
                &bundle.identity_key,
                &bundle.signed_pre_key,
                &bundle.pre_keys[&talk.pre_key],
            )
            .unwrap();
            let responded = x3dh::respond(
                namespace,
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
}

/// Plays one side of a conversation on the ratchet: the same bytes out, the other side's bytes in.
fn play(namespace: Namespace, vectors: &Vectors, talk: &Conversation, name: &str) {
    let (initiator, responder) = (
        &vectors.devices[&talk.initiator],
        &vectors.devices[&talk.responder],
    );
    let shared = Secret::from_bytes(&bytes32(&talk.shared_secret));
    let associated_data = |from: &str| {
        let from_initiator = from == talk.initiator;
        namespace.associated_data(
            initiator.identity().public(),
            responder.identity().public(),
            from_initiator,
        )
    };
    assert_eq!(associated_data(&talk.initiator), bytes(&talk.associated_data));
    let mut past = PastChains::default();
    let mut answered = name == talk.responder;
    let mut ratchet = answered.then(|| {
        let signed_pre_key = key_pair(&responder.signed_pre_key.secret);
        Ratchet::respond(namespace, &shared, &signed_pre_key)
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
                Ratchet::initiate(namespace, &shared, &bundle.signed_pre_key, &mut rng).unwrap()
            });
            let material = bytes(step.key_material.as_ref().unwrap());
            let message = ratchet.encrypt(&material, &associated_data(name)).unwrap();
            let content = if answered {
                KeyContent::Authenticated(message)
            } else {
                KeyContent::KeyExchange(KeyExchange {
                    pk_id: talk.pre_key,
                    spk_id: talk.signed_pre_key,
                    ik: match namespace {
                        Namespace::Legacy => bytes(&initiator.fingerprint),
                        _ => bytes(&initiator.identity_key),
                    },
                    ek: key_pair(&talk.ephemeral).public().to_vec(),
                    message,
                })
            };
            let mut expected = bytes(step.key.as_ref().unwrap());
            if namespace == Namespace::Legacy && !answered {
                // oldmemo leaves out libsignal's registration id, field 5 before field 6 at the end.
                assert_eq!(expected[expected.len() - 2], 0x30, "{at}");
                expected.splice(expected.len() - 2..expected.len() - 2, [0x28, 0]);
            }
            assert_eq!(
                hex::encode(content.serialize(namespace, 0)),
                hex::encode(expected),
                "{at}"
            );
        }
        if step.receive.as_deref() == Some(name) {
            let sent = wire[&step.message];
            let message = authenticated(namespace, &bytes(sent.key.as_ref().unwrap()));
            let ratchet = ratchet.as_mut().unwrap();
            let (plaintext, change) = ratchet
                .decrypt(
                    &past,
                    &message,
                    &associated_data(sent.send.as_ref().unwrap()),
                    &mut rng,
                )
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
    if namespace == Namespace::Omemo2 {
        assert_eq!(past.stored(), 0, "{}: every message was read", talk.name);
    }
}

fn authenticated(namespace: Namespace, key: &[u8]) -> AuthenticatedMessage {
    match KeyContent::parse(namespace, key).unwrap() {
        KeyContent::KeyExchange(exchange) => exchange.message,
        KeyContent::Authenticated(message) => message,
    }
}

#[test]
fn conversations_byte_by_byte() {
    for namespace in Namespace::ALL {
        let vectors = vectors(namespace);
        assert_eq!(vectors.conversations.len(), 10);
        for talk in &vectors.conversations {
            play(namespace, &vectors, talk, &talk.initiator);
            play(namespace, &vectors, talk, &talk.responder);
        }
    }
}

/// A whole device as the responder: it reads the elements that python wrote, and its empty answers are python's.
#[test]
fn a_device_reads_what_python_wrote() {
    for namespace in Namespace::ALL {
        let vectors = vectors(namespace);
        let heard: usize = vectors
            .conversations
            .iter()
            .map(|talk| listen(namespace, &vectors, talk))
            .sum();
        assert!(heard > 50, "{heard}");
    }
}

/// Plays the responder with a whole device; the number of messages that it heard.
fn listen(namespace: Namespace, vectors: &Vectors, talk: &Conversation) -> usize {
    let (initiator, responder) = (
        &vectors.devices[&talk.initiator],
        &vectors.devices[&talk.responder],
    );
    let mut heard = 0;
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
            assert_eq!(said(namespace, decrypted.envelope), sent.plaintext, "{at}");
            assert_eq!(
                decrypted.fingerprint.to_string().replace(' ', ""),
                initiator.fingerprint
            );
            if namespace == Namespace::Omemo2 {
                assert_eq!(decrypted.identity_key, bytes32(&initiator.identity_key));
            }
            assert_eq!((decrypted.device, decrypted.namespace), (initiator.id, namespace));
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
                .encrypt_empty(&initiator.jid, initiator.id, namespace, 1, &mut rng)
                .unwrap();
            // oldmemo fills its empty messages with random bytes.
            if step.plaintext.is_none() && namespace == Namespace::Omemo2 {
                assert_eq!(key_of(&element), *step.key.as_ref().unwrap(), "{at}");
            }
        }
    }
    heard
}

/// What a vector calls the plaintext: the envelope, or the body in legacy OMEMO.
fn said(namespace: Namespace, envelope: Option<Envelope>) -> Option<String> {
    let envelope = envelope?;
    Some(match namespace {
        Namespace::Legacy => envelope.content[0].text(),
        _ => {
            let sender = envelope.from.clone().unwrap();
            let text = envelope.content[0].text();
            let expected = format!(
                "<envelope xmlns='urn:xmpp:sce:1'><content><body xmlns='jabber:client'>{text}</body></content>\
                 <rpad>{}</rpad><from jid='{sender}'/></envelope>",
                "x".repeat(text.len())
            );
            assert_eq!(envelope, Envelope::parse(expected.as_bytes()).unwrap());
            expected
        }
    })
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
    for namespace in Namespace::ALL {
        let vectors = vectors(namespace);
        let (alice, bob) = (&vectors.devices["alice"], &vectors.devices["bob"]);
        let mut device = alice.device();
        let list = match namespace {
            Namespace::Legacy => format!(
                "<list xmlns='{}'><device id='{}'/></list>",
                namespace.uri(),
                bob.id
            ),
            _ => format!(
                "<devices xmlns='{}'><device id='{}'/></devices>",
                namespace.uri(),
                bob.id
            ),
        };
        device
            .handle_device_list(&bob.jid, &list.parse().unwrap(), 1)
            .unwrap();
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
}
