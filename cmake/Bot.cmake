# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The bot with its manual page, completions and systemd unit. The page and the completions are what the built bot says
# of itself, so that they cannot differ from it.
option(XMPPSYNC_BOT "Build and install the headless bot as well" ON)
if(NOT XMPPSYNC_BOT OR XMPPSYNC_INSTALL_FOR_USER)
    return()
endif()

set(bot "${cargo_output}/xmppsync-bot")
set(bot_documents "${CMAKE_BINARY_DIR}/bot")
file(MAKE_DIRECTORY "${bot_documents}")

add_custom_command(
    OUTPUT "${bot}"
    COMMAND ${CMAKE_COMMAND} -E env "CARGO_TARGET_DIR=${CARGO_TARGET_DIR}"
        "${CARGO}" build --locked --package bot --profile "${CARGO_PROFILE}"
        --manifest-path "${PROJECT_SOURCE_DIR}/Cargo.toml"
    DEPFILE "${bot}.d"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "Building the bot (profile ${CARGO_PROFILE})"
    USES_TERMINAL
    VERBATIM
)
find_program(GZIP gzip REQUIRED)
set(documents "${bot_documents}/xmppsync-bot.1.gz" "${bot_documents}/xmppsync-bot.bash"
    "${bot_documents}/_xmppsync-bot" "${bot_documents}/xmppsync-bot.fish")
add_custom_command(
    OUTPUT ${documents}
    COMMAND "${bot}" manual > "${bot_documents}/xmppsync-bot.1"
    COMMAND "${GZIP}" -9nf "${bot_documents}/xmppsync-bot.1"
    COMMAND "${bot}" completions bash > "${bot_documents}/xmppsync-bot.bash"
    COMMAND "${bot}" completions zsh > "${bot_documents}/_xmppsync-bot"
    COMMAND "${bot}" completions fish > "${bot_documents}/xmppsync-bot.fish"
    DEPENDS "${bot}"
    COMMENT "Writing the bot's manual page and completions"
    VERBATIM
)
add_custom_target(xmppsync_bot ALL DEPENDS ${documents})
# Two cargos at once would wait for each other anyway.
add_dependencies(xmppsync_bot xmppsync_cargo)

install(PROGRAMS "${bot}" DESTINATION "${CMAKE_INSTALL_BINDIR}")
# CMake strips its own targets alone.
install(CODE "
    if(CMAKE_INSTALL_DO_STRIP)
        execute_process(
            COMMAND \"${CMAKE_STRIP}\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/xmppsync-bot\"
            COMMAND_ERROR_IS_FATAL ANY
        )
    endif()
")
install(FILES "${bot_documents}/xmppsync-bot.1.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${bot_documents}/xmppsync-bot.bash"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME xmppsync-bot)
install(FILES "${bot_documents}/_xmppsync-bot" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
install(FILES "${bot_documents}/xmppsync-bot.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
# The unit names the place of the program.
file(READ "${PROJECT_SOURCE_DIR}/packaging/xmppsync-bot.service" unit)
string(REPLACE "/usr/bin/" "${CMAKE_INSTALL_FULL_BINDIR}/" unit "${unit}")
file(CONFIGURE OUTPUT "${bot_documents}/xmppsync-bot.service" CONTENT "${unit}" @ONLY)
install(FILES "${bot_documents}/xmppsync-bot.service" DESTINATION "lib/systemd/system")
