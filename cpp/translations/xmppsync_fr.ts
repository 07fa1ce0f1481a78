<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>AccountPage</name>
    <message>
        <source>Connection</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>How it goes</source>
        <translation>État</translation>
    </message>
    <message>
        <source>What to do next</source>
        <translation>Que faire ensuite</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Compte</translation>
    </message>
    <message>
        <source>name@example.org</source>
        <translation>nom@example.org</translation>
    </message>
    <message>
        <source>How your other devices name this browser</source>
        <translation>Comment vos autres appareils nomment ce navigateur</translation>
    </message>
    <message>
        <source>in the password store of the desktop</source>
        <translation>dans le coffre de mots de passe du bureau</translation>
    </message>
    <message>
        <source>KWallet, GNOME Keyring or KeePassXC</source>
        <translation>KWallet, trousseau de clés GNOME ou KeePassXC</translation>
    </message>
    <message>
        <source>in a file that only your user can read</source>
        <translation>dans un fichier que seul votre utilisateur peut lire</translation>
    </message>
    <message>
        <source>nowhere: ask at each start</source>
        <translation>nulle part : demander à chaque démarrage</translation>
    </message>
    <message>
        <source>Nothing is synchronized before you answer</source>
        <translation>Rien n&apos;est synchronisé avant votre réponse</translation>
    </message>
    <message>
        <source>XMPP &amp;address:</source>
        <translation>&amp;Adresse XMPP :</translation>
    </message>
    <message>
        <source>&amp;Password:</source>
        <translation>Mot de &amp;passe :</translation>
    </message>
    <message>
        <source>&amp;Keep it:</source>
        <translation>Le &amp;conserver :</translation>
    </message>
    <message>
        <source>&amp;Name of this device:</source>
        <translation>&amp;Nom de cet appareil :</translation>
    </message>
    <message>
        <source>Choose the server by &amp;hand</source>
        <translation>Choisir le serveur à la &amp;main</translation>
    </message>
    <message>
        <source>Only for servers that cannot be found by the address alone</source>
        <translation>Seulement pour les serveurs que l&apos;adresse seule ne permet pas de trouver</translation>
    </message>
    <message>
        <source>host:port; empty: found by the address</source>
        <translation>hôte:port ; vide : trouvé par l&apos;adresse</translation>
    </message>
    <message>
        <source>a PEM file; empty: the system&apos;s authorities</source>
        <translation>un fichier PEM ; vide : les autorités du système</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>Parc&amp;ourir…</translation>
    </message>
    <message>
        <source>Browse for a certificate authority</source>
        <translation>Chercher une autorité de certification</translation>
    </message>
    <message>
        <source>&amp;Certificate authority:</source>
        <translation>Autorité de certif&amp;ication :</translation>
    </message>
    <message>
        <source>&amp;Server:</source>
        <translation>Ser&amp;veur :</translation>
    </message>
    <message>
        <source>Sign &amp;out…</source>
        <translation>Se &amp;déconnecter…</translation>
    </message>
    <message>
        <source>Stop to synchronize, and forget the password</source>
        <translation>Arrêter la synchronisation et oublier le mot de passe</translation>
    </message>
    <message>
        <source>kept; enter it only to change it</source>
        <translation>conservé ; à saisir seulement pour le changer</translation>
    </message>
    <message>
        <source>Certificate authority</source>
        <translation>Autorité de certification</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
        <translation>Certificats (*.pem *.crt *.cer);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Se déconnecter</translation>
    </message>
    <message>
        <source>&amp;Remove this device…</source>
        <translation>&amp;Supprimer cet appareil…</translation>
    </message>
    <message>
        <source>Take this browser out of the account for good</source>
        <translation>Retirer définitivement ce navigateur du compte</translation>
    </message>
    <message>
        <source>The bookmarks stay in this browser, and are not synchronized until you enter the password again.</source>
        <translation>Les marque-pages restent dans ce navigateur et ne sont plus synchronisés tant que vous n&apos;avez pas saisi à nouveau le mot de passe.</translation>
    </message>
    <message>
        <source>Remove this device</source>
        <translation>Supprimer cet appareil</translation>
    </message>
    <message>
        <source>Your other devices encrypt nothing to this browser any more. Its keys, the password and the dated copies of the history are deleted here; the bookmarks stay. You can set it up again at any time, as a new device.</source>
        <translation>Vos autres appareils ne chiffrent plus rien pour ce navigateur. Ses clés, le mot de passe et les copies datées de l&apos;historique sont supprimés ici ; les marque-pages restent. Vous pouvez le configurer à nouveau à tout moment, comme nouvel appareil.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>How far it is</source>
        <translation>Où cela en est</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>Rep&amp;rendre</translation>
    </message>
    <message>
        <source>Pa&amp;use</source>
        <translation>Pa&amp;use</translation>
    </message>
    <message>
        <source>Go on where it stopped</source>
        <translation>Reprendre là où cela s’est arrêté</translation>
    </message>
    <message>
        <source>Stop to synchronize bookmarks until you resume it</source>
        <translation>Ne plus synchroniser les marque-pages jusqu’à la reprise</translation>
    </message>
