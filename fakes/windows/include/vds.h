/* SPDX-License-Identifier: MIT */
/* The Virtual Disk Service: the interfaces that lead from the service to its volumes (Learn:
 * "Virtual Disk Service", "VDS Interfaces"; identifiers and order of methods: [MS-VDS]). What
 * CoCreateInstance of CLSID_VdsLoader gives is told in fakes/windows/vds/service.c. A program may
 * define CLSID_VdsLoader itself. */
#pragma once

#include <windows.h>
#include <ole2.h>
#include <vdslun.h>

/* ---- codes (Learn: "Virtual Disk Service Common Return Codes") ---- */

#define VDS_E_NOT_SUPPORTED                     ((HRESULT)0x80042400)
#define VDS_E_INITIALIZED_FAILED                ((HRESULT)0x80042401)
#define VDS_E_INITIALIZE_NOT_CALLED             ((HRESULT)0x80042402)
#define VDS_E_ALREADY_REGISTERED                ((HRESULT)0x80042403)
#define VDS_E_ANOTHER_CALL_IN_PROGRESS          ((HRESULT)0x80042404)
#define VDS_E_OBJECT_NOT_FOUND                  ((HRESULT)0x80042405)
#define VDS_E_INVALID_SPACE                     ((HRESULT)0x80042406)
#define VDS_E_PARTITION_LIMIT_REACHED           ((HRESULT)0x80042407)
#define VDS_E_PARTITION_NOT_EMPTY               ((HRESULT)0x80042408)
#define VDS_E_OPERATION_PENDING                 ((HRESULT)0x80042409)
#define VDS_E_OPERATION_DENIED                  ((HRESULT)0x8004240A)
#define VDS_E_OBJECT_DELETED                    ((HRESULT)0x8004240B)
#define VDS_E_CANCEL_TOO_LATE                   ((HRESULT)0x8004240C)
#define VDS_E_OPERATION_CANCELED                ((HRESULT)0x8004240D)
#define VDS_E_CANNOT_EXTEND                     ((HRESULT)0x8004240E)
#define VDS_E_NOT_ENOUGH_SPACE                  ((HRESULT)0x8004240F)
#define VDS_E_NOT_ENOUGH_DRIVE                  ((HRESULT)0x80042410)
#define VDS_E_BAD_COOKIE                        ((HRESULT)0x80042411)
#define VDS_E_NO_MEDIA                          ((HRESULT)0x80042412)
#define VDS_E_DEVICE_IN_USE                     ((HRESULT)0x80042413)
#define VDS_E_DISK_NOT_EMPTY                    ((HRESULT)0x80042414)
#define VDS_E_INVALID_OPERATION                 ((HRESULT)0x80042415)
#define VDS_E_PATH_NOT_FOUND                    ((HRESULT)0x80042416)
#define VDS_E_DISK_NOT_INITIALIZED              ((HRESULT)0x80042417)
#define VDS_E_NOT_AN_UNALLOCATED_DISK           ((HRESULT)0x80042418)
#define VDS_E_UNRECOVERABLE_ERROR               ((HRESULT)0x80042419)
#define VDS_E_DMADMIN_SERVICE_CONNECTION_FAILED ((HRESULT)0x8004241B)
#define VDS_E_PROVIDER_INITIALIZATION_FAILED    ((HRESULT)0x8004241C)
#define VDS_E_OBJECT_EXISTS                     ((HRESULT)0x8004241D)
#define VDS_E_NO_DISKS_FOUND                    ((HRESULT)0x8004241E)
#define VDS_E_PROVIDER_CACHE_CORRUPT            ((HRESULT)0x8004241F)
#define VDS_E_OBJECT_STATUS_FAILED              ((HRESULT)0x80042431)
#define VDS_E_PROVIDER_FAILURE                  ((HRESULT)0x80042442)
#define VDS_E_PACK_OFFLINE                      ((HRESULT)0x80042444)
#define VDS_E_INTERNAL_ERROR                    ((HRESULT)0x80042448)
#define VDS_E_PACK_NOT_FOUND                    ((HRESULT)0x80042450)
#define VDS_E_TIMEOUT                           ((HRESULT)0x8004245F)
#define VDS_E_RETRY                             ((HRESULT)0x80042463)
#define VDS_E_NO_SOFTWARE_PROVIDERS_LOADED      ((HRESULT)0x80042500)
#define VDS_E_INVALID_ENUMERATOR                ((HRESULT)0x80042504)
/* Unsure: no source for the numbers of these three; nothing here answers them. */
#define VDS_E_INVALID_DISK   ((HRESULT)0x80042505)
#define VDS_E_INVALID_PACK   ((HRESULT)0x80042506)
#define VDS_E_INVALID_VOLUME ((HRESULT)0x80042507)

