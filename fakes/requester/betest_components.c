/* SPDX-License-Identifier: MIT */
/* Reads IVssWriterComponents and IVssComponent (betest_components.h). S_FALSE of a getter means
 * that nobody has set the value. */
#include "fakes/requester/betest_components.h"

#include "emu/base/mem.h"

void component_details_free(struct component_details *details)
{
    if (!details)
        return;
    for (size_t i = 0; i < details->partial_files.count; i++) {
        free(details->partial_files.items[i].path);
        free(details->partial_files.items[i].name);
        free(details->partial_files.items[i].ranges);
    }
    array_free(&details->partial_files);
    for (size_t i = 0; i < details->differenced_files.count; i++) {
        free(details->differenced_files.items[i].path);
        free(details->differenced_files.items[i].filespec);
    }
    array_free(&details->differenced_files);
    for (size_t i = 0; i < details->directed_targets.count; i++) {
        struct directed_target *target = &details->directed_targets.items[i];

        free(target->from_path);
        free(target->from_name);
        free(target->from_ranges);
        free(target->to_path);
        free(target->to_name);
        free(target->to_ranges);
    }
    array_free(&details->directed_targets);
    free(details->backup_stamp);
    free(details->message);
    free(details);
}

/* ---- the document ---- */

static HRESULT visit_one(IVssWriterComponentsExt *components, UINT i,
                         struct document_component *component,
                         HRESULT (*visit)(void *arg, const struct document_component *component),
                         void *arg, const char **ret_call)
{
    auto_com IVssComponent *face = NULL;
    auto_bstr BSTR path = NULL, name = NULL;

    *ret_call = "IVssWriterComponents::GetComponent";
    HRESULT hr = IVssWriterComponentsExt_GetComponent(components, i, &face);
    if (FAILED(hr))
        return hr;
    *ret_call = "IVssComponent::GetLogicalPath";
    hr = IVssComponent_GetLogicalPath(face, &path);
    if (FAILED(hr))
        return hr;
    *ret_call = "IVssComponent::GetComponentName";
    hr = IVssComponent_GetComponentName(face, &name);
    if (FAILED(hr))
        return hr;
    auto_free char *path8 = utf8_from_utf16(path), *name8 = utf8_from_utf16(name);
    component->logical_path = path8 ? path8 : "";
    component->name = name8 ? name8 : "";
    component->face = face;
    *ret_call = "IVssComponent";
    return visit(arg, component);
}

static HRESULT visit_writer(IVssWriterComponentsExt *components,
                            HRESULT (*visit)(void *arg, const struct document_component *component),
                            void *arg, const char **ret_call)
{
    VSS_ID instance, class;
    struct document_component component = { .instance = &instance, .class = &class };
    UINT count = 0;

    *ret_call = "IVssWriterComponents::GetWriterInfo";
    HRESULT hr = IVssWriterComponentsExt_GetWriterInfo(components, &instance, &class);
    if (FAILED(hr))
        return hr;
    *ret_call = "IVssWriterComponents::GetComponentCount";
    hr = IVssWriterComponentsExt_GetComponentCount(components, &count);
    for (UINT i = 0; SUCCEEDED(hr) && i < count; i++)
        hr = visit_one(components, i, &component, visit, arg, ret_call);
    return hr;
}

HRESULT components_each(IVssBackupComponents *vss,
                        HRESULT (*visit)(void *arg, const struct document_component *component),
                        void *arg, const char **ret_call)
{
    UINT count = 0;

    *ret_call = "GetWriterComponentsCount";
    HRESULT hr = IVssBackupComponents_GetWriterComponentsCount(vss, &count);
    for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
        IVssWriterComponentsExt *components = NULL;

        *ret_call = "GetWriterComponents";
        hr = IVssBackupComponents_GetWriterComponents(vss, i, &components);
        if (FAILED(hr))
            break;
        hr = visit_writer(components, visit, arg, ret_call);
        betest_release_writer_components(components);
    }
    return hr;
}

/* ---- one component ---- */

static HRESULT read_partial_files(IVssComponent *face, struct component_details *details)
{
    UINT count = 0;
    HRESULT hr = IVssComponent_GetPartialFileCount(face, &count);

    for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
        BSTR path = NULL, name = NULL, ranges = NULL, metadata = NULL;

        hr = IVssComponent_GetPartialFile(face, i, &path, &name, &ranges, &metadata);
        SysFreeString(metadata); /* the writer's own */
        *array_push(&details->partial_files) =
            (struct partial_file){ .path = betest_take_bstr(path),
                                   .name = betest_take_bstr(name),
                                   .ranges = betest_take_bstr(ranges) };
    }
    return hr;
}

