// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "page.h"

class QTreeWidget;

/// What happened since the browser's start, newest first.
class ActivityPage : public Page
{
    Q_OBJECT

public:
    ActivityPage(SyncController *controller, QWidget *parent);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void showEntries();
    void copy();

    QTreeWidget *const m_tree;
    /// How many entries the log had when it was last shown.
    quint64 m_shown = 0;
};
