// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The double ratchet (XEP-0384 §4.3).
//!
//! [`Ratchet`] is small and rewritten with each message; [`PastChains`] holds what outlives a step (keys of skipped
//! messages, and which chains there were) and changes seldom. Decrypting changes neither: it gives a [`Step`], which
//! the caller applies once everything else about the message holds too.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::namespace::Namespace;
use crate::primitives::{CipherKeys, hkdf_sha256};
use crate::secret::{KeyPair, LowOrder, Secret, Wiped, hex32};
use crate::wire::{self, AuthenticatedMessage, Message};

mod chain;
mod past;

use chain::{Chain, SkippedKeys};
pub(crate) use past::PastChain;
pub use past::{MAX_PAST_CHAINS, MAX_STORED, PastChains};

/// Most message keys that are stored of one chain (XEP-0384 §4.3 recommends 1000).
pub const MAX_SKIP: u32 = 1000;
/// Most steps that a chain is derived forward at once. A device that was away while thousands of items went by has
/// to get over them; beyond [`MAX_SKIP`] only the newest keys are stored. It takes some tens of milliseconds.
pub const MAX_FORWARD: u32 = 100_000;
/// A chain that has grown to this many messages is answered, so that the ratchet turns (XEP-0384 §5.6).
pub const ANSWER_AT: u32 = 53;

/// One side's state of a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ratchet {
    namespace: Namespace,
    root: Secret,
    own: KeyPair,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remote: Option<RemoteKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sending: Option<Chain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    receiving: Option<Chain>,
    /// Length of the sending chain before this one.
    previous_sending: u32,
}

/// The other side's ratchet key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct RemoteKey(#[serde(with = "hex32")] [u8; 32]);

/// Why nothing was encrypted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RatchetEncryptError {
    /// The responder has to decrypt a message first.
    #[error("the responder's ratchet has received nothing yet")]
    NotStarted,
    /// The counter of the sending chain is at its end.
    #[error("the sending chain is used up")]
    ChainExhausted,
}

/// Why a message was not decrypted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RatchetDecryptError {
    /// Not a serialized [`Message`] with a ratchet key of 32 bytes and a ciphertext.
    #[error("malformed message: {0}")]
    Malformed(&'static str),
    /// Decrypted before.
    #[error("message {counter} was decrypted before")]
    Duplicate {
        /// The message's number in its chain.
        counter: u32,
    },
    /// Its key is no longer stored; whether it was decrypted before is not known either.
    #[error("the key of message {counter} is no longer stored")]
    KeyGone {
        /// The message's number in its chain.
        counter: u32,
    },
    /// More than [`MAX_FORWARD`] messages of its chain were missed.
    #[error("message {counter} is {skip} ahead")]
    TooFarAhead {
        /// The message's number in its chain.
        counter: u32,
        /// By how many it is ahead.
        skip: u32,
    },
    /// The authentication code is wrong.
    #[error("wrong authentication code")]
    BadMac,
    /// The authentication code holds but the ciphertext is no whole number of padded blocks.
    #[error("wrong padding")]
    BadPadding,
    /// The ratchet key in it is of low order.
    #[error("the ratchet key is of low order")]
    LowOrder,
}

impl From<LowOrder> for RatchetDecryptError {
    fn from(_: LowOrder) -> Self {
        Self::LowOrder
    }
}

/// What decrypting a message changes.
#[derive(Debug)]
pub struct Step {
    /// The number of the message in its chain.
    pub counter: u32,
    kind: StepKind,
}

#[derive(Debug)]
enum StepKind {
    /// A stored key is used up.
    Stored { chain: [u8; 32] },
    /// The receiving chain moved on.
    Moved {
        receiving: Chain,
        remote: [u8; 32],
        skipped: SkippedKeys,
    },
    /// A new receiving chain began, and with it a new sending chain.
    Turned {
        next: Box<Ratchet>,
        /// The receiving chain before, its length, and its keys that were skipped at its end.
        retired: Option<([u8; 32], u32, SkippedKeys)>,
        remote: [u8; 32],
        skipped: SkippedKeys,
    },
}

