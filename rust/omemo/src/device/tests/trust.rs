// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Automatic trust management (XEP-0450), rule by rule.

use super::*;
use crate::{MAX_POSTPONED, TrustDecision, TrustOutcome, TrustPolicy};
use TrustLevel::*;

/// A device of Alice, and the keys of three others of hers and one of Bob's.
struct Scene {
    device: Device,
    keys: Vec<[u8; 32]>,
    bob: [u8; 32],
}

impl Scene {
    fn new() -> Self {
        let mut rng = rng(70);
        let mut draw = || *IdentityKeyPair::generate(&mut rng).public().as_bytes();
        let keys = vec![draw(), draw(), draw()];
        let bob = draw();
        let mut device = Device::create(ALICE, NOW, &mut rng);
        for key in &keys {
            device.meet(ALICE, key);
        }
        device.meet(BOB, &bob);
        Self { device, keys, bob }
    }

    fn level(&self, index: usize) -> TrustLevel {
        self.device.key_trust(ALICE, &self.keys[index]).unwrap()
    }

    fn says(&mut self, sender: usize, decisions: &[TrustDecision]) -> TrustOutcome {
        let sender = self.keys[sender];
        self.device.handle_trust_decisions(ALICE, &sender, decisions, NOW)
    }

    fn of(&self, index: usize, trusted: bool, at: u64) -> TrustDecision {
        decision(ALICE, self.keys[index], trusted, at)
    }
}

fn decision(jid: &str, key: [u8; 32], trusted: bool, at: u64) -> TrustDecision {
    TrustDecision {
        jid: jid.to_owned(),
        key,
        trusted,
        at,
    }
}

/// The device as a restart would bring it back.
fn restarted(device: &mut Device, disk: &mut BTreeMap<(String, String), Vec<u8>>) -> Device {
    for change in device.take_changes() {
        let key = (change.table.to_owned(), change.key);
        match change.value {
            Some(value) => disk.insert(key, value),
            None => disk.remove(&key),
        };
    }
    let records = disk
        .iter()
        .map(|((table, key), value)| (table.clone(), key.clone(), value.clone()));
    Device::load(device.account(), records).unwrap().unwrap()
}

#[test]
fn an_authenticated_device_decides_about_any_key() {
    let mut scene = Scene::new();
    let key = scene.keys[0];
    scene.device.set_trust(ALICE, &key, Authenticated, NOW);
    let said = [
        scene.of(1, true, NOW),
        scene.of(2, false, NOW),
        decision(BOB, scene.bob, true, NOW),
    ];
    assert!(matches!(scene.says(0, &said), TrustOutcome::Applied(changes) if changes.len() == 3));
    assert_eq!(
        (scene.level(1), scene.level(2)),
        (Authenticated, ManuallyDistrusted)
    );
    assert_eq!(scene.device.key_trust(BOB, &scene.bob), Some(Authenticated));
    assert!(matches!(scene.says(0, &said), TrustOutcome::Applied(changes) if changes.is_empty()));
}

#[test]
fn another_accounts_device_decides_about_its_owners_keys_alone() {
    let mut scene = Scene::new();
    scene.device.set_trust(BOB, &scene.bob, Authenticated, NOW);
    let before = records(&scene.device);
    let outcome = scene
        .device
        .handle_trust_decisions(BOB, &scene.bob, &[scene.of(1, true, NOW)], NOW);
    assert_eq!(outcome, TrustOutcome::Ignored);
    assert_eq!(records(&scene.device), before);
    let other = [9; 32];
    let said = [decision(BOB, other, true, NOW)];
    scene.device.handle_trust_decisions(BOB, &scene.bob, &said, NOW);
    assert_eq!(scene.device.key_trust(BOB, &other), Some(Authenticated));
}

