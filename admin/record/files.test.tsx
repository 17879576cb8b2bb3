/** @jest-environment ./admin/test/browserLike.cjs */
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { RecordType } from "../../schema/definition";
import { RequestFailure } from "../graphql";
import type { FileRef, RecordDetail, Verbs } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { SectionForm } from "./SectionForm";

const type: RecordType = {
  ...kite,
  fields: { photo: { kind: "file", label: "Photo", required: true }, papers: { kind: "files", label: "Papers" } },
  form: [{ label: "Files", fields: ["photo", "papers"] }],
};
const session = sessionOf([type]);
const idOf = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[^A-H]/g, "")
    .padEnd(26, "0");
const stored: FileRef = { id: idOf("licence.pdf"), name: "licence.pdf", mediaType: "application/pdf", size: 2_400_000 };

function edit(answers: Partial<Verbs> = {}, record: RecordDetail = recordOf(type, { values: { papers: [stored] } })) {
  const sent: unknown[] = [];
  const updateRecord: Verbs["updateRecord"] = async (_type, _id, _version, input) => void sent.push(input);
  const provider = memoryProvider({ session, records: [record] }, { updateRecord, ...answers });
  const section = type.form?.[0] ?? { label: "", fields: [] };
  const page = render(
    <Screen session={session} dataProvider={provider}>
      <SectionForm
        type={type}
        record={record}
        section={section}
        cancel={() => undefined}
        done={async () => undefined}
      />
    </Screen>,
  );
  return { ...page, sent, user: userEvent.setup({ applyAccept: false }) };
}
const papers = () => within(screen.getByRole("group", { name: /Papers/ }));
const photo = () => within(screen.getByRole("group", { name: /Photo/ }));
const save = () => screen.getByRole("button", { name: "Save" });
const png = (name: string) =>
  new File([Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])], name, { type: "image/png" });

/** An upload that the test ends. */
function slow() {
  const ways: {
    file: File;
    onProgress: (share: number) => void;
    signal: AbortSignal;
    arrive: () => void;
    fail: (why: Error) => void;
  }[] = [];
  const upload: Verbs["upload"] = (file, way) =>
    new Promise((resolve, reject) =>
      ways.push({
        file,
        ...way,
        arrive: () => resolve({ id: idOf(file.name), name: file.name, mediaType: file.type, size: file.size }),
        fail: reject,
      }),
    );
  return { ways, upload };
}

test("several files arrive in their own order, show how far they are, and are sent by their ids", async () => {
  const { ways, upload } = slow();
  const { user, sent } = edit({ upload });
  await user.upload(photo().getByLabelText(/Choose a file/), png("gale.png"));
  await user.upload(papers().getByLabelText(/Choose files/), [png("a.png"), png("b.png")]);
  await waitFor(() => expect(ways).toHaveLength(3));
  act(() => ways[1]?.onProgress(0.4));
  const bar = await papers().findByRole("progressbar", { name: "a.png is being sent" });
  await waitFor(() => expect((bar as HTMLProgressElement).value).toBe(0.4));

  // What is still on its way is not saved as if it were there.
  await user.click(save());
  expect((await screen.findAllByRole("alert"))[0]?.textContent).toContain("still being sent");
  expect(sent).toEqual([]);

  ways[2]?.arrive();
  ways[0]?.arrive();
  await papers().findByRole("link", { name: "b.png" });
  ways[1]?.arrive();
  await papers().findByRole("link", { name: "a.png" });
  await user.click(save());
  await waitFor(() =>
    expect(sent).toEqual([{ photo: idOf("gale.png"), papers: [stored.id, idOf("a.png"), idOf("b.png")] }]),
  );
});

test("a file can be taken out, and the keyboard stands where another is chosen", async () => {
  const { user, sent } = edit(
    {},
    recordOf(type, { values: { photo: { ...stored, id: idOf("d.pdf") }, papers: [stored] } }),
  );
  expect(papers().getByText("2.4 MB")).toBeTruthy();
  await user.click(papers().getByRole("button", { name: "Remove licence.pdf" }));
  expect(document.activeElement).toBe(papers().getByLabelText(/Choose files/));
  await user.click(save());
  await waitFor(() => expect(sent).toEqual([{ papers: null }]));
});

test("one that is on its way can be taken back", async () => {
  const { ways, upload } = slow();
  const { user } = edit({ upload });
  await user.upload(papers().getByLabelText(/Choose files/), png("mistake.png"));
  await user.click(await papers().findByRole("button", { name: "Remove mistake.png" }));
  expect(ways[0]?.signal.aborted).toBe(true);
  ways[0]?.fail(new DOMException("taken back", "AbortError"));
  await waitFor(() => expect(screen.queryByText("mistake.png")).toBeNull());
  expect(papers().getByRole("alert").textContent).toBe("");
});

test("what cannot be kept is said in plain words, before it is sent or as the server says it", async () => {
  const upload = jest.fn(() => Promise.reject(new RequestFailure("INVALID_INPUT", "“a.png” is not taken today.")));
  const { user } = edit({ upload });
  await user.upload(papers().getByLabelText(/Choose files/), new File(["MZ\0\0"], "setup.png"));
  await waitFor(() => expect(papers().getByRole("alert").textContent).toMatch(/“setup.png” is a program/));
  const large = png("large.png");
  Object.defineProperty(large, "size", { value: 21_400_000 });
  await user.upload(papers().getByLabelText(/Choose files/), large);
  await waitFor(() =>
    expect(papers().getByRole("alert").textContent).toMatch(/“large.png” has 21.4 MB; 20 MB is the most/),
  );
  expect(upload).not.toHaveBeenCalled();
  await user.upload(papers().getByLabelText(/Choose files/), png("a.png"));
  await waitFor(() => expect(papers().getByRole("alert").textContent).toBe("“a.png” is not taken today."));
  expect(screen.queryByText("a.png")).toBeNull();
});

test("a file is dropped into its field, a picture is shown, and a second one takes the place of a single one", async () => {
  const { container } = edit({
    upload: async ({ name, type: mediaType, size }) => ({ id: idOf(name), name, mediaType, size }),
  });
  const place = photo().getByText(/or drop it here/);
  fireEvent.drop(place, { dataTransfer: { files: [png("first.png")] } });
  await photo().findByRole("link", { name: "first.png" });
  expect(container.querySelector("img")?.getAttribute("src")).toBe(`/files/${idOf("first.png")}`);
  fireEvent.drop(place, { dataTransfer: { files: [png("second.png"), png("third.png")] } });
  await photo().findByRole("link", { name: "second.png" });
  expect(
    photo()
      .getAllByRole("link")
      .map(({ textContent }) => textContent),
  ).toEqual(["second.png"]);
});
