struct list { 1: i32 a }
service S { void string() }
