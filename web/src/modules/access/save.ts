// Something as a file of the person's.

/** @param ending of its name, e.g. `csv` */
export function save(content: Blob, ending: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = `who-can-read-${new Date().toISOString().slice(0, 10)}.${ending}`;
  link.click();
  URL.revokeObjectURL(address);
}
