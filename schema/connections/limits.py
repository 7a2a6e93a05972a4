"""What one connection may do below GraphQL. docs/operations.md lists it."""

# HTTP.
LONGEST_HEAD = 32 * 1024
MOST_HEADERS = 100
HEAD_SECONDS = 10.0
# A body may stand still for so long; on average it brings so many bytes a second.
BODY_SECONDS = 10.0
SLOWEST_BODY = 16 * 1024
# For the rest of a body whose request is answered already.
REST_SECONDS = 2.0
# An idle connection stays so much longer: a request may have arrived while the loop was late.
LATE_SECONDS = 0.05
ANSWER_SECONDS = 30.0

# Websockets. Before connection_init is accepted: it alone, with a token of at most 8 KB, and pings.
HANDSHAKE_SECONDS = 10.0
LARGEST_BEFORE = 16 * 1024
BURST_BEFORE, RATE_BEFORE = 10, 1.0
BURST, RATE = 200, 50.0
# A frame counts once more for each so many bytes: reading 250 KB of JSON takes up to 40 ms.
FRAME = 2048

# A closed connection whose client does not read the rest is cut off.
CLOSE_SECONDS = 10.0
SWEEP_SECONDS = 1.0
# So many bytes are parsed before another look at the clock and at what waits.
SLICE = 4096
TURN_SECONDS = 0.005
