/**
 * The service of Apache Thrift's cross test: the names, numbers and meanings that its programs
 * agree on. Lines with a uuid are left out for peers that do not know the type.
 */
namespace * ThriftTest
namespace c_glib TTest
namespace cpp thrifttest
namespace go thrifttest
namespace java thrifttest
namespace perl ThriftTest
namespace php ThriftTest
namespace py ThriftTest
namespace rb ThriftTest
namespace js ThriftTest

enum Numberz { ONE = 1, TWO, THREE, FIVE = 5, SIX, EIGHT = 8 }

typedef i64 UserId

struct Xtruct {
    1: string string_thing,
    4: byte byte_thing,
    9: i32 i32_thing,
    11: i64 i64_thing
}

struct Xtruct2 {
    1: byte byte_thing,
    2: Xtruct struct_thing,
    3: i32 i32_thing
}

struct Insanity {
    1: map<Numberz, UserId> userMap,
    2: list<Xtruct> xtructs
}

exception Xception {
    1: i32 errorCode,
    2: string message
}

exception Xception2 {
    1: i32 errorCode,
    2: Xtruct struct_thing
}

service ThriftTest {
    void testVoid(),
    /* These answer with what they are given. */
    string testString(1: string thing),
    bool testBool(1: bool thing),
    byte testByte(1: byte thing),
    i32 testI32(1: i32 thing),
    i64 testI64(1: i64 thing),
    double testDouble(1: double thing),
    binary testBinary(1: binary thing),
    uuid testUuid(1: uuid thing),
    Xtruct testStruct(1: Xtruct thing),
    Xtruct2 testNest(1: Xtruct2 thing),
    map<i32, i32> testMap(1: map<i32, i32> thing),
    map<string, string> testStringMap(1: map<string, string> thing),
    set<i32> testSet(1: set<i32> thing),
    list<i32> testList(1: list<i32> thing),
    Numberz testEnum(1: Numberz thing),
    UserId testTypedef(1: UserId thing),

    /** {-4: {-4: -4, … -1: -1}, 4: {4: 4, … 1: 1}}, whatever the argument. */
    map<i32, map<i32, i32>> testMapMap(1: i32 hello),
    /** {1: {TWO: argument, THREE: argument}, 2: {SIX: an empty one}}. */
    map<UserId, map<Numberz, Insanity>> testInsanity(1: Insanity argument),
    /** {"Hello2", arg0, arg1, arg2}. */
    Xtruct testMulti(1: byte arg0, 2: i32 arg1, 3: i64 arg2, 4: map<i16, string> arg3,
                     5: Numberz arg4, 6: UserId arg5),
    /** "Xception": Xception(1001, arg); "TException": something undeclared; else nothing. */
    void testException(1: string arg) throws (1: Xception err1),
    /** "Xception": Xception(1001, "This is an Xception"); "Xception2": Xception2(2002, a struct
     * with "This is an Xception2"); else a struct with arg1. */
    Xtruct testMultiException(1: string arg0, 2: string arg1)
        throws (1: Xception err1, 2: Xception2 err2),
    oneway void testOneway(1: i32 secondsToSleep)
}

service SecondService {
    /** testString("thing"), with what it is given in the place of thing. */
    string secondtestString(1: string thing)
}
