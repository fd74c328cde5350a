/** How the story went, step by step. */
import type { Line } from './narrator.ts';

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: readonly Line[];
}

export interface StoryResult {
  readonly ok: boolean;
  readonly ms: number;
  readonly steps: readonly StepResult[];
}
