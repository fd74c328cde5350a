// Types of three worlds: Hive's in the catalog, DuckDB's in the engine, Athena's (Trino's) in results.
// https://docs.aws.amazon.com/athena/latest/ug/data-types.html

/** A type the simulator cannot read; the query fails with it. */
export class UnknownTypeError extends Error {
  override readonly name = 'UnknownTypeError';
}

const SIMPLE: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  varchar: 'VARCHAR',
  char: 'VARCHAR',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  float: 'REAL',
  real: 'REAL',
  double: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  binary: 'BLOB',
};

/** `array<struct<a:int,b:decimal(10,2)>>` -> `STRUCT("a" INTEGER, "b" DECIMAL(10,2))[]`. @throws UnknownTypeError */
export const duckType = (hive: string): string => {
  const text = hive.trim().toLowerCase();
  const decimal = /^decimal(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec(text);
  if (decimal) return `DECIMAL(${decimal[1] ?? '10'},${decimal[2] ?? '0'})`;
  const bounded = /^(varchar|char)\(\d+\)$/.exec(text);
  if (bounded) return 'VARCHAR';
  const generic = /^(array|map|struct)<(.*)>$/s.exec(text);
  if (generic) return nested(generic[1] ?? '', parts(generic[2] ?? ''));
  const simple = SIMPLE[text];
  if (!simple) throw new UnknownTypeError(`Type ${hive} is not supported.`);
  return simple;
};

const nested = (kind: string, inner: readonly string[]): string => {
  if (kind === 'array') return `${duckType(inner[0] ?? '')}[]`;
  if (kind === 'map') return `MAP(${duckType(inner[0] ?? '')}, ${duckType(inner[1] ?? '')})`;
  const fields = inner.map((field) => {
    const colon = field.indexOf(':');
    return `${identifier(field.slice(0, colon).trim())} ${duckType(field.slice(colon + 1))}`;
  });
  return `STRUCT(${fields.join(', ')})`;
};

/** Splits at commas outside brackets. */
const parts = (text: string): string[] => {
  const found: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of text) {
    if ('<('.includes(character)) depth += 1;
    if ('>)'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) {
      found.push(current);
      current = '';
    } else current += character;
  }
  return [...found, current];
};

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const RESULT_TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'varchar',
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  HUGEINT: 'bigint',
  REAL: 'float',
  FLOAT: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  BLOB: 'varbinary',
  UUID: 'varchar',
};

/** DuckDB's name of a result column's type -> Athena's. */
export const resultType = (duck: string): string => {
  if (duck.endsWith(']')) return 'array';
  const base = duck.split('(')[0] ?? duck;
  if (base === 'DECIMAL') return 'decimal';
  if (base === 'STRUCT') return 'row';
  if (base === 'MAP') return 'map';
  return RESULT_TYPES[duck] ?? 'varchar';
};

/** A value as Athena prints it: `2026-01-01 10:00:00.000`, `[1, 2]`, `{a=1}`; undefined for NULL. */
export const resultText = (value: unknown, type: string): string | undefined => {
  if (value === null || value === undefined) return undefined;
  if (type.startsWith('timestamp')) return withMilliseconds(plain(value));
  return plain(value);
};

const withMilliseconds = (text: string): string => {
  const found = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(.*)$/.exec(text);
  if (!found) return text;
  return `${found[1] ?? ''}.${(found[2] ?? '').padEnd(3, '0').slice(0, 3)}${found[3] ?? ''}`;
};

const plain = (value: unknown): string => {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return isMap(value) ? mapText(value) : `[${value.map(plain).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}=${plain(inner)}`)
      .join(', ')}}`;
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
};

interface MapEntry {
  readonly key: unknown;
  readonly value: unknown;
}

/** DuckDB writes a map as a list of key and value. */
const isMap = (value: unknown[]): value is MapEntry[] =>
  value.length > 0 &&
  value.every((entry) => typeof entry === 'object' && entry !== null && Object.keys(entry).join() === 'key,value');

const mapText = (entries: readonly MapEntry[]): string =>
  `{${entries.map((entry) => `${plain(entry.key)}=${plain(entry.value)}`).join(', ')}}`;
