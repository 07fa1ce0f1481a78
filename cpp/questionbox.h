// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QJsonObject;
class QVBoxLayout;
class SyncController;

/// What waits for the user, each with its possible answers: large deletions that are held, and a first join. Hidden when
/// nothing waits.
class QuestionBox : public QWidget
{
    Q_OBJECT

public:
    QuestionBox(SyncController *controller, QWidget *parent);

private:
    void fill();
    QWidget *question(const QJsonObject &need);
    QWidget *comparison(const QJsonObject &wish);

    SyncController *const m_controller;
    QVBoxLayout *const m_layout;
};
