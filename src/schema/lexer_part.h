/*
 * What the files of the lexer share.
 */
#ifndef SCHEMA_LEXER_PART_H
#define SCHEMA_LEXER_PART_H

#include "schema/lexer.h"

#define IDENTIFIER_SIZE_MOST 4096

struct span lexer_span(const struct lexer *lexer, const char *at, size_t size);
void lexer_newline(struct lexer *lexer, const char *newline);
/* At a digit, or a sign or point before one. */
void lexer_number(struct lexer *lexer, struct token *out);

#endif
