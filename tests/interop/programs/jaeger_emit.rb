# One span with Debian's ruby-jaeger-client, over UDP: ruby jaeger_emit.rb PORT
require 'jaeger/client'

tracer = Jaeger::Client.build(host: '127.0.0.1', port: ARGV[0].to_i, service_name: 'bakery',
                              flush_interval: 0.1)
span = tracer.start_span('bread')
span.set_tag('loaves', 12)
span.finish
sleep 1
