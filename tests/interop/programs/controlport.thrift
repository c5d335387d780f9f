/** As much of GNU Radio's ControlPort as reads and sets its knobs. */
enum KnobKind { BOOL, BYTE, SHORT, INT, LONG, DOUBLE, STRING, COMPLEX, F32VECTOR }

struct KnobValue {
    4: optional i32 a_int
    5: optional i64 a_long
    6: optional double a_double
    7: optional string a_string
    9: optional list<double> a_f32vector
}
struct Knob { 1: KnobKind type, 2: KnobValue value }
struct Property { 2: string units, 3: string description }

service ControlPort {
    void setKnobs(1: map<string, Knob> knobs)
    map<string, Knob> getKnobs(1: list<string> knobs)
    map<string, Property> properties(1: list<string> knobs)
}
