# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts say to a person.

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

fail() {
    printf '\033[1;31merror:\033[0m %s\n' "$*" >&2
    exit 1
}

# step WHAT LOG CMD...: runs a long step with its output in a log; shows that it goes on, and the end of the log if it fails.
step() {
    local what=$1 log=$2 start=$SECONDS status=0
    shift 2
    printf '%s ' "$what" >&2
    "$@" >"$log" 2>&1 </dev/null &
    local job=$!
    while kill -0 "$job" 2>/dev/null; do
        sleep 2
        printf '.' >&2
    done
    wait "$job" || status=$?
    if [ "$status" -ne 0 ]; then
        printf ' failed\n' >&2
        tail -n 40 "$log" >&2
        fail "$what failed with status $status; the whole output is in $log"
    fi
    printf ' %s s\n' "$((SECONDS - start))" >&2
}
