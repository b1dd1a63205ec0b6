/* SPDX-License-Identifier: ISC
 *
 * core_suite.c - the program of tests that tell stories of one node (core_fixture.h).
 */
#include "core_fixture.h"

#include <stdlib.h>

int run_tests(const char *name, const TTest *const tests[], size_t count) {
    Suite *suite = suite_create(name);
    TCase *rules = tcase_create("rules");

    for (size_t i = 0; i < count; i++)
        tcase_add_test(rules, tests[i]);
    suite_add_tcase(suite, rules);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
