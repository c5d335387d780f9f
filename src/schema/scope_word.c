/*
 * Words of other languages for types: what was meant by them.
 */
#include <strings.h>

#include "schema/scope.h"

static const struct {
    const char *words, *hint;
} others[] = {
    {"int integer int32 int32_t uint uint32 uint32_t u32 unsigned signed number", "use i32"},
    {"long longlong int64 int64_t uint64 uint64_t u64 bigint size_t", "use i64"},
    {"short smallint int16 int16_t uint16 uint16_t u16", "use i16"},
    {"int8 int8_t uint8 uint8_t u8 tinyint octet sbyte", "use i8"},
    {"boolean", "use bool"},
    {"str text varchar char wstring", "use string"},
    {"float32 float64 real numeric decimal", "use double; for exact amounts an integer"},
    {"bytes blob buffer bytearray", "use binary"},
    {"date time datetime timestamp", "there is no such type; use i64, or string"},
    {"guid", "use uuid"},
    {"array vector arraylist sequence repeated tuple", "write list<TYPE>"},
    {"dict dictionary hash hashmap object unordered_map", "write map<KEY, VALUE>"},
    {"hashset unordered_set frozenset", "write set<TYPE>"},
    {"any json variant", "there is no such type; use a union"},
    {"list", "write list<TYPE>"},
    {"set", "write set<TYPE>"},
    {"map", "write map<KEY, VALUE>"},
};

const char *scope_foreign_type(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        for (const char *word = others[i].words; *word != '\0';) {
            size_t word_size = strcspn(word, " ");

            if (word_size == size && strncasecmp(word, name, size) == 0) {
                return others[i].hint;
            }
            word += word_size + (word[word_size] == ' ');
        }
    }
    return NULL;
}
