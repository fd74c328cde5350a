// Tables as CSV (RFC 4180), for spreadsheets.

/** What a spreadsheet would take for a formula, it shows as text. */
const FORMULA = /^[=+\-@\t\r]/;

const field = (value: string | number | null | undefined): string => {
  const text = String(value ?? '');
  const shown = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
};

export const csvOf = (rows: readonly (readonly (string | number | null | undefined)[])[]): string =>
  rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');

/** Has the browser keep it as a file. */
export function saveCsv(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
