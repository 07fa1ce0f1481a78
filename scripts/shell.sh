#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# A shell, or one command, where everything is built.
set -euo pipefail
if [ $# -eq 0 ]; then
    exec bash -i
fi
exec "$@"
