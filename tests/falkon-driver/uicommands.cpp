// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "uicommands.h"

#include "browserwindow.h"
#include "mainapplication.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDrag>
#include <QGroupBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPluginLoader>
#include <QProgressBar>
#include <QScreen>
#include <QTimer>
#include <QTreeView>
#include <QTreeWidget>
#include <QUrl>

#include <link.h>

#include <functional>

namespace {
/// Time for a freshly shown window to be laid out and painted before it is grabbed.
constexpr int PaintMs = 400;
/// Falkon names the classes; their meta objects say them at run time.
constexpr const char PreferencesClass[] = "Preferences";
constexpr const char ExtensionsClass[] = "PluginsManager";

QLatin1StringView operator""_k(const char *text, std::size_t size)
{
    return QLatin1StringView(text, qsizetype(size));
}

QJsonObject failure(const QString &why)
{
    return {{QStringLiteral("error"), why}};
}

/// The sync plugin's object in this process, found by the file that the loader has mapped; null if it is not loaded.
QObject *syncPlugin()
{
    QString path;
    dl_iterate_phdr(
        [](dl_phdr_info *info, size_t, void *result) {
            const QString name = QString::fromLocal8Bit(info->dlpi_name);
            if (name.endsWith("/XmppSync.so"_k)) {
                *static_cast<QString *>(result) = name;
            }
            return 0;
        },
        &path);
    return path.isEmpty() ? nullptr : QPluginLoader(path).instance();
}

QWidget *topLevel(const char *classOrName)
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        const bool matches = widget->objectName() == QLatin1StringView(classOrName) || widget->inherits(classOrName);
        if (matches && widget->isVisible()) {
            return widget;
        }
    }
    return nullptr;
}

void grabLater(const QJsonObject &command, const Reply &reply, const std::function<QWidget *()> &widget)
{
    QTimer::singleShot(PaintMs, qApp, [command, reply, widget] {
        QWidget *target = widget();
        const QString file = command.value("file"_k).toString();
        if (!target) {
            reply(failure(QStringLiteral("the window did not appear")));
        } else if (!file.isEmpty() && !target->grab().save(file)) {
            reply(failure(QStringLiteral("cannot write the picture")));
        } else {
            reply({{QStringLiteral("width"), target->width()}, {QStringLiteral("height"), target->height()}});
        }
    });
}

void screenshot(const QJsonObject &command, const Reply &reply)
{
    if (command.value("screen"_k).toBool()) {
        const QString file = command.value("file"_k).toString();
        reply({{QStringLiteral("ok"), QApplication::primaryScreen()->grabWindow(0).save(file)}});
        return;
    }
    grabLater(command, reply, [] { return MainApplication::instance()->getWindow(); });
}

void openSettings(const QJsonObject &command, const Reply &reply)
{
    auto *plugin = qobject_cast<PluginInterface *>(syncPlugin());
    if (!plugin) {
        reply(failure(QStringLiteral("XmppSync.so is not loaded")));
        return;
    }
    plugin->showSettings(MainApplication::instance()->getWindow());
    grabLater(command, reply, [] { return topLevel("XmppSyncSettings"); });
}

/// As by a click on a link, in the front.
void openTab(const QJsonObject &command, const Reply &reply)
{
    const QUrl url(command.value("url"_k).toString());
    reply({{QStringLiteral("ok"), QMetaObject::invokeMethod(qApp, "addNewTab", Qt::DirectConnection, Q_ARG(QUrl, url))}});
}

QListWidget *extensionsList()
{
    QWidget *preferences = topLevel(PreferencesClass);
    if (!preferences) {
        return nullptr;
    }
    for (QWidget *child : preferences->findChildren<QWidget *>()) {
        if (child->inherits(ExtensionsClass)) {
            return child->findChild<QListWidget *>();
        }
    }
    return nullptr;
}

/// Opens the preferences at the page that holds the extensions: trying each page is independent of the language.
bool showExtensionsPage()
{
    if (!topLevel(PreferencesClass)) {
        for (QAction *action : MainApplication::instance()->getWindow()->findChildren<QAction *>()) {
            if (action->menuRole() == QAction::PreferencesRole) {
                action->trigger();
                break;
            }
        }
    }
    QWidget *preferences = topLevel(PreferencesClass);
    QListWidget *extensions = extensionsList();
    if (!extensions) {
        return false;
    }
    for (QListWidget *pages : preferences->findChildren<QListWidget *>()) {
        for (int row = 0; pages != extensions && !extensions->isVisible() && row < pages->count(); ++row) {
            pages->setCurrentRow(row);
        }
    }
    return extensions->isVisible();
}

