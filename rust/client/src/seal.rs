// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Sealing snapshots: JSON, zstd, AES-256-GCM under a fresh key.

use std::io::Read;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use rand_core::CryptoRng;
use replica::{ReplicaId, Snapshot};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::body::{SealKey, SnapshotInfo};
use crate::ns;

/// Fast, and within a few percent of what the slow levels reach on bookmarks.
pub(crate) const ZSTD_LEVEL: i32 = 3;

/// Largest snapshot that is unpacked, in bytes: 13 times what 100,000 bookmarks take.
const MAX_RAW_BYTES: u64 = 256 * 1024 * 1024;

/// Largest sealed snapshot that is fetched, in bytes.
const MAX_SEALED_BYTES: u64 = 64 * 1024 * 1024;

/// Most chunks that are fetched: servers keep 256 items a node.
const MAX_CHUNKS: u32 = 256;

/// The key is used once, so that one nonce does for all.
const NONCE: [u8; 12] = [0; 12];

/// A sealed snapshot, ready to be published.
#[derive(Clone)]
pub(crate) struct Sealed {
    /// No chunk is counted yet.
    pub(crate) info: SnapshotInfo,
    pub(crate) bytes: Vec<u8>,
}

impl Sealed {
    /// The same, if it can be published in chunks of this size at most.
    pub(crate) fn fits(self, largest_chunk: usize) -> Result<Sealed, SealError> {
        let bytes = self.bytes.len();
        let chunks = bytes.div_ceil(largest_chunk.max(1));
        if u32::try_from(chunks).is_ok_and(|chunks| chunks <= MAX_CHUNKS) {
            return Ok(self);
        }
        Err(SealError::TooLarge { bytes })
    }
}

/// How many bytes of a file, or before base64 of chunks, a snapshot of `replica` takes, compressed and encrypted; `None` where it
/// cannot be sealed.
pub fn sealed_size(snapshot: &Snapshot, replica: ReplicaId, rng: &mut impl CryptoRng) -> Option<usize> {
    seal(snapshot, replica, 'a', rng)
        .ok()
        .map(|sealed| sealed.bytes.len())
}

/// Why a snapshot could not be sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error("the bookmarks could not be written: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the bookmarks could not be compressed: {0}")]
    Compression(#[from] std::io::Error),
    #[error("the bookmarks could not be encrypted")]
    Encryption,
    #[error("the bookmarks take {bytes} bytes, more than the server can keep")]
    TooLarge { bytes: usize },
}

/// Why a snapshot could not be opened. Nothing of it was used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("{found} bytes in {chunks} chunks, at most {MAX_SEALED_BYTES} in {MAX_CHUNKS} are fetched")]
    TooLarge { found: u64, chunks: u32 },
    #[error("its hash does not fit")]
    Hash,
    #[error("its key does not fit")]
    Decryption,
    #[error("it could not be decompressed, or is larger than {MAX_RAW_BYTES} bytes")]
    Compression,
    #[error("it is no snapshot: {0}")]
    Json(String),
}

/// Seals a snapshot of `replica`.
pub(crate) fn seal(
    snapshot: &Snapshot,
    replica: ReplicaId,
    letter: char,
    rng: &mut impl CryptoRng,
) -> Result<Sealed, SealError> {
    let mut id = [0; 8];
    rng.fill_bytes(&mut id);
    let id = hex::encode(id);
    let mut key = SealKey([0; 32]);
    rng.fill_bytes(&mut key.0);

    let json = Zeroizing::new(serde_json::to_vec(snapshot)?);
    let packed = Zeroizing::new(zstd::bulk::compress(&json, ZSTD_LEVEL)?);
    let associated = associated_data(replica, &id);
    let sealed = cipher(&key)
        .encrypt(
            &Nonce::from(NONCE),
            Payload {
                msg: &packed,
                aad: &associated,
            },
        )
        .map_err(|_| SealError::Encryption)?;
    let info = SnapshotInfo {
        id,
        letter,
        chunks: 0,
        size: u64::try_from(sealed.len()).unwrap_or(u64::MAX),
        sha256: hex::encode(Sha256::digest(&sealed)),
        key,
        cover: snapshot.cover.clone(),
        items: 0,
    };
    Ok(Sealed { info, bytes: sealed })
}

/// Checks that a snapshot that a head names can be fetched in chunks.
pub(crate) fn check(info: &SnapshotInfo) -> Result<(), OpenError> {
    if info.chunks > MAX_CHUNKS || info.chunks == 0 {
        return Err(too_large(info));
    }
    check_size(info)
}