</context>
<context>
    <name>ActivityLog</name>
    <message>
        <source>Signed in.</source>
        <translation>Connecté.</translation>
    </message>
    <message>
        <source>Not connected: %1</source>
        <translation>Non connecté : %1</translation>
    </message>
    <message>
        <source>Sent to the other devices; edits: %1.</source>
        <translation>Envoyé aux autres appareils ; modifications : %1.</translation>
    </message>
    <message>
        <source>Problem: %1</source>
        <translation>Problème : %1</translation>
    </message>
    <message>
        <source>Waits for you: %1</source>
        <translation>Vous attend : %1</translation>
    </message>
    <message>
        <source>Came from other devices: %1 added, %2 changed, %3 removed.</source>
        <translation>Venu d&apos;autres appareils : %1 ajoutés, %2 modifiés, %3 supprimés.</translation>
    </message>
    <message>
        <source>Changed in this browser: %1 added, %2 changed, %3 removed.</source>
        <translation>Dans ce navigateur : %1 ajoutés, %2 modifiés, %3 supprimés.</translation>
    </message>
    <message>
        <source>Deleted everywhere, as you said: %1.</source>
        <translation>Supprimés partout, comme vous l&apos;avez dit : %1.</translation>
    </message>
    <message>
        <source>Put back, as you said: %1.</source>
        <translation>Remis en place, comme vous l&apos;avez dit : %1.</translation>
    </message>
    <message>
        <source>This browser&apos;s bookmarks (%1) and the account&apos;s (%2) have met; the same on both sides: %3.</source>
        <translation>Les marque-pages de ce navigateur (%1) et ceux du compte (%2) sont réunis ; identiques des deux côtés : %3.</translation>
    </message>
    <message>
        <source>Went back to an earlier copy: %1 added, %2 changed, %3 removed.</source>
        <translation>Retour à une copie antérieure : %1 ajoutés, %2 modifiés, %3 supprimés.</translation>
    </message>
    <message>
        <source>A link was taken: %1 keys trusted, %2 distrusted.</source>
        <translation>Un lien a été repris : %1 clés de confiance, %2 refusées.</translation>
    </message>
    <message>
        <source>This browser has left the account.</source>
        <translation>Ce navigateur a quitté le compte.</translation>
    </message>
    <message>
        <source>This browser was away for %1 days. What was deleted elsewhere meanwhile is deleted here too.</source>
        <translation>Ce navigateur était absent pendant %1 jours. Ce qui a été supprimé ailleurs entre-temps est supprimé ici aussi.</translation>
    </message>
    <message>
        <source>Shown here too, as you said: %1.</source>
        <translation>Affichés ici aussi, selon votre choix : %1.</translation>
    </message>
    <message>
        <source>Dropped what %1 sent. %2</source>
        <translation>Ce que %1 a envoyé a été rejeté. %2</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>Refusé : %1</translation>
    </message>
    <message>
        <source>Opened on “%1”; sent tabs: %2.</source>
        <translation>Ouvert sur « %1 » ; onglets envoyés : %2.</translation>
    </message>
    <message>
        <source>Not opened on “%1” in 30 days; sent tabs: %2.</source>
        <translation>Pas ouvert sur « %1 » en 30 jours ; onglets envoyés : %2.</translation>
    </message>
    <message>
        <source>“%1” was gone before it opened them; sent tabs: %2.</source>
        <translation>« %1 » a disparu avant de les ouvrir ; onglets envoyés : %2.</translation>
    </message>
    <message>
        <source>Sent to “%1”; tabs: %2.</source>
        <translation>Envoyé à « %1 » ; onglets : %2.</translation>
    </message>
    <message>
        <source>Came from “%1”; tabs: %2.</source>
        <translation>Venu de « %1 » ; onglets : %2.</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>Activité</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Ce qui s&apos;est passé</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Fois</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copier</translation>
    </message>
    <message>
        <source>For a report: without addresses, titles and keys</source>
        <translation>Pour un rapport : sans adresses, titres ni clés</translation>
    </message>
    <message>
        <source>Since the start of the browser. Titles and addresses of bookmarks are never noted.</source>
        <translation>Depuis le démarrage du navigateur. Les titres et adresses des marque-pages ne sont jamais notés.</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Compare with %1</source>
        <translation>Comparer avec %1</translation>
    </message>
    <message>
        <source>They are &amp;different</source>
        <translation>Ils sont &amp;différents</translation>
    </message>
    <message>
        <source>They are the &amp;same</source>
        <translation>Ils sont &amp;identiques</translation>
    </message>
    <message>
        <source>The comparison cannot begin: %1</source>
        <translation>La comparaison ne peut pas commencer : %1</translation>
    </message>
    <message>
        <source>Look at both devices: does “%1” show the same seven emoji, in the same order?</source>
        <translation>Regardez les deux appareils : « %1 » montre-t-il les mêmes sept émojis, dans le même ordre ?</translation>
    </message>
    <message>
        <source>Now say on “%1” as well that they are the same.</source>
        <translation>Confirmez maintenant sur « %1 » aussi qu&apos;ils sont identiques.</translation>
    </message>
    <message>
        <source>Both devices trust each other now. From now on, new devices wait until you trust them.</source>
        <translation>Les deux appareils se font désormais confiance. Dorénavant, les nouveaux appareils attendent votre confiance.</translation>
    </message>
    <message>
        <source>The keys are not what they should be: somebody may be in between. “%1” is not trusted any more.</source>
        <translation>Les clés ne sont pas les bonnes : quelqu&apos;un est peut-être entre les deux. « %1 » n&apos;est plus de confiance.</translation>
    </message>
    <message>
        <source>The comparison has ended: %1</source>
        <translation>La comparaison est terminée : %1</translation>
    </message>
    <message>
        <source>Waiting for “%1”. Open XmppSync&apos;s settings there and agree to the comparison.</source>
        <translation>En attente de « %1 ». Ouvrez-y les réglages de XmppSync et acceptez la comparaison.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>Configuration</name>
    <message>
        <source>Falkon on %1</source>
        <translation>Falkon sur %1</translation>
    </message>
    <message>
        <source>The settings in %1 cannot be read: %2.</source>
        <translation>Les réglages dans %1 ne peuvent pas être lus : %2.</translation>
    </message>
    <message>
        <source>The settings in %1 are damaged (%2). Set up the account again, or mend the file.</source>
        <translation>Les réglages dans %1 sont endommagés (%2). Configurez à nouveau le compte ou réparez le fichier.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made.</source>
        <translation>Le dossier %1 ne peut pas être créé.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 ne peut pas être écrit : %2.</translation>
    </message>
