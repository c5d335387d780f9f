enum E { A = 2147483647, B }
enum F { A = -2147483649 }
