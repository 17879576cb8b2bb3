/** What the page behind a one-time link asks: operations of its own, without a session. */
import type { Field } from "../../schema/definition";
import type { FieldValue } from "../../schema/record";
import { graphql } from "../graphql";
import { LETTERHEAD } from "../firstQueries";
import type { Letterhead } from "../letterhead/letterhead";

export interface GuestItem {
  name: string;
  field: Field;
  required: boolean;
  default: FieldValue;
}

export interface GuestAction {
  name: string;
  label: string;
  help: string | null;
  form: GuestItem[];
}

export interface GuestPageData {
  letterhead: Letterhead;
  zone: string;
  person: string;
  label: string;
  title: string;
  shows: { label: string; value: string }[];
  text: { title: string; text: string; hash: string } | null;
  /** A copy can be mailed to them. */
  copied: boolean;
  actions: GuestAction[];
  answered: { label: string; help: string | null; at: string } | null;
  expiresAt: string;
}

const PAGE = `${LETTERHEAD} zone person label title shows { label value } text { title text hash } copied
  actions { name label help form } answered { label help at } expiresAt`;

export const guestApi = {
  /** Null for a link that has ended or never was. */
  page: async (secret: string) =>
    (
      await graphql<{ guestPage: GuestPageData | null }>(
        `query Guest($secret: String!) { guestPage(secret: $secret) { ${PAGE} } }`,
        { secret },
        undefined,
        secret,
      )
    ).guestPage,
  answer: async (input: {
    secret: string;
    action: string;
    input: Record<string, unknown>;
    textHash: string | null;
    copy: boolean;
  }) =>
    (
      await graphql<{ answerAsGuest: GuestPageData | null }>(
        `mutation Answer($input: GuestAnswerInput!) { answerAsGuest(input: $input) { ${PAGE} } }`,
        { input },
        undefined,
        input.secret,
      )
    ).answerAsGuest,
};

export type GuestApi = typeof guestApi;
