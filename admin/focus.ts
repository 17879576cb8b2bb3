/**
 * What has the focus is never lost, and is wholly in sight. What had it may go with its row, or be switched off while
 * its work is on the way: whoever works without a mouse would begin again at the top, and whoever hears the page would
 * hear nothing. A page that knows where to go on says so itself; this is for where none does.
 */

/** Time for a page to take the focus itself, in milliseconds. */
const PATIENCE = 100;

/** Where somebody can go on, from the nearest outwards. */
const PLACES = "li, form, fieldset, section, aside, dialog, main, [role=group]";

let last: HTMLElement | undefined;
/** What had the focus last; undefined where nothing has had it since this was loaded. */
export const lastFocused = (): HTMLElement | undefined => last;
/** At the sign-in, if nowhere else. */
export const focusWasHeld = (): boolean => last !== undefined;

/** @returns how to stop. */
export function keepFocus(): () => void {
  let had: HTMLElement | undefined;
  let around: HTMLElement[] = [];
  let off = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const lost = (): boolean => document.activeElement === document.body;

  function took({ target }: FocusEvent) {
    clearTimeout(waiting);
    if (!(target instanceof HTMLElement)) return;
    had = last = target;
    off = false;
    around = [];
    for (let place = target.parentElement?.closest<HTMLElement>(PLACES); place;)
      place = (around.push(place), place.parentElement?.closest<HTMLElement>(PLACES));
  }
  // Somebody who presses where nothing is wants the focus nowhere.
  const pressed = () => setTimeout(() => lost() && (had = undefined));

  function changed() {
    if (!had) return;
    if (had.isConnected && had.matches(":disabled")) off = true;
    else if (off || !had.isConnected) {
      clearTimeout(waiting);
      waiting = setTimeout(goOn, PATIENCE);
    }
  }
  function goOn() {
    if (!had || !lost()) return;
    if (!had.isConnected) return goTo(around.find((place) => place.isConnected));
    if (off && !had.matches(":disabled")) had.focus({ preventScroll: true });
  }

  const watch = new MutationObserver(changed);
  watch.observe(document.body, { subtree: true, childList: true, attributeFilter: ["disabled"] });
  document.addEventListener("focusin", took);
  document.addEventListener("pointerdown", pressed);
  document.addEventListener("keyup", showWhole);
  return () => {
    clearTimeout(waiting);
    watch.disconnect();
    document.removeEventListener("focusin", took);
    document.removeEventListener("pointerdown", pressed);
    document.removeEventListener("keyup", showWhole);
  };
}

function goTo(place: HTMLElement | undefined) {
  if (!place) return;
  if (!place.hasAttribute("tabindex")) {
    place.tabIndex = -1;
    place.addEventListener("blur", () => place.removeAttribute("tabindex"), { once: true });
  }
  place.focus({ preventScroll: true });
}

/** Of a text area that Tab comes to, browsers show no more than the line of its cursor. */
function showWhole({ key }: KeyboardEvent) {
  const has = document.activeElement;
  if (key !== "Tab" || !has || has === document.body) return;
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
  const bars = (parseFloat(scrollPaddingTop) || 0) + (parseFloat(scrollPaddingBottom) || 0);
  if (has.getBoundingClientRect().height <= innerHeight - bars) has.scrollIntoView({ block: "nearest" });
}
