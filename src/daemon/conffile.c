/* SPDX-License-Identifier: ISC
 *
 * conffile.c - see conffile.h.
 */
#include "daemon/conffile.h"

#include "base/str.h"
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What inih is given for a section that was refused, so that its keys are not taken for those of the section
 * before. */
#define REFUSED_SECTION "?"

enum { WHERE_SIZE = 300 };

struct loader {
    const char *path;
    FILE *file;
    unsigned line; /* that inih has, counted from 1 */
    size_t size; /* bytes read */
    int error; /* errno of a failed read; 0 */
    unsigned given[CONF_KEYS_MAX]; /* line in which each key was given; 0: not */
    bool times_unsure; /* a line that was refused may have been about them */
    bool cluster_unsure; /* the same of that section */
    struct conf conf; /* as far as read */
    struct conf_errors *errors;
};

static const char *locate(const struct loader *loader, char text[WHERE_SIZE]) {
    snprintf(text, WHERE_SIZE, "%.256s:%u", loader->path, loader->line);
    return text;
}

/* Always false, for those who return it. */
static bool refuse(const struct loader *loader, const char *line, const char *wrong, const char *allowed) {
    char place[WHERE_SIZE];

    conf_complain(loader->errors, "%s: %.64s: %s; allowed: %s", locate(loader, place), line, wrong, allowed);
    return false;
}

/* Reads the next line without its end; what does not fit is skipped, but counted in ret_length. False at the
 * end of the file. */
static bool fetch_line(struct loader *loader, char *line, size_t size, size_t *ret_length) {
    size_t length = 0;
    int c = EOF;

    while (loader->size < CONFFILE_MAX && (c = getc(loader->file)) != EOF) {
        loader->size++;
        if (c == '\n')
            break;
        if (length < size - 1)
            line[length] = c == '\t' ? ' ' : (char)c;
        length++;
    }
    if (c == EOF && ferror(loader->file))
        loader->error = errno;
    if (c == EOF && length == 0)
        return false;
    if (length < size && length > 0 && line[length - 1] == '\r')
        length--;
    line[length < size ? length : size - 1] = '\0';
    *ret_length = length;
    return true;
}

static void skip_byte_order_mark(char *line, size_t *length) {
    static const char mark[] = "\xef\xbb\xbf";
    size_t size = strlen(mark);

    if (strncmp(line, mark, size) != 0)
        return;
    memmove(line, line + size, strlen(line) - size + 1);
    *length -= size;
}

static bool is_blank_or_comment(const char *text) {
    text += strspn(text, " ");
    return *text == '\0' || *text == '#' || *text == ';';
}

static bool check_section(const struct loader *loader, const char *line) {
    const char *end = strchr(line, ']');
    char sections[CONF_ALLOWED_SIZE];

    if (!end)
        return refuse(loader, line, "no ] at the end of the section's name", "[section]");
    if (!is_blank_or_comment(end + 1))
        return refuse(loader, line, "text after the section's name", "[section] alone on its line");
    conf_sections(sections);
    if (!conf_is_section(line + 1, (size_t)(end - line) - 1))
        return refuse(loader, line, "unknown section", sections);
    return true;
}

/* inih would also split at a colon, and begins a comment at a semicolon after white space. */
static bool check_entry(const struct loader *loader, const char *line) {
    const char *comment = strstr(line, " ;");
    const char *separator = strpbrk(line, "=:");

    if (!separator || *separator != '=' || (comment && comment < separator))
        return refuse(loader, line, "not understood", "[section], key = value, or a comment after # or ;");
    return true;
}

/* Whether inih will read from the line what a person reads from it. */
static bool check_line(const struct loader *loader, const char *line, size_t length, size_t length_max) {
    char allowed[64];

    if (length > length_max) {
        snprintf(allowed, sizeof allowed, "at most %zu bytes", length_max);
        return refuse(loader, "line too long", "it would be cut off", allowed);
    }
    if (strlen(line) == length && is_blank_or_comment(line))
        return true;
    if (!str_is_printable(line, length))
        return refuse(loader, "line not printable", "a control character, or not UTF-8", "printable text in UTF-8");
    if (line[0] == ' ')
        return refuse(loader, line + strspn(line, " "), "white space before it would join it to the line above",
                      "no white space at the beginning of a line");
    return line[0] == '[' ? check_section(loader, line) : check_entry(loader, line);
}

