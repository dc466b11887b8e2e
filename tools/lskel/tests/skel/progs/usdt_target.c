// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A tracepoint in a library, or in a program that is always at the same addresses */
#include "usdt.h"

void fire(int value);

void fire(int value)
{
	USDT("target", "0", "-4@%0 8@$77", "r" (value));
}

int main(void)
{
	fire(-7);
	return 0;
}
