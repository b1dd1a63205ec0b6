# SPDX-License-Identifier: ISC
#
# plot.awk - draws failover after silent death over the size of the cluster, from the table's comma-separated values:
# median as a line, p99 above it, eldest at each detect beside VRRP.
#
#     awk -f plot.awk table.csv... >failover.svg
#
# VRRP by its formula (RFC 5798): a backup takes over 3 adv + skew after the last advertisement, where skew is
# (256 - priority) / 256 adv, here with priority 100, and the master dies at any moment between two advertisements. It
# has no size: one master, and backups that listen.

BEGIN {
    FS = ","
    left = 76; right = 590; top = 56; bottom = 400 # the frame, in the units of the drawing
    nodes_min = 2; nodes_max = 10000; ms_min = 50; ms_max = 5000
    width = 780; height = 462
    split("2 3 5 10 30 100 1000 10000", nodes_ticks, " ")
    split("50 100 200 500 1000 2000 5000", ms_ticks, " ")
    colours[300] = "#1f5fa8"; colours[100] = "#2a8a57"; vrrp_colour = "#a8431f"
}

$2 == 0 && $5 == "silent death" {
    if (!($1 in count))
        detects[++detects_count] = $1
    at = ++count[$1]
    nodes[$1, at] = $3; median[$1, at] = $8; p99[$1, at] = $9
}

END {
    if (detects_count == 0) {
        print "plot.awk: no silent death in it" >"/dev/stderr"
        exit 1
    }
    head()
    grid()
    vrrp(1000)
    vrrp(100)
    for (i = 1; i <= detects_count; i++)
        eldest(detects[i], detects[i] in colours ? colours[detects[i]] : "#555555")
    print "</svg>"
}

function x_of(n) {
    return left + (right - left) * log(n / nodes_min) / log(nodes_max / nodes_min)
}

function y_of(ms) {
    return bottom - (bottom - top) * log(ms / ms_min) / log(ms_max / ms_min)
}

function text(x, y, anchor, colour, string) {
    printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y, anchor, colour, string
}

function line(x1, y1, x2, y2, style) {
    printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1, x2, y2, style
}

function stroke(colour, dashes) {
    return "fill=\"none\" stroke=\"" colour "\" " \
        (dashes ? "stroke-width=\"1.3\" stroke-dasharray=\"5 4\"" : "stroke-width=\"2.2\"")
}

function head() {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\""
    printf "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" ", width, height, width, height
    print "font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"12\">"
    print "<!-- drawn from the figures of: make sim-table -->"
    printf "<rect width=\"%d\" height=\"%d\" fill=\"#fdfdfb\"/>\n", width, height
    print "<g font-size=\"15\">"
    text(left, 26, "start", "#222222", "From the silent death of the leader to the next one")
    print "</g>"
    text(left, 44, "start", "#666666", "solid: median, dashed: 99 of 100 are faster; no loss")
}

# With thousands marked off, as people read them.
function number(n) {
    return n >= 1000 ? int(n / 1000) sprintf(",%03d", n % 1000) : n
}

function grid(   i, at) {
    for (i = 1; i in ms_ticks; i++) {
        at = y_of(ms_ticks[i])
        line(left, at, right, at, "stroke=\"#dddddd\"")
        text(left - 8, at + 4, "end", "#444444", number(ms_ticks[i]))
    }
    for (i = 1; i in nodes_ticks; i++) {
        at = x_of(nodes_ticks[i])
        line(at, top, at, bottom, "stroke=\"#eeeeee\"")
        text(at, bottom + 18, "middle", "#444444", number(nodes_ticks[i]))
    }
    printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" ", left, top, right - left, bottom - top
    print "fill=\"none\" stroke=\"#888888\"/>"
    text((left + right) / 2, bottom + 42, "middle", "#222222", "hosts in the cluster")
    printf "<g transform=\"translate(22 %d) rotate(-90)\">", (top + bottom) / 2
    text(0, 0, "middle", "#222222", "milliseconds")
    print "</g>"
}

function eldest(detect, colour,   i, medians, p99s, y) {
    for (i = 1; i <= count[detect]; i++) {
        medians = medians sprintf("%.1f,%.1f ", x_of(nodes[detect, i]), y_of(median[detect, i]))
        p99s = p99s sprintf("%.1f,%.1f ", x_of(nodes[detect, i]), y_of(p99[detect, i]))
    }
    printf "<polyline points=\"%s\" %s/>\n", medians, stroke(colour, 0)
    printf "<polyline points=\"%s\" %s/>\n", p99s, stroke(colour, 1)
    for (i = 1; i <= count[detect]; i++) {
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" ", x_of(nodes[detect, i]), y_of(median[detect, i])
        print "r=\"3\" fill=\"" colour "\"/>"
    }
    y = y_of(median[detect, count[detect]])
    text(right + 10, y + 4, "start", colour, "eldest, detect " detect " ms")
}

# The label stands above the lines where the lines of eldest end beside them.
function vrrp(adv,   down, lowest, highest) {
    down = 3 * adv + 156 / 256 * adv
    lowest = y_of(down - adv / 2)
    highest = y_of(down - adv / 100)
    line(left, lowest, right, lowest, stroke(vrrp_colour, 0))
    line(left, highest, right, highest, stroke(vrrp_colour, 1))
    text(right + 10, highest + (adv == 100 ? -6 : 8), "start", vrrp_colour, "VRRP, advert every " adv / 1000 " s")
}
