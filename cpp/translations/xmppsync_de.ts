<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AccountPage</name>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>How it goes</source>
        <translation>Wie es läuft</translation>
    </message>
    <message>
        <source>What to do next</source>
        <translation>Was als Nächstes zu tun ist</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <source>name@example.org</source>
        <translation>name@example.org</translation>
    </message>
    <message>
        <source>How your other devices name this browser</source>
        <translation>Wie Ihre anderen Geräte diesen Browser nennen</translation>
    </message>
    <message>
        <source>in the password store of the desktop</source>
        <translation>im Passwortspeicher der Arbeitsumgebung</translation>
    </message>
    <message>
        <source>KWallet, GNOME Keyring or KeePassXC</source>
        <translation>KWallet, GNOME-Schlüsselbund oder KeePassXC</translation>
    </message>
    <message>
        <source>in a file that only your user can read</source>
        <translation>in einer Datei, die nur Ihr Benutzer lesen kann</translation>
    </message>
    <message>
        <source>nowhere: ask at each start</source>
        <translation>nirgends: bei jedem Start fragen</translation>
    </message>
    <message>
        <source>Nothing is synchronized before you answer</source>
        <translation>Es wird nichts abgeglichen, bevor Sie antworten</translation>
    </message>
    <message>
        <source>XMPP &amp;address:</source>
        <translation>XMPP-&amp;Adresse:</translation>
    </message>
    <message>
        <source>&amp;Password:</source>
        <translation>&amp;Passwort:</translation>
    </message>
    <message>
        <source>&amp;Keep it:</source>
        <translation>Auf&amp;bewahren:</translation>
    </message>
    <message>
        <source>&amp;Name of this device:</source>
        <translation>&amp;Name dieses Geräts:</translation>
    </message>
    <message>
        <source>Choose the server by &amp;hand</source>
        <translation>Den Server von &amp;Hand wählen</translation>
    </message>
    <message>
        <source>Only for servers that cannot be found by the address alone</source>
        <translation>Nur für Server, die sich nicht allein aus der Adresse finden lassen</translation>
    </message>
    <message>
        <source>host:port; empty: found by the address</source>
        <translation>Rechner:Port; leer: aus der Adresse gefunden</translation>
    </message>
    <message>
        <source>a PEM file; empty: the system&apos;s authorities</source>
        <translation>eine PEM-Datei; leer: die Zertifizierungsstellen des Systems</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen …</translation>
    </message>
    <message>
        <source>Browse for a certificate authority</source>
        <translation>Nach einer Zertifizierungsstelle suchen</translation>
    </message>
    <message>
        <source>&amp;Certificate authority:</source>
        <translation>&amp;Zertifizierungsstelle:</translation>
    </message>
    <message>
        <source>&amp;Server:</source>
        <translation>&amp;Server:</translation>
    </message>
    <message>
        <source>Sign &amp;out…</source>
        <translation>Ab&amp;melden …</translation>
    </message>
    <message>
        <source>Stop to synchronize, and forget the password</source>
        <translation>Den Abgleich beenden und das Passwort vergessen</translation>
    </message>
    <message>
        <source>kept; enter it only to change it</source>
        <translation>gespeichert; nur zum Ändern eingeben</translation>
    </message>
    <message>
        <source>Certificate authority</source>
        <translation>Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
        <translation>Zertifikate (*.pem *.crt *.cer);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>&amp;Remove this device…</source>
        <translation>Dieses Gerät &amp;entfernen …</translation>
    </message>
    <message>
        <source>Take this browser out of the account for good</source>
        <translation>Diesen Browser endgültig aus dem Konto nehmen</translation>
    </message>
    <message>
        <source>The bookmarks stay in this browser, and are not synchronized until you enter the password again.</source>
        <translation>Die Lesezeichen bleiben in diesem Browser und werden erst wieder abgeglichen, wenn Sie das Passwort erneut eingeben.</translation>
    </message>
    <message>
        <source>Remove this device</source>
        <translation>Dieses Gerät entfernen</translation>
    </message>
    <message>
        <source>Your other devices encrypt nothing to this browser any more. Its keys, the password and the dated copies of the history are deleted here; the bookmarks stay. You can set it up again at any time, as a new device.</source>
        <translation>Ihre anderen Geräte verschlüsseln nichts mehr für diesen Browser. Seine Schlüssel, das Passwort und die datierten Kopien des Verlaufs werden hier gelöscht; die Lesezeichen bleiben. Sie können ihn jederzeit als neues Gerät wieder einrichten.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>How far it is</source>
        <translation>Wie weit es ist</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Pa&amp;use</source>
        <translation>Pa&amp;use</translation>
    </message>
    <message>
        <source>Go on where it stopped</source>
        <translation>Dort weitermachen, wo angehalten wurde</translation>
    </message>
    <message>
        <source>Stop to synchronize bookmarks until you resume it</source>
        <translation>Lesezeichen nicht mehr synchronisieren, bis Sie fortsetzen</translation>
    </message>
