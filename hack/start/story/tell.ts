/** Tells the story: runs its steps in order, shows each as it ends, and stops at the first that does not hold. */
import type { Terminal } from '../terminal.ts';
import { diagnose } from './diagnosis.ts';
import type { Line } from './narrator.ts';
import type { StepResult, StoryResult } from './result.ts';
import type { Stage } from './stage.ts';
import type { Step } from './step.ts';
import { StoryBroken } from './story-broken.ts';

/** Rejects only when `stage.signal` aborts. */
export async function tell(steps: readonly Step[], stage: Stage, terminal: Terminal): Promise<StoryResult> {
  const since = performance.now();
  const results: StepResult[] = [];
  for (const [index, step] of steps.entries()) {
    terminal.beginStep(index + 1, step.name);
    const result = await runStep(step, stage, (line) => terminal.line(line));
    terminal.endStep(result);
    results.push(result);
    if (!result.ok) break;
  }
  const ok = results.length === steps.length && results.every((result) => result.ok);
  return { ok, ms: Math.round(performance.now() - since), steps: results };
}

async function runStep(step: Step, stage: Stage, show: (line: Line) => void): Promise<StepResult> {
  const { name, page } = step;
  const since = performance.now();
  const detail: Line[] = [];
  const add = (line: Line): void => {
    detail.push(line);
    show(line);
  };
  const ended = (ok: boolean): StepResult => ({ name, ok, ms: Math.round(performance.now() - since), detail });
  try {
    await step.run(stage, {
      command: (command) => add({ command }),
      answer: (answer, refused = false) => add(refused ? { answer, refused } : { answer }),
      note: (note) => add({ note }),
    });
    add({ note: `in the browser, as ${page.as}: ${new URL(page.path, stage.web).href}` });
    return ended(true);
  } catch (error) {
    stage.signal.throwIfAborted();
    const { message = '', stack = '' } = error instanceof Error ? error : { message: String(error) };
    add({ note: error instanceof StoryBroken ? message : stack });
    for (const line of await diagnose(stage.kubectl)) add({ note: line });
    return ended(false);
  }
}