</context>
<context>
    <name>DeviceName</name>
    <message>
        <source>Device %1</source>
        <translation>Appareil %1</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>not decided</source>
        <translation>non décidé</translation>
    </message>
    <message>
        <source>waits for you</source>
        <translation>vous attend</translation>
    </message>
    <message>
        <source>not trusted</source>
        <translation>pas de confiance</translation>
    </message>
    <message>
        <source>trusted, not compared</source>
        <translation>de confiance, non comparé</translation>
    </message>
    <message>
        <source>trusted by you</source>
        <translation>de confiance par vous</translation>
    </message>
    <message>
        <source>compared and trusted</source>
        <translation>comparé et de confiance</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Appareils</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Appareil</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>Confiance</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Vu pour la dernière fois</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Empreinte</translation>
    </message>
    <message>
        <source>&amp;Compare emoji…</source>
        <translation>&amp;Comparer les émojis…</translation>
    </message>
    <message>
        <source>Be sure that the selected device is yours, in three clicks</source>
        <translation>S&apos;assurer en trois clics que l&apos;appareil choisi est le vôtre</translation>
    </message>
    <message>
        <source>&amp;Trust…</source>
        <translation>Faire con&amp;fiance…</translation>
    </message>
    <message>
        <source>Let the selected device read and change your bookmarks</source>
        <translation>Laisser l&apos;appareil choisi lire et modifier vos marque-pages</translation>
    </message>
    <message>
        <source>&amp;Distrust</source>
        <translation>Ne &amp;plus faire confiance</translation>
    </message>
    <message>
        <source>Neither send anything to the selected device nor take anything from it</source>
        <translation>Ne rien envoyer à l&apos;appareil choisi et ne rien en accepter</translation>
    </message>
    <message>
        <source>Re&amp;name…</source>
        <translation>Re&amp;nommer…</translation>
    </message>
    <message>
        <source>Name this browser for your other devices</source>
        <translation>Nommer ce navigateur pour vos autres appareils</translation>
    </message>
    <message>
        <source>R&amp;emove…</source>
        <translation>&amp;Supprimer…</translation>
    </message>
    <message>
        <source>Take the selected device out of the list</source>
        <translation>Retirer l&apos;appareil choisi de la liste</translation>
    </message>
    <message>
        <source>&amp;Show link…</source>
        <translation>Afficher le &amp;lien…</translation>
    </message>
    <message>
        <source>This browser&apos;s key as a QR code, for another device</source>
        <translation>La clé de ce navigateur en code QR, pour un autre appareil</translation>
    </message>
    <message>
        <source>&amp;Paste link…</source>
        <translation>C&amp;oller un lien…</translation>
    </message>
    <message>
        <source>Trust what another device&apos;s link names</source>
        <translation>Faire confiance à ce que nomme le lien d&apos;un autre appareil</translation>
    </message>
    <message>
        <source>this browser</source>
        <translation>ce navigateur</translation>
    </message>
    <message>
        <source>now</source>
        <translation>maintenant</translation>
    </message>
    <message>
        <source>%1; signed off</source>
        <translation>%1 ; déconnecté</translation>
    </message>
    <message>
        <source>Device %1</source>
        <translation>Appareil %1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>The devices are shown once you are signed in.</source>
        <translation>Les appareils sont affichés une fois que vous êtes connecté.</translation>
    </message>
    <message>
        <source>Fingerprint of %1:</source>
        <translation>Empreinte de %1 :</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>pas encore connue</translation>
    </message>
    <message>
        <source>Trust a device</source>
        <translation>Faire confiance à un appareil</translation>
    </message>
    <message>
        <source>Compare this fingerprint with the one that “%1” itself shows:</source>
        <translation>Comparez cette empreinte avec celle que « %1 » montre lui-même :</translation>
    </message>
    <message>
        <source>They are the same</source>
        <translation>Elles sont identiques</translation>
    </message>
    <message>
        <source>From now on, new devices wait until you trust them</source>
        <translation>Dorénavant, les nouveaux appareils attendent votre confiance</translation>
    </message>
    <message>
        <source>Trust without comparing</source>
        <translation>Faire confiance sans comparer</translation>
    </message>
    <message>
        <source>Rename this device</source>
        <translation>Renommer cet appareil</translation>
    </message>
    <message>
        <source>How your other devices name this browser:</source>
        <translation>Comment vos autres appareils nomment ce navigateur :</translation>
    </message>
    <message>
        <source>Remove a device</source>
        <translation>Supprimer un appareil</translation>
    </message>
    <message>
        <source>“%1” gets nothing any more that your devices encrypt. Its own copy of the bookmarks stays where it is. If it is still in use, it comes back by itself: then distrust it instead.</source>
        <translation>« %1 » ne reçoit plus rien de ce que vos appareils chiffrent. Sa propre copie des marque-pages reste où elle est. S&apos;il est encore utilisé, il revient de lui-même : retirez-lui alors plutôt la confiance.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Paste a link</source>
        <translation>Coller un lien</translation>
    </message>
    <message>
        <source>The link (xmpp:…) that the other device shows, brought here by a way that you trust:</source>
        <translation>Le lien (xmpp:…) que montre l&apos;autre appareil, apporté ici par un moyen auquel vous faites confiance :</translation>
    </message>
</context>
<context>
    <name>Falkon</name>
    <message>
        <source>This Falkon lacks a function that XmppSync needs (%1). Please update XmppSync.</source>
        <translation>Il manque à ce Falkon une fonction dont XmppSync a besoin (%1). Veuillez mettre XmppSync à jour.</translation>
    </message>
    <message>
        <source>XmppSync cannot tell which Falkon it runs in.</source>
        <translation>XmppSync ne peut pas déterminer dans quel Falkon il s&apos;exécute.</translation>
    </message>
    <message>
        <source>This Falkon&apos;s library is %1, and XmppSync knows %2. Please update XmppSync.</source>
        <translation>La bibliothèque de ce Falkon est %1, et XmppSync connaît %2. Veuillez mettre XmppSync à jour.</translation>
    </message>
    <message>
        <source>XmppSync needs Falkon %1 or later; this is %2.</source>
        <translation>XmppSync a besoin de Falkon %1 ou plus récent ; celui-ci est %2.</translation>
    </message>
    <message>
        <source>This Falkon&apos;s bookmarks work in a way that XmppSync does not know. Please update XmppSync.</source>
        <translation>Les marque-pages de ce Falkon fonctionnent d&apos;une manière que XmppSync ne connaît pas. Veuillez mettre XmppSync à jour.</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>daily copy</source>
        <translation>copie quotidienne</translation>
    </message>
    <message>
        <source>this browser&apos;s, before the first join</source>
        <translation>ceux de ce navigateur, avant la première réunion</translation>
    </message>
    <message>
        <source>the account&apos;s, before the first join</source>
        <translation>ceux du compte, avant la première réunion</translation>
    </message>
    <message>
        <source>before a large change</source>
        <translation>avant un grand changement</translation>
    </message>
    <message>
        <source>before going back</source>
        <translation>avant un retour</translation>
    </message>
    <message>
        <source>added since</source>
        <translation>ajouté depuis</translation>
    </message>
    <message>
        <source>removed since</source>
        <translation>supprimé depuis</translation>
    </message>
    <message>
        <source>changed since</source>
        <translation>modifié depuis</translation>
    </message>
    <message>
        <source>moved since</source>
        <translation>déplacé depuis</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Copies</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Occasion</source>
        <translation>Occasion</translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation>Marque-pages</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Différences</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Différence</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>&amp;Go back to this…</source>
        <translation>&amp;Revenir à celle-ci…</translation>
    </message>
    <message>
        <source>Choose a copy to see what is different now. There is one for each day, and from before each large change.</source>
        <translation>Choisissez une copie pour voir ce qui est différent maintenant. Il y en a une par jour, et une d&apos;avant chaque grand changement.</translation>
    </message>
    <message>
        <source>The bookmarks are the same as then.</source>
        <translation>Les marque-pages sont les mêmes qu&apos;alors.</translation>
    </message>
    <message>
        <source>Different now from then: %1. The first %2 are shown.</source>
        <translation>Différents depuis : %1. Les %2 premiers sont affichés.</translation>
    </message>
    <message>
        <source>Different now from then: %1.</source>
        <translation>Différents depuis : %1.</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Revenir</translation>
    </message>
    <message>
        <source>The bookmarks become again what they were on %1, on all your devices. What there is now is kept as a copy, so you can come back.</source>
        <translation>Les marque-pages redeviennent ce qu&apos;ils étaient le %1, sur tous vos appareils. Ce qu&apos;il y a maintenant est gardé comme copie ; vous pouvez donc y revenir.</translation>
    </message>
    <message>
        <source>Go back to this</source>
        <translation>Revenir à celle-ci</translation>
    </message>
</context>
<context>
    <name>HistoryShare</name>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>The history of this browser is empty now. Delete it on your other devices as well?</source>
        <translation>L’historique de ce navigateur est vide maintenant. Le supprimer aussi sur vos autres appareils ?</translation>
    </message>
    <message>
        <source>Only &amp;here</source>
        <translation>Seulement &amp;ici</translation>
    </message>
    <message>
        <source>On &amp;all devices</source>
        <translation>Sur &amp;tous les appareils</translation>
    </message>
    <message>
        <source>The history of this browser cannot be read or written now. See whether the disk is full, or another program uses it; it is tried again by itself.</source>
        <translation>L’historique de ce navigateur ne peut être ni lu ni écrit en ce moment. Regardez si le disque est plein ou si un autre programme l’utilise ; une nouvelle tentative a lieu d’elle-même.</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>This device&apos;s link</source>
        <translation>Le lien de cet appareil</translation>
    </message>
    <message>
        <source>Scan this with another device, or paste the link there. It holds public keys only, but must not be changed on its way.</source>
        <translation>Scannez ceci avec un autre appareil, ou collez-y le lien. Il ne contient que des clés publiques, mais ne doit pas être modifié en chemin.</translation>
    </message>
    <message>
        <source>QR code of the link below</source>
        <translation>Code QR du lien ci-dessous</translation>
    </message>
    <message>
        <source>&amp;Copy link</source>
        <translation>&amp;Copier le lien</translation>
    </message>
    <message>
        <source>The link is too long for a QR code.</source>
        <translation>Le lien est trop long pour un code QR.</translation>
    </message>
