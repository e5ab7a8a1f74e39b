/* SPDX-License-Identifier: MIT */
/* A backup whose user chooses components from a list. The list shows those that are selectable for
 * backup. The bug: what is not on the list is not backed up, although a component that is neither
 * selectable nor below a selectable one belongs to every backup of its writer. */
#include <windows.h>
#include "kit/requester.h"

static BOOL IsOnList(PVSSCOMPONENTINFO info)
{
#ifdef PLANTED
    return info->bSelectable;
#else
    (void)info;
    return TRUE;
#endif
}

/* All that the user could tick is ticked. */
static BOOL ChooseFromList(struct Requester *r, VSS_ID instance, VSS_ID writer,
                           IVssWMComponent **components, PVSSCOMPONENTINFO *infos, UINT count)
{
    IVssWMComponent **listed = (IVssWMComponent **)calloc(count + 1, sizeof(void *));
    PVSSCOMPONENTINFO *listedInfos = (PVSSCOMPONENTINFO *)calloc(count + 1, sizeof(void *));
    UINT n = 0;

    for (UINT i = 0; i < count; i++) {
        BOOL isBelow = FALSE;
        for (UINT j = 0; j < count; j++)
            isBelow = isBelow || (infos[j]->bSelectable && IsBelow(infos[i], infos[j]));
        if (isBelow || IsOnList(infos[i])) {
            listed[n] = components[i];
            listedInfos[n++] = infos[i];
        }
    }
    BOOL all = ChooseAmong(r, instance, writer, listed, listedInfos, n);
    free(listed);
    free(listedInfos);
    return all;
}

static BOOL ListWriter(struct Requester *r, IVssExamineWriterMetadata *metadata)
{
    IVssWMComponent *components[256] = { NULL };
    PVSSCOMPONENTINFO infos[256] = { NULL };
    VSS_ID instance, writer;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name = NULL;
    UINT nInclude, nExclude, count = 0;
    BOOL all;

    if (FAILED(IVssExamineWriterMetadata_GetIdentity(metadata, &instance, &writer, &name, &usage,
                                                     &source)))
        return FALSE;
    SysFreeString(name);
    all = SUCCEEDED(
              IVssExamineWriterMetadata_GetFileCounts(metadata, &nInclude, &nExclude, &count)) &&
          count <= 256;
    for (UINT i = 0; all && i < count; i++)
        all = SUCCEEDED(IVssExamineWriterMetadata_GetComponent(metadata, i, &components[i])) &&
              SUCCEEDED(IVssWMComponent_GetComponentInfo(components[i], &infos[i]));
    all = all && ChooseFromList(r, instance, writer, components, infos, count);
    for (UINT i = 0; i < 256; i++) {
        if (infos[i])
            IVssWMComponent_FreeComponentInfo(components[i], infos[i]);
        if (components[i])
            IVssWMComponent_Release(components[i]);
    }
    return all;
}

static BOOL List(struct Requester *r)
{
    UINT count = 0;
    BOOL all = SUCCEEDED(IVssBackupComponents_GetWriterMetadataCount(r->backup, &count)) &&
               AddVolumeOf(r, L"C:\\");

    for (UINT i = 0; all && i < count; i++) {
        VSS_ID instance;
        IVssExamineWriterMetadata *metadata = NULL;
        if (FAILED(IVssBackupComponents_GetWriterMetadata(r->backup, i, &instance, &metadata)))
            return FALSE;
        all = ListWriter(r, metadata);
        IVssExamineWriterMetadata_Release(metadata);
    }
    return all;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !List(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}
