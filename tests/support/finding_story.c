/* SPDX-License-Identifier: MIT */
/* See finding_story.h. The table at the end lists the words; a word may have an argument:
 * "add=docs". Steps answer nothing: a story that does not get through has other findings than its
 * row says. */
#include "tests/support/cmocka_vss.h"

#include "tests/support/finding_story.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"

#include <windows.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)

struct story {
    struct cast *cast;
    const char *script;
    struct vssemu_world *world;
    IVssBackupComponentsEx4 *b;
    VSS_ID instance, set_id;
    BSTR document;
    const char *argument; /* of the word: "docs\part" is path "docs", name "part" */
    WCHAR *path, *name;
    bool has_com;
    IVssAsync *kept_async;
    IVssExamineWriterMetadata *kept_metadata;
    IVssWriterComponentsExt *kept_components;
};

/* ---- operations ---- */

static void finish(IVssAsync *async, bool is_read, void *reserved)
{
    HRESULT result;

    if (!async)
        return;
    call(async, Wait, INFINITE);
    if (is_read)
        call(async, QueryStatus, &result, reserved);
    call(async, Release);
}

#define OPERATION(name, method)           \
    static void name(struct story *story) \
    {                                     \
        IVssAsync *async = NULL;          \
                                          \
        call(story->b, method, &async);   \
        finish(async, true, NULL);        \
    }
OPERATION(gather, GatherWriterMetadata)
OPERATION(prepare, PrepareForBackup)
OPERATION(do_set, DoSnapshotSet)
OPERATION(complete, BackupComplete)
OPERATION(gather_status, GatherWriterStatus)
OPERATION(pre_restore, PreRestore)
OPERATION(post_restore, PostRestore)
OPERATION(import, ImportSnapshots)

static void prepare_unread(struct story *story)
{
    IVssAsync *async = NULL;

    call(story->b, PrepareForBackup, &async);
    finish(async, false, NULL);
}

static void prepare_reserved(struct story *story)
{
    IVssAsync *async = NULL;
    INT reserved = 0;

    call(story->b, PrepareForBackup, &async);
    finish(async, true, &reserved);
}

static void prepare_kept(struct story *story)
{
    HRESULT result;

    call(story->b, PrepareForBackup, &story->kept_async);
    call(story->kept_async, Wait, INFINITE);
    call(story->kept_async, QueryStatus, &result, NULL);
}

static void begin_do(struct story *story)
{
    call(story->b, DoSnapshotSet, &story->kept_async);
}

static void finish_kept(struct story *story)
{
    finish(story->kept_async, true, NULL);
    story->kept_async = NULL;
}

/* ---- the object and its metadata ---- */

static void com(struct story *story)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    story->has_com = true;
}

/* Once for the process, as on Windows. */
static void security(struct story *story)
{
    (void)story;
    CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                         RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL);
}

static void create(struct story *story)
{
    IVssBackupComponents *b = NULL;

    assert_int_equal(CreateVssBackupComponentsInternal(&b), S_OK);
    call(b, QueryInterface, &IID_IVssBackupComponentsEx4, (void **)&story->b);
    call(b, Release);
}

static void release(struct story *story)
{
    call(story->b, Release);
    story->b = NULL;
}

static void init(struct story *story)
{
    call(story->b, InitializeForBackup, NULL);
}

static void init_restore(struct story *story)
{
    assert_int_equal(call(story->b, InitializeForRestore, story->document), S_OK);
}

static void state(struct story *story)
{
    call(story->b, SetBackupState, TRUE, FALSE, story->argument ? VSS_BT_INCREMENTAL : VSS_BT_FULL,
         FALSE);
}

static void context(struct story *story)
{
    call(story->b, SetContext, *story->argument == 'a' ? (LONG)VSS_CTX_ALL : VSS_CTX_APP_ROLLBACK);
}

static void read_kept(struct story *story)
{
    assert_int_equal(call(story->b, GetWriterMetadata, 0, &story->instance, &story->kept_metadata),
                     S_OK);
}

static void read_metadata(struct story *story)
{
    read_kept(story);
    call(story->kept_metadata, Release);
    story->kept_metadata = NULL;
}

static void save(struct story *story)
{
    SysFreeString(story->document);
    call(story->b, SaveAsXML, &story->document);
}

static void free_document(struct story *story)
{
    SysFreeString(story->document);
    story->document = NULL;
}

static void abort_backup(struct story *story)
{
    call(story->b, AbortBackup);
}

static void query(struct story *story)
{
    IVssEnumObject *found = NULL;

    if (call(story->b, Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found) == S_OK)
        call(found, Release);
}

