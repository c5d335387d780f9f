/*
 * rethrift decode, encode, convert: bytes to JSON, JSON to bytes, bytes to other bytes. What was
 * asked for; transcode_run.c does it.
 */
#include "transcode.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_HELP                                                                               \
    "      --from PROTOCOL  what the input is: binary, compact, tjson, json\n"                     \
    "      --to PROTOCOL    what is written: the same, and simple-json\n"                          \
    "      --in FORM        of the input's bytes: raw (default), hex, base64\n"                    \
    "      --out FORM       of the output's bytes, likewise\n"                                     \
    "  -o, --output FILE    where to write; default: the standard output\n"                        \
    "  -s, --stream         value after value; JSON has one on each line\n"                        \
    "  -f, --framed         each with its size before it, in 4 bytes\n"                            \
    "  -m, --messages       messages with envelopes; frames, headers and the\n"                    \
    "                       protocol of the input are recognised\n"                                \
    "      --service NAME   whose methods the messages are of; default: any that\n"                \
    "                       has one\n"                                                             \
    "      --parquet        the input is a Parquet file: take its footer\n"                        \
    "      --defaults       write absent fields with their defaults\n"                             \
    "      --one-line       JSON without line ends inside\n"                                       \
    "      --i64-as-string  JSON: 64-bit integers in quotes\n"                                     \
    "      --enum-numbers   JSON: enums as numbers, not by their names\n"                          \
    "      --binary-as-text JSON: binary as it is, not in base64\n"                                \
    "      --lenient        accept missing fields, bytes left over, unions with no\n"              \
    "                       member or several\n"                                                   \
    "      --strict         refuse what is not as declared\n"                                      \
    "  -I, --include DIR    look for included definitions there, too; may be\n"                    \
    "                       repeated\n"                                                            \
    "  -h, --help           this text\n"                                                           \
    "\n"                                                                                           \
    "DEFINITION is a .thrift file; TYPE a struct, union or exception of it, or\n"                  \
    "\"Service.method args\" or \"Service.method result\". INPUT is a file; default,\n"            \
    "and \"-\": the standard input.\n"                                                             \
    "\n"                                                                                           \
    "exit status: 0 done, 1 a file cannot be read or written, 2 usage, 3 the\n"                    \
    "definition is not valid or the input is not what it should be.\n"

static const char decode_help[] =
    "usage: rethrift decode [options] DEFINITION TYPE [INPUT]\n"
    "       rethrift decode [options] --messages DEFINITION [INPUT]\n"
    "       rethrift decode [options] --no-definition [INPUT]\n"
    "\n"
    "Writes what encoded bytes say, as JSON; without a definition as text. The input\n"
    "is binary unless --from says otherwise; without a definition it is recognised.\n"
    "\n"
    "  -n, --no-definition  there is none\n" OPTIONS_HELP;
static const char encode_help[] =
    "usage: rethrift encode [options] DEFINITION TYPE [INPUT]\n"
    "       rethrift encode [options] --call METHOD DEFINITION [INPUT]\n"
    "\n"
    "Writes the bytes of a value given as JSON: binary unless --to says otherwise.\n"
    "\n"
    "      --call METHOD    a request of the method, whose arguments the input is:\n"
    "                       Service.method, or Service:method to multiplex\n"
    "      --reply METHOD   its answer: {\"success\": ...}, or what is thrown\n"
    "      --exception METHOD\n"
    "                       the application error {\"message\": ..., \"type\": ...}\n"
    "      --sequence-id N  of the first message (1); each later one has the next\n" OPTIONS_HELP;
static const char convert_help[] =
    "usage: rethrift convert --from P --to P [options] DEFINITION TYPE [INPUT]\n"
    "       rethrift convert --to P [options] --messages DEFINITION [INPUT]\n"
    "       rethrift convert --from P --to P [options] --no-definition [INPUT]\n"
    "\n"
    "Writes the same value in another protocol. Without a definition: between binary,\n"
    "compact and tjson, as far as their bytes tell the types.\n"
    "\n"
    "      --set PATH=VALUE change one place, as in users[2].name=Ann; null takes it\n"
    "                       out; may be repeated; --to is what --from is, then\n"
    "  -n, --no-definition  there is none\n" OPTIONS_HELP;

enum {
    OPTION_FROM = 256,
    OPTION_TO,
    OPTION_IN,
    OPTION_OUT,
    OPTION_SERVICE,
    OPTION_PARQUET,
    OPTION_DEFAULTS,
    OPTION_ONE_LINE,
    OPTION_I64,
    OPTION_ENUM_NUMBERS,
    OPTION_BINARY_AS_TEXT,
    OPTION_LENIENT,
    OPTION_STRICT,
    OPTION_CALL,
    OPTION_REPLY,
    OPTION_EXCEPTION,
    OPTION_SEQUENCE_ID,
    OPTION_SET
};

