# SPDX-License-Identifier: MIT
# Everything comes from Debian packages; ci/setup installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(LIBXML REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(FUSE3 REQUIRED IMPORTED_TARGET fuse3)
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3)

# Win32 and COM types are Wine's (libwine-dev), the VSS interfaces mingw-w64's (mingw-w64-common).
# Only some headers of the latter are wanted, so they get a folder of links of their own: those of
# VSS and VDS, and others that Wine does not have.
find_path(WINE_WINDOWS_DIR objbase.h PATHS /usr/include/wine/wine/windows /usr/include/wine/windows
          NO_DEFAULT_PATH REQUIRED)
find_path(MINGW_HEADERS_DIR vsbackup.h PATHS /usr/share/mingw-w64/include NO_DEFAULT_PATH REQUIRED)
set(VSS_HEADERS_DIR ${CMAKE_BINARY_DIR}/include/mingw-vss)
file(MAKE_DIRECTORY ${VSS_HEADERS_DIR})
foreach(header vss vsbackup vswriter vsprov vsmgmt vsadmin vsserror vdslun
        versionhelpers)
  file(CREATE_LINK ${MINGW_HEADERS_DIR}/${header}.h ${VSS_HEADERS_DIR}/${header}.h SYMBOLIC)
endforeach()