static HRESULT read_differenced_files(IVssComponent *face, struct component_details *details)
{
    UINT count = 0;
    HRESULT hr = IVssComponent_GetDifferencedFilesCount(face, &count);

    for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
        BSTR path = NULL, filespec = NULL, lsn = NULL;
        WINBOOL recursive = FALSE;
        FILETIME since = { 0 };

        hr = IVssComponent_GetDifferencedFile(face, i, &path, &filespec, &recursive, &lsn, &since);
        SysFreeString(lsn); /* reserved */
        *array_push(&details->differenced_files) =
            (struct differenced_files){ .path = betest_take_bstr(path),
                                        .filespec = betest_take_bstr(filespec),
                                        .recursive = recursive,
                                        .changed_since = (uint64_t)since.dwHighDateTime << 32 |
                                                         since.dwLowDateTime };
    }
    return hr;
}

static HRESULT read_directed_targets(IVssComponent *face, struct component_details *details)
{
    UINT count = 0;
    HRESULT hr = IVssComponent_GetDirectedTargetCount(face, &count);

    for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
        BSTR text[6] = { NULL };

        hr = IVssComponent_GetDirectedTarget(face, i, &text[0], &text[1], &text[2], &text[3],
                                             &text[4], &text[5]);
        *array_push(&details->directed_targets) =
            (struct directed_target){ .from_path = betest_take_bstr(text[0]),
                                      .from_name = betest_take_bstr(text[1]),
                                      .from_ranges = betest_take_bstr(text[2]),
                                      .to_path = betest_take_bstr(text[3]),
                                      .to_name = betest_take_bstr(text[4]),
                                      .to_ranges = betest_take_bstr(text[5]) };
    }
    return hr;
}

/* The later of the two messages that a writer may leave in a restore or a backup. */
static void read_messages(IVssComponent *face, IVssComponentEx2 *newer, bool is_restore,
                          struct component_details *details)
{
    BSTR texts[2] = { NULL };

    if (is_restore) {
        IVssComponent_GetPostRestoreFailureMsg(face, &texts[0]);
        IVssComponent_GetPreRestoreFailureMsg(face, &texts[1]);
    } else if (newer) {
        IVssComponentEx2_GetPostSnapshotFailureMsg(newer, &texts[0]);
        IVssComponentEx2_GetPrepareForBackupFailureMsg(newer, &texts[1]);
    }
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        if (texts[i] && !details->message)
            details->message = utf8_from_utf16(texts[i]);
        SysFreeString(texts[i]);
    }
}

/* Learn: "IVssComponentEx2::GetFailure": how one component fared; systems before Windows 8 have no
 * such interface. */
static void read_failure(IVssComponent *face, bool is_restore, struct component_details *details)
{
    IVssComponentEx2 *newer = NULL;
    HRESULT failure = S_OK, application = S_OK;
    BSTR message = NULL;
    DWORD reserved = 0;

    if (FAILED(IVssComponent_QueryInterface(face, &IID_IVssComponentEx2, (void **)&newer)))
        newer = NULL;
    if (newer && SUCCEEDED(IVssComponentEx2_GetFailure(newer, &failure, &application, &message,
                                                       &reserved))) {
        details->failure = failure;
        details->message = message ? utf8_from_utf16(message) : NULL;
        SysFreeString(message);
    }
    read_messages(face, newer, is_restore, details);
    if (newer)
        IVssComponentEx2_Release(newer);
}

static HRESULT read_target(IVssComponent *face, struct component_details *details)
{
    VSS_RESTORE_TARGET target = VSS_RT_UNDEFINED;
    HRESULT hr = IVssComponent_GetRestoreTarget(face, &target);

    details->target = target == VSS_RT_UNDEFINED || hr != S_OK ? VSS_RT_ORIGINAL : target;
    return hr;
}

HRESULT component_details_read(IVssComponent *face, bool is_restore, struct component_details **ret)
{
    struct component_details *details = mem_new(struct component_details);
    BSTR stamp = NULL;
    HRESULT hr = IVssComponent_GetBackupStamp(face, &stamp);

    if (SUCCEEDED(hr) && stamp)
        details->backup_stamp = utf8_from_utf16(stamp);
    SysFreeString(stamp);
    if (SUCCEEDED(hr))
        hr = read_partial_files(face, details);
    if (SUCCEEDED(hr))
        hr = read_differenced_files(face, details);
    if (SUCCEEDED(hr))
        hr = read_directed_targets(face, details);
    if (SUCCEEDED(hr))
        hr = read_target(face, details);
    if (FAILED(hr)) {
        component_details_free(details);
        return hr;
    }
    read_failure(face, is_restore, details);
    *ret = details;
    return S_OK;
}