#[test]
fn nobody_decides_about_this_device() {
    let mut scene = Scene::new();
    let key = scene.keys[0];
    scene.device.set_trust(ALICE, &key, Authenticated, NOW);
    let own = scene.device.identity_key();
    let outcome = scene.says(0, &[decision(ALICE, own, false, NOW)]);
    assert_eq!(outcome, TrustOutcome::Ignored);
    assert_eq!(scene.device.key_trust(ALICE, &own), None);
}

/// What others say waits until they are authenticated, over a restart, and one after the other.
#[test]
fn decisions_wait_for_their_senders_authentication_in_a_chain() {
    let mut scene = Scene::new();
    let mut disk = BTreeMap::new();
    let (second, bob) = (scene.of(1, true, NOW), decision(BOB, scene.bob, false, NOW));
    assert_eq!(scene.says(1, &[bob]), TrustOutcome::Postponed);
    assert_eq!(scene.says(0, &[second]), TrustOutcome::Postponed);
    assert_eq!(scene.level(1), AutomaticallyTrusted);
    let mut device = restarted(&mut scene.device, &mut disk);
    let changes = device.set_trust(ALICE, &scene.keys[0], Authenticated, NOW + 1);
    assert_eq!(device.key_trust(ALICE, &scene.keys[1]), Some(Authenticated));
    assert_eq!(device.key_trust(BOB, &scene.bob), Some(ManuallyDistrusted));
    assert_eq!(
        device.key_trust(ALICE, &scene.keys[2]),
        Some(AutomaticallyDistrusted)
    );
    assert!(changes.iter().any(|change| change.jid == BOB));
    let device = restarted(&mut device, &mut disk);
    assert_eq!(device.key_trust(BOB, &scene.bob), Some(ManuallyDistrusted));
    assert!(
        !disk.keys().any(|(table, _)| table == "omemo_postponed"),
        "what was applied waits no longer"
    );
}

#[test]
fn what_a_refused_device_has_said_is_forgotten() {
    let mut scene = Scene::new();
    let said = [scene.of(1, true, NOW)];
    let key = scene.keys[0];
    assert_eq!(scene.says(0, &said), TrustOutcome::Postponed);
    scene.device.set_trust(ALICE, &key, ManuallyDistrusted, NOW);
    assert_eq!(scene.says(0, &said), TrustOutcome::Ignored);
    scene.device.set_trust(ALICE, &key, Authenticated, NOW);
    assert_eq!(scene.level(1), AutomaticallyDistrusted);
}

/// Whatever the order in which two devices' contradictory decisions come: the later one holds, of the same time the
/// refusal.
#[test]
fn of_two_contradictory_decisions_the_later_holds() {
    for (trust_at, distrust_at, expected) in [
        (NOW - 1, NOW, ManuallyDistrusted),
        (NOW, NOW - 1, Authenticated),
        (NOW, NOW, ManuallyDistrusted),
    ] {
        for first in [0, 1] {
            for postponed in [false, true] {
                let mut scene = Scene::new();
                let keys = scene.keys.clone();
                let authenticate = |scene: &mut Scene| {
                    for key in &keys[..2] {
                        scene.device.set_trust(ALICE, key, Authenticated, NOW);
                    }
                };
                if !postponed {
                    authenticate(&mut scene);
                }
                for sender in [first, 1 - first] {
                    let said = [scene.of(2, true, trust_at), scene.of(2, false, distrust_at)][sender].clone();
                    scene.says(sender, &[said]);
                }
                if postponed {
                    authenticate(&mut scene);
                }
                assert_eq!(scene.level(2), expected, "first {first}, postponed {postponed}");
            }
        }
    }
}

#[test]
fn one_sender_that_contradicts_itself_is_taken_by_its_latest_word() {
    let mut scene = Scene::new();
    for (trusted, at) in [(true, NOW - 5), (false, NOW - 1), (true, NOW - 3)] {
        let said = [scene.of(1, trusted, at)];
        scene.says(0, &said);
    }
    let key = scene.keys[0];
    scene.device.set_trust(ALICE, &key, Authenticated, NOW);
    assert_eq!(scene.level(1), ManuallyDistrusted);
}

