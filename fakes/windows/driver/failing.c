/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/failing.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The first row that fits counts. Learn: the section "Return value" of each function; where a
 * type or a header has one rule for all, the rule. */
static const struct {
    const char *types;   /* words, one of which stands before the name */
    const char *headers; /* patterns; NULL: any */
    const char *names;   /* patterns; NULL: any */
    long value;
    const char *says;
} rows[] = {
    { "HRESULT STDAPI WINOLEAPI WINOLEAUTAPI SHSTDAPI SHFOLDERAPI LWSTDAPI SCODE", NULL, NULL,
      (int)0x80004001, "E_NOTIMPL" },
    { "HANDLE HDEVINFO HINF HSPFILEQ", NULL,
      "CreateFile[AW2] CreateFileTransacted* CreateNamedPipe* CreateMailslot* "
      "CreateToolhelp32Snapshot ReOpenFile OpenFileById FindFirstFile* FindFirstStream* "
      "FindFirstVolume* FindFirstChangeNotification* FindFirstPrinterChangeNotification "
      "CreateConsoleScreenBuffer CreateTransaction* CreateEnlistment CreateResourceManager "
      "OpenTransaction* OpenEnlistment OpenResourceManager SetupDiGetClassDevs* "
      "SetupDiCreateDeviceInfoList* SetupOpen* Icmp*CreateFile",
      -1, "INVALID_HANDLE_VALUE" },
    { "LSTATUS NET_API_STATUS DNS_STATUS", NULL, NULL, 120, "ERROR_CALL_NOT_IMPLEMENTED" },
    { "NTSTATUS", NULL, NULL, (int)0xC0000002, "STATUS_NOT_IMPLEMENTED" },
    { "CONFIGRET CMAPI", NULL, NULL, 0x20, "CR_CALL_NOT_IMPLEMENTED" },
    { "RPC_STATUS", NULL, NULL, 1764, "RPC_S_CANNOT_SUPPORT" },
    { "SECURITY_STATUS", NULL, NULL, (int)0x80090302, "SEC_E_UNSUPPORTED_FUNCTION" },
    { "PDH_STATUS", NULL, NULL, (int)0xC0000BD3, "PDH_NOT_IMPLEMENTED" },
    { "MMRESULT", NULL, NULL, 8, "MMSYSERR_NOTSUPPORTED" },
    { "SQLRETURN", NULL, NULL, -1, "SQL_ERROR" },
    { "INSTALLSTATE", NULL, NULL, -2, "INSTALLSTATE_INVALIDARG" },
    { "MSICONDITION", NULL, NULL, 3, "MSICONDITION_ERROR" },
    { "errno_t", NULL, NULL, 40, "ENOSYS" },
    { "int", "winsock.h winsock2.h ws2tcpip.h", "WSAStartup", 10091, "WSASYSNOTREADY" },
    { "int INT", "ws2tcpip.h", "GetAddrInfo* GetNameInfo*", 11003, "WSANO_RECOVERY" },
    { "int INT SOCKET", "winsock.h winsock2.h ws2tcpip.h ws2spi.h mswsock.h", NULL, -1,
      "SOCKET_ERROR" },
    { "int intptr_t long",
      "io.h corecrt_io.h direct.h corecrt_direct.h process.h "
      "corecrt_wio.h corecrt_wdirect.h corecrt_wprocess.h",
      NULL, -1, "-1" },
    { "DWORD", NULL,
      "GetFileAttributes* GetCompressedFileSize* GetFileSize SetFilePointer SuspendThread "
      "ResumeThread Wow64SuspendThread SignalObjectAndWait* WaitFor* MsgWaitFor* "
      "WSAWaitForMultipleEvents TlsAlloc FlsAlloc InternetSetFilePointer FtpGetFileSize "
      "GetTimeZoneInformation GetDynamicTimeZoneInformation",
      -1, "0xFFFFFFFF" },
    { "UINT", "msiquery.h", "MsiRecordGetFieldCount", -1, "0xFFFFFFFF" },
    { "UINT DWORD", "msi.h msiquery.h", "MsiRecordDataSize MsiGetFileHash*", 0, "0" },
    { "ULONG", "evntrace.h", "GetTraceEnableFlags", 0, "0" },
    { "DWORD LONG", "winreg.h", NULL, 120, "ERROR_CALL_NOT_IMPLEMENTED" },
    { "DWORD LONG", "shlwapi.h", "SH[A-Z]*", 120, "ERROR_CALL_NOT_IMPLEMENTED" },
    { "DWORD", NULL,
      "*Tape Tape* *Tape[A-Z]* WriteTapemark *Encrypted* *EncryptionInfo* QueryRecoveryAgents* "
      "SetUserFileEncryptionKey* SetupDecompressOrCopyFile* SetupGetFileCompressionInfo* "
      "NotifyServiceStatusChange* NotifyBootConfigStatus* CommandLineFromMsiDescriptor "
      "GetManagedApplications GetAppliedGPOList* EnumDynamicTimeZoneInformation "
      "GetDynamicTimeZoneInformationEffectiveYears",
      120, "ERROR_CALL_NOT_IMPLEMENTED" },
    { "DWORD ULONG UINT LONG",
      "aclapi.h winnetwk.h iphlpapi.h netioapi.h ras.h dsgetdc.h ntdsapi.h dsrole.h davclnt.h "
      "virtdisk.h wlanapi.h winhttp.h clusapi.h resapi.h wincred.h powrprof.h powersetting.h "
      "msi.h msiquery.h http.h evntrace.h evntprov.h perflib.h loadperf.h bluetoothapis.h "
      "traffic.h dhcpcsdk.h lm*.h winsafer.h authz.h fwpmu.h adtgen.h srpapi.h appmodel.h "
      "bits*.h fltuser.h difxapi.h",
      NULL, 120, "ERROR_CALL_NOT_IMPLEMENTED" },
    { "LONG", "winscard.h", NULL, (int)0x80100022, "SCARD_E_UNSUPPORTED_FEATURE" },
    { "LONG", "wintrust.h", "WinVerifyTrust*", (int)0x800B0001, "TRUST_E_PROVIDER_UNKNOWN" },
    { "LONG", "tapi.h", NULL, (int)0x80000049, "LINEERR_OPERATIONUNAVAIL" },
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool has_word(const char *text, const char *end, const char *word, size_t n)
{
    for (const char *at = text; (at = memmem(at, (size_t)(end - at), word, n)); at += n)
        if ((at == text || !is_word(at[-1])) && (at + n == end || !is_word(at[n])))
            return true;
    return false;
}

static bool has_one_of(const char *text, const char *end, const char *words)
{
    for (size_t n; *words; words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        if (has_word(text, end, words, n))
            return true;
    }
    return false;
}

static bool fits(const char *patterns, const char *name)
{
    char one[100];

    for (size_t n; patterns && *patterns; patterns += n + (patterns[n] == ' ')) {
        n = strcspn(patterns, " ");
        if (n >= sizeof(one))
            continue;
        memcpy(one, patterns, n);
        one[n] = 0;
        if (fnmatch(one, name, 0) == 0)
            return true;
    }
    return !patterns;
}

struct failing_value failing_value_of(const char *header, const char *name, const char *type,
                                      const char *end)
{
    if (!memchr(type, '*', (size_t)(end - type)))
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
            if (has_one_of(type, end, rows[i].types) && fits(rows[i].headers, header) &&
                fits(rows[i].names, name))
                return (struct failing_value){ rows[i].value, rows[i].says };
    return (struct failing_value){ 0, "0" };
}
