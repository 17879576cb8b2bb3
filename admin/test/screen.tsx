import { configure } from "@testing-library/react";
import { QueryClient } from "@tanstack/react-query";
import { CoreAdminContext, memoryStore } from "ra-core";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router-dom";
import type { DulyProvider, Session } from "../provider";
import { SessionContext } from "../session";

// A loaded machine takes its time: what is awaited comes, or never.
configure({ asyncUtilTimeout: 20_000 });

/** A screen where it stands in the app: signed in, with its data from memory. */
export function Screen({
  session,
  dataProvider,
  at = "/",
  children,
}: {
  session: Session;
  dataProvider: DulyProvider;
  at?: string;
  children: ReactNode;
}) {
  return (
    <MemoryRouter initialEntries={[at]}>
      <SessionContext value={session}>
        <CoreAdminContext
          dataProvider={dataProvider}
          store={memoryStore()}
          queryClient={new QueryClient({ defaultOptions: { queries: { retry: false } } })}
        >
          {children}
        </CoreAdminContext>
      </SessionContext>
    </MemoryRouter>
  );
}
