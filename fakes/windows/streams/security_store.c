/* SPDX-License-Identifier: MIT */
/* See security_store.h. */
#include "fakes/windows/streams/security_store.h"

#include "emu/base/mem.h"
#include "fakes/windows/changes/changes.h"
#include "fakes/windows/streams/side.h"

#include <errno.h>
#include <string.h>

/* In text O:BAG:SYD:(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;WD): Administrators own it, everybody may
 * everything. Learn: "SECURITY_DESCRIPTOR", "Absolute and Self-Relative Security Descriptors". */
static const char default_descriptor[] =
    "\001\000\004\200"                 /* revision; DACL present, self-relative */
    "\024\000\000\000\044\000\000\000" /* owner, group, SACL and DACL: where */
    "\000\000\000\000\060\000\000\000"
    "\001\002\000\000\000\000\000\005" /* S-1-5-32-544 */
    "\040\000\000\000\040\002\000\000"
    "\001\001\000\000\000\000\000\005" /* S-1-5-18 */
    "\022\000\000\000"
    "\002\000\110\000\003\000\000\000" /* three entries */
    "\000\000\024\000\377\001\037\000" /* the system */
    "\001\001\000\000\000\000\000\005"
    "\022\000\000\000"
    "\000\000\030\000\377\001\037\000" /* Administrators */
    "\001\002\000\000\000\000\000\005"
    "\040\000\000\000\040\002\000\000"
    "\000\000\024\000\377\001\037\000" /* everybody */
    "\001\001\000\000\000\000\000\001"
    "\000\000\000\000";
#define DEFAULT_SIZE (sizeof(default_descriptor) - 1)

int security_store_read(const struct win_path *file, void **ret_descriptor, DWORD *ret_size)
{
    ssize_t n = side_read(file, SIDE_SECURITY, ret_descriptor);

    if (n == -ENOENT) {
        n = DEFAULT_SIZE;
        *ret_descriptor = mem_alloc(DEFAULT_SIZE);
        memcpy(*ret_descriptor, default_descriptor, DEFAULT_SIZE);
    }
    if (n < 0)
        return (int)n;
    *ret_size = (DWORD)n;
    return 0;
}

int security_store_write(const struct win_path *file, const void *descriptor, DWORD size)
{
    int error = side_write(file, SIDE_SECURITY, descriptor, size);

    if (!error)
        changes_tell(file, FILE_ACTION_MODIFIED, FILE_NOTIFY_CHANGE_SECURITY);
    return error;
}
