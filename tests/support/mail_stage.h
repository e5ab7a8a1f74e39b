/* SPDX-License-Identifier: MIT */
/* The cast of stories about restores and chains of backups: a mail server in C with a store of
 * its own for each instance, which notes what it was shown, and a requester that backs up every
 * store and restores some. Class, names and file sets are those of the server below. */
#pragma once

#include "tests/support/cmocka_vss.h"

#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"

#include <stdlib.h>
#include <string.h>

#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)
#define MUST(expression)          assert_int_equal(expression, S_OK)

/* ---- the cast: a mail server with a store of its own for each instance ---- */

static const VSS_ID mail_id = { 0x3a11, 1, 1, { 1 } };

struct mail {
    struct vssemu_writer *writer;
    const WCHAR *name, *store;            /* of the instance, of its component */
    VSS_WRITERRESTORE_ENUM participation; /* 0: always */
    char *seen;                           /* of each event: "PreRestore(one+ two-) " */
    char *stamp, *previous;               /* it gives at backup, it was shown */
    VSS_BACKUP_TYPE type;                 /* it was shown */
};

static inline bool identify(void *self, IVssCreateWriterMetadata *m)
{
    struct mail *mail = self;

    MUST(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, mail->store, NULL, NULL, 0, false, false,
              true, true, 0));
    MUST(call(m, AddFilesToFileGroup, NULL, mail->store, L"C:\\mail", mail->store, false, NULL,
              0xf0f));
    MUST(call(m, AddComponent, VSS_CT_FILEGROUP, mail->store, L"box", NULL, NULL, 0, false, false,
              true, true, 0));
    MUST(call(m, AddFilesToFileGroup, mail->store, L"box", L"C:\\mail\\box", mail->store, false,
              NULL, 0xf0f));
    MUST(call(m, SetRestoreMethod, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
              mail->participation ? mail->participation : VSS_WRE_ALWAYS, false));
    MUST(call(m, SetBackupSchema,
              VSS_BS_INCREMENTAL | VSS_BS_TIMESTAMPED | VSS_BS_WRITER_SUPPORTS_RESTORE_WITH_MOVE));
    return true;
}

static inline void note(struct mail *mail, const char *event, IVssWriterComponents *components)
{
    struct str text = { 0 };
    UINT n = 0;

    str_addf(&text, "%s%s(", mail->seen ? mail->seen : "", event);
    MUST(call(components, GetComponentCount, &n));
    for (UINT i = 0; i < n; i++) {
        IVssComponent *component = NULL;
        boolean is_selected = FALSE;
        BSTR name = NULL;
        UINT n_parts = 0;

        MUST(call(components, GetComponent, i, &component));
        MUST(call(component, GetComponentName, &name));
        MUST(call(component, IsSelectedForRestore, &is_selected));
        MUST(call(component, GetRestoreSubcomponentCount, &n_parts));
        char *name8 = utf8_from_wide(name);
        str_addf(&text, "%s%s%s", i ? " " : "", name8, is_selected ? "+" : "-");
        if (n_parts)
            str_addf(&text, "%u", n_parts);
        free(name8);
        bstr_free(name);
        call(component, Release);
    }
    str_add(&text, ") ");
    free(mail->seen);
    mail->seen = str_take(&text);
}

static inline bool prepare(void *self, IVssWriterComponents *components)
{
    struct mail *mail = self;
    IVssComponent *component = NULL;
    BSTR previous = NULL;

    mail->type = vssemu_writer_backup_type(mail->writer);
    if (!components) /* volume mode */
        return true;
    MUST(call(components, GetComponent, 0, &component));
    if (call(component, GetPreviousBackupStamp, &previous) == S_OK) {
        free(mail->previous);
        mail->previous = utf8_from_wide(previous);
    }
    bstr_free(previous);
    if (mail->stamp) {
        BSTR stamp = bstr_from_utf8(mail->stamp);

        MUST(call(component, SetBackupStamp, stamp));
        bstr_free(stamp);
    }
    call(component, Release);
    return true;
}

static inline bool pre_restore(void *self, IVssWriterComponents *components)
{
    note(self, "PreRestore", components);
    return true;
}

static inline bool post_restore(void *self, IVssWriterComponents *components)
{
    note(self, "PostRestore", components);
    return true;
}

static const struct vssemu_writer_ops ops = {
    .OnIdentify = identify,
    .OnPrepareBackup = prepare,
    .OnPreRestore = pre_restore,
    .OnPostRestore = post_restore,
};

static inline void subscribe(struct mail *mail)
{
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = mail_id;
    identity.name = L"Mail";
    identity.instance_name = mail->name;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    mail->writer = vssemu_writer_new(&ops, mail, VSSEMU_WRITER_INLINE);
    MUST(vssemu_writer_initialize(mail->writer, &identity));
    MUST(vssemu_writer_subscribe(mail->writer, 0,
                                 VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG));
}

static inline void leave(struct mail *mail)
{
    vssemu_writer_free(mail->writer);
    free(mail->seen);
    free(mail->stamp);
    free(mail->previous);
}

static inline void assert_seen(const struct mail *mail, const char *expected)
{
    assert_string_equal(mail->seen ? mail->seen : "", expected);
}

/* ---- the requester ---- */

static inline void release_components(IVssWriterComponentsExt *components)
{
    IUnknown *unknown = (IUnknown *)(void *)(components + 1);

    unknown->lpVtbl->Release(unknown);
}

