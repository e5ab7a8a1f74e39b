/* SPDX-License-Identifier: MIT */
/* vssemu states: prints the protocol for people, as Markdown. The tables of emu/proto are what the
 * service executes, so what is printed cannot differ from what happens. */
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/say.h"
#include "emu/cli/states_faults.h"
#include "emu/com/hresult.h"
#include "emu/proto/backup_rules.h"
#include "emu/proto/choices.h"
#include "emu/proto/context_rules.h"
#include "emu/proto/finding_rules.h"
#include "emu/proto/set_phases.h"
#include "emu/proto/writer_rules.h"

#include <stdio.h>
#include <string.h>

static const char phase_letters[N_PHASES] = "NISPCDXRQT";

static void print_backup_rules(void)
{
    printf("## Which call is legal when\n\n"
           "IVssBackupComponents goes through these phases:\n\n");
    for (int phase = 0; phase < N_PHASES; phase++)
        printf("- %c: %s\n", phase_letters[phase], backup_phase_name((enum backup_phase)phase));
    printf("\nok: allowed. >X: allowed, and leads to phase X. nop: S_OK without effect.\n"
           "G, W: allowed once metadata, status is gathered. G0: until GatherWriterMetadata was\n"
           "called (G0n: afterwards S_OK without effect). BAD: VSS_E_BAD_STATE. BUSY:\n"
           "VSS_E_SNAPSHOT_SET_IN_PROGRESS.\n\n| %-30s |",
           "call");
    for (int phase = 0; phase < N_PHASES; phase++)
        printf(" %-5c |", phase_letters[phase]);
    printf("\n|%.32s|", "--------------------------------");
    for (int phase = 0; phase < N_PHASES; phase++)
        printf("-------|");
    printf("\n");
    for (int call = 0; call < N_CALLS; call++) {
        printf("| %-30s |", backup_call_name((enum backup_call)call));
        for (int phase = 0; phase < N_PHASES; phase++)
            printf(" %-5s |",
                   backup_rules_cell_text((enum backup_call)call, (enum backup_phase)phase));
        printf("\n");
    }
}

/* VSS_WS_ before each name would only hide it. */
static const char *short_state(VSS_WRITER_STATE state)
{
    const char *name = writer_state_name(state);

    return str_starts_with(name, "VSS_WS_") ? name + strlen("VSS_WS_") : name;
}

/* Events that leave a state whatever the writer answers would fill pages. */
static bool is_worth_a_row(VSS_WRITER_STATE state, enum writer_event event)
{
    return writer_rules_allow(state, event) && event != ON_BACKUP_SHUTDOWN &&
           (writer_rules_next(state, event, OUTCOME_AGREED) != state ||
            writer_rules_next(state, event, OUTCOME_VETOED) != state);
}

static void print_writer_row(VSS_WRITER_STATE state, enum writer_event event)
{
    printf("| %-27s | %-19s | %-27s | %-27s | %-5s |\n", short_state(state),
           writer_event_name(event), short_state(writer_rules_next(state, event, OUTCOME_AGREED)),
           short_state(writer_rules_next(state, event, OUTCOME_VETOED)),
           writer_rules_veto_aborts(event) ? "yes" : "");
}

static void print_writer_rules(void)
{
    printf("## What an event does to a writer\n\n"
           "Left out is what changes no state (Abort often). BackupShutdown, failed, leads to\n"
           "FAILED_AT_BACKUPSHUTDOWN from any state. Abort follows a veto where the last column\n"
           "says so.\n\n"
           "| %-27s | %-19s | %-27s | %-27s | %-5s |\n",
           "in this state", "on event", "the writer agrees", "the writer vetoes", "Abort");
    printf("|%.29s|%.21s|%.29s|%.29s|%.7s|\n", "-----------------------------",
           "-----------------------------", "-----------------------------",
           "-----------------------------", "-------");
    for (int state = VSS_WS_STABLE; state < VSS_WS_COUNT; state++) {
        for (int event = 0; event < N_WRITER_EVENTS; event++) {
            if (is_worth_a_row((VSS_WRITER_STATE)state, (enum writer_event)event))
                print_writer_row((VSS_WRITER_STATE)state, (enum writer_event)event);
        }
    }
}

static const char *what_of(const struct set_phase *phase)
{
    switch (phase->actor) {
    case ACTOR_WRITERS:
        return writer_event_name((enum writer_event)phase->what);
    case ACTOR_PROVIDERS:
        return provider_call_name((enum provider_call)phase->what);
    case ACTOR_VOLUMES:
        break;
    }
    return phase->what == FLUSH_AND_HOLD ? "flush and hold writes" : "release writes";
}

static void print_snapshot_phases(void)
{
    static const char *const actors[] = {
        [ACTOR_WRITERS] = "writers", [ACTOR_PROVIDERS] = "providers", [ACTOR_VOLUMES] = "volumes"
    };
    static const char *const orders[] = {
        [ALL_AT_ONCE] = "together", [BY_LEVEL] = "by level", [ONE_BY_ONE] = "one by one, backwards"
    };
    static const char *const windows[] = {
        [NO_WINDOW] = "", [FREEZE_WINDOW] = "freeze: 60 s", [HOLD_WINDOW] = "hold: 10 s"
    };

    printf("## What DoSnapshotSet does, in order\n\n"
           "A writer may name another freeze window at Initialize.\n\n"
           "| %-9s | %-27s | %-21s | %-12s | %s |\n",
           "who", "is asked to", "order", "inside", "page");
    printf(
        "|-----------|-----------------------------|-----------------------|--------------|---|\n");
    for (const struct set_phase *phase = snapshot_phases; phase->page; phase++)
        printf("| %-9s | %-27s | %-21s | %-12s | %s |\n", actors[phase->actor], what_of(phase),
               orders[phase->order], windows[phase->window], phase->page);
}

