/** Some of what a Parquet file says of itself at its end. */
struct FileMetaData {
  1: required i32 version
  2: required list<Column> schema
  3: required i64 num_rows
  6: optional string created_by
}

struct Column {
  4: required string name
  5: optional i32 num_children
}
