/* SPDX-License-Identifier: ISC
 *
 * timeline.c - see timeline.h. Each event has a function that finds the words.
 */
#include "text/timeline.h"

#include "base/util.h"

#include <stdarg.h>
#include <string.h>

/* A change on its way to be a line. */
struct change {
    const json_t *event;
    const char *reason; /* "" for none */
    usec_t now;
    struct timeline *timeline;
    struct timeline_line *line;
};

static void say(const struct change *change, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(const struct change *change, const char *format, ...) {
    char *text = change->line->text;
    size_t length = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + length, TIMELINE_TEXT_SIZE - length, format, arguments);
    va_end(arguments);
}

static void set_look(const struct change *change, char mark, enum tone tone) {
    change->line->mark = mark;
    change->line->tone = tone;
}

/* --- who --- */

static const json_t *leader_of(const struct change *change) {
    const json_t *leader = json_object_get(change->event, "leader");

    return json_is_object(leader) ? leader : NULL;
}

static bool is_known(const struct timeline *timeline, const char *id) {
    return *timeline->leader_id && strcmp(timeline->leader_id, id) == 0;
}

static void remember_leader(const struct change *change) {
    struct timeline *timeline = change->timeline;
    const json_t *leader = leader_of(change);

    if (!leader)
        return;
    snprintf(timeline->leader_id, sizeof(timeline->leader_id), "%s", text_of(leader, "id"));
    text_name(leader, timeline->leader_name);
    timeline->leader_self = json_is_true(json_object_get(leader, "self"));
    timeline->epoch = integer_of(change->event, "epoch");
}

/* "alpha (192.0.2.1) leads, epoch 7". */
static void say_leader(const struct change *change, const char *verb) {
    const json_t *leader = leader_of(change);
    bool self = json_is_true(json_object_get(leader, "self"));
    char text[TEXT_SIZE];

    say(change, "%s%s%s %s, epoch %" JSON_INTEGER_FORMAT, self ? "this node, " : "", text_name_address(leader, text),
        self ? "," : "", verb, integer_of(change->event, "epoch"));
}

/* The leader of before, by the token of its leadership. */
static const char *former_leader(const struct change *change, const char *token, char text[TEXT_SIZE]) {
    const char *id = token + strcspn(token, ".");

    if (*id && is_known(change->timeline, id + 1))
        snprintf(text, TEXT_SIZE, "%s", change->timeline->leader_self ? "this node" : change->timeline->leader_name);
    else if (token[0] == '\0')
        snprintf(text, TEXT_SIZE, "the leader");
    else
        snprintf(text, TEXT_SIZE, "the leader of epoch %.*s", (int)strcspn(token, "."), token);
    return text;
}

static void say_reason(const struct change *change) {
    if (*change->reason)
        say(change, " (%s)", change->reason);
}

/* --- how the leadership stands --- */

static bool on_snapshot(const struct change *change) {
    const json_t *dropped = json_object_get(change->event, "dropped");
    struct timeline *timeline = change->timeline;

    if (json_is_integer(dropped))
        say(change, "%" JSON_INTEGER_FORMAT " changes were missed; ", json_integer_value(dropped));
    if (leader_of(change)) {
        set_look(change, '*', TONE_GOOD);
        say_leader(change, "leads");
        say(change, "; this node is %s", text_of(change->event, "state"));
    } else {
        set_look(change, '!', TONE_BAD);
        say(change, "no leader: %s", text_no_leader(change->event));
    }
    remember_leader(change);
    timeline->doubted_at = timeline->lost_at = 0;
    return true;
}

static bool on_suspected(const struct change *change) {
    struct timeline *timeline = change->timeline;

    if (timeline->doubted_at == 0)
        timeline->doubted_at = change->now;
    set_look(change, '?', TONE_DOUBT);
    say(change, "%s is silent and is being checked", *timeline->leader_id ? timeline->leader_name : "the leader");
    return true;
}

/* A doubt that ends because there is another leader already is none of the one that was doubted. */
static bool on_vouched(const struct change *change) {
    struct timeline *timeline = change->timeline;
    usec_t doubted_at = timeline->doubted_at;
    char length[TEXT_SIZE];

    if (!is_known(timeline, text_of(leader_of(change), "id")))
        return false;
    set_look(change, '*', TONE_GOOD);
    say(change, "%s lives", timeline->leader_name);
    if (doubted_at != 0)
        say(change, ", after %s of doubt", text_duration(change->now - doubted_at, length));
    timeline->doubted_at = 0;
    return true;
}

