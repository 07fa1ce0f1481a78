<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>AccountPage</name>
    <message>
        <source>Connection</source>
        <translation>Conexión</translation>
    </message>
    <message>
        <source>How it goes</source>
        <translation>Cómo va</translation>
    </message>
    <message>
        <source>What to do next</source>
        <translation>Qué hacer ahora</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Cuenta</translation>
    </message>
    <message>
        <source>name@example.org</source>
        <translation>nombre@example.org</translation>
    </message>
    <message>
        <source>How your other devices name this browser</source>
        <translation>Cómo llaman sus otros dispositivos a este navegador</translation>
    </message>
    <message>
        <source>in the password store of the desktop</source>
        <translation>en el almacén de contraseñas del escritorio</translation>
    </message>
    <message>
        <source>KWallet, GNOME Keyring or KeePassXC</source>
        <translation>KWallet, depósito de claves de GNOME o KeePassXC</translation>
    </message>
    <message>
        <source>in a file that only your user can read</source>
        <translation>en un archivo que solo su usuario puede leer</translation>
    </message>
    <message>
        <source>nowhere: ask at each start</source>
        <translation>en ningún sitio: preguntar en cada inicio</translation>
    </message>
    <message>
        <source>Nothing is synchronized before you answer</source>
        <translation>No se sincroniza nada hasta que responda</translation>
    </message>
    <message>
        <source>XMPP &amp;address:</source>
        <translation>&amp;Dirección XMPP:</translation>
    </message>
    <message>
        <source>&amp;Password:</source>
        <translation>&amp;Contraseña:</translation>
    </message>
    <message>
        <source>&amp;Keep it:</source>
        <translation>&amp;Guardarla:</translation>
    </message>
    <message>
        <source>&amp;Name of this device:</source>
        <translation>&amp;Nombre de este dispositivo:</translation>
    </message>
    <message>
        <source>Choose the server by &amp;hand</source>
        <translation>Elegir el servidor a &amp;mano</translation>
    </message>
    <message>
        <source>Only for servers that cannot be found by the address alone</source>
        <translation>Solo para servidores que no se encuentran solo con la dirección</translation>
    </message>
    <message>
        <source>host:port; empty: found by the address</source>
        <translation>equipo:puerto; vacío: se busca por la dirección</translation>
    </message>
    <message>
        <source>a PEM file; empty: the system&apos;s authorities</source>
        <translation>un archivo PEM; vacío: las autoridades del sistema</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>E&amp;xaminar…</translation>
    </message>
    <message>
        <source>Browse for a certificate authority</source>
        <translation>Buscar una autoridad de certificación</translation>
    </message>
    <message>
        <source>&amp;Certificate authority:</source>
        <translation>&amp;Autoridad de certificación:</translation>
    </message>
    <message>
        <source>&amp;Server:</source>
        <translation>&amp;Servidor:</translation>
    </message>
    <message>
        <source>Sign &amp;out…</source>
        <translation>Cerra&amp;r sesión…</translation>
    </message>
    <message>
        <source>Stop to synchronize, and forget the password</source>
        <translation>Dejar de sincronizar y olvidar la contraseña</translation>
    </message>
    <message>
        <source>kept; enter it only to change it</source>
        <translation>guardada; escríbala solo para cambiarla</translation>
    </message>
    <message>
        <source>Certificate authority</source>
        <translation>Autoridad de certificación</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
        <translation>Certificados (*.pem *.crt *.cer);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Cerrar sesión</translation>
    </message>
    <message>
        <source>&amp;Remove this device…</source>
        <translation>&amp;Eliminar este dispositivo…</translation>
    </message>
    <message>
        <source>Take this browser out of the account for good</source>
        <translation>Sacar este navegador de la cuenta del todo</translation>
    </message>
    <message>
        <source>The bookmarks stay in this browser, and are not synchronized until you enter the password again.</source>
        <translation>Los marcadores se quedan en este navegador y no se sincronizan hasta que vuelva a escribir la contraseña.</translation>
    </message>
    <message>
        <source>Remove this device</source>
        <translation>Eliminar este dispositivo</translation>
    </message>
    <message>
        <source>Your other devices encrypt nothing to this browser any more. Its keys, the password and the dated copies of the history are deleted here; the bookmarks stay. You can set it up again at any time, as a new device.</source>
        <translation>Sus otros dispositivos ya no cifran nada para este navegador. Sus claves, la contraseña y las copias con fecha del historial se eliminan aquí; los marcadores se quedan. Puede configurarlo de nuevo cuando quiera, como dispositivo nuevo.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>How far it is</source>
        <translation>Cuánto falta</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>Rean&amp;udar</translation>
    </message>
    <message>
        <source>Pa&amp;use</source>
        <translation>Pa&amp;usa</translation>
    </message>
    <message>
        <source>Go on where it stopped</source>
        <translation>Continuar donde se detuvo</translation>
    </message>
    <message>
        <source>Stop to synchronize bookmarks until you resume it</source>
        <translation>Dejar de sincronizar los marcadores hasta que reanude</translation>
    </message>
