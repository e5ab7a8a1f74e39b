/* SPDX-License-Identifier: MIT */
/* The rows of the catalogue. Identity from Learn, "In-Box VSS Writers", or from what machines were
 * seen to list; what stands here as ours is a plausible file or two, so that a backup program finds
 * a writer of that kind with something to back up. */
#include "emu/doc/writer_catalog_rows.h"

#include "emu/doc/catalog_words.h"

#include <stddef.h>

/* The volume C: of every world of ours by its name, and a volume without a letter, which the boot
 * store lies on. */
#define VOLUME_OF_C    "Volume{5653532d-0000-4000-8000-000000000043}"
#define VOLUME_OF_BOOT "Volume{5653532d-0000-4000-8000-000000000000}"

/* A component that always belongs to its writer, and one that a requester may choose. */
#define REQUIRED VSS_CT_FILEGROUP

/* clang-format off */

#define COMPONENT(path, called, title, may_choose) \
    .type = VSS_CT_FILEGROUP, .logical_path = path, .name = called, .caption = title, \
    .selectable = may_choose

COMPONENTS(tasks) = {
    { COMPONENT("", "TasksStore", "Tasks Store", true), .files = {
        BELOW("%windir%\\Tasks", "*"), BELOW("%windir%\\System32\\Tasks", "*") } },
    END
};
COMPONENTS(metadata_store) = {
    { COMPONENT("", "WriterMetadataStore", "VSS Express Writer Metadata Store", true), .files = {
        BELOW("%windir%\\Vss\\Writers", "*") } },
    END
};
COMPONENTS(performance) = {
    { COMPONENT("", "PerformanceCounters", "Performance Counters", true), .files = {
        FILES("%windir%\\System32", "Perf???.dat"), FILES("%windir%\\System32", "Perf?00?.dat"),
        BELOW("%windir%\\Inf", "*.ini") } },
    END
};
COMPONENTS(system_files) = {
    { COMPONENT("", "System Files", "System Files", false), .files = {
        FILES("%SystemRoot%\\System32", "kernel32.dll"),
        FILES("%SystemRoot%\\System32", "ntdll.dll"),
        FILES("%SystemRoot%\\System32", "ntoskrnl.exe"),
        FILES("%SystemRoot%\\System32\\drivers", "ntfs.sys"),
        FILES("%SystemRoot%\\System32\\drivers", "volsnap.sys"),
        BELOW("%SystemRoot%\\WinSxS", "*") } },
    { COMPONENT("", "Win32 Services Files", "Win32 Services Files", false), .files = {
        FILES("%SystemRoot%\\System32", "vssvc.exe"),
        FILES("%SystemRoot%\\System32", "svchost.exe") } },
    END
};
COMPONENTS(search) = {
    { COMPONENT("", "SystemIndex", "Windows Search", true), .files = {
        BELOW("%ProgramData%\\Microsoft\\Search\\Data\\Applications\\Windows", "*") } },
    END
};
COMPONENTS(recovery) = {
    { COMPONENT("ASR", "ASR", "Automated System Recovery", false) },
    { COMPONENT("Volumes", VOLUME_OF_C, "The volume of Windows", true) },
    { COMPONENT("Volumes", VOLUME_OF_BOOT, "The volume of the boot store", true) },
    { COMPONENT("Disks", "harddisk0", NULL, true) },
    { COMPONENT("BCD", "BCD", "The path to the boot store", false), .files = {
        FILES("\\\\?\\" VOLUME_OF_BOOT "\\Boot", "BCD"),
        FILES("\\\\?\\" VOLUME_OF_BOOT "\\Boot", "BCD.LOG*") } },
    END
};
COMPONENTS(registry) = {
    { COMPONENT("", "Registry", "Registry", false), .files = {
        FILES("%SystemRoot%\\System32\\config", "DEFAULT"),
        FILES("%SystemRoot%\\System32\\config", "SAM"),
        FILES("%SystemRoot%\\System32\\config", "SECURITY"),
        FILES("%SystemRoot%\\System32\\config", "SOFTWARE"),
        FILES("%SystemRoot%\\System32\\config", "SYSTEM"),
        FILES("%SystemRoot%\\System32\\config", "COMPONENTS") } },
    END
};
COMPONENTS(com_regdb) = {
    { COMPONENT("", "COM+ REGDB", "COM+ REGDB", false), .files = {
        BELOW("%SystemRoot%\\Registration", "*.*") } },
    END
};
COMPONENTS(wmi) = {
    { COMPONENT("", "WMI", "Windows Management Instrumentation", false), .files = {
        BELOW("%SystemRoot%\\System32\\wbem\\repository", "*") } },
    END
};
COMPONENTS(ntds) = {
    { .type = VSS_CT_DATABASE, .logical_path = "C:_Windows_NTDS", .name = "ntds", .notify = true,
      .flags = VSS_CF_BACKUP_RECOVERY | VSS_CF_APP_ROLLBACK_RECOVERY, .files = {
        FILES("C:\\Windows\\NTDS", "ntds.dit"), LOGS("C:\\Windows\\NTDS", "edb*.log"),
        LOGS("C:\\Windows\\NTDS", "edb.chk") } },
    END
};
COMPONENTS(dfs) = {
    { COMPONENT("SYSVOL", "SYSVOL Share", "SYSVOL", true), .notify = true, .files = {
        BELOW("C:\\Windows\\SYSVOL\\domain", "*") } },
    END
};
#define SQL_DATA "C:\\Program Files\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER\\MSSQL\\DATA"
#define DATABASE(called, file, log) \
    { COMPONENT("VSSEMU", called, NULL, true), .notify = true, .selectable_for_restore = true, \
      .flags = VSS_CF_NOT_SYSTEM_STATE, .files = { FILES(SQL_DATA, file), FILES(SQL_DATA, log) } }
