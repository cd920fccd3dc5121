"""FEBRL beside its peers: the pairs, our score of them, and what is counted."""

from benchmarks.febrl import best_line, judged, links, pairs_of, records, scores

HEAD = """rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,
state,date_of_birth,soc_sec_id""".replace("\n", "")
ROWS = """
a-org, lachlan, berry, 69, giblin street, , bittern, 4814, qld, 19990219, 7364009
a-dup, lachlan, bery, 69, giblin streed, , bittern, 4814, qld, 19990219, 7364009
a-swap, berry, lachlan, , giblin street, , bittern, 4184, qld, 19990219, 7364099
b-org, deakin, berry, 8, macgregor street, , bittern, 4814, vic, 19780616, 1231143
c-org, lachlan, sondergeld, 43, leeson place, , kincumber, 4566, qld, 19991302, 2109092
"""


def read(tmp_path):
    (tmp_path / "f.csv").write_text(f"{HEAD}\n{ROWS.strip()}\n")
    return records(tmp_path / "f.csv")


def test_pairs_share_a_block_and_stand_once(tmp_path):
    pairs = pairs_of(read(tmp_path))
    assert pairs == sorted(set(pairs))
    assert ("a-dup", "a-org") in pairs
    assert ("a-org", "b-org") in pairs  # the surname
    assert ("b-org", "c-org") not in pairs


def test_two_records_of_one_person_lead_by_far(tmp_path):
    people = read(tmp_path)
    pairs = pairs_of(people)
    found = dict(zip(pairs, scores(people, pairs), strict=True))
    same = {pair for pair in pairs if {name[0] for name in pair} == {"a"}}
    assert len(same) == 3
    assert min(found[p] for p in same) > 20
    assert max(bits for pair, bits in found.items() if pair not in same) < 10


def test_right_wrong_and_the_best_line():
    found = [(("a", "b"), 5.0), (("a", "c"), 3.0), (("b", "c"), 1.0)]
    true = {("a", "b"), ("b", "c"), ("x", "y")}
    assert judged(found, true, 4.0) == (1, 0, 0.5)
    assert judged(found, true, 0.0) == (2, 1, 2 / 3)
    assert best_line(found, true) == 1.0
    assert best_line(found, {("a", "b")}) == 5.0


def test_links_are_read_in_either_order(tmp_path):
    (tmp_path / "l.csv").write_text("rec_a,rec_b\nz,a\n")
    assert links(tmp_path / "l.csv") == {("a", "z")}
