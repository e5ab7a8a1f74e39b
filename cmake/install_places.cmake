# SPDX-License-Identifier: MIT
# Where `cmake --install` puts things below the prefix. The compile drivers find them again from
# their own place (fakes/windows/driver/places.h), so an installation may be moved as a whole.
include(GNUInstallDirs)
set(VSSEMU_INSTALL_SHARE ${CMAKE_INSTALL_DATADIR}/vssemu)
set(VSSEMU_INSTALL_HEADERS ${VSSEMU_INSTALL_SHARE}/include/windows)
set(VSSEMU_INSTALL_VSS ${VSSEMU_INSTALL_SHARE}/include/mingw-vss)
