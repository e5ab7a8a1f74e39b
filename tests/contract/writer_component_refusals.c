/* SPDX-License-Identifier: MIT */
/* What every method of a component does without a place for its answer, and on a machine that is
 * not well. Learn: "IVssComponent", "IVssComponentEx", "IVssComponentEx2". */
#include "conditions.h"

#include <string.h>

/* The handler's component; methods of the three interfaces are in one table. */
static IVssComponentEx2 *component_of(IVssWriterComponents *components)
{
    IVssComponent *component = NULL;

    MUST(call(components, GetComponent, 0, &component));
    return (IVssComponentEx2 *)component;
}

#define READS_TEXT(itf, method, CONDITIONS)                             \
    do {                                                                \
        BSTR text_ = NULL;                                              \
        SHOWS(itf, method, E_INVALIDARG, call(c, method, NULL));        \
        CONDITIONS(stage->world, itf, method, call(c, method, &text_)); \
        EXPECT(!text_);                                                 \
    } while (0)

static void texts(struct stage *stage, IVssComponentEx2 *c)
{
    READS_TEXT(IVssComponent, GetLogicalPath, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetComponentName, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetBackupMetadata, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetRestoreMetadata, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetPreRestoreFailureMsg, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetPostRestoreFailureMsg, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetBackupStamp, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetPreviousBackupStamp, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetBackupOptions, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponent, GetRestoreOptions, MEMORY_DOCUMENT);
    READS_TEXT(IVssComponentEx, GetPrepareForBackupFailureMsg, MEMORY);
    READS_TEXT(IVssComponentEx, GetPostSnapshotFailureMsg, MEMORY);
    READS_TEXT(IVssComponentEx, GetRestoreName, MEMORY);
}

/* A value of its own type, and what it is before the call. */
#define VALUE(itf, method, type, CONDITIONS)                             \
    do {                                                                 \
        type value_ = (type)0;                                           \
        SHOWS(itf, method, E_INVALIDARG, call(c, method, NULL));         \
        CONDITIONS(stage->world, itf, method, call(c, method, &value_)); \
    } while (0)

static void values(struct stage *stage, IVssComponentEx2 *c)
{
    VALUE(IVssComponent, GetComponentType, VSS_COMPONENT_TYPE, MEMORY_DOCUMENT);
    VALUE(IVssComponent, GetBackupSucceeded, boolean, MEMORY_DOCUMENT);
    VALUE(IVssComponent, IsSelectedForRestore, boolean, MEMORY);
    VALUE(IVssComponent, GetAdditionalRestores, boolean, MEMORY_DOCUMENT);
    VALUE(IVssComponent, GetRestoreTarget, VSS_RESTORE_TARGET, MEMORY_DOCUMENT);
    VALUE(IVssComponent, GetFileRestoreStatus, VSS_FILE_RESTORE_STATUS, MEMORY_DOCUMENT);
    VALUE(IVssComponentEx, GetAuthoritativeRestore, boolean, MEMORY);
    VALUE(IVssComponent, GetAlternateLocationMappingCount, UINT, MEMORY);
    VALUE(IVssComponent, GetPartialFileCount, UINT, MEMORY);
    VALUE(IVssComponent, GetNewTargetCount, UINT, MEMORY);
    VALUE(IVssComponent, GetDirectedTargetCount, UINT, MEMORY);
    VALUE(IVssComponent, GetRestoreSubcomponentCount, UINT, MEMORY);
    VALUE(IVssComponent, GetDifferencedFilesCount, UINT, MEMORY);
}

static void roll_forward_and_failure(struct stage *stage, IVssComponentEx2 *c)
{
    VSS_ROLLFORWARD_TYPE type;
    HRESULT failure, application;
    BSTR text = NULL;
    DWORD reserved;

    SHOWS(IVssComponentEx, GetRollForward, E_INVALIDARG, call(c, GetRollForward, NULL, &text));
    OFF_LIST(E_INVALIDARG, call(c, GetRollForward, &type, NULL));
    MEMORY(stage->world, IVssComponentEx, GetRollForward, call(c, GetRollForward, &type, &text));
    SHOWS(IVssComponentEx2, GetFailure, E_INVALIDARG,
          call(c, GetFailure, NULL, &application, &text, &reserved));
    OFF_LIST(E_INVALIDARG, call(c, GetFailure, &failure, NULL, &text, &reserved));
    OFF_LIST(E_INVALIDARG, call(c, GetFailure, &failure, &application, NULL, &reserved));
    OFF_LIST(E_INVALIDARG, call(c, GetFailure, &failure, &application, &text, NULL));
    MEMORY(stage->world, IVssComponentEx2, GetFailure,
           call(c, GetFailure, &failure, &application, &text, &reserved));
}

