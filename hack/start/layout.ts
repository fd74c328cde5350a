/** Layout: what commands answer, in lines that fit a width. */
import { wrap, wrapLine } from '../control-plane/wrap.ts';

/** As {@link wrap}, but a table that is wider is parted between its columns: those that fit, and below them the others. */
export function layOutAnswer(text: string, width: number): string[] {
  // `kubectl get` of two kinds answers with a table each, and a blank line between them.
  return text.split('\n\n').flatMap((part, index) => [...(index === 0 ? [] : ['']), ...layOutPart(part, width)]);
}

function layOutPart(text: string, width: number): string[] {
  const lines = text.split('\n');
  const starts = columnStarts(lines);
  if (starts.length < 2 || lines.every((line) => line.length <= width)) return wrap(text, width);
  return partsOf(lines, starts, width).flatMap((part, index) => {
    const indent = index === 0 ? '' : '  ';
    return part.flatMap((line) =>
      wrapLine(line.trimEnd(), width - indent.length).map((each) => (indent + each).trimEnd()),
    );
  });
}

/** Where the columns begin if the lines are a table: its first line is a header, and two blanks stand before each column everywhere. */
function columnStarts([header = '', ...rows]: readonly string[]): number[] {
  if (rows.length === 0) return [];
  const starts = [...header.matchAll(/(?:^| {2})(?=\S)/g)].map(({ index, 0: gap }) => index + gap.length);
  const isColumn = (start: number): boolean =>
    rows.every((row) => start === 0 || /^ *$/.test(row.slice(start - 2, start)));
  return starts[0] === 0 && starts.every(isColumn) ? starts : [];
}

/** The lines of each part: as many columns as fit, one at least. */
function partsOf(lines: readonly string[], starts: readonly number[], width: number): string[][] {
  const parts: string[][] = [];
  let from = 0;
  for (let next = 1; next <= starts.length; next += 1) {
    const cut = (end: number): string[] => lines.map((line) => line.slice(starts[from], starts[end]));
    const fits = cut(next + 1).every((line) => line.trimEnd().length <= (from === 0 ? width : width - 2));
    if (fits && next < starts.length) continue;
    parts.push(cut(next));
    from = next;
  }
  return parts;
}
