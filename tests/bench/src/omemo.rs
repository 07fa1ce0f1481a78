// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! OMEMO beside vodozemac's Olm (another protocol of the same family, its ratchet laid out alike) and beside the sum of
//! the primitives that OMEMO's own protocol demands.

use std::hint::black_box;
use std::time::Duration;

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hkdf::Hkdf;
use hmac::{Hmac, Mac, digest::KeyInit};
use omemo::ratchet::{PastChains, Ratchet};
use omemo::wire::{AuthenticatedMessage, KeyContent, KeyExchange};
use omemo::{IdentityKey, IdentityKeyPair, KeyPair, Namespace, Secret, x3dh};
use rand_core::CryptoRng;
use sha2::Sha256;
use vodozemac::olm::{Account, OlmMessage, Session, SessionConfig};
use x25519_dalek::{PublicKey, StaticSecret};

use crate::report::{Report, time};

mod devices;
mod peers;

/// What the ratchet carries for each reader: a key and an authentication code.
const MATERIAL: [u8; 48] = [7; 48];
const NAMESPACE: Namespace = Namespace::Omemo2;
const OLM: &str = "vodozemac Olm";
const FLOOR: &str = "sum of the primitives";

/// All figures of this family.
pub fn run(report: &mut Report) {
    same_chain(report);
    ping_pong(report);
    key_agreement(report);
    devices::run(report);
    peers::run(report);
}

/// Two ends of a session that both know.
struct Ours {
    alice: (Ratchet, PastChains),
    bob: (Ratchet, PastChains),
    associated_data: Vec<u8>,
}

impl Ours {
    fn new(rng: &mut impl CryptoRng) -> Self {
        let (shared, signed_pre_key) = (Secret::generate(rng), KeyPair::generate(rng));
        let alice = Ratchet::initiate(NAMESPACE, &shared, signed_pre_key.public(), rng).expect("a fresh key");
        let bob = Ratchet::respond(NAMESPACE, &shared, &signed_pre_key);
        let mut ends = Self {
            alice: (alice, PastChains::default()),
            bob: (bob, PastChains::default()),
            associated_data: vec![1; 64],
        };
        ends.turn(rng);
        ends
    }

    /// A message there and one back; gives how long encrypting and decrypting one of them took.
    fn turn(&mut self, rng: &mut impl CryptoRng) -> (Duration, Duration) {
        let mut message = None;
        let encrypt = time(|| message = Some(encrypt(&mut self.alice.0, &self.associated_data)));
        let message = message.expect("encrypted above");
        let decrypt = time(|| decrypt(&mut self.bob, &message, &self.associated_data, rng));
        let answer = encrypt_message(&mut self.bob.0, &self.associated_data);
        decrypt_message(&mut self.alice, &answer, &self.associated_data, rng);
        (encrypt, decrypt)
    }
}

fn encrypt_message(ratchet: &mut Ratchet, associated_data: &[u8]) -> AuthenticatedMessage {
    ratchet
        .encrypt(&MATERIAL, associated_data)
        .expect("the chain is young")
}

fn encrypt(ratchet: &mut Ratchet, associated_data: &[u8]) -> Vec<u8> {
    KeyContent::Authenticated(encrypt_message(ratchet, associated_data)).serialize(NAMESPACE, 1)
}

fn decrypt_message(
    (ratchet, past): &mut (Ratchet, PastChains),
    message: &AuthenticatedMessage,
    associated_data: &[u8],
    rng: &mut impl CryptoRng,
) {
    let (plaintext, step) = ratchet
        .decrypt(past, message, associated_data, rng)
        .expect("the peer's message");
    ratchet.apply(past, step);
    black_box(plaintext);
}

fn decrypt(end: &mut (Ratchet, PastChains), bytes: &[u8], associated_data: &[u8], rng: &mut impl CryptoRng) {
    match KeyContent::parse(NAMESPACE, bytes).expect("our own bytes") {
        KeyContent::Authenticated(message) => decrypt_message(end, &message, associated_data, rng),
        KeyContent::KeyExchange(_) => unreachable!("no key exchange was made"),
    }
}

