// Tables as CSV (RFC 4180), for spreadsheets.

type Value = string | number | null | undefined;

/** What a spreadsheet would take for a formula, it shows as text. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/;

const field = (value: Value): string => {
  const text = String(value ?? '');
  const shown = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
};

/** Without the end of a line. */
export const csvLine = (row: readonly Value[]): string => row.map(field).join(',');

export const csvOf = (rows: readonly (readonly Value[])[]): string => rows.map((row) => `${csvLine(row)}\r\n`).join('');
