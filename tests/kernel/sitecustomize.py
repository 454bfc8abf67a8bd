"""Keeps the Python processes under test offline. Python imports this at start: it is on PYTHONPATH.

An audit hook sees every attempt, whatever library makes it. Each is also written to the file
that OFFLINE_LOG names, so that code which tries the network and carries on without is found too.
"""

import ipaddress
import os
import sys

REACHES_OUT = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
LOOKS_UP = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0}


def stay_offline(event: str, args: tuple) -> None:
    """Refuse what would leave this machine."""
    if event in REACHES_OUT:
        address = args[REACHES_OUT[event]]
        host = address[0] if isinstance(address, tuple) else None
    elif event in LOOKS_UP:
        host = args[LOOKS_UP[event]]
    else:
        return
    if host and not is_loopback(host):
        with open(os.environ["OFFLINE_LOG"], "a") as log:
            print(host, file=log)
        raise RuntimeError(f"Tests run offline, and this wanted to reach {host!r}.")


def is_loopback(host: str | bytes) -> bool:
    """Tell whether `host` is this machine; names other than localhost are not looked up."""
    name = host.decode() if isinstance(host, bytes) else host
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


sys.addaudithook(stay_offline)
