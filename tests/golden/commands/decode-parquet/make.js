// How cities.parquet was made: npm install @dsnp/parquetjs (1.8.8), node make.js
const { ParquetSchema, ParquetWriter } = require('@dsnp/parquetjs');

(async () => {
  const schema = new ParquetSchema({
    city: { type: 'UTF8' },
    people: { type: 'INT64', optional: true },
    area: { type: 'DOUBLE' },
  });
  const writer = await ParquetWriter.openFile(schema, 'cities.parquet');
  await writer.appendRow({ city: 'Bern', people: 137000n, area: 51.6 });
  await writer.appendRow({ city: 'Basel', people: 178000n, area: 23.9 });
  await writer.appendRow({ city: 'Chur', area: 54.3 });
  await writer.close();
})();
