// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Known answers for the steps of the key derivations one by one: "layers" in what `tests/omemo-vectors/make.py` wrote.

use serde::Deserialize;
use serde_json::Value;

use super::*;
use crate::primitives::MAC_LENGTH;

#[derive(Deserialize)]
struct Layers {
    root_chain: Vec<RootStep>,
    chain: Vec<ChainStep>,
    messages: Vec<Encryption>,
}

#[derive(Deserialize)]
struct RootStep {
    root_key: String,
    agreement: String,
    next_root_key: String,
    chain_key: String,
}

#[derive(Deserialize)]
struct ChainStep {
    chain_key: String,
    next_chain_key: String,
    message_key: String,
}

#[derive(Deserialize)]
struct Encryption {
    message_key: String,
    plaintext: String,
    associated_data: String,
    n: u32,
    pn: u32,
    ratchet_key: String,
    authenticated_message: String,
}

fn layers() -> [(Namespace, Layers); 2] {
    [
        (
            Namespace::Omemo2,
            include_str!("../../../../tests/omemo-vectors/vectors.json"),
        ),
        (
            Namespace::Legacy,
            include_str!("../../../../tests/omemo-vectors/vectors-legacy.json"),
        ),
    ]
    .map(|(namespace, text)| {
        let mut vectors: Value = serde_json::from_str(text).unwrap();
        (
            namespace,
            serde_json::from_value(vectors["layers"].take()).unwrap(),
        )
    })
}

fn secret(text: &str) -> Secret {
    Secret::from_bytes(&hex::decode(text).unwrap().try_into().unwrap())
}

#[test]
fn root_chain() {
    for (namespace, layers) in layers() {
        assert!(layers.root_chain.len() > 4, "{}", layers.root_chain.len());
        for step in layers.root_chain {
            let (root, chain) = root_step(namespace, &secret(&step.root_key), &secret(&step.agreement));
            assert_eq!(hex::encode(root.as_bytes()), step.next_root_key);
            assert_eq!(hex::encode(chain.key.as_bytes()), step.chain_key);
            assert_eq!(chain.next, 0);
        }
    }
}

#[test]
fn chains() {
    for (_, layers) in layers() {
        assert!(layers.chain.len() > 10, "{}", layers.chain.len());
        for step in layers.chain {
            let mut chain = Chain {
                key: secret(&step.chain_key),
                next: 0,
            };
            let message_key = chain.step().unwrap();
            assert_eq!(hex::encode(message_key.as_bytes()), step.message_key);
            assert_eq!(hex::encode(chain.key.as_bytes()), step.next_chain_key);
        }
    }
}

/// Message keys, the layout of a message, and its authentication code with the associated data of its direction.
#[test]
fn messages() {
    for (namespace, layers) in layers() {
        let directions: std::collections::BTreeSet<_> =
            layers.messages.iter().map(|step| &step.associated_data).collect();
        assert_eq!(
            directions.len(),
            if namespace == Namespace::Legacy { 2 } else { 1 }
        );
        for step in &layers.messages {
            let keys = CipherKeys::derive(
                secret(&step.message_key).as_bytes(),
                namespace.message_keys_info(),
            );
            let message = wire::encode_message(
                namespace,
                Message {
                    n: step.n,
                    pn: step.pn,
                    dh_pub: hex::decode(&step.ratchet_key).unwrap(),
                    ciphertext: Some(keys.encrypt(&hex::decode(&step.plaintext).unwrap())),
                },
            );
            let mut mac: [u8; MAC_LENGTH] =
                keys.authenticate(&[&hex::decode(&step.associated_data).unwrap(), &message]);
            mac[namespace.mac_length()..].fill(0);
            let content = wire::KeyContent::Authenticated(AuthenticatedMessage {
                mac: mac[..namespace.mac_length()].to_vec(),
                message,
            });
            assert_eq!(
                hex::encode(content.serialize(namespace, 1)),
                step.authenticated_message
            );
        }
    }
}