static void delete_set(struct story *story)
{
    VSS_ID left;
    LONG n = 0;

    call(story->b, DeleteSnapshots, story->set_id, VSS_OBJECT_SNAPSHOT_SET, TRUE, &n, &left);
}

/* ---- status ---- */

static void read_status(struct story *story)
{
    VSS_ID instance, class;
    BSTR name = NULL;
    VSS_WRITER_STATE writer_state;
    HRESULT failure;

    call(story->b, GetWriterStatus, 0, &instance, &class, &name, &writer_state, &failure);
    SysFreeString(name);
}

static void free_status(struct story *story)
{
    call(story->b, FreeWriterStatus);
}

static void status(struct story *story)
{
    gather_status(story);
    read_status(story);
    free_status(story);
}

/* ---- choice ---- */

#define COMPONENT cast_id, VSS_CT_FILEGROUP, story->path, story->name

static void add(struct story *story)
{
    assert_int_equal(call(story->b, AddComponent, story->instance, COMPONENT), S_OK);
}

/* "content" of the other writer: added, or with =over said to have succeeded. */
static void other_content(struct story *story)
{
    IVssExamineWriterMetadata *metadata = NULL;
    VSS_ID instance;
    bool is_over = story->argument;

    assert_int_equal(call(story->b, GetWriterMetadata, 1, &instance, &metadata), S_OK);
    call(metadata, Release);
    if (is_over)
        call(story->b, SetBackupSucceeded, instance, cast_other_id, VSS_CT_FILEGROUP, NULL,
             L"content", TRUE);
    else
        call(story->b, AddComponent, instance, cast_other_id, VSS_CT_FILEGROUP, NULL, L"content");
}

static void stamp(struct story *story)
{
    call(story->b, SetPreviousBackupStamp, COMPONENT, L"monday");
}

static void start(struct story *story)
{
    call(story->b, StartSnapshotSet, &story->set_id);
}

static void volume(struct story *story)
{
    VSS_ID id;
    WCHAR name[] = L"?:\\";

    name[0] = (WCHAR)story->argument[0];
    assert_int_equal(call(story->b, AddToSnapshotSet, name, GUID_NULL, &id), S_OK);
}

/* The next copy of C: fails. */
static void fault(struct story *story)
{
    assert_true(vssemu_plan_volume_fault(story->world, "C:", VSSEMU_VOLUME_COMMIT, 0, ENOSPC));
}

/* The next copy of C: takes a second. */
static void slow(struct story *story)
{
    assert_true(vssemu_plan_volume_fault(story->world, "C:", VSSEMU_VOLUME_FLUSH, 1000, 0));
}

static void succeeded(struct story *story)
{
    assert_int_equal(call(story->b, SetBackupSucceeded, story->instance, COMPONENT, TRUE), S_OK);
}

static void failed(struct story *story)
{
    assert_int_equal(call(story->b, SetBackupSucceeded, story->instance, COMPONENT, FALSE), S_OK);
}

static void read_live(struct story *story)
{
    HANDLE file = CreateFileW(L"C:\\docs\\a.txt", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                              NULL, OPEN_EXISTING, 0, NULL);

    (void)story;
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    CloseHandle(file);
}

static void read_copy(struct story *story)
{
    auto_free char *path =
        str_printf("%s\\docs\\a.txt", vssemu_snapshot_device(story->world, "C:"));
    WCHAR *name = (WCHAR *)utf16_from_utf8(path);
    HANDLE file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    free(name);
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    CloseHandle(file);
}

/* ---- components as objects ---- */

static void drop_components(struct story *story)
{
    IUnknown *unknown = (IUnknown *)(void *)(story->kept_components + 1);

    call(unknown, Release);
    story->kept_components = NULL;
}

static void keep_components(struct story *story)
{
    assert_int_equal(call(story->b, GetWriterComponents, 0, &story->kept_components), S_OK);
}

static void use_components(struct story *story)
{
    UINT n = 0;

    call(story->kept_components, GetComponentCount, &n);
}

static void components(struct story *story)
{
    keep_components(story);
    use_components(story);
    drop_components(story);
}

/* ---- restore ---- */

