# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts say to a person.

if [ -t 2 ]; then
    bold=$'\033[1m' red=$'\033[1;31m' plain=$'\033[0m'
else
    bold='' red='' plain=''
fi

say() { printf '%s%s%s\n' "$bold" "$*" "$plain" >&2; }

fail() {
    printf '%serror:%s %s\n' "$red" "$plain" "$*" >&2
    exit 1
}

# step WHAT LOG CMD...: runs a long step with its output in a log; shows that it goes on, and the end of the log if it fails.
step() {
    local what=$1 log=$2 start=$SECONDS status=0 ticker
    shift 2
    : >"$log"
    show_progress "$what" "$log" "$start" &
    ticker=$!
    # In the foreground, so that Ctrl-C reaches it.
    "$@" >"$log" 2>&1 </dev/null || status=$?
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    [ ! -t 2 ] || printf '\r\033[K' >&2
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log" >&2
        fail "$what failed with status $status; the whole output is in $log"
    fi
    printf '%s: done in %s s\n' "$what" "$((SECONDS - start))" >&2
}

# On a terminal one line that is rewritten, with the log's last line; elsewhere a line each minute.
show_progress() {
    local what=$1 log=$2 start=$3 width last
    width=$(tput cols 2>/dev/null || echo 80)
    while kill -0 $$ 2>/dev/null; do
        if [ -t 2 ]; then
            last=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r\033' | tr -s ' ')
            printf '\r\033[K%s' "$(printf '%s, %s s  %s' "$what" "$((SECONDS - start))" "$last" | cut -c "1-$((width - 1))")" >&2
            sleep 1
        else
            sleep 60
            echo "$what: $((SECONDS - start)) s so far" >&2
        fi
    done
}
