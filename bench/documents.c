/* SPDX-License-Identifier: MIT */
/* What large documents cost:  documents WHAT ROWS
 *   load      a Writer Metadata Document from its text
 *   save      the same to text
 *   backup    a Backup Components Document of that many components, to text and back
 *   simulate  a writer of it in a world that has nothing of it, its files made up, gathered once
 * Prints the size and the time (a number for people: machines differ); documents_growth.py counts
 * instructions instead. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/include/vssemu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Where instructions are counted. */
void documents_measured(void (*work)(void *arg), void *arg);

__attribute__((noinline)) void documents_measured(void (*work)(void *arg), void *arg)
{
    work(arg);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* As a System Writer's: a group of many files in many directories, and a group for every tenth. */
static char *large_document(unsigned n_rows)
{
    struct str text = { 0 };

    str_add(&text,
            "<WRITER_METADATA xmlns=\"x-schema:#VssWriterMetadataInfo\" version=\"1.2\">"
            "<IDENTIFICATION writerId=\"a1b2c3d4-0001-4002-8003-000000000009\" "
            "instanceId=\"a1b2c3d4-0001-4002-8003-0000000000f8\" friendlyName=\"Large Writer\" "
            "usage=\"BOOTABLE_SYSTEM_STATE\" dataSource=\"OTHER\" majorVersion=\"0\" "
            "minorVersion=\"0\"/><BACKUP_LOCATIONS><FILE_GROUP componentName=\"System Files\" "
            "restoreMetadata=\"no\" notifyOnBackupComplete=\"no\" selectable=\"no\" "
            "selectableForRestore=\"no\" componentFlags=\"0\">");
    for (unsigned i = 0; i < n_rows; i++)
        str_addf(&text,
                 "<FILE_LIST path=\"%s\\WinSxS\\amd64_component_%u\" filespec=\"file%u.dll\" "
                 "filespecBackupType=\"3855\"/>",
                 i % 2 ? "C:\\Windows" : "c:\\windows", i / 20, i);
    str_add(&text, "</FILE_GROUP>");
    for (unsigned i = 0; i < n_rows / 10; i++)
        str_addf(&text,
                 "<FILE_GROUP logicalPath=\"Parts\" componentName=\"part %u\" "
                 "restoreMetadata=\"no\" notifyOnBackupComplete=\"no\" selectable=\"no\" "
                 "selectableForRestore=\"no\" componentFlags=\"0\"><FILE_LIST "
                 "path=\"C:\\Windows\\System32\" filespec=\"part%u.bin\" "
                 "filespecBackupType=\"3855\"/></FILE_GROUP>",
                 i, i);
    str_add(&text, "</BACKUP_LOCATIONS></WRITER_METADATA>");
    return str_take(&text);
}

struct work {
    unsigned n_rows;
    char *text;
    struct wmd *wmd;
    struct bcd *bcd;
};

static void require(bool is_good, const char *what)
{
    if (is_good)
        return;
    fprintf(stderr, "documents: %s\n", what);
    exit(1);
}

static void load(void *arg)
{
    struct work *work = arg;
    struct wmd *wmd = NULL;

    require(wmd_from_xml(work->text, strlen(work->text), &wmd, NULL) == S_OK, "load");
    wmd_free(wmd);
}

static void save(void *arg)
{
    free(wmd_to_xml(((struct work *)arg)->wmd));
}

static void backup(void *arg)
{
    struct work *work = arg;
    auto_free char *text = bcd_to_xml(work->bcd);
    struct bcd *bcd = NULL;

    require(bcd_from_xml(text, strlen(text), &bcd, NULL) == S_OK, "backup");
    bcd_free(bcd);
}

static void simulate(void *arg)
{
    struct work *work = arg;
    struct vssemu_world *w = vssemu_world_new(NULL);

    require(vssemu_add_writer_metadata_xml(w, work->text), vssemu_error(w));
    require(vssemu_backup(w, VSSEMU_IDENTIFY) == S_OK, "gather");
    vssemu_world_free(w);
}

static void prepare(struct work *work)
{
    static const GUID id = { .Data1 = 1 };
    struct bcd_writer *writer;

    work->text = large_document(work->n_rows);
    require(wmd_from_xml(work->text, strlen(work->text), &work->wmd, NULL) == S_OK, "document");
    work->bcd = bcd_new();
    writer = bcd_add_writer(work->bcd, &id, &id, NULL, 0);
    for (unsigned i = 0; i < work->n_rows; i++) {
        auto_free char *name = str_printf("component %u", i);
        struct bcd_component *component =
            bcd_add_component(writer, VSS_CT_FILEGROUP, "Parts", name);

        bcd_add_partial_file(component, "C:\\a", name, "0:5", NULL);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*work)(void *arg);
    } works[] = {
        { "load", load }, { "save", save }, { "backup", backup }, { "simulate", simulate }
    };
    struct work work = { .n_rows = argc > 2 ? (unsigned)atoi(argv[2]) : 0 };

    require(work.n_rows > 0, "usage: documents load|save|backup|simulate ROWS");
    prepare(&work);
    for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
        if (strcmp(works[i].name, argv[1]) != 0)
            continue;
        double begin = seconds();

        documents_measured(works[i].work, &work);
        printf("%s: %u rows, %.1f MB, %.3f s\n", argv[1], work.n_rows,
               (double)strlen(work.text) / 1e6, seconds() - begin);
    }
    wmd_free(work.wmd);
    bcd_free(work.bcd);
    free(work.text);
    return 0;
}
