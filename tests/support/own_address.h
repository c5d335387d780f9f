/*
 * Addresses of this process alone, so that the same test can run twice at once on one machine.
 */
#ifndef SUPPORT_OWN_ADDRESS_H
#define SUPPORT_OWN_ADDRESS_H

#include <stdio.h>
#include <unistd.h>

/* "unix:@rethrift-NAME-PID" and what follows; good until the eighth next call. */
static inline const char *own_address(const char *name, const char *more)
{
    static char texts[8][128];
    static unsigned next;
    char *text = texts[next++ % 8];

    (void)snprintf(text, sizeof texts[0], "unix:@rethrift-%s-%d%s", name, (int)getpid(), more);
    return text;
}

#endif
