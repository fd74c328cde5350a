// What a source file is for, in one line: the first sentence of its header, and what it defines.

export interface FileLine {
  readonly purpose: string;
  /** Values and classes, in the order of the file; types say less of where something is done. */
  readonly names: readonly string[];
}

/** Undefined where the file has no header. */
export const fileLineOf = (source: string): FileLine | undefined => {
  const header = headerOf(source.replace(/^#!.*\n/, ''));
  if (header === '') return undefined;
  const [purpose = ''] = header.split(/(?<=[.:])\s+(?=[A-Z`])/);
  const defined = source.matchAll(/^(?:export )?(?:abstract |async )?(?:const|class|function\*?|def) (\w+)/gm);
  return { purpose: purpose.replace(/[.:]$/, ''), names: [...defined].map(([, name = '']) => name) };
};

const headerOf = (source: string): string => {
  const block = /^(?:\/\*\*\s*([\s\S]*?)\*\/|"""([\s\S]*?)""")/
    .exec(source)
    ?.slice(1)
    .find((text) => text !== undefined);
  if (block !== undefined) return joined(block.split('\n').map((line) => line.replace(/^\s*\*\s?/, '')));
  const lines = source.split('\n');
  const end = lines.findIndex((line) => !/^(?:\/\/|#)/.test(line));
  return joined(lines.slice(0, end).map((line) => line.replace(/^(?:\/\/|#)\s?/, '')));
};

/** The first paragraph. */
const joined = (lines: readonly string[]): string => {
  const end = lines.findIndex((line, index) => index > 0 && line.trim() === '');
  return lines
    .slice(0, end === -1 ? undefined : end)
    .join(' ')
    .trim();
};
