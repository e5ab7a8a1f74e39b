# SPDX-License-Identifier: MIT
"""How gdb shows the types of Windows in programs of vssemu: HRESULT by its name, GUID with the name
of the interface, 16-bit strings as text (WCHAR *, BSTR, std::wstring), CComPtr, CComBSTR.

`vssemu run --gdb` loads it. In a gdb of one's own: source PREFIX/share/vssemu/vssemu-gdb.py
"""
import gdb
import gdb.printing

RESULTS = {
    0x00000000: "S_OK",
    0x00000001: "S_FALSE",
    0x00042309: "VSS_S_ASYNC_PENDING",
    0x0004230a: "VSS_S_ASYNC_FINISHED",
    0x0004230b: "VSS_S_ASYNC_CANCELLED",
    0x00042321: "VSS_S_SOME_SNAPSHOTS_NOT_IMPORTED",
    0x8000000a: "E_PENDING",
    0x80004001: "E_NOTIMPL",
    0x80004002: "E_NOINTERFACE",
    0x80004003: "E_POINTER",
    0x80004004: "E_ABORT",
    0x80004005: "E_FAIL",
    0x8000ffff: "E_UNEXPECTED",
    0x80010106: "RPC_E_CHANGED_MODE",
    0x80010108: "RPC_E_DISCONNECTED",
    0x80010119: "RPC_E_TOO_LATE",
    0x80020005: "DISP_E_TYPEMISMATCH",
    0x80040110: "CLASS_E_NOAGGREGATION",
    0x80040111: "CLASS_E_CLASSNOTAVAILABLE",
    0x80040154: "REGDB_E_CLASSNOTREG",
    0x800401f0: "CO_E_NOTINITIALIZED",
    0x800401f1: "CO_E_ALREADYINITIALIZED",
    0x80042301: "VSS_E_BAD_STATE",
    0x80042302: "VSS_E_UNEXPECTED",
    0x80042303: "VSS_E_PROVIDER_ALREADY_REGISTERED",
    0x80042304: "VSS_E_PROVIDER_NOT_REGISTERED",
    0x80042306: "VSS_E_PROVIDER_VETO",
    0x80042307: "VSS_E_PROVIDER_IN_USE",
    0x80042308: "VSS_E_OBJECT_NOT_FOUND",
    0x8004230c: "VSS_E_VOLUME_NOT_SUPPORTED",
    0x8004230d: "VSS_E_OBJECT_ALREADY_EXISTS",
    0x8004230e: "VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER",
    0x8004230f: "VSS_E_UNEXPECTED_PROVIDER_ERROR",
    0x80042310: "VSS_E_CORRUPT_XML_DOCUMENT",
    0x80042311: "VSS_E_INVALID_XML_DOCUMENT",
    0x80042312: "VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED",
    0x80042313: "VSS_E_FLUSH_WRITES_TIMEOUT",
    0x80042314: "VSS_E_HOLD_WRITES_TIMEOUT",
    0x80042315: "VSS_E_UNEXPECTED_WRITER_ERROR",
    0x80042316: "VSS_E_SNAPSHOT_SET_IN_PROGRESS",
    0x80042317: "VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED",
    0x80042318: "VSS_E_WRITER_INFRASTRUCTURE",
    0x80042319: "VSS_E_WRITER_NOT_RESPONDING",
    0x8004231a: "VSS_E_WRITER_ALREADY_SUBSCRIBED",
    0x8004231b: "VSS_E_UNSUPPORTED_CONTEXT",
    0x8004231d: "VSS_E_VOLUME_IN_USE",
    0x8004231e: "VSS_E_MAXIMUM_DIFFAREA_ASSOCIATIONS_REACHED",
    0x8004231f: "VSS_E_INSUFFICIENT_STORAGE",
    0x80042320: "VSS_E_NO_SNAPSHOTS_IMPORTED",
    0x80042321: "VSS_E_SOME_SNAPSHOTS_NOT_IMPORTED",
    0x80042322: "VSS_E_MAXIMUM_NUMBER_OF_REMOTE_MACHINES_REACHED",
    0x80042323: "VSS_E_REMOTE_SERVER_UNAVAILABLE",
    0x80042324: "VSS_E_REMOTE_SERVER_UNSUPPORTED",
    0x80042325: "VSS_E_REVERT_IN_PROGRESS",
    0x80042326: "VSS_E_REVERT_VOLUME_LOST",
    0x80042327: "VSS_E_REBOOT_REQUIRED",
    0x80042328: "VSS_E_TRANSACTION_FREEZE_TIMEOUT",
    0x80042329: "VSS_E_TRANSACTION_THAW_TIMEOUT",
    0x8004232a: "VSS_E_UNSELECTED_VOLUME",
    0x8004232b: "VSS_E_SNAPSHOT_NOT_IN_SET",
    0x8004232c: "VSS_E_NESTED_VOLUME_LIMIT",
    0x8004232d: "VSS_E_VOLUME_NOT_LOCAL",
    0x8004232e: "VSS_E_CLUSTER_TIMEOUT",
    0x8004232f: "VSS_E_NOT_SUPPORTED",
    0x80042336: "VSS_E_WRITERERROR_PARTIAL_FAILURE",
    0x800423f0: "VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT",
    0x800423f1: "VSS_E_WRITERERROR_OUTOFRESOURCES",
    0x800423f2: "VSS_E_WRITERERROR_TIMEOUT",
    0x800423f3: "VSS_E_WRITERERROR_RETRYABLE",
    0x800423f4: "VSS_E_WRITERERROR_NONRETRYABLE",
    0x800423f5: "VSS_E_WRITERERROR_RECOVERY_FAILED",
    0x800423f6: "VSS_E_BREAK_REVERT_ID_FAILED",
    0x800423f7: "VSS_E_LEGACY_PROVIDER",
    0x800423f8: "VSS_E_MISSING_DISK",
    0x800423f9: "VSS_E_MISSING_HIDDEN_VOLUME",
    0x800423fa: "VSS_E_MISSING_VOLUME",
    0x800423fb: "VSS_E_AUTORECOVERY_FAILED",
    0x800423fc: "VSS_E_DYNAMIC_DISK_ERROR",
    0x800423fd: "VSS_E_NONTRANSPORTABLE_BCD",
    0x800423fe: "VSS_E_CANNOT_REVERT_DISKID",
    0x800423ff: "VSS_E_RESYNC_IN_PROGRESS",
    0x80042400: "VSS_E_CLUSTER_ERROR",
    0x80042401: "VSS_E_ASRERROR_DISK_ASSIGNMENT_FAILED",
    0x80042402: "VSS_E_ASRERROR_DISK_RECREATION_FAILED",
    0x80042403: "VSS_E_ASRERROR_NO_ARCPATH",
    0x80042404: "VSS_E_ASRERROR_MISSING_DYNDISK",
    0x80042405: "VSS_E_ASRERROR_SHARED_CRIDISK",
    0x80042406: "VSS_E_ASRERROR_DATADISK_RDISK0",
    0x80042407: "VSS_E_ASRERROR_RDISK0_TOOSMALL",
    0x80042408: "VSS_E_ASRERROR_CRITICAL_DISKS_TOO_SMALL",
    0x80042409: "VSS_E_WRITER_STATUS_NOT_AVAILABLE",
    0x8004240a: "VSS_E_ASRERROR_DYNAMIC_VHD_NOT_SUPPORTED",
    0x80042411: "VSS_E_CRITICAL_VOLUME_ON_INVALID_DISK",
    0x80042412: "VSS_E_ASRERROR_RDISK_FOR_SYSTEM_DISK_NOT_FOUND",
    0x80042413: "VSS_E_ASRERROR_NO_PHYSICAL_DISK_AVAILABLE",
    0x80042414: "VSS_E_ASRERROR_FIXED_PHYSICAL_DISK_AVAILABLE_AFTER_DISK_EXCLUSION",
    0x80042415: "VSS_E_ASRERROR_CRITICAL_DISK_CANNOT_BE_EXCLUDED",
    0x80042416: "VSS_E_ASRERROR_SYSTEM_PARTITION_HIDDEN",
    0x80042417: "VSS_E_FSS_TIMEOUT",
    0x80070005: "E_ACCESSDENIED",
    0x80070006: "E_HANDLE",
    0x8007000e: "E_OUTOFMEMORY",
    0x80070057: "E_INVALIDARG",
}

