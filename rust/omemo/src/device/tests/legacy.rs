// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Legacy OMEMO, alone and beside omemo:2.

use super::*;
use crate::store::RecordKey;
use crate::xml;
use crate::{EncryptError, NS_LEGACY, Skipped};

const LEGACY: [Namespace; 1] = [Namespace::Legacy];

/// Tells `to` that `of` announces itself in `namespaces` alone, as its PEP nodes would.
fn announce_in(to: &mut Device, of: &Device, namespaces: &[Namespace]) {
    for namespace in Namespace::ALL {
        let mut list = Element::bare(namespace.list_element(), namespace.uri());
        if namespaces.contains(&namespace) {
            let mut device = Element::bare("device", namespace.uri());
            xml::set_attribute(&mut device, "id", of.id());
            list.append_child(device);
        }
        to.handle_device_list(of.account(), &list, NOW).unwrap();
    }
}

/// Two devices that announce themselves so; each knows the other's list, and the first has fetched what it wants.
fn pair(seed: u64, of_alice: &[Namespace], of_bob: &[Namespace]) -> Pair {
    let mut rng = rng(seed);
    let mut alice = Device::create(ALICE, NOW, &mut rng);
    let mut bob = Device::create(BOB, NOW, &mut rng);
    announce_in(&mut alice, &bob, of_bob);
    announce_in(&mut bob, &alice, of_alice);
    fetch(&mut alice, &bob, &mut rng);
    Pair { alice, bob, rng }
}

fn fetch(device: &mut Device, other: &Device, rng: &mut StdRng) {
    for (jid, id, namespace) in device.missing_bundles(&[other.account()]) {
        device
            .handle_bundle(&jid, id, &other.bundle(namespace), NOW, rng)
            .unwrap();
    }
}

#[test]
fn a_conversation_of_identities_of_both_signs() {
    let mut signs = std::collections::BTreeSet::new();
    for seed in 300..312 {
        let mut pair = pair(seed, &LEGACY, &LEGACY);
        signs.insert((
            pair.alice.identity_key()[31] >> 7,
            pair.bob.identity_key()[31] >> 7,
        ));
        let first = pair.alice_says("hello");
        assert!(first.is("encrypted", NS_LEGACY));
        assert_eq!(first_key(&first).attr("prekey"), Some("true"));
        let heard = pair.bob_hears(&first).unwrap();
        assert_eq!(text(&heard), "hello");
        assert_eq!(heard.namespace, Namespace::Legacy);
        assert_eq!(heard.fingerprint, pair.alice.fingerprint());
        assert!(heard.answer_due);
        for round in 0..5 {
            let there = pair.bob_says(&format!("there {round}"));
            assert_eq!(first_key(&there).attr("prekey"), Some("false"));
            assert_eq!(text(&pair.alice_hears(&there).unwrap()), format!("there {round}"));
            let back = pair.alice_says(&format!("back {round}"));
            assert_eq!(text(&pair.bob_hears(&back).unwrap()), format!("back {round}"));
        }
        let late = pair.alice_says("late");
        assert!(matches!(
            pair.bob_hears(&first),
            Err(DecryptError::Duplicate { .. })
        ));
        assert_eq!(text(&pair.bob_hears(&late).unwrap()), "late");
    }
    assert_eq!(signs.len(), 4, "{signs:?}");
}

#[test]
fn an_empty_message_turns_the_ratchet() {
    let mut pair = pair(320, &LEGACY, &LEGACY);
    let first = pair.alice_says("hello");
    pair.bob_hears(&first).unwrap();
    let id = pair.alice.id();
    let empty = pair
        .bob
        .encrypt_empty(ALICE, id, Namespace::Legacy, NOW, &mut pair.rng)
        .unwrap();
    assert!(!empty.has_child("payload", NS_LEGACY));
    let heard = pair.alice_hears(&empty).unwrap();
    assert_eq!((heard.envelope, heard.answer_due), (None, false));
    let second = pair.alice_says("again");
    assert_eq!(first_key(&second).attr("prekey"), Some("false"), "answered");
}

