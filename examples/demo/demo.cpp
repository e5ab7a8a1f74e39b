/* SPDX-License-Identifier: MIT */
/* What `vssemu demo` runs: a bank that works on while its files are backed up, a disaster, and a
 * restore. Three writers: the Test Writer that the launcher brought, the SQLite writer and the
 * writer of examples/writer.cpp, both in this process. The requester is the built-in one.
 *
 *     vssemu-demo-program --database 'C:\data\bank.db' --files 'C:\docs' --configuration FILE
 *                         --document FILE --store DIR [--mount DIR] [--pause MS]
 *     vssemu-demo-program --database 'C:\data\bank.db' --snapshots N [--mount DIR] [--pause MS]
 *     vssemu-demo-program --database 'C:\data\bank.db' --worth N [--mount DIR] [--pause MS]
 *
 * The second form takes N snapshots under full load and looks into the database of each, the third
 * N with the database's writer and N without, and says what copies of it are worth. --mount
 * tells where C: is mounted, --pause how long the bank rests between transfers. Facts go to
 * standard output, one a line. Exit code 0: everything was as it must be. */
#include "fakes/requester/betest.h"
#include "scene.h"
#include "tree.h"
#include "worth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct Arguments {
    const char *database, *files, *configuration, *document, *store, *mount, *pause, *snapshots,
        *worth;
};

struct Demo {
    Arguments arguments;
    Scene scene;
    Bank *bank;
    Worth *copies;               /* NULL: snapshots are looked into where they are */
    unsigned n_sound, n_unsound; /* databases found in snapshots */
    long transfers_before;       /* when the backup began: a snapshot has at least these */
    long last_transfers;         /* in the last snapshot */
};

static void Say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void Say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("demo: ", stdout);
    vfprintf(stdout, format, arguments);
    fputc('\n', stdout);
    fflush(stdout);
    va_end(arguments);
}

static bool Check(bool is_so, const char *what)
{
    if (!is_so)
        Say("NOT SO: %s", what);
    return is_so;
}

/* The same, for --worth. */
static bool CopyFromSnapshot(void *self, const struct betest_snapshot *snapshots, size_t n)
{
    Demo *demo = static_cast<Demo *>(self);

    for (size_t i = 0; i < n; i++)
        if (_stricmp(snapshots[i].volume, "C:\\") == 0)
            demo->copies->Look(snapshots[i].device, demo->transfers_before);
    return true;
}

/* Called by the requester while the snapshot can be read. */
static bool LookIntoSnapshot(void *self, const struct betest_snapshot *snapshots, size_t n)
{
    Demo *demo = static_cast<Demo *>(self);
    const char *database = demo->arguments.database;

    for (size_t i = 0; i < n; i++) {
        if (_stricmp(snapshots[i].volume, "C:\\") != 0)
            continue;
        BankCheck check =
            CheckBank(demo->scene.OpenedInSnapshot(snapshots[i].device, database), true);
        if (check.is_sound && check.n_transfers < demo->transfers_before) {
            check.is_sound = false;
            check.complaint = "it is older than the backup";
        }
        if (check.is_sound) {
            demo->n_sound++;
            demo->last_transfers = check.n_transfers;
            Say("the database in the snapshot is sound: %ld transfers, %ld by now",
                check.n_transfers, demo->bank->Transfers());
            return true;
        }
        Say("the database in the snapshot is BROKEN: %s", check.complaint.c_str());
    }
    demo->n_unsound++;
    return false;
}

static bool Open(Demo *demo)
{
    std::wstring path = Widen(demo->arguments.database);

    if (!demo->scene.Begin(demo->arguments.mount))
        return false;
    Say("SQLite reaches C: through %s", demo->scene.IsMounted() ? "its mount" : "a VFS");
    CreateDirectoryW(path.substr(0, path.rfind(L'\\')).c_str(), NULL);
    demo->bank = new Bank(demo->scene.Opened(demo->arguments.database));
    return Check(demo->bank->Create(), "the bank's database can be made");
}

/* A backup must meet the bank at work. */
static const long enough_transfers = 20;

static void StartBank(Demo *demo)
{
    demo->bank->Start(demo->arguments.pause ? (unsigned)atoi(demo->arguments.pause) : 0);
    demo->bank->Await(enough_transfers);
}

/* ---- the whole story ---- */

static struct betest_options Options(const Demo *demo)
{
    struct betest_options options = {};

    options.document = demo->arguments.document;
    options.store = demo->arguments.store;
    options.configuration = demo->arguments.configuration;
    return options;
}

static bool BackUp(Demo *demo)
{
    struct betest_options options = Options(demo);

    demo->transfers_before = demo->bank->Transfers();
    options.backup = true;
    options.at_snapshot = LookIntoSnapshot;
    options.at_snapshot_arg = demo;
    int result = betest_run(&options);
    Say("%ld transfers were made while the backup ran",
        demo->bank->Transfers() - demo->transfers_before);
    return Check(result == BETEST_DONE, "the backup succeeded") &&
           Check(demo->n_sound == 1, "the database in the snapshot is sound");
}

static bool DestroyDatabase(const Demo *demo)
{
    std::wstring path = Widen(demo->arguments.database);

    DeleteFileW((path + L"-wal").c_str());
    DeleteFileW((path + L"-shm").c_str());
    return DeleteFileW(path.c_str());
}

static bool Restore(const Demo *demo)
{
    struct betest_options options = Options(demo);

    options.restore = true;
    return Check(betest_run(&options) == BETEST_DONE, "the restore succeeded");
}

