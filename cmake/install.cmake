# SPDX-License-Identifier: MIT
# `cmake --install`, and the same package files for use from the build tree
# (build/lib/cmake/vssemu, build/lib/pkgconfig). What is installed finds its parts from where it
# lies, so DESTDIR, --prefix and moving the folder all work; only Wine's headers stay where the
# system has them.
set(package ${CMAKE_SOURCE_DIR}/cmake/package)
set(installed_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/vssemu)
set(installed_pkgconfig ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# From the build tree: absolute places.
set(in_build ${CMAKE_BINARY_DIR}/lib/cmake/vssemu)
set(includes ${CMAKE_SOURCE_DIR}/fakes/windows/include ${CMAKE_BINARY_DIR}/include/driver
    ${VSS_HEADERS_DIR} ${WINE_WINDOWS_DIR})
set(PACKAGE_INCLUDES "${includes}")
set(PACKAGE_SHARE ${CMAKE_SOURCE_DIR}/fakes/windows/driver)
set(PACKAGE_LIBRARIES ${CMAKE_BINARY_DIR}/lib)
configure_file(${package}/vssemuConfig.cmake.in ${in_build}/vssemuConfig.cmake @ONLY)
configure_file(${package}/vssemuPlaces.cmake ${in_build}/vssemuPlaces.cmake COPYONLY)
configure_file(${package}/vssemu.cmake ${in_build}/vssemu.cmake COPYONLY)
set(PC_PREFIX ${CMAKE_BINARY_DIR})
set(PC_SHARE ${PACKAGE_SHARE})
set(PC_LIBRARIES ${PACKAGE_LIBRARIES})
list(TRANSFORM includes PREPEND "-isystem ")
list(JOIN includes " " PC_INCLUDES)
configure_file(${package}/vssapi.pc.in ${CMAKE_BINARY_DIR}/lib/pkgconfig/vssapi.pc @ONLY)

# Below a prefix: places relative to the files themselves.
set(made ${CMAKE_BINARY_DIR}/package)
set(in_prefix ${VSSEMU_INSTALL_HEADERS} ${CMAKE_INSTALL_INCLUDEDIR} ${VSSEMU_INSTALL_VSS})
list(TRANSFORM in_prefix PREPEND "\${VSSEMU_PREFIX}/" OUTPUT_VARIABLE includes)
set(PACKAGE_INCLUDES "${includes};${WINE_WINDOWS_DIR}")
set(PACKAGE_SHARE "\${VSSEMU_PREFIX}/${VSSEMU_INSTALL_SHARE}")
set(PACKAGE_LIBRARIES "\${VSSEMU_PREFIX}/${CMAKE_INSTALL_LIBDIR}")
configure_file(${package}/vssemuConfig.cmake.in ${made}/vssemuConfig.cmake @ONLY)
file(RELATIVE_PATH up /${installed_pkgconfig} /)
string(REGEX REPLACE "/$" "" up "${up}")
set(PC_PREFIX "\${pcfiledir}/${up}")
set(PC_SHARE "\${prefix}/${VSSEMU_INSTALL_SHARE}")
set(PC_LIBRARIES "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
list(TRANSFORM in_prefix PREPEND "-isystem \${prefix}/" OUTPUT_VARIABLE includes)
list(JOIN includes " " PC_INCLUDES)
string(APPEND PC_INCLUDES " -isystem ${WINE_WINDOWS_DIR}")
configure_file(${package}/vssapi.pc.in ${made}/vssapi.pc @ONLY)

include(CMakePackageConfigHelpers)
write_basic_package_version_file(${made}/vssemuConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_file(${made}/vssemuConfigVersion.cmake ${in_build}/vssemuConfigVersion.cmake COPYONLY)

set_target_properties(betest vssemu-play PROPERTIES INSTALL_RPATH "\$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
install(TARGETS vssemu betest vssemu-play vssemu-cc vssemu-c++ RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS vssapi vssemu_time vssemu_start vssemu_fine
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES emu/include/vssemu.h emu/include/vssemu_writer.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY fakes/windows/include/ DESTINATION ${VSSEMU_INSTALL_HEADERS})
file(GLOB vss_headers ${VSS_HEADERS_DIR}/*.h) # links to those of the system stay links
install(FILES ${vss_headers} DESTINATION ${VSSEMU_INSTALL_VSS})
install(FILES fakes/windows/driver/wide_symbols.map DESTINATION ${VSSEMU_INSTALL_SHARE})
install(FILES ${package}/vssemu.cmake ${package}/vssemuPlaces.cmake ${made}/vssemuConfig.cmake
        ${made}/vssemuConfigVersion.cmake DESTINATION ${installed_cmake})
install(FILES ${made}/vssapi.pc DESTINATION ${installed_pkgconfig})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES emu/cli/debug/valgrind.supp emu/cli/debug/vssemu-gdb.py DESTINATION ${VSSEMU_INSTALL_SHARE})
