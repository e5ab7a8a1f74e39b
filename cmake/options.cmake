# SPDX-License-Identifier: MIT
option(VSSEMU_WERROR "treat warnings as errors (CI)" OFF)
option(VSSEMU_PCH "compile our own C with Windows's types precompiled: half the time; ccache wants CCACHE_SLOPPINESS=pch_defines,time_macros" OFF)
option(VSSEMU_WINDOWS_PROGRAMS "build the programs of Windows source with everything else" ON)
set(VSSEMU_SANITIZE "" CACHE STRING "sanitizers to build with: address,undefined or thread")

add_library(vssemu_flags INTERFACE)
target_include_directories(vssemu_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/include)
target_include_directories(vssemu_flags SYSTEM INTERFACE ${VSS_HEADERS_DIR} ${WINE_WINDOWS_DIR})
target_compile_definitions(vssemu_flags INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
target_compile_options(vssemu_flags INTERFACE
  -fshort-wchar -fms-extensions -Wall -Wextra -Wshadow -Wconversion
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Werror=incompatible-pointer-types>
  $<$<BOOL:${VSSEMU_WERROR}>:-Werror>)
if(VSSEMU_SANITIZE)
  add_compile_options(-fsanitize=${VSSEMU_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${VSSEMU_SANITIZE})
  if(VSSEMU_SANITIZE MATCHES undefined)
    # Calling a method through IUnknown is what COM does: UBSan's function and vptr checks stay off.
    add_compile_options(-fno-sanitize=vptr -fno-sanitize-recover=undefined)
  endif()
endif()
