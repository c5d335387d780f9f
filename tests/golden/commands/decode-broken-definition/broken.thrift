struct User { 1: strng name }
