// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Whole devices: envelope, payload and XML with the ratchet.

use std::hint::black_box;

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use minidom::Element;
use omemo::{Device, Namespace};
use rand_core::CryptoRng;

use super::{Keys, NAMESPACE, floor_of_a_message, hmac};
use crate::report::{Report, time};

pub(super) const ALICE: &str = "alice@wonderland.example";
pub(super) const BOB: &str = "bob@builders.example";

pub(super) fn run(report: &mut Report) {
    let rng = &mut rand::rng();
    let (mut alice, mut bob) = pair(rng);
    payloads(report, &mut alice, &mut bob);
    missed(report, &mut alice, &mut bob);
    load(report, &mut bob);
    for namespace in Namespace::ALL {
        for readers in [1, 10, 100] {
            recipients(report, namespace, readers);
        }
    }
}

/// Two devices with a session that both know.
pub(super) fn pair(rng: &mut impl CryptoRng) -> (Device, Device) {
    let (alice, mut bobs) = with_readers(NAMESPACE, 1, rng);
    (alice, bobs.remove(0))
}

/// Alice, with established sessions to so many devices of Bob's.
fn with_readers(namespace: Namespace, readers: usize, rng: &mut impl CryptoRng) -> (Device, Vec<Device>) {
    let mut alice = Device::create(ALICE, 1, rng);
    let mut bobs: Vec<_> = (0..readers).map(|_| Device::create(BOB, 1, rng)).collect();
    let mut list = bobs
        .first()
        .expect("at least one")
        .own_device_list(namespace, None);
    for bob in bobs.iter().skip(1) {
        let own = bob.own_device_list(namespace, None);
        list.append_child(own.children().next().expect("its own entry").clone());
    }
    alice.handle_device_list(BOB, &list, 1).expect("a list");
    for bob in &mut bobs {
        let bundle = bob.bundle(namespace);
        alice
            .handle_bundle(BOB, bob.id(), &bundle, 1, rng)
            .expect("a bundle");
    }
    let first = message(&mut alice, 1, rng);
    for bob in &mut bobs {
        bob.decrypt(ALICE, &first, 1, rng).expect("Alice's message");
        let answer = bob.encrypt_empty(ALICE, alice.id(), namespace, 1, rng);
        let answer = answer.expect("a session was just made");
        alice.decrypt(BOB, &answer, 1, rng).expect("Bob's message");
    }
    (alice, bobs)
}

fn body(length: usize) -> Vec<Element> {
    let text = "x".repeat(length);
    vec![Element::builder("body", "jabber:client").append(text).build()]
}

fn message(alice: &mut Device, length: usize, rng: &mut impl CryptoRng) -> Element {
    let encrypted = alice.encrypt(body(length), &[BOB], 1, rng);
    encrypted.expect("Bob has a session").elements.remove(0)
}

/// One message of 200 characters to all of Bob's devices: time, and bytes of its `<encrypted/>`.
fn recipients(report: &mut Report, namespace: Namespace, readers: usize) {
    let form = if namespace == NAMESPACE {
        "omemo:2"
    } else {
        "legacy"
    };
    let plural = if readers == 1 { "" } else { "s" };
    let name = format!("OMEMO encrypt to {readers} device{plural}, {form}");
    let size = format!("OMEMO bytes to {readers} device{plural}, {form}");
    if !report.wants(&name) && !report.wants(&size) {
        return;
    }
    let rng = &mut rand::rng();
    let (mut alice, _bobs) = with_readers(namespace, readers, rng);
    let mut sent = None;
    report.compare(
        &name,
        || {
            let content = body(200);
            time(|| sent = alice.encrypt(content, &[BOB], 1, rng).ok())
        },
        "sum of the ratchets' primitives",
        || {
            time(|| {
                for _ in 0..readers {
                    floor_of_a_message(true);
                }
            })
        },
    );
    let sent = sent.map_or_else(
        || message(&mut alice, 200, rng),
        |mut sent| sent.elements.remove(0),
    );
    report.add(
        &size,
        String::from(&sent).len() as f64,
        "B",
        "its keys and payload in base64",
        text_bytes(&sent) as f64,
    );
}

/// Bytes of all text in an element.
fn text_bytes(element: &Element) -> usize {
    element.text().len() + element.children().map(text_bytes).sum::<usize>()
}

/// Large and small payloads.
fn payloads(report: &mut Report, alice: &mut Device, bob: &mut Device) {
    let rng = &mut rand::rng();
    for (length, encrypt_name, decrypt_name) in [
        (1024, "OMEMO device encrypt, 1 KiB", "OMEMO device decrypt, 1 KiB"),
        (
            65536,
            "OMEMO device encrypt, 64 KiB",
            "OMEMO device decrypt, 64 KiB",
        ),
    ] {
        let payload = vec![120; length];
        let cipher = || cbc::Encryptor::<Aes256>::new(&[1; 32].into(), &[2; 16].into());
        let sealed = cipher().encrypt_padded_vec::<Pkcs7>(&payload);
        report.compare(
            encrypt_name,
            || {
                let content = body(length);
                let other = &mut rand::rng();
                time(|| alice.encrypt(content, &[BOB], 1, other))
            },
            "AES-CBC and HMAC of the payload",
            || {
                time(|| {
                    let sealed = cipher().encrypt_padded_vec::<Pkcs7>(&payload);
                    hmac(&[3; 32], &sealed)
                })
            },
        );
        report.compare(
            decrypt_name,
            || {
                let element = message(alice, length, rng);
                time(|| bob.decrypt(ALICE, &element, 1, rng))
            },
            "HMAC and AES-CBC of the payload",
            || {
                time(|| {
                    black_box(hmac(&[3; 32], &sealed));
                    let cipher = cbc::Decryptor::<Aes256>::new(&[1; 32].into(), &[2; 16].into());
                    cipher.decrypt_padded_vec::<Pkcs7>(&sealed)
                })
            },
        );
    }
}

/// A long jump in an authenticated chain.
fn missed(report: &mut Report, alice: &mut Device, bob: &mut Device) {
    let rng = &mut rand::rng();
    let name = "OMEMO device, over 5,000 missed messages";
    if report.wants(name) {
        let mut last = None;
        report.compare(
            name,
            || {
                for _ in 0..5000 {
                    last = alice.encrypt_empty(BOB, bob.id(), NAMESPACE, 1, rng).ok();
                }
                let last = last.as_ref().expect("encrypted above");
                time(|| bob.decrypt(ALICE, last, 1, rng))
            },
            "HMACs of the chain and of 1,000 keys",
            || {
                time(|| {
                    let mut chain = [1; 32];
                    for _ in 0..6000 {
                        chain = hmac(&chain, &[2]);
                    }
                    chain
                })
            },
        );
    }
}

/// What a start costs.
fn load(report: &mut Report, bob: &mut Device) {
    let rng = &mut rand::rng();
    let name = "OMEMO device, load";
    if report.wants(name) {
        let keys = Keys::new(rng);
        let records: Vec<_> = bob
            .take_changes()
            .into_iter()
            .filter_map(|change| Some((change.table.to_owned(), change.key, change.value?)))
            .collect();
        let other = &mut rand::rng();
        report.compare(
            name,
            || {
                let records = records.clone();
                time(|| Device::load(BOB, records).expect("its own records"))
            },
            "public keys of 101 pre keys",
            || time(|| keys.generate(101, other)),
        );
    }
}
