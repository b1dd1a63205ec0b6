/* SPDX-License-Identifier: ISC
 *
 * test_core_hostile.c - one node among liars (fuzz/liars.h). A seed is a story.
 */
#include "fuzz/liars.h"
#include "fuzz/mutate.h"

#include <check.h>

enum { SEEDS = 24, STEPS = 1000 };

START_TEST(keeps_its_form_whatever_is_heard) {
    struct rng rng;

    mutate_seed(&rng, (uint64_t)_i);
    liars_begin(&(struct chance){ .rng = &rng });
    for (unsigned i = 0; i < STEPS; i++)
        liars_act();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("core: hostile");
    TCase *lies = tcase_create("lies");

    tcase_add_loop_test(lies, keeps_its_form_whatever_is_heard, 0, SEEDS);
    suite_add_tcase(suite, lies);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
