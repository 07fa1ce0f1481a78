# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The target `xmppsync_bridge`: the Rust static library and its generated headers. CMake calls cargo itself; cargo knows
# when something has changed, and tells Ninja by its dependency file.

if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "MinSizeRel")
    set(default_profile release)
else()
    set(default_profile fast)
endif()
set(CARGO_PROFILE "${default_profile}" CACHE STRING "Cargo profile: dev, fast (no link-time optimisation) or release")

if(DEFINED ENV{CARGO_TARGET_DIR})
    set(default_target_dir "$ENV{CARGO_TARGET_DIR}")
else()
    set(default_target_dir "${CMAKE_BINARY_DIR}/cargo")
endif()
set(CARGO_TARGET_DIR "${default_target_dir}" CACHE PATH "Where cargo builds")

find_program(CARGO cargo REQUIRED PATHS "$ENV{HOME}/.cargo/bin")

# cargo's folder for the profile "dev" is named "debug".
if(CARGO_PROFILE STREQUAL "dev")
    set(cargo_output "${CARGO_TARGET_DIR}/debug")
else()
    set(cargo_output "${CARGO_TARGET_DIR}/${CARGO_PROFILE}")
endif()
# Inside cargo's folder: the exporting build scripts run only when cargo thinks that they must.
set(bridge_export "${CARGO_TARGET_DIR}/cxxqt-export-${CARGO_PROFILE}")
set(bridge_include "${bridge_export}/crates/bridge/include")
set(bridge_library "${cargo_output}/libbridge.a")

get_target_property(qmake Qt6::qmake IMPORTED_LOCATION)

add_custom_command(
    OUTPUT "${bridge_library}"
    COMMAND ${CMAKE_COMMAND} -E env
        "CARGO_TARGET_DIR=${CARGO_TARGET_DIR}"
        "QMAKE=${qmake}"
        "CXX=${CMAKE_CXX_COMPILER}"
        "CXX_QT_EXPORT_DIR=${bridge_export}"
        "CXX_QT_EXPORT_CRATE_bridge=1"
        "${CARGO}" build --locked --lib --package bridge --profile "${CARGO_PROFILE}"
        --manifest-path "${PROJECT_SOURCE_DIR}/Cargo.toml"
    DEPFILE "${cargo_output}/libbridge.d"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "Building the Rust bridge (profile ${CARGO_PROFILE})"
    USES_TERMINAL
    VERBATIM
)
add_custom_target(xmppsync_cargo DEPENDS "${bridge_library}")

file(MAKE_DIRECTORY "${bridge_include}")
add_library(xmppsync_bridge STATIC IMPORTED GLOBAL)
add_dependencies(xmppsync_bridge xmppsync_cargo)
set_target_properties(xmppsync_bridge PROPERTIES
    IMPORTED_LOCATION "${bridge_library}"
    INTERFACE_INCLUDE_DIRECTORIES "${bridge_include}"
    INTERFACE_LINK_LIBRARIES "Qt6::Core;dl;m;pthread"
)
