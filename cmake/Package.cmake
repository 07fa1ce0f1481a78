# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What belongs to no part alone, and the Debian package: `cpack` in the build folder, configured with
# -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_BUILD_TYPE=Release.
if(NOT XMPPSYNC_INSTALL_FOR_USER)
    set(icons "${CMAKE_INSTALL_DATADIR}/icons/hicolor")
    install(FILES plugin-metadata/xmppsync.svg DESTINATION "${icons}/scalable/apps")
    foreach(size 32 64)
        install(FILES "plugin-metadata/xmppsync-${size}.png" DESTINATION "${icons}/${size}x${size}/apps" RENAME xmppsync.png)
    endforeach()
    install(FILES README.md docs/protocol.md docs/requests.schema.json DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/xmppsync")
    install(FILES packaging/copyright DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/xmppsync")
    find_program(GZIP gzip REQUIRED)
    set(changelog "${CMAKE_BINARY_DIR}/changelog.gz")
    add_custom_command(
        OUTPUT "${changelog}"
        COMMAND "${GZIP}" -9nc "${PROJECT_SOURCE_DIR}/CHANGELOG.md" > "${changelog}"
        DEPENDS CHANGELOG.md
        VERBATIM
    )
    add_custom_target(xmppsync_changelog ALL DEPENDS "${changelog}")
    install(FILES "${changelog}" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/xmppsync")
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME xmppsync)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "encrypted bookmark sync for Falkon over your XMPP account")
set(CPACK_PACKAGE_DESCRIPTION
"XmppSync keeps one bookmark tree the same in every profile of the browser
Falkon that signs in to your XMPP account, encrypted from end to end with
OMEMO. It holds the plugin for Falkon, and xmppsync-bot, a replica for a
machine that is always on.")
set(CPACK_PACKAGE_CONTACT "The XmppSync authors <xmppsync@invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX "${CMAKE_INSTALL_PREFIX}")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The bot needs no browser; the plugin without one is of no use, but harmless.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "falkon (>= 25.04), fonts-noto-color-emoji")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
