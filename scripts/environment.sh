# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Where everything is built and run: this system when it has Falkon with Qt 6, else a Debian 13 root of our own.
#
# The root is entered in a mount namespace of its own, so its mounts vanish with the last process in it, however that ends.

: "${top:?}"
cache=${XMPPSYNC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xmppsync}
root=$cache/debian13
cargo_home=${CARGO_HOME:-$HOME/.cargo}
rustup_home=${RUSTUP_HOME:-$HOME/.rustup}

oldest_rust=1.89
oldest_falkon=25.04
packages=(
    falkon qt6-base-dev qt6-base-dev-tools qt6-l10n-tools
    cmake ninja-build g++ pkg-config clang-format valgrind file git ca-certificates
    prosody openssl libqxmppqt6-dev libqca-qt6-plugins
    xvfb xauth xdotool x11-utils openbox imagemagick dbus-daemon fonts-dejavu-core procps
    python3 reuse shellcheck
)

# Runs a command as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || fail "'$1' has to run as root: become root, or install sudo"
        sudo "$@"
    fi
}

prepare_environment() {
    command -v apt-get >/dev/null || fail "this is no Debian: XmppSync is built on Debian 12 or later"
    check_rust
    mkdir -p "$cache/logs" "$cache/target"
    if is_native; then
        install_here
    else
        make_root
    fi
}

check_rust() {
    local version
    PATH=$cargo_home/bin:$PATH
    command -v rustc >/dev/null || fail "there is no Rust toolchain: install one of $oldest_rust or later, as rustup.rs tells"
    version=$(rustc --version | cut -d' ' -f2)
    at_least "$version" "$oldest_rust" || fail "rustc is $version, $oldest_rust or later is needed: run 'rustup update'"
}

at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Whether this system's own Falkon is new enough.
is_native() {
    local version
    version=$(apt-cache policy falkon 2>/dev/null | sed -n 's/^  Candidate: //p' | sed 's/^[0-9]*://')
    [ -n "$version" ] && [ "$version" != "(none)" ] && at_least "$version" "$oldest_falkon"
}

install_here() {
    local missing=()
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${missing[*]}"
    as_root apt-get update -qq || fail "apt-get update failed"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" ||
        fail "the packages above could not be installed"
}

# Makes the root, or brings it up to the list of packages. Under a lock: two at once would disturb each other.
make_root() {
    local stamp
    stamp=$(printf '%s\n' "${packages[@]}" | sha256sum | cut -d' ' -f1)
    exec 9>"$cache/lock"
    flock -n 9 || { say "Waiting for another ./dev that prepares the root"; flock 9; }
    if [ ! -d "$root" ]; then
        if ! command -v mmdebstrap >/dev/null; then
            step "Installing mmdebstrap" "$cache/logs/mmdebstrap.log" install_mmdebstrap
        fi
        as_root rm -rf "$root.new"
        step "Making a Debian 13 root in $root" "$cache/logs/root.log" \
            as_root mmdebstrap --mode=root --variant=apt --include=ca-certificates trixie "$root.new"
        as_root mv "$root.new" "$root"
    fi
    if [ "$(cat "$root/xmppsync-packages" 2>/dev/null)" != "$stamp" ]; then
        step "Installing Falkon, Qt, Prosody and tools in it" "$cache/logs/packages.log" \
            enter_root root env DEBIAN_FRONTEND=noninteractive sh -c \
            'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' sh "${packages[@]}"
        echo "$stamp" | as_root tee "$root/xmppsync-packages" >/dev/null
    fi
    exec 9>&-
}

install_mmdebstrap() {
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq mmdebstrap
}

# in_environment CMD...: runs a command where everything is built, as the present user, in the checkout.
in_environment() {
    if is_native; then
        env --chdir="$top" PATH="$cargo_home/bin:$PATH" XMPPSYNC_CACHE="$cache" CARGO_TARGET_DIR="$cache/target" "$@"
    else
        enter_root user "$@"
    fi
}

# enter_root root|user CMD...: the checkout, the cache, the Rust toolchain and /tmp lie at their own paths in there.
enter_root() {
    local who=$1 variable
    shift
    local environment=(
        "HOME=$HOME" "USER=$(id -un)" "TERM=${TERM:-dumb}" LANG=C.UTF-8
        "PATH=$cargo_home/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        "CARGO_HOME=$cargo_home" "RUSTUP_HOME=$rustup_home" "CARGO_TARGET_DIR=$cache/target" "XMPPSYNC_CACHE=$cache"
    )
    for variable in CI DISPLAY RUSTUP_TOOLCHAIN http_proxy https_proxy no_proxy ${!XMPPSYNC_@} ${!CARGO_HTTP_@} \
        ${!CARGO_NET_@} ${!CARGO_REGISTR@}; do
        [ -z "${!variable-}" ] || [ "$variable" = XMPPSYNC_CACHE ] || environment+=("$variable=${!variable}")
    done
    local authority=${XAUTHORITY:-$HOME/.Xauthority}
    [ ! -f "$authority" ] || environment+=("XAUTHORITY=/tmp/.xmppsync-xauthority-$(id -u)")
    [ -z "${SSL_CERT_FILE-}" ] ||
        environment+=(SSL_CERT_FILE=/etc/ssl/certs/host.pem CARGO_HTTP_CAINFO=/etc/ssl/certs/host.pem)
    as_root unshare --mount --propagation private "$top/scripts/enter-root.sh" \
        "$root" "$who" "$(id -u)" "$(id -g)" "$top" "$cache" "$cargo_home" "$rustup_home" "${SSL_CERT_FILE-}" "$authority" \
        env -i "${environment[@]}" "$@"
}
