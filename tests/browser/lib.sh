# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# lib.sh - the page in a real browser, beside the hosts of tests/net/lib.sh.
#
#     named 1 ash        the node on host 1 is called so; before all else that is said of its configuration
#     serve 1 2          the daemons on these hosts, not started yet, speak HTTP
#     browser_on 2       starts a browser on host 2
#     browse WORD...     an order to it, see browser.py; then $answered is the answer
#     visit 1            opens the page of host 1
#     sees EXPRESSION    waits until this JavaScript is true in the page
#     shows EXPRESSION   it is true now
#     says EXPRESSION    its value, as JSON
#     one_leads 2        waits until the page shows that
#     no_complaints      the browser has complained of nothing but lost connections
#     fits WIDTH         the page needs no more than that, once it knows
#     readable           its texts have enough contrast
# shellcheck source=tests/net/lib.sh
. "${BASH_SOURCE[0]%/*}/../net/lib.sh"

if ! type -P chromium chromedriver >/dev/null || ! /usr/bin/python3 -c 'import selenium' 2>/dev/null; then
    echo "skipped: this test needs chromium, chromedriver and Selenium for Python"
    exit 77
fi
browser_files=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

named() { # HOST NAME
    printf '[node]\nname = %s\n' "$2" >"$scratch/h$1/conf"
}

serve() { # HOST...
    local i
    for i; do
        configure "$i" <<END
[http]
listen = 10.114.0.$i:8080
END
    done
}

# What it writes goes away with the namespaces, as it does itself.
browser_on() { # HOST
    coproc browser {
        export HOME=/run/browser
        exec nsenter --net="/run/netns/h$1" -- "$browser_files/browser.py" "$HOME" "$patience" 2>"$scratch/browser.log"
    }
    hear "its start"
    browse size 1200 900
}

hear() { # TO-WHAT
    local word=''
    answered=''
    read -r -t $((2 * patience)) word answered <&"${browser[0]}" || cat "$scratch/browser.log"
    [ "$word" = ok ] || fail "the browser, to $1: $word $answered"
}

browse() { # WORD...
    printf '%s\n' "${*//$'\n'/ }" >&"${browser[1]}"
    hear "$*"
}

visit() { # HOST
    browse open "http://10.114.0.$1:8080/"
}

sees() { # EXPRESSION
    browse until "$*"
}

says() { # EXPRESSION
    browse value "$*"
    echo "$answered"
}

shows() { # EXPRESSION
    [ "$(says "$*")" = true ] || fail "not true in the page: $*"
}

one_leads() { # HOST
    sees "document.querySelector('#who bdi')?.textContent === 'h$1'"
    say "the page shows that $1 leads"
}

no_complaints() {
    browse complaints
    jq -e 'map(select(contains("net::ERR_") | not)) == []' <<<"$answered" >/dev/null || fail "the browser complains: $answered"
}

fits() { # WIDTH
    browse size "$1" 740
    sees "document.documentElement.scrollWidth <= $1"
    browse size 1200 900
}

readable() {
    local scheme faint
    for scheme in dark light; do
        browse scheme $scheme
        faint=$(says "$(cat "$browser_files/contrast.js")")
        [ "$faint" = '[]' ] || fail "too faint ($scheme): $faint"
    done
}