COMPONENTS(sql) = {
    DATABASE("master", "master.mdf", "mastlog.ldf"),
    DATABASE("model", "model.mdf", "modellog.ldf"),
    DATABASE("msdb", "MSDBData.mdf", "MSDBLog.ldf"),
    END
};
#define STORE "Microsoft Exchange Server\\Microsoft Information Store\\VSSEMU"
#define MAILBOX "C:\\ExchangeData\\DB1"
COMPONENTS(exchange) = {
    { COMPONENT(STORE, "DB1", NULL, true),
      .notify = true, .selectable_for_restore = true },
    { COMPONENT(STORE "\\DB1", "File", NULL, false),
      .files = { FILES(MAILBOX, "DB1.edb") } },
    { COMPONENT(STORE "\\DB1", "Logs", NULL, false),
      .files = { FILES(MAILBOX, "E00*.log"), FILES(MAILBOX, "E00.chk") } },
    END
};
#define MACHINE "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V"
COMPONENTS(hyper_v) = {
    { COMPONENT("", "Host Component", "Host Component", true), .notify = true,
      .selectable_for_restore = true,
      .files = { FILES(MACHINE, "data.vmcx"), FILES(MACHINE, "InitialStore.xml") } },
    { COMPONENT("", "6B1C5D0E-0000-4000-8000-000000000001", "Online\\Machine 1", true),
      .notify = true,
      .selectable_for_restore = true, .files = {
        FILES(MACHINE "\\Virtual Machines", "6B1C5D0E-0000-4000-8000-000000000001.vmcx"),
        FILES("C:\\Hyper-V\\Virtual Hard Disks", "Machine 1.vhdx") } },
    END
};
COMPONENTS(certificates) = {
    { .type = VSS_CT_DATABASE, .logical_path = "", .name = "CertSrv",
      .caption = "Certificate authority",
      .notify = true, .selectable = true, .files = {
        FILES("C:\\Windows\\System32\\CertLog", "VSSEMU-CA.edb"),
        LOGS("C:\\Windows\\System32\\CertLog", "edb*.log") } },
    END
};
COMPONENTS(dhcp) = {
    { COMPONENT("", "C:_Windows_system32_dhcp", NULL, false), .files = {
        FILES("%SystemRoot%\\System32\\dhcp", "dhcp.mdb"),
        FILES("%SystemRoot%\\System32\\dhcp", "j50*.log") } },
    END
};
COMPONENTS(event_log) = {
    { COMPONENT("", "Event Logs", "Event Logs", false), .files = {
        BELOW("%SystemRoot%\\System32\\winevt\\Logs", "*.evtx") } },
    END
};
COMPONENTS(iis) = {
    { COMPONENT("", "IISCONFIG", "IIS configuration", false), .files = {
        BELOW("%windir%\\System32\\inetsrv\\config", "*.config"),
        BELOW("%windir%\\System32\\inetsrv\\config\\schema", "*.xml") } },
    END
};
COMPONENTS(metabase) = {
    { COMPONENT("", "IISMETABASE", "IIS metabase", false), .files = {
        FILES("%windir%\\System32\\inetsrv", "MetaBase.xml"),
        FILES("%windir%\\System32\\inetsrv", "MBSchema.xml") } },
    END
};
COMPONENTS(resource_manager) = {
    { COMPONENT("", "FSRM", "File Server Resource Manager", true), .files = {
        BELOW("C:\\System Volume Information\\SRM", "*") } },
    END
};
COMPONENTS(internal_database) = {
    { COMPONENT("VSSEMU", "master", NULL, true), .notify = true, .selectable_for_restore = true,
      .files = {
        FILES("C:\\Windows\\WID\\Data", "master.mdf"),
        FILES("C:\\Windows\\WID\\Data", "mastlog.ldf") } },
    END
};
COMPONENTS(cluster) = {
    { COMPONENT("", "Cluster Database", "Cluster Database", true),
      .selectable_for_restore = true, .files = {
        FILES("%SystemRoot%\\Cluster", "CLUSDB") } },
    END
};

