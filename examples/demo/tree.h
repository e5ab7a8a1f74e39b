/* SPDX-License-Identifier: MIT */
/* A directory of the world and all below it: remembered by checksums, damaged, compared. */
#pragma once

#include <map>
#include <string>
#include <windows.h>

struct FileSum {
    unsigned long long size;
    unsigned long long sum; /* 64-bit FNV-1a over the data */
};

class Tree
{
  public:
    explicit Tree(const std::wstring &root) : root_(root) {}

    /* Reads every file; false, with a word on standard error, when one cannot be read. */
    bool Remember();
    size_t Count() const { return files_.size(); }
    unsigned long long Bytes() const;

    /* Of the remembered files every third is deleted, every third overwritten in its middle, every
     * third left alone. */
    bool Damage(size_t *deleted, size_t *overwritten) const;
    /* How many remembered files are missing or differ; names the first few on standard error. */
    size_t Compare() const;

  private:
    bool Walk(const std::wstring &directory);

    std::wstring root_;
    std::map<std::wstring, FileSum> files_;
};

/* Sums one file, wherever it lies; false when it cannot be read. */
bool SumFile(const std::wstring &path, FileSum *sum);

std::string Narrow(const std::wstring &text);
std::wstring Widen(const std::string &text);
