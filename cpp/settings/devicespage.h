// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "page.h"

#include <QJsonObject>

class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

/// The account's and the partners' devices, with what the user can say of each.
class DevicesPage : public Page
{
    Q_OBJECT

public:
    DevicesPage(SyncController *controller, QWidget *parent);

private:
    QLayout *buttons();
    void showDevices();
    void showSelected();
    void trust();
    void distrust();
    void compare();
    void rename();
    void remove();
    void showLink();
    void readLink();
    void addItem(const QJsonObject &device, const QString &selected);
    /// The engine's description of the selected device; empty if none is.
    QJsonObject selected() const;
    QString nameOf(const QJsonObject &device) const;

    QTreeWidget *m_tree;
    QLabel *m_detail;
    QLabel *m_fingerprint;
    QPushButton *m_trust;
    QPushButton *m_distrust;
    QPushButton *m_compare;
    QPushButton *m_rename;
    QPushButton *m_remove;
};
