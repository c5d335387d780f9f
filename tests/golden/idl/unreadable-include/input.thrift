include "directory"