</context>
<context>
    <name>PasswordKeeper</name>
    <message>
        <source>Enter the password.</source>
        <translation>Saisissez le mot de passe.</translation>
    </message>
    <message>
        <source>The password is missing. Enter it in the settings.</source>
        <translation>Le mot de passe manque. Saisissez-le dans les réglages.</translation>
    </message>
    <message>
        <source>The password&apos;s file could not be deleted.</source>
        <translation>Le fichier du mot de passe n&apos;a pas pu être supprimé.</translation>
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
        <translation>Mot de passe de %1, pour synchroniser les marque-pages :</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Se connecter</translation>
    </message>
</context>
<context>
    <name>ProblemText</name>
    <message>
        <source>The server of this address was not found. Check the address and the network.</source>
        <translation>Le serveur de cette adresse n&apos;a pas été trouvé. Vérifiez l&apos;adresse et le réseau.</translation>
    </message>
    <message>
        <source>The server cannot be reached.</source>
        <translation>Le serveur est injoignable.</translation>
    </message>
    <message>
        <source>The server did not answer in time.</source>
        <translation>Le serveur n&apos;a pas répondu à temps.</translation>
    </message>
    <message>
        <source>The encrypted connection to the server failed.</source>
        <translation>La connexion chiffrée au serveur a échoué.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted, so nothing was sent. If the server is your own, name its certificate authority on this page.</source>
        <translation>Le certificat du serveur n&apos;est pas de confiance ; rien n&apos;a donc été envoyé. Si le serveur est le vôtre, indiquez son autorité de certification sur cette page.</translation>
    </message>
    <message>
        <source>The server offers no encryption, so nothing was sent. Ask the server&apos;s operator.</source>
        <translation>Le serveur ne propose aucun chiffrement, rien n’a donc été envoyé. Adressez-vous à l’opérateur du serveur.</translation>
    </message>
    <message>
        <source>A connection without encryption is allowed to this computer alone.</source>
        <translation>Une connexion sans chiffrement n’est permise que vers cet ordinateur.</translation>
    </message>
    <message>
        <source>No password store answers: neither KWallet nor GNOME Keyring nor KeePassXC seems to run. Start one, or choose in the settings where else the password is kept.</source>
        <translation>Aucun trousseau de mots de passe ne répond : ni KWallet, ni GNOME Keyring, ni KeePassXC ne semble lancé. Lancez-en un, ou choisissez dans les réglages un autre endroit pour le mot de passe.</translation>
    </message>
    <message>
        <source>The password store has no password for this address. Enter it in the settings.</source>
        <translation>Le trousseau n’a pas de mot de passe pour cette adresse. Saisissez-le dans les réglages.</translation>
    </message>
    <message>
        <source>The password store stayed locked. Press Apply in the settings and unlock it, or enter the password there.</source>
        <translation>Le trousseau est resté verrouillé. Appuyez sur « Appliquer » dans les réglages et déverrouillez-le, ou saisissez-y le mot de passe.</translation>
    </message>
    <message>
        <source>The password store failed. Enter the password in the settings.</source>
        <translation>Le trousseau a échoué. Saisissez le mot de passe dans les réglages.</translation>
    </message>
    <message>
        <source>The server refused the address or the password. Enter the password again and press Apply.</source>
        <translation>Le serveur a refusé l&apos;adresse ou le mot de passe. Saisissez à nouveau le mot de passe et appuyez sur « Appliquer ».</translation>
    </message>
    <message>
        <source>The server has closed this account, or its password has expired. Ask the server&apos;s operator.</source>
        <translation>Le serveur a fermé ce compte, ou son mot de passe a expiré. Adressez-vous à l’opérateur du serveur.</translation>
    </message>
    <message>
        <source>The server only offers ways to sign in that give the password away. Ask the server&apos;s operator for SCRAM.</source>
        <translation>Le serveur ne propose que des méthodes de connexion qui livrent le mot de passe. Demandez SCRAM à l’opérateur du serveur.</translation>
    </message>
    <message>
        <source>The server could not prove that it knows this account. It may be a false one: do not try again on this network.</source>
        <translation>Le serveur n’a pas pu prouver qu’il connaît ce compte. Il est peut-être faux : ne réessayez pas sur ce réseau.</translation>
    </message>
    <message>
        <source>The server could not let you sign in. It is tried again.</source>
        <translation>Le serveur n’a pas pu vous connecter. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>Another program took this device&apos;s place. Press Apply to take it back.</source>
        <translation>Un autre programme a pris la place de cet appareil. Appuyez sur « Appliquer » pour la reprendre.</translation>
    </message>
    <message>
        <source>The server says that its rules were broken. It is tried again later.</source>
        <translation>Le serveur signale une infraction à ses règles. Une nouvelle tentative aura lieu plus tard.</translation>
    </message>
    <message>
        <source>The server does not serve this address. Check the part after the @.</source>
        <translation>Le serveur ne gère pas cette adresse. Vérifiez la partie après le @.</translation>
    </message>
    <message>
        <source>The server sent this browser to another one, which cannot be used. It is tried again.</source>
        <translation>Le serveur a renvoyé ce navigateur vers un autre, qui ne peut pas être utilisé. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>The server ended the connection. It is tried again.</source>
        <translation>Le serveur a mis fin à la connexion. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>The server sent something that is no proper XMPP. Something between you and the server may change what is sent, such as a Wi-Fi log-in page.</source>
        <translation>Le serveur a envoyé quelque chose qui n’est pas du XMPP correct. Un élément entre vous et le serveur modifie peut-être ce qui est envoyé, comme la page de connexion d’un réseau Wi-Fi.</translation>
    </message>
    <message>
        <source>The connection was lost.</source>
        <translation>La connexion a été perdue.</translation>
    </message>
    <message>
        <source>The settings cannot be used.</source>
        <translation>Les réglages ne peuvent pas être utilisés.</translation>
    </message>
    <message>
        <source>A fault in XmppSync itself. Nothing was lost; please report it.</source>
        <translation>Une erreur de XmppSync lui-même. Rien n’est perdu ; merci de la signaler.</translation>
    </message>
    <message>
        <source>The account&apos;s device list could not be fetched. It is tried again.</source>
        <translation>La liste des appareils du compte n’a pas pu être récupérée. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>This browser could not be entered into the account&apos;s device list. It is tried again.</source>
        <translation>Ce navigateur n’a pas pu être inscrit dans la liste des appareils du compte. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>Another program keeps removing this browser from the account&apos;s device list. Find it, and update it or end it.</source>
        <translation>Un autre programme retire sans cesse ce navigateur de la liste des appareils du compte. Trouvez-le, puis mettez-le à jour ou arrêtez-le.</translation>
    </message>
    <message>
        <source>The public keys of this browser could not be published. It is tried again.</source>
        <translation>Les clés publiques de ce navigateur n’ont pas pu être publiées. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>It could not be checked whether this profile is a copy, so nothing is sent. It is tried again.</source>
        <translation>Impossible de vérifier si ce profil est une copie ; rien n’est donc envoyé. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>This profile was a copy or an old backup: it goes on as a new device, with new keys. Where you compare keys, do it once more.</source>
        <translation>Ce profil était une copie ou une ancienne sauvegarde : il continue comme nouvel appareil, avec de nouvelles clés. Si vous comparez les clés, faites-le à nouveau.</translation>
    </message>
    <message>
        <source>This browser was away for long. It shares its bookmarks again as soon as another of your devices is on; remove those that you no longer use on the page Devices.</source>
        <translation>Ce navigateur a été absent longtemps. Il partagera de nouveau ses marque-pages dès qu’un autre de vos appareils sera allumé ; retirez ceux que vous n’utilisez plus sur la page « Appareils ».</translation>
    </message>
    <message>
        <source>The bookmarks could not be fetched. It is tried again.</source>
        <translation>Les marque-pages n’ont pas pu être récupérés. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>The bookmarks could not be sent. They are kept, and it is tried again.</source>
        <translation>Les marque-pages n’ont pas pu être envoyés. Ils sont conservés, et une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>The bookmarks could not be given to new devices. It is tried again.</source>
        <translation>Les marque-pages n’ont pas pu être transmis aux nouveaux appareils. Une nouvelle tentative suit.</translation>
    </message>
    <message>
        <source>Another device runs a newer XmppSync. Update this one.</source>
        <translation>Un autre appareil utilise une version plus récente de XmppSync. Mettez celui-ci à jour.</translation>
    </message>
    <message>
        <source>The folder of what XmppSync keeps cannot be used. Check that it is yours, on a disk with space left.</source>
        <translation>Le dossier où XmppSync conserve ses données ne peut pas être utilisé. Vérifiez qu’il vous appartient et qu’il reste de la place sur le disque.</translation>
    </message>
    <message>
        <source>Another program uses what XmppSync keeps for this profile: a second browser on it, perhaps. End that one, then press Apply.</source>
        <translation>Un autre programme utilise les données de XmppSync pour ce profil : peut-être un second navigateur. Arrêtez-le, puis appuyez sur « Appliquer ».</translation>
    </message>
    <message>
        <source>What XmppSync kept for this profile is gone.</source>
        <translation>Ce que XmppSync conservait pour ce profil a disparu.</translation>
    </message>
    <message>
        <source>A newer XmppSync has run with this profile. Update this one; nothing was changed.</source>
        <translation>Une version plus récente de XmppSync a été utilisée avec ce profil. Mettez celle-ci à jour ; rien n’a été modifié.</translation>
    </message>
    <message>
        <source>What lies where XmppSync keeps its data is another program&apos;s. Nothing was changed.</source>
        <translation>Ce qui se trouve là où XmppSync conserve ses données appartient à un autre programme. Rien n’a été modifié.</translation>
    </message>
    <message>
        <source>What XmppSync keeps for this profile is damaged. Nothing was changed. Restore it from a backup, or move it away and start again: this browser then gets a new key, and the bookmarks come back from your other devices.</source>
        <translation>Ce que XmppSync conserve pour ce profil est endommagé. Rien n’a été modifié. Restaurez-le depuis une sauvegarde, ou déplacez-le et recommencez : ce navigateur reçoit alors une nouvelle clé, et les marque-pages reviennent de vos autres appareils.</translation>
    </message>
    <message>
        <source>What XmppSync keeps cannot be read or written. Check the space on the disk, then press Apply.</source>
        <translation>Ce que XmppSync conserve ne peut être ni lu ni écrit. Vérifiez la place sur le disque, puis appuyez sur « Appliquer ».</translation>
    </message>
    <message>
        <source>This needs a connection to the server. Try again when there is one.</source>
        <translation>Cela demande une connexion au serveur. Réessayez quand il y en aura une.</translation>
    </message>
    <message>
        <source>This browser is leaving the account already.</source>
        <translation>Ce navigateur est déjà en train de quitter le compte.</translation>
    </message>
    <message>
        <source>Not all changes have been sent to your other devices yet. Try again when all is up to date.</source>
        <translation>Toutes les modifications n’ont pas encore été envoyées à vos autres appareils. Réessayez quand tout sera à jour.</translation>
    </message>
    <message>
        <source>The server did not take the account&apos;s new device list. Try again.</source>
        <translation>Le serveur n’a pas accepté la nouvelle liste des appareils du compte. Réessayez.</translation>
    </message>
    <message>
        <source>A browser cannot do that to itself.</source>
        <translation>Un navigateur ne peut pas faire cela avec lui-même.</translation>
    </message>
    <message>
        <source>This device is not known any more.</source>
        <translation>Cet appareil n’est plus connu.</translation>
    </message>
    <message>
        <source>The keys of that device have not been fetched yet. Connect, and try again in a moment.</source>
        <translation>Les clés de cet appareil n’ont pas encore été récupérées. Connectez-vous et réessayez dans un instant.</translation>
    </message>
    <message>
        <source>That device is distrusted. If it is yours, trust it by its fingerprint first.</source>
        <translation>Cet appareil est marqué comme non fiable. S’il est à vous, accordez-lui d’abord votre confiance d’après son empreinte.</translation>
    </message>
    <message>
        <source>Another device is being compared. Finish or cancel that first.</source>
        <translation>Un autre appareil est en cours de comparaison. Terminez ou annulez d’abord celle-ci.</translation>
    </message>
    <message>
        <source>That device is not being compared any more.</source>
        <translation>Cet appareil n’est plus en cours de comparaison.</translation>
    </message>
    <message>
        <source>This is no link with the keys of a device.</source>
        <translation>Ceci n’est pas un lien contenant les clés d’un appareil.</translation>
    </message>
    <message>
        <source>None of the devices in this link is known here yet. Add their owner as a partner first, and write or be written to.</source>
        <translation>Aucun des appareils de ce lien n’est encore connu ici. Ajoutez d’abord leur propriétaire comme partenaire, puis écrivez-lui ou recevez un message de lui.</translation>
    </message>
    <message>
        <source>This is the link of this very browser. Take the one of the other device.</source>
        <translation>Ceci est le lien de ce navigateur même. Prenez celui de l’autre appareil.</translation>
    </message>
    <message>
        <source>This has been answered already, perhaps on another device.</source>
        <translation>Il y a déjà été répondu, peut-être sur un autre appareil.</translation>
    </message>
    <message>
        <source>The bookmarks have not been joined with those of the account yet. Try again then.</source>
        <translation>Les marque-pages n’ont pas encore été réunis avec ceux du compte. Réessayez ensuite.</translation>
    </message>
    <message>
        <source>There is no copy of that time any more.</source>
        <translation>Il n’y a plus de copie de ce moment.</translation>
    </message>
    <message>
        <source>That copy is damaged and cannot be read. Choose another one.</source>
        <translation>Cette copie est endommagée et ne peut pas être lue. Choisissez-en une autre.</translation>
    </message>
    <message>
        <source>The bookmarks have changed meanwhile, so that this cannot be done.</source>
        <translation>Les marque-pages ont changé entre-temps, cela n’est donc pas possible.</translation>
    </message>
    <message>
        <source>The comparison was cancelled.</source>
        <translation>La comparaison a été annulée.</translation>
    </message>
    <message>
        <source>The two devices do not see the same keys: somebody may be listening in. Neither trusts the other any more.</source>
        <translation>Les deux appareils ne voient pas les mêmes clés : quelqu’un écoute peut-être. Aucun ne fait plus confiance à l’autre.</translation>
    </message>
    <message>
        <source>The comparison took too long. Start it again while both devices are at hand.</source>
        <translation>La comparaison a duré trop longtemps. Recommencez-la quand les deux appareils sont à portée de main.</translation>
    </message>
    <message>
        <source>One of the devices was started anew meanwhile. Start the comparison again.</source>
        <translation>L’un des appareils a été redémarré entre-temps. Recommencez la comparaison.</translation>
    </message>
    <message>
        <source>The other device is being compared with a third one. Finish that first.</source>
        <translation>L’autre appareil est en cours de comparaison avec un troisième. Terminez d’abord celle-ci.</translation>
    </message>
    <message>
        <source>The other device does not keep to the protocol. Update both.</source>
        <translation>L’autre appareil ne respecte pas le protocole. Mettez les deux à jour.</translation>
    </message>
    <message>
        <source>It was not encrypted.</source>
        <translation>Ce n’était pas chiffré.</translation>
    </message>
    <message>
        <source>It came from a device that is not trusted.</source>
        <translation>Cela venait d’un appareil auquel il n’est pas fait confiance.</translation>
    </message>
    <message>
        <source>It could not be decrypted.</source>
        <translation>Cela n’a pas pu être déchiffré.</translation>
    </message>
    <message>
        <source>It did not come from whom it claims to.</source>
        <translation>Cela ne venait pas de qui cela prétend venir.</translation>
    </message>
    <message>
        <source>It was not in the form that it must have.</source>
        <translation>Cela n’avait pas la forme requise.</translation>
    </message>
    <message>
        <source>It is of a newer XmppSync. Update this one.</source>
        <translation>Cela vient d’une version plus récente de XmppSync. Mettez celle-ci à jour.</translation>
    </message>
    <message>
        <source>It asked for what its sender may not do.</source>
        <translation>Cela demandait ce que son expéditeur n’a pas le droit de faire.</translation>
    </message>
    <message>
        <source>The password is missing. Enter it in the settings.</source>
        <translation>Le mot de passe manque. Saisissez-le dans les réglages.</translation>
    </message>
    <message>
        <source>This is no XMPP address. An address looks like name@example.org.</source>
        <translation>Ceci n’est pas une adresse XMPP. Une adresse ressemble à nom@example.org.</translation>
    </message>
    <message>
        <source>This is no server. Write it as host:port, for instance xmpp.example.org:5222.</source>
        <translation>Ceci n’est pas un serveur. Écrivez-le sous la forme hôte:port, par exemple xmpp.example.org:5222.</translation>
    </message>
    <message>
        <source>The certificate&apos;s fingerprint must have 64 hexadecimal digits (SHA-256).</source>
        <translation>L’empreinte du certificat doit avoir 64 chiffres hexadécimaux (SHA-256).</translation>
    </message>
    <message>
        <source>XmppSync has stopped. Press Apply on the page Account to start it again.</source>
        <translation>XmppSync s’est arrêté. Appuyez sur « Appliquer » à la page « Compte » pour le relancer.</translation>
    </message>
    <message>
        <source>The clock of this computer is more than a day from the server&apos;s. Set it right: edits are ordered by their time.</source>
        <translation>L’horloge de cet ordinateur diffère de plus d’un jour de celle du serveur. Réglez-la : les modifications sont ordonnées par leur date.</translation>
    </message>
    <message>
        <source>The other devices could not be told what is open in this browser. It is tried again.</source>
        <translation>Les autres appareils n’ont pas pu être informés de ce qui est ouvert dans ce navigateur. Une nouvelle tentative aura lieu.</translation>
    </message>
    <message>
        <source>Tabs could not be sent to another device. They are kept, and it is tried again.</source>
        <translation>Des onglets n’ont pas pu être envoyés à un autre appareil. Ils sont conservés, et une nouvelle tentative aura lieu.</translation>
    </message>
    <message>
        <source>This is too much at once. Import bookmarks in several parts; send fewer tabs, or wait until others have been opened.</source>
        <translation>C’est trop à la fois. Importez les marque-pages en plusieurs parties ; envoyez moins d’onglets, ou attendez que d’autres aient été ouverts.</translation>
    </message>
    <message>
        <source>Only pages of the web can be sent to other devices, and no addresses of more than 2,048 letters.</source>
        <translation>Seules des pages web peuvent être envoyées à d’autres appareils, et aucune adresse de plus de 2048 caractères.</translation>
    </message>
    <message>
        <source>That device does not open what is sent to it. Where it is a browser, turn that on in its settings, on the page Tabs.</source>
        <translation>Cet appareil n’ouvre pas ce qui lui est envoyé. Si c’est un navigateur, activez-le dans ses réglages, sur la page « Onglets ».</translation>
    </message>
    <message>
        <source>The other devices could not be told what was visited in this browser. It is tried again.</source>
        <translation>Les autres appareils n’ont pas pu être informés de ce qui a été visité dans ce navigateur. Une nouvelle tentative aura lieu.</translation>
    </message>
