# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks what the plugin exports (only what Qt's loader asks for), and that what it wants from Falkon is exactly the list that
# it looks for before it starts. Falkon's symbols are the only ones without a version.

execute_process(COMMAND "${NM}" -D --defined-only --format=posix "${PLUGIN}"
    OUTPUT_VARIABLE defined COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE " [^\n]*\n" ";" exported "${defined}")
list(REMOVE_ITEM exported "")
list(SORT exported)
set(expected qt_plugin_instance qt_plugin_query_metadata_v2)
if(NOT exported STREQUAL expected)
    message(FATAL_ERROR "exported: ${exported}, expected: ${expected}")
endif()

execute_process(COMMAND "${NM}" -D --undefined-only --format=posix "${PLUGIN}"
    OUTPUT_VARIABLE undefined COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "_Z[A-Za-z0-9_]+ U" imported "${undefined}")
list(TRANSFORM imported REPLACE " U" "")
list(SORT imported)

file(STRINGS "${LIST}" lines REGEX "^FALKON_SYMBOL")
list(TRANSFORM lines REPLACE "^FALKON_SYMBOL.(.*).$" "\\1")
# Looked up by name only.
list(REMOVE_ITEM lines _ZN23AbstractButtonInterface16staticMetaObjectE _ZN2Qz7VERSIONE)
list(SORT lines)
if(NOT imported STREQUAL lines)
    set(missing ${imported})
    list(REMOVE_ITEM missing ${lines})
    set(unused ${lines})
    list(REMOVE_ITEM unused ${imported})
    message(FATAL_ERROR "symbols.inc lacks: ${missing}\nsymbols.inc has needlessly: ${unused}")
endif()
