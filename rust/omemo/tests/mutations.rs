// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The fuzz targets without a fuzzer: over their seeds, and over mutations of these that follow from a number.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods
)]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use omemo::Namespace;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

#[allow(dead_code, unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod entries;

use entries::{ALICE, BOB, ENTRIES, Entry, NOW, pair};

/// Mutations of each seed; those of the targets that make keys are slower.
const MUTATIONS: u64 = 400;
const SLOW_MUTATIONS: u64 = 40;

#[test]
fn wire_messages() {
    check("wire", &[], MUTATIONS);
}

#[test]
fn bundles() {
    let (_, bob, _) = pair();
    let bundles = Namespace::ALL.map(|namespace| String::from(&bob.bundle(namespace)).into_bytes());
    check("bundle", &bundles, SLOW_MUTATIONS);
}

#[test]
fn device_lists() {
    check("device_list", &[], SLOW_MUTATIONS);
}

#[test]
fn encrypted_elements() {
    let (mut alice, mut bob, mut rng) = pair();
    let body = || {
        vec![
            minidom::Element::builder("body", "jabber:client")
                .append("hi")
                .build(),
        ]
    };
    let first = alice
        .encrypt(body(), &[BOB], NOW, &mut rng)
        .unwrap()
        .elements
        .remove(0);
    bob.decrypt(ALICE, &first, NOW, &mut rng).unwrap();
    let answer = bob
        .encrypt(body(), &[ALICE], NOW, &mut rng)
        .unwrap()
        .elements
        .remove(0);
    let seeds = [first, answer].map(|element| String::from(&element).into_bytes());
    check("encrypted", &seeds, SLOW_MUTATIONS);
}

#[test]
fn envelopes() {
    check("envelope", &[], MUTATIONS);
}

#[test]
fn trust_messages() {
    check("trust_message", &[], MUTATIONS);
}

#[test]
fn uris() {
    check("uri", &[], MUTATIONS);
}

#[test]
fn two_parties() {
    check("two_parties", &[], SLOW_MUTATIONS);
}

/// Every kept seed belongs to a target, and every target has a program for the fuzzer.
#[test]
fn seeds_and_targets_fit() {
    let names: Vec<&str> = ENTRIES.iter().map(|(name, _)| *name).collect();
    for folder in fs::read_dir(fuzz().join("seeds")).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name.as_str()), "{name}");
    }
    for name in names {
        let program = fs::read_to_string(fuzz().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("omemo_fuzz::{name}(data)")));
    }
}

fn fuzz() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz"))
}

/// Runs a target over its kept seeds, those given, and mutations of all.
fn check(target: &str, more: &[Vec<u8>], mutations: u64) {
    let (_, entry) = ENTRIES.iter().find(|(name, _)| *name == target).unwrap();
    let mut seeds: Vec<Vec<u8>> = more.to_vec();
    if let Ok(folder) = fs::read_dir(fuzz().join("seeds").join(target)) {
        let mut files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
        files.sort();
        seeds.extend(files.iter().map(|file| fs::read(file).unwrap()));
    }
    assert!(!seeds.is_empty(), "{target} has no seeds");
    for (index, seed) in seeds.iter().enumerate() {
        run(target, *entry, seed, index, None);
        for number in 0..mutations {
            let mut rng = StdRng::seed_from_u64(number);
            run(target, *entry, &mutate(seed, &mut rng), index, Some(number));
        }
    }
}

fn run(target: &str, entry: Entry, data: &[u8], seed: usize, number: Option<u64>) {
    let outcome = catch_unwind(|| entry(data));
    assert!(
        outcome.is_ok(),
        "{target} fails on seed {seed}, mutation {number:?}: {}",
        String::from_utf8_lossy(data)
    );
}

/// One to four changes: a bit, a byte, a piece doubled, deleted or moved.
fn mutate(seed: &[u8], rng: &mut StdRng) -> Vec<u8> {
    let mut data = seed.to_vec();
    for _ in 0..rng.random_range(1..5) {
        if data.is_empty() {
            data.push(rng.random());
        }
        let at = rng.random_range(0..data.len());
        let end = rng.random_range(at..data.len().min(at + 64)) + 1;
        match rng.random_range(0..6) {
            0 => data[at] ^= 1 << rng.random_range(0..8),
            1 => data[at] = rng.random(),
            2 => drop(data.drain(at..end)),
            3 => {
                let piece = data[at..end].to_vec();
                data.splice(at..at, piece);
            }
            4 => {
                let piece: Vec<u8> = data.drain(at..end).collect();
                let to = rng.random_range(0..=data.len());
                data.splice(to..to, piece);
            }
            _ => data.truncate(end),
        }
    }
    data
}
