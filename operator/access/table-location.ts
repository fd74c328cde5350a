// In which bucket the data of a table lies. A database may name data of anybody's; what a dataset shares is what its own bucket holds.
import { locationRoot, type GlueTable } from '../aws/services/glue.ts';

/**
 * The bucket of a location that every engine reads alike. Hadoop's schemes are the same bucket; an authority with more in it than a
 * name (`s3://mine@theirs/`) is somebody's bucket, and nobody's guess.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const bucketOf = (location: string): string | undefined =>
  /^[sS]3[aAnN]?:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/|$)/.exec(location)?.groups?.['bucket'];

/** Where a table's data lies, if any of it lies elsewhere than in one of the buckets; undefined for one that names no data. */
export const strayLocation = (
  { locations }: Pick<GlueTable, 'locations'>,
  buckets: readonly string[],
): string | undefined =>
  locations.find((location) => {
    const bucket = bucketOf(location);
    return bucket === undefined || !buckets.includes(bucket);
  });

/** For whoever asked for the table, or offers it. */
export const strayMessage = (table: string, location: string, bucket: string): string =>
  `table ${table} lies in ${locationRoot(location)}, not in bucket ${bucket} of this dataset: share it from the dataset of that bucket`;
