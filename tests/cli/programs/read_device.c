/* SPDX-License-Identifier: MIT */
/* Reads a device as a whole, as a backup program that knows no files:
 *
 *     read-device DEVICE OFFSET            its length, and the text in the sector there
 *     read-device DEVICE OFFSET TEXT       writes it at the beginning of that sector
 *
 * Prints the error of the first call that fails, and its name. */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed(const char *what)
{
    printf("%s: error %lu\n", what, (unsigned long)GetLastError());
    return 1;
}

static int read_it(HANDLE device)
{
    char sector[513] = { 0 };
    GET_LENGTH_INFORMATION length;
    DWORD n;

    if (!DeviceIoControl(device, IOCTL_DISK_GET_LENGTH_INFO, NULL, 0, &length, sizeof(length), &n,
                         NULL))
        return failed("IOCTL_DISK_GET_LENGTH_INFO");
    if (!ReadFile(device, sector, 512, &n, NULL) || n != 512)
        return failed("ReadFile");
    printf("%lld: %s\n", (long long)length.Length.QuadPart, sector);
    if (ReadFile(device, sector, 100, &n, NULL) || GetLastError() != ERROR_INVALID_PARAMETER)
        return failed("ReadFile of a part of a sector");
    return 0;
}

static int write_it(HANDLE device, const char *text)
{
    char sector[512] = { 0 };
    DWORD n;

    strncpy(sector, text, sizeof(sector) - 1);
    return WriteFile(device, sector, sizeof(sector), &n, NULL) && n == sizeof(sector)
               ? 0
               : failed("WriteFile");
}

int main(int argc, char **argv)
{
    DWORD access = argc > 3 ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ;
    LARGE_INTEGER offset = { .QuadPart = argc > 2 ? atoll(argv[2]) : 0 };

    if (argc < 3)
        return 2;
    HANDLE device = CreateFileA(argv[1], access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE)
        return failed("CreateFile");
    if (!SetFilePointerEx(device, offset, NULL, FILE_BEGIN))
        return failed("SetFilePointerEx");
    int code = argc > 3 ? write_it(device, argv[3]) : read_it(device);

    CloseHandle(device);
    return code;
}
