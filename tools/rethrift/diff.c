/*
 * rethrift diff: what a change of a definition does to peers that have the other one.
 */
#include <getopt.h>
#include <rethrift/compat.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "definition.h"
#include "diff_report.h"

static const char usage[] =
    "usage: rethrift diff [OPTION...] OLD NEW\n"
    "\n"
    "Compares two versions of a definition and names every change that breaks\n"
    "programs with the other version. OLD and NEW are files, or git:REV:PATH.\n"
    "\n"
    "  rethrift diff git:HEAD:idl/user.thrift idl/user.thrift\n"
    "  rethrift diff --allow field-removed:User.fax old.thrift new.thrift\n"
    "\n"
    "  --allow RULE[:ELEMENT]  report such changes, but let them pass; an\n"
    "                          element covers all below it; may be repeated\n"
    "  --breaking WHAT,...     what counts: wire (default), json, source, all\n"
    "  --direction WHICH       both (default), backward: new readers of old\n"
    "                          data, forward: old readers of new data\n"
    "  --format text|json      how findings are written\n"
    "  -I, --include DIR       look for included files here, too\n"
    "  -q, --quiet             breaking changes only\n"
    "  -v, --verbose           safe changes, too\n"
    "  --rules                 list the rules and what each breaks\n"
    "  -h, --help              this text\n"
    "\n"
    "Exit status: 0 nothing breaks, 3 something does (or a definition is not\n"
    "valid), 1 a file cannot be read, 2 usage.\n";

enum long_option {
    OPTION_ALLOW = 256,
    OPTION_BREAKING,
    OPTION_DIRECTION,
    OPTION_FORMAT,
    OPTION_RULES
};

static const struct option long_options[] = {
    {"allow", required_argument, NULL, OPTION_ALLOW},
    {"breaking", required_argument, NULL, OPTION_BREAKING},
    {"direction", required_argument, NULL, OPTION_DIRECTION},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"include", required_argument, NULL, 'I'},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"rules", no_argument, NULL, OPTION_RULES},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct diff {
    thrift_compare_options compare;
    struct words allow;
    struct words dirs;
    struct diff_report report;
};

/* ---- options ---- */

static bool parse_allowance(struct diff *diff, const char *text)
{
    char rule[64];
    const char *colon = strchr(text, ':');
    size_t size = colon != NULL ? (size_t)(colon - text) : strlen(text);

    snprintf(rule, sizeof rule, "%.*s", (int)(size < sizeof rule ? size : 0), text);
    if (thrift_rule_find(rule) == NULL && (colon == NULL || thrift_rule_find(colon + 1) == NULL)) {
        usage_error("diff", "'%s' names no rule; see rethrift diff --rules", text);
        return false;
    }
    return words_add(&diff->allow, text);
}

static bool parse_breaking(struct diff *diff, const char *text)
{
    static const struct {
        const char *name;
        uint32_t bits;
    } names[] = {
        {"wire", THRIFT_BREAKS_WIRE},
        {"json", THRIFT_BREAKS_JSON},
        {"source", THRIFT_BREAKS_SOURCE},
        {"all", THRIFT_BREAKS_WIRE | THRIFT_BREAKS_JSON | THRIFT_BREAKS_SOURCE},
    };

    while (true) {
        size_t size = strcspn(text, ","), i = 0;

        while (i < 4 &&
               (strlen(names[i].name) != size || strncmp(names[i].name, text, size) != 0)) {
            i++;
        }
        if (i == 4) {
            usage_error("diff", "--breaking takes wire, json, source, all");
            return false;
        }
        diff->compare.breaking |= names[i].bits;
        if (text[size] == '\0') {
            return true;
        }
        text += size + 1;
    }
}

static bool parse_direction(struct diff *diff, const char *text)
{
    if (strcmp(text, "both") == 0) {
        diff->compare.direction = THRIFT_BOTH_WAYS;
    } else if (strcmp(text, "backward") == 0) {
        diff->compare.direction = THRIFT_BACKWARD;
    } else if (strcmp(text, "forward") == 0) {
        diff->compare.direction = THRIFT_FORWARD;
    } else {
        usage_error("diff", "--direction takes both, backward, forward");
        return false;
    }
    return true;
}

static bool parse_format(struct diff *diff, const char *text)
{
    diff->report.json = strcmp(text, "json") == 0;
    if (!diff->report.json && strcmp(text, "text") != 0) {
        usage_error("diff", "--format takes text, json");
        return false;
    }
    return true;
}

/* -1: go on; else the status to exit with. */
static int take_option(struct diff *diff, int option)
{
    bool ok = true;

    switch (option) {
    case OPTION_ALLOW:
        ok = parse_allowance(diff, optarg);
        break;
    case OPTION_BREAKING:
        ok = parse_breaking(diff, optarg);
        break;
    case OPTION_DIRECTION:
        ok = parse_direction(diff, optarg);
        break;
    case OPTION_FORMAT:
        ok = parse_format(diff, optarg);
        break;
    case OPTION_RULES:
        diff_report_rules(stdout);
        return EXIT_OK;
    case 'I':
        ok = words_add(&diff->dirs, optarg);
        break;
    case 'q':
        diff->report.least = THRIFT_FINDING_BREAKING;
        break;
    case 'v':
        diff->report.least = THRIFT_FINDING_NOTE;
        break;
    case 'h':
        fputs(usage, stdout);
        return EXIT_OK;
    default:
        return usage_error("diff", "that option is not known or lacks its value");
    }
    return ok ? -1 : EXIT_USAGE;
}

/* ---- the command ---- */

static int compare(struct diff *diff, const thrift_schema *before, const thrift_schema *after)
{
    thrift_error err = THRIFT_ERROR_INIT;
    size_t breaking = 0;
    thrift_status status;

    diff->compare.allow = diff->allow.items;
    diff->compare.on_finding = diff_report_add;
    diff->compare.data = &diff->report;
    diff_report_begin(&diff->report);
    status = thrift_schema_compare_with(before, after, &diff->compare, &breaking, &err);
    if (status != THRIFT_OK && status != THRIFT_E_INCOMPATIBLE) {
        thrift_error_print(&err, stderr);
        return EXIT_FAILED;
    }
    diff_report_end(&diff->report, breaking);
    return breaking > 0 ? EXIT_FINDINGS : EXIT_OK;
}

static int run(struct diff *diff, const char *old_path, const char *new_path)
{
    int status = EXIT_OK;
    thrift_schema *before = definition_load(old_path, &diff->dirs, false, &status);
    thrift_schema *after =
        before != NULL ? definition_load(new_path, &diff->dirs, false, &status) : NULL;

    if (before != NULL && after != NULL) {
        status = compare(diff, before, after);
    }
    thrift_schema_unref(before);
    thrift_schema_unref(after);
    return status;
}

static int run_diff(int argc, char **argv)
{
    struct diff diff = {.compare = THRIFT_COMPARE_OPTIONS_INIT,
                        .report = {.file = stdout, .least = THRIFT_FINDING_WARNING}};
    int option, status = -1;

    opterr = 0;
    while (status < 0 && (option = getopt_long(argc, argv, "I:qvh", long_options, NULL)) != -1) {
        status = take_option(&diff, option);
    }
    if (status < 0 && argc - optind != 2) {
        status = usage_error("diff", "two definitions are needed");
    }
    if (status < 0) {
        status = run(&diff, argv[optind], argv[optind + 1]);
    }
    words_free(&diff.allow);
    words_free(&diff.dirs);
    return status;
}

const struct command diff_command = {"diff", "[options] OLD NEW",
                                     "name the changes that break programs with the other version",
                                     run_diff};
