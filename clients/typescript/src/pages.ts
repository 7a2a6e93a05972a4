// All rows of a list, page by page.

export interface Connection<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/**
 * The rows behind each page's end. A row that moves while the list is read may come again: it is
 * left out. One that moves before the cursor is missed, so read the list again to be exact.
 */
export async function* rows<Node extends { id: string }>(
  read: (after: string | null) => Promise<Connection<Node>>,
): AsyncGenerator<Node, void, undefined> {
  const seen = new Set<string>();
  let after: string | null = null;
  do {
    const { nodes, pageInfo }: Connection<Node> = await read(after);
    for (const node of nodes) {
      if (!seen.has(node.id)) yield node;
      seen.add(node.id);
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
}
