typedef map<i32, i32> A
typedef map<A, A> B
typedef map<B, B> C
typedef map<C, C> D
typedef map<D, D> E
typedef map<E, E> F
typedef map<F, F> G
typedef map<G, G> H
typedef map<H, H> I
struct S {
  1: H fits
  2: I does_not
}
