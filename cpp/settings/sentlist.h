// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeWidget>

class SharedTabs;

/// What was sent from this browser to other devices, and what has become of it.
class SentList : public QTreeWidget
{
    Q_OBJECT

public:
    SentList(SharedTabs *tabs, QWidget *parent);

private:
    void fill();

    SharedTabs *const m_shared;
};
