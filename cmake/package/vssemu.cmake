# SPDX-License-Identifier: MIT
# Toolchain file: CMake projects of Windows source, compiled by vssemu-cc and vssemu-c++.
#   cmake --toolchain PREFIX/lib/cmake/vssemu/vssemu.cmake -S . -B build
# To CMake it is a compiler for this Linux: WIN32 and MSVC are not set, VSSEMU is.
include(${CMAKE_CURRENT_LIST_DIR}/vssemuPlaces.cmake)
set(VSSEMU TRUE)
set(CMAKE_C_COMPILER ${VSSEMU_CC})
set(CMAKE_CXX_COMPILER ${VSSEMU_CXX})
list(APPEND CMAKE_PREFIX_PATH ${VSSEMU_PREFIX}) # for find_package(vssemu)
