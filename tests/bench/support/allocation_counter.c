/*
 * Counts allocations of the program it is preloaded into (LD_PRELOAD), and nothing else: timing
 * runs go without it.
 *
 * The program itself asks through allocation_count(); somebody outside reads the same two numbers
 * from the file named by ALLOCATION_COUNT_FILE, which is mapped and shared (long count, long
 * bytes).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
long allocation_count(int bytes);

struct counts {
    atomic_long count, bytes;
};

static struct counts own;
static struct counts *counts = &own;

__attribute__((constructor)) static void share_counts(void)
{
    const char *path = getenv("ALLOCATION_COUNT_FILE");
    int file = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    void *shared = MAP_FAILED;

    if (file >= 0 && ftruncate(file, sizeof own) == 0) {
        shared = mmap(NULL, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    if (shared != MAP_FAILED) {
        counts = shared;
    }
}

static void note(size_t size)
{
    atomic_fetch_add_explicit(&counts->count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&counts->bytes, (long)size, memory_order_relaxed);
}

long allocation_count(int bytes) { return bytes != 0 ? counts->bytes : counts->count; }

void *malloc(size_t size)
{
    note(size);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    note(count * size);
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    note(size);
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
    note(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    note(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **out_block, size_t alignment, size_t size)
{
    void *block;

    note(size);
    block = __libc_memalign(alignment, size);
    if (block == NULL) {
        return ENOMEM;
    }
    *out_block = block;
    return 0;
}