IDENTIFIERS = {
    "00000001-0000-0000-c000-000000000046": "IID_IClassFactory",
    "00020400-0000-0000-c000-000000000046": "IID_IDispatch",
    "1cf2b120-547d-101b-8e65-08002b2bd119": "IID_IErrorInfo",
    "00000003-0000-0000-c000-000000000046": "IID_IMarshal",
    "0000010c-0000-0000-c000-000000000046": "IID_IPersist",
    "00000109-0000-0000-c000-000000000046": "IID_IPersistStream",
    "0c733a30-2a1c-11ce-ade5-00aa0044773d": "IID_ISequentialStream",
    "0000000c-0000-0000-c000-000000000046": "IID_IStream",
    "df0b3d60-548f-101b-8e65-08002b2bd119": "IID_ISupportErrorInfo",
    "00020401-0000-0000-c000-000000000046": "IID_ITypeInfo",
    "00000000-0000-0000-c000-000000000046": "IID_IUnknown",
    "77ed5996-2f63-11d3-8a39-00c04f72d8e3": "IID_IVssAdmin",
    "7858a9f8-b1fa-41a6-964f-b9b36b8cd8d8": "IID_IVssAdminEx",
    "507c37b4-cf5b-4e95-b0af-14eb9767467e": "IID_IVssAsync",
    "665c1d5f-c218-414d-a05d-7fef5f9d5c86": "IID_IVssBackupComponents",
    "963f03ad-9e4c-4a34-ac15-e4b6174e5036": "IID_IVssBackupComponentsEx",
    "acfe2b3a-22c9-4ef8-bd03-2f9ca230084e": "IID_IVssBackupComponentsEx2",
    "c191bfbc-b602-4675-8bd1-67d642f529d5": "IID_IVssBackupComponentsEx3",
    "f434c2fd-b553-4961-a9f9-a8e90b673e53": "IID_IVssBackupComponentsEx4",
    "d2c72c96-c121-4518-b627-e5a93d010ead": "IID_IVssComponent",
    "156c8b5e-f131-4bd7-9c97-d1923be7e1fa": "IID_IVssComponentEx",
    "3b5be0f2-07a9-4e4b-bdd3-cfdc8e2c0d2d": "IID_IVssComponentEx2",
    "9c772e77-b26e-427f-92dd-c996f41ea5e3": "IID_IVssCreateExpressWriterMetadata",
    "9f21981d-d469-4349-b807-39e64e4674e1": "IID_IVssCreateWriterMetadataEx",
    "214a0f28-b737-4026-b847-4f9e37d79529": "IID_IVssDifferentialSoftwareSnapshotMgmt",
    "949d7353-675f-4275-8969-f044c6277815": "IID_IVssDifferentialSoftwareSnapshotMgmt2",
    "383f7e71-a4c5-401f-b27f-f826289f8458": "IID_IVssDifferentialSoftwareSnapshotMgmt3",
    "01954e6b-9254-4e6e-808c-c9e05d007696": "IID_IVssEnumMgmtObject",
    "ae1c7110-2f60-11d3-8a39-00c04f72d8e3": "IID_IVssEnumObject",
    "902fcf7f-b7fd-42f8-81f1-b2e400b1e5bd": "IID_IVssExamineWriterMetadata",
    "0c0e5ec0-ca44-472b-b702-e652db1c0451": "IID_IVssExamineWriterMetadataEx",
    "ce115780-a611-431b-b57f-c38303ab6aee": "IID_IVssExamineWriterMetadataEx2",
    "e33affdc-59c7-47b1-97d5-4266598f6235": "IID_IVssExpressWriter",
    "c8636060-7c2e-11df-8c4a-0800200c9a66": "IID_IVssFileShareSnapshotProvider",
    "9593a157-44e9-4344-bbeb-44fbf9b06b10": "IID_IVssHardwareSnapshotProvider",
    "7f5ba925-cdb1-4d11-a71f-339eb7e709fd": "IID_IVssHardwareSnapshotProviderEx",
    "5f894e5b-1e39-4778-8e23-9abad9f0e08c": "IID_IVssProviderCreateSnapshotSet",
    "e561901f-03a5-4afe-86d0-72baeece7004": "IID_IVssProviderNotifications",
    "fa7df749-66e7-4986-a27f-e2f04ae53772": "IID_IVssSnapshotMgmt",
    "0f61ec39-fe82-45f2-a3f0-768b5d427102": "IID_IVssSnapshotMgmt2",
    "609e123e-2c5a-44d3-8f01-0b1d9a47d1ff": "IID_IVssSoftwareSnapshotProvider",
    "00000000-0000-0000-0000-000000000000": "IID_IVssWriterComponentsExt",
}

