/* SPDX-License-Identifier: MIT */
/* The symbol that every object compiled by a driver refers to (vssemu/forced.h): it is here, in
 * what only the drivers link. */
extern const char vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx;
const char vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx = 1;
