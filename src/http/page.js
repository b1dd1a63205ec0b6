// SPDX-License-Identifier: ISC
//
// page.js - keeps the page up to date, counts what goes on, and draws the time line.
//
// There is one place that makes the page, and that is eldestd: when it tells of a change, and now and then, the page is
// fetched anew, and what is different in it is taken over. What is put into it here (own) is left alone by that.
"use strict";

const parts = ["leader", "node", "members", "leaderships", "changes"];
// Those that eldestd knows; of one that is missing here the page learns when it is fetched next.
const events = ["snapshot", "leader", "no-leader", "state", "peer-joined", "peer-left", "suspected", "vouched",
    "conflict", "confirmed", "reassert", "clone", "table-full", "paused", "resumed", "tags"];
const answer_limit_ms = 5000, period_ms = 2000, period_of_many_ms = 10000, gap_ms = 200;
const shown_max = { leaderships: 8, changes: 12 }, unfiltered_max = 12, few_max = 100, lanes_max = 8;

const get = id => document.getElementById(id);
const all = (root, selector) => [...root.querySelectorAll(selector)];
const own = new WeakSet();

// What is not different is left alone: that would be work for the browser.
function write(element, text) {
    if (element.textContent !== text)
        element.textContent = text;
}

function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
}

// -------------------------------------------------------------------------------------------------------- time

let received = performance.now(), told_ms = told(document); // when the page was made, on both clocks
let is_lost = false; // there is no answer any more

function told(root) {
    return Date.parse(root.querySelector("#feed time").dateTime);
}

function since_received_ms() {
    return performance.now() - received;
}

// As src/text/value.c says it, here and below.
function few_ms(ms) {
    return ms < 9.995 && ms % 1 ? `${ms.toFixed(2)} ms` : `${Math.round(ms)} ms`;
}

function duration(seconds) {
    const whole = Math.floor(seconds + 0.05);
    const units = (value, step, major, minor) =>
        Math.floor(value / step) + major + (value % step ? ` ${value % step}${minor}` : "");

    if (seconds < 0.9995)
        return few_ms(seconds * 1000);
    if (seconds < 9.95)
        return `${seconds.toFixed(1)}s`;
    if (whole < 60)
        return `${whole}s`;
    if (whole < 3600)
        return units(whole, 60, "m", "s");
    if (whole < 86400)
        return units(Math.floor(whole / 60), 60, "h", "m");
    return units(Math.floor(whole / 3600), 24, "d", "h");
}

const two = number => String(number).padStart(2, "0");
const day = time => `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
const minute = time => `${two(time.getHours())}:${two(time.getMinutes())}`;
const second = time => `${minute(time)}:${two(time.getSeconds())}`;

// In the reader's zone; with the day, if that is another.
function moment(time) {
    return day(time) === day(new Date(told_ms)) ? second(time) : `${day(time)} ${second(time)}`;
}

function count() {
    const since = since_received_ms() / 1000;

    if (is_lost)
        silence.textContent = duration(since);
    else
        for (const element of all(document, "[data-since]"))
            write(element, duration(Number(element.dataset.since) + since));
}

// ---------------------------------------------------------------------------------------- what is made here only

const spoken = make("p", { className: "spoken" });
spoken.setAttribute("role", "status");
spoken.setAttribute("aria-live", "polite");
const silence = make("span", {});
const lost = make("p", { id: "lost", hidden: true });
const filter = make("input", { type: "search", placeholder: "Filter", autocomplete: "off", spellcheck: false });
filter.setAttribute("aria-label", "Filter the members");
const matches = make("span", {});
const search = make("p", { className: "search" }, matches, filter);
const rests = {}; // buttons that show the rest of a list
const ranges = make("fieldset", {}, make("legend", { className: "spoken", textContent: "Time" }));
const lanes = make("div", { id: "lanes" });
lanes.setAttribute("role", "img");

function furnish() {
    const title = make("h2", { id: "timeline-title", textContent: "Time line" });
    const timeline = make("section", { id: "timeline" }, make("div", { className: "title" }, title, ranges), lanes);

    timeline.setAttribute("aria-labelledby", title.id);
    get("members").before(timeline);
    get("members").querySelector("table").before(search);
    document.querySelector("main").before(lost);
    document.body.append(spoken);
    own.add(search);
    for (const id of Object.keys(shown_max)) {
        rests[id] = make("button", { type: "button" });
        own.add(rests[id]);
        rests[id].addEventListener("click", () => {
            shown_max[id] = Infinity;
            shorten(document);
        });
        get(id).append(rests[id]);
    }
    filter.addEventListener("input", () => shorten(document));
}

// --------------------------------------------------------------------------------------------------- long lists

const rows = (root, id) => all(root, `#${id} tbody tr, #${id} li`);

function shorten(root) {
    const words = filter.value.toLowerCase().split(/\s+/), members = rows(root, "members");

    for (const row of members)
        row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
    search.hidden = members.length <= unfiltered_max && !filter.value;
    matches.textContent = filter.value ? `${members.filter(row => !row.hidden).length} of ${members.length}` : "";
    for (const id of Object.keys(shown_max)) {
        const list = rows(root, id);
        list.forEach((row, i) => { row.hidden = i >= shown_max[id]; });
        rests[id].hidden = list.length <= shown_max[id];
        rests[id].textContent = `Show all ${list.length}`;
    }
}

