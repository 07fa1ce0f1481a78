// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/xmppsync/message_sink.h"
#include "hostedits.h"

#include <QByteArray>
#include <QObject>

#include <memory>
#include <mutex>

/// Lives on the Qt thread and gets there what the engine says on its own.
class EngineReceiver : public QObject
{
    Q_OBJECT

Q_SIGNALS:
    void message(const QByteArray &json);
    void batch(const HostBatch &batch);
};

/// The engine's way to the Qt thread: everything is queued, and nothing arrives after close().
class QueuedSink : public xmppsync::MessageSink
{
public:
    explicit QueuedSink(EngineReceiver *receiver);

    /// To be called before the receiver is destroyed. The engine may hold the sink for longer.
    void close();

    void onMessage(rust::Slice<const std::uint8_t> json) const noexcept override;
    void applyEdits(
        std::uint64_t number, std::uint64_t generation, rust::Slice<const xmppsync::HostEdit> edits) const noexcept override;

private:
    template <typename Call>
    void post(Call call) const;

    // The one lock of the plugin: close() on the Qt thread must not pass a post on the engine's.
    mutable std::mutex m_mutex;
    EngineReceiver *m_receiver;
};
