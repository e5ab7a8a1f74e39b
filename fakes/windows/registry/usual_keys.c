/* SPDX-License-Identifier: MIT */
/* What every registry begins with: the keys that backup programs and writers ask for. Learn:
 * "Registry Keys and Values for Backup and Restore", "Excluding Files from Shadow Copies",
 * "Security Considerations for Writers"; the lists are those of a fresh server, shortened. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/base/variables.h"
#include "fakes/windows/registry/hive.h"
#include "fakes/windows/registry/places.h"
#include "fakes/windows/registry/registry.h"
#include "fakes/windows/version.h"

#include <string.h>

#define SYSTEM   "MACHINE\\SYSTEM\\"
#define CONTROL  SYSTEM "ControlSet001\\"
#define BACKUP   CONTROL "Control\\BackupRestore\\"
#define VSS      CONTROL "Services\\VSS"
#define EVENTLOG CONTROL "Services\\EventLog\\"
#define MACHINE  CONTROL "Control\\"
#define NT       "MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
#define USER     "USER\\" REGISTRY_USER_SID

enum usual_kind { KEY, VALUE_SZ, VALUE_EXPAND, VALUE_MULTI, VALUE_DWORD };

struct usual_row {
    const char *path;
    enum usual_kind kind;
    const char *name;
    const char *text; /* the strings of VALUE_MULTI are apart by '|' */
    DWORD number;
};

