/* SPDX-License-Identifier: MIT */
/* `vssemu states faults`: what can be planned to go wrong, printed from the tables that the plan of
 * faults is read with. */
#pragma once

void states_faults_print(void);
