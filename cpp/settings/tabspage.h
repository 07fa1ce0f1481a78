// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "page.h"

class QCheckBox;
class QPushButton;
class QTreeWidget;

/// Whether this browser's open tabs are shown on the other devices, and what is open there.
class TabsPage : public Page
{
    Q_OBJECT

public:
    TabsPage(SyncController *controller, QWidget *parent);

    void fill() override;
    void store(Configuration &configuration) const override;

private:
    void showTabs();
    void openSelected();

    QCheckBox *const m_share;
    QLabel *const m_summary;
    QTreeWidget *const m_tabs;
    QPushButton *const m_open;
};