static inline HRESULT finish(HRESULT hr, IVssAsync **async)
{
    HRESULT result = hr;

    if (SUCCEEDED(hr)) {
        MUST(call(*async, Wait, INFINITE));
        MUST(call(*async, QueryStatus, &result, NULL));
        call(*async, Release);
        *async = NULL;
    }
    return result == VSS_S_ASYNC_FINISHED ? S_OK : result;
}

static inline IVssBackupComponentsEx4 *new_requester(void)
{
    IVssBackupComponents *base = NULL;
    IVssBackupComponentsEx4 *b = NULL;

    MUST(CreateVssBackupComponents(&base));
    MUST(call(base, QueryInterface, &IID_IVssBackupComponentsEx4, (void **)&b));
    call(base, Release);
    return b;
}

static inline void gather(IVssBackupComponentsEx4 *b)
{
    IVssAsync *async = NULL;

    MUST(finish(call(b, GatherWriterMetadata, &async), &async));
}

/* Adds the store of every mail server that answered: the first component of its document. */
static inline void add_every_store(IVssBackupComponentsEx4 *b)
{
    UINT n = 0;

    MUST(call(b, GetWriterMetadataCount, &n));
    for (UINT i = 0; i < n; i++) {
        IVssExamineWriterMetadata *metadata = NULL;
        IVssWMComponent *component = NULL;
        PVSSCOMPONENTINFO info = NULL;
        VSS_ID instance;

        MUST(call(b, GetWriterMetadata, i, &instance, &metadata));
        MUST(call(metadata, GetComponent, 0, &component));
        MUST(call(component, GetComponentInfo, &info));
        MUST(call(b, AddComponent, instance, mail_id, info->type, info->bstrLogicalPath,
                  info->bstrComponentName));
        call(component, FreeComponentInfo, info);
        call(component, Release);
        call(metadata, Release);
    }
}

/* A backup up to PrepareForBackup; previous NULL: no stamp of an earlier one. */
static inline IVssBackupComponentsEx4 *begin_backup(VSS_BACKUP_TYPE type, const WCHAR *store,
                                                    const WCHAR *previous)
{
    IVssBackupComponentsEx4 *b = new_requester();
    IVssAsync *async = NULL;
    VSS_ID id;

    MUST(call(b, InitializeForBackup, NULL));
    MUST(call(b, SetBackupState, TRUE, FALSE, type, FALSE));
    gather(b);
    add_every_store(b);
    if (previous)
        MUST(call(b, SetPreviousBackupStamp, mail_id, VSS_CT_FILEGROUP, NULL, store, previous));
    MUST(call(b, StartSnapshotSet, &id));
    MUST(call(b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", GUID_NULL, &id));
    MUST(finish(call(b, PrepareForBackup, &async), &async));
    return b;
}

static inline BSTR end_backup(IVssBackupComponentsEx4 *b)
{
    IVssAsync *async = NULL;
    BSTR xml = NULL;

    MUST(finish(call(b, DoSnapshotSet, &async), &async));
    MUST(finish(call(b, BackupComplete, &async), &async));
    MUST(call(b, SaveAsXML, &xml));
    call(b, Release);
    return xml;
}

static inline BSTR whole_backup(void)
{
    return end_backup(begin_backup(VSS_BT_FULL, NULL, NULL));
}

/* Takes xml. */
static inline IVssBackupComponentsEx4 *begin_restore(BSTR xml)
{
    IVssBackupComponentsEx4 *b = new_requester();

    MUST(call(b, InitializeForRestore, xml));
    bstr_free(xml);
    gather(b);
    return b;
}

static inline HRESULT select_store(IVssBackupComponentsEx4 *b, const WCHAR *store, VSS_ID instance)
{
    return call(b, SetSelectedForRestoreEx, mail_id, VSS_CT_FILEGROUP, NULL, store, TRUE, instance);
}

static inline void run_events(IVssBackupComponentsEx4 *b)
{
    IVssAsync *async = NULL;

    MUST(finish(call(b, PreRestore, &async), &async));
    MUST(finish(call(b, PostRestore, &async), &async));
}

/* Instance of the gathered writer whose store has this name. */
static inline VSS_ID instance_with(IVssBackupComponentsEx4 *b, const WCHAR *instance_name)
{
    VSS_ID found = GUID_NULL;
    UINT n = 0;

    MUST(call(b, GetWriterMetadataCount, &n));
    for (UINT i = 0; i < n; i++) {
        IVssExamineWriterMetadataEx *metadata = NULL;
        BSTR name = NULL, of_instance = NULL;
        VSS_USAGE_TYPE usage;
        VSS_SOURCE_TYPE source;
        VSS_ID instance, class_id;

        MUST(call(b, GetWriterMetadataEx, i, &instance, &metadata));
        MUST(call(metadata, GetIdentityEx, &instance, &class_id, &name, &of_instance, &usage,
                  &source));
        char *have = utf8_from_wide(of_instance), *want = utf8_from_wide(instance_name);
        if (strcmp(have, want) == 0)
            found = instance;
        free(have);
        free(want);
        bstr_free(name);
        bstr_free(of_instance);
        call(metadata, Release);
    }
    return found;
}

static inline int setup(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "C:\\mail\\one", "letters", 7));
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    assert_int_equal(vssemu_world_free(*state), 0);
    return 0;
}