#define SETTER(name, method, ...)              \
    static void name(struct story *story)      \
    {                                          \
        call(story->b, method, ##__VA_ARGS__); \
    }
SETTER(restore_state, SetRestoreState, VSS_RTYPE_BY_COPY)
static void select_component(struct story *story)
{
    assert_int_equal(call(story->b, SetSelectedForRestore, COMPONENT, TRUE), S_OK);
}

SETTER(options, SetRestoreOptions, COMPONENT, L"\"Authoritative\"")
SETTER(new_target, AddNewTarget, COMPONENT, L"C:\\docs", L"*", false, L"C:\\new")
SETTER(roll_forward, SetRollForward, COMPONENT, VSS_RF_PARTIAL, L"noon")
SETTER(rename_component, SetRestoreName, COMPONENT, L"other")
SETTER(authoritative, SetAuthoritativeRestore, COMPONENT, TRUE)

static void mapping(struct story *story)
{
    assert_int_equal(call(story->b, AddAlternativeLocationMapping, COMPONENT, L"C:\\docs", L"*",
                          false, L"C:\\elsewhere"),
                     S_OK);
}

static void restored(struct story *story)
{
    assert_int_equal(call(story->b, SetFileRestoreStatus, COMPONENT, VSS_RS_ALL), S_OK);
}

/* ---- the words ---- */

/* With arguments: state=incremental, context=all, context=rollback, volume=C, content=over, and
 * components. clang-format would give each word a line. */
/* clang-format off */
static const struct word {
    const char *name;
    void (*step)(struct story *story);
} words[] = {
    { "com", com },                                { "security", security },
    { "create", create },                          { "release", release },
    { "init", init },                              { "init-restore", init_restore },
    { "state", state },                            { "context", context },
    { "gather", gather },                          { "read", read_metadata },
    { "read-kept", read_kept },                    { "save", save },
    { "free-document", free_document },            { "abort", abort_backup },
    { "query", query },                            { "delete", delete_set },
    { "import", import },                          { "status", status },
    { "gather-status", gather_status },            { "read-status", read_status },
    { "free-status", free_status },                { "add", add },
    { "content", other_content },                  { "stamp", stamp },
    { "start", start },                            { "volume", volume },
    { "prepare", prepare },                        { "prepare-unread", prepare_unread },
    { "prepare-reserved", prepare_reserved },      { "prepare-kept", prepare_kept },
    { "fault", fault },                            { "slow", slow },
    { "do", do_set },                              { "begin-do", begin_do },
    { "finish", finish_kept },                     { "succeeded", succeeded },
    { "failed", failed },                          { "read-live", read_live },
    { "read-copy", read_copy },                    { "complete", complete },
    { "components", components },                  { "keep-components", keep_components },
    { "use-components", use_components },          { "drop-components", drop_components },
    { "restore-state", restore_state },            { "select", select_component },
    { "options", options },                        { "new-target", new_target },
    { "roll-forward", roll_forward },              { "rename", rename_component },
    { "authoritative", authoritative },            { "mapping", mapping },
    { "pre-restore", pre_restore },                { "restored", restored },
    { "post-restore", post_restore },
};
/* clang-format on */

static void take_argument(struct story *story, const char *text)
{
    const char *backslash = text ? strchr(text, '\\') : NULL;
    auto_free char *path = backslash ? str_printf("%.*s", (int)(backslash - text), text) : NULL;

    free(story->path);
    free(story->name);
    story->argument = text;
    story->path = (WCHAR *)utf16_from_utf8(path);
    story->name = (WCHAR *)utf16_from_utf8(backslash ? backslash + 1 : text);
}

static void step(struct story *story, char *text)
{
    char *argument = strchr(text, '=');

    if (argument)
        *argument++ = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].name, text) != 0)
            continue;
        take_argument(story, argument);
        words[i].step(story);
        return;
    }
    fail_msg("no story knows the word %s", text);
}

struct story *story_play(enum story_cast cast, const char *script)
{
    struct story *story = mem_new(struct story);
    auto_free char *text = mem_strdup(script);
    char *rest = NULL;

    story->script = script;
    story->world = vssemu_world_new(NULL);
    assert_true(vssemu_add_volume(story->world, "C:", NULL));
    assert_true(vssemu_add_volume(story->world, "D:", NULL));
    assert_true(vssemu_file_write(story->world, "C:\\docs\\a.txt", "a", 1));
    story->cast = cast_new(cast);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        step(story, word);
    vssemu_find_leaks(story->world);
    return story;
}

struct vssemu_world *story_world(struct story *story)
{
    return story->world;
}

void story_close(struct story *story)
{
    if (story->kept_async)
        call(story->kept_async, Release);
    if (story->kept_metadata)
        call(story->kept_metadata, Release);
    if (story->kept_components)
        drop_components(story);
    if (story->b)
        call(story->b, Release);
    SysFreeString(story->document);
    if (story->has_com)
        CoUninitialize();
    cast_free(story->cast);
    if (vssemu_world_free(story->world))
        fail_msg("%s leaves objects", story->script);
    take_argument(story, NULL);
    free(story);
}
