# The shared library, what `cmake --install` puts where, and the Debian package that `cpack` makes.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(liblightspine SHARED host/lightspine.c)
target_link_libraries(liblightspine PRIVATE lightspine_core
  -Wl,--version-script=${PROJECT_SOURCE_DIR}/host/lightspine.map)
target_include_directories(liblightspine INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/host>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(liblightspine PROPERTIES OUTPUT_NAME lightspine EXPORT_NAME lightspine
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
  LINK_DEPENDS ${PROJECT_SOURCE_DIR}/host/lightspine.map
  PUBLIC_HEADER ${PROJECT_SOURCE_DIR}/host/lightspine.h)

install(TARGETS lightspine)
install(TARGETS liblightspine EXPORT lightspine)
install(DIRECTORY topologies/ DESTINATION ${CMAKE_INSTALL_DATADIR}/lightspine)
file(GLOB pages CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md CHANGELOG.md ${pages} DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/example DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The manual page and what completes words in shells, as the program itself writes them; it must run
# on the machine that builds it.
if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
  set(manual ${PROJECT_BINARY_DIR}/manual)
  file(MAKE_DIRECTORY ${manual})
  add_custom_command(OUTPUT ${manual}/lightspine.1 ${manual}/lightspine.bash ${manual}/_lightspine
    COMMAND lightspine help --man > ${manual}/lightspine.1
    COMMAND lightspine help --bash > ${manual}/lightspine.bash
    COMMAND lightspine help --zsh > ${manual}/_lightspine
    DEPENDS lightspine VERBATIM)
  add_custom_target(manual ALL DEPENDS ${manual}/lightspine.1)
  install(FILES ${manual}/lightspine.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${manual}/lightspine.bash RENAME lightspine
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${manual}/_lightspine DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()

# For `find_package(lightspine)` and `pkg-config lightspine`.
set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/lightspine)
install(EXPORT lightspine NAMESPACE lightspine:: FILE lightspineConfig.cmake
  DESTINATION ${config_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lightspineConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
  BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig OUTPUT_VARIABLE prefix_from_pc)
configure_file(lightspine.pc.in ${PROJECT_BINARY_DIR}/lightspine.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lightspineConfigVersion.cmake DESTINATION ${config_folder})
install(FILES ${PROJECT_BINARY_DIR}/lightspine.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "designs the optical network of an AI cluster")
set(CPACK_PACKAGE_CONTACT "the lightspine founders <lightspine@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  " Topology, switches, optics, places, cost, power, latency, throughput and risk of the\n\
 network of an AI cluster, with and without co-packaged optics and optical circuit\n\
 switches. The program, the library liblightspine with its header, the catalog and\n\
 example specs.")
include(CPack)
