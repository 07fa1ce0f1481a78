// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lookcommands.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QJsonArray>
#include <QLabel>
#include <QPalette>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>

#include <algorithm>
#include <cmath>

namespace {
/// Time for new colours and directions to be taken by all widgets.
constexpr int SettleMs = 300;
/// The least contrast of text and ground that the Web's accessibility guidelines ask for (WCAG 2.2, 1.4.3).
constexpr double LeastContrast = 4.5;

/// The colours of KDE's Breeze Dark.
QPalette darkPalette()
{
    QPalette palette(QColor(0x31, 0x36, 0x3b), QColor(0x2a, 0x2e, 0x32));
    palette.setColor(QPalette::Base, QColor(0x1b, 0x1e, 0x20));
    palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x26, 0x29));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, QColor(0xfc, 0xfc, 0xfc));
        palette.setColor(QPalette::Disabled, role, QColor(0x8a, 0x8e, 0x92));
    }
    palette.setColor(QPalette::PlaceholderText, QColor(0xa1, 0xa9, 0xb1));
    palette.setColor(QPalette::Highlight, QColor(0x3d, 0xae, 0xe9));
    palette.setColor(QPalette::HighlightedText, QColor(0x1b, 0x1e, 0x20));
    return palette;
}

void look(const QJsonObject &command, const Reply &reply)
{
    QApplication::setPalette(command.value(QLatin1StringView("dark")).toBool() ? darkPalette() : QPalette());
    const bool mirrored = command.value(QLatin1StringView("rightToLeft")).toBool();
    QApplication::setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
    QTimer::singleShot(SettleMs, qApp, [reply] { reply({}); });
}

/// Relative luminance (WCAG 2.2).
double luminance(const QColor &color)
{
    const auto linear = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &one, const QColor &other)
{
    const auto [darker, lighter] = std::minmax({luminance(one), luminance(other)});
    return (lighter + 0.05) / (darker + 0.05);
}

QString describe(const QWidget *widget)
{
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    const auto *label = qobject_cast<const QLabel *>(widget);
    const QString text = button ? button->text() : label ? label->text() : QString();
    return QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ') + widget->objectName() + QLatin1Char(' ')
        + text;
}

/// Smaller than its text needs.
bool isClipped(const QWidget *widget)
{
    const auto *label = qobject_cast<const QLabel *>(widget);
    if (label && label->wordWrap()) {
        return widget->height() < label->heightForWidth(widget->width());
    }
    // Lists and lines of input can be scrolled.
    if (!label && !qobject_cast<const QAbstractButton *>(widget)) {
        return false;
    }
    const QSize needed = widget->sizeHint();
    return widget->width() < needed.width() || widget->height() < needed.height();
}

bool isNameless(QWidget *widget)
{
    if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isEnabled()) {
        return false;
    }
    const QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
    return accessible && accessible->text(QAccessible::Name).isEmpty();
}

/// Of the widgets of the open window `window` that can be seen: those whose text does not fit (`clipped`), that the
/// keyboard reaches but a screen reader cannot name (`nameless`), and whose text is too faint (`faint`); and whether a page
/// has to be scrolled sideways (`wide`).
void inspect(const QJsonObject &command, const Reply &reply)
{
    const QString name = command.value(QLatin1StringView("window")).toString(QStringLiteral("XmppSyncSettings"));
    QJsonArray clipped;
    QJsonArray nameless;
    QJsonArray faint;
    bool wide = false;
    for (const QWidget *window : QApplication::topLevelWidgets()) {
        if (window->objectName() != name || !window->isVisible()) {
            continue;
        }
        for (QWidget *widget : window->findChildren<QWidget *>()) {
            if (!widget->isVisible()) {
                continue;
            }
            if (isClipped(widget)) {
                clipped.append(describe(widget));
            }
            if (isNameless(widget)) {
                nameless.append(describe(widget));
            }
            const QPalette colors = widget->palette();
            if (widget->isEnabled()
                && contrast(colors.color(widget->foregroundRole()), colors.color(widget->backgroundRole())) < LeastContrast) {
                faint.append(describe(widget));
            }
            const auto *area = qobject_cast<QScrollArea *>(widget);
            wide = wide || (area && area->horizontalScrollBar()->isVisible());
        }
    }
    reply({
        {QStringLiteral("clipped"), clipped},
        {QStringLiteral("nameless"), nameless},
        {QStringLiteral("faint"), faint},
        {QStringLiteral("wide"), wide},
    });
}
}

namespace LookCommands {
bool execute(const QString &name, const QJsonObject &command, const Reply &reply)
{
    if (name == QLatin1StringView("look")) {
        look(command, reply);
    } else if (name == QLatin1StringView("inspect")) {
        inspect(command, reply);
    } else {
        return false;
    }
    return true;
}
}
