/* SPDX-License-Identifier: ISC
 *
 * overlay.c - see overlay.h.
 */
#include "daemon/overlay.h"

#include "base/str.h"
#include "base/util.h"
#include "daemon/log.h"
#include "platform/clock.h"
#include "platform/identity.h"

#include <errno.h>
#include <string.h>

#define SAVE_INTERVAL (60 * USEC_PER_SEC)

static struct overrides_moment this_moment(const struct overlay *overlay) {
    return (struct overrides_moment){ .now = clock_now(), .boot = overlay->boot, .wall_ms = clock_wall_ms() };
}

static void save(struct overlay *overlay) {
    struct overrides_moment moment = this_moment(overlay);
    uint8_t image[OVERRIDES_IMAGE_MAX];

    state_save_overrides(overlay->store, image, overrides_encode(&overlay->overrides, &moment, image));
    overlay->saved_at = moment.now;
}

/* Nothing is there to be told of the first start, nor of one without any overrides. */
static void load(struct overlay *overlay) {
    struct overrides_moment moment = this_moment(overlay);
    uint8_t image[STATE_OVERRIDES_MAX + 1];
    ssize_t size = state_read_overrides(overlay->store, image);
    int result = size < 0 ? (int)size : overrides_decode(image, (size_t)size, &moment, &overlay->overrides);

    if (result < 0 && result != -ENOENT)
        log_warning("%s/overrides: %s: a pause that was asked for is forgotten", overlay->conf->state_directory,
                    result == -EBADMSG          ? "damaged"
                    : result == -EPROTONOSUPPORT ? "written by another version of eldest"
                                                 : strerror(-result));
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

void overlay_update(struct overlay *overlay) {
    overlay->facts = overlay->conf->facts;
    overlay->facts.paused = overlay->overrides.paused;
    if (overlay->overrides.paused)
        overlay->facts.eligible = false;
}

void overlay_open(struct overlay *overlay, const struct conf *conf, struct state_store *store,
                  enum state_origin origin) {
    *overlay = (struct overlay){ .conf = conf, .store = store, .boot = identity_boot(IDENTITY_BOOT_ID) };
    if (origin != STATE_OTHER_HOST)
        load(overlay);
    if (overlay->overrides.paused) {
        log_pause(overlay, "still paused");
        save(overlay);
    }
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
