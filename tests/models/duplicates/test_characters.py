from models.duplicates.characters import folded, simplified


def test_width_and_case_are_folded() -> None:
    assert folded(" ＡＣ\u200dＭＥ　１２３ﬁ ") == "acme 123fi"


def test_traditional_characters_become_simplified_by_their_words() -> None:
    assert simplified("皇后的頭髮發亮") == "皇后的头发发亮"
    assert simplified("plain text") == "plain text"