/* What inih calls for each line, like fgets(). It never sees a line that it would misread: a refused one
 * becomes empty. */
static char *read_line(char *buffer, int size, void *context) {
    struct loader *loader = context;
    size_t length;

    if (!fetch_line(loader, buffer, (size_t)size, &length))
        return NULL;
    if (++loader->line == 1)
        skip_byte_order_mark(buffer, &length);
    if (!check_line(loader, buffer, length, (size_t)size - 1)) {
        snprintf(buffer, (size_t)size, "%s", buffer[0] == '[' ? "[" REFUSED_SECTION "]" : "");
        loader->times_unsure = true;
    }
    return buffer;
}

/* What is wrong already is not held against other values. */
static void note_unsure(struct loader *loader, const char *section) {
    loader->times_unsure |= strcmp(section, "timing") == 0;
    loader->cluster_unsure |= strcmp(section, "cluster") == 0;
}

/* What inih calls for each key, while its line is still the last one read. */
static int take_value(void *context, const char *section, const char *name, const char *value) {
    struct loader *loader = context;
    int key = conf_key_find(section, name);
    char place[WHERE_SIZE], sections[CONF_ALLOWED_SIZE];

    if (strcmp(section, REFUSED_SECTION) == 0)
        return 1;
    locate(loader, place);
    if (section[0] == '\0') {
        conf_sections(sections);
        conf_complain(loader->errors, "%s: %s = %s: before the first section; allowed: after one of %s", place,
                      name, value, sections);
    } else if (key >= 0 && loader->given[key] != 0) {
        conf_complain(loader->errors, "%s: [%s] %s = %s: given twice; allowed: once, and line %u has it", place,
                      section, name, value, loader->given[key]);
    } else {
        if (key >= 0)
            loader->given[key] = loader->line;
        if (conf_set(&loader->conf, place, section, name, value, loader->errors) < 0)
            note_unsure(loader, section);
    }
    return 1;
}

/* Where that key is given; the whole file if it is not. */
static void locate_key(const struct loader *loader, const char *section, const char *name, char place[WHERE_SIZE]) {
    unsigned line = loader->given[conf_key_find(section, name)];

    if (line > 0)
        snprintf(place, WHERE_SIZE, "%.256s:%u", loader->path, line);
    else
        snprintf(place, WHERE_SIZE, "%.256s", loader->path);
}

/* quorum = majority, which needs to know of how many. */
static void check_quorum(struct loader *loader) {
    const struct conf *conf = &loader->conf;
    char place[WHERE_SIZE];

    if (loader->cluster_unsure)
        return;
    if (conf->majority && conf->expect == 0) {
        locate_key(loader, "cluster", "quorum", place);
        conf_complain(loader->errors, "%s: [cluster] quorum = majority: of how many nodes is missing; allowed: with "
                      "expect = 3, for example", place);
    } else if (!conf->majority && conf->expect > 0) {
        locate_key(loader, "cluster", "expect", place);
        conf_complain(loader->errors, "%s: [cluster] expect = %u: nothing is voted on with quorum = none; allowed: "
                      "with quorum = majority", place, conf->expect);
    }
}

/* To what the value has to be changed, by steps of that length up to that end, for the lease to suffice; false if that
 * does not help. */
static bool find_sufficient(struct timing *timing, usec_t *value, usec_t step, usec_t end) {
    while (!params_lease_suffices(timing) && *value != end)
        *value = step > 0 ? min_i64(*value + step, end) : max_i64(*value + step, end);
    return params_lease_suffices(timing);
}