/* ---- lists: an index behind the end, too ---- */

static void file_descriptions(struct stage *stage, IVssComponentEx2 *c)
{
    IVssWMFiledesc *file = NULL;

    SHOWS(IVssComponent, GetAlternateLocationMapping, E_INVALIDARG,
          call(c, GetAlternateLocationMapping, 0, NULL));
    MEMORY_DOCUMENT(stage->world, IVssComponent, GetAlternateLocationMapping,
                    call(c, GetAlternateLocationMapping, 0, &file));
    SHOWS(IVssComponent, GetAlternateLocationMapping, VSS_E_OBJECT_NOT_FOUND,
          call(c, GetAlternateLocationMapping, 0, &file));
    SHOWS(IVssComponent, GetNewTarget, E_INVALIDARG, call(c, GetNewTarget, 0, NULL));
    MEMORY_DOCUMENT(stage->world, IVssComponent, GetNewTarget, call(c, GetNewTarget, 0, &file));
    SHOWS(IVssComponent, GetNewTarget, VSS_E_OBJECT_NOT_FOUND, call(c, GetNewTarget, 0, &file));
    EXPECT(!file);
}

static void partial_and_differenced_files(struct stage *stage, IVssComponentEx2 *c)
{
    BSTR t[6] = { NULL };
    BOOL recursive;
    FILETIME time;

#define PARTIAL     call(c, GetPartialFile, 9, &t[0], &t[1], &t[2], &t[3])
#define DIFFERENCED call(c, GetDifferencedFile, 9, &t[0], &t[1], &recursive, &t[2], &time)
    SHOWS(IVssComponent, GetPartialFile, E_INVALIDARG,
          call(c, GetPartialFile, 0, &t[0], &t[1], NULL, &t[3]));
    MEMORY_DOCUMENT(stage->world, IVssComponent, GetPartialFile, PARTIAL);
    SHOWS(IVssComponent, GetPartialFile, VSS_E_OBJECT_NOT_FOUND, PARTIAL);
    SHOWS(IVssComponent, GetDifferencedFile, E_INVALIDARG,
          call(c, GetDifferencedFile, 0, &t[0], NULL, &recursive, &t[2], &time));
    MEMORY_DOCUMENT(stage->world, IVssComponent, GetDifferencedFile, DIFFERENCED);
    SHOWS(IVssComponent, GetDifferencedFile, VSS_E_OBJECT_NOT_FOUND, DIFFERENCED);
}

static void targets_and_subcomponents(struct stage *stage, IVssComponentEx2 *c)
{
    BSTR t[6] = { NULL };
    boolean repair;

#define DIRECTED     call(c, GetDirectedTarget, 0, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5])
#define SUBCOMPONENT call(c, GetRestoreSubcomponent, 0, &t[0], &t[1], &repair)
    SHOWS(IVssComponent, GetDirectedTarget, E_INVALIDARG,
          call(c, GetDirectedTarget, 0, &t[0], &t[1], &t[2], &t[3], &t[4], NULL));
    MEMORY_DOCUMENT(stage->world, IVssComponent, GetDirectedTarget, DIRECTED);
    SHOWS(IVssComponent, GetDirectedTarget, VSS_E_OBJECT_NOT_FOUND, DIRECTED);
    SHOWS(IVssComponent, GetRestoreSubcomponent, E_INVALIDARG,
          call(c, GetRestoreSubcomponent, 0, &t[0], NULL, &repair));
    MEMORY_DOCUMENT(stage->world, IVssComponent, GetRestoreSubcomponent, SUBCOMPONENT);
    SHOWS(IVssComponent, GetRestoreSubcomponent, VSS_E_OBJECT_NOT_FOUND, SUBCOMPONENT);
}

/* ---- setters ---- */

#define SETTER(itf, method)                                          \
    do {                                                             \
        SHOWS(itf, method, E_INVALIDARG, call(c, method, NULL));     \
        MEMORY(stage->world, itf, method, call(c, method, L"text")); \
    } while (0)

