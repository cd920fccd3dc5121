"""The label words in real use, and where they stand on a page.

A blank English spaCy pipeline with an entity ruler does the finding; it works on tokens
that carry the row pieces, so that what it finds has boxes. One pipeline a process for
each set of added words.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from pipeline.index.cluerules import ClueRules
from pipeline.index.layout import Piece, Row

if TYPE_CHECKING:  # half a second to load: reading begins before anybody needs it
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

# "N" stands for #, no, nr, num, number or nothing; "I" for id, identification.
_FIELDS = {
    "mrn": """mrn; mrn N; mr N; mr; med rec N; med record N; medical rec N; m r n;
        medical record N; record number; record no; record #; chart N; chart;
        hosp N; hospital number; hospital no; hospital #; unit number; unit no;
        unit #; patient I; patient number; patient no; patient #; pt I; pt number;
        pt no; pt #; history number; history no; mpi; hrn; medical records N;
        patient identification number; patient record N; health record N""",
    "account": """acct N; account N; acct; fin N; billing N; har; patient account N;
        patient acct N; hospital account N; bill N""",
    "encounter": """encounter N; encounter I; enc N; visit N; visit I; csn; csn N;
        adm number; adm no; adm #; admission number; admission no; admission #;
        episode N; contact serial number; case management N""",
    "born": """dob; birth; date of birth; birth date; birthdate; bdate; b date; born;
        birthday; birth dt; d o b; date birth; patient dob; pt dob; patients dob;
        patient date of birth; patients date of birth; patient birth date; dob date""",
    "name": """name; patient name; pt name; patients name; patient; pt;
        name of patient; re; regarding; resident; resident name; client name; client;
        full name; patient full name; name of the patient; legal name;
        patient name last first mi; name last first; name last first middle;
        name last first mi; pts name; patient legal name; reference; in re""",
    "family": "last name; surname; family name; last; patient last name",
    "given": "first name; given name; first; patient first name; forename",
    "middle": "middle name; middle initial; middle; mi",
    "sex": "sex; gender; patient sex; birth sex",
    "age": "age; age sex; patient age; age gender",
    "address": """address; home address; street address; patient address; addr; street;
        mailing address; residence""",
    "phone": """phone; phone N; home phone; cell; cell phone; telephone; tel;
        telephone N; mobile; daytime phone; patient phone; home tel; contact number;
        phone home""",
    "ssn4": """ssn; ss N; ssn N; soc sec N; social security N; social security;
        ssn last 4; last 4 ssn; last four ssn""",
    "service date": """date of service; service date; dos; visit date; date of visit;
        exam date; date of exam; date of examination; examination date; study date;
        date of study; procedure date; date of procedure; date of operation;
        operation date; date of surgery; surgery date; collected; date collected;
        collection date; specimen collected; encounter date; date of encounter;
        date of consultation; consultation date; consult date; date of consult;
        test date; date of test; performed; date performed; performed on;
        date of evaluation; evaluation date; date seen; seen on; seen; arrival date;
        arrival; date of arrival; arrived; date of delivery; delivery date;
        date of treatment; treatment date; session date; date of session; exam;
        examined; date taken; taken; recorded; date recorded; tracing date;
        date of tracing; date drawn; drawn; collected on; specimen date; specimen taken;
        service rendered; dates of service; date of recording; date of note;
        note date; date of assessment; assessment date; date written; ordered;
        records dated; dates of records; date of records; record date; executed on;
        date executed; date of request; date copied; copy made; list updated;
        date reviewed; date started; from 0700; date of anesthesia; date of mammogram;
        week of; week beginning;
        order date; date ordered; date of order; date given; date of contact;
        date of transfer; transfer date; run date of service; incident date;
        date of transport; date of clinic visit; clinic date;
        date of referral; referral date; date of death; died; expired on;
        date of call""",
    "admitted": """admit date; admission date; date of admission; admitted; adm date;
        admit; adm; date admitted; adm dt; admission; admitted on; admit dt;
        admission dt; date of adm""",
    "discharged": """discharge date; date of discharge; discharged; disch date; disch;
        dc date; d c date; date discharged; discharge; discharged on; date of disch;
        d / c date; d / c""",
    "received": """received; date received; received date; received on; recd;
        specimen received; rec d; date recd""",
    "printed": """printed; print date; date printed; printed on; run date; faxed;
        fax date; report printed; date of printing; date faxed; faxed on; run on;
        print time; copied; scanned; date scanned; printed by""",
    "dictated": """dictated; date dictated; dictation date; d; dd; date of dictation;
        dictated on""",
    "transcribed": "transcribed; date transcribed; typed; t; dt; transcription date",
    "signed": """signed; date signed; electronically signed; reported; date reported;
        report date; date of report; resulted; signed on; result date; verified;
        approved; completed; date completed; signature date; final; issued""",
    "dated": "date; date and time; date time; todays date; date / time; letter date",
    "effective": "effective date; effective; effective from; valid from",
    "page_of": "page; pg",
    "form_id": "form; form N; form rev",
    "other date": """next appointment; follow up date; expires; expiration date; lmp;
        edc; edd; date of injury; injury date; onset; date of onset;
        date of accident; last visit; date of last visit; previous visit; next visit;
        return date; appointment; appointment date; last menstrual period; due date;
        valid until;
        expiration; revised; rev; exp date; follow up on; previous exam; prior exam;
        compared with; compared to; comparison date; comparison study; prior study;
        comparison; date of last; next dose; vis date; date due; hire date; as of""",
    "other": """accession N; case N; policy N; member I; group N; order N; claim N;
        specimen N; license N; dea N; npi; tax id; lot N; fax; fax N; room; room N;
        bed; invoice N; authorization N; serial N; extension; ref N; our file;
        our ref; your ref; case id; subscriber I; certificate N; unit; location;
        ward; service; department; dept; race; religion; marital status; occupation;
        insurance; height; weight; diagnosis; procedure; specimen; employer; plan;
        time; status; allergies; medicare N; medicaid N; hic N; policy; relationship;
        relation;
        relation to patient; relationship to patient;
        city; state; zip; zip code; language; ethnicity; pharmacy; job N; document N;
        file N; study; study N; film N; lab N; id N; sample N; financial class;
        doc N; report N; prescription N; rx N; mobile N; pager; clinic; facility;
        hospital; email; county; blood type; chief complaint; type of exam; examination;
        requested; priority; modality; reason for visit; reason for consultation;
        patient status; patient class; patient location; patient type; visit type""",
}  # fmt: skip
_ROLES = {
    "clinician": """physician; attending; attending physician; attending md;
        referring physician; referred by; referring provider; dictated by; ref md;
        ordering physician; ordering provider; ordered by; primary care physician;
        pcp; provider; surgeon; assistant; assistant surgeon; anesthesiologist;
        consultant; radiologist; pathologist; requesting physician; requested by;
        interpreted by; signed by; reviewed by; read by; performed by; ordering md;
        electronically signed by; admitting physician; primary physician; nurse;
        therapist; technologist; technician; dr; doctor; seen by; verified by;
        author; collected by; transcribed by; administered by; prescriber;
        counselor; primary care provider; attending provider; consulting physician;
        responsible physician; family physician; anesthetist; first assistant;
        scrub nurse; circulating nurse; given by; reported by; cosigned by;
        examiner; operator; staff; triage nurse; charge nurse; midwife; obstetrician;
        psychiatrist; psychologist; interpreter; accepting physician;
        transferring physician; surgeon name; physician name; provider name;
        physician signature; signature; noted by; copied by; recorded by; taken by;
        approved by; completed by; prepared by; certifier; medical examiner; evaluator;
        triaged by; delivered by; endoscopist; cardiologist""",
    "guarantor": """guarantor; responsible party; subscriber; insured; policy holder;
        policyholder; member name; cardholder; card holder; insureds; subscribers;
        guarantors;
        person responsible""",
    "mother": """mother; mothers; maternal; baby of; newborn of; infant of; b / o;
        baby boy of; baby girl of; mother of baby; mothers maiden""",
    "father": "father; fathers; father of baby",
    "newborn": "newborn; infant; baby; neonate; child",
    "donor": "donor; organ donor; donors; living donor",
    "dependent": "dependent; dependents; dep; dependent name",
    "contact": """emergency contact; next of kin; nok; contact person; contact;
        spouse; husband; wife; relative; parent; guardian; notify; person to notify;
        in case of emergency; in case of emergency notify; agent; informant;
        health care agent; proxy; health care proxy; surrogate; legal guardian;
        witness; witnesses; witnessed by; notary; caregiver; power of attorney;
        accompanied by; son; daughter; brother; sister; partner; alternate agent;
        nearest relative; parent / guardian; parent or guardian; patient or guardian;
        relative or guardian; authorized representative; personal representative""",
    "addressee": """to; attention; attn; cc; dear; copy to; sent to; recipient;
        copies to; c c; release to; disclose to; mail to; report to; from""",
    "other authority": """outside; their; referring facility; other facility;
        outside facility; external; transferring facility""",
}  # fmt: skip
_EXPAND = {
    "N": ("#", "no", "nr", "num", "number", "no #", ""),
    "I": ("id", "id #", "id no"),
}
# Words that need a colon, a number sign or an empty rest of the cell to be labels.
_WEAK = """
patient; pt; re; regarding; name; resident; client; born; date; sex; page; pg; visit;
account; acct; chart; admit; adm; admission; admitted; discharge; discharged; disch;
received; d; t; dd; dt; first; last; middle; mi; age; exam; seen; form; unit; cell;
street; printed; signed; collected; performed; recorded; taken; drawn; mr; record;
encounter; episode; bill; billing; reported; dictated; typed; arrival; arrived;
ordered; final; verified; approved; completed; reference; residence; tel; mobile;
address; case; issued; died; effective; har; fin; examined; surname; gender;
medical record;
medical records; patient record; med rec
"""
WEAK = frozenset(" ".join(phrase.split()) for phrase in _WEAK.split(";"))
_ALIKE = str.maketrans("0158|", "olsbl")
# Shorter words have too many neighbours to be mended, but for two.
_LONG = 4
_SHORT = ("mrn", "dob")
_NAME = "name"  # of several words near, the one that labels say most
_TORN = 3.0  # heights of white space that no label reaches over
_SIGNS = ":#=-"
_KEPT = frozenset("#/")


@dataclass(frozen=True, slots=True)
class Label:
    """A label on a page: ``start`` and ``end`` count pieces of its row."""

    row: int
    start: int
    end: int
    kind: str  # a field, or a role when ``is_role``
    is_role: bool
    exact: bool  # no character of it had to be mended
    words: str = field(repr=False)  # in normal form


@dataclass(frozen=True, slots=True)
class LabelFinder:
    """The pipeline and the words its labels are made of."""

    nlp: Language
    vocabulary: frozenset[str]
    pairs: frozenset[tuple[str, str]]  # words that follow each other in a label

    def find(self, rows: tuple[Row, ...]) -> tuple[Label, ...]:
        """Labels in reading order; the longest wins where several fit."""
        words: list[str] = []
        norms: list[str] = []
        places: list[tuple[int, int]] = []
        for number, row in enumerate(rows):
            for i, norm in enumerate(self._norms(row.pieces)):
                if i and row.pieces[i].gap > _TORN:
                    _break(words, norms, places, (number, i))
                words.append(row.pieces[i].text)
                norms.append(norm)
                places.append((number, i))
            _break(words, norms, places, (number, len(row.pieces)))
        if not words:
            return ()
        from spacy.tokens import Doc

        doc = Doc(self.nlp.vocab, words=words)
        for token, norm in zip(doc, norms, strict=True):
            token.norm_ = norm
        found = []
        for span in self.nlp(doc).ents:
            at, start = places[span.start]
            spelled = all(
                norms[i] == _norm(words[i]) for i in range(span.start, span.end)
            )
            end = start + span.end - span.start
            said = " ".join(norms[span.start : span.end])
            kind, is_role = span.ent_id_, span.label_ == "ROLE"
            found.append(Label(at, start, end, kind, is_role, spelled, said))
        return tuple(found)

    def _norms(self, pieces: tuple[Piece, ...]) -> list[str]:
        norms = [_norm(piece.text) for piece in pieces]
        readings = [self._readings(norms, at) for at in range(len(norms))]
        mended = list(norms)
        for at, norm in enumerate(norms):
            if norm in self.vocabulary or len(norm) < 2:  # noqa: PLR2004 - a letter
                continue
            mended[at] = self._likeliest(norms, readings, at) or norm
        return mended

    def _readings(self, norms: list[str], at: int) -> tuple[str, ...]:
        """What the word may have been before it was misread, itself if it is known."""
        norm = norms[at]
        if norm in self.vocabulary:
            return (norm,)
        return _near(norm, self.vocabulary)

    def _likeliest(
        self, norms: list[str], readings: list[tuple[str, ...]], at: int
    ) -> str | None:
        near, norm = readings[at], norms[at]
        colon, then = _colon_after(norms, at), _colon_after(norms, at + 1)
        fitting = [word for word in near if self._fits(readings, at, word)]
        if colon and not fitting:
            far = _near(norm, self.vocabulary, 2)
            fitting = [word for word in far if self._fits(readings, at, word)]
        if len(fitting) == 1 and (colon or then or len(norm) >= _LONG):
            return fitting[0]
        if not colon:  # PHAN before FIRST NAME is no "plan"
            return near[0] if near == (norm.translate(_ALIKE),) else None
        if len(norm) < _LONG:
            near = tuple(word for word in near if word in (*_SHORT, _NAME))
        return near[0] if len(near) == 1 else _NAME if _NAME in near else None

    def _fits(self, readings: list[tuple[str, ...]], at: int, word: str) -> bool:
        """Whether it makes a phrase with a reading of the word before or behind it."""
        before = readings[at - 1] if at else ()
        behind = readings[at + 1] if at + 1 < len(readings) else ()
        return any((one, word) in self.pairs for one in before) or any(
            (word, one) in self.pairs for one in behind
        )


def _break(
    words: list[str],
    norms: list[str],
    places: list[tuple[int, int]],
    place: tuple[int, int],
) -> None:
    """No label runs over the end of a row, or from one column into the next."""
    words.append("\n")
    norms.append("\n")
    places.append(place)


class _Blanks:
    """A tokenizer for phrases that are in normal form already."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        from spacy.tokens import Doc

        return Doc(self._vocab, words=text.split())


