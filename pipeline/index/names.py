"""How people's names are printed, and what makes two printings comparable.

Takes DOE, JOHN A / John A. Doe / DOE JOHN A / DOE^JOHN^A / Mr. John Doe Jr. and gives
a Name; says nothing of how alike two names are.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

from pipeline.document import Name

_TITLES = "mr mrs ms miss mx dr doctor prof rev sir madam fr"
_CREDENTIALS = """
md do rn np pa pac lpn lvn crna phd psyd dds dmd dpm facs facp facog frcs mbbs msw lcsw
lmsw pt dpt ot otr otrl slp cccslp rph pharmd cnm aprn dnp fnp fnpbc bsn msn ma cma rt
rdms rrt emt emtp ccc rd ldn cphq esq
pta cota crnp cnp cns ccns ccrn cen anp agnp pmhnp acnp npc fnpc apn arnp bs ba mph mha
edd lpc lpcc lmft lmhc lcpc licsw lisw lsw csw cadc ladc sudp dc od dnap mbchb mrcp
frcpc faap facc facr fasn fccp faan facep fapa rcp crt rpsgt rdcs rvt rtr mlt mt atc
cht cde cdces rdn cna rma rhia rhit nremt aemt cpht
"""
_PARTICLES = """
de del dela de'la di da das dos du des la las le lo los van von vander vanden der den
ten ter st saint mc mac el al bin ibn ben abu san santa
"""
TITLES = frozenset(_TITLES.split())
CREDENTIALS = frozenset(_CREDENTIALS.split())
PARTICLES = frozenset(_PARTICLES.split())
_OF_THERAPY = re.compile(r"(OTR|COTA|DPT|MPT|LPT|RPT|PTA)[A-Z/]{0,3}")
_WARDS = frozenset({"ICU", "CCU", "NICU", "PICU", "MICU", "SICU"})
SUFFIXES = {
    "jr": "JR", "junior": "JR", "sr": "SR", "senior": "SR", "ii": "II",
    "2nd": "II", "iii": "III", "3rd": "III", "iv": "IV", "4th": "IV",
}  # fmt: skip
_SURNAMES_TOO = frozenset(
    {"do", "ma", "pt", "ot", "rd", "ba", "od", "mt"}
)  # degrees, and people's names

# Hypocorisms in American charts, one group a line or a stroke; a group says "may be
# the same name". Of whatever origin people are: MEMO is Guillermo, DIMA Dmitri.
_NICKNAMES = """
alexander alex al sandy xander | alexandra alex sandra lexi sandy | albert al bert
alfred al fred | andrew andy drew | anthony tony | arthur art | barbara barb barbie
benjamin ben benny | bernard bernie | beverly bev | calvin cal | carolyn carol carrie
catherine katherine kathryn kathleen cathy kathy kate katie kay kit
charles charlie chuck chas | christine christina chris tina | christopher chris kit
clarence clare | constance connie | cynthia cindy | daniel dan danny | david dave davey
deborah debra deb debbie | donald don donny | dorothy dot dottie dolly | dolores lola
edgar ed eddie | edward ed eddie ted ned | edwin ed eddie | edith edie
eleanor ellie nell nora | elizabeth eliza liz lizzie beth betty betsy libby
eugene gene | florence flo flossie | frances fran francie | francis frank
franklin frank | frederick fred freddie | gabriel gabe | gerald jerry gerry
geraldine gerry | gloria glo | gregory greg | harold harry hal | harriet hattie
helen nell nellie | henry hank harry | herbert herb bert | howard howie
isabel isabella bella belle izzy | jacob jake | jacqueline jackie
james jim jimmy jamie
janet jan | jeanette jean | jeffrey jeff | jennifer jen jenny | jerome jerry
john jack johnny jon | jonathan jon | joseph joe joey jos | josephine jo josie
joshua josh | judith judy | kenneth ken kenny | lawrence larry laurence
leonard leo len lenny | leonore lenore nora | lillian lily lil | lorraine lori
louis lou louie | louise lou | margaret maggie meg peg peggy marge margie greta rita
martha marty patty | martin marty | mary molly polly mae | matilda tilly mattie
matthew matt | maurice moe maury | mercedes mercy | michael mike mick mickey
miriam mimi | nancy nan | nathan nathaniel nate nat | nicholas nick
norman norm | pamela pam | patricia pat patty trish tricia | patrick pat paddy
peter pete | philip phillip phil | phyllis phyl | ralph rafe
raymond ray | rebecca becky becca | richard rich rick ricky dick
robert rob bob bobby bert
rodney rod | ronald ron ronnie | rosalind roz rose | rosemary rose rosie
samantha sam | samuel sam sammy | sandra sandy | sidney sid | stanley stan
stephen steven steve | susan suzanne sue susie | sylvia syl | terrence terence terry
theodore ted teddy theo | theresa teresa terry tess | thomas tom tommy | timothy tim
victor vic | victoria vicky tori | vincent vince vinny | virginia ginny
walter walt wally | wendell wendy | wilhelmina mina
william will bill billy willie liam
winifred winnie freda | zachary zach
alberto beto | roberto beto | humberto beto | rigoberto beto | heriberto beto
alejandro alex alejo jandro
alejandra ale jandra | antonio tony tono toni | beatriz bety betty
carlos charly carlitos | concepcion concha conchita | consuelo chelo
cristina cris tina | dolores lola loli | eduardo lalo eddie edu
enrique quique kike henry | ernesto neto | felipe pipe phil | fernando nando fer
francisco paco pancho kiko frank | francisca paca paquita | gabriela gaby
graciela chela | gregorio goyo | guadalupe lupe lupita | guillermo memo | gustavo tavo
ignacio nacho | isabel chabela isa | jesus chuy chucho | jose pepe joe chepe
josefina pepa fina josie | josefa pepa | juan juancho johnny | juana juanita
lourdes lulu
luis lucho louie | manuel manny manolo meno | margarita mague rita | mercedes meche
miguel mike | patricia paty | rafael rafa ralph | ramon moncho ray | refugio cuca cuco
ricardo rick richie ricky | rosario charo chayo | salvador chava sal
santiago santi chago | sergio checo | teresa tere | vicente chente vince
aleksandr alexandr alexander aleksander sasha alex olek | aleksandra alexandra sasha ola
aleksei alexei alyosha lyosha | anastasia anastasiya nastya | anna anya ania
boris borya | dmitri dmitry dmitriy dima mitya | ekaterina yekaterina katya
elena yelena lena | evgeny yevgeny zhenya | evgenia yevgenia zhenya | galina galya
grigory grisha | irina ira | ivan vanya | joanna asia | katarzyna kasia
konstantin kostya | krzysztof krzys chris | ludmila lyudmila lyuda mila
malgorzata gosia | maria masha marysia | mikhail misha mike | nadezhda nadya
natalia natalya natasha | nikolai nikolay kolya nick | olga olya | pavel pasha paul
petr pyotr petya | sergei sergey seryozha | sofia sofya sonya
stanislav stanislaw stas slava staszek | svetlana sveta lana | tatiana tatyana tanya
tomasz tomek tom | viktor victor vitya | vladimir volodya vova vlad | volodymyr vova
vyacheslav slava | wojciech wojtek | yuri yuriy yura | zbigniew zbyszek
abdul abdullah | abdul abdulrahman abdelrahman
mohamed mohammed muhammad mohammad moe mo
rajesh raj | rajendra raj
"""
_GROUPS = tuple(
    frozenset(group.upper().split())
    for group in _NICKNAMES.replace("\n", "|").split("|")
    if group.strip()
)
_GIVEN = frozenset().union(*_GROUPS)


@functools.lru_cache(maxsize=65536)  # a page is held against dozens of people
def fold(text: str) -> str:
    """A name for comparison: A-Z only, one blank between its parts.

    Case, accents and apostrophes go, hyphens become blanks, particles join the name
    they lead (DE LA CRUZ -> DELACRUZ), titles, suffixes and degrees fall away.
    """
    words = [w for w in _words(text) if w.lower() not in TITLES | SUFFIXES.keys()]
    parts: list[str] = []
    lead = ""
    for word in words:
        lead += word
        if word.lower() not in PARTICLES:
            parts.append(lead)
            lead = ""
    if lead:
        parts.append(lead)
    return " ".join(parts)


@functools.lru_cache(maxsize=65536)
def nicknames(given: str) -> frozenset[str]:
    """Folded given names that may mean the same person, itself included."""
    name = fold(given)
    return frozenset({name}).union(*(group for group in _GROUPS if name in group))


def parse_name(text: str, given: frozenset[str] = frozenset()) -> Name | None:
    """The person that a printed name names, or nothing if it cannot be a name.

    Understands the comma and the caret of HL7; without them the order is read from
    initials (DOE JOHN A, John A. Doe) and known given names, else given name first.
    ``given`` are further known given names, folded.
    """
    if any(c.isdigit() for c in text.replace("2nd", "").replace("3rd", "")):
        return None
    if "^" in text:
        return _from_carets(text)
    chunks = [c.strip() for c in text.split(",") if c.strip()]
    chunks = chunks[:1] + [c for c in chunks[1:] if not _all_in(c, CREDENTIALS)]
    suffix, chunks = _take_suffix_chunks(chunks)
    if not chunks:
        return None
    if len(chunks) > 1 and not _is_whole(chunks):
        family, more = _split_suffix(_tokens(chunks[0]))
        rest, last = _split_suffix(_tokens(" ".join(chunks[1:])))
        return _name(family, rest, suffix or more or last)
    return _without_comma(chunks[0], suffix, given)


def has_credentials(text: str) -> bool:
    """Whether the print bears a degree or Dr.: a clinician's name, not a patient's."""
    first, *rest = text.split(",")
    if any(_all_in(chunk, CREDENTIALS) for chunk in rest):
        return True
    words = [_key(word) for word in first.split()]
    degrees = CREDENTIALS - _SURNAMES_TOO
    return words[:1] in (["dr"], ["doctor"]) or any(w in degrees for w in words[1:])


def is_degree(words: Sequence[str]) -> bool:
    """Whether the first of these words, signs aside, is a degree and no surname."""
    keys = (_key(word) for word in words)
    return next((k for k in keys if k), "") in CREDENTIALS - _SURNAMES_TOO


def name_value(name: Name) -> str:
    """The normal form in a clue: FAMILY|GIVEN|MIDDLE|SUFFIX, upper case."""
    parts = (name.family, name.given, name.middle, name.suffix)
    return "|".join(part.upper().replace("|", "") for part in parts)


@functools.lru_cache(maxsize=4096)
def name_from_value(value: str) -> Name:
    """The name that a clue's normal form holds."""
    family, given, middle, suffix = (*value.split("|"), "", "", "", "")[:4]
    return Name(family, given, middle, suffix)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o"))
    plain = re.sub(r"['’`´.]", "", plain)
    return re.sub(r"[^A-Za-z]+", " ", _ascii(plain)).upper().split()


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode("ascii")


