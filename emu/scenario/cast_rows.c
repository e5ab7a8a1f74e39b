/* SPDX-License-Identifier: MIT */
/* The rows. Every writer has its files below a folder of its own, so that any of them can stand
 * beside any other. */
#include "emu/scenario/cast_rows.h"

#include "emu/doc/catalog_words.h"

/* clang-format off */

#define GROUP(path, called, may_choose) \
    .type = VSS_CT_FILEGROUP, .logical_path = path, .name = called, .selectable = may_choose, \
    .selectable_for_restore = may_choose
#define DATABASE(path, called, may_choose) \
    .type = VSS_CT_DATABASE, .logical_path = path, .name = called, .selectable = may_choose, \
    .selectable_for_restore = may_choose

COMPONENTS(documents) = {
    { GROUP("", "Documents", true), .files = { FILES("C:\\cast\\docs", "letter.txt"), BELOW("C:\\cast\\docs", "*") } },
    END
};
COMPONENTS(mandatory) = {
    { GROUP("", "Settings", false), .files = { FILES("C:\\cast\\settings", "app.ini") } },
    { GROUP("", "Cache", true), .files = { FILES("C:\\cast\\settings\\cache", "index.bin") } },
    END
};
COMPONENTS(database) = {
    { DATABASE("", "Orders", true), .notify = true, .files = {
        FILES("C:\\cast\\orders", "orders.mdf"), LOGS("C:\\cast\\orders", "orders.ldf") } },
    END
};
COMPONENTS(two_volumes) = {
    { DATABASE("", "Ledger", true), .notify = true, .files = {
        FILES("C:\\cast\\ledger", "ledger.mdf"), LOGS("D:\\cast\\ledger", "ledger.ldf") } },
    END
};
COMPONENTS(other_volume) = {
    { GROUP("", "Archive", true), .files = { FILES("D:\\cast\\archive", "2025.zip") } },
    END
};
COMPONENTS(deep_tree) = {
    { GROUP("", "Server", true), .files = { FILES("C:\\cast\\server", "server.cfg") } },
    { GROUP("Server", "Store", false), .files = { FILES("C:\\cast\\server\\store", "store.cfg") } },
    { DATABASE("Server\\Store", "First", false), .files = {
        FILES("C:\\cast\\server\\store\\first", "first.edb"), LOGS("C:\\cast\\server\\store\\first", "e00.log") } },
    { DATABASE("Server\\Store", "Second", true), .files = {
        FILES("C:\\cast\\server\\store\\second", "second.edb"), LOGS("C:\\cast\\server\\store\\second", "e01.log") } },
    END
};
COMPONENTS(path_only) = { /* a logical path that is no component itself */
    { GROUP("Root\\Branch", "Leaf", true), .files = { FILES("C:\\cast\\leaf", "leaf.txt") } },
    { GROUP("Root", "Bush", false), .files = { FILES("C:\\cast\\bush", "bush.txt") } },
    END
};
COMPONENTS(active_copy) = {
    { DATABASE("", "Mailbox", true), .notify = true, .files = {
        FILES("C:\\cast\\mail\\active", "mail.edb"), LOGS("C:\\cast\\mail\\active", "e02.log") } },
    END
};
COMPONENTS(passive_copy) = {
    { DATABASE("", "Mailbox", true), .notify = true, .files = {
        FILES("C:\\cast\\mail\\passive", "mail.edb"), LOGS("C:\\cast\\mail\\passive", "e02.log") } },
    END
};
COMPONENTS(many) = {
    { GROUP("Machines", "vm01", true), .files = { FILES("C:\\cast\\vm", "01.vhdx") } },
    { GROUP("Machines", "vm02", true), .files = { FILES("C:\\cast\\vm", "02.vhdx") } },
    { GROUP("Machines", "vm03", true), .files = { FILES("C:\\cast\\vm", "03.vhdx") } },
    { GROUP("Machines", "vm04", true), .files = { FILES("C:\\cast\\vm", "04.vhdx") } },
    { GROUP("Machines", "vm05", true), .files = { FILES("C:\\cast\\vm", "05.vhdx") } },
    { GROUP("Machines", "vm06", true), .files = { FILES("C:\\cast\\vm", "06.vhdx") } },
    END
};
COMPONENTS(odd_names) = {
    { GROUP("", "R&D <\"2025\"> ", true), .files = { FILES("C:\\cast\\r&d", "plan's.txt") } },
    { GROUP("", "\xc3\x9c" "bersicht", true), .files = { FILES("C:\\cast\\\xc3\xbc", "\xe2\x82\xac.txt") } },
    END
};
COMPONENTS(nowhere) = { /* named, and not there */
    { GROUP("", "Ghost", true), .files = { FILES("C:\\cast\\gone\\*", "gone.sys"), FILES("%Nowhere%\\x", "gone.dll") } },
    END
};
COMPONENTS(incremental) = {
    { DATABASE("", "Journal", true), .notify = true, .files = {
        FILES("C:\\cast\\journal", "journal.db"), LOGS("C:\\cast\\journal", "j*.log") } },
    END
};
COMPONENTS(follower) = {
    { GROUP("", "Index", true), .files = { FILES("C:\\cast\\index", "index.idx") } },
    END
};
COMPONENTS(with_temporary) = {
    { GROUP("", "Work", true), .files = { FILES("C:\\cast\\work", "work.dat"), BELOW("C:\\cast\\work", "*") } },
    END
};