/* ---- types ---- */

typedef GUID VDS_OBJECT_ID;

typedef enum _VDS_HEALTH {
    VDS_H_UNKNOWN = 0,
    VDS_H_HEALTHY,
    VDS_H_REBUILDING,
    VDS_H_STALE,
    VDS_H_FAILING,
    VDS_H_FAILING_REDUNDANCY,
    VDS_H_FAILED_REDUNDANCY,
    VDS_H_FAILED_REDUNDANCY_FAILING,
    VDS_H_FAILED,
    VDS_H_REPLACED,
    VDS_H_PENDING_FAILURE,
    VDS_H_DEGRADED
} VDS_HEALTH;

typedef enum _VDS_TRANSITION_STATE {
    VDS_TS_UNKNOWN = 0,
    VDS_TS_STABLE = 1,
    VDS_TS_EXTENDING = 2,
    VDS_TS_SHRINKING = 3,
    VDS_TS_RECONFIGING = 4,
    VDS_TS_RESTRIPING = 8
} VDS_TRANSITION_STATE;

typedef enum _VDS_OBJECT_TYPE {
    VDS_OT_UNKNOWN = 0,
    VDS_OT_PROVIDER = 1,
    VDS_OT_PACK = 10,
    VDS_OT_VOLUME = 11,
    VDS_OT_VOLUME_PLEX = 12,
    VDS_OT_DISK = 13,
    VDS_OT_SUB_SYSTEM = 30,
    VDS_OT_CONTROLLER = 31,
    VDS_OT_DRIVE = 32,
    VDS_OT_LUN = 33,
    VDS_OT_ASYNC = 100,
    VDS_OT_ENUM = 101
} VDS_OBJECT_TYPE;

typedef enum _VDS_PROVIDER_TYPE {
    VDS_PT_UNKNOWN = 0,
    VDS_PT_SOFTWARE = 1,
    VDS_PT_HARDWARE = 2,
    VDS_PT_VIRTUALDISK = 3,
    VDS_PT_MAX
} VDS_PROVIDER_TYPE;

typedef enum _VDS_PROVIDER_FLAG {
    VDS_PF_DYNAMIC = 0x1,
    VDS_PF_INTERNAL_HARDWARE_PROVIDER = 0x2,
    VDS_PF_ONE_DISK_ONLY_PER_PACK = 0x4,
    VDS_PF_ONE_PACK_ONLINE_ONLY = 0x8,
    VDS_PF_VOLUME_SPACE_MUST_BE_CONTIGUOUS = 0x10
} VDS_PROVIDER_FLAG;

typedef enum _VDS_QUERY_PROVIDER_FLAG {
    VDS_QUERY_SOFTWARE_PROVIDERS = 0x1,
    VDS_QUERY_HARDWARE_PROVIDERS = 0x2,
    VDS_QUERY_VIRTUALDISK_PROVIDERS = 0x4
} VDS_QUERY_PROVIDER_FLAG;

typedef enum _VDS_PACK_STATUS {
    VDS_PS_UNKNOWN = 0,
    VDS_PS_ONLINE = 1,
    VDS_PS_OFFLINE = 4
} VDS_PACK_STATUS;

typedef enum _VDS_VOLUME_STATUS {
    VDS_VS_UNKNOWN = 0,
    VDS_VS_ONLINE = 1,
    VDS_VS_NO_MEDIA = 3,
    VDS_VS_FAILED = 5,
    VDS_VS_OFFLINE = 6
} VDS_VOLUME_STATUS;

