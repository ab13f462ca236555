"""Texts that tokenizers are compared on: real words of many scripts, and what breaks parsers.

The words are the names of languages, territories, currencies and units that Unicode's CLDR has in each
language, out of PyPI's `babel`. Everything is made anew from a fixed seed.
"""
import random
import unicodedata

from babel import Locale

# A language for each of 24 scripts, and some more for accents.
LANGUAGES = (
    "en fr de vi tr pl el ru uk sr he ar fa ur hi mr bn ta te kn ml gu pa si th lo my km ka hy am ti "
    "zh_Hans zh_Hant ja ko yo is cs dz or bo iu mn_Mong nqo ff_Adlm"
).split()


def words(language):
    """Names in a language, as CLDR has them."""
    try:
        locale = Locale.parse(language)
    except Exception:
        return []
    found = []
    for table in (locale.languages, locale.territories, locale.scripts, locale.currencies):
        found += [str(name) for name in table.values()]
    for width in locale.months["format"].values():
        found += [str(name) for name in width.values()]
    for width in locale.days["format"].values():
        found += [str(name) for name in width.values()]
    for unit in locale.unit_display_names.values():
        found += [str(name) for name in unit.values()]
    # What a language lacks comes in English; only its own script counts for most.
    return [name for name in found if name]


def sentences(rng, count):
    """Lines of a few names each, with the punctuation, numbers and white space of real text."""
    tables = {language: words(language) for language in LANGUAGES}
    tables = {language: table for language, table in tables.items() if len(table) > 50}
    languages = sorted(tables)
    glue = [" ", " ", " ", " ", ", ", ". ", "; ", " - ", " (", ") ", "\u3000", "\t", "  ", "\u00a0",
            " ``", "'' ", "'s ", "\u2019s ", "/", " \u2014 ", "\u3001", "\u3002", "\u060c ", "!", "?! "]
    for index in range(count):
        language = languages[index % len(languages)]
        table = tables[language]
        if rng.random() < 0.1:
            table = table + tables[rng.choice(languages)]
        line = ""
        for _ in range(rng.randint(1, 12)):
            if rng.random() < 0.12:
                line += number(rng)
            else:
                word = rng.choice(table)
                form = rng.random()
                if form < 0.1:
                    word = word.upper()
                elif form < 0.2:
                    word = unicodedata.normalize("NFD", word)
                line += word
            line += rng.choice(glue)
        yield line


def number(rng):
    """A number as people write them, some ending in the comma that ALBERT takes off."""
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 6)))
    return rng.choice(["%s", "%s,", "%s,000", "1,%s,5", "%s.5", "%s%%", "$%s", "%s,%s" % (digits, "%s")]) % digits


def safe(scalar):
    """Whether the Unicode tables of all libraries at hand know the character alike: those that
    Unicode 12 (2019) had. Later ones are a question of which library is how old."""
    return unicodedata.category(chr(scalar)) not in ("Cs",) and unicodedata.ucd_3_2_0.category(
        chr(scalar)) not in ("Cn",)


POOL = [scalar for scalar in range(1, 0x30000) if safe(scalar)]
BLOCKS = [(0, 0x80), (0x80, 0x250), (0x250, 0x370), (0x300, 0x370), (0x370, 0x400), (0x400, 0x530),
          (0x590, 0x600), (0x600, 0x700), (0x900, 0x980), (0x980, 0xA00), (0xB80, 0xC00),
          (0xE00, 0xE80), (0xF00, 0x1000), (0x1100, 0x1200), (0x1E00, 0x1F00), (0x1F00, 0x2000),
          (0x2000, 0x2070), (0x2070, 0x20A0), (0x20A0, 0x20D0), (0x20D0, 0x2100), (0x2100, 0x2150),
          (0x2150, 0x2190), (0x2190, 0x2200), (0x2460, 0x2500), (0x2580, 0x25A0), (0x2600, 0x2700),
          (0x3000, 0x3100), (0x3130, 0x3190), (0x3200, 0x3400), (0x4E00, 0x5000), (0xAC00, 0xAD00),
          (0xF900, 0xFB00), (0xFB00, 0xFB50), (0xFB50, 0xFC00), (0xFE00, 0xFF00), (0xFF00, 0x10000),
          (0x10400, 0x10450), (0x1D400, 0x1D800), (0x1F300, 0x1F600), (0x20000, 0x20100),
          (0x2F800, 0x2FA20)]


