/* SPDX-License-Identifier: MIT */
/* The program vssemu-play: plays scenarios in which no program of a user takes part. The launcher
 * starts it (vssemu test, vssemu run --world without a program); the world is inside libvssapi. */
int vssemu_play_main(int argc, char **argv);

int main(int argc, char **argv)
{
    return vssemu_play_main(argc, argv);
}