typedef enum _VDS_VOLUME_TYPE {
    VDS_VT_UNKNOWN = 0,
    VDS_VT_SIMPLE = 10,
    VDS_VT_SPAN = 11,
    VDS_VT_STRIPE = 12,
    VDS_VT_MIRROR = 13,
    VDS_VT_PARITY = 14
} VDS_VOLUME_TYPE;

typedef enum _VDS_VOLUME_FLAG {
    VDS_VF_SYSTEM_VOLUME = 0x1,
    VDS_VF_BOOT_VOLUME = 0x2,
    VDS_VF_ACTIVE = 0x4,
    VDS_VF_READONLY = 0x8,
    VDS_VF_HIDDEN = 0x10,
    VDS_VF_CAN_EXTEND = 0x20,
    VDS_VF_CAN_SHRINK = 0x40,
    VDS_VF_PAGEFILE = 0x80,
    VDS_VF_HIBERNATION = 0x100,
    VDS_VF_CRASHDUMP = 0x200,
    VDS_VF_INSTALLABLE = 0x400,
    VDS_VF_LBN_REMAP_ENABLED = 0x800,
    VDS_VF_FORMATTING = 0x1000,
    VDS_VF_NOT_FORMATTABLE = 0x2000,
    VDS_VF_NTFS_NOT_SUPPORTED = 0x4000,
    VDS_VF_FAT32_NOT_SUPPORTED = 0x8000,
    VDS_VF_FAT_NOT_SUPPORTED = 0x10000,
    VDS_VF_NO_DEFAULT_DRIVE_LETTER = 0x20000,
    VDS_VF_PERMANENTLY_DISMOUNTED = 0x40000,
    VDS_VF_PERMANENT_DISMOUNT_SUPPORTED = 0x80000,
    VDS_VF_SHADOW_COPY = 0x100000,
    VDS_VF_FVE_ENABLED = 0x200000,
    VDS_VF_DIRTY = 0x400000
} VDS_VOLUME_FLAG;

typedef enum _VDS_FILE_SYSTEM_TYPE {
    VDS_FST_UNKNOWN = 0,
    VDS_FST_RAW,
    VDS_FST_FAT,
    VDS_FST_FAT32,
    VDS_FST_NTFS,
    VDS_FST_CDFS,
    VDS_FST_UDF,
    VDS_FST_EXFAT
} VDS_FILE_SYSTEM_TYPE;

typedef enum _VDS_PARTITION_STYLE {
    VDS_PST_UNKNOWN = 0,
    VDS_PST_MBR = 1,
    VDS_PST_GPT = 2
} VDS_PARTITION_STYLE;

typedef struct _VDS_SERVICE_PROP {
    LPWSTR pwszVersion;
    ULONG ulFlags;
} VDS_SERVICE_PROP;

typedef struct _VDS_PROVIDER_PROP {
    VDS_OBJECT_ID id;
    LPWSTR pwszName;
    GUID guidVersionId;
    LPWSTR pwszVersion;
    VDS_PROVIDER_TYPE type;
    ULONG ulFlags;
    ULONG ulStripeSizeFlags;
    SHORT sRebuildPriority;
} VDS_PROVIDER_PROP;

typedef struct _VDS_PACK_PROP {
    VDS_OBJECT_ID id;
    LPWSTR pwszName;
    VDS_PACK_STATUS status;
    ULONG ulFlags;
} VDS_PACK_PROP, *PVDS_PACK_PROP;

typedef struct _VDS_VOLUME_PROP {
    VDS_OBJECT_ID id;
    VDS_VOLUME_TYPE type;
    VDS_VOLUME_STATUS status;
    VDS_HEALTH health;
    VDS_TRANSITION_STATE TransitionState;
    ULONGLONG ullSize;
    ULONG ulFlags;
    VDS_FILE_SYSTEM_TYPE RecommendedFileSystemType;
    LPWSTR pwszName;
} VDS_VOLUME_PROP, *PVDS_VOLUME_PROP;

typedef struct _VDS_FILE_SYSTEM_PROP {
    VDS_FILE_SYSTEM_TYPE type;
    VDS_OBJECT_ID volumeId;
    ULONG ulFlags;
    ULONGLONG ullTotalAllocationUnits;
    ULONGLONG ullAvailableAllocationUnits;
    ULONG ulAllocationUnitSize;
    LPWSTR pwszLabel;
} VDS_FILE_SYSTEM_PROP, *PVDS_FILE_SYSTEM_PROP;

