/* SPDX-License-Identifier: MIT */
/* Job objects: processes that end together (Learn: "Job Objects"). Limits are kept and given back;
 * what is kept to is KILL_ON_JOB_CLOSE and TerminateJobObject.
 * Deviation: what a process of a job starts is not in the job by itself. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"

#include <string.h>

struct job {
    struct object object;
    struct list link;                  /* in the list of all jobs */
    ARRAY(struct process *) processes; /* a reference each */
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
};

static struct list jobs = { &jobs, &jobs };

static bool job_is_signaled(struct object *object, DWORD thread_id)
{
    (void)object, (void)thread_id;
    return false; /* Learn: only when a time limit is over */
}

static void end_processes(struct job *job, DWORD code)
{
    for (size_t i = 0; i < job->processes.count; i++) {
        if (!process_is_current(job->processes.items[i]))
            process_terminate(job->processes.items[i], code);
    }
}

static bool kills_on_close(const struct job *job)
{
    return job->limits.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
}

static void job_destroy(struct object *object)
{
    struct job *job = (struct job *)object;

    objects_lock();
    list_remove(&job->link);
    objects_unlock();
    if (kills_on_close(job))
        end_processes(job, 0);
    for (size_t i = 0; i < job->processes.count; i++)
        object_unref(&job->processes.items[i]->object);
    array_free(&job->processes);
    free(job);
}

/* A process that ends closes its handles. */
static __attribute__((destructor)) void end_jobs(void)
{
    list_each (struct job, job, &jobs, link) {
        if (kills_on_close(job))
            end_processes(job, 0);
    }
}

#define JOB_ACCESS_ALL (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3F)

static const struct object_class job_class = {
    .name = "job",
    .access = { STANDARD_RIGHTS_READ | JOB_OBJECT_QUERY,
                STANDARD_RIGHTS_WRITE | JOB_OBJECT_ASSIGN_PROCESS | JOB_OBJECT_SET_ATTRIBUTES |
                    JOB_OBJECT_TERMINATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, JOB_ACCESS_ALL },
    .is_signaled = job_is_signaled,
    .destroy = job_destroy,
};

HANDLE WINAPI CreateJobObjectA(LPSECURITY_ATTRIBUTES security, LPCSTR name)
{
    struct job *job = mem_new(struct job);
    bool existed;

    object_init(&job->object, &job_class);
    objects_lock();
    list_append(&jobs, &job->link);
    objects_unlock();
    struct object *object = object_named(&job->object, name, &existed);
    if (!object)
        return NULL;
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle_new_for(object, JOB_ACCESS_ALL, security);
}

HANDLE WINAPI CreateJobObjectW(LPSECURITY_ATTRIBUTES security, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return CreateJobObjectA(security, utf8);
}

HANDLE WINAPI OpenJobObjectA(DWORD access, BOOL inherit, LPCSTR name)
{
    struct object *object = object_find(name, &job_class);

    return object ? handle_new_opened(object, access, inherit) : NULL;
}

HANDLE WINAPI OpenJobObjectW(DWORD access, BOOL inherit, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return OpenJobObjectA(access, inherit, utf8);
}

/* With the lock held. */
static bool has_process(const struct job *job, const struct process *process)
{
    for (size_t i = 0; i < job->processes.count; i++) {
        if (job->processes.items[i] == process)
            return true;
    }
    return false;
}

BOOL WINAPI AssignProcessToJobObject(HANDLE handle, HANDLE process_handle)
{
    auto_object struct object *object = handle_get(handle, &job_class, JOB_OBJECT_ASSIGN_PROCESS);
    auto_object struct object *member =
        object ? handle_get(process_handle, &process_class, PROCESS_SET_QUOTA | PROCESS_TERMINATE)
               : NULL;
    struct job *job = (struct job *)object;

    if (!member)
        return FALSE;
    objects_lock();
    bool is_refused = member->state->is_set || has_process(job, (struct process *)member);
    if (!is_refused) {
        member->count++;
        array_add(&job->processes, (struct process *)member);
    }
    objects_unlock();
    return is_refused ? win_fail(ERROR_ACCESS_DENIED) : TRUE;
}

BOOL WINAPI IsProcessInJob(HANDLE process_handle, HANDLE handle, PBOOL ret_is_in)
{
    auto_object struct object *member = handle_get(process_handle, &process_class, 0);
    auto_object struct object *object =
        member && handle ? handle_get(handle, &job_class, JOB_OBJECT_QUERY) : NULL;

    if (!member || (handle && !object))
        return FALSE;
    *ret_is_in = FALSE;
    objects_lock();
    list_each (struct job, job, &jobs, link) {
        if ((!object || &job->object == object) && has_process(job, (struct process *)member))
            *ret_is_in = TRUE;
    }
    objects_unlock();
    return TRUE;
}

