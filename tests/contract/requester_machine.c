/* SPDX-License-Identifier: MIT */
/* The requester's functions on a machine that is not well. Learn: "CreateVssBackupComponents". */
#include "stage.h"

static void an_object_can_be_made(void)
{
    struct stage *stage = stage_open();
    IVssBackupComponents *b = NULL;

    SHOWS(Function, CreateVssBackupComponents, S_OK, CreateVssBackupComponents(&b));
    call(b, Release);
    stage_go(stage, AT_POST_RESTORED);
    stage_close(stage);
}

int main(void)
{
    an_object_can_be_made();
    return contract_result();
}