</context>
<context>
    <name>ActivityLog</name>
    <message>
        <source>Signed in.</source>
        <translation>Angemeldet.</translation>
    </message>
    <message>
        <source>Not connected: %1</source>
        <translation>Nicht verbunden: %1</translation>
    </message>
    <message>
        <source>Sent to the other devices; edits: %1.</source>
        <translation>An die anderen Geräte gesendet; Änderungen: %1.</translation>
    </message>
    <message>
        <source>Problem: %1</source>
        <translation>Problem: %1</translation>
    </message>
    <message>
        <source>Waits for you: %1</source>
        <translation>Wartet auf Sie: %1</translation>
    </message>
    <message>
        <source>Came from other devices: %1 added, %2 changed, %3 removed.</source>
        <translation>Von anderen Geräten: %1 hinzugefügt, %2 geändert, %3 entfernt.</translation>
    </message>
    <message>
        <source>Changed in this browser: %1 added, %2 changed, %3 removed.</source>
        <translation>In diesem Browser: %1 hinzugefügt, %2 geändert, %3 entfernt.</translation>
    </message>
    <message>
        <source>Deleted everywhere, as you said: %1.</source>
        <translation>Überall gelöscht, wie Sie sagten: %1.</translation>
    </message>
    <message>
        <source>Put back, as you said: %1.</source>
        <translation>Zurückgelegt, wie Sie sagten: %1.</translation>
    </message>
    <message>
        <source>This browser&apos;s bookmarks (%1) and the account&apos;s (%2) have met; the same on both sides: %3.</source>
        <translation>Die Lesezeichen dieses Browsers (%1) und die des Kontos (%2) sind zusammengeführt; auf beiden Seiten gleich: %3.</translation>
    </message>
    <message>
        <source>Went back to an earlier copy: %1 added, %2 changed, %3 removed.</source>
        <translation>Zu einer früheren Kopie zurückgekehrt: %1 hinzugefügt, %2 geändert, %3 entfernt.</translation>
    </message>
    <message>
        <source>A link was taken: %1 keys trusted, %2 distrusted.</source>
        <translation>Ein Link wurde übernommen: %1 Schlüsseln wird vertraut, %2 nicht.</translation>
    </message>
    <message>
        <source>This browser has left the account.</source>
        <translation>Dieser Browser hat das Konto verlassen.</translation>
    </message>
    <message>
        <source>This browser was away for %1 days. What was deleted elsewhere meanwhile is deleted here too.</source>
        <translation>Dieser Browser war %1 Tage lang weg. Was inzwischen anderswo gelöscht wurde, ist auch hier gelöscht.</translation>
    </message>
    <message>
        <source>Shown here too, as you said: %1.</source>
        <translation>Wie gewünscht auch hier gezeigt: %1.</translation>
    </message>
    <message>
        <source>Dropped what %1 sent. %2</source>
        <translation>Verworfen, was %1 gesendet hat. %2</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>Abgelehnt: %1</translation>
    </message>
    <message>
        <source>Opened on “%1”; sent tabs: %2.</source>
        <translation>Auf „%1“ geöffnet; gesendete Tabs: %2.</translation>
    </message>
    <message>
        <source>Not opened on “%1” in 30 days; sent tabs: %2.</source>
        <translation>Auf „%1“ 30 Tage lang nicht geöffnet; gesendete Tabs: %2.</translation>
    </message>
    <message>
        <source>“%1” was gone before it opened them; sent tabs: %2.</source>
        <translation>„%1“ war weg, bevor es sie geöffnet hat; gesendete Tabs: %2.</translation>
    </message>
    <message>
        <source>Sent to “%1”; tabs: %2.</source>
        <translation>An „%1“ gesendet; Tabs: %2.</translation>
    </message>
    <message>
        <source>Came from “%1”; tabs: %2.</source>
        <translation>Von „%1“ gekommen; Tabs: %2.</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschah</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Wie oft</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>For a report: without addresses, titles and keys</source>
        <translation>Für einen Bericht: ohne Adressen, Titel und Schlüssel</translation>
    </message>
    <message>
        <source>Since the start of the browser. Titles and addresses of bookmarks are never noted.</source>
        <translation>Seit dem Start des Browsers. Titel und Adressen von Lesezeichen werden nie notiert.</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Compare with %1</source>
        <translation>Vergleich mit %1</translation>
    </message>
    <message>
        <source>They are &amp;different</source>
        <translation>Sie sind &amp;verschieden</translation>
    </message>
    <message>
        <source>They are the &amp;same</source>
        <translation>Sie sind &amp;gleich</translation>
    </message>
    <message>
        <source>The comparison cannot begin: %1</source>
        <translation>Der Vergleich kann nicht beginnen: %1</translation>
    </message>
    <message>
        <source>Look at both devices: does “%1” show the same seven emoji, in the same order?</source>
        <translation>Sehen Sie auf beide Geräte: Zeigt „%1“ dieselben sieben Emoji in derselben Reihenfolge?</translation>
    </message>
    <message>
        <source>Now say on “%1” as well that they are the same.</source>
        <translation>Bestätigen Sie nun auch auf „%1“, dass sie gleich sind.</translation>
    </message>
    <message>
        <source>Both devices trust each other now. From now on, new devices wait until you trust them.</source>
        <translation>Beide Geräte vertrauen einander nun. Ab jetzt warten neue Geräte, bis Sie ihnen vertrauen.</translation>
    </message>
    <message>
        <source>The keys are not what they should be: somebody may be in between. “%1” is not trusted any more.</source>
        <translation>Die Schlüssel sind nicht die richtigen: Es könnte jemand dazwischen sein. „%1“ wird nicht mehr vertraut.</translation>
    </message>
    <message>
        <source>The comparison has ended: %1</source>
        <translation>Der Vergleich ist zu Ende: %1</translation>
    </message>
    <message>
        <source>Waiting for “%1”. Open XmppSync&apos;s settings there and agree to the comparison.</source>
        <translation>Warten auf „%1“. Öffnen Sie dort die Einstellungen von XmppSync und stimmen Sie dem Vergleich zu.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Configuration</name>
    <message>
        <source>Falkon on %1</source>
        <translation>Falkon auf %1</translation>
    </message>
    <message>
        <source>The settings in %1 cannot be read: %2.</source>
        <translation>Die Einstellungen in %1 können nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>The settings in %1 are damaged (%2). Set up the account again, or mend the file.</source>
        <translation>Die Einstellungen in %1 sind beschädigt (%2). Richten Sie das Konto neu ein, oder reparieren Sie die Datei.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made.</source>
        <translation>Der Ordner %1 kann nicht angelegt werden.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 kann nicht geschrieben werden: %2.</translation>
    </message>
</context>
<context>
    <name>DeviceName</name>
    <message>
        <source>Device %1</source>
        <translation>Gerät %1</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>not decided</source>
        <translation>nicht entschieden</translation>
    </message>
    <message>
        <source>waits for you</source>
        <translation>wartet auf Sie</translation>
    </message>
    <message>
        <source>not trusted</source>
        <translation>kein Vertrauen</translation>
    </message>
    <message>
        <source>trusted, not compared</source>
        <translation>vertraut, nicht verglichen</translation>
    </message>
    <message>
        <source>trusted by you</source>
        <translation>von Ihnen vertraut</translation>
    </message>
    <message>
        <source>compared and trusted</source>
        <translation>verglichen und vertraut</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>Vertrauen</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Zuletzt gesehen</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Fingerabdruck</translation>
    </message>
    <message>
        <source>&amp;Compare emoji…</source>
        <translation>Emoji &amp;vergleichen …</translation>
    </message>
    <message>
        <source>Be sure that the selected device is yours, in three clicks</source>
        <translation>Mit drei Klicks sicher sein, dass das gewählte Gerät Ihres ist</translation>
    </message>
    <message>
        <source>&amp;Trust…</source>
        <translation>Ver&amp;trauen …</translation>
    </message>
    <message>
        <source>Let the selected device read and change your bookmarks</source>
        <translation>Das gewählte Gerät Ihre Lesezeichen lesen und ändern lassen</translation>
    </message>
    <message>
        <source>&amp;Distrust</source>
        <translation>&amp;Misstrauen</translation>
    </message>
    <message>
        <source>Neither send anything to the selected device nor take anything from it</source>
        <translation>Dem gewählten Gerät nichts senden und nichts von ihm annehmen</translation>
    </message>
    <message>
        <source>Re&amp;name…</source>
        <translation>Um&amp;benennen …</translation>
    </message>
    <message>
        <source>Name this browser for your other devices</source>
        <translation>Diesen Browser für Ihre anderen Geräte benennen</translation>
    </message>
    <message>
        <source>R&amp;emove…</source>
        <translation>&amp;Entfernen …</translation>
    </message>
    <message>
        <source>Take the selected device out of the list</source>
        <translation>Das gewählte Gerät aus der Liste nehmen</translation>
    </message>
    <message>
        <source>&amp;Show link…</source>
        <translation>&amp;Link zeigen …</translation>
    </message>
    <message>
        <source>This browser&apos;s key as a QR code, for another device</source>
        <translation>Der Schlüssel dieses Browsers als QR-Code für ein anderes Gerät</translation>
    </message>
    <message>
        <source>&amp;Paste link…</source>
        <translation>Link ein&amp;fügen …</translation>
    </message>
    <message>
        <source>Trust what another device&apos;s link names</source>
        <translation>Dem vertrauen, was der Link eines anderen Geräts nennt</translation>
    </message>
    <message>
        <source>this browser</source>
        <translation>dieser Browser</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>%1; signed off</source>
        <translation>%1; abgemeldet</translation>
    </message>
    <message>
        <source>Device %1</source>
        <translation>Gerät %1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>The devices are shown once you are signed in.</source>
        <translation>Die Geräte werden gezeigt, sobald Sie angemeldet sind.</translation>
    </message>
    <message>
        <source>Fingerprint of %1:</source>
        <translation>Fingerabdruck von %1:</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>noch nicht bekannt</translation>
    </message>
    <message>
        <source>Trust a device</source>
        <translation>Einem Gerät vertrauen</translation>
    </message>
    <message>
        <source>Compare this fingerprint with the one that “%1” itself shows:</source>
        <translation>Vergleichen Sie diesen Fingerabdruck mit dem, den „%1“ selbst zeigt:</translation>
    </message>
    <message>
        <source>They are the same</source>
        <translation>Sie sind gleich</translation>
    </message>
    <message>
        <source>From now on, new devices wait until you trust them</source>
        <translation>Ab jetzt warten neue Geräte, bis Sie ihnen vertrauen</translation>
    </message>
    <message>
        <source>Trust without comparing</source>
        <translation>Ohne Vergleich vertrauen</translation>
    </message>
    <message>
        <source>Rename this device</source>
        <translation>Dieses Gerät umbenennen</translation>
    </message>
    <message>
        <source>How your other devices name this browser:</source>
        <translation>Wie Ihre anderen Geräte diesen Browser nennen:</translation>
    </message>
    <message>
        <source>Remove a device</source>
        <translation>Ein Gerät entfernen</translation>
    </message>
    <message>
        <source>“%1” gets nothing any more that your devices encrypt. Its own copy of the bookmarks stays where it is. If it is still in use, it comes back by itself: then distrust it instead.</source>
        <translation>„%1“ bekommt nichts mehr, was Ihre Geräte verschlüsseln. Seine eigene Kopie der Lesezeichen bleibt, wo sie ist. Ist es noch in Gebrauch, kommt es von selbst wieder: Misstrauen Sie ihm dann stattdessen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Paste a link</source>
        <translation>Einen Link einfügen</translation>
    </message>
    <message>
        <source>The link (xmpp:…) that the other device shows, brought here by a way that you trust:</source>
        <translation>Der Link (xmpp:…), den das andere Gerät zeigt, auf einem Weg hierher gebracht, dem Sie vertrauen:</translation>
    </message>
