/* SPDX-License-Identifier: MIT */
/* What the state of the machine can make of each public call, before the call looks at anything
 * else: the caller has too few rights, memory is short, the document in hand is damaged, the
 * service fails inside. A column is there for a method when its own page lists the code (Learn: the
 * page of each method; "Function" rows are exported functions).
 *
 *   BACKUP     E_ACCESSDENIED for who is neither administrator nor backup operator
 *   ADMIN      E_ACCESSDENIED for who is no administrator
 *   MEMORY     E_OUTOFMEMORY
 *   DOCUMENT   VSS_E_INVALID_XML_DOCUMENT
 *   INTERNAL   VSS_E_UNEXPECTED                FAIL  E_FAIL, where the page says so instead
 *   MESSAGES   VSS_E_WRITER_INFRASTRUCTURE: nobody can talk to writers
 *   LOST       VSS_E_UNEXPECTED_WRITER_ERROR, where the page says so instead
 *   SAFE_MODE  S_FALSE: no writers in safe mode and during setup
 *   BUSY       VSS_E_SNAPSHOT_SET_IN_PROGRESS: somebody else makes a set */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>

enum machine_condition {
    MACHINE_LOW_RIGHTS_BACKUP,
    MACHINE_LOW_RIGHTS_ADMIN,
    MACHINE_LOW_MEMORY,
    MACHINE_DAMAGED_DOCUMENT,
    MACHINE_INTERNAL_ERROR,
    MACHINE_INTERNAL_FAIL,
    MACHINE_NO_MESSAGES,
    MACHINE_LOST_WRITERS,
    MACHINE_SAFE_MODE,
    MACHINE_SET_IN_PROGRESS,
    N_MACHINE_CONDITIONS
};

