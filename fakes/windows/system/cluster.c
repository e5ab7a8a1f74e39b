/* SPDX-License-Identifier: MIT */
/* Failover clusters: this machine is in none (Learn: "Backing Up and Restoring the Failover Cluster
 * Configuration Using VSS" and the pages of these functions). */
#include "emu/include/vssemu_types.h"

#include "fakes/windows/last_error.h"

#include <clusapi.h>

BOOL WINAPI ClusterIsPathOnSharedVolume(LPCWSTR path);
BOOL WINAPI ClusterGetVolumePathName(LPCWSTR file, LPWSTR volume, DWORD size);
BOOL WINAPI ClusterGetVolumeNameForVolumeMountPoint(LPCWSTR mount, LPWSTR volume, DWORD size);
DWORD WINAPI ClusterPrepareSharedVolumeForBackup(LPCWSTR file, LPWSTR path, LPDWORD path_size,
                                                 LPWSTR name, LPDWORD name_size);
DWORD WINAPI ClusterClearBackupStateForSharedVolume(LPCWSTR path);

/* Learn: "FALSE if the path is not on a cluster shared volume". */
BOOL WINAPI ClusterIsPathOnSharedVolume(LPCWSTR path)
{
    (void)path;
    return win_fail(ERROR_SUCCESS);
}

/* Unsure: which code the two that need a shared volume give without any; on a shared volume they
 * do what their namesakes of kernel32 do, so here they do just that. */
BOOL WINAPI ClusterGetVolumePathName(LPCWSTR file, LPWSTR volume, DWORD size)
{
    return GetVolumePathNameW(file, volume, size);
}

BOOL WINAPI ClusterGetVolumeNameForVolumeMountPoint(LPCWSTR mount, LPWSTR volume, DWORD size)
{
    return GetVolumeNameForVolumeMountPointW(mount, volume, size);
}

DWORD WINAPI ClusterPrepareSharedVolumeForBackup(LPCWSTR file, LPWSTR path, LPDWORD path_size,
                                                 LPWSTR name, LPDWORD name_size)
{
    (void)file;
    (void)path;
    (void)path_size;
    (void)name;
    (void)name_size;
    return ERROR_CLUSTER_NODE_NOT_FOUND;
}

DWORD WINAPI ClusterClearBackupStateForSharedVolume(LPCWSTR path)
{
    (void)path;
    return ERROR_CLUSTER_NODE_NOT_FOUND;
}

DWORD WINAPI GetNodeClusterState(LPCWSTR node, LPDWORD ret_state)
{
    (void)node;
    *ret_state = 0; /* ClusterStateNotInstalled */
    return ERROR_SUCCESS;
}

HCLUSTER WINAPI OpenCluster(LPCWSTR name)
{
    (void)name;
    SetLastError(ERROR_SERVICE_DOES_NOT_EXIST);
    return NULL;
}

BOOL WINAPI CloseCluster(HCLUSTER cluster)
{
    (void)cluster;
    return win_fail(ERROR_INVALID_HANDLE);
}
