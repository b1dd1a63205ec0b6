/* SPDX-License-Identifier: ISC
 *
 * script.c - see script.h. A line becomes words; a statement is the one form whose words and arguments they are.
 */
#include "script.h"

#include "base/str.h"
#include "base/util.h"
#include "core/core.h"
#include "world.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_SIZE_MAX = 64 * 1024, EXPECTED_MAX = 200 };

struct reader {
    const char *file;
    const struct language *language;
    struct script *script;
    char *error; /* of SCRIPT_ERROR_MAX; "" so far so good */
    unsigned line;
    char text[SCRIPT_LINE_MAX + 1]; /* of the line, cut into words */
    const char *words[SCRIPT_WORDS_MAX];
    unsigned count;
    unsigned at; /* the next word to be read */
    const char *expected; /* at that word */
    unsigned blocks[SCRIPT_DEPTH_MAX]; /* statements that opened one */
    unsigned depth;
    uint32_t largest; /* node that is mentioned by number, from 1 */
};

const struct being script_beings[] = {
    { "leading", true, STANDING_LEADING },
    { "following", true, STANDING_FOLLOWING },
    { "spare", true, STANDING_SPARE },
    { "suspecting", true, STANDING_SUSPECTING },
    { "unreachable", true, STANDING_UNREACHABLE },
    { "one-way", true, STANDING_HEARD_ONE_WAY },
    { "isolated", true, STANDING_ISOLATED },
    { "unconfirmed", true, STANDING_UNCONFIRMED },
    { "without-lease", true, STANDING_WITHOUT_LEASE },
    { "stopping", true, STANDING_STOPPING },
    { "leaderless", true, STANDING_NO_LEADER },
    { "off", false, LIFE_OFF },
    { "ended", false, LIFE_ENDED },
    { "paused", false, LIFE_PAUSED },
};

