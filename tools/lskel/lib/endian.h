/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Numbers in the byte order of the target, at any address */
#ifndef LSKEL_ENDIAN_H
#define LSKEL_ENDIAN_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline void put_u16(void *bytes, uint16_t value, bool big)
{
	value = big ? htobe16(value) : htole16(value);
	memcpy(bytes, &value, sizeof(value));
}

static inline void put_u32(void *bytes, uint32_t value, bool big)
{
	value = big ? htobe32(value) : htole32(value);
	memcpy(bytes, &value, sizeof(value));
}

static inline void put_u64(void *bytes, uint64_t value, bool big)
{
	value = big ? htobe64(value) : htole64(value);
	memcpy(bytes, &value, sizeof(value));
}

static inline uint32_t get_u32(const void *bytes, bool big)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return big ? be32toh(value) : le32toh(value);
}

static inline uint64_t get_u64(const void *bytes, bool big)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return big ? be64toh(value) : le64toh(value);
}

#endif /* LSKEL_ENDIAN_H */
