include "nowhere.thrift"
struct S { 1: nowhere.User user }
service A extends nowhere.Base {}
