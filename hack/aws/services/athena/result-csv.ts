// The result file Athena writes: every value quoted, NULL as nothing. https://docs.aws.amazon.com/athena/latest/ug/querying.html

/** Rows of texts (undefined = NULL) as a CSV file; the first row is the header. */
export const writeCsv = (rows: readonly (readonly (string | undefined)[])[]): string =>
  rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');

const quoted = (value: string | undefined): string => (value === undefined ? '' : `"${value.replaceAll('"', '""')}"`);

/** Reads what `writeCsv` wrote. */
export const readCsv = (text: string): (string | undefined)[][] => {
  const rows: (string | undefined)[][] = [];
  let row: (string | undefined)[] = [];
  let position = 0;
  while (position < text.length) {
    let value: string | undefined;
    if (text[position] === '"') {
      const found = /"((?:[^"]|"")*)"/y;
      found.lastIndex = position;
      const match = found.exec(text);
      value = (match?.[1] ?? '').replaceAll('""', '"');
      position += match?.[0].length ?? 1;
    }
    row.push(value);
    const separator = text[position];
    position += 1;
    if (separator === '\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
};
