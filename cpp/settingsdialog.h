// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

#include <functional>

class Page;
class QIcon;
class QLabel;
class QListWidget;
class QPushButton;
class QStackedWidget;
class SyncController;

/// The settings: a list of pages at the side, above all of them what waits for the user. Does not block the browser.
class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit SettingsDialog(SyncController *controller, QWidget *parent = nullptr);

    /// Shows the page of that name, as it was given to addPage().
    void showPage(QLatin1StringView name);

private:
    /// A page is made when it is first shown: all of them at once would be felt.
    using PageMaker = std::function<Page *()>;
    void addPage(const PageMaker &make, QLatin1StringView name, const QString &title, const char *icon);
    void showRow(int row);
    void fill();
    void apply();

    SyncController *const m_controller;
    QListWidget *const m_list;
    QStackedWidget *const m_stack;
    QLabel *const m_refusal;
    QPushButton *m_apply;
    QList<PageMaker> m_makers;
    QList<Page *> m_pages;
};
