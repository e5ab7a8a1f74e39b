/* SPDX-License-Identifier: MIT */
/* The one search of things that stand in ascending order: snapshots, records, births, versions. */
#pragma once

#include <stddef.h>

/* The first of n things that is `least` or more; n: none is. key: what the i-th is, an expression
 * of i, which gets its name here. */
#define FIRST_FROM(n, least, i, key)              \
    ({                                            \
        size_t low_ = 0, high_ = (n);             \
        while (low_ < high_) {                    \
            size_t i = low_ + (high_ - low_) / 2; \
            if ((key) < (least))                  \
                low_ = i + 1;                     \
            else                                  \
                high_ = i;                        \
        }                                         \
        low_;                                     \
    })
