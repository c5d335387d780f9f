/*
 * Patching JSON: each operation in both dialects, byte for byte; then generated values, where every
 * place is patched in every protocol, and all of them mean the same afterwards.
 *
 * Covers also: patch_value.c, walk_json.c, json_value.c.
 */
#include "allocator.h"
#include "made.h"

#define NAMED THRIFT_PLAIN_JSON
#define TAGGED THRIFT_TJSON

static const char definition[] =
    "enum Color { RED = 1, GREEN = 2 }\n"
    "struct In { 1: required i32 a, 2: optional string b }\n"
    "union Choice { 1: i32 n, 2: string s, 3: In in }\n"
    "struct Out {\n"
    "  1: i32 a, 2: string b, 3: bool c, 4: list<i32> list, 5: map<string, i32> counts,\n"
    "  6: map<bool, string> answers, 7: In in, 8: Choice choice, 9: Color color,\n"
    "  10: set<string> words, 11: list<In> ins, 12: map<i32, list<i32>> lists, 13: double real,\n"
    "  14: binary raw, 15: map<Color, i32> colors, 16: map<double, bool> reals,\n"
    "  17: map<In, i32> by_in, 18: uuid id, 19: map<uuid, i32> ids, 20: list<list<i32>> table }\n";

/* "#7" is a number, "?t" and "?f" a bool, NULL removes, anything else is a string. */
static thrift_value value_of(const char *text)
{
    if (text == NULL) {
        return thrift_value_none(NULL);
    }
    if (text[0] == '#') {
        return thrift_value_integer(strtoll(text + 1, NULL, 10));
    }
    return text[0] == '?' ? thrift_value_bool(text[1] == 't') : thrift_value_string(text);
}