</context>
<context>
    <name>ActivityLog</name>
    <message>
        <source>Signed in.</source>
        <translation>Sesión iniciada.</translation>
    </message>
    <message>
        <source>Not connected: %1</source>
        <translation>Sin conexión: %1</translation>
    </message>
    <message>
        <source>Sent to the other devices; edits: %1.</source>
        <translation>Enviado a los otros dispositivos; cambios: %1.</translation>
    </message>
    <message>
        <source>Problem: %1</source>
        <translation>Problema: %1</translation>
    </message>
    <message>
        <source>Waits for you: %1</source>
        <translation>Le espera: %1</translation>
    </message>
    <message>
        <source>Came from other devices: %1 added, %2 changed, %3 removed.</source>
        <translation>De otros dispositivos: %1 añadidos, %2 cambiados, %3 eliminados.</translation>
    </message>
    <message>
        <source>Changed in this browser: %1 added, %2 changed, %3 removed.</source>
        <translation>En este navegador: %1 añadidos, %2 cambiados, %3 eliminados.</translation>
    </message>
    <message>
        <source>Deleted everywhere, as you said: %1.</source>
        <translation>Eliminados en todas partes, como usted dijo: %1.</translation>
    </message>
    <message>
        <source>Put back, as you said: %1.</source>
        <translation>Devueltos, como usted dijo: %1.</translation>
    </message>
    <message>
        <source>This browser&apos;s bookmarks (%1) and the account&apos;s (%2) have met; the same on both sides: %3.</source>
        <translation>Los marcadores de este navegador (%1) y los de la cuenta (%2) se han reunido; iguales en ambos lados: %3.</translation>
    </message>
    <message>
        <source>Went back to an earlier copy: %1 added, %2 changed, %3 removed.</source>
        <translation>Vuelta a una copia anterior: %1 añadidos, %2 cambiados, %3 eliminados.</translation>
    </message>
    <message>
        <source>A link was taken: %1 keys trusted, %2 distrusted.</source>
        <translation>Se ha tomado un enlace: %1 claves de confianza, %2 rechazadas.</translation>
    </message>
    <message>
        <source>This browser has left the account.</source>
        <translation>Este navegador ha dejado la cuenta.</translation>
    </message>
    <message>
        <source>This browser was away for %1 days. What was deleted elsewhere meanwhile is deleted here too.</source>
        <translation>Este navegador estuvo ausente %1 días. Lo que entretanto se borró en otros dispositivos también se borra aquí.</translation>
    </message>
    <message>
        <source>Shown here too, as you said: %1.</source>
        <translation>Mostrados también aquí, como dijo: %1.</translation>
    </message>
    <message>
        <source>Dropped what %1 sent. %2</source>
        <translation>Se ha descartado lo que envió %1. %2</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>Rechazado: %1</translation>
    </message>
    <message>
        <source>Opened on “%1”; sent tabs: %2.</source>
        <translation>Abierto en «%1»; pestañas enviadas: %2.</translation>
    </message>
    <message>
        <source>Not opened on “%1” in 30 days; sent tabs: %2.</source>
        <translation>No se abrió en «%1» en 30 días; pestañas enviadas: %2.</translation>
    </message>
    <message>
        <source>“%1” was gone before it opened them; sent tabs: %2.</source>
        <translation>«%1» desapareció antes de abrirlas; pestañas enviadas: %2.</translation>
    </message>
    <message>
        <source>Sent to “%1”; tabs: %2.</source>
        <translation>Enviado a «%1»; pestañas: %2.</translation>
    </message>
    <message>
        <source>Came from “%1”; tabs: %2.</source>
        <translation>Llegado de «%1»; pestañas: %2.</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>Actividad</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Qué ocurrió</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Veces</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copiar</translation>
    </message>
    <message>
        <source>For a report: without addresses, titles and keys</source>
        <translation>Para un informe: sin direcciones, títulos ni claves</translation>
    </message>
    <message>
        <source>Since the start of the browser. Titles and addresses of bookmarks are never noted.</source>
        <translation>Desde el inicio del navegador. Los títulos y direcciones de los marcadores nunca se anotan.</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Compare with %1</source>
        <translation>Comparar con %1</translation>
    </message>
    <message>
        <source>They are &amp;different</source>
        <translation>Son &amp;distintos</translation>
    </message>
    <message>
        <source>They are the &amp;same</source>
        <translation>Son &amp;iguales</translation>
    </message>
    <message>
        <source>The comparison cannot begin: %1</source>
        <translation>La comparación no puede empezar: %1</translation>
    </message>
    <message>
        <source>Look at both devices: does “%1” show the same seven emoji, in the same order?</source>
        <translation>Mire ambos dispositivos: ¿muestra «%1» los mismos siete emojis, en el mismo orden?</translation>
    </message>
    <message>
        <source>Now say on “%1” as well that they are the same.</source>
        <translation>Diga ahora también en «%1» que son iguales.</translation>
    </message>
    <message>
        <source>Both devices trust each other now. From now on, new devices wait until you trust them.</source>
        <translation>Ambos dispositivos confían ahora el uno en el otro. Desde ahora, los dispositivos nuevos esperan a que usted confíe en ellos.</translation>
    </message>
    <message>
        <source>The keys are not what they should be: somebody may be in between. “%1” is not trusted any more.</source>
        <translation>Las claves no son las que deberían: puede haber alguien en medio. Ya no se confía en «%1».</translation>
    </message>
    <message>
        <source>The comparison has ended: %1</source>
        <translation>La comparación ha terminado: %1</translation>
    </message>
    <message>
        <source>Waiting for “%1”. Open XmppSync&apos;s settings there and agree to the comparison.</source>
        <translation>Esperando a «%1». Abra allí los ajustes de XmppSync y acepte la comparación.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
</context>
<context>
    <name>Configuration</name>
    <message>
        <source>Falkon on %1</source>
        <translation>Falkon en %1</translation>
    </message>
    <message>
        <source>The settings in %1 cannot be read: %2.</source>
        <translation>Los ajustes de %1 no se pueden leer: %2.</translation>
    </message>
    <message>
        <source>The settings in %1 are damaged (%2). Set up the account again, or mend the file.</source>
        <translation>Los ajustes de %1 están dañados (%2). Configure la cuenta de nuevo o repare el archivo.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made.</source>
        <translation>No se puede crear la carpeta %1.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>No se puede escribir %1: %2.</translation>
    </message>
