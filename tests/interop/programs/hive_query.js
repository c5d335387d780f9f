// One query with a HiveServer2 client (npm's hive-driver); prints rows: node hive_query.js PORT
'use strict';
const hive = require('hive-driver');

const { TCLIService, TCLIService_types: types } = hive.thrift;
const utils = new hive.HiveUtils(types);

async function query() {
  const client = await new hive.HiveClient(TCLIService, types).connect(
    { host: '127.0.0.1', port: Number(process.argv[2]) },
    new hive.connections.TcpConnection(), new hive.auth.NoSaslAuthentication());
  const session = await client.openSession({
    client_protocol: types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10 });
  const version = (await session.getInfo(types.TGetInfoType.CLI_DBMS_VER)).getValue();
  const operation = await session.executeStatement('SELECT id, name FROM users');
  await utils.waitUntilReady(operation, false, () => {});
  await utils.fetchAll(operation);
  const rows = utils.getResult(operation).getValue();
  await operation.close();
  await session.close();
  console.log(JSON.stringify({ version, rows }));
  process.exit(0);
}

query().catch((error) => { console.error(error); process.exit(1); });
