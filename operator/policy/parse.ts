// Reads a policy document from JSON and says what is wrong with it and where, before AWS answers MalformedPolicy.
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
//          https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
import type { PolicyDocument, Statement } from './document.ts';
import { isRecord } from './json-object.ts';
import type { PolicyError, PolicyKind, Report } from './policy-error.ts';
import { checkStatement } from './statement-check.ts';

export type ParseResult =
  | { readonly ok: true; readonly policy: PolicyDocument }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

const ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const VERSIONS: readonly unknown[] = ['2012-10-17', '2008-10-17'] satisfies PolicyDocument['Version'][];

/**
 * Reads a policy document. `kind` adds the rules of the place it is meant for. A single statement comes out as a list of
 * one; everything else stays as written. All errors are reported, not only the first.
 */
export function parsePolicy(json: string, kind?: PolicyKind): ParseResult {
  const errors: PolicyError[] = [];
  const report: Report = (reason, at, message) => void errors.push({ reason, at, message });
  checkCharacters(json, kind, report);
  const document = readJson(json, report);
  const statements = isRecord(document) ? checkDocument(document, kind, report) : [];
  if (errors.length > 0 || !isRecord(document)) return { ok: false, errors };
  // The checks above established the shape.
  return { ok: true, policy: { ...document, Statement: statements as readonly Statement[] } };
}

function readJson(json: string, report: Report): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    report('NotJson', '', `not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  if (!isRecord(value)) report('NotAnObject', '', 'a policy document is a JSON object with Version and Statement');
  return value;
}

/**
 * IAM stores only these characters; services with their own policies (S3, KMS) are wider.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
 */
function checkCharacters(json: string, kind: PolicyKind | undefined, report: Report): void {
  if (kind !== 'identity' && kind !== 'trust') return;
  const foreign = /[^\t\n\r\u0020-\u00FF]/u.exec(json);
  if (foreign === null) return;
  const code = (foreign[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const position = String(foreign.index);
  report('BadCharacter', '', `character U+${code} at ${position}: IAM policies hold tab, newline and U+0020 to U+00FF`);
}

function checkDocument(
  document: Readonly<Record<string, unknown>>,
  kind: PolicyKind | undefined,
  report: Report,
): readonly unknown[] {
  for (const name of Object.keys(document)) {
    if (!ELEMENTS.has(name)) report('UnknownElement', name, `unknown element; a policy has Version, Id and Statement`);
  }
  if (document['Version'] !== undefined && !VERSIONS.includes(document['Version'])) {
    report('BadVersion', 'Version', `must be "2012-10-17" or "2008-10-17"`);
  }
  if (document['Id'] !== undefined && typeof document['Id'] !== 'string') report('BadId', 'Id', 'must be a string');
  const { Statement } = document;
  if (Statement === undefined) {
    report('MissingElement', 'Statement', 'a policy needs at least one statement');
    return [];
  }
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  if (statements.length === 0) report('MissingElement', 'Statement', 'a policy needs at least one statement');
  for (const [index, statement] of statements.entries()) {
    checkStatement(statement, `Statement[${String(index)}]`, kind, report);
  }
  checkSids(statements, report);
  return statements;
}

/** Sids are unique within a policy. An empty one counts as none. */
function checkSids(statements: readonly unknown[], report: Report): void {
  const first = new Map<unknown, number>();
  for (const [index, statement] of statements.entries()) {
    const sid = isRecord(statement) ? statement['Sid'] : undefined;
    if (sid === undefined || sid === '') continue;
    const before = first.get(sid);
    if (before === undefined) first.set(sid, index);
    else {
      const at = `Statement[${String(index)}].Sid`;
      report('DuplicateSid', at, `${JSON.stringify(sid)} is already the Sid of Statement[${String(before)}]`);
    }
  }
}
