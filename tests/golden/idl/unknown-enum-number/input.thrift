enum E { A = 1 }
const E C = 7
