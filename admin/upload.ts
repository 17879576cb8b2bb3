/** Sends one file, saying how far it is. XMLHttpRequest, since fetch tells nothing of what it has sent. */
import { beginningOf, LOOKED_AT, MAX_FILE_BYTES, officeKind, sizeInWords } from "../schema/fileKinds";
import { offline, RequestFailure, type RequestFailureCode, SIGNED_OUT } from "./graphql";
import { actingOrganisation, pageHeaders } from "./post";
import { t } from "./i18n/t";
import type { FileRef, Verbs } from "./provider";

const codes: Record<number, RequestFailureCode> = {
  400: "INVALID_INPUT",
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  413: "INVALID_INPUT",
  415: "INVALID_INPUT",
  429: "TOO_MANY_ATTEMPTS",
};

/** @throws RequestFailure with the server's sentence; DOMException "AbortError" where the person took it back. */
export const upload: Verbs["upload"] = (file, { onProgress, signal }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/files?name=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(pageHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onabort = () => reject(new DOMException(t`The file was taken back.`, "AbortError"));
    request.onerror = () => reject(new RequestFailure("OFFLINE", offline()));
    request.onload = () => {
      if (request.status === 201) return resolve(JSON.parse(request.responseText) as FileRef);
      const code = codes[request.status];
      if (code === "UNAUTHENTICATED") window.dispatchEvent(new Event(SIGNED_OUT));
      reject(
        code
          ? new RequestFailure(code, request.responseText.trim())
          : new RequestFailure("INTERNAL", t`“${file.name}” could not be stored. Try again in a moment.`),
      );
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });

/** What a file is by its bytes, or why it need not even be sent: what the server would say of it. */
export async function lookedAt(file: File): Promise<{ mediaType: string } | { problem: string }> {
  if (file.size > MAX_FILE_BYTES)
    return {
      problem: t`“${file.name}” has ${sizeInWords(file.size)}; ${sizeInWords(MAX_FILE_BYTES)} is the most. Make it smaller, or split it.`,
    };
  try {
    const bytes = async (part: Blob) => new Uint8Array(await part.arrayBuffer());
    const beginning = beginningOf(file.name, await bytes(file.slice(0, LOOKED_AT)));
    return "zip" in beginning ? officeKind(file.name, await bytes(file.slice(-LOOKED_AT)), file.size) : beginning;
  } catch {
    return { problem: t`“${file.name}” cannot be read. Choose it again.` };
  }
}

/** Of a file input that is clicked: the file chosen before, changed since, may be chosen again. */
export const forgetChosen = ({ currentTarget }: { currentTarget: HTMLInputElement }): void => {
  currentTarget.value = "";
};

/** Where a file is read. A link carries no header, so it says itself in which organisation. */
export const fileUrl = (id: string): string => {
  const organisation = actingOrganisation();
  return `/files/${id}${organisation ? `?organisation=${organisation}` : ""}`;
};
