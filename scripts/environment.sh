# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Where everything is built and run: this system when it has Falkon with Qt 6, else a Debian 13 root of our own.

: "${top:?}"
# shellcheck source=scripts/debian-root.sh
. "$top/scripts/debian-root.sh"

HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
cache=$(realpath -m "${XMPPSYNC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xmppsync}")
cargo_home=${CARGO_HOME:-$HOME/.cargo}

oldest_rust=1.89
oldest_falkon=25.04
# What the end-to-end tests need to run …
run_packages=(
    falkon prosody ejabberd openssl ca-certificates
    xvfb xauth xdotool x11-utils openbox imagemagick dbus-daemon fonts-dejavu-core fonts-noto-color-emoji procps
    python3 python3-jsonschema gnome-keyring dunst dbus-bin
)
# … and what building and all other tests need besides.
packages=(
    "${run_packages[@]}" qt6-base-dev qt6-base-dev-tools qt6-l10n-tools
    cmake ninja-build g++ pkg-config clang-format valgrind dpkg-dev file git
    libqxmppqt6-dev libqca-qt6-plugins python3-venv profanity libomemo-c-dev libgcrypt20-dev reuse shellcheck
)
# The Debian with the newest Falkon.
newest_release=forky

prepare_environment() {
    command -v apt-get >/dev/null || fail "this is no Debian: XmppSync is built on Debian 12 or later"
    command -v git >/dev/null || fail "git is missing: apt install git"
    mkdir -p "$cache/logs" || fail "the cache folder $cache cannot be written: name another with XMPPSYNC_CACHE"
    find_toolchain
    # What is built and logged, for each checkout.
    builds=$cache/builds/$(basename "$top")-$(printf '%s' "$top" | sha256sum | cut -c1-12)
    mkdir -p "$builds/logs" "$cargo_home"
    # A container may have all that is needed and yet refuse a root of another Debian.
    mounting=yes
    (as_root unshare --mount true) 2>/dev/null || mounting=no
    environment=(
        "XMPPSYNC_MOUNTING=$mounting"
        "CARGO_BUILD_BUILD_DIR=$builds/target" "CARGO_TARGET_DIR=$builds/cargo"
        "XMPPSYNC_CACHE=$cache" "XMPPSYNC_BUILDS=$builds" PYTHONDONTWRITEBYTECODE=1
        # A checkout may belong to somebody else, as in many a CI.
        GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory "GIT_CONFIG_VALUE_0=*"
    )
    native=$(find_native)
    if [ "$native" = yes ]; then
        install_here
    else
        make_root debian13 trixie "${packages[@]}"
    fi
    [ -d "$builds/target" ] ||
        (cd "$top" && step "Preparing the build folder" "$cache/logs/build-folder.log" \
            scripts/build-folder.sh "$builds/target" "$cache"/builds/*/target)
}

# A root with the newest Falkon that there is, for what was built elsewhere.
prepare_newest() { make_root "$newest_release" "$newest_release" "${run_packages[@]}"; }

# in_newest CMD...: runs a command there, as the present user, in the checkout.
in_newest() {
    root=$cache/$newest_release
    enter_root user "$@"
}

# in_environment CMD...: becomes a command where everything is built, as the present user, in the checkout.
in_environment() {
    if [ "$native" = yes ]; then
        exec env --chdir="$top" "${environment[@]}" "$@"
    fi
    enter_root user "$@"
    exit
}

find_toolchain() {
    local version
    PATH=$cargo_home/bin:$PATH
    command -v rustc >/dev/null || fail "there is no Rust toolchain: install one of $oldest_rust or later, as rustup.rs tells"
    version=$(rustc --version | cut -d' ' -f2) || fail "rustc does not run; try 'rustup default stable'"
    at_least "$version" "$oldest_rust" || fail "rustc is $version, $oldest_rust or later is needed: run 'rustup update'"
    toolchain=$(rustc --print sysroot)
}

# rustup's minimal profile lacks what the checks need.
need_lints() {
    if [ -x "$toolchain/bin/cargo-fmt" ] && [ -x "$toolchain/bin/cargo-clippy" ]; then
        return
    fi
    command -v rustup >/dev/null || fail "the Rust toolchain in $toolchain lacks rustfmt or clippy"
    step "Adding rustfmt and clippy to the Rust toolchain" "$cache/logs/rustup.log" rustup component add rustfmt clippy
}

at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Says whether this system itself has a Falkon that is new enough, and all the rest: yes or no.
find_native() {
    local falkon system
    system=$(. /etc/os-release && echo "${ID-} ${VERSION_ID-}")
    if [ "${XMPPSYNC_NATIVE-}" = no ] || [ "$system" = "debian 12" ]; then
        echo no
        return
    fi
    if [ -z "$(apt-get indextargets 'Created-By: Packages')" ]; then
        step "Reading the lists of packages" "$cache/logs/apt.log" as_root apt-get update
    fi
    falkon=$(candidates falkon)
    if [ -n "$falkon" ] && at_least "${falkon#*:}" "$oldest_falkon" &&
        [ "$(candidates "${packages[@]}" | wc -l)" -eq ${#packages[@]} ]; then
        echo yes
    else
        echo no
    fi
}

# The versions that apt would install, a line for each package that it knows.
candidates() { LC_ALL=C apt-cache policy "$@" 2>/dev/null | sed -n 's/^  Candidate: \([^(]\)/\1/p'; }

install_here() {
    local missing=() package
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Missing packages: ${missing[*]}"
    step "Installing them" "$cache/logs/packages.log" as_root "$top/scripts/install-packages.sh" "${missing[@]}"
}

# Runs a command as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || fail "'$1' has to run as root: become root, or install sudo"
        sudo --preserve-env=http_proxy,https_proxy,no_proxy -- "$@"
    fi
}
