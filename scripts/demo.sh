#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds everything and shows the main job.
set -euo pipefail
# shellcheck source=scripts/output.sh
. "$(dirname "$0")/output.sh"
# shellcheck source=scripts/build-lib.sh
. "$(dirname "$0")/build-lib.sh"
build_all
exec python3 tests/e2e/demo.py "$@"
