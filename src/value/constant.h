/*
 * Constants of the definition as value memory: defaults of fields, named constants. Shared by all
 * records of a schema and never written.
 */
#ifndef VALUE_CONSTANT_H
#define VALUE_CONSTANT_H

#include "value/layout.h"

/* What is still to be filled: an object that has its place but not its contents. */
struct constant_work {
    void *object;
    const thrift_type *type; /* NULL: a record */
    const struct const_value *value;
};

struct constant_map {
    thrift_map *map;
    struct constant_map *next;
};

struct constant_builder {
    struct arena *arena;
    const struct layout *layouts; /* by thrift_struct.index; sizes are known from the beginning */
    thrift_allocator allocator;
    struct constant_work *work;
    size_t count, capacity;
    struct constant_map *maps; /* all that were made; in the arena */
};

/*
 * Writes the slot. Objects that it points at get their place at once and their contents from
 * constant_finish(): so records may be written before the images that they begin with are ready.
 * false: no memory.
 */
bool constant_store(struct constant_builder *builder, const thrift_type *type,
                    const struct const_value *value, void *slot);
/* Indexes of big maps are linked to *out_indexes. false: no memory. */
bool constant_finish(struct constant_builder *builder, struct mapping_index **out_indexes);
void constant_deinit(struct constant_builder *builder);

#endif
