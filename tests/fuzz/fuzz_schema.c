/*
 * Any text as a definition: it loads or it fails with an error, and its findings can be printed.
 */
#include <rethrift/schema.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static thrift_status no_file(const char *path, char **out_text, size_t *out_size, void *data,
                             thrift_error *err)
{
    (void)path, (void)out_text, (void)out_size, (void)data, (void)err;
    return THRIFT_E_IO;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    thrift_error err = THRIFT_ERROR_INIT;
    char *text = malloc(size + 1);
    FILE *nowhere = fopen("/dev/null", "w");

    if (text != NULL && nowhere != NULL) {
        if (size > 0) {
            memcpy(text, data, size);
        }
        text[size] = '\0';
        thrift_schema *schema = thrift_load_text(
            "input.thrift", text,
            THRIFT_LOAD_OPTIONS(.read = no_file, .on_finding = thrift_finding_print,
                                .data = nowhere),
            &err);

        if ((schema == NULL) != (err.code != THRIFT_OK)) {
            abort();
        }
        thrift_schema_unref(schema);
    }
    if (nowhere != NULL) {
        (void)fclose(nowhere);
    }
    free(text);
    return 0;
}