IDENTIFIERS["00000000-0000-0000-0000-000000000000"] = "GUID_NULL"
MAX_TEXT = 4096  # units of a string that are read


def text_at(address, length=None):
    """The UTF-16 text there, as gdb would write it: L"...". Unreadable memory is said so."""
    if not address:
        return "NULL"
    memory = gdb.selected_inferior()
    limit = MAX_TEXT if length is None else min(length, MAX_TEXT)
    units = []
    try:
        while len(units) < limit:
            unit = int.from_bytes(memory.read_memory(address + 2 * len(units), 2), "little")
            if length is None and not unit:
                break
            units.append(unit)
    except gdb.MemoryError:
        return f"<no memory at {address:#x}>"
    raw = b"".join(unit.to_bytes(2, "little") for unit in units)
    text = raw.decode("utf-16-le", "backslashreplace")
    shown = "".join(c if c.isprintable() and c not in '"\\' else
                    {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(
                        c, f"\\u{ord(c):04x}") for c in text)
    more = "" if length is None and len(units) < limit or length == len(units) else "..."
    return f'L"{shown}"{more}'


class HresultPrinter:
    def __init__(self, value):
        self.code = int(value) & 0xffffffff

    def to_string(self):
        name = RESULTS.get(self.code)
        if not name and self.code >> 16 == 0x8007:
            name = f"HRESULT_FROM_WIN32({self.code & 0xffff})"
        return f"{self.code:#010x}" + (f" ({name})" if name else "")


class GuidPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        last = [int(self.value["Data4"][i]) for i in range(8)]
        text = "{:08x}-{:04x}-{:04x}-{:02x}{:02x}-".format(
            *(int(self.value[member]) for member in ("Data1", "Data2", "Data3")), *last[:2])
        text += "".join(f"{byte:02x}" for byte in last[2:])
        name = IDENTIFIERS.get(text)
        return "{" + text + "}" + (f" ({name})" if name else "")


class WideStringPrinter:
    """std::wstring, whose characters have 16 bits here."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return text_at(int(self.value["_M_dataplus"]["_M_p"]), int(self.value["_M_string_length"]))


class ComBstrPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return text_at(int(self.value["m_str"]))


class ComPointerPrinter:
    """The interface that a smart pointer holds, and of what class the object is."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        pointer = self.value["p"]
        if not int(pointer):
            return f"({pointer.type}) NULL"
        try:
            pointer = pointer.cast(pointer.dynamic_type)
        except gdb.error:
            pass
        return f"({pointer.type}) {int(pointer):#x}"


def typedef_names(kind):
    """The names that lead from a type to what it is: HRESULT, LONG, int."""
    names = []
    while kind.code == gdb.TYPE_CODE_TYPEDEF:
        names.append(kind.name)
        kind = kind.target()
    return names, kind


def look_up(value):
    if value.type.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
        value = value.referenced_value()
    names, kind = typedef_names(value.type.unqualified())
    name = (kind.unqualified().name or "") if kind.code == gdb.TYPE_CODE_STRUCT else ""
    if "HRESULT" in names or "SCODE" in names:
        return HresultPrinter(value)
    if name in ("_GUID", "GUID"):
        return GuidPrinter(value)
    if name.startswith(("std::__cxx11::basic_string<wchar_t,", "std::basic_string<wchar_t,")):
        return WideStringPrinter(value)
    if name == "ATL::CComBSTR" or name == "CComBSTR":
        return ComBstrPrinter(value)
    if name.split("<")[0].rpartition("::")[2] in ("CComPtr", "CComQIPtr", "CComPtrBase"):
        return ComPointerPrinter(value)
    return None


look_up.name = "vssemu"
look_up.enabled = True
gdb.printing.register_pretty_printer(None, look_up, replace=True)
# Characters of WCHAR, wchar_t and BSTR have 16 bits; gdb shows them by itself when it knows.
gdb.execute("set target-wide-charset UTF-16")
