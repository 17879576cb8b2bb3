/** Plain forms: the browser’s own controls, problems beside them, and what became of sending it. */
import { useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { messageOf } from "./Failure";
import { RequestFailure } from "./graphql";

export function Choice<T extends string>({
  legend,
  name,
  value,
  options,
}: {
  legend: string;
  name: string;
  value: T;
  options: { value: T; label: string }[];
}) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="check">
          <input type="radio" name={name} value={option.value} defaultChecked={option.value === value} />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

export const answered = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();

interface Saving {
  send: (form: FormData) => Promise<void>;
  /** The query of what the form shows. */
  read: string[];
  /** What is said once it is saved. */
  saved: () => string;
}

/** Sends a form's answers, and says what became of it: problems by field, another failure, or that they are saved. */
export function useSaving({ send, read, saved }: Saving) {
  const client = useQueryClient();
  const [said, setSaid] = useState(false);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setSaid(false);
    setProblems({});
    setFailure(undefined);
    try {
      await send(form);
      setSaid(true);
      await client.invalidateQueries({ queryKey: read });
    } catch (caught) {
      if (caught instanceof RequestFailure && caught.problems.length > 0)
        setProblems(Object.fromEntries(caught.problems.map(({ path, message }) => [path, message])));
      else setFailure(messageOf(caught));
    }
  };
  const note = (
    <>
      {failure && (
        <p className="note note-red" role="alert">
          {failure}
        </p>
      )}
      {said && (
        <p className="note note-green" role="status">
          {saved()}
        </p>
      )}
    </>
  );
  return { problems, note, onSubmit: (event: SubmitEvent<HTMLFormElement>) => void submit(event) };
}

/** What the server says of a file belongs to the field that it was chosen in. */
export const asProblemOf =
  (path: string) =>
  (failure: unknown): never => {
    if (failure instanceof RequestFailure && failure.code === "INVALID_INPUT")
      throw new RequestFailure(failure.code, failure.message, [{ path, message: failure.message }]);
    throw failure;
  };
