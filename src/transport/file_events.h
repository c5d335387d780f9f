/*
 * File events: something happened in a directory. What exactly, whoever asked finds out himself.
 *
 * Directories are watched, not files: a rename over a file, an editor's swap and a changed symbolic
 * link are events of the directory. Where the system has no such events, or no more of them, only
 * time-outs and wake-ups come: callers look at the files at intervals as well.
 */
#ifndef TRANSPORT_FILE_EVENTS_H
#define TRANSPORT_FILE_EVENTS_H

#include <rethrift/limits.h>

struct file_events;

/* E_NOMEM, E_IO. */
struct file_events *file_events_new(const thrift_allocator *allocator, thrift_error *err);
void file_events_free(struct file_events *events); /* NULL allowed */

/* Watches the directory of a file, and those of symbolic links on the way to it. false: there are
 * no events from there. Once per directory is enough; more do no harm. */
bool file_events_add(struct file_events *events, const char *path);

enum file_event { FILE_EVENT_NONE, FILE_EVENT_CHANGE, FILE_EVENT_WOKEN };
#define FILE_EVENTS_FOREVER UINT32_MAX
/* Waits for the first of: an event, a wake-up, the time-out. Threads: one. */
enum file_event file_events_wait(struct file_events *events, uint32_t timeout_ms);
/* Threads: any; signal handlers too. */
void file_events_wake(struct file_events *events);

#endif
