/* SPDX-License-Identifier: ISC
 *
 * eldest_sim.c - the simulator's command line: plays scenarios, or prints the table of figures.
 *
 * A run that fails is told by one line that replays it.
 */
#include "scenario.h"
#include "table.h"

#include "base/util.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 64, RUNS_MAX = 100000000 };

struct options {
    struct world_config world;
    const struct scenario *scenario; /* NULL: all of them */
    usec_t duration; /* 0: the scenario's own */
    unsigned runs; /* 0: not given */
    bool trace;
    bool table;
    uint32_t sizes[TABLE_SIZES_MAX];
    size_t sizes_count;
};

static const char usage[] =
    "Usage: eldest-sim [OPTION]...\n"
    "Plays whole clusters in virtual time and judges them.\n"
    "\n"
    "  --scenario NAME   one of those below; without it all of them\n"
    "  --seed NUMBER     the first run's; each further run counts it up (1)\n"
    "  --runs NUMBER     of each scenario, or of each size in the table (1; table: 100)\n"
    "  --nodes N[,N...]  of the cluster; several sizes are for the table (5; table: 2,3,5,10,30,100)\n"
    "  --for DURATION    how long the quiet or the faulty time is, as 90s, 500ms, 10m, 24h\n"
    "  --loss PERCENT    of datagrams lost by chance (0)\n"
    "  --profile NAME    kind of LAN: lan, wifi, slow (lan)\n"
    "  --detect DURATION how long a silent leader is tolerated (300ms)\n"
    "  --work DURATION   how long holders of work take to stop (0)\n"
    "  --trace           tell what happens\n"
    "  --table           measure cold start, failover and resign instead\n"
    "  --help            this text\n"
    "\n"
    "Scenarios:\n";

static void print_usage(FILE *out) {
    fputs(usage, out);
    for (size_t i = 0; i < scenarios_count; i++)
        fprintf(out, "  %-12s %s\n", scenarios[i].name, scenarios[i].intent);
}

static void bad(const char *option, const char *value, const char *allowed) {
    fprintf(stderr, "eldest-sim: --%s: \"%s\" is not %s\n", option, value, allowed);
    exit(EXIT_USAGE);
}

static uint64_t parse_number(const char *option, const char *text, uint64_t low, uint64_t high) {
    char allowed[80], *end;
    uint64_t number = strtoull(text, &end, 10);

    if (*text < '0' || *text > '9' || *end || number < low || number > high) {
        snprintf(allowed, sizeof(allowed), "a number from %" PRIu64 " to %" PRIu64, low, high);
        bad(option, text, allowed);
    }
    return number;
}

static usec_t parse_duration(const char *option, const char *text) {
    static const struct {
        const char *name;
        usec_t length;
    } units[] = { { "", USEC_PER_SEC }, { "us", 1 }, { "ms", USEC_PER_MS }, { "s", USEC_PER_SEC },
                  { "m", 60 * USEC_PER_SEC }, { "h", 3600 * USEC_PER_SEC } };
    char *end;
    uint64_t number = strtoull(text, &end, 10);

    for (size_t i = 0; i < ARRAY_SIZE(units); i++)
        if (*text >= '0' && *text <= '9' && number < 1000000000 && strcmp(end, units[i].name) == 0)
            return (usec_t)number * units[i].length;
    bad(option, text, "a duration, as 90s, 500ms, 10m or 24h");
    return 0;
}

static uint32_t parse_loss(const char *text) {
    char *end;
    double percent = strtod(text, &end);

    if (end == text || *end || !(percent >= 0 && percent < 100))
        bad("loss", text, "a percentage from 0 to below 100");
    return (uint32_t)(percent * (PPM_ONE / 100) + 0.5);
}

static void parse_sizes(struct options *options, char *text) {
    options->sizes_count = 0;
    for (char *size = strtok(text, ","); size; size = strtok(NULL, ",")) {
        if (options->sizes_count == TABLE_SIZES_MAX)
            bad("nodes", size, "one of at most 16 sizes");
        options->sizes[options->sizes_count++] = (uint32_t)parse_number("nodes", size, 1, WORLD_NODES_MAX);
    }
    if (options->sizes_count == 0)
        bad("nodes", "", "a size");
}

static const struct option long_options[] = {
    { "scenario", required_argument, NULL, 's' }, { "seed", required_argument, NULL, 'S' },
    { "runs", required_argument, NULL, 'r' },     { "nodes", required_argument, NULL, 'n' },
    { "for", required_argument, NULL, 'f' },      { "loss", required_argument, NULL, 'l' },
    { "profile", required_argument, NULL, 'p' },  { "detect", required_argument, NULL, 'd' },
    { "work", required_argument, NULL, 'w' },     { "trace", no_argument, NULL, 't' },
    { "table", no_argument, NULL, 'T' },          { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static void parse_option(struct options *options, int option) {
    switch (option) {
    case 's':
        options->scenario = scenario_find(optarg);
        if (!options->scenario)
            bad("scenario", optarg, "a scenario; --help lists them");
        break;
    case 'S': options->world.seed = parse_number("seed", optarg, 0, UINT64_MAX); break;
    case 'r': options->runs = (unsigned)parse_number("runs", optarg, 1, RUNS_MAX); break;
    case 'n': parse_sizes(options, optarg); break;
    case 'f': options->duration = parse_duration("for", optarg); break;
    case 'l': options->world.loss_ppm = parse_loss(optarg); break;
    case 'p':
        options->world.profile = profile_find(optarg);
        if (!options->world.profile)
            bad("profile", optarg, "a kind of LAN: lan, wifi, slow");
        break;
    case 'd':
        options->world.timing.detect = parse_duration("detect", optarg);
        if (options->world.timing.detect < DETECT_MIN_MS * USEC_PER_MS ||
            options->world.timing.detect > DETECT_MAX_MS * USEC_PER_MS)
            bad("detect", optarg, "within 20ms and 5s");
        break;
    case 'w': options->world.work_stop = parse_duration("work", optarg); break;
    case 't': options->trace = true; break;
    case 'T': options->table = true; break;
    case 'h': print_usage(stdout); exit(EXIT_SUCCESS);
    default: print_usage(stderr); exit(EXIT_USAGE);
    }
}

static struct options parse_options(int argc, char **argv) {
    struct options options = { .world = { .seed = 1, .timing = TIMING_DEFAULT } };
    int option;

    options.world.profile = profile_find("lan");
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        parse_option(&options, option);
    if (optind < argc)
        bad("help", argv[optind], "an argument; there are options only");
    if (!options.table && options.sizes_count > 1)
        bad("nodes", "several sizes", "possible without --table");
    if (options.table && options.sizes_count && options.sizes[0] < 2)
        bad("nodes", "1", "a size for the table: somebody must take over");
    if (options.trace)
        options.world.trace = stdout;
    return options;
}

static int print_table(const struct options *options) {
    static const uint32_t sizes[] = { 2, 3, 5, 10, 30, 100 };
    unsigned runs = options->runs ? options->runs : 100;

    if (options->sizes_count)
        return table_print(&options->world, options->sizes, options->sizes_count, runs);
    return table_print(&options->world, sizes, ARRAY_SIZE(sizes), runs);
}

int main(int argc, char **argv) {
    struct options options = parse_options(argc, argv);
    unsigned failures = 0;

    if (options.table)
        return print_table(&options);
    options.world.nodes = options.sizes_count ? options.sizes[0] : 5;
    for (size_t i = 0; i < scenarios_count; i++)
        if (!options.scenario || options.scenario == &scenarios[i])
            failures += scenario_runs(&scenarios[i], &options.world, options.duration, options.runs);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