#[test]
fn messages_out_of_order_over_turns() {
    let mut pair = pair(321, &LEGACY, &LEGACY);
    let mut late = Vec::new();
    for round in 0..4 {
        let said: Vec<_> = (0..3)
            .map(|number| pair.alice_says(&format!("{round} {number}")))
            .collect();
        // The last message of each chain comes only after the next has begun.
        assert_eq!(text(&pair.bob_hears(&said[0]).unwrap()), format!("{round} 0"));
        late.push((format!("{round} 2"), said[2].clone()));
        late.push((format!("{round} 1"), said[1].clone()));
        let answer = pair.bob_says("yes");
        pair.alice_hears(&answer).unwrap();
    }
    for (expected, element) in &late {
        assert_eq!(&text(&pair.bob_hears(element).unwrap()), expected);
    }
    for (_, element) in &late {
        assert!(matches!(
            pair.bob_hears(element),
            Err(DecryptError::Duplicate { .. })
        ));
    }
}

/// libsignal numbers the last message of the previous chain where the specification counts its messages.
#[test]
fn the_last_message_of_a_chain_that_is_numbered() {
    use crate::ratchet::{PastChains, Ratchet};
    use crate::{KeyPair, Secret};
    let mut rng = rng(322);
    let (shared, signed) = (Secret::generate(&mut rng), KeyPair::generate(&mut rng));
    let mut alice = Ratchet::initiate(Namespace::Legacy, &shared, signed.public(), &mut rng).unwrap();
    let mut bob = Ratchet::respond(Namespace::Legacy, &shared, &signed);
    let (mut of_alice, mut of_bob) = (PastChains::default(), PastChains::default());
    let first = alice.encrypt(b"first", b"").unwrap();
    let late = alice.encrypt(b"late", b"").unwrap();
    let (_, step) = bob.decrypt(&of_bob, &first, b"", &mut rng).unwrap();
    bob.apply(&mut of_bob, step);
    let answer = bob.encrypt(b"answer", b"").unwrap();
    let (_, step) = alice.decrypt(&of_alice, &answer, b"", &mut rng).unwrap();
    alice.apply(&mut of_alice, step);
    let mut next = alice.encrypt(b"next", b"").unwrap();
    let at = next
        .message
        .windows(2)
        .position(|pair| pair == [0x18, 2])
        .unwrap();
    assert_eq!(
        crate::wire::decode_message(Namespace::Legacy, &next.message)
            .unwrap()
            .pn,
        3
    );
    next.message[at + 1] = 1;
    // Its code does not hold any more; what is tested is what the counter means.
    assert_eq!(
        crate::wire::decode_message(Namespace::Legacy, &next.message)
            .unwrap()
            .pn,
        2
    );
    next.message[at + 1] = 2;
    let (_, step) = bob.decrypt(&of_bob, &next, b"", &mut rng).unwrap();
    bob.apply(&mut of_bob, step);
    let (plaintext, _) = bob.decrypt(&of_bob, &late, b"", &mut rng).unwrap();
    assert_eq!(plaintext.as_slice(), b"late");
}

#[test]
fn a_device_gets_the_newest_form_that_it_announces() {
    let mut both = pair(323, &Namespace::ALL, &Namespace::ALL);
    assert!(both.alice_says("hello").is("encrypted", NS_OMEMO_2));
    let mut old = pair(324, &Namespace::ALL, &LEGACY);
    assert!(old.alice_says("hello").is("encrypted", NS_LEGACY));
    let first = old.alice_says("hello");
    old.bob_hears(&first).unwrap();
    // It learns the newer form: from then on it is spoken to in that.
    announce_in(&mut old.alice, &old.bob, &Namespace::ALL);
    assert_eq!(
        old.alice.missing_bundles(&[BOB]),
        [(BOB.to_owned(), old.bob.id(), Namespace::Omemo2)]
    );
    assert!(
        old.alice_says("still").is("encrypted", NS_LEGACY),
        "until its bundle is there"
    );
    fetch(&mut old.alice, &old.bob, &mut old.rng);
    let new = old.alice_says("newer");
    assert!(new.is("encrypted", NS_OMEMO_2));
    assert_eq!(text(&old.bob_hears(&new).unwrap()), "newer");
    // And forgets it again.
    announce_in(&mut old.alice, &old.bob, &LEGACY);
    let older = old.alice_says("older");
    assert!(older.is("encrypted", NS_LEGACY));
    assert_eq!(text(&old.bob_hears(&older).unwrap()), "older");
}

