<?php
// Apache's PHP library (php-thrift) with code that `thrift --gen php:server` made.
//
//     php peer.php client|server --generated=DIR --port=N --protocol=P --transport=T …
//
// Its HTTP server is PHP's own one, which runs this file for each request.

use Thrift\Factory\TBinaryProtocolFactory;
use Thrift\Factory\TCompactProtocolFactory;
use Thrift\Factory\TJSONProtocolFactory;
use Thrift\Factory\TTransportFactory;
use Thrift\Protocol\TBinaryProtocolAccelerated;
use Thrift\Protocol\TMultiplexedProtocol;
use Thrift\Server\TServerSocket;
use Thrift\Server\TSimpleServer;
use Thrift\TMultiplexedProcessor;
use Thrift\Transport\TBufferedTransport;
use Thrift\Transport\TFramedTransport;
use Thrift\Transport\THttpClient;
use Thrift\Transport\TPhpStream;
use Thrift\Transport\TSocket;

error_reporting(E_ALL & ~E_DEPRECATED); // the library is older than the language

function options(array $arguments): array
{
    $options = ['host' => 'localhost', 'port' => 9090, 'protocol' => 'binary',
                'transport' => 'buffered'];
    foreach ($arguments as $argument) {
        [$name, $value] = explode('=', substr($argument, 2), 2) + [1 => ''];
        $options[$name] = $value;
    }
    return $options;
}

$served = PHP_SAPI === 'cli-server';
$options = $served ? json_decode(getenv('PEER_OPTIONS'), true) : options(array_slice($argv, 2));

spl_autoload_register(function (string $class) use ($options) {
    $path = str_replace('\\', '/', $class) . '.php';
    $file = str_starts_with($class, 'Thrift\\') ? '/usr/lib/php/' . substr($path, strlen('Thrift/'))
        : "{$options['generated']}/$path";
    if (is_file($file)) {
        require_once $file;
    }
});
require_once __DIR__ . '/handler.php';
require_once __DIR__ . '/checks.php';

function is_multiplexed(array $options): bool
{
    return str_starts_with($options['protocol'], 'multi');
}

class AcceleratedFactory implements Thrift\Factory\TProtocolFactory
{
    public function getProtocol($trans)
    {
        return new TBinaryProtocolAccelerated($trans, true, true);
    }
}

class BufferedFactory extends TTransportFactory
{
    public static function getTransport(Thrift\Transport\TTransport $transport)
    {
        return new TBufferedTransport($transport);
    }
}

class FramedFactory extends TTransportFactory
{
    public static function getTransport(Thrift\Transport\TTransport $transport)
    {
        return new TFramedTransport($transport);
    }
}

function protocols(array $options)
{
    switch ($options['protocol']) {
        case 'accel':
            return new AcceleratedFactory();
        case 'compact':
        case 'multic':
            return new TCompactProtocolFactory();
        case 'json':
        case 'multij':
            return new TJSONProtocolFactory();
        default:
            return new TBinaryProtocolFactory(true, true);
    }
}

function transports(array $options): TTransportFactory
{
    return $options['transport'] === 'framed' ? new FramedFactory() : new BufferedFactory();
}

// ---- server ----

function processor(array $options)
{
    $first = new ThriftTest\ThriftTestProcessor(new Handler());
    if (!is_multiplexed($options)) {
        return $first;
    }
    $several = new TMultiplexedProcessor();
    $several->registerProcessor('ThriftTest', $first);
    $several->registerProcessor('SecondService',
                                new ThriftTest\SecondServiceProcessor(new SecondHandler()));
    return $several;
}

function answer_request(array $options): void
{
    header('Content-Type: application/x-thrift');
    $stream = new TBufferedTransport(new TPhpStream(TPhpStream::MODE_R | TPhpStream::MODE_W));
    $protocol = protocols($options)->getProtocol($stream);
    $stream->open();
    processor($options)->process($protocol, $protocol);
    $stream->close();
}

function serve(array $options): void
{
    if ($options['transport'] === 'http') {
        pcntl_exec(PHP_BINARY, ['-d', 'display_errors=stderr', '-S',
                                "127.0.0.1:{$options['port']}", __FILE__],
                   ['PEER_OPTIONS' => json_encode($options)]);
    }
    $socket = new TServerSocket('127.0.0.1', (int)$options['port']);
    (new TSimpleServer(processor($options), $socket, transports($options), transports($options),
                       protocols($options), protocols($options)))->serve();
}

// ---- client ----

function named($wire, array $options, string $service)
{
    return is_multiplexed($options) ? new TMultiplexedProtocol($wire, $service) : $wire;
}

function call(array $options): void
{
    $port = (int)$options['port'];
    if ($options['transport'] === 'http') {
        $transport = new TBufferedTransport(new THttpClient($options['host'], $port, '/service'));
    } else {
        $socket = new TSocket($options['host'], $port);
        $socket->setRecvTimeout(10000);
        $transport = transports($options)->getTransport($socket);
    }
    $wire = protocols($options)->getProtocol($transport);
    $transport->open();
    check_all(new ThriftTest\ThriftTestClient(named($wire, $options, 'ThriftTest')),
              in_array($options['protocol'], ['json', 'multij']));
    if (is_multiplexed($options)) {
        $second = new ThriftTest\SecondServiceClient(named($wire, $options, 'SecondService'));
        expect($second->secondtestString('foo'), 'testString("foo")');
    }
    $transport->close();
}

if ($served) {
    answer_request($options);
} elseif ($argv[1] === 'server') {
    serve($options);
} else {
    call($options);
}
