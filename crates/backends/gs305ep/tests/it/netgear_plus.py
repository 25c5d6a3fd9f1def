"""Does what it is told with py-netgear-plus, and prints what each step returned, as JSON.

HOST=address PASSWORD=password python netgear_plus.py STEP... where a step is a method and its arguments, which are
read as JSON where they can be: `add_vlan 20 lab 22133` is one step. A step that raises gives {"raised": its class}.
"""

import json
import os
import sys

from py_netgear_plus import NetgearSwitchConnector


def value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def step(switch, line):
    method, *arguments = line.split(" ")
    # A hidden member string has to stay one, although it looks like a number.
    given = [it if len(it) > 4 else value(it) for it in arguments]
    try:
        return getattr(switch, method)(*given)
    except Exception as error:  # noqa: BLE001
        return {"raised": type(error).__name__, "text": str(error)}


switch = NetgearSwitchConnector(os.environ["HOST"], os.environ["PASSWORD"])
switch.sleep_time = 0
switch.VLAN_MODE_SETTLE_SECONDS = 0
model = switch.autodetect_model()
if not switch.get_login_cookie():
    sys.exit("no login")
answers = [model.MODEL_NAME, *(step(switch, it) for it in sys.argv[1:])]
switch.delete_login_cookie()
print(json.dumps(answers, default=str))
