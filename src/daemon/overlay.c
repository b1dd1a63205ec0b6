/* SPDX-License-Identifier: ISC
 *
 * overlay.c - see overlay.h.
 */
#include "daemon/overlay.h"

#include "base/str.h"
#include "base/tags.h"
#include "base/util.h"
#include "daemon/log.h"
#include "platform/clock.h"
#include "platform/identity.h"

#include <errno.h>
#include <string.h>

#define SAVE_INTERVAL (60 * USEC_PER_SEC)

_Static_assert((int)OVERRIDES_IMAGE_MAX <= (int)STATE_OVERRIDES_MAX, "the store must take whatever is encoded");

static struct overrides_moment this_moment(const struct overlay *overlay) {
    return (struct overrides_moment){ .now = clock_now(), .boot = overlay->boot, .wall_ms = clock_wall_ms() };
}

static void save(struct overlay *overlay) {
    struct overrides_moment moment = this_moment(overlay);
    uint8_t image[OVERRIDES_IMAGE_MAX];

    state_save_overrides(overlay->store, image, overrides_encode(&overlay->overrides, &moment, image));
    overlay->saved_at = moment.now;
}

static const char *mistake(int result) {
    switch (result) {
    case -EBADMSG:
        return "damaged";
    case -EPROTONOSUPPORT:
        return "written by another version of eldest";
    }
    return strerror(-result);
}

/* Nothing is there to be told of the first start, nor of one without any overrides. A file that could be read says from
 * now on what is in force: neither what was told to another host nor a pause that is over may come back, at the next
 * start or when a clock has been set back. */
static void load(struct overlay *overlay, bool ours) {
    struct overrides_moment moment = this_moment(overlay);
    uint8_t image[STATE_OVERRIDES_MAX + 1];
    ssize_t size = state_read_overrides(overlay->store, image);
    int result = size < 0 ? (int)size : 0;

    if (result == 0 && ours)
        result = overrides_decode(image, (size_t)size, &moment, &overlay->overrides);
    if (result == 0)
        save(overlay);
    else if (result != -ENOENT)
        log_warning("%s/overrides: %s: a pause and tags that were set are forgotten", overlay->conf->state_directory,
                    mistake(result));
}

/* Seconds are enough of it. */
static const char *length_text(usec_t length, char text[STR_DURATION_SIZE]) {
    str_format_duration(max_i64((length + USEC_PER_SEC / 2) / USEC_PER_SEC, 1) * USEC_PER_SEC, text);
    return text;
}

static void log_pause(const struct overlay *overlay, const char *which) {
    usec_t left = overlay_pause_left(overlay, clock_now());
    char text[STR_DURATION_SIZE];

    if (left == USEC_NEVER)
        log_info("%s, until eldest resume: this node follows, but does not stand for election", which);
    else
        log_info("%s, for %s: this node follows, but does not stand for election", which, length_text(left, text));
}

/* The tags of the configuration, and over them those that were set. False if some have no room. */
static bool lay_tags(const struct overlay *overlay, const char *set, char tags[TAGS_MAX + 1], unsigned *ret_left_out) {
    const char *at = overlay->conf->facts.tags;
    struct tag tag, same;

    memcpy(tags, set, TAGS_MAX + 1);
    *ret_left_out = 0;
    while (tags_next(&at, &tag))
        if (!tags_find(set, &tag, &same) && tags_put(tags, &tag) < 0)
            ++*ret_left_out;
    return *ret_left_out == 0;
}

void overlay_update(struct overlay *overlay) {
    unsigned left_out;

    overlay->facts = overlay->conf->facts;
    if (!lay_tags(overlay, overlay->overrides.tags, overlay->facts.tags, &left_out))
        log_warning("of the configured tags %u are left out: with those that were set there would be more than %d, or "
                    "more than %d bytes", left_out, TAGS_COUNT_MAX, TAGS_MAX);
    overlay->facts.paused = overlay->overrides.paused;
    if (overlay->overrides.paused)
        overlay->facts.eligible = false;
}