</context>
<context>
    <name>DeviceName</name>
    <message>
        <source>Device %1</source>
        <translation>Dispositivo %1</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>not decided</source>
        <translation>sin decidir</translation>
    </message>
    <message>
        <source>waits for you</source>
        <translation>le espera</translation>
    </message>
    <message>
        <source>not trusted</source>
        <translation>sin confianza</translation>
    </message>
    <message>
        <source>trusted, not compared</source>
        <translation>de confianza, sin comparar</translation>
    </message>
    <message>
        <source>trusted by you</source>
        <translation>de confianza por usted</translation>
    </message>
    <message>
        <source>compared and trusted</source>
        <translation>comparado y de confianza</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nunca</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>Confianza</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Visto por última vez</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Huella</translation>
    </message>
    <message>
        <source>&amp;Compare emoji…</source>
        <translation>&amp;Comparar emojis…</translation>
    </message>
    <message>
        <source>Be sure that the selected device is yours, in three clicks</source>
        <translation>Asegúrese con tres clics de que el dispositivo elegido es suyo</translation>
    </message>
    <message>
        <source>&amp;Trust…</source>
        <translation>Con&amp;fiar…</translation>
    </message>
    <message>
        <source>Let the selected device read and change your bookmarks</source>
        <translation>Dejar que el dispositivo elegido lea y cambie sus marcadores</translation>
    </message>
    <message>
        <source>&amp;Distrust</source>
        <translation>&amp;Desconfiar</translation>
    </message>
    <message>
        <source>Neither send anything to the selected device nor take anything from it</source>
        <translation>Ni enviar nada al dispositivo elegido ni aceptar nada de él</translation>
    </message>
    <message>
        <source>Re&amp;name…</source>
        <translation>Cambiar &amp;nombre…</translation>
    </message>
    <message>
        <source>Name this browser for your other devices</source>
        <translation>Dar nombre a este navegador para sus otros dispositivos</translation>
    </message>
    <message>
        <source>R&amp;emove…</source>
        <translation>&amp;Eliminar…</translation>
    </message>
    <message>
        <source>Take the selected device out of the list</source>
        <translation>Quitar de la lista el dispositivo elegido</translation>
    </message>
    <message>
        <source>&amp;Show link…</source>
        <translation>&amp;Mostrar enlace…</translation>
    </message>
    <message>
        <source>This browser&apos;s key as a QR code, for another device</source>
        <translation>La clave de este navegador como código QR, para otro dispositivo</translation>
    </message>
    <message>
        <source>&amp;Paste link…</source>
        <translation>&amp;Pegar enlace…</translation>
    </message>
    <message>
        <source>Trust what another device&apos;s link names</source>
        <translation>Confiar en lo que nombra el enlace de otro dispositivo</translation>
    </message>
    <message>
        <source>this browser</source>
        <translation>este navegador</translation>
    </message>
    <message>
        <source>now</source>
        <translation>ahora</translation>
    </message>
    <message>
        <source>%1; signed off</source>
        <translation>%1; desconectado</translation>
    </message>
    <message>
        <source>Device %1</source>
        <translation>Dispositivo %1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>The devices are shown once you are signed in.</source>
        <translation>Los dispositivos se muestran cuando haya iniciado sesión.</translation>
    </message>
    <message>
        <source>Fingerprint of %1:</source>
        <translation>Huella de %1:</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>aún desconocida</translation>
    </message>
    <message>
        <source>Trust a device</source>
        <translation>Confiar en un dispositivo</translation>
    </message>
    <message>
        <source>Compare this fingerprint with the one that “%1” itself shows:</source>
        <translation>Compare esta huella con la que muestra el propio «%1»:</translation>
    </message>
    <message>
        <source>They are the same</source>
        <translation>Son iguales</translation>
    </message>
    <message>
        <source>From now on, new devices wait until you trust them</source>
        <translation>Desde ahora, los dispositivos nuevos esperan a que confíe en ellos</translation>
    </message>
    <message>
        <source>Trust without comparing</source>
        <translation>Confiar sin comparar</translation>
    </message>
    <message>
        <source>Rename this device</source>
        <translation>Cambiar el nombre de este dispositivo</translation>
    </message>
    <message>
        <source>How your other devices name this browser:</source>
        <translation>Cómo llaman sus otros dispositivos a este navegador:</translation>
    </message>
    <message>
        <source>Remove a device</source>
        <translation>Eliminar un dispositivo</translation>
    </message>
    <message>
        <source>“%1” gets nothing any more that your devices encrypt. Its own copy of the bookmarks stays where it is. If it is still in use, it comes back by itself: then distrust it instead.</source>
        <translation>«%1» ya no recibe nada de lo que cifran sus dispositivos. Su propia copia de los marcadores se queda donde está. Si aún se usa, vuelve por sí mismo: en ese caso, desconfíe de él.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>Paste a link</source>
        <translation>Pegar un enlace</translation>
    </message>
    <message>
        <source>The link (xmpp:…) that the other device shows, brought here by a way that you trust:</source>
        <translation>El enlace (xmpp:…) que muestra el otro dispositivo, traído por un medio en el que confía:</translation>
    </message>
</context>
<context>
    <name>Falkon</name>
    <message>
        <source>This Falkon lacks a function that XmppSync needs (%1). Please update XmppSync.</source>
        <translation>A este Falkon le falta una función que XmppSync necesita (%1). Actualice XmppSync.</translation>
    </message>
    <message>
        <source>XmppSync cannot tell which Falkon it runs in.</source>
        <translation>XmppSync no puede saber en qué Falkon se ejecuta.</translation>
    </message>
    <message>
        <source>This Falkon&apos;s library is %1, and XmppSync knows %2. Please update XmppSync.</source>
        <translation>La biblioteca de este Falkon es %1, y XmppSync conoce %2. Actualice XmppSync.</translation>
    </message>
    <message>
        <source>XmppSync needs Falkon %1 or later; this is %2.</source>
        <translation>XmppSync necesita Falkon %1 o posterior; este es %2.</translation>
    </message>
    <message>
        <source>This Falkon&apos;s bookmarks work in a way that XmppSync does not know. Please update XmppSync.</source>
        <translation>Los marcadores de este Falkon funcionan de un modo que XmppSync no conoce. Actualice XmppSync.</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>daily copy</source>
        <translation>copia diaria</translation>
    </message>
    <message>
        <source>this browser&apos;s, before the first join</source>
        <translation>los de este navegador, antes de la primera unión</translation>
    </message>
    <message>
        <source>the account&apos;s, before the first join</source>
        <translation>los de la cuenta, antes de la primera unión</translation>
    </message>
    <message>
        <source>before a large change</source>
        <translation>antes de un gran cambio</translation>
    </message>
    <message>
        <source>before going back</source>
        <translation>antes de volver</translation>
    </message>
    <message>
        <source>added since</source>
        <translation>añadido desde entonces</translation>
    </message>
    <message>
        <source>removed since</source>
        <translation>eliminado desde entonces</translation>
    </message>
    <message>
        <source>changed since</source>
        <translation>cambiado desde entonces</translation>
    </message>
    <message>
        <source>moved since</source>
        <translation>movido desde entonces</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Copias</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Fecha</translation>
    </message>
    <message>
        <source>Occasion</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation>Marcadores</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Diferencias</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Diferencia</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Carpeta</translation>
    </message>
    <message>
        <source>&amp;Go back to this…</source>
        <translation>&amp;Volver a esta…</translation>
    </message>
    <message>
        <source>Choose a copy to see what is different now. There is one for each day, and from before each large change.</source>
        <translation>Elija una copia para ver qué es distinto ahora. Hay una por día, y una de antes de cada gran cambio.</translation>
    </message>
    <message>
        <source>The bookmarks are the same as then.</source>
        <translation>Los marcadores son los mismos que entonces.</translation>
    </message>
    <message>
        <source>Different now from then: %1. The first %2 are shown.</source>
        <translation>Distintos desde entonces: %1. Se muestran los primeros %2.</translation>
    </message>
    <message>
        <source>Different now from then: %1.</source>
        <translation>Distintos desde entonces: %1.</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Volver</translation>
    </message>
    <message>
        <source>The bookmarks become again what they were on %1, on all your devices. What there is now is kept as a copy, so you can come back.</source>
        <translation>Los marcadores vuelven a ser lo que eran el %1, en todos sus dispositivos. Lo que hay ahora se guarda como copia, así que puede regresar.</translation>
    </message>
    <message>
        <source>Go back to this</source>
        <translation>Volver a esta</translation>
    </message>
