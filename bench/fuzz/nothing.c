/* SPDX-License-Identifier: MIT */
/* A program that the search runs, and that does nothing: what is left is the fork, the world and
 * its end. It wants to know the time, so that it links libvssapi at all. */
#include <windows.h>

int main(void)
{
    return GetTickCount() == 1;
}
