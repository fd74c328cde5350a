// How what is shared is read: lines to be copied, with this share's own names, that work as they stand for who is signed in as its reader.
// They are run as they stand in test/e2e/consumer-boto3.test.ts.

/** By which names one item is read; the name of the item itself is for people. */
export type Readable =
  | { readonly kind: 'Table'; readonly database: string; readonly table: string }
  /** A bucket, or a folder by the alias of its access point. */
  | { readonly kind: 'Objects'; readonly bucket: string; readonly prefix: string };

export interface Place {
  readonly region: string;
  /** Of Athena, in the reader's account. */
  readonly workgroup: string;
}

export const languages = ['sql', 'python', 'cli'] as const;
export type Language = (typeof languages)[number];

/** Undefined where there is no such way: objects are not read by SQL. */
export function snippetOf(language: Language, item: Readable, place: Place): string | undefined {
  if (item.kind === 'Table') return tableSnippets[language](item, place);
  return language === 'sql' ? undefined : objectSnippets[language](item, place);
}

type Table = Extract<Readable, { kind: 'Table' }>;
type Objects = Extract<Readable, { kind: 'Objects' }>;

/** As Athena quotes names: https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html */
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const query = ({ database, table }: Table): string =>
  `SELECT * FROM ${identifier(database)}.${identifier(table)} LIMIT 10`;

/** A string of Python: what JSON writes is one. */
const python = (text: string): string => JSON.stringify(text);

/** A word of a POSIX shell. */
const shell = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const tableSnippets: Readonly<Record<Language, (item: Table, place: Place) => string>> = {
  sql: query,
  python: (item, { region, workgroup }) => `import time

import boto3

athena = boto3.client("athena", region_name=${python(region)})
execution = athena.start_query_execution(
    QueryString=${python(query(item))},
    WorkGroup=${python(workgroup)},
)["QueryExecutionId"]
while True:
    status = athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]
    if status["State"] not in ("QUEUED", "RUNNING"):
        break
    time.sleep(0.5)
if status["State"] != "SUCCEEDED":
    raise SystemExit(status.get("StateChangeReason", status["State"]))
for row in athena.get_query_results(QueryExecutionId=execution)["ResultSet"]["Rows"]:
    print([column.get("VarCharValue") for column in row["Data"]])`,
  cli: (item, { region, workgroup }) => `execution=$(aws athena start-query-execution --region ${shell(region)} \\
  --work-group ${shell(workgroup)} \\
  --query-string ${shell(query(item))} \\
  --query QueryExecutionId --output text)
until aws athena get-query-execution --region ${shell(region)} --query-execution-id "$execution" \\
  --query QueryExecution.Status.State --output text | grep -E 'SUCCEEDED|FAILED|CANCELLED'; do sleep 1; done
aws athena get-query-results --region ${shell(region)} --query-execution-id "$execution" --output table`,
};

const objectSnippets: Readonly<Record<Exclude<Language, 'sql'>, (item: Objects, place: Place) => string>> = {
  python: ({ bucket, prefix }, { region }) => `import boto3

s3 = boto3.client("s3", region_name=${python(region)})
bucket = ${python(bucket)}
objects = s3.list_objects_v2(Bucket=bucket, Prefix=${python(prefix)}, MaxKeys=10).get("Contents", [])
for entry in objects:
    print(entry["Key"], entry["Size"])
if objects:
    print(s3.get_object(Bucket=bucket, Key=objects[0]["Key"])["Body"].read(1000))`,
  cli: (
    { bucket, prefix },
    { region },
  ) => `aws s3 ls --region ${shell(region)} --recursive ${shell(`s3://${bucket}/${prefix}`)}
aws s3 cp --region ${shell(region)} --recursive ${shell(`s3://${bucket}/${prefix}`)} shared`,
};
