struct S { 1: float x }