void overlay_open(struct overlay *overlay, const struct conf *conf, struct state_store *store,
                  enum state_origin origin) {
    *overlay = (struct overlay){ .conf = conf, .store = store, .boot = identity_boot(IDENTITY_BOOT_ID) };
    load(overlay, origin != STATE_OTHER_HOST);
    if (overlay->overrides.paused)
        log_pause(overlay, "still paused");
    overlay_update(overlay);
}

void overlay_pause(struct overlay *overlay, usec_t length) {
    overlay->overrides.paused = true;
    overlay->overrides.paused_until = length == USEC_NEVER ? USEC_NEVER : clock_now() + length;
    save(overlay);
    overlay_update(overlay);
    log_pause(overlay, "paused");
}

static void end_pause(struct overlay *overlay, const char *why) {
    overlay->overrides.paused = false;
    overlay->overrides.paused_until = 0;
    save(overlay);
    overlay_update(overlay);
    log_info("the pause is over (%s): this node is %s", why, overlay->facts.eligible ? "eligible again"
                                                                                     : "not eligible all the same");
}

bool overlay_resume(struct overlay *overlay) {
    bool was_paused = overlay->overrides.paused;

    if (was_paused)
        end_pause(overlay, "resume");
    return was_paused;
}

static int apply_tag(char tags[TAGS_MAX + 1], const char *word) {
    struct tag tag;

    if (tags_parse(word, strlen(word), true, &tag) != NULL)
        return -EINVAL;
    if (tag.value_length > 0)
        return tags_put(tags, &tag);
    tags_take(tags, &tag);
    return 0;
}

/* Where a reload has brought more than there is room for, tags can still be taken back one by one. */
static bool have_room(const struct overlay *overlay, const char *set) {
    char all[TAGS_MAX + 1];
    unsigned before, after;

    lay_tags(overlay, overlay->overrides.tags, all, &before);
    return lay_tags(overlay, set, all, &after) || after <= before;
}

int overlay_set_tags(struct overlay *overlay, const char *const *words, size_t count, const char **ret_wrong) {
    char set[TAGS_MAX + 1];
    int result = 0;

    memcpy(set, overlay->overrides.tags, sizeof set);
    *ret_wrong = NULL;
    for (size_t i = 0; i < count && result == 0; i++) {
        result = apply_tag(set, words[i]);
        if (result == -EINVAL)
            *ret_wrong = words[i];
    }
    if (result == 0 && !have_room(overlay, set))
        result = -E2BIG;
    if (result < 0)
        return result;
    memcpy(overlay->overrides.tags, set, sizeof set);
    save(overlay);
    overlay_update(overlay);
    log_info("tags: %s", overlay->facts.tags[0] != '\0' ? overlay->facts.tags : "none");
    return 0;
}

usec_t overlay_pause_left(const struct overlay *overlay, usec_t now) {
    if (!overlay->overrides.paused)
        return 0;
    if (overlay->overrides.paused_until == USEC_NEVER)
        return USEC_NEVER;
    return max_i64(overlay->overrides.paused_until - now, 1); /* as long as nobody has ended it */
}

usec_t overlay_deadline(const struct overlay *overlay) {
    if (!overlay->overrides.paused || overlay->overrides.paused_until == USEC_NEVER)
        return USEC_NEVER;
    return min_i64(overlay->overrides.paused_until, overlay->saved_at + SAVE_INTERVAL);
}

bool overlay_settle(struct overlay *overlay, usec_t now) {
    if (overlay_deadline(overlay) > now)
        return false;
    if (overlay->overrides.paused_until > now) {
        save(overlay);
        return false;
    }
    end_pause(overlay, "its time");
    return true;
}

void overlay_saved(struct overlay *overlay, int result) {
    bool failing = result < 0;

    if (failing == overlay->failing)
        return;
    overlay->failing = failing;
    if (failing)
        log_error("%s/overrides: cannot be saved: %s; what users have told this daemon would be forgotten when it ends",
                  overlay->conf->state_directory, strerror(-result));
    else
        log_info("%s/overrides: can be saved again", overlay->conf->state_directory);
}
