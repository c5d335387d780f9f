/*
 * What the codec's tests share: definitions from text, files of vectors, byte comparison.
 */
#ifndef CODEC_FIXTURE_H
#define CODEC_FIXTURE_H

#include <rethrift/codec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

/* Fails the test when the text does not load. */
static inline thrift_schema *schema_of(const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("test.thrift", text, NULL, &err);

    ck_assert_msg(schema != NULL, "%s:%u: %s", err.source, err.line, err.message);
    return schema;
}

/* The file's bytes in a block of exactly their size, so that reading too far is seen. */
static inline thrift_bytes vector_of(const char *name)
{
    char path[512];
    FILE *file;
    long size;
    uint8_t *data;

    (void)snprintf(path, sizeof path, "%s/%s", VECTORS, name);
    file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    rewind(file);
    data = malloc(size > 0 ? (size_t)size : 1);
    ck_assert_ptr_nonnull(data);
    ck_assert_uint_eq(fread(data, 1, (size_t)size, file), (size_t)size);
    ck_assert_int_eq(fclose(file), 0);
    return (thrift_bytes){data, (size_t)size};
}

static inline void vector_free(thrift_bytes vector) { free((void *)(uintptr_t)vector.data); }

static inline thrift_schema *vector_schema(void)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load(VECTORS "/vectors.thrift", &err);

    ck_assert_msg(schema != NULL, "%s:%u: %s", err.source, err.line, err.message);
    return schema;
}

/* What NAME.binary holds in another protocol, in a block of exactly its size. What Apache's
 * libraries wrote besides is read as it is: vector_of(). */
static inline thrift_bytes vector_in(const thrift_schema *schema, const char *type,
                                     const char *name, thrift_protocol protocol)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    char file[64];
    thrift_bytes binary, made;
    uint8_t *block;

    (void)snprintf(file, sizeof file, "%s.binary", name);
    binary = vector_of(file);
    ck_assert_msg(thrift_transcode(schema, type, THRIFT_BINARY, binary, protocol, NULL, &out,
                                   &err) == THRIFT_OK,
                  "%s: %s", err.source, err.message);
    block = malloc(out.size);
    ck_assert_ptr_nonnull(block);
    memcpy(block, out.data, out.size);
    made = (thrift_bytes){block, out.size};
    vector_free(binary);
    thrift_buffer_deinit(&out);
    return made;
}

#endif
