// Row filter expressions: the part of PartiQL's WHERE that Lake Formation accepts, parsed, checked and turned into SQL for DuckDB.
// https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html

/** An expression that Lake Formation would refuse. */
export class RowExpressionError extends Error {
  override readonly name = 'RowExpressionError';
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|("(?:[^"]|"")*")|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|(<=|>=|<>|!=|[=<>(),+\-*/%.]))/y;

const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new RowExpressionError(`Unexpected character at position ${String(at + 1)}.`);
    const [, string, quoted, number, word, symbol] = found;
    if (string !== undefined) tokens.push({ kind: 'string', text: string });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1).replaceAll('""', '"') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'symbol', text: symbol ?? '' });
  }
  return [...tokens, { kind: 'end', text: 'end of expression' }];
};

/** Functions accepted, all with the same meaning in DuckDB. */
const FUNCTIONS: ReadonlySet<string> = new Set(['lower', 'upper', 'trim', 'char_length', 'coalesce', 'nullif']);
const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '<=', '>', '>=']);
const KEYWORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'between',
  'like',
  'is',
  'null',
  'missing',
  'true',
  'false',
  'date',
  'timestamp',
]);

/**
 * Checks an expression against the table's columns and writes it as SQL: every identifier quoted, every literal re-quoted, so
 * that nothing of the text reaches the engine unread.
 * @param columns lower-case names of the table's columns
 * @throws RowExpressionError for wrong syntax, an unknown column or an unsupported function
 */
export const rowExpressionSql = (expression: string, columns: readonly string[]): string => {
  const known = new Set(columns);
  const tokens = tokenize(expression);
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: 'end', text: 'end of expression' };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().text.toLowerCase() === word;
  const isSymbol = (symbol: string): boolean => peek().kind === 'symbol' && peek().text === symbol;
  const takeWord = (word: string): boolean => {
    if (!isWord(word)) return false;
    position += 1;
    return true;
  };
  const takeSymbol = (symbol: string): boolean => {
    if (!isSymbol(symbol)) return false;
    position += 1;
    return true;
  };
  const expect = (symbol: string): void => {
    if (!takeSymbol(symbol)) throw unexpected(`expected ${symbol}`);
  };
  const unexpected = (hint: string): RowExpressionError =>
    new RowExpressionError(`Unexpected ${peek().text}: ${hint}.`);

  const disjunction = (): string => {
    const parts = [conjunction()];
    while (takeWord('or')) parts.push(conjunction());
    return parts.length > 1 ? `(${parts.join(' OR ')})` : (parts[0] ?? '');
  };
  const conjunction = (): string => {
    const parts = [negation()];
    while (takeWord('and')) parts.push(negation());
    return parts.length > 1 ? `(${parts.join(' AND ')})` : (parts[0] ?? '');
  };
  const negation = (): string => (takeWord('not') ? `(NOT ${negation()})` : predicate());

  const predicate = (): string => {
    const left = sum();
    if (takeWord('is')) {
      const not = takeWord('not') ? 'NOT ' : '';
      if (!takeWord('null') && !takeWord('missing')) throw unexpected('expected NULL or MISSING');
      return `(${left} IS ${not}NULL)`;
    }
    const not = takeWord('not') ? 'NOT ' : '';
    if (takeWord('in')) return `(${left} ${not}IN (${arguments_().join(', ')}))`;
    if (takeWord('like')) return `(${left} ${not}LIKE ${sum()})`;
    if (takeWord('between')) {
      const low = sum();
      if (!takeWord('and')) throw unexpected('expected AND');
      return `(${left} ${not}BETWEEN ${low} AND ${sum()})`;
    }
    if (not) throw unexpected('expected IN, LIKE or BETWEEN');
    if (peek().kind === 'symbol' && COMPARISONS.has(peek().text)) return `(${left} ${next().text} ${sum()})`;
    return left;
  };

  const arguments_ = (): string[] => {
    expect('(');
    const values = [sum()];
    while (takeSymbol(',')) values.push(sum());
    expect(')');
    return values;
  };

  const binary = (operand: () => string, operators: readonly string[]): string => {
    let left = operand();
    while (peek().kind === 'symbol' && operators.includes(peek().text)) left = `(${left} ${next().text} ${operand()})`;
    return left;
  };
  const sum = (): string => binary(product, ['+', '-']);
  const product = (): string => binary(unary, ['*', '/', '%']);
  const unary = (): string => (takeSymbol('-') ? `(-${unary()})` : value());

  const value = (): string => {
    const token = next();
    if (token.kind === 'string' || token.kind === 'number') return token.text;
    if (token.kind === 'quoted') return column(token.text);
    if (token.kind === 'symbol' && token.text === '(') {
      const inner = disjunction();
      expect(')');
      return inner;
    }
    if (token.kind !== 'word') {
      position -= 1;
      throw unexpected('expected a column, a literal or a parenthesis');
    }
    const word = token.text.toLowerCase();
    if (word === 'true' || word === 'false' || word === 'null') return word.toUpperCase();
    if ((word === 'date' || word === 'timestamp') && peek().kind === 'string')
      return `${word.toUpperCase()} ${next().text}`;
    if (isSymbol('(') && !KEYWORDS.has(word)) {
      if (!FUNCTIONS.has(word))
        throw new RowExpressionError(`Function ${word} is not supported in row filter expressions.`);
      const name = word === 'char_length' ? 'length' : word;
      return `${name}(${arguments_().join(', ')})`;
    }
    return column(token.text);
  };

  const column = (name: string): string => {
    const lower = name.toLowerCase();
    if (!known.has(lower)) throw new RowExpressionError(`Column ${name} does not exist.`);
    return `"${lower.replaceAll('"', '""')}"`;
  };

  const sql = disjunction();
  if (peek().kind !== 'end') throw unexpected('expected AND, OR or the end');
  return sql;
};
