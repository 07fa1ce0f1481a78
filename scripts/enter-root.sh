#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Called by debian-root.sh in a mount namespace of its own, as root:
# enter-root.sh ROOT root|user UID GID CHECKOUT CA_BUNDLE XAUTHORITY PLACE... -- CMD...
# Each PLACE is shown in the root at its own path; what does not exist is passed over, as are CA_BUNDLE and XAUTHORITY.
set -euo pipefail
root=$1 who=$2 uid=$3 gid=$4 top=$5 ca_bundle=$6 authority=$7
shift 7

# A file of this system, for the root. Left alone where it is the same: another command may be reading it.
carry() {
    [ -f "$1" ] || return 0
    cmp -s "$1" "$root$2" || { cp -L "$1" "$root$2.new.$$" && mv "$root$2.new.$$" "$root$2"; }
}

bind() {
    [ -d "$1" ] || return 0
    # As the user where that is allowed, so that folders on the way in the user's home are the user's.
    setpriv --reuid="$uid" --regid="$gid" --clear-groups mkdir -p "$root$1" 2>/dev/null || mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
}

as=()
if [ "$uid" -ne 0 ]; then
    # The root does not know the user.
    name=$(getent passwd "$uid")
    grep -qxF "$name" "$root/etc/passwd" || echo "$name" >>"$root/etc/passwd"
    install -d -o "$uid" -g "$gid" "$root$(cut -d: -f6 <<<"$name")"
    [ "$who" = root ] || as=(--userspec="$uid:$gid")
fi

for place in /proc /sys /dev; do
    bind "$place"
done
while [ "$1" != -- ]; do
    bind "$1"
    shift
done
shift

carry /etc/resolv.conf /etc/resolv.conf
carry /etc/hosts /etc/hosts
carry "$ca_bundle" /etc/ssl/certs/host.pem
if [ -f "$authority" ]; then
    install -m 600 -o "$uid" -g "$gid" "$authority" "$root/run/xmppsync-xauthority-$uid"
fi
exec chroot "${as[@]}" "$root" env --chdir="$top" "$@"
