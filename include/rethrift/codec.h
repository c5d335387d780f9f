/**
 * Codec: values to bytes and back; conversion, partial reading and editing of bytes.
 * No sockets: one value of one type at a time. Threads: any, one owner per object.
 */
#ifndef RETHRIFT_CODEC_H
#define RETHRIFT_CODEC_H

#include <rethrift/protocol.h>
#include <rethrift/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to do with fields that the definition does not have. */
typedef enum thrift_on_unknown {
    THRIFT_UNKNOWN_SKIP,
    THRIFT_UNKNOWN_KEEP,
    THRIFT_UNKNOWN_REFUSE
} thrift_on_unknown;

/**
 * Input that is readable but not as declared. Without options a peer is understood as Apache's
 * readers do: MISSING, UNION and TRAILING are errors, the others are accepted. A bit in
 * `thrift_codec_options.accept` accepts what is an error otherwise; a bit in `.refuse` makes an
 * error of what is accepted otherwise.
 */
typedef enum thrift_leniency {
    THRIFT_ACCEPT_MISSING = 1 << 0,    /**< required field absent; an error unless accepted when
                                            reading and transcoding, and always when writing */
    THRIFT_ACCEPT_MISMATCH = 1 << 1,   /**< known id, other wire type: skipped unless refused */
    THRIFT_ACCEPT_UNION = 1 << 2,      /**< no member or several (the last wins); an error */
    THRIFT_ACCEPT_ENUM = 1 << 3,       /**< number without a symbol: kept unless refused */
    THRIFT_ACCEPT_UTF8 = 1 << 4,       /**< string that is not UTF-8: kept unless refused; JSON
                                            cannot hold it and always refuses. Raw control
                                            characters in JSON: an error unless accepted; in TJSON
                                            those without a letter, which Python's and node's
                                            writers leave, are read unless refused */
    THRIFT_ACCEPT_DUPLICATES = 1 << 5, /**< field twice (the last wins), map key or set item twice
                                            (both stay): unless refused */
    THRIFT_ACCEPT_TRAILING = 1 << 6    /**< bytes after the value; an error unless accepted */
} thrift_leniency;

/** What a decoded record's strings and binaries are. */
typedef enum thrift_decode_strings {
    THRIFT_DECODE_COPIES, /**< copies, each followed by a NUL byte */
    THRIFT_DECODE_VIEWS /**< views into the input, which must stay as it is while the record lives.
                             They can be read as bytes alone: thrift_get_string() and
                             thrift_as_string() give NULL, and a mistake of the root (E_TYPE). What
                             is set later, and what thrift_record_copy() makes, are copies. What
                             stands in the last 32 bytes of the input, or in JSON with escapes or
                             in base64, is copied and read in the same way. */
} thrift_decode_strings;

typedef struct thrift_codec_options {
    size_t struct_size;
    thrift_on_unknown unknown; /**< KEEP writes unknown fields back when the record is encoded */
    unsigned accept;           /**< thrift_leniency bits */
    bool no_defaults;   /**< leave absent fields absent instead of at their declared default; when
                           writing, leave unset fields out unless they are required */
    bool pretty;        /**< JSON: indent */
    bool i64_as_string; /**< plain JSON */
    bool validators; /**< hold records against the vt.* annotations of their fields, before a byte
                        is written and when all was read: docs/reference/validators.md */
    const thrift_limits *limits;
    unsigned refuse;      /**< thrift_leniency bits */
    bool drop_duplicates; /**< of map keys and set items that are there twice the last stands, in
                             the place of the first, also where DUPLICATES are refused. (Native
                             structs are read by way of a record then.) */
    thrift_decode_strings strings; /**< native structs always get copies */
    bool enums_as_numbers;         /**< plain JSON: write numbers; names and numbers are read */
    bool binary_as_text; /**< plain JSON: binary is a string as it is, instead of base64; what is
                            not UTF-8 cannot be written */
    bool i8_unsigned;    /**< plain JSON: write i8 as 0 to 255, and read up to 255, too */
    bool write_required; /**< of records: write required fields that are not set with their declared
                              default, or empty, instead of refusing (but for unions, which cannot
                              be empty) */
    bool write_optional; /**< the same for optional fields, which are left out otherwise */
} thrift_codec_options;
#define THRIFT_CODEC_OPTIONS_INIT THRIFT_OPTIONS_INIT_(thrift_codec_options)
#define THRIFT_CODEC_OPTIONS(...) THRIFT_OPTIONS_(thrift_codec_options, __VA_ARGS__)

