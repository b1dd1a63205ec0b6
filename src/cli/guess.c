/* SPDX-License-Identifier: ISC
 *
 * guess.c - see guess.h. The distance is that of Damerau and Levenshtein, where no letter is changed twice.
 */
#include "cli/guess.h"

#include "base/util.h"

#include <string.h>

enum {
    WORD_MAX = 31,
    BEGINNING_MIN = 2, /* letters of which one can be told */
    LETTERS_PER_MISTAKE = 3,
};

struct distances {
    unsigned of[WORD_MAX + 1][WORD_MAX + 1]; /* of so many letters of one from so many of the other */
};

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

static void fill(struct distances *distances, size_t i, size_t j, const char *word, const char *known) {
    unsigned(*of)[WORD_MAX + 1] = distances->of;
    bool same = word[i - 1] == known[j - 1];

    of[i][j] = least(of[i - 1][j - 1] + !same, least(of[i - 1][j], of[i][j - 1]) + 1);
    if (i > 1 && j > 1 && word[i - 1] == known[j - 2] && word[i - 2] == known[j - 1])
        of[i][j] = least(of[i][j], of[i - 2][j - 2] + 1);
}

static unsigned mistakes(const char *word, size_t word_length, const char *known, size_t known_length) {
    struct distances distances;

    for (size_t i = 0; i <= word_length; i++)
        distances.of[i][0] = (unsigned)i;
    for (size_t j = 0; j <= known_length; j++)
        distances.of[0][j] = (unsigned)j;
    for (size_t i = 1; i <= word_length; i++)
        for (size_t j = 1; j <= known_length; j++)
            fill(&distances, i, j, word, known);
    return distances.of[word_length][known_length];
}

unsigned guess_distance(const char *word, const char *known) {
    size_t word_length = strlen(word), known_length = strlen(known);

    if (word_length > WORD_MAX || known_length > WORD_MAX)
        return GUESS_FAR;
    if (word_length >= BEGINNING_MIN && strncmp(word, known, word_length) == 0)
        return 1;
    unsigned distance = mistakes(word, word_length, known, known_length);
    return distance <= known_length / LETTERS_PER_MISTAKE ? distance : GUESS_FAR;
}
