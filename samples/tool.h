/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tools have in common: how they are told what to do, and when to end. */
#ifndef TOOL_H
#define TOOL_H

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static inline void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* What --duration and --count say, of those that have it; 0 for no limit */
static unsigned int seconds, left;

/* From now on lines are shown at once, and SIGINT, SIGTERM and the end of
 * --duration set stopped and interrupt what waits.
 */
static inline void begin(void)
{
	struct sigaction action = { .sa_handler = stop };

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	alarm(seconds);
}

/* One event was shown: what its callback returns, which stops after the last one. */
static inline int shown(void)
{
	if (!left || --left)
		return 0;
	stopped = 1;
	return -EINTR;
}

/* End the process: it was asked for help (@option is 'h'), or for nonsense. */
static inline void __attribute__((noreturn)) end_with(const char *usage, int option)
{
	fputs(usage, option == 'h' ? stdout : stderr);
	exit(option == 'h' ? 0 : 2);
}

/* The value of an option that is a number from 0 to INT_MAX */
static inline unsigned int number(const char *text)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || end == text || *end || value > INT_MAX) {
		fprintf(stderr, "'%s' is not a number from 0 to %d\n", text, INT_MAX);
		exit(2);
	}
	return value;
}

/* The last options of most tools */
#define END_OPTIONS					\
	{ "duration", required_argument, NULL, 'd' },	\
	{ "help", no_argument, NULL, 'h' },		\
	{ 0 }

/* @option is none of the tool's own: of END_OPTIONS, 'n' for --count, or nonsense. */
static inline void common_option(int option, const char *usage)
{
	if (option == 'd')
		seconds = number(optarg);
	else if (option == 'n')
		left = number(optarg);
	else
		end_with(usage, option);
}

/* Print what a process chose, which may want to control our terminal: @size
 * bytes, with spaces for the zeros that are between words.
 */
static inline void print_text(const char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		unsigned char byte = text[i];

		putchar(!byte ? ' ' : byte < ' ' || byte == 127 ? '?' : byte);
	}
}

#endif /* TOOL_H */
