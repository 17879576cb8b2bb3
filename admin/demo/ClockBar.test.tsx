/** @jest-environment ./admin/test/browserLike.cjs */
import { useQuery } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import { kite } from "../test/kites";
import { memoryProvider, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { ClockBar } from "./ClockBar";

test("where somebody else has moved the clock to another day, today is asked for again", async () => {
  const session = sessionOf([kite]);
  let asked = 0;
  const provider = memoryProvider(
    { session, records: [] },
    {
      session: async () => (asked++, session),
      clock: async () => ({ now: "2031-05-04T07:00:00.000Z", advancingTo: null, fired: 0 }),
    },
  );
  function Page() {
    useQuery({ queryKey: ["session"], queryFn: () => provider.session() });
    return <ClockBar />;
  }
  render(
    <Screen session={session} dataProvider={provider}>
      <Page />
    </Screen>,
  );
  await screen.findByText(/At school it is Sunday 4 May 2031, 8:00/);
  await waitFor(() => expect(asked).toBe(2));
});