QListWidgetItem *extensionItem(const QString &name)
{
    QListWidget *list = extensionsList();
    for (int row = 0; list && row < list->count(); ++row) {
        if (list->item(row)->text() == name) {
            return list->item(row);
        }
    }
    return nullptr;
}

void openExtensions(const QJsonObject &command, const Reply &reply)
{
    if (!showExtensionsPage()) {
        reply(failure(QStringLiteral("the extensions page could not be opened")));
        return;
    }
    if (QListWidgetItem *item = extensionItem(command.value("select"_k).toString(QStringLiteral("XmppSync")))) {
        extensionsList()->setCurrentItem(item);
        extensionsList()->scrollToItem(item);
    }
    grabLater(command, reply, [] { return topLevel(PreferencesClass); });
}

void setExtension(const QJsonObject &command, const Reply &reply)
{
    QListWidgetItem *item =
        showExtensionsPage() ? extensionItem(command.value("name"_k).toString(QStringLiteral("XmppSync"))) : nullptr;
    if (!item) {
        reply(failure(QStringLiteral("no such extension on the page")));
        return;
    }
    const Qt::CheckState wanted = command.value("enabled"_k).toBool() ? Qt::Checked : Qt::Unchecked;
    item->setCheckState(wanted);
    reply({{QStringLiteral("ok"), item->checkState() == wanted}});
}

void closeDialogs(const QJsonObject &, const Reply &reply)
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (widget->isVisible()
            && (widget->inherits(PreferencesClass) || widget->inherits("QDialog") || widget->inherits("QMenu"))) {
            widget->close();
        }
    }
    reply({});
}

/// Opens a menu that stays until closeDialogs: remote changes must wait while it is there.
void openPopup(const QJsonObject &, const Reply &reply)
{
    auto *menu = new QMenu(MainApplication::instance()->getWindow());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(QStringLiteral("A popup of the test driver"));
    menu->popup(MainApplication::instance()->getWindow()->mapToGlobal(QPoint(50, 50)));
    reply({{QStringLiteral("ok"), QApplication::activePopupWidget() != nullptr}});
}

/// What the sync plugin adds to Falkon's menu of extensions, a text for each entry and a list in an own object for each menu;
/// `pick` names the entries on the way to one that is chosen.
void extensionsMenu(const QJsonObject &command, const Reply &reply)
{
    auto *plugin = qobject_cast<PluginInterface *>(syncPlugin());
    if (!plugin) {
        reply(failure(QStringLiteral("XmppSync.so is not loaded")));
        return;
    }
    QMenu menu;
    plugin->populateExtensionsMenu(&menu);
    const std::function<QJsonArray(const QMenu &)> read = [&read](const QMenu &shown) {
        QJsonArray entries;
        for (const QAction *action : shown.actions()) {
            if (action->menu()) {
                entries.append(QJsonObject{{action->text(), read(*action->menu())}});
            } else {
                entries.append(action->text());
            }
        }
        return entries;
    };
    const QJsonArray path = command.value("pick"_k).toArray();
    const QMenu *shown = &menu;
    QAction *chosen = nullptr;
    for (const QJsonValue &name : path) {
        chosen = nullptr;
        for (QAction *action : shown ? shown->actions() : QList<QAction *>()) {
            chosen = action->text() == name.toString() ? action : chosen;
        }
        shown = chosen ? chosen->menu() : nullptr;
    }
    const QJsonArray entries = read(menu);
    if (chosen) {
        chosen->trigger();
    }
    reply({{QStringLiteral("entries"), entries}, {QStringLiteral("picked"), chosen != nullptr}});
}

/// What the user has in hand.
void busy(const QJsonObject &, const Reply &reply)
{
    reply({
        {QStringLiteral("popup"), QApplication::activePopupWidget() != nullptr},
        {QStringLiteral("modal"), QApplication::activeModalWidget() != nullptr},
        {QStringLiteral("pressed"), QGuiApplication::mouseButtons() != Qt::NoButton},
        {QStringLiteral("drag"), MainApplication::instance()->getWindow()->findChild<QDrag *>() != nullptr},
    });
}

