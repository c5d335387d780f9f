struct é { 1: i32 a }
