// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QObject>
#include <QTimer>

class BrowserWindow;

/// Notices what is open in this browser, and hands it over a moment after it has changed.
class TabsCollector : public QObject
{
    Q_OBJECT

public:
    explicit TabsCollector(QObject *parent);

Q_SIGNALS:
    /// Addresses and titles in the order of the windows, as in the engine's command "open_tabs".
    void collected(const QJsonArray &tabs);

private Q_SLOTS:
    void watch(BrowserWindow *window);
    void lookSoon();

private:
    void collect();

    QTimer m_quiet;
    QJsonArray m_collected;
};
