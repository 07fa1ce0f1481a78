# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What every Falkon plugin here shares. Falkon's own functions stay undefined and are bound at the first call, after
# Falkon::incompatibility() has looked for them: a Falkon that lacks one is refused with a sentence, not by the loader.
function(xmppsync_falkon_plugin target)
    set_target_properties(${target} PROPERTIES
        PREFIX ""
        LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins"
        LINK_DEPENDS "${PROJECT_SOURCE_DIR}/cmake/plugin.version"
    )
    target_compile_options(${target} PRIVATE -ffunction-sections -fdata-sections)
    target_link_options(${target} PRIVATE
        "LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/plugin.version"
        LINKER:--exclude-libs,ALL
        LINKER:--gc-sections
        LINKER:-z,lazy
        # Falkon never unloads a plugin, and threads leave thread-local data behind.
        LINKER:-z,nodelete
    )
endfunction()