#define MAX_FS_NAME_SIZE 8
typedef struct _VDS_FILE_SYSTEM_TYPE_PROP {
    VDS_FILE_SYSTEM_TYPE type;
    WCHAR wszName[MAX_FS_NAME_SIZE];
    ULONG ulFlags;
    ULONG ulCompressionFlags;
    ULONG ulMaxLableLength;
    LPWSTR pwszIllegalLabelCharSet;
} VDS_FILE_SYSTEM_TYPE_PROP, *PVDS_FILE_SYSTEM_TYPE_PROP;

typedef struct _VDS_DRIVE_LETTER_PROP {
    WCHAR wcLetter;
    VDS_OBJECT_ID volumeId;
    ULONG ulFlags;
    BOOL bUsed;
} VDS_DRIVE_LETTER_PROP, *PVDS_DRIVE_LETTER_PROP;

typedef struct VDS_REPARSE_POINT_PROP {
    VDS_OBJECT_ID SourceVolumeId;
    LPWSTR pwszPath;
} VDS_REPARSE_POINT_PROP, *PVDS_REPARSE_POINT_PROP;

typedef struct _VDS_INPUT_DISK {
    VDS_OBJECT_ID diskId;
    ULONGLONG ullSize;
    VDS_OBJECT_ID plexId;
    ULONG memberIdx;
} VDS_INPUT_DISK;

typedef struct _VDS_NOTIFICATION VDS_NOTIFICATION; /* nothing here ever notifies */
typedef struct _VDS_ASYNC_OUTPUT VDS_ASYNC_OUTPUT; /* nor is anything here asynchronous */

