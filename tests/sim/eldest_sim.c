/* SPDX-License-Identifier: ISC
 *
 * eldest_sim.c - the simulator's command line: plays cases and the swarm, or prints the table of figures.
 *
 * A run that fails is told by one line that replays it.
 */
#include "play.h"
#include "scenario.h"
#include "table.h"

#include "base/str.h"
#include "base/util.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 64, RUNS_MAX = 100000000 };

struct options {
    struct setting setting;
    bool setting_given; /* else each scenario has its own, but for these two */
    uint64_t seed;
    unsigned runs; /* 0: not given */
    struct swarm swarm; /* faulty 0: not given */
    bool trace;
    bool hunt;
    struct cover *cover; /* NULL: not asked for */
    bool is_table;
    struct table table;
};

static const char usage[] =
    "Usage: eldest-sim [OPTION]... [CASE.sim|NAME]...\n"
    "Plays whole clusters in virtual time and judges them: the cases that are named, or all of them, and the swarm.\n"
    "\n"
    "  --seed NUMBER     the first run's; each further run counts it up (1)\n"
    "  --runs NUMBER     of each setting of a case, or of each figure in the table (as many as it needs)\n"
    "  --trace           tell what happens\n"
    "  --coverage        tell at the end what was exercised how often, and what never\n"
    "  --list            the names that there are, and what they show\n"
    "  --table           measure instead: failover and other figures, by size\n"
    "  --stories S[,S]   of the table: cold, death, resign, halves, lone, quiet (all)\n"
    "  --csv FILE        the table as comma-separated values too\n"
    "  --expect N        quorum = majority, with so many seats (quorum = none)\n"
    "  --bare            clients work by the leases that they are told, without a connection\n"
    "  --margin DURATION stop_margin (0)\n"
    "  --patience DURATION for holders of work that stop (10s)\n"
    "  --keys            the nodes share a key: MACs, and proofs that a sender is there\n"
    "  --replays         somebody records all datagrams, and sends some of them again\n"
    "  --help            this text\n"
    "\n"
    "Without any of these a case is played under its own settings, with one of them under this one:\n"
    "  --nodes N[,N...]  of the cluster; several sizes are for the table (5; table: 2 to 10,000)\n"
    "  --loss PERCENT    of datagrams lost by chance (0)\n"
    "  --profile NAME    kind of LAN: lan, wifi, slow, far (lan)\n"
    "  --detect DURATION how long a silent leader is tolerated (300ms)\n"
    "  --work DURATION   how long holders of work take to stop (0)\n"
    "  --for DURATION    how long the faults of the swarm last (60s), or how long the table watches a quiet\n"
    "                    cluster (24h up to 10 nodes, else less)\n"
    "  --without N[,N..] leave these faults and papers of the swarm out\n";

static void print_forms(const struct form *forms, size_t count) {
    for (size_t i = 0; i < count; i++)
        printf("  %s\n", forms[i].pattern);
}

static void print_help(void) {
    fputs(usage, stdout);
    puts("\nStatements of a case, after \"without loss\" only where no datagram is lost by chance:");
    print_forms(play_language.statements, play_language.statements_count);
    puts("  check CONDITION\n  wait DURATION for CONDITION\n\nConditions:");
    print_forms(play_language.conditions, play_language.conditions_count);
}

static unsigned print_entry(struct scenario *scenario, void *context) {
    (void)context;
    if (scenario->script)
        printf("%s (%s)\n    %s\n", scenario->name, scenario->script->about, scenario->script->intent);
    else
        printf("%s\n    Faults at random, then a quiet time in which all must agree.\n", scenario->name);
    return 0;
}

static void bad(const char *option, const char *value, const char *allowed) {
    fprintf(stderr, "eldest-sim: --%s: \"%s\" is not %s\n", option, value, allowed);
    exit(EXIT_USAGE);
}

static uint64_t parse_number(const char *option, const char *text, uint64_t low, uint64_t high) {
    char allowed[80];
    uint64_t number = 0;

    if (str_parse_unsigned(text, low, high, &number) != 0) {
        snprintf(allowed, sizeof(allowed), "a number from %" PRIu64 " to %" PRIu64, low, high);
        bad(option, text, allowed);
    }
    return number;
}

static usec_t parse_duration(const char *option, const char *text) {
    usec_t duration = 0;

    if (str_parse_duration(text, &duration) != 0)
        bad(option, text, "a duration, as 90s, 500ms, 10m or 24h");
    return duration;
}

