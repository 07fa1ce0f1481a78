// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The headless replica: keeps the bookmarks of an account where no browser runs, exports and imports them, and talks
//! OMEMO on the command line.
//!
//! `main` parses and dispatches; `commands` holds one function for each command, `hub` the process that stays, and
//! `control` how the two meet.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod cli;
mod commands;
mod control;
mod exports;
mod failure;
mod formats;
mod hub;
mod live;
mod manual;
mod printer;
mod settings;
mod words;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::cli::Cli;
use crate::failure::{Code, Failure};
use crate::settings::Settings;

/// The environment's variable for what to log.
const LOG_VARIABLE: &str = "XMPPSYNC_LOG";

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env(LOG_VARIABLE).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match execute(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xmppsync-bot: {failure}");
            failure.code.into()
        }
    }
}

fn execute(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        cli::Command::Completions { shell } => return manual::completions(shell),
        cli::Command::Manual => return manual::page(),
        _ => {}
    }
    let settings = Settings::new(cli.options)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Failure, format!("cannot start: {error}")))?;
    runtime.block_on(commands::execute(&settings, cli.command))
}