/// As by the menu's entry of that shortcut, once: keys that wait in the display's queue may open a dialog twice. It may run a
/// dialog until that is closed, so it begins after the answer.
void trigger(const QJsonObject &command, const Reply &reply)
{
    const QKeySequence keys(command.value("shortcut"_k).toString());
    for (const QWidget *widget : QApplication::allWidgets()) {
        for (QAction *action : widget->actions()) {
            if (action->isEnabled() && action->shortcut() == keys) {
                reply({});
                QTimer::singleShot(0, action, &QAction::trigger);
                return;
            }
        }
    }
    reply(failure(QStringLiteral("no menu has an entry with that shortcut")));
}

/// Selects the item with this title in Falkon's bookmark manager, as a click would.
void managerSelect(const QJsonObject &command, const Reply &reply)
{
    QWidget *library = topLevel("BrowsingLibrary");
    auto *tree = library ? library->findChild<QTreeView *>(QStringLiteral("tree")) : nullptr;
    QModelIndexList found;
    if (tree && tree->model()) {
        const QModelIndex first = tree->model()->index(0, 0);
        found = tree->model()->match(
            first, Qt::DisplayRole, command.value("title"_k).toString(), 1, Qt::MatchExactly | Qt::MatchRecursive);
    }
    if (!found.isEmpty()) {
        tree->setCurrentIndex(found.constFirst());
    }
    reply({{QStringLiteral("selected"), !found.isEmpty()}});
}

/// Enters `text` at the end of the title of what is selected there, letter by letter, if anything is.
void managerEnter(const QJsonObject &command, const Reply &reply)
{
    QWidget *library = topLevel("BrowsingLibrary");
    auto *title = library ? library->findChild<QLineEdit *>(QStringLiteral("title")) : nullptr;
    const bool ready = title && title->isVisible() && title->isEnabled() && !title->isReadOnly();
    if (ready) {
        title->end(false);
        for (const QChar letter : command.value("text"_k).toString()) {
            title->insert(letter);
        }
    }
    reply({{QStringLiteral("entered"), ready}, {QStringLiteral("text"), title ? title->text() : QString()}});
}

/// As by the default button of the modal dialog.
void acceptDialog(const QJsonObject &, const Reply &reply)
{
    auto *dialog = qobject_cast<QDialog *>(QApplication::activeModalWidget());
    if (!dialog) {
        reply(failure(QStringLiteral("there is no modal dialog")));
        return;
    }
    dialog->accept();
    reply({});
}

/// Where on the screen Falkon's bookmarks toolbar shows that bookmark: its buttons carry the title in their tool tips.
void toolbarButton(const QJsonObject &command, const Reply &reply)
{
    const QString title = command.value("title"_k).toString();
    for (QWidget *widget : MainApplication::instance()->getWindow()->findChildren<QWidget *>()) {
        if (widget->isVisible() && widget->inherits("BookmarksToolbarButton") && widget->toolTip().startsWith(title)) {
            const QPoint middle = widget->mapToGlobal(widget->rect().center());
            reply({
                {QStringLiteral("found"), true},
                {QStringLiteral("x"), middle.x()},
                {QStringLiteral("y"), middle.y()},
            });
            return;
        }
    }
    reply({{QStringLiteral("found"), false}});
}

void status(const QJsonObject &, const Reply &reply)
{
    QObject *plugin = syncPlugin();
    QByteArray json;
    if (!plugin || !QMetaObject::invokeMethod(plugin, "statusJson", Qt::DirectConnection, Q_RETURN_ARG(QByteArray, json))) {
        reply(failure(QStringLiteral("XmppSync.so is not loaded")));
        return;
    }
    reply({{QStringLiteral("status"), QJsonDocument::fromJson(json).object()}});
}

void resetWorkMeter(const QJsonObject &, const Reply &reply)
{
    QObject *plugin = syncPlugin();
    const bool done = plugin && QMetaObject::invokeMethod(plugin, "resetWorkMeter", Qt::DirectConnection);
    reply(done ? QJsonObject() : failure(QStringLiteral("XmppSync.so is not loaded")));
}

void command(const QJsonObject &command, const Reply &reply)
{
    QObject *plugin = syncPlugin();
    const QByteArray json = QJsonDocument(command.value("command"_k).toObject()).toJson(QJsonDocument::Compact);
    QString error;
    if (!plugin
        || !QMetaObject::invokeMethod(
            plugin, "sendCommand", Qt::DirectConnection, Q_RETURN_ARG(QString, error), Q_ARG(QByteArray, json))) {
        error = QStringLiteral("XmppSync.so is not loaded");
    }
    reply(error.isEmpty() ? QJsonObject() : failure(error));
}

