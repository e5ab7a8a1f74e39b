/* SPDX-License-Identifier: MIT */
/* Objects among the arguments of printf. Microsoft's compiler copies an object's bytes, and
 * CString, CComBSTR and the smart pointers are one pointer, so sources hand them to %s; gcc would
 * pass the object's address. Here an argument that is such an object counts as the pointer it
 * holds: in CString::Format, and in the printf family through overloads that exist for such calls
 * alone. */
#pragma once

#ifdef __cplusplus

#include <type_traits>

/* Whether an argument is an object of one pointer. */
template <class T> struct vssemu_is_pointer_object_ {
    static constexpr bool value = std::is_class<T>::value && sizeof(T) == sizeof(void *) &&
                                  !std::is_trivially_copyable<T>::value;
};

template <class T>
inline std::enable_if_t<!vssemu_is_pointer_object_<T>::value, const T &>
vssemu_printf_argument_(const T &value)
{
    return value;
}
template <class T>
inline std::enable_if_t<vssemu_is_pointer_object_<T>::value, const void *>
vssemu_printf_argument_(const T &value)
{
    const void *pointer;
    memcpy(&pointer, reinterpret_cast<const char *>(&reinterpret_cast<const char &>(value)),
           sizeof(pointer));
    return pointer;
}
/* Arrays stay what they are. */
template <class T, size_t n> inline const T *vssemu_printf_argument_(const T (&value)[n])
{
    return value;
}

template <class... T>
using vssemu_with_objects_ =
    std::enable_if_t<(false || ... || vssemu_is_pointer_object_<std::decay_t<T>>::value), int>;

#define VSSEMU_PRINTF_(name, parameters, arguments)                         \
    template <class... T> inline vssemu_with_objects_<T...> name parameters \
    {                                                                       \
        return static_cast<int>(::name arguments);                          \
    }
#define VSSEMU_ARGUMENTS_ vssemu_printf_argument_(values)...
VSSEMU_PRINTF_(wprintf, (const wchar_t *format, const T &...values), (format, VSSEMU_ARGUMENTS_))
VSSEMU_PRINTF_(printf, (const char *format, const T &...values), (format, VSSEMU_ARGUMENTS_))
VSSEMU_PRINTF_(fwprintf, (FILE * file, const wchar_t *format, const T &...values),
               (file, format, VSSEMU_ARGUMENTS_))
VSSEMU_PRINTF_(fprintf, (FILE * file, const char *format, const T &...values),
               (file, format, VSSEMU_ARGUMENTS_))
VSSEMU_PRINTF_(swprintf_s, (wchar_t * to, size_t size, const wchar_t *format, const T &...values),
               (to, size, format, VSSEMU_ARGUMENTS_))
VSSEMU_PRINTF_(sprintf_s, (char *to, size_t size, const char *format, const T &...values),
               (to, size, format, VSSEMU_ARGUMENTS_))
VSSEMU_PRINTF_(_snwprintf, (wchar_t * to, size_t size, const wchar_t *format, const T &...values),
               (to, size, format, VSSEMU_ARGUMENTS_))
VSSEMU_PRINTF_(sprintf, (char *to, const char *format, const T &...values),
               (to, format, VSSEMU_ARGUMENTS_))
#undef VSSEMU_PRINTF_
#undef VSSEMU_ARGUMENTS_

#endif
