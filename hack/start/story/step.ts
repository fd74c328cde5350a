/** Step: one thing the story does and shows. It holds unless it throws. */
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

export interface Step {
  readonly name: string;
  run(stage: Stage, narrator: Narrator): Promise<void>;
}
