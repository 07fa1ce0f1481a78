// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "translation.h"

#include <QCoreApplication>
#include <QLocale>

Translation::Translation(QObject *parent)
    : QTranslator(parent)
{
    const QString folder = QStringLiteral(":/xmppsync/translations");
    const QString name = QStringLiteral("xmppsync");
    // English has a file for its plurals.
    if (load(QLocale(), name, QStringLiteral("_"), folder) || load(name + QStringLiteral("_en"), folder)) {
        QCoreApplication::installTranslator(this);
    }
}

Translation::~Translation()
{
    QCoreApplication::removeTranslator(this);
}