static const struct {
    const char *reason, *before, *after; /* the name of who led */
} ends[] = {
    { "death", "", " fell silent" },
    { "farewell", "eldestd of ", " has died" },
    { "resign", "", " has handed over" },
    { "merge", "", " gave way to another leader" },
    { "pause", "", " stood still, and another one leads" },
    { "lease", "too few nodes stand by ", "" },
    { "clone", "", " has the id of another host, and takes a new one" },
};

static bool on_no_leader(const struct change *change) {
    char name[TEXT_SIZE];

    if (change->timeline->lost_at == 0)
        change->timeline->lost_at = change->now;
    set_look(change, '!', TONE_BAD);
    if (strcmp(change->reason, "link") == 0) {
        say(change, "no leader: this node has lost its last network interface");
        return true;
    }
    former_leader(change, text_of(change->event, "ended"), name);
    for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
        if (strcmp(ends[i].reason, change->reason) == 0) {
            say(change, "no leader: %s%s%s", ends[i].before, name, ends[i].after);
            return true;
        }
    say(change, "no leader: %s leads no more", name);
    say_reason(change);
    return true;
}

/* For how long nobody could be sure. The doubt ended when the leader was given up, if it was. */
static void say_gap(const struct change *change) {
    const struct timeline *timeline = change->timeline;
    usec_t sure_at = timeline->lost_at != 0 ? timeline->lost_at : change->now;
    char gap[TEXT_SIZE], doubt[TEXT_SIZE];

    if (timeline->lost_at != 0)
        say(change, "; no leader for %s", text_duration(change->now - timeline->lost_at, gap));
    if (timeline->doubted_at != 0)
        say(change, ", after %s of doubt", text_duration(sure_at - timeline->doubted_at, doubt));
}

/* Why, if the lines before do not tell: a leader that is followed by another one has been told to be lost. */
static bool is_told(const struct change *change) {
    static const char *const told[] = { "death", "farewell", "resign" };
    bool found = false;

    for (size_t i = 0; i < ARRAY_SIZE(told); i++)
        found |= strcmp(told[i], change->reason) == 0;
    return found && change->timeline->lost_at != 0;
}

/* What is new of the leader that there was is its name or its tags, if nothing else is told. */
static bool on_leader(const struct change *change) {
    struct timeline *timeline = change->timeline;
    bool same = is_known(timeline, text_of(leader_of(change), "id")) && timeline->lost_at == 0;
    json_int_t epoch = integer_of(change->event, "epoch");

    if (!leader_of(change))
        return false;
    set_look(change, '*', TONE_GOOD);
    if (same && epoch == timeline->epoch) {
        set_look(change, ' ', TONE_PLAIN);
        say(change, "%s has told its name and tags: ", timeline->leader_name);
    }
    say_leader(change, same && epoch == timeline->epoch ? "leads" : same ? "leads on" : "leads now");
    if (!is_told(change))
        say_reason(change);
    say_gap(change);
    remember_leader(change);
    timeline->doubted_at = timeline->lost_at = 0;
    return true;
}

/* What follows from who leads goes without saying. */
static bool on_state(const struct change *change) {
    const char *state = text_of(change->event, "state");

    if (strcmp(state, "candidate") == 0)
        say(change, "this node stands for election");
    else if (leader_of(change))
        return false;
    else
        say(change, "this node is %s", state);
    return true;
}

static bool on_still_leads(const struct change *change) {
    if (leader_of(change))
        say_leader(change, "still leads");
    else
        say(change, "this node still leads");
    say_reason(change);
    set_look(change, '*', TONE_GOOD);
    return true;
}

static bool on_conflict(const struct change *change) {
    const json_t *other = json_object_get(change->event, "other");
    const char *token = text_of(other, "token");
    char name[TEXT_SIZE];

    set_look(change, '!', TONE_BAD);
    say(change, "another leader was heard");
    if (*text_of(other, "name") || *text_of(other, "address"))
        say(change, ": %s", text_name_address(other, name));
    if (*token)
        say(change, ", epoch %.*s", (int)strcspn(token, "."), token);
    return true;
}

/* --- members, and this node --- */

static bool say_peer(const struct change *change, char mark, const char *verb) {
    char text[TEXT_SIZE];

    set_look(change, mark, TONE_FAINT);
    say(change, "%s has %s", text_name_address(json_object_get(change->event, "peer"), text), verb);
    return true;
}

static bool on_joined(const struct change *change) {
    return say_peer(change, '+', "joined");
}

static bool on_left(const struct change *change) {
    return say_peer(change, '-', "left");
}

static bool on_table_full(const struct change *change) {
    set_look(change, '!', TONE_BAD);
    say(change, "the member table is full: more members follow unlisted");
    return true;
}

