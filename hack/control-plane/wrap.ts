/** Text in lines that fit a width. */

/** Breaks lines at words; a word that is longer than the width stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

export function wrapLine(line: string, width: number): string[] {
  const lines = [''];
  for (const word of line.split(/(?<= )(?=\S)/)) {
    const last = lines.at(-1) ?? '';
    if (last.trim() !== '' && last.length + word.trimEnd().length > width) lines.push(word);
    else lines[lines.length - 1] = last + word;
  }
  return lines.map((each) => each.trimEnd());
}
