/* SPDX-License-Identifier: MIT */
/* __uuidof of classes with __declspec(uuid("...")): before each of them the drivers declare a
 * function vssemu_uuid_of, found by the class (fakes/windows/driver/uuids.h), whose result type is
 * the identifier. Wine's __CRT_UUID_DECL specialises the same template. */
#pragma once

#ifdef __cplusplus
extern "C++" {

template <unsigned long long high, unsigned long long low> struct vssemu_guid {
    static constexpr GUID value = { static_cast<unsigned>(high >> 32),
                                    static_cast<unsigned short>(high >> 16 & 0xffff),
                                    static_cast<unsigned short>(high & 0xffff),
                                    { static_cast<unsigned char>(low >> 56 & 0xff),
                                      static_cast<unsigned char>(low >> 48 & 0xff),
                                      static_cast<unsigned char>(low >> 40 & 0xff),
                                      static_cast<unsigned char>(low >> 32 & 0xff),
                                      static_cast<unsigned char>(low >> 24 & 0xff),
                                      static_cast<unsigned char>(low >> 16 & 0xff),
                                      static_cast<unsigned char>(low >> 8 & 0xff),
                                      static_cast<unsigned char>(low & 0xff) } };
};
template <unsigned long long high, unsigned long long low>
constexpr GUID vssemu_guid<high, low>::value;

template <typename T> struct __wine_uuidof {
    static constexpr const GUID &uuid =
        decltype(vssemu_uuid_of(static_cast<vssemu_class<T> *>(nullptr)))::value;
};
template <typename T> constexpr const GUID &__wine_uuidof<T>::uuid;
}
#endif
