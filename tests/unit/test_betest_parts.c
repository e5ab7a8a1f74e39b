/* SPDX-License-Identifier: MIT */
/* Parts of a component set in a restore (Learn: "Working with Selectability for Restore and
 * Subcomponents"): what came into the backup with its parent can come back by itself if its writer
 * said so. */
#include "tests/support/betest_stage.h"

#include "emu/doc/filespec.h"

static void add_component(IVssCreateWriterMetadata *metadata, const WCHAR *path, const WCHAR *name,
                          const WCHAR *directory, bool selectable, bool selectable_for_restore)
{
    check(call(metadata, AddComponent, VSS_CT_FILEGROUP, path, name, NULL, NULL, 0, FALSE, FALSE,
               selectable, selectable_for_restore, 0) == S_OK);
    check(call(metadata, AddFilesToFileGroup, path, name, directory, L"*", FALSE, NULL,
               FILESPEC_MASK_DEFAULT) == S_OK);
}

static void identify(struct betest_stage *stage, IVssCreateWriterMetadata *metadata)
{
    (void)stage;
    check(call(metadata, SetRestoreMethod, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
               VSS_WRE_ALWAYS, FALSE) == S_OK);
    add_component(metadata, NULL, L"Data", L"C:\\data", true, false);
    add_component(metadata, L"Data", L"2031", L"C:\\data\\2031", false, true);
    add_component(metadata, L"Data\\2031", L"Jan", L"C:\\data\\2031\\jan", false, false);
    add_component(metadata, L"Data", L"2032", L"C:\\data\\2032", false, true);
}

static void note_subcomponents(struct betest_stage *stage, const char *event,
                               IVssWriterComponents *components)
{
    UINT count = 0;

    if (!str_is_equal(event, "PreRestore"))
        return;
    IVssComponent *component = stage_component(components);
    call(component, GetRestoreSubcomponentCount, &count);
    for (UINT i = 0; i < count; i++) {
        BSTR path = NULL, name = NULL;
        boolean repair;

        check(call(component, GetRestoreSubcomponent, i, &path, &name, &repair) == S_OK);
        stage->pass += name[3] - '0';
        SysFreeString(path);
        SysFreeString(name);
    }
    call(component, Release);
}

static const char *const files[] = { "C:\\data\\all", "C:\\data\\2031\\year",
                                     "C:\\data\\2031\\jan\\1", "C:\\data\\2032\\year" };
#define N_FILES (sizeof(files) / sizeof(*files))

static void backed_up(struct betest_stage *stage)
{
    for (size_t i = 0; i < N_FILES; i++)
        stage_write(stage, files[i], "old");
    stage_writer(stage, identify);
    stage->handler = note_subcomponents;
    assert_betest(BETEST_DONE, stage, "/B", "/S", "@doc.xml", "/D", "@store");
    for (size_t i = 0; i < N_FILES; i++)
        stage_write(stage, files[i], "new");
}

/* A restore of these components; answers the exit code. */
static int restore(struct betest_stage *stage, const char *components)
{
    char *path = stage_path(stage, "sel.xml");
    FILE *file = fopen(path, "w");

    fprintf(file, "<BETest><Writer writerid=\"" STAGE_CLASS "\">%s</Writer></BETest>", components);
    fclose(file);
    int result = stage_betest(stage, "/R", "/S", "@doc.xml", "/D", "@store", "/X", path);
    free(path);
    return result;
}

#define assert_files(stage, ...)                                    \
    do {                                                            \
        static const char *const texts_[N_FILES] = { __VA_ARGS__ }; \
        for (size_t i_ = 0; i_ < N_FILES; i_++)                     \
            assert_file(stage, files[i_], texts_[i_]);              \
    } while (0)

static void a_part_that_may_be_restored_comes_back_with_what_is_below_it(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage);
    assert_int_equal(restore(stage, "<Component logicalPath=\"Data\" componentName=\"2031\"/>"),
                     BETEST_DONE);
    assert_said(stage, "of it only \"Data\\2031\"");
    assert_int_equal(stage->pass, 1);
    assert_files(stage, "new", "old", "old", "new");
}

static void with_the_whole_set_named_a_part_means_nothing_more(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage);
    assert_int_equal(restore(stage, "<Component logicalPath=\"Data\" componentName=\"2032\"/>"
                                    "<Component componentName=\"Data\"/>"),
                     BETEST_DONE);
    assert_int_equal(stage->pass, 0);
    assert_files(stage, "old", "old", "old", "old");
}

static void a_part_that_may_not_be_restored_alone_is_said(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage);
    assert_int_equal(
        restore(stage, "<Component logicalPath=\"Data\\2031\" componentName=\"Jan\"/>"),
        BETEST_COMPONENT_FAILED);
    assert_said(stage, "component \"Data\\2031\\Jan\" of 'Story Writer' cannot be restored by "
                       "itself, only with \"Data\"");
    assert_files(stage, "new", "new", "new", "new");
}

static void what_the_backup_lacks_is_said_and_the_rest_comes_back(void **state)
{
    struct betest_stage *stage = *state;

    backed_up(stage);
    assert_int_equal(restore(stage, "<Component componentName=\"Gone\"/>"
                                    "<Component logicalPath=\"Data\" componentName=\"2032\"/>"),
                     BETEST_COMPONENT_FAILED);
    assert_said(stage, "component \"Gone\" of writer {" STAGE_CLASS "} is not in the backup");
    assert_files(stage, "new", "new", "new", "old");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        betest_story(a_part_that_may_be_restored_comes_back_with_what_is_below_it),
        betest_story(with_the_whole_set_named_a_part_means_nothing_more),
        betest_story(a_part_that_may_not_be_restored_alone_is_said),
        betest_story(what_the_backup_lacks_is_said_and_the_rest_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