static const struct {
    thrift_protocol protocol;
    const char *before, *path, *value, *after;
} edits[] = {
    /* replaced: nothing else changes, whatever it looks like */
    {NAMED, "{\"a\":1,\"b\":\"x\"}", "a", "#22", "{\"a\":22,\"b\":\"x\"}"},
    {NAMED, " { \"a\" : 1.0e0 , \"b\" :\t\"x\" }\n", "b", "y\"\n",
     " { \"a\" : 1.0e0 , \"b\" :\t\"y\\\"\\n\" }\n"},
    {NAMED, "{\"\\u0061\":1}", "a", "#2", "{\"\\u0061\":2}"},
    {NAMED, "{\"a\":1,\"z\":[1,{\"a\":null}],\"c\":false,\"\\ud800\":0}", "c", "?t",
     "{\"a\":1,\"z\":[1,{\"a\":null}],\"c\":true,\"\\ud800\":0}"},
    {NAMED, "{\"color\":1}", "color", "GREEN", "{\"color\":\"GREEN\"}"},
    {NAMED, "{\"color\":1}", "color", "#9", "{\"color\":9}"},
    {NAMED, "{\"raw\":\"\"}", "raw", "abcd", "{\"raw\":\"YWJjZA==\"}"},
    {NAMED, "{\"in\":{\"b\":\"x\",\"a\" : 1}, \"a\":1}", "in.a", "#2",
     "{\"in\":{\"b\":\"x\",\"a\" : 2}, \"a\":1}"},
    {NAMED, "{\"a\":\"of another type\"}", "a", "#1", "{\"a\":1}"},
    {NAMED, "{\"a\":1} {\"a\":2}", "a", "#3", "{\"a\":3} {\"a\":2}"},
    {TAGGED, "{\"1\":{\"i32\":1},\"2\":{\"str\":\"x\"}}", "a", "#22",
     "{\"1\":{\"i32\":22},\"2\":{\"str\":\"x\"}}"},
    {TAGGED, " { \"99\" :{\"lst\":[\"i8\", 1 , 1]} , \"1\" : { \"i32\" : 1 } }\n", "a", "#2",
     " { \"99\" :{\"lst\":[\"i8\", 1 , 1]} , \"1\" : { \"i32\" : 2 } }\n"},
    {TAGGED, "{\"3\":{\"tf\":0}}", "c", "?t", "{\"3\":{\"tf\":1}}"},
    {TAGGED, "{\"9\":{\"i32\":1}}", "color", "GREEN", "{\"9\":{\"i32\":2}}"},
    {TAGGED, "{\"14\":{\"str\":\"\"}}", "raw", "abcd", "{\"14\":{\"str\":\"YWJjZA\"}}"},
    {TAGGED, "{\"1\":{\"str\":\"x\"},\"2\":{\"str\":\"x\"}}", "a", "#1",
     "{\"1\":{\"i32\":1},\"2\":{\"str\":\"x\"}}"},
    /* what is there twice, or null */
    {NAMED, "{\"a\":1,\"b\":\"x\",\"a\":2,\"c\":true,\"a\":3}", "a", "#4",
     "{\"a\":4,\"b\":\"x\",\"c\":true}"},
    {NAMED, "{\"a\":1, \"b\":\"x\", \"a\":2}", "a", NULL, "{\"b\":\"x\"}"},
    {NAMED, "{\"a\":null,\"a\":2}", "a", "#4", "{\"a\":4}"},
    {NAMED, "{\"a\":1,\"b\":null}", "b", NULL, "{\"a\":1}"},
    {TAGGED, "{\"1\":{\"i32\":1},\"1\":{\"str\":\"\"},\"2\":{\"str\":\"x\"},\"1\":{\"i32\":3}}",
     "a", "#4", "{\"1\":{\"i32\":4},\"2\":{\"str\":\"x\"}}"},
    {TAGGED, "{\"1\":{\"i32\":1},\"2\":{\"str\":\"x\"},\"1\":{\"str\":\"\"}}", "a", NULL,
     "{\"2\":{\"str\":\"x\"}}"},
    {NAMED, "{\"counts\":{\"x\":1,\"y\":2, \"\\u0078\":3}}", "counts{x}", "#4",
     "{\"counts\":{\"x\":4,\"y\":2, \"\\u0078\":4}}"},
    {NAMED, "{\"counts\":{\"x\":1,\"y\":2, \"\\u0078\":3}}", "counts{x}", NULL,
     "{\"counts\":{\"y\":2}}"},
    {TAGGED, "{\"5\":{\"map\":[\"str\",\"i32\",3,{\"x\":1,\"y\":2,\"x\":3}]}}", "counts{x}", NULL,
     "{\"5\":{\"map\":[\"str\",\"i32\",1,{\"y\":2}]}}"},
    {NAMED, "{\"in\":{\"a\":1},\"in\":{\"a\":2}}", "in.a", "#3",
     "{\"in\":{\"a\":3},\"in\":{\"a\":2}}"},
    /* added: where its id belongs, on a line of its own where the others are */
    {NAMED, "{}", "b", "x", "{\"b\":\"x\"}"},
    {NAMED, " { } ", "b", "x", " {\"b\":\"x\" } "},
    {NAMED, "{\"a\":1}", "b", "x", "{\"a\":1,\"b\":\"x\"}"},
    {NAMED, "{\"b\":\"x\"}", "a", "#1", "{\"a\":1,\"b\":\"x\"}"},
    {NAMED, "{\n  \"a\": 1,\n  \"c\": true\n}\n", "b", "x",
     "{\n  \"a\": 1,\n  \"b\":\"x\",\n  \"c\": true\n}\n"},
    {NAMED, "{\n  \"a\": 1\n}\n", "b", "x", "{\n  \"a\": 1,\n  \"b\":\"x\"\n}\n"},
    {NAMED, "{\n  \"b\": \"x\"\n}\n", "a", "#1", "{\n  \"a\":1,\n  \"b\": \"x\"\n}\n"},
    {NAMED, "{\"zzz\":0}", "a", "#1", "{\"zzz\":0,\"a\":1}"},
    {NAMED, "{\"in\":{\"a\":1}}", "in.b", "x", "{\"in\":{\"a\":1,\"b\":\"x\"}}"},
    {NAMED, "{}", "id", "00112233-4455-6677-8899-aabbccddeeff",
     "{\"id\":\"00112233-4455-6677-8899-aabbccddeeff\"}"},
    {TAGGED, "{}", "b", "x", "{\"2\":{\"str\":\"x\"}}"},
    {TAGGED, "{\"1\":{\"i32\":1}, \"99\":{\"i32\":1}}", "b", "x",
     "{\"1\":{\"i32\":1}, \"2\":{\"str\":\"x\"}, \"99\":{\"i32\":1}}"},
    {TAGGED, "{\"2\":{\"str\":\"x\"},\"1\":{\"i32\":1}}", "c", "?f",
     "{\"2\":{\"str\":\"x\"},\"1\":{\"i32\":1},\"3\":{\"tf\":0}}"},
    {NAMED, "{\"c\":true, \"a\":1}", "a", "#2", "{\"c\":true, \"a\":2}"},
    {NAMED, "{\"c\":true, \"a\":1}", "b", "x", "{\"b\":\"x\",\"c\":true, \"a\":1}"},
    {TAGGED, "{\"3\":{\"tf\":1}, \"2\":{\"i8\":1}}", "b", "x",
     "{\"2\":{\"str\":\"x\"},\"3\":{\"tf\":1}}"},
    {TAGGED, "{\"2\":{\"i8\":1}, \"3\":{\"tf\":1}}", "b", "x",
     "{\"2\":{\"str\":\"x\"}, \"3\":{\"tf\":1}}"},
    {TAGGED, "{\"1\":{\"i8\":1},\"2\":{\"i8\":1}}", "a", "#1",
     "{\"1\":{\"i32\":1},\"2\":{\"i8\":1}}"},
    /* removed: first, middle, last, the only one; required or not */
    {NAMED, "{ \"a\":1 , \"b\":\"x\" , \"c\":true }", "a", NULL, "{ \"b\":\"x\" , \"c\":true }"},
    {NAMED, "{ \"a\":1 , \"b\":\"x\" , \"c\":true }", "b", NULL, "{ \"a\":1 , \"c\":true }"},
    {NAMED, "{ \"a\":1 , \"b\":\"x\" , \"c\":true }", "c", NULL, "{ \"a\":1 , \"b\":\"x\" }"},
    {NAMED, "{ \"a\":1 }", "a", NULL, "{  }"},
    {NAMED, "{\"a\":1}", "b", NULL, "{\"a\":1}"},
    {NAMED, "{\"in\":{\"a\":1}}", "in.a", NULL, "{\"in\":{}}"},
    {NAMED, "{\"in\":{\"a\":1}}", "in", NULL, "{}"},
    {TAGGED, "{\"1\":{\"i32\":1},\"2\":{\"str\":\"x\"},\"3\":{\"tf\":1}}", "a", NULL,
     "{\"2\":{\"str\":\"x\"},\"3\":{\"tf\":1}}"},
    {TAGGED, "{\"1\":{\"i32\":1},\"2\":{\"str\":\"x\"},\"3\":{\"tf\":1}}", "b", NULL,
     "{\"1\":{\"i32\":1},\"3\":{\"tf\":1}}"},
    {TAGGED, "{\"1\":{\"i32\":1},\"2\":{\"str\":\"x\"},\"3\":{\"tf\":1} }", "c", NULL,
     "{\"1\":{\"i32\":1},\"2\":{\"str\":\"x\"} }"},
    {TAGGED, "{\"1\":{\"i32\":1}}", "a", NULL, "{}"},
    /* a union has one member */
    {NAMED, "{\"choice\":{\"n\":1}}", "choice.s", "x", "{\"choice\":{\"s\":\"x\"}}"},
    {NAMED, "{\"choice\":{\"new\":{},\"n\":1}}", "choice.n", "#2", "{\"choice\":{\"n\":2}}"},
    {NAMED, "{\"choice\":{}}", "choice.n", "#2", "{\"choice\":{\"n\":2}}"},
    {TAGGED, "{\"8\":{\"rec\":{\"3\":{\"rec\":{}}, \"99\":{\"i8\":1}}}}", "choice.s", "x",
     "{\"8\":{\"rec\":{\"2\":{\"str\":\"x\"}}}}"},
    {NAMED, "{\"choice\":{\"s\":\"x\"}}", "choice.n", NULL, "{\"choice\":{\"s\":\"x\"}}"},
    /* items */
    {NAMED, "{\"list\":[1, 2 ,3]}", "list[1]", "#9", "{\"list\":[1, 9 ,3]}"},
    {NAMED, "{\"list\":[1, 2 ,3]}", "list[0]", NULL, "{\"list\":[2 ,3]}"},
    {NAMED, "{\"list\":[1, 2 ,3]}", "list[1]", NULL, "{\"list\":[1 ,3]}"},
    {NAMED, "{\"list\":[1, 2 ,3]}", "list[2]", NULL, "{\"list\":[1, 2]}"},
    {NAMED, "{\"list\":[1, 2 ,3]}", "list[3]", "#4", "{\"list\":[1, 2 ,3,4]}"},
    {NAMED, "{\"list\":[\n  1\n]}", "list[1]", "#4", "{\"list\":[\n  1,\n  4\n]}"},
    {NAMED, "{\"list\":[ ]}", "list[0]", "#4", "{\"list\":[4 ]}"},
    {NAMED, "{\"list\":[1]}", "list[0]", NULL, "{\"list\":[]}"},
    {NAMED, "{\"ins\":[{\"a\":1},{\"a\":2}]}", "ins[1].a", "#3", "{\"ins\":[{\"a\":1},{\"a\":3}]}"},
    {NAMED, "{\"table\":[[],[1]]}", "table[0][0]", "#3", "{\"table\":[[3],[1]]}"},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\",3,1, 2 ,3]}}", "list[1]", "#9",
     "{\"4\":{\"lst\":[\"i32\",3,1, 9 ,3]}}"},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\", 3 ,1, 2 ,3]}}", "list[0]", NULL,
     "{\"4\":{\"lst\":[\"i32\", 2, 2 ,3]}}"},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\",3,1, 2 ,3]}}", "list[2]", NULL,
     "{\"4\":{\"lst\":[\"i32\",2,1, 2]}}"},
    {TAGGED, "{\"4\":{\"lst\":[ \"i32\",9,1,2,3,4,5,6,7,8,9]}}", "list[9]", "#10",
     "{\"4\":{\"lst\":[ \"i32\",10,1,2,3,4,5,6,7,8,9,10]}}"},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\",0]}}", "list[0]", "#1", "{\"4\":{\"lst\":[\"i32\",1,1]}}"},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\",1 , 5 ]}}", "list[0]", NULL,
     "{\"4\":{\"lst\":[\"i32\",0 ]}}"},
    {TAGGED, "{\"10\":{\"set\":[\"str\",1,\"a\"]}}", "words[1]", "b",
     "{\"10\":{\"set\":[\"str\",2,\"a\",\"b\"]}}"},
    {TAGGED, "{\"20\":{\"lst\":[\"lst\",2,[\"i32\",0],[\"i32\",1,7]]}}", "table[1][0]", NULL,
     "{\"20\":{\"lst\":[\"lst\",2,[\"i32\",0],[\"i32\",0]]}}"},
    /* entries of maps, by every kind of key */
    {NAMED, "{\"counts\":{ \"x\" : 1 }}", "counts{x}", "#2", "{\"counts\":{ \"x\" : 2 }}"},
    {NAMED, "{\"counts\":{ \"x\" : 1 }}", "counts{x}", NULL, "{\"counts\":{  }}"},
    {NAMED, "{\"counts\":{}}", "counts{\"a\\\"b\"}", "#2", "{\"counts\":{\"a\\\"b\":2}}"},
    {NAMED, "{\"counts\":{\"x\":1, \"y\":2}}", "counts{z}", "#3",
     "{\"counts\":{\"x\":1, \"y\":2, \"z\":3}}"},
    {NAMED, "{\"answers\":{\"true\":\"y\"}}", "answers{true}", "x",
     "{\"answers\":{\"true\":\"x\"}}"},
    {NAMED, "{\"answers\":{\"true\":\"y\"}}", "answers{false}", "n",
     "{\"answers\":{\"true\":\"y\",\"false\":\"n\"}}"},
    {NAMED, "{\"lists\":{\"7\":[1]}}", "lists{7}[1]", "#2", "{\"lists\":{\"7\":[1,2]}}"},
    {NAMED, "{\"colors\":{\"RED\":1}}", "colors{GREEN}", "#2",
     "{\"colors\":{\"RED\":1,\"GREEN\":2}}"},
    {NAMED, "{\"colors\":{\"2\":1}}", "colors{GREEN}", "#2", "{\"colors\":{\"2\":2}}"},
    {NAMED, "{\"colors\":{}}", "colors{9}", "#2", "{\"colors\":{\"9\":2}}"},
    {NAMED, "{\"reals\":{\"1.50\":true}}", "reals{1.5}", "?f", "{\"reals\":{\"1.50\":false}}"},
    {NAMED, "{\"reals\":{}}", "reals{0.25}", "?t", "{\"reals\":{\"0.25\":true}}"},
    {NAMED, "{\"ids\":{}}", "ids{00112233-4455-6677-8899-aabbccddeeff}", "#1",
     "{\"ids\":{\"00112233-4455-6677-8899-aabbccddeeff\":1}}"},
    {TAGGED, "{\"5\":{\"map\":[\"str\",\"i32\",1,{ \"x\" : 1 }]}}", "counts{x}", NULL,
     "{\"5\":{\"map\":[\"str\",\"i32\",0,{  }]}}"},
    {TAGGED, "{\"5\":{\"map\":[\"str\",\"i32\",0,{}]}}", "counts{x}", "#1",
     "{\"5\":{\"map\":[\"str\",\"i32\",1,{\"x\":1}]}}"},
    {TAGGED, "{\"6\":{\"map\":[\"tf\",\"str\",1,{\"1\":\"y\"}]}}", "answers{false}", "n",
     "{\"6\":{\"map\":[\"tf\",\"str\",2,{\"1\":\"y\",\"0\":\"n\"}]}}"},
    {TAGGED, "{\"6\":{\"map\":[\"tf\",\"str\", 2 , {\"1\":\"y\", \"0\":\"n\"}]}}", "answers{true}",
     NULL, "{\"6\":{\"map\":[\"tf\",\"str\", 1 , {\"0\":\"n\"}]}}"},
    {TAGGED, "{\"12\":{\"map\":[\"i32\",\"lst\",1,{\"7\":[\"i32\",1,1]}]}}", "lists{7}[1]", "#2",
     "{\"12\":{\"map\":[\"i32\",\"lst\",1,{\"7\":[\"i32\",2,1,2]}]}}"},
    {TAGGED, "{\"15\":{\"map\":[\"i32\",\"i32\",0,{}]}}", "colors{RED}", "#2",
     "{\"15\":{\"map\":[\"i32\",\"i32\",1,{\"1\":2}]}}"},
    {TAGGED, "{\"16\":{\"map\":[\"dbl\",\"tf\",0,{}]}}", "reals{0.25}", "?t",
     "{\"16\":{\"map\":[\"dbl\",\"tf\",1,{\"0.25\":1}]}}"},
    /* behind what no path leads into */
    {NAMED, "{\"by_in\":[{\"key\":{\"a\":1},\"value\":1}],\"a\":1}", "a", "#2",
     "{\"by_in\":[{\"key\":{\"a\":1},\"value\":1}],\"a\":2}"},
    {TAGGED, "{\"17\":{\"map\":[\"rec\",\"i32\",1,{{\"1\":{\"i32\":1}}:1}]}}", "a", "#2",
     "{\"1\":{\"i32\":2},\"17\":{\"map\":[\"rec\",\"i32\",1,{{\"1\":{\"i32\":1}}:1}]}}"},
};