// ---------------------------------------------------------------------------------------------------- time line

const minute_ms = 60000;
const choices = [["10 min", 10], ["1 h", 60], ["1 day", 1440], ["1 week", 10080], ["all", Infinity]];
const steps = [1 / 6, 1 / 2, 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600]; // minutes
let chosen = null; // of the choices, by the reader

// What the tables tell: who led from when to when, the oldest first, and when a leader was suspected.
function terms() {
    return rows(document, "leaderships").map(row => {
        const from = row.querySelector("time");
        return { id: row.dataset.id, name: row.querySelector("bdi").textContent, lasted: row.cells[3].textContent,
            present: row.classList.contains("leads"), from: from ? Date.parse(from.dateTime) : -Infinity,
            to: row.dataset.to ? Date.parse(row.dataset.to) : told_ms };
    }).reverse();
}

function suspicions() {
    return all(document, "#changes [data-event=suspected] time").map(time => Date.parse(time.dateTime));
}

// The choices that show something that a shorter one does not, and the one to begin with: where the last change is seen
// well, or the longest one.
function choose(list) {
    const ages = list.map(term => told_ms - term.from).filter(Number.isFinite).map(age => age / minute_ms);
    const first = Math.max(0, ...ages), last = ages.length ? ages[ages.length - 1] : 0;
    const useful = choices.filter((choice, i) => i === 0 || choices[i - 1][1] < first);
    const choice = useful.find(([name]) => name === chosen) || useful.find(([, minutes]) => last < 0.8 * minutes) ||
        useful[useful.length - 1];
    const whole = Math.max(first, 1 / 6) / 0.98;

    return { useful, name: choice[0], from: told_ms - Math.min(choice[1], whole) * minute_ms };
}

function offer(useful, name) {
    ranges.hidden = useful.length < 2;
    if (ranges.elements.length !== useful.length)
        ranges.replaceChildren(ranges.firstChild, ...useful.map(([name]) => {
            const input = make("input", { type: "radio", name: "range", value: name });
            input.addEventListener("change", () => {
                chosen = name;
                draw();
            });
            return make("label", {}, input, make("span", { textContent: name }));
        }));
    for (const input of ranges.elements)
        input.checked = input.value === name;
}

// Moments between which it is a round time, a few of them: [[time, text]...].
function ticks(from, width) {
    const span = (told_ms - from) / minute_ms, step = steps.find(step => span / step < width / 100) || span;
    const zone_ms = new Date(told_ms).getTimezoneOffset() * minute_ms, step_ms = step * minute_ms;
    const end = told_ms - zone_ms - (told_ms - from) * 70 / width; // there is no room for the text of a later one
    const list = [];

    for (let local = Math.ceil((from - zone_ms) / step_ms) * step_ms; local < end; local += step_ms) {
        const time = new Date(local + zone_ms);
        list.push([time.getTime(), step < 1 ? second(time) : step < 1440 ? minute(time) : day(time).slice(5)]);
    }
    return list;
}

// What the picture shows, in a sentence.
function summary(seen, name) {
    const names = seen.map(term => term.name);
    const more = names.length > 5 ? `${names.length - 5} others, then ` : "";

    return `${name === "all" ? "Since eldestd was started" : `In the last ${name}`}: ` +
        (names.length ? `${more}${names.slice(-5).join(", then ")} led` : "nobody led");
}

// A lane for each of the last leaders, between what lies under them and what goes through all of them.
function paint(seen, from) {
    const share = time => 100 * Math.min(Math.max((time - from) / (told_ms - from), 0), 1);
    const under = make("div", { className: "plane" }), over = make("div", { className: "plane" });
    const leaders = [...new Map(seen.map(term => [term.id, term.name]))].slice(-lanes_max);

    function mark(parent, className, start, end, title, text = "") {
        const element = make("i", { className, title }, text);
        element.style.left = `min(${share(start)}%, 100% - 4px)`;
        element.style.width = `${share(end) - share(start)}%`;
        parent.append(element);
    }

    function lane([id, name]) {
        const track = make("div", { className: "track" });
        for (const term of seen.filter(term => term.id === id))
            mark(track, term.present ? "bar present" : "bar", term.from, term.to, `${name}: ${term.lasted}`);
        return [make("bdi", { textContent: name }), track];
    }

    for (const [time, text] of ticks(from, 0.8 * lanes.clientWidth))
        mark(under, "tick", time, time, "", text);
    seen.forEach((term, i) => {
        const next = i + 1 < seen.length ? seen[i + 1].from : told_ms;
        if (term.to < next)
            mark(over, "gap", term.to, next, `no leader for ${duration((next - term.to) / 1000)}`);
    });
    for (const time of suspicions().filter(time => time > from))
        mark(over, "suspicion", time, time, `${second(new Date(time))}: the leader was silent`);
    return [under, ...leaders.flatMap(lane), over];
}

