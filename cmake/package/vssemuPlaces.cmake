# SPDX-License-Identifier: MIT
# Where vssemu is: the folder above this file that has bin/vssemu-cc in it, so that an installation
# may lie anywhere. A build tree has the same form.
set(VSSEMU_PREFIX ${CMAKE_CURRENT_LIST_DIR})
while(NOT EXISTS ${VSSEMU_PREFIX}/bin/vssemu-cc)
  get_filename_component(vssemu_above ${VSSEMU_PREFIX} DIRECTORY)
  if(vssemu_above STREQUAL VSSEMU_PREFIX)
    message(FATAL_ERROR "vssemu: there is no bin/vssemu-cc above ${CMAKE_CURRENT_LIST_DIR}")
  endif()
  set(VSSEMU_PREFIX ${vssemu_above})
endwhile()
set(VSSEMU_CC ${VSSEMU_PREFIX}/bin/vssemu-cc)
set(VSSEMU_CXX ${VSSEMU_PREFIX}/bin/vssemu-c++)
set(VSSEMU_LAUNCHER ${VSSEMU_PREFIX}/bin/vssemu)
