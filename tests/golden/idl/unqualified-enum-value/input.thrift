enum Colour { RED }
const Colour C = RED