def _tokens(text: str) -> list[str]:
    words = text.replace("(", " ").replace(")", " ").split()
    return [w for w in (word.strip(".;:*_") for word in words) if w]


def _key(word: str) -> str:
    return re.sub(r"[.'’\-]", "", word).lower()


def _all_in(chunk: str, table: frozenset[str]) -> bool:
    words = [_key(w) for w in chunk.split()]
    return bool(words) and all(w in table for w in words)


def _take_suffix_chunks(chunks: list[str]) -> tuple[str, list[str]]:
    suffix, rest = "", []
    for at, chunk in enumerate(chunks):
        if at and _key(chunk) in SUFFIXES:
            suffix = SUFFIXES[_key(chunk)]
        else:
            rest.append(chunk)
    return suffix, rest


def _split_suffix(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 1 and _key(words[-1]) in SUFFIXES:
        return words[:-1], SUFFIXES[_key(words[-1])]
    return words, ""


def _from_carets(text: str) -> Name | None:
    family, given, middle, suffix = (*text.split("^"), "", "", "", "")[:4]
    return _name(_tokens(family), _tokens(f"{given} {middle}"), suffix.strip().upper())


def is_of_therapy(word: str) -> bool:
    """OTR, DPT and the like, also OTRYE as read; a ward behind the name is none."""
    return _OF_THERAPY.fullmatch(word) is not None


def _is_whole(chunks: list[str]) -> bool:
    """Olive E. Kessler, ICU or OTRYE; in "JOHN A DOE, ANN" Ann may be given."""
    told = all(is_of_therapy(chunk) or chunk in _WARDS for chunk in chunks[1:])
    return told and has_initial_inside(chunks[0])


def has_initial_inside(chunk: str) -> bool:
    """John A. Doe: no family name is made so, and what follows is no given name."""
    words = [_key(word) for word in chunk.split()]
    whole = len(words) == 3 and len(words[1]) == 1  # noqa: PLR2004 - given, initial, family
    return whole and len(words[0]) > 1 and words[0] not in PARTICLES


def _without_comma(text: str, suffix: str, given: frozenset[str]) -> Name | None:
    words = _tokens(text)
    while len(words) > 1 and _key(words[0]) in TITLES:
        words = words[1:]
    while len(words) > 1 and _key(words[-1]) in CREDENTIALS:
        words = words[:-1]
    words, found = _split_suffix(words)
    suffix = suffix or found
    if not words:
        return None
    if len(words) == 1:
        return _name(words, [], suffix)
    if _family_leads(words, _GIVEN | given):
        cut = _first_family(words)
        head, inner = _split_suffix(words[:cut])
        rest = words[cut:]
        if rest and _key(rest[0]) in SUFFIXES:  # DOE JR JOHN A
            inner, rest = SUFFIXES[_key(rest[0])], rest[1:]
        return _name(head, rest, suffix or inner)
    cut = _last_family(words)
    return _name(words[cut:], words[:cut], suffix)


def _family_leads(words: list[str], given: frozenset[str]) -> bool:
    if len(_key(words[-1])) == 1:
        return True
    if any(_key(word) in SUFFIXES for word in words[1:-1]):
        return True
    if len(words) > 2 and _key(words[-2]) == "baby":  # noqa: PLR2004 - DOE BABY GIRL
        return True
    known = [fold(word) in given for word in words]
    return known[1] and not known[0] and (words[1:] == words[-1:] or not known[-1])


def _first_family(words: list[str]) -> int:
    at = 0
    while at < len(words) - 2 and _key(words[at]) in PARTICLES:
        at += 1
    return at + 1


def _last_family(words: list[str]) -> int:
    at = len(words) - 1
    while at > 1 and _key(words[at - 1]) in PARTICLES:
        at -= 1
    return at


def _name(family: list[str], given: list[str], suffix: str) -> Name | None:
    while len(given) > 1 and _key(given[0]) in TITLES:
        given = given[1:]
    while len(given) > 1 and _key(given[-1]) in TITLES | CREDENTIALS:
        given = given[:-1]
    whole = " ".join(family)
    if not re.search(r"[^\W\d_].*[^\W\d_]", whole):  # two letters at least
        return None
    return Name(whole, given[0] if given else "", " ".join(given[1:]), suffix)
