/** @jest-environment ./admin/test/browserLike.cjs */
import { QueryClient } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { CoreAdminContext, memoryStore } from "ra-core";
import { createMemoryRouter, RouterProvider } from "react-router-dom";
import { Frame } from "./Frame";
import MenuPage from "./MenuPage";
import { SessionContext } from "./session";
import { kite } from "./test/kites";
import { memoryProvider, sessionOf } from "./test/memoryProvider";

test("a single key finds the search, until its person turns single keys off", async () => {
  const session = sessionOf([kite]);
  const page = (
    <SessionContext value={session}>
      <CoreAdminContext
        dataProvider={memoryProvider({ session, records: [] })}
        store={memoryStore()}
        queryClient={new QueryClient()}
      >
        <Frame>
          <MenuPage />
        </Frame>
      </CoreAdminContext>
    </SessionContext>
  );
  // The frame guards what is unsaved, which only a router with data can.
  render(<RouterProvider router={createMemoryRouter([{ path: "*", element: page }])} />);
  const user = userEvent.setup();
  const keys = await screen.findByRole<HTMLInputElement>("checkbox", { name: /^Single keys/ }, { timeout: 20_000 });
  await waitFor(() => expect(keys.checked).toBe(true), { timeout: 20_000 });
  await user.keyboard("/");
  expect(document.activeElement?.id).toBe("search");
  await user.click(keys);
  await waitFor(() => expect(keys.checked).toBe(false), { timeout: 20_000 });
  await user.keyboard("/");
  expect(document.activeElement?.id).not.toBe("search");
});