/* MAJ-6: a lease that is hardly renewed before its end is none. */
static void check_lease(struct loader *loader) {
    static const usec_t step = 100 * USEC_PER_MS;
    struct timing timing = loader->conf.timing, longer = timing;
    char place[WHERE_SIZE], text[STR_DURATION_SIZE], bound[STR_DURATION_SIZE];

    if (loader->times_unsure || !loader->conf.majority || params_lease_suffices(&timing))
        return;
    longer.promise = params_promise(&timing) / step * step;
    if (find_sufficient(&longer, &longer.promise, step, PROMISE_MAX_MS * USEC_PER_MS)) {
        locate_key(loader, "timing", timing.promise > 0 ? "promise" : "stop_margin", place);
        str_format_duration(params_promise(&timing), text);
        str_format_duration(longer.promise, bound);
        conf_complain(loader->errors, "%s: [timing] promise = %s: too short for a lease with this detect and "
                      "stop_margin; allowed: from %s", place, text, bound);
    } else {
        locate_key(loader, "timing", "stop_margin", place);
        str_format_duration(timing.stop_margin, text);
        timing.promise = longer.promise;
        find_sufficient(&timing, &timing.stop_margin, -step, 0);
        str_format_duration(timing.stop_margin, bound);
        conf_complain(loader->errors, "%s: [timing] stop_margin = %s: too long for any promise with this detect; "
                      "allowed: to %s", place, text, bound);
    }
}

static void check_alone(struct loader *loader) {
    const struct timing *timing = &loader->conf.timing;
    usec_t discovery = params_discovery(timing);
    char alone[STR_DURATION_SIZE], least[STR_DURATION_SIZE];

    if (loader->times_unsure || timing->alone == 0 || timing->alone >= discovery)
        return;
    str_format_duration(timing->alone, alone);
    str_format_duration(discovery, least);
    conf_complain(loader->errors,
                  "%.256s:%u: [timing] alone = %s: shorter than the discovery of others; "
                  "allowed: auto, or from %s with this detect",
                  loader->path, loader->given[conf_key_find("timing", "alone")], alone, least);
}

/* What no single value shows. */
static void check_together(struct loader *loader) {
    check_quorum(loader);
    check_lease(loader);
    check_alone(loader);
}

static void read_file(struct loader *loader) {
    struct conf_errors *errors = loader->errors;
    unsigned before = errors->count;
    int line = ini_parse_stream(read_line, loader, take_value, loader);

    if (loader->error != 0)
        conf_complain(errors, "%s: cannot be read: %s", loader->path, strerror(loader->error));
    else if (loader->size >= CONFFILE_MAX)
        conf_complain(errors, "%s: too large; allowed: less than %d bytes", loader->path, CONFFILE_MAX);
    else if (line != 0 && errors->count == before)
        conf_complain(errors, "%s:%d: not understood", loader->path, line);
    else
        check_together(loader);
}

static bool is_pipe(int fd) {
    struct stat status;

    return fstat(fd, &status) < 0 || S_ISFIFO(status.st_mode);
}

/* Of what is read at once, a device without an answer gives an error, but a pipe without a writer looks like an empty
 * file: all defaults. */
static bool open_file(struct loader *loader, unsigned flags) {
    bool at_once = flags & CONFFILE_AT_ONCE;
    int fd = open(loader->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (at_once ? O_NONBLOCK : 0));

    if (fd >= 0 && at_once && is_pipe(fd)) {
        conf_complain(loader->errors, "%s: a pipe, which can be read at the start only; allowed: a file", loader->path);
        close(fd);
        return false;
    }
    loader->file = fd < 0 ? NULL : fdopen(fd, "r");
    if (!loader->file) {
        conf_complain(loader->errors, "%s: cannot be opened: %s; allowed: a file that this user may read", loader->path,
                      strerror(errno));
        if (fd >= 0)
            close(fd);
    }
    return loader->file != NULL;
}

static bool is_missing(const char *path) {
    return access(path, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

int conffile_load(const char *path, unsigned flags, struct conf *conf, struct conf_errors *errors) {
    struct loader loader = { .path = path, .conf = *conf, .errors = errors };
    unsigned before = errors->count + errors->dropped;

    if (!(flags & CONFFILE_REQUIRED) && is_missing(path))
        return 0;
    if (!open_file(&loader, flags))
        return -EINVAL;
    read_file(&loader);
    fclose(loader.file);
    if (errors->count + errors->dropped > before)
        return -EINVAL;
    *conf = loader.conf;
    return 0;
}
