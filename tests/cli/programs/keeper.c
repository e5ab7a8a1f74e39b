/* SPDX-License-Identifier: MIT */
/* A requester that does what its words say, one after the other, and prints one line of each:
 * make:CONTEXT:LETTERS, list, list:CONTEXT, show:ID, delete:ID, delete-set:ID, expose:WHERE=ID,
 * unexpose:ID, write:PATH=TEXT, read:PATH, revert:ID, watch:ID (a revert, and a line in between),
 * area:LETTER=MB, fill:PATH=MB, wait (for a line), die (as kill -9), die-after:N (at the N-th call
 * from here on). */
#define COBJMACROS
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <vsbackup.h>
#include <vsmgmt.h>
#include <vss.h>
#include <vswriter.h>

static IVssBackupComponents *vss;
static int calls_left = -1;

static HRESULT check(const char *what, HRESULT hr)
{
    if (FAILED(hr)) {
        printf("%s: 0x%08lx\n", what, (unsigned long)hr);
        fflush(stdout);
        exit(2);
    }
    if (calls_left > 0 && --calls_left == 0)
        raise(SIGKILL);
    return hr;
}

#define CALL(method, ...) check(#method, IVssBackupComponents_##method(vss, ##__VA_ARGS__))

static void wait_for(IVssAsync *async)
{
    HRESULT result = S_OK;

    check("Wait", IVssAsync_Wait(async, INFINITE));
    check("QueryStatus", IVssAsync_QueryStatus(async, &result, NULL));
    IVssAsync_Release(async);
    if (FAILED(result))
        check("asynchronous", result);
}

static LONG context_named(const char *name)
{
    static const struct {
        const char *name;
        LONG value;
    } rows[] = {
        { "backup", VSS_CTX_BACKUP },
        { "app_rollback", VSS_CTX_APP_ROLLBACK },
        { "nas_rollback", VSS_CTX_NAS_ROLLBACK },
        { "client_accessible", VSS_CTX_CLIENT_ACCESSIBLE },
        { "client_accessible_writers", VSS_CTX_CLIENT_ACCESSIBLE_WRITERS },
        { "all", VSS_CTX_ALL },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].value;
    printf("no such context: %s\n", name);
    exit(3);
}

static void begin(LONG context)
{
    check("CreateVssBackupComponents", CreateVssBackupComponents(&vss));
    CALL(InitializeForBackup, NULL);
    if (context != VSS_CTX_BACKUP)
        CALL(SetContext, context);
}

static void end(void)
{
    IVssBackupComponents_Release(vss);
    vss = NULL;
}

static void print_id(const char *before, const VSS_ID *id)
{
    WCHAR text[40];

    StringFromGUID2(id, text, 40);
    printf("%s%ls", before, text);
}

static VSS_ID parse_id(const char *text)
{
    WCHAR wide[64];
    VSS_ID id;

    MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, 64);
    check("CLSIDFromString", CLSIDFromString(wide, &id));
    return id;
}

static void run_writers(LONG context)
{
    IVssAsync *async;

    if (context & VSS_VOLSNAP_ATTR_NO_WRITERS)
        return;
    CALL(GatherWriterMetadata, &async);
    wait_for(async);
}

static void do_make(char *arguments)
{
    const char *name = strtok(arguments, ":"), *letters = strtok(NULL, ":");
    LONG context = context_named(name);
    VSS_ID set, snapshots[8];
    IVssAsync *async;

    begin(context);
    CALL(SetBackupState, FALSE, FALSE, VSS_BT_FULL, FALSE);
    run_writers(context);
    CALL(StartSnapshotSet, &set);
    for (size_t i = 0; letters[i]; i++) {
        WCHAR volume[] = { (WCHAR)letters[i], L':', L'\\', 0 };

        CALL(AddToSnapshotSet, volume, GUID_NULL, &snapshots[i]);
    }
    if (!(context & VSS_VOLSNAP_ATTR_NO_WRITERS)) {
        CALL(PrepareForBackup, &async);
        wait_for(async);
    }
    CALL(DoSnapshotSet, &async);
    wait_for(async);
    print_id("made ", &set);
    for (size_t i = 0; letters[i]; i++)
        print_id(" ", &snapshots[i]);
    printf("\n");
    fflush(stdout);
    end();
}

static void print(const WCHAR *text)
{
    printf(" %ls", text ? text : L"-");
}

