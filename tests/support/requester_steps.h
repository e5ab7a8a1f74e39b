/* SPDX-License-Identifier: MIT */
/* A requester in steps, for scenarios in which several are on stage: each step is one line of the
 * story, made through the public interface. */
#pragma once

#include "tests/support/cmocka_vss.h"

#include "emu/com/bstr.h"
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"

#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)

/* Waits, answers what QueryStatus tells; S_OK for a good end. */
static inline HRESULT finish(HRESULT hr, IVssAsync *take)
{
    HRESULT result = hr;

    if (!take)
        return hr;
    call(take, Wait, INFINITE);
    call(take, QueryStatus, &result, NULL);
    call(take, Release);
    return result == VSS_S_ASYNC_FINISHED ? S_OK : result;
}

static inline HRESULT requester_gather(IVssBackupComponents *b)
{
    IVssAsync *async = NULL;
    HRESULT hr = call(b, GatherWriterMetadata, &async);

    return finish(hr, async);
}

/* In component mode, with metadata gathered. */
static inline IVssBackupComponents *requester_new(void)
{
    IVssBackupComponents *b = NULL;

    assert_int_equal(CreateVssBackupComponentsInternal(&b), S_OK);
    assert_int_equal(call(b, InitializeForBackup, NULL), S_OK);
    assert_int_equal(call(b, SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE), S_OK);
    return b;
}

/* Instance and class of writer number i of the gathered metadata. */
static inline VSS_ID requester_writer(IVssBackupComponents *b, UINT i, VSS_ID *ret_class)
{
    IVssExamineWriterMetadata *metadata = NULL;
    VSS_ID instance, own_instance;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name = NULL;

    assert_int_equal(call(b, GetWriterMetadata, i, &instance, &metadata), S_OK);
    assert_int_equal(call(metadata, GetIdentity, &own_instance, ret_class, &name, &usage, &source),
                     S_OK);
    bstr_free(name);
    call(metadata, Release);
    return instance;
}

static inline HRESULT requester_add(IVssBackupComponents *b, UINT writer, const WCHAR *name)
{
    VSS_ID class_id, instance = requester_writer(b, writer, &class_id);

    return call(b, AddComponent, instance, class_id, VSS_CT_FILEGROUP, NULL, name);
}

static inline HRESULT requester_start_set(IVssBackupComponents *b)
{
    VSS_ID id;

    return call(b, StartSnapshotSet, &id);
}

static inline HRESULT requester_add_volume(IVssBackupComponents *b)
{
    WCHAR volume[] = L"C:\\";
    VSS_ID id;

    return call(b, AddToSnapshotSet, volume, GUID_NULL, &id);
}

static inline HRESULT requester_prepare(IVssBackupComponents *b)
{
    IVssAsync *async = NULL;
    HRESULT hr = call(b, PrepareForBackup, &async);

    return finish(hr, async);
}

static inline HRESULT requester_snapshot(IVssBackupComponents *b)
{
    IVssAsync *async = NULL;
    HRESULT hr = call(b, DoSnapshotSet, &async);

    return finish(hr, async);
}

static inline HRESULT requester_complete(IVssBackupComponents *b)
{
    IVssAsync *async = NULL;
    HRESULT hr = call(b, BackupComplete, &async);

    return finish(hr, async);
}

/* State and failure of writer number i, after a fresh GatherWriterStatus. */
static inline VSS_WRITER_STATE requester_state(IVssBackupComponents *b, UINT i,
                                               HRESULT *ret_failure)
{
    VSS_WRITER_STATE state = VSS_WS_UNKNOWN;
    VSS_ID instance, class_id;
    IVssAsync *async = NULL;
    HRESULT hr = call(b, GatherWriterStatus, &async);
    BSTR name = NULL;

    assert_int_equal(finish(hr, async), S_OK);
    assert_int_equal(call(b, GetWriterStatus, i, &instance, &class_id, &name, &state, ret_failure),
                     S_OK);
    bstr_free(name);
    assert_int_equal(call(b, FreeWriterStatus), S_OK);
    return state;
}

/* The document as UTF-8; the caller frees. */
static inline char *requester_document(IVssBackupComponents *b)
{
    BSTR xml = NULL;
    char *text;

    assert_int_equal(call(b, SaveAsXML, &xml), S_OK);
    text = utf8_from_wide(xml);
    bstr_free(xml);
    return text;
}

/* The header's C form of IVssWriterComponentsExt has no Release: IUnknown stands one table behind,
 * as in a C++ object. */
static inline void requester_release_components(IVssWriterComponentsExt *take)
{
    IUnknown *face = (IUnknown *)(void *)((void **)take + 1);

    call(face, Release);
}
