/** @jest-environment ./admin/test/browserLike.cjs */
import { setTimeout as sleep } from "node:timers/promises";
import { keepFocus } from "./focus";

const page = (html: string) => void (document.body.innerHTML = html);
const find = <E extends HTMLElement>(selector: string): E => {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`Nothing is ${selector}.`);
  return found;
};
/** Time enough for a page to take the focus itself. */
const aWhile = () => sleep(300);

let stop: () => void;
beforeEach(() => (stop = keepFocus()));
afterEach(() => stop());

test("what had the focus goes with its row: the list around it has it then", async () => {
  page("<main><section><ul><li><button>Done</button></li><li>Another</li></ul></section></main>");
  find("button").focus();
  find("li").remove();
  await aWhile();
  expect(document.activeElement).toBe(find("section"));
  find("section").blur();
  expect(find("section").hasAttribute("tabindex")).toBe(false);
});

test("a button that is off while its work is on the way has the focus again, unless the page has moved it", async () => {
  page("<main><button>Save</button><p tabindex='-1'>Saved.</p></main>");
  const button = find<HTMLButtonElement>("button");
  const sendOff = async () => {
    button.focus();
    // As browsers do of themselves.
    button.blur();
    button.disabled = true;
    await aWhile();
  };
  await sendOff();
  expect(document.activeElement).toBe(document.body);
  button.disabled = false;
  await aWhile();
  expect(document.activeElement).toBe(button);

  await sendOff();
  button.disabled = false;
  find("p").focus();
  await aWhile();
  expect(document.activeElement).toBe(find("p"));
});

test("whoever presses beside everything has the focus nowhere, and keeps it there", async () => {
  page("<main><ul><li><button>Done</button></li></ul></main>");
  find("button").focus();
  find("button").blur();
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  await sleep(20);
  find("li").remove();
  await aWhile();
  expect(document.activeElement).toBe(document.body);
});
