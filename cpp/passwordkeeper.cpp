// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "passwordkeeper.h"

#include "texts.h"

#include <QCoreApplication>

#include "bridge/src/ffi.cxxqt.h"

namespace {
class Text
{
    Q_DECLARE_TR_FUNCTIONS(PasswordKeeper)
};

void forgetInStore(const QString &account)
{
    try {
        xmppsync::forgetPassword(toRust(account));
    } catch (const rust::Error &) {
        // What is no address has no password there.
    }
}
}

PasswordKeeper::PasswordKeeper(const ConfigurationStore &store)
    : m_store(store)
{
}

QString PasswordKeeper::change(const Configuration &before, const Configuration &next, const QString &typed)
{
    // The password of one account is never given to the server of another.
    const bool same = before.account == next.account;
    const QString password = typed.isEmpty() && same ? known() : typed;
    const bool inStore = next.passwordStorage == PasswordStorage::SecretService;
    if (inStore || next.passwordStorage == PasswordStorage::Ask) {
        m_remembered = password;
        // Where the file's own password is on its way into the store, the file goes once it is there: see kept().
        if (!(inStore && same && typed.isEmpty())) {
            m_store.forgetPassword();
        }
    } else {
        const QString error = password.isEmpty() ? Text::tr("Enter the password.") : m_store.savePassword(password);
        if (!error.isEmpty()) {
            return error;
        }
        m_remembered.clear();
    }
    if (before.passwordStorage == PasswordStorage::SecretService && !(inStore && same)) {
        forgetInStore(before.account);
    }
    return {};
}

void PasswordKeeper::remember(const QString &password)
{
    m_remembered = password;
}

QString PasswordKeeper::forEngine(const Configuration &configuration, QString *error) const
{
    const QString password = known();
    if (password.isEmpty() && configuration.passwordStorage != PasswordStorage::SecretService) {
        *error = Text::tr("The password is missing. Enter it in the settings.");
    }
    return password;
}

bool PasswordKeeper::mustAsk(const Configuration &configuration) const
{
    return configuration.passwordStorage == PasswordStorage::Ask && m_remembered.isEmpty();
}

bool PasswordKeeper::has(const Configuration &configuration) const
{
    return configuration.passwordStorage == PasswordStorage::SecretService ? configuration.signedIn : !known().isEmpty();
}

void PasswordKeeper::kept()
{
    m_remembered.clear();
    m_store.forgetPassword();
}

QString PasswordKeeper::forget(const Configuration &configuration)
{
    m_remembered.clear();
    if (configuration.passwordStorage == PasswordStorage::SecretService) {
        forgetInStore(configuration.account);
    }
    return m_store.forgetPassword() ? QString() : Text::tr("The password's file could not be deleted.");
}

QString PasswordKeeper::known() const
{
    return m_remembered.isEmpty() ? m_store.password() : m_remembered;
}
