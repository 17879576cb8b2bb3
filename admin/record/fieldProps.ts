import type { ComponentType } from "react";
import type { Field } from "../../schema/definition";
import type { ShownValue } from "../provider";

export interface ShowProps {
  field: Field;
  /** Not empty. */
  value: ShownValue;
}

export interface InputProps {
  id: string;
  field: Field;
  value: ShownValue;
  onChange: (value: ShownValue) => void;
  required?: boolean;
  invalid?: boolean;
  describedBy?: string;
}

export interface Widget {
  Show: ComponentType<ShowProps>;
  Input: ComponentType<InputProps>;
  /** Several controls: the field's label is a legend, not a label. */
  group?: boolean;
}

/** A question of a form. */
export interface Asked {
  name: string;
  field: Field;
  /** Required here, beyond what the field itself says. */
  required?: boolean;
}