BOOL WINAPI TerminateJobObject(HANDLE handle, UINT code)
{
    auto_object struct object *object = handle_get(handle, &job_class, JOB_OBJECT_TERMINATE);
    HANDLE self = GetCurrentProcess();
    BOOL is_in = FALSE;

    if (!object)
        return FALSE;
    end_processes((struct job *)object, code);
    if (IsProcessInJob(self, handle, &is_in) && is_in)
        TerminateProcess(self, code);
    return TRUE;
}

/* ---- what is asked and set ---- */

BOOL WINAPI SetInformationJobObject(HANDLE handle, JOBOBJECTINFOCLASS class, LPVOID info,
                                    DWORD size)
{
    auto_object struct object *object = handle_get(handle, &job_class, JOB_OBJECT_SET_ATTRIBUTES);
    struct job *job = (struct job *)object;
    bool is_basic = class == JobObjectBasicLimitInformation;

    if (!object)
        return FALSE;
    if (!is_basic && class != JobObjectExtendedLimitInformation)
        return win_fail(class == JobObjectBasicUIRestrictions ||
                                class == JobObjectAssociateCompletionPortInformation
                            ? ERROR_NOT_SUPPORTED
                            : ERROR_INVALID_PARAMETER);
    if (size != (is_basic ? sizeof(job->limits.BasicLimitInformation) : sizeof(job->limits)))
        return win_fail(ERROR_INVALID_PARAMETER); /* Unsure: as Wine; the page names none */
    objects_lock();
    memcpy(&job->limits, info, size);
    objects_unlock();
    return TRUE;
}

static DWORD count_active(const struct job *job)
{
    DWORD n = 0;

    for (size_t i = 0; i < job->processes.count; i++)
        n += !job->processes.items[i]->object.state->is_set;
    return n;
}

/* As many numbers as there is room for; the size that is used. */
static DWORD list_numbers(const struct job *job, JOBOBJECT_BASIC_PROCESS_ID_LIST *list, DWORD size)
{
    const DWORD head = offsetof(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList);
    DWORD room = (size - head) / (DWORD)sizeof(ULONG_PTR), n = 0;

    list->NumberOfAssignedProcesses = count_active(job);
    for (size_t i = 0; i < job->processes.count; i++) {
        const struct object_state *state = job->processes.items[i]->object.state;
        if (!state->is_set && n < room)
            list->ProcessIdList[n++] = state->id;
    }
    list->NumberOfProcessIdsInList = n;
    return head + n * (DWORD)sizeof(ULONG_PTR);
}

/* The size of an answer; 0: no such class. */
static DWORD size_of_class(JOBOBJECTINFOCLASS class)
{
    switch (class) {
    case JobObjectBasicAccountingInformation:
        return sizeof(JOBOBJECT_BASIC_ACCOUNTING_INFORMATION);
    case JobObjectBasicLimitInformation:
        return sizeof(JOBOBJECT_BASIC_LIMIT_INFORMATION);
    case JobObjectExtendedLimitInformation:
        return sizeof(JOBOBJECT_EXTENDED_LIMIT_INFORMATION);
    case JobObjectBasicProcessIdList:
        return sizeof(JOBOBJECT_BASIC_PROCESS_ID_LIST);
    default:
        return 0;
    }
}

/* With the lock held; the size that is used. */
static DWORD answer(const struct job *job, JOBOBJECTINFOCLASS class, void *ret, DWORD size)
{
    const JOBOBJECT_BASIC_ACCOUNTING_INFORMATION accounting = {
        .TotalProcesses = (DWORD)job->processes.count, .ActiveProcesses = count_active(job)
    };

    if (class == JobObjectBasicProcessIdList)
        return list_numbers(job, ret, size);
    if (class == JobObjectBasicAccountingInformation)
        memcpy(ret, &accounting, sizeof(accounting));
    else
        memcpy(ret, &job->limits, size_of_class(class));
    return size_of_class(class);
}

BOOL WINAPI QueryInformationJobObject(HANDLE handle, JOBOBJECTINFOCLASS class, LPVOID ret,
                                      DWORD size, LPDWORD ret_size)
{
    auto_object struct object *object = handle_get(handle, &job_class, JOB_OBJECT_QUERY);
    DWORD needed = size_of_class(class), used;

    if (!object)
        return FALSE;
    if (!needed)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (class == JobObjectBasicProcessIdList ? size < needed : size != needed)
        return win_fail(ERROR_BAD_LENGTH);
    objects_lock();
    used = answer((struct job *)object, class, ret, size);
    bool is_short = class == JobObjectBasicProcessIdList &&
                    ((JOBOBJECT_BASIC_PROCESS_ID_LIST *)ret)->NumberOfAssignedProcesses >
                        ((JOBOBJECT_BASIC_PROCESS_ID_LIST *)ret)->NumberOfProcessIdsInList;
    objects_unlock();
    if (ret_size)
        *ret_size = used;
    return is_short ? win_fail(ERROR_MORE_DATA) : TRUE;
}
