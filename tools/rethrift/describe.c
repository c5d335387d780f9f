/*
 * rethrift describe: what a definition defines, for people, for programs, as IDL.
 */
#include "describe.h"

#include <getopt.h>
#include <rethrift/print.h>
#include <string.h>

#include "command.h"
#include "definition.h"

static const char usage[] =
    "usage: rethrift describe [OPTION...] FILE [NAME]\n"
    "\n"
    "Shows what a definition defines, with its documentation.\n"
    "\n"
    "  rethrift describe user.thrift\n"
    "  rethrift describe user.thrift UserService.getUser\n"
    "  rethrift describe --json user.thrift User\n"
    "\n"
    "FILE may be git:REV:PATH. NAME is a definition (\"User\", \"shared.User\" of an\n"
    "included file) or a method (\"UserService.getUser\").\n"
    "\n"
    "  --json             everything, included files too, for programs\n"
    "  --thrift           canonical IDL of the file, or of NAME\n"
    "  -I, --include DIR  look for included files here, too\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 done, 1 the file cannot be read or has no NAME, 2 usage,\n"
    "3 the definition is not valid.\n";

enum form { FORM_TEXT, FORM_JSON, FORM_THRIFT };

enum long_option { OPTION_JSON = 256, OPTION_THRIFT };

static const struct option long_options[] = {
    {"json", no_argument, NULL, OPTION_JSON},
    {"thrift", no_argument, NULL, OPTION_THRIFT},
    {"include", required_argument, NULL, 'I'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* ---- finding the name ---- */

/* "Id", or "shared.Id" of an included file. */
static const thrift_node *find_alias(const thrift_schema *schema, const char *name)
{
    const char *dot = strrchr(name, '.'), *root = thrift_schema_file(schema, 0, NULL);
    const char *bare = dot != NULL ? dot + 1 : name;
    char prefix[PREFIX_SIZE];

    for (size_t i = 0; i < thrift_schema_count(schema); i++) {
        const thrift_node *node = thrift_schema_node(schema, i);
        const char *file = thrift_node_place(node).source;

        if (thrift_node_alias(node) == NULL || strcmp(thrift_node_name(node), bare) != 0) {
            continue;
        }
        definition_prefix(file, prefix);
        if (dot == NULL ? strcmp(file, root) == 0
                        : strlen(prefix) == (size_t)(dot - name) &&
                              strncmp(prefix, name, strlen(prefix)) == 0) {
            return node;
        }
    }
    return NULL;
}

static const thrift_node *find_node(const thrift_schema *schema, const char *name)
{
    const thrift_struct *record = thrift_schema_struct(schema, name);
    const thrift_enum *symbols = thrift_schema_enum(schema, name);
    const thrift_service *service = thrift_schema_service(schema, name);
    const thrift_constant *constant = thrift_schema_constant(schema, name);

    if (record != NULL) {
        return thrift_node_of(record);
    }
    if (symbols != NULL) {
        return thrift_node_of(symbols);
    }
    if (service != NULL) {
        return thrift_node_of(service);
    }
    if (constant != NULL) {
        return thrift_node_of(constant);
    }
    return find_alias(schema, name);
}

/* ---- forms ---- */

static int print_thrift(const thrift_schema *schema, const thrift_node *node)
{
    thrift_buffer text = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status = node != NULL ? thrift_node_print(node, &text, &err)
                                        : thrift_schema_print(schema, 0, &text, &err);

    if (status == THRIFT_OK) {
        fwrite(text.data, 1, text.size, stdout);
    }
    thrift_error_print(&err, stderr);
    thrift_buffer_deinit(&text);
    return status == THRIFT_OK ? EXIT_OK : EXIT_FAILED;
}

static int print_node(const thrift_schema *schema, const thrift_node *node, enum form form)
{
    struct json_out out = {.file = stdout};

    if (form == FORM_THRIFT) {
        return print_thrift(schema, node);
    }
    if (form == FORM_TEXT) {
        describe_text_node(stdout, node);
        return EXIT_OK;
    }
    describe_json_node(&out, schema, node);
    putchar('\n');
    return EXIT_OK;
}

static int print_method(const thrift_schema *schema, const thrift_method *method, enum form form)
{
    struct json_out out = {.file = stdout};

    if (form == FORM_THRIFT) {
        return print_thrift(schema, thrift_node_of(thrift_method_service(method)));
    }
    if (form == FORM_TEXT) {
        describe_text_method(stdout, method);
        return EXIT_OK;
    }
    describe_json_method(&out, schema, method);
    putchar('\n');
    return EXIT_OK;
}

static int print_schema(const thrift_schema *schema, enum form form)
{
    struct json_out out = {.file = stdout};

    if (form == FORM_THRIFT) {
        return print_thrift(schema, NULL);
    }
    if (form == FORM_TEXT) {
        describe_text_schema(stdout, schema);
        return EXIT_OK;
    }
    describe_json_schema(&out, schema);
    putchar('\n');
    return EXIT_OK;
}

static int print_named(const thrift_schema *schema, const char *path, const char *name,
                       enum form form)
{
    const thrift_node *node = find_node(schema, name);
    const thrift_method *method = thrift_schema_method(schema, name);

    if (node != NULL) {
        return print_node(schema, node, form);
    }
    if (method != NULL) {
        return print_method(schema, method, form);
    }
    fprintf(stderr, "rethrift describe: '%s' defines no '%s'; it defines:", path, name);
    for (size_t i = 0; i < thrift_schema_count(schema) && i < 20; i++) {
        fprintf(stderr, "%s %s", i > 0 ? "," : "", thrift_node_name(thrift_schema_node(schema, i)));
    }
    fputs(thrift_schema_count(schema) > 20 ? ", …\n" : "\n", stderr);
    return EXIT_FAILED;
}

/* ---- the command ---- */

static int run(const struct words *dirs, char **arguments, int count, enum form form)
{
    int status = EXIT_OK;
    thrift_schema *schema;

    if (count < 1 || count > 2) {
        return usage_error("describe", "one definition is needed");
    }
    schema = definition_load(arguments[0], dirs, false, &status);
    if (schema != NULL) {
        status = count == 2 ? print_named(schema, arguments[0], arguments[1], form)
                            : print_schema(schema, form);
    }
    thrift_schema_unref(schema);
    return status;
}

static int run_describe(int argc, char **argv)
{
    struct words dirs = {NULL, 0};
    enum form form = FORM_TEXT;
    int option, status = -1;

    opterr = 0;
    while (status < 0 && (option = getopt_long(argc, argv, "I:h", long_options, NULL)) != -1) {
        switch (option) {
        case OPTION_JSON:
            form = FORM_JSON;
            break;
        case OPTION_THRIFT:
            form = FORM_THRIFT;
            break;
        case 'I':
            status = words_add(&dirs, optarg) ? -1 : EXIT_FAILED;
            break;
        case 'h':
            fputs(usage, stdout);
            status = EXIT_OK;
            break;
        default:
            status = usage_error("describe", "that option is not known or lacks its value");
            break;
        }
    }
    if (status < 0) {
        status = run(&dirs, argv + optind, argc - optind, form);
    }
    words_free(&dirs);
    return status;
}

const struct command describe_command = {"describe", "[options] FILE [NAME]",
                                         "show what a definition defines", run_describe};