</context>
<context>
    <name>Falkon</name>
    <message>
        <source>This Falkon lacks a function that XmppSync needs (%1). Please update XmppSync.</source>
        <translation>Diesem Falkon fehlt eine Funktion, die XmppSync braucht (%1). Bitte aktualisieren Sie XmppSync.</translation>
    </message>
    <message>
        <source>XmppSync cannot tell which Falkon it runs in.</source>
        <translation>XmppSync kann nicht feststellen, in welchem Falkon es läuft.</translation>
    </message>
    <message>
        <source>This Falkon&apos;s library is %1, and XmppSync knows %2. Please update XmppSync.</source>
        <translation>Die Bibliothek dieses Falkon ist %1, und XmppSync kennt %2. Bitte aktualisieren Sie XmppSync.</translation>
    </message>
    <message>
        <source>XmppSync needs Falkon %1 or later; this is %2.</source>
        <translation>XmppSync braucht Falkon %1 oder neuer; dies ist %2.</translation>
    </message>
    <message>
        <source>This Falkon&apos;s bookmarks work in a way that XmppSync does not know. Please update XmppSync.</source>
        <translation>Die Lesezeichen dieses Falkon funktionieren auf eine Weise, die XmppSync nicht kennt. Bitte aktualisieren Sie XmppSync.</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>daily copy</source>
        <translation>tägliche Kopie</translation>
    </message>
    <message>
        <source>this browser&apos;s, before the first join</source>
        <translation>die dieses Browsers, vor dem ersten Zusammenführen</translation>
    </message>
    <message>
        <source>the account&apos;s, before the first join</source>
        <translation>die des Kontos, vor dem ersten Zusammenführen</translation>
    </message>
    <message>
        <source>before a large change</source>
        <translation>vor einer großen Änderung</translation>
    </message>
    <message>
        <source>before going back</source>
        <translation>vor dem Zurückkehren</translation>
    </message>
    <message>
        <source>added since</source>
        <translation>seitdem hinzugefügt</translation>
    </message>
    <message>
        <source>removed since</source>
        <translation>seitdem entfernt</translation>
    </message>
    <message>
        <source>changed since</source>
        <translation>seitdem geändert</translation>
    </message>
    <message>
        <source>moved since</source>
        <translation>seitdem verschoben</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Occasion</source>
        <translation>Anlass</translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>&amp;Go back to this…</source>
        <translation>&amp;Hierher zurück …</translation>
    </message>
    <message>
        <source>Choose a copy to see what is different now. There is one for each day, and from before each large change.</source>
        <translation>Wählen Sie eine Kopie, um zu sehen, was nun anders ist. Es gibt eine für jeden Tag und eine von vor jeder großen Änderung.</translation>
    </message>
    <message>
        <source>The bookmarks are the same as then.</source>
        <translation>Die Lesezeichen sind dieselben wie damals.</translation>
    </message>
    <message>
        <source>Different now from then: %1. The first %2 are shown.</source>
        <translation>Seitdem anders: %1. Die ersten %2 werden gezeigt.</translation>
    </message>
    <message>
        <source>Different now from then: %1.</source>
        <translation>Seitdem anders: %1.</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Zurückkehren</translation>
    </message>
    <message>
        <source>The bookmarks become again what they were on %1, on all your devices. What there is now is kept as a copy, so you can come back.</source>
        <translation>Die Lesezeichen werden auf allen Ihren Geräten wieder so, wie sie am %1 waren. Was jetzt da ist, bleibt als Kopie erhalten, so dass Sie zurückkommen können.</translation>
    </message>
    <message>
        <source>Go back to this</source>
        <translation>Hierher zurück</translation>
    </message>
</context>
<context>
    <name>HistoryShare</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>The history of this browser is empty now. Delete it on your other devices as well?</source>
        <translation>Der Verlauf dieses Browsers ist jetzt leer. Soll er auch auf Ihren anderen Geräten gelöscht werden?</translation>
    </message>
    <message>
        <source>Only &amp;here</source>
        <translation>Nur &amp;hier</translation>
    </message>
    <message>
        <source>On &amp;all devices</source>
        <translation>Auf &amp;allen Geräten</translation>
    </message>
    <message>
        <source>The history of this browser cannot be read or written now. See whether the disk is full, or another program uses it; it is tried again by itself.</source>
        <translation>Der Verlauf dieses Browsers kann zurzeit nicht gelesen oder geschrieben werden. Sehen Sie nach, ob die Festplatte voll ist oder ein anderes Programm ihn benutzt; es wird von selbst wieder versucht.</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>This device&apos;s link</source>
        <translation>Der Link dieses Geräts</translation>
    </message>
    <message>
        <source>Scan this with another device, or paste the link there. It holds public keys only, but must not be changed on its way.</source>
        <translation>Scannen Sie dies mit einem anderen Gerät, oder fügen Sie den Link dort ein. Er enthält nur öffentliche Schlüssel, darf aber unterwegs nicht verändert werden.</translation>
    </message>
    <message>
        <source>QR code of the link below</source>
        <translation>QR-Code des Links darunter</translation>
    </message>
    <message>
        <source>&amp;Copy link</source>
        <translation>Link &amp;kopieren</translation>
    </message>
    <message>
        <source>The link is too long for a QR code.</source>
        <translation>Der Link ist zu lang für einen QR-Code.</translation>
    </message>