static bool on_roster(const struct change *change) {
    const json_t *seats = json_object_get(json_object_get(change->event, "roster"), "seats");
    const char *separator = ": ";
    char name[TEXT_SIZE];
    size_t index;
    json_t *seat;

    say(change, "these nodes have a vote now");
    json_array_foreach(seats, index, seat) {
        say(change, "%s%s", separator, text_name(seat, name));
        separator = ", ";
    }
    return true;
}

static bool on_clone(const struct change *change) {
    const char *address = text_of(json_object_get(change->event, "other"), "address");

    set_look(change, '!', TONE_BAD);
    say(change, "another host uses this node's id");
    if (*address)
        say(change, ": %s", address);
    if (json_is_true(json_object_get(change->event, "taken")))
        say(change, "; this node has taken a new one");
    return true;
}

static bool on_paused(const struct change *change) {
    char text[TEXT_SIZE];

    say(change, "this node is %s", text_eligible(json_object_get(change->event, "node"), text));
    return true;
}

static bool on_resumed(const struct change *change) {
    char text[TEXT_SIZE];
    const char *still = text_eligible(json_object_get(change->event, "node"), text);

    say(change, "this node is not paused any more");
    if (*still)
        say(change, ", but %s", still);
    return true;
}

static bool on_tags(const struct change *change) {
    char tags[TAGS_MAX + 1];
    const char *all = text_tags(json_object_get(change->event, "node"), tags);

    say(change, "this node has %s%s", *all ? "the tags " : "no tags", all);
    return true;
}

/* --- lines --- */

static const struct {
    const char *event;
    bool (*read)(const struct change *change);
} readers[] = {
    { "snapshot", on_snapshot },     { "leader", on_leader },        { "no-leader", on_no_leader },
    { "state", on_state },           { "peer-joined", on_joined },   { "peer-left", on_left },
    { "suspected", on_suspected },   { "vouched", on_vouched },      { "conflict", on_conflict },
    { "confirmed", on_still_leads }, { "reassert", on_still_leads }, { "clone", on_clone },
    { "table-full", on_table_full }, { "paused", on_paused },        { "resumed", on_resumed },
    { "tags", on_tags },             { "roster", on_roster },
};

/* One of a newer daemon is told by its name. */
static bool read_event(const struct change *change) {
    const char *name = text_of(change->event, "event");

    for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
        if (strcmp(readers[i].event, name) == 0)
            return readers[i].read(change);
    say(change, "%s", name);
    say_reason(change);
    return true;
}

/* With the fraction as the daemon gave it. */
static void set_time(const char *time, char text[TIMELINE_TIME_SIZE]) {
    const char *fraction = time + strcspn(time, ".Z");
    int length = (int)min_i64((int64_t)strcspn(fraction, "Z"), 4);
    char seconds[TIMELINE_TIME_SIZE];
    struct tm local;

    text[0] = '\0';
    if (text_local_time(time, &local) && strftime(seconds, sizeof(seconds), "%H:%M:%S", &local) > 0)
        snprintf(text, TIMELINE_TIME_SIZE, "%.8s%.*s", seconds, length, fraction);
}

static void set_elapsed(struct timeline *timeline, usec_t now, char text[TIMELINE_TIME_SIZE]) {
    char elapsed[TEXT_SIZE];

    if (timeline->begun)
        snprintf(text, TIMELINE_TIME_SIZE, "+%.14s", text_duration(now - timeline->told_at, elapsed));
    timeline->begun = true;
    timeline->told_at = now;
}

bool timeline_read(struct timeline *timeline, const json_t *event, struct timeline_line *ret) {
    struct change change = {
        .event = event,
        .reason = text_of(event, "reason"),
        .now = integer_of(event, "mono_ns") / 1000,
        .timeline = timeline,
        .line = ret,
    };

    *ret = (struct timeline_line){ .mark = ' ', .tone = TONE_PLAIN };
    if (!read_event(&change))
        return false;
    set_time(text_of(event, "time"), ret->time);
    set_elapsed(timeline, change.now, ret->elapsed);
    return true;
}

void timeline_note(struct timeline *timeline, usec_t now, const char *text, char mark, enum tone tone,
                   struct timeline_line *ret) {
    struct timespec wall;
    struct tm local;
    char seconds[TIMELINE_TIME_SIZE];

    *ret = (struct timeline_line){ .mark = mark, .tone = tone };
    clock_gettime(CLOCK_REALTIME, &wall);
    if (localtime_r(&wall.tv_sec, &local) && strftime(seconds, sizeof(seconds), "%H:%M:%S", &local) > 0)
        snprintf(ret->time, sizeof(ret->time), "%.8s.%03d", seconds, (int)(wall.tv_nsec / 1000000 % 1000));
    snprintf(ret->text, sizeof(ret->text), "%s", text);
    set_elapsed(timeline, now, ret->elapsed);
}