</context>
<context>
    <name>QuestionBox</name>
    <message>
        <source>Device %1</source>
        <translation>Appareil %1</translation>
    </message>
    <message>
        <source>This needs you</source>
        <translation>Ceci a besoin de vous</translation>
    </message>
    <message>
        <source>“%1” wants to compare keys with this browser. Agree only if you have begun that there.</source>
        <translation>« %1 » veut comparer les clés avec ce navigateur. N&apos;acceptez que si vous l&apos;avez commencé là-bas.</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Comparer…</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Refuser</translation>
    </message>
    <message>
        <source>Among them: %1</source>
        <translation>Parmi eux : %1</translation>
    </message>
    <message>
        <source>Merge both</source>
        <translation>Réunir les deux</translation>
    </message>
    <message>
        <source>Take those of the account</source>
        <translation>Prendre ceux du compte</translation>
    </message>
    <message>
        <source>Take those of this browser</source>
        <translation>Prendre ceux de ce navigateur</translation>
    </message>
    <message>
        <source>Put them back</source>
        <translation>Les remettre</translation>
    </message>
    <message>
        <source>Delete them everywhere</source>
        <translation>Les supprimer partout</translation>
    </message>
    <message>
        <source>Show them here too</source>
        <translation>Les afficher ici aussi</translation>
    </message>