/* clang-format off */
#define API_METHODS(X) \
    X(Function,                        CreateVssBackupComponents,          BACKUP | MEMORY | INTERNAL)             \
    X(Function,                        CreateVssExamineWriterMetadata,     BACKUP | MEMORY | INTERNAL)             \
    X(Function,                        IsVolumeSnapshotted,                BACKUP | MEMORY | INTERNAL)             \
    X(Function,                        ShouldBlockRevert,                  ADMIN | MEMORY | INTERNAL)              \
    X(IVssBackupComponents,            InitializeForBackup,                BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            InitializeForRestore,               BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            SetContext,                         INTERNAL)                               \
    X(IVssBackupComponents,            SetBackupState,                     MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            SetRestoreState,                    MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            EnableWriterClasses,                BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            DisableWriterClasses,               BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            DisableWriterInstances,             BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            GatherWriterMetadata,               BACKUP | MEMORY | INTERNAL | MESSAGES)  \
    X(IVssBackupComponents,            GetWriterMetadataCount,             INTERNAL)                               \
    X(IVssBackupComponents,            GetWriterMetadata,                  MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            AddComponent,                       MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            StartSnapshotSet,                   MEMORY | INTERNAL | BUSY)               \
    X(IVssBackupComponents,            AddToSnapshotSet,                   BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            IsVolumeSupported,                  BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            SetBackupOptions,                   MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            SetPreviousBackupStamp,             MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            PrepareForBackup,                   MEMORY | INTERNAL)                      \
    X(IVssBackupComponents,            AbortBackup,                        MEMORY | INTERNAL)                      \
    X(IVssBackupComponents,            GatherWriterStatus,                 BACKUP | MEMORY | INTERNAL | MESSAGES)  \
    X(IVssBackupComponents,            GetWriterStatusCount,               INTERNAL)                               \
    X(IVssBackupComponents,            GetWriterStatus,                    MEMORY | INTERNAL)                      \
    X(IVssBackupComponents,            FreeWriterStatus,                   MEMORY)                                 \
    X(IVssBackupComponents,            DoSnapshotSet,                      BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            GetSnapshotProperties,              BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            SetBackupSucceeded,                 MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            BackupComplete,                     MEMORY | INTERNAL | LOST)               \
    X(IVssBackupComponents,            SaveAsXML,                          MEMORY | INTERNAL)                      \
    X(IVssBackupComponents,            GetWriterComponentsCount,           MEMORY | INTERNAL)                      \
    X(IVssBackupComponents,            GetWriterComponents,                MEMORY | INTERNAL)                      \
    X(IVssBackupComponents,            DeleteSnapshots,                    BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            ImportSnapshots,                    BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            BreakSnapshotSet,                   BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            Query,                              BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            ExposeSnapshot,                     BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponents,            RevertToSnapshot,                   ADMIN | MEMORY | FAIL)                  \
    X(IVssBackupComponents,            QueryRevertStatus,                  ADMIN | MEMORY | FAIL)                  \
    X(IVssBackupComponents,            SetSelectedForRestore,              MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            AddRestoreSubcomponent,             MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            SetRestoreOptions,                  MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            SetAdditionalRestores,              MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            AddNewTarget,                       MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            PreRestore,                         MEMORY | INTERNAL)                      \
    X(IVssBackupComponents,            SetFileRestoreStatus,               MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            AddAlternativeLocationMapping,      MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            SetRangesFilePath,                  MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponents,            PostRestore,                        BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponentsEx,          GetWriterMetadataEx,                MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponentsEx,          SetSelectedForRestoreEx,            MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssBackupComponentsEx2,         UnexposeSnapshot,                   BACKUP | MEMORY | INTERNAL)             \
    X(IVssBackupComponentsEx2,         SetAuthoritativeRestore,            MEMORY | INTERNAL)                      \
    X(IVssBackupComponentsEx2,         SetRollForward,                     MEMORY | INTERNAL)                      \
    X(IVssBackupComponentsEx2,         SetRestoreName,                     MEMORY | INTERNAL)                      \
    X(IVssBackupComponentsEx2,         BreakSnapshotSetEx,                 ADMIN | MEMORY | INTERNAL)              \
    X(IVssBackupComponentsEx3,         GetWriterStatusEx,                  MEMORY)                                 \
    X(IVssBackupComponentsEx4,         GetRootAndLogicalPrefixPaths,       MEMORY)                                 \
    X(IVssExamineWriterMetadata,       GetIdentity,                        MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssExamineWriterMetadata,       GetFileCounts,                      MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssExamineWriterMetadata,       GetExcludeFile,                     MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssExamineWriterMetadata,       GetComponent,                       MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssExamineWriterMetadata,       GetRestoreMethod,                   MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssExamineWriterMetadata,       GetAlternateLocationMapping,        MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssExamineWriterMetadata,       GetBackupSchema,                    MEMORY | DOCUMENT)                      \
    X(IVssExamineWriterMetadata,       SaveAsXML,                          MEMORY | INTERNAL)                      \
    X(IVssExamineWriterMetadata,       LoadFromXML,                        MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssExamineWriterMetadataEx,     GetIdentityEx,                      MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssExamineWriterMetadataEx2,    GetVersion,                         MEMORY | INTERNAL)                      \
    X(IVssExamineWriterMetadataEx2,    GetExcludeFromSnapshotCount,        MEMORY | INTERNAL)                      \
    X(IVssExamineWriterMetadataEx2,    GetExcludeFromSnapshotFile,         MEMORY | INTERNAL)                      \
    X(IVssWMComponent,                 GetComponentInfo,                   MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMComponent,                 GetFile,                            MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMComponent,                 GetDatabaseFile,                    MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMComponent,                 GetDatabaseLogFile,                 MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMComponent,                 GetDependency,                      MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMFiledesc,                  GetPath,                            MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMFiledesc,                  GetFilespec,                        MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMFiledesc,                  GetRecursive,                       MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMFiledesc,                  GetAlternateLocation,               MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMFiledesc,                  GetBackupTypeMask,                  MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMDependency,                GetWriterId,                        MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMDependency,                GetLogicalPath,                     MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWMDependency,                GetComponentName,                   MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWriterComponentsExt,         GetComponentCount,                  MEMORY)                                 \
    X(IVssWriterComponentsExt,         GetWriterInfo,                      MEMORY | DOCUMENT)                      \
    X(IVssWriterComponentsExt,         GetComponent,                       MEMORY)                                 \
    X(IVssAsync,                       Cancel,                             INTERNAL)                               \
    X(IVssAsync,                       Wait,                               ADMIN | INTERNAL)                       \
    X(IVssAsync,                       QueryStatus,                        ADMIN | INTERNAL)                       \
    X(IVssEnumObject,                  Next,                               FAIL)                                   \
    X(IVssEnumObject,                  Skip,                               FAIL)                                   \
    X(IVssEnumObject,                  Reset,                              FAIL)                                   \
    X(IVssEnumObject,                  Clone,                              MEMORY | FAIL)                          \
    X(IVssAdmin,                       RegisterProvider,                   ADMIN | MEMORY | INTERNAL)              \
    X(IVssAdmin,                       UnregisterProvider,                 ADMIN | MEMORY | INTERNAL)              \
    X(IVssAdmin,                       QueryProviders,                     ADMIN | MEMORY | INTERNAL)              \
    X(IVssAdmin,                       AbortAllSnapshotsInProgress,        ADMIN)                                  \
    X(CVssWriter,                      Initialize,                         ADMIN | MEMORY | INTERNAL | SAFE_MODE)  \
    X(CVssWriter,                      Subscribe,                          BACKUP | MEMORY | INTERNAL)             \
    X(CVssWriter,                      Unsubscribe,                        MEMORY | INTERNAL)                      \
    X(CVssWriterEx,                    InitializeEx,                       ADMIN | MEMORY | INTERNAL | SAFE_MODE)  \
    X(CVssWriterEx,                    SubscribeEx,                        BACKUP | MEMORY | INTERNAL)             \
    X(CVssWriterEx,                    GetIdentifyInformation,             FAIL)                                   \
    X(Function,                        CreateVssExpressWriter,             ADMIN)                                  \
    X(IVssCreateWriterMetadata,        AddComponent,                       MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadata,        AddDatabaseFiles,                   MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadata,        AddDatabaseLogFiles,                MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadata,        AddFilesToFileGroup,                MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadata,        AddExcludeFiles,                    MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadata,        SetRestoreMethod,                   MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadata,        AddAlternateLocationMapping,        MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadata,        AddComponentDependency,             MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadata,        SetBackupSchema,                    MEMORY | DOCUMENT)                      \
    X(IVssCreateWriterMetadata,        SaveAsXML,                          MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateWriterMetadataEx,      AddExcludeFilesFromSnapshot,        MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateExpressWriterMetadata, AddComponent,                       MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateExpressWriterMetadata, AddComponentDependency,             MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateExpressWriterMetadata, AddExcludeFiles,                    MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateExpressWriterMetadata, AddFilesToFileGroup,                MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateExpressWriterMetadata, SetRestoreMethod,                   MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssCreateExpressWriterMetadata, SetBackupSchema,                    MEMORY | DOCUMENT)                      \
    X(IVssCreateExpressWriterMetadata, SaveAsXML,                          MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssWriterComponents,            GetComponentCount,                  MEMORY)                                 \
    X(IVssWriterComponents,            GetWriterInfo,                      MEMORY | DOCUMENT)                      \
    X(IVssWriterComponents,            GetComponent,                       MEMORY)                                 \
    X(IVssComponent,                   GetLogicalPath,                     MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetComponentType,                   MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetComponentName,                   MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetBackupSucceeded,                 MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetAlternateLocationMappingCount,   MEMORY)                                 \
    X(IVssComponent,                   GetAlternateLocationMapping,        MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   SetBackupMetadata,                  MEMORY)                                 \
    X(IVssComponent,                   GetBackupMetadata,                  MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   AddPartialFile,                     MEMORY)                                 \
    X(IVssComponent,                   GetPartialFileCount,                MEMORY)                                 \
    X(IVssComponent,                   GetPartialFile,                     MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   IsSelectedForRestore,               MEMORY)                                 \
    X(IVssComponent,                   GetAdditionalRestores,              MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetNewTargetCount,                  MEMORY)                                 \
    X(IVssComponent,                   GetNewTarget,                       MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   AddDirectedTarget,                  MEMORY)                                 \
    X(IVssComponent,                   GetDirectedTargetCount,             MEMORY)                                 \
    X(IVssComponent,                   GetDirectedTarget,                  MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   SetRestoreMetadata,                 MEMORY)                                 \
    X(IVssComponent,                   GetRestoreMetadata,                 MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   SetRestoreTarget,                   MEMORY)                                 \
    X(IVssComponent,                   GetRestoreTarget,                   MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   SetPreRestoreFailureMsg,            MEMORY)                                 \
    X(IVssComponent,                   GetPreRestoreFailureMsg,            MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   SetPostRestoreFailureMsg,           MEMORY)                                 \
    X(IVssComponent,                   GetPostRestoreFailureMsg,           MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   SetBackupStamp,                     MEMORY)                                 \
    X(IVssComponent,                   GetBackupStamp,                     MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetPreviousBackupStamp,             MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetBackupOptions,                   MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetRestoreOptions,                  MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetRestoreSubcomponentCount,        MEMORY)                                 \
    X(IVssComponent,                   GetRestoreSubcomponent,             MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   GetFileRestoreStatus,               MEMORY | DOCUMENT)                      \
    X(IVssComponent,                   AddDifferencedFilesByLastModifyTime,MEMORY | DOCUMENT | INTERNAL)           \
    X(IVssComponent,                   GetDifferencedFilesCount,           MEMORY)                                 \
    X(IVssComponent,                   GetDifferencedFile,                 MEMORY | DOCUMENT)                      \
    X(IVssComponentEx,                 SetPrepareForBackupFailureMsg,      MEMORY)                                 \
    X(IVssComponentEx,                 GetPrepareForBackupFailureMsg,      MEMORY)                                 \
    X(IVssComponentEx,                 SetPostSnapshotFailureMsg,          MEMORY)                                 \
    X(IVssComponentEx,                 GetPostSnapshotFailureMsg,          MEMORY)                                 \
    X(IVssComponentEx,                 GetAuthoritativeRestore,            MEMORY)                                 \
    X(IVssComponentEx,                 GetRollForward,                     MEMORY)                                 \
    X(IVssComponentEx,                 GetRestoreName,                     MEMORY)                                 \
    X(IVssComponentEx2,                GetFailure,                         MEMORY)
