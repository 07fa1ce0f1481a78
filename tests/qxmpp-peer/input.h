// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

/** Standard input, line by line, without blocking the event loop. */
class Input : public QObject
{
    Q_OBJECT

public:
    explicit Input(QObject *parent = nullptr);

Q_SIGNALS:
    void line(const QByteArray &line);
    void ended();

private:
    void read();

    QSocketNotifier m_notifier;
    QByteArray m_buffer;
};
