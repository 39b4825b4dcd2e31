"""The HTTP layer of every connector: where requests may go, how long they may take, and what each outcome means.

A request goes to the configured host only, over verified TLS, with connect and read timeouts. Redirects are not
followed. A write is sent once. No thread sleeps: a Retry-After becomes a time to wait until. Bodies and secrets are
never logged.

    transport.py    the client of one product: names operations and turns answers into values or errors
    network.py      words faults below HTTP: DNS, refused connections, TLS
    session.py      the session that enforces the rules, for our code and the vendors' libraries
    governance.py   the rules of one product: origin, timeouts, back-off
    voice.py        tells a product's own words from those of what stands in front of it
    statuses.py     the table from status to error, what a refusal means, and how long to wait
    credentials.py  signs requests; tokens are renewed before they expire
    file_secret.py  a secret in a file, which is read again when it changes
    totals.py       holds lists against the totals that products name
    clocks.py       converts a product's times to our clock
    bounds.py       bounds an answer in time, in size and to text that can be stored; makes the TLS connections
    settings.py     the settings keys that every product has
    samples.py      redacts an answer for errors and logs
"""
