/* SPDX-License-Identifier: ISC
 *
 * faults.c - see faults.h.
 */
#include "net/faults.h"

#include "base/str.h"
#include "base/util.h"

#include <stdio.h>
#include <string.h>

static const struct form {
    const char *word;
    enum fault_kind kind;
    bool percent; /* whether this follows */
    bool range;
} forms[] = {
    { "cut", FAULT_LOSE, false, false },
    { "lose", FAULT_LOSE, true, false },
    { "burst", FAULT_BURST, true, true },
    { "delay", FAULT_DELAY, false, true },
    { "reorder", FAULT_REORDER, true, true },
    { "duplicate", FAULT_DUPLICATE, true, false },
};

static const struct {
    const char *word;
    enum cast cast;
} casts[] = {
    { "unicast", CAST_UNICAST },
    { "multicast", CAST_MULTICAST },
    { "broadcast", CAST_BROADCAST },
};

void faults_init(struct faults *faults, uint64_t seed) {
    uint8_t bytes[RNG_SEED_SIZE] = { 0 };

    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(seed >> (8 * i));
    memset(faults, 0, sizeof *faults);
    rng_seed(&faults->rng, bytes);
}

void faults_clear(struct faults *faults) {
    memset(faults->list, 0, sizeof faults->list);
    faults->count = 0;
}

/* ------------------------------------------------------------------------------------------------------- the words */

static char *next_word(char **rest) {
    return strtok_r(NULL, " ", rest);
}

static bool take_ports(uint32_t *set, char *list) {
    uint64_t port;
    char *rest = NULL;

    *set = 0;
    if (!list)
        return false;
    for (char *text = strtok_r(list, ",", &rest); text; text = strtok_r(NULL, ",", &rest)) {
        if (str_parse_unsigned(text, 1, PORTS_MAX, &port) < 0)
            return false;
        *set |= UINT32_C(1) << (port - 1);
    }
    return *set != 0;
}

static bool take_percent(unsigned *percent, const char *text) {
    uint64_t value;

    if (!text || str_parse_unsigned(text, 1, 100, &value) < 0)
        return false;
    *percent = (unsigned)value;
    return true;
}

static bool take_range(struct fault *fault, const char *min, const char *max) {
    return min && max && str_parse_duration(min, &fault->min) == 0 && str_parse_duration(max, &fault->max) == 0 &&
           fault->min <= fault->max && fault->max <= 3600 * USEC_PER_SEC;
}

static const char *take_form(struct fault *fault, const struct form *form, char **rest) {
    if (fault->kind != FAULT_NONE)
        return "a fault does one thing";
    fault->kind = form->kind;
    fault->percent = 100;
    if (form->percent && !take_percent(&fault->percent, next_word(rest)))
        return "a chance is a number of 1 to 100";
    if (!form->range)
        return NULL;

    char *min = next_word(rest);
    return take_range(fault, min, next_word(rest)) ? NULL : "a range is two durations, the longer one last";
}

static const char *take_place(struct fault *fault, const char *word, char **rest) {
    bool leaving = strcmp(word, "leaving") == 0;
    bool to = strcmp(word, "to") == 0;
    if (!leaving && !to && strcmp(word, "from") != 0)
        return "there is no such word";
    if (!take_ports(to ? &fault->to : &fault->from, next_word(rest)))
        return "ports are numbers with commas between";
    if (leaving)
        fault->to = ~fault->from;
    return NULL;
}

static const char *take_word(struct fault *fault, const char *word, char **rest) {
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
        if (strcmp(word, forms[i].word) == 0)
            return take_form(fault, &forms[i], rest);
    for (size_t i = 0; i < ARRAY_SIZE(casts); i++)
        if (strcmp(word, casts[i].word) == 0) {
            fault->casts |= casts[i].cast;
            return NULL;
        }
    return take_place(fault, word, rest);
}

const char *faults_add(struct faults *faults, const char *name, char *words) {
    struct fault fault = { .from = UINT32_MAX, .to = UINT32_MAX };
    char *rest = words;

    if (faults->count == FAULTS_MAX)
        return "there are too many faults";
    if (snprintf(fault.name, sizeof fault.name, "%s", name) >= FAULT_NAME_SIZE)
        return "the name is too long";
    for (char *word = next_word(&rest); word; word = next_word(&rest)) {
        const char *wrong = take_word(&fault, word, &rest);
        if (wrong)
            return wrong;
    }
    if (fault.kind == FAULT_NONE)
        return "a fault does something";
    faults->list[faults->count++] = fault;
    return NULL;
}

/* -------------------------------------------------------------------------------------------------------- the fate */

static bool is_about(const struct fault *fault, unsigned from, unsigned to, enum cast cast) {
    return (fault->from >> from & 1) && (fault->to >> to & 1) && (!fault->casts || (fault->casts & cast));
}

static bool happens(struct rng *rng, const struct fault *fault) {
    return rng_chance(rng, fault->percent, 100);
}

static bool burst_takes(struct rng *rng, struct fault *fault, usec_t *until, usec_t now) {
    if (now >= *until && happens(rng, fault))
        *until = now + rng_between(rng, fault->min, fault->max);
    return now < *until;
}

static bool takes(struct rng *rng, struct fault *fault, usec_t *until, usec_t now) {
    switch (fault->kind) {
    case FAULT_LOSE:
        return happens(rng, fault);
    case FAULT_BURST:
        return burst_takes(rng, fault, until, now);
    default:
        return false;
    }
}

static usec_t holds_back(struct rng *rng, const struct fault *fault) {
    bool delays = fault->kind == FAULT_DELAY || (fault->kind == FAULT_REORDER && happens(rng, fault));

    return delays ? rng_between(rng, fault->min, fault->max) : 0;
}

struct fate faults_fate(struct faults *faults, unsigned from, unsigned to, enum cast cast, usec_t now) {
    struct fault *about[FAULTS_MAX];
    struct fate fate = { .copies = 1 };
    unsigned count = 0;

    for (unsigned i = 0; i < faults->count; i++)
        if (is_about(&faults->list[i], from, to, cast))
            about[count++] = &faults->list[i];
    for (unsigned i = 0; i < count; i++)
        if (takes(&faults->rng, about[i], &about[i]->until[from][to], now)) {
            about[i]->cost++;
            return (struct fate){ 0 };
        }
    for (unsigned i = 0; i < count; i++)
        if (about[i]->kind == FAULT_DUPLICATE && fate.copies < COPIES_MAX && happens(&faults->rng, about[i])) {
            about[i]->cost++;
            fate.copies++;
        }
    for (unsigned copy = 0; copy < fate.copies; copy++)
        for (unsigned i = 0; i < count; i++) {
            usec_t delay = holds_back(&faults->rng, about[i]);
            about[i]->cost += delay > 0;
            fate.delay[copy] += delay;
        }
    return fate;
}
