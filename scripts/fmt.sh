#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Formats Rust and C++.
set -euo pipefail
cargo fmt --all
git ls-files -z '*.cpp' '*.h' | xargs -0 -r clang-format -i