impl Step {
    /// Whether the message is ahead of all others in its chain, rather than one that was skipped.
    #[must_use]
    pub fn moves(&self) -> bool {
        !matches!(self.kind, StepKind::Stored { .. })
    }
}

impl Ratchet {
    /// The initiator's side: it can send at once. `remote` is the responder's signed pre key.
    ///
    /// # Errors
    /// [`LowOrder`] when `remote` is of low order.
    pub fn initiate(
        namespace: Namespace,
        shared: &Secret,
        remote: &[u8; 32],
        rng: &mut impl CryptoRng,
    ) -> Result<Self, LowOrder> {
        let own = KeyPair::generate(rng);
        let (root, sending) = root_step(namespace, shared, &own.agree(remote)?);
        Ok(Self {
            namespace,
            root,
            own,
            remote: Some(RemoteKey(*remote)),
            sending: Some(sending),
            receiving: None,
            previous_sending: 0,
        })
    }

    /// The responder's side: it has to decrypt a message first. `signed_pre_key` is the one that X3DH used.
    #[must_use]
    pub fn respond(namespace: Namespace, shared: &Secret, signed_pre_key: &KeyPair) -> Self {
        Self {
            namespace,
            root: shared.clone(),
            own: signed_pre_key.clone(),
            remote: None,
            sending: None,
            receiving: None,
            previous_sending: 0,
        }
    }

    /// How many messages were sent in the current chain.
    #[must_use]
    pub fn sent(&self) -> u32 {
        self.sending.as_ref().map_or(0, |chain| chain.next)
    }

    /// Encrypts the next message of the sending chain.
    ///
    /// # Errors
    /// See [`RatchetEncryptError`]; the state is then unchanged.
    pub fn encrypt(
        &mut self,
        plaintext: &[u8],
        associated_data: &[u8],
    ) -> Result<AuthenticatedMessage, RatchetEncryptError> {
        let sending = self.sending.as_mut().ok_or(RatchetEncryptError::NotStarted)?;
        let n = sending.next;
        let message_key = sending.step().ok_or(RatchetEncryptError::ChainExhausted)?;
        let keys = CipherKeys::derive(message_key.as_bytes(), self.namespace.message_keys_info());
        let message = Message {
            n,
            pn: self.previous_sending,
            dh_pub: self.own.public().to_vec(),
            ciphertext: Some(keys.encrypt(plaintext)),
        };
        let message = wire::encode_message(self.namespace, message);
        let mut mac = keys.authenticate(&[associated_data, &message]).to_vec();
        mac.truncate(self.namespace.mac_length());
        Ok(AuthenticatedMessage { mac, message })
    }

