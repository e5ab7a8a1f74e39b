/* SPDX-License-Identifier: MIT */
/* DeviceIoControl on files, volumes and the disk, sparse files and reparse points. Learn: the pages
 * of the control codes. */
#include "files_check.h"

#include <stddef.h>
#include <winioctl.h>

#define QUERY_DEVICE_NAME CTL_CODE(0x4D, 2, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define VOLSNAP_QUERY     CTL_CODE(0x53, 2, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define MY_TAG            0x80000123u /* one of Microsoft's as far as its bits tell */

static DWORD n;

/* The code is printed as it is written. */
#define CONTROL(handle, code, in, in_size, out, out_size)                                 \
    do {                                                                                  \
        SetLastError(0);                                                                  \
        BOOL done_ = DeviceIoControl(handle, code, in, in_size, out, out_size, &n, NULL); \
        DWORD error_ = GetLastError();                                                    \
        line(#handle ": " #code "(" #in ", " #in_size ", " #out ", " #out_size ")",       \
             done_ ? "yes" : "no", done_ ? 0 : error_);                                   \
    } while (0)

static void ranges(HANDLE file, LONGLONG offset, LONGLONG length, size_t room)
{
    FILE_ALLOCATED_RANGE_BUFFER wish, found[8];

    wish.FileOffset.QuadPart = offset;
    wish.Length.QuadPart = length;
    SetLastError(0);
    BOOL done = DeviceIoControl(file, FSCTL_QUERY_ALLOCATED_RANGES, &wish, sizeof(wish), found,
                                (DWORD)(room * sizeof(found[0])), &n, NULL);
    printf("  ranges of %I64d+%I64d:", offset, length);
    for (size_t i = 0; i < n / sizeof(found[0]); i++)
        printf(" %I64d+%I64d", found[i].FileOffset.QuadPart, found[i].Length.QuadPart);
    printf(" %s\n", done ? "" : error_name(GetLastError()));
}

static void write_at(HANDLE file, DWORD offset, const char *text)
{
    SetFilePointer(file, (LONG)offset, NULL, FILE_BEGIN);
    WriteFile(file, text, (DWORD)strlen(text), &n, NULL);
}

