/* SPDX-License-Identifier: ISC
 *
 * top_missing.c - `eldest top` where eldest was built without ncurses.
 */
#include "cli/cli.h"

enum status verb_top(struct cli *cli, int argc, char **argv) {
    if (!cli_plain(cli, argc, argv))
        return STATUS_USAGE;
    cli_complain("top: this eldest was built without ncurses; install it (Debian: apt-get install libncurses-dev) and "
                 "build eldest anew, or use eldest status and eldest watch");
    return STATUS_UNSUPPORTED;
}