</context>
<context>
    <name>PasswordKeeper</name>
    <message>
        <source>Enter the password.</source>
        <translation>Geben Sie das Passwort ein.</translation>
    </message>
    <message>
        <source>The password is missing. Enter it in the settings.</source>
        <translation>Das Passwort fehlt. Geben Sie es in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>The password&apos;s file could not be deleted.</source>
        <translation>Die Datei mit dem Passwort konnte nicht gelöscht werden.</translation>
    </message>
</context>
<context>
    <name>PasswordPrompt</name>
    <message>
        <source>XmppSync</source>
        <translation>XmppSync</translation>
    </message>
    <message>
        <source>Password of %1, to synchronize the bookmarks:</source>
        <translation>Passwort von %1, um die Lesezeichen abzugleichen:</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
</context>
<context>
    <name>ProblemText</name>
    <message>
        <source>The server of this address was not found. Check the address and the network.</source>
        <translation>Der Server dieser Adresse wurde nicht gefunden. Prüfen Sie die Adresse und das Netzwerk.</translation>
    </message>
    <message>
        <source>The server cannot be reached.</source>
        <translation>Der Server ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>The server did not answer in time.</source>
        <translation>Der Server hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The encrypted connection to the server failed.</source>
        <translation>Die verschlüsselte Verbindung zum Server ist gescheitert.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted, so nothing was sent. If the server is your own, name its certificate authority on this page.</source>
        <translation>Dem Zertifikat des Servers wird nicht vertraut, deshalb wurde nichts gesendet. Ist es Ihr eigener Server, nennen Sie seine Zertifizierungsstelle auf dieser Seite.</translation>
    </message>
    <message>
        <source>The server offers no encryption, so nothing was sent. Ask the server&apos;s operator.</source>
        <translation>Der Server bietet keine Verschlüsselung an, daher wurde nichts gesendet. Fragen Sie den Betreiber des Servers.</translation>
    </message>
    <message>
        <source>A connection without encryption is allowed to this computer alone.</source>
        <translation>Eine Verbindung ohne Verschlüsselung ist nur zu diesem Rechner erlaubt.</translation>
    </message>
    <message>
        <source>No password store answers: neither KWallet nor GNOME Keyring nor KeePassXC seems to run. Start one, or choose in the settings where else the password is kept.</source>
        <translation>Keine Passwortverwaltung antwortet: Weder KWallet noch GNOME-Schlüsselbund noch KeePassXC scheint zu laufen. Starten Sie eine davon, oder wählen Sie in den Einstellungen, wo das Passwort sonst aufbewahrt wird.</translation>
    </message>
    <message>
        <source>The password store has no password for this address. Enter it in the settings.</source>
        <translation>Die Passwortverwaltung hat kein Passwort für diese Adresse. Geben Sie es in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>The password store stayed locked. Press Apply in the settings and unlock it, or enter the password there.</source>
        <translation>Die Passwortverwaltung blieb gesperrt. Drücken Sie in den Einstellungen „Anwenden“ und entsperren Sie sie, oder geben Sie dort das Passwort ein.</translation>
    </message>
    <message>
        <source>The password store failed. Enter the password in the settings.</source>
        <translation>Die Passwortverwaltung ist gescheitert. Geben Sie das Passwort in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>The server refused the address or the password. Enter the password again and press Apply.</source>
        <translation>Der Server hat die Adresse oder das Passwort abgelehnt. Geben Sie das Passwort noch einmal ein und drücken Sie „Anwenden“.</translation>
    </message>
    <message>
        <source>The server has closed this account, or its password has expired. Ask the server&apos;s operator.</source>
        <translation>Der Server hat dieses Konto geschlossen, oder das Passwort ist abgelaufen. Fragen Sie den Betreiber des Servers.</translation>
    </message>
    <message>
        <source>The server only offers ways to sign in that give the password away. Ask the server&apos;s operator for SCRAM.</source>
        <translation>Der Server bietet nur Anmeldeverfahren an, die das Passwort preisgeben. Bitten Sie den Betreiber des Servers um SCRAM.</translation>
    </message>
    <message>
        <source>The server could not prove that it knows this account. It may be a false one: do not try again on this network.</source>
        <translation>Der Server konnte nicht beweisen, dass er dieses Konto kennt. Er kann falsch sein: Versuchen Sie es in diesem Netz nicht noch einmal.</translation>
    </message>
    <message>
        <source>The server could not let you sign in. It is tried again.</source>
        <translation>Der Server konnte Sie nicht anmelden. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>Another program took this device&apos;s place. Press Apply to take it back.</source>
        <translation>Ein anderes Programm hat den Platz dieses Geräts eingenommen. Drücken Sie „Anwenden“, um ihn zurückzuholen.</translation>
    </message>
    <message>
        <source>The server says that its rules were broken. It is tried again later.</source>
        <translation>Der Server meldet einen Verstoß gegen seine Regeln. Es wird später erneut versucht.</translation>
    </message>
    <message>
        <source>The server does not serve this address. Check the part after the @.</source>
        <translation>Der Server ist für diese Adresse nicht zuständig. Prüfen Sie den Teil nach dem @.</translation>
    </message>
    <message>
        <source>The server sent this browser to another one, which cannot be used. It is tried again.</source>
        <translation>Der Server hat diesen Browser an einen anderen verwiesen, der nicht benutzt werden kann. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>The server ended the connection. It is tried again.</source>
        <translation>Der Server hat die Verbindung beendet. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>The server sent something that is no proper XMPP. Something between you and the server may change what is sent, such as a Wi-Fi log-in page.</source>
        <translation>Der Server hat etwas gesendet, das kein richtiges XMPP ist. Vielleicht verändert etwas zwischen Ihnen und dem Server, was gesendet wird, etwa die Anmeldeseite eines WLANs.</translation>
    </message>
    <message>
        <source>The connection was lost.</source>
        <translation>Die Verbindung ist abgebrochen.</translation>
    </message>
    <message>
        <source>The settings cannot be used.</source>
        <translation>Die Einstellungen können nicht verwendet werden.</translation>
    </message>
    <message>
        <source>A fault in XmppSync itself. Nothing was lost; please report it.</source>
        <translation>Ein Fehler in XmppSync selbst. Es ging nichts verloren; bitte melden Sie ihn.</translation>
    </message>
    <message>
        <source>The account&apos;s device list could not be fetched. It is tried again.</source>
        <translation>Die Geräteliste des Kontos konnte nicht geholt werden. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>This browser could not be entered into the account&apos;s device list. It is tried again.</source>
        <translation>Dieser Browser konnte nicht in die Geräteliste des Kontos eingetragen werden. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>Another program keeps removing this browser from the account&apos;s device list. Find it, and update it or end it.</source>
        <translation>Ein anderes Programm entfernt diesen Browser immer wieder aus der Geräteliste des Kontos. Finden Sie es, und aktualisieren oder beenden Sie es.</translation>
    </message>
    <message>
        <source>The public keys of this browser could not be published. It is tried again.</source>
        <translation>Die öffentlichen Schlüssel dieses Browsers konnten nicht veröffentlicht werden. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>It could not be checked whether this profile is a copy, so nothing is sent. It is tried again.</source>
        <translation>Ob dieses Profil eine Kopie ist, konnte nicht geprüft werden, daher wird nichts gesendet. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>This profile was a copy or an old backup: it goes on as a new device, with new keys. Where you compare keys, do it once more.</source>
        <translation>Dieses Profil war eine Kopie oder eine alte Sicherung: Es macht als neues Gerät mit neuen Schlüsseln weiter. Wo Sie Schlüssel vergleichen, tun Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This browser was away for long. It shares its bookmarks again as soon as another of your devices is on; remove those that you no longer use on the page Devices.</source>
        <translation>Dieser Browser war lange weg. Er teilt seine Lesezeichen wieder, sobald ein anderes Ihrer Geräte an ist; entfernen Sie auf der Seite „Geräte“ die, die Sie nicht mehr benutzen.</translation>
    </message>
    <message>
        <source>The bookmarks could not be fetched. It is tried again.</source>
        <translation>Die Lesezeichen konnten nicht geholt werden. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>The bookmarks could not be sent. They are kept, and it is tried again.</source>
        <translation>Die Lesezeichen konnten nicht gesendet werden. Sie werden aufbewahrt, und es wird erneut versucht.</translation>
    </message>
    <message>
        <source>The bookmarks could not be given to new devices. It is tried again.</source>
        <translation>Die Lesezeichen konnten neuen Geräten nicht gegeben werden. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>Another device runs a newer XmppSync. Update this one.</source>
        <translation>Auf einem anderen Gerät läuft ein neueres XmppSync. Aktualisieren Sie dieses.</translation>
    </message>
    <message>
        <source>The folder of what XmppSync keeps cannot be used. Check that it is yours, on a disk with space left.</source>
        <translation>Der Ordner, in dem XmppSync seine Daten aufbewahrt, kann nicht benutzt werden. Prüfen Sie, ob er Ihnen gehört und auf der Platte noch Platz ist.</translation>
    </message>
    <message>
        <source>Another program uses what XmppSync keeps for this profile: a second browser on it, perhaps. End that one, then press Apply.</source>
        <translation>Ein anderes Programm benutzt die Daten von XmppSync für dieses Profil, vielleicht ein zweiter Browser. Beenden Sie jenes, und drücken Sie dann „Anwenden“.</translation>
    </message>
    <message>
        <source>What XmppSync kept for this profile is gone.</source>
        <translation>Was XmppSync für dieses Profil aufbewahrt hatte, ist weg.</translation>
    </message>
    <message>
        <source>A newer XmppSync has run with this profile. Update this one; nothing was changed.</source>
        <translation>Mit diesem Profil lief ein neueres XmppSync. Aktualisieren Sie dieses; es wurde nichts verändert.</translation>
    </message>
    <message>
        <source>What lies where XmppSync keeps its data is another program&apos;s. Nothing was changed.</source>
        <translation>Wo XmppSync seine Daten aufbewahrt, liegt etwas von einem anderen Programm. Es wurde nichts verändert.</translation>
    </message>
    <message>
        <source>What XmppSync keeps for this profile is damaged. Nothing was changed. Restore it from a backup, or move it away and start again: this browser then gets a new key, and the bookmarks come back from your other devices.</source>
        <translation>Was XmppSync für dieses Profil aufbewahrt, ist beschädigt. Es wurde nichts verändert. Stellen Sie es aus einer Sicherung wieder her, oder schieben Sie es beiseite und fangen Sie neu an: Dieser Browser bekommt dann einen neuen Schlüssel, und die Lesezeichen kommen von Ihren anderen Geräten zurück.</translation>
    </message>
    <message>
        <source>What XmppSync keeps cannot be read or written. Check the space on the disk, then press Apply.</source>
        <translation>Was XmppSync aufbewahrt, kann nicht gelesen oder geschrieben werden. Prüfen Sie den Platz auf der Platte, und drücken Sie dann „Anwenden“.</translation>
    </message>
    <message>
        <source>This needs a connection to the server. Try again when there is one.</source>
        <translation>Dazu braucht es eine Verbindung zum Server. Versuchen Sie es noch einmal, wenn es eine gibt.</translation>
    </message>
    <message>
        <source>This browser is leaving the account already.</source>
        <translation>Dieser Browser verlässt das Konto bereits.</translation>
    </message>
    <message>
        <source>Not all changes have been sent to your other devices yet. Try again when all is up to date.</source>
        <translation>Noch sind nicht alle Änderungen an Ihre anderen Geräte gesendet. Versuchen Sie es noch einmal, wenn alles auf dem neuesten Stand ist.</translation>
    </message>
    <message>
        <source>The server did not take the account&apos;s new device list. Try again.</source>
        <translation>Der Server hat die neue Geräteliste des Kontos nicht angenommen. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>A browser cannot do that to itself.</source>
        <translation>Das kann ein Browser mit sich selbst nicht tun.</translation>
    </message>
    <message>
        <source>This device is not known any more.</source>
        <translation>Dieses Gerät ist nicht mehr bekannt.</translation>
    </message>
    <message>
        <source>The keys of that device have not been fetched yet. Connect, and try again in a moment.</source>
        <translation>Die Schlüssel jenes Geräts sind noch nicht geholt. Verbinden Sie sich, und versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>That device is distrusted. If it is yours, trust it by its fingerprint first.</source>
        <translation>Jenem Gerät wird misstraut. Wenn es Ihres ist, vertrauen Sie ihm zuerst anhand seines Fingerabdrucks.</translation>
    </message>
    <message>
        <source>Another device is being compared. Finish or cancel that first.</source>
        <translation>Es wird gerade ein anderes Gerät verglichen. Beenden Sie das zuerst, oder brechen Sie es ab.</translation>
    </message>
    <message>
        <source>That device is not being compared any more.</source>
        <translation>Jenes Gerät wird nicht mehr verglichen.</translation>
    </message>
    <message>
        <source>This is no link with the keys of a device.</source>
        <translation>Das ist kein Link mit den Schlüsseln eines Geräts.</translation>
    </message>
    <message>
        <source>None of the devices in this link is known here yet. Add their owner as a partner first, and write or be written to.</source>
        <translation>Keines der Geräte in diesem Link ist hier schon bekannt. Tragen Sie zuerst ihren Besitzer als Partner ein, und schreiben Sie ihm, oder lassen Sie sich schreiben.</translation>
    </message>
    <message>
        <source>This is the link of this very browser. Take the one of the other device.</source>
        <translation>Das ist der Link dieses Browsers selbst. Nehmen Sie den des anderen Geräts.</translation>
    </message>
    <message>
        <source>This has been answered already, perhaps on another device.</source>
        <translation>Das wurde schon beantwortet, vielleicht auf einem anderen Gerät.</translation>
    </message>
    <message>
        <source>The bookmarks have not been joined with those of the account yet. Try again then.</source>
        <translation>Die Lesezeichen sind noch nicht mit denen des Kontos zusammengeführt. Versuchen Sie es danach noch einmal.</translation>
    </message>
    <message>
        <source>There is no copy of that time any more.</source>
        <translation>Aus jener Zeit gibt es keine Kopie mehr.</translation>
    </message>
    <message>
        <source>That copy is damaged and cannot be read. Choose another one.</source>
        <translation>Diese Kopie ist beschädigt und kann nicht gelesen werden. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The bookmarks have changed meanwhile, so that this cannot be done.</source>
        <translation>Die Lesezeichen haben sich inzwischen geändert, daher geht das nicht.</translation>
    </message>
    <message>
        <source>The comparison was cancelled.</source>
        <translation>Der Vergleich wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The two devices do not see the same keys: somebody may be listening in. Neither trusts the other any more.</source>
        <translation>Die beiden Geräte sehen nicht dieselben Schlüssel: Vielleicht hört jemand mit. Keines vertraut dem anderen mehr.</translation>
    </message>
    <message>
        <source>The comparison took too long. Start it again while both devices are at hand.</source>
        <translation>Der Vergleich hat zu lange gedauert. Beginnen Sie ihn noch einmal, während beide Geräte zur Hand sind.</translation>
    </message>
    <message>
        <source>One of the devices was started anew meanwhile. Start the comparison again.</source>
        <translation>Eines der Geräte wurde inzwischen neu gestartet. Beginnen Sie den Vergleich noch einmal.</translation>
    </message>
    <message>
        <source>The other device is being compared with a third one. Finish that first.</source>
        <translation>Das andere Gerät wird gerade mit einem dritten verglichen. Beenden Sie das zuerst.</translation>
    </message>
    <message>
        <source>The other device does not keep to the protocol. Update both.</source>
        <translation>Das andere Gerät hält sich nicht an das Protokoll. Aktualisieren Sie beide.</translation>
    </message>
    <message>
        <source>It was not encrypted.</source>
        <translation>Es war nicht verschlüsselt.</translation>
    </message>
    <message>
        <source>It came from a device that is not trusted.</source>
        <translation>Es kam von einem Gerät, dem nicht vertraut wird.</translation>
    </message>
    <message>
        <source>It could not be decrypted.</source>
        <translation>Es konnte nicht entschlüsselt werden.</translation>
    </message>
    <message>
        <source>It did not come from whom it claims to.</source>
        <translation>Es kam nicht von dem, von dem es zu kommen behauptet.</translation>
    </message>
    <message>
        <source>It was not in the form that it must have.</source>
        <translation>Es hatte nicht die Form, die es haben muss.</translation>
    </message>
    <message>
        <source>It is of a newer XmppSync. Update this one.</source>
        <translation>Es stammt von einem neueren XmppSync. Aktualisieren Sie dieses.</translation>
    </message>
    <message>
        <source>It asked for what its sender may not do.</source>
        <translation>Es verlangte etwas, das sein Absender nicht darf.</translation>
    </message>
    <message>
        <source>The password is missing. Enter it in the settings.</source>
        <translation>Das Passwort fehlt. Geben Sie es in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>This is no XMPP address. An address looks like name@example.org.</source>
        <translation>Das ist keine XMPP-Adresse. Eine Adresse sieht aus wie name@example.org.</translation>
    </message>
    <message>
        <source>This is no server. Write it as host:port, for instance xmpp.example.org:5222.</source>
        <translation>Das ist kein Server. Schreiben Sie ihn als Rechner:Port, zum Beispiel xmpp.example.org:5222.</translation>
    </message>
    <message>
        <source>The certificate&apos;s fingerprint must have 64 hexadecimal digits (SHA-256).</source>
        <translation>Der Fingerabdruck des Zertifikats muss 64 hexadezimale Ziffern haben (SHA-256).</translation>
    </message>
    <message>
        <source>XmppSync has stopped. Press Apply on the page Account to start it again.</source>
        <translation>XmppSync hat angehalten. Drücken Sie auf der Seite „Konto“ „Anwenden“, um es wieder zu starten.</translation>
    </message>
    <message>
        <source>The clock of this computer is more than a day from the server&apos;s. Set it right: edits are ordered by their time.</source>
        <translation>Die Uhr dieses Rechners geht mehr als einen Tag anders als die des Servers. Stellen Sie sie richtig: Änderungen werden nach ihrer Zeit geordnet.</translation>
    </message>
    <message>
        <source>The other devices could not be told what is open in this browser. It is tried again.</source>
        <translation>Den anderen Geräten konnte nicht mitgeteilt werden, was in diesem Browser offen ist. Es wird erneut versucht.</translation>
    </message>
    <message>
        <source>Tabs could not be sent to another device. They are kept, and it is tried again.</source>
        <translation>Tabs konnten nicht an ein anderes Gerät gesendet werden. Sie bleiben gemerkt, und es wird erneut versucht.</translation>
    </message>
    <message>
        <source>This is too much at once. Import bookmarks in several parts; send fewer tabs, or wait until others have been opened.</source>
        <translation>Das ist zu viel auf einmal. Importieren Sie Lesezeichen in mehreren Teilen; senden Sie weniger Tabs, oder warten Sie, bis andere geöffnet sind.</translation>
    </message>
    <message>
        <source>Only pages of the web can be sent to other devices, and no addresses of more than 2,048 letters.</source>
        <translation>Nur Seiten aus dem Web können an andere Geräte gesendet werden, und keine Adressen mit mehr als 2048 Zeichen.</translation>
    </message>
    <message>
        <source>That device does not open what is sent to it. Where it is a browser, turn that on in its settings, on the page Tabs.</source>
        <translation>Dieses Gerät öffnet nicht, was ihm gesendet wird. Ist es ein Browser, so schalten Sie das in seinen Einstellungen ein, auf der Seite „Tabs“.</translation>
    </message>
    <message>
        <source>The other devices could not be told what was visited in this browser. It is tried again.</source>
        <translation>Den anderen Geräten konnte nicht mitgeteilt werden, was in diesem Browser besucht wurde. Es wird erneut versucht.</translation>
    </message>