#[test]
fn where_the_newer_bundle_cannot_be_had_the_older_one_is_fetched() {
    let mut rng = rng(325);
    let mut alice = Device::create(ALICE, NOW, &mut rng);
    let bob = Device::create(BOB, NOW, &mut rng);
    announce_in(&mut alice, &bob, &Namespace::ALL);
    let wanted = |alice: &Device| {
        let missing = alice.missing_bundles(&[BOB]);
        missing.into_iter().map(|(_, _, namespace)| namespace).next()
    };
    assert_eq!(wanted(&alice), Some(Namespace::Omemo2));
    alice.handle_bundle_failure(BOB, bob.id(), Namespace::Omemo2, NOW);
    assert_eq!(wanted(&alice), Some(Namespace::Legacy));
    alice
        .handle_bundle(BOB, bob.id(), &bob.bundle(Namespace::Legacy), NOW, &mut rng)
        .unwrap();
    assert_eq!(wanted(&alice), None);
    alice.handle_timeout(NOW + crate::BUNDLE_RETRY_MIN, &mut rng);
    assert_eq!(wanted(&alice), Some(Namespace::Omemo2), "tried again");
}

#[test]
fn one_message_carries_both_forms() {
    let mut rng = rng(326);
    let mut alice = Device::create(ALICE, NOW, &mut rng);
    let mut old = Device::create(BOB, NOW, &mut rng);
    let mut new = Device::create(BOB, NOW, &mut rng);
    let lists = [(Namespace::Legacy, &old), (Namespace::Omemo2, &new)];
    for (namespace, device) in lists {
        let mut list = Element::bare(namespace.list_element(), namespace.uri());
        let mut element = Element::bare("device", namespace.uri());
        xml::set_attribute(&mut element, "id", device.id());
        list.append_child(element);
        alice.handle_device_list(BOB, &list, NOW).unwrap();
        alice
            .handle_bundle(BOB, device.id(), &device.bundle(namespace), NOW, &mut rng)
            .unwrap();
    }
    let sent = alice.encrypt(body("hello"), &[BOB], NOW, &mut rng).unwrap();
    let forms: Vec<_> = sent.elements.iter().map(Element::ns).collect();
    assert_eq!(forms, [NS_OMEMO_2, NS_LEGACY]);
    assert_eq!(sent.recipients.len(), 2);
    for (device, element) in [(&mut new, &sent.elements[0]), (&mut old, &sent.elements[1])] {
        let heard = device.decrypt(ALICE, element, NOW, &mut rng).unwrap();
        assert_eq!(text(&heard), "hello");
    }
    assert!(matches!(
        new.decrypt(ALICE, &sent.elements[1], NOW, &mut rng),
        Err(DecryptError::NotForThisDevice { .. })
    ));

    // What is no text is not for the older form.
    let content = vec![Element::bare("json", "urn:xmpp:json:0")];
    let sent = alice.encrypt(content.clone(), &[BOB], NOW, &mut rng).unwrap();
    assert_eq!(sent.elements.len(), 1);
    assert_eq!(sent.skipped, [(BOB.to_owned(), old.id(), Skipped::NoBody)]);
    alice.remove_device(BOB, new.id());
    let refused = alice.encrypt(content, &[BOB], NOW, &mut rng);
    assert!(matches!(refused, Err(EncryptError::NoRecipients { .. })));
}

