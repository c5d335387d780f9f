<?php
// The handlers of ThriftTest: most of them answer with what they are given.

use ThriftTest\Insanity;
use ThriftTest\Xception;
use ThriftTest\Xception2;
use ThriftTest\Xtruct;

class Handler implements ThriftTest\ThriftTestIf
{
    public function testVoid() {}
    public function testString($thing) { return $thing; }
    public function testBool($thing) { return $thing; }
    public function testByte($thing) { return $thing; }
    public function testI32($thing) { return $thing; }
    public function testI64($thing) { return $thing; }
    public function testDouble($thing) { return $thing; }
    public function testBinary($thing) { return $thing; }
    public function testStruct(Xtruct $thing) { return $thing; }
    public function testNest(ThriftTest\Xtruct2 $thing) { return $thing; }
    public function testMap(array $thing) { return $thing; }
    public function testStringMap(array $thing) { return $thing; }
    public function testSet(array $thing) { return $thing; }
    public function testList(array $thing) { return $thing; }
    public function testEnum($thing) { return $thing; }
    public function testTypedef($thing) { return $thing; }
    public function testOneway($secondsToSleep) {}

    public static function mapMap(): array
    {
        $whole = [];
        foreach ([-1, 1] as $sign) {
            for ($i = 1; $i < 5; $i++) {
                $whole[$sign * 4][$sign * $i] = $sign * $i;
            }
        }
        return $whole;
    }

    public function testMapMap($hello) { return self::mapMap(); }

    public function testInsanity(Insanity $argument)
    {
        return [1 => [2 => $argument, 3 => $argument],
                2 => [6 => new Insanity(['userMap' => [], 'xtructs' => []])]];
    }

    public function testMulti($arg0, $arg1, $arg2, array $arg3, $arg4, $arg5)
    {
        return new Xtruct(['string_thing' => 'Hello2', 'byte_thing' => $arg0, 'i32_thing' => $arg1,
                           'i64_thing' => $arg2]);
    }

    public function testException($arg)
    {
        if ($arg === 'Xception') {
            throw new Xception(['errorCode' => 1001, 'message' => $arg]);
        }
        if ($arg === 'TException') {
            throw new Thrift\Exception\TException('something undeclared');
        }
    }

    public function testMultiException($arg0, $arg1)
    {
        if ($arg0 === 'Xception') {
            throw new Xception(['errorCode' => 1001, 'message' => 'This is an Xception']);
        }
        if ($arg0 === 'Xception2') {
            throw new Xception2(['errorCode' => 2002, 'struct_thing' =>
                                 new Xtruct(['string_thing' => 'This is an Xception2'])]);
        }
        return new Xtruct(['string_thing' => $arg1]);
    }
}

class SecondHandler implements ThriftTest\SecondServiceIf
{
    public function secondtestString($thing) { return "testString(\"$thing\")"; }
}
