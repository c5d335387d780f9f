/*
 * Which structs and containers need no frames.
 */
#include "codec/plan_flat.h"

#include "fixture.h"

static const char definition[] =
    "struct Leaves { 1: i32 a, 2: string b, 3: uuid c }\n"
    "struct Empty { }\n"
    "struct Two { 1: Leaves a, 2: bool b, 3: Leaves c }\n"
    "struct Three { 1: Two a, 2: Leaves b }\n"
    "struct Four { 1: Three a }\n"
    "struct Five { 1: Four a }\n"
    "struct Words { 1: list<string> a, 2: map<i32, double> b }\n"
    "struct Mixed { 1: set<i64> a, 2: Two b }\n"
    "struct Above { 1: Words a }\n"
    "struct Lists { 1: list<list<i32>> a }\n"
    "struct Self { 1: optional Self a }\n"
    "struct Ring { 1: optional Other a }\n"
    "struct Other { 1: optional Ring a }\n"
    "union Union { 1: i32 a }\n"
    "struct Holder { 1: Union a }\n"
    "struct Types { 1: list<Two> a, 2: list<Five> b, 3: map<string, Mixed> c, 4: map<Leaves, i32> "
    "d,\n"
    "               5: list<map<i8, bool>> e, 6: list<list<list<i8>>> f, 7: set<Above> g }\n";

static const struct form {
    const char *name;
    bool flat, nested, shallow;
    uint8_t depth;
    uint32_t count;
} forms[] = {
    {"Leaves", true, true, true, 1, 3},    {"Empty", true, true, true, 1, 0},
    {"Two", false, true, true, 2, 9},      {"Three", false, true, true, 3, 14},
    {"Four", false, true, true, 4, 15},    {"Five", false, false, false, 0, 0},
    {"Words", false, false, true, 1, 2},   {"Mixed", false, false, true, 3, 11},
    {"Above", false, false, false, 0, 0},  {"Lists", false, false, false, 0, 0},
    {"Self", false, false, false, 0, 0},   {"Ring", false, false, false, 0, 0},
    {"Other", false, false, false, 0, 0},  {"Union", false, false, false, 0, 0},
    {"Holder", false, false, false, 0, 0},
};

static const struct plan *plan_named(const thrift_schema *schema, const char *name)
{
    const struct plan *plan = plan_of(schema, thrift_schema_struct(schema, name), NULL);

    ck_assert_ptr_nonnull(plan);
    return plan;
}

START_TEST(structs)
{
    const struct form *form = &forms[_i];
    thrift_schema *schema = schema_of(definition);
    const struct plan *plan = plan_named(schema, form->name);

    ck_assert_int_eq(plan->flat, form->flat);
    ck_assert_int_eq(plan->nested, form->nested);
    ck_assert_int_eq(plan->shallow, form->shallow);
    ck_assert_uint_eq(plan->depth, form->depth);
    ck_assert_uint_eq(plan->nested_count, form->count);
    thrift_schema_unref(schema);
}
END_TEST

/* The size with all structs inside is at least what reading them takes of an arena. */
START_TEST(sizes_add_up)
{
    thrift_schema *schema = schema_of(definition);
    uint32_t leaves = (plan_named(schema, "Leaves")->size + 7) & ~7u;
    uint32_t two = (plan_named(schema, "Two")->size + 7) & ~7u;

    ck_assert_uint_eq(plan_named(schema, "Leaves")->nested_size, leaves);
    ck_assert_uint_eq(plan_named(schema, "Two")->nested_size, two + 2 * leaves);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(containers)
{
    static const bool flat[] = {true, false, true, false, true, false, false};
    thrift_schema *schema = schema_of(definition);
    const struct plan *plan = plan_named(schema, "Types");

    for (size_t i = 0; i < COUNT_OF(flat); i++) {
        ck_assert_msg(plan->ops[i].type->flat == flat[i], "field %zu", i + 1);
        ck_assert(!plan->ops[i].type->leafy);
    }
    ck_assert(plan_named(schema, "Words")->ops[0].type->leafy);
    ck_assert(plan_named(schema, "Words")->ops[1].type->leafy);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(room_adds_up)
{
    thrift_schema *schema = schema_of(definition);
    const struct plan *leaves = plan_named(schema, "Leaves"), *two = plan_named(schema, "Two");
    const struct plan *words = plan_named(schema, "Words");

    ck_assert_uint_eq(leaves->all, 7);
    ck_assert_ptr_eq(leaves->end, leaves->ops + 3);
    ck_assert_uint_eq(leaves->end->rest, 1);
    ck_assert_uint_eq(leaves->ops[2].rest, 1 + 3 + 16);
    ck_assert_uint_eq(leaves->ops[1].rest, 1 + 3 + 16 + 3 + 4 + BYTES_PAIR);
    ck_assert_uint_eq(leaves->ops[0].rest, 1 + 3 + 16 + 3 + 4 + BYTES_PAIR + 3 + 4);
    ck_assert_uint_eq(two->ops[0].rest, 1 + 2 * (3u + leaves->ops[0].rest) + 4);
    ck_assert_uint_eq(words->ops[0].rest, 1 + 3 + 6 + 3 + 5);
    ck_assert_uint_eq(plan_named(schema, "Empty")->ops[0].rest, 1);
    thrift_schema_unref(schema);
}
END_TEST

/* A struct of 64 structs of so many i64. */
static const struct wide {
    int inner;
    bool nested;
} wides[] = {{24, true}, {25, false}, {64, false}};

START_TEST(what_is_too_wide_is_not_nested)
{
    const struct wide *wide = &wides[_i];
    char *text = malloc(8192);
    size_t size = 0;
    thrift_schema *schema;
    const struct plan *plan;

    ck_assert_ptr_nonnull(text);
    size += (size_t)sprintf(text, "struct Inner { ");
    for (int i = 1; i <= wide->inner; i++) {
        size += (size_t)sprintf(text + size, "%d: i64 f%d ", 20 * i, i);
    }
    size += (size_t)sprintf(text + size, "}\nstruct Outer { ");
    for (int i = 1; i <= 64; i++) {
        size += (size_t)sprintf(text + size, "%d: Inner f%d ", 20 * i, i);
    }
    (void)sprintf(text + size, "}\n");
    schema = schema_of(text);
    plan = plan_named(schema, "Outer");
    ck_assert_int_eq(plan->nested, wide->nested);
    if (wide->nested) { /* heads of compact in the long form */
        ck_assert_uint_eq(plan->ops[0].rest, 1 + 64 * (4 + 1 + 14 * (uint32_t)wide->inner));
    }
    thrift_schema_unref(schema);
    free(text);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, structs, 0, COUNT_OF(forms));
    tcase_add_test(tests, sizes_add_up);
    tcase_add_test(tests, containers);
    tcase_add_test(tests, room_adds_up);
    tcase_add_loop_test(tests, what_is_too_wide_is_not_nested, 0, COUNT_OF(wides));
}

SUITE_MAIN("codec/plan_flat")