</context>
<context>
    <name>QuestionBox</name>
    <message>
        <source>Device %1</source>
        <translation>Gerät %1</translation>
    </message>
    <message>
        <source>This needs you</source>
        <translation>Hier werden Sie gebraucht</translation>
    </message>
    <message>
        <source>“%1” wants to compare keys with this browser. Agree only if you have begun that there.</source>
        <translation>„%1“ möchte Schlüssel mit diesem Browser vergleichen. Stimmen Sie nur zu, wenn Sie das dort begonnen haben.</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Vergleichen …</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Among them: %1</source>
        <translation>Darunter: %1</translation>
    </message>
    <message>
        <source>Merge both</source>
        <translation>Beide zusammenführen</translation>
    </message>
    <message>
        <source>Take those of the account</source>
        <translation>Die des Kontos nehmen</translation>
    </message>
    <message>
        <source>Take those of this browser</source>
        <translation>Die dieses Browsers nehmen</translation>
    </message>
    <message>
        <source>Put them back</source>
        <translation>Zurücklegen</translation>
    </message>
    <message>
        <source>Delete them everywhere</source>
        <translation>Überall löschen</translation>
    </message>
    <message>
        <source>Show them here too</source>
        <translation>Auch hier zeigen</translation>
    </message>
</context>
<context>
    <name>SentList</name>
    <message>
        <source>opened on “%1”</source>
        <translation>auf „%1“ geöffnet</translation>
    </message>
    <message>
        <source>not opened on “%1” in 30 days</source>
        <translation>auf „%1“ 30 Tage lang nicht geöffnet</translation>
    </message>
    <message>
        <source>“%1” is gone</source>
        <translation>„%1“ gibt es nicht mehr</translation>
    </message>
    <message>
        <source>waits for “%1”</source>
        <translation>wartet auf „%1“</translation>
    </message>
    <message>
        <source>Sent from this browser</source>
        <translation>Von diesem Browser gesendet</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Was daraus wurde</translation>
    </message>
    <message numerus="yes">
        <source>%n tab(s)</source>
        <translation>
            <numerusform>%n Tab</numerusform>
            <numerusform>%n Tabs</numerusform>
        </translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>noch nicht gesendet</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>XmppSync Settings</source>
        <translation>Einstellungen von XmppSync</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <source>Synchronize</source>
        <translation>Abgleich</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Keep these settings and sign in with them now</source>
        <translation>Diese Einstellungen behalten und jetzt damit anmelden</translation>
    </message>
    <message>
        <source>Tabs</source>
        <translation>Tabs</translation>
    </message>
