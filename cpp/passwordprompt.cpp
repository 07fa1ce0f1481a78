// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "passwordprompt.h"

#include "synccontroller.h"

PasswordPrompt::PasswordPrompt(SyncController *controller, QWidget *parent)
    : QInputDialog(parent)
{
    setObjectName(QStringLiteral("XmppSyncPassword"));
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(false);
    setWindowTitle(tr("XmppSync"));
    setInputMode(QInputDialog::TextInput);
    setTextEchoMode(QLineEdit::Password);
    setLabelText(tr("Password of %1, to synchronize the bookmarks:").arg(controller->configuration().account));
    setOkButtonText(tr("Sign in"));
    connect(this, &QInputDialog::textValueSelected, controller, [controller](const QString &password) {
        if (!password.isEmpty() && controller->waitsForPassword()) {
            controller->signIn(password);
        }
    });
    // Answered elsewhere.
    connect(controller, &SyncController::statusChanged, this, [this, controller] {
        if (!controller->waitsForPassword()) {
            close();
        }
    });
}
