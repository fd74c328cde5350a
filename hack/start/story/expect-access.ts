/** What somebody must get of AWS and what not, told with AWS's words. */
import type { Narrator } from './narrator.ts';
import type { Answer } from './reader.ts';
import { StoryBroken } from './story-broken.ts';

/** Tries, tells, and breaks the story when it is given. */
export async function expectDenied(
  say: Narrator,
  what: string,
  attempt: () => Promise<Answer<unknown>>,
): Promise<void> {
  say.command(what);
  const answer = await attempt();
  if ('given' in answer)
    throw new StoryBroken(`AWS should have denied ${what}, and gave ${JSON.stringify(answer.given)}`);
  say.answer(answer.denied, true);
}

/** Tries, and breaks the story when it is denied. */
export async function expectGiven<T>(say: Narrator, what: string, attempt: () => Promise<Answer<T>>): Promise<T> {
  say.command(what);
  const answer = await attempt();
  if ('denied' in answer) throw new StoryBroken(`AWS should have given ${what}, and said ${answer.denied}`);
  return answer.given;
}