/// Two ends of an Olm session that both know.
struct Olm {
    alice: Session,
    bob: Session,
}

impl Olm {
    fn new() -> Self {
        let (alice_account, mut bob_account) = (Account::new(), Account::new());
        let mut alice = olm_outbound(&alice_account, &mut bob_account);
        let first = alice.encrypt(MATERIAL).expect("a fresh session");
        let bob = olm_inbound(&alice_account, &mut bob_account, &first);
        let mut ends = Self { alice, bob };
        ends.turn();
        ends
    }

    fn turn(&mut self) -> (Duration, Duration) {
        let mut message = None;
        let encrypt = time(|| message = Some(olm_encrypt(&mut self.alice)));
        let message = message.expect("encrypted above");
        let decrypt = time(|| olm_decrypt(&mut self.bob, &message));
        let answer = olm_encrypt(&mut self.bob);
        olm_decrypt(&mut self.alice, &answer);
        (encrypt, decrypt)
    }
}

fn olm_outbound(alice: &Account, bob: &mut Account) -> Session {
    bob.generate_one_time_keys(1);
    let one_time_key = *bob.one_time_keys().values().next().expect("generated above");
    bob.mark_keys_as_published();
    alice
        .create_outbound_session(SessionConfig::version_1(), bob.curve25519_key(), one_time_key)
        .expect("fresh keys")
}

fn olm_inbound(alice: &Account, bob: &mut Account, first: &OlmMessage) -> Session {
    let OlmMessage::PreKey(first) = first else {
        unreachable!("the first message of a session")
    };
    bob.create_inbound_session(SessionConfig::version_1(), alice.curve25519_key(), first)
        .expect("the peer's message")
        .session
}

/// With its serialized form, as ours.
fn olm_encrypt(session: &mut Session) -> (usize, Vec<u8>) {
    session.encrypt(MATERIAL).expect("a young session").to_parts()
}

fn olm_decrypt(session: &mut Session, (kind, bytes): &(usize, Vec<u8>)) {
    let message = OlmMessage::from_parts(*kind, bytes).expect("its own bytes");
    black_box(session.decrypt(&message).expect("the peer's message"));
}

fn hmac(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("any length");
    mac.update(data);
    mac.finalize().into_bytes().into()
}

fn hkdf<const N: usize>(salt: &[u8], material: &[u8]) -> [u8; N] {
    let mut output = [0; N];
    Hkdf::<Sha256>::new(Some(salt), material)
        .expand(b"OMEMO Message Key Material", &mut output)
        .expect("short");
    output
}

/// What each message of a chain costs at least: two steps of the chain, the keys, the cipher, the code.
fn floor_of_a_message(encrypting: bool) {
    let chain = black_box([1; 32]);
    let message_key = hmac(&chain, &[1]);
    black_box(hmac(&chain, &[2]));
    let keys: [u8; 80] = hkdf(&[0; 32], &message_key);
    let (key, iv): ([u8; 32], [u8; 16]) = (
        keys[..32].try_into().expect("32"),
        keys[64..].try_into().expect("16"),
    );
    if encrypting {
        let cipher = cbc::Encryptor::<Aes256>::new(&key.into(), &iv.into());
        black_box(cipher.encrypt_padded_vec::<Pkcs7>(&MATERIAL));
    } else {
        let cipher = cbc::Decryptor::<Aes256>::new(&key.into(), &iv.into());
        let _ = black_box(cipher.decrypt_padded_vec::<Pkcs7>(&[0; 64]));
    }
    // 64 bytes of associated data and 104 of a serialized message.
    black_box(hmac(&keys[32..64], &[0; 168]));
}

/// Key pairs for the floors.
struct Keys {
    own: StaticSecret,
    other: PublicKey,
    verifying: VerifyingKey,
    signature: Signature,
}

impl Keys {
    fn new(rng: &mut impl CryptoRng) -> Self {
        let signing = SigningKey::generate(rng);
        Self {
            own: StaticSecret::random_from_rng(rng),
            other: PublicKey::from(&StaticSecret::random_from_rng(rng)),
            verifying: signing.verifying_key(),
            signature: signing.sign(&[9; 32]),
        }
    }