/* What no backup calls: the management of storage. */
#define API_MGMT_METHODS(X) \
    X(IVssSnapshotMgmt,                GetProviderMgmtInterface,           ADMIN)                                  \
    X(IVssDifferentialSoftwareSnapshotMgmt,  AddDiffArea,                       BACKUP | MEMORY | INTERNAL)        \
    X(IVssDifferentialSoftwareSnapshotMgmt,  ChangeDiffAreaMaximumSize,         BACKUP | MEMORY | INTERNAL)        \
    X(IVssDifferentialSoftwareSnapshotMgmt,  QueryVolumesSupportedForDiffAreas, BACKUP | MEMORY | INTERNAL)        \
    X(IVssDifferentialSoftwareSnapshotMgmt,  QueryDiffAreasForVolume,           BACKUP | MEMORY | INTERNAL)        \
    X(IVssDifferentialSoftwareSnapshotMgmt,  QueryDiffAreasOnVolume,            BACKUP | MEMORY | INTERNAL)        \
    X(IVssDifferentialSoftwareSnapshotMgmt,  QueryDiffAreasForSnapshot,         BACKUP | MEMORY | INTERNAL)        \
    X(IVssDifferentialSoftwareSnapshotMgmt2, ChangeDiffAreaMaximumSizeEx,       BACKUP | MEMORY | INTERNAL)        \
    X(IVssDifferentialSoftwareSnapshotMgmt3, SetVolumeProtectLevel,             ADMIN)                             \
    X(IVssDifferentialSoftwareSnapshotMgmt3, GetVolumeProtectLevel,             ADMIN)                             \
    X(IVssDifferentialSoftwareSnapshotMgmt3, ClearVolumeProtectFault,           ADMIN)                             \
    X(IVssDifferentialSoftwareSnapshotMgmt3, DeleteUnusedDiffAreas,             ADMIN)                             \
    X(IVssEnumMgmtObject,              Next,                               FAIL)                                   \
    X(IVssEnumMgmtObject,              Skip,                               FAIL)                                   \
    X(IVssEnumMgmtObject,              Reset,                              FAIL)                                   \
    X(IVssEnumMgmtObject,              Clone,                              MEMORY | FAIL)
/* clang-format on */

enum api_method {
#define X(interface, method, conditions) API_##interface##_##method,
    API_METHODS(X) API_MGMT_METHODS(X)
#undef X
        N_API_METHODS,
    N_BACKUP_API_METHODS = API_IVssSnapshotMgmt_GetProviderMgmtInterface
};

/* Whether the pages of a method know a condition. */
bool api_rules_can_meet(enum api_method method, enum machine_condition condition);
/* What it answers then. */
HRESULT api_rules_answer(enum machine_condition condition);
/* Whether only a requester calls it (a writer's objects are not among its interfaces). */
bool api_method_is_of_requester(enum api_method method);
/* "IVssBackupComponents::AddComponent", "CreateVssBackupComponents"; and back: N_API_METHODS when
 * there is none of that name. */
const char *api_method_name(enum api_method method);
enum api_method api_method_named(const char *name);
