/* SPDX-License-Identifier: MIT */
/* Writers and components as the scripted requester knows them, and by name (steps_i.h). */
#include "fakes/requester/steps_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "fakes/requester/betest_metadata.h"

#include <string.h>

void steps_forget_metadata(struct steps_session *s)
{
    wmds_free(&s->writers);
    array_free(&s->chosen);
}

void steps_forget_status(struct steps_session *s)
{
    for (size_t i = 0; i < s->status.count; i++)
        free(s->status.items[i].writer);
    array_free(&s->status);
}

HRESULT steps_read_metadata(struct steps_session *s)
{
    UINT count = 0;

    if (steps_is_replaced(s, "GetWriterMetadataCount"))
        return S_OK;
    HRESULT hr = IVssBackupComponents_GetWriterMetadataCount(s->vss, &count);

    for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
        if (steps_is_replaced(s, "GetWriterMetadata")) {
            if (s->is_gone)
                break;
            continue;
        }
        auto_com IVssExamineWriterMetadata *examine = NULL;
        struct wmd *wmd = NULL;
        const char *call = NULL;
        VSS_ID instance;

        hr = IVssBackupComponents_GetWriterMetadata(s->vss, i, &instance, &examine);
        if (SUCCEEDED(hr))
            hr = metadata_read(examine, &wmd, &call);
        if (FAILED(hr))
            break;
        wmd->instance_id = instance;
        array_add(&s->writers, wmd);
    }
    return hr;
}

HRESULT steps_read_status(struct steps_session *s)
{
    UINT count = 0;

    if (steps_is_replaced(s, "GetWriterStatusCount"))
        return S_OK;
    HRESULT hr = IVssBackupComponents_GetWriterStatusCount(s->vss, &count);

    for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
        if (steps_is_replaced(s, "GetWriterStatus")) {
            if (s->is_gone)
                break;
            continue;
        }
        VSS_ID instance, class;
        BSTR name = NULL;
        VSS_WRITER_STATE state = VSS_WS_UNKNOWN;
        HRESULT failure = S_OK;

        hr = IVssBackupComponents_GetWriterStatus(s->vss, i, &instance, &class, &name, &state,
                                                  &failure);
        char *writer = betest_take_bstr(name);

        if (FAILED(hr)) {
            free(writer);
            break;
        }
        array_add(&s->status, ((struct steps_status){ writer, state, failure }));
        steps_note(s, "status", "%s%s%s: %s %s", s->name, *s->name ? ": " : "", writer,
                   step_state(state), STEP_CODE(failure));
    }
    return hr;
}

bool steps_writer_is_well(const struct steps_session *s, const struct wmd *wmd)
{
    for (size_t i = 0; i < s->status.count; i++) {
        if (str_is_equal(s->status.items[i].writer, wmd->name) &&
            FAILED(s->status.items[i].failure))
            return false;
    }
    return true;
}

struct wmd *steps_writer(struct steps_session *s, const char *name)
{
    for (size_t i = 0; i < s->writers.count; i++) {
        struct wmd *wmd = s->writers.items[i];

        if (str_is_equal_nocase(wmd->name, name) || str_is_equal_nocase(wmd->instance_name, name) ||
            str_is_equal_nocase(BETEST_GUID(&wmd->writer_id), name))
            return wmd;
    }
    steps_explain(s, "GatherWriterMetadata has shown no writer %s", name);
    return NULL;
}

struct wmd_component *steps_component(struct steps_session *s, const struct wmd *wmd,
                                      const char *full_name)
{
    full_name += strspn(full_name, "\\");
    for (size_t i = 0; i < wmd->components.count; i++) {
        struct wmd_component *c = &wmd->components.items[i];
        size_t n = strlen(c->logical_path);
        bool is_same = n ? strncmp(full_name, c->logical_path, n) == 0 && full_name[n] == '\\' &&
                               strcmp(full_name + n + 1, c->name) == 0
                         : strcmp(full_name, c->name) == 0;

        if (is_same)
            return c;
    }
    steps_explain(s, "%s has no component %s", wmd->name, full_name);
    return NULL;
}

bool steps_class_of(struct steps_session *s, const char *name, bool is_instance, GUID *ret)
{
    if (step_guid(name, ret))
        return true;
    struct wmd *wmd = steps_writer(s, name);

    if (wmd)
        *ret = is_instance ? wmd->instance_id : wmd->writer_id;
    /* Classes are named before anything is gathered: by name then, as world files make them. */
    if (!wmd && !is_instance && !s->writers.count) {
        free(s->player->why);
        s->player->why = NULL;
        *ret = step_writer_class(name);
        return true;
    }
    return wmd;
}
