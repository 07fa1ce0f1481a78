// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Extended triple Diffie-Hellman, as XEP-0384 §4.1 and §4.2 narrow it: the one-time pre key is mandatory.

use zeroize::Zeroizing;

use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::namespace::Namespace;
use crate::primitives::hkdf_sha256_unsalted;
use crate::secret::{KeyPair, LowOrder, Secret};

/// The shared secret on the initiator's side.
///
/// `ephemeral` is fresh; the caller has verified the signature of `signed_pre_key` by `responder`.
///
/// # Errors
/// [`LowOrder`] when one of the responder's keys is of low order.
pub fn initiate(
    namespace: Namespace,
    identity: &IdentityKeyPair,
    ephemeral: &KeyPair,
    responder: &IdentityKey,
    signed_pre_key: &[u8; 32],
    pre_key: &[u8; 32],
) -> Result<Secret, LowOrder> {
    Ok(derive(
        namespace,
        &[
            identity.agreement().agree(signed_pre_key)?,
            ephemeral.agree(responder.montgomery())?,
            ephemeral.agree(signed_pre_key)?,
            ephemeral.agree(pre_key)?,
        ],
    ))
}

/// The shared secret on the responder's side.
///
/// # Errors
/// [`LowOrder`] when one of the initiator's keys is of low order.
pub fn respond(
    namespace: Namespace,
    identity: &IdentityKeyPair,
    signed_pre_key: &KeyPair,
    pre_key: &KeyPair,
    initiator: &IdentityKey,
    ephemeral: &[u8; 32],
) -> Result<Secret, LowOrder> {
    Ok(derive(
        namespace,
        &[
            signed_pre_key.agree(initiator.montgomery())?,
            identity.agreement().agree(ephemeral)?,
            signed_pre_key.agree(ephemeral)?,
            pre_key.agree(ephemeral)?,
        ],
    ))
}

/// HKDF over 32 bytes of 0xFF, which no X25519 key begins with, and the four agreements in the order of X3DH §3.3.
fn derive(namespace: Namespace, agreements: &[Secret; 4]) -> Secret {
    let mut material = Zeroizing::new(Vec::with_capacity(160));
    material.extend_from_slice(&[0xff; 32]);
    for agreement in agreements {
        material.extend_from_slice(agreement.as_bytes());
    }
    Secret::from_bytes(&hkdf_sha256_unsalted(&material, namespace.x3dh_info()))
}