EXCLUDED(optimization) = {
    NO_COPY("C:\\Windows\\Temp", "*"),
    NO_COPY("C:\\Users\\Administrator\\AppData\\Local\\Temp", "*"),
    { CATALOG_NOT_IN_SNAPSHOT, "C:\\Users\\Administrator\\AppData\\Local\\Microsoft\\Outlook",
      "*.ost", false },
    END_OF_FILES
};
EXCLUDED(bits) = {
    WITHOUT("C:\\ProgramData\\Microsoft\\Network\\Downloader", "*.*"),
    WITHOUT("C:\\Windows\\System32", "bits.log"), WITHOUT("C:\\Windows\\System32", "bits.bak"),
    END_OF_FILES
};

#define OBSERVED   CATALOG_OBSERVED
#define DOCUMENTED CATALOG_DOCUMENTED
#define OURS       CATALOG_OURS
#define SYSTEM_STATE VSS_UT_BOOTABLESYSTEMSTATE, VSS_ST_OTHER
#define SERVICE      VSS_UT_SYSTEMSERVICE, VSS_ST_OTHER
#define USER         VSS_UT_USERDATA, VSS_ST_OTHER
#define DATABASES    VSS_UT_USERDATA, VSS_ST_TRANSACTEDDB
#define IF_NEEDED  VSS_RME_RESTORE_AT_REBOOT_IF_CANNOT_REPLACE
#define AT_REBOOT  VSS_RME_RESTORE_AT_REBOOT
#define REPLACE    VSS_RME_RESTORE_IF_CAN_REPLACE
#define NONE       VSS_RME_UNDEFINED, VSS_WRE_UNDEFINED, false
#define IDLE       true
#define SERVER     false

/*  key, name, class id, instance name,
 *      usage and source, schema, restore method, restore events, reboot, on an idle client?
 *      evidence: identity, usage and method, components, files; components, excluded */
