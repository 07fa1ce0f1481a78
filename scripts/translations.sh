#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Brings cpp/translations up to date with the texts of the plugin; what is new is marked as unfinished there. To be called
# in the build system: ./dev shell scripts/translations.sh
# With `check`: changes nothing, and fails where something is missing or out of date.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=/usr/lib/qt6/bin:$PATH

folder=cpp/translations
if [ "${1:-}" = check ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    cp cpp/translations/*.ts "$folder"
fi
for file in "$folder"/*.ts; do
    plural=()
    [ "${file##*/}" = xmppsync_en.ts ] && plural=(-pluralonly)
    lupdate -silent -locations none -no-obsolete "${plural[@]}" -extensions cpp,h cpp -ts "$file"
done
if [ "${1:-}" = check ]; then
    for file in "$folder"/*.ts; do
        if ! cmp -s "$file" "cpp/translations/${file##*/}"; then
            echo "cpp/translations/${file##*/} is out of date: run ./dev shell scripts/translations.sh" >&2
            exit 1
        fi
        if grep -q 'type="unfinished"' "$file"; then
            echo "cpp/translations/${file##*/} lacks texts: look for \"unfinished\" in it" >&2
            exit 1
        fi
    done
fi
