// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

#include <memory>

class HistoryCollector;
class QMessageBox;
class SyncController;

/// Shares Falkon's history while the user wants that and the session runs, and asks what is to become of it elsewhere when the
/// user empties it here.
class HistoryShare : public QObject
{
    Q_OBJECT

public:
    HistoryShare(SyncController *controller, QObject *parent);
    ~HistoryShare() override;

private:
    void restart();
    void stop();
    void ask();
    void showTrouble(bool troubled);

    SyncController *const m_controller;
    std::unique_ptr<HistoryCollector> m_collector;
    QPointer<QMessageBox> m_question;
};
