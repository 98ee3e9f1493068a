import { graphql } from "react-relay";

export const viewer = graphql`
  query ViewerQuery {
    viewer {
      nickname
    }
  }
`;
