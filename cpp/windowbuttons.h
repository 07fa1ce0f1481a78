// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "falkon/abstractbuttoninterface.h"
#include "falkon/browserwindow.h"
#include "statusicon.h"

#include <QHash>
#include <QObject>

class SyncButton;

/// One button in the status bar and in the toolbar's menu of every window; it opens the settings and shows how it goes.
class WindowButtons : public QObject
{
    Q_OBJECT

public:
    explicit WindowButtons(QObject *parent);
    /// Takes the buttons out of the windows.
    ~WindowButtons() override;

    void setStatus(const QString &toolTip, SyncHealth health);

Q_SIGNALS:
    void clicked();
    void windowAdded();

private Q_SLOTS:
    void addTo(BrowserWindow *window);
    void removeFrom(BrowserWindow *window);

private:
    QHash<BrowserWindow *, SyncButton *> m_buttons;
    QString m_toolTip;
    SyncHealth m_health = SyncHealth::Off;
    QIcon m_icon;
};
