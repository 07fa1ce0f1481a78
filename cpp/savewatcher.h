// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QObject>
#include <QString>

/// Tells when Falkon has written its bookmarks.json. Falkon replaces the file, so the folder is watched as well.
class SaveWatcher : public QObject
{
    Q_OBJECT

public:
    SaveWatcher(const QString &profilePath, QObject *parent);

    /// Whether the file was written after \a change. A file written within the clock's grain of it does not count.
    bool isSavedSince(const QDateTime &change) const;
    QDateTime lastWritten() const;

Q_SIGNALS:
    void written();

private:
    void look();

    const QString m_path;
    QFileSystemWatcher m_watcher;
    QDateTime m_seen;
};