/// Checks that a snapshot that a head names can be fetched in one piece.
pub(crate) fn check_size(info: &SnapshotInfo) -> Result<(), OpenError> {
    if info.size > MAX_SEALED_BYTES {
        return Err(too_large(info));
    }
    Ok(())
}

fn too_large(info: &SnapshotInfo) -> OpenError {
    OpenError::TooLarge {
        found: info.size,
        chunks: info.chunks,
    }
}

/// Whether these are the bytes that the head means.
pub(crate) fn is_whole(info: &SnapshotInfo, sealed: &[u8]) -> bool {
    hex::encode(Sha256::digest(sealed)) == info.sha256
}

/// Opens a snapshot of `replica` that is there as a whole.
pub(crate) fn open(info: &SnapshotInfo, replica: ReplicaId, sealed: &[u8]) -> Result<Snapshot, OpenError> {
    check_size(info)?;
    if !is_whole(info, sealed) {
        return Err(OpenError::Hash);
    }
    let associated = associated_data(replica, &info.id);
    let packed = cipher(&info.key)
        .decrypt(
            &Nonce::from(NONCE),
            Payload {
                msg: sealed,
                aad: &associated,
            },
        )
        .map_err(|_| OpenError::Decryption)?;
    let packed = Zeroizing::new(packed);
    let json = unpack(&packed, MAX_RAW_BYTES).map_err(|_| OpenError::Compression)?;
    serde_json::from_slice(&json).map_err(|error| OpenError::Json(crate::body::describe(&error)))
}

/// What zstd has compressed, up to `limit` bytes of it.
pub(crate) fn unpack(packed: &[u8], limit: u64) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut raw = Zeroizing::new(Vec::new());
    let decoder = zstd::stream::read::Decoder::new(packed)?;
    decoder.take(limit).read_to_end(&mut raw)?;
    Ok(raw)
}

pub(crate) fn cipher(key: &SealKey) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(key.0))
}

/// Binds the sealed bytes to their replica and name.
fn associated_data(replica: ReplicaId, id: &str) -> Vec<u8> {
    format!("{} {replica} {id}", ns::NODE_SNAPSHOTS).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use replica::Replica;

    fn sealed() -> Sealed {
        let snapshot = Replica::create(ReplicaId::from(1)).snapshot();
        let mut sealed = seal(&snapshot, ReplicaId::from(1), 'a', &mut rand::rng()).unwrap();
        sealed.info.chunks = 1;
        sealed
    }

    #[test]
    fn what_was_sealed_opens_again() {
        let Sealed { info, bytes } = sealed();
        let snapshot = open(&info, ReplicaId::from(1), &bytes).unwrap();
        assert_eq!(snapshot.cover, info.cover);
    }

    #[test]
    fn nothing_else_opens() {
        let Sealed { info, bytes: whole } = sealed();
        assert!(matches!(
            open(&info, ReplicaId::from(2), &whole),
            Err(OpenError::Decryption)
        ));
        assert!(matches!(
            open(&info, ReplicaId::from(1), &whole[1..]),
            Err(OpenError::Hash)
        ));
        let other = SnapshotInfo {
            key: SealKey([1; 32]),
            ..info.clone()
        };
        assert!(matches!(
            open(&other, ReplicaId::from(1), &whole),
            Err(OpenError::Decryption)
        ));
        let other = SnapshotInfo {
            id: "0".into(),
            ..info.clone()
        };
        assert!(matches!(
            open(&other, ReplicaId::from(1), &whole),
            Err(OpenError::Decryption)
        ));
        let other = SnapshotInfo {
            size: u64::MAX,
            ..info
        };
        assert!(matches!(
            open(&other, ReplicaId::from(1), &whole),
            Err(OpenError::TooLarge { .. })
        ));
    }

    #[test]
    fn what_is_too_large_is_not_fetched() {
        let Sealed { info, .. } = sealed();
        assert!(check(&info).is_ok());
        for (chunks, size) in [(0, 1), (100_000, 1), (1, u64::MAX)] {
            let other = SnapshotInfo {
                chunks,
                size,
                ..info.clone()
            };
            assert!(matches!(check(&other), Err(OpenError::TooLarge { .. })));
        }
    }

    #[test]
    fn what_takes_too_many_chunks_is_refused() {
        assert!(sealed().fits(1_000).is_ok());
        let large = Sealed {
            bytes: vec![0; 257],
            ..sealed()
        };
        assert!(large.clone().fits(2).is_ok());
        assert!(matches!(large.fits(1), Err(SealError::TooLarge { bytes: 257 })));
    }

    #[test]
    fn each_seal_has_its_own_key() {
        assert_ne!(sealed().info.key, sealed().info.key);
    }
}
