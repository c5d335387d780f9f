enum Colour { RED }
enum Other { BLUE }
const Colour C = Other.RED