</context>
<context>
    <name>SentList</name>
    <message>
        <source>opened on “%1”</source>
        <translation>ouvert sur « %1 »</translation>
    </message>
    <message>
        <source>not opened on “%1” in 30 days</source>
        <translation>pas ouvert sur « %1 » en 30 jours</translation>
    </message>
    <message>
        <source>“%1” is gone</source>
        <translation>« %1 » n’existe plus</translation>
    </message>
    <message>
        <source>waits for “%1”</source>
        <translation>attend « %1 »</translation>
    </message>
    <message>
        <source>Sent from this browser</source>
        <translation>Envoyé de ce navigateur</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Ce qu’il en est</translation>
    </message>
    <message numerus="yes">
        <source>%n tab(s)</source>
        <translation>
            <numerusform>%n onglet</numerusform>
            <numerusform>%n onglets</numerusform>
        </translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>pas encore envoyé</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>XmppSync Settings</source>
        <translation>Réglages de XmppSync</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Compte</translation>
    </message>
    <message>
        <source>Synchronize</source>
        <translation>Synchronisation</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Appareils</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Activité</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Keep these settings and sign in with them now</source>
        <translation>Garder ces réglages et se connecter maintenant avec eux</translation>
    </message>
    <message>
        <source>Tabs</source>
        <translation>Onglets</translation>
    </message>
