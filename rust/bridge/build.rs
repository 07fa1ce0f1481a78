// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Generates the C++ side of the bridge and compiles it into the static library.

use cxx_qt_build::CxxQtBuilder;

/// Where CMake wants the generated headers.
const EXPORT_DIR: &str = "CXX_QT_EXPORT_DIR";

fn main() {
    // The headers are written by this script alone: another folder, or one that was cleared, needs a new run.
    println!("cargo::rerun-if-env-changed={EXPORT_DIR}");
    if let Some(folder) = std::env::var_os(EXPORT_DIR) {
        println!(
            "cargo::rerun-if-changed={}/crates/bridge/include",
            folder.to_string_lossy()
        );
    }
    let _interface = CxxQtBuilder::new()
        .crate_include_root(Some("include".into()))
        .files(["src/ffi.rs"])
        .build();
}