static void print_contexts(void)
{
    LONG context;

    printf(
        "## What a snapshot is made for\n\n"
        "SetContext takes one of these, with modifiers or without.\n\n"
        "| %-33s | value | writers | outlives Release | for clients |\n"
        "|-----------------------------------|-------|---------|------------------|-------------|"
        "\n",
        "context");
    for (size_t i = 0; context_at(i, &context); i++)
        printf("| %-33s | 0x%02x  | %-7s | %-16s | %-11s |\n", context_name(context),
               (unsigned)context, context_has_writers(context) ? "yes" : "",
               context_is_auto_release(context) ? "" : "yes",
               context & VSS_VOLSNAP_ATTR_CLIENT_ACCESSIBLE ? "yes" : "");
}

static void print_switch(const struct choice_row *row)
{
    printf("| `%s` | %s | %s | ", row->name, row->id, row->question);
    for (unsigned v = 0; row->values[v]; v++)
        printf("%s`%s`", v ? ", " : "", row->values[v]);
    printf(" | ");
    for (unsigned v = 0; v < N_WINDOWS_VERSIONS; v++) {
        if (!v || row->by_version[v] != row->by_version[v - 1])
            printf("%s%s%s`%s`", v ? "; " : "", v ? windows_version_name(v) : "", v ? ": " : "",
                   row->values[row->by_version[v]]);
    }
    printf(" | %s |\n", row->evidence);
}

static void print_choices(void)
{
    printf("## Questions with a switch\n\n"
           "`vssemu run --choice NAME=VALUE`; `--windows VERSION` sets all of them. Evidence: seen "
           "on a real\nWindows, a documentation page, programs that work on Windows, or ours.\n\n"
           "| switch | id | question | values | used, from that version on | evidence |\n"
           "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < N_CHOICES; i++)
        print_switch(choice_row(i));
    printf("\n## Questions decided once\n\n"
           "| id | question | here | evidence |\n|---|---|---|---|\n");
    for (size_t i = N_CHOICES; i < n_choice_rows; i++) {
        const struct choice_row *row = choice_row(i);

        printf("| %s | %s | %s | %s |\n", row->id, row->question, row->here, row->evidence);
    }
}

static void print_findings(void)
{
    printf("## Rules of the documentation that Windows lets a program break\n\n"
           "docs/findings.md explains each. error: what `--strict-api` answers.\n\n"
           "| %-32s | %-6s | %-9s | %-15s | who breaks it | page |\n"
           "|%.34s|%.8s|%.11s|%.17s|---|---|\n",
           "rule", "level", "who", "error", "----------------------------------", "--------",
           "-----------", "-----------------");
    for (int i = 0; i < N_FINDING_RULES; i++) {
        const struct finding_row *row = finding_row((enum finding_rule)i);

        printf("| %-32s | %-6s | %-9s | %-15s | %s | %s |\n", row->id,
               finding_level_name(row->level), finding_side_name(row->side),
               row->error == S_OK ? "" : HRESULT_NAME(row->error), row->broken, row->page);
    }
}

static const struct {
    const char *name;
    void (*print)(void);
} tables[] = {
    { "calls", print_backup_rules },       { "writers", print_writer_rules },
    { "snapshot", print_snapshot_phases }, { "contexts", print_contexts },
    { "choices", print_choices },          { "findings", print_findings },
    { "faults", states_faults_print },
};
#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

static int run(const struct command *command, int argc, char **argv)
{
    int first = command_parse(command, argc, argv, NULL);
    bool is_found = false;

    if (first < 0)
        return EXIT_BAD_USAGE;
    for (size_t i = 0; i < N_TABLES; i++) {
        if (first < argc && strcmp(argv[first], tables[i].name) != 0)
            continue;
        if (is_found)
            printf("\n");
        is_found = true;
        tables[i].print();
    }
    if (!is_found)
        say("there is no table %s; `vssemu help states` names them", argv[first]);
    return is_found ? 0 : EXIT_BAD_USAGE;
}

const struct command cmd_states = {
    .name = "states",
    .summary = "prints the rules of the protocol as tables",
    .usage = "[calls|writers|snapshot|contexts|choices|findings|faults]",
    .more = "calls     which call of IVssBackupComponents is legal when\n"
            "writers   what an event does to a writer's state\n"
            "snapshot  what DoSnapshotSet asks of whom, in order\n"
            "contexts  what a snapshot is made for\n"
            "choices   what documentation leaves open, and how it is decided here\n"
            "findings  rules of the documentation that Windows lets a program break\n"
            "faults    what can be planned to go wrong, where (--fault)\n"
            "These are the tables that the service executes, printed as Markdown.\n",
    .run = run,
};
