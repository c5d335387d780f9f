/*
 * Asking a server's reflection service for its definition.
 */
#include "rpc/served.h"

#include <rethrift/reload.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "rpc/options.h"
#include "rpc/parent.h"
#include "rpc/reflection.h"

#define ADDRESS_SIZE 1024

struct served {
    thrift_allocator allocator;
    thrift_limits limits; /* of loading */
    thrift_schema *reflection;
    thrift_client *client;
};

/* ---- the address ---- */

static bool append(char *to, size_t *size, const char *text, size_t text_size)
{
    if (*size + text_size >= ADDRESS_SIZE) {
        return false;
    }
    memcpy(to + *size, text, text_size);
    *size += text_size;
    to[*size] = '\0';
    return true;
}

/* The same address with another service. */
static bool for_reflection(const char *address, char out[ADDRESS_SIZE])
{
    static const char own[] = "service=Reflection";
    size_t base = strcspn(address, "?"), size = 0;
    bool fits = append(out, &size, address, base) && append(out, &size, "?", 1);

    for (const char *at = address + base; *at != '\0' && fits;) {
        size_t length = strcspn(++at, "&");

        if (strncmp(at, "service=", strlen("service=")) != 0) {
            fits = append(out, &size, at, length) && append(out, &size, "&", 1);
        }
        at += length;
    }
    return fits && append(out, &size, own, sizeof own - 1);
}

struct served *served_open(const char *address, const thrift_client_options *options,
                           thrift_error *err)
{
    thrift_client_options given;
    struct served *served;
    char own[ADDRESS_SIZE];

    if (!for_reflection(address, own)) {
        (void)FAIL(err, THRIFT_E_ARGUMENT, "the address is too long");
        return NULL;
    }
    OPTIONS_COPY(&given, options);
    given.struct_size = sizeof given;
    given.connect_late = true;
    served = mem_alloc_zero(given.allocator, 1, sizeof *served);
    if (served == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    if (given.allocator != NULL) {
        served->allocator = *given.allocator;
    }
    served->limits = given.limits;
    served->reflection = reflection_schema(err);
    served->client = served->reflection != NULL
                         ? thrift_client_open(own, served->reflection, "Reflection", &given, err)
                         : NULL;
    if (served->client == NULL) {
        served_close(served);
        return NULL;
    }
    return served;
}

void served_close(struct served *served)
{
    thrift_allocator allocator;

    if (served != NULL) {
        allocator = served->allocator;
        thrift_client_free(served->client);
        thrift_schema_unref(served->reflection);
        mem_free(&allocator, served, sizeof *served);
    }
}

/* ---- asking ---- */

/* NULL: nothing came back, or a refusal, which `err` says. */
static thrift_outcome *ask(struct served *served, const char *method, thrift_error *err)
{
    thrift_outcome *out = thrift_client_call(served->client, method, THRIFT_NO_ARGS, err);

    if (out != NULL && thrift_outcome_check(out, err) != THRIFT_OK) {
        thrift_outcome_free(out);
        out = NULL;
    }
    return out;
}

thrift_status served_look(struct served *served, uint64_t *out, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_outcome *outcome = ask(served, "generation", &own);
    const thrift_record *generation = thrift_outcome_record(outcome, &own);
    const char *fingerprint = thrift_get_string(generation, "fingerprint");

    if (fingerprint != NULL) {
        *out = hash_bytes(fingerprint, strlen(fingerprint));
    } else if (own.code == THRIFT_OK) {
        (void)FAIL(&own, THRIFT_E_PROTOCOL, "the server does not say what it serves");
    }
    thrift_outcome_free(outcome);
    if (own.code != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return own.code;
}

/* ---- loading what came back ---- */

/* The files of the answer, and who wants the findings. */
struct sources {
    const thrift_list *files;
    thrift_finding_fn on_finding;
    void *data;
};

/* How many of the last bytes are the same, cut to whole names between slashes. */
static size_t common_end(const char *a, const char *b)
{
    size_t a_size = strlen(a), b_size = strlen(b), same = 0, whole = 0;

    while (same < a_size && same < b_size && a[a_size - same - 1] == b[b_size - same - 1]) {
        same++;
        if (a[a_size - same] == '/') {
            whole = same;
        }
    }
    return same == a_size || same == b_size ? same : whole;
}

/* Where the server looks for includes is not known: the path with the longest common end is it. */
static const thrift_record *find_file(const thrift_list *files, const char *path)
{
    const thrift_record *best = NULL;
    size_t best_end = 0;

    for (size_t i = 0; i < thrift_list_count(files); i++) {
        const thrift_record *file = thrift_list_record(files, i);
        const char *own = thrift_get_string(file, "path");
        size_t end = own != NULL ? common_end(own, path) : 0;

        if (end > best_end) {
            best = file;
            best_end = end;
        }
    }
    return best;
}

static thrift_status read_file(const char *path, char **out_text, size_t *out_size, void *data,
                               thrift_error *err)
{
    const struct sources *sources = data;
    thrift_bytes text = thrift_get_bytes(find_file(sources->files, path), "text");
    char *copy;

    if (text.data == NULL) {
        return FAIL(err, THRIFT_E_IO, "the server does not name a file %s", path);
    }
    copy = file_text(text.data, text.size);
    if (copy == NULL) {
        return FAIL_NOMEM(err);
    }
    *out_text = copy;
    *out_size = text.size;
    return THRIFT_OK;
}

static void pass_on(const thrift_finding *finding, void *data)
{
    const struct sources *sources = data;

    if (sources->on_finding != NULL) {
        sources->on_finding(finding, sources->data);
    }
}

thrift_schema *served_load(struct served *served, thrift_finding_fn on_finding, void *data,
                           thrift_error *err)
{
    thrift_outcome *out = ask(served, "files", err);
    struct sources sources = {thrift_as_list(thrift_outcome_result(out, NULL)), on_finding, data};
    const char *root = thrift_get_string(thrift_list_record(sources.files, 0), "path");
    thrift_schema *schema = NULL;

    if (root != NULL) {
        schema = thrift_load_with(
            root,
            THRIFT_LOAD_OPTIONS(.read = read_file, .on_finding = pass_on, .data = &sources,
                                .allocator = &served->allocator,
                                .limits = served->limits.struct_size != 0 ? &served->limits : NULL),
            err);
    } else if (out != NULL) {
        (void)FAIL(err, THRIFT_E_STATE, "the server's definition has no files");
    }
    thrift_outcome_free(out);
    return schema;
}

thrift_schema *thrift_load_served(const char *address, const thrift_client_options *options,
                                  thrift_error *err)
{
    struct served *served;
    thrift_schema *schema;

    if (address == NULL) {
        (void)parent_failed(err, "address");
        return NULL;
    }
    served = served_open(address, options, err);
    schema = served != NULL ? served_load(served, NULL, NULL, err) : NULL;
    served_close(served);
    return schema;
}
