#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the test suites, each with its output in a log and one line of result; the last line has the counts of all.
set -uo pipefail
# shellcheck source=scripts/output.sh
. "$(dirname "$0")/output.sh"
# shellcheck source=scripts/build-lib.sh
. "$(dirname "$0")/build-lib.sh"

suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(checks rust ctest e2e)
passed=0
failed=0

# run_suite NAME LIMIT CMD...: a suite that ends badly without a failed test, or without any test, counts as one failure.
run_suite() {
    local name=$1 limit=$2 log=$logs/test-$1.log start=$SECONDS status=0 counts p f
    shift 2
    printf '%-7s ' "$name" >&2
    timeout --kill-after=30 "$limit" "$@" >"$log" 2>&1 </dev/null || status=$?
    counts=$(python3 scripts/counts.py "$log")
    p=${counts% *} f=${counts#* }
    if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$p" -eq 0 ]; }; then
        f=1
    fi
    passed=$((passed + p))
    failed=$((failed + f))
    printf '%s passed, %s failed in %s s\n' "$p" "$f" "$((SECONDS - start))" >&2
    if [ "$f" -ne 0 ]; then
        [ "$status" -ne 124 ] || echo "        it took longer than $limit s and was ended" >&2
        grep -nE '^(not ok|FAIL|ERROR)|^error|panicked at|\*\*\*Failed|^---- .* stdout' "$log" | head -n 40 >&2
        echo "        the end of $log:" >&2
        tail -n 60 "$log" >&2
    fi
}

for suite in "${suites[@]}"; do
    case "$suite" in checks | rust | ctest | e2e) ;; *) fail "there is no suite '$suite': checks, rust, ctest or e2e" ;; esac
done

build_all
for suite in "${suites[@]}"; do
    case "$suite" in
        checks) run_suite checks 1200 tests/checks/run ;;
        rust) run_suite rust 2400 cargo test --locked --workspace --no-fail-fast ;;
        ctest) run_suite ctest 900 ctest --test-dir "$build" --output-on-failure ;;
        e2e) run_suite e2e 1800 python3 tests/e2e/run.py ;;
    esac
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
