// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;

const AD: &[u8] = b"associated data";

/// Both ends of one session.
struct Ends {
    initiator: Ratchet,
    responder: Ratchet,
    past: PastChains,
    rng: StdRng,
}

impl Ends {
    fn new() -> Self {
        let mut rng = StdRng::seed_from_u64(1);
        let shared = Secret::generate(&mut rng);
        let signed_pre_key = KeyPair::generate(&mut rng);
        let namespace = Namespace::Omemo2;
        Self {
            initiator: Ratchet::initiate(namespace, &shared, signed_pre_key.public(), &mut rng).unwrap(),
            responder: Ratchet::respond(namespace, &shared, &signed_pre_key),
            past: PastChains::default(),
            rng,
        }
    }

    /// The responder reads a message.
    fn read(&mut self, message: &AuthenticatedMessage) -> Result<Vec<u8>, RatchetDecryptError> {
        let (plaintext, step) = self.responder.decrypt(&self.past, message, AD, &mut self.rng)?;
        self.responder.apply(&mut self.past, step);
        Ok(plaintext.to_vec())
    }

    /// The responder answers and the initiator reads it, so that the ratchet turns.
    fn turn(&mut self) {
        let answer = self.responder.encrypt(b"answer", AD).unwrap();
        let mut past = PastChains::default();
        let (_, step) = self.initiator.decrypt(&past, &answer, AD, &mut self.rng).unwrap();
        self.initiator.apply(&mut past, step);
    }
}

#[test]
fn the_responder_listens_first() {
    let mut ends = Ends::new();
    assert_eq!(
        ends.responder.encrypt(b"x", AD),
        Err(RatchetEncryptError::NotStarted)
    );
    let message = ends.initiator.encrypt(b"hello", AD).unwrap();
    assert_eq!(ends.read(&message).unwrap(), b"hello");
    assert!(ends.responder.encrypt(b"x", AD).is_ok());
}

#[test]
fn other_associated_data_is_another_session() {
    let mut ends = Ends::new();
    let message = ends.initiator.encrypt(b"hello", b"other").unwrap();
    assert_eq!(ends.read(&message), Err(RatchetDecryptError::BadMac));
}

#[test]
fn a_chain_ends_with_its_counter() {
    let mut ends = Ends::new();
    ends.initiator.sending.as_mut().unwrap().next = u32::MAX - 1;
    let last = ends.initiator.encrypt(b"last", AD).unwrap();
    assert_eq!(
        wire::decode_message(Namespace::Omemo2, &last.message).unwrap().n,
        u32::MAX - 1
    );
    for _ in 0..2 {
        assert_eq!(
            ends.initiator.encrypt(b"x", AD),
            Err(RatchetEncryptError::ChainExhausted)
        );
    }
}

#[test]
fn a_step_that_is_not_applied_changes_nothing() {
    let mut ends = Ends::new();
    let message = ends.initiator.encrypt(b"hello", AD).unwrap();
    for _ in 0..3 {
        let (plaintext, step) = ends
            .responder
            .decrypt(&ends.past, &message, AD, &mut ends.rng)
            .unwrap();
        assert_eq!(plaintext.as_slice(), b"hello");
        assert!(step.moves());
    }
    assert_eq!(ends.read(&message).unwrap(), b"hello");
    assert_eq!(
        ends.read(&message),
        Err(RatchetDecryptError::Duplicate { counter: 0 })
    );
}

#[test]
fn past_chains_are_bounded() {
    let mut ends = Ends::new();
    let first = ends.initiator.encrypt(b"first", AD).unwrap();
    let lost = ends.initiator.encrypt(b"lost", AD).unwrap();
    for _ in 0..MAX_PAST_CHAINS {
        let message = ends.initiator.encrypt(b"turn", AD).unwrap();
        ends.read(&message).unwrap();
        ends.turn();
    }
    assert_eq!(ends.past.stored(), 2);
    assert_eq!(
        ends.read(&first).unwrap(),
        b"first",
        "the oldest of the chains that are remembered"
    );
    let message = ends.initiator.encrypt(b"turn", AD).unwrap();
    ends.read(&message).unwrap();
    ends.turn();
    let message = ends.initiator.encrypt(b"turn", AD).unwrap();
    ends.read(&message).unwrap();
    assert_eq!(ends.past.iter().count(), MAX_PAST_CHAINS);
    assert_eq!(ends.past.stored(), 0, "its key went with the chain");
    assert_eq!(
        ends.read(&lost),
        Err(RatchetDecryptError::BadMac),
        "nothing is known of it any more"
    );
}

/// The other side says that its last chain had four thousand million messages: the new chain is worth more.
#[test]
fn a_previous_chain_that_is_too_long_is_given_up() {
    let mut ends = Ends::new();
    let early = ends.initiator.encrypt(b"early", AD).unwrap();
    let message = ends.initiator.encrypt(b"hello", AD).unwrap();
    ends.read(&message).unwrap();
    ends.turn();
    ends.initiator.previous_sending = u32::MAX;
    let message = ends.initiator.encrypt(b"new chain", AD).unwrap();
    assert_eq!(ends.read(&message).unwrap(), b"new chain");
    assert_eq!(ends.read(&early).unwrap(), b"early", "its key was stored before");
}

/// Whoever knows the end of a chain sends nothing beyond it.
#[test]
fn nothing_is_read_beyond_the_end_of_a_chain() {
    let mut ends = Ends::new();
    let message = ends.initiator.encrypt(b"hello", AD).unwrap();
    ends.read(&message).unwrap();
    let beyond = ends.initiator.clone().encrypt(b"beyond", AD).unwrap();
    ends.turn();
    let message = ends.initiator.encrypt(b"new chain", AD).unwrap();
    ends.read(&message).unwrap();
    assert_eq!(ends.read(&beyond), Err(RatchetDecryptError::BadMac));
    assert_eq!(
        ends.read(&message),
        Err(RatchetDecryptError::Duplicate { counter: 0 })
    );
}
