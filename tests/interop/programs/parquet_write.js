// Writes three cities to two Parquet files: with parquetjs, and with hyparquet-writer.
// parquet_write.js NODE_MODULES FOLDER
const fs = require('fs');
const path = require('path');
const url = require('url');

const [modules, folder] = process.argv.slice(2);
const cities = [{city: 'Bern', people: 137, area: 51.6}, {city: 'Zürich', people: 421, area: 87.9},
                {city: 'Chur', people: null, area: 54.3}];

async function byParquetjs() {
    const {ParquetSchema, ParquetWriter} = require('parquetjs');
    const schema = new ParquetSchema({city: {type: 'UTF8'}, people: {type: 'INT32', optional: true},
                                      area: {type: 'DOUBLE', compression: 'GZIP'}});
    const writer = await ParquetWriter.openFile(schema, path.join(folder, 'parquetjs.parquet'));
    for (const {people, ...city} of cities) {
        await writer.appendRow(people === null ? city : {people, ...city});
    }
    writer.setMetadata('country', 'CH');
    await writer.close();
}

async function byHyparquet() {
    const home = path.join(modules, 'hyparquet-writer', 'src', 'index.js');
    const {parquetWriteBuffer} = await import(url.pathToFileURL(home));
    const columnData = ['city', 'people', 'area'].map((name) => ({
        name, data: cities.map((city) => city[name]),
        type: {city: 'STRING', people: 'INT32', area: 'DOUBLE'}[name]}));
    const file = parquetWriteBuffer({columnData, kvMetadata: [{key: 'country', value: 'CH'}]});
    fs.writeFileSync(path.join(folder, 'hyparquet.parquet'), Buffer.from(file));
}

byParquetjs().then(byHyparquet);