/**
 * Append the encoded record to `out`; on failure `out` is as before. Reports the root's first
 * mistake, then what thrift_check() would, with the path: "users[3].email".
 *
 * @param record    Any record, not only a root. NULL fails and leaves `err` as it is.
 * @param protocol  In what.
 * @param options   NULL for defaults.
 * @param out       Caller-owned; grows.
 * @param err       E_REQUIRED, E_CORRUPT (a union without a member), E_LIMIT, E_NOMEM, E_ARGUMENT,
 *                  or the first mistake; E_RANGE, E_REQUIRED, E_ARGUMENT: of a validator.
 * Threads: any; the record must not change meanwhile.
 */
THRIFT_API thrift_status thrift_encode(const thrift_record *record, thrift_protocol protocol,
                                       const thrift_codec_options *options, thrift_buffer *out,
                                       thrift_error *err);

/**
 * Decode one value that fills `input`.
 *
 * @param schema   The definition; the result keeps a reference. NULL fails, `err` is left as is.
 * @param type     Name of a struct, union or exception.
 * @param input    Only read during the call, unless the options ask for views.
 * @param options  NULL for defaults.
 * @param err      With the field's path and the offset: E_NAME, E_TRUNCATED, E_CORRUPT, E_TYPE,
 *                 E_RANGE, E_REQUIRED, E_TRAILING, E_LIMIT, E_NOMEM.
 * @return         A new root: thrift_record_free(). Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_record *
thrift_decode(const thrift_schema *schema, const char *type, thrift_protocol protocol,
              thrift_bytes input, const thrift_codec_options *options, thrift_error *err);

/**
 * The same into a root that exists, whose memory is used again: nothing is allocated when warm.
 * `*input` moves behind the value, so that back-to-back values are a loop. On failure: an empty
 * record, `*input` unmoved. E_STATE: `into` is not a root. Threads: owner.
 */
THRIFT_API thrift_status thrift_decode_next(thrift_record *into, thrift_protocol protocol,
                                            thrift_bytes *input,
                                            const thrift_codec_options *options, thrift_error *err);

/**
 * From any protocol to any other, in one pass: beside input and output it takes memory for what is
 * open, and no record. Fields are written in the order in which they come. What is declared is
 * checked as by thrift_decode() and thrift_encode(), with the same options.
 *
 * A record is made all the same, and thrown away, when the options refuse or drop duplicates, and
 * when a field of the input is there twice or a union has several accepted members: the last wins,
 * and it is not known before it was seen. Where JSON does not say how many elements a container
 * has, its count is filled in behind them: on compact and TJSON, whose counts vary in size, large
 * containers are moved by some bytes for it.
 *
 * @param schema  May be NULL between binary, compact and TJSON, which carry their types: nothing
 *                but the form of the bytes is checked then.
 * @param type    Name of a struct, union or exception; not looked at without a schema.
 * @param out     Caller-owned; the value is appended. As before on failure.
 * @param err     As for thrift_decode() and thrift_encode(), with path and offset.
 * What is absent stays absent; unknown fields go with it between the protocols that can hold them.
 * Threads: any.
 */
THRIFT_API thrift_status thrift_transcode(const thrift_schema *schema, const char *type,
                                          thrift_protocol from, thrift_bytes input,
                                          thrift_protocol to, const thrift_codec_options *options,
                                          thrift_buffer *out, thrift_error *err);

/**
 * One value out of encoded bytes, the rest passed over, whatever stands behind it not even looked
 * at. What it costs is what stands before: fields and numbers are stepped over; behind many short
 * strings each has to be passed by its size, which takes a sixth to a half of the time that
 * decoding them would; in JSON all text up to the value is scanned.
 *
 * @param schema     The definition. NULL fails and leaves `err` as it is.
 * @param type       Name of the struct that `input` is.
 * @param path       "sections[2].title", `counts{"a"}`. Of what is there twice the first is taken.
 * @param out_value  Strings are views into `input` and therefore not NUL-terminated: use
 *                   thrift_as_bytes(). A struct or container arrives as its encoded bytes (kind
 *                   binary). Kind none: not there.
 * @param err        E_NAME, E_TYPE, E_TRUNCATED, E_CORRUPT, E_LIMIT, E_NOMEM; E_ARGUMENT: a string
 *                   of JSON with escapes, or base64, which is no view: thrift_peek_copy(). With
 *                   the path, as thrift_patch().
 * Threads: any.
 */
