# SPDX-License-Identifier: MIT
# add_windows_program(name sources... [OPTIONS flags...] [DIRECTORY dir] [ENVIRONMENT NAME=value...])
# Builds a program from unmodified Windows source with the compile drivers of this build, as a user
# does it, into build/bin (or DIRECTORY).
file(GLOB VSSEMU_DRIVER_HEADERS CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/fakes/windows/include/*.h
     ${CMAKE_SOURCE_DIR}/fakes/windows/include/sys/*.h
     ${CMAKE_SOURCE_DIR}/fakes/windows/include/vssemu/*.h
     ${CMAKE_SOURCE_DIR}/emu/include/vssemu.h ${CMAKE_SOURCE_DIR}/emu/include/vssemu_writer.h)

function(add_windows_program name)
  cmake_parse_arguments(PROGRAM "" "DIRECTORY" "OPTIONS;ENVIRONMENT;DEPENDS" ${ARGN})
  if(NOT PROGRAM_DIRECTORY)
    set(PROGRAM_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  endif()
  set(driver vssemu-cc)
  set(sources)
  foreach(source ${PROGRAM_UNPARSED_ARGUMENTS})
    get_filename_component(source ${source} ABSOLUTE)
    list(APPEND sources ${source})
    if(source MATCHES "\\.(cpp|cc|cxx)$")
      set(driver vssemu-c++)
    endif()
  endforeach()
  set(options -g -O1)
  if(VSSEMU_SANITIZE)
    set(options -g1 -O1)
    list(APPEND options -fsanitize=${VSSEMU_SANITIZE} -fno-omit-frame-pointer)
  endif()
  add_custom_command(
    OUTPUT ${PROGRAM_DIRECTORY}/${name}
    COMMAND ${CMAKE_COMMAND} -E env VSSEMU_CACHE=${CMAKE_BINARY_DIR}/driver-cache ${PROGRAM_ENVIRONMENT} $<TARGET_FILE:${driver}> ${options} ${sources}
            ${PROGRAM_OPTIONS} -o ${PROGRAM_DIRECTORY}/${name}
    DEPENDS ${sources} ${PROGRAM_DEPENDS} ${driver} vssemu_start vssemu_fine ${VSSEMU_DRIVER_HEADERS}
    COMMENT "Building ${name} with ${driver}" VERBATIM)
  set(with_all)
  if(VSSEMU_WINDOWS_PROGRAMS)
    set(with_all ALL)
  endif()
  add_custom_target(program_${name} ${with_all} DEPENDS ${PROGRAM_DIRECTORY}/${name})
  # The library is shared: it must be there, but a newer one wants no new program.
  add_dependencies(program_${name} vssapi)
endfunction()
