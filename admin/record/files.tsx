/** Files in forms and on pages: chosen, dropped or photographed, each sent at once and named by the form once it has arrived. */
import { useDataProvider } from "ra-core";
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { fileKinds, kindOfFile, MAX_FILE_BYTES, sizeInWords } from "../../schema/fileKinds";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, FileRef, ShownValue } from "../provider";
import { useSession } from "../session";
import { fileUrl, lookedAt } from "../upload";
import { longInstant } from "../words";
import type { InputProps, ShowProps } from "./fieldProps";
import { isBlank } from "./values";

const filesOf = (value: ShownValue): FileRef[] =>
  isBlank(value) ? [] : Array.isArray(value) ? (value as FileRef[]) : [value as FileRef];

// Without HEIC an iPhone sends what it took as JPEG, which every browser can show; one may still be dropped here.
const ACCEPTED = Object.entries(fileKinds)
  .filter(([mediaType]) => mediaType !== "image/heic")
  .flatMap(([mediaType, { endings }]) => [mediaType, ...endings.map((ending) => `.${ending}`)])
  .join();

let sendings = 0;

export function FileInput({ id, field, value, onChange, required, invalid, describedBy }: InputProps) {
  const provider = useDataProvider<DulyProvider>();
  const [problems, setProblems] = useState<string[]>([]);
  const [arrived, setArrived] = useState("");
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const multiple = field.kind === "files";
  const files = filesOf(value);
  // Several files arrive in their own time: each changes what stands there then, not what stood there when it was chosen.
  const held = useRef(files);
  useEffect(() => {
    held.current = files;
  });
  const sending = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const all = sending.current;
    return () => all.forEach((controller) => controller.abort());
  }, []);

  const change = (next: FileRef[]) => {
    held.current = next;
    onChange(multiple ? next : (next[0] ?? null));
  };
  const replace = (gone: string, by: FileRef[]) =>
    change(held.current.flatMap((file) => (file.id === gone ? by : [file])));
  const say = (problem: string) => setProblems((before) => [...before, problem]);

  function remove(file: FileRef) {
    sending.current.get(file.id)?.abort();
    replace(file.id, []);
    chooser.current?.focus();
  }

  async function send(file: File) {
    const looked = await lookedAt(file);
    if ("problem" in looked) return say(looked.problem);
    sendings += 1;
    const way: FileRef = { id: `sending ${sendings}`, name: file.name, mediaType: file.type, size: file.size, sent: 0 };
    const controller = new AbortController();
    if (!multiple) sending.current.forEach((other) => other.abort());
    sending.current.set(way.id, controller);
    change([...(multiple ? held.current : []), way]);
    try {
      const onProgress = (sent: number) => replace(way.id, [{ ...way, sent }]);
      replace(way.id, [await provider.upload(file, { onProgress, signal: controller.signal })]);
      setArrived(t`${file.name} has been sent.`);
    } catch (failure) {
      if (controller.signal.aborted) return;
      replace(way.id, []);
      say(messageOf(failure));
    } finally {
      sending.current.delete(way.id);
    }
  }

  function take(chosen: FileList | null) {
    setProblems([]);
    for (const file of [...(chosen ?? [])].slice(0, multiple ? undefined : 1)) void send(file);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }

  const button = (name: string, label: string, camera: boolean) => (
    <span className={camera ? "file-button file-camera" : "file-button"}>
      <input
        ref={camera ? undefined : chooser}
        className="visually-hidden"
        type="file"
        id={name}
        multiple={multiple && !camera}
        accept={camera ? "image/*" : ACCEPTED}
        capture={camera ? "environment" : undefined}
        required={required === true && files.length === 0}
        aria-invalid={invalid ? true : undefined}
        aria-describedby={[describedBy, `${id}-kinds`].filter(Boolean).join(" ")}
        onChange={({ target }) => {
          take(target.files);
          // The same file chosen again is a change again.
          target.value = "";
        }}
      />
      <label className="button button-small" htmlFor={name}>
        {label}
        <span className="visually-hidden"> {t`for ${field.label}`}</span>
      </label>
    </span>
  );
  const choose = multiple ? t`Choose files` : files.length > 0 ? t`Choose another file` : t`Choose a file`;
  return (
    <div
      className={over ? "file-drop file-over" : "file-drop"}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {files.length > 0 && (
        <ul className="reset file-list">
          {files.map((file) => (
            <li key={file.id}>
              <FileLine file={file}>
                {file.sent === undefined ? sizeInWords(file.size) : <Sending file={file} />}
              </FileLine>
              <button type="button" className="link" onClick={() => remove(file)}>
                {t`Remove ${(<span className="visually-hidden">{file.name}</span>)}`}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="head-line">
        {button(id, choose, false)}
        {button(`${id}-camera`, t`Take a photo`, true)}
        <span className="quiet file-hint">{multiple ? t`or drop them here` : t`or drop it here`}</span>
      </div>
      <p
        className="field-help"
        id={`${id}-kinds`}
      >{t`PDF, Word, Excel, CSV, text or picture, ${sizeInWords(MAX_FILE_BYTES)} at most.`}</p>
      <p className="visually-hidden" role="status">
        {arrived}
      </p>
      <div role="alert">
        {problems.map((problem) => (
          <p key={problem} className="field-problem">
            {problem}
          </p>
        ))}
      </div>
    </div>
  );
}

const Sending = ({ file }: { file: FileRef }) => (
  <progress value={file.sent} max={1} aria-label={t`${file.name} is being sent`} />
);

/** A picture as such, anything else by its kind; its name, which downloads it once it is stored; and what else there is to say. */
function FileLine({ file, children }: { file: FileRef; children: ReactNode }) {
  const { id, name, mediaType, sent } = file;
  const kind = kindOfFile(mediaType);
  return (
    <div className="file">
      {kind?.picture && sent === undefined ? (
        <img className="file-picture" src={fileUrl(id)} alt="" loading="lazy" />
      ) : (
        <span className="file-picture file-kind" aria-hidden="true">
          {kind?.endings[0].toUpperCase() ?? ""}
        </span>
      )}
      <div>
        {sent === undefined ? <FileLink id={id} name={name} /> : name}
        <div className="quiet">{children}</div>
      </div>
    </div>
  );
}

export const FileLink = ({ id, name }: Pick<FileRef, "id" | "name">) => (
  <a href={fileUrl(id)} download={name}>
    {name}
  </a>
);

function Stored({ file }: { file: FileRef }) {
  const { zone } = useSession();
  const about = [sizeInWords(file.size), file.uploadedBy?.name, file.uploadedAt && longInstant(file.uploadedAt, zone)];
  return <FileLine file={file}>{about.filter(Boolean).join(", ")}</FileLine>;
}

export const ShowFile = ({ value }: ShowProps) => <Stored file={value as FileRef} />;
export const ShowFiles = ({ value }: ShowProps) => (
  <ul className="reset file-list">
    {(value as FileRef[]).map((file) => (
      <li key={file.id}>
        <Stored file={file} />
      </li>
    ))}
  </ul>
);
