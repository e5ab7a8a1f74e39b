/* SPDX-License-Identifier: MIT */
/* Which components the built-in requester names itself and which come with them. The writer is the
 * documented example (Learn: "Working with Selectability for Backup", "Logical Pathing of
 * Components"). */
#include "tests/support/cmocka_vss.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_selection.h"

#include <string.h>

static const GUID my_writer = { 0x11111111, 0x2222, 0x4333, { 0x84, 0x44, 1, 2, 3, 4, 5, 6 } };

static const struct {
    const char *path, *name;
    bool is_selectable;
} my_components[] = {
    { "", "Executables", false },         { "Executables", "ConfigFiles", false },
    { "", "LicenseInfo", true },          { "", "Security", true },
    { "Security", "UserInfo", false },    { "Security", "Certificates", false },
    { "", "writerData", true },           { "writerData", "Set1", false },
    { "writerData\\Set1", "Jan", false }, { "writerData\\QueryLogs", "Query", false },
    { "writerData", "Usage", true },      { "writerData\\Usage", "Jan", false },
};

struct fixture {
    struct selection selection;
    struct betest_report report;
    FILE *sink;
};

static int setup(void **state)
{
    struct fixture *f = mem_new(struct fixture);
    struct wmd *wmd = wmd_new();

    wmd->writer_id = my_writer;
    for (size_t i = 0; i < sizeof(my_components) / sizeof(*my_components); i++)
        wmd_add_component(wmd, VSS_CT_FILEGROUP, my_components[i].path, my_components[i].name)
            ->selectable = my_components[i].is_selectable;
    selection_add_writer(&f->selection, wmd);
    f->sink = fopen("/dev/null", "w");
    report_begin(&f->report, &(struct betest_options){ .out = f->sink });
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    selection_free(&f->selection);
    fclose(f->sink);
    free(f);
    return 0;
}

static struct betest_config *config_of(const char *components)
{
    struct betest_config *config = NULL;
    char *error = NULL;
    char *text = str_printf("<BETest><Writer writerid=\"11111111-2222-4333-8444-010203040506\">%s"
                            "</Writer></BETest>",
                            components);
    HRESULT hr = betest_config_from_xml(text, strlen(text), "test", &config, &error);

    assert_int_equal(hr, S_OK);
    free(text);
    return config;
}

/* "Name+" for an explicit component, "Name<Owner" for one that comes with its owner. */
static void assert_chosen(const struct fixture *f, const char *expected)
{
    struct str text = { 0 };

    for (size_t i = 0; i < f->selection.components.count; i++) {
        const struct chosen_component *chosen = &f->selection.components.items[i];
        char *name = chosen_full_name(chosen->component);
        char *owner = chosen_full_name(f->selection.components.items[chosen->owner].component);

        str_addf(&text, "%s%s%s%s", i ? " " : "", name,
                 chosen_is_explicit(&f->selection, i) ? "+" : "<",
                 chosen_is_explicit(&f->selection, i) ? "" : owner);
        free(name);
        free(owner);
    }
    char *chosen = str_take(&text);
    assert_string_equal(chosen, expected);
    free(chosen);
}

static void everything_means_what_has_no_selectable_ancestor(void **state)
{
    struct fixture *f = *state;

    selection_choose(&f->selection, NULL, false, &f->report);
    assert_chosen(f, "Executables+ Executables\\ConfigFiles+ LicenseInfo+ Security+ writerData+ "
                     "Security\\UserInfo<Security Security\\Certificates<Security "
                     "writerData\\Set1<writerData writerData\\Set1\\Jan<writerData "
                     "writerData\\QueryLogs\\Query<writerData writerData\\Usage<writerData "
                     "writerData\\Usage\\Jan<writerData");
    assert_int_equal(f->report.worst, BETEST_DONE);
}

static void one_component_brings_the_mandatory_ones(void **state)
{
    struct fixture *f = *state;
    struct betest_config *config =
        config_of("<Component logicalPath=\"writerData\" componentName=\"Usage\"/>");

    selection_choose(&f->selection, config, false, &f->report);
    assert_chosen(f, "Executables+ Executables\\ConfigFiles+ writerData\\Usage+ "
                     "writerData\\Usage\\Jan<writerData\\Usage");
    assert_int_equal(f->report.worst, BETEST_DONE);
    betest_config_free(config);
}

static void below_a_chosen_ancestor_nothing_is_named(void **state)
{
    struct fixture *f = *state;
    struct betest_config *config =
        config_of("<Component logicalPath=\"writerData\" componentName=\"Usage\"/>"
                  "<Component componentName=\"writerData\"/>");

    selection_choose(&f->selection, config, false, &f->report);
    assert_chosen(f, "Executables+ Executables\\ConfigFiles+ writerData+ "
                     "writerData\\Set1<writerData writerData\\Set1\\Jan<writerData "
                     "writerData\\QueryLogs\\Query<writerData writerData\\Usage<writerData "
                     "writerData\\Usage\\Jan<writerData");
    betest_config_free(config);
}

