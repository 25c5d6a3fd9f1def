"""Uses the pages of a switch as a person does, with a browser, and prints what it saw, as JSON.

HOST=address PASSWORD=password CHROMIUM=program python browser.py: a wrong password and the right one are typed, port 2 is
no longer fed, VLAN 20 is made with port 3, port 4 is to begin in it without being a member.
"""

import json
import os

from playwright.sync_api import sync_playwright

HOST = "http://" + os.environ["HOST"]
seen = {"broken": []}


def log_in(page, password):
    page.locator("#password").press_sequentially(password)
    page.click("#loginBtn")


def apply(form):
    """Sends a form, and returns what is said of it when the page is there again."""
    page = form.page
    page.evaluate("document.getElementById('answer').textContent = ''")
    form.locator("button").first.click()
    page.wait_for_function("document.getElementById('answer')?.textContent")
    return page.inner_text("#answer")


def use(page):
    page.goto(HOST)
    page.wait_for_url("**/login.cgi")
    log_in(page, "wrong")
    seen["wrong"] = page.locator(".pwdErrStyle:not(:empty)").inner_text()
    log_in(page, os.environ["PASSWORD"])
    page.wait_for_url("**/index.cgi")
    page.click("nav >> text='PoE'")
    form = page.locator("form:has(input[name=portID][value='1'])")
    form.locator("select[name=ADMIN_MODE]").select_option("0")
    seen["off"] = apply(form)
    page.click("nav >> text='PoE status'")
    seen["power"] = page.locator(".poe-power-mode").all_inner_texts()
    page.click("nav >> text='VLAN'")
    seen["modes"] = page.locator("button[mod-num]").all_inner_texts()
    form = page.locator("form:has(input[name=ACTION][value=Add])")
    form.locator("input[name=VLAN_ID]").fill("20")
    form.locator("input[name=VLAN_NAME]").fill("lab & <attic>")
    form.locator("select[data-member]").nth(2).select_option("T")
    apply(form)
    seen["vlan"] = page.locator("[vnm-4]").all_inner_texts()
    form = page.locator("form:has(input[name=PORT][value='4'])")
    form.locator("select").select_option("20")
    seen["pvid"] = apply(form)
    page.click("text='Log out'")
    page.wait_for_load_state()


with sync_playwright() as playwright:
    program = os.environ["CHROMIUM"]
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    page = browser.new_page()
    page.on("pageerror", lambda error: seen["broken"].append(str(error)))
    use(page)
    browser.close()
print(json.dumps(seen))
