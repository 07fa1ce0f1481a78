// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plaintext.h"

#include <QTextDocument>

namespace PlainText {
QString anywhere(QString text)
{
    // Desktops differ in whether they read mark-up, so what is escaped for one is shown escaped by the next. Nothing is mark-up
    // without these two.
    return text.replace(QLatin1Char('<'), QChar(0x2039)).replace(QLatin1Char('>'), QChar(0x203a));
}

QString toolTip(const QString &text)
{
    if (!Qt::mightBeRichText(text)) {
        return text;
    }
    const QString lines = text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1StringView("<br>"));
    return QStringLiteral("<qt>%1</qt>").arg(lines);
}
}
