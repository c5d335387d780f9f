struct S { 1: void a }
