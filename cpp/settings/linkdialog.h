// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QJsonObject;
class QLabel;
class SyncController;

/// This device's key and those that it has authenticated, as a link and as a QR code.
class LinkDialog : public QDialog
{
    Q_OBJECT

public:
    LinkDialog(SyncController *controller, QWidget *parent);

private:
    void onEvent(const QJsonObject &event);

    QLabel *const m_code;
    QLabel *const m_link;
};
