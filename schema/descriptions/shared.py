"""What fields and arguments of these names say wherever they are."""

WORDS = {
    # Every object and refusal.
    "id": "Opaque, and the same for ever. `node` finds any object by it.",
    "createdAt": "When it was made; nothing changes it.",
    "message": "Why not, in words for a person. `Accept-Language` chooses English or Chinese.",
    # Connections.
    "nodes": "The objects of this page, in the order of the list.",
    "edges": "The same objects, each with the cursor of its position.",
    "node": "The object at this position.",
    "cursor": "Its position: as `after` or `before` it leads to what is next to it.",
    "pageInfo": "Whether there are pages after and before this one, and the cursors to them.",
    "first": "How many from the beginning, or after `after`: 1 to 100.",
    "after": "Only what comes after this cursor. Null: from the beginning.",
    "last": "How many from the end, or before `before`: 1 to 100. Not with `first` or `after`.",
    "before": "Only what comes before this cursor. Needs `last`.",
    "startCursor": "Of the first object; null on an empty page.",
    "endCursor": "Of the last object; null on an empty page.",
    "hasNextPage": "Whether there is something after the last object.",
    "hasPreviousPage": "Whether there is something before the first object.",
    "totalCount": "How many there are on all pages, with the filters of this list.",
    # Arguments of many operations.
    "idempotencyKey": "Made up by the client for this request, 1 to 200 characters. A request that"
    " is sent again with it changes nothing more and gets the first answer. With another request it"
    " is InvalidInput. The header `Idempotency-Key` does the same.",
    "customerId": "A customer's id. That of one that was merged leads to the kept one.",
    "poolId": "The id of a pool that the viewer sees; others count as not found.",
    "memberId": "The id of a member of the organization; others count as not found.",
    "sheetId": "From the answer of `POST /sheets`. A sheet is kept for a day, for its sender"
    " alone.",
    "format": "What kind of file the link leads to.",
}