static void print_snapshot(VSS_SNAPSHOT_PROP *s)
{
    print_id("snapshot ", &s->m_SnapshotId);
    print_id(" ", &s->m_SnapshotSetId);
    print_id(" ", &s->m_ProviderId);
    printf(" %ld 0x%08lx %lld %d", s->m_lSnapshotsCount, (unsigned long)s->m_lSnapshotAttributes,
           (long long)s->m_tsCreationTimestamp, (int)s->m_eStatus);
    print(s->m_pwszSnapshotDeviceObject);
    print(s->m_pwszOriginalVolumeName);
    print(s->m_pwszOriginatingMachine);
    print(s->m_pwszServiceMachine);
    print(s->m_pwszExposedName);
    print(s->m_pwszExposedPath);
    printf("\n");
    VssFreeSnapshotProperties(s);
}

static void do_list(char *arguments)
{
    IVssEnumObject *list;
    VSS_OBJECT_PROP object;
    ULONG n = 0;

    begin(context_named(arguments ? arguments : "all"));
    CALL(Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &list);
    while (IVssEnumObject_Next(list, 1, &object, &n) == S_OK && n)
        print_snapshot(&object.Obj.Snap);
    IVssEnumObject_Release(list);
    end();
}

static void do_show(char *arguments)
{
    VSS_SNAPSHOT_PROP prop;

    begin(VSS_CTX_ALL);
    CALL(GetSnapshotProperties, parse_id(arguments), &prop);
    print_snapshot(&prop);
    end();
}

static void delete_it(const char *id, VSS_OBJECT_TYPE type)
{
    LONG n = 0;
    VSS_ID not_deleted;

    begin(VSS_CTX_ALL);
    CALL(DeleteSnapshots, parse_id(id), type, FALSE, &n, &not_deleted);
    printf("deleted %ld\n", n);
    end();
}

static void do_delete(char *arguments)
{
    delete_it(arguments, VSS_OBJECT_SNAPSHOT);
}

static void do_delete_set(char *arguments)
{
    delete_it(arguments, VSS_OBJECT_SNAPSHOT_SET);
}

static WCHAR *split(char *text, WCHAR wide[300], char **ret_rest)
{
    char *colon = strrchr(text, '=');

    if (colon)
        *colon++ = 0;
    *ret_rest = colon;
    MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, 300);
    return wide;
}

static void do_expose(char *arguments)
{
    WCHAR where[300], *exposed = NULL;
    char *id;
    LONG how = strchr(arguments, ':') ? VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY
                                      : VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY;

    split(arguments, where, &id);
    begin(VSS_CTX_ALL);
    CALL(ExposeSnapshot, parse_id(id), NULL, how, where, &exposed);
    printf("exposed %ls\n", exposed);
    CoTaskMemFree(exposed);
    end();
}

static void do_unexpose(char *arguments)
{
    IVssBackupComponentsEx2 *ex2;

    begin(VSS_CTX_ALL);
    check("QueryInterface",
          IVssBackupComponents_QueryInterface(vss, &IID_IVssBackupComponentsEx2, (void **)&ex2));
    check("UnexposeSnapshot", IVssBackupComponentsEx2_UnexposeSnapshot(ex2, parse_id(arguments)));
    IVssBackupComponentsEx2_Release(ex2);
    end();
}

static void do_write(char *arguments)
{
    WCHAR path[300];
    char *text;
    DWORD n;
    HANDLE file = CreateFileW(split(arguments, path, &text), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL, NULL);

    if (file == INVALID_HANDLE_VALUE || !WriteFile(file, text, (DWORD)strlen(text), &n, NULL)) {
        printf("write: error %lu\n", (unsigned long)GetLastError());
        exit(2);
    }
    CloseHandle(file);
}

static void do_read(char *arguments)
{
    WCHAR path[300];
    char *rest, text[256];
    DWORD n = 0;
    HANDLE file = CreateFileW(split(arguments, path, &rest), GENERIC_READ,
                              FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE || !ReadFile(file, text, sizeof(text) - 1, &n, NULL)) {
        printf("read: error %lu\n", (unsigned long)GetLastError());
        return;
    }
    text[n] = 0;
    printf("read %s\n", text);
    CloseHandle(file);
}

static void do_revert(char *arguments)
{
    VSS_SNAPSHOT_PROP prop;
    IVssAsync *async;

    begin(VSS_CTX_ALL);
    CALL(GetSnapshotProperties, parse_id(arguments), &prop);
    CALL(RevertToSnapshot, prop.m_SnapshotId, TRUE);
    CALL(QueryRevertStatus, prop.m_pwszOriginalVolumeName, &async);
    wait_for(async);
    printf("reverted\n");
    VssFreeSnapshotProperties(&prop);
    end();
}

static void print_status(IVssAsync *async)
{
    HRESULT result = S_OK;

    check("QueryStatus", IVssAsync_QueryStatus(async, &result, NULL));
    printf("status 0x%08lx\n", (unsigned long)result);
}

