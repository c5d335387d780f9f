service S {}
struct T { 1: S s }