/// Where on the screen the sync plugin's buttons are, for a real click. Falkon shows each as a widget of its own class.
void buttons(const QJsonObject &, const Reply &reply)
{
    QJsonArray found;
    for (QWidget *widget : MainApplication::instance()->getWindow()->findChildren<QWidget *>()) {
        if (widget->isVisible() && widget->toolTip().startsWith("XmppSync: "_k)) {
            const QPoint middle = widget->mapToGlobal(widget->rect().center());
            found.append(QJsonObject{
                {QStringLiteral("class"), QString::fromLatin1(widget->metaObject()->className())},
                {QStringLiteral("tooltip"), widget->toolTip()},
                {QStringLiteral("x"), middle.x()},
                {QStringLiteral("y"), middle.y()},
            });
        }
    }
    reply({{QStringLiteral("buttons"), found}});
}

/// Presses a button or a box to tick of the sync plugin's settings or of one of their dialogs, or of the window `window`, by its
/// object name, if it is there and enabled.
void press(const QJsonObject &command, const Reply &reply)
{
    QWidget *window = topLevel(command.value("window"_k).toString(QStringLiteral("XmppSyncSettings")).toLatin1().constData());
    auto *button = window ? window->findChild<QAbstractButton *>(command.value("button"_k).toString()) : nullptr;
    const bool ready = button && button->isVisible() && button->isEnabled();
    if (ready) {
        button->click();
    }
    reply({{QStringLiteral("pressed"), ready}});
}

/// Chooses a page of the sync plugin's settings, by its place, and a row of a table on it, and takes a picture.
void settingsPage(const QJsonObject &command, const Reply &reply)
{
    QWidget *settings = topLevel("XmppSyncSettings");
    auto *pages = settings ? settings->findChild<QListWidget *>(QStringLiteral("pages")) : nullptr;
    if (!pages) {
        reply(failure(QStringLiteral("the settings are not open")));
        return;
    }
    for (int row = 0; row < pages->count(); ++row) {
        if (pages->item(row)->data(Qt::UserRole) == command.value("page"_k).toVariant()) {
            pages->setCurrentRow(row);
        }
    }
    // An empty name would find any.
    const QString name = command.value("table"_k).toString();
    if (auto *table = name.isEmpty() ? nullptr : settings->findChild<QTreeWidget *>(name)) {
        QTreeWidgetItem *item = table->topLevelItem(command.value("row"_k).toInt());
        const QJsonValue child = command.value("child"_k);
        table->setCurrentItem(child.isDouble() && item ? item->child(child.toInt()) : item);
    }
    const QByteArray window = command.value("window"_k).toString(QStringLiteral("XmppSyncSettings")).toLatin1();
    grabLater(command, reply, [window] { return topLevel(window.constData()); });
}

/// What the status bar says, which shows it as plain text where Falkon's own stand-in for a hidden bar would not.
void statusMessage(const QJsonObject &, const Reply &reply)
{
    reply({{QStringLiteral("text"), MainApplication::instance()->getWindow()->statusBar()->currentMessage()}});
}

/// What a table of the settings shows, row by row, with the tool tips, the texts of a list, or the text of a label, by their
/// object names.
void settingsText(const QJsonObject &command, const Reply &reply)
{
    QWidget *settings = topLevel("XmppSyncSettings");
    const QString name = command.value("name"_k).toString();
    QJsonArray rows;
    QJsonArray tips;
    QJsonArray children;
    if (auto *table = settings ? settings->findChild<QTreeWidget *>(name) : nullptr) {
        for (int row = 0; row < table->topLevelItemCount(); ++row) {
            QJsonArray cells;
            QJsonArray tipsOfCells;
            for (int column = 0; column < table->columnCount(); ++column) {
                cells.append(table->topLevelItem(row)->text(column));
                tipsOfCells.append(table->topLevelItem(row)->toolTip(column));
            }
            rows.append(cells);
            tips.append(tipsOfCells);
            QJsonArray below;
            for (int child = 0; child < table->topLevelItem(row)->childCount(); ++child) {
                below.append(table->topLevelItem(row)->child(child)->text(0));
            }
            children.append(below);
        }
    }
    QJsonArray texts;
    if (auto *list = settings ? settings->findChild<QListWidget *>(name) : nullptr) {
        for (int row = 0; row < list->count(); ++row) {
            texts.append(list->item(row)->text());
        }
    }
    QString text;
    if (auto *label = settings ? settings->findChild<QLabel *>(name) : nullptr; label && label->isVisible()) {
        text = label->text();
    } else if (auto *bar = settings ? settings->findChild<QProgressBar *>(name) : nullptr; bar && bar->isVisible()) {
        text = bar->text();
    }
    reply({
        {QStringLiteral("rows"), rows},
        {QStringLiteral("tips"), tips},
        {QStringLiteral("children"), children},
        {QStringLiteral("texts"), texts},
        {QStringLiteral("text"), text},
    });
}