COMPONENTS(root) = { /* a folder that is the volume itself */
    { GROUP("", "Start", true), .files = { FILES("C:\\", "cast-start.ini") } },
    END
};
#define LONG "a-folder-with-quite-a-long-name-as-they-occur-in-the-profiles-of-users-who-name-what-they-do-exactly"
COMPONENTS(long_path) = { /* fits, and with a device's name before it does not */
    { GROUP("", "Profiles", true), .files = { FILES("C:\\cast\\" LONG "\\" LONG, "report.txt") } },
    END
};
COMPONENTS(fleeting) = {
    { GROUP("", "Drafts", true), .files = { FILES("C:\\cast\\drafts", "draft.txt"), FILES("C:\\cast\\drafts", "other.txt") } },
    END
};

EXCLUDED(temporary) = { WITHOUT("C:\\cast\\work", "*.tmp"), END_OF_FILES };
EXCLUDED(caches)    = { NO_COPY("C:\\cast\\work", "*.cache"), END_OF_FILES };

#define USER      VSS_UT_USERDATA, VSS_ST_OTHER
#define SYSTEM    VSS_UT_SYSTEMSERVICE, VSS_ST_OTHER
#define DATABASES VSS_UT_USERDATA, VSS_ST_TRANSACTEDDB
#define REPLACE   VSS_RME_RESTORE_IF_CAN_REPLACE, VSS_WRE_ALWAYS, false
#define NO_METHOD VSS_RME_UNDEFINED, VSS_WRE_UNDEFINED, false
#define FROM_US   false, CATALOG_OURS, CATALOG_OURS, CATALOG_OURS, CATALOG_OURS

#define ID(digits) "7661c9a0-0000-4000-8000-0000000000" digits
#define MEMBER(...) { __VA_ARGS__ }

