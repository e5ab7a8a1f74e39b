/* SPDX-License-Identifier: MIT */
/* Rows of the contract, shown: a call through the public API whose answer is compared with what the
 * documentation lists. In C and in C++.
 *
 *   SHOWS(IVssBackupComponents, SetContext, E_INVALIDARG, call(b, SetContext, 0x40));
 *   SHOWS_ROW(IVssBackupComponents, GetWriterStatus, S_OK, "no failure", failure);
 *   SHOWS_EFFECT(CVssWriter, OnThaw, true, thawed);
 *
 * Each answers what the call answered, so that a story can go on. When the whole story has passed,
 * a line for each row that was shown goes to the file that VSSEMU_CONTRACT names (ci/contract reads
 * it); what differs is told on standard error and makes the program fail. Two rows of one method
 * and code are told apart by words of the row's condition (SHOWS_ROW). What Windows does beyond its
 * pages is OFF_LIST. */
#pragma once

#include <windows.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

HRESULT contract_shows(const char *file, int line, const char *interface_name, const char *method,
                       const char *code, const char *words, HRESULT expected, HRESULT got);
bool contract_effect(const char *file, int line, const char *interface_name, const char *method,
                     const char *code, const char *words, const char *text, bool is_seen);
HRESULT contract_off_list(const char *file, int line, const char *what, HRESULT expected,
                          HRESULT got);
bool contract_expect(const char *file, int line, const char *text, bool is_true);
/* Whether an expectation has failed, for programs that show no rows. */
bool contract_has_failed(void);
/* The next row is the answer to a planned condition of the machine; counted apart. */
void contract_is_planned(void);
/* The program's exit code: 1 when an expectation failed or nothing was shown. */
int contract_result(void);

#ifdef __cplusplus
}
#endif

#define SHOWS_ROW(itf, method, code, words, expression) \
    contract_shows(__FILE__, __LINE__, #itf, #method, #code, words, code, expression)
#define SHOWS(itf, method, code, expression) \
    contract_shows(__FILE__, __LINE__, #itf, #method, #code, "", code, expression)

/* For rows that are an effect: "void", "true", a value. seen: what shows it. */
#define SHOWS_EFFECT_ROW(itf, method, code, words, seen) \
    contract_effect(__FILE__, __LINE__, #itf, #method, #code, words, #seen, seen)
#define SHOWS_EFFECT(itf, method, code, seen) \
    contract_effect(__FILE__, __LINE__, #itf, #method, #code, "", #seen, seen)

#define OFF_LIST(code, expression) \
    contract_off_list(__FILE__, __LINE__, #expression, code, expression)
/* The story around the rows. */
#define EXPECT(condition) contract_expect(__FILE__, __LINE__, #condition, condition)
#define MUST(expression)  OFF_LIST(S_OK, expression)
