#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""browser.py - Chromium without a window, told what to do line by line on standard input.

    open URL            goes there
    size W H            as large as that, in pixels of CSS
    scheme light|dark   what the reader prefers
    motion calm|full    likewise
    scripts on|off      for the pages that are opened from now on
    until EXPRESSION    waits until this JavaScript is true
    value EXPRESSION    what it is, as JSON
    press KEY...        keys as selenium.webdriver.common.keys names them, or texts to be typed
    accessible          the tree that a screen reader is given, as JSON: role, name and value of each node
    picture FILE        what is seen; "picture FILE all": also what is below that
    complaints          what the browser has complained of since the last time, as JSON

Each is answered by a line: "ok", a blank and the answer if there is one, or "error" and why.
"""
import base64
import json
import sys
import time

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys


class Browser:
    def __init__(self, profile, patience):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--hide-scrollbars", "--no-first-run", "--force-color-profile=srgb",
                         "--user-data-dir=" + profile):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_page_load_timeout(patience)
        self.patience = patience
        self.media = {"prefers-color-scheme": "light", "prefers-reduced-motion": "reduce"}

    def devtools(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def open(self, url):
        self.driver.get(url)

    def size(self, size):
        width, height = map(int, size.split())
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                      mobile=width < 600)

    def prefer(self, feature, value):
        self.media[feature] = value
        self.devtools("Emulation.setEmulatedMedia",
                      features=[{"name": name, "value": value} for name, value in self.media.items()])

    def scheme(self, scheme):
        self.prefer("prefers-color-scheme", scheme)

    def motion(self, motion):
        self.prefer("prefers-reduced-motion", {"calm": "reduce", "full": "no-preference"}[motion])

    def scripts(self, switch):
        self.devtools("Emulation.setScriptExecutionDisabled", value=switch == "off")

    def evaluate(self, expression):
        return self.driver.execute_script("return (" + expression + ")")

    def until(self, expression):
        limit = time.monotonic() + self.patience
        while not self.evaluate(expression):
            if time.monotonic() > limit:
                raise TimeoutError("after %d s still not true; the page is: %s"
                                   % (self.patience, self.evaluate("document.body.innerText")))
            time.sleep(0.02)

    def value(self, expression):
        return self.evaluate(expression)

    def press(self, keys):
        actions = ActionChains(self.driver)
        for key in keys.split():
            actions.send_keys(getattr(Keys, key, key))
        actions.perform()

    def accessible(self, _):
        nodes = self.devtools("Accessibility.getFullAXTree")["nodes"]
        value = lambda node, key: node.get(key, {}).get("value", "")
        return [{"role": value(node, "role"), "name": value(node, "name"), "value": value(node, "value")}
                for node in nodes if not node["ignored"]]

    def picture(self, words):
        file, _, extent = words.partition(" ")
        picture = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=extent == "all")
        with open(file, "wb") as out:
            out.write(base64.b64decode(picture["data"]))

    def complaints(self, _):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] != "INFO"]


def main(profile, patience):
    browser = Browser(profile, float(patience))
    print("ok", flush=True)
    for line in sys.stdin:
        word, _, rest = line.rstrip("\n").partition(" ")
        try:
            answer = getattr(browser, word)(rest)
            print("ok" if answer is None else "ok " + json.dumps(answer), flush=True)
        except (WebDriverException, TimeoutError) as error:
            print("error " + " ".join(str(error).split()), flush=True)
    browser.driver.quit()


main(*sys.argv[1:])
