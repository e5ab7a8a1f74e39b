/* SPDX-License-Identifier: MIT */
/* The version of Windows that programs put into their own version texts. It is that of the SDK a
 * program is built with, not of the Windows it runs on. */
#pragma once

#define VER_PRODUCTMAJORVERSION    6
#define VER_PRODUCTMINORVERSION    1
#define VER_PRODUCTBUILD           7601
#define VER_PRODUCTBUILD_QFE       17514
#define VER_PRODUCTVERSION_W       (0x0601)
#define VER_PRODUCTVERSION_DW      (0x06010000 | VER_PRODUCTBUILD)
#define VER_PRODUCTVERSION         6, 1, 7601, 17514
#define VER_PRODUCTVERSION_STRING  "6.1"
#define VER_PRODUCTVERSION_STR     "6.1.7601.17514"
#define LVER_PRODUCTVERSION_STRING L"6.1"
#define LVER_PRODUCTVERSION_STR    L"6.1.7601.17514"
#define VER_PRODUCTBETA_STR        ""
#define VER_DEBUG                  0
#define VER_PRERELEASE             0
#define VER_PRIVATE                0
#define VER_FILEFLAGSMASK          VS_FFI_FILEFLAGSMASK
#define VER_FILEOS                 VOS_NT_WINDOWS32
#define VER_FILEFLAGS              (VER_PRERELEASE | VER_DEBUG | VER_PRIVATE)
#define VER_COMPANYNAME_STR        "Microsoft Corporation"
#define VER_PRODUCTNAME_STR        "Microsoft\256 Windows\256 Operating System"
