#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the plugin, the bot and the test programs.
set -euo pipefail
# shellcheck source=scripts/output.sh
. "$(dirname "$0")/output.sh"
# shellcheck source=scripts/build-lib.sh
. "$(dirname "$0")/build-lib.sh"
build_all
cat <<EOF
plugin:  $XMPPSYNC_PLUGIN
bot:     $XMPPSYNC_BOT
EOF
