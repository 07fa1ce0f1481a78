// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "windowbuttons.h"

#include "falkon/mainapplication.h"
#include "plaintext.h"
#include "workmeter.h"

class SyncButton : public AbstractButtonInterface
{
public:
    explicit SyncButton(QObject *parent)
        : AbstractButtonInterface(parent)
    {
        setTitle(name());
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
    , m_icon(statusIcon(m_health))
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

void WindowButtons::setStatus(const QString &toolTip, SyncHealth health)
{
    m_toolTip = PlainText::toolTip(tr("XmppSync: %1").arg(toolTip));
    const bool other = health != m_health;
    if (other) {
        m_health = health;
        m_icon = statusIcon(health);
    }
    for (SyncButton *button : std::as_const(m_buttons)) {
        button->setToolTip(m_toolTip);
        if (other) {
            button->setIcon(m_icon);
        }
    }
}

void WindowButtons::addTo(BrowserWindow *window)
{
    const WorkMeter::Entry entry("new window");
    if (m_buttons.contains(window)) {
        return;
    }
    auto *button = new SyncButton(this);
    button->setToolTip(m_toolTip);
    button->setIcon(m_icon);
    connect(button, SIGNAL(clicked(AbstractButtonInterface::ClickController *)), this, SIGNAL(clicked()));
    window->statusBar()->addButton(button);
    window->navigationBar()->addToolButton(button);
    m_buttons.insert(window, button);
    Q_EMIT windowAdded();
}

void WindowButtons::removeFrom(BrowserWindow *window)
{
    const WorkMeter::Entry entry("closed window");
    SyncButton *button = m_buttons.take(window);
    if (button) {
        window->statusBar()->removeButton(button);
        window->navigationBar()->removeToolButton(button);
        delete button;
    }
}
