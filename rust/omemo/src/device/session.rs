// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One session with another device.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::namespace::Namespace;
use crate::ratchet::{PastChains, Ratchet, RatchetDecryptError, RatchetEncryptError, Step};
use crate::secret::{KeyPair, LowOrder, Secret, hex32};
use crate::wire::{AuthenticatedMessage, KeyContent, KeyExchange};

/// A session: a ratchet and what X3DH left to say.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// Names the session among those with its device, for good.
    pub(super) serial: u64,
    pub(super) peer: IdentityKey,
    pub(super) past: PastChains,
    pub(super) state: SessionState,
    sending_data: Vec<u8>,
    receiving_data: Vec<u8>,
}

/// What one `omemo_session` record holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SessionState {
    namespace: Namespace,
    /// The session of the highest rank is the one to encrypt with.
    pub(super) rank: u64,
    initiator: bool,
    #[serde(with = "hex32")]
    peer: [u8; 32],
    /// The initiator's ephemeral key, by which a repeated key exchange is recognised.
    #[serde(with = "hex32")]
    ephemeral: [u8; 32],
    /// Until an answer comes, each message carries the key exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unanswered: Option<Unanswered>,
    ratchet: Ratchet,
}

/// Ids of the responder's pre keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unanswered {
    pub(super) pre_key: u32,
    pub(super) signed_pre_key: u32,
}

impl Session {
    /// The initiator's side, after X3DH.
    #[expect(clippy::too_many_arguments, reason = "all that X3DH has told")]
    pub(super) fn initiate(
        namespace: Namespace,
        own: &IdentityKeyPair,
        peer: IdentityKey,
        shared: &Secret,
        signed_pre_key: &[u8; 32],
        ephemeral: [u8; 32],
        unanswered: Unanswered,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, LowOrder> {
        let ratchet = Ratchet::initiate(namespace, shared, signed_pre_key, rng)?;
        let (peer_bytes, unanswered) = (*peer.as_bytes(), Some(unanswered));
        let state = SessionState {
            namespace,
            rank: 0,
            initiator: true,
            peer: peer_bytes,
            ephemeral,
            unanswered,
            ratchet,
        };
        Ok(Self::new(own.public(), peer, state))
    }

    /// The responder's side, after X3DH.
    pub(super) fn respond(
        namespace: Namespace,
        own: &IdentityKeyPair,
        peer: IdentityKey,
        shared: &Secret,
        signed_pre_key: &KeyPair,
        ephemeral: [u8; 32],
    ) -> Self {
        let ratchet = Ratchet::respond(namespace, shared, signed_pre_key);
        let peer_bytes = *peer.as_bytes();
        let state = SessionState {
            namespace,
            rank: 0,
            initiator: false,
            peer: peer_bytes,
            ephemeral,
            unanswered: None,
            ratchet,
        };
        Self::new(own.public(), peer, state)
    }

    fn new(own: &IdentityKey, peer: IdentityKey, state: SessionState) -> Self {
        let (initiator, responder) = if state.initiator {
            (own, &peer)
        } else {
            (&peer, own)
        };
        let data = |from_initiator| {
            state
                .namespace
                .associated_data(initiator, responder, from_initiator)
        };
        let (sending_data, receiving_data) = (data(state.initiator), data(!state.initiator));
        Self {
            serial: 0,
            peer,
            past: PastChains::default(),
            state,
            sending_data,
            receiving_data,
        }
    }

    /// Puts a stored session back, still without its past chains; `None` when its identity key is damaged.
    pub(super) fn restore(own: &IdentityKey, serial: u64, state: SessionState) -> Option<Self> {
        let peer = IdentityKey::from_bytes(&state.peer).ok()?;
        Some(Self {
            serial,
            ..Self::new(own, peer, state)
        })
    }

    /// The XML namespace that the session speaks.
    pub(super) fn namespace(&self) -> Namespace {
        self.state.namespace
    }

    /// Whether the other side made the session by a key exchange with this ephemeral key.
    pub(super) fn was_made_by(&self, ephemeral: &[u8; 32]) -> bool {
        !self.state.initiator && self.state.ephemeral == *ephemeral
    }

    /// How many messages were sent since the ratchet last turned.
    pub(super) fn sent(&self) -> u32 {
        self.state.ratchet.sent()
    }

    /// Encrypts key material, with the key exchange while that was not answered.
    pub(super) fn encrypt(
        &mut self,
        own: &IdentityKey,
        key_material: &[u8],
    ) -> Result<KeyContent, RatchetEncryptError> {
        let message = self.state.ratchet.encrypt(key_material, &self.sending_data)?;
        Ok(match self.state.unanswered {
            None => KeyContent::Authenticated(message),
            Some(Unanswered {
                pre_key,
                signed_pre_key,
            }) => KeyContent::KeyExchange(KeyExchange {
                pk_id: pre_key,
                spk_id: signed_pre_key,
                ik: match self.state.namespace {
                    Namespace::Omemo2 => own.as_bytes().to_vec(),
                    Namespace::Legacy => own.montgomery().to_vec(),
                },
                ek: self.state.ephemeral.to_vec(),
                message,
            }),
        })
    }

    /// Decrypts key material; nothing changes until the step is applied.
    pub(super) fn decrypt(
        &self,
        message: &AuthenticatedMessage,
        rng: &mut impl CryptoRng,
    ) -> Result<(Zeroizing<Vec<u8>>, Step), RatchetDecryptError> {
        self.state
            .ratchet
            .decrypt(&self.past, message, &self.receiving_data, rng)
    }

    /// Applies what [`Session::decrypt`] gave.
    pub(super) fn apply(&mut self, step: Step) {
        self.state.ratchet.apply(&mut self.past, step);
        self.state.unanswered = None;
    }
}
