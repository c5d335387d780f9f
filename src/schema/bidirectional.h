/*
 * Characters that turn the direction of writing: they make text look like what it is not.
 */
#ifndef SCHEMA_BIDIRECTIONAL_H
#define SCHEMA_BIDIRECTIONAL_H

#include "schema/finding.h"

/* Warns of each of them, at most once a line. */
void check_bidirectional(const struct source *source, struct findings *findings);

#endif
