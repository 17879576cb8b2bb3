import Autocomplete, { type AutocompleteRenderInputParams } from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useDeferredValue, useEffect, useState } from "react";
import { t } from "../i18n/t";
import type { DulyProvider, LinkRef, PersonRef } from "../provider";

interface PickerProps<T> {
  id: string;
  value: T[];
  onChange: (value: T[]) => void;
  multiple: boolean;
  invalid?: boolean;
  describedBy?: string;
  required?: boolean;
}

/**
 * Type part of a name, choose with arrows and Enter; several stand as chips that Backspace takes away. Enter takes the only
 * hit also where it comes before the hits, or before the list has marked its first.
 */
function Picker<T extends { id: string }>({
  id,
  value,
  onChange,
  multiple,
  invalid,
  describedBy,
  required,
  search,
  word,
  more,
  what,
}: PickerProps<T> & {
  search: (words: string) => Promise<T[]>;
  word: (each: T) => string;
  more: (each: T) => string;
  what: string;
}) {
  const [typed, setTyped] = useState("");
  const [none] = useState<T[]>([]);
  const chosen = multiple ? "" : value[0] ? word(value[0]) : "";
  const wanted = typed === chosen ? "" : typed;
  const words = useDeferredValue(wanted);
  const { data, isFetching } = useQuery({ queryKey: ["pick", what, words], queryFn: () => search(words) });
  // Never the hits of what was typed before: a quick Enter would take the wrong one.
  const options = wanted === words ? (data ?? none) : none;
  const pending = isFetching || wanted !== words;
  // What had been typed when Enter was pressed before its hits came.
  const [entered, setEntered] = useState<string>();
  useEffect(() => {
    if (entered === undefined || (entered === wanted && pending)) return;
    setEntered(undefined);
    const [hit, ...others] = options;
    if (entered !== wanted || !hit || others.length > 0) return;
    if (!value.some(({ id: other }) => other === hit.id)) onChange(multiple ? [...value, hit] : [hit]);
    setTyped(multiple ? "" : word(hit));
  }, [entered, wanted, pending, options, value, multiple, onChange, word]);
  const shared = {
    id,
    options,
    loading: pending,
    loadingText: t`Searching…`,
    filterOptions: (options: T[]) => options,
    getOptionLabel: word,
    getOptionKey: (each: T) => each.id,
    isOptionEqualToValue: (a: T, b: T) => a.id === b.id,
    inputValue: typed,
    onInputChange: (_: unknown, text: string) => setTyped(text),
    noOptionsText: words ? t`Nobody and nothing matches “${words}”` : t`Type to search`,
    size: "small" as const,
    autoHighlight: true,
    // Inside the page's landmarks, beside its field.
    disablePortal: true,
    onKeyDown: (event: React.KeyboardEvent) => {
      // Enter chooses; with nothing to choose it must not send the whole form.
      if (event.key !== "Enter") return;
      event.preventDefault();
      const marked = (event.target as HTMLElement).getAttribute("aria-activedescendant");
      if (!marked && wanted !== "") setEntered(wanted);
    },
    renderOption: ({ key: _, ...props }: React.HTMLAttributes<HTMLLIElement> & { key: unknown }, each: T) => (
      <li {...props} key={each.id}>
        <span className="choice-line">
          {word(each)}
          {more(each) && <span className="quiet"> {more(each)}</span>}
        </span>
      </li>
    ),
    renderInput: (params: AutocompleteRenderInputParams) => (
      <TextField
        {...params}
        slotProps={{
          ...params.slotProps,
          htmlInput: {
            ...params.slotProps.htmlInput,
            "aria-invalid": invalid ? true : undefined,
            "aria-describedby": describedBy,
            "aria-required": required ? true : undefined,
          },
        }}
      />
    ),
  };
  return multiple ? (
    <Autocomplete multiple {...shared} value={value} onChange={(_, next) => onChange(next)} />
  ) : (
    <Autocomplete {...shared} value={value[0] ?? null} onChange={(_, next) => onChange(next ? [next] : [])} />
  );
}

export function PersonPicker(props: PickerProps<PersonRef>) {
  const provider = useDataProvider<DulyProvider>();
  return (
    <Picker
      {...props}
      what="people"
      search={async (words) => (await provider.people(words)).nodes}
      word={({ name }) => name}
      more={({ email }) => email ?? ""}
    />
  );
}

export function LinkPicker({ type, ...props }: PickerProps<LinkRef> & { type: string }) {
  const provider = useDataProvider<DulyProvider>();
  return (
    <Picker
      {...props}
      what={type}
      search={async (words) => (await provider.listRecords(type, { search: words, first: 20 })).nodes}
      word={({ recordTitle }) => recordTitle}
      more={({ reference }) => reference}
    />
  );
}
