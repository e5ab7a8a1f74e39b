/* SPDX-License-Identifier: MIT */
/* Where a search sees the documents that a run makes. Nobody looks: one comparison. */
#pragma once

struct backup;
struct writer_session;

/* Set before the first call, or never. Called inside the service: a requester gets its document
 * from SaveAsXML; a writer has answered Identify, and session->metadata is what it said. */
extern void (*document_hook)(struct backup *backup, const char *xml);
extern void (*metadata_hook)(struct writer_session *session);
