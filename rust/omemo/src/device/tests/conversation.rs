// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What two and three devices say to each other.

use super::*;
use crate::ratchet::{ANSWER_AT, MAX_FORWARD, MAX_SKIP, MAX_STORED};

#[test]
fn a_message_and_its_answer() {
    let mut pair = Pair::new(1);
    let first = pair.alice_says("O Bob");
    assert_eq!(first_key(&first).attr("kex"), Some("true"));
    let heard = pair.bob_hears(&first).unwrap();
    assert_eq!(text(&heard), "O Bob");
    assert_eq!(heard.device, pair.alice.id());
    assert_eq!(heard.fingerprint, pair.alice.fingerprint());
    assert_eq!(heard.identity_key, pair.alice.identity_key());
    assert_eq!(heard.trust, TrustLevel::AutomaticallyTrusted);
    assert_eq!(heard.namespace, Namespace::Omemo2);
    assert!(heard.answer_due, "a key exchange is answered");
    let envelope = heard.envelope.unwrap();
    assert_eq!(envelope.from.as_deref(), Some(ALICE));
    assert_eq!(envelope.to.as_deref(), Some(BOB));
    assert_eq!(envelope.time, Some(NOW));

    let answer = pair.bob_says("O Alice");
    assert_eq!(first_key(&answer).attr("kex"), None);
    assert_eq!(text(&pair.alice_hears(&answer).unwrap()), "O Alice");
    let next = pair.alice_says("next");
    assert_eq!(
        first_key(&next).attr("kex"),
        None,
        "answered, so no key exchange any more"
    );
    assert!(!pair.bob_hears(&next).unwrap().answer_due);
}

#[test]
fn an_empty_message_answers() {
    let mut pair = Pair::new(2);
    let first = pair.alice_says("hello");
    pair.bob_hears(&first).unwrap();
    let id = pair.alice.id();
    let empty = pair
        .bob
        .encrypt_empty(ALICE, id, Namespace::Omemo2, NOW, &mut pair.rng)
        .unwrap();
    assert!(!empty.has_child("payload", NS_OMEMO_2));
    let heard = pair.alice_hears(&empty).unwrap();
    assert_eq!(heard.envelope, None);
    assert!(!heard.answer_due, "an answer is not answered");
    assert_eq!(first_key(&pair.alice_says("next")).attr("kex"), None);
}

#[test]
fn key_exchanges_repeat_until_answered_and_only_decrypt() {
    let mut pair = Pair::new(3);
    let messages: Vec<_> = (0..5).map(|n| pair.alice_says(&n.to_string())).collect();
    for n in [2, 0, 4, 1, 3] {
        assert_eq!(first_key(&messages[n]).attr("kex"), Some("true"));
        assert_eq!(text(&pair.bob_hears(&messages[n]).unwrap()), n.to_string());
    }
    let alice = pair.bob.peer(ALICE, pair.alice.id()).unwrap();
    assert_eq!(alice.sessions.len(), 1);
    assert_eq!(
        pair.bob.pre_keys.published().len(),
        PRE_KEYS,
        "one was used, and replaced"
    );
    assert_eq!(pair.bob.pre_keys.one_time.len(), PRE_KEYS + 1);
}

/// QXmpp 1.10 leaves the attribute out from its second key exchange on.
#[test]
fn a_key_exchange_is_known_by_its_first_byte() {
    let mut pair = Pair::new(4);
    let first = pair.alice_says("hello");
    let bytes = key_bytes(&first);
    assert_eq!(bytes[0], 0x08);
    let mut plain = Element::bare("key", NS_OMEMO_2);
    crate::xml::set_attribute(&mut plain, "rid", pair.bob.id());
    plain.append_text(crate::xml::base64(&bytes));
    let mut without = first.clone();
    *first_key_mut(&mut without) = plain;
    assert_eq!(text(&pair.bob_hears(&without).unwrap()), "hello");
    let answer = pair.bob_says("hello");
    assert_eq!(key_bytes(&answer)[0], 0x0a);
}

#[test]
fn a_message_that_comes_twice_is_a_duplicate() {
    let mut pair = Pair::new(5);
    let first = pair.alice_says("first");
    pair.bob_hears(&first).unwrap();
    let duplicate = Err(DecryptError::Duplicate {
        device: pair.alice.id(),
        counter: 0,
    });
    assert_eq!(pair.bob_hears(&first), duplicate);
    // Also when the ratchet has turned often since.
    for n in 0..10 {
        let answer = pair.bob_says("answer");
        pair.alice_hears(&answer).unwrap();
        assert!(
            matches!(pair.alice_hears(&answer), Err(DecryptError::Duplicate { .. })),
            "{n}"
        );
        let next = pair.alice_says("next");
        pair.bob_hears(&next).unwrap();
        assert_eq!(pair.bob_hears(&first), duplicate, "{n}");
    }
}

