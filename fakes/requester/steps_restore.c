/* SPDX-License-Identifier: MIT */
/* The methods of a restore (steps_i.h). Writers and components are those of the backup components
 * document, looked up in what GatherWriterMetadata shows now. */
#include "fakes/requester/steps_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "fakes/requester/betest_components.h"

#include <stdlib.h>
#include <string.h>

#define PLAY(name) \
    HRESULT step_##name(struct steps_session *s, const struct step *step, IVssAsync **ret_async)

PLAY(SetRestoreState)
{
    const char *word = step_argument(step, 0);
    const struct enum_word *type = word ? enum_word_of_text(restore_type_words, word) : NULL;

    (void)ret_async;
    if (word && !type)
        return steps_explain(s, "%s is no type of restore", word);
    return IVssBackupComponents_SetRestoreState(s->vss, type ? (VSS_RESTORE_TYPE)type->value
                                                             : VSS_RTYPE_BY_COPY);
}

/* ---- components of the document ---- */

struct documented {
    struct steps_session *s;
    int value;
    HRESULT(*play)
    (struct steps_session *s, VSS_ID class, VSS_COMPONENT_TYPE type, const WCHAR *path,
     const WCHAR *name, int value);
};

static HRESULT play_one(void *arg, const struct document_component *component)
{
    const struct documented *d = arg;
    auto_wide WCHAR *path = wide(component->logical_path), *name = wide(component->name);
    VSS_COMPONENT_TYPE type = VSS_CT_UNDEFINED;
    HRESULT hr = IVssComponent_GetComponentType(component->face, &type);

    if (FAILED(hr))
        return hr;
    return d->play(d->s, *component->class, type, *path ? path : NULL, name, d->value);
}

static HRESULT play_all(struct documented *d)
{
    const char *call;

    return components_each(d->s->vss, play_one, d, &call);
}

static HRESULT play_named(struct documented *d, const struct step *step)
{
    struct wmd *wmd = steps_writer(d->s, step_argument(step, 0));
    struct wmd_component *c = wmd ? steps_component(d->s, wmd, step_argument(step, 1)) : NULL;

    if (!c)
        return S_FALSE;
    auto_wide WCHAR *path = wide(c->logical_path), *name = wide(c->name);

    return d->play(d->s, wmd->writer_id, c->type, *path ? path : NULL, name, d->value);
}

static HRESULT select_one(struct steps_session *s, VSS_ID class, VSS_COMPONENT_TYPE type,
                          const WCHAR *path, const WCHAR *name, int value)
{
    return IVssBackupComponents_SetSelectedForRestore(s->vss, class, type, path, name,
                                                      (boolean)value);
}

PLAY(SetSelectedForRestore)
{
    bool is_all = !step_argument(step, 2);
    bool is_selected = str_is_equal_nocase(step_argument(step, is_all ? 1 : 2), "true");
    struct documented d = { s, is_selected, select_one };

    (void)ret_async;
    return is_all ? play_all(&d) : play_named(&d, step);
}

static HRESULT more_of_one(struct steps_session *s, VSS_ID class, VSS_COMPONENT_TYPE type,
                           const WCHAR *path, const WCHAR *name, int value)
{
    return IVssBackupComponents_SetAdditionalRestores(s->vss, class, type, path, name,
                                                      (boolean)value);
}

PLAY(SetAdditionalRestores)
{
    struct documented d = { s, str_is_equal_nocase(step_argument(step, 2), "true"), more_of_one };

    (void)ret_async;
    return play_named(&d, step);
}

static HRESULT status_of_one(struct steps_session *s, VSS_ID class, VSS_COMPONENT_TYPE type,
                             const WCHAR *path, const WCHAR *name, int value)
{
    return IVssBackupComponents_SetFileRestoreStatus(s->vss, class, type, path, name,
                                                     (VSS_FILE_RESTORE_STATUS)value);
}

PLAY(SetFileRestoreStatus)
{
    bool is_all = !step_argument(step, 2);
    const struct enum_word *status =
        enum_word_of_text(restore_status_words, step_argument(step, is_all ? 1 : 2));

    (void)ret_async;
    if (!status)
        return steps_explain(s, "a status is none, all or failed");
    struct documented d = { s, status->value, status_of_one };

    return is_all ? play_all(&d) : play_named(&d, step);
}

PLAY(SetRestoreOptions)
{
    (void)ret_async;
    return steps_component_text(s, step, s->vss->lpVtbl->SetRestoreOptions);
}

/* ---- other places ---- */

typedef HRESULT on_place(IVssBackupComponents *vss, VSS_ID writer, VSS_COMPONENT_TYPE type,
                         LPCWSTR path, LPCWSTR name, LPCWSTR from, LPCWSTR file, boolean recursive,
                         LPCWSTR to);

static HRESULT play_place(struct steps_session *s, const struct step *step, on_place *method)
{
    struct wmd *wmd = steps_writer(s, step_argument(step, 0));
    struct wmd_component *c = wmd ? steps_component(s, wmd, step_argument(step, 1)) : NULL;

    if (!c)
        return S_FALSE;
    auto_wide WCHAR *path = wide(c->logical_path), *name = wide(c->name);
    auto_wide WCHAR *from = wide(step_argument(step, 2)), *file = wide(step_argument(step, 3));
    auto_wide WCHAR *to = wide(step_argument(step, 5));
    bool recursive = strcmp(step_argument(step, 4), "yes") == 0;

    return method(s->vss, wmd->writer_id, c->type, *path ? path : NULL, name, from, file, recursive,
                  to);
}

PLAY(AddNewTarget)
{
    (void)ret_async;
    return play_place(s, step, s->vss->lpVtbl->AddNewTarget);
}

PLAY(AddAlternativeLocationMapping)
{
    (void)ret_async;
    return play_place(s, step, s->vss->lpVtbl->AddAlternativeLocationMapping);
}

PLAY(AddRestoreSubcomponent)
{
    struct wmd *wmd = steps_writer(s, step_argument(step, 0));
    struct wmd_component *c = wmd ? steps_component(s, wmd, step_argument(step, 1)) : NULL;
    struct wmd_component *sub = c ? steps_component(s, wmd, step_argument(step, 2)) : NULL;

    (void)ret_async;
    if (!sub)
        return S_FALSE;
    auto_wide WCHAR *path = wide(c->logical_path), *name = wide(c->name);
    auto_wide WCHAR *sub_path = wide(sub->logical_path), *sub_name = wide(sub->name);

    return IVssBackupComponents_AddRestoreSubcomponent(
        s->vss, wmd->writer_id, c->type, *path ? path : NULL, name, sub_path, sub_name, FALSE);
}

PLAY(SetRangesFilePath)
{
    struct wmd *wmd = steps_writer(s, step_argument(step, 0));
    struct wmd_component *c = wmd ? steps_component(s, wmd, step_argument(step, 1)) : NULL;

    (void)ret_async;
    if (!c)
        return S_FALSE;
    auto_wide WCHAR *path = wide(c->logical_path), *name = wide(c->name);
    auto_wide WCHAR *ranges = wide(step_argument(step, 3));
    UINT i = (UINT)strtoul(step_argument(step, 2), NULL, 10);

    return IVssBackupComponents_SetRangesFilePath(s->vss, wmd->writer_id, c->type,
                                                  *path ? path : NULL, name, i, ranges);
}

/* ---- events ---- */

PLAY(PreRestore)
{
    (void)step;
    return IVssBackupComponents_PreRestore(s->vss, ret_async);
}

PLAY(PostRestore)
{
    (void)step;
    return IVssBackupComponents_PostRestore(s->vss, ret_async);
}