static void sparse(void)
{
    FILE_SET_SPARSE_BUFFER no = { FALSE };
    FILE_ZERO_DATA_INFORMATION zero = { 0 };
    LARGE_INTEGER far_away = { .QuadPart = 0x180000000 };
    HANDLE file, reader;
    DWORD high = 9;

    heading("sparse files");
    OPENS(file, open_file(L"sparse", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, CREATE_NEW, 0));
    write_at(file, 0, "begin");
    write_at(file, 300000, "middle");
    ranges(file, 0, 1000000, 8);
    CONTROL(file, FSCTL_SET_SPARSE, NULL, 0, NULL, 0);
    COUNTS(GetFileAttributesW(L"sparse"), INVALID_FILE_ATTRIBUTES);
    ranges(file, 0, 1000000, 8);
    ranges(file, 0, 1000000, 1);
    ranges(file, 0, 1000000, 0);
    ranges(file, 3, 299999, 8);
    ranges(file, 70000, 1000, 8);
    ranges(file, -1, 1000, 8);
    COUNTS(GetCompressedFileSizeW(L"sparse", &high), INVALID_FILE_SIZE);
    COUNTS(high, -1);
    COUNTS(GetCompressedFileSizeW(L"none", &high), INVALID_FILE_SIZE);
    zero.FileOffset.QuadPart = 299990;
    zero.BeyondFinalZero.QuadPart = 400000;
    CONTROL(file, FSCTL_SET_ZERO_DATA, &zero, sizeof(zero), NULL, 0);
    CONTROL(file, FSCTL_SET_ZERO_DATA, &zero, sizeof(zero) - 1, NULL, 0);
    ranges(file, 0, 1000000, 8);
    COUNTS(GetFileSize(file, NULL), INVALID_FILE_SIZE);
    zero.FileOffset.QuadPart = 500000;
    CONTROL(file, FSCTL_SET_ZERO_DATA, &zero, sizeof(zero), NULL, 0);
    CONTROL(file, FSCTL_SET_SPARSE, &no, sizeof(no), NULL, 0);
    COUNTS(GetFileAttributesW(L"sparse"), INVALID_FILE_ATTRIBUTES);
    OPENS(reader, open_file(L"sparse", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    CONTROL(reader, FSCTL_SET_SPARSE, NULL, 0, NULL, 0);
    CONTROL(reader, FSCTL_SET_ZERO_DATA, &zero, sizeof(zero), NULL, 0);
    CloseHandle(reader);
    heading("beyond 4 GiB");
    CONTROL(file, FSCTL_SET_SPARSE, NULL, 0, NULL, 0);
    DOES(SetFilePointerEx(file, far_away, NULL, FILE_BEGIN));
    DOES(WriteFile(file, "end", 3, &n, NULL));
    COUNTS(GetFileSize(file, &high), INVALID_FILE_SIZE);
    COUNTS(high, -1);
    ranges(file, 0x17FF00000, 0x200000, 8);
    DOES(SetFilePointerEx(file, (LARGE_INTEGER){ .QuadPart = -3 }, &far_away, FILE_END));
    IS(far_away.QuadPart == 0x180000000);
    CloseHandle(file);
    DOES(DeleteFileW(L"sparse"));
}

static void backup_of_sparse(void)
{
    static BYTE sequence[300000];
    HANDLE file, copy;
    void *context = NULL;
    DWORD total, done;

    heading("backup of a sparse file");
    file = open_file(L"holes", GENERIC_READ | GENERIC_WRITE, 0, CREATE_ALWAYS, 0);
    CONTROL(file, FSCTL_SET_SPARSE, NULL, 0, NULL, 0);
    write_at(file, 200000, "data");
    SetFilePointer(file, 1000000, NULL, FILE_BEGIN);
    SetEndOfFile(file);
    DOES(BackupRead(file, sequence, sizeof(sequence), &total, FALSE, FALSE, &context));
    BackupRead(file, NULL, 0, &n, TRUE, FALSE, &context);
    COUNTS(total, -1);
    for (DWORD at = 0; at < total;) {
        WIN32_STREAM_ID id;
        memcpy(&id, sequence + at, offsetof(WIN32_STREAM_ID, cStreamName));
        printf("    stream %u, attributes %u, size %u\n", (unsigned)id.dwStreamId,
               (unsigned)id.dwStreamAttributes, (unsigned)id.Size.QuadPart);
        at += (DWORD)offsetof(WIN32_STREAM_ID, cStreamName) + (DWORD)id.Size.QuadPart;
    }
    CloseHandle(file);
    copy = open_file(L"holes2", GENERIC_READ | GENERIC_WRITE, 0, CREATE_ALWAYS, 0);
    for (DWORD at = 0; at < total; at += done)
        if (!BackupWrite(copy, sequence + at, total - at < 33 ? total - at : 33, &done, FALSE,
                         FALSE, &context))
            break;
    BackupWrite(copy, NULL, 0, &n, TRUE, FALSE, &context);
    COUNTS(GetFileSize(copy, NULL), INVALID_FILE_SIZE);
    ranges(copy, 0, 1000000, 8);
    CloseHandle(copy);
    COUNTS(GetFileAttributesW(L"holes2"), INVALID_FILE_ATTRIBUTES);
}

static void compression(void)
{
    USHORT format = 1, bad = 9;
    HANDLE file;

    heading("compression");
    OPENS(file, open_file(L"packed", GENERIC_READ | GENERIC_WRITE, 0, CREATE_NEW, 0));
    CONTROL(file, FSCTL_SET_COMPRESSION, &format, sizeof(format), NULL, 0);
    CONTROL(file, FSCTL_SET_COMPRESSION, &bad, sizeof(bad), NULL, 0);
    CONTROL(file, FSCTL_SET_COMPRESSION, NULL, 0, NULL, 0);
    CONTROL(file, FSCTL_GET_COMPRESSION, NULL, 0, &format, sizeof(format));
    COUNTS(format, -1);
    CONTROL(file, FSCTL_GET_COMPRESSION, NULL, 0, &format, 1);
    COUNTS(GetFileAttributesW(L"packed"), INVALID_FILE_ATTRIBUTES);
    CloseHandle(file);
}

static void reparse(void)
{
    struct {
        DWORD tag;
        WORD length, reserved;
        char data[8];
    } point = { MY_TAG, 8, 0, "reparse" }, got;
    WIN32_FIND_DATAW data;
    HANDLE dir;

    heading("reparse points");
    CreateDirectoryW(L"point", NULL);
    OPENS(dir, open_file(L"point", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING,
                         FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT));
    CONTROL(dir, FSCTL_GET_REPARSE_POINT, NULL, 0, &got, sizeof(got));
    CONTROL(dir, FSCTL_DELETE_REPARSE_POINT, &point, 8, NULL, 0);
    CONTROL(dir, FSCTL_SET_REPARSE_POINT, &point, sizeof(point) - 1, NULL, 0);
    make_file(L"point\\file", "in the way");
    CONTROL(dir, FSCTL_SET_REPARSE_POINT, &point, sizeof(point), NULL, 0);
    DeleteFileW(L"point\\file");
    CONTROL(dir, FSCTL_SET_REPARSE_POINT, &point, sizeof(point), NULL, 0);
    CONTROL(dir, FSCTL_GET_REPARSE_POINT, NULL, 0, &got, sizeof(got));
    IS(n == sizeof(got) && memcmp(&got, &point, n) == 0);
    CONTROL(dir, FSCTL_GET_REPARSE_POINT, NULL, 0, &got, 12);
    CONTROL(dir, FSCTL_GET_REPARSE_POINT, NULL, 0, &got, 4);
    COUNTS(GetFileAttributesW(L"point"), INVALID_FILE_ATTRIBUTES);
    HANDLE find = FindFirstFileW(L"poin*", &data);
    IS(data.dwFileAttributes == (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT));
    IS(data.dwReserved0 == MY_TAG);
    FindClose(find);
    point.tag++;
    CONTROL(dir, FSCTL_SET_REPARSE_POINT, &point, sizeof(point), NULL, 0);
    point.length = 0;
    CONTROL(dir, FSCTL_DELETE_REPARSE_POINT, &point, 8, NULL, 0);
    point.tag = MY_TAG;
    CONTROL(dir, FSCTL_DELETE_REPARSE_POINT, &point, 8, NULL, 0);
    CONTROL(dir, FSCTL_DELETE_REPARSE_POINT, &point, 8, NULL, 0);
    COUNTS(GetFileAttributesW(L"point"), INVALID_FILE_ATTRIBUTES);
    point.tag = 1;
    CONTROL(dir, FSCTL_SET_REPARSE_POINT, &point, 8, NULL, 0);
    CloseHandle(dir);
}

/* ---- volumes and the disk ---- */

static void volume(void)
{
    NTFS_VOLUME_DATA_BUFFER ntfs;
    STARTING_LCN_INPUT_BUFFER start = { 0 };
    USN_JOURNAL_DATA journal;
    BYTE bitmap[64];
    HANDLE device, file;

    heading("a volume");
    OPENS(device, open_file(L"\\\\.\\D:", GENERIC_READ | GENERIC_WRITE,
                            FILE_SHARE_READ | FILE_SHARE_WRITE, OPEN_EXISTING, 0));
    CONTROL(device, FSCTL_GET_NTFS_VOLUME_DATA, NULL, 0, &ntfs, sizeof(ntfs));
    IS(n == sizeof(ntfs) && ntfs.BytesPerSector == 512 && ntfs.BytesPerCluster == 4096);
    CONTROL(device, FSCTL_GET_NTFS_VOLUME_DATA, NULL, 0, &ntfs, 8);
    CONTROL(device, FSCTL_GET_VOLUME_BITMAP, &start, sizeof(start), bitmap, sizeof(bitmap));
    IS(((VOLUME_BITMAP_BUFFER *)bitmap)->BitmapSize.QuadPart == ntfs.TotalClusters.QuadPart);
    CONTROL(device, FSCTL_QUERY_USN_JOURNAL, NULL, 0, &journal, sizeof(journal));
    CONTROL(device, FSCTL_IS_VOLUME_MOUNTED, NULL, 0, NULL, 0);
    make_file(L"D:\\open", "");
    file = open_file(L"D:\\open", GENERIC_READ, 0, OPEN_EXISTING, 0);
    CONTROL(device, FSCTL_LOCK_VOLUME, NULL, 0, NULL, 0);
    CloseHandle(file);
    CONTROL(device, FSCTL_LOCK_VOLUME, NULL, 0, NULL, 0);
    TRIES(open_file(L"D:\\open", GENERIC_READ, 0, OPEN_EXISTING, 0));
    CONTROL(device, FSCTL_DISMOUNT_VOLUME, NULL, 0, NULL, 0);
    CONTROL(device, FSCTL_UNLOCK_VOLUME, NULL, 0, NULL, 0);
    CONTROL(device, FSCTL_UNLOCK_VOLUME, NULL, 0, NULL, 0);
    CONTROL(device, FSCTL_LOCK_VOLUME, NULL, 0, NULL, 0);
    DOES(CloseHandle(device)); /* and with it the lock */
    TRIES(open_file(L"D:\\open", GENERIC_READ, 0, OPEN_EXISTING, 0));
    DOES(DeleteFileW(L"D:\\open"));
}

static void disk(void)
{
    VOLUME_DISK_EXTENTS extents;
    STORAGE_DEVICE_NUMBER number;
    GET_LENGTH_INFORMATION length;
    DISK_GEOMETRY_EX geometry;
    PARTITION_INFORMATION_EX partition;
    VOLUME_GET_GPT_ATTRIBUTES_INFORMATION attributes;
    STORAGE_PROPERTY_QUERY query = { StorageDeviceProperty, PropertyStandardQuery, { 0 } };
    WORD name[64];
    BYTE buffer[256];
    HANDLE device, whole;

    heading("a volume on its disk");
    OPENS(device, open_file(L"\\\\.\\D:", 0, SHARE_ALL, OPEN_EXISTING, 0));
    CONTROL(device, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, NULL, 0, &extents, sizeof(extents));
    IS(extents.NumberOfDiskExtents == 1 && extents.Extents[0].DiskNumber == 0);
    CONTROL(device, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, NULL, 0, &extents, 8);
    CONTROL(device, IOCTL_STORAGE_GET_DEVICE_NUMBER, NULL, 0, &number, sizeof(number));
    IS(number.DeviceType == FILE_DEVICE_DISK && number.DeviceNumber == 0);
    COUNTS(number.PartitionNumber, -1);
    CONTROL(device, IOCTL_DISK_GET_LENGTH_INFO, NULL, 0, &length, sizeof(length));
    CONTROL(device, IOCTL_DISK_IS_WRITABLE, NULL, 0, NULL, 0);
    CONTROL(device, IOCTL_DISK_GET_PARTITION_INFO_EX, NULL, 0, &partition, sizeof(partition));
    IS(partition.PartitionStyle == PARTITION_STYLE_GPT && partition.PartitionNumber == 2);
    IS(partition.StartingOffset.QuadPart == extents.Extents[0].StartingOffset.QuadPart);
    CONTROL(device, IOCTL_VOLUME_GET_GPT_ATTRIBUTES, NULL, 0, &attributes, sizeof(attributes));
    IS(attributes.GptAttributes == 0);
    CONTROL(device, QUERY_DEVICE_NAME, NULL, 0, name, sizeof(name));
    IS(n == name[0] + sizeof(WORD) && memcmp(name + 1, L"\\Device\\HarddiskVolume2", 46) == 0);
    CONTROL(device, QUERY_DEVICE_NAME, NULL, 0, name, 4);
    CONTROL(device, QUERY_DEVICE_NAME, NULL, 0, name, 2);
    CONTROL(device, VOLSNAP_QUERY, NULL, 0, buffer, sizeof(buffer));
    CONTROL(device, 0x12345678, NULL, 0, NULL, 0);
    DOES(ReadFile(device, buffer, 0, &n, NULL));
    heading("the disk");
    OPENS(whole, open_file(L"\\\\.\\PhysicalDrive0", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(L"\\\\.\\PhysicalDrive1", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    CONTROL(whole, IOCTL_DISK_GET_LENGTH_INFO, NULL, 0, &length, sizeof(length));
    CONTROL(whole, IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, NULL, 0, &geometry, sizeof(geometry));
    IS(geometry.DiskSize.QuadPart == length.Length.QuadPart);
    IS(geometry.Geometry.MediaType == FixedMedia);
    CONTROL(whole, IOCTL_STORAGE_GET_DEVICE_NUMBER, NULL, 0, &number, sizeof(number));
    COUNTS(number.PartitionNumber, -1);
    CONTROL(whole, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query), buffer, sizeof(buffer));
    STORAGE_DEVICE_DESCRIPTOR *descriptor = (STORAGE_DEVICE_DESCRIPTOR *)buffer;
    IS(n == descriptor->Size);
    line("vendor", (char *)buffer + descriptor->VendorIdOffset, 0);
    CONTROL(whole, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query), buffer, 8);
    IS(n == 8 && descriptor->Size > 8);
    query.PropertyId = StorageDeviceIdProperty;
    CONTROL(whole, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query), buffer, sizeof(buffer));
    IS(((STORAGE_DEVICE_ID_DESCRIPTOR *)buffer)->NumberOfIdentifiers == 1);
    query.PropertyId = (STORAGE_PROPERTY_ID)40;
    CONTROL(whole, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query), buffer, sizeof(buffer));
    CONTROL(whole, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, NULL, 0, &extents, sizeof(extents));
    CONTROL(whole, FSCTL_GET_NTFS_VOLUME_DATA, NULL, 0, buffer, sizeof(buffer));
    DOES(ReadFile(whole, buffer, 0, &n, NULL));
    CloseHandle(whole);
    CloseHandle(device);
}

static void wrong(void)
{
    OVERLAPPED overlapped = { 0 };
    BYTE buffer[128];
    HANDLE file;

    heading("wrong calls");
    make_file(L"file", "x");
    OPENS(file, open_file(L"file", GENERIC_READ, 0, OPEN_EXISTING, 0));
    CONTROL(file, FSCTL_GET_NTFS_VOLUME_DATA, NULL, 0, buffer, sizeof(buffer));
    CONTROL(file, IOCTL_STORAGE_GET_DEVICE_NUMBER, NULL, 0, buffer, sizeof(buffer));
    CONTROL(NULL, FSCTL_GET_COMPRESSION, NULL, 0, buffer, sizeof(buffer));
    DOES(DeviceIoControl(file, FSCTL_GET_COMPRESSION, NULL, 0, buffer, 2, NULL, NULL));
    overlapped.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    DOES(DeviceIoControl(file, FSCTL_GET_COMPRESSION, NULL, 0, buffer, 2, NULL, &overlapped));
    DOES(WaitForSingleObject(overlapped.hEvent, 0) == WAIT_OBJECT_0);
    DOES(GetOverlappedResult(file, &overlapped, &n, FALSE));
    COUNTS(n, -1);
    CloseHandle(overlapped.hEvent);
    CloseHandle(file);
}

static void labels(void)
{
    static const WCHAR longest[] = L"12345678901234567890123456789012";
    WCHAR label[40] = L"?";
    HANDLE file;
    DWORD serial = 0, of_root = 1, n;

    heading("the volume's label, and its details by a handle");
    DOES(SetVolumeLabelW(L"C:\\", L"a label"));
    OPENS(file, open_file(L"C:\\", 0, SHARE_ALL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS));
    DOES(GetVolumeInformationByHandleW(file, label, 40, &serial, NULL, &n, NULL, 0));
    IS(lstrcmpW(label, L"a label") == 0);
    DOES(GetVolumeInformationW(L"C:\\", label, 40, &of_root, NULL, NULL, NULL, 0));
    IS(serial == of_root);
    DOES(GetVolumeInformationByHandleW(file, label, 7, NULL, NULL, NULL, NULL, 0));
    CloseHandle(file);
    DOES(GetVolumeInformationByHandleW(file, label, 40, NULL, NULL, NULL, NULL, 0));
    DOES(SetVolumeLabelW(L"C:\\", longest));
    DOES(SetVolumeLabelW(L"C:\\", L"123456789012345678901234567890123"));
    DOES(SetVolumeLabelW(L"Q:\\", L"a label"));
    DOES(SetVolumeLabelW(L"C:\\", NULL));
    DOES(GetVolumeInformationW(L"C:\\", label, 40, NULL, NULL, NULL, NULL, 0));
    IS(!*label);
}

static void checks(void)
{
    sparse();
    backup_of_sparse();
    compression();
    reparse();
    volume();
    disk();
    wrong();
    labels();
}
