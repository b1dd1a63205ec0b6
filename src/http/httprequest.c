/* SPDX-License-Identifier: ISC
 *
 * httprequest.c - see httprequest.h.
 */
#include "http/httprequest.h"

#include "base/util.h"

#include <string.h>
#include <strings.h>

#define TOKEN_CHARACTERS "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum { BAD_REQUEST = 400, VERSION_NOT_SUPPORTED = 505 };

/* What the fields say, while they are read. */
struct reading {
    struct httprequest request;
    unsigned hosts;
    bool old; /* HTTP/1.0 */
    bool has_body;
};

/* Texts */

/* The text up to that character, which it moves on behind; all of it if there is none. */
static struct httprequest_text take_until(struct httprequest_text *text, char end) {
    const char *found = memchr(text->begin, end, text->length);
    struct httprequest_text taken = *text;

    if (found)
        taken.length = (size_t)(found - text->begin);
    text->begin += taken.length + (found != NULL);
    text->length -= taken.length + (found != NULL);
    return taken;
}

static struct httprequest_text trimmed(struct httprequest_text text) {
    while (text.length > 0 && (text.begin[0] == ' ' || text.begin[0] == '\t')) {
        text.begin++;
        text.length--;
    }
    while (text.length > 0 && (text.begin[text.length - 1] == ' ' || text.begin[text.length - 1] == '\t'))
        text.length--;
    return text;
}

static bool equals(struct httprequest_text text, const char *other) {
    return text.length == strlen(other) && memcmp(text.begin, other, text.length) == 0;
}

static bool equals_anyhow(struct httprequest_text text, const char *other) {
    return text.length == strlen(other) && strncasecmp(text.begin, other, text.length) == 0;
}

static bool is_token(struct httprequest_text text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.begin[i] == '\0' || !strchr(TOKEN_CHARACTERS, text.begin[i]))
            return false;
    return text.length > 0;
}

/* Without control characters; a tab is fine. */
static bool is_text(struct httprequest_text text) {
    for (size_t i = 0; i < text.length; i++)
        if (((unsigned char)text.begin[i] < ' ' && text.begin[i] != '\t') || text.begin[i] == 0x7f)
            return false;
    return true;
}

static bool is_visible(struct httprequest_text text) {
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.begin[i] <= ' ' || (unsigned char)text.begin[i] >= 0x7f)
            return false;
    return text.length > 0;
}

/* The next line without its end, LF or CR LF. */
static struct httprequest_text take_line(struct httprequest_text *text) {
    struct httprequest_text line = take_until(text, '\n');

    if (line.length > 0 && line.begin[line.length - 1] == '\r')
        line.length--;
    return line;
}

size_t httprequest_length(const char *bytes, size_t count) {
    struct httprequest_text rest = { bytes, count };
    bool begun = false;

    while (memchr(rest.begin, '\n', rest.length)) {
        bool empty = take_line(&rest).length == 0;

        if (begun && empty)
            return (size_t)(rest.begin - bytes);
        begun |= !empty; /* empty lines before a request have no meaning */
    }
    return 0;
}

/* The request line */

static enum httprequest_method method_of(struct httprequest_text name) {
    static const char *const known[] = { "GET", "HEAD", "OPTIONS" }; /* in the order of the enum */

    for (unsigned i = 0; i < ARRAY_SIZE(known); i++)
        if (equals(name, known[i]))
            return i;
    return HTTPREQUEST_OTHER;
}

/* "http://HOST/PATH", as a proxy is asked, means the same as "/PATH". False for anything else. */
static bool skip_authority(struct httprequest_text *target) {
    static const char scheme[] = "http://";
    size_t length = sizeof scheme - 1;

    if (target->length <= length || strncasecmp(target->begin, scheme, length) != 0)
        return false;
    target->begin += length;
    target->length -= length;
    while (target->length > 0 && target->begin[0] != '/' && target->begin[0] != '?') {
        target->begin++;
        target->length--;
    }
    return true;
}

static int read_target(struct httprequest_text target, struct httprequest_text *ret_path) {
    if (!is_visible(target))
        return BAD_REQUEST;
    if (target.begin[0] != '/' && !equals(target, "*") && !skip_authority(&target))
        return BAD_REQUEST;
    *ret_path = take_until(&target, '?');
    if (ret_path->length == 0)
        *ret_path = (struct httprequest_text){ "/", 1 };
    return 0;
}

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

static int read_version(struct httprequest_text version, bool *ret_old) {
    if (version.length != 8 || memcmp(version.begin, "HTTP/", 5) != 0 || !is_digit(version.begin[5]) ||
        version.begin[6] != '.' || !is_digit(version.begin[7]))
        return BAD_REQUEST;
    if (version.begin[5] != '1')
        return VERSION_NOT_SUPPORTED;
    *ret_old = version.begin[7] == '0';
    return 0;
}

static int read_request_line(struct httprequest_text line, struct reading *reading) {
    struct httprequest_text method = take_until(&line, ' '), target = take_until(&line, ' ');
    int status = is_token(method) ? 0 : BAD_REQUEST;

    if (status == 0)
        status = read_target(target, &reading->request.path);
    if (status == 0)
        status = read_version(line, &reading->old);
    reading->request.method = method_of(method);
    return status;
}

/* Fields */

static void read_host(struct reading *reading, struct httprequest_text value) {
    (void)value; /* one who asks by another name is told the same */
    reading->hosts++;
}

static void read_connection(struct reading *reading, struct httprequest_text value) {
    while (value.length > 0)
        if (equals_anyhow(trimmed(take_until(&value, ',')), "close"))
            reading->request.keeps = false;
}

/* Where its body ends is not looked for: nothing that can be asked has one. */
static void read_content_length(struct reading *reading, struct httprequest_text value) {
    reading->has_body |= !equals(value, "0");
}

static void read_transfer_encoding(struct reading *reading, struct httprequest_text value) {
    (void)value;
    reading->has_body = true;
}

static void read_last_event_id(struct reading *reading, struct httprequest_text value) {
    reading->request.last_event_id = value;
}

static const struct {
    const char *name;
    void (*read)(struct reading *reading, struct httprequest_text value);
} fields[] = {
    { "Connection", read_connection },
    { "Content-Length", read_content_length },
    { "Host", read_host },
    { "Last-Event-ID", read_last_event_id },
    { "Transfer-Encoding", read_transfer_encoding },
};

static int read_field(struct httprequest_text line, struct reading *reading) {
    bool has_value = memchr(line.begin, ':', line.length) != NULL;
    struct httprequest_text name = take_until(&line, ':');

    if (!has_value || !is_token(name) || !is_text(line))
        return BAD_REQUEST;
    for (unsigned i = 0; i < ARRAY_SIZE(fields); i++)
        if (equals_anyhow(name, fields[i].name))
            fields[i].read(reading, trimmed(line));
    return 0;
}

/* The request */

int httprequest_parse(const char *bytes, size_t length, struct httprequest *ret) {
    struct reading reading = { .request = { .keeps = true } };
    struct httprequest_text rest = { bytes, length }, line = take_line(&rest);
    int status;

    while (line.length == 0 && rest.length > 0)
        line = take_line(&rest);
    status = read_request_line(line, &reading);
    for (line = take_line(&rest); status == 0 && line.length > 0; line = take_line(&rest))
        status = read_field(line, &reading);
    if (status == 0 && !reading.old && reading.hosts != 1)
        status = BAD_REQUEST;
    if (status != 0)
        return status;
    reading.request.keeps &= !reading.old && !reading.has_body;
    *ret = reading.request;
    return 0;
}
