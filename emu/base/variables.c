/* SPDX-License-Identifier: MIT */
#include "emu/base/variables.h"

#include <string.h>
#include <strings.h>

#define HOME "C:\\Users\\" VARIABLES_USER

/* Learn: "Recognized Environment Variables". */
static const char *const variables[][2] = {
    { "SystemDrive", "C:" },
    { "SystemRoot", "C:\\Windows" },
    { "windir", "C:\\Windows" },
    { "ComSpec", "C:\\Windows\\system32\\cmd.exe" },
    { "ProgramData", "C:\\ProgramData" },
    { "ALLUSERSPROFILE", "C:\\ProgramData" },
    { "ProgramFiles", "C:\\Program Files" },
    { "ProgramW6432", "C:\\Program Files" },
    { "ProgramFiles(x86)", "C:\\Program Files (x86)" },
    { "CommonProgramFiles", "C:\\Program Files\\Common Files" },
    { "CommonProgramW6432", "C:\\Program Files\\Common Files" },
    { "CommonProgramFiles(x86)", "C:\\Program Files (x86)\\Common Files" },
    { "PUBLIC", "C:\\Users\\Public" },
    { "USERPROFILE", HOME },
    { "HOMEDRIVE", "C:" },
    { "HOMEPATH", "\\Users\\" VARIABLES_USER },
    { "APPDATA", HOME "\\AppData\\Roaming" },
    { "LOCALAPPDATA", HOME "\\AppData\\Local" },
    { "TEMP", "C:\\Windows\\Temp" }, /* a service's, as most writers are */
    { "TMP", "C:\\Windows\\Temp" },
    { "COMPUTERNAME", VARIABLES_COMPUTER },
    { "USERDOMAIN", VARIABLES_COMPUTER },
    { "USERNAME", VARIABLES_USER },
    { "OS", "Windows_NT" },
};

const char *variable_usual_value(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        if (strlen(variables[i][0]) == length && strncasecmp(variables[i][0], name, length) == 0)
            return variables[i][1];
    }
    return NULL;
}

const char *variable_usual_name(size_t i)
{
    return i < sizeof(variables) / sizeof(variables[0]) ? variables[i][0] : NULL;
}