function draw() {
    const list = terms(), { useful, name, from } = choose(list);
    const seen = list.filter(term => term.to > from), fresh = lanes.cloneNode(false);

    get("timeline").hidden = seen.length === 0;
    offer(useful, name);
    fresh.append(...paint(seen, from));
    fresh.setAttribute("aria-label", summary(seen, name));
    morph(lanes, fresh);
}

// -------------------------------------------------------------------------------------------- keeping up to date

function morph(old, fresh) {
    if (old.nodeName !== fresh.nodeName) {
        old.replaceWith(fresh);
        return;
    }
    if (old.nodeType === Node.TEXT_NODE) {
        if (old.data !== fresh.data)
            old.data = fresh.data;
        return;
    }
    for (const { name } of [...old.attributes])
        if (!fresh.hasAttribute(name))
            old.removeAttribute(name);
    for (const { name, value } of fresh.attributes)
        if (name === "style")
            old.style.cssText = value; // to set the attribute is against the policy
        else if (old.getAttribute(name) !== value)
            old.setAttribute(name, value);
    const before = [...old.childNodes].filter(node => !own.has(node));
    const after = [...fresh.childNodes];
    before.slice(after.length).forEach(node => node.remove());
    after.forEach((node, i) => {
        if (i < before.length)
            morph(before[i], node);
        else
            old.append(node);
    });
}

function leader_of(root) {
    const name = root.querySelector("#who bdi");
    return name ? name.textContent : null;
}

function prepare(root) {
    for (const time of all(root, "main time")) {
        time.title = time.textContent;
        time.textContent = moment(new Date(time.dateTime));
    }
    shorten(root);
}

function take_over(fresh) {
    if (fresh.documentElement.dataset.build !== document.documentElement.dataset.build) {
        location.reload(); // another version of eldestd
        return;
    }
    received = performance.now();
    told_ms = told(fresh);
    prepare(fresh);
    document.title = fresh.title;
    for (const id of parts)
        morph(get(id), fresh.getElementById(id));
    count();
    draw();
}

function announce(leader) {
    spoken.textContent = leader === null ? "No leader" : `${leader} leads`;
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches)
        get("leader").animate([{ backgroundColor: "var(--leaf-flash)" }, {}], 2000);
}

function name_of_node(root) {
    return root.querySelector("#feed bdi").textContent;
}

// How the page is kept up to date, or that it is not.
function tell() {
    const node = make("bdi", { textContent: node_name });
    const live = source && source.readyState === EventSource.OPEN;

    feed.className = live && !is_lost ? "live" : "";
    if (is_lost)
        feed.replaceChildren(node, ` at ${moment(new Date(told_ms))}`);
    else
        feed.replaceChildren(live ? "Live from " : "From ", node);
}

function find(fresh) {
    const before = is_lost ? undefined : leader_of(document), leader = leader_of(fresh);

    is_lost = false;
    lost.hidden = true;
    document.body.classList.remove("lost");
    node_name = name_of_node(fresh);
    take_over(fresh);
    if (leader !== before)
        announce(leader);
}

function lose() {
    if (is_lost)
        return;
    is_lost = true;
    lost.replaceChildren("No answer from eldestd on ", make("bdi", { textContent: node_name }), " for ", silence,
        `: trying again. This is how things stood at ${moment(new Date(told_ms))}.`);
    lost.hidden = false;
    document.body.classList.add("lost");
    document.title = `No answer from ${node_name}`;
    spoken.textContent = `No answer from eldestd on ${node_name}`;
    count();
}

let asking = false, asked = -Infinity, again = false, timer = 0;

function refresh() {
    const request = new XMLHttpRequest();

    asking = true;
    again = false;
    asked = performance.now();
    request.open("GET", location.pathname);
    request.responseType = "document";
    request.timeout = answer_limit_ms;
    request.onload = request.onerror = request.ontimeout = () => {
        asking = false;
        if (request.status === 200 && request.response && request.response.getElementById("who"))
            find(request.response);
        else
            lose();
        tell();
        if (again)
            soon();
        else if (!document.hidden)
            later();
    };
    request.send();
}

// Something has changed. Many changes at once are fetched together.
function soon() {
    again = asking;
    if (asking)
        return;
    clearTimeout(timer);
    timer = setTimeout(refresh, Math.max(asked + gap_ms - performance.now(), 0));
}

function later() {
    timer = setTimeout(refresh, rows(document, "members").length > few_max ? period_of_many_ms : period_ms);
}

function follow() {
    source = new EventSource("events");
    for (const name of events)
        source.addEventListener(name, soon);
    source.onopen = tell;
    source.onerror = () => {
        if (source.readyState === EventSource.CLOSED)
            setTimeout(follow, answer_limit_ms);
        soon();
    };
}

const feed = get("feed");
let node_name = name_of_node(document), source = null;

furnish();
prepare(document);
draw();
tell();
follow();
later();
setInterval(count, 1000);
document.addEventListener("visibilitychange", soon);
addEventListener("resize", draw);