#[test]
fn the_users_own_word_here_is_the_latest_whatever_others_clocks_say() {
    let mut scene = Scene::new();
    let keys = scene.keys.clone();
    scene.device.set_trust(ALICE, &keys[0], Authenticated, NOW);
    let ahead = [scene.of(1, true, NOW + 3_600_000)];
    scene.says(0, &ahead);
    scene
        .device
        .set_trust(ALICE, &keys[1], ManuallyDistrusted, NOW + 1);
    scene.says(0, &ahead);
    assert_eq!(scene.level(1), ManuallyDistrusted);
    let absurd = [scene.of(1, true, u64::MAX)];
    assert_eq!(scene.says(0, &absurd), TrustOutcome::Ignored);
}

#[test]
fn under_the_manual_policy_no_device_decides_for_another() {
    let mut scene = Scene::new();
    let key = scene.keys[0];
    let changed = scene.device.set_trust_policy(TrustPolicy::Manual);
    assert_eq!(changed.len(), 4);
    scene.device.set_trust(ALICE, &key, Authenticated, NOW);
    let said = [scene.of(1, true, NOW)];
    assert_eq!(scene.says(0, &said), TrustOutcome::Ignored);
    assert_eq!(scene.level(1), Undecided);
    let loaded = restarted(&mut scene.device, &mut BTreeMap::new());
    assert_eq!(loaded.trust_policy(), TrustPolicy::Manual);
}

#[test]
fn a_flood_of_decisions_is_bounded() {
    let mut scene = Scene::new();
    let said: Vec<TrustDecision> = (0..5_000_u64)
        .map(|number| {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_be_bytes());
            decision(BOB, key, true, NOW - 10_000 + number)
        })
        .collect();
    assert_eq!(scene.says(0, &said), TrustOutcome::Postponed);
    let key = scene.keys[0];
    scene.device.set_trust(ALICE, &key, Authenticated, NOW);
    let kept = scene.device.trust_decisions();
    assert_eq!(
        kept.iter().filter(|decision| decision.jid == BOB).count(),
        MAX_POSTPONED
    );
}

#[test]
fn a_device_tells_what_was_decided_and_nothing_else() {
    let mut scene = Scene::new();
    let keys = scene.keys.clone();
    scene.device.set_trust(ALICE, &keys[0], Authenticated, NOW);
    scene
        .device
        .set_trust(ALICE, &keys[1], ManuallyDistrusted, NOW + 1);
    scene.device.set_trust(ALICE, &keys[2], ManuallyTrusted, NOW + 2);
    let mut told = scene.device.trust_decisions();
    told.sort_by_key(|decision| decision.at);
    assert_eq!(told, [scene.of(0, true, NOW), scene.of(1, false, NOW + 1)]);
}

/// A message for one device that is not trusted yet, in the course of a comparison, and for no other.
#[test]
fn a_directed_message_is_read_by_its_reader_alone() {
    let mut pair = Pair::answered(71);
    let (bob, key) = (pair.bob.id(), pair.bob.identity_key());
    pair.alice.set_trust(BOB, &key, AutomaticallyDistrusted, NOW);
    let readers = [(BOB.to_owned(), bob), (BOB.to_owned(), bob ^ 1)];
    let told = pair
        .alice
        .encrypt_for(body("compare"), &readers, NOW, &mut pair.rng)
        .unwrap();
    assert_eq!(told.recipients, [(BOB.to_owned(), bob)]);
    assert_eq!(
        told.skipped,
        [(BOB.to_owned(), bob ^ 1, crate::Skipped::NoSession)]
    );
    assert_eq!(text(&pair.bob_hears(&told.elements[0]).unwrap()), "compare");
    let before = records(&pair.alice);
    let nobody = pair
        .alice
        .encrypt_for(body("x"), &readers[1..], NOW, &mut pair.rng);
    assert!(matches!(nobody, Err(EncryptError::NoRecipients { .. })));
    assert_eq!(records(&pair.alice), before);
}