#[test]
fn own_lists_keep_what_others_wrote() {
    let mut rng = rng(327);
    let mut device = Device::create(ALICE, NOW, &mut rng);
    let list = "<list xmlns='eu.siacs.conversations.axolotl'><device id='7'/><device id='-5'/><device id='x'/></list>";
    let change = device
        .handle_device_list(ALICE, &list.parse().unwrap(), NOW)
        .unwrap();
    assert_eq!((change.added, change.own_missing), (vec![7], true));
    let own = device.own_device_list(Namespace::Legacy, Some("Laptop"));
    let ids: Vec<_> = own
        .children()
        .map(|device| device.attr("id").unwrap().to_owned())
        .collect();
    let mut expected = [7, device.id()];
    expected.sort_unstable();
    assert_eq!(
        ids,
        [expected[0].to_string(), expected[1].to_string(), "-5".to_owned()]
    );
    assert!(own.children().all(|device| device.attr("label").is_none()));
    let newer = device.own_device_list(Namespace::Omemo2, None);
    assert_eq!(newer.children().count(), 1, "each list has its own devices");
}

#[test]
fn labels_of_the_newer_list_outlive_the_older_one() {
    let mut rng = rng(328);
    let mut device = Device::create(ALICE, NOW, &mut rng);
    let newer = "<devices xmlns='urn:xmpp:omemo:2'><device id='7' label='Phone'/></devices>";
    let older = "<list xmlns='eu.siacs.conversations.axolotl'><device id='7'/></list>";
    for list in [newer, older] {
        device
            .handle_device_list(BOB, &list.parse().unwrap(), NOW)
            .unwrap();
    }
    let known = device.device_list(BOB);
    assert_eq!(known[0].label.as_deref(), Some("Phone"));
    assert_eq!(known[0].announced, Namespace::ALL);
}

/// A key exchange shows the key without its sign. It is the same device all the same, and so is what was decided of it.
#[test]
fn the_sign_that_a_key_exchange_lacks() {
    for seed in 330..340 {
        let mut pair = pair(seed, &Namespace::ALL, &LEGACY);
        let (alice, key) = (pair.alice.id(), pair.alice.identity_key());
        let first = pair.alice_says("hello");
        let heard = pair.bob_hears(&first).unwrap();
        pair.bob
            .set_trust(ALICE, &heard.identity_key, TrustLevel::ManuallyTrusted, NOW);
        fetch(&mut pair.bob, &pair.alice, &mut pair.rng);
        assert_eq!(pair.bob.device_list(ALICE)[0].identity_key, Some(key));
        assert_eq!(pair.bob.trust(ALICE, alice), Some(TrustLevel::ManuallyTrusted));
        if key != heard.identity_key {
            assert_eq!(pair.bob.key_trust(ALICE, &heard.identity_key), None);
        }
        let records = pair.bob.take_changes();
        let trust = |change: &&Change| change.table == "omemo_trust" && change.value.is_some();
        assert_eq!(records.iter().filter(trust).count(), 1);
    }
}

#[test]
fn a_key_that_was_authenticated_before_the_device_was_met() {
    for seed in 340..350 {
        let mut pair = pair(seed, &LEGACY, &LEGACY);
        let key = pair.alice.identity_key();
        pair.bob.set_trust(ALICE, &key, TrustLevel::Authenticated, NOW);
        let first = pair.alice_says("hello");
        let heard = pair.bob_hears(&first).unwrap();
        assert_eq!(
            (heard.identity_key, heard.trust),
            (key, TrustLevel::Authenticated)
        );
    }
}

#[test]
fn another_key_is_refused() {
    let mut both = pair(350, &LEGACY, &LEGACY);
    let mut rng = rng(351);
    let first = both.alice_says("hello");
    both.bob_hears(&first).unwrap();
    let stranger = Device::create(ALICE, NOW, &mut rng);
    both.bob.reset_session(ALICE, both.alice.id());
    let refused = both.bob.handle_bundle(
        ALICE,
        both.alice.id(),
        &stranger.bundle(Namespace::Legacy),
        NOW,
        &mut rng,
    );
    assert!(matches!(refused, Err(crate::BundleError::IdentityChanged { .. })));
}

