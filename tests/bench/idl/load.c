/*
 * Definition text in memory to a schema ("load"), and to a schema whose first record can be
 * encoded, with layouts and plans made ("ready").
 *
 *   load FILE…      payload names are the files' names
 */
#include "timing.h"
#include <rethrift/codec.h>
#include <rethrift/schema.h>

struct work {
    const char *name, *text;
    thrift_buffer out;
};

static void fail(const thrift_error *err)
{
    thrift_error_print(err, stderr);
    exit(1);
}

static void load(void *context)
{
    struct work *work = context;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(work->name, work->text, NULL, &err);

    if (schema == NULL) {
        fail(&err);
    }
    thrift_schema_unref(schema);
}

/* "Failure" is in every generated file and has no required field. */
static void ready(void *context)
{
    struct work *work = context;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(work->name, work->text, NULL, &err);
    thrift_record *record = thrift_record_new(schema, "Failure", &err);

    work->out.size = 0;
    if (thrift_encode(record, THRIFT_BINARY, NULL, &work->out, &err) != THRIFT_OK) {
        fail(&err);
    }
    thrift_record_free(record);
    thrift_schema_unref(schema);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        size_t size;
        struct work work = {argv[i], bench_read(argv[i], &size), THRIFT_BUFFER_INIT};
        const char *name = slash != NULL ? slash + 1 : argv[i];

        bench_run("rethrift", name, "load", size, load, &work);
        bench_run("rethrift", name, "ready", size, ready, &work);
        thrift_buffer_deinit(&work.out);
    }
    return 0;
}
