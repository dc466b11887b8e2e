/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the two halves of the sample agree on. */
#ifndef SYSCOUNTS_H
#define SYSCOUNTS_H

#define MAX_COMMS 1024

struct comm {
	char name[16];
};

#endif /* SYSCOUNTS_H */
