/* SPDX-License-Identifier: MIT */
/* The documents of a session on the host's disk: the backup components document as SaveAsXML gave
 * it (in UTF-8), and beside it one file with all writers' metadata documents:
 *
 *     <BETestWriters type="INCREMENTAL" store="inc" previous="full.xml">
 *     <WRITER_METADATA ...>...</WRITER_METADATA>
 *     ...
 *     </BETestWriters>
 *
 * A restore in a later process needs both, because only the metadata tells which files a component
 * had and how they may be restored. The attributes are what no interface gives back (Learn: "VSS
 * Backup State"): type, place of the files, and the document of the backup that this one builds
 * on. The last two may be missing; where they have moved, they are looked for beside the
 * document. */
#pragma once

#include "emu/base/array.h"
#include "fakes/requester/betest_report.h"

/* Documents as they stand in a file, UTF-8, each of its own. */
struct documents {
    ARRAY(char *) texts;
    enum betest_type type;
    char *store, *previous; /* NULL: none */
};
void documents_free(struct documents *documents);

/* "doc.xml" gives "doc.writers.xml"; the caller frees. */
char *documents_writers_path(const char *document);

/* Whether both files could be saved there, as far as that can be told before; else it is in the
 * report. */
bool documents_can_be_saved(const char *document, struct betest_report *report);
/* Both files are written completely or left as they were; failures are reported. */
bool documents_save_components(IVssBackupComponents *backup, const char *path,
                               struct betest_report *report);
bool documents_save_writers(const struct documents *writers, const char *document,
                            struct betest_report *report);
/* NULL after a failure, which is reported. Freed with SysFreeString. */
BSTR documents_load_components(const char *path, struct betest_report *report);
bool documents_load_writers(const char *document, struct documents *ret_writers,
                            struct betest_report *report);
