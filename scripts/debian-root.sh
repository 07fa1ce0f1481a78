# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Roots of other Debian releases in the cache. Sourced by environment.sh.
#
# One is entered in a mount namespace of its own, so its mounts vanish with the last process in it, however that ends.
# shellcheck disable=SC2154 # environment.sh assigns what is not assigned here

# make_root NAME RELEASE PACKAGE...: makes the root, or brings it up to the list of packages, and leaves its folder in
# $root. Under a lock: two at once would disturb each other.
make_root() {
    local release=$2 stamp
    root=$cache/$1
    shift 2
    [ "$toolchain" != /usr ] ||
        fail "the Rust toolchain is this system's own, which a root of another Debian cannot show: install one as rustup.rs tells"
    [ "$mounting" = yes ] ||
        fail "mounting is not allowed here: in a container, give it the capability CAP_SYS_ADMIN, or use a Debian 13 image"
    stamp=$(printf '%s\n' "$@" | sha256sum | cut -d' ' -f1)
    exec 9>"$cache/lock"
    flock -n 9 || { say "Waiting for another ./dev that prepares the root"; flock 9; }
    if [ ! -d "$root" ]; then
        # A small container may lack mount as well.
        if ! command -v mmdebstrap >/dev/null || ! command -v mount >/dev/null; then
            step "Installing mmdebstrap" "$cache/logs/mmdebstrap.log" \
                as_root "$top/scripts/install-packages.sh" mmdebstrap debian-archive-keyring mount
        fi
        as_root rm -rf --one-file-system "$root.new"
        step "Making a root of Debian $release in $root" "$cache/logs/root.log" bootstrap "$release" "$root.new"
        as_root mv "$root.new" "$root"
    fi
    if [ "$(cat "$root/xmppsync-packages" 2>/dev/null)" != "$stamp" ]; then
        step "Installing Falkon, Qt, Prosody and tools in it" "$cache/logs/packages.log" \
            enter_root root "$top/scripts/install-packages.sh" "$@"
        echo "$stamp" | as_root tee "$root/xmppsync-packages" >/dev/null
    fi
    exec 9>&-
}

# bootstrap RELEASE FOLDER: from the mirrors that this system uses, where it is a Debian, else from Debian's own.
bootstrap() {
    local release=$1 main security sources=() options=()
    main=$(mirror_of Debian)
    security=$(mirror_of Debian-Security)
    [ -z "$main" ] || sources+=("deb $main $release main")
    if [ "$release" = "$newest_release" ]; then
        # A mirror may stand still for longer than the week that lists of a release in the making are valid.
        options+=(--aptopt='Acquire::Check-Valid-Until "false"')
    elif [ -n "$main" ]; then
        sources+=("deb $main $release-updates main")
        [ -z "$security" ] || sources+=("deb $security $release-security main")
    fi
    as_root mmdebstrap --mode=root --variant=apt --include=ca-certificates "${options[@]}" "$release" "$2" "${sources[@]}"
}

# mirror_of LABEL: where this system's package lists of that label come from; empty where there are none.
mirror_of() {
    # shellcheck disable=SC2016 # apt's own variable
    apt-get indextargets --format '$(REPO_URI)' "Label: $1" "Component: main" "Created-By: Packages" 2>/dev/null |
        sed -n '1s|/$||p'
}

# enter_root root|user CMD...: the checkout, the cache, the Rust toolchain and /tmp lie at their own paths in there.
enter_root() {
    local who=$1 variable
    shift
    local variables=(
        "HOME=$HOME" "USER=$(id -un)" "TERM=${TERM:-dumb}" LANG=C.UTF-8 "CARGO_HOME=$cargo_home"
        "PATH=$toolchain/bin:$cargo_home/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    )
    for variable in CI DISPLAY http_proxy https_proxy no_proxy ${!XMPPSYNC_@} ${!CARGO_HTTP_@} ${!CARGO_NET_@} \
        ${!CARGO_REGISTR@} PIP_INDEX_URL; do
        [ -z "${!variable-}" ] || variables+=("$variable=${!variable}")
    done
    local authority=${XAUTHORITY:-$HOME/.Xauthority}
    [ ! -f "$authority" ] || variables+=("XAUTHORITY=/run/xmppsync-xauthority-$(id -u)")
    [ -z "${SSL_CERT_FILE-}" ] ||
        variables+=(SSL_CERT_FILE=/etc/ssl/certs/host.pem CARGO_HTTP_CAINFO=/etc/ssl/certs/host.pem)
    # A worktree keeps its repository elsewhere.
    local repository
    repository=$(git -c safe.directory='*' -C "$top" rev-parse --path-format=absolute --git-common-dir 2>/dev/null || echo "$top")
    as_root unshare --mount --propagation private "$top/scripts/enter-root.sh" \
        "$root" "$who" "$(id -u)" "$(id -g)" "$top" "${SSL_CERT_FILE-}" "$authority" \
        /tmp "$top" "$repository" "$cache/builds" "$cargo_home" "$toolchain" -- \
        env -i "${variables[@]}" "${environment[@]}" "$@"
}