</context>
<context>
    <name>StatusText</name>
    <message numerus="yes">
        <source>%n bookmark(s)</source>
        <translation>
            <numerusform>%n Lesezeichen</numerusform>
            <numerusform>%n Lesezeichen</numerusform>
        </translation>
    </message>
    <message>
        <source>Signed in. Waiting for another of your devices to share the bookmarks: start it, and trust this one there.</source>
        <translation>Angemeldet. Es wird darauf gewartet, dass ein anderes Ihrer Geräte die Lesezeichen teilt: Starten Sie es, und vertrauen Sie dort diesem.</translation>
    </message>
    <message>
        <source>Signed in. Synchronizing (%1 to send, %2 to fetch).</source>
        <translation>Angemeldet. Abgleich läuft (%1 zu senden, %2 zu holen).</translation>
    </message>
    <message>
        <source>Signed in. This is your only device so far; set up another one to sync %1.</source>
        <translation>Angemeldet. Dies ist bisher Ihr einziges Gerät; richten Sie ein weiteres ein, um %1 abzugleichen.</translation>
    </message>
    <message>
        <source>Up to date: %1, shared with %2.</source>
        <translation>Aktuell: %1, geteilt mit %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n other device(s)</source>
        <translation>
            <numerusform>einem anderen Gerät</numerusform>
            <numerusform>%n anderen Geräten</numerusform>
        </translation>
    </message>
    <message>
        <source>Signed in. Fetching your devices and bookmarks.</source>
        <translation>Angemeldet. Ihre Geräte und Lesezeichen werden geholt.</translation>
    </message>
    <message>
        <source>Connecting to the server.</source>
        <translation>Verbindung zum Server wird aufgebaut.</translation>
    </message>
    <message>
        <source>Signing in.</source>
        <translation>Anmeldung läuft.</translation>
    </message>
    <message>
        <source>Not connected; trying again in %1 s. Your changes are kept and sent later.</source>
        <translation>Nicht verbunden; neuer Versuch in %1 s. Ihre Änderungen bleiben erhalten und werden später gesendet.</translation>
    </message>
    <message>
        <source>Not connected. This needs your help:</source>
        <translation>Nicht verbunden. Hier wird Ihre Hilfe gebraucht:</translation>
    </message>
    <message>
        <source>Starting.</source>
        <translation>Start.</translation>
    </message>
    <message>
        <source>This browser has other bookmarks now than it had when it was last synchronized.</source>
        <translation>Dieser Browser hat jetzt andere Lesezeichen als beim letzten Abgleich.</translation>
    </message>
    <message>
        <source>This browser and your other devices have different bookmarks.</source>
        <translation>Dieser Browser und Ihre anderen Geräte haben verschiedene Lesezeichen.</translation>
    </message>
    <message>
        <source>%1 Here: %2. There: %3. The same on both sides: %4. A merge adds %5 here and %6 there; with the same address and otherwise different: %7.</source>
        <extracomment>After one of the two sentences &quot;This browser has other bookmarks…&quot;, &quot;This browser and your other devices have…&quot;</extracomment>
        <translation>%1 Hier: %2. Dort: %3. Auf beiden Seiten gleich: %4. Ein Zusammenführen fügt hier %5 und dort %6 hinzu; mit gleicher Adresse und sonst verschieden: %7.</translation>
    </message>
    <message>
        <source>“%1” deleted %2 of %3. Here they are all still there.</source>
        <translation>„%1“ hat %2 von %3 gelöscht. Hier sind sie alle noch da.</translation>
    </message>
    <message>
        <source>%1 of %2 are gone from this browser. Your other devices still have them.</source>
        <translation>%1 von %2 sind aus diesem Browser verschwunden. Ihre anderen Geräte haben sie noch.</translation>
    </message>
    <message>
        <source>“%1” added %2, and most of them are here already. They are not shown here yet.</source>
        <translation>„%1“ hat %2 hinzugefügt, und die meisten sind schon hier. Sie werden hier noch nicht gezeigt.</translation>
    </message>
    <message>
        <source>Signed in. The synchronization of bookmarks is paused.</source>
        <translation>Angemeldet. Die Synchronisation der Lesezeichen ist angehalten.</translation>
    </message>
