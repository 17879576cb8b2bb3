/** What a shared device asks: operations of its own, without a session. */
import type { Field, Quick } from "../../schema/definition";
import { graphql } from "../graphql";
import { THIS_DEVICE } from "../firstQueries";
import type { ThisDevice } from "./thisDevice";

export interface ReportForm {
  type: string;
  label: string;
  form: { quick: Quick; fields: Record<string, Field> };
}

export interface Named {
  id: string;
  name: string;
}

export const deviceApi = {
  names: async (search: string) =>
    (
      await graphql<{ namesOnDevice: Named[] }>(
        "query Names($search: String!) { namesOnDevice(search: $search) { id name } }",
        {
          search,
        },
      )
    ).namesOnDevice,
  name: async (person: string, pin: string) =>
    (
      await graphql<{ nameOnDevice: ThisDevice }>(
        `mutation Name($person: ID!, $pin: String!) { nameOnDevice(person: $person, pin: $pin) { ${THIS_DEVICE} } }`,
        { person, pin },
      )
    ).nameOnDevice,
  still: async () =>
    (await graphql<{ stillThere: ThisDevice }>(`mutation Still { stillThere { ${THIS_DEVICE} } }`)).stillThere,
  leave: async () =>
    (await graphql<{ leaveDevice: ThisDevice }>(`mutation Leave { leaveDevice { ${THIS_DEVICE} } }`)).leaveDevice,
  forms: async () => (await graphql<{ reportForms: ReportForm[] }>("{ reportForms { type label form } }")).reportForms,
  choices: async (type: string, field: string, search: string) =>
    (
      await graphql<{ reportChoices: Named[] }>(
        `
          query Choices($type: String!, $field: String!, $search: String!) {
            reportChoices(type: $type, field: $field, search: $search) {
              id
              name
            }
          }
        `,
        { type, field, search },
      )
    ).reportChoices,
  report: async (type: string, input: Record<string, unknown>) =>
    (
      await graphql<{ reportOnDevice: { reference: string; then: string } }>(
        `
          mutation Report($type: String!, $input: JSON!) {
            reportOnDevice(type: $type, input: $input) {
              reference
              then
            }
          }
        `,
        { type, input },
      )
    ).reportOnDevice,
};

export type DeviceApi = typeof deviceApi;
