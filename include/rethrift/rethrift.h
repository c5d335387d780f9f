/** Everything except what is asked for by name: <rethrift/native.h>, <rethrift/json.h>,
 * <rethrift/uv.h>. */
#ifndef RETHRIFT_H
#define RETHRIFT_H

#include <rethrift/buffer.h>
#include <rethrift/client.h>
#include <rethrift/codec.h>
#include <rethrift/compat.h>
#include <rethrift/error.h>
#include <rethrift/limits.h>
#include <rethrift/loop.h>
#include <rethrift/print.h>
#include <rethrift/protocol.h>
#include <rethrift/registry.h>
#include <rethrift/reload.h>
#include <rethrift/schema.h>
#include <rethrift/server.h>
#include <rethrift/value.h>

#endif
