// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QObject>

/// How long the plugin holds the browser's main thread: the processor time that its slots take in one turn of the event loop,
/// for as long as a turn lasts the browser shows and takes nothing. Always on; costs two looks at a clock for each slot.
/// On the main thread only.
class WorkMeter : public QObject
{
public:
    /// While one lives, the thread works for the plugin. In every function by which the event loop, Falkon or the engine
    /// enters the plugin. Within another one it does nothing.
    class Entry
    {
    public:
        /// \a name lives forever.
        explicit Entry(const char *name);
        ~Entry();
        Q_DISABLE_COPY_MOVE(Entry)

    private:
        const int m_before;
    };

    /// While one lives, the thread is in one of Falkon's functions that the plugin called, and in what its signals do there.
    class FalkonCall
    {
    public:
        FalkonCall();
        ~FalkonCall();
        Q_DISABLE_COPY_MOVE(FalkonCall)

    private:
        const int m_before;
    };

    explicit WorkMeter(QObject *parent);

    /// Processor times in ms, since the last reset(), by turns of the event loop: `plugin` the longest of the plugin's own work,
    /// and `entry` where most of that was; `wall` the longest by the clock on the wall, in which other programs' load and each
    /// wait counts; `falkon` the longest of Falkon's work that the plugin asked for, and `falkon_call` the longest single piece
    /// of it, which nobody can divide; `caused` the longest of both without one such piece; `total` all of the plugin's own.
    static QJsonObject read();
    static void reset();
};