</context>
<context>
    <name>StatusText</name>
    <message numerus="yes">
        <source>%n bookmark(s)</source>
        <translation>
            <numerusform>%n marque-page</numerusform>
            <numerusform>%n marque-pages</numerusform>
        </translation>
    </message>
    <message>
        <source>Signed in. Waiting for another of your devices to share the bookmarks: start it, and trust this one there.</source>
        <translation>Connecté. En attente qu&apos;un autre de vos appareils partage les marque-pages : démarrez-le, et faites-y confiance à celui-ci.</translation>
    </message>
    <message>
        <source>Signed in. Synchronizing (%1 to send, %2 to fetch).</source>
        <translation>Connecté. Synchronisation (%1 à envoyer, %2 à recevoir).</translation>
    </message>
    <message>
        <source>Signed in. This is your only device so far; set up another one to sync %1.</source>
        <translation>Connecté. C&apos;est votre seul appareil jusqu&apos;ici ; configurez-en un autre pour synchroniser %1.</translation>
    </message>
    <message>
        <source>Up to date: %1, shared with %2.</source>
        <translation>À jour : %1, partagés avec %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n other device(s)</source>
        <translation>
            <numerusform>%n autre appareil</numerusform>
            <numerusform>%n autres appareils</numerusform>
        </translation>
    </message>
    <message>
        <source>Signed in. Fetching your devices and bookmarks.</source>
        <translation>Connecté. Récupération de vos appareils et marque-pages.</translation>
    </message>
    <message>
        <source>Connecting to the server.</source>
        <translation>Connexion au serveur.</translation>
    </message>
    <message>
        <source>Signing in.</source>
        <translation>Authentification en cours.</translation>
    </message>
    <message>
        <source>Not connected; trying again in %1 s. Your changes are kept and sent later.</source>
        <translation>Non connecté ; nouvel essai dans %1 s. Vos modifications sont gardées et envoyées plus tard.</translation>
    </message>
    <message>
        <source>Not connected. This needs your help:</source>
        <translation>Non connecté. Votre aide est nécessaire :</translation>
    </message>
    <message>
        <source>Starting.</source>
        <translation>Démarrage.</translation>
    </message>
    <message>
        <source>This browser has other bookmarks now than it had when it was last synchronized.</source>
        <translation>Ce navigateur a maintenant d&apos;autres marque-pages que lors de la dernière synchronisation.</translation>
    </message>
    <message>
        <source>This browser and your other devices have different bookmarks.</source>
        <translation>Ce navigateur et vos autres appareils ont des marque-pages différents.</translation>
    </message>
    <message>
        <source>%1 Here: %2. There: %3. The same on both sides: %4. A merge adds %5 here and %6 there; with the same address and otherwise different: %7.</source>
        <extracomment>After one of the two sentences &quot;This browser has other bookmarks…&quot;, &quot;This browser and your other devices have…&quot;</extracomment>
        <translation>%1 Ici : %2. Là-bas : %3. Identiques des deux côtés : %4. Une réunion en ajoute %5 ici et %6 là-bas ; de même adresse et sinon différents : %7.</translation>
    </message>
    <message>
        <source>“%1” deleted %2 of %3. Here they are all still there.</source>
        <translation>« %1 » a supprimé %2 sur %3. Ici, ils sont tous encore là.</translation>
    </message>
    <message>
        <source>%1 of %2 are gone from this browser. Your other devices still have them.</source>
        <translation>%1 sur %2 ont disparu de ce navigateur. Vos autres appareils les ont encore.</translation>
    </message>
    <message>
        <source>“%1” added %2, and most of them are here already. They are not shown here yet.</source>
        <translation>« %1 » a ajouté %2, et la plupart sont déjà ici. Ils ne sont pas encore affichés ici.</translation>
    </message>
    <message>
        <source>Signed in. The synchronization of bookmarks is paused.</source>
        <translation>Connecté. La synchronisation des marque-pages est en pause.</translation>
    </message>
