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

/* Learn: "Security Considerations for Requesters": once for the process, before any VSS call; so it
 * belongs to the program, not to whoever runs the requester inside another one. */
static bool initialize_security(void)
{
    HRESULT hr = CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                                      RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL);

    if (FAILED(hr))
        fprintf(stderr, "betest: CoInitializeSecurity: 0x%08X\n", (unsigned)hr);
    return SUCCEEDED(hr);
}

int betest_main(int argc, char **argv)
{
    struct betest_options options;
    bool is_help = false;
    int result = BETEST_VSS_FAILED;

    if (!betest_options_parse(argc, argv, &options, &is_help))
        return is_help ? BETEST_DONE : BETEST_USAGE;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr) && initialize_security())
        result = betest_run(&options);
    if (SUCCEEDED(hr))
        CoUninitialize();
    return result;
}
