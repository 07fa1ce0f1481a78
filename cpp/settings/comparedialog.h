// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QJsonArray;
class QJsonObject;
class QLabel;
class QPushButton;
class SyncController;

/// Compares two own devices by seven emoji: both authenticate each other when both users say that they are the same.
class CompareDialog : public QDialog
{
    Q_OBJECT

public:
    /// Begins at once, or agrees to what the other device has begun.
    CompareDialog(SyncController *controller, qint64 device, const QString &name, QWidget *parent);

    void done(int result) override;

private:
    void onEvent(const QJsonObject &event);
    void showState(const QJsonObject &verification);
    void showEmoji(const QJsonArray &emoji);
    void confirm(bool matches);
    void end(const QString &text);

    SyncController *const m_controller;
    const qint64 m_device;
    const QString m_name;
    QLabel *const m_text;
    QWidget *const m_emoji;
    QPushButton *m_same;
    QPushButton *m_differ;
    QPushButton *m_close;
    bool m_running = true;
};
