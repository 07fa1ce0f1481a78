// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "windowbuttons.h"

#include "falkon/mainapplication.h"

class SyncButton : public AbstractButtonInterface
{
public:
    explicit SyncButton(QObject *parent)
        : AbstractButtonInterface(parent)
    {
        setTitle(name());
        setIcon(QIcon(QStringLiteral(":/xmppsync/xmppsync-32.png")));
    }

    QString id() const override
    {
        return QStringLiteral("xmppsync-button");
    }

    QString name() const override
    {
        return WindowButtons::tr("XmppSync");
    }
};

WindowButtons::WindowButtons(QObject *parent)
    : QObject(parent)
{
    PluginProxy *plugins = MainApplication::instance()->plugins();
    connect(plugins, SIGNAL(mainWindowCreated(BrowserWindow *)), this, SLOT(addTo(BrowserWindow *)));
    connect(plugins, SIGNAL(mainWindowDeleted(BrowserWindow *)), this, SLOT(removeFrom(BrowserWindow *)));
    // Windows that exist already are not announced.
    for (BrowserWindow *window : MainApplication::instance()->windows()) {
        addTo(window);
    }
}

WindowButtons::~WindowButtons()
{
    for (BrowserWindow *window : m_buttons.keys()) {
        removeFrom(window);
    }
}

void WindowButtons::setStatus(const QString &toolTip, bool needsAttention)
{
    m_toolTip = tr("XmppSync: %1").arg(toolTip);
    m_needsAttention = needsAttention;
    for (SyncButton *button : std::as_const(m_buttons)) {
        button->setToolTip(m_toolTip);
        button->setBadgeText(needsAttention ? QStringLiteral("!") : QString());
    }
}

void WindowButtons::addTo(BrowserWindow *window)
{
    if (m_buttons.contains(window)) {
        return;
    }
    auto *button = new SyncButton(this);
    button->setToolTip(m_toolTip);
    button->setBadgeText(m_needsAttention ? QStringLiteral("!") : QString());
    connect(button, SIGNAL(clicked(AbstractButtonInterface::ClickController *)), this, SIGNAL(clicked()));
    window->statusBar()->addButton(button);
    window->navigationBar()->addToolButton(button);
    m_buttons.insert(window, button);
    Q_EMIT windowAdded();
}

void WindowButtons::removeFrom(BrowserWindow *window)
{
    SyncButton *button = m_buttons.take(window);
    if (button) {
        window->statusBar()->removeButton(button);
        window->navigationBar()->removeToolButton(button);
        delete button;
    }
}