/// Enters `text` into the line `name` of the window `window`, or chooses the entry of a box that has this value, as a user
/// would; with `accept`, presses the dialog's default button then.
void enter(const QJsonObject &command, const Reply &reply)
{
    QWidget *window = topLevel(command.value("window"_k).toString(QStringLiteral("XmppSyncSettings")).toLatin1().constData());
    const QString name = command.value("name"_k).toString();
    const QString text = command.value("text"_k).toString();
    if (auto *line = window ? window->findChild<QLineEdit *>(name) : nullptr) {
        line->selectAll();
        line->insert(text);
    } else if (auto *box = window ? window->findChild<QComboBox *>(name) : nullptr) {
        const int index = box->findData(text);
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    } else {
        reply(failure(QStringLiteral("there is no such field")));
        return;
    }
    if (command.value("accept"_k).toBool()) {
        qobject_cast<QDialog *>(window)->accept();
    }
    reply({});
}

/// Ticks the box or the group of the settings that has this object name.
void tick(const QJsonObject &command, const Reply &reply)
{
    QWidget *settings = topLevel("XmppSyncSettings");
    auto *group = settings ? settings->findChild<QGroupBox *>(command.value("name"_k).toString()) : nullptr;
    if (!group) {
        reply(failure(QStringLiteral("there is no such box")));
        return;
    }
    group->setChecked(true);
    Q_EMIT group->clicked(true);
    reply({});
}

/// Whether the sync plugin's window of this name is open; without a name, its settings.
void windows(const QJsonObject &command, const Reply &reply)
{
    const QByteArray name = command.value("name"_k).toString(QStringLiteral("XmppSyncSettings")).toLatin1();
    reply({{QStringLiteral("shown"), topLevel(name.constData()) != nullptr}});
}

void quit(const QJsonObject &, const Reply &reply)
{
    reply({});
    QMetaObject::invokeMethod(qApp, "quitApplication", Qt::QueuedConnection);
}
}

namespace UiCommands {
bool execute(const QString &name, const QJsonObject &arguments, const Reply &reply)
{
    static const QMap<QString, std::function<void(const QJsonObject &, const Reply &)>> table{
        {QStringLiteral("screenshot"), screenshot},
        {QStringLiteral("openTab"), openTab},
        {QStringLiteral("openSettings"), openSettings},
        {QStringLiteral("openExtensions"), openExtensions},
        {QStringLiteral("setExtension"), setExtension},
        {QStringLiteral("closeDialogs"), closeDialogs},
        {QStringLiteral("openPopup"), openPopup},
        {QStringLiteral("busy"), busy},
        {QStringLiteral("trigger"), trigger},
        {QStringLiteral("acceptDialog"), acceptDialog},
        {QStringLiteral("toolbarButton"), toolbarButton},
        {QStringLiteral("buttons"), buttons},
        {QStringLiteral("press"), press},
        {QStringLiteral("settingsPage"), settingsPage},
        {QStringLiteral("extensionsMenu"), extensionsMenu},
        {QStringLiteral("settingsText"), settingsText},
        {QStringLiteral("statusMessage"), statusMessage},
        {QStringLiteral("managerSelect"), managerSelect},
        {QStringLiteral("managerEnter"), managerEnter},
        {QStringLiteral("enter"), enter},
        {QStringLiteral("tick"), tick},
        {QStringLiteral("windows"), windows},
        {QStringLiteral("status"), status},
        {QStringLiteral("command"), command},
        {QStringLiteral("resetWorkMeter"), resetWorkMeter},
        {QStringLiteral("quit"), quit},
    };
    const auto entry = table.constFind(name);
    if (entry == table.constEnd()) {
        return false;
    }
    (*entry)(arguments, reply);
    return true;
}
}
