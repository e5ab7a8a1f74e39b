/* SPDX-License-Identifier: MIT */
/* A manager of the storage of snapshots that does what its words say, one after the other, and
 * prints one line of each: add:SOURCE:PLACE:MB, change:SOURCE:PLACE:MB, passing:SOURCE:PLACE:MB
 * (until the machine starts again), areas:LETTER, on:LETTER, level:LETTER:N, protection:LETTER,
 * clear:LETTER. MB -1 is no limit; a volume is a letter, or ? for the place that the area of SOURCE
 * names. */
#define COBJMACROS
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <vsbackup.h>
#include <vsmgmt.h>
#include <vss.h>

static IVssDifferentialSoftwareSnapshotMgmt3 *areas;

#define AREAS(method, ...) IVssDifferentialSoftwareSnapshotMgmt3_##method(areas, ##__VA_ARGS__)

static void check(const char *what, HRESULT hr)
{
    if (SUCCEEDED(hr))
        return;
    printf("%s: 0x%08lx\n", what, (unsigned long)hr);
    exit(2);
}

static void begin(void)
{
    static const VSS_ID system_provider = {
        0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
    };
    IVssSnapshotMgmt *management;
    IUnknown *face;

    check("CoCreateInstance", CoCreateInstance(&CLSID_VssSnapshotMgmt, NULL, CLSCTX_ALL,
                                               &IID_IVssSnapshotMgmt, (void **)&management));
    check("GetProviderMgmtInterface",
          IVssSnapshotMgmt_GetProviderMgmtInterface(
              management, system_provider, &IID_IVssDifferentialSoftwareSnapshotMgmt, &face));
    check("QueryInterface", IUnknown_QueryInterface(
                                face, &IID_IVssDifferentialSoftwareSnapshotMgmt3, (void **)&areas));
    IUnknown_Release(face);
    IVssSnapshotMgmt_Release(management);
}

/* ---- volumes ---- */

struct volume {
    WCHAR name[64];
};

static struct volume volume_of(char letter)
{
    struct volume v = { { (WCHAR)letter, L':', L'\\', 0 } };

    return v;
}

/* How many areas a list has. Releases it. */
static unsigned next_areas(IVssEnumMgmtObject *list, void (*each)(VSS_DIFF_AREA_PROP *area))
{
    VSS_MGMT_OBJECT_PROP prop;
    ULONG n = 0;
    unsigned count = 0;

    for (; IVssEnumMgmtObject_Next(list, 1, &prop, &n) == S_OK && n; count++) {
        each(&prop.Obj.DiffArea);
        CoTaskMemFree(prop.Obj.DiffArea.m_pwszVolumeName);
        CoTaskMemFree(prop.Obj.DiffArea.m_pwszDiffAreaVolumeName);
    }
    IVssEnumMgmtObject_Release(list);
    return count;
}

static struct volume named;

static void take_name(VSS_DIFF_AREA_PROP *area)
{
    wcsncpy(named.name, area->m_pwszDiffAreaVolumeName, 63);
}

static struct volume place_of(char source, char letter)
{
    IVssEnumMgmtObject *list;

    if (letter != '?')
        return volume_of(letter);
    check("QueryDiffAreasForVolume", AREAS(QueryDiffAreasForVolume, volume_of(source).name, &list));
    if (!next_areas(list, take_name))
        check("an area", E_FAIL);
    return named;
}

/* ---- words ---- */

static void print_result(const char *word, HRESULT hr)
{
    printf("%s 0x%08lx\n", word, (unsigned long)hr);
}

static LONGLONG bytes_of(const char *megabytes)
{
    long long n = atoll(megabytes);

    return n > 0 ? n << 20 : n;
}

/* "C:D:400" */
static void do_add(char *text)
{
    print_result("add", AREAS(AddDiffArea, volume_of(text[0]).name, volume_of(text[2]).name,
                              bytes_of(text + 4)));
}

static void do_change(char *text)
{
    print_result("change", AREAS(ChangeDiffAreaMaximumSize, volume_of(text[0]).name,
                                 place_of(text[0], text[2]).name, bytes_of(text + 4)));
}

static void do_passing(char *text)
{
    print_result("passing", AREAS(ChangeDiffAreaMaximumSizeEx, volume_of(text[0]).name,
                                  place_of(text[0], text[2]).name, bytes_of(text + 4), TRUE));
}

/* The last two digits of a volume's name are its letter. */
static int letter_of(const WCHAR *name)
{
    return (int)wcstol(name + wcslen(name) - 4, NULL, 16);
}

static void print_area(VSS_DIFF_AREA_PROP *area)
{
    printf("area of %c: on %c:, %lld MB\n", letter_of(area->m_pwszVolumeName),
           letter_of(area->m_pwszDiffAreaVolumeName),
           (long long)area->m_llMaximumDiffSpace < 0 ? -1
                                                     : (long long)area->m_llMaximumDiffSpace >> 20);
}

static void print_areas(HRESULT hr, IVssEnumMgmtObject *list)
{
    if (FAILED(hr))
        print_result("areas", hr);
    else if (!next_areas(list, print_area))
        printf("no area\n");
}

static void do_areas(char *text)
{
    IVssEnumMgmtObject *list;
    HRESULT hr = AREAS(QueryDiffAreasForVolume, volume_of(text[0]).name, &list);

    print_areas(hr, list);
}

static void do_on(char *text)
{
    IVssEnumMgmtObject *list;
    HRESULT hr = AREAS(QueryDiffAreasOnVolume, volume_of(text[0]).name, &list);

    print_areas(hr, list);
}

static void do_level(char *text)
{
    print_result("level", AREAS(SetVolumeProtectLevel, volume_of(text[0]).name,
                                (VSS_PROTECTION_LEVEL)atoi(text + 2)));
}

static void do_protection(char *text)
{
    VSS_VOLUME_PROTECTION_INFO info;

    check("GetVolumeProtectLevel", AREAS(GetVolumeProtectLevel, volume_of(text[0]).name, &info));
    printf("protection %d, offline %d, fault %d, status 0x%08lx\n", (int)info.m_protectionLevel,
           info.m_volumeIsOfflineForProtection, (int)info.m_protectionFault,
           (unsigned long)info.m_failureStatus);
}

static void do_clear(char *text)
{
    print_result("clear", AREAS(ClearVolumeProtectFault, volume_of(text[0]).name));
}

static const struct {
    const char *name;
    void (*run)(char *text);
} words[] = {
    { "add", do_add },         { "change", do_change },
    { "passing", do_passing }, { "areas", do_areas },
    { "on", do_on },           { "level", do_level },
    { "clear", do_clear },     { "protection", do_protection },
};

static void run(char *word)
{
    char *text = strchr(word, ':');
    size_t length = text ? (size_t)(text - word) : 0;

    for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++) {
        if (strlen(words[i].name) == length && strncmp(words[i].name, word, length) == 0) {
            words[i].run(text + 1);
            return;
        }
    }
    printf("what is %s?\n", word);
    exit(3);
}

int main(int argc, char **argv)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    begin();
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    IVssDifferentialSoftwareSnapshotMgmt3_Release(areas);
    CoUninitialize();
    return 0;
}
