// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Nothing but a program that is not attached */
#include "progs.h"

SEC("lwt_in")
int route(struct __sk_buff *skb)
{
	return 0;
}