const struct catalog_writer writer_catalog_rows[] = {
{ "task-scheduler", "Task Scheduler Writer", "d61d61c8-d73a-4eee-8cdd-f6f9786b7124", NULL,
  SYSTEM_STATE, 0, IF_NEEDED, VSS_WRE_NEVER, false, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS,
  tasks, NULL },
{ "vss-metadata-store", "VSS Metadata Store Writer", "75dfb225-e2e4-4d39-9ac9-ffaff65ddf06", NULL,
  SYSTEM_STATE, 0, IF_NEEDED, VSS_WRE_NEVER, false, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS,
  metadata_store, NULL },
{ "performance-counters", "Performance Counters Writer", "0bada1de-01a9-4625-8278-69e735f39dd2",
  NULL,
  SYSTEM_STATE, 0, IF_NEEDED, VSS_WRE_NEVER, false, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS,
  performance, NULL },
{ "system", "System Writer", "e8132975-6f93-4464-a53e-1050253ae220", NULL,
  SYSTEM_STATE, 0, IF_NEEDED, VSS_WRE_NEVER, true, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS,
  system_files, NULL },
{ "mssearch", "MSSearch Service Writer", "cd3f2362-8bef-46c7-9181-d62844cdc0b2", NULL,
  USER, 0, NONE, IDLE, DOCUMENTED, OURS, OURS, OURS, search, NULL },
{ "asr", "ASR Writer", "be000cbe-11fe-4426-9c58-531aa6355fc4", NULL,
  SYSTEM_STATE, 0, REPLACE, VSS_WRE_NEVER, true, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS,
  recovery, NULL },
{ "shadow-copy-optimization", "Shadow Copy Optimization Writer",
"4dc3bdd4-ab48-4d07-adb0-3bee2926fd7f", NULL,
  USER, 0, NONE, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS, NULL, optimization },
{ "registry", "Registry Writer", "afbab4a2-367d-4d15-a586-71dbb18f8485", NULL,
  SYSTEM_STATE, 0, IF_NEEDED, VSS_WRE_NEVER, true, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS,
  registry, NULL },
{ "com-regdb", "COM+ REGDB Writer", "542da469-d3e1-473c-9f4f-7847f01fc64f", NULL,
  SYSTEM_STATE, 0, IF_NEEDED, VSS_WRE_NEVER, false, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS,
  com_regdb, NULL },
{ "wmi", "WMI Writer", "a6ad56c2-b509-4e6c-bb19-49d8f43532f0", NULL,
  SERVICE, 0, AT_REBOOT, VSS_WRE_NEVER, true, IDLE, OBSERVED, OBSERVED, OBSERVED, OURS, wmi, NULL },
{ "bits", "BITS Writer", "4969d978-be47-48b0-b100-f328f07ac1e0", NULL,
  SERVICE, 0, NONE, SERVER, OBSERVED, OBSERVED, OBSERVED, OURS, NULL, bits },
{ "ntds", "NTDS", "b2014c9e-8711-4c5c-a5a9-3cf384484757", NULL,
  SYSTEM_STATE, 0, IF_NEEDED, VSS_WRE_NEVER, true, SERVER, OBSERVED, OURS, OBSERVED, OURS, ntds,
  NULL },
{ "dfs-replication", "DFS Replication service writer", "2707761b-2324-473d-88eb-eb007a359533", NULL,
  USER, 0, REPLACE, VSS_WRE_ALWAYS, false, SERVER, DOCUMENTED, OURS, OURS, OURS, dfs, NULL },
{ "sql", "SqlServerWriter", "a65faa63-5ea8-4ebc-9dbd-a0c4db26912a",
"Microsoft SQL Server 2022:SQLWriter",
  DATABASES, 881, REPLACE, VSS_WRE_ALWAYS, false, SERVER, OBSERVED, OBSERVED, OBSERVED, OURS,
  sql, NULL },
{ "exchange", "Microsoft Exchange Writer", "76fe1ac4-15f7-4bcd-987e-8e1acb462fb7",
"Exchange Information Store",
  DATABASES, VSS_BS_DIFFERENTIAL | VSS_BS_INCREMENTAL | VSS_BS_COPY | VSS_BS_TIMESTAMPED,
  REPLACE, VSS_WRE_ALWAYS,
  false, SERVER, OBSERVED, OURS, OURS, OURS, exchange, NULL },
{ "hyper-v", "Microsoft Hyper-V VSS Writer", "66841cd4-6ded-4f4b-8f17-fd23f8ddc3de", NULL,
  USER, VSS_BS_WRITER_SUPPORTS_NEW_TARGET, VSS_RME_CUSTOM, VSS_WRE_ALWAYS, false, SERVER,
  OBSERVED, OURS, OURS, OURS, hyper_v, NULL },
{ "certificate-authority", "Certificate Authority", "6f5b15b5-da24-4d88-b737-63063e3a1f86", NULL,
  SYSTEM_STATE, 0, IF_NEEDED, VSS_WRE_NEVER, true, SERVER, DOCUMENTED, OURS, OURS, OURS,
  certificates, NULL },
{ "dhcp", "Dhcp Jet Writer", "be9ac81e-3619-421f-920f-4c6fea9e93ad", NULL,
  SERVICE, 0, REPLACE, VSS_WRE_NEVER, false, SERVER, DOCUMENTED, OURS, OURS, OURS, dhcp, NULL },
{ "event-log", "Event Log Writer", "eee8c692-67ed-4250-8d86-390603070d00", NULL,
  SERVICE, 0, REPLACE, VSS_WRE_NEVER, false, SERVER, DOCUMENTED, OURS, OURS, OURS, event_log,
  NULL },
{ "iis", "IIS Config Writer", "2a40fd15-dfca-4aa8-a654-1f8c654603f6", NULL,
  SERVICE, 0, REPLACE, VSS_WRE_NEVER, false, SERVER, DOCUMENTED, OURS, OURS, OURS, iis, NULL },
{ "iis-metabase", "IIS Metabase Writer", "59b1f0cf-90ef-465f-9609-6ca8b2938366", NULL,
  SERVICE, 0, REPLACE, VSS_WRE_NEVER, false, SERVER, DOCUMENTED, OURS, OURS, OURS, metabase, NULL },
{ "fsrm", "FSRM Writer", "12ce4370-5bb7-4c58-a76a-e5d5097e3674", NULL,
  SERVICE, 0, REPLACE, VSS_WRE_NEVER, false, SERVER, DOCUMENTED, OURS, OURS, OURS,
  resource_manager, NULL },
{ "wid", "WIDWriter", "8d5194e1-e455-434a-b2e5-51296cce67df", NULL,
  DATABASES, 881, REPLACE, VSS_WRE_ALWAYS, false, SERVER, DOCUMENTED, OURS, OURS, OURS,
  internal_database, NULL },
{ "cluster", "Cluster Database", "41e12264-35d8-479b-8e5c-9b23d1dad37e", NULL,
  SERVICE, 0, VSS_RME_CUSTOM, VSS_WRE_ALWAYS, false, SERVER, DOCUMENTED, OURS, OURS, OURS,
  cluster, NULL },
};
const size_t writer_catalog_n_rows = sizeof(writer_catalog_rows) / sizeof(writer_catalog_rows[0]);
