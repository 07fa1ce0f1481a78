# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Compiles each cpp/translations/xmppsync_<language>.ts and names it for the plugin's resources. lrelease comes with Qt's own
# tools, without a CMake package in Debian's smallest one.
get_target_property(qmake Qt6::qmake IMPORTED_LOCATION)
execute_process(
    COMMAND "${qmake}" -query QT_INSTALL_BINS
    OUTPUT_VARIABLE qt_bins
    OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY
)
find_program(LRELEASE NAMES lrelease6 lrelease HINTS "${qt_bins}" NO_DEFAULT_PATH REQUIRED)

set(XMPPSYNC_TRANSLATIONS "")
set(xmppsync_translation_files "")
file(GLOB translation_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/cpp/translations/xmppsync_*.ts")
foreach(source IN LISTS translation_sources)
    cmake_path(GET source STEM name)
    set(compiled "${CMAKE_BINARY_DIR}/translations/${name}.qm")
    add_custom_command(
        OUTPUT "${compiled}"
        COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/translations"
        COMMAND "${LRELEASE}" -silent "${source}" -qm "${compiled}"
        DEPENDS "${source}"
        VERBATIM
    )
    list(APPEND xmppsync_translation_files "${compiled}")
    string(APPEND XMPPSYNC_TRANSLATIONS "        <file alias=\"translations/${name}.qm\">${compiled}</file>\n")
endforeach()
