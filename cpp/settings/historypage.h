// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "page.h"

class QJsonObject;
class QPushButton;
class QTreeWidget;

/// The dated copies of the bookmarks: what is different now, and going back.
class HistoryPage : public Page
{
    Q_OBJECT

public:
    HistoryPage(SyncController *controller, QWidget *parent);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void ask();
    void askForDifferences();
    void onEvent(const QJsonObject &event);
    void showCopies(const QJsonObject &event);
    void showDifferences(const QJsonObject &event);
    void askToGoBack();
    /// The selected copy's time as the engine names it; 0 if none is selected.
    qint64 selected() const;

    QTreeWidget *const m_copies;
    QLabel *const m_summary;
    QTreeWidget *const m_differences;
    QPushButton *const m_back;
};