#ifdef __cplusplus
#define VDS_UNKNOWN_
extern "C" {
#else
#define VDS_UNKNOWN_                                         \
    STDMETHOD(QueryInterface)(THIS_ REFIID iid, void **ret); \
    STDMETHOD_(ULONG, AddRef)(THIS);                         \
    STDMETHOD_(ULONG, Release)(THIS);
#endif

EXTERN_C const CLSID CLSID_VdsLoader;

/* ---- interfaces: a line a method, the same for C and C++ ---- */

/* clang-format off */

#ifdef __cplusplus
interface IEnumVdsObject;
interface IVdsAsync;
interface IVdsAdviseSink;
interface IVdsProvider;
interface IVdsSwProvider;
interface IVdsPack;
interface IVdsVolume;
interface IVdsVolumeMF;
interface IVdsService;
interface IVdsServiceLoader;
#else
typedef interface IEnumVdsObject IEnumVdsObject;
typedef interface IVdsAsync IVdsAsync;
typedef interface IVdsAdviseSink IVdsAdviseSink;
typedef interface IVdsProvider IVdsProvider;
typedef interface IVdsSwProvider IVdsSwProvider;
typedef interface IVdsPack IVdsPack;
typedef interface IVdsVolume IVdsVolume;
typedef interface IVdsVolumeMF IVdsVolumeMF;
typedef interface IVdsService IVdsService;
typedef interface IVdsServiceLoader IVdsServiceLoader;
#endif

DEFINE_GUID(IID_IEnumVdsObject, 0x118610b7, 0x8d94, 0x4030, 0xb5, 0xb8, 0x50, 0x08, 0x89, 0x78,
            0x8e, 0x4e);
#undef INTERFACE
#define INTERFACE IEnumVdsObject
DECLARE_INTERFACE_(IEnumVdsObject, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(Next)(THIS_ ULONG celt, IUnknown **ppObjectArray, ULONG *pcFetched) PURE;
    STDMETHOD(Skip)(THIS_ ULONG celt) PURE;
    STDMETHOD(Reset)(THIS) PURE;
    STDMETHOD(Clone)(THIS_ IEnumVdsObject **ppEnum) PURE;
};

DEFINE_GUID(IID_IVdsAsync, 0xd5d23b6d, 0x5a55, 0x4492, 0x98, 0x89, 0x39, 0x7a, 0x3c, 0x2d, 0x2d,
            0xbc);
#undef INTERFACE
#define INTERFACE IVdsAsync
DECLARE_INTERFACE_(IVdsAsync, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(Cancel)(THIS) PURE;
    STDMETHOD(Wait)(THIS_ HRESULT *pHrResult, VDS_ASYNC_OUTPUT *pAsyncOut) PURE;
    STDMETHOD(QueryStatus)(THIS_ HRESULT *pHrResult, ULONG *pulPercentCompleted) PURE;
};

DEFINE_GUID(IID_IVdsAdviseSink, 0x8326cd1d, 0xcf59, 0x4936, 0xb7, 0x86, 0x5e, 0xfc, 0x08, 0x79,
            0x8e, 0x25);
#undef INTERFACE
#define INTERFACE IVdsAdviseSink
DECLARE_INTERFACE_(IVdsAdviseSink, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(OnNotify)(THIS_ LONG lNumber, VDS_NOTIFICATION *pNotificationArray) PURE;
};

DEFINE_GUID(IID_IVdsProvider, 0x10c5e575, 0x7984, 0x4e81, 0xa5, 0x6b, 0x43, 0x1f, 0x5f, 0x92,
            0xae, 0x42);
#undef INTERFACE
#define INTERFACE IVdsProvider
DECLARE_INTERFACE_(IVdsProvider, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(GetProperties)(THIS_ VDS_PROVIDER_PROP *pProviderProp) PURE;
};

DEFINE_GUID(IID_IVdsSwProvider, 0x9aa58360, 0xce33, 0x4f92, 0xb6, 0x58, 0xed, 0x24, 0xb1, 0x44,
            0x25, 0xb8);
#undef INTERFACE
#define INTERFACE IVdsSwProvider
DECLARE_INTERFACE_(IVdsSwProvider, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(QueryPacks)(THIS_ IEnumVdsObject **ppEnum) PURE;
    STDMETHOD(CreatePack)(THIS_ IVdsPack **ppPack) PURE;
};

DEFINE_GUID(IID_IVdsPack, 0x3b69d7f5, 0x9d94, 0x4648, 0x91, 0xca, 0x79, 0x93, 0x9b, 0xa2, 0x63,
            0xbf);
#undef INTERFACE
#define INTERFACE IVdsPack
DECLARE_INTERFACE_(IVdsPack, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(GetProperties)(THIS_ VDS_PACK_PROP *pPackProp) PURE;
    STDMETHOD(GetProvider)(THIS_ IVdsProvider **ppProvider) PURE;
    STDMETHOD(QueryVolumes)(THIS_ IEnumVdsObject **ppEnum) PURE;
    STDMETHOD(QueryDisks)(THIS_ IEnumVdsObject **ppEnum) PURE;
    STDMETHOD(CreateVolume)(THIS_ VDS_VOLUME_TYPE type, VDS_INPUT_DISK *pInputDiskArray,
        LONG lNumberOfDisks, ULONG ulStripeSize, IVdsAsync **ppAsync) PURE;
    STDMETHOD(AddDisk)(THIS_ VDS_OBJECT_ID DiskId, VDS_PARTITION_STYLE PartitionStyle,
        BOOL bAsHotSpare) PURE;
    STDMETHOD(MigrateDisks)(THIS_ VDS_OBJECT_ID *pDiskArray, LONG lNumberOfDisks,
        VDS_OBJECT_ID TargetPack, BOOL bForce, BOOL bQueryOnly, HRESULT *pResults,
        BOOL *pbRebootNeeded) PURE;
    STDMETHOD(ReplaceDisk)(THIS_ VDS_OBJECT_ID OldDiskId, VDS_OBJECT_ID NewDiskId,
        IVdsAsync **ppAsync) PURE;
    STDMETHOD(RemoveMissingDisk)(THIS_ VDS_OBJECT_ID DiskId) PURE;
    STDMETHOD(Recover)(THIS_ IVdsAsync **ppAsync) PURE;
};

DEFINE_GUID(IID_IVdsVolume, 0x88306bb2, 0xe71f, 0x478c, 0x86, 0xa2, 0x79, 0xda, 0x20, 0x0a, 0x0f,
            0x11);
#undef INTERFACE
#define INTERFACE IVdsVolume
DECLARE_INTERFACE_(IVdsVolume, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(GetProperties)(THIS_ VDS_VOLUME_PROP *pVolumeProperties) PURE;
    STDMETHOD(GetPack)(THIS_ IVdsPack **ppPack) PURE;
    STDMETHOD(QueryPlexes)(THIS_ IEnumVdsObject **ppEnum) PURE;
    STDMETHOD(Extend)(THIS_ VDS_INPUT_DISK *pInputDiskArray, LONG lNumberOfDisks,
        IVdsAsync **ppAsync) PURE;
    STDMETHOD(Shrink)(THIS_ ULONGLONG ullNumberOfBytesToRemove, IVdsAsync **ppAsync) PURE;
    STDMETHOD(AddPlex)(THIS_ VDS_OBJECT_ID VolumeId, IVdsAsync **ppAsync) PURE;
    STDMETHOD(BreakPlex)(THIS_ VDS_OBJECT_ID plexId, IVdsAsync **ppAsync) PURE;
    STDMETHOD(RemovePlex)(THIS_ VDS_OBJECT_ID plexId, IVdsAsync **ppAsync) PURE;
    STDMETHOD(Delete)(THIS_ BOOL bForce) PURE;
    STDMETHOD(SetFlags)(THIS_ ULONG ulFlags, BOOL bRevertOnClose) PURE;
    STDMETHOD(ClearFlags)(THIS_ ULONG ulFlags) PURE;
};

DEFINE_GUID(IID_IVdsVolumeMF, 0xee2d5ded, 0x6236, 0x4169, 0x93, 0x1d, 0xb9, 0x77, 0x8c, 0xe0,
            0x3d, 0xc6);
#undef INTERFACE
#define INTERFACE IVdsVolumeMF
DECLARE_INTERFACE_(IVdsVolumeMF, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(GetFileSystemProperties)(THIS_ VDS_FILE_SYSTEM_PROP *pFileSystemProp) PURE;
    STDMETHOD(Format)(THIS_ VDS_FILE_SYSTEM_TYPE type, LPWSTR pwszLabel,
        DWORD dwUnitAllocationSize, BOOL bForce, BOOL bQuickFormat, BOOL bEnableCompression,
        IVdsAsync **ppAsync) PURE;
    STDMETHOD(AddAccessPath)(THIS_ LPWSTR pwszPath) PURE;
    STDMETHOD(QueryAccessPaths)(THIS_ LPWSTR **pwszPathArray, LONG *plNumberOfAccessPaths) PURE;
    STDMETHOD(QueryReparsePoints)(THIS_ VDS_REPARSE_POINT_PROP **ppReparsePointProps,
        LONG *plNumberOfReparsePointProps) PURE;
    STDMETHOD(DeleteAccessPath)(THIS_ LPWSTR pwszPath, BOOL bForce) PURE;
    STDMETHOD(Mount)(THIS) PURE;
    STDMETHOD(Dismount)(THIS_ BOOL bForce, BOOL bPermanent) PURE;
    STDMETHOD(SetFileSystemFlags)(THIS_ ULONG ulFlags) PURE;
    STDMETHOD(ClearFileSystemFlags)(THIS_ ULONG ulFlags) PURE;
};

DEFINE_GUID(IID_IVdsService, 0x0818a8ef, 0x9ba9, 0x40d8, 0xa6, 0xf9, 0xe2, 0x28, 0x33, 0xcc, 0x77,
            0x1e);
#undef INTERFACE
#define INTERFACE IVdsService
DECLARE_INTERFACE_(IVdsService, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(IsServiceReady)(THIS) PURE;
    STDMETHOD(WaitForServiceReady)(THIS) PURE;
    STDMETHOD(GetProperties)(THIS_ VDS_SERVICE_PROP *pServiceProp) PURE;
    STDMETHOD(QueryProviders)(THIS_ DWORD masks, IEnumVdsObject **ppEnum) PURE;
    STDMETHOD(QueryMaskedDisks)(THIS_ IEnumVdsObject **ppEnum) PURE;
    STDMETHOD(QueryUnallocatedDisks)(THIS_ IEnumVdsObject **ppEnum) PURE;
    STDMETHOD(GetObject)(THIS_ VDS_OBJECT_ID ObjectId, VDS_OBJECT_TYPE type,
        IUnknown **ppObjectUnk) PURE;
    STDMETHOD(QueryDriveLetters)(THIS_ WCHAR wcFirstLetter, DWORD count,
        VDS_DRIVE_LETTER_PROP *pDriveLetterPropArray) PURE;
    STDMETHOD(QueryFileSystemTypes)(THIS_ VDS_FILE_SYSTEM_TYPE_PROP **ppFileSystemTypeProps,
        LONG *plNumberOfFileSystems) PURE;
    STDMETHOD(Reenumerate)(THIS) PURE;
    STDMETHOD(Refresh)(THIS) PURE;
    STDMETHOD(CleanupObsoleteMountPoints)(THIS) PURE;
    STDMETHOD(Advise)(THIS_ IVdsAdviseSink *pSink, DWORD *pdwCookie) PURE;
    STDMETHOD(Unadvise)(THIS_ DWORD dwCookie) PURE;
    STDMETHOD(Reboot)(THIS) PURE;
    STDMETHOD(SetFlags)(THIS_ ULONG ulFlags) PURE;
    STDMETHOD(ClearFlags)(THIS_ ULONG ulFlags) PURE;
};

DEFINE_GUID(IID_IVdsServiceLoader, 0xe0393303, 0x90d4, 0x4a97, 0xab, 0x71, 0xe9, 0xb6, 0x71, 0xee,
            0x27, 0x29);
#undef INTERFACE
#define INTERFACE IVdsServiceLoader
DECLARE_INTERFACE_(IVdsServiceLoader, IUnknown)
{
    VDS_UNKNOWN_
    STDMETHOD(LoadService)(THIS_ LPWSTR pwszMachineName, IVdsService **ppService) PURE;
};

#undef INTERFACE
#undef VDS_UNKNOWN_

#ifdef __cplusplus
}
__CRT_UUID_DECL(IEnumVdsObject, 0x118610b7, 0x8d94, 0x4030, 0xb5, 0xb8, 0x50, 0x08, 0x89, 0x78,
                0x8e, 0x4e)