/* In a block of exactly its size, so that reading too far is seen. */
static thrift_bytes exact_of(const void *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, data, size);
    return (thrift_bytes){copy, size};
}

START_TEST(edited)
{
    thrift_schema *schema = schema_of(definition);
    thrift_bytes input = exact_of(edits[_i].before, strlen(edits[_i].before));
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert(buffer_append(&out, "before", 6)); /* what is there stays */
    ck_assert_msg(thrift_patch(schema, "Out", edits[_i].protocol, input, edits[_i].path,
                               value_of(edits[_i].value), &out, &err) == THRIFT_OK,
                  "%s at %s: %s", edits[_i].before, edits[_i].path, err.message);
    ck_assert_msg(out.size == 6 + strlen(edits[_i].after) && memcmp(out.data, "before", 6) == 0 &&
                      memcmp(out.data + 6, edits[_i].after, out.size - 6) == 0,
                  "%s, not %s", edits[_i].after, (buffer_append(&out, "", 1), (char *)out.data));
    thrift_buffer_deinit(&out);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    thrift_protocol protocol;
    const char *before, *path, *value;
    thrift_status status;
} refused[] = {
    {NAMED, "{}", "nothing", "#1", THRIFT_E_NAME},
    {NAMED, "{}", "", "#1", THRIFT_E_NAME},
    {NAMED, "{}", "a.", "#1", THRIFT_E_NAME},
    {NAMED, "{\"a\":1}", "a.b", "#1", THRIFT_E_NAME},
    {NAMED, "{\"a\":1}", "a[0]", "#1", THRIFT_E_NAME},
    {NAMED, "{\"in\":{}}", "in{1}", "#1", THRIFT_E_NAME},
    {NAMED, "{}", "in.a", "#1", THRIFT_E_NAME},
    {NAMED, "{\"in\":null}", "in.a", "#1", THRIFT_E_NAME},
    {NAMED, "{}", "list[0]", "#1", THRIFT_E_NAME},
    {NAMED, "{}", "counts{x}", "#1", THRIFT_E_NAME},
    {NAMED, "{\"list\":[1]}", "list[2]", "#1", THRIFT_E_NAME},
    {NAMED, "{\"list\":[1]}", "list[1]", NULL, THRIFT_E_NAME},
    {NAMED, "{\"list\":[]}", "list[4294967295]", "#1", THRIFT_E_NAME},
    {NAMED, "{\"counts\":{\"x\":1}}", "counts{y}", NULL, THRIFT_E_NAME},
    {NAMED, "{\"ins\":[]}", "ins[0].a", "#1", THRIFT_E_NAME},
    {NAMED, "{\"by_in\":[]}", "by_in{1}", "#1", THRIFT_E_TYPE},
    {NAMED, "{\"lists\":{}}", "lists{x}", NULL, THRIFT_E_TYPE},
    {NAMED, "{}", "a", "x", THRIFT_E_TYPE},
    {NAMED, "{}", "a", "#2147483648", THRIFT_E_RANGE},
    {NAMED, "{}", "color", "BLACK", THRIFT_E_NAME},
    {NAMED, "{}", "b", "\xff", THRIFT_E_CORRUPT},
    {NAMED, "{\"in\":1}", "in.a", "#1", THRIFT_E_TYPE},
    {NAMED, "{\"list\":{}}", "list[0]", "#1", THRIFT_E_TYPE},
    {NAMED, "{\"lists\":{\"x\":[]}}", "lists{1}", "#1", THRIFT_E_TYPE},
    {NAMED, "{\"list\":[1,]}", "list[0]", "#1", THRIFT_E_CORRUPT},
    {NAMED, "{\"b\":\"x\" \"a\":1}", "a", "#1", THRIFT_E_CORRUPT},
    {NAMED, "{\"a\":1,}", "a", "#1", THRIFT_E_CORRUPT},
    {NAMED, "{\"a\":+1}", "a", "#1", THRIFT_E_CORRUPT},
    {NAMED, "[]", "a", "#1", THRIFT_E_CORRUPT},
    {NAMED, "", "a", "#1", THRIFT_E_TRUNCATED},
    {TAGGED, "{}", "in.a", "#1", THRIFT_E_NAME},
    {TAGGED, "{\"7\":{\"i32\":1}}", "in.a", "#1", THRIFT_E_NAME},
    {TAGGED, "{\"4\":{\"lst\":[\"str\",1,\"x\"]}}", "list[0]", "#1", THRIFT_E_NAME},
    {TAGGED, "{\"5\":{\"map\":[\"i32\",\"i32\",0,{}]}}", "counts{x}", "#1", THRIFT_E_NAME},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\",2,1]}}", "list[0]", "#1", THRIFT_E_CORRUPT},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\",1,1,2]}}", "list[0]", "#1", THRIFT_E_CORRUPT},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\",9,1]}}", "list[0]", "#1", THRIFT_E_TRUNCATED},
    {TAGGED, "{\"4\":{\"lst\":[\"i32\",-1]}}", "list[0]", "#1", THRIFT_E_CORRUPT},
    {TAGGED, "{\"1\":{\"i32\":1},\"1x\":{\"i32\":1}}", "a", "#1", THRIFT_E_CORRUPT},
    {THRIFT_SIMPLE_JSON, "{}", "a", "#1", THRIFT_E_ARGUMENT},
};