/* clang-format off */
static const struct usual_row rows[] = {
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "Internet Explorer", "%UserProfile%\\index.dat /s", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "Memory Page File", "\\Pagefile.sys", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "Mount Manager", "\\System Volume Information\\MountPointManagerRemoteDatabase", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "MS Distributed Transaction Coordinator", "C:\\Windows\\system32\\MSDtc\\MSDTC.LOG|C:\\Windows\\system32\\MSDtc\\trace\\dtctrace.log", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "Netlogon", "%SystemRoot%\\netlogon.chg", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "Power Management", "\\hiberfil.sys", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "Temporary Files", "%TEMP%\\* /s", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "VSS Default Provider", "\\System Volume Information\\*{3808876B-C176-4e48-B7AE-04046E6CC752} /s", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "VSS Service Alternate DB", "\\System Volume Information\\*.{7cc467ef-6865-4831-853f-2a4817fd1bca}ALT", 0 },
    { BACKUP "FilesNotToBackup", VALUE_MULTI, "VSS Service DB", "\\System Volume Information\\*.{7cc467ef-6865-4831-853f-2a4817fd1bca}DB", 0 },
    { BACKUP "FilesNotToSnapshot", VALUE_MULTI, "FVE", "$AllVolumes$\\System Volume Information\\FVE.{e40ad34d-dae9-4bc7-95bd-b16218c10f72}.*", 0 },
    { BACKUP "FilesNotToSnapshot", VALUE_MULTI, "ModernOutlookOST", "$UserProfile$\\AppData\\Local\\Microsoft\\Outlook\\*.ost", 0 },
    { BACKUP "FilesNotToSnapshot", VALUE_MULTI, "OutlookOST", "$UserProfile$\\Local Settings\\Application Data\\Microsoft\\Outlook\\*.ost", 0 },
    { BACKUP "KeysNotToRestore", VALUE_MULTI, "Mount Manager", "MountedDevices\\", 0 },
    { BACKUP "KeysNotToRestore", VALUE_MULTI, "Pending Rename Operations", "CurrentControlSet\\Control\\Session Manager\\PendingFileRenameOperations", 0 },
    { BACKUP "KeysNotToRestore", VALUE_MULTI, "Pending Rename Operations2", "CurrentControlSet\\Control\\Session Manager\\PendingFileRenameOperations2", 0 },
    { BACKUP "KeysNotToRestore", VALUE_MULTI, "Plug & Play", "CurrentControlSet\\Enum\\|CurrentControlSet\\Control\\CriticalDeviceDatabase\\", 0 },
    { BACKUP "KeysNotToRestore", VALUE_MULTI, "Session Manager", "CurrentControlSet\\Control\\Session Manager\\AllowProtectedRenames", 0 },

    { VSS, VALUE_SZ, "DisplayName", "Volume Shadow Copy", 0 },
    { VSS, VALUE_DWORD, "ErrorControl", NULL, 1 },
    { VSS, VALUE_EXPAND, "ImagePath", "%systemroot%\\system32\\vssvc.exe", 0 },
    { VSS, VALUE_SZ, "ObjectName", "LocalSystem", 0 },
    { VSS, VALUE_DWORD, "Start", NULL, 3 },
    { VSS, VALUE_DWORD, "Type", NULL, 16 },
    { VSS "\\Diag", KEY, NULL, NULL, 0 },
    { VSS "\\Providers\\{b5946137-7b9f-4925-af80-51abd60b20d5}", VALUE_SZ, "", "Microsoft Software Shadow Copy provider 1.0", 0 },
    { VSS "\\Settings", KEY, NULL, NULL, 0 },
    { VSS "\\VssAccessControl", VALUE_DWORD, "NT Authority\\NetworkService", NULL, 1 },

    { EVENTLOG "Application\\VSS", VALUE_EXPAND, "EventMessageFile", "%SystemRoot%\\System32\\VSSVC.EXE", 0 },
    { EVENTLOG "Application\\VSS", VALUE_DWORD, "TypesSupported", NULL, 7 },
    { EVENTLOG "System\\Volsnap", KEY, NULL, NULL, 0 },
    { MACHINE "ComputerName\\ActiveComputerName", VALUE_SZ, "ComputerName", VARIABLES_COMPUTER, 0 },
    { MACHINE "ComputerName\\ComputerName", VALUE_SZ, "ComputerName", VARIABLES_COMPUTER, 0 },
    { MACHINE "ProductOptions", VALUE_SZ, "ProductType", "ServerNT", 0 },
    { MACHINE "Session Manager\\Environment", VALUE_SZ, "ComSpec", "%SystemRoot%\\system32\\cmd.exe", 0 },
    { MACHINE "Session Manager\\Environment", VALUE_SZ, "OS", "Windows_NT", 0 },
    { MACHINE "Session Manager\\Environment", VALUE_SZ, "PROCESSOR_ARCHITECTURE", "AMD64", 0 },
    { MACHINE "Session Manager\\Environment", VALUE_EXPAND, "TEMP", "%SystemRoot%\\TEMP", 0 },
    { MACHINE "TimeZoneInformation", VALUE_SZ, "TimeZoneKeyName", "UTC", 0 },
    { CONTROL "Hardware Profiles\\Current\\Software", KEY, NULL, NULL, 0 },
    { SYSTEM "MountedDevices", KEY, NULL, NULL, 0 },
    { SYSTEM "Select", VALUE_DWORD, "Current", NULL, 1 },
    { SYSTEM "Select", VALUE_DWORD, "Default", NULL, 1 },
    { SYSTEM "Setup", VALUE_DWORD, "SystemSetupInProgress", NULL, 0 },

    { NT, VALUE_SZ, "SystemRoot", "C:\\Windows", 0 },
    { NT, VALUE_SZ, "InstallationType", "Server", 0 },
    { NT, VALUE_SZ, "EditionID", "ServerStandard", 0 },
    { NT, VALUE_SZ, "RegisteredOwner", "vssemu", 0 },
    { NT "\\ProfileList", VALUE_EXPAND, "ProfilesDirectory", "%SystemDrive%\\Users", 0 },
    { NT "\\ProfileList", VALUE_EXPAND, "ProgramData", "%SystemDrive%\\ProgramData", 0 },
    { NT "\\ProfileList\\" REGISTRY_USER_SID, VALUE_EXPAND, "ProfileImagePath", "C:\\Users\\" VARIABLES_USER, 0 },
    { "MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion", VALUE_SZ, "ProgramFilesDir", "C:\\Program Files", 0 },
    { "MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion", VALUE_SZ, "CommonFilesDir", "C:\\Program Files\\Common Files", 0 },
    { "MACHINE\\SOFTWARE\\Classes\\CLSID", KEY, NULL, NULL, 0 },
    { "MACHINE\\SOFTWARE\\Classes\\AppID", KEY, NULL, NULL, 0 },
    { "MACHINE\\SOFTWARE\\" REGISTRY_WOW64_NODE, KEY, NULL, NULL, 0 },
    { "MACHINE\\HARDWARE", KEY, NULL, NULL, 0 },
    { "MACHINE\\SAM", KEY, NULL, NULL, 0 },
    { "MACHINE\\SECURITY", KEY, NULL, NULL, 0 },
    { "USER\\.DEFAULT", KEY, NULL, NULL, 0 },
    { "USER\\S-1-5-18", KEY, NULL, NULL, 0 },
    { "USER\\S-1-5-19", KEY, NULL, NULL, 0 },
    { "USER\\S-1-5-20", KEY, NULL, NULL, 0 },
    { USER "\\Environment", VALUE_EXPAND, "TEMP", "%USERPROFILE%\\AppData\\Local\\Temp", 0 },
    { USER "\\Software", KEY, NULL, NULL, 0 },
};
/* clang-format on */

