// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What the library costs a process that starts with it: the time from the disk, and the memory. Both are taken in a fresh process,
//! for the bench's own heap is full of other things.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use engine::store::{Access, ReadError, Store};
use rand::SeedableRng;
use rand::rngs::StdRng;
use replica::{Loader, Replica, Tree};

use super::{LINKS, NOW, Record, host_tree};
use crate::report::{Report, time};

pub const DISK: &str = "replica: cold load of 100,000 from the disk";
pub const RESIDENT: &str = "replica: memory with 100,000 loaded";
pub const BUSY: &str = "replica: memory once Falkon's tree was compared";

/// What a replica of 100,000 bookmarks may take, in MiB.
const ALLOWED: f64 = 60.0;

pub fn run(report: &mut Report, records: &[Record], json: &[u8]) {
    if ![DISK, RESIDENT, BUSY].iter().any(|figure| report.wants(figure)) {
        return;
    }
    let folder = std::env::temp_dir().join(format!("xmppsync-bench-{}", std::process::id()));
    let measured = measure(&folder, records);
    // Nothing is left to say where it cannot be removed.
    let _gone = std::fs::remove_dir_all(&folder);
    let (load, loaded, busy) = match measured {
        Ok(measured) => measured,
        Err(error) => {
            eprintln!("{RESIDENT}: {error}");
            return;
        }
    };
    let parse = (0..5)
        .map(|_| time(|| serde_json::from_slice::<Tree>(json)))
        .min();
    let parse = parse.unwrap_or_default().as_secs_f64() * 1e6;
    report.add(DISK, load, "µs", "serde_json parses them", parse);
    report.add(RESIDENT, loaded, "MiB", "what it may take", ALLOWED);
    report.add(BUSY, busy, "MiB", "what it may take", ALLOWED);
}

/// µs to load, MiB after that, MiB after the first comparison.
fn measure(folder: &Path, records: &[Record]) -> Result<(f64, f64, f64), String> {
    let mut store = open(folder, Access::Write)?;
    let rows = records
        .iter()
        .map(|(table, key, value)| (*table, key.as_str(), Some(value.as_slice())));
    store.write(rows).map_err(|error| error.to_string())?;
    drop(store);
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).arg("--memory").arg(folder).output();
    let output = output.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    match numbers.as_slice() {
        [load, loaded, busy] => Ok((*load, *loaded, *busy)),
        _ => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// The fresh process: prints the three figures.
pub fn child(folder: Option<String>) -> ExitCode {
    match folder
        .ok_or_else(|| "--memory needs a folder".to_owned())
        .and_then(|folder| take(Path::new(&folder)))
    {
        Ok((load, loaded, busy)) => {
            println!("{load} {loaded} {busy}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn take(folder: &Path) -> Result<(f64, f64, f64), String> {
    let host = host_tree(LINKS);
    let before = resident()?;
    let begin = Instant::now();
    let mut replica = load(&open(folder, Access::Read)?)?;
    let spent = begin.elapsed().as_secs_f64() * 1e6;
    let loaded = resident()? - before;
    replica.reconcile(1, &host, NOW, &mut StdRng::seed_from_u64(2));
    Ok((spent, loaded, resident()? - before))
}

fn load(store: &Store) -> Result<Replica, String> {
    let mut loader = Loader::new();
    let mut refused = None;
    let read = store.read(|table, key, value| {
        refused = refused.take().or(loader.record(table, key, value).err());
        Ok::<_, ReadError>(())
    });
    read.map_err(|error| error.to_string())?;
    match (refused, loader.finish()) {
        (None, Ok(Some(replica))) => Ok(replica),
        (refused, finished) => Err(format!("{refused:?} {:?}", finished.err())),
    }
}

fn open(folder: &Path, access: Access) -> Result<Store, String> {
    Store::open(folder, replica::TABLES, access).map_err(|error| error.to_string())
}

/// This process's memory that is in RAM (VmRSS), in MiB.
fn resident() -> Result<f64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.map(|kib| kib / 1024.0)
        .ok_or_else(|| "there is no VmRSS in /proc/self/status".to_owned())
}
