// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "page.h"

class QCheckBox;
class QPushButton;
class QTreeWidget;

/// Whether this browser's open tabs are shown on the other devices, and what is open there; whether it opens what they send, and
/// what was sent to them.
class TabsPage : public Page
{
    Q_OBJECT

public:
    TabsPage(SyncController *controller, QWidget *parent);

    void fill() override;
    void store(Configuration &configuration) const override;

private:
    QWidget *openGroup();
    QWidget *sentGroup();
    void showTabs();
    void openSelected();

    QCheckBox *m_share;
    QLabel *m_summary;
    QTreeWidget *m_tabs;
    QPushButton *m_open;
    QCheckBox *m_take;
};