START_TEST(not_possible)
{
    thrift_schema *schema = schema_of(definition);
    thrift_bytes input = exact_of(refused[_i].before, strlen(refused[_i].before));
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status = thrift_patch(schema, "Out", refused[_i].protocol, input,
                                        refused[_i].path, value_of(refused[_i].value), &out, &err);

    ck_assert_msg(status == refused[_i].status && err.code == status, "%s at %s: %d: %s",
                  refused[_i].before, refused[_i].path, (int)status, err.message);
    ck_assert_uint_eq(out.size, 0);
    thrift_buffer_deinit(&out);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

/* ---- every place of generated values ---- */

#define SPOTS_MOST 400
#define PATH_SIZE 512

struct spot {
    char path[PATH_SIZE];
    thrift_value value; /* kind none: not there, but could be */
};

struct spots {
    struct spot items[SPOTS_MOST];
    size_t count;
};

/* What is too long for a path, or too many, is left out. */
static void add_spot(struct spots *spots, const char *holder, const char *step, thrift_value value)
{
    struct spot *spot = &spots->items[spots->count];
    size_t size = strlen(holder), more = strlen(step);

    if (spots->count < SPOTS_MOST && size + more < PATH_SIZE) {
        memcpy(spot->path, holder, size);
        memcpy(spot->path + size, step, more + 1);
        spot->value = value;
        spots->count += 1;
    }
}

static void quote_key(thrift_bytes text, char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "{\"");

    for (size_t i = 0; i < text.size && at + 4 < size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\') {
            out[at++] = '\\';
        }
        out[at++] = (char)text.data[i];
    }
    (void)snprintf(out + at, size - at, "\"}");
}

