/*
 * Documentation comments, cleaned of their decoration.
 */
#ifndef SCHEMA_DOC_COMMENT_H
#define SCHEMA_DOC_COMMENT_H

#include "base/arena.h"

/* `comment` runs from its slash to its slash. *out is NULL when nothing is left of it. false when
 * there is no memory. */
bool doc_comment_clean(struct arena *arena, const char *comment, size_t size, const char **out);

#endif
