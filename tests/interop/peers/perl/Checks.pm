# What the client calls and expects.
package Checks;
use 5.10.0;
use strict;
use utf8;
use warnings;
use Data::Dumper;
use Encode;

use ThriftTest::Types;

$Data::Dumper::Sortkeys = 1;

# The same text for the same value, whether Perl has it as a number or as text.
sub flat {
    my $value = shift;
    return '' unless defined $value;
    return '[' . join(',', map { flat($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return '{' . join(',', map { "$_:" . flat($value->{$_}) } sort keys %$value) . '}' if ref $value;
    return "$value";
}

sub expect {
    my ($what, $got, $wanted) = @_;
    return if flat($got) eq flat($wanted);
    die "$what: " . substr(flat($got), 0, 300) . ' instead of ' . substr(flat($wanted), 0, 300) . "\n";
}

sub thrown {
    my ($kind, $call) = @_;
    eval { $call->(); 1 } and die "no $kind\n";
    my $exception = $@;
    die $exception unless UNIVERSAL::isa($exception, $kind);
    return $exception;
}

sub base_types {
    my $client = shift;
    $client->testVoid();
    for my $text ('', 'Test', "\b\t\n/\\\r{}:\" ]] }}} {[[", 'Ελληνικά 日本語') {
        my $got = $client->testString($text);
        expect('testString', utf8::is_utf8($got) ? $got : decode('UTF-8', $got), $text);
    }
    expect('testBool', $client->testBool($_) ? 1 : 0, $_) for 1, 0;
    expect('testByte', $client->testByte($_), $_) for 0, -1, 42, -42, 127, -128;
    for my $number (0, -1, 7000000000000000123, 9223372036854775807, -9223372036854775808) {
        expect('testI64', $client->testI64($number), $number);
        expect('testTypedef', $client->testTypedef($number), $number);
    }
    for my $number (0, -1, -5.2098523, -0.000341012439638598279, 1e307, 1e-292) {
        expect('testDouble', $client->testDouble($number), $number);
    }
    $client->testOneway(1);
    expect('testI32', $client->testI32($_), $_) for 0, -1, 190000013, 2147483647, -2147483648;
}

sub binaries {
    my $client = shift;
    my $pattern = join('', map { chr($_ & 255) } 0 .. 131071);
    for my $size (0, 1, 2, 256, 4096, 131072) {
        my $bytes = substr($pattern, 0, $size);
        expect('testBinary', $client->testBinary($bytes), $bytes);
    }
}

sub structs {
    my $client = shift;
    my $one = ThriftTest::Xtruct->new({string_thing => 'Zero', byte_thing => 1, i32_thing => -3,
                                       i64_thing => -5});
    my $two = ThriftTest::Xtruct2->new({byte_thing => 1, struct_thing => $one, i32_thing => 5});
    my $insane = ThriftTest::Insanity->new({userMap => {5 => 5, 8 => 8}, xtructs => [$one]});
    expect('testStruct', $client->testStruct($one), $one);
    expect('testNest', $client->testNest($two), $two);
    expect('testEnum', $client->testEnum($_), $_) for 1, 2, 3, 5, 8;
    expect('testMulti', $client->testMulti(42, 4242, 424242, {1 => 'blah'}, 8, 24),
           {string_thing => 'Hello2', byte_thing => 42, i32_thing => 4242, i64_thing => 424242});
    my $whole = $client->testInsanity($insane);
    expect('testInsanity', $whole->{1}, {2 => $insane, 3 => $insane});
    expect('testInsanity', [keys %{$whole->{2}}], [6]);
}

sub containers {
    my $client = shift;
    my $numbers = {0 => -10, 1 => -9, 2 => -8};
    my $texts = {a => '2', b => 'blah', some => 'thing'};
    expect('testMap', $client->testMap($numbers), $numbers);
    expect('testStringMap', $client->testStringMap($texts), $texts);
    my $set = $client->testSet([-2, 0, 2]);
    expect('testSet', [sort { $a <=> $b } ref $set eq 'HASH' ? keys %$set : @$set], [-2, 0, 2]);
    expect('testList', $client->testList($_), $_) for [], [-2, 0, 2];
    expect('testMapMap', $client->testMapMap(1), Handler::map_map());
}

sub exceptions {
    my $client = shift;
    my $first = thrown('ThriftTest::Xception', sub { $client->testException('Xception') });
    expect('testException', [$first->errorCode, $first->message], [1001, 'Xception']);
    thrown('Thrift::TApplicationException', sub { $client->testException('TException') });
    $client->testException('success');
    my $second = thrown('ThriftTest::Xception2',
                        sub { $client->testMultiException('Xception2', 'test') });
    expect('testMultiException', [$second->errorCode, $second->struct_thing->string_thing],
           [2002, 'This is an Xception2']);
    expect('testMultiException', $client->testMultiException('success', 'test')->string_thing,
           'test');
}

sub all {
    my $client = shift;
    base_types($client);
    binaries($client);
    structs($client);
    containers($client);
    exceptions($client);
}

1;
