/* SPDX-License-Identifier: MIT */
/* Of the failover cluster's resource utilities, what backup programs ask about the volumes of a
 * cluster (Learn: "resapi.h header"). No volume here belongs to one. */
#pragma once

#include <windows.h>
#include <clusapi.h>

#ifdef __cplusplus
extern "C" {
#endif

BOOL WINAPI ClusterIsPathOnSharedVolume(LPCWSTR lpszPathName);
BOOL WINAPI ClusterGetVolumePathName(LPCWSTR lpszFileName, LPWSTR lpszVolumePathName,
                                     DWORD cchBufferLength);
BOOL WINAPI ClusterGetVolumeNameForVolumeMountPoint(LPCWSTR lpszVolumeMountPoint,
                                                    LPWSTR lpszVolumeName, DWORD cchBufferLength);
DWORD WINAPI ClusterPrepareSharedVolumeForBackup(LPCWSTR lpszFileName, LPWSTR lpszVolumePathName,
                                                 LPDWORD lpcchVolumePathName, LPWSTR lpszVolumeName,
                                                 LPDWORD lpcchVolumeName);
DWORD WINAPI ClusterClearBackupStateForSharedVolume(LPCWSTR lpszVolumePathName);

#ifdef __cplusplus
}
#endif