</context>
<context>
    <name>HistoryShare</name>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>The history of this browser is empty now. Delete it on your other devices as well?</source>
        <translation>El historial de este navegador está vacío ahora. ¿Eliminarlo también en sus otros dispositivos?</translation>
    </message>
    <message>
        <source>Only &amp;here</source>
        <translation>Solo &amp;aquí</translation>
    </message>
    <message>
        <source>On &amp;all devices</source>
        <translation>En &amp;todos los dispositivos</translation>
    </message>
    <message>
        <source>The history of this browser cannot be read or written now. See whether the disk is full, or another program uses it; it is tried again by itself.</source>
        <translation>El historial de este navegador no se puede leer ni escribir ahora. Mire si el disco está lleno o si otro programa lo usa; se vuelve a intentar por sí solo.</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>This device&apos;s link</source>
        <translation>El enlace de este dispositivo</translation>
    </message>
    <message>
        <source>Scan this with another device, or paste the link there. It holds public keys only, but must not be changed on its way.</source>
        <translation>Escanee esto con otro dispositivo, o pegue allí el enlace. Solo contiene claves públicas, pero no debe cambiarse por el camino.</translation>
    </message>
    <message>
        <source>QR code of the link below</source>
        <translation>Código QR del enlace de abajo</translation>
    </message>
    <message>
        <source>&amp;Copy link</source>
        <translation>&amp;Copiar enlace</translation>
    </message>
    <message>
        <source>The link is too long for a QR code.</source>
        <translation>El enlace es demasiado largo para un código QR.</translation>
    </message>
</context>
<context>
    <name>PasswordKeeper</name>
    <message>
        <source>Enter the password.</source>
        <translation>Escriba la contraseña.</translation>
    </message>
    <message>
        <source>The password is missing. Enter it in the settings.</source>
        <translation>Falta la contraseña. Escríbala en los ajustes.</translation>
    </message>
    <message>
        <source>The password&apos;s file could not be deleted.</source>
        <translation>No se pudo eliminar el archivo de la contraseña.</translation>
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
        <translation>Contraseña de %1, para sincronizar los marcadores:</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Iniciar sesión</translation>
    </message>
