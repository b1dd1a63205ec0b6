#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The page in a browser, while leaders die, a network falls apart and daemons come back: it tells all of that by itself.
# shellcheck source=tests/browser/lib.sh
. "${0%/*}/lib.sh"

hears() { # TEXT: what a screen reader says by itself
    sees "document.querySelector('[role=status]').textContent === '$1'"
}

# Beyond what is counted there was no other page in between.
never_loaded_again() {
    shows 'window.unmoved === true'
}

lan 3
serve 1 2 3
start_in_turn 1 2 3
browser_on 2

visit 2
one_leads 1
sees 'document.querySelector("#feed").innerText === "Live from h2"'
shows 'document.querySelectorAll("#members tbody tr").length === 3'
shows 'document.querySelectorAll("#lanes .bar").length === 1'
shows 'document.querySelector("[role=status]").textContent === ""'
no_complaints
readable
browse value 'window.unmoved = true'
browse motion full
browse value '(window.flashes = 0, Element.prototype.animate = () => { window.flashes++; }, 0)'

# From here on the page does not look by itself, but only when it is told to.
browse value '(window.kept = later, later = () => {}, 0)'

# What goes on is counted between two changes.
age=$(says 'document.querySelector("#leader [data-since]").textContent')
sees "document.querySelector('#leader [data-since]').textContent !== '${age//\"/}'"

kill9 1
one_leads 2
hears "h2 leads"
sees 'document.title === "h2 leads – default"'
sees 'document.querySelectorAll("#lanes .bar").length === 2'
sees 'document.querySelectorAll("#lanes .suspicion").length >= 1'
shows 'document.querySelector("#lanes").getAttribute("aria-label").endsWith("h1, then h2 led")'
shows 'document.querySelectorAll("#leaderships tbody tr").length === 2'
sees 'document.querySelectorAll("#members tbody tr").length === 2'
shows 'window.flashes === 1'
never_loaded_again

start 1
sees 'document.querySelectorAll("#members tbody tr").length === 3'
browse motion calm
wait_known 1 2 3
ask 2 resign
one_leads 3
hears "h3 leads"
shows 'window.flashes === 1'
never_loaded_again

unplug 2
sees 'document.querySelector("#leader.nobody h1")?.innerText === "No leader"'
hears "No leader"
sees 'document.querySelector("#leader").textContent.includes("no usable network interface")'
shows 'document.title === "No leader – default"'
sees '[...document.querySelectorAll("#lanes .gap")].at(-1)?.title.startsWith("no leader for")'
readable
fits 360
plug 2
one_leads 3
hears "h3 leads"
never_loaded_again
no_complaints

browse value '(later = window.kept, later(), 0)'

# The page belongs to a daemon that is gone: what it shows is of yesterday, and says so.
kill9 2
sees 'document.querySelector("#lost")?.innerText.startsWith("No answer from eldestd on h2")'
hears "No answer from eldestd on h2"
shows 'document.title === "No answer from h2"'
readable
fits 360
start 2
sees 'document.querySelector("#lost").hidden && document.querySelector("#feed").innerText === "Live from h2"'
one_leads 3
hears "h3 leads"
sees 'document.querySelectorAll("#members tbody tr").length === 3'
never_loaded_again
no_complaints

# Would it be seen?
browse value 'document.body.setAttribute("style", "color: red")'
browse complaints
[[ $answered == *"Content Security Policy"* ]] || fail "a style in the page is no complaint: $answered"
