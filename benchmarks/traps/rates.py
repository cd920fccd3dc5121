"""How hard the trap set is: every rate, written down before the first run.

At least the difficulty of SCIENCE.md section 1.4 and of the issue: 1 million people,
100,000 pages, 5 % of subjects not in the index, MRN on at most 80 % of pages, birth
date 85 %, sex 60 %, address 20 %, 0.15 % with another patient's MRN, 0.5 % with a birth
date keyed wrongly, 3 % under a surname that the index does not hold, 8 % about twins,
Jr and Sr, and namesakes, recognition that errs in 0.2 to 12 % of characters. Harder
than there: the page is words, and its labels are misread like its values; a physician
is named as well; some birth dates are registered as 1 January; Chinese, Vietnamese
and South Asian surnames are as concentrated as they are in life.

Nothing here may be changed after a look at results: what fails is mended in
pipeline/index, or told. Rates are shares 0..1 of people, or of pages where a comment
says so.
"""

from __future__ import annotations

PEOPLE = 1_000_000
PAGES = 100_000

# --- people --------------------------------------------------------------------------

ORIGINS = {
    "anglo": 0.48,
    "hispanic": 0.20,
    "chinese": 0.06,
    "vietnamese": 0.05,
    "arabic": 0.05,
    "south asian": 0.08,
    "slavic": 0.08,
}
HOUSEHOLDS = {
    1: 0.30,
    2: 0.34,
    3: 0.16,
    4: 0.13,
    5: 0.07,
}  # of households, people in it
TWIN = 0.008  # of people, with one more born beside them: 1.6 % are twins
JUNIOR = 0.0026  # of people, with a son of the same name: 0.5 % are Jr or Sr
SAID_SUFFIX = 0.7  # of Jr and Sr, those whom the index tells apart by a suffix
NAMESAKE = 0.002  # of people, with the whole name of another and nearly the birth date
MIDDLE = 0.6  # with a middle initial in the index
ADDRESSED, REACHED = 0.92, 0.75  # with an address, with a telephone
NEW_YEAR = {  # of an origin, born on 1 January for want of a date
    "arabic": 0.03,
    "south asian": 0.02,
    "vietnamese": 0.01,
}
DOUBLE_SURNAME = 0.30  # of Hispanic people

# --- subjects of pages (shares of pages) ---------------------------------------------

ABSENT = 0.05  # not in the index; of these:
ABSENT_TWIN = 0.15  # surname, birth date, address of somebody who is
ABSENT_NAMESAKE = 0.15  # name and address of somebody who is: a father or a son
TRAPPED = {"twin": 0.032, "Jr or Sr": 0.024, "namesake": 0.024}  # 8 % in all

# --- what a page says ----------------------------------------------------------------

HAS_MRN, HAS_BORN, HAS_NAME, HAS_SEX, HAS_ADDRESS, HAS_PHONE = (
    0.80, 0.85, 0.95, 0.60, 0.20, 0.10,
)  # fmt: skip
ABSENT_HAS_MRN = 0.60  # of pages of people not in the index: a number nobody has now
HAS_SUFFIX, HAS_MIDDLE = 0.50, 0.50  # where the person has one
HAS_PHYSICIAN = 0.50

# --- what people do wrong (shares of pages) ------------------------------------------

WRONG_MRN = 0.0015  # another patient's number; of these:
WRONG_WITHIN_HOUSE = 0.20  # that of the next person in the registration's order
KEYED_BORN = 0.005  # half a digit keyed wrongly, half day and month exchanged
CHANGED_SURNAME = 0.03  # another surname altogether, unknown to the index
NICKNAME = 0.10  # where the given name has one
INITIAL_ONLY = 0.02  # of the given name
MIDDLE_FOR_GIVEN = 0.01  # where a whole middle name is held
EXCHANGED = 0.01  # family and given name in each other's place
HALF_SURNAME = 0.25  # of double surnames, printed by their first half
MOVED = 0.12  # of addresses, an older one
OTHER_PHONE = 0.12

# --- what recognition does -----------------------------------------------------------

CHARACTER_ERRORS = {0.002: 0.60, 0.01: 0.25, 0.04: 0.12, 0.12: 0.03}  # of pages
DELETED, INSERTED = 0.10, 0.05  # of errors; the others take one character for another
CONFUSED = 0.60  # of those, by one that looks like it
# The engine knows a page's error rate up to this lognormal factor, and each word's
# confidence moves by a signal of this many standard deviations between right and wrong.
RATE_UNCERTAINTY = 0.5
WORD_SIGNAL = 2.0
