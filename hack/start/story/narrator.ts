/** Narrator: through whom the story tells what happens. */

/** What a step did, what came back, and what follows from it; in the order in which it happened. */
export type Line =
  { readonly command: string } | { readonly answer: string; readonly refused?: boolean } | { readonly note: string };

export interface Narrator {
  /** What was typed or called, and by whom. */
  command(text: string): void;
  /** What the API server or AWS said to it; `refused` when no is what it should say. */
  answer(text: string, refused?: boolean): void;
  note(text: string): void;
}
