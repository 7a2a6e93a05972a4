// For relay-compiler, which reads the documents; tests/conformance/relay.mjs runs what it makes.
graphql`
  query poolQuery($id: ID!, $count: Int!) {
    pool(id: $id) {
      ...pool_customers @arguments(count: $count)
    }
  }
`;

graphql`
  fragment pool_customers on Pool
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "Cursor" })
  @refetchable(queryName: "poolPageQuery") {
    customers(first: $count, after: $cursor, orderBy: NAME) @connection(key: "pool_customers") {
      edges {
        node {
          id
          owner {
            name
          }
        }
      }
    }
  }
`;

graphql`
  query poolEndQuery($id: ID!, $count: Int!) {
    pool(id: $id) {
      ...pool_end @arguments(count: $count)
    }
  }
`;

graphql`
  fragment pool_end on Pool
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "Cursor" })
  @refetchable(queryName: "poolEndPageQuery") {
    customers(last: $count, before: $cursor, orderBy: NAME) @connection(key: "pool_end_customers") {
      edges {
        node {
          id
          owner {
            name
          }
        }
      }
    }
  }
`;
