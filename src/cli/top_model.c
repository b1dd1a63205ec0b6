/* SPDX-License-Identifier: ISC
 *
 * top_model.c - see top_model.h.
 */
#include "cli/top_model.h"

#include <time.h>

void top_model_status(struct top_model *model, json_t *status) {
    if (model->frozen)
        return;
    json_decref(model->status);
    model->status = json_incref(status);
    model->status_time = time(NULL);
}

static struct timeline_line *next_line(struct top_model *model) {
    return &model->changes[model->change_count % TOP_CHANGES_MAX];
}

void top_model_change(struct top_model *model, const json_t *event) {
    struct timeline_line line;

    if (!timeline_read(&model->timeline, event, &line))
        return;
    *next_line(model) = line;
    model->change_count++;
}

void top_model_gone(struct top_model *model, usec_t since, usec_t now) {
    if (model->gone_at != 0)
        return;
    model->gone_at = since;
    timeline_note(&model->timeline, now, "eldestd does not answer any more", '!', TONE_BAD, next_line(model));
    model->gone_count = ++model->change_count;
}

void top_model_back(struct top_model *model, usec_t now) {
    if (model->gone_at == 0)
        return;
    model->gone_at = 0;
    if (model->change_count > model->gone_count)
        return;
    timeline_note(&model->timeline, now, "eldestd answers again", ' ', TONE_PLAIN, next_line(model));
    model->change_count++;
}

void top_model_freeze(struct top_model *model, bool frozen) {
    model->frozen = frozen;
    model->change_frozen = model->change_count;
}

static size_t shown_count(const struct top_model *model) {
    return model->frozen ? model->change_frozen : model->change_count;
}

/* Of those that were there when it was frozen, the oldest may have been overwritten. */
size_t top_model_changes(const struct top_model *model) {
    size_t shown = shown_count(model), forgotten = model->change_count > TOP_CHANGES_MAX
                                                       ? model->change_count - TOP_CHANGES_MAX : 0;

    return shown > forgotten ? shown - forgotten : 0;
}

const struct timeline_line *top_model_line(const struct top_model *model, size_t back) {
    return &model->changes[(shown_count(model) - 1 - back) % TOP_CHANGES_MAX];
}

void top_model_free(struct top_model *model) {
    json_decref(model->status);
    model->status = NULL;
}
