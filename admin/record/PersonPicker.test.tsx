/** @jest-environment ./admin/test/browserLike.cjs */
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import type { PersonRef } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { PersonPicker } from "./PersonPicker";

const session = sessionOf([kite]);
const everybody = ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell", "Piers Holt"].map((name, n) => ({
  id: `p${n}`,
  name,
}));

/** Hits come when the test lets them. */
function pick({ multiple = true }: { multiple?: boolean } = {}) {
  const waiting: { words: string; answer: () => void }[] = [];
  const submitted = jest.fn();
  let chosen: PersonRef[] = [];
  function Form() {
    const [value, setValue] = useState<PersonRef[]>([]);
    chosen = value;
    return (
      <form onSubmit={submitted}>
        <label htmlFor="who">Who</label>
        <PersonPicker id="who" value={value} onChange={setValue} multiple={multiple} />
      </form>
    );
  }
  render(
    <Screen
      session={session}
      dataProvider={memoryProvider(
        { session, records: [] },
        {
          people: (words) =>
            new Promise((resolve) =>
              waiting.push({
                words,
                answer: () => resolve({ nodes: everybody.filter(({ name }) => name.includes(words)), next: null }),
              }),
            ),
        },
      )}
    >
      <Form />
    </Screen>,
  );
  return {
    box: screen.getByLabelText<HTMLInputElement>("Who"),
    names: () => chosen.map(({ name }) => name),
    submitted,
    /** What was asked for these words is answered. */
    answer: async (words: string) => {
      await waitFor(() => expect(waiting.map((each) => each.words)).toContain(words));
      await act(async () => waiting.filter((each) => each.words === words).forEach(({ answer }) => answer()));
    },
  };
}

test.each([true, false])("Enter before the hits come takes the only one (several: %s)", async (multiple) => {
  const { box, names, answer, submitted } = pick({ multiple });
  await userEvent.type(box, "Rowan Ashdown{Enter}");
  expect(names()).toEqual([]);
  await answer("Rowan Ashdown");
  await waitFor(() => expect(names()).toEqual(["Rowan Ashdown"]));
  await waitFor(() => expect(box.value).toBe(multiple ? "" : "Rowan Ashdown"));
  expect(submitted).not.toHaveBeenCalled();
});

test("several are taken one after the other, each by its name and Enter at once", async () => {
  const { box, names, answer } = pick();
  for (const name of ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"]) {
    await userEvent.type(box, `${name}{Enter}`);
    await answer(name);
    await waitFor(() => expect(names()).toContain(name));
  }
  expect(names()).toHaveLength(3);
});

test("of several hits none is taken before it can be seen; of other words than those typed now, none at all", async () => {
  const { box, names, answer } = pick();
  await userEvent.type(box, "Piers{Enter}");
  await answer("Piers");
  expect(await screen.findAllByRole("option")).toHaveLength(2);
  expect(names()).toEqual([]);
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(names()).toEqual(["Piers Hollowell"]));

  await userEvent.type(box, "Rowan{Enter}");
  await userEvent.type(box, " A");
  await answer("Rowan");
  await answer("Rowan A");
  expect(await screen.findByRole("option", { name: "Rowan Ashdown" })).toBeTruthy();
  expect(names()).toEqual(["Piers Hollowell"]);
});
