#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the test suites, each with its output in a log and one line of result; the last line has the counts of all.
#
# The suite `newest` runs in another root. Here it is only built for; then the counts are left in a file instead, with which
# `test.sh --on FILE newest` goes on over there.
set -uo pipefail
# shellcheck source=scripts/output.sh
. "$(dirname "$0")/output.sh"
# shellcheck source=scripts/build-lib.sh
. "$(dirname "$0")/build-lib.sh"

passed=0
failed=0
running=
counts=$XMPPSYNC_BUILDS/counts
over_there=
if [ "${1-}" = --on ]; then
    read -r passed failed <"$2"
    rm -f "$2"
    over_there=yes
    shift 2
fi

# run_suite NAME KIND LIMIT CMD...: a suite that ends badly without a failed test, or without any test, counts as one
# failure. KIND is the form of the counts in its log, LIMIT in seconds.
run_suite() {
    local name=$1 kind=$2 limit=$3 log=$logs/test-$1.log start=$SECONDS status=0 p f
    shift 3
    say "Running the suite $name"
    # In the background, since only then the trap below can end it at once.
    timeout --kill-after=30 "$limit" "$@" >"$log" 2>&1 </dev/null &
    running=$!
    wait "$running" || status=$?
    running=
    read -r p f < <(python3 scripts/counts.py "$kind" "$log")
    if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$p" -eq 0 ]; }; then
        f=1
    fi
    passed=$((passed + p))
    failed=$((failed + f))
    if [ "$f" -ne 0 ]; then
        grep -nE '^(not ok|FAIL|ERROR)|^error|panicked at|\*\*\*(Failed|Timeout)|^---- .* stdout' "$log" | head -n 40 >&2
        echo "The end of the log:" >&2
        tail -n 60 "$log" >&2
        [ "$status" -ne 124 ] || echo "It took longer than $limit s and was ended." >&2
    fi
    printf '%-7s %s passed, %s failed in %s s, log in %s\n' "$name" "$p" "$f" "$((SECONDS - start))" "$log" >&2
}

# What cannot even be tried counts as one failure.
not_run() {
    failed=$((failed + 1))
    printf '%-7s 1 failed: it cannot run, since the build failed\n' "$1" >&2
}

# What depends on Falkon itself.
in_newest=(-k Edits -k Join -k Restart -k Plugin -k Question -k Private -k Kills -k Busy -k Ways -k Stalls -k Update -k Tabs.test -k Parcels.test -k Visits.test -k VisitsInTable)

interrupted() {
    [ -z "$running" ] || kill "$running" 2>/dev/null
    echo "interrupted" >&2
    echo "$passed passed, $((failed + 1)) failed"
    exit 130
}
trap interrupted INT TERM

suites=("$@")
if [ ${#suites[@]} -eq 0 ]; then
    suites=(checks rust ctest e2e)
    if [ "$XMPPSYNC_MOUNTING" = yes ]; then
        suites+=(newest)
    else
        say "Leaving out the suite newest: its root would have to be mounted, which is not allowed here"
    fi
fi
for suite in "${suites[@]}"; do
    case "$suite" in
        checks | rust | ctest | e2e | newest) ;;
        *) fail "there is no suite '$suite': checks, rust, ctest, e2e or newest" ;;
    esac
done

built=$over_there
left=
for suite in "${suites[@]}"; do
    case "$suite" in
        checks) run_suite checks plain 2400 tests/checks/run ;;
        rust)
            if (step "Building the tests" "$logs/build-tests.log" cargo test --locked --workspace --no-run); then
                run_suite rust cargo 2400 cargo test --locked --workspace --no-fail-fast
            else
                not_run rust
            fi
            ;;
        *)
            [ -n "$built" ] || { built=no && (build_all) && built=yes; }
            case "$built-$suite" in
                yes-ctest) run_suite ctest ctest 900 ctest --test-dir "$build" --output-on-failure ;;
                yes-e2e)
                    # Without it the tests that need it fail, and say so.
                    (step "Setting up the Python peer" "$logs/python-peer.log" python_peer) || true
                    run_suite e2e plain 1800 python3 tests/e2e/run.py
                    ;;
                yes-newest)
                    if [ -n "$over_there" ]; then
                        run_suite newest plain 1200 python3 tests/e2e/run.py "${in_newest[@]}"
                    else
                        left=yes
                    fi
                    ;;
                *) not_run "$suite" ;;
            esac
            ;;
    esac
done
if [ -n "$left" ]; then
    echo "$passed $failed" >"$counts"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