</context>
<context>
    <name>ProblemText</name>
    <message>
        <source>The server of this address was not found. Check the address and the network.</source>
        <translation>No se encontró el servidor de esta dirección. Compruebe la dirección y la red.</translation>
    </message>
    <message>
        <source>The server cannot be reached.</source>
        <translation>No se puede acceder al servidor.</translation>
    </message>
    <message>
        <source>The server did not answer in time.</source>
        <translation>El servidor no respondió a tiempo.</translation>
    </message>
    <message>
        <source>The encrypted connection to the server failed.</source>
        <translation>La conexión cifrada con el servidor ha fallado.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted, so nothing was sent. If the server is your own, name its certificate authority on this page.</source>
        <translation>No se confía en el certificado del servidor, así que no se envió nada. Si el servidor es suyo, indique su autoridad de certificación en esta página.</translation>
    </message>
    <message>
        <source>The server offers no encryption, so nothing was sent. Ask the server&apos;s operator.</source>
        <translation>El servidor no ofrece cifrado, por lo que no se ha enviado nada. Pregunte al operador del servidor.</translation>
    </message>
    <message>
        <source>A connection without encryption is allowed to this computer alone.</source>
        <translation>Una conexión sin cifrado solo se permite a este mismo equipo.</translation>
    </message>
    <message>
        <source>No password store answers: neither KWallet nor GNOME Keyring nor KeePassXC seems to run. Start one, or choose in the settings where else the password is kept.</source>
        <translation>Ningún almacén de contraseñas responde: no parece ejecutarse ni KWallet, ni GNOME Keyring, ni KeePassXC. Inicie uno o elija en la configuración otro lugar para la contraseña.</translation>
    </message>
    <message>
        <source>The password store has no password for this address. Enter it in the settings.</source>
        <translation>El almacén de contraseñas no tiene ninguna para esta dirección. Introdúzcala en la configuración.</translation>
    </message>
    <message>
        <source>The password store stayed locked. Press Apply in the settings and unlock it, or enter the password there.</source>
        <translation>El almacén de contraseñas siguió bloqueado. Pulse «Aplicar» en la configuración y desbloquéelo, o introduzca allí la contraseña.</translation>
    </message>
    <message>
        <source>The password store failed. Enter the password in the settings.</source>
        <translation>El almacén de contraseñas ha fallado. Introduzca la contraseña en la configuración.</translation>
    </message>
    <message>
        <source>The server refused the address or the password. Enter the password again and press Apply.</source>
        <translation>El servidor rechazó la dirección o la contraseña. Escriba otra vez la contraseña y pulse «Aplicar».</translation>
    </message>
    <message>
        <source>The server has closed this account, or its password has expired. Ask the server&apos;s operator.</source>
        <translation>El servidor ha cerrado esta cuenta o su contraseña ha caducado. Pregunte al operador del servidor.</translation>
    </message>
    <message>
        <source>The server only offers ways to sign in that give the password away. Ask the server&apos;s operator for SCRAM.</source>
        <translation>El servidor solo ofrece formas de iniciar sesión que revelan la contraseña. Pida SCRAM al operador del servidor.</translation>
    </message>
    <message>
        <source>The server could not prove that it knows this account. It may be a false one: do not try again on this network.</source>
        <translation>El servidor no ha podido demostrar que conoce esta cuenta. Puede ser falso: no lo intente de nuevo en esta red.</translation>
    </message>
    <message>
        <source>The server could not let you sign in. It is tried again.</source>
        <translation>El servidor no ha podido iniciar la sesión. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>Another program took this device&apos;s place. Press Apply to take it back.</source>
        <translation>Otro programa ha ocupado el lugar de este dispositivo. Pulse «Aplicar» para recuperarlo.</translation>
    </message>
    <message>
        <source>The server says that its rules were broken. It is tried again later.</source>
        <translation>El servidor dice que se han incumplido sus reglas. Se intenta de nuevo más tarde.</translation>
    </message>
    <message>
        <source>The server does not serve this address. Check the part after the @.</source>
        <translation>El servidor no atiende esta dirección. Compruebe la parte que sigue a la @.</translation>
    </message>
    <message>
        <source>The server sent this browser to another one, which cannot be used. It is tried again.</source>
        <translation>El servidor ha enviado este navegador a otro que no se puede usar. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>The server ended the connection. It is tried again.</source>
        <translation>El servidor ha terminado la conexión. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>The server sent something that is no proper XMPP. Something between you and the server may change what is sent, such as a Wi-Fi log-in page.</source>
        <translation>El servidor ha enviado algo que no es XMPP correcto. Puede que algo entre usted y el servidor cambie lo que se envía, como la página de acceso de una red wifi.</translation>
    </message>
    <message>
        <source>The connection was lost.</source>
        <translation>Se perdió la conexión.</translation>
    </message>
    <message>
        <source>The settings cannot be used.</source>
        <translation>La configuración no se puede usar.</translation>
    </message>
    <message>
        <source>A fault in XmppSync itself. Nothing was lost; please report it.</source>
        <translation>Un fallo de XmppSync mismo. No se ha perdido nada; comuníquelo, por favor.</translation>
    </message>
    <message>
        <source>The account&apos;s device list could not be fetched. It is tried again.</source>
        <translation>No se ha podido obtener la lista de dispositivos de la cuenta. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>This browser could not be entered into the account&apos;s device list. It is tried again.</source>
        <translation>No se ha podido inscribir este navegador en la lista de dispositivos de la cuenta. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>Another program keeps removing this browser from the account&apos;s device list. Find it, and update it or end it.</source>
        <translation>Otro programa quita una y otra vez este navegador de la lista de dispositivos de la cuenta. Búsquelo y actualícelo o ciérrelo.</translation>
    </message>
    <message>
        <source>The public keys of this browser could not be published. It is tried again.</source>
        <translation>No se han podido publicar las claves públicas de este navegador. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>It could not be checked whether this profile is a copy, so nothing is sent. It is tried again.</source>
        <translation>No se ha podido comprobar si este perfil es una copia, por lo que no se envía nada. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>This profile was a copy or an old backup: it goes on as a new device, with new keys. Where you compare keys, do it once more.</source>
        <translation>Este perfil era una copia o una copia de seguridad antigua: continúa como dispositivo nuevo, con claves nuevas. Si compara claves, hágalo otra vez.</translation>
    </message>
    <message>
        <source>This browser was away for long. It shares its bookmarks again as soon as another of your devices is on; remove those that you no longer use on the page Devices.</source>
        <translation>Este navegador ha estado ausente mucho tiempo. Volverá a compartir sus marcadores en cuanto otro de sus dispositivos esté encendido; quite los que ya no use en la página «Dispositivos».</translation>
    </message>
    <message>
        <source>The bookmarks could not be fetched. It is tried again.</source>
        <translation>No se han podido obtener los marcadores. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>The bookmarks could not be sent. They are kept, and it is tried again.</source>
        <translation>No se han podido enviar los marcadores. Se conservan y se intenta de nuevo.</translation>
    </message>
    <message>
        <source>The bookmarks could not be given to new devices. It is tried again.</source>
        <translation>No se han podido dar los marcadores a los dispositivos nuevos. Se intenta de nuevo.</translation>
    </message>
    <message>
        <source>Another device runs a newer XmppSync. Update this one.</source>
        <translation>Otro dispositivo usa un XmppSync más nuevo. Actualice este.</translation>
    </message>
    <message>
        <source>The folder of what XmppSync keeps cannot be used. Check that it is yours, on a disk with space left.</source>
        <translation>La carpeta donde XmppSync guarda sus datos no se puede usar. Compruebe que es suya y que queda espacio en el disco.</translation>
    </message>
    <message>
        <source>Another program uses what XmppSync keeps for this profile: a second browser on it, perhaps. End that one, then press Apply.</source>
        <translation>Otro programa usa los datos de XmppSync de este perfil: quizá un segundo navegador. Ciérrelo y después pulse «Aplicar».</translation>
    </message>
    <message>
        <source>What XmppSync kept for this profile is gone.</source>
        <translation>Lo que XmppSync guardaba para este perfil ya no está.</translation>
    </message>
    <message>
        <source>A newer XmppSync has run with this profile. Update this one; nothing was changed.</source>
        <translation>Con este perfil se ha usado un XmppSync más nuevo. Actualice este; no se ha cambiado nada.</translation>
    </message>
    <message>
        <source>What lies where XmppSync keeps its data is another program&apos;s. Nothing was changed.</source>
        <translation>Lo que hay donde XmppSync guarda sus datos es de otro programa. No se ha cambiado nada.</translation>
    </message>
    <message>
        <source>What XmppSync keeps for this profile is damaged. Nothing was changed. Restore it from a backup, or move it away and start again: this browser then gets a new key, and the bookmarks come back from your other devices.</source>
        <translation>Lo que XmppSync guarda para este perfil está dañado. No se ha cambiado nada. Restáurelo desde una copia de seguridad, o apártelo y empiece de nuevo: este navegador recibe entonces una clave nueva, y los marcadores vuelven de sus otros dispositivos.</translation>
    </message>
    <message>
        <source>What XmppSync keeps cannot be read or written. Check the space on the disk, then press Apply.</source>
        <translation>Lo que XmppSync guarda no se puede leer o escribir. Compruebe el espacio en el disco y después pulse «Aplicar».</translation>
    </message>
    <message>
        <source>This needs a connection to the server. Try again when there is one.</source>
        <translation>Esto necesita una conexión con el servidor. Inténtelo de nuevo cuando la haya.</translation>
    </message>
    <message>
        <source>This browser is leaving the account already.</source>
        <translation>Este navegador ya está dejando la cuenta.</translation>
    </message>
    <message>
        <source>Not all changes have been sent to your other devices yet. Try again when all is up to date.</source>
        <translation>Aún no se han enviado todos los cambios a sus otros dispositivos. Inténtelo de nuevo cuando todo esté al día.</translation>
    </message>
    <message>
        <source>The server did not take the account&apos;s new device list. Try again.</source>
        <translation>El servidor no ha aceptado la nueva lista de dispositivos de la cuenta. Inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>A browser cannot do that to itself.</source>
        <translation>Un navegador no puede hacer eso consigo mismo.</translation>
    </message>
    <message>
        <source>This device is not known any more.</source>
        <translation>Este dispositivo ya no se conoce.</translation>
    </message>
    <message>
        <source>The keys of that device have not been fetched yet. Connect, and try again in a moment.</source>
        <translation>Aún no se han obtenido las claves de ese dispositivo. Conéctese e inténtelo de nuevo en un momento.</translation>
    </message>
    <message>
        <source>That device is distrusted. If it is yours, trust it by its fingerprint first.</source>
        <translation>Se desconfía de ese dispositivo. Si es suyo, confíe primero en él por su huella.</translation>
    </message>
    <message>
        <source>Another device is being compared. Finish or cancel that first.</source>
        <translation>Se está comparando otro dispositivo. Termine o cancele primero esa comparación.</translation>
    </message>
    <message>
        <source>That device is not being compared any more.</source>
        <translation>Ese dispositivo ya no se está comparando.</translation>
    </message>
    <message>
        <source>This is no link with the keys of a device.</source>
        <translation>Esto no es un enlace con las claves de un dispositivo.</translation>
    </message>
    <message>
        <source>None of the devices in this link is known here yet. Add their owner as a partner first, and write or be written to.</source>
        <translation>Ninguno de los dispositivos de este enlace se conoce aquí todavía. Añada primero a su dueño como socio y escríbale, o reciba un mensaje suyo.</translation>
    </message>
    <message>
        <source>This is the link of this very browser. Take the one of the other device.</source>
        <translation>Este es el enlace de este mismo navegador. Tome el del otro dispositivo.</translation>
    </message>
    <message>
        <source>This has been answered already, perhaps on another device.</source>
        <translation>Esto ya se ha contestado, quizá en otro dispositivo.</translation>
    </message>
    <message>
        <source>The bookmarks have not been joined with those of the account yet. Try again then.</source>
        <translation>Los marcadores aún no se han unido con los de la cuenta. Inténtelo de nuevo después.</translation>
    </message>
    <message>
        <source>There is no copy of that time any more.</source>
        <translation>Ya no hay ninguna copia de ese momento.</translation>
    </message>
    <message>
        <source>That copy is damaged and cannot be read. Choose another one.</source>
        <translation>Esa copia está dañada y no se puede leer. Elija otra.</translation>
    </message>
    <message>
        <source>The bookmarks have changed meanwhile, so that this cannot be done.</source>
        <translation>Los marcadores han cambiado entretanto, por lo que no se puede hacer.</translation>
    </message>
    <message>
        <source>The comparison was cancelled.</source>
        <translation>La comparación se ha cancelado.</translation>
    </message>
    <message>
        <source>The two devices do not see the same keys: somebody may be listening in. Neither trusts the other any more.</source>
        <translation>Los dos dispositivos no ven las mismas claves: quizá alguien esté escuchando. Ninguno confía ya en el otro.</translation>
    </message>
    <message>
        <source>The comparison took too long. Start it again while both devices are at hand.</source>
        <translation>La comparación ha tardado demasiado. Empiécela de nuevo con los dos dispositivos a mano.</translation>
    </message>
    <message>
        <source>One of the devices was started anew meanwhile. Start the comparison again.</source>
        <translation>Uno de los dispositivos se ha reiniciado entretanto. Empiece de nuevo la comparación.</translation>
    </message>
    <message>
        <source>The other device is being compared with a third one. Finish that first.</source>
        <translation>El otro dispositivo se está comparando con un tercero. Termine primero esa comparación.</translation>
    </message>
    <message>
        <source>The other device does not keep to the protocol. Update both.</source>
        <translation>El otro dispositivo no sigue el protocolo. Actualice los dos.</translation>
    </message>
    <message>
        <source>It was not encrypted.</source>
        <translation>No estaba cifrado.</translation>
    </message>
    <message>
        <source>It came from a device that is not trusted.</source>
        <translation>Venía de un dispositivo en el que no se confía.</translation>
    </message>
    <message>
        <source>It could not be decrypted.</source>
        <translation>No se ha podido descifrar.</translation>
    </message>
    <message>
        <source>It did not come from whom it claims to.</source>
        <translation>No venía de quien dice venir.</translation>
    </message>
    <message>
        <source>It was not in the form that it must have.</source>
        <translation>No tenía la forma que debe tener.</translation>
    </message>
    <message>
        <source>It is of a newer XmppSync. Update this one.</source>
        <translation>Es de un XmppSync más nuevo. Actualice este.</translation>
    </message>
    <message>
        <source>It asked for what its sender may not do.</source>
        <translation>Pedía algo que su remitente no puede hacer.</translation>
    </message>
    <message>
        <source>The password is missing. Enter it in the settings.</source>
        <translation>Falta la contraseña. Escríbala en los ajustes.</translation>
    </message>
    <message>
        <source>This is no XMPP address. An address looks like name@example.org.</source>
        <translation>Esto no es una dirección XMPP. Una dirección es como nombre@example.org.</translation>
    </message>
    <message>
        <source>This is no server. Write it as host:port, for instance xmpp.example.org:5222.</source>
        <translation>Esto no es un servidor. Escríbalo como equipo:puerto, por ejemplo xmpp.example.org:5222.</translation>
    </message>
    <message>
        <source>The certificate&apos;s fingerprint must have 64 hexadecimal digits (SHA-256).</source>
        <translation>La huella del certificado debe tener 64 cifras hexadecimales (SHA-256).</translation>
    </message>
    <message>
        <source>XmppSync has stopped. Press Apply on the page Account to start it again.</source>
        <translation>XmppSync se ha detenido. Pulse «Aplicar» en la página «Cuenta» para iniciarlo de nuevo.</translation>
    </message>
    <message>
        <source>The clock of this computer is more than a day from the server&apos;s. Set it right: edits are ordered by their time.</source>
        <translation>El reloj de este equipo difiere más de un día del del servidor. Póngalo en hora: los cambios se ordenan por su fecha.</translation>
    </message>
    <message>
        <source>The other devices could not be told what is open in this browser. It is tried again.</source>
        <translation>No se pudo comunicar a los demás dispositivos lo que está abierto en este navegador. Se vuelve a intentar.</translation>
    </message>
    <message>
        <source>Tabs could not be sent to another device. They are kept, and it is tried again.</source>
        <translation>No se pudieron enviar pestañas a otro dispositivo. Se conservan, y se vuelve a intentar.</translation>
    </message>
    <message>
        <source>This is too much at once. Import bookmarks in several parts; send fewer tabs, or wait until others have been opened.</source>
        <translation>Es demasiado a la vez. Importe los marcadores en varias partes; envíe menos pestañas, o espere a que se hayan abierto otras.</translation>
    </message>
    <message>
        <source>Only pages of the web can be sent to other devices, and no addresses of more than 2,048 letters.</source>
        <translation>Solo se pueden enviar páginas web a otros dispositivos, y ninguna dirección de más de 2048 caracteres.</translation>
    </message>
    <message>
        <source>That device does not open what is sent to it. Where it is a browser, turn that on in its settings, on the page Tabs.</source>
        <translation>Ese dispositivo no abre lo que se le envía. Si es un navegador, actívelo en sus ajustes, en la página «Pestañas».</translation>
    </message>
    <message>
        <source>The other devices could not be told what was visited in this browser. It is tried again.</source>
        <translation>No se pudo comunicar a los otros dispositivos lo que se visitó en este navegador. Se vuelve a intentar.</translation>
    </message>
