/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The configuration of the kernel that runs, compressed or not */
#ifndef LSKEL_CONFIG
#define LSKEL_CONFIG

#define LSKEL_CONFIG_MAX	(16u << 20)	/* bytes; real ones have some 300 000 */

/* Deflate (RFC 1951): a stream of bits, the lowest first, to so many bytes */
struct lskel_inflate {
	const unsigned char *in, *in_end;
	unsigned char *out;
	size_t done, size;
	__u32 bits, nr_bits;	/* what is read ahead */
	bool bad;		/* sticky: it ended, or means nothing */
};

/* The @n bits that come next, at most 16 */
static inline __u32 lskel_bits(struct lskel_inflate *z, __u32 n)
{
	__u32 bits;

	while (z->nr_bits < n) {
		if (z->in == z->in_end) {
			z->bad = true;
			return 0;
		}
		z->bits |= (__u32)*z->in++ << z->nr_bits;
		z->nr_bits += 8;
	}
	bits = z->bits & ((1u << n) - 1);
	z->bits >>= n;
	z->nr_bits -= n;
	return bits;
}

/* A canonical Huffman code: how many words of each length, and what they stand
 * for, in the order of the words
 */
struct lskel_huffman {
	__u16 count[16];
	__u16 symbol[288];
};

/* Make one of the lengths of its words, 0 for none. What no word can begin is
 * found when it is read.
 */
static inline void lskel_make_code(struct lskel_inflate *z, struct lskel_huffman *code,
				 const unsigned char *lengths, __u32 n)
{
	__u32 first[16], i;
	int left = 1;

	memset(code->count, 0, sizeof(code->count));
	for (i = 0; i < n; i++)
		code->count[lengths[i]]++;
	code->count[0] = 0;
	for (first[0] = 0, i = 1; i < 16; i++) {
		first[i] = first[i - 1] + code->count[i - 1];
		left = 2 * left - code->count[i];
		z->bad |= left < 0;
	}
	for (i = 0; i < n; i++)
		if (lengths[i])
			code->symbol[first[lengths[i]]++] = (__u16)i;
}

static inline __u32 lskel_read_symbol(struct lskel_inflate *z, const struct lskel_huffman *code)
{
	__u32 word = 0, first = 0, index = 0, length;

	for (length = 1; length < 16 && !z->bad; length++) {
		word = word << 1 | lskel_bits(z, 1);
		if (word - first < code->count[length])
			return code->symbol[index + word - first];
		index += code->count[length];
		first = (first + code->count[length]) << 1;
	}
	z->bad = true;
	return 0;
}

static inline void lskel_inflate_stored(struct lskel_inflate *z)
{
	__u32 n, check;

	lskel_bits(z, z->nr_bits % 8);
	n = lskel_bits(z, 16);
	check = lskel_bits(z, 16);
	if (z->bad || n != (check ^ 0xffff) || n > z->size - z->done ||
	    n > (size_t)(z->in_end - z->in)) {
		z->bad = true;
		return;
	}
	memcpy(z->out + z->done, z->in, n);
	z->in += n;
	z->done += n;
}

/* Bytes, and copies of what is behind */
static inline void lskel_inflate_coded(struct lskel_inflate *z, const struct lskel_huffman *lengths,
				       const struct lskel_huffman *distances)
{
	__u32 symbol, more, length, distance;

	while (!z->bad) {
		symbol = lskel_read_symbol(z, lengths);
		if (z->bad || symbol == 256)
			return;
		if (symbol < 256) {
			if (z->done == z->size)
				break;
			z->out[z->done++] = (unsigned char)symbol;
			continue;
		}
		/* Each group of four lengths, or two distances, has one bit more than
		 * the one before. The last length is alone.
		 */
		symbol -= 257;
		if (symbol > 28)
			break;
		more = symbol < 8 ? 0 : symbol == 28 ? 0 : symbol / 4 - 1;
		length = symbol < 8 ? symbol + 3 : symbol == 28 ? 258 :
			 ((4 + symbol % 4) << more) + 3;
		length += lskel_bits(z, more);
		symbol = lskel_read_symbol(z, distances);
		if (symbol > 29)
			break;
		more = symbol < 4 ? 0 : symbol / 2 - 1;
		distance = symbol < 4 ? symbol + 1 : ((2 + symbol % 2) << more) + 1;
		distance += lskel_bits(z, more);
		if (z->bad || distance > z->done || length > z->size - z->done)
			break;
		for (; length; length--, z->done++)
			z->out[z->done] = z->out[z->done - distance];
	}
	z->bad = true;
}

static inline void lskel_inflate_fixed(struct lskel_inflate *z)
{
	struct lskel_huffman lengths, distances;
	unsigned char length[288];

	memset(length, 8, 144);
	memset(length + 144, 9, 112);
	memset(length + 256, 7, 24);
	memset(length + 280, 8, 8);
	lskel_make_code(z, &lengths, length, 288);
	memset(length, 5, 30);
	lskel_make_code(z, &distances, length, 30);
	lskel_inflate_coded(z, &lengths, &distances);
}

