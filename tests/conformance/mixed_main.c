/* SPDX-License-Identifier: MIT */
/* C and C++ in one program: each file in the language of its name. */
#include "expect.h"

#include <windows.h>

int CountCharacters(const wchar_t *text); /* mixed_part.cpp */

int main(void)
{
    void *new = NULL; /* C, whichever driver compiles it */

    EXPECT(new == NULL);
    EXPECT(CountCharacters(L"caf\u00e9") == 4);
    EXPECT(CountCharacters(NULL) == -1);
    return expect_result();
}
