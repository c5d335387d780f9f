# Apache's Perl library (libthrift-perl) with code that `thrift --gen perl` made.
#
#     perl peer.pl client|server --generated=DIR --port=N --protocol=P --transport=T ...
use 5.10.0;
use strict;
use warnings;
use Data::Dumper;
use FindBin;
use Getopt::Long;

my %options = (host => 'localhost', port => 9090, protocol => 'binary', transport => 'buffered');
my $side = shift @ARGV;
GetOptions(\%options, 'generated=s', 'host=s', 'port=i', 'domain-socket=s', 'abstract-namespace',
           'protocol=s', 'transport=s') or exit 2;
unshift @INC, $options{generated}, $FindBin::Bin;

require Thrift::BinaryProtocol;
require Thrift::BufferedTransport;
require Thrift::FramedTransport;
require Thrift::MultiplexedProcessor;
require Thrift::MultiplexedProtocol;
require Thrift::Server;
require Thrift::ServerSocket;
require Thrift::Socket;
require Thrift::UnixServerSocket;
require Thrift::UnixSocket;
require ThriftTest::SecondService;
require ThriftTest::ThriftTest;
require Checks;
require Handler;

my $multiplexed = $options{protocol} eq 'multi';
my $unix = $options{'domain-socket'};
$unix = "\0$unix" if $options{'abstract-namespace'};

sub transports {
    return $options{transport} eq 'framed' ? Thrift::FramedTransportFactory->new()
        : Thrift::BufferedTransportFactory->new();
}

sub serve {
    my $processor = ThriftTest::ThriftTestProcessor->new(Handler->new());
    if ($multiplexed) {
        my $several = Thrift::MultiplexedProcessor->new();
        $several->defaultProcessor($processor);
        $several->registerProcessor('ThriftTest', $processor);
        $several->registerProcessor('SecondService',
                                    ThriftTest::SecondServiceProcessor->new(Handler->new()));
        $processor = $several;
    }
    my $socket = $unix ? Thrift::UnixServerSocket->new($unix)
        : Thrift::ServerSocket->new({host => '127.0.0.1', port => $options{port}});
    Thrift::SimpleServer->new($processor, $socket, transports(),
                              Thrift::BinaryProtocolFactory->new())->serve();
}

sub open_transport {
    if ($options{transport} eq 'http') {
        require Thrift::HttpClient;
        return Thrift::HttpClient->new("http://$options{host}:$options{port}/service");
    }
    my $socket = $unix ? Thrift::UnixSocket->new($unix)
        : Thrift::Socket->new($options{host}, $options{port});
    $socket->setRecvTimeout(10000);
    return transports()->getTransport($socket);
}

sub named {
    my ($wire, $service) = @_;
    return $multiplexed ? Thrift::MultiplexedProtocol->new($wire, $service) : $wire;
}

sub call {
    my $transport = open_transport();
    my $wire = Thrift::BinaryProtocol->new($transport);
    $transport->open();
    Checks::all(ThriftTest::ThriftTestClient->new(named($wire, 'ThriftTest')));
    if ($multiplexed) {
        my $second = ThriftTest::SecondServiceClient->new(named($wire, 'SecondService'));
        Checks::expect('secondtestString', $second->secondtestString('foo'), 'testString("foo")');
    }
    $transport->close();
}

eval { $side eq 'server' ? serve() : call(); 1 } or do {
    my $failure = $@;
    print STDERR ref $failure ? Dumper($failure) : $failure;
    exit 1;
};
