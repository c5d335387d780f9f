/*
 * From text to the syntax tree of one file.
 */
#ifndef SCHEMA_PARSER_H
#define SCHEMA_PARSER_H

#include "schema/ast.h"
#include "schema/finding.h"

/* Levels of types in types, and of constants in constants. */
#define NESTING_MOST 64

/* Fills source->ast with everything that could be understood; what could not is among the
 * findings. false when there is no memory. `keep` is the schema's arena, `scratch` the load's. */
bool parse_source(struct source *source, struct arena *keep, struct arena *scratch,
                  struct findings *findings);

#endif