static void write_uuid(thrift_uuid uuid, char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "{");

    for (size_t i = 0; i < sizeof uuid.bytes; i++) {
        at += (size_t)snprintf(out + at, size - at, "%s%02x",
                               i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid.bytes[i]);
    }
    (void)snprintf(out + at, size - at, "}");
}

static void write_key(thrift_value key, char *out, size_t size)
{
    if (key.kind == THRIFT_KIND_STRING || key.kind == THRIFT_KIND_BINARY) {
        quote_key(key.as.bytes, out, size);
    } else if (key.kind == THRIFT_KIND_UUID) {
        write_uuid(key.as.uuid, out, size);
    } else if (key.kind == THRIFT_KIND_DOUBLE) {
        (void)snprintf(out, size, "{%.17g}", key.as.real);
    } else if (key.kind == THRIFT_KIND_BOOL) {
        (void)snprintf(out, size, "{%s}", key.as.boolean ? "true" : "false");
    } else {
        (void)snprintf(
            out, size, "{%lld}",
            (long long)(key.kind == THRIFT_KIND_ENUM ? key.as.symbol.number : key.as.integer));
    }
}

static void add_fields(struct spots *spots, const char *path, const thrift_record *record)
{
    const thrift_struct *type = thrift_record_type(record);

    for (size_t i = 0; i < thrift_struct_count(type); i++) {
        const char *name = thrift_field_name(thrift_struct_at(type, i));
        char step[PATH_SIZE];

        (void)snprintf(step, sizeof step, "%s%s", path[0] != '\0' ? "." : "", name);
        add_spot(spots, path, step,
                 thrift_has(record, name) ? thrift_get(record, name) : thrift_value_none(NULL));
    }
}

