# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Building, and where the results are. Sourced in the checkout, after output.sh.

: "${CARGO_TARGET_DIR:?}" "${XMPPSYNC_BUILDS:?}" "${XMPPSYNC_CACHE:?}"
logs=$XMPPSYNC_BUILDS/logs
build=$XMPPSYNC_BUILDS/cmake
profile=fast

export XMPPSYNC_PLUGIN=$build/plugins/XmppSync.so
export XMPPSYNC_DRIVER=$build/plugins/XmppSyncTestDriver.so
export XMPPSYNC_QXMPP_PEER=$XMPPSYNC_BUILDS/qxmpp-peer/qxmpp-peer
export XMPPSYNC_PYTHON_PEER=$XMPPSYNC_CACHE/python-peer/bin/python
export XMPPSYNC_BOT=$CARGO_TARGET_DIR/$profile/xmppsync-bot

build_all() {
    step "Building the bot" "$logs/build-bot.log" cargo build --locked --profile "$profile" -p bot
    step "Configuring the plugin" "$logs/configure.log" \
        cmake -S . -B "$build" -G Ninja -DCMAKE_INSTALL_PREFIX=/usr -DXMPPSYNC_TESTS=ON -DCARGO_PROFILE="$profile"
    step "Building the plugin" "$logs/build-plugin.log" cmake --build "$build"
    step "Configuring the QXmpp peer" "$logs/configure-peer.log" \
        cmake -S tests/qxmpp-peer -B "$(dirname "$XMPPSYNC_QXMPP_PEER")" -G Ninja
    step "Building the QXmpp peer" "$logs/build-peer.log" cmake --build "$(dirname "$XMPPSYNC_QXMPP_PEER")"
}

# The libraries of tests/python-peer, from PyPI, in an environment of its own; again when their list or Python changes.
# For the end-to-end tests alone.
python_peer() {
    local place stamp
    place=$(dirname "$(dirname "$XMPPSYNC_PYTHON_PEER")")
    stamp=$(cat tests/python-peer/requirements.txt <(python3 --version) | sha256sum | cut -d' ' -f1)
    mkdir -p "$(dirname "$place")"
    # Checkouts share it, and may come here at the same time.
    exec 8>"$place.lock"
    flock 8 || return
    if [ "$(cat "$place/stamp" 2>/dev/null)" != "$stamp" ]; then
        rm -rf "$place" && python3 -m venv "$place" &&
            "$place/bin/pip" install --disable-pip-version-check --only-binary :all: -r tests/python-peer/requirements.txt &&
            echo "$stamp" >"$place/stamp"
    fi
}
