const i32 LIMIT = 2
const i32 NAME = 1
const i32 FRESH = 1