</context>
<context>
    <name>SyncController</name>
    <message>
        <source>Not running.</source>
        <translation>Läuft nicht.</translation>
    </message>
    <message>
        <source>Waiting for your password. Enter it and press Apply.</source>
        <translation>Es wird auf Ihr Passwort gewartet. Geben Sie es ein und drücken Sie „Anwenden“.</translation>
    </message>
    <message>
        <source>Not set up. Enter your XMPP address and password, then press Apply.</source>
        <translation>Nicht eingerichtet. Geben Sie Ihre XMPP-Adresse und Ihr Passwort ein, und drücken Sie „Anwenden“.</translation>
    </message>
    <message>
        <source>Signed out. To sign in, enter the password and press Apply.</source>
        <translation>Abgemeldet. Zum Anmelden geben Sie das Passwort ein und drücken „Anwenden“.</translation>
    </message>
    <message>
        <source>Not signed in.</source>
        <translation>Nicht angemeldet.</translation>
    </message>
    <message>
        <source>“%1” wants to compare keys with this browser.</source>
        <translation>„%1“ möchte Schlüssel mit diesem Browser vergleichen.</translation>
    </message>
    <message>
        <source>The new device “%1” waits until you trust it, on the page Devices.</source>
        <translation>Das neue Gerät „%1“ wartet, bis Sie ihm auf der Seite „Geräte“ vertrauen.</translation>
    </message>
    <message>
        <source>The keys of this browser in %1 could not be deleted.</source>
        <translation>Die Schlüssel dieses Browsers in %1 konnten nicht gelöscht werden.</translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message>
        <source>Synchronize</source>
        <translation>Abgleich</translation>
    </message>
    <message>
        <source>&amp;Bookmarks</source>
        <translation>&amp;Lesezeichen</translation>
    </message>
    <message>
        <source>New devices</source>
        <translation>Neue Geräte</translation>
    </message>
    <message>
        <source>Which new devices are trusted</source>
        <translation>Welchen neuen Geräten vertraut wird</translation>
    </message>
    <message>
        <source>Trusted until you compare the first one; then they wait for you</source>
        <translation>Vertraut, bis Sie das erste vergleichen; dann warten sie auf Sie</translation>
    </message>
    <message>
        <source>Always wait for you</source>
        <translation>Warten immer auf Sie</translation>
    </message>
    <message>
        <source>Trusted without asking (not advised)</source>
        <translation>Ohne Nachfrage vertraut (nicht empfohlen)</translation>
    </message>
    <message>
        <source>Bots and programs</source>
        <translation>Bots und Programme</translation>
    </message>
    <message>
        <source>Answer encrypted &amp;requests of your own programs and of these partners</source>
        <translation>Verschlüsselte Anf&amp;ragen Ihrer eigenen Programme und dieser Partner beantworten</translation>
    </message>
    <message>
        <source>Partners&apos; addresses</source>
        <translation>Adressen der Partner</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Hinzufügen …</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>A partner is a bot on another account. Its devices appear on the page Devices, and may do nothing until you trust them there.</source>
        <translation>Ein Partner ist ein Bot auf einem anderen Konto. Seine Geräte erscheinen auf der Seite „Geräte“ und dürfen nichts, bevor Sie ihnen dort vertrauen.</translation>
    </message>
    <message>
        <source>Add a partner</source>
        <translation>Einen Partner hinzufügen</translation>
    </message>
    <message>
        <source>XMPP address of the bot or program:</source>
        <translation>XMPP-Adresse des Bots oder Programms:</translation>
    </message>
    <message>
        <source>Ask before another device adds many bookmarks that are &amp;here already</source>
        <translation>&amp;Fragen, bevor ein anderes Gerät viele Lesezeichen hinzufügt, die schon hier sind</translation>
    </message>
    <message>
        <source>Pages of the last 90 days, with your devices that share it too; never those of private windows. What you delete from the history is deleted on all of them.</source>
        <translation>Seiten der letzten 90 Tage, mit Ihren Geräten, die ihn auch teilen; nie die privater Fenster. Was Sie aus dem Verlauf löschen, wird auf allen gelöscht.</translation>
    </message>
    <message>
        <source>Browsing h&amp;istory</source>
        <translation>&amp;Verlauf der besuchten Seiten</translation>
    </message>
    <message>
        <source>Falkon saves no history now (see “Allow saving history” in its preferences), so that of your other devices is not brought here.</source>
        <translation>Falkon speichert zurzeit keinen Verlauf (siehe „Speichern des Verlaufs erlauben“ in seinen Einstellungen). Darum kommt auch der Ihrer anderen Geräte nicht hierher.</translation>
    </message>
