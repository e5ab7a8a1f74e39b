/* SPDX-License-Identifier: MIT */
/* The built-in requester as a whole: backup, restore, or one after the other (betest.h). */
#include "fakes/requester/betest.h"

#include "fakes/requester/betest_backup.h"
#include "fakes/requester/betest_report.h"
#include "fakes/requester/betest_restore.h"

/* Without documents there is nothing to restore from; a component that failed is no reason, but
 * with /StopError. */
static bool may_restore(const struct betest_options *options, const struct betest_report *report)
{
    return report->worst == BETEST_DONE ||
           (report->worst == BETEST_COMPONENT_FAILED && !options->stop_at_error);
}

int betest_run(const struct betest_options *options)
{
    struct betest_report report;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    report_begin(&report, options);
    if (options->backup)
        betest_backup(options, &report);
    if (options->restore && (!options->backup || may_restore(options, &report)))
        betest_restore(options, &report);
    if (SUCCEEDED(hr))
        CoUninitialize();
    return (int)report.worst;
}

int betest_main(int argc, char **argv)
{
    struct betest_options options;
    bool is_help = false;

    if (!betest_options_parse(argc, argv, &options, &is_help))
        return is_help ? BETEST_DONE : BETEST_USAGE;
    return betest_run(&options);
}
