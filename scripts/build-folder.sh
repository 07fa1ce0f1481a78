#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build-folder.sh NEW OTHER...: begins a checkout's build folder of cargo with what the newest of the other ones has built of
# other people's crates, mostly as hard links.
#
# One folder for all checkouts would not do: cargo tells the crates of a workspace apart by their paths within it, so that
# one checkout would be given another one's code.
set -euo pipefail
new=$1
shift
rm -rf "$new.part"
mkdir -p "$new.part"
other=
for folder; do
    if [ -d "$folder" ] && { [ -z "$other" ] || [ "$folder" -nt "$other" ]; }; then
        other=$folder
    fi
done
for profile in "$other"/*; do
    [ -d "$profile/.fingerprint" ] || continue
    begun=$new.part/${profile##*/}
    mkdir "$begun"
    cp -al "$profile/deps" "$profile/build" "$begun"
    # Cargo writes these in place.
    cp -a "$profile/.fingerprint" "$begun"
    # What is our own: by the packages' names, and all programs.
    while read -r name; do
        find "$begun" -mindepth 2 -maxdepth 2 -regextype posix-extended \
            -regex ".*/(lib)?(xmppsync[-_])?${name//-/[-_]}-[0-9a-f]{16}(\..*)?" -exec rm -rf {} +
    done < <(sed -n 's/^name = "\(.*\)"$/\1/p' rust/*/Cargo.toml tests/*/Cargo.toml | sort -u)
    find "$begun/deps" -type f -perm -u+x ! -name '*.so' -delete
done
mv "$new.part" "$new"
