/* SPDX-License-Identifier: ISC
 *
 * table.c - see table.h.
 *
 * Beside the figures stand those that the protocol's first simulation had, where it had them. It was a program of its
 * own with rules a little simpler, so that they are a yardstick and not an expectation.
 */
#include "table.h"

#include "base/util.h"
#include "scenario.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MIN = 5, QUIET_MIN_US = 600 * 1000000, QUIET_NODES = 10, CHECK_NODES = 10, LAZY_ABOVE = 128 * 1024 };

#define DAY_US (24 * 3600 * (usec_t)USEC_PER_SEC)

/* ---- references ---- */

static const uint32_t reference_sizes[] = { 2, 3, 5, 10, 30, 100, 1000 };

/* Of one figure: median / p99, by size. */
static const struct reference {
    const char *figure;
    int detect_ms;
    int loss_percent;
    const char *texts[ARRAY_SIZE(reference_sizes)];
} references[] = {
    { "cold start", 300, 0, { "1083 / 1148", "1073 / 1136", NULL, "1061 / 1089" } },
    { "cold start", 300, 20, { "1105 / 2118", "1080 / 1199", NULL, "1064 / 1124" } },
    { "silent death", 300, 0,
      { "431 / 546", "427 / 547", "415 / 550", "405 / 521", "335 / 370", "312 / 323", "302 / 303" } },
    { "silent death", 300, 1,
      { "421 / 548", "426 / 548", "430 / 549", "414 / 519", "337 / 373", "311 / 324", "302 / 316" } },
    { "silent death", 300, 10,
      { "423 / 546", "422 / 569", "408 / 548", "404 / 521", "329 / 380", "303 / 452", "232 / 378" } },
    { "silent death", 300, 20,
      { "470 / 667", "440 / 2455", "425 / 559", "392 / 697", "327 / 570", "284 / 853", "254 / 325" } },
    { "silent death", 100, 0,
      { "219 / 258", "139 / 164", "124 / 143", "118 / 131", "114 / 124", "113 / 122", "114 / 121" } },
    { "  datagrams", 300, 0, { "18", "16", NULL, "44", "99", "140", "412" } },
    { "  to one node", 300, 0, { NULL, NULL, NULL, NULL, NULL, NULL, "41" } },
    { "resign", 300, 0, { NULL, NULL, NULL, "0.6 / 0.8" } },
    { "halves meet", 300, 0, { NULL, NULL, NULL, "219 / 687" } },
    { "halves meet", 300, 20, { NULL, NULL, NULL, "287 / 1343" } },
    { "leader is back", 300, 0, { "237", "224", "222", "229 / 690" } },
    { "  leader sends", 300, 0, { NULL, "5.3", NULL, "5.8", NULL, "51" } },
    { "  leader receives", 300, 0, { NULL, "4", NULL, "4.5", NULL, "50" } },
    { "  follower sends", 300, 0, { "4", "2", NULL, "0.5" } },
    { "  follower receives", 300, 0, { "5.3", "3.3", NULL, "1.8" } },
};

static const char *reference(const struct world_config *config, const char *figure) {
    for (size_t i = 0; i < ARRAY_SIZE(references); i++) {
        const struct reference *one = &references[i];

        if (config->expect > 0 || strcmp(one->figure, figure) != 0 ||
            one->detect_ms * USEC_PER_MS != config->timing.detect ||
            (uint32_t)one->loss_percent * (PPM_ONE / 100) != config->loss_ppm)
            continue;
        for (size_t size = 0; size < ARRAY_SIZE(reference_sizes); size++)
            if (reference_sizes[size] == config->nodes && one->texts[size])
                return one->texts[size];
    }
    return "";
}

/* ---- samples ---- */

/* Of one story at one size, figure by figure; those of other stories stay empty. */
struct samples {
    double *values[FIGURES_MAX];
    unsigned count;
};

static void samples_init(struct samples *samples, unsigned runs) {
    *samples = (struct samples){ 0 };
    for (size_t i = 0; i < measure_figures_count; i++) {
        samples->values[i] = calloc(runs, sizeof(double));
        if (!samples->values[i])
            abort();
    }
}

static void samples_release(struct samples *samples) {
    for (size_t i = 0; i < measure_figures_count; i++)
        free(samples->values[i]);
}

static void read_figures(enum story_type story, const struct run *run, struct samples *samples) {
    for (size_t i = 0; i < measure_figures_count; i++)
        if (measure_figures[i].story == story)
            samples->values[i][samples->count] = measure_figures[i].read(run);
    samples->count++;
}

static bool take(enum story_type story, const struct world_config *config, usec_t quiet, struct samples *samples) {
    struct run run = measure_play(&measure_stories[story], config, quiet);
    bool good = !run.world->failure[0];
    char how[64];

    if (good) {
        read_figures(story, &run, samples);
    } else {
        snprintf(how, sizeof(how), "--table --stories %s --runs 1", measure_stories[story].name);
        scenario_tell_failure(run.world, how);
    }
    world_free(run.world);
    return good;
}