def finder_for(rules: ClueRules) -> LabelFinder:
    """The finder for a site's words; made once in a process."""
    return _finder(
        tuple(sorted(rules.labels.items())), tuple(sorted(rules.roles.items()))
    )


@functools.lru_cache(maxsize=16)
def _finder(
    labels: tuple[tuple[str, tuple[str, ...]], ...],
    roles: tuple[tuple[str, tuple[str, ...]], ...],
) -> LabelFinder:
    import spacy

    nlp = spacy.blank("en")
    nlp.tokenizer = _Blanks(nlp.vocab)
    # phrases, not token patterns: a trie, five times as fast over a page
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "NORM"})
    patterns = _patterns("FIELD", _FIELDS, dict(labels))
    own = {_phrase(text) for _, some in labels for text in some}  # no role's words
    people = _patterns("ROLE", _ROLES, dict(roles))
    patterns += [one for one in people if one[2] not in own]
    ruler.add_patterns(  # type: ignore[attr-defined]  # a ruler is only typed as a pipe
        [
            {"label": kind, "id": name, "pattern": " ".join(phrase)}
            for kind, name, phrase in patterns
        ]
    )
    words = {word for _, _, phrase in patterns for word in phrase}
    pairs = {two for _, _, phrase in patterns for two in pairwise(phrase)}
    return LabelFinder(nlp, frozenset(words), frozenset(pairs))


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(_norm(word) for word in re.findall(r"[\w'.]+|[#/]", text))


