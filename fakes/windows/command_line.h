/* SPDX-License-Identifier: MIT */
/* What GetCommandLine shows, where the program's arguments are not those it was started with. */
#pragma once

/* argv ends with NULL and is copied. Before main(), before anybody asks. */
void command_line_set(char *const *argv);
