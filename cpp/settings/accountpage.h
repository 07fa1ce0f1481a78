// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "page.h"

class QComboBox;
class QGroupBox;
class QLineEdit;
class QProgressBar;
class QPushButton;

/// Who signs in where, how that goes and what to do next; and signing out.
class AccountPage : public Page
{
    Q_OBJECT

public:
    AccountPage(SyncController *controller, QWidget *parent);

    void fill() override;
    void store(Configuration &configuration) const override;
    QString password() const override;

private:
    QWidget *statusGroup();
    QWidget *accountGroup();
    QWidget *serverGroup();
    QLayout *farewell();
    void showStatus();
    void pauseOrResume();
    void browseForAuthority();
    void askToSignOut();
    void askToLeave();

    QLabel *m_status;
    QLabel *m_next;
    QProgressBar *m_progress;
    QPushButton *m_pause;
    QLineEdit *m_address;
    QLineEdit *m_password;
    QComboBox *m_storage;
    QLineEdit *m_label;
    QGroupBox *m_byHand;
    QLineEdit *m_server;
    QLineEdit *m_authority;
    QPushButton *m_signOut;
    QPushButton *m_leave;
};
