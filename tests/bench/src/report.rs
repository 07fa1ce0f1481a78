// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The table of figures.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Serialize;

/// How long one side of a comparison is measured.
const BUDGET: Duration = Duration::from_millis(400);
/// Fewest and most samples of one side.
const SAMPLES: std::ops::RangeInclusive<usize> = 5..=2001;

/// One line.
#[derive(Clone, Debug, Serialize)]
struct Figure {
    family: &'static str,
    figure: String,
    value: f64,
    unit: String,
    peer: String,
    peer_value: f64,
    /// `value / peer_value`: below 1 where this project needs less.
    ratio: f64,
}

/// Collects figures, prints each as it comes.
pub struct Report {
    only: Option<String>,
    family: &'static str,
    figures: Vec<Figure>,
}

impl Report {
    /// An empty table of the figures whose name, or whose family's name, holds `only`.
    pub fn new(only: Option<String>) -> Self {
        Self {
            only,
            family: "",
            figures: Vec::new(),
        }
    }

    /// The figures that follow belong to this family.
    pub fn family(&mut self, name: &'static str) {
        self.family = name;
    }

    /// Whether a figure was asked for. Look before long preparations; [`Report::add`] looks by itself.
    pub fn wants(&self, figure: &str) -> bool {
        self.only
            .as_ref()
            .is_none_or(|only| figure.contains(only) || self.family.contains(only))
    }

    /// Adds a figure beside its peer's or floor's.
    pub fn add(&mut self, figure: &str, value: f64, unit: &str, peer: &str, peer_value: f64) {
        if !self.wants(figure) {
            return;
        }
        if self.figures.is_empty() {
            println!(
                "{:<44} {:>12} {:<4} {:>12}  {:>6}  peer or floor",
                "figure", "ours", "", "its", "ratio"
            );
        }
        let ratio = value / peer_value;
        println!("{figure:<44} {value:>12.2} {unit:<4} {peer_value:>12.2}  {ratio:>6.2}  {peer}");
        self.figures.push(Figure {
            family: self.family,
            figure: figure.to_owned(),
            value,
            unit: unit.to_owned(),
            peer: peer.to_owned(),
            peer_value,
            ratio,
        });
    }

    /// Measures two operations in turns, so that both meet the same load, and adds their medians in µs. Each closure
    /// prepares what it needs and gives how long the operation itself took.
    pub fn compare(
        &mut self,
        figure: &str,
        mut ours: impl FnMut() -> Duration,
        peer: &str,
        mut theirs: impl FnMut() -> Duration,
    ) {
        if !self.wants(figure) {
            return;
        }
        let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
        let begin = Instant::now();
        while our_times.len() < *SAMPLES.start()
            || (begin.elapsed() < 2 * BUDGET && our_times.len() < *SAMPLES.end())
        {
            our_times.push(ours());
            their_times.push(theirs());
        }
        self.add(
            figure,
            median(&mut our_times),
            "µs",
            peer,
            median(&mut their_times),
        );
    }

    /// Whether no figure was added.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }

    /// All figures as JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(&self.figures).unwrap_or_default() + "\n"
    }
}

/// How long an operation takes; its result is kept from being optimised away.
pub fn time<T>(operation: impl FnOnce() -> T) -> Duration {
    let begin = Instant::now();
    black_box(operation());
    begin.elapsed()
}

/// The median in µs.
fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times
        .get(times.len() / 2)
        .map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
}
