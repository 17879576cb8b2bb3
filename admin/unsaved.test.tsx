/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, Link, Outlet, RouterProvider } from "react-router-dom";
import { UnsavedGuard, useUnsaved } from "./unsaved";

function Form({ dirty }: { dirty: boolean }) {
  useUnsaved(dirty);
  return <Link to="/there">Elsewhere</Link>;
}

function open(dirty: boolean) {
  const frame = (
    <UnsavedGuard>
      <Outlet />
    </UnsavedGuard>
  );
  const children = [
    { path: "/here", element: <Form dirty={dirty} /> },
    { path: "/there", element: <p>Arrived</p> },
  ];
  const router = createMemoryRouter([{ element: frame, children }], { initialEntries: ["/here"] });
  render(<RouterProvider router={router} />);
  return userEvent.setup();
}

const unload = () => {
  const event = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
};

test("nobody is asked about a page where nothing was typed", async () => {
  const user = open(false);
  expect(unload()).toBe(false);
  await user.click(screen.getByRole("link", { name: "Elsewhere" }));
  expect(await screen.findByText("Arrived")).toBeTruthy();
});

test("leaving with something unsaved asks, and both answers are kept to", async () => {
  const user = open(true);
  expect(unload()).toBe(true);
  await user.click(screen.getByRole("link", { name: "Elsewhere" }));
  await user.click(await screen.findByRole("button", { name: "Stay here" }));
  expect(screen.queryByText("Arrived")).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole("link", { name: "Elsewhere" }));
  await user.click(screen.getByRole("link", { name: "Elsewhere" }));
  await user.click(await screen.findByRole("button", { name: "Leave" }));
  expect(await screen.findByText("Arrived")).toBeTruthy();
});