def soup(rng, count):
    """Characters of one or two blocks at random, marks behind whatever stands before them."""
    blocks = [[s for s in POOL if start <= s < end] for start, end in BLOCKS]
    blocks = [block for block in blocks if block]
    for _ in range(count):
        chosen = [rng.choice(blocks) for _ in range(rng.randint(1, 2))]
        line = ""
        for _ in range(rng.randint(1, 40)):
            line += chr(rng.choice(rng.choice(chosen))) if rng.random() < 0.9 else " "
        yield line


def hostile():
    """Single cases that parsers trip over."""
    yield ""
    yield " "
    yield " \t\n\r \x0b\x0c"
    yield "a"
    yield "\u2581"
    yield "\u2581\u2581 a \u2581b\u2581"
    yield "a\u2581 \u2581"
    yield "\u0301"
    yield "\u0301\u0302\u0303 \u0323"
    yield "a\u0301\u0323 a\u0323\u0301 \u1ea1\u0301"
    yield "e\u0301" * 50
    # Newer than the tables of the tokenizers library, or of another category there.
    yield "\u0c04\u0301 \u1df6\u0301 \u0eba\u0ebb \u32ff \uab69 \u1734\u1885 \U00011938 \ufdd0"
    yield "\u200d"
    yield "\u200b\u200c\u200d\u2060\ufeff"
    yield "\ufeffbyte order mark"
    yield "a\u00adb soft hyphen"
    yield "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family"
    yield "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7 flags \U0001f3f4\U000e0067\U000e0062"
    yield "\u2764\ufe0f \u263a\ufe0e"
    yield "\U0001f44d\U0001f3fd thumbs"
    yield "1\ufe0f\u20e3"
    yield "nul \x00 in the middle"
    yield "\x00"
    yield "".join(map(chr, range(1, 32)))
    yield "\x7f\x80\x85\x9f"
    yield "\ufffd replacement \ufffc"
    yield "\ufdfa \u3300 \u33ff"
    yield "\u0130stanbul I\u0307 \u0131"
    yield "\u03a3\u03a3 \u039f\u03a3 \u03a3a a\u03a3b a\u03a3. \U0001d6ba a\U0001d6ba"
    yield "\u1e9e stra\u00dfe \ufb03 \ufb00\ufb01"
    yield "\uac00\u11a8 \u1100\u1161\u11a8 \uac01"
    yield "\u0958\u0959 \u0928\u093c \u0915\u093c"
    yield "\u212b \u2126 \u00c5 A\u030a"
    yield "\u00bd \u00b2 \u2460 \u2075, \u0665, \u096b, \uff15\uff0c 5\uff0c"
    yield "9,9 1,000,000 99, 9,, 9,9, ,9 a9, 9a, \u00b2, x\u00b2,"
    yield "``quoted'' ''' `` ` `'' '`' ''''"
    yield "[CLS] [SEP] [MASK] <pad> <unk> [UNK] [PAD] <s> </s>"
    yield "[cls] [Sep] [mask]"
    yield "a [MASK] b"
    yield "a[MASK]b"
    yield "[MASK][MASK] [MASK]  [MASK]"
    yield "  [MASK]  "
    yield "[MASK"
    yield "MASK] [ MASK ]"
    yield "[[MASK]]"
    yield "x<unk>y <unk><unk>"
    yield "\u2028\u2029 line and paragraph"
    yield "tab\tnew\nline\r\nreturn\rform\x0cfeed"
    yield "\x1c\x1d\x1e\x1f separators \x1ca\x1db"
    yield "\u1680\u2000\u2001\u202f\u205f\u3000 spaces"
    yield "\u00a0nbsp\u00a0"
    yield "\u4e00\u4e01\u4e8c\u3400\U00020000\u9fff\uf900"
    yield "don't won't can't I'm you're"
    yield "http://example.org/?a=b&c=d#e user@example.org #tag @name"
    yield "A" * 5000
    yield "ab " * 3000
    yield "\u0915\u094d\u0937" * 500
    yield "\u4e2d\u6587" * 2000
    yield "x" * 101 + " " + "y" * 100 + " " + "z" * 99
    yield "\ue000\uf8ff private \U000f0000"


def texts(count=20000, seed=1):
    """All of them: the single cases, then `count` lines."""
    rng = random.Random(seed)
    yield from hostile()
    lines = list(sentences(rng, count * 3 // 4)) + list(soup(rng, count - count * 3 // 4))
    rng.shuffle(lines)
    yield from lines


def megabyte(seed=2):
    """A line of 1 MB."""
    rng = random.Random(seed)
    line = ""
    pieces = []
    size = 0
    for line in sentences(rng, 100000):
        pieces.append(line)
        size += len(line.encode())
        if size >= 1 << 20:
            break
    return "".join(pieces)