</context>
<context>
    <name>SyncController</name>
    <message>
        <source>Not running.</source>
        <translation>Arrêté.</translation>
    </message>
    <message>
        <source>Waiting for your password. Enter it and press Apply.</source>
        <translation>En attente de votre mot de passe. Saisissez-le et appuyez sur « Appliquer ».</translation>
    </message>
    <message>
        <source>Not set up. Enter your XMPP address and password, then press Apply.</source>
        <translation>Non configuré. Saisissez votre adresse XMPP et votre mot de passe, puis appuyez sur « Appliquer ».</translation>
    </message>
    <message>
        <source>Signed out. To sign in, enter the password and press Apply.</source>
        <translation>Déconnecté. Pour vous connecter, saisissez le mot de passe et appuyez sur « Appliquer ».</translation>
    </message>
    <message>
        <source>Not signed in.</source>
        <translation>Non connecté.</translation>
    </message>
    <message>
        <source>“%1” wants to compare keys with this browser.</source>
        <translation>« %1 » veut comparer les clés avec ce navigateur.</translation>
    </message>
    <message>
        <source>The new device “%1” waits until you trust it, on the page Devices.</source>
        <translation>Le nouvel appareil « %1 » attend que vous lui fassiez confiance, sur la page « Appareils ».</translation>
    </message>
    <message>
        <source>The keys of this browser in %1 could not be deleted.</source>
        <translation>Les clés de ce navigateur dans %1 n&apos;ont pas pu être supprimées.</translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message>
        <source>Synchronize</source>
        <translation>Synchronisation</translation>
    </message>
    <message>
        <source>&amp;Bookmarks</source>
        <translation>&amp;Marque-pages</translation>
    </message>
    <message>
        <source>New devices</source>
        <translation>Nouveaux appareils</translation>
    </message>
    <message>
        <source>Which new devices are trusted</source>
        <translation>À quels nouveaux appareils on fait confiance</translation>
    </message>
    <message>
        <source>Trusted until you compare the first one; then they wait for you</source>
        <translation>De confiance jusqu&apos;à ce que vous compariez le premier ; ensuite ils vous attendent</translation>
    </message>
    <message>
        <source>Always wait for you</source>
        <translation>Vous attendent toujours</translation>
    </message>
    <message>
        <source>Trusted without asking (not advised)</source>
        <translation>De confiance sans demander (déconseillé)</translation>
    </message>
    <message>
        <source>Bots and programs</source>
        <translation>Bots et programmes</translation>
    </message>
    <message>
        <source>Answer encrypted &amp;requests of your own programs and of these partners</source>
        <translation>&amp;Répondre aux requêtes chiffrées de vos propres programmes et de ces partenaires</translation>
    </message>
    <message>
        <source>Partners&apos; addresses</source>
        <translation>Adresses des partenaires</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Ajouter…</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Supprimer</translation>
    </message>
    <message>
        <source>A partner is a bot on another account. Its devices appear on the page Devices, and may do nothing until you trust them there.</source>
        <translation>Un partenaire est un bot d&apos;un autre compte. Ses appareils apparaissent sur la page « Appareils » et ne peuvent rien faire avant que vous ne leur y fassiez confiance.</translation>
    </message>
    <message>
        <source>Add a partner</source>
        <translation>Ajouter un partenaire</translation>
    </message>
    <message>
        <source>XMPP address of the bot or program:</source>
        <translation>Adresse XMPP du bot ou du programme :</translation>
    </message>
    <message>
        <source>Ask before another device adds many bookmarks that are &amp;here already</source>
        <translation>&amp;Demander avant qu’un autre appareil ajoute beaucoup de marque-pages qui sont déjà ici</translation>
    </message>
    <message>
        <source>Pages of the last 90 days, with your devices that share it too; never those of private windows. What you delete from the history is deleted on all of them.</source>
        <translation>Les pages des 90 derniers jours, avec vos appareils qui le partagent aussi ; jamais celles des fenêtres privées. Ce que vous supprimez de l’historique est supprimé sur tous.</translation>
    </message>
    <message>
        <source>Browsing h&amp;istory</source>
        <translation>H&amp;istorique de navigation</translation>
    </message>
    <message>
        <source>Falkon saves no history now (see “Allow saving history” in its preferences), so that of your other devices is not brought here.</source>
        <translation>Falkon n’enregistre pas d’historique en ce moment (voir « Autoriser l’enregistrement de l’historique » dans ses préférences) ; celui de vos autres appareils n’est donc pas apporté ici.</translation>
    </message>
</context>
<context>
    <name>SyncProgress</name>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n seconde</numerusform>
            <numerusform>%n secondes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message>
        <source>Putting the bookmarks into this browser: %1 of %2.</source>
        <translation>Ajout des marque-pages à ce navigateur : %1 sur %2.</translation>
    </message>
    <message>
        <source>about %1 of %2</source>
        <translation>environ %1 sur %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Fetching the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Récupération des marque-pages : %1. Encore %2.</translation>
    </message>
    <message>
        <source>Fetching the bookmarks: %1.</source>
        <translation>Récupération des marque-pages : %1.</translation>
    </message>
    <message>
        <source>Sending the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Envoi des marque-pages : %1. Encore %2.</translation>
    </message>
    <message>
        <source>Sending the bookmarks: %1.</source>
        <translation>Envoi des marque-pages : %1.</translation>
    </message>
    <message>
        <source>Another device sends the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Un autre appareil envoie les marque-pages : %1. Encore %2.</translation>
    </message>
    <message>
        <source>Another device sends the bookmarks: %1.</source>
        <translation>Un autre appareil envoie les marque-pages : %1.</translation>
    </message>
</context>
<context>
    <name>TabsMenu</name>
    <message>
        <source>Open on other devices</source>
        <translation>Ouvert sur d’autres appareils</translation>
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
        <translation>Afficher &amp;sur mes autres appareils ce qui est ouvert dans ce navigateur</translation>
    </message>
    <message>
        <source>&amp;Open here</source>
        <translation>&amp;Ouvrir ici</translation>
    </message>
    <message>
        <source>Open on other devices</source>
        <translation>Ouvert sur d’autres appareils</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>More tabs that are not shown: %1</source>
        <translation>Autres onglets non affichés : %1</translation>
    </message>
    <message>
        <source>Choose tabs to open them in this browser.</source>
        <translation>Choisissez des onglets pour les ouvrir dans ce navigateur.</translation>
    </message>
    <message>
        <source>Addresses and titles of pages of the web, encrypted for your devices; never those of private windows. When this is turned off, they are taken back.</source>
        <translation>Adresses et titres de pages web, chiffrés pour vos appareils ; jamais ceux des fenêtres privées. Si cette option est désactivée, ils sont retirés.</translation>
    </message>
    <message>
        <source>None of your other devices shows what is open there.</source>
        <translation>Aucun de vos autres appareils ne montre ce qui y est ouvert.</translation>
    </message>
    <message>
        <source>Sent tabs</source>
        <translation>Onglets envoyés</translation>
    </message>
    <message>
        <source>Open tabs that my other devices sen&amp;d to this browser</source>
        <translation>Ouvrir les onglets que mes autres appareils &amp;envoient à ce navigateur</translation>
    </message>
    <message>
        <source>A page or a link is sent by its context menu. It waits up to 30 days for a device that is off.</source>
        <translation>Une page ou un lien s’envoie par son menu contextuel. L’envoi attend jusqu’à 30 jours un appareil éteint.</translation>
    </message>
    <message>
        <source>Shared tabs</source>
        <translation>Onglets partagés</translation>
    </message>
</context>
<context>
    <name>TabsReceiver</name>
    <message>
        <source>From “%1”</source>
        <translation>De « %1 »</translation>
    </message>
    <message numerus="yes">
        <source>%n tab(s) from “%1”</source>
        <translation>
            <numerusform>%n onglet de « %1 »</numerusform>
            <numerusform>%n onglets de « %1 »</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TabsSender</name>
    <message>
        <source>Send this page to</source>
        <translation>Envoyer cette page à</translation>
    </message>
    <message>
        <source>Send this link to</source>
        <translation>Envoyer ce lien à</translation>
    </message>
    <message>
        <source>Not sent to “%1”</source>
        <translation>Non envoyé à « %1 »</translation>
    </message>
    <message>
        <source>Sent to “%1”, where it opens as soon as that device is on.</source>
        <translation>Envoyé à « %1 », où cela s’ouvre dès que l’appareil est allumé.</translation>
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
        <translation>XmppSync : %1</translation>
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
        <translation>XmppSync ne fait rien dans les fenêtres privées.</translation>
    </message>
    <message>
        <source>XmppSync…</source>
        <translation>XmppSync…</translation>
    </message>
    <message>
        <source>Not signed in.</source>
        <translation>Non connecté.</translation>
    </message>
    <message>
        <source>Last synchronized: %1</source>
        <translation>Dernière synchronisation : %1</translation>
    </message>
    <message>
        <source>XmppSync needs you</source>
        <translation>XmppSync a besoin de vous</translation>
    </message>
</context>
</TS>
