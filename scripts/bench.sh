#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the figures, each beside its peer or floor of the same run. bench.sh [--json FILE]
set -euo pipefail
# shellcheck source=scripts/output.sh
. "$(dirname "$0")/output.sh"
# shellcheck source=scripts/build-lib.sh
. "$(dirname "$0")/build-lib.sh"

json=
case "${1-}" in
    "") ;;
    --json) json=${2:?--json needs a file} ;;
    *) fail "usage: ./dev bench [--json FILE]" ;;
esac

build_all
step "Building the bench" "$logs/build-bench.log" cargo build --locked --profile "$profile" -p bench
python_peer >"$logs/python-peer.log" 2>&1 || unset XMPPSYNC_PYTHON_PEER
if pkg-config --exists libomemo-c libgcrypt; then
    export XMPPSYNC_BENCH_LIBOMEMO=$XMPPSYNC_BUILDS/bench-libomemo
    # shellcheck disable=SC2046 # a list of flags
    cc -O2 -o "$XMPPSYNC_BENCH_LIBOMEMO" tests/bench/peers/libomemo.c $(pkg-config --cflags --libs libomemo-c libgcrypt)
fi
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT
"$CARGO_TARGET_DIR/$profile/xmppsync-bench" --json "$parts/crates.json"
python3 tests/e2e/bench.py --json "$parts/falkon.json"
if [ -n "$json" ]; then
    python3 -c 'import json, sys; json.dump(sum((json.load(open(f)) for f in sys.argv[2:]), []), open(sys.argv[1], "w"), indent=1)' \
        "$json" "$parts/crates.json" "$parts/falkon.json"
    say "The figures are in $json"
fi