static void add_items(struct spots *spots, const char *path, const thrift_list *list)
{
    size_t count = thrift_list_count(list);
    char step[32];

    for (size_t i = 0; i < count + 2; i++) {
        (void)snprintf(step, sizeof step, "[%zu]", i);
        add_spot(spots, path, step, i < count ? thrift_list_at(list, i) : thrift_value_none(NULL));
    }
}

static void add_entries(struct spots *spots, const char *path, const thrift_map *map)
{
    static const char *const others[] = {
        "{7}", "{true}", "{\"7\"}", "{0.125}", "{RED}", "{00112233-4455-6677-8899-aabbccddeeff}"};
    char step[PATH_SIZE];

    for (size_t i = 0; i < thrift_map_count(map); i++) {
        write_key(thrift_map_key(map, i), step, sizeof step);
        add_spot(spots, path, step, thrift_map_at(map, i));
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        add_spot(spots, path, others[i], thrift_value_none(NULL));
    }
}

/* All places of a record, each behind what holds it. */
static void find_spots(struct spots *spots, const thrift_record *record)
{
    spots->count = 0;
    add_fields(spots, "", record);
    for (size_t i = 0; i < spots->count; i++) {
        thrift_value value = spots->items[i].value;

        if (value.kind == THRIFT_KIND_RECORD) {
            add_fields(spots, spots->items[i].path, thrift_as_record(value));
        } else if (value.kind == THRIFT_KIND_LIST || value.kind == THRIFT_KIND_SET) {
            add_items(spots, spots->items[i].path, thrift_as_list(value));
        } else if (value.kind == THRIFT_KIND_MAP) {
            add_entries(spots, spots->items[i].path, thrift_as_map(value));
        }
    }
}

/* The text with white space around what is no string, and without any. */
static thrift_buffer spaced(struct made *made, thrift_bytes text)
{
    static const char spaces[] = " \n\t\r";
    thrift_buffer out = THRIFT_BUFFER_INIT;
    bool inside = false;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool around = !inside && strchr("{}[],:", c) != NULL;

        if (around && made_below(made, 3) == 0) {
            ck_assert(buffer_append(&out, &spaces[made_below(made, 4)], 1));
        }
        ck_assert(buffer_append(&out, &c, 1));
        if (around && made_below(made, 3) == 0) {
            ck_assert(buffer_append(&out, spaces, 1 + made_below(made, 4)));
        }
        if (inside && c == '\\') {
            ck_assert(buffer_append(&out, &text.data[++i], 1));
        }
        inside = inside != (c == '"');
    }
    return out;
}

