/*
 * rethrift check: what is wrong with definitions.
 */
#include <getopt.h>
#include <string.h>

#include "command.h"
#include "limit_option.h"

struct check {
    struct words include_dirs;
    thrift_load_options options;
    thrift_limits limits;
    bool json;
    size_t errors, warnings;
};

static const char help[] =
    "usage: rethrift check [-I DIR]... [--strict] [--format text|json] FILE...\n"
    "\n"
    "Reads definitions with all that they include and says everything that is wrong.\n"
    "\n"
    "  -I, --include DIR   look for included files there, too; may be repeated\n"
    "      --strict        warnings are errors\n"
    "      --format FORM   text (to stderr, the default) or json (to stdout)\n"
    "      --root DIR      read no file outside of this directory\n"
    "      --ids RULE      zero and negative field ids: apache (numbered anew, the\n"
    "                      default) or keep\n" LIMIT_OPTION_HELP "  -h, --help          this text\n"
    "\n"
    "exit status: 0 no error (warnings do not count), 1 a file that is named cannot\n"
    "be read, 2 usage, 3 at least one error\n";

static const char *severity_name(thrift_severity severity)
{
    switch (severity) {
    case THRIFT_FINDING_NOTE:
        return "note";
    case THRIFT_FINDING_WARNING:
        return "warning";
    case THRIFT_FINDING_BREAKING:
        return "breaking";
    case THRIFT_FINDING_ERROR:
    default:
        return "error";
    }
}

static void write_place(const char *name, thrift_place place)
{
    printf("\"%s\": {\"file\": ", name);
    json_write_string(stdout, place.source);
    printf(", \"line\": %u, \"column\": %u", (unsigned)place.line, (unsigned)place.column);
}

static void write_member(const char *name, const char *text)
{
    printf(", \"%s\": ", name);
    json_write_string(stdout, text);
}

static void write_json(const thrift_finding *finding, bool first)
{
    printf("%s\n    {", first ? "" : ",");
    printf("\"severity\": \"%s\"", severity_name(finding->severity));
    write_member("rule", finding->rule);
    write_member("message", finding->message);
    write_member("element", finding->element);
    write_member("hint", finding->hint);
    printf(", ");
    write_place("at", finding->at);
    printf(", \"size\": %u}", (unsigned)finding->size);
    if (finding->before.source != NULL) {
        printf(", ");
        write_place("before", finding->before);
        write_member("note", finding->note);
        printf("}");
    }
    printf("}");
}

static void on_finding(const thrift_finding *finding, void *data)
{
    struct check *check = data;

    if (check->json) {
        write_json(finding, check->errors + check->warnings == 0);
    } else {
        thrift_finding_print(finding, stderr);
    }
    if (finding->severity == THRIFT_FINDING_ERROR) {
        check->errors++;
    } else {
        check->warnings++;
    }
}

/* Whether the load failed for another reason than what the definitions say. */
static bool is_outside(const thrift_error *err)
{
    return err->code != THRIFT_E_SYNTAX && err->code != THRIFT_E_SEMANTIC && err->line == 0;
}

static int check_file(struct check *check, const char *path)
{
    thrift_error err = THRIFT_ERROR_INIT;
    size_t before = check->errors;
    thrift_schema *schema = thrift_load_with(path, &check->options, &err);

    if (schema != NULL) {
        thrift_schema_unref(schema);
        return EXIT_OK;
    }
    if (check->errors == before) {
        thrift_error_print(&err, stderr);
    }
    return is_outside(&err) && check->errors == before ? EXIT_FAILED : EXIT_FINDINGS;
}

enum { OPTION_STRICT = 256, OPTION_FORMAT, OPTION_ROOT, OPTION_IDS, OPTION_LIMIT };

static const struct option long_options[] = {{"include", required_argument, NULL, 'I'},
                                             {"strict", no_argument, NULL, OPTION_STRICT},
                                             {"format", required_argument, NULL, OPTION_FORMAT},
                                             {"root", required_argument, NULL, OPTION_ROOT},
                                             {"ids", required_argument, NULL, OPTION_IDS},
                                             {"limit", required_argument, NULL, OPTION_LIMIT},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* One of two words; false when it is neither. */
static bool choose(const char *word, const char *no, const char *yes, bool *out)
{
    *out = strcmp(word, yes) == 0;
    return *out || strcmp(word, no) == 0;
}

/* One option; EXIT_OK, or what the program ends with. */
static int take_option(struct check *check, int option, const char *value)
{
    bool keep;

    switch (option) {
    case 'I':
        return words_add(&check->include_dirs, value) ? EXIT_OK : EXIT_FAILED;
    case OPTION_STRICT:
        check->options.strict = true;
        return EXIT_OK;
    case OPTION_FORMAT:
        if (choose(value, "text", "json", &check->json)) {
            return EXIT_OK;
        }
        return usage_error("check", "there is no format '%s'", value);
    case OPTION_ROOT:
        check->options.root = value;
        return EXIT_OK;
    case OPTION_IDS:
        if (!choose(value, "apache", "keep", &keep)) {
            return usage_error("check", "there is no rule '%s' for ids", value);
        }
        check->options.ids = keep ? THRIFT_IDS_KEEP : THRIFT_IDS_APACHE;
        return EXIT_OK;
    case OPTION_LIMIT:
        if (limit_option(&check->limits, value)) {
            return EXIT_OK;
        }
        return usage_error("check", "'%s' sets no limit", value);
    default:
        return usage_error("check", "that option is not known or lacks its value");
    }
}

static int check_files(struct check *check, int count, char **paths)
{
    int status = EXIT_OK;

    check->options.include_dirs = check->include_dirs.items;
    check->options.limits = &check->limits;
    check->options.on_finding = on_finding;
    check->options.data = check;
    if (check->json) {
        printf("{\"findings\": [");
    }
    for (int i = 0; i < count; i++) {
        int one = check_file(check, paths[i]);

        if (one == EXIT_FAILED || status == EXIT_OK) {
            status = one;
        }
    }
    if (check->json) {
        printf("%s], \"errors\": %zu, \"warnings\": %zu}\n",
               check->errors + check->warnings > 0 ? "\n" : "", check->errors, check->warnings);
    } else if (check->errors + check->warnings > 0) {
        fprintf(stderr, "%zu error%s, %zu warning%s\n", check->errors,
                check->errors == 1 ? "" : "s", check->warnings, check->warnings == 1 ? "" : "s");
    }
    return status;
}

static int run(int argc, char **argv)
{
    struct check check = {.options = THRIFT_LOAD_OPTIONS_INIT, .limits = THRIFT_LIMITS_INIT};
    int option, status = EXIT_OK;

    opterr = 0;
    optind = 1;
    while (status == EXIT_OK &&
           (option = getopt_long(argc, argv, "I:h", long_options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            words_free(&check.include_dirs);
            return EXIT_OK;
        }
        status = take_option(&check, option, optarg);
    }
    if (status == EXIT_OK && optind == argc) {
        status = usage_error("check", "no file is named");
    }
    if (status == EXIT_OK) {
        status = check_files(&check, argc - optind, argv + optind);
    }
    words_free(&check.include_dirs);
    return status;
}

const struct command check_command = {"check", "[options] FILE...",
                                      "say everything that is wrong with definitions", run};