THRIFT_API thrift_status thrift_peek(const thrift_schema *schema, const char *type,
                                     thrift_protocol protocol, thrift_bytes input, const char *path,
                                     thrift_value *out_value, thrift_error *err);

/**
 * The same with strings, and the bytes of structs and containers, copied: they stand in `memory`,
 * whose contents they replace, and are NUL-terminated, so that thrift_as_string() reads them.
 *
 * @param memory  Caller-owned; the value lives until it changes. Not touched by numbers.
 * @param err     As thrift_peek(), but every string can be had. Threads: any.
 */
THRIFT_API thrift_status thrift_peek_copy(const thrift_schema *schema, const char *type,
                                          thrift_protocol protocol, thrift_bytes input,
                                          const char *path, thrift_buffer *memory,
                                          thrift_value *out_value, thrift_error *err);

/**
 * Copy `input` to `out` with one path replaced, inserted, or (value of kind none) removed. An item
 * at the index behind the last is appended. The records and containers on the way must be there.
 * Everything else is copied byte for byte, in JSON also white space, the order of members, how
 * numbers are written, and what is not declared. A field that was there twice is there once
 * afterwards, a union has the member that was set and no other. Whether a required field was
 * removed is not looked at, nor what stands outside of the struct or container that holds the
 * place.
 *
 * @param out  Caller-owned; the bytes are appended. As before on failure.
 * @param err  E_NAME: the path leads nowhere, or the enum has no such symbol; E_TYPE, E_RANGE: the
 *             value does not fit; E_NOMEM; what is wrong with the bytes. `source` is the path to
 *             where it goes wrong: to the step that cannot be taken; to the place, or further into
 *             the value; or, with `offset`, to what was looked at or passed over when the bytes
 *             turned out to be wrong. Threads: any.
 */
THRIFT_API thrift_status thrift_patch(const thrift_schema *schema, const char *type,
                                      thrift_protocol protocol, thrift_bytes input,
                                      const char *path, thrift_value value, thrift_buffer *out,
                                      thrift_error *err);

/**
 * Readable text of bytes of which nothing is known: a message, or values back to back. Strings are
 * cut after some 70 bytes; what is UTF-8 stays readable. JSON is written as it is.
 *
 * @param err  E_TRUNCATED, E_CORRUPT, E_LIMIT; what could be read was written. Threads: any.
 */
THRIFT_API thrift_status thrift_dump(thrift_protocol protocol, thrift_bytes input, FILE *to,
                                     thrift_error *err);

/* ---- message envelopes, for tools ---- */

typedef struct thrift_message {
    thrift_protocol protocol;
    thrift_message_kind kind;
    int32_t sequence_id;
    thrift_bytes name; /**< view into the input */
    thrift_bytes body; /**< view: arguments, result or application error */
} thrift_message;

/**
 * The next message of a stream. Frames, THeader (as far as it is not compressed) and protocol are
 * recognised by the first bytes.
 *
 * @param input        Moves behind the message, on success only.
 * @param out_message  Views into the input.
 * @param limits       NULL for defaults.
 * @param err          E_TRUNCATED: more bytes are needed. E_PROTOCOL, E_CORRUPT, E_LIMIT, E_NOMEM.
 * Threads: any.
 */
THRIFT_API thrift_status thrift_message_next(thrift_bytes *input, thrift_message *out_message,
                                             const thrift_limits *limits, thrift_error *err);

/**
 * Append a message, in a frame when `framed`. Binary is written with its version. E_ARGUMENT: the
 * protocol has no messages; E_LIMIT; E_NOMEM; `out` is as before then. Threads: any.
 */
THRIFT_API thrift_status thrift_message_append(const thrift_message *message, bool framed,
                                               thrift_buffer *out, thrift_error *err);

#ifdef __cplusplus
}
#endif
#endif
