struct UserId { 1: i32 id }
struct S { 1: UserID user }
