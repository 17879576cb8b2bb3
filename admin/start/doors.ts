/** What is open before anybody is signed in: founding a school by a link, and choosing a password by one. */
import { graphql } from "../graphql";
import type { RoleInfo } from "../provider";

export interface Founding {
  founded: boolean;
  open: boolean;
  roles: RoleInfo[];
}

export const askFounding = async (secret: string): Promise<Founding> =>
  (
    await graphql<{ founding: Founding }>(
      "query Founding($secret: String) { founding(secret: $secret) { founded open roles { name label } } }",
      { secret },
    )
  ).founding;

export interface FoundInput {
  secret: string;
  school: string;
  zone: string;
  name: string;
  email: string;
  password: string;
  roles: string[];
}

export const foundSchool = (input: FoundInput): Promise<unknown> =>
  graphql("mutation FoundSchool($input: FoundSchoolInput!) { foundSchool(input: $input) { __typename } }", { input });

export interface LinkHolder {
  name: string;
  email: string;
  school: string;
}

export const askLink = async (secret: string): Promise<LinkHolder | null> =>
  (
    await graphql<{ signInLink: LinkHolder | null }>(
      "query SignInLink($secret: String!) { signInLink(secret: $secret) { name email school } }",
      { secret },
    )
  ).signInLink;

export const choosePassword = (secret: string, password: string): Promise<unknown> =>
  graphql(
    "mutation ChoosePassword($secret: String!, $password: String!) { choosePassword(secret: $secret, password: $password) { __typename } }",
    { secret, password },
  );
