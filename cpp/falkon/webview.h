// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A page that a tab shows, and what lies under the mouse in it, as a binary interface. Only used by pointer and by reference.

#include <QString>
#include <QUrl>
#include <QWidget>

/// A QWebEngineView, whose address and title are the Qt properties "url" and "title". Slot: openUrlInBackgroundTab(), which takes
/// the address from the data of the QAction that sends the signal.
class WebView : public QWidget
{
public:
    WebView() = delete;
};

/// The one in a tab of a window.
class TabbedWebView : public WebView
{
public:
    TabbedWebView() = delete;
};

class WebHitTestResult
{
public:
    WebHitTestResult() = delete;

    /// Empty where there is no link.
    QUrl linkUrl() const;
    /// The link's text.
    QString linkTitle() const;
};