#[test]
fn old_senders_leave_the_tag_on_the_payload() {
    let mut pair = pair(352, &LEGACY, &LEGACY);
    // What such a sender's ratchet carries is the key alone.
    let sealed = crate::payload::legacy::seal("grüß dich".as_bytes(), &mut pair.rng).unwrap();
    let (key, tag) = sealed.key_material.split_at(16);
    let with_tag = [sealed.ciphertext.as_slice(), tag].concat();
    let id = pair.bob.id();
    let own = *pair.alice.identity.public();
    let peer = pair.alice.peer_mut(BOB, id).unwrap();
    let session = peer.current_mut(Namespace::Legacy).unwrap();
    let content = session.encrypt(&own, key).unwrap();
    let element = super::super::element::write(
        pair.alice.id(),
        &[((BOB.to_owned(), id), content)].into(),
        &super::super::element::Payload::Legacy {
            iv: sealed.iv.to_vec(),
            ciphertext: Some(with_tag),
        },
    );
    assert_eq!(text(&pair.bob_hears(&element).unwrap()), "grüß dich");
}

#[test]
fn what_xml_cannot_carry_is_replaced_and_what_is_no_text_refused() {
    let mut pair = pair(353, &LEGACY, &LEGACY);
    for (bytes, expected) in [(b"bell\x07".as_slice(), Some("bell\u{fffd}")), (b"\xff", None)] {
        let sealed = crate::payload::legacy::seal(bytes, &mut pair.rng).unwrap();
        let id = pair.bob.id();
        let own = *pair.alice.identity.public();
        let peer = pair.alice.peer_mut(BOB, id).unwrap();
        let session = peer.current_mut(Namespace::Legacy).unwrap();
        let content = session.encrypt(&own, &sealed.key_material).unwrap();
        let element = super::super::element::write(
            pair.alice.id(),
            &[((BOB.to_owned(), id), content)].into(),
            &super::super::element::Payload::Legacy {
                iv: sealed.iv.to_vec(),
                ciphertext: Some(sealed.ciphertext),
            },
        );
        let before = records(&pair.bob);
        match (pair.bob_hears(&element), expected) {
            (Ok(heard), Some(expected)) => assert_eq!(text(&heard), expected),
            (Err(DecryptError::BadEnvelope { .. }), None) => assert_eq!(records(&pair.bob), before),
            (other, _) => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_damaged_byte_of_a_message_is_noticed() {
    let mut pair = pair(354, &LEGACY, &LEGACY);
    let first = pair.alice_says("hello");
    pair.bob_hears(&first).unwrap();
    let answer = pair.bob_says("yes");
    pair.alice_hears(&answer).unwrap();
    let message = pair.alice_says("again");
    let bytes = key_bytes(&message);
    let before = records(&pair.bob);
    for index in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[index] ^= 1;
        assert!(
            pair.bob_hears(&with_key(&message, &damaged)).is_err(),
            "byte {index}"
        );
        assert_eq!(records(&pair.bob), before, "byte {index}");
    }
    assert_eq!(text(&pair.bob_hears(&message).unwrap()), "again");
}

#[test]
fn sessions_of_both_forms_are_stored() {
    let mut pair = pair(355, &Namespace::ALL, &LEGACY);
    let first = pair.alice_says("hello");
    pair.bob_hears(&first).unwrap();
    fetch(&mut pair.bob, &pair.alice, &mut pair.rng);
    let stored: Vec<_> = records(&pair.bob)
        .into_iter()
        .map(|(key, value)| (key.table().to_owned(), key.key(), value))
        .collect();
    pair.bob = Device::load(BOB, stored).unwrap().unwrap();
    let known = &pair.bob.device_list(ALICE)[0];
    assert_eq!(
        (known.announced.as_slice(), known.sessions.as_slice()),
        (&Namespace::ALL[..], &Namespace::ALL[..])
    );
    let keys = records(&pair.bob).into_keys();
    let sessions = keys.filter(|key| matches!(key, RecordKey::Session(..)));
    assert_eq!(sessions.count(), 2);
    let second = pair.alice_says("after the night");
    assert_eq!(text(&pair.bob_hears(&second).unwrap()), "after the night");
    let answer = pair.bob_says("answer");
    assert!(answer.is("encrypted", NS_OMEMO_2));
    assert_eq!(text(&pair.alice_hears(&answer).unwrap()), "answer");
}
