/*
 * Runs a fuzz target over files: replay CORPUS_DIRECTORY_OR_FILE...
 *
 * So that every input that ever mattered is an ordinary test, with any compiler.
 */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int failed;
static unsigned count;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t size = 0, got = 1;

    if (file == NULL) {
        perror(path);
        failed = 1;
        return;
    }
    while (got > 0) {
        uint8_t *more = realloc(data, size + 65536);

        if (more == NULL) {
            break;
        }
        data = more;
        got = fread(data + size, 1, 65536, file);
        size += got;
    }
    (void)fclose(file);
    if (data != NULL) {
        /* An exact copy, so that reading one byte too far is seen. */
        uint8_t *exact = malloc(size > 0 ? size : 1);

        if (exact != NULL) {
            memcpy(exact, data, size);
            (void)LLVMFuzzerTestOneInput(exact, size);
            count++;
        }
        free(exact);
    }
    free(data);
}

static void replay(const char *path)
{
    DIR *directory = opendir(path);

    if (directory == NULL) {
        replay_file(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char inside[4096];

        if (entry->d_name[0] != '.') {
            (void)snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
            replay_file(inside);
        }
    }
    (void)closedir(directory);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        replay(argv[i]);
    }
    printf("%u inputs\n", count);
    return failed != 0 || count == 0;
}
