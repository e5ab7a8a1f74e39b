/* SPDX-License-Identifier: MIT */
/* A plain Linux program that is a writer, through vssemu_writer.h: no console, only signals.
 * Usage: linux-writer default | handler. "handler": leaves at SIGTERM with exit code 5. */
#include "emu/include/vssemu_writer.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const WCHAR name[] = { 'L', 'i', 'n', 'u', 'x', 0 };
static const WCHAR files[] = { 'F', 'i', 'l', 'e', 's', 0 };
static volatile sig_atomic_t must_leave;

static bool identify(void *self, IVssCreateWriterMetadata *metadata)
{
    (void)self;
    HRESULT hr = metadata->lpVtbl->AddComponent(metadata, VSS_CT_FILEGROUP, NULL, files, NULL, NULL,
                                                0, false, false, true, false, 0);

    if (SUCCEEDED(hr))
        hr = metadata->lpVtbl->SetRestoreMethod(metadata, VSS_RME_RESTORE_IF_NOT_THERE, NULL, NULL,
                                                VSS_WRE_NEVER, false);
    return SUCCEEDED(hr);
}

static const struct vssemu_writer_ops ops = { .OnIdentify = identify };

static void leave(int number)
{
    (void)number;
    must_leave = 1;
}

int main(int argc, char **argv)
{
    struct vssemu_writer_identity identity;
    struct vssemu_writer *writer = vssemu_writer_new(&ops, NULL, 0);

    if (argc == 2 && strcmp(argv[1], "handler") == 0)
        signal(SIGTERM, leave);
    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 0x11, 1, 1, { 1 } };
    identity.name = name;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    if (vssemu_writer_initialize(writer, &identity) != S_OK ||
        vssemu_writer_subscribe(writer, 0, VSS_SM_BACKUP_EVENTS_FLAG) != S_OK)
        return 2;
    while (!must_leave)
        usleep(10000);
    vssemu_writer_free(writer);
    puts("linux-writer: left");
    return 5;
}