static uint32_t parse_loss(const char *text) {
    char *end;
    double percent = strtod(text, &end);

    if (end == text || *end || !(percent >= 0 && percent < 100))
        bad("loss", text, "a percentage from 0 to below 100");
    return (uint32_t)(percent * (PPM_ONE / 100) + 0.5);
}

static const struct profile *parse_profile(const char *text) {
    const struct profile *profile = profile_find(text);

    if (!profile)
        bad("profile", text, "a kind of LAN: lan, wifi, slow, far");
    return profile;
}

static usec_t parse_detect(const char *text) {
    usec_t detect = parse_duration("detect", text);

    if (detect < DETECT_MIN_MS * USEC_PER_MS || detect > DETECT_MAX_MS * USEC_PER_MS)
        bad("detect", text, "within 20ms and 5s");
    return detect;
}

static void parse_sizes(struct options *options, char *text) {
    struct table *table = &options->table;

    table->sizes_count = 0;
    for (char *size = strtok(text, ","); size; size = strtok(NULL, ",")) {
        if (table->sizes_count == TABLE_SIZES_MAX)
            bad("nodes", size, "one of at most 16 sizes");
        table->sizes[table->sizes_count++] = (uint32_t)parse_number("nodes", size, 1, WORLD_NODES_MAX);
    }
    if (table->sizes_count == 0)
        bad("nodes", "", "a size");
    options->setting.nodes = table->sizes[0];
}

static void parse_stories(struct options *options, const char *text) {
    if (!table_choose(&options->table, text))
        bad("stories", text, "a list of these: cold, death, resign, halves, lone, quiet");
}

