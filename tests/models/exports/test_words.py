from models.exports.words import ACTIONS, REASONS
from models.ledger.actions import PUBLIC
from models.rules.deadlines import ReleaseReason


def test_every_public_action_and_every_reason_has_a_word() -> None:
    assert set(ACTIONS) == set(PUBLIC)
    assert set(REASONS) == set(ReleaseReason)