/* key, name, class id, instance name, usage and source, schema, restore method; components, excluded; why */
const struct cast_member cast_rows[] = {
    { MEMBER("documents",    "Cast Documents",   ID("01"), NULL, USER,      0, REPLACE, FROM_US, documents, NULL),
      "all of its files on one volume: the plain case" },
    { MEMBER("mandatory",    "Cast Settings",    ID("02"), NULL, SYSTEM,    0, REPLACE, FROM_US, mandatory, NULL),
      "one component that nobody may leave out" },
    { MEMBER("database",     "Cast Orders",      ID("03"), NULL, DATABASES, 0, REPLACE, FROM_US, database, NULL),
      "a database with its log, which is cut when the backup has succeeded" },
    { MEMBER("two-volumes",  "Cast Ledger",      ID("04"), NULL, DATABASES, 0, REPLACE, FROM_US, two_volumes, NULL),
      "the log on another volume than the data" },
    { MEMBER("other-volume", "Cast Archive",     ID("05"), NULL, USER,      0, REPLACE, FROM_US, other_volume, NULL),
      "nothing on C:" },
    { MEMBER("deep-tree",    "Cast Server",      ID("06"), NULL, DATABASES, 0, REPLACE, FROM_US, deep_tree, NULL),
      "selectable, with files two levels below it" },
    { MEMBER("path-only",    "Cast Branches",    ID("07"), NULL, USER,      0, REPLACE, FROM_US, path_only, NULL),
      "logical paths that are no components themselves" },
    { MEMBER("active",       "Cast Mail",        ID("08"), "active", DATABASES, 0, REPLACE, FROM_US, active_copy, NULL),
      "two instances of one class: the one" },
    { MEMBER("passive",      "Cast Mail",        ID("08"), "passive", DATABASES, 0, REPLACE, FROM_US, passive_copy, NULL),
      "and the other" },
    { MEMBER("many",         "Cast Machines",    ID("09"), NULL, USER, VSS_BS_WRITER_SUPPORTS_NEW_TARGET,
             VSS_RME_CUSTOM, VSS_WRE_ALWAYS, false, FROM_US, many, NULL),
      "many components, each of which may fail alone; custom restore" },
    { MEMBER("odd-names",    "Cast R&D <draft>", ID("0a"), NULL, USER,      0, REPLACE, FROM_US, odd_names, NULL),
      "names that XML must escape, spaces at the end, letters beyond ASCII" },
    { MEMBER("nowhere",      "Cast Ghost",       ID("0b"), NULL, USER,      0, REPLACE, FROM_US, nowhere, NULL),
      "files and a variable that do not exist" },
    { MEMBER("empty",        "Cast Nothing",     ID("0c"), NULL, SYSTEM,    0, NO_METHOD, FROM_US, NULL, NULL),
      "no component at all" },
    { MEMBER("incremental",  "Cast Journal",     ID("0d"), NULL, DATABASES,
             VSS_BS_INCREMENTAL | VSS_BS_DIFFERENTIAL | VSS_BS_COPY | VSS_BS_TIMESTAMPED, REPLACE, FROM_US, incremental, NULL),
      "keeps a log chain that a full backup breaks and a copy does not" },
    { MEMBER("follower",     "Cast Index",       ID("0e"), NULL, USER,      0, REPLACE, FROM_US, follower, NULL),
      "its component depends on one of Cast Orders" },
    { MEMBER("temporary",    "Cast Work",        ID("0f"), NULL, USER,      0, REPLACE, FROM_US, with_temporary, temporary),
      "files that the backup is to leave out" },
    { MEMBER("caches",       "Cast Caches",      ID("10"), NULL, USER,      0, REPLACE, FROM_US, with_temporary, caches),
      "files that are not in the snapshot" },
    { MEMBER("if-not-there", "Cast Once",        ID("11"), NULL, USER, 0,
             VSS_RME_RESTORE_IF_NOT_THERE, VSS_WRE_NEVER, false, FROM_US, documents, NULL),
      "is restored only where nothing is" },
    { MEMBER("at-reboot",    "Cast Boot",        ID("12"), NULL, SYSTEM, 0,
             VSS_RME_RESTORE_AT_REBOOT, VSS_WRE_NEVER, true, FROM_US, mandatory, NULL),
      "is restored at the next start" },
    { MEMBER("stop-start",   "Cast Service",     ID("13"), NULL, SYSTEM, 0,
             VSS_RME_STOP_RESTORE_START, VSS_WRE_IF_REPLACE_FAILS, false, FROM_US, mandatory, NULL),
      "its service must stand still while it is restored" },
    { MEMBER("elsewhere",    "Cast Elsewhere",   ID("14"), NULL, USER, 0,
             VSS_RME_RESTORE_TO_ALTERNATE_LOCATION, VSS_WRE_ALWAYS, false, FROM_US, documents, NULL),
      "is restored to another place" },
    { MEMBER("root",         "Cast Start",       ID("15"), NULL, SYSTEM,    0, REPLACE, FROM_US, root, NULL),
      "a file in the root of a drive" },
    { MEMBER("long-path",    "Cast Profiles",    ID("16"), NULL, USER,      0, REPLACE, FROM_US, long_path, NULL),
      "a path that is longer than MAX_PATH with the snapshot's device before it" },
    { MEMBER("fleeting",     "Cast Drafts",      ID("17"), NULL, USER,      0, REPLACE, FROM_US, fleeting, NULL),
      "deletes its files when they are in the snapshot" },
};
const size_t cast_n_rows = sizeof(cast_rows) / sizeof(cast_rows[0]);

const struct cast_mapping cast_mappings[] = {
    { "elsewhere", "C:\\cast\\docs", "*", "C:\\cast\\restored" },
    { NULL, NULL, NULL, NULL },
};

const struct cast_dependency cast_dependencies[] = {
    { "follower", "Index", ID("03"), "", "Orders" },
    { NULL, NULL, NULL, NULL, NULL },
};
