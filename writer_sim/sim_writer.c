/* SPDX-License-Identifier: MIT */
/* See sim_writer.h. */
#include "writer_sim/sim_writer.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/port/random.h"
#include "emu/port/trace.h"
#include "emu/port/volume_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

HRESULT sim_writer_init(struct sim_writer *sim, struct world_ports *ports,
                        const struct vssemu_writer_ops *ops, void *self,
                        const struct vssemu_writer_identity *identity)
{
    char *name = utf8_from_wide(identity->name);
    HRESULT hr;

    sim->ports = ports;
    sim->who = str_printf("writer %s", name);
    free(name);
    sim->writer = vssemu_writer_new(ops, self, VSSEMU_WRITER_INLINE);
    hr = vssemu_writer_initialize(sim->writer, identity);
    if (SUCCEEDED(hr))
        hr = vssemu_writer_subscribe(sim->writer, INFINITE,
                                     VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG);
    if (FAILED(hr))
        sim_writer_fini(sim);
    return hr;
}

void sim_writer_fini(struct sim_writer *sim)
{
    vssemu_writer_free(sim->writer);
    free(sim->who);
    *sim = (struct sim_writer){ 0 };
}

unsigned sim_writer_snapshot_of(const struct sim_writer *sim, const struct volume *volume)
{
    static const char name[] = "HarddiskVolumeShadowCopy";
    auto_free uint16_t *wide = utf16_from_utf8(volume->guid_name);
    auto_free char *text = NULL;
    const WCHAR *device = NULL;
    const char *number;
    unsigned n = VOLUME_ORIGIN;

    if (vssemu_writer_snapshot_device(sim->writer, (const WCHAR *)wide, &device) != S_OK)
        return VOLUME_ORIGIN;
    text = utf8_from_wide(device);
    number = strstr(text, name);
    if (number)
        sscanf(number + strlen(name), "%u", &n);
    return n ? volume_view_of(volume, n) : n;
}

void sim_writer_note(const struct sim_writer *sim, const char *what, const char *format, ...)
{
    struct str detail = { 0 };
    va_list args;

    if (!sim->ports->trace)
        return;

    va_start(args, format);
    str_vaddf(&detail, format, args);
    va_end(args);
    trace_write(sim->ports->trace,
                &(struct trace_record){
                    .kind = TRACE_NOTE, .who = sim->who, .what = what, .detail = detail.text });
    str_free(&detail);
}

HRESULT sim_writer_fail(const struct sim_writer *sim, bool retryable)
{
    static const HRESULT codes[] = { VSS_E_WRITERERROR_OUTOFRESOURCES, VSS_E_WRITERERROR_TIMEOUT,
                                     VSS_E_WRITERERROR_RETRYABLE };
    HRESULT code = VSS_E_WRITERERROR_NONRETRYABLE;

    if (retryable)
        code = codes[random_below(sim->ports->random, sizeof(codes) / sizeof(codes[0]))];
    vssemu_writer_set_failure(sim->writer, code);
    return code;
}
