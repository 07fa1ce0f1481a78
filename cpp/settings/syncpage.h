// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "page.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;

/// What is synchronized, which keys count, and whose programs may read and edit the bookmarks.
class SyncPage : public Page
{
    Q_OBJECT

public:
    SyncPage(SyncController *controller, QWidget *parent);

    void fill() override;
    void store(Configuration &configuration) const override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void showHint();
    QWidget *whatGroup();
    QWidget *trustGroup();
    QWidget *partnersGroup();
    void addPartner();
    void removePartner();

    QCheckBox *m_bookmarks;
    QCheckBox *m_doubles;
    QCheckBox *m_visits;
    QLabel *m_hint;
    QComboBox *m_policy;
    QCheckBox *m_requests;
    QListWidget *m_partners;
    QPushButton *m_remove;
};
