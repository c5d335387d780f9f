/*
 * Log lines: event, text, one printable line, silence without a hook.
 */
#include "base/log.h"

#include <string.h>

#include "suite.h"

struct heard {
    int level, count;
    char line[1024];
};

static void hear(int level, const char *line, void *data)
{
    struct heard *heard = data;

    heard->level = level;
    heard->count++;
    (void)snprintf(heard->line, sizeof heard->line, "%s", line);
}

START_TEST(a_line_is_event_and_text)
{
    struct heard heard = {0};
    struct log log = {hear, &heard};

    log_write(&log, LOG_NOTICE, "connection-closed", "%s after %d calls", "peer", 3);
    ck_assert_int_eq(heard.level, 5);
    ck_assert_str_eq(heard.line, "connection-closed: peer after 3 calls");
    log_write(&log, LOG_ERROR, "bad-frame", "a\nb\tc");
    ck_assert_str_eq(heard.line, "bad-frame: a?b?c");
    ck_assert_int_eq(heard.count, 2);
}
END_TEST

START_TEST(long_texts_and_events_are_cut)
{
    struct heard heard = {0};
    struct log log = {hear, &heard};
    char longer[2000];

    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    log_write(&log, LOG_INFO, "event", "%s", longer);
    ck_assert_uint_eq(strlen(heard.line), 511);
    log_write(&log, LOG_INFO, longer, "%d", 1);
    ck_assert_uint_eq(strlen(heard.line), 511);
}
END_TEST

START_TEST(without_a_hook_there_is_silence)
{
    struct log log = {NULL, NULL};

    log_write(&log, LOG_ERROR, "event", "text");
    log_write(NULL, LOG_ERROR, "event", "text");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, a_line_is_event_and_text);
    tcase_add_test(tests, long_texts_and_events_are_cut);
    tcase_add_test(tests, without_a_hook_there_is_silence);
}

SUITE_MAIN("base/log")
