const string S = "\x41\u00e9\/"
