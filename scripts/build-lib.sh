# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Building, and where the results are. Sourced in the checkout, after output.sh.

: "${CARGO_TARGET_DIR:?}" "${XMPPSYNC_CACHE:?}"
logs=$XMPPSYNC_CACHE/logs
# CMake's folder belongs to one checkout; cargo's is shared by all.
build=$CARGO_TARGET_DIR/cmake-$(pwd | sha256sum | cut -c1-12)
profile=fast

export XMPPSYNC_PLUGIN=$build/plugins/XmppSync.so
export XMPPSYNC_DRIVER=$build/plugins/XmppSyncTestDriver.so
export XMPPSYNC_QXMPP_PEER=$build/qxmpp-peer/qxmpp-peer
export XMPPSYNC_BOT=$build/xmppsync-bot

build_all() {
    mkdir -p "$build"
    step "Building the bot" "$logs/build-bot.log" cargo build --locked --profile "$profile" -p bot
    cp "$CARGO_TARGET_DIR/$profile/xmppsync-bot" "$XMPPSYNC_BOT.new"
    mv "$XMPPSYNC_BOT.new" "$XMPPSYNC_BOT"
    step "Configuring the plugin" "$logs/configure.log" \
        cmake -S . -B "$build" -G Ninja -DXMPPSYNC_TESTS=ON -DCARGO_PROFILE="$profile"
    step "Building the plugin" "$logs/build-plugin.log" cmake --build "$build"
    step "Configuring the QXmpp peer" "$logs/configure-peer.log" \
        cmake -S tests/qxmpp-peer -B "$build/qxmpp-peer" -G Ninja
    step "Building the QXmpp peer" "$logs/build-peer.log" cmake --build "$build/qxmpp-peer"
}