static thrift_buffer squeezed(thrift_bytes text)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;
    bool inside = false;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];

        if (inside || strchr(" \n\t\r", c) == NULL) {
            ck_assert(buffer_append(&out, &c, 1));
        }
        if (inside && c == '\\') {
            ck_assert(buffer_append(&out, &text.data[++i], 1));
        }
        inside = inside != (c == '"');
    }
    return out;
}

/* One value in all protocols, JSON also with white space. */
enum { WAYS = 6 };
static const thrift_protocol ways[WAYS] = {THRIFT_BINARY, THRIFT_COMPACT,    THRIFT_TJSON,
                                           THRIFT_TJSON,  THRIFT_PLAIN_JSON, THRIFT_PLAIN_JSON};
#define IS_SPACED(way) ((way) == 3 || (way) == 5)

struct sample {
    struct made made;
    thrift_schema *schema;
    char type[24];
    thrift_bytes inputs[WAYS];
    thrift_record *value, *other; /* where new values come from, too */
};

static void make_sample(struct sample *sample, uint64_t seed)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_bytes made;

    *sample = (struct sample){.made = {.random = seed * 7919 + 1}};
    sample->schema = made_schema(&sample->made, sample->type);
    sample->other = thrift_decode(sample->schema, sample->type, THRIFT_BINARY,
                                  made_value(&sample->made), NULL, &err);
    made = made_value(&sample->made);
    sample->value = thrift_decode(sample->schema, sample->type, THRIFT_BINARY, made, NULL, &err);
    ck_assert_msg(sample->value != NULL && sample->other != NULL, "%s", err.message);
    for (size_t way = 0; way < WAYS; way++) {
        thrift_buffer text = THRIFT_BUFFER_INIT, with = THRIFT_BUFFER_INIT;

        ck_assert_int_eq(thrift_transcode(sample->schema, sample->type, THRIFT_BINARY, made,
                                          ways[way], NULL, &text, &err),
                         THRIFT_OK);
        with = IS_SPACED(way) ? spaced(&sample->made, buffer_bytes(&text)) : with;
        sample->inputs[way] =
            IS_SPACED(way) ? exact_of(with.data, with.size) : exact_of(text.data, text.size);
        thrift_buffer_deinit(&text);
        thrift_buffer_deinit(&with);
    }
}

static void free_sample(struct sample *sample)
{
    for (size_t way = 0; way < WAYS; way++) {
        vector_free(sample->inputs[way]);
    }
    thrift_record_free(sample->value);
    thrift_record_free(sample->other);
    thrift_schema_unref(sample->schema);
    made_deinit(&sample->made);
}

/* After nothing was removed, by the rules that the sample kept. */
static thrift_record *read_back(const struct sample *sample, size_t way, const thrift_buffer *bytes,
                                bool removed)
{
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record;

    options.accept = removed ? UINT32_MAX : 0;
    options.no_defaults = true;
    record =
        thrift_decode(sample->schema, sample->type, ways[way], buffer_bytes(bytes), &options, &err);
    ck_assert_msg(record != NULL, "%s: %s: %.*s", err.source, err.message, (int)bytes->size,
                  (const char *)bytes->data);
    return record;
}

/* All outcomes are the same; true when the patch was possible. */
static bool check_place(const struct sample *sample, const char *path, thrift_value value)
{
    thrift_buffer outs[WAYS];
    thrift_record *first = NULL;
    thrift_status status = THRIFT_OK;

    for (size_t way = 0; way < WAYS; way++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_status now;

        outs[way] = (thrift_buffer)THRIFT_BUFFER_INIT;
        now = thrift_patch(sample->schema, sample->type, ways[way], sample->inputs[way], path,
                           value, &outs[way], &err);
        status = way == 0 ? now : status;
        ck_assert_msg(now == status && err.code == status, "way %zu at %s: %d, not %d: %s\n%s", way,
                      path, (int)now, (int)status, err.message,
                      (const char *)sample->made.text.data);
        if (status == THRIFT_OK) {
            thrift_record *record =
                read_back(sample, way, &outs[way], value.kind == THRIFT_KIND_NONE);

            first = first != NULL ? first : thrift_record_copy(record, NULL);
            ck_assert_msg(thrift_record_equal(record, first), "way %zu at %s: %.*s\n%s", way, path,
                          (int)outs[way].size, (const char *)outs[way].data,
                          (const char *)sample->made.text.data);
            thrift_record_free(record);
        }
        if (status == THRIFT_OK && IS_SPACED(way)) {
            thrift_buffer without = squeezed(buffer_bytes(&outs[way]));

            ck_assert_msg(without.size == outs[way - 1].size &&
                              memcmp(without.data, outs[way - 1].data, without.size) == 0,
                          "%s: %.*s, not %.*s", path, (int)without.size, (const char *)without.data,
                          (int)outs[way - 1].size, (const char *)outs[way - 1].data);
            thrift_buffer_deinit(&without);
        }
    }
    for (size_t way = 0; way < WAYS; way++) {
        thrift_buffer_deinit(&outs[way]);
    }
    thrift_record_free(first);
    return status == THRIFT_OK;
}

