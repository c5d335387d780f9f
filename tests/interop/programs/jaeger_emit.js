// A parent and a child span with Jaeger's own client, over UDP: node jaeger_emit.js PORT
'use strict';
const { initTracer } = require('jaeger-client');

const tracer = initTracer({
  serviceName: 'kitchen',
  sampler: { type: 'const', param: 1 },
  reporter: { agentHost: '127.0.0.1', agentPort: Number(process.argv[2]) },
}, { tags: { version: '1.2' } });

const parent = tracer.startSpan('dinner');
const child = tracer.startSpan('soup', { childOf: parent });
child.setTag('plates', 4);
child.setTag('hot', true);
child.setTag('litres', 1.5);
child.log({ event: 'salted', grams: 3 });
child.finish();
parent.finish();
tracer.close(() => process.exit(0));
