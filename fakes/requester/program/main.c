/* SPDX-License-Identifier: MIT */
/* The program build/bin/betest: the built-in requester by itself (fakes/requester/betest.h). */
#include "fakes/requester/betest.h"

int main(int argc, char **argv)
{
    return betest_main(argc, argv);
}
