// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "input.h"

#include <unistd.h>

Input::Input(QObject *parent)
    : QObject(parent)
    , m_notifier(STDIN_FILENO, QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &Input::read);
}

void Input::read()
{
    // Readable when activated, so this one read returns at once with what is there.
    char chunk[65536];
    const auto count = ::read(STDIN_FILENO, chunk, sizeof chunk);
    if (count <= 0) {
        m_notifier.setEnabled(false);
        Q_EMIT ended();
        return;
    }
    m_buffer.append(chunk, count);
    for (auto end = m_buffer.indexOf('\n'); end >= 0; end = m_buffer.indexOf('\n')) {
        const auto text = m_buffer.left(end).trimmed();
        m_buffer.remove(0, end + 1);
        if (!text.isEmpty()) {
            Q_EMIT line(text);
        }
    }
}