def _patterns(
    kind: str, table: dict[str, str], added: dict[str, tuple[str, ...]]
) -> list[tuple[str, str, tuple[str, ...]]]:
    made: dict[tuple[str, ...], str] = {}
    for name in {**table, **added}:
        phrases = [p.split() for p in table.get(name, "").split(";") if p.strip()]
        for phrase in phrases:
            for chosen in product(*(_EXPAND.get(word, (word,)) for word in phrase)):
                made.setdefault(tuple(" ".join(chosen).split()), name)
        for text in added.get(name, ()):
            made[_phrase(text)] = name
    return [(kind, name, phrase) for phrase, name in made.items()]


@functools.lru_cache(maxsize=20000)
def _norm(text: str) -> str:
    if len(text) == 1:
        return text.lower() if text.isalnum() or text in _KEPT else text
    return re.sub(r"[.'’`]", "", text).lower()


@functools.lru_cache(maxsize=20000)
def _near(norm: str, vocabulary: frozenset[str], slips: int = 1) -> tuple[str, ...]:
    """Words of labels that may have been misread as this one, by so many slips.

    Only words of five letters or more stand a second one.
    """
    letters = norm.translate(_ALIKE)
    if letters != norm and any(c.isalpha() for c in norm) and letters in vocabulary:
        return (letters,)
    if not norm.isalnum() or len(norm) < _LONG - 1:
        return ()
    forms = {letters, letters.replace("rn", "m")}
    near: list[str] = []
    for word in vocabulary:
        most = slips if len(word) > _LONG else 1
        if (len(word) >= _LONG or word in _SHORT) and any(
            OSA.distance(form, word, score_cutoff=most) <= most for form in forms
        ):
            near.append(word)
    return tuple(near)


def _colon_after(norms: list[str], at: int) -> bool:
    return at + 1 < len(norms) and norms[at + 1] in _SIGNS
