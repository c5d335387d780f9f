enum Colour { RED, GREEN }
const Colour C = Colour.GREAN