    /// Decrypts a message. Nothing changes until the step is applied.
    ///
    /// # Errors
    /// See [`RatchetDecryptError`].
    pub fn decrypt(
        &self,
        past: &PastChains,
        received: &AuthenticatedMessage,
        associated_data: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<(Zeroizing<Vec<u8>>, Step), RatchetDecryptError> {
        let message = wire::decode_message(self.namespace, &received.message)
            .map_err(|wire::Malformed(what)| RatchetDecryptError::Malformed(what))?;
        let remote: [u8; 32] = message
            .dh_pub
            .as_slice()
            .try_into()
            .map_err(|_| RatchetDecryptError::Malformed("the ratchet key has not 32 bytes"))?;
        let counter = message.n;
        let open = |message_key: &Secret| {
            let keys = CipherKeys::derive(message_key.as_bytes(), self.namespace.message_keys_info());
            let length = self.namespace.mac_length();
            if !keys.verify(&received.mac, length, &[associated_data, &received.message]) {
                return Err(RatchetDecryptError::BadMac);
            }
            keys.decrypt(message.ciphertext.as_deref().unwrap_or_default())
                .ok_or(RatchetDecryptError::BadPadding)
        };

        if let Some(message_key) = past.key(&remote, counter) {
            let plaintext = open(message_key)?;
            return Ok((
                plaintext,
                Step {
                    counter,
                    kind: StepKind::Stored { chain: remote },
                },
            ));
        }
        let current = self.remote == Some(RemoteKey(remote));
        if let Some(receiving) = self.receiving.as_ref().filter(|_| current) {
            if counter < receiving.next {
                return Err(past.missing(&remote, counter));
            }
            let (message_key, receiving, skipped) = receiving.forward(counter)?;
            let plaintext = open(&message_key)?;
            let kind = StepKind::Moved {
                receiving,
                remote,
                skipped,
            };
            return Ok((plaintext, Step { counter, kind }));
        }
        if past.ended(&remote) {
            return Err(past.missing(&remote, counter));
        }
        self.decrypt_new_chain(remote, &message, open, rng)
    }

    /// The other side has turned the ratchet: a new receiving chain, and with it a new sending chain.
    fn decrypt_new_chain(
        &self,
        remote: [u8; 32],
        message: &Message,
        open: impl Fn(&Secret) -> Result<Zeroizing<Vec<u8>>, RatchetDecryptError>,
        rng: &mut impl CryptoRng,
    ) -> Result<(Zeroizing<Vec<u8>>, Step), RatchetDecryptError> {
        let (root, receiving) = root_step(self.namespace, &self.root, &self.own.agree(&remote)?);
        let (message_key, receiving, skipped) = receiving.forward(message.n)?;
        let plaintext = open(&message_key)?;

        // Only now, since whoever cannot make the code is not worth another agreement or a long derivation.
        let retired = match (self.remote, &self.receiving) {
            (Some(RemoteKey(chain)), Some(old)) => {
                let length = message.pn.max(old.next);
                Some((chain, length, old.skip_to_end(message.pn)))
            }
            _ => None,
        };
        let own = KeyPair::generate(rng);
        let (root, sending) = root_step(self.namespace, &root, &own.agree(&remote)?);
        let next = Box::new(Self {
            namespace: self.namespace,
            root,
            own,
            remote: Some(RemoteKey(remote)),
            sending: Some(sending),
            receiving: Some(receiving),
            previous_sending: self.sent(),
        });
        let kind = StepKind::Turned {
            next,
            retired,
            remote,
            skipped,
        };
        Ok((
            plaintext,
            Step {
                counter: message.n,
                kind,
            },
        ))
    }

    /// Applies what [`Ratchet::decrypt`] gave, to the same state.
    pub fn apply(&mut self, past: &mut PastChains, step: Step) {
        match step.kind {
            StepKind::Stored { chain } => past.take(&chain, step.counter),
            StepKind::Moved {
                receiving,
                remote,
                skipped,
            } => {
                self.receiving = Some(receiving);
                past.store(&remote, skipped);
            }
            StepKind::Turned {
                next,
                retired,
                remote,
                skipped,
            } => {
                *self = *next;
                if let Some((chain, length, keys)) = retired {
                    past.retire(&chain, length, keys);
                }
                past.store(&remote, skipped);
            }
        }
    }
}

/// KDF_RK: a new root key and a new chain (XEP-0384 §4.3).
fn root_step(namespace: Namespace, root: &Secret, agreement: &Secret) -> (Secret, Chain) {
    let output: Wiped<64> = hkdf_sha256(root.as_bytes(), agreement.as_bytes(), namespace.root_chain_info());
    let Some((root, chain)) = output.split_first_chunk::<32>() else {
        unreachable!("64 bytes hold 32")
    };
    let Some(chain) = chain.first_chunk::<32>() else {
        unreachable!("64 bytes hold twice 32")
    };
    (
        Secret::from_bytes(root),
        Chain {
            key: Secret::from_bytes(chain),
            next: 0,
        },
    )
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