static void refuse(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first mistake is the one that is told. */
static void refuse(struct reader *reader, const char *format, ...) {
    char text[SCRIPT_ERROR_MAX - 100];
    va_list arguments;

    if (reader->error[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    snprintf(reader->error, SCRIPT_ERROR_MAX, "%.80s:%u: %s", reader->file, reader->line, text);
}

static bool refused(const struct reader *reader) {
    return reader->error[0] != '\0';
}

/* ---- words ---- */

/* Cuts the line at blanks, up to a comment. */
static void split(struct reader *reader, const char *line, size_t length) {
    char *save = NULL;

    reader->count = 0;
    reader->at = 0;
    if (length > SCRIPT_LINE_MAX) {
        refuse(reader, "longer than %d characters", SCRIPT_LINE_MAX);
        return;
    }
    memcpy(reader->text, line, length);
    reader->text[length] = '\0';
    reader->text[strcspn(reader->text, "#")] = '\0';
    for (char *word = strtok_r(reader->text, " \t\r", &save); word; word = strtok_r(NULL, " \t\r", &save)) {
        if (reader->count == SCRIPT_WORDS_MAX) {
            refuse(reader, "more than %d words", SCRIPT_WORDS_MAX);
            return;
        }
        reader->words[reader->count++] = word;
    }
}

/* The next word, or "". */
static const char *peek(const struct reader *reader) {
    return reader->at < reader->count ? reader->words[reader->at] : "";
}

static bool take(struct reader *reader, const char *word) {
    bool same = strcmp(peek(reader), word) == 0;

    reader->at += same;
    return same;
}

/* From `first` on, with one blank between two. */
static void join(const struct reader *reader, unsigned first, char text[SCRIPT_LINE_MAX + 1]) {
    size_t length = 0;

    text[0] = '\0';
    for (unsigned i = first; i < reader->count; i++)
        length += (size_t)snprintf(text + length, SCRIPT_LINE_MAX + 1 - length, "%s%s", i > first ? " " : "",
                                   reader->words[i]);
}

/* ---- nodes ---- */

static const struct {
    const char *word;
    enum who_kind kind;
} node_words[] = {
    { "leader", WHO_LEADER },
    { "next", WHO_NEXT },
    { "mid", WHO_MID },
    { "last", WHO_LAST },
};

static bool find_name(const struct script *script, const char *name, uint32_t *ret_number) {
    for (unsigned i = 0; i < script->names_count; i++) {
        if (strcmp(script->names[i], name) == 0) {
            *ret_number = i;
            return true;
        }
    }
    return false;
}

static bool parse_number(const char *word, uint32_t *ret_number) {
    uint64_t number;

    if (word[0] != 'n' || str_parse_unsigned(word + 1, 1, WORLD_NODES_MAX, &number) != 0)
        return false;
    *ret_number = (uint32_t)number - 1;
    return true;
}

/* One word that means a node. */
static bool parse_who(struct reader *reader, const char *word, struct who *ret_who) {
    for (size_t i = 0; i < ARRAY_SIZE(node_words); i++) {
        if (strcmp(word, node_words[i].word) == 0) {
            *ret_who = (struct who){ node_words[i].kind, 0 };
            return true;
        }
    }
    if (parse_number(word, &ret_who->number)) {
        ret_who->kind = WHO_NUMBER;
        reader->largest = (uint32_t)max_i64(reader->largest, ret_who->number + 1);
        return true;
    }
    ret_who->kind = WHO_NAMED;
    return find_name(reader->script, word, &ret_who->number);
}

static bool read_any(struct reader *reader, struct who *ret_who) {
    unsigned start = reader->at;

    ret_who->number = 0;
    if (take(reader, "any") && take(reader, "node"))
        ret_who->kind = WHO_ANY_NODE;
    else if ((reader->at = start, take(reader, "any")) && take(reader, "follower"))
        ret_who->kind = WHO_ANY_FOLLOWER;
    else
        reader->at = start;
    return reader->at != start;
}

static bool read_who(struct reader *reader, struct who *ret_who) {
    if (read_any(reader, ret_who))
        return true;
    if (!parse_who(reader, peek(reader), ret_who))
        return false;
    reader->at++;
    return true;
}

static bool read_range(struct reader *reader, struct term *term) {
    char first[SCRIPT_NAME_MAX + 1];
    const char *word = peek(reader);
    const char *dots = strstr(word, "..");
    size_t length = dots ? (size_t)(dots - word) : 0;

    if (!dots || length > SCRIPT_NAME_MAX)
        return false;
    memcpy(first, word, length);
    first[length] = '\0';
    if (!parse_who(reader, first, &term->first) || !parse_who(reader, dots + 2, &term->last))
        return false;
    reader->at++;
    return true;
}

static bool read_term(struct reader *reader, struct term *term) {
    term->kind = TERM_RANGE;
    if (take(reader, "all"))
        term->kind = TERM_ALL;
    else if (take(reader, "rest"))
        term->kind = TERM_REST;
    else if (read_who(reader, &term->first))
        term->last = term->first;
    else
        return read_range(reader, term);
    return true;
}

/* ---- arguments of a form ---- */

static bool read_nodes(struct reader *reader, struct statement *statement) {
    unsigned before = statement->terms_count;
    struct term term = { .side = statement->sides };

    while (statement->terms_count < SCRIPT_TERMS_MAX && read_term(reader, &term))
        statement->terms[statement->terms_count++] = term;
    statement->sides++;
    return statement->terms_count > before;
}

static bool read_node(struct reader *reader, struct statement *statement) {
    struct term term = { .side = statement->sides++ };

    if (statement->terms_count == SCRIPT_TERMS_MAX || !read_who(reader, &term.first))
        return false;
    term.last = term.first;
    statement->terms[statement->terms_count++] = term;
    return true;
}

static bool read_duration(struct reader *reader, usec_t *ret_duration) {
    bool good = str_parse_duration(peek(reader), ret_duration) == 0;

    reader->at += good;
    return good;
}

static bool read_fixed(struct reader *reader, struct statement *statement) {
    bool good = read_duration(reader, &statement->span.low);

    statement->span.high = statement->span.low;
    return good;
}

static bool read_span(struct reader *reader, struct statement *statement) {
    char low[STR_DURATION_SIZE];
    const char *word = peek(reader);
    const char *dots = strstr(word, "..");
    size_t length = dots ? (size_t)(dots - word) : 0;

    if (!dots)
        return read_fixed(reader, statement);
    if (length >= sizeof(low))
        return false;
    memcpy(low, word, length);
    low[length] = '\0';
    if (str_parse_duration(low, &statement->span.low) != 0 || str_parse_duration(dots + 2, &statement->span.high) != 0)
        return false;
    reader->at++;
    return statement->span.low <= statement->span.high;
}

static bool read_percent(struct reader *reader, uint32_t *ret_ppm) {
    char digits[4] = "";
    const char *word = peek(reader);
    size_t length = strlen(word);
    uint64_t percent;

    if (length < 2 || length > sizeof(digits) || word[length - 1] != '%')
        return false;
    memcpy(digits, word, length - 1);
    if (str_parse_unsigned(digits, 0, 99, &percent) != 0)
        return false;
    *ret_ppm = (uint32_t)percent * (PPM_ONE / 100);
    reader->at++;
    return true;
}

static bool read_share(struct reader *reader, struct statement *statement) {
    return read_percent(reader, &statement->share_ppm);
}

static bool read_count(struct reader *reader, struct statement *statement) {
    uint64_t count;

    if (str_parse_unsigned(peek(reader), 0, UINT16_MAX, &count) != 0)
        return false;
    statement->value = (uint32_t)count;
    reader->at++;
    return true;
}

static bool read_amount(struct reader *reader, struct statement *statement) {
    static const char *const words[] = { [AT_MOST] = "most", [AT_LEAST] = "least" };
    struct amount *amount = &statement->amount;
    uint64_t count;

    amount->relation = EXACTLY;
    if (take(reader, "at")) {
        amount->relation = take(reader, words[AT_MOST]) ? AT_MOST : AT_LEAST;
        if (amount->relation == AT_LEAST && !take(reader, words[AT_LEAST]))
            return false;
    }
    if (str_parse_unsigned(peek(reader), 0, UINT32_MAX, &count) != 0)
        return false;
    amount->count = (uint32_t)count;
    reader->at++;
    return true;
}

static bool read_message(struct reader *reader, struct statement *statement) {
    for (unsigned type = 1; type < WIRE_TYPE_END; type++) {
        if (take(reader, wire_type_name(type))) {
            statement->value = type;
            return true;
        }
    }
    return false;
}

static bool read_being(struct reader *reader, struct statement *statement) {
    for (unsigned i = 0; i < ARRAY_SIZE(script_beings); i++) {
        if (take(reader, script_beings[i].word)) {
            statement->value = i;
            return true;
        }
    }
    return false;
}

static bool read_outcome(struct reader *reader, struct statement *statement) {
    static const struct {
        const char *word;
        enum resign_outcome outcome;
    } outcomes[] = { { "done", RESIGN_DONE }, { "not-leader", RESIGN_NOT_LEADER }, { "nobody", RESIGN_NOBODY } };

    for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++) {
        if (take(reader, outcomes[i].word)) {
            statement->value = outcomes[i].outcome;
            return true;
        }
    }
    return false;
}

/* Whether the word already says something else. */
static bool is_literal(const struct form *forms, size_t count, const char *word) {
    size_t length = strlen(word);

    for (size_t i = 0; i < count; i++) {
        for (const char *at = strstr(forms[i].pattern, word); at; at = strstr(at + 1, word)) {
            bool begins = at == forms[i].pattern || at[-1] == ' ';
            if (begins && (at[length] == ' ' || at[length] == '\0'))
                return true;
        }
    }
    return false;
}

static bool may_be_name(struct reader *reader, const char *word) {
    const struct language *language = reader->language;
    struct who who;

    return strlen(word) <= SCRIPT_NAME_MAX && strspn(word, "abcdefghijklmnopqrstuvwxyz") == strlen(word) && *word &&
           strcmp(word, "any") != 0 && strcmp(word, "all") != 0 && strcmp(word, "rest") != 0 &&
           !(parse_who(reader, word, &who) && who.kind != WHO_NAMED) &&
           !is_literal(language->statements, language->statements_count, word) &&
           !is_literal(language->conditions, language->conditions_count, word);
}

/* A new name for a node, or one that is to mean another from now on. */
static bool read_name(struct reader *reader, struct statement *statement) {
    struct script *script = reader->script;
    const char *name = peek(reader);

    if (!may_be_name(reader, name))
        return false;
    if (!find_name(script, name, &statement->value)) {
        if (script->names_count == SCRIPT_NAMES_MAX)
            return false;
        statement->value = script->names_count;
        memcpy(script->names[script->names_count++], name, strlen(name) + 1);
    }
    reader->at++;
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct reader *reader, struct statement *statement);
    const char *expected;
} arguments[] = {
    { "NODES", read_nodes, "nodes, at most 8: n1, n2..n4, leader, next, mid, last, any node, any follower, all, rest "
                           "or a name given by let" },
    { "NODE", read_node, "a node: n1, leader, next, mid, last, any node, any follower or a name given by let" },
    { "SPAN", read_span, "a duration, as 300ms, or two, as 1s..3s" },
    { "DURATION", read_fixed, "a duration, as 300ms" },
    { "PERCENT", read_share, "a percentage from 0% to 99%" },
    { "COUNT", read_count, "a number up to 65535" },
    { "AMOUNT", read_amount, "a number, with \"at most\" or \"at least\" before it or nothing" },
    { "MESSAGE", read_message, "a type of message, as Suspect or LeaderElected" },
    { "BEING", read_being, "leading, following, spare, suspecting, unreachable, one-way, isolated, unconfirmed, "
                           "without-lease, stopping, leaderless, off, ended or paused" },
    { "OUTCOME", read_outcome, "done, not-leader or nobody" },
    { "NAME", read_name, "a new name, of small letters, at most 8 of them in a case" },
};

/* ---- statements ---- */

/* One word of a pattern against what comes next. */
static bool match_word(struct reader *reader, const char *word, struct statement *statement) {
    for (size_t i = 0; i < ARRAY_SIZE(arguments); i++) {
        if (strcmp(word, arguments[i].name) == 0) {
            reader->expected = arguments[i].expected;
            return arguments[i].read(reader, statement);
        }
    }
    reader->expected = NULL;
    return take(reader, word);
}

static bool match(struct reader *reader, const struct form *form, struct statement *statement) {
    char pattern[SCRIPT_LINE_MAX + 1], *save = NULL;

    snprintf(pattern, sizeof(pattern), "%s", form->pattern);
    statement->form = form;
    for (char *word = strtok_r(pattern, " ", &save); word; word = strtok_r(NULL, " ", &save))
        if (!match_word(reader, word, statement))
            return false;
    reader->expected = "the end of the line";
    return reader->at == reader->count;
}

/* The forms that went as far as any did, and what the first of them wanted there. */
struct guess {
    unsigned at;
    const char *expected;
    char allowed[SCRIPT_ERROR_MAX / 2];
};

static void guess_add(struct guess *guess, const struct reader *reader, const struct form *form) {
    size_t length;

    if (reader->at < guess->at)
        return;
    if (reader->at > guess->at)
        *guess = (struct guess){ .at = reader->at };
    if (!guess->expected)
        guess->expected = reader->expected;
    length = strlen(guess->allowed);
    snprintf(guess->allowed + length, sizeof(guess->allowed) - length, "%s%s", length ? "; " : "", form->pattern);
}

static void refuse_by_guess(struct reader *reader, const struct guess *guess) {
    const char *word = guess->at < reader->count ? reader->words[guess->at] : "the end of the line";

    if (guess->expected)
        refuse(reader, "\"%.30s\" is not %s; allowed: %s", word, guess->expected, guess->allowed);
    else
        refuse(reader, "\"%.30s\" is not expected here; allowed: %s", word, guess->allowed);
}

/* Reads what follows as one of the forms; false if it is none of them, which is told. */
static bool read_form(struct reader *reader, const struct form *forms, size_t count, struct statement *statement) {
    const struct statement before = *statement;
    unsigned start = reader->at;
    struct guess guess = { .at = start };

    for (size_t i = 0; i < count; i++) {
        *statement = before;
        reader->at = start;
        if (match(reader, &forms[i], statement))
            return true;
        guess_add(&guess, reader, &forms[i]);
    }
    refuse_by_guess(reader, &guess);
    return false;
}

static bool opens(const struct form *form) {
    return form->pattern[strlen(form->pattern) - 1] == '{';
}

static bool closes(const struct form *form) {
    return strcmp(form->pattern, "}") == 0;
}

static void note_block(struct reader *reader, const struct form *form) {
    unsigned index = reader->script->statements_count;

    if (opens(form) && reader->depth == SCRIPT_DEPTH_MAX)
        refuse(reader, "blocks in blocks, more than %d deep", SCRIPT_DEPTH_MAX);
    else if (opens(form))
        reader->blocks[reader->depth++] = index;
    else if (closes(form) && reader->depth == 0)
        refuse(reader, "\"}\" closes nothing");
    else if (closes(form))
        reader->script->statements[reader->blocks[--reader->depth]].end = index;
}

/* The condition of a "wait" is under way when its limit is known. */
static bool read_limit(struct reader *reader, struct statement *statement) {
    bool good = read_duration(reader, &statement->limit) && statement->limit > 0 && take(reader, "for");

    if (!good)
        refuse(reader, "\"%.30s\" is not expected here; allowed: wait DURATION for CONDITION, as wait 5s for leaders 1",
               peek(reader));
    return good;
}

static void read_statement(struct reader *reader) {
    const struct language *language = reader->language;
    struct script *script = reader->script;
    struct statement statement = { .line = reader->line };
    bool good;

    if (script->statements_count == SCRIPT_STATEMENTS_MAX) {
        refuse(reader, "more than %d statements", SCRIPT_STATEMENTS_MAX);
        return;
    }
    join(reader, 0, statement.text);
    statement.lossless = take(reader, "without") && take(reader, "loss");
    if (take(reader, "check") || (take(reader, "wait") && read_limit(reader, &statement)))
        good = read_form(reader, language->conditions, language->conditions_count, &statement);
    else
        good = !refused(reader) &&
               read_form(reader, language->statements, language->statements_count, &statement);
    if (!good)
        return;
    note_block(reader, statement.form);
    script->statements[script->statements_count++] = statement;
}

/* ---- the head of a case ---- */

static bool read_profile(struct reader *reader, const struct profile **ret_profile) {
    const struct profile *profile = profile_find(peek(reader));

    if (!profile)
        return false;
    *ret_profile = profile;
    reader->at++;
    return true;
}

static bool read_seeds(struct reader *reader, unsigned *ret_seeds) {
    uint64_t seeds;

    if (str_parse_unsigned(peek(reader), 1, 1000, &seeds) != 0)
        return false;
    *ret_seeds = (unsigned)seeds;
    reader->at++;
    return true;
}

static bool read_expect(struct reader *reader, uint8_t *ret_expect) {
    uint64_t expect = 0;

    if (str_parse_unsigned(peek(reader), 1, ROSTER_MAX, &expect) != 0)
        return false;
    *ret_expect = (uint8_t)expect;
    reader->at++;
    return true;
}

/* One property of a setting and its value. */
static bool read_property(struct reader *reader, struct setting *setting) {
    if (take(reader, "expect"))
        return read_expect(reader, &setting->expect);
    if (take(reader, "bare"))
        return setting->bare = true;
    if (take(reader, "margin"))
        return read_duration(reader, &setting->margin);
    if (take(reader, "patience"))
        return read_duration(reader, &setting->patience);
    if (take(reader, "seeds"))
        return read_seeds(reader, &setting->seeds);
    if (take(reader, "loss"))
        return read_percent(reader, &setting->loss_ppm);
    if (take(reader, "profile"))
        return read_profile(reader, &setting->profile);
    if (take(reader, "detect"))
        return read_duration(reader, &setting->detect) && setting->detect >= DETECT_MIN_MS * USEC_PER_MS &&
               setting->detect <= DETECT_MAX_MS * USEC_PER_MS;
    return take(reader, "work") && read_duration(reader, &setting->work_stop);
}

static void refuse_setting(struct reader *reader) {
    refuse(reader, "\"%.30s\" is not expected here; allowed: nodes SIZE ... [seeds 1..1000] [loss 0%%..99%%] "
                   "[profile lan|wifi|slow|far] [detect 20ms..5s] [work DURATION] [patience DURATION] [expect 1..9] "
                   "[margin DURATION] [bare]; at most %d sizes in a case",
           peek(reader), SCRIPT_SETTINGS_MAX);
}

/* Sizes, and what they have in common. */
static void read_settings(struct reader *reader) {
    struct script *script = reader->script;
    struct setting setting = SETTING_DEFAULT;
    unsigned first = script->settings_count;
    uint64_t size;

    while (script->settings_count < SCRIPT_SETTINGS_MAX &&
           str_parse_unsigned(peek(reader), 1, WORLD_NODES_MAX, &size) == 0) {
        script->settings[script->settings_count++].nodes = (uint32_t)size;
        reader->at++;
    }
    if (script->settings_count == first)
        refuse_setting(reader);
    while (reader->at < reader->count && !refused(reader))
        if (!read_property(reader, &setting))
            refuse_setting(reader);
    for (unsigned i = first; i < script->settings_count; i++) {
        setting.nodes = script->settings[i].nodes;
        script->settings[i] = setting;
    }
}

static void read_line(struct reader *reader) {
    struct script *script = reader->script;

    if (reader->count == 0)
        return;
    if (take(reader, "intent"))
        join(reader, 1, script->intent);
    else if (take(reader, "about"))
        join(reader, 1, script->about);
    else if (take(reader, "nodes"))
        read_settings(reader);
    else
        read_statement(reader);
}

/* ---- the whole ---- */

static void check_sizes(struct reader *reader) {
    const struct script *script = reader->script;

    for (unsigned i = 0; i < script->settings_count; i++)
        if (script->settings[i].nodes < reader->largest)
            refuse(reader, "n%" PRIu32 " is told of, but the case is played with %" PRIu32 " nodes too",
                   reader->largest, script->settings[i].nodes);
}

static void check_whole(struct reader *reader) {
    const struct script *script = reader->script;

    if (!script->intent[0])
        refuse(reader, "no intent: one sentence of what the case shows");
    if (!script->about[0])
        refuse(reader, "no about: the findings and rules that the case is for");
    if (script->settings_count == 0)
        refuse(reader, "no nodes: the sizes at which the case is played");
    if (script->statements_count == 0)
        refuse(reader, "no statements");
    if (reader->depth > 0)
        refuse(reader, "the block of line %u is not closed", script->statements[reader->blocks[0]].line);
    check_sizes(reader);
}

static void set_name(struct script *script, const char *file) {
    const char *slash = strrchr(file, '/');

    snprintf(script->name, sizeof(script->name), "%.*s", SCRIPT_TITLE_MAX, slash ? slash + 1 : file);
    script->name[strcspn(script->name, ".")] = '\0';
}

bool script_parse(const char *file, const char *text, const struct language *language, struct script *ret_script,
                  char ret_error[SCRIPT_ERROR_MAX]) {
    struct reader reader = { .file = file, .language = language, .script = ret_script, .error = ret_error };
    const char *end;

    memset(ret_script, 0, sizeof(*ret_script));
    ret_error[0] = '\0';
    set_name(ret_script, file);
    for (const char *line = text; *line && !refused(&reader); line = *end ? end + 1 : end) {
        end = line + strcspn(line, "\n");
        reader.line++;
        split(&reader, line, (size_t)(end - line));
        if (!refused(&reader))
            read_line(&reader);
    }
    if (!refused(&reader))
        check_whole(&reader);
    return !refused(&reader);
}

bool script_read(const char *path, const struct language *language, struct script *ret_script,
                 char ret_error[SCRIPT_ERROR_MAX]) {
    FILE *file = fopen(path, "r");
    char *text = calloc(1, FILE_SIZE_MAX + 1);
    size_t length;
    bool good;

    if (!text)
        abort();
    length = file ? fread(text, 1, FILE_SIZE_MAX, file) : 0;
    good = file && !ferror(file) && length < FILE_SIZE_MAX;
    if (!file)
        snprintf(ret_error, SCRIPT_ERROR_MAX, "%.200s: %s", path, strerror(errno));
    else if (!good)
        snprintf(ret_error, SCRIPT_ERROR_MAX, "%.200s: not a file of less than %d bytes", path, FILE_SIZE_MAX);
    if (good)
        good = script_parse(path, text, language, ret_script, ret_error);
    if (file)
        fclose(file);
    free(text);
    return good;
}
