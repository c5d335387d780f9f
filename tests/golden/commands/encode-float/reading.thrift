struct Reading {
  1: i32 sensor
  2: float ratio
}