static void set_text(struct reg_key *key, const char *name, DWORD type, const char *text)
{
    size_t n = strlen(text);
    auto_free uint16_t *units = mem_alloc((n + 2) * sizeof(uint16_t));
    size_t length = utf16_put(units, text);

    if (type == REG_MULTI_SZ) {
        for (size_t i = 0; i < length; i++)
            units[i] = units[i] == '|' ? 0 : units[i];
        length++; /* the list's own zero, behind that of its last text */
    }
    reg_key_set(key, name, type, units, (length + 1) * sizeof(uint16_t), registry_now());
}

static void add_row(struct registry *registry, const struct usual_row *row)
{
    static const DWORD types[] = {
        [VALUE_SZ] = REG_SZ, [VALUE_EXPAND] = REG_EXPAND_SZ, [VALUE_MULTI] = REG_MULTI_SZ
    };
    struct reg_key *key = NULL;

    registry_walk(registry, registry_root(registry), row->path, REGISTRY_CREATE, &key, NULL);
    if (row->kind == VALUE_DWORD)
        reg_key_set(key, row->name, REG_DWORD, &row->number, sizeof(row->number), registry_now());
    else if (row->kind != KEY)
        set_text(key, row->name, types[row->kind], row->text);
}

/* Learn: "HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet" is a link to the set that was started. */
static void add_control_set_link(struct registry *registry)
{
    struct reg_key *link = NULL;

    registry_walk(registry, registry_root(registry), SYSTEM "CurrentControlSet",
                  REGISTRY_CREATE | REGISTRY_LINK, &link, NULL);
    link->link = mem_strdup(SYSTEM "ControlSet001");
    set_text(link, "SymbolicLinkValue", REG_LINK, "\\Registry\\Machine\\SYSTEM\\ControlSet001");
}

static void set_windows(struct registry *registry, const char *windows)
{
    const struct windows_release *release = windows_release_named(windows);
    auto_free char *build = str_printf("%u", (unsigned)release->build);
    struct reg_key *key = NULL;

    registry_walk(registry, registry_root(registry), NT, REGISTRY_CREATE, &key, NULL);
    set_text(key, "ProductName", REG_SZ, release->product);
    set_text(key, "CurrentVersion", REG_SZ, release->current_version);
    set_text(key, "CurrentBuild", REG_SZ, build);
    set_text(key, "CurrentBuildNumber", REG_SZ, build);
    set_text(key, "CSDVersion", REG_SZ, release->service_pack);
    if (!*release->service_pack)
        reg_key_delete_value(key, "CSDVersion", registry_now());
    if (release->major >= 10) {
        reg_key_set(key, "CurrentMajorVersionNumber", REG_DWORD, &release->major, sizeof(DWORD),
                    registry_now());
        reg_key_set(key, "CurrentMinorVersionNumber", REG_DWORD, &release->minor, sizeof(DWORD),
                    registry_now());
        reg_key_set(key, "UBR", REG_DWORD, &release->revision, sizeof(DWORD), registry_now());
    } else {
        reg_key_delete_value(key, "CurrentMajorVersionNumber", registry_now());
        reg_key_delete_value(key, "CurrentMinorVersionNumber", registry_now());
        reg_key_delete_value(key, "UBR", registry_now());
    }
    if (release->display)
        set_text(key, "DisplayVersion", REG_SZ, release->display);
    else
        reg_key_delete_value(key, "DisplayVersion", registry_now());
}

void registry_add_usual_keys(struct registry *registry, const char *windows)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        add_row(registry, &rows[i]);
    add_control_set_link(registry);
    set_windows(registry, windows);
}

void registry_set_windows(struct registry *registry, const char *windows)
{
    registry_lock();
    set_windows(registry, windows);
    registry_unlock();
}
