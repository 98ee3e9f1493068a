import { graphql } from "../../tada/graphql";

export const viewer = graphql(`
  query Viewer {
    viewer {
      nickname
    }
  }
`);
