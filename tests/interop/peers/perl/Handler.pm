# The handlers of both services: most of them answer with what they are given.
package Handler;
use 5.10.0;
use strict;
use warnings;
use base qw(ThriftTest::ThriftTestIf);

use ThriftTest::Types;

sub new { return bless {}, shift }

sub testVoid { return }

for my $name (qw(String Bool Byte I32 I64 Double Binary Struct Nest Map StringMap List Enum Typedef)) {
    no strict 'refs';
    *{"test$name"} = sub { return $_[1] };
}

sub testSet { return [keys %{$_[1]}] } # read as a hash, written as an array

sub map_map {
    my %whole;
    for my $sign (-1, 1) {
        $whole{$sign * 4}{$sign * $_} = $sign * $_ for 1 .. 4;
    }
    return \%whole;
}

sub testMapMap { return map_map() }

sub testInsanity {
    my ($self, $argument) = @_;
    return {1 => {2 => $argument, 3 => $argument}, 2 => {6 => ThriftTest::Insanity->new()}};
}

sub testMulti {
    my ($self, $arg0, $arg1, $arg2) = @_;
    return ThriftTest::Xtruct->new({string_thing => 'Hello2', byte_thing => $arg0,
                                    i32_thing => $arg1, i64_thing => $arg2});
}

sub testException {
    my ($self, $arg) = @_;
    die ThriftTest::Xception->new({errorCode => 1001, message => $arg}) if $arg eq 'Xception';
    die 'something undeclared' if $arg eq 'TException';
    return;
}

sub testMultiException {
    my ($self, $arg0, $arg1) = @_;
    if ($arg0 eq 'Xception') {
        die ThriftTest::Xception->new({errorCode => 1001, message => 'This is an Xception'});
    }
    if ($arg0 eq 'Xception2') {
        my $thing = ThriftTest::Xtruct->new({string_thing => 'This is an Xception2'});
        die ThriftTest::Xception2->new({errorCode => 2002, struct_thing => $thing});
    }
    return ThriftTest::Xtruct->new({string_thing => $arg1});
}

sub testOneway { return }

sub secondtestString { return "testString(\"$_[1]\")" }

1;
