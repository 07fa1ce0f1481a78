// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "configuration.h"

/// Where the account's password is kept, and how the engine gets it: from the user's password store, which the engine asks
/// itself, from a file, or from the user at each start.
class PasswordKeeper
{
public:
    explicit PasswordKeeper(const ConfigurationStore &store);

    /// Makes the password of \a next ready, and forgets what was kept for \a before where it is not needed any more. \a typed is
    /// empty if the user typed none. Gives an empty string, or a sentence for the user; then nothing has changed.
    QString change(const Configuration &before, const Configuration &next, const QString &typed);
    /// What the user was asked for, for as long as the browser runs.
    void remember(const QString &password);

    /// What the engine is started with; empty where it finds the password in the user's store. \a error is set where there is
    /// none.
    QString forEngine(const Configuration &configuration, QString *error) const;
    /// Only the user can tell it.
    bool mustAsk(const Configuration &configuration) const;
    /// Whether there is one, as far as is known here.
    bool has(const Configuration &configuration) const;

    /// The user's store has it now, so that nobody else needs to.
    void kept();
    /// Gives an empty string, or a sentence for the user.
    QString forget(const Configuration &configuration);

private:
    QString known() const;

    const ConfigurationStore &m_store;
    QString m_remembered;
};
