/** Step: one thing the story does and shows. It holds unless it throws. */
import type { UserName } from '../cast.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

export interface Step {
  readonly name: string;
  /** Where the web UI shows it, and to whom. */
  readonly page: { readonly as: UserName; readonly path: string };
  run(stage: Stage, narrator: Narrator): Promise<void>;
}