</context>
<context>
    <name>SyncProgress</name>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n Sekunde</numerusform>
            <numerusform>%n Sekunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n Minute</numerusform>
            <numerusform>%n Minuten</numerusform>
        </translation>
    </message>
    <message>
        <source>Putting the bookmarks into this browser: %1 of %2.</source>
        <translation>Lesezeichen werden in diesen Browser übernommen: %1 von %2.</translation>
    </message>
    <message>
        <source>about %1 of %2</source>
        <translation>etwa %1 von %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Fetching the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Lesezeichen werden geholt: %1. Noch %2.</translation>
    </message>
    <message>
        <source>Fetching the bookmarks: %1.</source>
        <translation>Lesezeichen werden geholt: %1.</translation>
    </message>
    <message>
        <source>Sending the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Lesezeichen werden gesendet: %1. Noch %2.</translation>
    </message>
    <message>
        <source>Sending the bookmarks: %1.</source>
        <translation>Lesezeichen werden gesendet: %1.</translation>
    </message>
    <message>
        <source>Another device sends the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Ein anderes Gerät sendet die Lesezeichen: %1. Noch %2.</translation>
    </message>
    <message>
        <source>Another device sends the bookmarks: %1.</source>
        <translation>Ein anderes Gerät sendet die Lesezeichen: %1.</translation>
    </message>
</context>
<context>
    <name>TabsMenu</name>
    <message>
        <source>Open on other devices</source>
        <translation>Auf anderen Geräten offen</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>TabsPage</name>
    <message>
        <source>&amp;Show what is open in this browser on my other devices</source>
        <translation>Was in diesem Browser offen ist, auf meinen anderen Geräten &amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Open here</source>
        <translation>Hier ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open on other devices</source>
        <translation>Auf anderen Geräten offen</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>More tabs that are not shown: %1</source>
        <translation>Weitere Tabs, die nicht gezeigt werden: %1</translation>
    </message>
    <message>
        <source>Choose tabs to open them in this browser.</source>
        <translation>Wählen Sie Tabs aus, um sie in diesem Browser zu öffnen.</translation>
    </message>
    <message>
        <source>Addresses and titles of pages of the web, encrypted for your devices; never those of private windows. When this is turned off, they are taken back.</source>
        <translation>Adressen und Titel von Webseiten, verschlüsselt für Ihre Geräte; niemals die aus privaten Fenstern. Wird dies ausgeschaltet, werden sie zurückgenommen.</translation>
    </message>
    <message>
        <source>None of your other devices shows what is open there.</source>
        <translation>Keines Ihrer anderen Geräte zeigt, was dort offen ist.</translation>
    </message>
    <message>
        <source>Sent tabs</source>
        <translation>Gesendete Tabs</translation>
    </message>
    <message>
        <source>Open tabs that my other devices sen&amp;d to this browser</source>
        <translation>Tabs öffnen, die meine anderen Geräte an diesen Browser sen&amp;den</translation>
    </message>
    <message>
        <source>A page or a link is sent by its context menu. It waits up to 30 days for a device that is off.</source>
        <translation>Eine Seite oder ein Link wird über das Kontextmenü gesendet. Auf ein Gerät, das aus ist, wird bis zu 30 Tage gewartet.</translation>
    </message>
    <message>
        <source>Shared tabs</source>
        <translation>Geteilte Tabs</translation>
    </message>
</context>
<context>
    <name>TabsReceiver</name>
    <message>
        <source>From “%1”</source>
        <translation>Von „%1“</translation>
    </message>
    <message numerus="yes">
        <source>%n tab(s) from “%1”</source>
        <translation>
            <numerusform>%n Tab von „%1“</numerusform>
            <numerusform>%n Tabs von „%1“</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TabsSender</name>
    <message>
        <source>Send this page to</source>
        <translation>Diese Seite senden an</translation>
    </message>
    <message>
        <source>Send this link to</source>
        <translation>Diesen Link senden an</translation>
    </message>
    <message>
        <source>Not sent to “%1”</source>
        <translation>Nicht an „%1“ gesendet</translation>
    </message>
    <message>
        <source>Sent to “%1”, where it opens as soon as that device is on.</source>
        <translation>An „%1“ gesendet; dort geht es auf, sobald das Gerät an ist.</translation>
    </message>
</context>
<context>
    <name>WindowButtons</name>
    <message>
        <source>XmppSync</source>
        <translation>XmppSync</translation>
    </message>
    <message>
        <source>XmppSync: %1</source>
        <translation>XmppSync: %1</translation>
    </message>
</context>
<context>
    <name>XmppSyncPlugin</name>
    <message>
        <source>XmppSync</source>
        <translation>XmppSync</translation>
    </message>
    <message>
        <source>XmppSync does nothing in private windows.</source>
        <translation>In privaten Fenstern tut XmppSync nichts.</translation>
    </message>
    <message>
        <source>XmppSync…</source>
        <translation>XmppSync …</translation>
    </message>
    <message>
        <source>Not signed in.</source>
        <translation>Nicht angemeldet.</translation>
    </message>
    <message>
        <source>Last synchronized: %1</source>
        <translation>Zuletzt abgeglichen: %1</translation>
    </message>
    <message>
        <source>XmppSync needs you</source>
        <translation>XmppSync braucht Sie</translation>
    </message>
</context>
</TS>
