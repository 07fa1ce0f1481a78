// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QCheckBox;
class QGroupBox;
class QLabel;
class QLineEdit;
class SyncController;

/// Account, what is synchronised, how it goes, and the user's devices. Does not block the browser.
class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit SettingsDialog(SyncController *controller, QWidget *parent = nullptr);

private:
    QWidget *accountGroup();
    QWidget *advancedGroup();
    QWidget *statusGroup();
    QWidget *devicesGroup();
    void fill();
    void showStatus();
    void apply();
    void browseForCa();

    SyncController *const m_controller;
    QLineEdit *m_address;
    QLineEdit *m_password;
    QLineEdit *m_label;
    QCheckBox *m_bookmarks;
    QGroupBox *m_advanced;
    QLineEdit *m_server;
    QLineEdit *m_caFile;
    QLabel *m_status;
    QLabel *m_error;
    QLabel *m_fingerprint;
};
