import gc

from models.sheets.collecting import SELDOM, full_collections_wait


def test_full_collections_wait_until_the_last_sheet_is_gone() -> None:
    usual = gc.get_threshold()
    seldom = (*usual[:2], SELDOM)
    with full_collections_wait():
        assert gc.get_threshold() == seldom
        with full_collections_wait():
            assert gc.get_threshold() == seldom
        assert gc.get_threshold() == seldom
    assert gc.get_threshold() == usual