static void setters(struct stage *stage, IVssComponentEx2 *c)
{
    FILETIME never = { 0, 0 };

    SETTER(IVssComponent, SetBackupMetadata);
    SETTER(IVssComponent, SetRestoreMetadata);
    SETTER(IVssComponent, SetPreRestoreFailureMsg);
    SETTER(IVssComponent, SetPostRestoreFailureMsg);
    SETTER(IVssComponent, SetBackupStamp);
    SETTER(IVssComponentEx, SetPrepareForBackupFailureMsg);
    SETTER(IVssComponentEx, SetPostSnapshotFailureMsg);
    SHOWS(IVssComponent, SetRestoreTarget, E_INVALIDARG,
          call(c, SetRestoreTarget, VSS_RT_UNDEFINED));
    MEMORY(stage->world, IVssComponent, SetRestoreTarget,
           call(c, SetRestoreTarget, VSS_RT_ORIGINAL));
    SHOWS(IVssComponent, AddPartialFile, E_INVALIDARG,
          call(c, AddPartialFile, L"C:\\db", L"base.mdb", NULL, NULL));
    OFF_LIST(E_INVALIDARG, call(c, AddPartialFile, L"C:\\db", L"*.mdb", L"0:1", NULL));
    MEMORY(stage->world, IVssComponent, AddPartialFile,
           call(c, AddPartialFile, L"C:\\db", L"base.mdb", L"0:1", NULL));
    SHOWS(IVssComponent, AddDirectedTarget, E_INVALIDARG,
          call(c, AddDirectedTarget, L"C:\\db", L"*", L"0:1", L"C:\\db", L"new.mdb", L"0:1"));
    MEMORY(stage->world, IVssComponent, AddDirectedTarget,
           call(c, AddDirectedTarget, L"C:\\db", L"a", L"0:1", L"C:\\db", L"b", L"0:1"));
#define SINCE(path) call(c, AddDifferencedFilesByLastModifyTime, path, L"*.mdb", FALSE, never)
    SHOWS(IVssComponent, AddDifferencedFilesByLastModifyTime, E_INVALIDARG, SINCE(NULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssComponent, AddDifferencedFilesByLastModifyTime,
                             SINCE(L"C:\\db"));
}

/* Reserved: it does nothing. */
static void reserved(IVssComponentEx2 *c)
{
    UINT n = 1;

    call(c, AddDifferencedFilesByLastModifyLSN, L"C:\\db", L"*", FALSE, NULL);
    MUST(call(c, GetDifferencedFilesCount, &n));
    SHOWS_EFFECT(IVssComponent, AddDifferencedFilesByLastModifyLSN, void, n == 0);
}

static void the_list(struct stage *stage, IVssWriterComponents *components)
{
    IVssComponent *c = NULL;
    VSS_ID instance, writer;
    UINT n;

    SHOWS(IVssWriterComponents, GetComponentCount, E_INVALIDARG,
          call(components, GetComponentCount, NULL));
    MEMORY(stage->world, IVssWriterComponents, GetComponentCount,
           call(components, GetComponentCount, &n));
    SHOWS(IVssWriterComponents, GetWriterInfo, E_INVALIDARG,
          call(components, GetWriterInfo, NULL, &writer));
    MEMORY_DOCUMENT(stage->world, IVssWriterComponents, GetWriterInfo,
                    call(components, GetWriterInfo, &instance, &writer));
    SHOWS(IVssWriterComponents, GetComponent, E_INVALIDARG,
          call(components, GetComponent, 0, NULL));
    MEMORY(stage->world, IVssWriterComponents, GetComponent, call(components, GetComponent, 0, &c));
    SHOWS(IVssWriterComponents, GetComponent, VSS_E_OBJECT_NOT_FOUND,
          call(components, GetComponent, 2, &c));
    EXPECT(!c);
}

static bool refuse(struct stage *stage, const char *event, IVssCreateWriterMetadata *metadata,
                   IVssWriterComponents *components)
{
    (void)metadata;
    if (strcmp(event, "PrepareForBackup") != 0)
        return true;
    IVssComponentEx2 *c = component_of(components);

    the_list(stage, components);
    texts(stage, c);
    values(stage, c);
    roll_forward_and_failure(stage, c);
    file_descriptions(stage, c);
    partial_and_differenced_files(stage, c);
    targets_and_subcomponents(stage, c);
    setters(stage, c);
    reserved(c);
    call(c, Release);
    return true;
}

int main(void)
{
    struct stage *stage = stage_open();

    stage->handler = refuse;
    stage_go(stage, AT_PREPARED);
    stage_close(stage);
    return contract_result();
}
