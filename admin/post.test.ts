/** @jest-environment ./admin/test/browserLike.cjs */
import { forgetAhead, post, sendAhead, sentAhead } from "./post";

const asked: string[] = [];
beforeEach(() => {
  asked.length = 0;
  forgetAhead();
  globalThis.fetch = (_, init) => {
    asked.push(String(init?.body));
    return asked.length === 1 ? Promise.resolve({ ok: true } as Response) : Promise.reject(new TypeError("offline"));
  };
});

test("what was sent ahead answers whoever asks for it, once; what differs is sent anew", async () => {
  sendAhead("query Work { work }", { after: null });
  expect(sentAhead()).toBe(true);
  await expect(post("query Work { work }", { after: null })).resolves.toEqual({ ok: true });
  expect(asked).toHaveLength(1);
  await expect(post("query Work { work }", { after: null })).rejects.toThrow("offline");
  expect(asked).toHaveLength(2);
});

test("after a sign-in by somebody else nothing that was sent ahead is taken", async () => {
  sendAhead("query Work { work }");
  forgetAhead();
  await expect(post("query Work { work }", {})).rejects.toThrow("offline");
  expect(asked).toHaveLength(2);
});
