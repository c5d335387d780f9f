/** As much of HiveServer2's service as a client needs for one query. */
enum Status { SUCCESS, SUCCESS_WITH_INFO, STILL_EXECUTING, ERROR, INVALID_HANDLE }
enum State { INITIALIZED, RUNNING, FINISHED, CANCELED, CLOSED, ERROR, UNKNOWN, PENDING, TIMEDOUT }
enum Type { BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, STRING }

struct Outcome { 1: required Status statusCode, 5: optional string errorMessage }
struct Identifier { 1: required binary guid, 2: required binary secret }
struct Session { 1: required Identifier sessionId }
struct Operation {
    1: required Identifier operationId
    2: required i32 operationType
    3: required bool hasResultSet
}

struct OpenSessionReq { 1: required i32 client_protocol, 2: optional string username }
struct OpenSessionResp {
    1: required Outcome status
    2: required i32 serverProtocolVersion
    3: optional Session sessionHandle
}
struct SessionReq { 1: required Session sessionHandle }
struct OperationReq { 1: required Operation operationHandle }
struct StatusResp { 1: required Outcome status }

struct GetInfoReq { 1: required Session sessionHandle, 2: required i32 infoType }
union InfoValue { 1: string stringValue, 2: i16 smallIntValue }
struct GetInfoResp { 1: required Outcome status, 2: required InfoValue infoValue }

struct ExecuteStatementReq { 1: required Session sessionHandle, 2: required string statement }
struct ExecuteStatementResp { 1: required Outcome status, 2: optional Operation operationHandle }
struct GetOperationStatusResp { 1: required Outcome status, 2: optional State operationState }

struct PrimitiveType { 1: required Type type }
union TypeEntry { 1: PrimitiveType primitiveEntry }
struct TypeDescription { 1: required list<TypeEntry> types }
struct ColumnDescription {
    1: required string columnName
    2: required TypeDescription typeDesc
    3: required i32 position
}
struct TableSchema { 1: required list<ColumnDescription> columns }
struct MetadataResp { 1: required Outcome status, 2: optional TableSchema schema }

struct Integers { 1: required list<i32> values, 2: required binary nulls }
struct Strings { 1: required list<string> values, 2: required binary nulls }
union Column { 4: Integers i32Val, 7: Strings stringVal }
struct Row { 1: required list<string> colVals }
struct RowSet {
    1: required i64 startRowOffset
    2: required list<Row> rows
    3: optional list<Column> columns
}
struct FetchResultsReq { 1: required Operation operationHandle, 3: required i64 maxRows }
struct FetchResultsResp {
    1: required Outcome status
    2: optional bool hasMoreRows
    3: optional RowSet results
}

service TCLIService {
    OpenSessionResp OpenSession(1: OpenSessionReq req)
    GetInfoResp GetInfo(1: GetInfoReq req)
    ExecuteStatementResp ExecuteStatement(1: ExecuteStatementReq req)
    GetOperationStatusResp GetOperationStatus(1: OperationReq req)
    MetadataResp GetResultSetMetadata(1: OperationReq req)
    FetchResultsResp FetchResults(1: FetchResultsReq req)
    StatusResp CloseOperation(1: OperationReq req)
    StatusResp CloseSession(1: SessionReq req)
}
