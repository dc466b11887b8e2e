// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Passes the static probes of libstdc++ after a line of input: says before what the
 * second argument of libstdcxx:throw will be.
 */
#include <cstdio>
#include <typeinfo>

int main()
{
	std::printf("%p\n", static_cast<const void *>(&typeid(int)));
	std::fflush(stdout);
	std::getchar();
	try {
		throw 7;
	} catch (int) {
	}
	std::getchar();
}
