/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* _open, _read, _write and their relatives; _findfirst. */
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>

#define SAY_RESULT(call)                           \
    do {                                           \
        errno = 0;                                 \
        long long result_ = (long long)(call);     \
        if (result_ == -1)                         \
            say("%s: -1, errno %d", #call, errno); \
        else                                       \
            say("%s: %lld", #call, result_);       \
    } while (0)
#define SAY_OPENED(call)                                          \
    do {                                                          \
        errno = 0;                                                \
        fd = (call);                                              \
        say("%s: %s %d", #call, fd < 0 ? "no" : "opened", errno); \
    } while (0)

static int fd;

static void opening(void)
{
    int other;

    say("-- opening");
    SAY_OPENED(_open("V:\\none", _O_RDONLY | _O_BINARY));
    SAY_OPENED(_open("V:\\file", _O_CREAT | _O_EXCL | _O_WRONLY | _O_BINARY, _S_IREAD | _S_IWRITE));
    SAY_RESULT(_write(fd, "0123456789", 10));
    SAY_RESULT(_close(fd));
    SAY_OPENED(_open("V:\\file", _O_CREAT | _O_EXCL | _O_WRONLY, _S_IREAD | _S_IWRITE));
    SAY_OPENED(_wopen(L"V:\\file", _O_RDWR | _O_BINARY));
    SAY_NUMBER(_wsopen_s(&other, L"V:\\file", _O_RDONLY | _O_BINARY, _SH_DENYRW, 0));
    SAY_RESULT(_close(fd));
    SAY_NUMBER(_wsopen_s(&other, L"V:\\file", _O_RDONLY | _O_BINARY, _SH_DENYRW, 0));
    SAY_OPENED(_open("V:\\file", _O_RDONLY | _O_BINARY));
    SAY_RESULT(_close(other));
}

static void moving(void)
{
    char text[16] = "";

    say("-- reading, writing, moving");
    SAY_OPENED(_open("V:\\file", _O_RDWR | _O_BINARY));
    SAY_RESULT(_read(fd, text, 4));
    SAY_NARROW(text);
    SAY_RESULT(_lseek(fd, -2, SEEK_END));
    SAY_RESULT(_read(fd, text, 15));
    SAY_RESULT(_read(fd, text, 15));
    SAY_RESULT(_eof(fd));
    SAY_RESULT(_lseeki64(fd, 5, SEEK_SET));
    SAY_RESULT(_write(fd, "xx", 2));
    SAY_RESULT(_telli64(fd));
    SAY_RESULT(_eof(fd));
    SAY_RESULT(_filelengthi64(fd));
    SAY_RESULT(_chsize_s(fd, 7));
    SAY_RESULT(_filelengthi64(fd));
    SAY_RESULT(_telli64(fd));
    SAY_RESULT(_lseeki64(fd, -1, SEEK_SET));
    SAY_RESULT(_commit(fd));
    SAY_RESULT(_close(fd));
    SAY_OPENED(_open("V:\\file", _O_WRONLY | _O_APPEND | _O_BINARY));
    SAY_RESULT(_lseek(fd, 0, SEEK_SET));
    SAY_RESULT(_write(fd, "end", 3));
    SAY_RESULT(_filelengthi64(fd));
    SAY_RESULT(_read(fd, text, 4));
    SAY_RESULT(_close(fd));
    SAY_OPENED(_open("V:\\file", _O_WRONLY | _O_TRUNC | _O_BINARY));
    SAY_RESULT(_filelengthi64(fd));
    SAY_RESULT(_close(fd));
    SAY_OPENED(_open("V:\\readonly", _O_CREAT | _O_WRONLY | _O_BINARY, _S_IREAD));
    SAY_RESULT(_write(fd, "r", 1));
    SAY_RESULT(_close(fd));
    SAY_RESULT(_chmod("V:\\readonly", _S_IREAD | _S_IWRITE));
}

static void handles(void)
{
    HANDLE file =
        CreateFileW(L"V:\\file", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    DWORD n;

    say("-- handles");
    SAY_OPENED(_open_osfhandle((intptr_t)file, _O_RDWR));
    SAY_NUMBER(_get_osfhandle(fd) == (intptr_t)file);
    SAY_BOOL(WriteFile(file, "abc", 3, &n, NULL));
    SAY_RESULT(_telli64(fd));
    SAY_RESULT(_close(fd));
    SAY_BOOL(CloseHandle(file));
    SAY_RESULT(_fileno(stdin));
    SAY_RESULT(_fileno(stdout));
}

static void searching(void)
{
    struct _wfinddata_t data;
    intptr_t search;

    say("-- searching");
    search = _wfindfirst(L"V:\\r*", &data);
    say("found: %d, attributes %u, size %d", search != -1, data.attrib & ~_A_ARCH, (int)data.size);
    SAY_WIDE(data.name);
    SAY_RESULT(_wfindnext(search, &data));
    SAY_RESULT(_findclose(search));
    SAY_RESULT(_wfindfirst(L"V:\\none*", &data));
}

int wmain(void)
{
    opening();
    moving();
    handles();
    searching();
    _unlink("V:\\file");
    _unlink("V:\\readonly");
    return 0;
}