static bool Compare(Demo *demo, const Tree &tree)
{
    size_t n_wrong = tree.Compare();

    Say("%zu of %zu files compared equal, byte for byte", tree.Count() - n_wrong, tree.Count());
    BankCheck check = CheckBank(demo->scene.Opened(demo->arguments.database), false);
    if (check.is_sound)
        Say("the restored database is sound: %ld transfers", check.n_transfers);
    else
        Say("the restored database is BROKEN: %s", check.complaint.c_str());
    return Check(n_wrong == 0, "every file is what it was") &&
           Check(check.is_sound, "the restored database is sound") &&
           Check(check.n_transfers == demo->last_transfers,
                 "the restored database is that of the snapshot");
}

static bool Play(Demo *demo)
{
    Tree tree(Widen(demo->arguments.files));
    size_t deleted = 0, overwritten = 0;

    if (!Check(tree.Remember(), "the files can be read"))
        return false;
    Say("%zu files of %s remembered, %llu bytes", tree.Count(), demo->arguments.files,
        tree.Bytes());
    StartBank(demo);
    bool is_backed_up = BackUp(demo);
    bool is_stopped = Check(demo->bank->Stop(), "the bank worked all the time");
    if (!is_backed_up || !is_stopped)
        return false;
    if (!Check(tree.Damage(&deleted, &overwritten), "the files can be damaged") ||
        !Check(DestroyDatabase(demo), "the database can be deleted"))
        return false;
    Say("disaster: %zu files deleted, %zu overwritten and cut, the database deleted", deleted,
        overwritten);
    return Restore(demo) && Compare(demo, tree);
}

/* ---- many snapshots ---- */

static bool TakeSnapshots(Demo *demo, unsigned n)
{
    bool is_ok = true;

    StartBank(demo);
    for (unsigned i = 0; i < n; i++) {
        struct betest_options options = {};

        demo->bank->Await(enough_transfers);
        demo->transfers_before = demo->bank->Transfers();
        options.backup = true;
        options.at_snapshot = LookIntoSnapshot;
        options.at_snapshot_arg = demo;
        is_ok = Check(betest_run(&options) == BETEST_DONE, "the backup succeeded") && is_ok;
    }
    is_ok = Check(demo->bank->Stop(), "the bank worked all the time") && is_ok;
    Say("%u of %u databases in snapshots are sound; %ld transfers in all", demo->n_sound, n,
        demo->bank->Transfers());
    return is_ok && demo->n_sound == n;
}

/* ---- what copies are worth ---- */

static bool MakeCopies(Demo *demo, unsigned n, Worth *copies)
{
    bool is_ok = true;

    demo->copies = copies;
    for (unsigned i = 0; i < n; i++) {
        struct betest_options options = {};

        demo->bank->Await(enough_transfers);
        demo->transfers_before = demo->bank->Transfers();
        options.backup = true;
        options.at_snapshot = CopyFromSnapshot;
        options.at_snapshot_arg = demo;
        is_ok = Check(betest_run(&options) == BETEST_DONE, "the backup succeeded") && is_ok;
    }
    return is_ok;
}

static bool Compare(Demo *demo, unsigned n)
{
    Worth with(demo->scene, *demo->bank, demo->arguments.database);
    Worth without(demo->scene, *demo->bank, demo->arguments.database);

    StartBank(demo);
    bool is_ok = MakeCopies(demo, n, &with);
    is_ok = Check(demo->scene.StopDatabaseWriter(), "its writer left in good order") && is_ok;
    is_ok = MakeCopies(demo, n, &without) && is_ok;
    is_ok = Check(demo->bank->Stop(), "the bank worked all the time") && is_ok;
    with.Print("with the database's writer");
    without.Print("without it");
    return Check(with.IsAsPromised(true) && without.IsAsPromised(false),
                 "snapshots are worth what they promise") &&
           is_ok;
}

/* ---- arguments ---- */

static bool Parse(int argc, char **argv, Arguments *a)
{
    const struct {
        const char *name;
        const char **value;
    } options[] = {
        { "--database", &a->database },
        { "--files", &a->files },
        { "--configuration", &a->configuration },
        { "--document", &a->document },
        { "--store", &a->store },
        { "--mount", &a->mount },
        { "--pause", &a->pause },
        { "--snapshots", &a->snapshots },
        { "--worth", &a->worth },
    };

    for (int i = 1; i < argc; i += 2) {
        bool is_known = false;

        for (const auto &option : options)
            if (i + 1 < argc && strcmp(argv[i], option.name) == 0) {
                *option.value = argv[i + 1];
                is_known = true;
            }
        if (!is_known)
            return false;
    }
    return a->database &&
           (a->snapshots || a->worth || (a->files && a->configuration && a->document && a->store));
}

static bool Run(Demo *demo)
{
    const Arguments &a = demo->arguments;
    bool is_story = !a.snapshots && !a.worth;
    unsigned n_writers = is_story ? 3 : a.worth ? 2 : 1;

    if (!Check(demo->scene.StartWriters(Widen(a.database).c_str(), n_writers, is_story || a.worth),
               "the writers are up"))
        return false;
    if (a.worth)
        return Compare(demo, (unsigned)atoi(a.worth));
    return is_story ? Play(demo) : TakeSnapshots(demo, (unsigned)atoi(a.snapshots));
}

int main(int argc, char **argv)
{
    Demo demo = {};

    if (!Parse(argc, argv, &demo.arguments)) {
        fprintf(stderr, "usage: vssemu-demo-program --database C:\\... --files C:\\... "
                        "--configuration FILE --document FILE --store DIR [--mount DIR]\n");
        return 2;
    }
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || !Open(&demo))
        return 1;
    bool is_ok = Run(&demo);
    is_ok = Check(demo.scene.StopWriters(), "the writers left in good order") && is_ok;
    delete demo.bank;
    CoUninitialize();
    Say(is_ok ? "everything was as it must be" : "something was not as it must be");
    return is_ok ? 0 : 1;
}
