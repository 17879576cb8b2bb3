/** A device that several people report on, as it knows itself. */
export interface ThisDevice {
  label: string;
  organisation: string;
  /** Who has named themselves on it. */
  person: string | null;
  /** Until they are forgotten, if nothing is done. */
  secondsLeft: number;
  /** The school's date. */
  today: string;
}