/* ---- the table ---- */

static int compare_values(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void print_figure(const struct table *table, const struct world_config *config, const struct figure *figure,
                         double *values, unsigned count) {
    const char *name = figure->name + strspn(figure->name, " ");
    double median, p99, most;

    qsort(values, count, sizeof(*values), compare_values);
    median = values[count / 2];
    p99 = values[(size_t)count * 99 / 100];
    most = values[count - 1];
    printf("%6" PRIu32 "  %-19s %8.1f %8.1f %8.1f %-9s %6u  %s\n", config->nodes, figure->name, median, p99, most,
           unit_name(figure->unit), count, reference(config, figure->name));
    if (table->csv)
        fprintf(table->csv, "%lld,%g,%" PRIu32 ",%s,%s,%s,%u,%.3f,%.3f,%.3f,%s\n",
                config->timing.detect / USEC_PER_MS, config->loss_ppm / 10000.0, config->nodes,
                measure_stories[figure->story].name, name, unit_name(figure->unit), count, median, p99, most,
                reference(config, figure->name));
}

static void print_story(const struct table *table, const struct world_config *config, enum story_type story,
                        struct samples *samples) {
    for (size_t i = 0; i < measure_figures_count && samples->count > 0; i++)
        if (measure_figures[i].story == story)
            print_figure(table, config, &measure_figures[i], samples->values[i], samples->count);
    fflush(stdout);
}

static unsigned runs_of(const struct table *table, const struct story *story, uint32_t nodes) {
    unsigned least = story->runs_max < RUNS_MIN ? story->runs_max : RUNS_MIN;

    if (table->runs)
        return table->runs;
    return (unsigned)clamp_i64((int64_t)(story->node_runs / nodes), least, story->runs_max);
}

static usec_t quiet_of(const struct table *table, uint32_t nodes) {
    if (table->quiet)
        return table->quiet;
    return clamp_i64(DAY_US * QUIET_NODES / nodes, QUIET_MIN_US, DAY_US);
}

static bool measure(const struct table *table, enum story_type type, uint32_t nodes) {
    const struct story *story = &measure_stories[type];
    unsigned runs = runs_of(table, story, nodes);
    struct world_config config = table->config;
    struct samples samples;
    bool good = true;

    config.nodes = nodes;
    config.check_every = nodes / CHECK_NODES;
    samples_init(&samples, runs);
    for (unsigned run = 0; run < runs && good; run++) {
        config.seed = table->config.seed + run;
        good = take(type, &config, quiet_of(table, nodes), &samples);
    }
    print_story(table, &config, type, &samples);
    samples_release(&samples);
    return good;
}

/* The members' tables of 10,000 nodes have 4 GB, of which a run touches little. Pages that come from the kernel cost
 * nothing until then; but once such a table has been freed, the C library would keep its memory, and fill all of the
 * next world's with zeros. */
static void keep_memory_lazy(void) {
    mallopt(M_MMAP_THRESHOLD, LAZY_ABOVE);
}

int table_print(const struct table *table) {
    bool good = true;

    keep_memory_lazy();
    printf("detect %lld ms, loss %.1f %%; at the right median / p99 of the protocol's first simulation\n",
           table->config.timing.detect / USEC_PER_MS, table->config.loss_ppm / 10000.0);
    printf("%6s  %-19s %8s %8s %8s %-9s %6s  %s\n", "nodes", "figure", "median", "p99", "max", "unit", "runs",
           "reference");
    if (table->csv)
        fputs("detect_ms,loss_percent,nodes,story,figure,unit,runs,median,p99,max,reference\n", table->csv);
    for (size_t size = 0; size < table->sizes_count; size++)
        for (int story = 0; story < STORY_COUNT; story++)
            if (table->stories[story] && table->sizes[size] <= measure_stories[story].nodes_max)
                good = measure(table, (enum story_type)story, table->sizes[size]) && good;
    return good ? 0 : 1;
}

static bool choose_one(bool stories[STORY_COUNT], const char *name, size_t length) {
    for (int story = 0; story < STORY_COUNT; story++) {
        const char *known = measure_stories[story].name;

        if (strlen(known) != length || strncmp(known, name, length) != 0)
            continue;
        stories[story] = true;
        return true;
    }
    return false;
}

bool table_choose(struct table *table, const char *names) {
    bool stories[STORY_COUNT] = { false };

    for (const char *name = names;; name++) {
        size_t length = strcspn(name, ",");

        if (!choose_one(stories, name, length))
            return false;
        name += length;
        if (!*name)
            break;
    }
    memcpy(table->stories, stories, sizeof(stories));
    return true;
}
