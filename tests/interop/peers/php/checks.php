<?php
// What the client calls and expects.

use ThriftTest\Insanity;
use ThriftTest\Xception;
use ThriftTest\Xception2;
use ThriftTest\Xtruct;
use ThriftTest\Xtruct2;

function expect($got, $wanted): void
{
    if ($got != $wanted) {
        throw new Exception(substr(var_export($got, true), 0, 300) . ' instead of '
                            . substr(var_export($wanted, true), 0, 300));
    }
}

function thrown(string $kind, callable $call): Throwable
{
    try {
        $call();
    } catch (Exception $exception) {
        if ($exception instanceof $kind) {
            return $exception;
        }
        throw $exception;
    }
    throw new Exception("no $kind");
}

function check_base_types($client): void
{
    $client->testVoid();
    foreach (['', 'Test', "\t\n/\\\r{}:\" ]] }}} {[[", 'Ελληνικά 日本語'] as $text) {
        expect($client->testString($text), $text);
    }
    foreach ([true, false] as $truth) {
        expect($client->testBool($truth), $truth);
    }
    foreach ([0, -1, 42, -42, 127, -128] as $number) {
        expect($client->testByte($number), $number);
    }
    foreach ([0, -1, 7000000000000000123, PHP_INT_MAX, PHP_INT_MIN] as $number) {
        expect($client->testI64($number), $number);
        expect($client->testTypedef($number), $number);
    }
    foreach ([0.0, -1.0, -5.2098523, -0.000341012439638598279, 1e307, 1e-292] as $number) {
        expect($client->testDouble($number), $number);
    }
    $client->testOneway(1);
    foreach ([0, -1, 190000013, 2147483647, -2147483648] as $number) {
        expect($client->testI32($number), $number);
    }
}

function check_binaries($client): void
{
    $pattern = str_repeat(implode('', array_map('chr', range(0, 255))), 512);
    foreach ([0, 1, 2, 256, 4096, 131072] as $size) {
        expect($client->testBinary(substr($pattern, 0, $size)), substr($pattern, 0, $size));
    }
}

function check_structs($client): void
{
    $one = new Xtruct(['string_thing' => 'Zero', 'byte_thing' => 1, 'i32_thing' => -3,
                       'i64_thing' => -5]);
    $two = new Xtruct2(['byte_thing' => 1, 'struct_thing' => $one, 'i32_thing' => 5]);
    $insane = new Insanity(['userMap' => [5 => 5, 8 => 8], 'xtructs' => [$one]]);

    expect($client->testStruct($one), $one);
    expect($client->testNest($two), $two);
    foreach ([1, 2, 3, 5, 8] as $number) {
        expect($client->testEnum($number), $number);
    }
    expect($client->testMulti(42, 4242, 424242, [1 => 'blah'], 8, 24),
           new Xtruct(['string_thing' => 'Hello2', 'byte_thing' => 42, 'i32_thing' => 4242,
                       'i64_thing' => 424242]));
    $whole = $client->testInsanity($insane);
    expect($whole[1], [2 => $insane, 3 => $insane]);
    expect($whole[2][6]->userMap ?? [], []);
}

function check_containers($client): void
{
    $numbers = [0 => -10, 1 => -9, 2 => -8];
    $texts = ['a' => '2', 'b' => 'blah', 'some' => 'thing'];

    expect($client->testMap($numbers), $numbers);
    expect($client->testStringMap($texts), $texts);
    $set = array_keys($client->testSet([-2 => true, 0 => true, 2 => true]));
    sort($set);
    expect($set, [-2, 0, 2]);
    expect($client->testList([]), []);
    expect($client->testList([-2, 0, 2]), [-2, 0, 2]);
    expect($client->testMapMap(1), Handler::mapMap());
}

function check_exceptions($client): void
{
    $first = thrown(Xception::class, fn () => $client->testException('Xception'));
    expect([$first->errorCode, $first->message], [1001, 'Xception']);
    thrown(Thrift\Exception\TApplicationException::class,
           fn () => $client->testException('TException'));
    $client->testException('success');
    $second = thrown(Xception2::class, fn () => $client->testMultiException('Xception2', 'test'));
    expect([$second->errorCode, $second->struct_thing->string_thing],
           [2002, 'This is an Xception2']);
    expect($client->testMultiException('success', 'test')->string_thing, 'test');
}

/* In JSON it writes binaries as text, and nothing at all when they are none. */
function check_all($client, bool $json): void
{
    check_base_types($client);
    if (!$json) {
        check_binaries($client);
    }
    check_structs($client);
    check_containers($client);
    check_exceptions($client);
}
