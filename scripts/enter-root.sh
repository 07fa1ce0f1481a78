#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Called by environment.sh in a mount namespace of its own, as root:
# enter-root.sh ROOT root|user UID GID CHECKOUT CACHE CARGO_HOME RUSTUP_HOME CA_BUNDLE XAUTHORITY CMD...
set -euo pipefail
root=$1 who=$2 uid=$3 gid=$4 top=$5 cache=$6 cargo_home=$7 rustup_home=$8 ca_bundle=$9 authority=${10}
shift 10

# The place itself must exist in the root, and nothing of the root is shown but what is bound.
bind() {
    [ -d "$1" ] || return 0
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
}

for place in /proc /sys /dev /tmp "$top" "$cache/target" "$cache/logs" "$cargo_home" "$rustup_home"; do
    bind "$place"
done
# Git worktrees keep their repository elsewhere.
if [ -f "$top/.git" ]; then
    bind "$(sed -n 's/^gitdir: \(.*\)\/worktrees\/.*/\1/p' "$top/.git")"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ -z "$ca_bundle" ] || cp "$ca_bundle" "$root/etc/ssl/certs/host.pem"
if [ -f "$authority" ]; then
    install -m 600 -o "$uid" -g "$gid" "$authority" "/tmp/.xmppsync-xauthority-$uid"
fi
if [ "$who" = user ] && [ "$uid" -ne 0 ]; then
    # A home folder and a name for the user, whom the root does not know.
    line=$(getent passwd "$uid")
    grep -qF "$line" "$root/etc/passwd" || echo "$line" >>"$root/etc/passwd"
    home=$(cut -d: -f6 <<<"$line")
    mkdir -p "$root$home" && chown "$uid:$gid" "$root$home"
    exec chroot --userspec="$uid:$gid" "$root" env --chdir="$top" "$@"
fi
exec chroot "$root" env --chdir="$top" "$@"
