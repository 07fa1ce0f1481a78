// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "configuration.h"
#include "passwordkeeper.h"
#include "statusicon.h"
#include "syncprogress.h"

#include <QDateTime>
#include <QJsonArray>
#include <QMap>
#include <QObject>

#include <memory>

class ActivityLog;
class Bookmarks;
class SharedTabs;
class SyncSession;
class TabsCollector;

/// What the settings dialog and the button talk to: the configuration, and the session that runs with it, if any.
class SyncController : public QObject
{
    Q_OBJECT

public:
    SyncController(Bookmarks *bookmarks, const QString &settingsPath, QObject *parent);
    ~SyncController() override;

    /// Signs in if an account is set up. \a bookmarksJustLoaded: nothing can have changed them since Falkon read its file.
    void start(bool bookmarksJustLoaded);
    void stop();

    const Configuration &configuration() const;
    bool hasPassword() const;
    QString folder() const;
    /// Stores the configuration, and the password if one is given, and signs in with them at once. Gives an empty string, or a
    /// sentence for the user; then nothing is stored.
    QString apply(const Configuration &configuration, const QString &password);

    /// Goes on with the password that it waits for.
    void signIn(const QString &password);
    /// Stops to synchronize the bookmarks, or goes on where it stopped; the account stays signed in. Gives an empty string, or a
    /// sentence for the user.
    QString setPaused(bool paused);
    /// Stops until the next apply(), and forgets the password.
    void signOut();
    /// Takes this browser out of the account: once the server has confirmed that, its keys and the password are deleted here.
    void leave();
    /// Signs in as soon as the user has told the password.
    bool waitsForPassword() const;

    bool isActive() const;
    bool isOnline() const;
    /// One or two sentences: how it goes, and what to do next.
    QString statusText() const;
    /// What is on its way, where it is enough to take a while.
    std::optional<SyncProgress> progress() const;
    /// What is wrong; empty if nothing is.
    QString lastError() const;
    /// What only a person can do, in a sentence each, by a name that stays while it waits.
    QMap<QString, QString> tasks() const;
    SyncHealth health() const;
    QString ownFingerprint() const;
    /// As in the engine's event "devices".
    QJsonArray devices() const;
    /// What waits for the user's answer, as in the engine's event "status".
    QJsonArray needs() const;
    /// The engine's event "verification" of another device that wants to compare keys; empty if none does.
    QJsonObject wishToCompare() const;
    /// Gives the engine a command, with an id that its answer will carry; gives that. A refusal is the last error.
    QString perform(QJsonObject command);
    /// \a device as in devices().
    void setTrust(const QJsonObject &device, const char *level);

    /// Empty once it is over.
    void setHistoryProblem(const QString &problem);

    ActivityLog *activity() const;
    SharedTabs *tabs() const;
    /// When all was last the same everywhere, since the start; invalid if it was not yet.
    QDateTime lastSync() const;
    QString send(const QByteArray &command);
    QJsonObject statusJson() const;

Q_SIGNALS:
    void statusChanged();
    /// By setPaused().
    void pausedChanged();
    void passwordWanted();
    /// This browser has left the account.
    void accountForgotten();
    void devicesChanged();
    void needsChanged();
    /// A session runs, before its first event; and it is about to end, while it still takes commands.
    void sessionStarted();
    void sessionEnding();
    /// One event of the engine, as JSON.
    void event(const QJsonObject &event);

private:
    void onMessage(const QByteArray &json);
    void setNeeds(const QJsonArray &needs);
    void tellTabs(const QJsonArray &tabs);
    void forgetAccount();
    void startSession(const QString &password, bool bookmarksJustLoaded);

    Bookmarks *const m_bookmarks;
    const ConfigurationStore m_store;
    PasswordKeeper m_password;
    const QString m_profilePath;
    Configuration m_configuration;
    std::unique_ptr<SyncSession> m_session;
    std::unique_ptr<TabsCollector> m_tabsCollector;
    QJsonArray m_devices;
    QJsonArray m_needs;
    std::optional<SyncProgress> m_transfer;
    QJsonObject m_wish;
    ActivityLog *const m_activity;
    SharedTabs *const m_tabs;
    QDateTime m_lastSync;
    /// Why the password could not be kept in the user's store.
    QString m_passwordProblem;
    /// Why the history is not shared, though it is to be.
    QString m_historyProblem;
    /// Why the session could not be started.
    QString m_startError;
    /// The last command that failed.
    QString m_commandError;
};
