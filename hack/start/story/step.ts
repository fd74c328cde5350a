/** Step: one thing the story does and shows. It holds unless it throws. */
import type { Stage } from './stage.ts';

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

export interface Step {
  readonly name: string;
  run(stage: Stage, narrator: Narrator): Promise<void>;
}

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: readonly Line[];
}

/** Something is not as the story says. */
export class StoryBroken extends Error {
  override readonly name = 'StoryBroken';
}

export function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new StoryBroken(`it does not hold that ${what}`);
}
