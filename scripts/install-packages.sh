#!/bin/sh
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# install-packages.sh PACKAGE...: installs Debian packages, as root, without starting or enabling the services in them:
# the tests start servers of their own.
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
services=
for service in prosody ejabberd; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$service" 2>/dev/null || true)" = installed ] || services="$services $service"
done
# What an interrupted run left.
dpkg --configure -a
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@"
if command -v systemctl >/dev/null; then
    # shellcheck disable=SC2086 # a list of names
    systemctl disable $services 2>/dev/null || true
fi
