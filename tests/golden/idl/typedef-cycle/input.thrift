typedef B A
typedef list<A> B
struct S { 1: A a }
