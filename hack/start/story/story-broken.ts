/** StoryBroken: something is not as the story says. */
export class StoryBroken extends Error {
  override readonly name = 'StoryBroken';
}

export function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new StoryBroken(`it does not hold that ${what}`);
}
