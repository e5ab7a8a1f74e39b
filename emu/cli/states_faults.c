/* SPDX-License-Identifier: MIT */
#include "emu/cli/states_faults.h"

#include "emu/proto/fault_rules.h"

#include <stdio.h>

static const char *argument_of(enum fault_action action)
{
    switch (fault_action_argument(action)) {
    case FAULT_TAKES_NOTHING:
        break;
    case FAULT_TAKES_CODE:
        return action == FAULT_FAIL ? "code=, may: for=" : "code=";
    case FAULT_TAKES_DURATION:
        return "for=";
    case FAULT_MAY_TAKE_DURATION:
        return "may: for=";
    case FAULT_TAKES_JUMP:
        return "by=";
    case FAULT_MAY_TAKE_SIZE:
        return "may: size=";
    }
    return "";
}

/* "*": at each of its places; "at": also at a time. */
static const char *cell(enum fault_actor actor, enum fault_action action)
{
    unsigned n = 0, all = (unsigned)fault_point_count(actor);

    if (!fault_rules_actor_has(actor, action))
        return "";
    for (unsigned point = 0; point < all; point++)
        n += fault_rules_allow(actor, point, action);
    if (fault_rules_allow_at_time(actor, action))
        return n == all ? "*, at" : "some, at";
    return n == all ? "*" : "some";
}

static void print_actions(void)
{
    printf("| do= | takes |");
    for (unsigned actor = 0; actor < N_FAULT_ACTORS; actor++)
        printf(" %s |", fault_actor_name((enum fault_actor)actor));
    printf(" what happens |\n|---|---|---|---|---|---|---|---|\n");
    for (unsigned action = 0; action < N_FAULT_ACTIONS; action++) {
        printf("| %s | %s |", fault_action_name((enum fault_action)action),
               argument_of((enum fault_action)action));
        for (unsigned actor = 0; actor < N_FAULT_ACTORS; actor++)
            printf(" %s |", cell((enum fault_actor)actor, (enum fault_action)action));
        printf(" %s |\n", fault_action_help((enum fault_action)action));
    }
}

/* Where an action that cannot happen everywhere can. */
static void print_some(enum fault_actor actor)
{
    for (unsigned action = 0; action < N_FAULT_ACTIONS; action++) {
        unsigned n = 0, all = (unsigned)fault_point_count(actor);

        for (unsigned point = 0; point < all; point++)
            n += fault_rules_allow(actor, point, (enum fault_action)action);
        if (!n || n == all)
            continue;
        printf("- do=%s of a %s:", fault_action_name((enum fault_action)action),
               fault_actor_name(actor));
        for (unsigned point = 0, told = 0; point < all; point++) {
            if (fault_rules_allow(actor, point, (enum fault_action)action))
                printf("%s %s", told++ ? "," : "", fault_point_name(actor, point));
        }
        printf("\n");
    }
}

static void print_places(enum fault_actor actor)
{
    printf("- %s=NAME %s=:", fault_actor_name(actor), fault_actor_place_key(actor));
    for (unsigned point = 0; point < fault_point_count(actor); point++)
        printf("%s %s", point ? "," : "", fault_point_name(actor, point));
    printf("\n");
}

/* A line for each method: what can happen to the machine there, and whether requesters call it. */
static void print_calls(void)
{
    printf("\n| call= | of a requester | what can befall the machine |\n|---|---|---|\n");
    for (unsigned point = 0; point < fault_point_count(FAULT_MACHINE); point++) {
        printf("| %s | %s |", fault_point_name(FAULT_MACHINE, point),
               fault_rules_allow(FAULT_REQUESTER, point, FAULT_DIE) ? "yes" : "");
        for (unsigned action = 0, told = 0; action < N_FAULT_ACTIONS; action++) {
            if (action != FAULT_CLOCK_JUMP && action != FAULT_RESTART &&
                fault_rules_allow(FAULT_MACHINE, point, (enum fault_action)action))
                printf("%s %s", told++ ? "," : "", fault_action_name((enum fault_action)action));
        }
        printf(" |\n");
    }
}

void states_faults_print(void)
{
    printf("## What can be planned to go wrong\n\n"
           "`vssemu run --fault 'WHO=NAME WHERE=PLACE [nth=N|every] do=WHAT ...'`, \"faults\" of a "
           "world file,\n`vssemu_add_fault`; docs/faults.md explains them. *: at each of its "
           "places; some: below; at:\nalso at a time (at=) instead of a place. PLACE * is each "
           "place where it can happen.\n\n");
    print_actions();
    printf("\n");
    for (unsigned actor = 0; actor <= FAULT_VOLUME; actor++)
        print_places((enum fault_actor)actor);
    printf("- requester call=, machine call=: the methods below\n");
    for (unsigned actor = 0; actor <= FAULT_VOLUME; actor++)
        print_some((enum fault_actor)actor);
    print_calls();
}
