/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One object of the corpus, whose light skeleton is compiled in */
#ifndef CORPUS_ATTACH_H
#define CORPUS_ATTACH_H

#include <stdbool.h>

/* What came of it; in memory that the child shares with the runner */
struct report {
	char said[1500];	/* what is wrong; of one that is skipped: why */
	bool skipped;		/* it does not load */
	unsigned int attached, refused;	/* programs */
};

/* What there is to attach to, open in the child */
struct targets {
	int cgroup, netns;
	int udp;		/* a socket that shares its port */
	int sockmap;
	unsigned int ifindex;
};

struct attach_case {
	const char *name;
	void (*run)(struct report *report, const struct targets *targets);
};

#endif /* CORPUS_ATTACH_H */
