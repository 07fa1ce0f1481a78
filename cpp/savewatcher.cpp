// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "savewatcher.h"

#include "workmeter.h"

#include <QFileInfo>

SaveWatcher::SaveWatcher(const QString &profilePath, QObject *parent)
    : QObject(parent)
    , m_path(profilePath + QStringLiteral("/bookmarks.json"))
{
    m_watcher.addPath(profilePath);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &SaveWatcher::look);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &SaveWatcher::look);
    look();
}

bool SaveWatcher::isSavedSince(const QDateTime &change) const
{
    const QDateTime written = lastWritten();
    return written.isValid() && (!change.isValid() || written > change);
}

QDateTime SaveWatcher::lastWritten() const
{
    return QFileInfo(m_path).lastModified();
}

void SaveWatcher::look()
{
    const WorkMeter::Entry entry("saved file");
    const QFileInfo file(m_path);
    if (!file.exists()) {
        return;
    }
    // A file that was replaced is no longer watched.
    m_watcher.addPath(m_path);
    const QDateTime written = file.lastModified();
    if (written != m_seen) {
        m_seen = written;
        Q_EMIT this->written();
    }
}
