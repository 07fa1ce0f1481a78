// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Figures, each beside its peer or its floor in the same run.
//!
//! Times of one run compare with each other alone: the machine, its load and its clock are the same for both sides of a
//! line. What is to be judged is the ratio.

mod omemo;
mod replica;
mod report;

use std::process::ExitCode;

const HELP: &str = "\
Figures of XmppSync, each beside its peer or its floor in the same run

Usage: xmppsync-bench [OPTIONS]

Options:
  --only NAME   run only the figures whose name holds NAME (for example omemo, or 'X3DH')
  --json FILE   write them to FILE as well
  --help        print this";

/// A family of figures: its name, and what measures it.
type Family = (&'static str, fn(&mut report::Report));

const FAMILIES: &[Family] = &[("omemo", omemo::run), ("replica", replica::run)];

fn main() -> ExitCode {
    let mut json = None;
    let mut only = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = match argument.as_str() {
            // How the bench runs itself again, to see what a fresh process takes.
            "--memory" => return replica::memory::child(arguments.next()),
            "--help" | "-h" => {
                println!("{HELP}");
                return ExitCode::SUCCESS;
            }
            "--json" => &mut json,
            "--only" => &mut only,
            _ => {
                eprintln!("unknown option {argument}\n\n{HELP}");
                return ExitCode::from(2);
            }
        };
        *value = arguments.next();
        if value.is_none() {
            eprintln!("{argument} needs a value\n\n{HELP}");
            return ExitCode::from(2);
        }
    }
    let mut report = report::Report::new(only);
    for (name, run) in FAMILIES {
        report.family(name);
        run(&mut report);
    }
    if report.is_empty() {
        eprintln!("no figure has that name");
        return ExitCode::from(2);
    }
    if let Some(path) = json
        && let Err(error) = std::fs::write(&path, report.json())
    {
        eprintln!("{path}: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