</context>
<context>
    <name>QuestionBox</name>
    <message>
        <source>Device %1</source>
        <translation>Dispositivo %1</translation>
    </message>
    <message>
        <source>This needs you</source>
        <translation>Esto le necesita</translation>
    </message>
    <message>
        <source>“%1” wants to compare keys with this browser. Agree only if you have begun that there.</source>
        <translation>«%1» quiere comparar claves con este navegador. Acepte solo si lo ha empezado usted allí.</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Comparar…</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>Among them: %1</source>
        <translation>Entre ellos: %1</translation>
    </message>
    <message>
        <source>Merge both</source>
        <translation>Unir ambos</translation>
    </message>
    <message>
        <source>Take those of the account</source>
        <translation>Tomar los de la cuenta</translation>
    </message>
    <message>
        <source>Take those of this browser</source>
        <translation>Tomar los de este navegador</translation>
    </message>
    <message>
        <source>Put them back</source>
        <translation>Devolverlos</translation>
    </message>
    <message>
        <source>Delete them everywhere</source>
        <translation>Eliminarlos en todas partes</translation>
    </message>
    <message>
        <source>Show them here too</source>
        <translation>Mostrarlos también aquí</translation>
    </message>
</context>
<context>
    <name>SentList</name>
    <message>
        <source>opened on “%1”</source>
        <translation>abierto en «%1»</translation>
    </message>
    <message>
        <source>not opened on “%1” in 30 days</source>
        <translation>no se abrió en «%1» en 30 días</translation>
    </message>
    <message>
        <source>“%1” is gone</source>
        <translation>«%1» ya no existe</translation>
    </message>
    <message>
        <source>waits for “%1”</source>
        <translation>espera a «%1»</translation>
    </message>
    <message>
        <source>Sent from this browser</source>
        <translation>Enviado desde este navegador</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Qué ha sido de ello</translation>
    </message>
    <message numerus="yes">
        <source>%n tab(s)</source>
        <translation>
            <numerusform>%n pestaña</numerusform>
            <numerusform>%n pestañas</numerusform>
        </translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>aún no enviado</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>XmppSync Settings</source>
        <translation>Ajustes de XmppSync</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Páginas</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Cuenta</translation>
    </message>
    <message>
        <source>Synchronize</source>
        <translation>Sincronización</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Dispositivos</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Actividad</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>Keep these settings and sign in with them now</source>
        <translation>Guardar estos ajustes e iniciar sesión ahora con ellos</translation>
    </message>
    <message>
        <source>Tabs</source>
        <translation>Pestañas</translation>
    </message>