START_TEST(every_place_is_patched_alike_in_every_protocol)
{
    static struct spots places, values;
    struct sample sample;
    size_t possible = 0;

    make_sample(&sample, (uint64_t)_i);
    find_spots(&values, sample.other);
    find_spots(&places, sample.value);
    for (size_t i = 0; i < places.count; i++) {
        possible += check_place(&sample, places.items[i].path, thrift_value_none(NULL));
        for (size_t j = i % 3; j < values.count; j += 3) {
            bool same_kind = values.items[j].value.kind == places.items[i].value.kind ||
                             places.items[i].value.kind == THRIFT_KIND_NONE;

            if (same_kind && values.items[j].value.kind != THRIFT_KIND_NONE) {
                possible += check_place(&sample, places.items[i].path, values.items[j].value);
            }
        }
    }
    ck_assert(possible > 0 || places.count == 0);
    free_sample(&sample);
}
END_TEST

/* The holder must be whole; what stands behind it is copied, cut off or not. */
START_TEST(every_prefix)
{
    static struct spots places;
    struct sample sample;

    make_sample(&sample, (uint64_t)_i);
    find_spots(&places, sample.value);
    for (size_t i = 0; i < places.count; i += 1 + places.count / 8) {
        for (size_t way = 2; way < WAYS; way++) {
            thrift_bytes whole = sample.inputs[way];
            thrift_buffer want = THRIFT_BUFFER_INIT, out = THRIFT_BUFFER_INIT;
            const char *path = places.items[i].path;
            bool outermost = strpbrk(path, ".[{") == NULL;

            if (thrift_patch(sample.schema, sample.type, ways[way], whole, path,
                             thrift_value_none(NULL), &want, NULL) != THRIFT_OK) {
                thrift_buffer_deinit(&want);
                continue;
            }
            while (whole.data[whole.size - 1] != '}') { /* white space behind it */
                whole.size -= 1;
            }
            for (size_t size = 0; size < whole.size; size++) {
                thrift_bytes cut = exact_of(whole.data, size);
                thrift_status status = thrift_patch(sample.schema, sample.type, ways[way], cut,
                                                    path, thrift_value_none(NULL), &out, NULL);

                ck_assert_msg(status != THRIFT_OK || !outermost, "%s: %.*s", path, (int)size,
                              (const char *)cut.data);
                ck_assert(status == THRIFT_OK || status == THRIFT_E_TRUNCATED);
                ck_assert(status == THRIFT_OK
                              ? out.size + (sample.inputs[way].size - size) == want.size &&
                                    memcmp(out.data, want.data, out.size) == 0
                              : out.size == 0);
                out.size = 0;
                vector_free(cut);
            }
            thrift_buffer_deinit(&want);
            thrift_buffer_deinit(&out);
        }
    }
    free_sample(&sample);
}
END_TEST

/* ---- memory ---- */

static const struct {
    thrift_protocol protocol;
    const char *text, *path, *value;
} sweeps[] = {
    {NAMED, "{\"counts\":{\"a\\tb\":1,\"c\":2}}", "counts{\"a\\tb\"}", "#3"},
    {NAMED, "{\"counts\":{\"a\\tb\":1}}", "counts{\"a key that is longer than others\"}", "#3"},
    {NAMED, "{\"ins\":[]}", "b", "a string"},
    {TAGGED, "{\"5\":{\"map\":[\"str\",\"i32\",1,{\"a\\tb\":1}]}}", "counts{c}", "#3"},
    {TAGGED, "{\"12\":{\"map\":[\"i32\",\"lst\",1,{\"7\":[\"i32\",1,1]}]}}", "lists{7}[1]", "#2"},
    {TAGGED, "{\"12\":{\"map\":[\"i32\",\"lst\",1,{\"7\":[\"i32\",1,1]}]}}", "lists{7}", NULL},
};

START_TEST(every_allocation_may_fail)
{
    thrift_bytes input = {(const uint8_t *)sweeps[_i].text, strlen(sweeps[_i].text)};

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = SIZE_MAX};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_load_options load = {.struct_size = sizeof load, .allocator = &allocator};
        thrift_schema *schema = thrift_load_text("test.thrift", definition, &load, NULL);
        thrift_buffer out = {NULL, 0, 0, allocator};
        thrift_error err = THRIFT_ERROR_INIT;
        size_t base = memory.count, count;
        thrift_status status;

        ck_assert_ptr_nonnull(schema);
        memory.fail_at = base + k;
        status = thrift_patch(schema, "Out", sweeps[_i].protocol, input, sweeps[_i].path,
                              value_of(sweeps[_i].value), &out, &err);
        count = memory.count;
        ck_assert_int_eq(status, count < base + k ? THRIFT_OK : THRIFT_E_NOMEM);
        ck_assert_int_eq(err.code, status);
        ck_assert(status == THRIFT_OK || out.size == 0);
        thrift_buffer_deinit(&out);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (count < base + k) {
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, edited, 0, COUNT_OF(edits));
    tcase_add_loop_test(tests, not_possible, 0, COUNT_OF(refused));
    tcase_add_loop_test(tests, every_place_is_patched_alike_in_every_protocol, 0, 60);
    tcase_add_loop_test(tests, every_prefix, 0, 12);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, COUNT_OF(sweeps));
}

SUITE_MAIN("codec/patch_json")
