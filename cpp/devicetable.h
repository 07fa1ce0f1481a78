// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;
class SyncController;

/// The user's devices and how far each one is trusted, with buttons to change that.
class DeviceTable : public QWidget
{
    Q_OBJECT

public:
    explicit DeviceTable(SyncController *controller, QWidget *parent = nullptr);

private:
    void refill();
    void updateButtons();
    void trust();
    void distrust();
    QTreeWidgetItem *selected() const;
    void setTrust(const QString &level);

    SyncController *const m_controller;
    QTreeWidget *m_tree;
    QPushButton *m_trust;
    QPushButton *m_distrust;
};