</context>
<context>
    <name>StatusText</name>
    <message numerus="yes">
        <source>%n bookmark(s)</source>
        <translation>
            <numerusform>%n marcador</numerusform>
            <numerusform>%n marcadores</numerusform>
        </translation>
    </message>
    <message>
        <source>Signed in. Waiting for another of your devices to share the bookmarks: start it, and trust this one there.</source>
        <translation>Sesión iniciada. Esperando a que otro de sus dispositivos comparta los marcadores: inícielo y confíe allí en este.</translation>
    </message>
    <message>
        <source>Signed in. Synchronizing (%1 to send, %2 to fetch).</source>
        <translation>Sesión iniciada. Sincronizando (%1 por enviar, %2 por recibir).</translation>
    </message>
    <message>
        <source>Signed in. This is your only device so far; set up another one to sync %1.</source>
        <translation>Sesión iniciada. Este es su único dispositivo por ahora; configure otro para sincronizar %1.</translation>
    </message>
    <message>
        <source>Up to date: %1, shared with %2.</source>
        <translation>Al día: %1, compartidos con %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n other device(s)</source>
        <translation>
            <numerusform>otro dispositivo</numerusform>
            <numerusform>otros %n dispositivos</numerusform>
        </translation>
    </message>
    <message>
        <source>Signed in. Fetching your devices and bookmarks.</source>
        <translation>Sesión iniciada. Obteniendo sus dispositivos y marcadores.</translation>
    </message>
    <message>
        <source>Connecting to the server.</source>
        <translation>Conectando con el servidor.</translation>
    </message>
    <message>
        <source>Signing in.</source>
        <translation>Iniciando sesión.</translation>
    </message>
    <message>
        <source>Not connected; trying again in %1 s. Your changes are kept and sent later.</source>
        <translation>Sin conexión; nuevo intento en %1 s. Sus cambios se guardan y se envían después.</translation>
    </message>
    <message>
        <source>Not connected. This needs your help:</source>
        <translation>Sin conexión. Se necesita su ayuda:</translation>
    </message>
    <message>
        <source>Starting.</source>
        <translation>Iniciando.</translation>
    </message>
    <message>
        <source>This browser has other bookmarks now than it had when it was last synchronized.</source>
        <translation>Este navegador tiene ahora otros marcadores que en la última sincronización.</translation>
    </message>
    <message>
        <source>This browser and your other devices have different bookmarks.</source>
        <translation>Este navegador y sus otros dispositivos tienen marcadores distintos.</translation>
    </message>
    <message>
        <source>%1 Here: %2. There: %3. The same on both sides: %4. A merge adds %5 here and %6 there; with the same address and otherwise different: %7.</source>
        <extracomment>After one of the two sentences &quot;This browser has other bookmarks…&quot;, &quot;This browser and your other devices have…&quot;</extracomment>
        <translation>%1 Aquí: %2. Allí: %3. Iguales en ambos lados: %4. Una unión añade %5 aquí y %6 allí; con la misma dirección y por lo demás distintos: %7.</translation>
    </message>
    <message>
        <source>“%1” deleted %2 of %3. Here they are all still there.</source>
        <translation>«%1» ha eliminado %2 de %3. Aquí siguen todos.</translation>
    </message>
    <message>
        <source>%1 of %2 are gone from this browser. Your other devices still have them.</source>
        <translation>Han desaparecido %1 de %2 de este navegador. Sus otros dispositivos aún los tienen.</translation>
    </message>
    <message>
        <source>“%1” added %2, and most of them are here already. They are not shown here yet.</source>
        <translation>«%1» ha añadido %2, y la mayoría ya están aquí. Todavía no se muestran aquí.</translation>
    </message>
    <message>
        <source>Signed in. The synchronization of bookmarks is paused.</source>
        <translation>Sesión iniciada. La sincronización de los marcadores está en pausa.</translation>
    </message>
