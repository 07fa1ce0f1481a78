// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

/// One edit for the bookmark tree, as the engine asked for it. See the bridge's HostEdit, whose copy in Qt's types it is.
struct HostEdit
{
    enum Action { Insert, Move, Update, Remove };
    enum Kind { Folder, Link, Separator };

    Action action;
    Kind kind;
    quint64 token;
    quint64 parent;
    int index;
    QString title;
    QString url;
    QString description;
    QString keyword;
};

/// Edits that belong together, in order.
struct HostBatch
{
    quint64 number = 0;
    /// The collection that the batch is based on.
    quint64 generation = 0;
    QList<HostEdit> edits;
};
