// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Which seeds a random test runs with.
#![allow(clippy::disallowed_methods, reason = "the seeds come from the environment")]

/// Runs `body` for the usual seeds, or those that the environment names; a failure names the seed to run it again with.
pub fn for_each_seed(usual: std::ops::Range<u64>, body: impl Fn(u64) + std::panic::RefUnwindSafe) {
    let number = |text: &str| text.parse::<u64>().expect("a number");
    let one = std::env::var("XMPPSYNC_SEED").map(|text| number(&text)..number(&text) + 1);
    let some = std::env::var("XMPPSYNC_SEEDS").map(|text| match text.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => 0..number(&text),
    });
    for seed in one.or(some).unwrap_or(usual) {
        if let Err(panic) = std::panic::catch_unwind(|| body(seed)) {
            eprintln!("failed with seed {seed}: run it alone with XMPPSYNC_SEED={seed}");
            std::panic::resume_unwind(panic);
        }
    }
}
