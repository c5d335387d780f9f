/*
 * The same in C++17.
 */
#include <rethrift/rethrift.h>

int main()
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema =
        thrift_load_text("user.thrift", "struct User { 1: i32 id, 2: string name }", nullptr, &err);
    thrift_record *user = thrift_record_new(schema, "User", &err);

    thrift_set(user, "id", 7, "name", "Ada");
    printf("%s %d\n", thrift_get_string(user, "name"), thrift_get_i32(user, "id"));
    thrift_error_print(&err, stderr);
    thrift_record_free(user);
    thrift_schema_unref(schema);
    return err.code != THRIFT_OK;
}
