/*
 * Laying out and printing: a second time changes nothing, and what loads means the same afterwards.
 */
#include <rethrift/compat.h>
#include <rethrift/print.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing is read from files: an include gives an empty one. */
static thrift_status read_nothing(const char *path, char **out_text, size_t *out_size, void *data,
                                  thrift_error *err)
{
    (void)path;
    (void)data;
    (void)err;
    *out_size = 0;
    *out_text = calloc(1, 1);
    return *out_text != NULL ? THRIFT_OK : THRIFT_E_NOMEM;
}

static const thrift_load_options options = {.struct_size = sizeof options, .read = read_nothing};

static char *terminated(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (text != NULL) {
        if (size > 0) {
            memcpy(text, data, size);
        }
        text[size] = '\0';
    }
    return text;
}

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Loads `text` and compares it with `schema`: nothing may have changed. */
static void check_meaning(const thrift_schema *schema, const char *text)
{
    thrift_schema *again = thrift_load_text("fuzz.thrift", text, &options, NULL);

    check(again != NULL);
    check(strcmp(thrift_schema_fingerprint(schema), thrift_schema_fingerprint(again)) == 0);
    check(thrift_schema_compare(schema, again, THRIFT_BOTH_WAYS, NULL, NULL) == 0);
    thrift_schema_unref(again);
}

static void check_print(const thrift_schema *schema)
{
    thrift_buffer printed = THRIFT_BUFFER_INIT;

    if (thrift_schema_print(schema, 0, &printed, NULL) == THRIFT_OK) {
        char *text = terminated(printed.data, printed.size);

        check_meaning(schema, text);
        free(text);
    }
    thrift_buffer_deinit(&printed);
}

static void check_format(const char *text, const thrift_schema *schema)
{
    thrift_buffer once = THRIFT_BUFFER_INIT, twice = THRIFT_BUFFER_INIT;

    if (thrift_format_text("fuzz.thrift", text, &options, &once, NULL) == THRIFT_OK) {
        char *tidy = terminated(once.data, once.size);

        check(thrift_format_text("fuzz.thrift", tidy, &options, &twice, NULL) == THRIFT_OK);
        check(once.size == twice.size &&
              (once.size == 0 || memcmp(once.data, twice.data, once.size) == 0));
        if (schema != NULL) {
            check_meaning(schema, tidy);
        }
        free(tidy);
    }
    thrift_buffer_deinit(&once);
    thrift_buffer_deinit(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = terminated(data, size);
    thrift_schema *schema;

    if (text == NULL || memchr(text, '\0', size) != NULL) {
        free(text);
        return 0;
    }
    schema = thrift_load_text("fuzz.thrift", text, &options, NULL);
    check_format(text, schema);
    if (schema != NULL) {
        check_print(schema);
    }
    thrift_schema_unref(schema);
    free(text);
    return 0;
}
