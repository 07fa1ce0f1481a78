// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::identity::IdentityKeyPair;

fn key(seed: u64) -> [u8; 32] {
    let mut rng = StdRng::seed_from_u64(seed);
    *IdentityKeyPair::generate(&mut rng).public().as_bytes()
}

fn parse(text: &str) -> Result<TrustMessage, TrustMessageError> {
    TrustMessage::parse(&text.parse().unwrap())
}

fn message(content: &str) -> String {
    format!(
        "<trust-message xmlns='urn:xmpp:tm:1' usage='urn:xmpp:atm:1' encryption='urn:xmpp:omemo:2'>{content}</trust-message>"
    )
}

#[test]
fn what_is_written_is_read_again() {
    let decision = |jid: &str, seed, trusted| TrustDecision {
        jid: jid.to_owned(),
        key: key(seed),
        trusted,
        at: 7,
    };
    let said = [
        decision("alice@example.org", 1, true),
        decision("alice@example.org", 2, false),
        decision("bob@example.com", 3, true),
    ];
    let message = TrustMessage::of(&said);
    insta::assert_snapshot!(String::from(&message.serialize()), @"<trust-message xmlns='urn:xmpp:tm:1' encryption='urn:xmpp:omemo:2' usage='urn:xmpp:atm:1'><key-owner jid='alice@example.org'><trust>/4egsKPHwM6Cfpytpf9551pEoGM7/LW1D5kwfdsmszc=</trust><distrust>GR/DjxNKrxt/2x+GMwudA+lL1LqIT0kDid6WREjomz8=</distrust></key-owner><key-owner jid='bob@example.com'><trust>xbu7YOQSh5u+x7t2mAT6jjbmivENVHcoC2Pe6sqTG+0=</trust></key-owner></trust-message>");
    assert_eq!(TrustMessage::parse(&message.serialize()).unwrap(), message);
    let mut decisions = message.decisions(7);
    decisions.sort_by_key(|decision| said.iter().position(|other| other == decision));
    assert_eq!(decisions, said);
}

#[test]
fn a_key_that_is_both_is_distrusted() {
    let key = xml::base64(&key(1));
    for both in [
        format!("<trust>{key}</trust><distrust>{key}</distrust>"),
        format!("<distrust>{key}</distrust><trust>{key}</trust>"),
    ] {
        let text = message(&format!("<key-owner jid='a@example.org'>{both}</key-owner>"));
        let decisions = parse(&text).unwrap().decisions(1);
        assert_eq!(decisions.len(), 1);
        assert!(!decisions[0].trusted);
    }
}

#[test]
fn what_is_malformed_is_refused_with_its_own_error() {
    let owner = |content: &str| message(&format!("<key-owner jid='a@example.org'>{content}</key-owner>"));
    let bad_key = TrustMessageError::BadKey {
        owner: "a@example.org".to_owned(),
    };
    let weak = xml::base64(&[0; 32]);
    let rows = [
        (
            "<trust-message xmlns='urn:xmpp:tm:0'/>".to_owned(),
            TrustMessageError::WrongElement {
                found: "trust-message xmlns='urn:xmpp:tm:0'".to_owned(),
            },
        ),
        (
            message("").replace("urn:xmpp:atm:1", "urn:xmpp:other"),
            TrustMessageError::OtherUse {
                expected: NS_TRUST_MANAGEMENT,
                found: "urn:xmpp:other".to_owned(),
            },
        ),
        (
            message("").replace("urn:xmpp:omemo:2", "urn:xmpp:openpgp:0"),
            TrustMessageError::OtherUse {
                expected: NS_OMEMO_2,
                found: "urn:xmpp:openpgp:0".to_owned(),
            },
        ),
        (message("<key-owner/>"), TrustMessageError::MissingOwner),
        (owner("<trust>*</trust>"), bad_key.clone()),
        (owner("<trust>AAAA</trust>"), bad_key.clone()),
        (owner(&format!("<distrust>{weak}</distrust>")), bad_key),
        (
            owner(&format!("<trust>{}</trust>", xml::base64(&key(1))).repeat(MAX_TRUST_KEYS + 1)),
            TrustMessageError::TooManyKeys {
                limit: MAX_TRUST_KEYS,
            },
        ),
    ];
    for (text, error) in rows {
        assert_eq!(parse(&text), Err(error));
    }
}