static void what_cannot_be_had_alone_is_said(void **state)
{
    struct fixture *f = *state;
    struct betest_config *config =
        config_of("<Component logicalPath=\"Security\" componentName=\"UserInfo\"/>");

    selection_choose(&f->selection, config, false, &f->report);
    assert_int_equal(f->report.worst, BETEST_COMPONENT_FAILED);
    betest_config_free(config);
}

static void what_no_writer_offers_is_said_and_the_rest_goes_on(void **state)
{
    struct fixture *f = *state;
    struct betest_config *config = config_of("<Component componentName=\"LicenseInfo\"/>"
                                             "<Component componentName=\"Nowhere\"/>");

    selection_choose(&f->selection, config, false, &f->report);
    assert_chosen(f, "Executables+ Executables\\ConfigFiles+ LicenseInfo+");
    assert_int_equal(f->report.worst, BETEST_COMPONENT_FAILED);
    betest_config_free(config);
}

/* ---- dependencies ---- */

static const GUID other_writer = { 0x22222222, 0x2222, 0x4333, { 0x84, 0x44, 1, 2, 3, 4, 5, 6 } };

/* A second writer: "Base", and "Set" with "Part" below it. */
static void add_other_writer(struct fixture *f)
{
    struct wmd *wmd = wmd_new();

    wmd->writer_id = other_writer;
    wmd_add_component(wmd, VSS_CT_FILEGROUP, "", "Base")->selectable = true;
    wmd_add_component(wmd, VSS_CT_FILEGROUP, "", "Set")->selectable = true;
    wmd_add_component(wmd, VSS_CT_FILEGROUP, "Set", "Part");
    selection_add_writer(&f->selection, wmd);
}

static void depend(struct fixture *f, size_t writer, const char *name, const GUID *on_writer,
                   const char *on_path, const char *on_name)
{
    struct wmd *wmd = f->selection.writers.items[writer].wmd;

    *array_push(&wmd_find_component(wmd, "", name)->dependencies) = (struct wmd_dependency){
        .writer_id = *on_writer, .logical_path = mem_strdup(on_path), .name = mem_strdup(on_name)
    };
}

static void what_a_component_depends_on_comes_along(void **state)
{
    struct fixture *f = *state;
    struct betest_config *config = config_of("<Component componentName=\"LicenseInfo\"/>");

    add_other_writer(f);
    depend(f, 0, "LicenseInfo", &other_writer, "", "Base");
    depend(f, 1, "Base", &my_writer, "", "Security");
    selection_choose(&f->selection, config, false, &f->report);
    assert_chosen(f, "Executables+ Executables\\ConfigFiles+ LicenseInfo+ Security+ "
                     "Security\\UserInfo<Security Security\\Certificates<Security Base+");
    assert_int_equal(f->report.worst, BETEST_DONE);
    betest_config_free(config);
}

static void what_cannot_be_named_brings_its_parent(void **state)
{
    struct fixture *f = *state;
    struct betest_config *config = config_of("<Component componentName=\"LicenseInfo\"/>");

    add_other_writer(f);
    depend(f, 0, "LicenseInfo", &other_writer, "Set", "Part");
    selection_choose(&f->selection, config, false, &f->report);
    assert_chosen(f, "Executables+ Executables\\ConfigFiles+ LicenseInfo+ Set+ Set\\Part<Set");
    betest_config_free(config);
}

static void a_dependency_on_nobody_or_another_machine_stops_nothing(void **state)
{
    struct fixture *f = *state;
    struct betest_config *config = config_of("<Component componentName=\"LicenseInfo\"/>");

    depend(f, 0, "LicenseInfo", &other_writer, "", "Base");
    depend(f, 0, "LicenseInfo", &my_writer, "\\\\server\\", "Security");
    selection_choose(&f->selection, config, false, &f->report);
    assert_chosen(f, "Executables+ Executables\\ConfigFiles+ LicenseInfo+");
    assert_int_equal(f->report.worst, BETEST_DONE);
    betest_config_free(config);
}

static void the_bootable_state_is_chosen_whole(void **state)
{
    struct fixture *f = *state;
    struct betest_config *config = config_of("<Component componentName=\"LicenseInfo\"/>");

    add_other_writer(f);
    f->selection.writers.items[1].wmd->usage = VSS_UT_BOOTABLESYSTEMSTATE;
    wmd_find_component(f->selection.writers.items[1].wmd, "", "Base")->flags =
        VSS_CF_NOT_SYSTEM_STATE;
    selection_choose(&f->selection, config, true, &f->report);
    assert_chosen(f, "Executables+ Executables\\ConfigFiles+ LicenseInfo+ Set+ Set\\Part<Set");
    betest_config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_means_what_has_no_selectable_ancestor, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(one_component_brings_the_mandatory_ones, setup, teardown),
        cmocka_unit_test_setup_teardown(below_a_chosen_ancestor_nothing_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_had_alone_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(what_no_writer_offers_is_said_and_the_rest_goes_on, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_a_component_depends_on_comes_along, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_named_brings_its_parent, setup, teardown),
        cmocka_unit_test_setup_teardown(a_dependency_on_nobody_or_another_machine_stops_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_bootable_state_is_chosen_whole, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
