# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Gives every result the name "topic.case". The harness prints "fixture.case",
# and of a skipped case only the reason; KUnit prints the cases of a suite
# indented, and the suite after them. "# TEST topic" says what comes next; a
# topic without a result has failed.

function full(name) {
	sub(/^global\./, "", name)
	sub("^" topic "\\.", "", name)
	return topic "." name
}

function end_topic() {
	if (topic != "" && !results)
		printf "1..1\nnot ok 1 %s: ended without results\n", topic
	results = 0
}

# A run that is cut short has said how far it got
{ fflush() }

/^# TEST / { end_topic(); topic = $3; print; next }
/^ *(not )?ok / { results++ }
/^#  RUN / { running = $3; next }
/^#  +(OK|FAIL|SKIP) / { next }

topic == "kunit" {
	if (/^ *# Subtest: /)
		suite = $NF
	else if (/^ +[0-9]+\.\.[0-9]+/)
		print $1
	else if (match($0, /^ +ok [0-9]+ - /))
		print "ok", $2, suite "." substr($0, RLENGTH + 1)
	else if (match($0, /^ +not ok [0-9]+ - /))
		print "not ok", $3, suite "." substr($0, RLENGTH + 1)
	next
}

/^ok [0-9]+ # SKIP/ { print $1, $2, full(running), substr($0, index($0, "#")); next }
/^ok / { print $1, $2, full($3); next }
/^not ok [0-9]+ ended / { print "not ok", $3, topic ": " substr($0, index($0, "ended")); next }
/^not ok / { print $1, $2, $3, full($4); next }
{ print }

END { end_topic() }
