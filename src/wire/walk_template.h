/*
 * The walk of one protocol; walk.c includes this once for each, with W(name) set.
 * Needs W(next_field), W(next_size), W(pass_number), W(read_list), W(read_map), W(least), W(fixed).
 */

/* The begin of a value of walk->next_type; takes nothing when it is not wholly there. */
static enum wire_fault W(enter_value)(struct walk *walk, struct cursor *in)
{
    uint8_t type = walk->next_type;
    struct walk_level level = {0};
    struct cursor next = *in;
    size_t most = walk->limits->max_container_count;
    uint32_t size;
    enum wire_fault fault;

    if (W(fixed)[type] != 0) {
        walk->pass = W(fixed)[type];
        walk->next_type = WIRE_STOP;
        return WIRE_OK;
    }
    switch (type) {
    case WIRE_STRING:
        fault = W(next_size)(&next, &size);
        fault = fault == WIRE_OK ? enter_string(walk, size) : fault;
        break;
    case WIRE_STRUCT:
        level.is_struct = true;
        fault = push(walk, level);
        break;
    case WIRE_LIST:
    case WIRE_SET:
        fault = W(read_list)(&next, &level.types[0], &level.left);
        level.types[1] = level.types[0];
        fault = fault == WIRE_OK && level.left > most ? WIRE_SIZE_LIMIT : fault;
        fault = fault == WIRE_OK ? enter_elements(walk, &next, level, W(least), W(fixed)) : fault;
        break;
    case WIRE_MAP:
        fault = W(read_map)(&next, &level.types[0], &level.types[1], &level.left);
        fault = fault == WIRE_OK && level.left > most ? WIRE_SIZE_LIMIT : fault;
        level.left *= 2; /* at most 2^32 - 2 */
        fault = fault == WIRE_OK ? enter_elements(walk, &next, level, W(least), W(fixed)) : fault;
        break;
    default:
        fault = W(pass_number)(&next, type);
        walk->next_type = fault == WIRE_OK ? WIRE_STOP : type;
        break;
    }
    if (fault == WIRE_OK) {
        in->at = next.at;
    }
    return fault;
}

static enum wire_fault W(walk_on)(struct walk *walk, struct cursor *in)
{
    for (;;) {
        enum wire_fault fault = WIRE_OK;

        if (walk->pass > 0) {
            fault = pass_bytes(walk, in);
        } else if (walk->next_type != WIRE_STOP) {
            fault = W(enter_value)(walk, in);
        } else if (!next_element(walk)) {
            return WIRE_OK;
        } else if (walk->levels[walk->depth - 1].is_struct) {
            fault = W(next_field)(walk, &walk->levels[walk->depth - 1], in);
            if (fault == WIRE_OK && walk->next_type == WIRE_STOP) {
                pop(walk);
            }
        }
        if (fault != WIRE_OK) {
            return fault;
        }
    }
}