/* A revert that is not over after a second says so. */
static void do_watch(char *arguments)
{
    VSS_SNAPSHOT_PROP prop;
    IVssAsync *async;
    char line[16];

    begin(VSS_CTX_ALL);
    CALL(GetSnapshotProperties, parse_id(arguments), &prop);
    CALL(RevertToSnapshot, prop.m_SnapshotId, TRUE);
    CALL(QueryRevertStatus, prop.m_pwszOriginalVolumeName, &async);
    check("Wait", IVssAsync_Wait(async, 1500));
    print_status(async);
    printf("again 0x%08lx\n",
           (unsigned long)IVssBackupComponents_RevertToSnapshot(vss, prop.m_SnapshotId, TRUE));
    fflush(stdout);
    if (!fgets(line, sizeof(line), stdin))
        exit(1);
    check("Wait", IVssAsync_Wait(async, INFINITE));
    print_status(async);
    IVssAsync_Release(async);
    VssFreeSnapshotProperties(&prop);
    end();
}

/* LETTER=MEGABYTES: the diff area of the volume, on itself. */
static void do_area(char *arguments)
{
    static const VSS_ID system_provider = {
        0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
    };
    IVssSnapshotMgmt *management;
    IVssDifferentialSoftwareSnapshotMgmt *areas;
    WCHAR volume[] = { (WCHAR)arguments[0], L':', L'\\', 0 };

    check("CoCreateInstance", CoCreateInstance(&CLSID_VssSnapshotMgmt, NULL, CLSCTX_ALL,
                                               &IID_IVssSnapshotMgmt, (void **)&management));
    check("GetProviderMgmtInterface",
          IVssSnapshotMgmt_GetProviderMgmtInterface(management, system_provider,
                                                    &IID_IVssDifferentialSoftwareSnapshotMgmt,
                                                    (IUnknown **)&areas));
    check("ChangeDiffAreaMaximumSize",
          IVssDifferentialSoftwareSnapshotMgmt_ChangeDiffAreaMaximumSize(
              areas, volume, volume, atoll(arguments + 2) << 20));
    IVssDifferentialSoftwareSnapshotMgmt_Release(areas);
    IVssSnapshotMgmt_Release(management);
}

/* PATH=MEGABYTES: that many of a pattern, in place. */
static void do_fill(char *arguments)
{
    static char block[1 << 20];
    static unsigned char round;
    WCHAR path[300];
    char *megabytes;
    HANDLE file = CreateFileW(split(arguments, path, &megabytes), GENERIC_WRITE, FILE_SHARE_READ,
                              NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);

    memset(block, ++round, sizeof(block));
    for (int i = atoi(megabytes); i > 0; i--) {
        DWORD n;

        if (!WriteFile(file, block, sizeof(block), &n, NULL)) {
            printf("fill: error %lu\n", (unsigned long)GetLastError());
            exit(2);
        }
    }
    CloseHandle(file);
}

static void do_wait(char *arguments)
{
    (void)arguments;
    printf("waiting\n");
    fflush(stdout);
    getchar();
}

static void do_die(char *arguments)
{
    (void)arguments;
    fflush(stdout);
    raise(SIGKILL);
}

static void do_die_after(char *arguments)
{
    calls_left = atoi(arguments);
}

static const struct {
    const char *name;
    void (*run)(char *arguments);
} words[] = {
    { "make", do_make },
    { "list", do_list },
    { "show", do_show },
    { "delete", do_delete },
    { "delete-set", do_delete_set },
    { "expose", do_expose },
    { "unexpose", do_unexpose },
    { "write", do_write },
    { "read", do_read },
    { "revert", do_revert },
    { "watch", do_watch },
    { "area", do_area },
    { "fill", do_fill },
    { "wait", do_wait },
    { "die", do_die },
    { "die-after", do_die_after },
};

int main(int argc, char **argv)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                         RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL);
    for (int i = 1; i < argc; i++) {
        char *arguments = strchr(argv[i], ':');
        size_t word = 0, length = arguments ? (size_t)(arguments - argv[i]) : strlen(argv[i]);

        while (
            word < sizeof(words) / sizeof(words[0]) &&
            (strlen(words[word].name) != length || strncmp(words[word].name, argv[i], length) != 0))
            word++;
        if (word == sizeof(words) / sizeof(words[0])) {
            printf("what is %s?\n", argv[i]);
            return 3;
        }
        words[word].run(arguments ? arguments + 1 : NULL);
    }
    fflush(stdout);
    CoUninitialize();
    return 0;
}