    fn agree(&self, times: usize) {
        for _ in 0..times {
            black_box(black_box(&self.own).diffie_hellman(&self.other));
        }
    }

    fn generate(&self, times: usize, rng: &mut impl CryptoRng) {
        for _ in 0..times {
            black_box(PublicKey::from(&StaticSecret::random_from_rng(rng)));
        }
    }

    fn verify(&self) {
        black_box(self.verifying.verify_strict(&[9; 32], &self.signature).is_ok());
    }
}

fn same_chain(report: &mut Report) {
    let rng = &mut rand::rng();
    let (mut ours, mut olm) = (Ours::new(rng), Olm::new());
    let name = "OMEMO encrypt, same chain";
    report.compare(
        name,
        || time(|| encrypt(&mut ours.alice.0, &ours.associated_data)),
        OLM,
        || time(|| olm_encrypt(&mut olm.alice)),
    );
    let mut fresh = Ours::new(rng);
    report.compare(
        name,
        || time(|| encrypt(&mut fresh.alice.0, &fresh.associated_data)),
        FLOOR,
        || time(|| floor_of_a_message(true)),
    );

    let name = "OMEMO decrypt, same chain";
    let mut ours = Ours::new(rng);
    let mut olm = Olm::new();
    report.compare(
        name,
        || {
            let bytes = encrypt(&mut ours.alice.0, &ours.associated_data);
            time(|| decrypt(&mut ours.bob, &bytes, &ours.associated_data, rng))
        },
        OLM,
        || {
            let message = olm_encrypt(&mut olm.alice);
            time(|| olm_decrypt(&mut olm.bob, &message))
        },
    );
    report.compare(
        name,
        || {
            let bytes = encrypt(&mut ours.alice.0, &ours.associated_data);
            time(|| decrypt(&mut ours.bob, &bytes, &ours.associated_data, rng))
        },
        FLOOR,
        || time(|| floor_of_a_message(false)),
    );
}

/// Each message turns the ratchet. Olm makes its new key when it encrypts, this one when it decrypts: the sum of both
/// is what compares.
fn ping_pong(report: &mut Report) {
    let rng = &mut rand::rng();
    let (mut ours, mut olm) = (Ours::new(rng), Olm::new());
    report.compare(
        "OMEMO encrypt, ping-pong",
        || ours.turn(rng).0,
        OLM,
        || olm.turn().0,
    );
    report.compare(
        "OMEMO decrypt, ping-pong",
        || ours.turn(rng).1,
        OLM,
        || olm.turn().1,
    );
    let name = "OMEMO both ends of a message, ping-pong";
    let sum = |(encrypt, decrypt): (Duration, Duration)| encrypt + decrypt;
    report.compare(name, || sum(ours.turn(rng)), OLM, || sum(olm.turn()));
    let (keys, other) = (Keys::new(rng), &mut rand::rng());
    report.compare(
        name,
        || sum(ours.turn(rng)),
        FLOOR,
        || {
            time(|| {
                keys.agree(2);
                keys.generate(1, other);
                for _ in 0..2 {
                    black_box(hkdf::<64>(&[1; 32], &[2; 32]));
                }
                floor_of_a_message(true);
                floor_of_a_message(false);
            })
        },
    );
}

/// Alice's and Bob's long-term keys.
struct Parties {
    alice: IdentityKeyPair,
    bob: IdentityKeyPair,
    signed_pre_key: KeyPair,
    signature: [u8; 64],
    pre_key: KeyPair,
}

impl Parties {
    fn new(rng: &mut impl CryptoRng) -> Self {
        let bob = IdentityKeyPair::generate(rng);
        let signed_pre_key = KeyPair::generate(rng);
        let signature = bob.sign(signed_pre_key.public());
        Self {
            alice: IdentityKeyPair::generate(rng),
            bob,
            signed_pre_key,
            signature,
            pre_key: KeyPair::generate(rng),
        }
    }

    fn associated_data(&self) -> Vec<u8> {
        [
            self.alice.public().as_bytes().as_slice(),
            self.bob.public().as_bytes(),
        ]
        .concat()
    }