static const struct option long_options[] = {
    {"from", required_argument, NULL, OPTION_FROM},
    {"to", required_argument, NULL, OPTION_TO},
    {"in", required_argument, NULL, OPTION_IN},
    {"out", required_argument, NULL, OPTION_OUT},
    {"output", required_argument, NULL, 'o'},
    {"stream", no_argument, NULL, 's'},
    {"framed", no_argument, NULL, 'f'},
    {"messages", no_argument, NULL, 'm'},
    {"service", required_argument, NULL, OPTION_SERVICE},
    {"parquet", no_argument, NULL, OPTION_PARQUET},
    {"defaults", no_argument, NULL, OPTION_DEFAULTS},
    {"one-line", no_argument, NULL, OPTION_ONE_LINE},
    {"i64-as-string", no_argument, NULL, OPTION_I64},
    {"enum-numbers", no_argument, NULL, OPTION_ENUM_NUMBERS},
    {"binary-as-text", no_argument, NULL, OPTION_BINARY_AS_TEXT},
    {"lenient", no_argument, NULL, OPTION_LENIENT},
    {"strict", no_argument, NULL, OPTION_STRICT},
    {"call", required_argument, NULL, OPTION_CALL},
    {"reply", required_argument, NULL, OPTION_REPLY},
    {"exception", required_argument, NULL, OPTION_EXCEPTION},
    {"sequence-id", required_argument, NULL, OPTION_SEQUENCE_ID},
    {"set", required_argument, NULL, OPTION_SET},
    {"no-definition", no_argument, NULL, 'n'},
    {"include", required_argument, NULL, 'I'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0}};

static int take_protocol(const struct transcode *t, const char *name, bool writes,
                         thrift_protocol *out)
{
    static const struct {
        const char *name;
        thrift_protocol protocol;
    } known[] = {{"binary", THRIFT_BINARY},
                 {"compact", THRIFT_COMPACT},
                 {"tjson", THRIFT_TJSON},
                 {"json", THRIFT_PLAIN_JSON},
                 {"simple-json", THRIFT_SIMPLE_JSON}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, name) == 0 &&
            (writes || known[i].protocol != THRIFT_SIMPLE_JSON)) {
            *out = known[i].protocol;
            return EXIT_OK;
        }
    }
    return usage_error(t->command, "'%s' is no protocol that can be %s", name,
                       writes ? "written" : "read");
}

static int take_form(const struct transcode *t, const char *name, enum bytes_form *out)
{
    return bytes_form_named(name, out)
               ? EXIT_OK
               : usage_error(t->command, "'%s' is no form of bytes: raw, hex, base64", name);
}

static int take_method(struct transcode *t, thrift_message_kind kind, const char *name)
{
    if (strcmp(t->command, "encode") != 0) {
        return usage_error(t->command, "only encode makes messages of values");
    }
    t->method = name;
    t->envelope = kind;
    return EXIT_OK;
}

static int take_sequence_id(struct transcode *t, const char *text)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || errno != 0 || number < INT32_MIN || number > INT32_MAX) {
        return usage_error(t->command, "'%s' is no sequence id", text);
    }
    t->sequence_id = (int32_t)number;
    return EXIT_OK;
}

static int take_edit(struct transcode *t, const char *edit)
{
    if (strcmp(t->command, "convert") != 0) {
        return usage_error(t->command, "only convert sets places");
    }
    if (!transcode_is_edit(edit)) {
        return usage_error(t->command, "'%s' is no PATH=VALUE", edit);
    }
    return words_add(&t->edits, edit) ? EXIT_OK : EXIT_FAILED;
}

static int take_flag(struct transcode *t, int option)
{
    switch (option) {
    case 's':
        t->stream = true;
        break;
    case 'f':
        t->framed = true;
        break;
    case 'm':
        t->messages = true;
        break;
    case 'n':
        t->dump = true;
        break;
    case OPTION_PARQUET:
        t->parquet = true;
        break;
    case OPTION_DEFAULTS:
        t->defaults = true;
        t->options.no_defaults = false;
        break;
    case OPTION_ONE_LINE:
        t->options.pretty = false;
        break;
    case OPTION_I64:
        t->options.i64_as_string = true;
        break;
    case OPTION_ENUM_NUMBERS:
        t->options.enums_as_numbers = true;
        break;
    case OPTION_BINARY_AS_TEXT:
        t->options.binary_as_text = true;
        break;
    case OPTION_LENIENT:
        t->options.accept = ~0u;
        break;
    case OPTION_STRICT:
        t->options.refuse = ~0u;
        t->options.unknown = THRIFT_UNKNOWN_REFUSE;
        break;
    default:
        return usage_error(t->command, "that option is not known or lacks its value");
    }
    return EXIT_OK;
}

static int take_option(struct transcode *t, int option, const char *value)
{
    switch (option) {
    case OPTION_FROM:
        return take_protocol(t, value, false, &t->from);
    case OPTION_TO:
        return take_protocol(t, value, true, &t->to);
    case OPTION_IN:
        return take_form(t, value, &t->in_form);
    case OPTION_OUT:
        return take_form(t, value, &t->out_form);
    case OPTION_SERVICE:
        t->service = value;
        return EXIT_OK;
    case OPTION_CALL:
        return take_method(t, THRIFT_MESSAGE_CALL, value);
    case OPTION_REPLY:
        return take_method(t, THRIFT_MESSAGE_REPLY, value);
    case OPTION_EXCEPTION:
        return take_method(t, THRIFT_MESSAGE_EXCEPTION, value);
    case OPTION_SEQUENCE_ID:
        return take_sequence_id(t, value);
    case OPTION_SET:
        return take_edit(t, value);
    case 'o':
        t->output = value;
        return EXIT_OK;
    case 'I':
        return words_add(&t->include_dirs, value) ? EXIT_OK : EXIT_FAILED;
    default:
        return take_flag(t, option);
    }
}