#[test]
fn a_long_chain_is_answered() {
    let mut pair = Pair::answered(6);
    let mut due = Vec::new();
    for n in 0..=2 * ANSWER_AT {
        let message = pair.alice_says("again");
        if pair.bob_hears(&message).unwrap().answer_due {
            due.push(n);
        }
    }
    assert_eq!(
        due,
        (ANSWER_AT..=2 * ANSWER_AT).collect::<Vec<_>>(),
        "while nothing was sent"
    );
    let id = pair.alice.id();
    let empty = pair
        .bob
        .encrypt_empty(ALICE, id, Namespace::Omemo2, NOW, &mut pair.rng)
        .unwrap();
    let next = pair.alice_says("crossing");
    assert!(
        !pair.bob_hears(&next).unwrap().answer_due,
        "the answer is on its way"
    );
    pair.alice_hears(&empty).unwrap();
    let turned = pair.alice_says("turned");
    assert!(!pair.bob_hears(&turned).unwrap().answer_due, "the chain is young");
}

#[test]
fn a_device_that_was_away_for_thousands_of_messages() {
    let mut pair = Pair::answered(7);
    let missed = 5000;
    let messages: Vec<_> = (0..missed).map(|_| pair.alice_says("missed")).collect();
    let latest = pair.alice_says("latest");
    assert_eq!(text(&pair.bob_hears(&latest).unwrap()), "latest");
    // The newest of them can still be read, whatever their order; the others say so.
    let first_kept = missed - MAX_SKIP as usize;
    assert_eq!(text(&pair.bob_hears(&messages[first_kept]).unwrap()), "missed");
    assert_eq!(text(&pair.bob_hears(&messages[missed - 1]).unwrap()), "missed");
    let device = pair.alice.id();
    let counter = first_kept as u32;
    assert_eq!(
        pair.bob_hears(&messages[first_kept]),
        Err(DecryptError::Duplicate { device, counter })
    );
    let counter = counter - 1;
    assert_eq!(
        pair.bob_hears(&messages[first_kept - 1]),
        Err(DecryptError::KeyGone { device, counter })
    );
}

#[test]
fn stored_keys_are_bounded_over_all_chains() {
    let mut pair = Pair::answered(8);
    let mut firsts = Vec::new();
    for _ in 0..4 {
        firsts.push(pair.alice_says("first"));
        for _ in 0..800 {
            pair.alice_says("lost");
        }
        let heard = pair.alice_says("heard");
        pair.bob_hears(&heard).unwrap();
        let answer = pair.bob_says("answer");
        pair.alice_hears(&answer).unwrap();
    }
    let session = pair
        .bob
        .peer(ALICE, pair.alice.id())
        .unwrap()
        .current(Namespace::Omemo2)
        .unwrap();
    assert_eq!(session.past.stored(), MAX_STORED);
    let device = pair.alice.id();
    assert_eq!(
        pair.bob_hears(&firsts[0]),
        Err(DecryptError::KeyGone { device, counter: 0 }),
        "dropped, not doubled"
    );
    assert_eq!(text(&pair.bob_hears(&firsts[3]).unwrap()), "first");
}

#[test]
fn a_chain_is_derived_forward_in_bounds() {
    let mut pair = Pair::answered(9);
    let id = pair.bob.id();
    let skip = |device: &mut Device, count: u32| {
        let session = device
            .peer_mut(BOB, id)
            .unwrap()
            .current_mut(Namespace::Omemo2)
            .unwrap();
        let own = IdentityKeyPair::generate(&mut rng(0));
        for _ in 0..count {
            session.encrypt(own.public(), &[0; 32]).unwrap();
        }
    };
    skip(&mut pair.alice, MAX_FORWARD);
    let in_reach = pair.alice_says("in reach");
    let before = records(&pair.bob);
    skip(&mut pair.alice, 1);
    let far = pair.alice_says("too far");
    let device = pair.alice.id();
    let (counter, limit) = (MAX_FORWARD + 2, MAX_FORWARD);
    assert_eq!(
        pair.bob_hears(&far),
        Err(DecryptError::TooFarAhead {
            device,
            counter,
            skip: counter,
            limit
        })
    );
    assert_eq!(records(&pair.bob), before);
    assert_eq!(text(&pair.bob_hears(&in_reach).unwrap()), "in reach");
    assert_eq!(text(&pair.bob_hears(&far).unwrap()), "too far");
}

#[test]
fn key_exchanges_that_cross() {
    let mut pair = Pair::new(10);
    let alice_bundle = pair.alice.bundle(Namespace::Omemo2);
    let id = pair.alice.id();
    pair.bob
        .handle_bundle(ALICE, id, &alice_bundle, NOW, &mut pair.rng)
        .unwrap();
    let from_alice = pair.alice_says("from alice");
    let from_bob = pair.bob_says("from bob");
    assert_eq!(text(&pair.bob_hears(&from_alice).unwrap()), "from alice");
    assert_eq!(text(&pair.alice_hears(&from_bob).unwrap()), "from bob");
    for n in 0..6 {
        let from_alice = pair.alice_says(&format!("alice {n}"));
        let from_bob = pair.bob_says(&format!("bob {n}"));
        assert_eq!(text(&pair.bob_hears(&from_alice).unwrap()), format!("alice {n}"));
        assert_eq!(text(&pair.alice_hears(&from_bob).unwrap()), format!("bob {n}"));
    }
}

