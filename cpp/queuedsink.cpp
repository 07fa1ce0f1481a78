// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "queuedsink.h"

#include "texts.h"
#include "workmeter.h"

#include "bridge/src/ffi.cxxqt.h"

namespace {
HostEdit qtEdit(const xmppsync::HostEdit &edit)
{
    // The enumerations have the same order on both sides.
    static_assert(int(xmppsync::EditKind::Remove) == HostEdit::Remove && int(xmppsync::EditKind::Insert) == HostEdit::Insert);
    static_assert(
        int(xmppsync::ItemKind::Separator) == HostEdit::Separator && int(xmppsync::ItemKind::Folder) == HostEdit::Folder);
    return {
        HostEdit::Action(edit.edit),
        HostEdit::Kind(edit.kind),
        edit.token,
        edit.parent,
        int(qMin<std::uint32_t>(edit.index, std::numeric_limits<int>::max())),
        toQt(edit.title),
        toQt(edit.url),
        toQt(edit.description),
        toQt(edit.keyword),
    };
}
}

QueuedSink::QueuedSink(EngineReceiver *receiver)
    : m_receiver(receiver)
{
}

void QueuedSink::close()
{
    const std::lock_guard lock(m_mutex);
    m_receiver = nullptr;
}

void QueuedSink::onMessage(rust::Slice<const std::uint8_t> json) const noexcept
{
    const QByteArray copy(reinterpret_cast<const char *>(json.data()), qsizetype(json.size()));
    post([copy](EngineReceiver *receiver) { Q_EMIT receiver->message(copy); });
}

void QueuedSink::applyEdits(
    std::uint64_t number, std::uint64_t generation, rust::Slice<const xmppsync::HostEdit> edits) const noexcept
{
    HostBatch batch{number, generation, {}};
    batch.edits.reserve(qsizetype(edits.size()));
    for (const xmppsync::HostEdit &edit : edits) {
        batch.edits.append(qtEdit(edit));
    }
    post([batch = std::move(batch)](EngineReceiver *receiver) { Q_EMIT receiver->batch(batch); });
}

template <typename Call>
void QueuedSink::post(Call call) const
{
    const std::lock_guard lock(m_mutex);
    if (EngineReceiver *receiver = m_receiver) {
        QMetaObject::invokeMethod(
            receiver,
            [receiver, call = std::move(call)] {
                const WorkMeter::Entry entry("engine");
                call(receiver);
            },
            Qt::QueuedConnection);
    }
}