    /// From Bob's public keys to the first message's bytes.
    fn initiate(&self, rng: &mut impl CryptoRng) -> KeyExchange {
        let bob = IdentityKey::from_bytes(self.bob.public().as_bytes()).expect("a fresh key");
        assert!(
            bob.verify(self.signed_pre_key.public(), &self.signature),
            "signed above"
        );
        let ephemeral = KeyPair::generate(rng);
        let (signed_pre_key, pre_key) = (self.signed_pre_key.public(), self.pre_key.public());
        let shared = x3dh::initiate(NAMESPACE, &self.alice, &ephemeral, &bob, signed_pre_key, pre_key);
        let shared = shared.expect("fresh keys");
        let mut ratchet = Ratchet::initiate(NAMESPACE, &shared, signed_pre_key, rng).expect("a fresh key");
        KeyExchange {
            pk_id: 1,
            spk_id: 1,
            ik: self.alice.public().as_bytes().to_vec(),
            ek: ephemeral.public().to_vec(),
            message: encrypt_message(&mut ratchet, &self.associated_data()),
        }
    }

    /// From the first message to its content, and to a ratchet that can answer.
    fn respond(&self, exchange: &KeyExchange, rng: &mut impl CryptoRng) -> Ratchet {
        let alice = IdentityKey::from_bytes(&exchange.ik).expect("a fresh key");
        let ephemeral = exchange.ek.as_slice().try_into().expect("32 bytes");
        let shared = x3dh::respond(
            NAMESPACE,
            &self.bob,
            &self.signed_pre_key,
            &self.pre_key,
            &alice,
            ephemeral,
        );
        let shared = shared.expect("fresh keys");
        let mut end = (
            Ratchet::respond(NAMESPACE, &shared, &self.signed_pre_key),
            PastChains::default(),
        );
        decrypt_message(&mut end, &exchange.message, &self.associated_data(), rng);
        end.0
    }
}

fn key_agreement(report: &mut Report) {
    let rng = &mut rand::rng();
    let other = &mut rand::rng();
    let parties = Parties::new(rng);
    let (alice, mut bob) = (Account::new(), Account::new());
    let keys = Keys::new(rng);

    let name = "OMEMO X3DH active, first message";
    let active = |rng: &mut rand::rngs::ThreadRng| time(|| parties.initiate(rng));
    report.compare(
        name,
        || active(rng),
        "vodozemac Olm (3DH, no signature)",
        || {
            bob.generate_one_time_keys(1);
            let key = *bob.one_time_keys().values().next().expect("generated above");
            bob.mark_keys_as_published();
            let identity = bob.curve25519_key();
            time(|| {
                let session = alice.create_outbound_session(SessionConfig::version_1(), identity, key);
                olm_encrypt(&mut session.expect("fresh keys"))
            })
        },
    );
    report.compare(
        name,
        || active(rng),
        FLOOR,
        || {
            time(|| {
                keys.verify();
                keys.generate(2, other);
                keys.agree(5);
                for _ in 0..2 {
                    black_box(hkdf::<64>(&[1; 32], &[2; 160]));
                }
                floor_of_a_message(true);
            })
        },
    );

    let name = "OMEMO X3DH passive, first message";
    let exchange = parties.initiate(rng);
    let passive = |rng: &mut rand::rngs::ThreadRng| time(|| parties.respond(&exchange, rng));
    report.compare(
        name,
        || passive(rng),
        "vodozemac Olm (3DH), without an answer's key",
        || {
            let mut session = olm_outbound(&alice, &mut bob);
            let first = session.encrypt(MATERIAL).expect("a fresh session");
            time(|| olm_inbound(&alice, &mut bob, &first))
        },
    );
    report.compare(
        name,
        || passive(rng),
        FLOOR,
        || {
            time(|| {
                keys.agree(6);
                keys.generate(1, other);
                for _ in 0..3 {
                    black_box(hkdf::<64>(&[1; 32], &[2; 160]));
                }
                floor_of_a_message(false);
            })
        },
    );
}
