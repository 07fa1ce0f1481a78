// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTranslator>

/// The plugin's own texts in the language of the desktop, for as long as it exists; in English where there is none.
class Translation : public QTranslator
{
    Q_OBJECT

public:
    explicit Translation(QObject *parent);
    ~Translation() override;
};