static FILE *open_csv(const char *path) {
    FILE *file = fopen(path, "w");

    if (!file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    return file;
}

static uint64_t parse_faults(char *text) {
    uint64_t faults = 0;

    for (char *fault = strtok(text, ","); fault; fault = strtok(NULL, ","))
        faults |= (uint64_t)1 << parse_number("without", fault, 1, SWARM_FAULTS_END - 1);
    return faults;
}

static struct cover *cover_new(void) {
    struct cover *cover = calloc(1, sizeof(*cover));

    if (!cover)
        abort();
    return cover;
}

static const struct option long_options[] = {
    { "seed", required_argument, NULL, 'S' },    { "runs", required_argument, NULL, 'r' },
    { "nodes", required_argument, NULL, 'n' },   { "for", required_argument, NULL, 'f' },
    { "loss", required_argument, NULL, 'l' },    { "profile", required_argument, NULL, 'p' },
    { "detect", required_argument, NULL, 'd' },  { "work", required_argument, NULL, 'w' },
    { "coverage", no_argument, NULL, 'C' },
    { "without", required_argument, NULL, 'W' },
    { "until-failure", no_argument, NULL, 'u' },
    { "trace", no_argument, NULL, 't' },         { "table", no_argument, NULL, 'T' },
    { "stories", required_argument, NULL, 's' }, { "csv", required_argument, NULL, 'c' },
    { "expect", required_argument, NULL, 'e' },  { "keys", no_argument, NULL, 'k' },
    { "replays", no_argument, NULL, 'R' },       { "bare", no_argument, NULL, 'b' },
    { "margin", required_argument, NULL, 'm' },  { "patience", required_argument, NULL, 'a' },
    { "list", no_argument, NULL, 'L' },          { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static void parse_option(struct options *options, int option) {
    struct setting *setting = &options->setting;

    options->setting_given |= strchr("nlpdwebma", option) != NULL;
    switch (option) {
    case 'S': options->seed = parse_number("seed", optarg, 0, UINT64_MAX); break;
    case 'r': options->runs = (unsigned)parse_number("runs", optarg, 1, RUNS_MAX); break;
    case 'f': options->swarm.faulty = parse_duration("for", optarg); break;
    case 'n': parse_sizes(options, optarg); break;
    case 'l': setting->loss_ppm = parse_loss(optarg); break;
    case 'p': setting->profile = parse_profile(optarg); break;
    case 'd': setting->detect = parse_detect(optarg); break;
    case 'w': setting->work_stop = parse_duration("work", optarg); break;
    case 'W': options->swarm.without = parse_faults(optarg); break;
    case 'C': options->cover = cover_new(); break;
    case 'u': options->hunt = true; break;
    case 't': options->trace = true; break;
    case 'T': options->is_table = true; break;
    case 's': parse_stories(options, optarg); break;
    case 'c': options->table.csv = open_csv(optarg); break;
    case 'e': setting->expect = (uint8_t)parse_number("expect", optarg, 1, ROSTER_MAX); break;
    case 'b': setting->bare = true; break;
    case 'm': setting->margin = parse_duration("margin", optarg); break;
    case 'a': setting->patience = parse_duration("patience", optarg); break;
    case 'k': setting->keyed = true; break;
    case 'R': setting->replays = true; break;
    case 'L': scenario_each(print_entry, NULL); exit(EXIT_SUCCESS);
    case 'h': print_help(); exit(EXIT_SUCCESS);
    default: fputs(usage, stderr); exit(EXIT_USAGE);
    }
}

static struct options parse_options(int argc, char **argv) {
    struct options options = { .setting = SETTING_DEFAULT, .seed = 1 };
    int option;

    memset(options.table.stories, true, sizeof(options.table.stories));
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        parse_option(&options, option);
    if (options.is_table && optind < argc)
        bad("table", argv[optind], "played by it");
    if (!options.is_table && options.table.sizes_count > 1)
        bad("nodes", "several sizes", "possible without --table");
    for (size_t i = 0; options.is_table && i < options.table.sizes_count; i++)
        if (options.table.sizes[i] < 2)
            bad("nodes", "1", "a size for the table: somebody must take over");
    return options;
}

static int print_table(struct options *options) {
    static const uint32_t sizes[] = { 2, 3, 5, 10, 30, 100, 1000, 10000 };
    struct table *table = &options->table;
    int status;

    table->config = scenario_config(&options->setting, options->seed);
    table->config.trace = options->trace ? stdout : NULL;
    table->runs = options->runs;
    table->quiet = options->swarm.faulty;
    if (table->sizes_count == 0) {
        memcpy(table->sizes, sizes, sizeof(sizes));
        table->sizes_count = ARRAY_SIZE(sizes);
    }
    status = table_print(table);
    if (table->csv && fclose(table->csv) != 0) {
        perror("eldest-sim: --csv");
        status = EXIT_FAILURE;
    }
    return status;
}

/* Under the given setting, or under all of its own. */
static void load(const struct options *options, const char *name, struct scenario *ret_scenario) {
    char error[SCRIPT_ERROR_MAX];

    if (!scenario_load(name, ret_scenario, error)) {
        fprintf(stderr, "%s\n", error);
        exit(EXIT_USAGE);
    }
    if (options->swarm.faulty)
        ret_scenario->swarm.faulty = options->swarm.faulty;
    ret_scenario->cover = options->cover;
    ret_scenario->swarm.without = options->swarm.without;
    if (options->setting_given) {
        ret_scenario->settings[0] = options->setting;
        ret_scenario->settings_count = 1;
    }
    for (unsigned i = 0; i < ret_scenario->settings_count; i++) {
        ret_scenario->settings[i].keyed = options->setting.keyed;
        ret_scenario->settings[i].replays = options->setting.replays;
    }
    for (unsigned i = 0; options->runs && i < ret_scenario->settings_count; i++)
        ret_scenario->settings[i].seeds = options->runs;
}

static unsigned play(const struct options *options, const char *name) {
    FILE *trace = options->trace ? stdout : NULL;
    struct scenario scenario;
    unsigned failures = 0;

    load(options, name, &scenario);
    if (options->hunt)
        failures = scenario_hunt(&scenario, options->seed);
    for (unsigned i = 0; !options->hunt && i < scenario.settings_count; i++)
        failures += scenario_play(&scenario, &scenario.settings[i], options->seed, trace);
    scenario_release(&scenario);
    return failures;
}

static unsigned play_all(const struct options *options) {
    char names[SCENARIOS_MAX][SCRIPT_TITLE_MAX + 1];
    size_t count = scenario_names(names);
    unsigned failures = count == 0;

    for (size_t i = 0; i < count && !(options->hunt && failures); i++)
        failures += play(options, names[i]);
    return failures;
}

int main(int argc, char **argv) {
    struct options options = parse_options(argc, argv);
    unsigned failures = 0;

    if (options.is_table)
        return print_table(&options);
    if (optind == argc)
        failures = play_all(&options);
    for (int i = optind; i < argc && !(options.hunt && failures); i++)
        failures += play(&options, argv[i]);
    if (options.cover)
        cover_print(options.cover);
    free(options.cover);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
