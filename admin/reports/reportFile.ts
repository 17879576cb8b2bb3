/** Asks the server for a report as a file. It is made while one waits: what is refused comes back as a sentence. */
import { offline, RequestFailure, type RequestFailureCode, SIGNED_OUT } from "../graphql";
import { pageHeaders } from "../post";
import { t } from "../i18n/t";
import type { Verbs } from "../provider";

const codes: Record<number, RequestFailureCode> = {
  400: "INVALID_INPUT",
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  503: "UNAVAILABLE",
};

/** @throws RequestFailure with the server's sentence. */
export const makeReport: Verbs["makeReport"] = async ({ name, record, from, to, hideNames }, format) => {
  const asked = { record, from, to, names: hideNames ? "hidden" : null };
  const given = Object.entries(asked).filter((each): each is [string, string] => each[1] !== null);
  let response: Response;
  try {
    response = await fetch(`/reports/${name}.${format}?${new URLSearchParams(given).toString()}`, {
      credentials: "same-origin",
      headers: pageHeaders(),
    });
  } catch {
    throw new RequestFailure("OFFLINE", offline());
  }
  if (!response.ok) {
    const code = codes[response.status];
    if (code === "UNAUTHENTICATED") window.dispatchEvent(new Event(SIGNED_OUT));
    throw code
      ? new RequestFailure(code, (await response.text()).trim())
      : new RequestFailure("INTERNAL", t`The report could not be made. Try again in a moment.`);
  }
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return { name: decodeURIComponent(named ?? `${name}.${format}`), file: await response.blob() };
};
