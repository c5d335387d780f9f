package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"reflect"
	"sort"

	"github.com/apache/thrift/lib/go/thrift"

	"thrifttest"
)

// What the client calls and expects.
type checks struct {
	client *thrifttest.ThriftTestClient
	wrong  int
}

var none = context.Background()

func (c *checks) expect(what string, got, wanted interface{}, err error) {
	if err != nil || !reflect.DeepEqual(got, wanted) {
		fmt.Fprintf(os.Stderr, "%s: %.300v instead of %.300v: %v\n", what, got, wanted, err)
		c.wrong++
	}
}

func (c *checks) all() {
	c.baseTypes()
	c.binaries()
	c.structs()
	c.containers()
	c.exceptions()
}

func (c *checks) baseTypes() {
	c.expect("testVoid", nil, nil, c.client.TestVoid(none))
	for _, text := range []string{"", "Test", "\b\t\n/\\\r{}:\" ]] }}} {[[", "Ελληνικά 日本語 𝄞"} {
		got, err := c.client.TestString(none, text)
		c.expect("testString", got, text, err)
	}
	for _, truth := range []bool{true, false} {
		got, err := c.client.TestBool(none, truth)
		c.expect("testBool", got, truth, err)
	}
	for _, number := range []int8{0, -1, 42, -42, 127, -128} {
		got, err := c.client.TestByte(none, number)
		c.expect("testByte", got, number, err)
	}
	for _, number := range []int64{0, -1, 7000000000000000123, math.MaxInt64, math.MinInt64} {
		got, err := c.client.TestI64(none, number)
		c.expect("testI64", got, number, err)
	}
	for _, number := range []float64{0, -1, -5.2098523, -0.000341012439638598279, 1 << 53, 1e307, 1e-292} {
		got, err := c.client.TestDouble(none, number)
		c.expect("testDouble", got, number, err)
	}
	user, err := c.client.TestTypedef(none, 0xffffffffffffff)
	c.expect("testTypedef", user, thrifttest.UserId(0xffffffffffffff), err)
	c.expect("testOneway", nil, nil, c.client.TestOneway(none, 1))
	for _, number := range []int32{0, -1, 190000013, math.MaxInt32, math.MinInt32} {
		got, err := c.client.TestI32(none, number)
		c.expect("testI32", got, number, err)
	}
}

func (c *checks) binaries() {
	for _, size := range []int{0, 1, 2, 256, 4096, 131072} {
		bytes := make([]byte, size)
		for i := range bytes {
			bytes[i] = byte(i)
		}
		got, err := c.client.TestBinary(none, bytes)
		c.expect("testBinary", got, bytes, err)
	}
}

func (c *checks) structs() {
	one := &thrifttest.Xtruct{StringThing: "Zero", ByteThing: 1, I32Thing: -3, I64Thing: -5}
	got, err := c.client.TestStruct(none, one)
	c.expect("testStruct", got, one, err)
	two := &thrifttest.Xtruct2{ByteThing: 1, StructThing: one, I32Thing: 5}
	got2, err := c.client.TestNest(none, two)
	c.expect("testNest", got2, two, err)
	for _, number := range []thrifttest.Numberz{1, 2, 3, 5, 8} {
		got, err := c.client.TestEnum(none, number)
		c.expect("testEnum", got, number, err)
	}
	got, err = c.client.TestMulti(none, 42, 4242, 424242, map[int16]string{1: "blah"}, 8, 24)
	c.expect("testMulti", got, &thrifttest.Xtruct{StringThing: "Hello2", ByteThing: 42,
		I32Thing: 4242, I64Thing: 424242}, err)
	insane := &thrifttest.Insanity{UserMap: map[thrifttest.Numberz]thrifttest.UserId{5: 5, 8: 8},
		Xtructs: []*thrifttest.Xtruct{one}}
	whole, err := c.client.TestInsanity(none, insane)
	c.expect("testInsanity", whole[1], map[thrifttest.Numberz]*thrifttest.Insanity{
		2: insane, 3: insane}, err)
	c.expect("testInsanity", whole[2][6] != nil && len(whole[2][6].UserMap) == 0, true, err)
}

func (c *checks) containers() {
	numbers := map[int32]int32{0: -10, 1: -9, 2: -8}
	got, err := c.client.TestMap(none, numbers)
	c.expect("testMap", got, numbers, err)
	texts := map[string]string{"a": "2", "b": "blah", "some": "thing"}
	gotTexts, err := c.client.TestStringMap(none, texts)
	c.expect("testStringMap", gotTexts, texts, err)
	set, err := c.client.TestSet(none, []int32{-2, -1, 0, 1, 2})
	sort.Slice(set, func(i, j int) bool { return set[i] < set[j] })
	c.expect("testSet", set, []int32{-2, -1, 0, 1, 2}, err)
	for _, list := range [][]int32{{}, {-2, -1, 0, 1, 2}} {
		got, err := c.client.TestList(none, list)
		c.expect("testList", got, list, err)
	}
	whole, err := c.client.TestMapMap(none, 1)
	c.expect("testMapMap", whole, mapMap(), err)
}

func (c *checks) exceptions() {
	thrown, _ := c.client.TestException(none, "Xception").(*thrifttest.Xception)
	c.expect("testException", thrown, &thrifttest.Xception{ErrorCode: 1001, Message: "Xception"}, nil)
	_, undeclared := c.client.TestException(none, "TException").(thrift.TApplicationException)
	c.expect("testException(TException)", undeclared, true, nil)
	c.expect("testException(success)", nil, nil, c.client.TestException(none, "success"))
	_, err := c.client.TestMultiException(none, "Xception2", "test")
	second, _ := err.(*thrifttest.Xception2)
	c.expect("testMultiException", second, &thrifttest.Xception2{ErrorCode: 2002,
		StructThing: &thrifttest.Xtruct{StringThing: "This is an Xception2"}}, nil)
	got, err := c.client.TestMultiException(none, "success", "test")
	c.expect("testMultiException(success)", got, &thrifttest.Xtruct{StringThing: "test"}, err)
}
