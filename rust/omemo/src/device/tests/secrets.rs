// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Nothing that a log may show holds a secret.

use super::*;
use crate::{KeyPair, Secret};

#[test]
fn debug_output_shows_no_secret() {
    let seed = Secret::from_bytes(&[1; 32]);
    let identity = IdentityKeyPair::from_seed(&seed);
    let pair = KeyPair::from_secret(seed.clone());
    insta::assert_snapshot!(format!("{seed:?}"), @"Secret(..)");
    insta::assert_snapshot!(format!("{pair:?}"), @"KeyPair(a4e09292b651c278b9772c569f5fa9bb13d906b46ab68c9df9dc2b4409f8a209)");
    insta::assert_snapshot!(format!("{identity:?}"), @"IdentityKeyPair { public: IdentityKey(8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c), .. }");
    insta::assert_snapshot!(format!("{:?}", Device::create(ALICE, NOW, &mut rng(70))), @r#"Device { account: "alice@wonderland.example", id: 159170162, fingerprint: Fingerprint(9e5a810b af382617 f3553128 5e9b6986 09633e39 61be6b33 edc379f8 b24a1564), .. }"#);
    let change = Change {
        table: "omemo_identity",
        key: "self".to_owned(),
        value: Some(b"secret".to_vec()),
    };
    insta::assert_snapshot!(format!("{change:?}"), @r#"Change { table: "omemo_identity", key: "self", value_len: Some(6) }"#);
}

/// Looks for every secret of a device, in every form that `Debug` may give it.
#[test]
fn no_secret_in_the_debug_output_of_the_inside() {
    let mut conversation = Pair::new(71);
    conversation.alice_says("lost");
    let first = conversation.alice_says("hello");
    conversation.bob_hears(&first).unwrap();
    let bob = &conversation.bob;
    let shown = format!("{bob:?} {:?} {:?} {:?}", bob.pre_keys, bob.peers, bob.identity);
    assert!(shown.contains("Secret(..)"), "it shows the places of secrets");
    let stored = records(bob);
    let mut secrets = 0;
    for value in stored.values() {
        let value: serde_json::Value = serde_json::from_slice(value).unwrap();
        collect(&value, None, &mut |secret| {
            secrets += 1;
            let bytes = hex::decode(secret).unwrap();
            assert!(!shown.contains(secret));
            assert!(!shown.contains(&format!("{bytes:?}")));
        });
    }
    assert!(secrets > PRE_KEYS, "{secrets} secrets were looked for");
}

/// All members that hold secrets, by their names.
fn collect(value: &serde_json::Value, name: Option<&str>, found: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, value)| collect(value, Some(name), found));
        }
        serde_json::Value::String(text) => {
            let counter = name.is_some_and(|name| name.parse::<u32>().is_ok());
            if counter || matches!(name, Some("seed" | "secret" | "key" | "root" | "own")) {
                found(text);
            }
        }
        _ => {}
    }
}