static int missing(const struct transcode *t, bool type)
{
    bool encodes = strcmp(t->command, "encode") == 0;

    return usage_error(t->command, "%s is missing%s", type ? "TYPE" : "DEFINITION",
                       encodes ? (type ? "; --call, --reply and --exception need none" : "")
                       : type  ? "; messages (-m) need none, and -n needs no definition either"
                               : "; -n needs none");
}

/* DEFINITION, TYPE and INPUT, as many of them as the options leave. */
static int take_words(struct transcode *t, int count, char **words)
{
    const char **places[3];
    int most = 0, least;

    if (!t->dump) {
        places[most++] = &t->definition;
    }
    if (!t->dump && !t->messages && t->method == NULL) {
        places[most++] = &t->type;
    }
    least = most;
    places[most++] = &t->input;
    if (count > most) {
        return usage_error(t->command, "too many words: %s", words[most]);
    }
    if (count < least) {
        return missing(t, count > 0);
    }
    for (int i = 0; i < count; i++) {
        *places[i] = words[i];
    }
    return EXIT_OK;
}

/* What the sub-command means when nothing is said. */
static int fill_defaults(struct transcode *t)
{
    bool decodes = strcmp(t->command, "decode") == 0, encodes = strcmp(t->command, "encode") == 0;

    if (encodes && (t->messages || t->dump)) {
        return usage_error(t->command, "messages are made with --call, --reply or --exception");
    }
    if (t->from == 0 && t->parquet) {
        t->from = THRIFT_COMPACT;
    }
    if (t->from == 0 && !t->messages && !(decodes && t->dump)) {
        if (!decodes && !encodes) {
            return usage_error(t->command, "--from is missing");
        }
        t->from = decodes ? THRIFT_BINARY : THRIFT_PLAIN_JSON;
    }
    if (t->edits.count > 0) {
        if (t->dump || t->messages || t->stream) {
            return usage_error(t->command, "--set changes single values of a definition");
        }
        t->to = t->to == 0 ? t->from : t->to;
    }
    if (t->to == 0) {
        if (!decodes && !encodes) {
            return usage_error(t->command, "--to is missing");
        }
        t->to = decodes ? THRIFT_PLAIN_JSON : THRIFT_BINARY;
    }
    if (t->stream && t->dump && !decodes && (!t->framed || is_json(t->from))) {
        return usage_error(t->command, "a stream without frames needs a definition");
    }
    if (t->options.unknown != THRIFT_UNKNOWN_REFUSE && t->to != THRIFT_PLAIN_JSON &&
        t->to != THRIFT_SIMPLE_JSON) {
        t->options.unknown = THRIFT_UNKNOWN_KEEP;
    }
    t->options.pretty = t->options.pretty && !t->stream && !t->messages;
    return EXIT_OK;
}

static int run(const char *command, const char *help, int argc, char **argv)
{
    struct transcode t = {.command = command,
                          .sequence_id = 1,
                          .options = THRIFT_CODEC_OPTIONS_INIT,
                          .limits = THRIFT_LIMITS_INIT};
    int option, status = EXIT_OK;

    t.options.pretty = t.options.no_defaults = true;
    t.options.strings = THRIFT_DECODE_VIEWS; /* all that is done with a record is to write it */
    opterr = 0;
    optind = 1;
    while (status == EXIT_OK &&
           (option = getopt_long(argc, argv, "o:sfmnI:h", long_options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            words_free(&t.include_dirs);
            words_free(&t.edits);
            return EXIT_OK;
        }
        status = take_option(&t, option, optarg);
    }
    if (status == EXIT_OK) {
        status = take_words(&t, argc - optind, argv + optind);
    }
    if (status == EXIT_OK) {
        status = fill_defaults(&t);
    }
    if (status == EXIT_OK) {
        status = transcode_run(&t);
    }
    words_free(&t.include_dirs);
    words_free(&t.edits);
    return status;
}

static int run_decode(int argc, char **argv) { return run("decode", decode_help, argc, argv); }
static int run_encode(int argc, char **argv) { return run("encode", encode_help, argc, argv); }
static int run_convert(int argc, char **argv) { return run("convert", convert_help, argc, argv); }

const struct command decode_command = {"decode", "[options] DEFINITION TYPE [INPUT]",
                                       "show what encoded bytes say, as JSON", run_decode};
const struct command encode_command = {"encode", "[options] DEFINITION TYPE [INPUT]",
                                       "make bytes of JSON", run_encode};
const struct command convert_command = {"convert", "--from P --to P DEFINITION TYPE [INPUT]",
                                        "write bytes in another protocol", run_convert};
