/* SPDX-License-Identifier: MIT */
/* What a copy of the bank's database is worth, by the way it was made: each is opened as after a
 * disaster. Counted side by side: those whose integrity SQLite finds, those that keep the bank's
 * invariant, and those that do both and have what was there when the backup began. */
#pragma once

#include "scene.h"

class Worth
{
  public:
    /* database: its Windows path, of a bank at work. Copies are made in C:\copies. */
    Worth(const Scene &scene, const Bank &bank, const std::string &database);

    /* Copies in each way from a snapshot's device and from the volume itself, and looks. */
    void Look(const std::string &device, long transfers_before);
    /* One line for each way. */
    void Print(const char *title) const;
    /* Whether every copy of a snapshot's database and log is complete; of the database alone, too,
     * when its writer took part. */
    bool IsAsPromised(bool has_writer) const;

    static const unsigned n_ways = 3;

  private:
    bool Copy(const std::string &from, bool with_log, bool is_at_work) const;

    const Scene &scene_;
    const Bank &bank_;
    std::string database_, copy_;
    unsigned n_looks_ = 0;
    unsigned n_whole_[n_ways] = {}, n_balanced_[n_ways] = {}, n_complete_[n_ways] = {};
};