</context>
<context>
    <name>SyncController</name>
    <message>
        <source>Not running.</source>
        <translation>Detenido.</translation>
    </message>
    <message>
        <source>Waiting for your password. Enter it and press Apply.</source>
        <translation>Esperando su contraseña. Escríbala y pulse «Aplicar».</translation>
    </message>
    <message>
        <source>Not set up. Enter your XMPP address and password, then press Apply.</source>
        <translation>Sin configurar. Escriba su dirección XMPP y su contraseña, y pulse «Aplicar».</translation>
    </message>
    <message>
        <source>Signed out. To sign in, enter the password and press Apply.</source>
        <translation>Sesión cerrada. Para iniciarla, escriba la contraseña y pulse «Aplicar».</translation>
    </message>
    <message>
        <source>Not signed in.</source>
        <translation>Sin iniciar sesión.</translation>
    </message>
    <message>
        <source>“%1” wants to compare keys with this browser.</source>
        <translation>«%1» quiere comparar claves con este navegador.</translation>
    </message>
    <message>
        <source>The new device “%1” waits until you trust it, on the page Devices.</source>
        <translation>El dispositivo nuevo «%1» espera a que confíe en él, en la página «Dispositivos».</translation>
    </message>
    <message>
        <source>The keys of this browser in %1 could not be deleted.</source>
        <translation>No se pudieron eliminar las claves de este navegador en %1.</translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message>
        <source>Synchronize</source>
        <translation>Sincronización</translation>
    </message>
    <message>
        <source>&amp;Bookmarks</source>
        <translation>&amp;Marcadores</translation>
    </message>
    <message>
        <source>New devices</source>
        <translation>Dispositivos nuevos</translation>
    </message>
    <message>
        <source>Which new devices are trusted</source>
        <translation>En qué dispositivos nuevos se confía</translation>
    </message>
    <message>
        <source>Trusted until you compare the first one; then they wait for you</source>
        <translation>De confianza hasta que compare el primero; después le esperan</translation>
    </message>
    <message>
        <source>Always wait for you</source>
        <translation>Siempre le esperan</translation>
    </message>
    <message>
        <source>Trusted without asking (not advised)</source>
        <translation>De confianza sin preguntar (no aconsejado)</translation>
    </message>
    <message>
        <source>Bots and programs</source>
        <translation>Bots y programas</translation>
    </message>
    <message>
        <source>Answer encrypted &amp;requests of your own programs and of these partners</source>
        <translation>&amp;Responder a peticiones cifradas de sus propios programas y de estos socios</translation>
    </message>
    <message>
        <source>Partners&apos; addresses</source>
        <translation>Direcciones de los socios</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Añadir…</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Quitar</translation>
    </message>
    <message>
        <source>A partner is a bot on another account. Its devices appear on the page Devices, and may do nothing until you trust them there.</source>
        <translation>Un socio es un bot de otra cuenta. Sus dispositivos aparecen en la página «Dispositivos» y no pueden hacer nada hasta que confíe allí en ellos.</translation>
    </message>
    <message>
        <source>Add a partner</source>
        <translation>Añadir un socio</translation>
    </message>
    <message>
        <source>XMPP address of the bot or program:</source>
        <translation>Dirección XMPP del bot o programa:</translation>
    </message>
    <message>
        <source>Ask before another device adds many bookmarks that are &amp;here already</source>
        <translation>&amp;Preguntar antes de que otro dispositivo añada muchos marcadores que ya están aquí</translation>
    </message>
    <message>
        <source>Pages of the last 90 days, with your devices that share it too; never those of private windows. What you delete from the history is deleted on all of them.</source>
        <translation>Páginas de los últimos 90 días, con sus dispositivos que también lo comparten; nunca las de ventanas privadas. Lo que elimine del historial se elimina en todos ellos.</translation>
    </message>
    <message>
        <source>Browsing h&amp;istory</source>
        <translation>H&amp;istorial de navegación</translation>
    </message>
    <message>
        <source>Falkon saves no history now (see “Allow saving history” in its preferences), so that of your other devices is not brought here.</source>
        <translation>Falkon no guarda ahora ningún historial (vea «Permitir guardar el historial» en sus preferencias), por lo que tampoco se trae aquí el de sus otros dispositivos.</translation>
    </message>
</context>
<context>
    <name>SyncProgress</name>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n segundo</numerusform>
            <numerusform>%n segundos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minuto</numerusform>
            <numerusform>%n minutos</numerusform>
        </translation>
    </message>
    <message>
        <source>Putting the bookmarks into this browser: %1 of %2.</source>
        <translation>Añadiendo los marcadores a este navegador: %1 de %2.</translation>
    </message>
    <message>
        <source>about %1 of %2</source>
        <translation>unos %1 de %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Fetching the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Obteniendo los marcadores: %1. Quedan %2.</translation>
    </message>
    <message>
        <source>Fetching the bookmarks: %1.</source>
        <translation>Obteniendo los marcadores: %1.</translation>
    </message>
    <message>
        <source>Sending the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Enviando los marcadores: %1. Quedan %2.</translation>
    </message>
    <message>
        <source>Sending the bookmarks: %1.</source>
        <translation>Enviando los marcadores: %1.</translation>
    </message>
    <message>
        <source>Another device sends the bookmarks: %1. %2 left.</source>
        <extracomment>%1: &quot;about 300 of 2000&quot; or &quot;15 %&quot;</extracomment>
        <translation>Otro dispositivo envía los marcadores: %1. Quedan %2.</translation>
    </message>
    <message>
        <source>Another device sends the bookmarks: %1.</source>
        <translation>Otro dispositivo envía los marcadores: %1.</translation>
    </message>
</context>
<context>
    <name>TabsMenu</name>
    <message>
        <source>Open on other devices</source>
        <translation>Abierto en otros dispositivos</translation>
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
        <translation>Mo&amp;strar en mis otros dispositivos lo que está abierto en este navegador</translation>
    </message>
    <message>
        <source>&amp;Open here</source>
        <translation>Abrir aq&amp;uí</translation>
    </message>
    <message>
        <source>Open on other devices</source>
        <translation>Abierto en otros dispositivos</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>More tabs that are not shown: %1</source>
        <translation>Más pestañas que no se muestran: %1</translation>
    </message>
    <message>
        <source>Choose tabs to open them in this browser.</source>
        <translation>Elija pestañas para abrirlas en este navegador.</translation>
    </message>
    <message>
        <source>Addresses and titles of pages of the web, encrypted for your devices; never those of private windows. When this is turned off, they are taken back.</source>
        <translation>Direcciones y títulos de páginas web, cifrados para sus dispositivos; nunca los de ventanas privadas. Al desactivar esta opción se retiran.</translation>
    </message>
    <message>
        <source>None of your other devices shows what is open there.</source>
        <translation>Ninguno de sus otros dispositivos muestra lo que está abierto en él.</translation>
    </message>
    <message>
        <source>Sent tabs</source>
        <translation>Pestañas enviadas</translation>
    </message>
    <message>
        <source>Open tabs that my other devices sen&amp;d to this browser</source>
        <translation>Abrir las pestañas que mis otros &amp;dispositivos envían a este navegador</translation>
    </message>
    <message>
        <source>A page or a link is sent by its context menu. It waits up to 30 days for a device that is off.</source>
        <translation>Una página o un enlace se envía desde su menú contextual. Espera hasta 30 días a un dispositivo apagado.</translation>
    </message>
    <message>
        <source>Shared tabs</source>
        <translation>Pestañas compartidas</translation>
    </message>
</context>
<context>
    <name>TabsReceiver</name>
    <message>
        <source>From “%1”</source>
        <translation>De «%1»</translation>
    </message>
    <message numerus="yes">
        <source>%n tab(s) from “%1”</source>
        <translation>
            <numerusform>%n pestaña de «%1»</numerusform>
            <numerusform>%n pestañas de «%1»</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TabsSender</name>
    <message>
        <source>Send this page to</source>
        <translation>Enviar esta página a</translation>
    </message>
    <message>
        <source>Send this link to</source>
        <translation>Enviar este enlace a</translation>
    </message>
    <message>
        <source>Not sent to “%1”</source>
        <translation>No enviado a «%1»</translation>
    </message>
    <message>
        <source>Sent to “%1”, where it opens as soon as that device is on.</source>
        <translation>Enviado a «%1», donde se abre en cuanto el dispositivo esté encendido.</translation>
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
        <translation>XmppSync no hace nada en ventanas privadas.</translation>
    </message>
    <message>
        <source>XmppSync…</source>
        <translation>XmppSync…</translation>
    </message>
    <message>
        <source>Not signed in.</source>
        <translation>Sin iniciar sesión.</translation>
    </message>
    <message>
        <source>Last synchronized: %1</source>
        <translation>Última sincronización: %1</translation>
    </message>
    <message>
        <source>XmppSync needs you</source>
        <translation>XmppSync le necesita</translation>
    </message>
</context>
</TS>
