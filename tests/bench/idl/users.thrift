namespace cpp bench

struct User { 1: required i32 id, 2: string name, 3: optional string email }
service Users { User echo(1: User user) }
