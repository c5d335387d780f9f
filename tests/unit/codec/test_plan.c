/*
 * Plans: operations in the order of ids, look-up of any id, the least sizes that R2 counts on.
 */
#include "codec/plan.h"

#include "fixture.h"

static const char definition[] =
    "struct In { 2: required i32 b, 1: required i64 a, 3: optional string c }\n"
    "struct Out { 1: required In in, 2: required list<In> l, 3: required bool t }\n"
    "struct Self { 1: required list<Self> kids, 5000: i32 far, 20: i8 mid }\n"
    "union U { 1: i32 x, 2: string y }\n"
    "struct Map { 1: map<i8, list<set<string>>> m }\n";

static const struct plan *plan_named(const thrift_schema *schema, const char *name)
{
    const struct plan *plan = plan_of(schema, thrift_schema_struct(schema, name), NULL);

    ck_assert_ptr_nonnull(plan);
    return plan;
}

START_TEST(operations_stand_in_the_order_of_ids)
{
    thrift_schema *schema = schema_of(definition);
    const struct plan *plan = plan_named(schema, "In");

    ck_assert_uint_eq(plan->op_count, 3);
    for (int16_t i = 0; i < 3; i++) {
        ck_assert_int_eq(plan->ops[i].id, i + 1);
        ck_assert_ptr_eq(plan_find(plan, (int16_t)(i + 1)), &plan->ops[i]);
    }
    ck_assert_uint_eq(plan->ops[0].head, plan_head(10, 1));
    ck_assert_uint_eq(plan->ops[0].compact_head, 0x16);
    ck_assert_uint_eq(plan->ops[3].code, PLAN_END);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(any_id_is_found_or_not)
{
    thrift_schema *schema = schema_of(definition);
    const struct plan *plan = plan_named(schema, "Self");

    for (int32_t id = INT16_MIN; id <= INT16_MAX; id++) {
        const struct plan_op *op = plan_find(plan, (int16_t)id);

        ck_assert_int_eq(op != NULL, id == 1 || id == 20 || id == 5000);
        ck_assert(op == NULL || op->id == id);
    }
    ck_assert_int_eq(plan->ops[1].previous_id, PLAN_NO_ID); /* 19 further: the long form */
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(least_sizes_count_required_fields)
{
    thrift_schema *schema = schema_of(definition);

    ck_assert_uint_eq(plan_named(schema, "In")->binary_least, 1 + (3 + 8) + (3 + 4));
    ck_assert_uint_eq(plan_named(schema, "In")->compact_least, 1 + 2 + 2);
    ck_assert_uint_eq(plan_named(schema, "Out")->binary_least, 1 + (3 + 19) + (3 + 5) + (3 + 1));
    ck_assert_uint_eq(plan_named(schema, "Out")->compact_least, 1 + (1 + 5) + (1 + 1) + 1);
    ck_assert_uint_eq(plan_named(schema, "Self")->binary_least, 1 + 3 + 5);
    ck_assert_uint_eq(plan_named(schema, "U")->binary_least, 1);
    ck_assert(plan_named(schema, "U")->tagged);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(types_are_planned_to_their_depth)
{
    thrift_schema *schema = schema_of(definition);
    const struct plan_type *type = plan_named(schema, "Map")->ops[0].type;

    ck_assert_uint_eq(type->code, PLAN_MAP);
    ck_assert_uint_eq(type->key->code, PLAN_I8);
    ck_assert_uint_eq(type->value_offset, sizeof(void *));
    ck_assert_uint_eq(type->entry_size, 2 * sizeof(void *));
    ck_assert_uint_eq(type->element->code, PLAN_LIST);
    ck_assert_uint_eq(type->element->element->wire, 14);
    ck_assert_uint_eq(type->element->element->element->code, PLAN_STRING);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, operations_stand_in_the_order_of_ids);
    tcase_add_test(tests, any_id_is_found_or_not);
    tcase_add_test(tests, least_sizes_count_required_fields);
    tcase_add_test(tests, types_are_planned_to_their_depth);
}

SUITE_MAIN("codec/plan")