/* The codes come first, themselves coded. */
static inline void lskel_inflate_dynamic(struct lskel_inflate *z)
{
	static const unsigned char order[] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
	};
	const __u32 nr_lengths = lskel_bits(z, 5) + 257, nr_distances = lskel_bits(z, 5) + 1;
	const __u32 nr = lskel_bits(z, 4) + 4, all = nr_lengths + nr_distances;
	struct lskel_huffman lengths, distances;
	unsigned char length[320], repeat;
	__u32 i, symbol, times;

	memset(length, 0, sizeof(length));
	for (i = 0; i < nr; i++)
		length[order[i]] = (unsigned char)lskel_bits(z, 3);
	lskel_make_code(z, &lengths, length, 19);
	z->bad |= nr_lengths > 286 || nr_distances > 30;
	for (i = 0; i < all && !z->bad;) {
		symbol = lskel_read_symbol(z, &lengths);
		repeat = (unsigned char)symbol;
		times = 1;
		if (symbol == 16) {
			z->bad |= !i;
			repeat = i ? length[i - 1] : 0;
			times = 3 + lskel_bits(z, 2);
		} else if (symbol > 16) {
			repeat = 0;
			times = symbol == 17 ? 3 + lskel_bits(z, 3) : 11 + lskel_bits(z, 7);
		}
		if (z->bad || times > all - i) {
			z->bad = true;
			return;
		}
		memset(length + i, repeat, times);
		i += times;
	}
	lskel_make_code(z, &lengths, length, nr_lengths);
	lskel_make_code(z, &distances, length + nr_lengths, nr_distances);
	lskel_inflate_coded(z, &lengths, &distances);
}

/* The @size bytes that a deflated stream makes; false if it makes others */
static inline bool lskel_inflate_all(const unsigned char *in, size_t in_size, unsigned char *out,
				 size_t size)
{
	struct lskel_inflate z;
	bool last = false;

	memset(&z, 0, sizeof(z));
	z.in = in;
	z.in_end = in + in_size;
	z.out = out;
	z.size = size;
	while (!last && !z.bad) {
		last = lskel_bits(&z, 1);
		switch (lskel_bits(&z, 2)) {
		case 0:
			lskel_inflate_stored(&z);
			break;
		case 1:
			lskel_inflate_fixed(&z);
			break;
		case 2:
			lskel_inflate_dynamic(&z);
			break;
		default:
			z.bad = true;
		}
	}
	return !z.bad && z.done == size;
}

/* The text in a file of gzip (RFC 1952) with one member, to be freed; NULL: it has
 * none. The sum at its end is not checked.
 */
static inline char *lskel_gunzip(const unsigned char *in, size_t size)
{
	size_t at = 10, text_size;
	unsigned int flags, bit;
	const void *end;
	char *text;

	if (size < 18 || in[2] != 8)
		return NULL;
	flags = in[3];
	if (flags & 4)
		at += 2 + (in[10] | in[11] << 8);
	for (bit = 8; bit <= 16; bit *= 2)	/* name, comment */
		if (flags & bit && at < size) {
			end = memchr(in + at, 0, size - at);
			at = end ? (size_t)((const unsigned char *)end - in) + 1 : size;
		}
	at += flags & 2;
	text_size = in[size - 4] | in[size - 3] << 8 | in[size - 2] << 16 |
		    (size_t)in[size - 1] << 24;
	if (at > size - 8 || text_size > LSKEL_CONFIG_MAX)
		return NULL;
	text = (char *)malloc(text_size + 1);
	if (text && lskel_inflate_all(in + at, size - 8 - at, (unsigned char *)text, text_size)) {
		text[text_size] = 0;
		return text;
	}
	free(text);
	return NULL;
}

/* A file's content and a NUL behind it, to be freed; NULL with errno */
static inline char *lskel_read_file(const char *path, size_t *size)
{
	const int fd = open(path, O_RDONLY | LSKEL_O_CLOEXEC);
	size_t room = 1 << 16;
	char *text = NULL, *larger;
	ssize_t n = 0;
	int err;

	if (fd < 0)
		return NULL;
	*size = 0;
	do {
		*size += (size_t)n;
		if (!text || room - *size < 2) {
			room *= 2;
			larger = room <= LSKEL_CONFIG_MAX ? (char *)realloc(text, room) : NULL;
			if (!larger) {
				errno = EFBIG;
				n = -1;
				break;
			}
			text = larger;
		}
		n = read(fd, text + *size, room - *size - 1);
	} while (n > 0);
	err = errno;
	close(fd);
	errno = err;
	if (!n) {
		text[*size] = 0;
		return text;
	}
	free(text);
	return NULL;
}

static inline int lskel_read_config(struct lskel *skel, struct lskel_values *values)
{
	static const char proc[] = "/proc/config.gz";
	char *text = NULL, *plain;
	struct utsname uts;
	size_t size = 0;
	int err;

	if (!uname(&uts)) {
		snprintf(values->source, sizeof(values->source), "/boot/config-%s", uts.release);
		text = lskel_read_file(values->source, &size);
	}
	if (!text) {
		text = lskel_read_file(proc, &size);
		if (!text)
			return lskel_fail(skel, -errno, "cannot read the kernel's configuration, neither"
					  " %s nor %s:", values->source, proc);
		snprintf(values->source, sizeof(values->source), "%s", proc);
	}
	if (size > 1 && (unsigned char)text[0] == 0x1f && (unsigned char)text[1] == 0x8b) {
		plain = lskel_gunzip((const unsigned char *)text, size);
		free(text);
		text = plain;
	}
	if (!text)
		return lskel_fail(skel, -EINVAL, "%s is not the configuration of a kernel",
				  values->source);
	err = lskel_kconfig_text(skel, values, text, values->source);
	free(text);
	return err;
}

#endif /* LSKEL_CONFIG */
