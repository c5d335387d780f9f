/*
 * Lists of words.
 */
#include <stdlib.h>

#include "command.h"

bool words_add(struct words *words, const char *word)
{
    const char **items = realloc(words->items, (words->count + 2) * sizeof *items);

    if (items == NULL) {
        return false;
    }
    items[words->count++] = word;
    items[words->count] = NULL;
    words->items = items;
    return true;
}

void words_free(struct words *words)
{
    free(words->items);
    *words = (struct words){NULL, 0};
}
