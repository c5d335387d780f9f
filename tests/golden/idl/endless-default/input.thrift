struct S { 1: S inner = {} }
