// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QInputDialog>

class SyncController;

/// Asks for the account's password, where it is kept nowhere. Deletes itself; the browser can be used meanwhile.
class PasswordPrompt : public QInputDialog
{
    Q_OBJECT

public:
    PasswordPrompt(SyncController *controller, QWidget *parent);
};
