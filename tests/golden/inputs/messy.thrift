// the head
struct   A{ // trailing
1:i32 a;2:  string b
      /**
       * doc
       */
   3: map<i32,string>   c = {1:'x'} (k="v") }
service S{void a(1:i32 x
 ,2:i32 y)throws(1:E e),
}
