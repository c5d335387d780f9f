const string S = "one
two"