__CRT_UUID_DECL(IVdsAsync, 0xd5d23b6d, 0x5a55, 0x4492, 0x98, 0x89, 0x39, 0x7a, 0x3c, 0x2d, 0x2d,
                0xbc)
__CRT_UUID_DECL(IVdsAdviseSink, 0x8326cd1d, 0xcf59, 0x4936, 0xb7, 0x86, 0x5e, 0xfc, 0x08, 0x79,
                0x8e, 0x25)
__CRT_UUID_DECL(IVdsProvider, 0x10c5e575, 0x7984, 0x4e81, 0xa5, 0x6b, 0x43, 0x1f, 0x5f, 0x92,
                0xae, 0x42)
__CRT_UUID_DECL(IVdsSwProvider, 0x9aa58360, 0xce33, 0x4f92, 0xb6, 0x58, 0xed, 0x24, 0xb1, 0x44,
                0x25, 0xb8)
__CRT_UUID_DECL(IVdsPack, 0x3b69d7f5, 0x9d94, 0x4648, 0x91, 0xca, 0x79, 0x93, 0x9b, 0xa2, 0x63,
                0xbf)
__CRT_UUID_DECL(IVdsVolume, 0x88306bb2, 0xe71f, 0x478c, 0x86, 0xa2, 0x79, 0xda, 0x20, 0x0a, 0x0f,
                0x11)
__CRT_UUID_DECL(IVdsVolumeMF, 0xee2d5ded, 0x6236, 0x4169, 0x93, 0x1d, 0xb9, 0x77, 0x8c, 0xe0,
                0x3d, 0xc6)
__CRT_UUID_DECL(IVdsService, 0x0818a8ef, 0x9ba9, 0x40d8, 0xa6, 0xf9, 0xe2, 0x28, 0x33, 0xcc, 0x77,
                0x1e)
__CRT_UUID_DECL(IVdsServiceLoader, 0xe0393303, 0x90d4, 0x4a97, 0xab, 0x71, 0xe9, 0xb6, 0x71, 0xee,
                0x27, 0x29)
#endif
/* clang-format on */
