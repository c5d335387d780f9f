/*
 * Presence of fields.
 */
#include "value/record.h"

void record_clear(thrift_record *record, const struct layout_field *field)
{
    const struct layout *layout = record->layout;

    if (!layout->tagged) {
        record_presence(record)[field->has / 64] &= ~(UINT64_C(1) << (field->has % 64));
    } else if (*record_tag(record) == field->has) {
        *record_tag(record) = 0;
    } else {
        return;
    }
    memcpy(record_slot(record, field), (const uint8_t *)layout->image + field->offset, field->size);
}
