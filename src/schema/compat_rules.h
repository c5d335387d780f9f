/*
 * The rules of compatibility: X(enumerator, name, breaks, direction, what, why, hint).
 *
 * The order is that of the manual (docs/reference/rules.md). W, J, S stand for the wire, JSON by
 * names and source; the direction is the one in which the wire breaks. A name never changes.
 * Sources: the versioning rules of Apache Thrift (doc/specs/idl.md, "Field Requiredness"),
 * and what `thrift --audit` objects to.
 */
#ifndef SCHEMA_COMPAT_RULES_H
#define SCHEMA_COMPAT_RULES_H

#define HINT_FRESH_ID "leave the old one in place and use an id that was never used"
#define HINT_KEEP "keep it; nobody has to set it"

/* clang-format off */
#define COMPAT_RULES(X)                                                                            \
    /* fields of structs, unions and exceptions */                                                 \
    X(FIELD_ADDED, "field-added", NOTHING, BOTH_WAYS, "a field is new", NULL, NULL)                \
    X(FIELD_ADDED_IN_MIDDLE, "field-added-in-middle", W, BACKWARD,                                 \
      "a new field has an id between those in use",                                                \
      "an earlier version may have used that id, and what it wrote would be misread",              \
      "take the next id above all that are in use")                                                \
    X(REQUIRED_ADDED, "required-added", W | J | S, BACKWARD, "a new field or argument is required",\
      "what old peers send does not have it and is refused", "make it optional")                   \
    X(FIELD_REMOVED, "field-removed", W | J | S, BOTH_WAYS, "a field is gone",                     \
      "what peers still send in it is dropped, and what they expect in it never comes",            \
      HINT_KEEP)                                                                                   \
    X(FIELD_TYPE_CHANGED, "field-type-changed", W | J | S, BOTH_WAYS,                              \
      "a field has another type on the wire", "a reader skips it or misreads it", HINT_FRESH_ID)   \
    X(FIELD_ID_REUSED, "field-id-reused", W | J | S, BOTH_WAYS,                                    \
      "an id now belongs to another field", "what peers send in the old field lands in the new one",\
      HINT_FRESH_ID)                                                                               \
    X(FIELD_ID_CHANGED, "field-id-changed", W, BOTH_WAYS, "a field moved to another id",           \
      "peers look for it under the old id", "give it its old id again")                            \
    X(REQUIREDNESS_CHANGED, "requiredness-changed", W | S, BOTH_WAYS,                              \
      "a field became required, or stopped being so",                                              \
      "one side may leave out what the other insists on",                                          \
      "leave the requiredness of a published field alone")                                         \
    X(OPTIONAL_CHANGED, "optional-changed", S, BOTH_WAYS,                                          \
      "a field changed between optional and default requiredness",                                 \
      "generated code handles its presence differently", NULL)                                     \
    X(DEFAULT_CHANGED, "default-changed", S, BOTH_WAYS, "a default value changed",                 \
      "an absent field reads differently on the two sides", NULL)                                  \
    X(NAME_CHANGED, "name-changed", J | S, BOTH_WAYS,                                              \
      "a field, argument, exception or enum value has another name",                               \
      "bytes stay the same, JSON and programs use the name", NULL)                                 \
    X(REPRESENTATION_CHANGED, "representation-changed", J | S, BOTH_WAYS,                          \
      "enum and i32, or string and binary, took each other's place",                               \
      "bytes stay the same, JSON and programs see another type", NULL)                             \
    X(TYPE_RENAMED, "type-renamed", S, BOTH_WAYS,                                                  \
      "a type was replaced by one of another name and the same content",                           \
      "bytes stay the same, programs use the name", NULL)                                          \
    /* unions, and what kind of struct it is */                                                    \
    X(UNION_MEMBER_ADDED, "union-member-added", S, FORWARD, "a union has a new member",            \
      "a reader without it sees a union with nothing set", NULL)                                   \
    X(UNION_MEMBER_REMOVED, "union-member-removed", W | J | S, BACKWARD, "a member is gone",       \
      "a union that holds it reads as one with nothing set", HINT_KEEP)                            \
    X(STRUCT_KIND_CHANGED, "struct-kind-changed", W | J | S, BOTH_WAYS,                            \
      "a struct became a union or a union a struct",                                               \
      "a union with two members set, or none, is refused", "define a new type beside it")          \
    X(EXCEPTION_KIND_CHANGED, "exception-kind-changed", S, BOTH_WAYS,                              \
      "a struct became an exception or an exception a struct",                                     \
      "bytes stay the same, programs cannot throw it any more or must", NULL)                      \
    /* methods, their arguments and what they throw */                                             \
    X(METHOD_ADDED, "method-added", NOTHING, BOTH_WAYS, "a method is new", NULL, NULL)             \
    X(METHOD_REMOVED, "method-removed", W | J | S, BACKWARD, "a method is gone",                   \
      "who still calls it is answered UNKNOWN_METHOD", "keep it until nobody calls it")            \
    X(METHOD_RESULT_CHANGED, "method-result-changed", W | J | S, BOTH_WAYS,                        \
      "a method returns another type", "callers misread the answer or find none",                  \
      "add a method of another name")                                                              \
    X(ONEWAY_CHANGED, "oneway-changed", W | S, BOTH_WAYS, "a method became oneway or stopped",     \
      "one side waits for an answer that the other does not send, or does not wait for one",       \
      "add a method of another name")                                                              \
    X(ARGUMENT_ADDED, "argument-added", S, BOTH_WAYS, "a method has a new argument",               \
      "old callers do not send it; it arrives as its default or zero", NULL)                       \
    X(ARGUMENT_ADDED_IN_MIDDLE, "argument-added-in-middle", W | S, BACKWARD,                       \
      "a new argument has an id between those in use",                                             \
      "an earlier version may have used that id, and what it sends would be misread",              \
      "take the next id above all that are in use")                                                \
    X(ARGUMENT_REMOVED, "argument-removed", W | J | S, BOTH_WAYS, "an argument is gone",           \
      "what callers still send in it is dropped", HINT_KEEP)                                       \
    X(ARGUMENT_TYPE_CHANGED, "argument-type-changed", W | J | S, BOTH_WAYS,                        \
      "an argument has another type on the wire", "the callee skips it or misreads it",            \
      "add an argument with an id that was never used")                                            \
    X(ARGUMENT_ID_REUSED, "argument-id-reused", W | J | S, BOTH_WAYS,                              \
      "an id now belongs to another argument",                                                     \
      "what callers send in the old argument lands in the new one", HINT_FRESH_ID)                 \
    X(ARGUMENT_ID_CHANGED, "argument-id-changed", W, BOTH_WAYS, "an argument moved to another id", \
      "callers send it under the old id", "give it its old id again")                              \
    X(EXCEPTION_ADDED, "exception-added", S, FORWARD, "a method throws something new",             \
      "old callers see an application error (MISSING_RESULT) instead", NULL)                       \
    X(EXCEPTION_ADDED_IN_MIDDLE, "exception-added-in-middle", W | S, BACKWARD,                     \
      "a new exception has an id between those in use",                                            \
      "an earlier version may have used that id for another exception",                            \
      "take the next id above all that are in use")                                                \
    X(EXCEPTION_REMOVED, "exception-removed", W | J | S, BACKWARD,                                 \
      "a method does not throw something any more",                                                \
      "callers meet an application error (MISSING_RESULT) when an old peer throws it",             \
      HINT_KEEP)                                                                                   \
    X(EXCEPTION_TYPE_CHANGED, "exception-type-changed", W | J | S, BOTH_WAYS,                      \
      "a method throws another exception under the same id", "callers misread it",                 \
      "add the other exception with an id that was never used")                                    \
    X(EXCEPTION_ID_REUSED, "exception-id-reused", W | J | S, BOTH_WAYS,                            \
      "an id now belongs to another exception", "callers misread what is thrown", HINT_FRESH_ID)   \
    X(EXCEPTION_ID_CHANGED, "exception-id-changed", W, BOTH_WAYS,                                  \
      "an exception moved to another id", "callers look for it under the old id",                  \
      "give it its old id again")                                                                  \
    /* services */                                                                                 \
    X(SERVICE_ADDED, "service-added", NOTHING, BOTH_WAYS, "a service is new", NULL, NULL)          \
    X(SERVICE_REMOVED, "service-removed", W | J | S, BACKWARD, "a service is gone",                \
      "who still calls it is answered UNKNOWN_METHOD", "keep it until nobody calls it")            \
    X(EXTENDS_ADDED, "extends-added", NOTHING, BOTH_WAYS,                                          \
      "a service extends one more service", NULL, NULL)                                            \
    X(EXTENDS_CHANGED, "extends-changed", W | S, BACKWARD,                                         \
      "a service does not extend what it extended",                                                \
      "the methods that it inherited, and handlers bound to the parent, serve it no more",         \
      "let it extend the same service, directly or through another")                               \
    /* enums */                                                                                    \
    X(ENUM_ADDED, "enum-added", NOTHING, BOTH_WAYS, "an enum is new", NULL, NULL)                  \
    X(ENUM_REMOVED, "enum-removed", J | S, BOTH_WAYS, "an enum is gone",                           \
      "numbers stay on the wire, names are lost", NULL)                                            \
    X(ENUM_VALUE_ADDED, "enum-value-added", NOTHING, BOTH_WAYS, "an enum value is new", NULL, NULL)\
    X(ENUM_VALUE_REMOVED, "enum-value-removed", W | J | S, BACKWARD, "an enum value is gone",      \
      "peers still send its number, which has no meaning any more", HINT_KEEP)                     \
    X(ENUM_NUMBER_CHANGED, "enum-number-changed", W | S, BOTH_WAYS,                                \
      "an enum value has another number", "the two sides mean different things by one number",     \
      "give it its old number again")                                                              \
    /* other definitions */                                                                        \
    X(STRUCT_ADDED, "struct-added", NOTHING, BOTH_WAYS, "a struct, union or exception is new",     \
      NULL, NULL)                                                                                  \
    X(STRUCT_REMOVED, "struct-removed", W | J | S, BACKWARD,                                       \
      "a struct, union or exception is gone",                                                      \
      "what was written as this type can be read by its name no more", "keep it")                  \
    X(CONSTANT_ADDED, "constant-added", NOTHING, BOTH_WAYS, "a constant is new", NULL, NULL)       \
    X(CONSTANT_CHANGED, "constant-changed", S, BOTH_WAYS, "a constant has another type or value",  \
      "the two sides compute with different values", NULL)                                         \
    X(CONSTANT_REMOVED, "constant-removed", S, BOTH_WAYS, "a constant is gone",                    \
      "programs that use it do not build", NULL)                                                   \
    X(TYPEDEF_ADDED, "typedef-added", NOTHING, BOTH_WAYS, "a typedef is new", NULL, NULL)          \
    X(TYPEDEF_CHANGED, "typedef-changed", S, BOTH_WAYS, "a typedef stands for another type",       \
      "programs that use it see another type; what changes on the wire is reported where it is used",\
      NULL)                                                                                        \
    X(TYPEDEF_REMOVED, "typedef-removed", S, BOTH_WAYS, "a typedef is gone",                       \
      "programs that use it do not build", NULL)                                                   \
    X(NAMESPACE_ADDED, "namespace-added", NOTHING, BOTH_WAYS, "a namespace is new", NULL, NULL)    \
    X(NAMESPACE_CHANGED, "namespace-changed", S, BOTH_WAYS, "a namespace changed or is gone",      \
      "generated code appears under another name", NULL)                                           \
    X(DEFINITION_MOVED, "definition-moved", S, BOTH_WAYS, "a definition is in another file",       \
      "bytes stay the same, programs use the file's name as a prefix", NULL)
/* clang-format on */

enum compat_rule {
#define COMPAT_RULE_ENUMERATOR(id, name, breaks, direction, what, why, hint) RULE_##id,
    COMPAT_RULES(COMPAT_RULE_ENUMERATOR)
#undef COMPAT_RULE_ENUMERATOR
};

#endif