#[test]
fn a_session_can_be_reset() {
    let mut pair = Pair::answered(11);
    let id = pair.bob.id();
    assert!(pair.alice.missing_bundles(&[BOB]).is_empty());
    assert!(pair.alice.reset_session(BOB, id));
    assert_eq!(
        pair.alice.missing_bundles(&[BOB]),
        [(BOB.to_owned(), id, Namespace::Omemo2)]
    );
    let on_its_way = pair.bob_says("on the old session");
    assert_eq!(
        pair.alice_hears(&on_its_way),
        Err(DecryptError::NoSession { device: id })
    );
    let bundle = pair.bob.bundle(Namespace::Omemo2);
    pair.alice
        .handle_bundle(BOB, id, &bundle, NOW, &mut pair.rng)
        .unwrap();
    let new = pair.alice_says("new");
    assert_eq!(text(&pair.bob_hears(&new).unwrap()), "new");
    let answer = pair.bob_says("answer");
    assert_eq!(text(&pair.alice_hears(&answer).unwrap()), "answer");
}

/// Two of one account and a partner: all readers get the same payload.
#[test]
fn own_other_devices_read_along() {
    let mut rng = rng(12);
    let mut desk = Device::create(ALICE, NOW, &mut rng);
    let mut bot = Device::create(ALICE, NOW, &mut rng);
    let mut bob = Device::create(BOB, NOW, &mut rng);
    announce(&mut desk, &[&bot, &bob]);
    assert_eq!(
        desk.missing_bundles(&[ALICE, BOB]),
        [
            (ALICE.to_owned(), bot.id(), Namespace::Omemo2),
            (BOB.to_owned(), bob.id(), Namespace::Omemo2)
        ]
    );
    desk.handle_bundle(ALICE, bot.id(), &bot.bundle(Namespace::Omemo2), NOW, &mut rng)
        .unwrap();
    desk.handle_bundle(BOB, bob.id(), &bob.bundle(Namespace::Omemo2), NOW, &mut rng)
        .unwrap();
    let sent = desk
        .encrypt(body("to all"), &[BOB, ALICE, BOB], NOW, &mut rng)
        .unwrap();
    assert_eq!(sent.recipients.len(), 2);
    for device in [&mut bot, &mut bob] {
        let heard = device.decrypt(ALICE, &sent.elements[0], NOW, &mut rng).unwrap();
        assert_eq!(text(&heard), "to all");
        assert_eq!(heard.envelope.unwrap().to.as_deref(), Some(BOB));
    }
    assert_eq!(
        desk.decrypt(ALICE, &sent.elements[0], NOW, &mut rng),
        Err(DecryptError::OwnMessage)
    );
    let only_bob = desk.encrypt(body("to bob"), &[BOB], NOW, &mut rng).unwrap();
    assert_eq!(
        bot.decrypt(ALICE, &only_bob.elements[0], NOW, &mut rng),
        Err(DecryptError::NotForThisDevice { device: bot.id() })
    );
}

#[test]
fn distrusted_devices_get_nothing() {
    let mut pair = Pair::answered(13);
    let (id, key) = (pair.bob.id(), pair.bob.identity_key());
    for level in [
        TrustLevel::Undecided,
        TrustLevel::AutomaticallyDistrusted,
        TrustLevel::ManuallyDistrusted,
    ] {
        pair.alice.set_trust(BOB, &key, level, NOW);
        let skipped = vec![(BOB.to_owned(), id, Skipped::NotTrusted(level))];
        let error = pair.alice.encrypt(body("x"), &[BOB], NOW, &mut pair.rng);
        assert_eq!(error, Err(EncryptError::NoRecipients { skipped }));
    }
    let message = pair.bob_says("still readable");
    let heard = pair.alice_hears(&message).unwrap();
    assert_eq!(
        heard.trust,
        TrustLevel::ManuallyDistrusted,
        "reported, not enforced"
    );
}

#[test]
fn a_new_device_of_an_authenticated_owner_waits() {
    let mut pair = Pair::answered(14);
    let key = pair.bob.identity_key();
    pair.alice.set_trust(BOB, &key, TrustLevel::Authenticated, NOW);
    let new = Device::create(BOB, NOW, &mut pair.rng);
    announce(&mut pair.alice, &[&pair.bob, &new]);
    pair.alice
        .handle_bundle(BOB, new.id(), &new.bundle(Namespace::Omemo2), NOW, &mut pair.rng)
        .unwrap();
    assert_eq!(
        pair.alice.trust(BOB, new.id()),
        Some(TrustLevel::AutomaticallyDistrusted)
    );
    let sent = pair.alice.encrypt(body("x"), &[BOB], NOW, &mut pair.rng).unwrap();
    assert_eq!(sent.recipients, [(BOB.to_owned(), pair.bob.id())]);
    let skipped = Skipped::NotTrusted(TrustLevel::AutomaticallyDistrusted);
    assert_eq!(sent.skipped, [(BOB.to_owned(), new.id(), skipped)]);
}
