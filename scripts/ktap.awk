# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Reads KTAP and prints "PASSED FAILED SKIPPED", then one line per failure
# ("failed: NAME") and per skip ("skipped: NAME: REASON").
#
# Only leaves count. A result that follows deeper ones sums them up; it counts
# when it fails although none of them did. Fewer or more results than planned
# are a failure, since a program that dies half-way prints no "not ok". The plan
# may come before or after the results.

# level = indentation; results[level] and failures[level] since the last result
# of a lower level, plan[level] if one was announced there
function close_levels(above,	level) {
	for (level in results) {
		level += 0
		if (level <= above)
			continue
		if ((level in plan) && plan[level] != results[level])
			fail("planned " plan[level] " results, saw " results[level])
		delete plan[level]
		delete results[level]
		delete failures[level]
	}
}

function fail(name) {
	failed++
	notes = notes "failed: " name "\n"
}

function skip(name, reason) {
	skipped++
	notes = notes "skipped: " name ": " (reason == "" ? "no reason given" : reason) "\n"
}

function after(text, pattern) {
	return match(text, pattern) ? substr(text, RSTART + RLENGTH) : ""
}

{ sub(/\r$/, ""); match($0, /^ */); level = RLENGTH; text = substr($0, level + 1) }

text ~ /^K?TAP version / { close_levels(level - 1) }

text ~ /^1\.\.[0-9]+( |$)/ {
	close_levels((level in plan) ? level - 1 : level)
	plan[level] = after(text, "^1\\.\\.") + 0
	results[level] += 0
	if (plan[level] == 0 && text ~ /# *SKIP/)
		skip("all tests", after(text, "# *SKIP *"))
}

text ~ /^(not )?ok [0-9]+/ {
	children = below = 0
	for (l in results) {
		if (l + 0 > level) {
			children += results[l]
			below += failures[l]
		}
	}
	before = failed
	close_levels(level)
	below += failed - before

	results[level]++
	bad = text ~ /^not/
	failures[level] += bad
	name = after(text, "^(not )?ok [0-9]+ *-? *")
	if (bad) {
		if (!children || !below)
			fail(name)
	} else if (!children) {
		if (text ~ /# *SKIP/) {
			sub(/ *#.*/, "", name)
			skip(name, after(text, "# *SKIP *"))
		} else {
			passed++
		}
	}
}

END {
	close_levels(-1)
	printf "%d %d %d\n%s", passed, failed, skipped, notes
}
