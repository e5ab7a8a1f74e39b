/* SPDX-License-Identifier: MIT */
/* Texts of the codes that backup programs meet, in our own words. Codes: public headers
 * winerror.h and vsserror.h. */
#include "emu/include/vss.h"
#include "fakes/windows/message.h"

#include <stddef.h>
#include <vsserror.h>

#define HR(code) ((DWORD)(code))

/* clang-format off */
static const struct message_row {
    DWORD code;
    const char *text;
} rows[] = {
    { ERROR_SUCCESS, "There is no error." },
    { ERROR_INVALID_FUNCTION, "The function cannot be applied to this object." },
    { ERROR_FILE_NOT_FOUND, "There is no such file." },
    { ERROR_PATH_NOT_FOUND, "A directory of the path is missing." },
    { ERROR_TOO_MANY_OPEN_FILES, "Too many files are open." },
    { ERROR_ACCESS_DENIED, "Access was refused." },
    { ERROR_INVALID_HANDLE, "The handle means nothing, or something of another kind." },
    { ERROR_NOT_ENOUGH_MEMORY, "There is not enough memory." },
    { ERROR_OUTOFMEMORY, "There is not enough memory." },
    { ERROR_NOT_SAME_DEVICE, "Source and target lie on different volumes." },
    { ERROR_NO_MORE_FILES, "The search has found everything there is." },
    { ERROR_WRITE_PROTECT, "The volume can only be read." },
    { ERROR_NOT_READY, "The device is not ready." },
    { ERROR_GEN_FAILURE, "The device does not work." },
    { ERROR_SHARING_VIOLATION, "Another handle has the file open and does not share it." },
    { ERROR_LOCK_VIOLATION, "Another handle has locked this part of the file." },
    { ERROR_HANDLE_EOF, "The end of the file has been reached." },
    { ERROR_NOT_SUPPORTED, "The request is not supported." },
    { ERROR_BAD_NETPATH, "The network path was not found." },
    { ERROR_FILE_EXISTS, "The file exists already." },
    { ERROR_INVALID_PARAMETER, "An argument is wrong." },
    { ERROR_BROKEN_PIPE, "The other end of the pipe is closed." },
    { ERROR_DISK_FULL, "The volume is full." },
    { ERROR_CALL_NOT_IMPLEMENTED, "This function does not exist here." },
    { ERROR_INSUFFICIENT_BUFFER, "The buffer is too small for the result." },
    { ERROR_INVALID_NAME, "The name is not a valid name of a file, directory or volume." },
    { ERROR_MOD_NOT_FOUND, "There is no such module." },
    { ERROR_PROC_NOT_FOUND, "The module has no such function." },
    { ERROR_NEGATIVE_SEEK, "The position would lie before the beginning of the file." },
    { ERROR_DIR_NOT_EMPTY, "The directory still has entries." },
    { ERROR_BUSY, "It is in use." },
    { ERROR_ALREADY_EXISTS, "Something of that name exists already." },
    { ERROR_ENVVAR_NOT_FOUND, "There is no such environment variable." },
    { ERROR_FILENAME_EXCED_RANGE, "The name is too long." },
    { ERROR_MORE_DATA, "There is more data than fits." },
    { WAIT_TIMEOUT, "The time for waiting is over." },
    { ERROR_NO_MORE_ITEMS, "There are no more items." },
    { ERROR_DIRECTORY, "This is not the name of a directory." },
    { ERROR_NOT_OWNER, "The caller does not own the mutex." },
    { ERROR_TOO_MANY_POSTS, "The semaphore would count higher than its maximum." },
    { ERROR_MR_MID_NOT_FOUND, "There is no text for this number." },
    { ERROR_NO_TOKEN, "The thread has no token." },
    { ERROR_NO_UNICODE_TRANSLATION, "The text is not valid in its character set." },
    { ERROR_IO_DEVICE, "Reading or writing failed on the device." },
    { ERROR_NOT_FOUND, "It was not found." },
    { ERROR_CANCELLED, "It was cancelled." },
    { ERROR_NOT_ALL_ASSIGNED, "Not every privilege named is held by the caller." },
    { ERROR_NO_SUCH_PRIVILEGE, "There is no privilege of that name." },
    { ERROR_TIMEOUT, "The time was over before it was done." },
    { ERROR_NOT_A_REPARSE_POINT, "Nothing is mounted in this directory." },
    { ERROR_SERVICE_ALREADY_RUNNING, "The service runs already." },
    { ERROR_SERVICE_DOES_NOT_EXIST, "There is no such service." },

    { HR(E_NOTIMPL), "The method is not implemented." },
    { HR(E_NOINTERFACE), "The object does not have this interface." },
    { HR(E_POINTER), "A pointer is wrong." },
    { HR(E_ABORT), "The operation was aborted." },
    { HR(E_FAIL), "It failed, and nothing more is known." },
    { HR(E_UNEXPECTED), "It failed in a way that should not happen." },
    { HR(CO_E_NOTINITIALIZED), "CoInitialize has not been called in this thread." },
    { HR(RPC_E_CHANGED_MODE), "The thread is in an apartment of the other kind." },
    { HR(RPC_E_TOO_LATE), "Security was set before, and once is all." },
    { HR(REGDB_E_CLASSNOTREG), "The class is not registered." },

    { HR(VSS_E_BAD_STATE), "The object is not in a state in which this may be called." },
    { HR(VSS_E_PROVIDER_ALREADY_REGISTERED), "The provider is registered already." },
    { HR(VSS_E_PROVIDER_NOT_REGISTERED), "No such provider is registered." },
    { HR(VSS_E_PROVIDER_VETO), "The provider refused; the event log has its reason." },
    { HR(VSS_E_PROVIDER_IN_USE), "The provider is in use." },
    { HR(VSS_E_OBJECT_NOT_FOUND), "There is no such object." },
    { HR(VSS_S_ASYNC_PENDING), "The operation is still going on." },
    { HR(VSS_S_ASYNC_FINISHED), "The operation is finished." },
    { HR(VSS_S_ASYNC_CANCELLED), "The operation was cancelled." },
    { HR(VSS_E_VOLUME_NOT_SUPPORTED), "No provider can make shadow copies of this volume." },
    { HR(VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER),
      "The provider cannot make shadow copies of this volume." },
    { HR(VSS_E_OBJECT_ALREADY_EXISTS), "The object exists already." },
    { HR(VSS_E_UNEXPECTED_PROVIDER_ERROR), "The provider failed with an error of its own." },
    { HR(VSS_E_CORRUPT_XML_DOCUMENT), "The document has been damaged." },
    { HR(VSS_E_INVALID_XML_DOCUMENT), "The document does not follow its schema." },
    { HR(VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED), "The snapshot set has all the volumes it may have." },
    { HR(VSS_E_FLUSH_WRITES_TIMEOUT), "The volume could not be flushed in time." },
    { HR(VSS_E_HOLD_WRITES_TIMEOUT), "Writes could not be held back long enough." },
    { HR(VSS_E_UNEXPECTED_WRITER_ERROR), "A writer caused a problem that was not foreseen." },
    { HR(VSS_E_SNAPSHOT_SET_IN_PROGRESS), "Another snapshot set is being made." },
    { HR(VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED), "The volume has all the snapshots it may have." },
    { HR(VSS_E_WRITER_INFRASTRUCTURE), "The writer machinery does not work." },
    { HR(VSS_E_WRITER_NOT_RESPONDING), "A writer did not answer." },
    { HR(VSS_E_WRITER_ALREADY_SUBSCRIBED), "The writer has subscribed already." },
    { HR(VSS_E_UNSUPPORTED_CONTEXT), "The context does not support this." },
    { HR(VSS_E_VOLUME_IN_USE), "The volume is in use." },
    { HR(VSS_E_INSUFFICIENT_STORAGE), "There is too little room for the shadow copy." },
    { HR(VSS_E_NESTED_VOLUME_LIMIT), "Volumes lie in volumes too deep." },
    { HR(VSS_E_NOT_SUPPORTED), "The operation is not supported." },
    { HR(VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT), "The shadow copy lacks volumes that the writer needs." },
    { HR(VSS_E_WRITERERROR_OUTOFRESOURCES), "The writer ran out of memory or another resource." },
    { HR(VSS_E_WRITERERROR_TIMEOUT), "The writer was frozen longer than its time allows." },
    { HR(VSS_E_WRITERERROR_RETRYABLE), "The writer failed; another attempt may succeed." },
    { HR(VSS_E_WRITERERROR_NONRETRYABLE), "The writer failed, and would fail again." },
    { HR(VSS_E_WRITERERROR_RECOVERY_FAILED), "The writer could not recover its data in the shadow copy." },
    { HR(VSS_E_WRITERERROR_PARTIAL_FAILURE), "The writer failed for some of its components." },
    { HR(VSS_E_WRITER_STATUS_NOT_AVAILABLE), "The state of a writer is not known." },
};
/* clang-format on */

const char *message_of_code(DWORD code)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code == code)
            return rows[i].text;
    }
    if ((code & 0xFFFF0000) == 0x80070000) /* HRESULT_FROM_WIN32 */
        return message_of_code(code & 0xFFFF);
    return NULL;
}
