// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What a library takes on the wire when a new device gets it, beside the plain document compressed alike; and that it grows with
//! the number of bookmarks, not faster.

use rand::SeedableRng;
use rand::rngs::StdRng;
use replica::{Replica, ReplicaId};

use super::{NOW, host_tree};
use crate::report::Report;

const FIGURES: [(u64, &str); 3] = [
    (1_000, "replica: bytes on the wire of 1,000"),
    (10_000, "replica: bytes on the wire of 10,000"),
    (100_000, "replica: bytes on the wire of 100,000"),
];
const LINEAR: &str = "replica: bytes of one, of 100,000";

/// As snapshots are compressed.
const ZSTD_LEVEL: i32 = 3;

pub fn run(report: &mut Report) {
    if !FIGURES.iter().any(|(_, figure)| report.wants(figure)) && !report.wants(LINEAR) {
        return;
    }
    let mut each = Vec::new();
    for (links, figure) in FIGURES {
        let mut rng = StdRng::seed_from_u64(links);
        let id = ReplicaId::random(&mut rng);
        let mut replica = Replica::create(id);
        replica.join(NOW, &mut rng);
        replica.reconcile(1, &host_tree(links), NOW, &mut rng);
        let Some(sealed) = client::sealed_size(&replica.take_snapshot(), id, &mut rng) else {
            continue;
        };
        let json = serde_json::to_vec(&replica.tree()).unwrap_or_default();
        let plain = zstd::bulk::compress(&json, ZSTD_LEVEL).map_or(0, |packed| packed.len());
        report.add(
            figure,
            sealed as f64,
            "B",
            "zstd of the plain document",
            plain as f64,
        );
        each.push(sealed as f64 / links as f64);
    }
    if let [_, fewer, most] = each.as_slice() {
        report.add(LINEAR, *most, "B", "of one of 10,000", *fewer);
    }
}
